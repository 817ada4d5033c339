//! As of a position and an instant: what is answered later is what was answered then.

use event::vocabulary::{
    Answer, AssessmentKind, Confidence, IncidentCategory, MilestoneState, PolicySet, Standing, Subject, Term,
};
use event::{AssessmentId, Event, IncidentId, PlanId};
use proptest::collection::vec;
use proptest::prelude::*;
use rpc::progress::{GetOrganizationResponse, ListOrganizationsRequest, ListOrganizationsResponse, StandingEntry};
use tests::world::list;

use crate::gates::{Who, gates};
use crate::support::{Folded, Replacing, Said, Stream};

const DAY_MS: i64 = 86_400_000;

/// What comes next in a random history of organization 0.
#[derive(Clone, Debug)]
enum Next {
    Find {
        at_site: bool,
        kind: usize,
        days_ago: i32,
        answers: u32,
    },
    Judge {
        which: usize,
        contests: bool,
    },
    Withdraw(usize),
    Plan(u16),
    Milestone {
        which: usize,
        done: bool,
    },
    Extend(usize),
    Close(usize),
    Incident {
        at_site: bool,
        confidence: usize,
    },
    Update {
        which: usize,
        confidence: usize,
    },
    Resolve(usize),
    Report,
    Decide,
    Policy(u16),
    Publish(bool),
    Move(usize),
    Later(i64),
}

fn next() -> impl Strategy<Value = Next> {
    let find = (any::<bool>(), 0..4_usize, 0..500_i32, any::<u32>());
    prop_oneof![
        10 => find.prop_map(|(at_site, kind, days_ago, answers)| Next::Find { at_site, kind, days_ago, answers }),
        2 => (0..8_usize, any::<bool>()).prop_map(|(which, contests)| Next::Judge { which, contests }),
        3 => (0..8_usize).prop_map(Next::Withdraw),
        3 => (1..300_u16).prop_map(Next::Plan),
        2 => (0..4_usize, any::<bool>()).prop_map(|(which, done)| Next::Milestone { which, done }),
        1 => (0..4_usize).prop_map(Next::Extend),
        1 => (0..4_usize).prop_map(Next::Close),
        2 => (any::<bool>(), 0..3_usize).prop_map(|(at_site, confidence)| Next::Incident { at_site, confidence }),
        1 => (0..4_usize, 0..3_usize).prop_map(|(which, confidence)| Next::Update { which, confidence }),
        1 => (0..4_usize).prop_map(Next::Resolve),
        3 => Just(Next::Report),
        1 => Just(Next::Decide),
        1 => (1..400_u16).prop_map(Next::Policy),
        1 => any::<bool>().prop_map(Next::Publish),
        2 => (0..2_usize).prop_map(Next::Move),
        6 => (0..120_i64).prop_map(Next::Later),
    ]
}

/// A history, and what was made in it so far. What the rules refuse stays in the stream as refused.
struct History {
    stream: Stream,
    version: u32,
    assessments: Vec<(Subject, AssessmentKind, AssessmentId)>,
    plans: Vec<PlanId>,
    incidents: Vec<(Subject, IncidentId)>,
}

fn pick<T: Copy>(of: &[T], which: usize) -> Option<T> {
    (!of.is_empty()).then(|| of[which % of.len()])
}

fn answers(seed: u32) -> Vec<Said<'static>> {
    let given = |shift: u32, third: Answer| match (seed >> shift) % 4 {
        0 => None,
        1 => Some(Answer::Pass),
        2 => Some(Answer::Fail),
        _ => Some(third),
    };
    let level = |shift: u32| (seed >> shift) % 6;
    let mut said: Vec<Said<'static>> = Vec::new();
    let pass = Answer::Pass;
    said.extend(given(0, pass.clone()).map(|answer| ("manage", answer)));
    said.extend(given(2, pass.clone()).map(|answer| ("title", answer)));
    said.extend(given(4, pass).map(|answer| ("children", answer)));
    said.extend(given(6, Answer::Progress).map(|answer| ("taxes", answer)));
    for (name, shift) in [("water", 8), ("mercury-free", 12)] {
        let level = u8::try_from(level(shift)).unwrap();
        said.extend((level < 5).then_some((name, Answer::Level(level))));
    }
    if said.is_empty() {
        said.push(("minutes", Answer::Pass));
    }
    said
}

impl History {
    fn begin() -> Self {
        Self {
            stream: Stream::with_gates(),
            version: 1,
            assessments: Vec::new(),
            plans: Vec::new(),
            incidents: Vec::new(),
        }
    }

    fn subject(&self, at_site: bool) -> Subject {
        if at_site {
            Subject::Site(self.stream.sites[0])
        } else {
            self.stream.organization(0)
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of statement")]
    fn take(&mut self, next: &Next) {
        const SURE: [Confidence; 3] = [Confidence::Allegation, Confidence::FoundedSuspicion, Confidence::Known];
        match *next {
            Next::Find {
                at_site,
                kind,
                days_ago,
                answers: seed,
            } => {
                let (subject, kind) = (self.subject(at_site), AssessmentKind::ALL[kind]);
                let version = format!("g@{}", self.version);
                let found = self
                    .stream
                    .find(subject, kind, days_ago, &version, &answers(seed), &[(0, 7)]);
                self.assessments.push((subject, kind, found));
            }
            Next::Judge { which, contests } => {
                if let Some((subject, _, assessment)) = pick(&self.assessments, which) {
                    self.stream.judge(Who::Scheme, subject, assessment, &[0, 3], contests);
                }
            }
            Next::Withdraw(which) => {
                if let Some((subject, kind, assessment)) = pick(&self.assessments, which) {
                    let who = match kind {
                        AssessmentKind::SelfReported => Who::Operator(0),
                        _ => Who::Assessor,
                    };
                    self.stream.withdraw(who, subject, assessment);
                }
            }
            Next::Plan(days) => self.plans.push(self.stream.plan(0, 4, &[days, days + 1])),
            Next::Milestone { which, done } => {
                let state = if done {
                    MilestoneState::Done
                } else {
                    MilestoneState::Started
                };
                if let Some(plan) = pick(&self.plans, which) {
                    self.stream.milestone(0, plan, 0, state);
                }
            }
            Next::Extend(which) => {
                if let Some(plan) = pick(&self.plans, which) {
                    self.stream.extend(0, plan, 1, 400);
                }
            }
            Next::Close(which) => {
                if let Some(plan) = pick(&self.plans, which) {
                    self.stream.close(0, plan);
                }
            }
            Next::Incident { at_site, confidence } => {
                let subject = self.subject(at_site);
                let incident = self
                    .stream
                    .incident(subject, IncidentCategory::ArmedGroup, SURE[confidence]);
                self.incidents.push((subject, incident));
            }
            Next::Update { which, confidence } => {
                if let Some((subject, incident)) = pick(&self.incidents, which) {
                    self.stream.update(subject, incident, SURE[confidence]);
                }
            }
            Next::Resolve(which) => {
                if let Some((subject, incident)) = pick(&self.incidents, which) {
                    self.stream.resolve(subject, incident);
                }
            }
            Next::Report => self.stream.report(0),
            Next::Decide => self.stream.decide(0, Standing::Suspended),
            Next::Policy(days) => {
                let terms = list(vec![Term::ReportDaysMax(days), Term::AssuranceDaysMax(days)]);
                self.stream.scheme_says(Event::PolicySet(PolicySet { terms }));
            }
            Next::Publish(replaces) => {
                let old = self.stream.catalogues.last().unwrap().clone();
                self.version += 1;
                let new = gates(&self.version.to_string());
                self.stream.publish(if replaces { new.replacing(&old) } else { new });
            }
            Next::Move(operator) => {
                self.stream.move_site(0, operator);
            }
            Next::Later(days) => self.stream.later(days),
        }
    }
}

/// What can be asked about organization 0, and about all, as of a position and an instant; 0 for neither.
async fn told(
    folded: &Folded,
    history: &History,
    as_of_position: u64,
    as_of_unix_ms: i64,
) -> (GetOrganizationResponse, ListOrganizationsResponse, StandingEntry) {
    let party = history.stream.operators[0].party;
    let request = ListOrganizationsRequest {
        as_of_position,
        as_of_unix_ms,
        ..Default::default()
    };
    (
        folded.organization_as_of(party, as_of_position, as_of_unix_ms).await,
        folded.organizations(request).await,
        folded.standing_as_of(party, as_of_position, as_of_unix_ms).await,
    )
}

/// Whatever the way to it: the ledger's own word on the standing of an operator at a position.
fn by_the_ledger(history: &History, operator: usize, up_to: u64, at: event::Timestamp) -> ledger::standing::Derived {
    let mut replica = replay::Replica::new();
    for record in &history.stream.records[..usize::try_from(up_to).unwrap()] {
        replica.step(replay::check(replica.deployment(), record.clone().into()));
    }
    replica
        .ledger()
        .basis(history.stream.operators[operator].party)
        .derive(at)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Asked later as of a position, or of an instant, or of both: as a replay up to there answers.
    #[test]
    fn the_standing_as_of_then_is_what_a_replay_to_then_says(
        moves in vec(next(), 1..50),
        part in 0..=100_u64,
        later in 0..800_i64,
    ) {
        let mut history = History::begin();
        let begun = history.stream.end();
        let mut instants = vec![history.stream.now; usize::try_from(begun).unwrap()];
        for next in &moves {
            history.take(next);
            instants.resize(history.stream.records.len(), history.stream.now);
        }
        let at = begun + (history.stream.end() - begun) * part / 100;
        let (now, then) = (history.stream.fold_all(), history.stream.fold(at, &[1]));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            // As of the position.
            let present = told(&then, &history, 0, 0).await;
            prop_assert_eq!(&told(&now, &history, at, 0).await, &present);
            // As of an instant after it, with clocks read then.
            let instant = instants[usize::try_from(at - 1).unwrap()].unix_ms() + later * DAY_MS;
            let looked_ahead = told(&then, &history, 0, instant).await;
            prop_assert_eq!(&told(&now, &history, at, instant).await, &looked_ahead);
            // As the ledger says.
            let derived = by_the_ledger(&history, 0, at, event::Timestamp::from_unix_ms(instant));
            let standing = looked_ahead.0.standing.as_ref().unwrap();
            prop_assert_eq!(standing.standing(), derived.standing.into());
            let met: Vec<_> = standing.gates.iter().map(|gate| gate.met).collect();
            prop_assert_eq!(met, derived.gates.iter().map(|gate| u32::from(gate.met)).collect::<Vec<_>>());
            // So does whoever may have come to work the site.
            let other = by_the_ledger(&history, 1, at, event::Timestamp::from_unix_ms(instant));
            let party = history.stream.operators[1].party;
            let told_of_other = now.organization_as_of(party, at, instant).await.standing.unwrap();
            prop_assert_eq!(told_of_other.standing(), other.standing.into());
            // A list says the same as the whole answer.
            let place = looked_ahead.1.organizations.iter().position(|row| row.name == "Operator 0").unwrap();
            let summary = &looked_ahead.1.summaries[place];
            prop_assert_eq!(summary.standing(), standing.standing());
            prop_assert_eq!(summary.since_unix_ms, standing.since_unix_ms);
            let modules = standing.gates.iter().filter(|gate| gate.is_met).map(|gate| gate.module);
            prop_assert_eq!(&summary.modules_met, &modules.collect::<Vec<_>>());
            // Among many standings it is the same, with the same statements.
            let told_of_one = crate::standings::of_organization(&looked_ahead.0);
            prop_assert_eq!(crate::standings::of_entry(&looked_ahead.2), told_of_one);
            // Asked for beside the present, a position of its own has its clocks there.
            let party = history.stream.operators[0].party;
            let both = now.standings(&[(party, 0), (party, at)], 0, 0).await;
            prop_assert_eq!(&both[1], &present.2);
            Ok(())
        })?;
    }

    /// As of an instant alone: the records that were admitted up to then.
    #[test]
    fn an_instant_in_the_past_is_the_position_it_was_at(moves in vec(next(), 1..30), part in 0..=100_usize) {
        let mut history = History::begin();
        for next in &moves {
            history.take(next);
        }
        let mut positions = Vec::new();
        for (place, record) in history.stream.records.iter().enumerate() {
            let record = event::Record::decode(record).unwrap();
            positions.push((record.admitted_at(), place as u64 + 1));
        }
        let instant = positions[(positions.len() - 1) * part / 100].0;
        let at = positions.iter().filter(|(admitted_at, _)| *admitted_at <= instant).map(|(_, at)| *at).max().unwrap();
        let (now, then) = (history.stream.fold_all(), history.stream.fold(at, &[100]));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (mut past, mut present) = runtime.block_on(async {
            (told(&now, &history, 0, instant.unix_ms()).await, told(&then, &history, 0, instant.unix_ms()).await)
        });
        // Refused records that follow change nothing: whether they are counted in is all one.
        for answer in [&mut past, &mut present] {
            (answer.0.position, answer.1.position, answer.2.position) = (0, 0, 0);
        }
        prop_assert_eq!(past, present);
    }
}
