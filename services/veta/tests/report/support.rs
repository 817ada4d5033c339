//! An organization, as the services answer about it: one site, a plan, an incident, contests, two catalogue versions.

#![expect(
    clippy::unnecessary_wraps,
    reason = "what a message of the wire holds may be absent, and so each is made as it is held"
)]

use ::catalogue::{craft_derived, ipis_site_visits};
use event::Timestamp;
use rpc::progress::{
    Answer, Assessment, AssessmentKind, AssuranceMix, Attribution, CataloguePublication, Confidence, Consequence,
    Criterion, CriterionState, FeedKind, Finding, Freshness, FreshnessState, Gate, GetOrganizationResponse,
    GivenAnswer, Incident, IncidentCategory, IncidentUpdate, Indicator, Judgement, Measured, Measurement, Milestone,
    MilestoneState, MitigationClock, NextStep, NextStepKind, Organization, OrganizationStanding, OtherWord, PartyKind,
    Pillar, PillarProgress, Plan, PlanClock, PresentAnswer, Report, RolledCriterion, Severity, Site, SiteStanding,
    Source, Standing, StandingDecision, Unit, Withdrawal, answer, incident,
};
use rpc::view::{PartyName, SiteName};
use tlog::note::NoteSigner;
use tlog::tree::{TreeHead, TreeSize};
use tlog::{Checkpoint, Hash, Origin};
use veta::report::{Gathered, History, Log, Record, Signed};

/// The name that stands wherever a name can.
pub(crate) const NAME: &str = "Cooperativa <La Veta> & Hijos";

/// 2026-05-31 at noon.
pub(crate) const NOW_MS: i64 = 1_780_228_800_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub(crate) fn party(name: &str, number: u8) -> PartyName {
    PartyName {
        party_id: format!("org-{number}"),
        name: name.to_owned(),
    }
}

fn source(position: u64, by: PartyName) -> Option<Source> {
    Some(Source {
        by: Some(by),
        statement_id: format!("{position:064x}"),
        position,
        admitted_at_unix_ms: NOW_MS - DAY_MS * i64::try_from(100 - position).unwrap(),
    })
}

fn attribution(position: u64, by: PartyName, kind: AssessmentKind, day: &str) -> Option<Attribution> {
    Some(Attribution {
        by: Some(by),
        kind: kind.into(),
        assessed_from: "2026-01-01".to_owned(),
        assessed_to: day.to_owned(),
        assessment_id: format!("assessment-{position}"),
        statement_id: format!("{position:064x}"),
        position,
        admitted_at_unix_ms: NOW_MS - DAY_MS * i64::try_from(100 - position).unwrap(),
    })
}

fn given(answer: answer::Answer) -> Option<Answer> {
    Some(Answer { answer: Some(answer) })
}

/// A criterion of the shipped catalogue.
pub(crate) fn shipped(slug: &str, number: u32) -> Criterion {
    let catalogue = craft_derived();
    let known = catalogue.criterion(slug).unwrap();
    Criterion {
        catalogue_slug: catalogue.slug().to_string(),
        catalogue_version: catalogue.version().to_owned(),
        slug: slug.to_owned(),
        question: known.question(catalogue::Language::En).to_owned(),
        scale: None,
        number,
        place: known.place.into(),
        module: known.module.map_or(0, |module| module.number().into()),
        pillar: 0,
        theme: String::new(),
    }
}

/// The slug of the first criterion of a module.
fn of_module(module: u8) -> &'static str {
    let mut criteria = craft_derived().criteria();
    let found = criteria.find(|known| known.module.is_some_and(|known| known.number() == module));
    found.unwrap().slug.as_str()
}

/// A criterion of a catalogue that is not shipped.
fn foreign() -> Criterion {
    Criterion {
        catalogue_slug: "buyer".to_owned(),
        catalogue_version: "1".to_owned(),
        slug: "fences".to_owned(),
        question: "Are there fences | around the pits?".to_owned(),
        number: 900,
        ..Criterion::default()
    }
}

fn publication(position: u64) -> Option<CataloguePublication> {
    Some(CataloguePublication {
        full_text_digest: "ab".repeat(32),
        licence: "CC-BY-SA-4.0".to_owned(),
        source: source(position, party("Scheme", 9)),
    })
}

fn site() -> SiteName {
    SiteName {
        site_id: "site-1".to_owned(),
        name: "El Pozo".to_owned(),
    }
}

fn gate(module: u32, [met, mending, overdue, not_met, unanswered]: [u32; 5]) -> Gate {
    Gate {
        module,
        is_met: mending + overdue + not_met + unanswered == 0,
        met,
        mending,
        overdue,
        not_met,
        unanswered,
    }
}

fn standing() -> OrganizationStanding {
    let catalogue = craft_derived();
    OrganizationStanding {
        standing: Standing::Candidate.into(),
        since_unix_ms: NOW_MS - 10 * DAY_MS,
        since_position: 40,
        decision: Some(StandingDecision {
            standing: Standing::Suspended.into(),
            reason: "A visit is pending".to_owned(),
            evidence_digests: vec!["cd".repeat(32)],
            source: source(50, party("Scheme", 9)),
        }),
        decision_differs: true,
        report: Some(Report {
            period_from: "2025-01-01".to_owned(),
            period_to: "2025-12-31".to_owned(),
            summary_digest: "12".repeat(32),
            full_digest: String::new(),
            source: source(30, party(NAME, 1)),
            lapses_after_unix_ms: NOW_MS + 200 * DAY_MS,
        }),
        gates: vec![
            gate(1, [3, 0, 0, 0, 0]),
            gate(2, [1, 0, 0, 0, 0]),
            gate(3, [5, 0, 0, 0, 1]),
            gate(4, [2, 1, 1, 0, 4]),
        ],
        criteria: vec![RolledCriterion {
            criterion: Some(shipped(of_module(3), 3)),
            state: CriterionState::Unanswered.into(),
            ..RolledCriterion::default()
        }],
        catalogue_slug: catalogue.slug().to_string(),
        catalogue_version: catalogue.version().to_owned(),
        catalogue_digest: catalogue.digest().to_string(),
        catalogue_publication: publication(2),
        next_change_unix_ms: NOW_MS + 20 * DAY_MS,
        ..OrganizationStanding::default()
    }
}

fn plan() -> Plan {
    let criterion = shipped(of_module(4), 4);
    Plan {
        plan_id: "plan-1".to_owned(),
        organization: Some(party(NAME, 1)),
        source: source(31, party(NAME, 1)),
        criteria: vec![criterion],
        clocks: vec![PlanClock {
            criterion_number: 4,
            clock: Some(MitigationClock {
                since_unix_ms: NOW_MS - 69 * DAY_MS,
                position: 31,
                due_unix_ms: NOW_MS + 114 * DAY_MS,
            }),
            has_run_out: false,
        }],
        milestones: vec![Milestone {
            place: 0,
            criterion_number: 4,
            action: "Buy retorts".to_owned(),
            due: "2026-05-01".to_owned(),
            due_at_first: "2026-04-01".to_owned(),
            extensions: 1,
            extension_reason: "The road was cut".to_owned(),
            state: MilestoneState::Started.into(),
            is_overdue: true,
            ..Milestone::default()
        }],
        overdue: 1,
        end: None,
    }
}

fn happened() -> Incident {
    Incident {
        incident_id: "incident-1".to_owned(),
        subject: Some(incident::Subject::Site(site())),
        category: IncidentCategory::Accident.into(),
        module: 5,
        confidence: Confidence::Known.into(),
        severity: Severity::Serious.into(),
        period_from: "2026-03-01".to_owned(),
        period_to: "2026-03-01".to_owned(),
        summary: "A wall came down".to_owned(),
        source: source(35, party("Monitor", 3)),
        updates: vec![IncidentUpdate {
            source: source(36, party(NAME, 1)),
            confidence: Confidence::Known.into(),
            severity: Severity::Serious.into(),
            note: "Nobody was hurt".to_owned(),
            evidence_digests: Vec::new(),
        }],
        ..Incident::default()
    }
}

fn present(criterion: Criterion, answer: answer::Answer, said: Option<Attribution>) -> PresentAnswer {
    PresentAnswer {
        criterion: Some(criterion),
        answer: given(answer),
        attribution: said,
        contests: vec![contest()],
        kinds: 1,
        ..PresentAnswer::default()
    }
}

fn contest() -> Judgement {
    Judgement {
        source: source(45, party("Neighbours", 4)),
        criteria: Vec::new(),
        text: "Not so on our side".to_owned(),
        evidence_digests: vec!["ef".repeat(32)],
    }
}

fn assessment(
    slug: &str,
    version: &str,
    digest: String,
    said: Option<Attribution>,
    asked: Vec<Criterion>,
) -> Assessment {
    let finding = |criterion: Criterion| Finding {
        criterion: Some(criterion),
        answer: given(answer::Answer::Pass(())),
        evidence_digests: Vec::new(),
    };
    Assessment {
        catalogue_slug: slug.to_owned(),
        catalogue_version: version.to_owned(),
        catalogue_digest: digest,
        catalogue_publication: publication(2),
        attribution: said,
        findings: asked.into_iter().map(finding).collect(),
        ..Assessment::default()
    }
}

fn own_assessment() -> Assessment {
    let catalogue = craft_derived();
    let said = attribution(20, party(NAME, 1), AssessmentKind::SelfReported, "2026-02-28");
    let slug = catalogue.slug().as_str();
    assessment(
        slug,
        catalogue.version(),
        catalogue.digest().to_string(),
        said,
        vec![shipped(of_module(1), 1)],
    )
}

fn site_assessment() -> Assessment {
    let said = attribution(21, party("Monitor", 3), AssessmentKind::Monitor, "2026-03-10");
    assessment("buyer", "1", "77".repeat(32), said, vec![foreign()])
}

/// A visit under a catalogue whose answers speak to criteria of others.
fn visit() -> Assessment {
    let said = attribution(22, party("Surveyor", 4), AssessmentKind::Monitor, "2026-02-01");
    let visits = ipis_site_visits();
    assessment(
        visits.slug().as_str(),
        visits.version(),
        visits.digest().to_string(),
        said,
        Vec::new(),
    )
}

/// What was seen on the visit, speaking to a criterion.
fn seen(asked: &str, criterion: &str, answer: answer::Answer, kind: FeedKind) -> OtherWord {
    let known = ipis_site_visits().criterion(asked).unwrap();
    let is_seen = matches!(answer, answer::Answer::Observed(()));
    OtherWord {
        criterion: Some(shipped(criterion, 0)),
        kind: kind.into(),
        speaks_against: is_seen && kind == FeedKind::AgainstIfObserved,
        note: "what the stream does not hold".to_owned(),
        asked: Some(Criterion {
            catalogue_slug: ipis_site_visits().slug().to_string(),
            catalogue_version: ipis_site_visits().version().to_owned(),
            slug: asked.to_owned(),
            question: known.question(catalogue::Language::En).to_owned(),
            ..Criterion::default()
        }),
        answer: given(answer),
        attribution: visit().attribution,
        is_stale: is_seen,
        site: Some(site()),
        ..OtherWord::default()
    }
}

fn seen_by_others() -> Vec<OtherWord> {
    vec![
        seen(
            "childunder15",
            "hr.worst_child_labour",
            answer::Answer::Observed(()),
            FeedKind::AgainstIfObserved,
        ),
        seen(
            "mercury",
            "pg.mercury_elimination",
            answer::Answer::NoneObserved(()),
            FeedKind::AgainstIfObserved,
        ),
        seen(
            "mercury",
            "env.hg_reduction_plan",
            answer::Answer::NoneObserved(()),
            FeedKind::Context,
        ),
    ]
}

fn site_standing() -> SiteStanding {
    SiteStanding {
        site: Some(Site {
            site_id: "site-1".to_owned(),
            name: "El Pozo".to_owned(),
            operator: Some(party(NAME, 1)),
            country: "PE".to_owned(),
            area: "Puno".to_owned(),
            registered_position: 6,
            statement_id: "6".repeat(64),
            ..Site::default()
        }),
        answers: vec![present(
            foreign(),
            answer::Answer::Words("half*way*".to_owned()),
            site_assessment().attribution,
        )],
        latest_assessments: vec![site_assessment(), visit()],
        ..SiteStanding::default()
    }
}

/// What was measured about members, under two versions of which one follows the other.
fn measured() -> Vec<Measured> {
    let measured = |position, day: &str, version: &str, value| Measured {
        attribution: attribution(position, party(NAME, 1), AssessmentKind::SelfReported, day),
        measurements: vec![Measurement {
            indicator: Some(Indicator {
                catalogue_slug: "buyer".to_owned(),
                catalogue_version: version.to_owned(),
                slug: "members".to_owned(),
                question: "How many members are there?".to_owned(),
                unit: Unit::People.into(),
                pillar: 0,
                number: 7,
            }),
            value,
        }],
    };
    vec![
        measured(20, "2026-02-28", "2", 57),
        measured(11, "2025-08-31", "1", 40),
        measured(10, "2025-02-28", "1", 48),
    ]
}

fn record() -> Record {
    let answered = |criterion: Criterion, answer, said| GivenAnswer {
        criterion: Some(criterion),
        answer: given(answer),
        attribution: said,
        ..GivenAnswer::default()
    };
    let (own, at_site) = (own_assessment(), site_assessment());
    let asked = shipped(of_module(1), 1);
    let taken_back = GivenAnswer {
        withdrawal: Some(Withdrawal {
            source: source(19, party(NAME, 1)),
            reason: "Typed wrong".to_owned(),
        }),
        ..answered(
            asked.clone(),
            answer::Answer::Fail(()),
            attribution(18, party(NAME, 1), AssessmentKind::SelfReported, "2026-02-27"),
        )
    };
    let stands = GivenAnswer {
        contests: vec![contest()],
        evidence_digests: vec!["aa".repeat(32)],
        ..answered(asked, answer::Answer::Pass(()), own.attribution.clone())
    };
    let fences = answered(
        foreign(),
        answer::Answer::Words("half*way*".to_owned()),
        at_site.attribution.clone(),
    );
    Record {
        subjects: vec![
            History {
                assessments: vec![own],
                answers: vec![vec![stands, taken_back]],
                measured: measured(),
            },
            History {
                assessments: vec![at_site],
                answers: vec![vec![fences]],
                measured: Vec::new(),
            },
        ],
        reports: vec![standing().report.unwrap()],
        decisions: vec![standing().decision.unwrap()],
    }
}

pub(crate) fn log() -> Log {
    let key = ed25519_dalek::SigningKey::from_bytes(&[5; 32]);
    let origin = Origin::new("log.example/gold").unwrap();
    let signer = NoteSigner::new(origin.key_name().clone(), key).unwrap();
    let head = TreeHead {
        size: TreeSize::new(120),
        root: Hash::from_bytes([3; 32]),
    };
    Log::Checked(Signed {
        checkpoint: Checkpoint::new(origin, head),
        vkey: signer.vkey().to_string(),
    })
}

fn steps() -> Vec<NextStep> {
    vec![
        NextStep {
            kind: NextStepKind::AnswerCriterion.into(),
            consequence: Consequence::HeldBack.into(),
            criterion: Some(shipped(of_module(3), 3)),
            ..NextStep::default()
        },
        NextStep {
            kind: NextStepKind::ReachMilestone.into(),
            consequence: Consequence::PlanBehind.into(),
            due_unix_ms: NOW_MS - 30 * DAY_MS,
            plan_id: "plan-1".to_owned(),
            milestone: 0,
            ..NextStep::default()
        },
    ]
}

/// Everything that the services answer about the organization of that name.
pub(crate) fn gathered() -> Gathered {
    let own = own_assessment();
    let asked = shipped(of_module(1), 1);
    let organization = GetOrganizationResponse {
        position: 100,
        organization: Some(Organization {
            party_id: "org-1".to_owned(),
            kind: PartyKind::MinersOrganization.into(),
            name: NAME.to_owned(),
            country: "PE".to_owned(),
            enrolled_position: 5,
            statement_id: "5".repeat(64),
            ..Organization::default()
        }),
        answers: vec![present(asked, answer::Answer::Pass(()), own.attribution.clone())],
        latest_assessments: vec![own],
        evaluated_at_unix_ms: NOW_MS,
        standing: Some(standing()),
        pillars: vec![PillarProgress {
            pillar: Pillar::Environmental.into(),
            at_level: vec![0, 2, 1, 0, 0],
            without_level: 3,
            lowest_level: Some(1),
            other_answered: 1,
            other_unanswered: 2,
        }],
        others: seen_by_others(),
        others_left_out: 2,
        next_steps: steps(),
        next_steps_left_out: 4,
        assurance: Some(AssuranceMix {
            self_reported: 7,
            monitor: 2,
            contested: 1,
            ..AssuranceMix::default()
        }),
        freshness: Some(Freshness {
            state: FreshnessState::Fresh.into(),
            newest_day: "2026-03-10".to_owned(),
            oldest_day: "2026-02-28".to_owned(),
            fresh: 9,
            stale: 0,
        }),
        ..GetOrganizationResponse::default()
    };
    Gathered {
        organization,
        sites: vec![site_standing()],
        plans: vec![plan()],
        incidents: vec![happened()],
        log: log(),
        record: Some(record()),
    }
}

/// The instant of the answers, as it is written.
pub(crate) fn now() -> String {
    Timestamp::from_unix_ms(NOW_MS).to_string()
}
