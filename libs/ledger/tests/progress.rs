//! Catalogues and assessments.

use event::Timestamp;
use event::List;
use event::vocabulary::{Answer, AssessmentKind, Line, Module, Period, Scale, Unit};
use ledger::Refusal;

use crate::support::{
    CHILDREN, EMISSIONS, MERCURY, NOON, REMARKS, SAFETY, TITLE, WORKERS, accredited, authorized, check, criterion, days,
    delegated, enrolled, examined, found, gate, gates, gates_after, indicator, judged_market, list, market, measured,
    published, reference, registered, says, unaccredited, undelegated, visited,
};

#[test]
fn progress() {
    table();
}

pub(crate) fn table() {
    catalogues();
    scales_of_modules();
    versions();
    who_assesses_whom();
    third_parties();
    periods();
    findings();
    measurements();
    references();
}

fn catalogues() {
    let market = market();
    let words = [
        "catalogue visits 2: 6 Observation, 7 Count, 8 PassFail, 9 Level { max: 4 }, 10 Words, 11 People",
        "numbered: 12",
    ];
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
        ["catalogue audits 1: 6 Count, 7 People", "numbered: 8"],
    );
    // Where two fit.
    check(&market, says("mine", published("1").but(|e| e.criteria = list([]))), Refusal::MayNotPublish);
    check(&market, says("monitor", published("1").but(|e| e.criteria = list([]))), Refusal::CatalogueEmpty);
    check(&market, says("monitor", twice().but(|e| e.version = "1".parse().unwrap())), Refusal::CriterionRepeated);
}

/// A gate is met or not; only module 2 has scenarios.
fn scales_of_modules() {
    let market = market();
    let scales = [
        Scale::PassFail,
        Scale::PassProgressFail,
        Scale::Scenario,
        Scale::Level { max: 4 },
        Scale::Observation,
        Scale::Count,
        Scale::Words,
    ];
    let taken: [(Option<Module>, &[usize]); 6] = [
        (Some(Module::Management), &[0]),
        (Some(Module::Legitimacy), &[0, 2]),
        (Some(Module::Disengagement), &[0]),
        (Some(Module::Mitigation), &[0, 1]),
        (Some(Module::Improvement), &[0, 1, 3, 4, 5, 6]),
        (None, &[0, 1, 3, 4, 5, 6]),
    ];
    for (module, takes) in taken {
        for (place, scale) in scales.into_iter().enumerate() {
            let asks = published("2").but(move |e| {
                let mut one = criterion("a", scale);
                one.module = module;
                e.criteria = list([one]);
            });
            if takes.contains(&place) {
                let mut world = market.clone();
                assert!(world.hear(&says("scheme", asks)).is_ok(), "{module:?} takes {scale:?}");
            } else {
                check(&market, says("scheme", asks), Refusal::ScaleOfModule);
            }
        }
    }
    let foul = gates("1").but(|e| e.criteria = list([gate("a", Scale::Count, Module::Management)]));
    check(&judged_market(), says("scheme", foul), Refusal::ScaleOfModule);
}

/// What a later version keeps has the number it had; what is new has one of its own.
fn versions() {
    let (market, given) = (market(), judged_market());
    let gated = "catalogue gates 1: 6 PassFail, 7 PassFail, 8 Scenario, 9 Scenario, 10 PassFail, 11 PassFail, \
                 12 PassProgressFail, 13 PassFail, 14 Level { max: 4 }";
    check(&market, says("scheme", gates("1")).called("gates"), [gated, "numbered: 15", "gates of gates"]);
    // Only a scheme decides what standings hang on.
    check(&market, says("monitor", gates("1")).called("gates"), [gated, "numbered: 15"]);
    check(
        &given,
        says("scheme", gates_after("gates", "2")).called("second"),
        [&*gated.replace("gates 1", "gates 2").leak(), "numbered: 15", "gates of second"],
    );
    let fewer = |places: &'static [u16]| gates_after("gates", "2").but(move |e| {
        let kept = places.iter().map(|place| e.criteria[usize::from(*place)].clone());
        e.criteria = list(kept.collect::<Vec<_>>());
    });
    check(
        &given,
        says("scheme", fewer(&[EMISSIONS, CHILDREN])).called("second"),
        ["catalogue gates 2: 12 PassProgressFail, 10 PassFail", "numbered: 15", "gates of second"],
    );
    let anew = fewer(&[EMISSIONS, CHILDREN]).but(|e| {
        let [kept, mut new] = [e.criteria[0].clone(), e.criteria[1].clone()];
        new.replaces = None;
        e.criteria = list([kept, new]);
        e.indicators = list([indicator("fuel", Unit::Millilitres)]);
    });
    check(
        &given,
        says("scheme", anew).called("second"),
        ["catalogue gates 2: 12 PassProgressFail, 15 PassFail, 16 Millilitres", "numbered: 17", "gates of second"],
    );
    // Without any gate it is a catalogue like others: the gates stay those of before.
    check(&given, says("scheme", published("2")).called("visits"), [
        "catalogue visits 2: 15 Observation, 16 Count, 17 PassFail, 18 Level { max: 4 }, 19 Words, 20 People",
        "numbered: 21",
    ]);
    let visits = || gates_after("visits", "2");
    check(&given, says("scheme", gates_after("nothing", "2")), Refusal::SupersededUnknown);
    check(&given, says("scheme", visits()), Refusal::SupersededUnknown);
    // Nobody words the scheme's questions anew but a scheme; the scheme may take over an assessor's catalogue.
    check(&given, says("monitor", gates_after("gates", "2")), Refusal::NotPublisher);
    let unit = |unit| published("2").but(move |e| {
        e.criteria = list([criterion("one", Scale::Count)]);
        e.indicators = list([indicator("one", unit)]);
    });
    let after_visits = |unit_now| {
        let digest = given.catalogue("visits");
        unit(unit_now).but(move |e| {
            e.supersedes = Some(digest);
            let mut one = e.indicators[0].clone();
            one.replaces = Some(0);
            e.indicators = list([one]);
        })
    };
    let taken_over = ["catalogue visits 2: 15 Count, 5 People", "numbered: 16"];
    check(&given, says("scheme", after_visits(Unit::People)), taken_over);
    check(&given, says("monitor", after_visits(Unit::People)), taken_over);
    check(&given, says("monitor", after_visits(Unit::Items)), Refusal::ReplacedOtherwise);
    replaced();
}

fn replaced() {
    let given = judged_market();
    let with = |places: &'static [Option<u16>], scale| gates_after("gates", "2").but(move |e| {
        let criteria = places.iter().enumerate().map(|(place, replaces)| {
            let mut one = gate(&format!("c{place}"), scale, Module::Mitigation);
            one.replaces = *replaces;
            one
        });
        e.criteria = list(criteria.collect::<Vec<_>>());
    });
    let said = |places, scale| says("scheme", with(places, scale)).called("second");
    let kept = ["catalogue gates 2: 12 PassProgressFail", "numbered: 15", "gates of second"];
    check(&given, said(&[Some(EMISSIONS)], Scale::PassProgressFail), kept);
    check(&given, said(&[Some(EMISSIONS)], Scale::PassFail), Refusal::ReplacedOtherwise);
    check(&given, said(&[Some(9)], Scale::PassFail), Refusal::ReplacedUnknown);
    check(&given, said(&[Some(u16::MAX)], Scale::PassFail), Refusal::ReplacedUnknown);
    check(&given, said(&[Some(CHILDREN), None, Some(CHILDREN)], Scale::PassFail), Refusal::ReplacedUnknown);
    let alone = with(&[Some(0)], Scale::PassFail).but(|e| e.supersedes = None);
    check(&given, says("scheme", alone), Refusal::ReplacedUnknown);
    let indicators = with(&[None], Scale::PassFail).but(|e| {
        let mut one = indicator("fuel", Unit::Millilitres);
        one.replaces = Some(0);
        e.indicators = list([one]);
    });
    check(&given, says("scheme", indicators), Refusal::ReplacedUnknown);
    let twice = || published("2").but(|e| e.indicators = list(["a", "b", "a"].map(|slug| indicator(slug, Unit::Days))));
    check(&given, says("scheme", twice()), Refusal::IndicatorRepeated);
    // Where two fit.
    let foul = || gates_after("nothing", "1").but(|e| e.criteria = list([gate("a", Scale::Count, Module::Management)]));
    check(&given, says("monitor", foul()), Refusal::ScaleOfModule);
    check(
        &given,
        says("monitor", foul().but(|e| e.indicators = list(["a", "a"].map(|a| indicator(a, Unit::Days))))),
        Refusal::IndicatorRepeated,
    );
    check(&given, says("monitor", gates_after("nothing", "1")), Refusal::CatalogueKnown);
    check(&given, says("monitor", gates_after("nothing", "2")), Refusal::SupersededUnknown);
    check(&given, says("monitor", with(&[Some(99)], Scale::PassFail)), Refusal::NotPublisher);
    check(&given, said(&[Some(EMISSIONS), Some(99)], Scale::PassFail), Refusal::ReplacedUnknown);
}

fn who_assesses_whom() {
    let market = judged_market();
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

/// A third party is accredited today, and neither speaks for whom it looks at nor lets it speak.
fn third_parties() {
    let market = market();
    let third = || says("monitor", visited("pit").but(|e| e.kind = AssessmentKind::ThirdParty));
    let admitted = ["assessment new"];
    check(&market, third(), Refusal::AssessorNotAccredited);
    let until = |day| market.clone().and(says("scheme", accredited("monitor").but(move |e| e.until = days(day))));
    check(&until(0), third(), admitted);
    check(&until(0), third().admitted_at(NOON.plus_days(1)), Refusal::AssessorNotAccredited);
    check(&until(9), third().admitted_at(NOON.plus_days(9)), admitted);
    check(&until(9), third().admitted_at(NOON.plus_days(10)), Refusal::AssessorNotAccredited);
    check(&until(9).and(says("scheme", unaccredited("monitor"))), third(), Refusal::AssessorNotAccredited);
    // Accredited again, also for less.
    check(
        &until(9).and(says("scheme", accredited("monitor").but(|e| e.until = days(2)))),
        third().admitted_at(NOON.plus_days(3)),
        Refusal::AssessorNotAccredited,
    );
    let linked = until(9).and(says("mine", delegated("monitor", &[event::vocabulary::EventKind::LotDeclared])));
    check(&linked, third(), Refusal::AssessorNotIndependent);
    check(&linked, says("monitor", visited("pit")), admitted);
    check(&linked.clone().and(says("mine", undelegated("monitor"))), third(), admitted);
    // Where two fit.
    check(&linked.clone().and(says("scheme", unaccredited("monitor"))), third(), Refusal::AssessorNotAccredited);
    let unknown = || visited("pit").but(|e| {
        e.kind = AssessmentKind::ThirdParty;
        e.catalogue = event::vocabulary::CatalogueDigest::from_bytes([3; 32]);
    });
    check(&linked, says("monitor", unknown()), Refusal::AssessorNotIndependent);
    check(&market, says("auditor", unknown()), Refusal::MayNotAssess);
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

fn measurements() {
    let market = market();
    let of = |measurements: &[(u16, u64)]| {
        let measurements: Vec<_> = measurements.iter().map(|(place, value)| measured(*place, *value)).collect();
        visited("pit").but(move |e| e.measurements = list(measurements.clone()))
    };
    let alone = |measurements| of(measurements).but(|e| e.findings = List::empty());
    check(&market, says("monitor", of(&[(0, 40)])), ["assessment new"]);
    check(&market, says("monitor", alone(&[(0, u64::MAX)])), ["assessment new"]);
    check(&market, says("monitor", alone(&[])), Refusal::NoFindings);
    check(&market, says("monitor", of(&[(1, 40)])), Refusal::UnknownIndicator);
    check(&market, says("monitor", of(&[(0, 1), (u16::MAX, 40)])), Refusal::UnknownIndicator);
    check(&market, says("monitor", of(&[(0, 1), (0, 2)])), Refusal::MeasurementsNotOrdered);
    check(&market, says("monitor", of(&[(2, 1), (1, 2)])), Refusal::MeasurementsNotOrdered);
    // Where two fit.
    let back = of(&[(2, 1), (1, 2)]);
    let back = back.but(|e| e.findings = list([found(TITLE, Answer::Pass), found(MERCURY, Answer::Pass)]));
    check(&market, says("trader", back), Refusal::FindingsNotOrdered);
    check(&market, says("trader", of(&[(2, 1), (1, 2)])), Refusal::MeasurementsNotOrdered);
    let wrong = of(&[(7, 1)]).but(|e| e.findings = list([found(TITLE, Answer::Observed)]));
    check(&market, says("monitor", wrong), Refusal::WrongScale);
    let taken = of(&[(7, 1)]).but(|e| e.reference = Some(reference("ipis/v1")));
    let once = market.and(says("monitor", visited("pit").but(|e| e.reference = Some(reference("ipis/v1")))));
    check(&once, says("monitor", taken), Refusal::UnknownIndicator);
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
    check(&once, says("scheme", site), ["site new: of mine", "sites of mine: pit, new", "reference taken"]);
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
