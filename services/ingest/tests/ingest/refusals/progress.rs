//! Catalogues, assessments, and what others say of them.

use event::vocabulary::{Answer, AssessmentKind, CatalogueDigest, EventKind, Module, Period, Scale, Unit};
use ledger::Refusal;

use super::Given;
use crate::cast::{
    EMISSIONS, MERCURY, OFFICE, REMARKS, SAFETY, Say, TITLE, WORKERS, accredited, confirmed, contested, criterion,
    days, delegated, examined, found, gate, gates, gates_after, indicator, judged, list, measured, published, says,
    taken_back, visited,
};

pub(super) fn table() -> Vec<Given> {
    vec![catalogues(), versions(), assessments(), third_parties(), judgements()]
}

fn catalogues() -> Given {
    let twice = published("2").but(|e| e.criteria = list(["a", "a"].map(|slug| criterion(slug, Scale::Count))));
    let counts = gate("a", Scale::Count, Module::Management);
    let foul = published("2").but(move |e| e.criteria = list([counts.clone()]));
    let measured_twice =
        published("2").but(|e| e.indicators = list(["a", "a"].map(|slug| indicator(slug, Unit::Days))));
    Given::market([])
        .refuses(Refusal::MayNotPublish, says("mine", published("2")))
        .refuses(
            Refusal::CatalogueEmpty,
            says("monitor", published("2").but(|e| e.criteria = list([]))),
        )
        .refuses(Refusal::CriterionRepeated, says("monitor", twice))
        .refuses(Refusal::CatalogueKnown, says("monitor", published("1")))
        .refuses(Refusal::ScaleOfModule, says("scheme", foul))
        .refuses(Refusal::IndicatorRepeated, says("monitor", measured_twice))
}

/// A second version of the catalogue with the gates.
fn versions() -> Given {
    let replacing = |place, scale| {
        gates_after("gates", "2").but(move |e| {
            let mut one = gate("a", scale, Module::Mitigation);
            one.replaces = Some(place);
            e.criteria = list([one]);
        })
    };
    Given::judged_market([])
        .refuses(Refusal::SupersededUnknown, says("scheme", gates_after("nothing", "2")))
        .refuses(Refusal::NotPublisher, says("monitor", gates_after("gates", "2")))
        .refuses(Refusal::ReplacedUnknown, says("scheme", replacing(99, Scale::PassFail)))
        .refuses(
            Refusal::ReplacedOtherwise,
            says("scheme", replacing(EMISSIONS, Scale::PassFail)),
        )
        .refuses(Refusal::CatalogueKnown, says("scheme", gates("1")))
}

fn assessments() -> Given {
    let of = |findings: Vec<(u16, Answer)>| {
        let findings: Vec<_> = findings
            .into_iter()
            .map(|(place, answer)| found(place, answer))
            .collect();
        says(
            "monitor",
            visited("pit").but(move |e| e.findings = list(findings.clone())),
        )
    };
    let period = |from, to| says("monitor", visited("pit").but(move |e| e.period = Period { from, to }));
    let own = |who| says(who, visited("pit").but(|e| e.kind = AssessmentKind::SelfReported));
    let unknown = visited("pit").but(|e| e.catalogue = CatalogueDigest::from_bytes([3; 32]));
    let measures = |measurements: &'static [(u16, u64)]| {
        let measured = measurements.iter().map(|(place, value)| measured(*place, *value));
        let measured: Vec<_> = measured.collect();
        says(
            "monitor",
            visited("pit").but(move |e| e.measurements = list(measured.clone())),
        )
    };
    Given::market([])
        .refuses(Refusal::UnknownCatalogue, says("monitor", unknown))
        .refuses(Refusal::UnknownSubject, says("monitor", examined("nobody")))
        .refuses(Refusal::NotOwnSubject, own("rival"))
        .refuses(Refusal::OwnSubject, says("mine", visited("pit")))
        .refuses(Refusal::MayNotAssess, says("trader", visited("pit")))
        .refuses(Refusal::PeriodReversed, period(days(0), days(-1)))
        .refuses(Refusal::PeriodInFuture, period(days(0), days(1)))
        .refuses(Refusal::NoFindings, of(vec![]))
        .refuses(
            Refusal::FindingsNotOrdered,
            of(vec![(TITLE, Answer::Pass), (MERCURY, Answer::Observed)]),
        )
        .refuses(Refusal::UnknownCriterion, of(vec![(REMARKS + 1, Answer::Pass)]))
        .refuses(Refusal::WrongScale, of(vec![(SAFETY, Answer::Level(5))]))
        .refuses(Refusal::MeasurementsNotOrdered, measures(&[(0, 1), (0, 2)]))
        .refuses(Refusal::UnknownIndicator, measures(&[(1, 40)]))
        .refuses(Refusal::AssessorNotAccredited, third_party())
}

fn third_party() -> Say {
    says("monitor", visited("pit").but(|e| e.kind = AssessmentKind::ThirdParty))
}

/// The mine lets its assessor speak.
fn third_parties() -> Given {
    let linked = says("mine", delegated("monitor", &[EventKind::LotDeclared]));
    Given::market([says("scheme", accredited("monitor")), linked])
        .refuses(Refusal::AssessorNotIndependent, third_party())
}

fn judgements() -> Given {
    let given = Given::judged_market([
        says("monitor", visited("pit")).called("visit"),
        says("monitor", visited("pit")).called("mistake"),
        says("monitor", taken_back("mistake")),
        says("auditor", judged("monitor", &[(OFFICE, Answer::Pass)])).called("of monitor"),
    ]);
    let creek = given.world.subject("creek");
    let misplaced = confirmed("visit", &[MERCURY]).but(move |e| e.subject = creek);
    given
        .refuses(Refusal::MayNotJudge, says("mine", contested("visit", &[MERCURY])))
        .refuses(
            Refusal::CriteriaNotOrdered,
            says("auditor", confirmed("visit", &[WORKERS, MERCURY])),
        )
        .refuses(
            Refusal::UnknownAssessment,
            says("auditor", confirmed("nothing", &[MERCURY])),
        )
        .refuses(Refusal::SubjectDiffers, says("auditor", misplaced))
        .refuses(
            Refusal::AssessmentWithdrawn,
            says("auditor", contested("mistake", &[MERCURY])),
        )
        .refuses(Refusal::OwnAssessment, says("monitor", confirmed("visit", &[MERCURY])))
        .refuses(
            Refusal::SubjectMayNotJudge,
            says("monitor", contested("of monitor", &[OFFICE])),
        )
        .refuses(
            Refusal::CriterionNotFound,
            says("auditor", confirmed("visit", &[TITLE])),
        )
        .refuses(Refusal::NotAuthor, says("mine", taken_back("visit")))
}
