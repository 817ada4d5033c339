//! Rules about what stops a lot, and about setting right what was said.

use std::collections::BTreeSet;

use event::vocabulary::{CorrectionConfirmed, CorrectionProposed, LotHeld, LotReleased, PartyKind};
use event::{LotId, PartyId};

use crate::Refusal;
use crate::flag::{Flag, FlagKind};
use crate::lot::{
    Content, End, Hold, Lot, Proposal, custodian_says, latest, moved, not_ended, not_grown, not_on_offer,
    possible_mass, weighings,
};
use crate::rules::Said;
use crate::state::{Change, Ledger};

/// Lots that are looked at to find what a hold reaches.
pub const HOLD_REACH_MAX: usize = 4_096;

pub(crate) fn lot_held(ledger: &Ledger, said: &Said<'_>, event: &LotHeld) -> Result<Vec<Change>, Refusal> {
    if !matches!(said.kind, PartyKind::Scheme | PartyKind::Authority | PartyKind::Auditor) {
        return Err(Refusal::MayNotHold);
    }
    let lot = ledger.lot(&event.lot).ok_or(Refusal::UnknownLot)?;
    if !matches!(lot.end, Some(End::Transformed { .. })) {
        not_ended(lot)?;
    }
    if ledger.hold(&event.lot).is_some() {
        return Err(Refusal::HeldAlready);
    }
    let became = became(ledger, event.lot)?;
    let hold = Hold {
        by: said.party,
        position: said.position,
    };
    let mut changes = moved(ledger, said, event.lot, lot);
    changes.push(Change::Hold(event.lot, Some(hold)));
    for (id, lot) in became {
        changes.push(if id != event.lot && is_delivered(ledger, lot) {
            Change::Flag(Flag {
                other: Some(event.lot),
                ..Flag::new(FlagKind::HeldUpstream, id)
            })
        } else {
            reached(id, event.lot, true)
        });
    }
    Ok(changes)
}

pub(crate) fn lot_released(ledger: &Ledger, said: &Said<'_>, event: &LotReleased) -> Result<Vec<Change>, Refusal> {
    let lot = ledger.lot(&event.lot).ok_or(Refusal::UnknownLot)?;
    let hold = ledger.hold(&event.lot).ok_or(Refusal::NotHeld)?;
    if hold.by != said.party && said.kind != PartyKind::Scheme {
        return Err(Refusal::MayNotRelease);
    }
    let mut changes = moved(ledger, said, event.lot, lot);
    changes.push(Change::Hold(event.lot, None));
    let of_source = (event.lot, LotId::from_bytes([0; 16]))..=(event.lot, LotId::from_bytes([0xff; 16]));
    let still = ledger
        .reaches
        .last_of(of_source)
        .map(|((source, lot), ())| reached(*lot, *source, false));
    changes.extend(still);
    Ok(changes)
}

pub(crate) fn correction_proposed(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &CorrectionProposed,
) -> Result<Vec<Change>, Refusal> {
    possible_mass(event.gross_mass)?;
    let lot = latest(ledger, event.lot, event.after)?;
    not_on_offer(&lot, said)?;
    if event.gross_mass == lot.gross_mass {
        return Err(Refusal::NothingCorrected);
    }
    if event.lot == LotId::derive(event.target, 0) {
        return declared_less(ledger, said, event, &lot);
    }
    let handover = ledger.handovers.get(&event.lot);
    let handover = handover.filter(|handover| handover.statement == event.target && handover.to == lot.custodian);
    let handover = handover.ok_or(Refusal::NotCorrectable)?;
    let confirmed_by = match said.party {
        party if party == handover.to => handover.from,
        party if party == handover.from => handover.to,
        _ => return Err(Refusal::NotSigner),
    };
    let given = Lot {
        gross_mass: handover.gross_mass,
        ..lot
    };
    not_grown(ledger.policy(), &given, event.gross_mass)?;
    let proposal = Proposal {
        statement: said.statement.id(),
        confirmed_by,
        gross_mass: event.gross_mass,
    };
    let mut changes = moved(ledger, said, event.lot, &lot);
    changes.push(Change::Proposal(event.lot, proposal));
    Ok(changes)
}

pub(crate) fn correction_confirmed(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &CorrectionConfirmed,
) -> Result<Vec<Change>, Refusal> {
    let lot = latest(ledger, event.lot, event.after)?;
    let proposal = ledger.proposals.get(&event.lot);
    let proposal = proposal.filter(|proposal| proposal.statement == event.proposal && lot.latest == event.proposal);
    let proposal = proposal.ok_or(Refusal::UnknownProposal)?;
    if proposal.confirmed_by != said.party {
        return Err(Refusal::NotSigner);
    }
    let gross_mass = proposal.gross_mass;
    let before = ledger
        .handovers
        .get(&event.lot)
        .map_or(gross_mass, |handover| handover.gross_mass);
    let mut changes = moved(ledger, said, event.lot, &Lot { gross_mass, ..lot });
    changes.extend(weighings(ledger.policy(), event.lot, before, gross_mass));
    Ok(changes)
}

/// What the declarer alone said, while it still has the lot: set right at once, to less. What the site gave stays counted.
fn declared_less(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &CorrectionProposed,
    lot: &Lot,
) -> Result<Vec<Change>, Refusal> {
    custodian_says(lot, said)?;
    if lot.fresh.is_none() {
        return Err(Refusal::NotCorrectable);
    }
    if lot.gross_mass.min(lot.declared_mass) < event.gross_mass {
        return Err(Refusal::CorrectionRaises);
    }
    let gross_mass = event.gross_mass;
    let most = |content: Content| content.most(gross_mass, ledger.policy());
    let corrected = Lot {
        declared_mass: gross_mass,
        gross_mass,
        fine_mass_max: lot.content.map_or(gross_mass, most).min(lot.fine_mass_max),
        ..*lot
    };
    Ok(moved(ledger, said, event.lot, &corrected))
}

/// The lots that a lot became and that have not ended; the lot itself where it has not.
fn became(ledger: &Ledger, lot: LotId) -> Result<Vec<(LotId, &Lot)>, Refusal> {
    let mut seen = BTreeSet::from([lot]);
    let mut open = vec![lot];
    let mut left = Vec::new();
    while let Some(id) = open.pop() {
        let lot = ledger.lot(&id).expect("made by what became of another");
        match lot.end {
            None => left.push((id, lot)),
            Some(End::Retired | End::Lost) => {}
            Some(End::Transformed { by, outputs }) => {
                let outputs = (0..u32::from(outputs)).map(|place| LotId::derive(by, place));
                open.extend(outputs.filter(|output| seen.insert(*output)));
            }
        }
        if HOLD_REACH_MAX < seen.len() {
            return Err(Refusal::HoldTooWide);
        }
    }
    left.sort_unstable_by_key(|(id, _)| *id);
    Ok(left)
}

/// A buyer has it, for use.
fn is_delivered(ledger: &Ledger, lot: &Lot) -> bool {
    let custodian: PartyId = lot.custodian;
    ledger
        .party(&custodian)
        .is_some_and(|party| party.kind == PartyKind::Buyer)
}

const fn reached(lot: LotId, source: LotId, held: bool) -> Change {
    Change::Reached { lot, source, held }
}
