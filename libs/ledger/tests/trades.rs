//! Histories of trade at random, legal and illegal, of more than five hundred statements each: what holds in all of them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use event::vocabulary::{
    AssayPurpose, CustodyModel, EventKind, FinenessMethod, LotForm, Output, PermitStatus, SealState, ShortText,
    Transformation,
};
use event::{Fineness, LotId, Mass, SiteId, StatementId, VerifiedStatement};
use ledger::origin::{Part, parted, pooled, scaled, total};
use ledger::{Change, End, Flow, Ledger, Lot, Refusal, SealUse};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};

use crate::support::{
    NOON, Say, World, accepted, agreed, amended, assayed, capacity, claim, corrected, declined, dug, exported, grams,
    held, lost, made, micrograms, offered, opened, out, permit_is, permitted, ppm, received, released, retired,
    sampled, says, sealed, titled, trade_history, weighed, withdrawn,
};

const HISTORIES: u32 = 12;
const MOVES: core::ops::Range<usize> = 500..560;
const SEED: u64 = 2_027;
const HOLDERS: [&str; 7] = ["mine", "rival", "trader", "exporter", "refiner", "buyer", "assayer"];
const ANYONE: [&str; 12] = [
    "mine", "rival", "trader", "exporter", "refiner", "buyer", "assayer", "umpire", "monitor", "auditor", "ministry",
    "scheme",
];
const SITES: [(&str, &str); 2] = [("pit", "mine"), ("creek", "rival")];

/// Who does what to which lot. Plain numbers, so that a failing history shrinks.
#[derive(Clone, Debug)]
struct Move {
    /// Nine times in ten the one who may; else this one.
    actor: Option<usize>,
    /// Nine times in ten a lot that has not ended.
    of_all: bool,
    lot: usize,
    informed: bool,
    hours: i64,
    deed: Deed,
}

#[derive(Clone, Debug)]
enum Deed {
    Declare {
        site: usize,
        grams: u64,
        fineness: Option<u32>,
        model: usize,
    },
    Offer {
        to: usize,
        with_title: bool,
    },
    Accept {
        per_mille: u64,
    },
    Decline,
    Withdraw,
    Weigh {
        per_mille: u64,
    },
    Sample,
    Assay {
        purpose: usize,
        method: usize,
        ppm_more: i64,
    },
    Seal,
    Break,
    Title {
        to: usize,
    },
    Make {
        how: usize,
        lots: usize,
        outputs: usize,
        ppm_more: i64,
        lost_per_mille: u64,
        model: usize,
    },
    Export {
        lots: usize,
    },
    Receive {
        per_mille: u64,
    },
    Hold,
    Release,
    Retire,
    Lose,
    Propose {
        per_mille: u64,
    },
    Confirm,
    Permit,
    Status {
        status: usize,
    },
    Capacity {
        grams: u64,
    },
    Amend,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let actor = prop_oneof![9 => Just(None), 1 => (0..ANYONE.len()).prop_map(Some)];
    let a_move = (
        actor,
        prop::bool::weighted(0.1),
        0..1_000_usize,
        prop::bool::weighted(0.95),
        0..30_i64,
        deeds(),
    );
    let a_move = a_move.prop_map(|(actor, of_all, lot, informed, hours, deed)| Move {
        actor,
        of_all,
        lot,
        informed,
        hours,
        deed,
    });
    vec(a_move, MOVES)
}

fn deeds() -> impl Strategy<Value = Deed> {
    let per_mille = || prop_oneof![6 => 995..=1_000_u64, 2 => 900..1_010_u64];
    let fineness = prop_oneof![5 => (500_000..960_000_u32).prop_map(Some), 1 => Just(None)];
    let more = || prop_oneof![4 => Just(0), 2 => -9_000..9_000_i64, 1 => -80_000..80_000_i64];
    let holder = || 0..HOLDERS.len();
    let declare = (0..SITES.len(), 1..300_u64, fineness, 0..3_usize);
    let declare = declare.prop_map(|(site, grams, fineness, model)| Deed::Declare {
        site,
        grams,
        fineness,
        model,
    });
    let make = (
        0..5_usize,
        1..5_usize,
        1..4_usize,
        more(),
        prop_oneof![3 => Just(0), 2 => 0..120_u64],
        0..3_usize,
    );
    let make = make.prop_map(|(how, lots, outputs, ppm_more, lost_per_mille, model)| Deed::Make {
        how,
        lots,
        outputs,
        ppm_more,
        lost_per_mille,
        model,
    });
    let assay = (0..4_usize, 0..5_usize, more());
    let assay = assay.prop_map(|(purpose, method, ppm_more)| Deed::Assay {
        purpose,
        method,
        ppm_more,
    });
    prop_oneof![
        12 => declare,
        14 => (holder(), any::<bool>()).prop_map(|(to, with_title)| Deed::Offer { to, with_title }),
        18 => per_mille().prop_map(|per_mille| Deed::Accept { per_mille }),
        1 => Just(Deed::Decline),
        1 => Just(Deed::Withdraw),
        3 => per_mille().prop_map(|per_mille| Deed::Weigh { per_mille }),
        2 => Just(Deed::Sample),
        5 => assay,
        2 => Just(Deed::Seal),
        3 => Just(Deed::Break),
        2 => holder().prop_map(|to| Deed::Title { to }),
        16 => make,
        3 => (1..3_usize).prop_map(|lots| Deed::Export { lots }),
        3 => per_mille().prop_map(|per_mille| Deed::Receive { per_mille }),
        2 => Just(Deed::Hold),
        3 => Just(Deed::Release),
        1 => Just(Deed::Retire),
        1 => Just(Deed::Lose),
        2 => per_mille().prop_map(|per_mille| Deed::Propose { per_mille }),
        2 => Just(Deed::Confirm),
        1 => Just(Deed::Permit),
        1 => (0..3_usize).prop_map(|status| Deed::Status { status }),
        1 => (500..100_000_u64).prop_map(|grams| Deed::Capacity { grams }),
        1 => Just(Deed::Amend),
    ]
}

fn per_mille(mass: Mass, per_mille: u64) -> Mass {
    micrograms(mass.micrograms() / 1_000 * per_mille)
}

fn moved_by(ppm_now: Option<Fineness>, more: i64) -> u32 {
    let moved = i64::from(ppm_now.map_or(900_000, Fineness::ppm)) + more;
    u32::try_from(moved.clamp(0, 1_000_000)).unwrap()
}

/// What has been declared or made, by name.
#[derive(Default)]
struct Names {
    all: Vec<String>,
    last_handover: BTreeMap<LotId, String>,
    /// Of which lot, and who confirms it.
    last_proposal: Option<(String, String)>,
    seals: u64,
}

impl Names {
    fn live(&self, world: &World) -> Vec<String> {
        let is_live = |name: &&String| world.ledger.lot(&world.lot(name)).is_some_and(|lot| lot.end.is_none());
        self.all.iter().filter(is_live).cloned().collect()
    }

    /// The lot that a move is about; one that there is not, while there is none.
    fn pick(&self, world: &World, one: &Move) -> String {
        let lots = if one.of_all { self.all.clone() } else { self.live(world) };
        let place = one.lot.checked_rem(lots.len());
        place.map_or_else(|| "nothing".to_owned(), |place| lots[place].clone())
    }
}

fn lot_of(world: &World, name: &str) -> Option<Lot> {
    world.ledger.lot(&world.lot(name)).copied()
}

fn name_of(world: &World, party: event::PartyId) -> String {
    world.name_of(party, event::PartyId::derive).to_owned()
}

/// The lot that a move is about, and what else it needs.
struct About<'a> {
    world: &'a World,
    names: &'a Names,
    name: &'a str,
    lot: Option<Lot>,
    custodian: &'a str,
    /// A number that nothing has yet.
    number: &'a str,
}

impl Move {
    fn say(&self, world: &World, names: &mut Names, turn: usize) -> Say {
        let name = names.pick(world, self);
        let lot = lot_of(world, &name);
        let custodian = lot.map_or_else(|| "mine".to_owned(), |lot| name_of(world, lot.custodian));
        let actor = |right: &str| self.by(right);
        names.seals += 1;
        let number = format!("N-{:05}", names.seals);
        let said = match self.deed.clone() {
            Deed::Declare {
                site,
                grams: mass,
                fineness,
                model,
            } => {
                let (site, operator) = SITES[site];
                let fineness = fineness.map(claim);
                says(
                    actor(operator),
                    dug(site).but(move |e| {
                        e.gross_mass = grams(mass);
                        e.fineness = fineness;
                        e.custody_model = MODELS[model];
                    }),
                )
            }
            Deed::Permit => says(actor("ministry"), permitted(&number, "mine", &["pit"])),
            Deed::Status { status } => {
                let status = [PermitStatus::InForce, PermitStatus::Suspended, PermitStatus::InForce][status];
                says(actor("ministry"), permit_is("permit of pit", status, &["pit"]))
            }
            Deed::Capacity { grams: mass } => says(actor("monitor"), capacity("pit", grams(mass), Some(900))),
            Deed::Amend => says(
                actor("scheme"),
                amended("pit").but(|e| e.name = Some("renamed".parse().unwrap())),
            ),
            _ => self.about_a_lot(&About {
                world,
                names,
                name: &name,
                lot,
                custodian: &custodian,
                number: &number,
            }),
        };
        let at = world.ledger.clock().max(NOON).plus_ms(self.hours * 3_600_000);
        said.called(format!("t{turn}")).admitted_at(at).stated_at(at)
    }

    /// Who says it: the one who may, unless the move names another.
    fn by(&self, right: &str) -> String {
        self.actor
            .map_or_else(|| right.to_owned(), |actor| ANYONE[actor].to_owned())
    }

    /// What the statement names as the latest one, if its signer does not know.
    fn after(&self) -> impl Fn(&mut StatementId) + Copy + 'static {
        let is_known = self.informed;
        move |after| {
            if !is_known {
                *after = StatementId::from_bytes([3; 32]);
            }
        }
    }

    fn about_a_lot(&self, about: &About<'_>) -> Say {
        let (name, after) = (about.name, self.after());
        let gross = about.lot.map_or(grams(1), |lot| lot.gross_mass);
        let receiver = about.lot.and_then(|lot| lot.offer).map(|offer| offer.to);
        let receiver = receiver.map_or_else(|| about.custodian.to_owned(), |to| name_of(about.world, to));
        let owner = about
            .lot
            .map_or_else(|| about.custodian.to_owned(), |lot| name_of(about.world, lot.owner));
        match self.deed.clone() {
            Deed::Offer { to, with_title } => {
                let with_title = with_title && owner == about.custodian;
                let offers = offered(name, HOLDERS[to]).but(move |e| {
                    e.with_title = with_title;
                    after(&mut e.after);
                });
                says(self.by(about.custodian), offers)
            }
            Deed::Accept { per_mille: part } => {
                let takes = accepted(name, per_mille(gross, part)).but(move |e| {
                    e.seals = SealState::None;
                    after(&mut e.after);
                });
                says(self.by(&receiver), takes)
            }
            Deed::Decline => says(self.by(&receiver), declined(name).but(move |e| after(&mut e.after))),
            Deed::Withdraw => says(
                self.by(about.custodian),
                withdrawn(name).but(move |e| after(&mut e.after)),
            ),
            Deed::Title { to } => {
                let gives = titled(name, HOLDERS[to]).but(move |e| after(&mut e.after));
                says(self.by(&owner), gives)
            }
            Deed::Hold => says(self.by("ministry"), held(name)),
            Deed::Release => says(self.by("scheme"), released(&self.held_lot(about))),
            Deed::Retire => says(
                self.by(about.custodian),
                retired(name).but(move |e| after(&mut e.after)),
            ),
            Deed::Lose => says(self.by(about.custodian), lost(name).but(move |e| after(&mut e.after))),
            Deed::Propose { per_mille: part } => {
                let target = about.names.last_handover.get(&about.world.lot(name));
                let target = target.map_or(name, String::as_str);
                says(
                    self.by(about.custodian),
                    corrected(name, target, per_mille(gross, part)),
                )
            }
            Deed::Confirm => {
                let proposed = about.names.last_proposal.clone();
                let (lot, by) = proposed.unwrap_or_else(|| (name.to_owned(), about.custodian.to_owned()));
                says(self.by(&by), agreed(&lot))
            }
            _ => self.at_work(about, gross),
        }
    }

    fn at_work(&self, about: &About<'_>, gross: Mass) -> Say {
        let (name, number, after) = (about.name, about.number, self.after());
        match self.deed.clone() {
            Deed::Weigh { per_mille: part } => {
                let weighs = weighed(name, per_mille(gross, part)).but(move |e| after(&mut e.after));
                says(self.by(about.custodian), weighs)
            }
            Deed::Sample => says(self.by(about.custodian), sampled(name, &[number])),
            Deed::Assay {
                purpose,
                method,
                ppm_more,
            } => {
                let now = about.lot.and_then(|lot| lot.content).map(|content| content.fineness);
                let (purpose, method) = (PURPOSES[purpose], METHODS[method]);
                let assays = assayed(name, moved_by(now, ppm_more)).but(move |e| {
                    e.purpose = purpose;
                    e.method = method;
                    after(&mut e.after);
                });
                says(self.by("assayer"), assays)
            }
            Deed::Seal => says(self.by(about.custodian), sealed(name, &[number])),
            Deed::Break => says(self.by(about.custodian), breaking(about.world, name)),
            Deed::Make { .. } => says(self.by(about.custodian), self.making(about.world, about.names, name)),
            Deed::Export { lots } => {
                let lots = together(about.world, about.names, name, lots);
                let today = about.world.ledger.clock().max(NOON).date();
                let lots: Vec<_> = lots.iter().map(String::as_str).collect();
                let leaves = exported(&lots, number).but(move |e| (e.issued, e.expires) = (today, today.plus_days(30)));
                says(self.by(about.custodian), leaves)
            }
            Deed::Receive { per_mille: part } => {
                let takes = received(name, number, per_mille(gross, part)).but(move |e| after(&mut e.after));
                says(self.by("refiner"), takes)
            }
            other => unreachable!("{other:?} is about no lot"),
        }
    }

    /// A lot that is held itself, while there is one.
    fn held_lot(&self, about: &About<'_>) -> String {
        let is_held = |name: &&String| about.world.ledger.hold(&about.world.lot(name)).is_some();
        let held: Vec<_> = about.names.all.iter().filter(is_held).collect();
        let place = self.lot.checked_rem(held.len());
        place.map_or_else(|| about.name.to_owned(), |place| held[place].clone())
    }

    /// Out of this lot and others of the same custodian and owner.
    fn making(
        &self,
        world: &World,
        names: &Names,
        name: &str,
    ) -> crate::support::Draft<event::vocabulary::LotsTransformed> {
        let Deed::Make {
            how,
            lots,
            outputs,
            ppm_more,
            lost_per_mille,
            model,
        } = self.deed
        else {
            unreachable!("only makes")
        };
        let how = HOW[how];
        let lots = if how == Transformation::Split { 1 } else { lots };
        let inputs = together(world, names, name, lots);
        let found: Vec<_> = inputs.iter().filter_map(|name| lot_of(world, name)).collect();
        let gross: Mass = found.iter().map(|lot| lot.gross_mass).sum();
        let fine: Mass = found.iter().filter_map(Lot::fine_mass).sum();
        let lost = per_mille(gross, lost_per_mille);
        let left = gross.minus(lost).micrograms();
        let average = u64::try_from(u128::from(fine.micrograms()) * 1_000_000 / u128::from(left.max(1))).unwrap();
        let average = ppm(u32::try_from(average.min(1_000_000)).unwrap());
        let first = found.first().copied();
        let fineness = match how {
            Transformation::Split => first
                .and_then(|lot| lot.content)
                .map_or(900_000, |content| content.fineness.ppm()),
            _ => moved_by(Some(average), ppm_more),
        };
        let form = match how {
            Transformation::Split | Transformation::Merge => first.map_or(LotForm::Dust, |lot| lot.form),
            Transformation::Cast => LotForm::Fine,
            _ => LotForm::Dore,
        };
        let count = if how == Transformation::Merge {
            1
        } else {
            u64::try_from(outputs).unwrap()
        };
        let output = |place: u64| Output {
            form,
            ..out(
                micrograms(left / count + if place == 0 { left % count } else { 0 }),
                fineness,
            )
        };
        let outputs: Vec<_> = (0..count).map(output).collect();
        let names: Vec<_> = inputs.iter().map(String::as_str).collect();
        made(how, &names, &outputs).but(move |e| {
            e.custody_model = MODELS[model];
            e.lost_gross_mass = lost;
        })
    }
}

fn breaking(world: &World, name: &str) -> crate::support::Draft<event::vocabulary::SealBroken> {
    let id = world.lot(name);
    let whole = (0..20_000).map(|number| format!("N-{number:05}")).find(|number| {
        let number: ShortText = number.parse().unwrap();
        world
            .ledger
            .seal(&number)
            .is_some_and(|seal| seal.lot == id && seal.state == SealUse::Whole)
    });
    opened(name, &[whole.as_deref().unwrap_or("N-none")])
}

const MODELS: [CustodyModel; 3] = [
    CustodyModel::IdentityPreserved,
    CustodyModel::Segregated,
    CustodyModel::MassBalance,
];
const PURPOSES: [AssayPurpose; 4] = [
    AssayPurpose::Blind,
    AssayPurpose::Control,
    AssayPurpose::Settlement,
    AssayPurpose::Umpire,
];
const METHODS: [FinenessMethod; 5] = [
    FinenessMethod::Estimate,
    FinenessMethod::Touchstone,
    FinenessMethod::Density,
    FinenessMethod::Xrf,
    FinenessMethod::FireAssay,
];
const HOW: [Transformation; 5] = [
    Transformation::Melt,
    Transformation::Merge,
    Transformation::Split,
    Transformation::Refine,
    Transformation::Melt,
];

/// This lot, and others that its custodian has and its owner owns.
fn together(world: &World, names: &Names, name: &str, count: usize) -> Vec<String> {
    let Some(lot) = lot_of(world, name) else {
        return vec![name.to_owned()];
    };
    let fits = |other: &String| {
        lot_of(world, other).is_some_and(|found| {
            (found.custodian, found.owner) == (lot.custodian, lot.owner) && found.seals == 0 && found.content.is_some()
        })
    };
    let others = names
        .live(world)
        .into_iter()
        .filter(|other| *other != name && fits(other));
    core::iter::once(name.to_owned())
        .chain(others.take(count - 1))
        .collect()
}

/// What somebody knows who has only seen the changes.
#[derive(Default)]
struct Book {
    lots: BTreeMap<LotId, Lot>,
    /// The parts of each lot's gold when it came to be.
    origins: BTreeMap<LotId, Vec<Part<SiteId>>>,
    consumed: BTreeSet<LotId>,
    /// The most gold that all declarations together left room for.
    room: Mass,
    held: BTreeSet<(LotId, LotId)>,
    flows: usize,
    flags: usize,
}

impl Book {
    fn follow(&mut self, statement: &VerifiedStatement, changes: &[Change]) {
        let held_before: BTreeSet<_> = self.held.iter().map(|(lot, _)| *lot).collect();
        let before = self.lots.clone();
        let mut flow = None;
        for change in changes {
            match change {
                Change::Lot(id, lot) => {
                    assert_eq!(lot.latest, statement.id());
                    if let Some(old) = self.lots.insert(*id, **lot) {
                        goes_on(&old, lot, held_before.contains(id));
                    }
                }
                Change::Reached { lot, source, held } => {
                    let pair = (*lot, *source);
                    let is_new = if *held {
                        self.held.insert(pair)
                    } else {
                        self.held.remove(&pair)
                    };
                    assert!(is_new, "held twice, or released twice");
                }
                Change::Flow(found) => flow = Some(found),
                Change::Flag(_) => self.flags += 1,
                _ => {}
            }
        }
        match flow {
            Some(flow) => self.flowed(&before, flow),
            None => self.declared(&before),
        }
        self.holds();
    }

    fn declared(&mut self, before: &BTreeMap<LotId, Lot>) {
        for (id, lot) in &self.lots {
            if before.contains_key(id) {
                continue;
            }
            let site = lot.site.expect("a declared lot has one");
            self.room = self.room.plus(lot.fine_mass_max);
            self.origins.insert(
                *id,
                vec![Part {
                    of: site,
                    fine: lot.fine_mass().unwrap_or(lot.fine_mass_max),
                }],
            );
        }
    }

    fn flowed(&mut self, before: &BTreeMap<LotId, Lot>, flow: &Flow) {
        self.flows += 1;
        let gone = |(id, fine): &(LotId, Mass)| {
            assert!(self.consumed.insert(*id), "a lot is consumed once");
            assert_eq!(before[id].fine_mass(), Some(*fine));
            assert!(matches!(self.lots[id].end, Some(End::Transformed { .. })));
            let parts = scaled(&self.origins[id], *fine);
            assert_eq!(total(&parts), *fine, "parts sum to the whole");
            parts
        };
        let inputs: Vec<_> = flow.inputs.iter().map(gone).collect();
        let room: Mass = flow.inputs.iter().map(|(id, _)| before[id].fine_mass_max).sum();
        let after: Mass = flow.outputs.iter().map(|(id, _)| self.lots[id].fine_mass_max).sum();
        assert!(after.plus(flow.lost) <= room, "gold out of nothing");
        let mut golds: Vec<_> = flow.outputs.iter().map(|(_, fine)| *fine).chain([flow.lost]).collect();
        let (came_in, went_out): (Mass, Mass) = (
            flow.inputs.iter().map(|(_, fine)| *fine).sum(),
            golds.iter().copied().sum(),
        );
        let mut pool = pooled(inputs);
        assert_eq!(total(&pool), came_in);
        if went_out < came_in {
            golds.push(came_in.minus(went_out));
        } else {
            pool = scaled(&pool, went_out);
        }
        let parts: Vec<_> = (0..golds.len()).map(|place| parted(&pool, &golds, place)).collect();
        for (part, gold) in parts.iter().zip(&golds) {
            assert_eq!(total(part), *gold, "parts sum to the whole");
        }
        assert_eq!(
            pooled(parts.clone()),
            scaled(&pool, total(&pool)),
            "no microgram appears or vanishes"
        );
        self.origins.extend(flow.outputs.iter().map(|(id, _)| *id).zip(parts));
    }

    /// What holds of all lots together.
    fn holds(&self) {
        let ended = |lot: &&Lot| !matches!(lot.end, Some(End::Transformed { .. }));
        let room: Mass = self.lots.values().filter(ended).map(|lot| lot.fine_mass_max).sum();
        assert!(room <= self.room, "gold out of nothing");
        for lot in self.lots.values() {
            assert!(lot.fine_mass().unwrap_or_default() <= lot.fine_mass_max);
            assert!(
                lot.offer
                    .is_none_or(|offer| lot.end.is_none() && offer.to != lot.custodian)
            );
        }
    }
}

/// From one state of a lot to the next.
fn goes_on(old: &Lot, new: &Lot, is_held: bool) {
    if old.end.is_some() {
        let still = Lot {
            latest: new.latest,
            latest_at: new.latest_at,
            latest_position: new.latest_position,
            latest_by: new.latest_by,
            ..*old
        };
        assert_eq!(still, *new, "what has ended does not change");
    }
    let kept = |lot: &Lot| (lot.site, lot.country, lot.by, lot.form, lot.basis, lot.custody_model);
    assert_eq!(kept(old), kept(new));
    assert!(new.fine_mass_max <= old.fine_mass_max);
    let receiver = old.open_offer(new.latest_at).map(|offer| offer.to);
    assert!(
        old.custodian == new.custodian || receiver == Some(new.custodian),
        "a lot goes to whom it was offered"
    );
    if is_held {
        assert_eq!(
            (old.custodian, old.owner),
            (new.custodian, new.owner),
            "a held lot does not move"
        );
        assert!(old.end == new.end || new.end == Some(End::Lost));
    }
}

fn runner() -> TestRunner {
    TestRunner::new(ProptestConfig {
        rng_seed: RngSeed::Fixed(SEED),
        failure_persistence: None,
        ..ProptestConfig::with_cases(HISTORIES)
    })
}

/// Gold never grows, a lot has one custodian and is consumed once, parts sum to the whole, what is refused changes
/// nothing, what is held does not move; and a second ledger that takes the same history in batches is the same.
#[test]
fn what_holds_in_every_trade() {
    let seen = RefCell::new((BTreeSet::new(), BTreeSet::new(), 0, 0, 0));
    let played = runner().run(&moves(), |moves| {
        let (mut world, mut book, mut names) = (World::default(), Book::default(), Names::default());
        let mut history = Vec::new();
        let mut turn = |world: &mut World, names: &mut Names, say: &Say| {
            let statement = world.verified(say);
            let before = world.ledger.digest();
            let verdict = world.hear(say);
            match &verdict {
                Ok(changes) => {
                    book.follow(&statement, changes);
                    remember(world, names, &statement, changes);
                }
                Err(refusal) => assert_eq!(world.ledger.digest(), before, "{refusal:?} changed something"),
            }
            history.push((statement, say.admitted_at, verdict.err()));
        };
        for say in trade_history() {
            turn(&mut world, &mut names, &say);
        }
        for (place, one) in moves.iter().enumerate() {
            let say = one.say(&world, &mut names, place);
            turn(&mut world, &mut names, &say);
        }
        assert_eq!(in_batches(&history).digest(), world.ledger.digest());
        let seen = &mut *seen.borrow_mut();
        for (statement, _, refusal) in &history {
            match refusal {
                None => {
                    seen.0.insert(statement.event().kind());
                    seen.2 += 1;
                }
                Some(refusal) => {
                    seen.1.insert(refusal.name());
                }
            }
        }
        seen.3 += book.flows;
        seen.4 += book.flags;
        Ok(())
    });
    played.unwrap();
    let (events, refusals, admitted, flows, flags) = seen.into_inner();
    let of_the_trade = EventKind::ALL.iter().filter(|kind| EventKind::SiteAmended <= **kind);
    let missing: Vec<_> = of_the_trade.filter(|kind| !events.contains(kind)).collect();
    assert!(missing.is_empty(), "never admitted: {missing:?}");
    assert!(30 < refusals.len(), "{} of {refusals:?}", refusals.len());
    assert!(
        1_500 < admitted && 100 < flows && 100 < flags,
        "{admitted} admitted, {flows} flows, {flags} flags"
    );
}

fn remember(world: &World, names: &mut Names, statement: &VerifiedStatement, changes: &[Change]) {
    for change in changes {
        match change {
            Change::Lot(id, lot) if lot.latest == statement.id() => {
                let name = world.name_of_lot(*id);
                if !names.all.contains(&name) {
                    names.all.push(name);
                }
            }
            Change::Handover(id, handover) => {
                let name = world.name_of(handover.statement, |statement, _| statement).to_owned();
                names.last_handover.insert(*id, name);
            }
            Change::Proposal(id, proposal) => {
                names.last_proposal = Some((world.name_of_lot(*id), name_of(world, proposal.confirmed_by)));
            }
            _ => {}
        }
    }
}

fn in_batches(history: &[(VerifiedStatement, event::Timestamp, Option<Refusal>)]) -> Ledger {
    let mut ledger = Ledger::new();
    for batch in history.chunks(7) {
        let mut staged = ledger.stage();
        for (statement, admitted_at, refusal) in batch {
            let admitted = staged.admit(statement, *admitted_at);
            assert_eq!(admitted.as_ref().err(), refusal.as_ref());
            if let Ok(admitted) = admitted {
                staged.apply(admitted);
            }
        }
        staged.commit();
    }
    ledger
}
