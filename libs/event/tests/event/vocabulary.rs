//! What the vocabulary says about itself: kinds and their topics, and which answers, scales and modules go together.

use std::collections::BTreeSet;

use event::codec::encode;
use event::vocabulary::{Answer, CapacityPeriod, Country, EventKind, IncidentCategory, Module, Scale, Topic};
use event::{Event, PartyId, Statement, Text};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::arb::{arb_event, arb_event_of};
use crate::variants::{every, names};
use crate::vectors::{a_signed_statement, every_kind_of_value, said};

/// Every kind of event in the order of its number on the wire, its topic, and whether it can be delegated. Rows are
/// appended, and never changed.
const KINDS: &[(&str, Topic, bool)] = &[
    ("DeploymentFounded", Topic::Registry, false),
    ("PartyEnrolled", Topic::Registry, false),
    ("KeyAuthorized", Topic::Registry, false),
    ("KeyRevoked", Topic::Registry, false),
    ("SiteRegistered", Topic::Registry, false),
    ("PolicySet", Topic::Registry, false),
    ("CataloguePublished", Topic::Progress, false),
    ("AssessmentSubmitted", Topic::Progress, true),
    ("LotDeclared", Topic::Custody, true),
    ("CustodyOffered", Topic::Custody, true),
    ("CustodyAccepted", Topic::Custody, true),
    ("CustodyDeclined", Topic::Custody, true),
    ("OfferWithdrawn", Topic::Custody, true),
    ("LotRetired", Topic::Custody, true),
    ("DelegationGranted", Topic::Registry, false),
    ("DelegationRevoked", Topic::Registry, false),
    ("AssessorAccredited", Topic::Registry, false),
    ("AccreditationWithdrawn", Topic::Registry, false),
    ("AssessmentConfirmed", Topic::Progress, false),
    ("AssessmentContested", Topic::Progress, false),
    ("AssessmentWithdrawn", Topic::Progress, true),
    ("PlanAdopted", Topic::Progress, true),
    ("MilestoneReported", Topic::Progress, true),
    ("PlanExtended", Topic::Progress, true),
    ("PlanClosed", Topic::Progress, true),
    ("IncidentReported", Topic::Progress, true),
    ("IncidentUpdated", Topic::Progress, true),
    ("IncidentClosed", Topic::Progress, false),
    ("ReportPublished", Topic::Progress, true),
    ("StandingDecided", Topic::Progress, false),
    ("SiteAmended", Topic::Registry, false),
    ("PermitRecorded", Topic::Registry, false),
    ("PermitStatusChanged", Topic::Registry, false),
    ("CapacityEstablished", Topic::Registry, false),
    ("LotWeighed", Topic::Custody, true),
    ("LotSampled", Topic::Custody, true),
    ("LotAssayed", Topic::Custody, false),
    ("LotSealed", Topic::Custody, true),
    ("SealBroken", Topic::Custody, true),
    ("TitleTransferred", Topic::Custody, false),
    ("LotsTransformed", Topic::Custody, true),
    ("LotExported", Topic::Custody, true),
    ("LotReceived", Topic::Custody, true),
    ("LotHeld", Topic::Custody, false),
    ("LotReleased", Topic::Custody, false),
    ("LotLost", Topic::Custody, true),
    ("CorrectionProposed", Topic::Custody, false),
    ("CorrectionConfirmed", Topic::Custody, false),
];

#[test]
fn the_kinds_of_events_are_frozen() {
    assert_eq!(KINDS.len(), EventKind::ALL.len(), "append a row for a new kind");
    assert_eq!(names::<Event>(), names::<EventKind>());
    for (number, (kind, (name, topic, is_delegable))) in (0_u8..).zip(EventKind::ALL.iter().zip(KINDS)) {
        assert_eq!(kind.name(), *name);
        assert_eq!(encode(kind), [number], "{name}");
        assert_eq!(serde_json::to_string(kind).expect("a name"), format!("\"{name}\""));
        assert_eq!(kind.topic(), *topic, "{name}");
        assert_eq!(kind.is_delegable(), *is_delegable, "{name}");
    }
}

#[test]
fn the_subjects_are_frozen() {
    let party = PartyId::from_bytes([7; 16]);
    for (topic, name) in [
        (Topic::Registry, "registry"),
        (Topic::Progress, "progress"),
        (Topic::Custody, "custody"),
    ] {
        assert_eq!(topic.subject(party), format!("veta.statements.{name}.{party}"));
    }
}

proptest! {
    #[test]
    fn an_event_begins_with_its_kind(event in arb_event()) {
        let kind = event.kind();
        prop_assert!(encode(&event).starts_with(&encode(&kind)));
        let json = serde_json::to_value(&event).expect("an event can be written as JSON");
        prop_assert!(json.get(kind.name()).is_some(), "{}", json);
    }

    #[test]
    fn an_arbitrary_event_is_of_the_kind_asked_for(
        (kind, event) in proptest::sample::select(EventKind::ALL).prop_flat_map(|kind| (Just(kind), arb_event_of(kind))),
    ) {
        prop_assert_eq!(event.kind(), kind);
    }
}

#[test]
fn every_kind_of_value_is_tried() {
    // Kinds of events are drawn evenly, so that the rarest values, such as one kind in a delegation, come once in hundreds.
    const DRAWS_MAX: usize = 20_000;
    let (mut runner, events) = (TestRunner::deterministic(), arb_event());
    let (statement, ..) = a_signed_statement();
    let mut missing: BTreeSet<(String, String)> = every_kind_of_value();
    for _ in 0..DRAWS_MAX {
        let event = events.new_tree(&mut runner).expect("an event").current();
        let statement = Statement {
            event,
            ..statement.clone()
        };
        said(&serde_json::to_string(&statement).expect("JSON"), &mut missing);
        if missing.is_empty() {
            return;
        }
    }
    panic!("nothing arbitrary says {missing:?}");
}

#[test]
fn a_country_is_known_unless_it_is_none() {
    assert_eq!(Country::NONE.to_string(), "ZZ");
    assert_eq!("ZZ".parse(), Ok(Country::NONE));
    for (code, is_known) in [("CD", true), ("AA", true), ("ZY", true), ("YZ", true), ("ZZ", false)] {
        let country: Country = code.parse().expect("two capital letters");
        assert_eq!(country.known(), is_known.then_some(country), "{code}");
    }
}

#[test]
fn a_capacity_is_of_so_many_months() {
    let periods = every::<CapacityPeriod>();
    assert_eq!(
        periods.iter().map(|period| period.months()).collect::<Vec<_>>(),
        [1, 3, 12]
    );
}

/// The scales as columns of the tables below.
const SCALES: [Scale; 7] = [
    Scale::PassFail,
    Scale::PassProgressFail,
    Scale::Scenario,
    Scale::Observation,
    Scale::Level { max: 3 },
    Scale::Count,
    Scale::Words,
];

#[test]
fn an_answer_fits_its_scales() {
    assert_eq!(names::<Scale>().len(), SCALES.len(), "add a column for a new scale");
    let words = || Text::new("in words").expect("a text");
    let rows = [
        (Answer::NotApplicable(words()), "xxxxxxx"),
        (Answer::Pass, "xxx...."),
        (Answer::Fail, "xxx...."),
        (Answer::Progress, ".x....."),
        (Answer::Observed, "...x..."),
        (Answer::NoneObserved, "...x..."),
        (Answer::Level(0), "....x.."),
        (Answer::Level(3), "....x.."),
        (Answer::Level(4), "......."),
        (Answer::Level(u8::MAX), "......."),
        (Answer::Count(u64::MAX), ".....x."),
        (Answer::Words(words()), "......x"),
    ];
    check_columns(&rows, Answer::fits);
    let tried: BTreeSet<String> = rows.iter().map(|(answer, _)| variant(answer)).collect();
    assert_eq!(tried.len(), names::<Answer>().len(), "add a row for a new answer");
    assert!(Answer::Level(u8::MAX).fits(Scale::Level { max: u8::MAX }));
}

#[test]
fn a_module_takes_scales_that_can_decide_it() {
    let rows = [
        (Module::Management, "x......"),
        (Module::Legitimacy, "x.x...."),
        (Module::Disengagement, "x......"),
        (Module::Mitigation, "xx....."),
        (Module::Improvement, "xx.xxxx"),
    ];
    check_columns(&rows, |module, scale| module.takes(scale));
    assert_eq!(rows.map(|(module, _)| module), Module::ALL);
    assert_eq!(every::<Module>(), Module::ALL);
    assert_eq!(Module::ALL.map(Module::number), [1, 2, 3, 4, 5]);
}

#[test]
fn an_incident_is_a_risk_of_one_module() {
    use IncidentCategory as Category;
    let rows = [
        (Category::ChildLabour, 3),
        (Category::ForcedLabour, 3),
        (Category::Torture, 3),
        (Category::GrossViolation, 3),
        (Category::WarCrime, 3),
        (Category::ArmedGroup, 3),
        (Category::SecurityForces, 4),
        (Category::Bribery, 4),
        (Category::OriginFraud, 4),
        (Category::MoneyLaundering, 4),
        (Category::TaxesUnpaid, 4),
        (Category::Accident, 5),
        (Category::Environment, 5),
        (Category::Community, 5),
        (Category::Theft, 5),
        (Category::Other, 5),
    ];
    assert_eq!(
        every::<Category>(),
        rows.map(|(category, _)| category),
        "a row for each"
    );
    for (category, number) in rows {
        assert_eq!(category.module().number(), number, "{category:?}");
    }
}

/// Checks each row against `holds`: a column for each of [`SCALES`], `x` where it holds.
#[track_caller]
fn check_columns<T: std::fmt::Debug>(rows: &[(T, &str)], holds: impl Fn(&T, Scale) -> bool) {
    for (value, columns) in rows {
        let found: String = SCALES
            .map(|scale| if holds(value, scale) { 'x' } else { '.' })
            .iter()
            .collect();
        assert_eq!(found, *columns, "{value:?} under {SCALES:?}");
    }
}

/// The name of a value's variant.
fn variant(answer: &Answer) -> String {
    let named = format!("{answer:?}");
    named.split('(').next().expect("a name").to_owned()
}
