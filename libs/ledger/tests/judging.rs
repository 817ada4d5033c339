//! Assessments on gates; who confirms, contests and withdraws what.

use event::vocabulary::{Answer, AssessmentKind, Line, Period};
use ledger::Refusal;

use crate::support::{
    CHILDREN, EMISSIONS, HELMETS, MERCURY, NOON, OFFICE, Say, TITLE_HELD, TITLE_PENDING, WORKERS, World, check,
    confirmed, contested, days, gates, judged, judged_market, planned, says, taken_back, visited,
};

const NOTHING: [&str; 0] = [];

#[test]
fn judging() {
    table();
}

pub(crate) fn table() {
    gate_answers();
    only_a_schemes_gates();
    judgements();
    withdrawals();
    what_stands_again();
}

fn as_kind(kind: AssessmentKind, subject: &str, answers: &[(u16, Answer)], day: i32) -> Say {
    let who = match kind {
        AssessmentKind::SelfReported => "mine",
        AssessmentKind::Implementer | AssessmentKind::Monitor => "auditor",
        AssessmentKind::ThirdParty => "monitor",
    };
    says(who, judged(subject, answers).but(move |e| {
        e.kind = kind;
        e.period = Period { from: days(day), to: days(day) };
    }))
}

fn monitors(subject: &str, answers: &[(u16, Answer)], day: i32) -> Say {
    as_kind(AssessmentKind::Monitor, subject, answers, day)
}

fn gate_answers() {
    let given = judged_market();
    let because: Line = "no such thing here".parse().unwrap();
    check(
        &given,
        monitors("mine", &[(OFFICE, Answer::Pass), (CHILDREN, Answer::Fail), (EMISSIONS, Answer::Progress)], 0),
        [
            "assessment new",
            "Monitor on 6 of mine: Pass",
            "Monitor on 10 of mine: Fail",
            "Monitor on 12 of mine: Progress",
            "of mine: 6 Monitor Pass, 10 Monitor Fail, 12 Monitor Progress",
        ],
    );
    // Module 5 opens no gate, and shuts none.
    check(&given, monitors("mine", &[(HELMETS, Answer::Level(0))], 0), ["assessment new"]);
    check(
        &given,
        monitors("pit", &[(OFFICE, Answer::NotApplicable(because.clone())), (HELMETS, Answer::Level(4))], 0),
        ["assessment new", "Monitor on 6 of pit: NotApplicable", "of pit: 6 Monitor NotApplicable"],
    );
    // Of scenarios one must apply: that one is not applicable is no answer to which.
    check(
        &given,
        monitors("mine", &[(TITLE_HELD, Answer::NotApplicable(because)), (TITLE_PENDING, Answer::Pass)], 0),
        [
            "assessment new",
            "Monitor on 8 of mine: Fail",
            "Monitor on 9 of mine: Pass",
            "of mine: 8 Monitor Fail, 9 Monitor Pass",
        ],
    );
    // Each kind has its own newest answer; a later statement about earlier days is not newer.
    let once = given.and(monitors("mine", &[(OFFICE, Answer::Fail)], -5));
    check(
        &once,
        monitors("mine", &[(OFFICE, Answer::Pass)], -6),
        ["assessment new", "Monitor on 6 of mine: Pass", "of mine: 6 Monitor Fail"],
    );
    check(
        &once,
        monitors("mine", &[(OFFICE, Answer::Pass)], -5),
        ["assessment new", "Monitor on 6 of mine: Pass", "of mine: 6 Monitor Pass"],
    );
    check(
        &once,
        as_kind(AssessmentKind::ThirdParty, "mine", &[(OFFICE, Answer::Pass)], -9),
        ["assessment new", "ThirdParty on 6 of mine: Pass", "of mine: 6 Monitor Fail ThirdParty Pass"],
    );
}

/// An assessor's catalogue may name modules; no standing hangs on them.
fn only_a_schemes_gates() {
    let theirs = || gates("1").but(|e| e.slug = "theirs".parse().unwrap());
    let given = judged_market().and(says("monitor", theirs()).called("gates"));
    check(&given, monitors("mine", &[(OFFICE, Answer::Fail)], 0), ["assessment new"]);
    let passed = given.and(monitors("mine", &[(OFFICE, Answer::Pass)], 0).called("theirs"));
    check(&passed, says("auditor", taken_back("theirs")), ["assessment theirs, withdrawn"]);
    check(&passed, says("monitor", confirmed("theirs", &[OFFICE])), NOTHING);
    check(&passed, says("mine", planned("gates", &[EMISSIONS])), ["plan new: of mine, due 2026-01-31"]);
}

type Judges = fn(&str, &str, &[u16]) -> Say;

fn judgements() {
    let given = judged_market()
        .and(says("monitor", visited("pit")).called("visit"))
        .and(says("mine", visited("pit").but(|e| e.kind = AssessmentKind::SelfReported)).called("own"))
        .and(monitors("mine", &[(OFFICE, Answer::Pass)], 0).called("audit"))
        .and(says("monitor", visited("pit")).called("mistake"))
        .and(says("monitor", taken_back("mistake")));
    let judges: [Judges; 2] =
        [|who, what, on| says(who, confirmed(what, on)), |who, what, on| says(who, contested(what, on))];
    for judge in judges {
        for who in ["auditor", "ministry", "scheme"] {
            check(&given, judge(who, "visit", &[MERCURY]), NOTHING);
            check(&given, judge(who, "visit", &[MERCURY, WORKERS]), NOTHING);
        }
        check(&given, judge("monitor", "own", &[MERCURY]), NOTHING);
        for who in ["mine", "rival", "trader", "thief"] {
            check(&given, judge(who, "own", &[MERCURY]), Refusal::MayNotJudge);
        }
        // Nobody confirms itself.
        check(&given, judge("monitor", "visit", &[MERCURY]), Refusal::OwnAssessment);
        check(&given, judge("auditor", "audit", &[OFFICE]), Refusal::OwnAssessment);
        check(&given, judge("mine", "visit", &[MERCURY]), Refusal::MayNotJudge);
        check(&given, judge("auditor", "nothing", &[MERCURY]), Refusal::UnknownAssessment);
        check(&given, judge("auditor", "mistake", &[MERCURY]), Refusal::AssessmentWithdrawn);
        for criteria in [&[][..], &[WORKERS, MERCURY], &[MERCURY, MERCURY]] {
            check(&given, judge("auditor", "visit", criteria), Refusal::CriteriaNotOrdered);
        }
        for place in [WORKERS + 1, 63, 64, 255, 256, u16::MAX] {
            check(&given, judge("auditor", "visit", &[MERCURY, place]), Refusal::CriterionNotFound);
        }
        // Where two fit.
        check(&given, judge("mine", "nothing", &[]), Refusal::MayNotJudge);
        check(&given, judge("auditor", "nothing", &[]), Refusal::CriteriaNotOrdered);
        check(&given, judge("monitor", "mistake", &[9]), Refusal::AssessmentWithdrawn);
        check(&given, judge("monitor", "visit", &[9]), Refusal::OwnAssessment);
    }
    let creek = given.subject("creek");
    check(
        &given,
        says("auditor", confirmed("visit", &[MERCURY]).but(move |e| e.subject = creek)),
        Refusal::SubjectDiffers,
    );
    check(
        &given,
        says("auditor", contested("mistake", &[MERCURY]).but(move |e| e.subject = creek)),
        Refusal::SubjectDiffers,
    );
    // An assessor that was itself assessed does not say whether that is so.
    let looked_at = given.and(says("auditor", judged("monitor", &[(OFFICE, Answer::Pass)])).called("of monitor"));
    check(&looked_at, says("monitor", confirmed("of monitor", &[OFFICE])), Refusal::SubjectMayNotJudge);
    check(&looked_at, says("monitor", contested("of monitor", &[9])), Refusal::SubjectMayNotJudge);
    check(&looked_at, says("ministry", contested("of monitor", &[OFFICE])), NOTHING);
}

fn withdrawals() {
    let given = judged_market()
        .and(says("monitor", visited("pit")).called("visit"))
        .and(says("auditor", contested("visit", &[MERCURY])));
    let gone = given.clone().and(says("monitor", taken_back("visit")));
    check(&given, says("monitor", taken_back("visit")), ["assessment visit, withdrawn"]);
    for who in ["mine", "auditor", "scheme", "rival"] {
        check(&given, says(who, taken_back("visit")), Refusal::NotAuthor);
    }
    check(&given, says("monitor", taken_back("nothing")), Refusal::UnknownAssessment);
    check(&gone, says("monitor", taken_back("visit")), Refusal::AssessmentWithdrawn);
    let creek = given.subject("creek");
    check(&given, says("monitor", taken_back("visit").but(move |e| e.subject = creek)), Refusal::SubjectDiffers);
    // Where two fit.
    check(&gone, says("mine", taken_back("visit").but(move |e| e.subject = creek)), Refusal::SubjectDiffers);
    check(&gone, says("mine", taken_back("visit")), Refusal::AssessmentWithdrawn);
}

/// Five answers on one gate by days; whichever is taken back, the newest of the others stands.
fn what_stands_again() {
    let answers = [Answer::Pass, Answer::Fail, Answer::Pass, Answer::Fail, Answer::Progress];
    let said = |world: World, (place, answer): (usize, Answer)| {
        let day = i32::try_from(place).unwrap() - 9;
        world.and(monitors("mine", &[(EMISSIONS, answer)], day).called(place.to_string()))
    };
    let given = answers.clone().into_iter().enumerate().fold(judged_market(), said);
    let stands = |world: &World| {
        let answers = world.ledger.answers(&world.subject("mine")).unwrap();
        let found = answers.0[0].by_kind[AssessmentKind::Monitor as usize];
        found.map(|found| (found.day, format!("{:?}", found.given)))
    };
    let of = |place: usize| Some((days(i32::try_from(place).unwrap() - 9), format!("{:?}", answers[place])));
    assert_eq!(stands(&given), of(4));
    // The last first, the first first, from the middle.
    let orders = [[4, 3, 2, 1, 0], [0, 1, 2, 3, 4], [2, 4, 0, 3, 1]];
    for order in orders {
        let mut world = given.clone();
        let mut left: Vec<_> = (0..5).collect();
        for place in order {
            world = world.and(says("auditor", taken_back(&place.to_string())));
            left.retain(|other| *other != place);
            assert_eq!(stands(&world), left.last().and_then(|newest| of(*newest)), "{order:?} at {place}");
        }
        // What comes after nothing stands again.
        let world = world.and(monitors("mine", &[(EMISSIONS, Answer::Pass)], -30).admitted_at(NOON));
        assert_eq!(stands(&world), Some((days(-30), "Pass".to_owned())));
    }
}
