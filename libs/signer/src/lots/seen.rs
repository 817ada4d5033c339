//! What lots are after statements on them, as far as these tell: a small part of what the ledger knows, for whoever is
//! about to say the next thing where no service answers.

use std::collections::{BTreeMap, BTreeSet};

use event::vocabulary::{
    AssayPurpose, CorrectionConfirmed, CorrectionProposed, CustodyModel, FinenessClaim, LotAssayed, LotDeclared,
    LotsTransformed, Output, QuantityBasis,
};
use event::{Event, LotId, Mass, SiteId, StatementId, VerifiedStatement};

use super::{Facts, Traits};

/// What one lot is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) facts: Facts,
    pub(super) traits: Traits,
    /// What it came by.
    begun: StatementId,
    /// Whether it has left the hands of whoever declared it.
    has_moved: bool,
    /// What the assay that counts is for.
    purpose: Option<AssayPurpose>,
}

/// What every lot is that is known from one of these statements on, each counted once. A lot that was made of one that is
/// not known here is not known either.
pub(super) fn lots(statements: &[VerifiedStatement]) -> BTreeMap<LotId, Seen> {
    let (mut lots, mut proposed, mut heard) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    for said in statements {
        if heard.insert(said.id()) {
            step(&mut lots, &mut proposed, said);
        }
    }
    lots
}

type Lots = BTreeMap<LotId, Seen>;

fn step(lots: &mut Lots, proposed: &mut BTreeMap<StatementId, Mass>, said: &VerifiedStatement) {
    let id = said.id();
    match said.event() {
        Event::LotDeclared(event) => {
            lots.insert(LotId::derive(id, 0), declared(event, id));
        }
        Event::LotsTransformed(event) => lots.extend(made(lots, event, id)),
        Event::CustodyAccepted(event) => change(lots, event.lot, |lot| {
            lot.facts.gross_mass = event.gross_mass;
            lot.has_moved = true;
        }),
        Event::LotWeighed(event) => change(lots, event.lot, |lot| lot.facts.gross_mass = event.gross_mass),
        Event::LotReceived(event) => change(lots, event.lot, |lot| lot.facts.gross_mass = event.after_melt_mass),
        Event::LotAssayed(event) => change(lots, event.lot, |lot| lot.assayed(event)),
        Event::LotSealed(event) => change(lots, event.lot, |lot| {
            lot.traits.whole_seals = lot.traits.whole_seals.saturating_add(count(event.seals.len()));
        }),
        Event::SealBroken(event) => change(lots, event.lot, |lot| {
            lot.traits.whole_seals = lot.traits.whole_seals.saturating_sub(count(event.seals.len()));
        }),
        Event::CorrectionProposed(CorrectionProposed {
            lot,
            target,
            gross_mass,
            ..
        }) => {
            proposed.insert(id, *gross_mass);
            // What the declarer alone said is set right at once.
            change(lots, *lot, |lot| {
                if lot.begun == *target && !lot.has_moved {
                    lot.facts.gross_mass = *gross_mass;
                }
            });
        }
        Event::CorrectionConfirmed(CorrectionConfirmed { lot, proposal, .. }) => {
            if let Some(gross_mass) = proposed.get(proposal) {
                change(lots, *lot, |lot| lot.facts.gross_mass = *gross_mass);
            }
        }
        // Nothing else changes what a lot is.
        _ => {}
    }
}

fn change(lots: &mut Lots, lot: LotId, change: impl FnOnce(&mut Seen)) {
    if let Some(lot) = lots.get_mut(&lot) {
        change(lot);
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).expect("a list of few")
}

fn declared(event: &LotDeclared, id: StatementId) -> Seen {
    Seen {
        facts: Facts {
            form: event.form,
            gross_mass: event.gross_mass,
            basis: event.basis,
            fineness: event.fineness,
        },
        traits: Traits {
            site: Some(event.site),
            custody_model: event.custody_model,
            whole_seals: count(event.seals.len()),
            fine_mass_max: None,
        },
        begun: id,
        has_moved: false,
        purpose: None,
    }
}

fn made(lots: &Lots, event: &LotsTransformed, id: StatementId) -> Vec<(LotId, Seen)> {
    let inputs: Option<Vec<&Seen>> = event.inputs.iter().map(|input| lots.get(&input.lot)).collect();
    let Some(inputs) = inputs else { return Vec::new() };
    let is_invented = inputs
        .iter()
        .any(|input| input.facts.basis == QuantityBasis::Illustrative);
    let basis = if is_invented {
        QuantityBasis::Illustrative
    } else {
        QuantityBasis::Weighed
    };
    let (site, model) = (common_site(&inputs), event.custody_model);
    let output = |(place, output): (u32, &Output)| (LotId::derive(id, place), came_out(output, basis, site, model, id));
    (0..).zip(&event.outputs).map(output).collect()
}

fn common_site(inputs: &[&Seen]) -> Option<SiteId> {
    let first = inputs.first()?.traits.site;
    let is_common = inputs.iter().all(|input| input.traits.site == first);
    first.filter(|_| is_common)
}

fn came_out(
    output: &Output,
    basis: QuantityBasis,
    site: Option<SiteId>,
    custody_model: CustodyModel,
    begun: StatementId,
) -> Seen {
    Seen {
        facts: Facts {
            form: output.form,
            gross_mass: output.gross_mass,
            basis,
            fineness: Some(output.fineness),
        },
        traits: Traits {
            site,
            custody_model,
            whole_seals: count(output.seals.len()),
            fine_mass_max: None,
        },
        begun,
        has_moved: false,
        purpose: None,
    }
}

impl Seen {
    /// An assay counts, unless it is blind or one for a weightier purpose was said before. Two parties' settlements, which
    /// the ledger weighs against each other, are told by the service.
    fn assayed(&mut self, event: &LotAssayed) {
        let counts = event.purpose != AssayPurpose::Blind && self.purpose <= Some(event.purpose);
        if counts || self.facts.fineness.is_none() {
            self.facts.fineness = Some(FinenessClaim {
                fineness: event.gold,
                method: event.method,
            });
            self.purpose = Some(event.purpose);
        }
    }
}
