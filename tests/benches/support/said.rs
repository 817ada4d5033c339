//! What is said: mines that are assessed, and lots that leave them; and what verifying and replaying all of it takes.

use std::hint::black_box;
use std::time::Duration;

use ed25519_dalek::{Signature, VerifyingKey};
use event::vocabulary::{Answer, AssessmentSubmitted, CatalogueDigest, CataloguePublished, Finding, PartyKind, Scale};
use event::{Event, List, SignedStatement, SiteId};
use journal::Append;
use rayon::prelude::*;
use replay::Replica;
use service::clock::Stopwatch;
use tests::world::{BEGIN, Signer, World, assessment, catalogue, list, question};
use tlog::Origin;

use crate::recorded::append;
use crate::replayed::replay;

/// Questions of the catalogue, all answered in each assessment: as many as a visit of a mine reports on.
const CRITERIA: u16 = 12;
/// Sites, each with an operator, a trader and an assessor of its own.
const SITES: usize = 50;

/// Everything that is submitted, signed beforehand.
pub(crate) struct Said {
    /// Founding, parties, keys, sites and the catalogue.
    pub(crate) registry: Vec<SignedStatement>,
    /// A quarter each: assessments, lots, offers, acceptances.
    pub(crate) statements: Vec<SignedStatement>,
    /// Of another mine's assessor, for who submits one at a time.
    pub(crate) one_by_one: Vec<SignedStatement>,
    /// `registry` and `statements`, as they stand in the stream.
    pub(crate) records: Vec<Append>,
    /// `statements`, as `verify_strict` takes them.
    pub(crate) raw: Vec<Raw>,
}

/// One signature with everything decoded.
pub(crate) struct Raw {
    key: VerifyingKey,
    message: Vec<u8>,
    signature: Signature,
}

/// A mine with everyone around it.
pub(crate) struct Mine {
    pub(crate) site: SiteId,
    pub(crate) operator: Signer,
    pub(crate) trader: Signer,
    pub(crate) assessor: Signer,
}

impl Said {
    /// So many statements, and after them what is `also` said of another mine; besides, what is said there one by one.
    pub(crate) fn new(
        count: usize,
        one_by_one: usize,
        also: impl FnOnce(&World, &mut Mine) -> Vec<SignedStatement>,
    ) -> Self {
        let (mut world, founding) = World::found(1);
        let (catalogue, published) = publish(&mut world);
        let mut registry = vec![founding, published];
        let mut mines: Vec<_> = (0..SITES).map(|_| Mine::new(&mut world, &mut registry)).collect();
        let mut beside = Mine::new(&mut world, &mut registry);
        let mut statements = Vec::with_capacity(count + SITES);
        for at in (0..SITES).cycle() {
            if count <= statements.len() {
                break;
            }
            statements.extend(mines[at].visit(&world, catalogue));
        }
        statements.extend(also(&world, &mut beside));
        let one_by_one = (0..one_by_one).map(|_| beside.assess(&world, catalogue)).collect();
        let raw = statements.iter().map(|statement| Raw::new(statement, &world)).collect();
        let records = registry
            .iter()
            .chain(&statements)
            .map(|statement| append(BEGIN, statement))
            .collect();
        Self {
            registry,
            statements,
            one_by_one,
            records,
            raw,
        }
    }

    pub(crate) fn record_bytes(&self) -> usize {
        self.records.iter().map(|record| record.payload.len()).sum()
    }
}

impl Raw {
    pub(crate) fn new(statement: &SignedStatement, world: &World) -> Self {
        let message = [
            b"veta/statement/v1\n".as_slice(),
            world.deployment.as_bytes(),
            &statement.body.0,
        ]
        .concat();
        let key = VerifyingKey::from_bytes(statement.key.as_bytes()).expect("a signer's key");
        Self {
            key,
            message,
            signature: Signature::from_bytes(&statement.signature.0),
        }
    }

    pub(crate) fn verify(&self) -> bool {
        self.key.verify_strict(&self.message, &self.signature).is_ok()
    }
}

impl Mine {
    pub(crate) fn new(world: &mut World, registry: &mut Vec<SignedStatement>) -> Self {
        let mut enrol = |kind| {
            let (signer, said) = world.enrol(kind, "Someone near a mine");
            registry.extend(said);
            signer
        };
        let operator = enrol(PartyKind::MinersOrganization);
        let (trader, assessor) = (enrol(PartyKind::Trader), enrol(PartyKind::Assessor));
        let (site, registered) = world.site(&operator, "A mine");
        registry.push(registered);
        Self {
            site,
            operator,
            trader,
            assessor,
        }
    }

    /// The mine is assessed; a lot leaves it and is taken over.
    pub(crate) fn visit(&mut self, world: &World, catalogue: CatalogueDigest) -> [SignedStatement; 4] {
        let assessed = self.assess(world, catalogue);
        let (lot, declared) = world.declare(&mut self.operator, self.site, 500);
        let offered = world.offer(&mut self.operator, lot, world.id(&declared), &self.trader);
        let accepted = world.accept(&mut self.trader, lot, world.id(&offered), 500);
        [assessed, declared, offered, accepted]
    }

    pub(crate) fn assess(&mut self, world: &World, catalogue: CatalogueDigest) -> SignedStatement {
        let finding = |criterion| Finding {
            criterion,
            answer: Answer::Observed,
            evidence: List::empty(),
        };
        let findings = list((0..CRITERIA).map(finding).collect());
        let assessed = AssessmentSubmitted {
            findings,
            ..assessment(self.site, catalogue, true)
        };
        self.assessor
            .say(world.deployment, Event::AssessmentSubmitted(assessed))
    }
}

fn publish(world: &mut World) -> (CatalogueDigest, SignedStatement) {
    let criterion = |at| question(&format!("question-{at}"), Scale::Observation, "What was seen?");
    let published = CataloguePublished {
        criteria: list((0..CRITERIA).map(criterion).collect()),
        ..catalogue()
    };
    let digest = published.digest();
    (
        digest,
        world.scheme.say(world.deployment, Event::CataloguePublished(published)),
    )
}

pub(crate) fn verify_raw(raw: &[Raw]) -> Duration {
    let watch = Stopwatch::start();
    let holds = raw.par_iter().all(Raw::verify);
    assert!(black_box(holds));
    watch.elapsed()
}

pub(crate) fn replay_with_log(records: &[Append]) -> Duration {
    let origin = Origin::new("bench.veta.example/log").expect("a good origin");
    let (replica, took) = replay(records, Replica::with_log(&origin), drop);
    black_box(replica.map_root());
    took
}
