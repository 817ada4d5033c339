//! Catalogues and assessments.

use event::Timestamp;
use event::vocabulary::{Answer, AssessmentKind, Line, Period, Scale};
use ledger::Refusal;

use crate::support::{
    MERCURY, REMARKS, SAFETY, TITLE, WORKERS, authorized, check, criterion, days, enrolled, examined, found, list,
    market, published, reference, registered, says, visited,
};

#[test]
fn progress() {
    table();
}

pub(crate) fn table() {
    catalogues();
    who_assesses_whom();
    periods();
    findings();
    references();
}

fn catalogues() {
    let market = market();
    let words = ["catalogue visits 2: [Observation, Count, PassFail, Level { max: 4 }, Words]"];
    check(&market, says("monitor", published("2")), words);
    check(&market, says("scheme", published("2")), words);
    for party in ["mine", "trader", "auditor", "ministry"] {
        check(&market, says(party, published("2")), Refusal::MayNotPublish);
    }
    check(&market, says("monitor", published("2").but(|e| e.criteria = list([]))), Refusal::CatalogueEmpty);
    let twice = || published("2").but(|e| e.criteria = list(["b", "a", "b"].map(|s| criterion(s, Scale::Count))));
    check(&market, says("monitor", twice()), Refusal::CriterionRepeated);
    check(&market, says("monitor", published("1")), Refusal::CatalogueKnown);
    check(&market, says("scheme", published("1")), Refusal::CatalogueKnown);
    let other = || published("1").but(|e| e.slug = "audits".parse().unwrap());
    check(
        &market,
        says("monitor", other().but(|e| e.criteria = list([criterion("a", Scale::Count)]))),
        ["catalogue audits 1: [Count]"],
    );
    // Where two fit.
    check(&market, says("mine", published("1").but(|e| e.criteria = list([]))), Refusal::MayNotPublish);
    check(&market, says("monitor", published("1").but(|e| e.criteria = list([]))), Refusal::CatalogueEmpty);
    check(&market, says("monitor", twice().but(|e| e.version = "1".parse().unwrap())), Refusal::CriterionRepeated);
}

fn who_assesses_whom() {
    let market = market();
    let site = |who, kind| says(who, visited("pit").but(move |e| e.kind = kind));
    let organization = |who, whom, kind| says(who, examined(whom).but(move |e| e.kind = kind));
    let admitted = ["assessment new"];
    for kind in [AssessmentKind::Implementer, AssessmentKind::Monitor, AssessmentKind::ThirdParty] {
        check(&market, site("monitor", kind), admitted);
        check(&market, organization("monitor", "mine", kind), admitted);
        check(&market, site("mine", kind), Refusal::OwnSubject);
        check(&market, organization("mine", "mine", kind), Refusal::OwnSubject);
        check(&market, organization("monitor", "monitor", kind), Refusal::OwnSubject);
        for who in ["rival", "trader", "refiner"] {
            check(&market, site(who, kind), Refusal::MayNotAssess);
        }
    }
    for who in ["auditor", "ministry", "scheme"] {
        check(&market, site(who, AssessmentKind::Implementer), admitted);
        check(&market, site(who, AssessmentKind::Monitor), admitted);
        check(&market, site(who, AssessmentKind::ThirdParty), Refusal::MayNotAssess);
    }
    let own = AssessmentKind::SelfReported;
    check(&market, site("mine", own), admitted);
    check(&market, organization("mine", "mine", own), admitted);
    check(&market, organization("trader", "trader", own), admitted);
    check(&market, site("rival", own), Refusal::NotOwnSubject);
    check(&market, site("monitor", own), Refusal::NotOwnSubject);
    check(&market, organization("thief", "mine", own), Refusal::NotOwnSubject);
    check(&market, says("monitor", visited("nowhere")), Refusal::UnknownSubject);
    check(&market, says("monitor", examined("nobody")), Refusal::UnknownSubject);
    // A site is no party, whatever it is called.
    check(&market, says("monitor", examined("pit")), Refusal::UnknownSubject);
    check(&market, says("monitor", visited("mine")), Refusal::UnknownSubject);
}

fn periods() {
    let market = market();
    let period = |from, to| says("monitor", visited("pit").but(move |e| e.period = Period { from, to }));
    check(&market, period(days(0), days(0)), ["assessment new"]);
    check(&market, period(days(-40_000), days(0)), ["assessment new"]);
    check(&market, period(days(0), days(-1)), Refusal::PeriodReversed);
    check(&market, period(days(0), days(1)), Refusal::PeriodInFuture);
    check(&market, period(days(0), event::Date::from_unix_days(i32::MAX)), Refusal::PeriodInFuture);
    // Within the tolerated minute before midnight, tomorrow may have begun where they are.
    let midnight = Timestamp::from_unix_ms(i64::from(days(1).unix_days()) * 86_400_000);
    check(&market, period(days(0), days(1)).admitted_at(midnight.plus_ms(-60_001)), Refusal::PeriodInFuture);
    check(&market, period(days(0), days(1)).admitted_at(midnight.plus_ms(-60_000)), ["assessment new"]);
    // Where two fit.
    check(&market, period(days(3), days(2)), Refusal::PeriodReversed);
    let nothing = visited("nowhere").but(|e| e.findings = list([]));
    let early = nothing.but(|e| e.period = Period { from: days(1), to: days(1) });
    check(&market, says("monitor", early), Refusal::PeriodInFuture);
}

fn findings() {
    let market = market();
    let line: Line = "as the source has it".parse().unwrap();
    let of = |findings: Vec<(u16, Answer)>| {
        let findings: Vec<_> = findings.into_iter().map(|(place, answer)| found(place, answer)).collect();
        visited("pit").but(move |e| e.findings = list(findings.clone()))
    };
    let one = |place, answer| says("monitor", of(vec![(place, answer)]));
    let fitting = [
        (MERCURY, vec![Answer::Observed, Answer::NoneObserved]),
        (WORKERS, vec![Answer::Count(0), Answer::Count(u64::MAX)]),
        (TITLE, vec![Answer::Pass, Answer::Fail]),
        (SAFETY, vec![Answer::Level(0), Answer::Level(4)]),
        (REMARKS, vec![Answer::Words(line.clone())]),
    ];
    for (place, answers) in &fitting {
        check(&market, one(*place, Answer::NotApplicable(line.clone())), ["assessment new"]);
        for answer in answers {
            check(&market, one(*place, answer.clone()), ["assessment new"]);
            for (other, _) in fitting.iter().filter(|(other, _)| other != place) {
                check(&market, one(*other, answer.clone()), Refusal::WrongScale);
            }
        }
    }
    check(&market, one(SAFETY, Answer::Level(5)), Refusal::WrongScale);
    check(&market, one(REMARKS + 1, Answer::Pass), Refusal::UnknownCriterion);
    check(&market, one(u16::MAX, Answer::NotApplicable(line)), Refusal::UnknownCriterion);
    check(&market, says("monitor", of(vec![])), Refusal::NoFindings);
    let twice = || of(vec![(TITLE, Answer::Pass), (TITLE, Answer::Fail)]);
    check(&market, says("monitor", twice()), Refusal::FindingsNotOrdered);
    let back = || of(vec![(WORKERS, Answer::Count(1)), (MERCURY, Answer::Observed)]);
    check(&market, says("monitor", back()), Refusal::FindingsNotOrdered);
    let unknown = || visited("pit").but(|e| e.catalogue = event::vocabulary::CatalogueDigest::from_bytes([3; 32]));
    check(&market, says("monitor", unknown()), Refusal::UnknownCatalogue);
    // Where two fit: fields, then the subject, then the catalogue and what answers it.
    check(&market, says("trader", back()), Refusal::FindingsNotOrdered);
    check(&market, says("trader", unknown()), Refusal::MayNotAssess);
    check(&market, says("monitor", unknown().but(|e| e.findings = list([]))), Refusal::NoFindings);
    check(&market, says("monitor", of(vec![(TITLE, Answer::Level(1)), (99, Answer::Pass)])), Refusal::WrongScale);
}

fn references() {
    let market = market();
    let visit = |text| visited("pit").but(move |e| e.reference = Some(reference(text)));
    let once = market.clone().and(says("monitor", visit("ipis/v1")));
    check(&market, says("monitor", visit("ipis/v1")), ["assessment new", "reference taken"]);
    check(&once, says("monitor", visit("ipis/v1")), Refusal::ReferenceTaken);
    check(&once, says("monitor", visit("ipis/v2")), ["assessment new", "reference taken"]);
    check(&once, says("monitor", visit("other/v1")), ["assessment new", "reference taken"]);
    // Within its kind: a site may have the same.
    let site = registered("mine").but(|e| e.reference = Some(reference("ipis/v1")));
    check(&once, says("scheme", site), ["site new: of mine", "reference taken"]);
    let wrong = visit("ipis/v1").but(|e| e.findings = list([found(TITLE, Answer::Observed)]));
    check(&once, says("monitor", wrong), Refusal::WrongScale);
    // A refused assessment takes nothing.
    let mut tried = market;
    let refused = visit("ipis/v1").but(|e| e.findings = list([found(TITLE, Answer::Observed)]));
    assert_eq!(tried.hear(&says("monitor", refused)), Err(Refusal::WrongScale));
    check(&tried, says("monitor", visit("ipis/v1")), ["assessment new", "reference taken"]);
    // A monitor enrolled later has the same right as the first.
    let later = tried
        .and(says("scheme", enrolled(event::vocabulary::PartyKind::Assessor)).called("second"))
        .and(says("scheme", authorized("second", "second")));
    check(&later, says("second", visited("creek")), ["assessment new"]);
}
