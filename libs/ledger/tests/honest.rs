//! A year of honest trade, invented, on the real sites of the demonstration with the real numbers of their miners: how many
//! of its lots are flagged although nobody cheats.
//!
//! Scales, touchstones and people are as they are: weighings differ by a few parts in ten thousand, a touchstone is off by
//! a hundredth or two, statements wait days for a network, roads are closed for weeks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use event::vocabulary::{
    AssayPurpose, FinenessClaim, FinenessMethod, LotForm, Output, PartyKind, Period, Reaction, SealState, Term,
    Transformation,
};
use event::{Date, Mass, Timestamp};
use ledger::{Change, FlagKind, Refusal};

use crate::support::{
    NOON, Say, World, accepted, assayed, authorized, capacity, cast, dug, enrolled, exported, founded, looked_up, made,
    micrograms, offered, opened, out, permitted, policy, ppm, received, registered, says, texts,
};

const SITES: &str = "../../deploy/demo-data/ipis/cod_gold_sites_visits.csv";
const SEED: u64 = 2_028;
/// Each site hands over its gold every other week.
const FORTNIGHTS: i64 = 26;
const TRADERS: u64 = 12;
/// Gold of a hard-working miner in a day, in micrograms: a tenth of a gram.
const MINER_DAY: u64 = 100_000;

/// `SplitMix64`: the same year from the same seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Around nothing, mostly within `spread`, seldom further than three times that: the sum of twelve dice.
    fn around(&mut self, spread: u64) -> i64 {
        let dice: i64 = (0..12).map(|_| i64::try_from(self.below(2_001)).unwrap() - 1_000).sum();
        dice * i64::try_from(spread).unwrap() / 2_000
    }

    /// A mass on another scale.
    fn weigh(&mut self, mass: Mass) -> Mass {
        let ppm = self.around(250);
        let off = i64::try_from(mass.micrograms()).unwrap() / 1_000_000 * ppm;
        // Scales show hundredths of a gram.
        micrograms(mass.micrograms().saturating_add_signed(off) / 10_000 * 10_000)
    }

    fn fineness(&mut self, real: u32, spread: u64) -> u32 {
        let found = i64::from(real) + self.around(spread);
        u32::try_from(found.clamp(1, 999_900)).unwrap()
    }
}

/// The real sites, each with the most miners that a visit counted there.
fn sites() -> BTreeMap<String, u64> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SITES);
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (pcode, workers) = (column("pcode"), column("workers_numb"));
    let mut sites = BTreeMap::new();
    for row in reader.records().map(Result::unwrap) {
        let found: u64 = row[workers].parse().unwrap_or(0);
        let most = sites.entry(row[pcode].to_owned()).or_insert(0);
        *most = found.max(*most);
    }
    sites
}

/// One organization at one site.
struct Group {
    site: String,
    name: String,
    miners: u64,
    /// The real fineness of what it digs.
    fineness: u32,
    trader: String,
}

type Task = Box<dyn FnOnce(&mut Year, Timestamp)>;

/// What happens in the year, in the order of time.
struct Year {
    world: World,
    chance: Chance,
    agenda: BTreeMap<(Timestamp, usize), Task>,
    planned: usize,
    /// What each trader has and has not molten.
    stock: BTreeMap<String, Vec<String>>,
    declared: usize,
    statements: usize,
    flags: BTreeMap<FlagKind, usize>,
    flagged: BTreeSet<event::LotId>,
    lots: BTreeSet<event::LotId>,
    refused: Vec<Refusal>,
}

impl Year {
    fn at(&mut self, at: Timestamp, task: impl FnOnce(&mut Self, Timestamp) + 'static) {
        self.planned += 1;
        self.agenda.insert((at, self.planned), Box::new(task));
    }

    fn after_hours(&mut self, now: Timestamp, hours: u64, task: impl FnOnce(&mut Self, Timestamp) + 'static) {
        self.at(now.plus_ms(i64::try_from(hours).unwrap() * 3_600_000), task);
    }

    fn say(&mut self, say: Say, at: Timestamp) -> bool {
        // Most are online; some wait for days.
        let waited = match self.chance.below(40) {
            0 => 8 + self.chance.below(5),
            1..6 => 1 + self.chance.below(6),
            _ => 0,
        };
        let stated = at.plus_ms(-i64::try_from(waited).unwrap() * 86_400_000);
        self.statements += 1;
        let changes = match self.world.hear(&say.admitted_at(at).stated_at(stated)) {
            Ok(changes) => changes,
            Err(refusal) => {
                self.refused.push(refusal);
                return false;
            }
        };
        for change in &changes {
            match change {
                Change::Flag(flag) => {
                    *self.flags.entry(flag.kind).or_default() += 1;
                    self.flagged.insert(flag.lot);
                }
                Change::Lot(id, _) => {
                    self.lots.insert(*id);
                }
                _ => {}
            }
        }
        true
    }

    fn gross(&self, lot: &str) -> Mass {
        self.world.ledger.lot(&self.world.lot(lot)).unwrap().gross_mass
    }

    /// Offered now, taken within hours, and then.
    fn hand(
        &mut self,
        (lot, from, to): (String, String, String),
        (now, seals): (Timestamp, SealState),
        then: impl FnOnce(&mut Self, Timestamp) + 'static,
    ) {
        let offers = offered(&lot, &to).but(|e| e.with_title = true);
        if !self.say(says(from, offers), now) {
            return;
        }
        let hours = 1 + self.chance.below(8);
        self.after_hours(now, hours, move |year, now| {
            let mass = year.gross(&lot);
            let found = year.chance.weigh(mass);
            if year.say(says(to, accepted(&lot, found).but(move |e| e.seals = seals)), now) {
                then(year, now);
            }
        });
    }
}

fn groups(chance: &mut Chance) -> Vec<Rc<Group>> {
    let group = |(pcode, miners): (String, u64)| Group {
        name: format!("group of {pcode}"),
        site: pcode,
        miners: miners.max(5),
        fineness: 860_000 + u32::try_from(chance.below(90_000)).unwrap(),
        trader: format!("trader {}", chance.below(TRADERS)),
    };
    sites().into_iter().map(group).map(Rc::new).collect()
}

fn beginning(groups: &[Rc<Group>]) -> World {
    let mut world = World::default().and(says("scheme", founded()).called("scheme"));
    world = world.and(says("scheme", policy([Term::Unpermitted(Reaction::Refuse)])));
    let enrol = |world: World, name: &str, kind| {
        world
            .and(says("scheme", enrolled(kind)).called(name))
            .and(says("scheme", authorized(name, name)))
    };
    for (name, kind) in [
        ("ministry", PartyKind::Authority),
        ("monitor", PartyKind::Assessor),
        ("exporter", PartyKind::Exporter),
        ("refiner", PartyKind::Refiner),
        ("assayer", PartyKind::Assayer),
    ] {
        world = enrol(world, name, kind);
    }
    for number in 0..TRADERS {
        world = enrol(world, &format!("trader {number}"), PartyKind::Trader);
    }
    for group in groups {
        world = enrol(world, &group.name, PartyKind::InformalMinersGroup);
        world = world.and(says("scheme", registered(&group.name)).called(&group.site));
        let permit = permitted(&group.site, &group.name, &[&group.site]).but(|e| {
            e.until = Some(Date::from_unix_days(e.from.unix_days() + 5_000));
            e.checked = Some(looked_up(0));
        });
        world = world.and(says("ministry", permit));
        let year = micrograms(group.miners * MINER_DAY * 300);
        let miners = u32::try_from(group.miners).unwrap();
        world = world.and(says("monitor", capacity(&group.site, year, Some(miners))));
    }
    world
}

/// What a group dug in a fortnight, given to its trader within days.
fn declare(year: &mut Year, group: &Rc<Group>, number: i64, now: Timestamp) {
    // Six to twelve days of work until some days ago, by most of them, with more or less luck.
    let days = 6 + year.chance.below(7);
    let luck = 30 + year.chance.below(65);
    let fine = group.miners * days * MINER_DAY * luck / 100;
    let real = year.chance.fineness(group.fineness, 4_000);
    let gross = micrograms(u64::try_from(u128::from(fine) * 1_000_000 / u128::from(real)).unwrap() / 10_000 * 10_000);
    let said = FinenessClaim {
        fineness: ppm(year.chance.fineness(real, 7_000)),
        method: FinenessMethod::Touchstone,
    };
    let lot = format!("{} {number}", group.site);
    let (seal, miners) = (format!("S-{lot}"), u32::try_from(group.miners).unwrap());
    let waited = i32::try_from(year.chance.below(5)).unwrap();
    let last = now.date().unix_days() - waited;
    let first = last - i32::try_from(days).unwrap();
    let declares = dug(&group.site).but(move |e| {
        e.gross_mass = gross;
        e.fineness = Some(said);
        e.extracted = Period {
            from: Date::from_unix_days(first),
            to: Date::from_unix_days(last),
        };
        e.miners = Some(miners);
        e.seals = texts(&[&seal]);
    });
    if !year.say(says(&group.name, declares).called(&lot), now) {
        return;
    }
    year.declared += 1;
    // Roads are closed in the rains.
    let days = if year.chance.below(50) == 0 {
        25 + year.chance.below(10)
    } else {
        year.chance.below(6)
    };
    let group = Rc::clone(group);
    year.after_hours(now, days * 24 + 1, move |year, now| {
        let (giver, trader) = (group.name.clone(), group.trader.clone());
        year.hand(
            (lot.clone(), giver, trader.clone()),
            (now, SealState::Intact),
            move |year, now| {
                year.after_hours(now, 20, move |year, now| {
                    if year.say(says(&trader, opened(&lot, &[&format!("S-{lot}")])), now) {
                        year.stock.entry(trader).or_default().push(lot);
                    }
                });
            },
        );
    });
}

/// What a trader has, molten to one doré, exported, settled, refined and cast.
fn onwards(year: &mut Year, trader: String, number: i64, now: Timestamp) {
    let lots = year.stock.remove(&trader).unwrap_or_default();
    let dore = format!("{trader} {number}");
    let Some(real) = (!lots.is_empty())
        .then(|| melt(year, &trader, &lots, &dore, now))
        .flatten()
    else {
        return;
    };
    year.hand(
        (dore.clone(), trader, "exporter".to_owned()),
        (now, SealState::None),
        move |year, now| {
            year.after_hours(now, 48, move |year, now| {
                let today = now.date();
                let leaves =
                    exported(&[&dore], &dore).but(move |e| (e.issued, e.expires) = (today, today.plus_days(60)));
                year.say(says("exporter", leaves), now);
                let way = (dore.clone(), "exporter".to_owned(), "refiner".to_owned());
                year.hand(way, (now, SealState::None), move |year, now| {
                    year.after_hours(now, 24, move |year, now| settle(year, &dore, real, now));
                });
            });
        },
    );
}

fn settle(year: &mut Year, dore: &str, real: u32, now: Timestamp) {
    let gross = year.gross(dore).micrograms();
    let molten = micrograms((gross - gross / 1_000_000 * (500 + year.chance.below(1_500))) / 10_000 * 10_000);
    year.say(says("refiner", received(dore, dore, molten)), now);
    for who in ["refiner", "assayer"] {
        let found = year.chance.fineness(real, 120);
        let settles = assayed(dore, found).but(|e| e.purpose = AssayPurpose::Settlement);
        year.say(says(who, settles), now);
    }
    refine(year, dore, now);
}

/// To one doré; how fine it really is.
fn melt(year: &mut Year, trader: &str, lots: &[String], dore: &str, at: Timestamp) -> Option<u32> {
    let inputs: Vec<&str> = lots.iter().map(String::as_str).collect();
    let found: Vec<_> = inputs
        .iter()
        .map(|lot| *year.world.ledger.lot(&year.world.lot(lot)).unwrap())
        .collect();
    let (gross, fine): (Mass, Mass) = (
        found.iter().map(|lot| lot.gross_mass).sum(),
        found.iter().filter_map(ledger::Lot::fine_mass).sum(),
    );
    let burnt = gross.micrograms() / 1_000 * (5 + year.chance.below(30));
    let left = micrograms((gross.micrograms() - burnt) / 10_000 * 10_000);
    let lost_fine = fine.ppm(u32::try_from(year.chance.below(4_000)).unwrap());
    let real = u128::from(fine.minus(lost_fine).micrograms()) * 1_000_000 / u128::from(left.micrograms());
    let real = u32::try_from(real).unwrap();
    let output = out(left, year.chance.fineness(real, 3_000));
    let melts = made(Transformation::Melt, &inputs, &[output]).but(move |e| {
        e.lost_gross_mass = gross.minus(left);
        e.lost_fine_mass = lost_fine;
    });
    year.say(says(trader, melts).called(dore), at).then_some(real)
}

fn refine(year: &mut Year, dore: &str, at: Timestamp) {
    let Some(lot) = year.world.ledger.lot(&year.world.lot(dore)).copied() else {
        return;
    };
    let (Some(fine), gross) = (lot.fine_mass(), lot.gross_mass) else {
        return;
    };
    let gone = fine.ppm(u32::try_from(year.chance.below(1_200)).unwrap());
    let sure = |of| FinenessClaim {
        fineness: ppm(of),
        method: FinenessMethod::FireAssay,
    };
    let pure = micrograms(u64::try_from(u128::from(fine.minus(gone).micrograms()) * 1_000_000 / 999_900).unwrap());
    let grain = format!("grain of {dore}");
    let pours = [
        Output {
            form: LotForm::Fine,
            fineness: sure(999_900),
            ..out(pure, 1)
        },
        Output {
            form: LotForm::Residue,
            fineness: sure(100),
            ..out(gross.minus(pure).minus(gone), 1)
        },
    ];
    let refines = made(Transformation::Refine, &[dore], &pours);
    let refines = refines.but(move |e| (e.lost_gross_mass, e.lost_fine_mass) = (gone, gone));
    if year.say(says("refiner", refines).called(&grain), at) {
        let bar = Output {
            fineness: sure(999_900),
            ..cast(pure, 1, &grain[9..])
        };
        let casts = made(Transformation::Cast, &[&grain], &[bar]);
        year.say(says("refiner", casts).called(format!("bar of {dore}")), at);
    }
}

#[test]
fn honest_trade_does_not_drown_in_flags() {
    let mut chance = Chance(SEED);
    let groups = groups(&mut chance);
    let mut year = Year {
        world: beginning(&groups),
        chance,
        agenda: BTreeMap::new(),
        planned: 0,
        stock: BTreeMap::new(),
        declared: 0,
        statements: 0,
        flags: BTreeMap::new(),
        flagged: BTreeSet::new(),
        lots: BTreeSet::new(),
        refused: Vec::new(),
    };
    let day = |day: i64| NOON.plus_ms(day * 86_400_000);
    for number in 0..FORTNIGHTS {
        for group in &groups {
            let (group, at) = (
                Rc::clone(group),
                number * 14 + i64::try_from(year.chance.below(10)).unwrap(),
            );
            year.at(day(at), move |year, now| declare(year, &group, number, now));
        }
        for trader in 0..TRADERS {
            let at = day(number * 14 + 14);
            year.at(at, move |year, now| {
                onwards(year, format!("trader {trader}"), number, now);
            });
        }
    }
    while let Some(((now, _), task)) = year.agenda.pop_first() {
        task(&mut year, now);
    }
    let by_kind: Vec<_> = year
        .flags
        .iter()
        .map(|(kind, count)| format!("{} {count}", kind.name()))
        .collect();
    let all: usize = year.flags.values().sum();
    let (flagged, lots) = (year.flagged.len(), year.lots.len());
    println!(
        "{} sites, {} lots declared, {lots} lots in all, {} statements, {} refused; {all} flags on {flagged} lots, {} per thousand: {}",
        groups.len(),
        year.declared,
        year.statements,
        year.refused.len(),
        flagged * 1_000 / lots,
        by_kind.join(", ")
    );
    assert_eq!(year.refused, [], "honest people are refused");
    assert!(5_000 < year.declared, "a year of trade");
    assert!(flagged * 1_000 / lots < 120, "honest trade drowns in flags");
    // What is not about being late is rare.
    let late = year.flags.get(&FlagKind::Late).copied().unwrap_or_default();
    assert!((all - late) * 1_000 / lots < 15, "{by_kind:?}");
}
