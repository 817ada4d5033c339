//! Rules about what is measured on a lot, and what closes it.

use event::vocabulary::{
    AssayPurpose, FinenessMethod, LotAssayed, LotSampled, LotSealed, LotWeighed, PartyKind, SealBroken,
};
use event::{Fineness, LotId};

use crate::Refusal;
use crate::flag::{Flag, FlagKind};
use crate::lot::{
    Content, Lot, Seal, SealUse, above, custodian_says, documents, free, latest, moved, not_grown, not_on_offer,
    ordered, possible_mass, taken, weighings,
};
use crate::policy::Policy;
use crate::rules::Said;
use crate::state::{Change, Ledger, Site};

pub(crate) fn lot_weighed(ledger: &Ledger, said: &Said<'_>, event: &LotWeighed) -> Result<Vec<Change>, Refusal> {
    possible_mass(event.gross_mass)?;
    let lot = latest(ledger, event.lot, event.after)?;
    custodian_says(&lot, said)?;
    not_on_offer(&lot, said)?;
    not_grown(ledger.policy(), &lot, event.gross_mass)?;
    known_witness(ledger, event.witness)?;
    let gross_mass = event.gross_mass;
    let mut changes = moved(ledger, said, event.lot, &Lot { gross_mass, ..lot });
    changes.extend(weighings(ledger.policy(), event.lot, lot.gross_mass, gross_mass));
    changes.extend(documents(ledger, event.lot, &event.documents, false));
    Ok(changes)
}

pub(crate) fn lot_sampled(ledger: &Ledger, said: &Said<'_>, event: &LotSampled) -> Result<Vec<Change>, Refusal> {
    numbered(&event.samples)?;
    let lot = latest(ledger, event.lot, event.after)?;
    custodian_says(&lot, said)?;
    known_witness(ledger, event.witness)?;
    free(ledger, &event.samples)?;
    let mut changes = moved(ledger, said, event.lot, &lot);
    changes.extend(taken(event.lot, &event.samples, SealUse::Sample));
    Ok(changes)
}

pub(crate) fn lot_assayed(ledger: &Ledger, said: &Said<'_>, event: &LotAssayed) -> Result<Vec<Change>, Refusal> {
    let silver = event.silver.map_or(0, Fineness::ppm);
    if Fineness::PURE.ppm() < event.gold.ppm() + silver {
        return Err(Refusal::ContentAboveWhole);
    }
    let lot = latest(ledger, event.lot, event.after)?;
    right_assayer(said, &lot, event)?;
    let of_lot = |seal: &Seal| seal.lot == event.lot && seal.state == SealUse::Sample;
    let is_known = |sample| ledger.seal(sample).is_some_and(of_lot);
    if !event.sample.as_ref().is_none_or(is_known) {
        return Err(Refusal::UnknownSample);
    }
    let own = ledger.assays.get(&(event.lot, said.party));
    if event.replaces.is_some() && event.replaces.as_ref() != own {
        return Err(Refusal::NothingToReplace);
    }
    let policy = ledger.policy();
    let assayed = Content {
        fineness: event.gold,
        method: event.method,
        silver: event.silver,
        purpose: Some(event.purpose),
        by: said.party,
        statement: said.statement.id(),
    };
    let content = Some(prevailing(policy, lot.content.as_ref(), assayed, event));
    let mut changes = moved(ledger, said, event.lot, &Lot { content, ..lot });
    changes.push(Change::Assay(event.lot, said.party, said.statement.id()));
    changes.extend(compared(policy, event.lot, &lot, &assayed, event));
    if let Some(site) = lot.site.and_then(|site| ledger.site(&site)) {
        changes.extend(outside_band(policy, event.lot, site, event.gold, event.method));
    }
    changes.extend(documents(ledger, event.lot, &event.documents, false));
    Ok(changes)
}

pub(crate) fn lot_sealed(ledger: &Ledger, said: &Said<'_>, event: &LotSealed) -> Result<Vec<Change>, Refusal> {
    numbered(&event.seals)?;
    let lot = latest(ledger, event.lot, event.after)?;
    custodian_says(&lot, said)?;
    not_on_offer(&lot, said)?;
    free(ledger, &event.seals)?;
    let added = u16::try_from(event.seals.len()).expect("a list of few");
    let seals = lot.seals.saturating_add(added);
    let mut changes = moved(ledger, said, event.lot, &Lot { seals, ..lot });
    changes.extend(taken(event.lot, &event.seals, SealUse::Whole));
    changes.extend(documents(ledger, event.lot, &event.documents, true));
    Ok(changes)
}

pub(crate) fn seal_broken(ledger: &Ledger, said: &Said<'_>, event: &SealBroken) -> Result<Vec<Change>, Refusal> {
    numbered(&event.seals)?;
    let lot = latest(ledger, event.lot, event.after)?;
    custodian_says(&lot, said)?;
    not_on_offer(&lot, said)?;
    let is_whole = |seal: &Seal| seal.lot == event.lot && seal.state == SealUse::Whole;
    if !event
        .seals
        .iter()
        .all(|number| ledger.seal(number).is_some_and(is_whole))
    {
        return Err(Refusal::SealNotOnLot);
    }
    let broken = u16::try_from(event.seals.len()).expect("a list of few");
    let seals = lot.seals.saturating_sub(broken);
    let mut changes = moved(ledger, said, event.lot, &Lot { seals, ..lot });
    changes.extend(taken(event.lot, &event.seals, SealUse::Broken));
    Ok(changes)
}

/// Gold whose fineness is not that of its site.
pub(crate) fn outside_band(
    policy: &Policy,
    id: LotId,
    site: &Site,
    fineness: Fineness,
    method: FinenessMethod,
) -> Option<Change> {
    let band = site.fineness_band?;
    let line = if policy.highest(fineness, method) < band.from {
        band.from
    } else if band.to < policy.lowest(fineness, method) {
        band.to
    } else {
        return None;
    };
    let (found, line) = (fineness.ppm().into(), line.ppm().into());
    Some(Change::Flag(Flag::with(FlagKind::FinenessOutsideBand, id, found, line)))
}

pub(crate) fn known_witness(ledger: &Ledger, witness: Option<event::PartyId>) -> Result<(), Refusal> {
    if witness.is_some_and(|witness| ledger.party(&witness).is_none()) {
        return Err(Refusal::UnknownParty);
    }
    Ok(())
}

fn numbered(numbers: &[event::vocabulary::ShortText]) -> Result<(), Refusal> {
    if numbers.is_empty() {
        return Err(Refusal::NoSeals);
    }
    ordered(numbers)
}

/// Who may assay a lot for this purpose.
fn right_assayer(said: &Said<'_>, lot: &Lot, event: &LotAssayed) -> Result<(), Refusal> {
    let offered_to = lot.open_offer(said.admitted_at).map(|offer| offer.to);
    let is_custodian = lot.custodian == said.party;
    let is_receiver = offered_to == Some(said.party);
    let assays = matches!(
        said.kind,
        PartyKind::Assayer | PartyKind::Refiner | PartyKind::Authority
    );
    if !is_custodian && !is_receiver && !assays {
        return Err(Refusal::MayNotAssay);
    }
    match event.purpose {
        // Who dug or made it, or is about to give it away, is its seller; who took it from another is that one's buyer.
        AssayPurpose::Settlement if is_custodian && (lot.by == said.party || offered_to.is_some()) => {
            Err(Refusal::SettlementBySeller)
        }
        AssayPurpose::Umpire if is_custodian || is_receiver || said.kind == PartyKind::Refiner => {
            Err(Refusal::UmpireNotIndependent)
        }
        _ => Ok(()),
    }
}

/// How fine the lot is held to be after an assay: by the word of the purpose that goes before the others, and of equals by
/// the newest. Two settlement assays by two parties count half each; where they do not agree, the lower one counts until
/// an umpire has spoken.
fn prevailing(policy: &Policy, before: Option<&Content>, assayed: Content, event: &LotAssayed) -> Content {
    let Some(before) = before else {
        return assayed;
    };
    if event.replaces == Some(before.statement) {
        return assayed;
    }
    if assayed.purpose < before.purpose || assayed.purpose == Some(AssayPurpose::Blind) {
        return *before;
    }
    let settles = |content: &Content| content.purpose == Some(AssayPurpose::Settlement);
    if !settles(before) || !settles(&assayed) || before.by == assayed.by {
        return assayed;
    }
    let (low, high) = if assayed.fineness < before.fineness {
        (&assayed, before)
    } else {
        (before, &assayed)
    };
    if policy.apart_ppm_max(low.method, high.method) < high.fineness.ppm() - low.fineness.ppm() {
        return *low;
    }
    let mean = u32::midpoint(low.fineness.ppm(), high.fineness.ppm());
    Content {
        fineness: Fineness::from_ppm(mean).expect("between two finenesses"),
        ..assayed
    }
}

/// What an assay says that does not agree with what was said before. That an umpire says something else than those between
/// whom it decides is what it is asked for.
fn compared(policy: &Policy, id: LotId, lot: &Lot, assayed: &Content, event: &LotAssayed) -> Vec<Change> {
    let mut flags = Vec::new();
    let is_compared =
        |before: &Content| event.purpose != AssayPurpose::Umpire && event.replaces != Some(before.statement);
    if let Some(before) = lot.content.filter(is_compared) {
        let apart = before.fineness.ppm().abs_diff(assayed.fineness.ppm());
        let line = policy.apart_ppm_max(before.method, assayed.method);
        let gold = above(FlagKind::AssaysDiffer, id, apart.into(), line.into());
        let silvers = before.silver.zip(assayed.silver);
        let silver = silvers.and_then(|(one, other)| {
            let apart = one.ppm().abs_diff(other.ppm());
            above(FlagKind::AssaysDiffer, id, apart.into(), policy.silver_limit_ppm.into())
        });
        flags.extend(gold.or(silver));
    }
    let found = lot.gross_mass.fine(assayed.fineness);
    let line = lot.fine_mass_max;
    flags.extend(above(
        FlagKind::AssayAboveLimit,
        id,
        found.micrograms(),
        line.micrograms(),
    ));
    flags
}
