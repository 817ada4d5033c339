//! What is found about organizations and what they do about it, at random; and what holds of it.

use std::collections::{BTreeMap, BTreeSet};

use event::vocabulary::{
    Answer, AssessmentKind, Confidence, EventKind, IncidentCategory, Period, Standing, Subject, Term,
};
use event::{AssessmentId, Date, IncidentId, PartyId, PlanId, Timestamp};
use ledger::standing::Given;
use ledger::{Assessment, Change, Conduct, FindingKey, Incident, Ledger, Plan};
use proptest::collection::btree_map;
use proptest::prelude::*;

use super::{ACTORS, HELPERS, NAMES, party_of};
use crate::support::{
    EMISSIONS, NOON, Say, World, accredited, closed, confirmed, contested, decided, delegated, extended, gates,
    gates_after, happened, judged, list, milestone, planned, policy, reached_milestone, reported, says, settled,
    taken_back, unaccredited, undelegated, updated,
};

/// Whom and what it is about, beside a name that stands for nothing.
const SUBJECTS: [&str; 6] = ["mine", "mine", "pit", "rival", "creek", "nothing"];
const KINDS: [AssessmentKind; 4] = AssessmentKind::ALL;
const CATEGORIES: [IncidentCategory; 3] = [
    IncidentCategory::ChildLabour,
    IncidentCategory::ArmedGroup,
    IncidentCategory::Bribery,
];
const CONFIDENCES: [Confidence; 3] = [Confidence::Allegation, Confidence::FoundedSuspicion, Confidence::Known];
const STANDINGS: [Standing; 3] = [Standing::Applicant, Standing::Affiliate, Standing::Suspended];
/// The criteria that standings hang on in the drafts' catalogue.
const PLACES: core::ops::Range<u16> = 0..8;
/// Those of the actors who let others speak for them.
const FROM: core::ops::Range<usize> = 1..3;
/// The place of `monitor` among the actors.
const MONITOR: usize = 6;

#[derive(Clone, Debug)]
pub(super) enum Progress {
    Accredit {
        assessor: usize,
        days: i32,
    },
    Unaccredit {
        assessor: usize,
    },
    Gates {
        version: usize,
        supersedes: bool,
        kept: BTreeSet<u16>,
    },
    Judge {
        subject: usize,
        kind: usize,
        answers: BTreeMap<u16, usize>,
        days_back: i32,
    },
    Confirm {
        assessment: usize,
        contest: bool,
        place: u16,
    },
    TakeBack {
        assessment: usize,
    },
    Plan {
        organization: usize,
        places: BTreeSet<u16>,
        due: i32,
    },
    Milestone {
        plan: usize,
        milestone: u8,
    },
    Extend {
        plan: usize,
        due: i32,
    },
    Close {
        plan: usize,
    },
    Happen {
        subject: usize,
        category: usize,
        confidence: usize,
    },
    Update {
        incident: usize,
        confidence: usize,
    },
    Settle {
        incident: usize,
    },
    Report {
        organization: usize,
        days_back: i32,
    },
    Decide {
        organization: usize,
        standing: usize,
    },
    Delegate {
        from: usize,
        to: usize,
        everything: bool,
        days: i32,
        grams: Option<u64>,
    },
    Undelegate {
        from: usize,
        to: usize,
    },
    Days {
        term: usize,
        days: u16,
    },
}

pub(super) fn progress() -> impl Strategy<Value = Progress> {
    let actor = || 0..ACTORS.len();
    let to = || prop_oneof![9 => HELPERS, 1 => actor()];
    let name = || prop_oneof![9 => 1..=NAMES, 1 => Just(0)];
    let assessor = || prop_oneof![1 => Just(MONITOR), 1 => actor()];
    let subject = || 0..SUBJECTS.len();
    let answer = || prop_oneof![5 => Just(0_usize), 2 => Just(1), 1 => Just(2), 1 => Just(3)];
    let passes = || PLACES.map(|place| (place, 0_usize)).collect::<BTreeMap<_, _>>();
    let answers = || {
        prop_oneof![
            1 => Just(passes()),
            2 => btree_map(PLACES, answer(), 1..9),
            1 => btree_map(0..10_u16, answer(), 0..3),
        ]
    };
    let places = || proptest::collection::btree_set(PLACES, 0..4);
    let back = || prop_oneof![3 => 0..3, 2 => 0..400_i32, 1 => Just(-1)];
    prop_oneof![
        2 => (assessor(), -1..900_i32).prop_map(|(assessor, days)| Progress::Accredit { assessor, days }),
        1 => assessor().prop_map(|assessor| Progress::Unaccredit { assessor }),
        1 => (1..4_usize, any::<bool>(), places())
            .prop_map(|(version, supersedes, kept)| Progress::Gates { version, supersedes, kept }),
        10 => (subject(), 0..KINDS.len(), answers(), back())
            .prop_map(|(subject, kind, answers, days_back)| Progress::Judge { subject, kind, answers, days_back }),
        4 => (name(), any::<bool>(), PLACES)
            .prop_map(|(assessment, contest, place)| Progress::Confirm { assessment, contest, place }),
        4 => name().prop_map(|assessment| Progress::TakeBack { assessment }),
        5 => (0..2_usize, places(), 0..800_i32)
            .prop_map(|(organization, places, due)| Progress::Plan { organization, places, due }),
        2 => (name(), 0..2_u8).prop_map(|(plan, milestone)| Progress::Milestone { plan, milestone }),
        2 => (name(), 0..800_i32).prop_map(|(plan, due)| Progress::Extend { plan, due }),
        2 => name().prop_map(|plan| Progress::Close { plan }),
        3 => (subject(), 0..CATEGORIES.len(), 0..CONFIDENCES.len())
            .prop_map(|(subject, category, confidence)| Progress::Happen { subject, category, confidence }),
        3 => (name(), 0..CONFIDENCES.len())
            .prop_map(|(incident, confidence)| Progress::Update { incident, confidence }),
        3 => name().prop_map(|incident| Progress::Settle { incident }),
        4 => (0..2_usize, back()).prop_map(|(organization, days_back)| Progress::Report { organization, days_back }),
        1 => (0..2_usize, 0..STANDINGS.len())
            .prop_map(|(organization, standing)| Progress::Decide { organization, standing }),
        4 => (FROM, to(), prop::bool::weighted(0.8), -1..200_i32, proptest::option::of(0..300_u64)).prop_map(
            |(from, to, everything, days, grams)| Progress::Delegate { from, to, everything, days, grams }
        ),
        2 => (FROM, to()).prop_map(|(from, to)| Progress::Undelegate { from, to }),
        1 => (0..4_usize, 0..500_u16).prop_map(|(term, days)| Progress::Days { term, days }),
    ]
}

fn organization_of(organization: usize) -> &'static str {
    ["mine", "rival"][organization]
}

fn answer(place: u16, which: usize) -> Answer {
    match which {
        0 => Answer::Pass,
        2 if place == EMISSIONS => Answer::Progress,
        3 => Answer::NotApplicable("no such thing".parse().unwrap()),
        _ => Answer::Fail,
    }
}

fn days_before(now: Timestamp, days: i32) -> Date {
    Date::from_unix_days(now.date().unix_days() - days)
}

/// What the turn creates is called by its number.
fn numbered(what: &str, index: usize) -> String {
    format!("{what} {index}")
}

/// One of those that exist, where there are any; index 0 never does.
fn some(what: &str, index: usize, exists: impl Fn(&str) -> bool) -> String {
    let names = (1..=NAMES)
        .map(|index| numbered(what, index))
        .filter(|name| exists(name))
        .collect::<Vec<_>>();
    match index.checked_sub(1) {
        Some(index) if !names.is_empty() => names[index % names.len()].clone(),
        _ => numbered(what, 0),
    }
}

fn some_assessment(world: &World, index: usize) -> String {
    some("assessment", index, |name| {
        world.ledger.assessment(&world.assessment(name)).is_some()
    })
}

fn some_plan(world: &World, index: usize) -> String {
    some("plan", index, |name| world.ledger.plan(&world.plan(name)).is_some())
}

fn some_incident(world: &World, index: usize) -> String {
    some("incident", index, |name| {
        world.ledger.incident(&world.incident(name)).is_some()
    })
}

impl Progress {
    /// The key of one who may say it.
    pub(super) fn right_key(&self, world: &World) -> String {
        let name = |party: PartyId| world.name_of(party, PartyId::derive).to_owned();
        match self {
            Self::Judge { subject, kind, .. } => match KINDS[*kind] {
                AssessmentKind::SelfReported => {
                    let owner = world.ledger.owner(&world.subject(SUBJECTS[*subject]));
                    owner.map_or_else(|| "mine".to_owned(), name)
                }
                AssessmentKind::ThirdParty => "monitor".to_owned(),
                AssessmentKind::Implementer | AssessmentKind::Monitor => "auditor".to_owned(),
            },
            Self::Confirm { .. } => "ministry".to_owned(),
            Self::Update { .. } | Self::Settle { .. } => "auditor".to_owned(),
            Self::TakeBack { assessment } => {
                let known = world
                    .ledger
                    .assessment(&world.assessment(&some_assessment(world, *assessment)));
                known.map_or_else(|| "mine".to_owned(), |known| name(known.by))
            }
            Self::Plan { organization, .. } | Self::Report { organization, .. } => {
                organization_of(*organization).to_owned()
            }
            Self::Milestone { plan, .. } | Self::Extend { plan, .. } | Self::Close { plan } => {
                let known = world.ledger.plan(&world.plan(&some_plan(world, *plan)));
                known.map_or_else(|| "mine".to_owned(), |known| name(known.of))
            }
            Self::Happen { .. } => "monitor".to_owned(),
            Self::Delegate { from, .. } | Self::Undelegate { from, .. } => ACTORS[*from].to_owned(),
            Self::Accredit { .. }
            | Self::Unaccredit { .. }
            | Self::Gates { .. }
            | Self::Decide { .. }
            | Self::Days { .. } => "scheme".to_owned(),
        }
    }

    pub(super) fn say(self, world: &World, key: String, turn: usize) -> Say {
        let new = 1 + turn % NAMES;
        let now = world.ledger.clock().max(NOON);
        match self {
            Self::Accredit { assessor, days } => {
                let until = days_before(now, -days);
                says(key, accredited(party_of(assessor)).but(move |e| e.until = until))
            }
            Self::Unaccredit { assessor } => says(key, unaccredited(party_of(assessor))),
            Self::Gates {
                version,
                supersedes: false,
                ..
            } => says(key, gates(&version.to_string())).called("gates"),
            Self::Gates { version, kept, .. } => {
                let next = gates_after("gates", &format!("{version} anew")).but(move |e| {
                    let mut criteria = e.criteria.to_vec();
                    for one in &mut criteria {
                        one.replaces = one.replaces.filter(|place| kept.contains(place));
                    }
                    e.criteria = list(criteria);
                });
                says(key, next).called("gates")
            }
            Self::Judge {
                subject,
                kind,
                answers,
                days_back,
            } => {
                let answers: Vec<_> = answers
                    .into_iter()
                    .map(|(place, one)| (place, answer(place, one)))
                    .collect();
                let day = days_before(now, days_back);
                let period = Period { from: day, to: day };
                let judged =
                    judged(SUBJECTS[subject], &answers).but(move |e| (e.kind, e.period) = (KINDS[kind], period));
                says(key, judged).called(numbered("assessment", new))
            }
            Self::Confirm {
                assessment,
                contest: false,
                place,
            } => says(key, confirmed(&some_assessment(world, assessment), &[place])),
            Self::Confirm { assessment, place, .. } => {
                says(key, contested(&some_assessment(world, assessment), &[place]))
            }
            Self::TakeBack { assessment } => says(key, taken_back(&some_assessment(world, assessment))),
            other => other.conduct(world, key, new, now),
        }
    }

    fn conduct(self, world: &World, key: String, new: usize, now: Timestamp) -> Say {
        match self {
            Self::Plan { places, due, .. } => {
                let places: Vec<_> = places.into_iter().collect();
                let mut first = milestone(places.first().copied().unwrap_or_default());
                first.due = days_before(now, -due);
                let plan = planned("gates", &places).but(move |e| e.milestones = list([first.clone()]));
                says(key, plan).called(numbered("plan", new))
            }
            Self::Milestone { plan, milestone } => {
                let plan = some_plan(world, plan);
                let of = world.ledger.plan(&world.plan(&plan)).map(|plan| plan.of);
                let reached = reached_milestone(&plan, milestone);
                says(key, reached.but(move |e| e.organization = of.unwrap_or(e.organization)))
            }
            Self::Extend { plan, due } => says(key, extended(&some_plan(world, plan), 0, days_before(now, -due))),
            Self::Close { plan } => {
                let plan = some_plan(world, plan);
                let of = world.ledger.plan(&world.plan(&plan)).map(|plan| plan.of);
                says(
                    key,
                    closed(&plan).but(move |e| e.organization = of.unwrap_or(e.organization)),
                )
            }
            other => other.word(world, key, new, now),
        }
    }

    fn word(self, world: &World, key: String, new: usize, now: Timestamp) -> Say {
        match self {
            Self::Happen {
                subject,
                category,
                confidence,
            } => {
                let it = happened(SUBJECTS[subject], CATEGORIES[category]);
                says(key, it.but(move |e| e.confidence = CONFIDENCES[confidence])).called(numbered("incident", new))
            }
            Self::Update { incident, confidence } => {
                says(key, updated(&some_incident(world, incident), CONFIDENCES[confidence]))
            }
            Self::Settle { incident } => says(key, settled(&some_incident(world, incident))),
            Self::Report { days_back, .. } => {
                let day = days_before(now, days_back);
                says(key, reported().but(move |e| e.period = Period { from: day, to: day }))
            }
            Self::Decide { organization, standing } => {
                says(key, decided(organization_of(organization), STANDINGS[standing]))
            }
            Self::Delegate {
                to,
                everything,
                days,
                grams,
                ..
            } => {
                let (kinds, until) = (
                    if everything {
                        everyday()
                    } else {
                        vec![EventKind::LotDeclared]
                    },
                    days_before(now, -days),
                );
                let grant = delegated(party_of(to), &kinds).but(move |e| {
                    e.until = until;
                    e.gross_mass_max = grams.map(crate::support::grams);
                });
                says(key, grant)
            }
            Self::Undelegate { to, .. } => says(key, undelegated(party_of(to))),
            Self::Days { term, days } => {
                let terms: [fn(u16) -> Term; 4] = [
                    Term::ReportDaysMax,
                    Term::MitigationDaysMax,
                    Term::AssuranceDaysMax,
                    Term::PlanDaysMax,
                ];
                says(key, policy([terms[term](days)]))
            }
            other => unreachable!("{other:?} is said elsewhere"),
        }
    }
}

fn everyday() -> Vec<EventKind> {
    EventKind::ALL
        .iter()
        .copied()
        .filter(|kind| kind.is_delegable())
        .collect()
}

/// What a follower knows of progress that has only seen the changes.
#[derive(Default)]
pub(super) struct Progressed {
    assessments: BTreeMap<AssessmentId, Assessment>,
    findings: BTreeMap<FindingKey, Given>,
    conducts: BTreeMap<PartyId, Conduct>,
    plans: BTreeMap<PlanId, Plan>,
    incidents: BTreeMap<IncidentId, Incident>,
}

impl Progressed {
    /// Checks what must hold from one state to the next, then takes the change over.
    pub(super) fn follow(&mut self, change: &Change) {
        match change {
            Change::Assessment(id, assessment) => {
                if let Some(old) = self.assessments.insert(*id, *assessment) {
                    let withdrawn = Assessment { withdrawn: true, ..old };
                    assert_eq!(
                        (old.withdrawn, *assessment),
                        (false, withdrawn),
                        "an assessment is taken back, once"
                    );
                }
            }
            Change::Finding(key, Some(given)) => {
                assert_eq!(self.findings.insert(*key, *given), None, "found once");
            }
            Change::Finding(key, None) => assert!(self.findings.remove(key).is_some(), "taken back, if it was found"),
            Change::Conduct(organization, conduct) => {
                if let Some(old) = self.conducts.insert(*organization, conduct.clone()) {
                    clocks_go_on(&old, conduct);
                }
            }
            Change::Plan(id, plan) => {
                if let Some(old) = self.plans.insert(*id, plan.clone()) {
                    assert!(!old.closed, "a closed plan never changes");
                    assert!(
                        old.of == plan.of && old.due <= plan.due,
                        "a plan is nobody else's and no shorter"
                    );
                }
            }
            Change::Incident(id, incident) => {
                if let Some(old) = self.incidents.insert(*id, *incident) {
                    assert!(!old.closed, "a closed incident never changes");
                    assert_eq!(
                        (old.subject, old.owner, old.by),
                        (incident.subject, incident.owner, incident.by)
                    );
                }
            }
            _ => {}
        }
    }

    /// What look-ups show follows from the changes alone.
    pub(super) fn agrees_with(&self, ledger: &Ledger) {
        for (organization, conduct) in &self.conducts {
            assert_eq!(ledger.conduct(organization), Some(conduct));
            let grave = self
                .incidents
                .values()
                .filter(|one| one.owner == *organization && one.is_grave())
                .count();
            assert_eq!(
                usize::try_from(conduct.grave),
                Ok(grave),
                "as many grave incidents as there are"
            );
            assert_eq!(conduct.grave_since.is_some(), 0 < grave);
        }
        // In key order the last of its kind on a criterion is the newest.
        let newest: BTreeMap<(Subject, AssessmentKind, u32), _> = self
            .findings
            .iter()
            .map(|(key, given)| ((key.subject, key.kind, key.number.0), (key.day, key.position, *given)))
            .collect();
        let mut shown = 0;
        for subject in self
            .assessments
            .values()
            .map(|one| one.subject)
            .collect::<BTreeSet<_>>()
        {
            for on in ledger.answers(&subject).iter().flat_map(|answers| &answers.0) {
                for (kind, found) in KINDS.into_iter().zip(on.by_kind) {
                    let expected = newest.get(&(subject, kind, on.number.0)).copied();
                    assert_eq!(found.map(|found| (found.day, found.position, found.given)), expected);
                    shown += usize::from(found.is_some());
                }
            }
        }
        assert_eq!(shown, newest.len(), "nothing that was found is missing");
    }
}

/// No clock that is running is set back, and none ends without being kept.
fn clocks_go_on(old: &Conduct, new: &Conduct) {
    for clock in &old.clocks {
        let runs_or_ended = new
            .clocks
            .iter()
            .chain(&new.ended)
            .find(|other| other.number == clock.number);
        assert_eq!(runs_or_ended, Some(clock), "a clock goes on, or has ended as it was");
    }
    for clocks in [&new.clocks, &new.ended] {
        assert!(clocks.windows(2).all(|pair| pair[0].number < pair[1].number));
    }
}
