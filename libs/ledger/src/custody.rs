//! Rules about lots and who holds them: declaring, handing over, title, and how a lot ends.

use event::vocabulary::{
    CustodyAccepted, CustodyDeclined, CustodyOffered, FinenessClaim, LotDeclared, LotForm, LotLost, LotRetired,
    OfferWithdrawn, PartyKind, SealState, TitleTransferred,
};
use event::{LotId, Mass, PartyId};

use crate::Refusal;
use crate::flag::{Flag, FlagKind};
use crate::lot::{
    Content, End, Habits, Handover, Lot, Offer, SealUse, above, custodian_says, documents, free, late, latest, moved,
    not_grown, not_held, not_on_offer, ordered, possible_mass, receiver_says, taken, weighings,
};
use crate::measure::outside_band;
use crate::permit::{MINERS_MAX, permitted, produced};
use crate::rules::Said;
use crate::state::{Change, Ledger, Site};

pub(crate) fn lot_declared(ledger: &Ledger, said: &Said<'_>, event: &LotDeclared) -> Result<Vec<Change>, Refusal> {
    possible_mass(event.gross_mass)?;
    if event.extracted.to < event.extracted.from {
        return Err(Refusal::ExtractionReversed);
    }
    if ledger.policy().latest_allowed(said.admitted_at).date() < event.extracted.to {
        return Err(Refusal::ExtractionInFuture);
    }
    ordered(&event.seals)?;
    if event.miners.is_some_and(|miners| !(1..=MINERS_MAX).contains(&miners)) {
        return Err(Refusal::MinersOutOfRange);
    }
    if matches!(event.form, LotForm::Fine | LotForm::Residue) {
        return Err(Refusal::FormNotDug);
    }
    let site = ledger.site(&event.site).ok_or(Refusal::UnknownSite)?;
    if site.operator != said.party {
        return Err(Refusal::NotOperator);
    }
    if ledger.is_suspended(said.party, said.admitted_at) {
        return Err(Refusal::OperatorSuspended);
    }
    let id = LotId::derive(said.statement.id(), 0);
    let lot = fresh(ledger, said, event, site);
    let gold = lot.fine_mass().unwrap_or(lot.fine_mass_max);
    let permit = permitted(ledger, said, id, event)?;
    let production = produced(ledger, said, id, event.site, gold)?;
    free(ledger, &event.seals)?;
    let mut changes = vec![Change::Lot(id, Box::new(lot))];
    changes.extend(taken(id, &event.seals, SealUse::Whole));
    changes.extend(production);
    changes.extend(permit);
    changes.extend(late(ledger, said, id));
    changes.extend(unlikely(ledger, id, event, site, gold));
    changes.extend(again_and_again(ledger, said, id, event.gross_mass, gold));
    changes.extend(documents(ledger, id, &event.documents, true));
    Ok(changes)
}

pub(crate) fn custody_offered(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &CustodyOffered,
) -> Result<Vec<Change>, Refusal> {
    let lot = latest(ledger, event.lot, event.after)?;
    custodian_says(&lot, said)?;
    not_on_offer(&lot, said)?;
    not_held(ledger, said, event.lot, &lot)?;
    if event.with_title && lot.owner != said.party {
        return Err(Refusal::NotOwner);
    }
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
        until: said.admitted_at.plus_days(ledger.policy().offer_days_max),
        with_title: event.with_title,
    });
    let mut changes = moved(ledger, said, event.lot, &Lot { offer, ..lot });
    changes.extend(documents(ledger, event.lot, &event.documents, false));
    Ok(changes)
}

pub(crate) fn custody_accepted(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &CustodyAccepted,
) -> Result<Vec<Change>, Refusal> {
    possible_mass(event.gross_mass)?;
    let before = latest(ledger, event.lot, event.after)?;
    let offer = receiver_says(&before, said)?;
    if offer.until < said.admitted_at {
        return Err(Refusal::OfferExpired);
    }
    not_held(ledger, said, event.lot, &before)?;
    not_grown(ledger.policy(), &before, event.gross_mass)?;
    let lot = Lot {
        custodian: said.party,
        owner: if offer.with_title { said.party } else { before.owner },
        gross_mass: event.gross_mass,
        fresh: None,
        offer: None,
        ..before
    };
    let handover = Handover {
        statement: said.statement.id(),
        from: before.custodian,
        to: said.party,
        gross_mass: before.gross_mass,
    };
    let mut changes = moved(ledger, said, event.lot, &lot);
    changes.push(Change::Handover(event.lot, handover));
    changes.extend(weighings(
        ledger.policy(),
        event.lot,
        before.gross_mass,
        event.gross_mass,
    ));
    changes.extend(handed_over(ledger, said, event, &before));
    changes.extend(lighter(ledger, said, event, &before));
    Ok(changes)
}

pub(crate) fn custody_declined(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &CustodyDeclined,
) -> Result<Vec<Change>, Refusal> {
    let lot = latest(ledger, event.lot, event.after)?;
    receiver_says(&lot, said)?;
    Ok(moved(ledger, said, event.lot, &Lot { offer: None, ..lot }))
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
    Ok(moved(ledger, said, event.lot, &Lot { offer: None, ..lot }))
}

pub(crate) fn title_transferred(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &TitleTransferred,
) -> Result<Vec<Change>, Refusal> {
    let lot = latest(ledger, event.lot, event.after)?;
    if lot.owner != said.party {
        return Err(Refusal::NotOwner);
    }
    if lot.open_offer(said.admitted_at).is_some_and(|offer| offer.with_title) {
        return Err(Refusal::OfferOpen);
    }
    not_held(ledger, said, event.lot, &lot)?;
    if event.to == said.party {
        return Err(Refusal::TitleToSelf);
    }
    ledger.party(&event.to).ok_or(Refusal::UnknownReceiver)?;
    let mut changes = moved(ledger, said, event.lot, &Lot { owner: event.to, ..lot });
    changes.extend(documents(ledger, event.lot, &event.documents, false));
    Ok(changes)
}

pub(crate) fn lot_retired(ledger: &Ledger, said: &Said<'_>, event: &LotRetired) -> Result<Vec<Change>, Refusal> {
    let lot = latest(ledger, event.lot, event.after)?;
    custodian_says(&lot, said)?;
    not_on_offer(&lot, said)?;
    not_held(ledger, said, event.lot, &lot)?;
    let end = Some(End::Retired);
    Ok(moved(
        ledger,
        said,
        event.lot,
        &Lot {
            end,
            offer: None,
            ..lot
        },
    ))
}

/// Held or on offer, what is gone is gone.
pub(crate) fn lot_lost(ledger: &Ledger, said: &Said<'_>, event: &LotLost) -> Result<Vec<Change>, Refusal> {
    let lot = latest(ledger, event.lot, event.after)?;
    custodian_says(&lot, said)?;
    let end = Some(End::Lost);
    let mut changes = moved(
        ledger,
        said,
        event.lot,
        &Lot {
            end,
            offer: None,
            ..lot
        },
    );
    if event.report.is_none() {
        changes.push(Change::Flag(Flag::new(FlagKind::LossUnreported, event.lot)));
    }
    Ok(changes)
}

fn fresh(ledger: &Ledger, said: &Said<'_>, event: &LotDeclared, site: &Site) -> Lot {
    let content = event.fineness.map(|claim| Content::claimed(claim, said));
    let fine_mass_max = content.map_or(event.gross_mass, |content| {
        content.most(event.gross_mass, ledger.policy())
    });
    Lot {
        site: Some(event.site),
        country: site.country.known(),
        by: said.party,
        custodian: said.party,
        owner: said.party,
        form: event.form,
        basis: event.basis,
        custody_model: event.custody_model,
        declared_mass: event.gross_mass,
        gross_mass: event.gross_mass,
        content,
        fine_mass_max,
        seals: u16::try_from(event.seals.len()).expect("a list of few"),
        latest: said.statement.id(),
        latest_at: said.admitted_at,
        latest_position: said.position,
        latest_by: said.party,
        fresh: Some(event.extracted.to),
        offer: None,
        exported: None,
        received_by: None,
        end: None,
    }
}

/// What a declaration says that is hard to believe.
fn unlikely(ledger: &Ledger, id: LotId, event: &LotDeclared, site: &Site, gold: Mass) -> Vec<Change> {
    let policy = ledger.policy();
    let mut flags = Vec::new();
    if let Some(miners) = event.miners {
        let days = u64::from(event.extracted.to.days_since(event.extracted.from)) + 1;
        let each = gold.micrograms() / (u64::from(miners) * days);
        flags.extend(above(
            FlagKind::AboveMinerDay,
            id,
            each,
            policy.miner_day_mass_alert.micrograms(),
        ));
    }
    if let Some(FinenessClaim { fineness, method }) = event.fineness {
        flags.extend(outside_band(policy, id, site, fineness, method));
        let line = policy.raw_fineness_ppm_alert;
        flags.extend(above(FlagKind::TooFineForDug, id, fineness.ppm().into(), line.into()));
    }
    flags
}

/// What a party declares again and again.
fn again_and_again(ledger: &Ledger, said: &Said<'_>, id: LotId, mass: Mass, gold: Mass) -> Vec<Change> {
    let policy = ledger.policy();
    let before = ledger.habits.get(&said.party).copied().unwrap_or_default();
    let counted = |so_far: u16, holds: bool| if holds { so_far.saturating_add(1) } else { 0 };
    let is_round = mass.micrograms().is_multiple_of(policy.round_mass.micrograms());
    let near = policy
        .threshold_mass
        .minus(policy.threshold_mass.ppm(policy.threshold_near_ppm));
    let habits = Habits {
        round: counted(before.round, is_round),
        mass,
        same: if mass == before.mass {
            before.same.saturating_add(1)
        } else {
            1
        },
        near: counted(before.near, near <= gold && gold < policy.threshold_mass),
        lighter: before.lighter,
    };
    let often = |kind, times: u16| often(kind, id, times, policy.repeat_alert);
    let flags = [
        often(FlagKind::RoundMasses, habits.round),
        often(FlagKind::RepeatedMasses, habits.same),
        often(FlagKind::NearThreshold, habits.near),
    ];
    core::iter::once(Change::Habits(said.party, habits))
        .chain(flags.into_iter().flatten())
        .collect()
}

/// As many times in a row as policy takes for no chance.
fn often(kind: FlagKind, lot: LotId, times: u16, line: u16) -> Option<Change> {
    (line <= times).then(|| Change::Flag(Flag::with(kind, lot, times.into(), line.into())))
}

/// What is worth a second look when a lot changes hands.
fn handed_over(ledger: &Ledger, said: &Said<'_>, event: &CustodyAccepted, before: &Lot) -> Vec<Change> {
    let (policy, id) = (ledger.policy(), event.lot);
    let mut flags = Vec::new();
    if let Some(dug) = before.fresh {
        let days = said.admitted_at.date().days_since(dug);
        flags.extend(above(
            FlagKind::LotOld,
            id,
            days.into(),
            policy.lot_age_days_alert.into(),
        ));
    }
    let expected = if before.seals == 0 {
        SealState::None
    } else {
        SealState::Intact
    };
    if event.seals != expected {
        flags.push(Change::Flag(Flag::new(FlagKind::SealsDiffer, id)));
    }
    let country = |party: PartyId| ledger.party(&party).and_then(|party| party.country);
    let crossed = matches!((before.country, country(said.party)), (Some(from), Some(to)) if from != to);
    if crossed && before.exported.is_none() {
        flags.push(Change::Flag(Flag::new(FlagKind::CrossedBorder, id)));
    }
    let kind = |party: PartyId| ledger.party(&party).map(|party| party.kind);
    let gives = kind(before.custodian).is_some_and(PartyKind::buys);
    if gives && said.kind.produces() {
        flags.push(Change::Flag(Flag::new(FlagKind::FlowsBack, id)));
    }
    flags
}

/// Whether the receiver finds every lot lighter than the giver did.
fn lighter(ledger: &Ledger, said: &Said<'_>, event: &CustodyAccepted, before: &Lot) -> Vec<Change> {
    let habits = ledger.habits.get(&said.party).copied().unwrap_or_default();
    let lighter = if event.gross_mass < before.gross_mass {
        habits.lighter.saturating_add(1)
    } else {
        0
    };
    let flag = often(
        FlagKind::AlwaysLighter,
        event.lot,
        lighter,
        ledger.policy().repeat_alert,
    );
    let changed = (lighter != habits.lighter).then_some(Change::Habits(said.party, Habits { lighter, ..habits }));
    changed.into_iter().chain(flag).collect()
}
