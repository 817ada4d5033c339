//! Rules about lots and who holds them.

use event::units::MASS_MAX;
use event::vocabulary::{
    CustodyAccepted, CustodyDeclined, CustodyOffered, LotDeclared, LotRetired, OfferWithdrawn, ShortText,
};
use event::{LotId, Mass, StatementId};

use crate::Refusal;
use crate::rules::Said;
use crate::state::{Change, Ledger, Lot, Offer};

pub(crate) fn lot_declared(ledger: &Ledger, said: &Said<'_>, event: &LotDeclared) -> Result<Vec<Change>, Refusal> {
    possible_mass(event.gross_mass)?;
    if event.extracted.to < event.extracted.from {
        return Err(Refusal::ExtractionReversed);
    }
    if ledger.policy().latest_allowed(said.admitted_at).date() < event.extracted.to {
        return Err(Refusal::ExtractionInFuture);
    }
    if event.seals.windows(2).any(|pair| pair[1] <= pair[0]) {
        return Err(Refusal::SealsNotOrdered);
    }
    let site = ledger.site(&event.site).ok_or(Refusal::UnknownSite)?;
    if site.operator != said.party {
        return Err(Refusal::NotOperator);
    }
    if ledger.is_suspended(said.party, said.admitted_at) {
        return Err(Refusal::OperatorSuspended);
    }
    if event.seals.iter().any(|seal| ledger.seals.contains(seal)) {
        return Err(Refusal::SealTaken);
    }
    let id = LotId::derive(said.statement.id(), 0);
    let lot = Lot {
        site: event.site,
        custodian: said.party,
        declared_mass: event.gross_mass,
        gross_mass: event.gross_mass,
        latest: said.statement.id(),
        offer: None,
        retired: false,
    };
    let seal = |seal: &ShortText| Change::Seal(seal.clone(), id);
    Ok(core::iter::once(Change::Lot(id, lot))
        .chain(event.seals.iter().map(seal))
        .collect())
}

pub(crate) fn custody_offered(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &CustodyOffered,
) -> Result<Vec<Change>, Refusal> {
    let lot = latest(ledger, event.lot, event.after)?;
    custodian_says(&lot, said)?;
    not_on_offer(&lot)?;
    not_held(ledger, said, &lot)?;
    if event.to == said.party {
        return Err(Refusal::OfferToSelf);
    }
    let receiver = ledger.party(&event.to).ok_or(Refusal::UnknownReceiver)?;
    if !receiver.kind.holds_gold() {
        return Err(Refusal::ReceiverHoldsNoGold);
    }
    let offer = Some(Offer {
        to: event.to,
        position: said.position,
    });
    Ok(moved(event.lot, said, Lot { offer, ..lot }))
}

pub(crate) fn custody_accepted(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &CustodyAccepted,
) -> Result<Vec<Change>, Refusal> {
    possible_mass(event.gross_mass)?;
    let lot = latest(ledger, event.lot, event.after)?;
    receiver_says(&lot, said)?;
    not_held(ledger, said, &lot)?;
    // Against the declaration too: tolerances of many transfers must not add up to new gold.
    let weighed = lot.gross_mass.min(lot.declared_mass);
    if weighed.plus_ppm(ledger.policy().acceptance_gain_ppm_max) < event.gross_mass {
        return Err(Refusal::MassGrew);
    }
    let lot = Lot {
        custodian: said.party,
        gross_mass: event.gross_mass,
        offer: None,
        ..lot
    };
    Ok(moved(event.lot, said, lot))
}

pub(crate) fn custody_declined(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &CustodyDeclined,
) -> Result<Vec<Change>, Refusal> {
    let lot = latest(ledger, event.lot, event.after)?;
    receiver_says(&lot, said)?;
    Ok(moved(event.lot, said, Lot { offer: None, ..lot }))
}

pub(crate) fn offer_withdrawn(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &OfferWithdrawn,
) -> Result<Vec<Change>, Refusal> {
    let lot = latest(ledger, event.lot, event.after)?;
    custodian_says(&lot, said)?;
    if lot.offer.is_none() {
        return Err(Refusal::NoOpenOffer);
    }
    Ok(moved(event.lot, said, Lot { offer: None, ..lot }))
}

pub(crate) fn lot_retired(ledger: &Ledger, said: &Said<'_>, event: &LotRetired) -> Result<Vec<Change>, Refusal> {
    let lot = latest(ledger, event.lot, event.after)?;
    custodian_says(&lot, said)?;
    not_on_offer(&lot)?;
    not_held(ledger, said, &lot)?;
    Ok(moved(event.lot, said, Lot { retired: true, ..lot }))
}

/// The lot, if it still moves and `after` is the latest statement on it.
fn latest(ledger: &Ledger, id: LotId, after: StatementId) -> Result<Lot, Refusal> {
    let lot = ledger.lot(&id).ok_or(Refusal::UnknownLot)?;
    if lot.retired {
        return Err(Refusal::LotRetired);
    }
    if lot.latest != after {
        return Err(Refusal::Superseded);
    }
    Ok(*lot)
}

fn custodian_says(lot: &Lot, said: &Said<'_>) -> Result<(), Refusal> {
    if lot.custodian != said.party {
        return Err(Refusal::NotCustodian);
    }
    Ok(())
}

fn receiver_says(lot: &Lot, said: &Said<'_>) -> Result<(), Refusal> {
    let offer = lot.offer.ok_or(Refusal::NoOpenOffer)?;
    if offer.to != said.party {
        return Err(Refusal::NotReceiver);
    }
    Ok(())
}

fn not_on_offer(lot: &Lot) -> Result<(), Refusal> {
    if lot.offer.is_some() {
        return Err(Refusal::OfferOpen);
    }
    Ok(())
}

/// What a suspended organization dug and still has stays where it is, from the position of the reason on. What left its
/// hands before is not reached.
fn not_held(ledger: &Ledger, said: &Said<'_>, lot: &Lot) -> Result<(), Refusal> {
    let operator = ledger.site(&lot.site).map(|site| site.operator);
    if operator == Some(lot.custodian) && ledger.is_suspended(lot.custodian, said.admitted_at) {
        return Err(Refusal::LotHeld);
    }
    Ok(())
}

fn possible_mass(mass: Mass) -> Result<(), Refusal> {
    if mass == Mass::ZERO || MASS_MAX < mass {
        return Err(Refusal::MassOutOfRange);
    }
    Ok(())
}

fn moved(id: LotId, said: &Said<'_>, lot: Lot) -> Vec<Change> {
    vec![Change::Lot(
        id,
        Lot {
            latest: said.statement.id(),
            ..lot
        },
    )]
}
