//! What is said before the portal is asked: everybody assesses himself by the shipped criteria and follows a plan, and digs.

use event::vocabulary::{
    Answer, AssessmentKind, AssessmentSubmitted, CataloguePublished, Finding, Milestone, PlanAdopted, Scale, Subject,
};
use event::{Event, List, LotId, PartyId, Record, SiteId, StatementId};
use journal::Append;
use rayon::prelude::*;
use tests::world::{BEGIN, World, day, line, list};

use crate::invented::{Invented, Miner, Shape};
use crate::recorded::append;

/// Of so many lots besides, one is in the bar's lineage, within these bounds.
const LOTS_OF_LINEAGE: usize = 100;
const LINEAGE_LOTS_MIN: usize = 1_000;
const LINEAGE_LOTS_MAX: usize = 10_000;
const LEVELS: usize = 40;
const GROUP: usize = 5;
/// The lots that are asked about, of those that were declared last.
const LOTS_ASKED: usize = 1_000;

/// Everything that was said, as it stands in the stream, and what there is to ask about.
pub(crate) struct Said {
    pub(crate) records: Vec<Append>,
    pub(crate) organizations: Vec<PartyId>,
    pub(crate) sites: Vec<SiteId>,
    /// Statements that declared lots.
    pub(crate) declarations: Vec<StatementId>,
    /// Made of lots that were made of lots.
    pub(crate) bar: LotId,
    /// How many of them.
    pub(crate) bar_lots: usize,
    /// To which many organizations contributed.
    pub(crate) wide: LotId,
    /// How many of them.
    pub(crate) origins: usize,
}

impl Said {
    pub(crate) fn new(organizations: usize, lots: usize) -> Self {
        let made_of = (lots / LOTS_OF_LINEAGE).clamp(LINEAGE_LOTS_MIN, LINEAGE_LOTS_MAX);
        let shape = Shape {
            levels: LEVELS,
            width: made_of / LEVELS / GROUP * GROUP,
            group: GROUP,
        };
        let origins = (made_of / 2).min(organizations);
        let miners = u64::try_from(organizations.max(shape.width)).expect("not that many");
        let mut invented = Invented::found(miners);
        assess(&mut invented);
        let (bar, wide) = (invented.lineage(shape), invented.gathered(origins));
        invented.declare_others(lots);
        let deployment = invented.deployment();
        let records = invented.records().to_vec();
        let last = &records[records.len() - lots.min(LOTS_ASKED)..];
        let id = |record: &Append| {
            let record = Record::decode(&record.payload).expect("a record of our own");
            record.statement().id(deployment)
        };
        Self {
            declarations: last.iter().map(id).collect(),
            records,
            organizations: invented.miners.iter().map(|miner| miner.signer.party).collect(),
            sites: invented.miners.iter().map(|miner| miner.site).collect(),
            bar,
            bar_lots: shape.lots(),
            wide,
            origins,
        }
    }
}

/// The scheme publishes the shipped criteria, everybody assesses himself by them, and adopts a plan for one.
fn assess(invented: &mut Invented) {
    let catalogue = catalogue::craft_derived().published().clone();
    let (digest, deployment) = (catalogue.digest(), invented.deployment());
    let mut scheme = World::found(crate::invented::SEED).0.scheme;
    // Enrolments took the numbers before.
    scheme.number = 1 << 40;
    let published = scheme.say(deployment, Event::CataloguePublished(catalogue.clone()));
    invented.records.push(append(BEGIN, &published));
    let say = |miner: &mut Miner| {
        let assessed = AssessmentSubmitted {
            subject: Subject::Party(miner.signer.party),
            kind: AssessmentKind::SelfReported,
            period: day(),
            catalogue: digest,
            findings: list(findings(&catalogue)),
            measurements: List::empty(),
            reference: None,
        };
        let milestone = |action: &str| Milestone {
            criterion: 0,
            action: line(action),
            due: BEGIN.date().plus_days(60),
            after: List::empty(),
        };
        let planned = PlanAdopted {
            catalogue: digest,
            criteria: list(vec![0]),
            milestones: list(vec![milestone("Invented: weigh"), milestone("Invented: write it down")]),
        };
        [Event::AssessmentSubmitted(assessed), Event::PlanAdopted(planned)].map(|event| {
            let said = miner.signer.say(deployment, event);
            append(BEGIN, &said)
        })
    };
    let said: Vec<_> = invented.miners.par_iter_mut().map(say).collect();
    invented.records.extend(said.into_iter().flatten());
}

fn findings(catalogue: &CataloguePublished) -> Vec<Finding> {
    let answer = |scale| match scale {
        Scale::PassFail | Scale::Scenario | Scale::PassProgressFail => Answer::Pass,
        Scale::Observation => Answer::NoneObserved,
        Scale::Level { .. } => Answer::Level(1),
        Scale::Count => Answer::Count(3),
        Scale::Words => Answer::Words(line("Invented words")),
    };
    let finding = |(criterion, scale)| Finding {
        criterion,
        answer: answer(scale),
        evidence: List::empty(),
    };
    let asked = catalogue.criteria.iter().map(|criterion| criterion.scale);
    (0..).zip(asked).map(finding).collect()
}
