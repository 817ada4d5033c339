//! Lots that are made of lots that are made of lots. All of them are invented, from a seed.

use event::vocabulary::{
    Country, CustodyAccepted, CustodyModel, CustodyOffered, FinenessClaim, FinenessMethod, LotAfter, LotDeclared,
    LotForm, LotsTransformed, Output, PartyKind, PartyProfile, SealState, SiteRegistered, Transformation,
};
use event::{DeploymentId, Event, Fineness, List, LotId, Mass, SignedStatement, SiteId, StatementId};
use journal::Append;
use rayon::prelude::*;
use tests::world::{self, BEGIN, Signer, World, key, list, profile};

use crate::chance::Chance;
use crate::parties::enrol;
use crate::recorded::append;

/// Lots that are molten into one of a bar's inputs.
const MELT_LOTS: usize = 500;
/// Statements that one enrolment takes of the scheme.
const ENROLMENT_STATEMENTS: u64 = 3;
/// Where organizations are at home, and so where their sites lie.
const COUNTRIES: [&str; 8] = ["CO", "PE", "BO", "CD", "GH", "TZ", "MN", "HN"];
/// From which everything follows.
pub(crate) const SEED: u64 = 0x901d;

/// Everyone, and what they have said so far.
pub(crate) struct Invented {
    deployment: DeploymentId,
    refiner: Signer,
    pub(crate) miners: Vec<Miner>,
    pub(crate) records: Vec<Append>,
}

/// A lineage: so many levels of so many lots, each lot of all but the first made in a melt of a group of the level
/// before, from which as many come out. The last level is molten into the bar that is asked about.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) levels: usize,
    /// A multiple of the group.
    pub(crate) width: usize,
    pub(crate) group: usize,
}

impl Shape {
    pub(crate) const fn lots(self) -> usize {
        self.levels * self.width
    }
}

/// An organization that works one site.
pub(crate) struct Miner {
    pub(crate) signer: Signer,
    pub(crate) site: SiteId,
    chance: Chance,
}

/// A lot that the refiner has.
#[derive(Clone, Copy)]
struct Held {
    after: LotAfter,
    gross: Mass,
    fine: Mass,
}

impl Invented {
    /// The founding, a refiner, and so many organizations with a site each.
    pub(crate) fn found(miners: u64) -> Self {
        let (mut world, founding) = World::found(SEED);
        let (refiner, enrolled) = world.enrol(PartyKind::Refiner, "An invented refiner");
        let mut records = vec![append(BEGIN, &founding)];
        records.extend(enrolled.iter().map(|statement| append(BEGIN, statement)));
        let enrolled: Vec<_> = (0..miners)
            .into_par_iter()
            .map(|place| Miner::enrol(place, &world))
            .collect();
        let mut known = Vec::new();
        for (miner, said) in enrolled {
            known.push(miner);
            records.extend(said);
        }
        Self {
            deployment: world.deployment,
            refiner,
            miners: known,
            records,
        }
    }

    pub(crate) const fn deployment(&self) -> DeploymentId {
        self.deployment
    }

    /// Everything that was said, in the order of the stream.
    pub(crate) fn records(&self) -> &[Append] {
        &self.records
    }

    /// A bar of this lineage.
    pub(crate) fn lineage(&mut self, shape: Shape) -> LotId {
        let mut level = self.bought(shape.width);
        for _ in 1..shape.levels {
            let groups = shape.width / shape.group;
            let melts = (0..groups).map(|melt| level.iter().skip(melt).step_by(groups).copied().collect());
            let melts: Vec<Vec<Held>> = melts.collect();
            level = melts
                .into_iter()
                .flat_map(|inputs| self.melt(inputs, shape.group))
                .collect();
        }
        self.melt(level, 1)[0].after.lot
    }

    /// A bar to which so many organizations contributed a lot each.
    pub(crate) fn gathered(&mut self, origins: usize) -> LotId {
        let mut lots = self.bought(origins);
        while 1 < lots.len() {
            let melts: Vec<Vec<Held>> = lots.chunks(MELT_LOTS).map(<[Held]>::to_vec).collect();
            lots = melts.into_iter().flat_map(|inputs| self.melt(inputs, 1)).collect();
        }
        lots[0].after.lot
    }

    /// So many lots more that have nothing to do with any of these.
    pub(crate) fn declare_others(&mut self, count: usize) {
        let mut left = count;
        while 0 < left {
            let some = left.min(self.miners.len());
            let (deployment, miners) = (self.deployment, &mut self.miners[..some]);
            let declared = miners.par_iter_mut().map(|miner| miner.declare(deployment).0);
            let declared: Vec<_> = declared.map(|statement| append(BEGIN, &statement)).collect();
            self.records.extend(declared);
            left -= some;
        }
    }

    /// A lot each of so many organizations, handed over to the refiner.
    fn bought(&mut self, count: usize) -> Vec<Held> {
        let mut miners = core::mem::take(&mut self.miners);
        let bought = miners[..count].iter_mut().map(|miner| self.buy(miner)).collect();
        self.miners = miners;
        bought
    }

    fn buy(&mut self, miner: &mut Miner) -> Held {
        let (declared, gross, fineness) = miner.declare(self.deployment);
        let id = self.append(&declared);
        let lot = LotId::derive(id, 0);
        let offered = CustodyOffered {
            lot,
            after: id,
            to: self.refiner.party,
            with_title: true,
            documents: List::empty(),
        };
        let offered = miner.signer.say(self.deployment, Event::CustodyOffered(offered));
        let accepted = CustodyAccepted {
            lot,
            after: self.append(&offered),
            gross_mass: gross,
            seals: SealState::None,
        };
        let after = self.say(Event::CustodyAccepted(accepted));
        Held {
            after: LotAfter { lot, after },
            gross,
            fine: gross.fine(fineness),
        }
    }

    /// The refiner melts lots together and pours as many as are wanted, of one mass but for the last.
    fn melt(&mut self, mut inputs: Vec<Held>, outputs: usize) -> Vec<Held> {
        inputs.sort_by_key(|input| input.after.lot);
        let gross: Mass = inputs.iter().map(|input| input.gross).sum();
        let fine: Mass = inputs.iter().map(|input| input.fine).sum();
        let ppm = u128::from(fine.micrograms()) * 1_000_000 / u128::from(gross.micrograms());
        let ppm = u32::try_from(ppm).expect("a part of a million");
        let fineness = Fineness::from_ppm(ppm).expect("not finer than what went in");
        let count = u64::try_from(outputs).expect("few outputs");
        let each = Mass::from_micrograms(gross.micrograms() / count);
        let mut masses = vec![each; outputs];
        let last = gross.micrograms() - each.micrograms() * (count - 1);
        masses[outputs - 1] = Mass::from_micrograms(last);
        let output = |gross_mass: &Mass| Output {
            form: LotForm::Dore,
            gross_mass: *gross_mass,
            fineness: claimed(fineness),
            seals: List::empty(),
            bar: None,
        };
        let molten = LotsTransformed {
            how: Transformation::Melt,
            inputs: list(inputs.iter().map(|input| input.after).collect()),
            outputs: list(masses.iter().map(output).collect()),
            custody_model: CustodyModel::MassBalance,
            lost_gross_mass: Mass::ZERO,
            lost_fine_mass: Mass::ZERO,
            melt: None,
            witness: None,
            documents: List::empty(),
        };
        let after = self.say(Event::LotsTransformed(molten));
        let held = |(place, gross): (u32, Mass)| Held {
            after: LotAfter {
                lot: LotId::derive(after, place),
                after,
            },
            gross,
            fine: gross.fine(fineness),
        };
        (0..).zip(masses).map(held).collect()
    }

    fn say(&mut self, event: Event) -> StatementId {
        let said = self.refiner.say(self.deployment, event);
        self.append(&said)
    }

    fn append(&mut self, statement: &SignedStatement) -> StatementId {
        self.records.push(append(BEGIN, statement));
        statement.id(self.deployment)
    }
}

impl Miner {
    fn enrol(place: u64, world: &World) -> (Self, Vec<Append>) {
        let mut chance = Chance::of(SEED ^ (place << 16));
        let country: Country = COUNTRIES[chance.below(8)].parse().expect("a country");
        let mut scheme = world.scheme.clone();
        scheme.number += place * ENROLMENT_STATEMENTS;
        let name = format!("Invented cooperative {place:05}");
        let profile = PartyProfile {
            country,
            ..profile(PartyKind::MinersOrganization, &name)
        };
        let (signer, enrolled) = enrol(world, &mut scheme, profile, key((SEED << 32) | place));
        let registered = SiteRegistered {
            country,
            ..world::site(signer.party, &format!("Invented pit {place:05}"))
        };
        let registered = scheme.say(world.deployment, Event::SiteRegistered(registered));
        let site = SiteId::derive(world.id(&registered), 0);
        let said = enrolled.iter().chain([&registered]);
        let said = said.map(|statement| append(BEGIN, statement)).collect();
        (Self { signer, site, chance }, said)
    }

    /// Some grams of a fineness, neither of them a round number.
    fn declare(&mut self, deployment: DeploymentId) -> (SignedStatement, Mass, Fineness) {
        let gross = Mass::from_micrograms(5_000_000 + self.chance.next() % 45_000_000);
        let ppm = u32::try_from(700_000 + self.chance.below(250_000)).expect("a part of a million");
        let fineness = Fineness::from_ppm(ppm).expect("a part of a million");
        let declared = LotDeclared {
            gross_mass: gross,
            fineness: Some(claimed(fineness)),
            ..world::lot(self.site, 1)
        };
        let declared = self.signer.say(deployment, Event::LotDeclared(declared));
        (declared, gross, fineness)
    }
}

const fn claimed(fineness: Fineness) -> FinenessClaim {
    FinenessClaim {
        fineness,
        method: FinenessMethod::Touchstone,
    }
}
