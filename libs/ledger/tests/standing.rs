//! How far an organization has come: histories of a few lines each, and the standing at instants of them.
//!
//! Everything happens at noon of its day, counted from the day on which the scheme begins to ask. A standing is what
//! follows at an instant from what was said up to it.

use std::collections::BTreeMap;

use event::vocabulary::{
    Answer, AssessmentKind, Confidence, EventKind, IncidentCategory, Module, Period, Scale, Standing, Term,
};
use event::{PartyId, Timestamp};
use ledger::standing::{Cause, Gate};
use ledger::Ledger;

use crate::support::{
    ARMED, CHILDREN, EMISSIONS, HELMETS, LICENCE, NOON, OFFICE, Say, TAXES, TITLE_HELD, TITLE_PENDING, World, closed,
    confirmed, contested, days, decided, delegated, extended, gate, gates, gates_after, happened, judged, judged_market,
    list, next_changes_are_exact, planned, policy, published, reached_milestone, registered, reported, says, settled,
    taken_back, updated,
};

use Standing::{Affiliate, Applicant, Candidate, Lapsed, Registered, Suspended};

/// Every criterion that must be met, one scenario for all.
const ALL: &[u16] = &[OFFICE, LICENCE, TITLE_HELD, CHILDREN, ARMED, EMISSIONS, TAXES];
/// A year, and half a year, as the policy has them.
const YEAR: i32 = 365;
const HALF: i32 = 180;
/// For how long a finding goes before others of less assurance.
const LONG: i32 = 300;

/// Noon of a day.
fn noon(day: i32) -> Timestamp {
    NOON.plus_ms(i64::from(day) * 86_400_000)
}

/// A millisecond after noon: what lasts from noon to noon has ended by then.
fn past_noon(day: i32) -> Timestamp {
    noon(day).plus_ms(1)
}

fn morning(day: i32) -> Timestamp {
    days(day).start()
}

/// The last millisecond of the day before.
fn eve(day: i32) -> Timestamp {
    morning(day).plus_ms(-1)
}

/// Something that is said on a day.
type Deed = Box<dyn Fn(i32) -> Say>;

fn deed(say: impl Fn(i32) -> Say + 'static) -> Deed {
    Box::new(say)
}

fn called(name: &'static str, deed: Deed) -> Deed {
    Box::new(move |day| deed(day).called(name))
}

type Answers = BTreeMap<u16, Answer>;

fn each(places: &[u16], answer: &Answer) -> Answers {
    places.iter().map(|place| (*place, answer.clone())).collect()
}

fn passes(places: &[u16]) -> Answers {
    each(places, &Answer::Pass)
}

fn fails(places: &[u16]) -> Answers {
    each(places, &Answer::Fail)
}

fn progress() -> Answers {
    each(&[EMISSIONS], &Answer::Progress)
}

fn inapplicable(places: &[u16]) -> Answers {
    each(places, &Answer::NotApplicable("no such thing here".parse().unwrap()))
}

/// Everything passes, but for these.
fn all_but(other: Answers) -> Answers {
    let mut answers = passes(ALL);
    answers.extend(other);
    answers
}

/// Everything passes, but for these, about which nothing is said.
fn all_without(places: &[u16]) -> Answers {
    let mut answers = passes(ALL);
    answers.retain(|place, _| !places.contains(place));
    answers
}

fn finds(who: &'static str, kind: AssessmentKind, subject: &'static str, answers: Answers) -> Deed {
    let answers: Vec<_> = answers.into_iter().collect();
    deed(move |day| {
        let period = Period { from: days(day), to: days(day) };
        says(who, judged(subject, &answers).but(move |e| (e.kind, e.period) = (kind, period)))
    })
}

fn own(answers: Answers) -> Deed {
    finds("mine", AssessmentKind::SelfReported, "mine", answers)
}

fn own_at(site: &'static str, answers: Answers) -> Deed {
    finds("mine", AssessmentKind::SelfReported, site, answers)
}

fn helper(answers: Answers) -> Deed {
    finds("auditor", AssessmentKind::Implementer, "mine", answers)
}

fn watcher(answers: Answers) -> Deed {
    finds("auditor", AssessmentKind::Monitor, "mine", answers)
}

fn third_party(answers: Answers) -> Deed {
    finds("monitor", AssessmentKind::ThirdParty, "mine", answers)
}

fn third_party_at(site: &'static str, answers: Answers) -> Deed {
    finds("monitor", AssessmentKind::ThirdParty, site, answers)
}

fn withdraws(who: &'static str, assessment: &'static str) -> Deed {
    deed(move |_| says(who, taken_back(assessment)))
}

fn report() -> Deed {
    report_to(0)
}

/// A report whose last day lies so many days back.
fn report_to(days_back: i32) -> Deed {
    deed(move |day| {
        let period = Period { from: days(day - days_back - 30), to: days(day - days_back) };
        says("mine", reported().but(move |e| e.period = period))
    })
}

fn plan(criteria: &'static [u16]) -> Deed {
    plan_under("gates", criteria)
}

fn plan_under(catalogue: &'static str, criteria: &'static [u16]) -> Deed {
    deed(move |day| {
        let plan = planned(catalogue, criteria).but(move |e| {
            let mut one = e.milestones[0].clone();
            one.due = days(day + 90);
            e.milestones = list([one]);
        });
        says("mine", plan).called("plan")
    })
}

fn extends(to: i32) -> Deed {
    deed(move |_| says("mine", extended("plan", 0, days(to))))
}

fn closes() -> Deed {
    deed(|_| says("mine", closed("plan")))
}

fn incident(who: &'static str, subject: &'static str, category: IncidentCategory, confidence: Confidence) -> Deed {
    deed(move |_| says(who, happened(subject, category).but(move |e| e.confidence = confidence)).called("incident"))
}

/// Children at work in the pit.
fn children(who: &'static str, confidence: Confidence) -> Deed {
    incident(who, "pit", IncidentCategory::ChildLabour, confidence)
}

fn updates(who: &'static str, incident: &'static str, confidence: Confidence) -> Deed {
    deed(move |_| says(who, updated(incident, confidence)))
}

fn settles(incident: &'static str) -> Deed {
    deed(move |_| says("auditor", settled(incident)))
}

fn decides(standing: Standing) -> Deed {
    deed(move |_| says("scheme", decided("mine", standing)))
}

fn sets(term: Term) -> Deed {
    deed(move |_| says("scheme", policy([term])))
}

/// The scheme's next version, which replaces only these of its criteria and asks the others anew.
fn asks_again(kept: &'static [u16]) -> Deed {
    deed(move |_| {
        let next = gates_after("gates", "2").but(move |e| {
            let anew = |mut one: event::vocabulary::Criterion| {
                one.replaces = one.replaces.filter(|place| kept.contains(place));
                one
            };
            e.criteria = list(e.criteria.iter().cloned().map(anew).collect::<Vec<_>>());
        });
        says("scheme", next).called("next")
    })
}

/// What was said in the mine's name up to an instant.
fn up_to(deeds: &[(i32, Deed)], until: Timestamp) -> World {
    let said = deeds.iter().filter(|(day, _)| noon(*day) <= until);
    said.fold(judged_market(), |world, (day, deed)| {
        let at = noon(*day);
        world.and(deed(*day).admitted_at(at).stated_at(at))
    })
}

fn standing(world: &World, at: Timestamp) -> Standing {
    basis_of(&world.ledger, world.party("mine"), at)
}

fn basis_of(ledger: &Ledger, organization: PartyId, at: Timestamp) -> Standing {
    ledger.basis(organization).derive(at).standing
}

/// Given what happened on these days, the mine's standing is this at these instants; and time alone changes it at no
/// other instants than the ledger names.
#[track_caller]
fn history<const D: usize, const S: usize>(deeds: [(i32, Deed); D], standings: [(Timestamp, Standing); S]) {
    assert!(deeds.is_sorted_by_key(|(day, _)| *day), "a history goes forward");
    for (at, expected) in standings {
        let world = up_to(&deeds, at);
        assert_eq!(standing(&world, at), expected, "at {at}");
    }
    let whole = up_to(&deeds, Timestamp::from_unix_ms(i64::MAX));
    next_changes_are_exact(&whole.ledger, whole.party("mine"));
}

#[test]
fn the_way_up() {
    // Known, no more.
    history([], [(noon(0), Applicant), (noon(9_000), Applicant)]);
    // Without a report nothing is open, however much is met.
    history([(0, third_party(passes(ALL)))], [(noon(0), Applicant)]);
    // Without answers a report opens nothing.
    history([(0, report())], [(noon(0), Applicant)]);
    // Everything met, and a report.
    history([(0, third_party(passes(ALL))), (1, report())], [(noon(0), Applicant), (noon(1), Affiliate)]);
    // In the other order.
    history([(0, report()), (1, third_party(passes(ALL)))], [(noon(0), Applicant), (noon(1), Affiliate)]);
    // Step by step.
    history(
        [
            (0, report()),
            (1, watcher(passes(&[OFFICE]))),
            (2, watcher(passes(&[LICENCE, TITLE_HELD]))),
            (3, watcher(passes(&[CHILDREN, ARMED]))),
            (4, watcher(passes(&[EMISSIONS]))),
            (5, watcher(passes(&[TAXES]))),
        ],
        [(noon(1), Applicant), (noon(2), Registered), (noon(3), Candidate), (noon(4), Candidate), (noon(5), Affiliate)],
    );
    // Never asked is not met, module by module.
    for (missing, stands) in [
        (OFFICE, Applicant),
        (LICENCE, Applicant),
        (TITLE_HELD, Applicant),
        (CHILDREN, Registered),
        (ARMED, Registered),
        (EMISSIONS, Candidate),
        (TAXES, Candidate),
    ] {
        history([(0, report()), (0, watcher(all_without(&[missing])))], [(noon(0), stands)]);
    }
    // And not met is not met; in module 3, worse.
    for (failed, stands) in [
        (OFFICE, Applicant),
        (LICENCE, Applicant),
        (TITLE_HELD, Applicant),
        (CHILDREN, Suspended),
        (ARMED, Suspended),
        (EMISSIONS, Candidate),
        (TAXES, Candidate),
    ] {
        history([(0, report()), (0, watcher(all_but(fails(&[failed]))))], [(noon(0), stands)]);
    }
    // Module 5 has no gate.
    let level = each(&[HELMETS], &Answer::Level(0));
    history([(0, report()), (0, watcher(all_but(level)))], [(noon(0), Affiliate)]);
    // An organization can say all of it itself: who said it stands beside the standing.
    history([(0, report()), (0, own(passes(ALL)))], [(noon(0), Affiliate)]);
    // What does not apply is not in the way.
    history([(0, report()), (0, own(all_but(inapplicable(&[LICENCE, ARMED, TAXES]))))], [(noon(0), Affiliate)]);
}

#[test]
fn one_scenario_must_apply() {
    let said = |other: Answers| [(0, report()), (0, watcher(all_but(other)))];
    // Any of them.
    history(
        [(0, report()), (0, watcher(all_without(&[TITLE_HELD]))), (1, watcher(passes(&[TITLE_PENDING])))],
        [(noon(0), Applicant), (noon(1), Affiliate)],
    );
    history(said(fails(&[TITLE_PENDING])), [(noon(0), Affiliate)]);
    // None of them.
    history(said(fails(&[TITLE_HELD, TITLE_PENDING])), [(noon(0), Applicant)]);
    // To mark them inapplicable is no way around.
    history(said(inapplicable(&[TITLE_HELD, TITLE_PENDING])), [(noon(0), Applicant)]);
    history(said(inapplicable(&[TITLE_PENDING])), [(noon(0), Affiliate)]);
    // A site that was asked has one of its own.
    history(
        [
            (0, report()),
            (0, watcher(passes(ALL))),
            (1, third_party_at("pit", fails(&[TITLE_HELD, TITLE_PENDING]))),
            (2, third_party_at("pit", passes(&[TITLE_PENDING]))),
        ],
        [(noon(0), Affiliate), (noon(1), Applicant), (noon(2), Affiliate)],
    );
}

#[test]
fn a_report_lasts_a_year() {
    let upright = || (0, own(passes(ALL)));
    history([upright(), (0, report())], [(noon(YEAR), Affiliate), (past_noon(YEAR), Lapsed), (noon(9_000), Lapsed)]);
    // The next one goes on from where it is said.
    history(
        [upright(), (0, report()), (200, report())],
        [(past_noon(YEAR), Affiliate), (noon(200 + YEAR), Affiliate), (past_noon(200 + YEAR), Lapsed)],
    );
    // After a lapse too.
    history([upright(), (0, report()), (400, report())], [(past_noon(YEAR), Lapsed), (noon(400), Affiliate)]);
    // The same days again are no newer report.
    history([upright(), (0, report()), (200, report_to(200))], [(noon(YEAR), Affiliate), (past_noon(YEAR), Lapsed)]);
    history([upright(), (0, report()), (200, report_to(201))], [(past_noon(YEAR), Lapsed)]);
    history([upright(), (0, report()), (200, report_to(199))], [(past_noon(YEAR), Affiliate)]);
    // It lapses from any standing; what is suspended stays so.
    history([(0, report()), (0, own(fails(&[OFFICE])))], [(noon(YEAR), Applicant), (past_noon(YEAR), Lapsed)]);
    history([(0, report()), (0, own(fails(&[ARMED])))], [(noon(YEAR), Suspended), (past_noon(YEAR), Suspended)]);
    // Policy in the middle: at once, for what was said before as well.
    history(
        [upright(), (0, report()), (100, sets(Term::ReportDaysMax(90)))],
        [(past_noon(99), Affiliate), (noon(100), Lapsed)],
    );
    history(
        [upright(), (0, report()), (400, sets(Term::ReportDaysMax(500)))],
        [(noon(399), Lapsed), (noon(400), Affiliate), (noon(500), Affiliate), (past_noon(500), Lapsed)],
    );
}

#[test]
fn module_4_has_six_months() {
    let failed = || (0, watcher(all_but(fails(&[EMISSIONS]))));
    let better = || (0, watcher(all_but(progress())));
    // Not met, and no plan: as far as a candidate comes.
    history([(0, report()), failed()], [(noon(0), Candidate), (noon(YEAR), Candidate)]);
    history([(0, report()), better()], [(noon(0), Candidate)]);
    // A plan without progress: a candidate in time, and suspended after.
    history(
        [(0, report()), failed(), (10, plan(&[EMISSIONS]))],
        [(noon(10), Candidate), (noon(10 + HALF), Candidate), (past_noon(10 + HALF), Suspended)],
    );
    // Progress under a plan is good enough for an affiliate, in time.
    history(
        [(0, report()), failed(), (10, plan(&[EMISSIONS])), (50, watcher(progress()))],
        [(noon(10), Candidate), (noon(50), Affiliate), (noon(10 + HALF), Affiliate), (past_noon(10 + HALF), Candidate)],
    );
    // On the plan's own day too.
    history(
        [(0, report()), failed(), (10, plan(&[EMISSIONS])), (10, watcher(progress()))],
        [(noon(10), Affiliate), (past_noon(10 + HALF), Candidate)],
    );
    // Progress from before the plan is no progress under it.
    history(
        [(0, report()), better(), (10, plan(&[EMISSIONS]))],
        [(noon(10), Affiliate), (noon(10 + HALF), Affiliate), (past_noon(10 + HALF), Suspended)],
    );
    // Progress and then none.
    history(
        [
            (0, report()),
            failed(),
            (10, plan(&[EMISSIONS])),
            (50, watcher(progress())),
            (150, watcher(fails(&[EMISSIONS]))),
        ],
        [(noon(50), Affiliate), (noon(150), Candidate), (past_noon(10 + HALF), Suspended)],
    );
    // Progress after the end lifts the suspension; met, everything is open.
    history(
        [
            (0, report()),
            failed(),
            (10, plan(&[EMISSIONS])),
            (200, watcher(progress())),
            (250, watcher(passes(&[EMISSIONS]))),
        ],
        [(past_noon(10 + HALF), Suspended), (noon(200), Candidate), (noon(250), Affiliate)],
    );
    // Met in time.
    history(
        [(0, report()), failed(), (10, plan(&[EMISSIONS])), (190, watcher(passes(&[EMISSIONS])))],
        [(noon(190), Affiliate), (past_noon(10 + HALF), Affiliate)],
    );
}

#[test]
fn each_clock_runs_for_itself() {
    let failed = || (0, watcher(all_but(fails(&[EMISSIONS]))));
    let better = || (0, watcher(all_but(progress())));
    // A criterion that knows no progress is met or not.
    history(
        [(0, report()), (0, watcher(all_but(fails(&[TAXES])))), (10, plan(&[TAXES]))],
        [(noon(10), Candidate), (past_noon(10 + HALF), Suspended)],
    );
    // Each criterion has a clock of its own.
    history(
        [
            (0, report()),
            (0, watcher(all_but(fails(&[EMISSIONS, TAXES])))),
            (10, plan(&[EMISSIONS])),
            (60, plan(&[TAXES])),
            (100, watcher(passes(&[EMISSIONS]))),
        ],
        [(past_noon(10 + HALF), Candidate), (noon(60 + HALF), Candidate), (past_noon(60 + HALF), Suspended)],
    );
    // The clock runs from the plan on, also where the failure is found later.
    history(
        [
            (0, report()),
            (0, own(all_without(&[EMISSIONS]))),
            (10, plan(&[EMISSIONS])),
            (200, watcher(fails(&[EMISSIONS]))),
        ],
        [(past_noon(10 + HALF), Candidate), (noon(200), Suspended)],
    );
    // A plan for something else does not help.
    history(
        [(0, report()), better(), (10, plan(&[OFFICE, TAXES, HELMETS]))],
        [(noon(10), Candidate), (noon(300), Candidate)],
    );
    // Policy in the middle.
    history(
        [(0, report()), failed(), (10, plan(&[EMISSIONS])), (100, sets(Term::MitigationDaysMax(60)))],
        [(past_noon(99), Candidate), (noon(100), Suspended)],
    );
    history(
        [(0, report()), failed(), (10, plan(&[EMISSIONS])), (200, sets(Term::MitigationDaysMax(200)))],
        [(noon(199), Suspended), (noon(200), Candidate), (noon(210), Candidate), (past_noon(210), Suspended)],
    );
}

#[test]
fn nothing_sets_the_clock_back() {
    let begun = || [(0, report()), (0, watcher(all_but(fails(&[EMISSIONS])))), (10, plan(&[EMISSIONS]))];
    let in_time = (noon(10 + HALF), Candidate);
    let too_late = (past_noon(10 + HALF), Suspended);
    let begun_and = |deed: (i32, Deed)| {
        let [a, b, c] = begun();
        [a, b, c, deed]
    };
    // An extension.
    history(begun_and((90, extends(400))), [in_time, too_late]);
    // A second plan.
    history(begun_and((90, plan(&[EMISSIONS]))), [in_time, too_late]);
    // A second plan for more.
    history(begun_and((90, plan(&[EMISSIONS, TAXES]))), [in_time, too_late]);
    // The plan closed; closed and adopted anew; adopted anew when it is too late.
    history(begun_and((90, closes())), [in_time, too_late]);
    let [a, b, c] = begun();
    history([a, b, c, (90, closes()), (91, plan(&[EMISSIONS]))], [in_time, too_late]);
    history(begun_and((191, plan(&[EMISSIONS]))), [too_late, (noon(191), Suspended)]);
    // A milestone reached.
    history(begun_and((90, deed(|_| says("auditor", reached_milestone("plan", 0))))), [in_time, too_late]);
    // What the organization says itself, while somebody else's word goes before it.
    history(begun_and((90, own(passes(&[EMISSIONS])))), [in_time, too_late]);
    history(begun_and((90, own(progress()))), [in_time, too_late]);
    // A pass for a single site, while the organization fails.
    history(begun_and((90, third_party_at("pit", passes(&[EMISSIONS])))), [in_time, too_late]);
    // A plan under an assessor's own catalogue.
    let theirs = deed(|_| says("monitor", gates("1").but(|e| e.slug = "theirs".parse().unwrap())).called("theirs"));
    let [a, b, c] = begun();
    history([a, b, c, (90, theirs), (91, plan_under("theirs", &[EMISSIONS]))], [in_time, too_late]);
    // A pass that is taken back.
    let [a, b, c] = begun();
    let pass = called("pass", watcher(passes(&[EMISSIONS])));
    history(
        [a, b, c, (90, pass), (100, withdraws("auditor", "pass")), (101, plan(&[EMISSIONS]))],
        [(noon(90), Affiliate), (noon(100), Candidate), in_time, too_late],
    );
    // Two passes, both taken back.
    let [a, b, c] = begun();
    let (one, two) = (called("one", watcher(passes(&[EMISSIONS]))), called("two", third_party(passes(&[EMISSIONS]))));
    history(
        [a, b, c, (90, one), (91, two), (100, withdraws("auditor", "one")), (200, withdraws("monitor", "two"))],
        [(noon(100), Affiliate), (noon(199), Affiliate), (noon(200), Suspended)],
    );
    // A new version of the catalogue that keeps the criterion.
    history(
        begun_and((90, asks_again(&[OFFICE, LICENCE, TITLE_HELD, CHILDREN, ARMED, EMISSIONS, TAXES]))),
        [in_time, too_late],
    );
    let [a, b, c] = begun();
    history([a, b, c, (90, asks_again(ALL)), (91, plan_under("next", &[EMISSIONS]))], [in_time, too_late]);
    // Only met and then worse again is another matter, with another plan.
    let [a, b, c] = begun();
    history(
        [a, b, c, (90, watcher(passes(&[EMISSIONS]))), (100, watcher(fails(&[EMISSIONS]))), (150, plan(&[EMISSIONS]))],
        [
            (noon(90), Affiliate),
            (noon(100), Candidate),
            (noon(150 + HALF), Candidate),
            (past_noon(150 + HALF), Suspended),
        ],
    );
    // And then it is another matter for good: what is taken back of the first does not bring its clock back.
    let [a, b, c] = begun();
    let pass = called("pass", watcher(passes(&[EMISSIONS])));
    history(
        [
            a,
            b,
            c,
            (90, pass),
            (100, watcher(fails(&[EMISSIONS]))),
            (150, plan(&[EMISSIONS])),
            (151, withdraws("auditor", "pass")),
        ],
        [(noon(150 + HALF), Candidate), (past_noon(150 + HALF), Suspended)],
    );
}

#[test]
fn the_surest_word_goes_before_others_for_a_while() {
    let reported = || (0, report());
    // Later words of less assurance wait.
    for (less, more) in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)] {
        let says: [fn(Answers) -> Deed; 4] = [own, helper, watcher, third_party];
        history(
            [reported(), (0, says[more](passes(ALL))), (1, says[less](fails(&[OFFICE])))],
            [(noon(1), Affiliate), (eve(LONG + 1), Affiliate), (morning(LONG + 1), Applicant)],
        );
        // Surer words do not.
        history([reported(), (0, says[less](fails(&[OFFICE]))), (1, says[more](passes(ALL)))], [(noon(1), Affiliate)]);
    }
    // Where all are old, the newest stands, and stays.
    history(
        [reported(), (0, third_party(passes(ALL))), (1, own(fails(&[OFFICE]))), (300, report())],
        [(noon(LONG), Affiliate), (noon(LONG + 1), Applicant), (noon(LONG + 2), Applicant), (noon(600), Applicant)],
    );
    // The newest of one kind, by the days that it speaks about.
    history(
        [reported(), (0, own(passes(ALL))), (5, own(fails(&[OFFICE])))],
        [(noon(0), Affiliate), (noon(5), Applicant)],
    );
    let back = finds("mine", AssessmentKind::SelfReported, "mine", fails(&[OFFICE]));
    history(
        [reported(), (5, own(passes(ALL))), (6, deed(move |_| back(4)))],
        [(noon(5), Affiliate), (noon(6), Affiliate)],
    );
    // Of the same days, the later word.
    history([reported(), (0, own(passes(ALL))), (0, own(fails(&[OFFICE])))], [(noon(0), Applicant)]);
    // Policy in the middle.
    history(
        [reported(), (0, third_party(passes(ALL))), (1, own(fails(&[OFFICE]))), (50, sets(Term::AssuranceDaysMax(30)))],
        [(past_noon(49), Affiliate), (noon(50), Applicant)],
    );
}

#[test]
fn that_something_is_not_met_does_not_pass_with_time() {
    let reported = || (0, report());
    // Nobody clears himself by waiting.
    history(
        [
            reported(),
            (0, own(passes(ALL))),
            (1, third_party(fails(&[OFFICE]))),
            (2, own(passes(&[OFFICE]))),
            (300, report()),
            (LONG + 4, helper(passes(&[OFFICE]))),
            (LONG + 5, third_party(passes(&[OFFICE]))),
        ],
        [
            (noon(2), Applicant),
            (eve(LONG + 2), Applicant),
            (morning(LONG + 2), Applicant),
            (noon(LONG + 4), Applicant),
            (noon(LONG + 5), Affiliate),
        ],
    );
    // It is answered by a surer word, too, and does not come back when that is old.
    history(
        [reported(), (0, own(passes(ALL))), (1, helper(fails(&[OFFICE]))), (2, watcher(passes(&[OFFICE]))), (3, own(passes(ALL))), (300, report())],
        [(noon(1), Applicant), (noon(2), Affiliate), (noon(LONG + 9), Affiliate)],
    );
    // Nor does a failure of module 3, whoever else answers to it or nobody.
    history([(0, third_party(fails(&[CHILDREN])))], [(noon(LONG + 9), Suspended), (noon(9_000), Suspended)]);
    history(
        [reported(), (0, third_party(all_but(fails(&[CHILDREN])))), (1, watcher(passes(ALL))), (300, report())],
        [(noon(1), Suspended), (noon(LONG + 9), Suspended)],
    );
    // A clock that ran out under a sure word matters as long as that word does.
    history(
        [
            reported(),
            (0, watcher(all_but(fails(&[EMISSIONS])))),
            (1, plan(&[EMISSIONS])),
            (2, own(passes(ALL))),
            (LONG + 9, watcher(passes(ALL))),
        ],
        [
            (past_noon(1 + HALF), Suspended),
            (eve(LONG + 1), Suspended),
            (morning(LONG + 1), Suspended),
            (noon(LONG + 9), Affiliate),
        ],
    );
    // And it ran out for good: a report changes nothing, and the next failure finds it where it was.
    history(
        [
            (0, watcher(all_but(fails(&[EMISSIONS])))),
            (1, plan(&[EMISSIONS])),
            (2, own(passes(ALL))),
            (300, report()),
            (LONG + 20, own(passes(&[OFFICE]))),
            (LONG + 30, watcher(fails(&[EMISSIONS]))),
        ],
        [(noon(LONG + 20), Suspended), (noon(LONG + 30), Suspended)],
    );
}

#[test]
fn what_is_contested_or_withdrawn() {
    let reported = || (0, report());
    let visit = || (1, called("visit", watcher(passes(ALL))));
    // Contested or confirmed, it still stands: both are shown.
    history(
        [
            reported(),
            visit(),
            (2, deed(|_| says("ministry", contested("visit", ALL)))),
            (3, deed(|_| says("scheme", confirmed("visit", ALL)))),
        ],
        [(noon(1), Affiliate), (noon(2), Affiliate), (noon(3), Affiliate)],
    );
    let bad = || (1, called("bad", watcher(all_but(fails(&[ARMED])))));
    history([reported(), bad(), (2, deed(|_| says("ministry", contested("bad", &[ARMED]))))], [(noon(2), Suspended)]);
    // Withdrawn, the older answer stands again; or none does.
    history([reported(), visit(), (9, withdraws("auditor", "visit"))], [(noon(1), Affiliate), (noon(9), Applicant)]);
    history(
        [reported(), (0, watcher(passes(ALL))), bad(), (9, withdraws("auditor", "bad"))],
        [(noon(1), Suspended), (noon(9), Affiliate)],
    );
    history(
        [reported(), (0, watcher(all_but(fails(&[ARMED])))), visit(), (9, withdraws("auditor", "visit"))],
        [(noon(1), Affiliate), (noon(9), Suspended)],
    );
    // Also that of another kind.
    history(
        [reported(), (0, own(passes(ALL))), bad(), (9, withdraws("auditor", "bad"))],
        [(noon(1), Suspended), (noon(9), Affiliate)],
    );
    // An older one withdrawn changes nothing, and does not come back when the newer goes.
    history(
        [
            reported(),
            (0, called("old", watcher(passes(ALL)))),
            bad(),
            (8, withdraws("auditor", "old")),
            (9, withdraws("auditor", "bad")),
        ],
        [(noon(8), Suspended), (noon(9), Applicant)],
    );
    // An organization's own failure is its own to withdraw; it then has no answer, and no standing by it.
    history(
        [
            reported(),
            (0, called("own", own(all_but(fails(&[EMISSIONS]))))),
            (1, plan(&[EMISSIONS])),
            (200, withdraws("mine", "own")),
        ],
        [(noon(199), Suspended), (noon(200), Applicant)],
    );
}

#[test]
fn sites_count_for_their_operator() {
    let upright = || [(0, report()), (0, third_party(passes(ALL)))];
    let upright_and = |deed: (i32, Deed)| {
        let [a, b] = upright();
        [a, b, deed]
    };
    // The worst counts.
    history(upright_and((1, third_party_at("pit", fails(&[OFFICE])))), [(noon(0), Affiliate), (noon(1), Applicant)]);
    history(upright_and((1, third_party_at("pit", fails(&[ARMED])))), [(noon(1), Suspended)]);
    history(upright_and((1, third_party_at("pit", fails(&[TAXES])))), [(noon(1), Candidate)]);
    history(upright_and((1, third_party_at("pit", progress()))), [(noon(1), Candidate)]);
    // Who looked at the site counts there: its own word about the site stands beside a third party's about all.
    history(upright_and((1, own_at("pit", fails(&[ARMED])))), [(noon(1), Suspended)]);
    // A site of somebody else does not.
    history(upright_and((1, third_party_at("creek", fails(&[ARMED])))), [(noon(1), Affiliate)]);
    // Sites alone can carry an organization.
    history([(0, report()), (0, third_party_at("pit", passes(ALL)))], [(noon(0), Affiliate)]);
    // A second site: each by its own answers.
    let [a, b] = upright();
    let shaft = deed(|_| says("scheme", registered("mine")).called("shaft"));
    history(
        [
            a,
            b,
            (1, shaft),
            (2, third_party_at("shaft", fails(&[ARMED]))),
            (3, third_party_at("pit", passes(&[ARMED]))),
            (4, third_party_at("shaft", passes(&[ARMED]))),
        ],
        [(noon(1), Affiliate), (noon(2), Suspended), (noon(3), Suspended), (noon(4), Affiliate)],
    );
    // A plan mends the organization and its sites together: met is met everywhere.
    let [a, b] = upright();
    history(
        [
            a,
            b,
            (1, third_party_at("pit", fails(&[EMISSIONS]))),
            (2, plan(&[EMISSIONS])),
            (50, third_party(passes(&[EMISSIONS]))),
            (60, third_party_at("pit", progress())),
        ],
        [(noon(2), Candidate), (noon(50), Candidate), (noon(60), Affiliate), (past_noon(2 + HALF), Candidate)],
    );
}

#[test]
fn incidents_of_module_3_suspend() {
    use Confidence::{Allegation, FoundedSuspicion, Known};
    let upright = || [(0, report()), (0, third_party(passes(ALL)))];
    let upright_and = |deed: (i32, Deed)| {
        let [a, b] = upright();
        [a, b, deed]
    };
    // An allegation does not, whoever makes it.
    for who in ["rival", "thief", "mine", "monitor", "scheme"] {
        history(upright_and((1, children(who, Allegation))), [(noon(1), Affiliate), (noon(300), Affiliate)]);
    }
    // Founded or known it does, whatever the answers say, until it is closed.
    for confidence in [FoundedSuspicion, Known] {
        let [a, b] = upright();
        history(
            [a, b, (1, children("monitor", confidence)), (30, settles("incident"))],
            [(noon(0), Affiliate), (noon(1), Suspended), (noon(29), Suspended), (noon(30), Affiliate)],
        );
        history(upright_and((1, children("mine", confidence))), [(noon(1), Suspended)]);
    }
    // Before anything else is known of it, too.
    history([(0, children("monitor", Known))], [(noon(0), Suspended)]);
    // At the site or at the organization; other sites are other matters.
    history(upright_and((1, incident("monitor", "mine", IncidentCategory::Torture, Known))), [(noon(1), Suspended)]);
    history(upright_and((1, incident("monitor", "creek", IncidentCategory::Torture, Known))), [(noon(1), Affiliate)]);
    // Other modules do not suspend.
    let others = [
        IncidentCategory::Bribery,
        IncidentCategory::MoneyLaundering,
        IncidentCategory::Accident,
        IncidentCategory::Other,
    ];
    for category in others {
        history(upright_and((1, incident("monitor", "pit", category, Known))), [(noon(1), Affiliate)]);
    }
    // An allegation that is looked into becomes one, and stops being one.
    let [a, b] = upright();
    history(
        [
            a,
            b,
            (1, children("rival", Allegation)),
            (5, updates("monitor", "incident", FoundedSuspicion)),
            (6, updates("auditor", "incident", Known)),
            (20, updates("auditor", "incident", Allegation)),
        ],
        [(noon(1), Affiliate), (noon(5), Suspended), (noon(6), Suspended), (noon(20), Affiliate)],
    );
    // Two at once: suspended until both are over.
    let [a, b] = upright();
    let two = called("two", incident("scheme", "mine", IncidentCategory::ForcedLabour, FoundedSuspicion));
    history(
        [a, b, (1, children("monitor", Known)), (2, two), (10, settles("incident")), (20, settles("two"))],
        [(noon(2), Suspended), (noon(10), Suspended), (noon(20), Affiliate)],
    );
    // And with a reason of another kind beside it.
    let [a, b] = upright();
    history(
        [
            a,
            b,
            (1, children("monitor", Known)),
            (2, third_party(fails(&[ARMED]))),
            (10, settles("incident")),
            (20, third_party(passes(&[ARMED]))),
        ],
        [(noon(10), Suspended), (noon(20), Affiliate)],
    );
}

#[test]
fn the_schemes_decision_stands_beside() {
    let upright = || [(0, report()), (0, third_party(passes(ALL)))];
    let [a, b] = upright();
    let world = up_to(&[a, b, (1, decides(Suspended))], noon(1));
    let mine = world.party("mine");
    let conduct = world.ledger.conduct(&mine).unwrap();
    assert_eq!(conduct.decided.map(|decided| (decided.standing, decided.at)), Some((Suspended, noon(1))));
    assert_eq!(standing(&world, noon(1)), Affiliate, "what follows does not bend to it");
    assert!(world.ledger.is_suspended(mine, noon(1)), "but nobody trades");
    // It goes with the scheme's next word.
    let [a, b] = upright();
    let world = up_to(&[a, b, (1, decides(Suspended)), (2, decides(Candidate))], noon(2));
    assert!(!world.ledger.is_suspended(mine, noon(2)));
    // No word of the scheme lifts what follows.
    let bad = [(0, report()), (0, third_party(fails(&[ARMED]))), (1, decides(Affiliate))];
    let world = up_to(&bad, noon(1));
    assert_eq!(standing(&world, noon(1)), Suspended);
    assert!(world.ledger.is_suspended(mine, noon(1)));
    let nothing = [(0, decides(Affiliate))];
    assert_eq!(standing(&up_to(&nothing, noon(0)), noon(0)), Applicant);
}

#[test]
fn a_new_version_of_the_catalogue() {
    let upright = || [(0, report()), (0, third_party(passes(ALL)))];
    let upright_and = |deed: (i32, Deed)| {
        let [a, b] = upright();
        [a, b, deed]
    };
    // What it keeps is answered; what it asks anew is not.
    history(upright_and((10, asks_again(ALL))), [(noon(10), Affiliate)]);
    history(upright_and((10, asks_again(&[]))), [(noon(9), Affiliate), (noon(10), Applicant)]);
    history(
        upright_and((10, asks_again(&[OFFICE, LICENCE, TITLE_HELD, CHILDREN, ARMED, TAXES]))),
        [(noon(10), Candidate)],
    );
    history(
        upright_and((10, asks_again(&[OFFICE, LICENCE, TITLE_HELD, CHILDREN, EMISSIONS, TAXES]))),
        [(noon(10), Registered)],
    );
    // Answers under the old version go on counting for what it keeps.
    let [a, b] = upright();
    history(
        [a, b, (10, asks_again(ALL)), (11, third_party(fails(&[ARMED])))],
        [(noon(10), Affiliate), (noon(11), Suspended)],
    );
    // And not for what it dropped.
    let [a, b] = upright();
    let kept: &[u16] = &[OFFICE, LICENCE, TITLE_HELD, CHILDREN, EMISSIONS, TAXES];
    history([a, b, (10, asks_again(kept)), (11, third_party(fails(&[ARMED])))], [(noon(11), Registered)]);
    // An assessor's catalogue changes nothing, nor does one of the scheme's without gates.
    let theirs = deed(|_| says("monitor", gates("1").but(|e| e.slug = "theirs".parse().unwrap())));
    history(upright_and((10, theirs)), [(noon(10), Affiliate)]);
    history(upright_and((10, deed(|_| says("scheme", published("2"))))), [(noon(10), Affiliate)]);
    // What was to be mended in time can become what is not waited for: a plan's clock is then no excuse.
    let graver = deed(|_| {
        let next = gates_after("gates", "2").but(|e| {
            let mut criteria = e.criteria.to_vec();
            criteria[usize::from(TAXES)].module = Some(Module::Disengagement);
            e.criteria = list(criteria);
        });
        says("scheme", next)
    });
    history(
        [(0, report()), (0, third_party(all_but(fails(&[TAXES])))), (1, plan(&[TAXES])), (50, graver)],
        [(noon(49), Candidate), (noon(50), Suspended)],
    );
    // A catalogue that asks for little opens everything with little.
    let little = deed(|_| {
        let little = gates("1").but(|e| {
            e.slug = "little".parse().unwrap();
            e.criteria = list([gate("armed", Scale::PassFail, Module::Disengagement)]);
        });
        says("scheme", little).called("gates")
    });
    history(
        [(0, report()), (1, little), (2, own(passes(&[0])))],
        [(noon(0), Applicant), (noon(1), Registered), (noon(2), Affiliate)],
    );
}

/// What is said in the mine's name by whom it lets speak is the mine's own word, and no more.
#[test]
fn said_for_it() {
    let lets = deed(|_| says("mine", delegated("auditor", &[EventKind::AssessmentSubmitted])));
    let said = deed(|day| {
        let period = Period { from: days(day), to: days(day) };
        let pass: Vec<_> = passes(ALL).into_iter().collect();
        let own = judged("mine", &pass).but(move |e| (e.kind, e.period) = (AssessmentKind::SelfReported, period));
        says("auditor", own).in_the_name_of("mine")
    });
    history(
        [(0, report()), (0, lets), (1, said), (2, third_party(fails(&[OFFICE])))],
        [(noon(0), Applicant), (noon(1), Affiliate), (noon(2), Applicant)],
    );
}

/// Beside the standing: how far each module is, what decides, and why it is suspended.
#[test]
fn what_it_follows_from() {
    let deeds = [
        (0, report()),
        (0, third_party(all_but(fails(&[TAXES])))),
        (1, third_party_at("pit", fails(&[ARMED]))),
        (2, plan(&[TAXES])),
        (3, own(progress())),
        (4, children("monitor", Confidence::Known)),
    ];
    let world = up_to(&deeds, noon(4));
    let basis = world.ledger.basis(world.party("mine"));
    let derived = basis.derive(noon(4));
    let gate = |met, mending, overdue, not_met, unanswered| Gate { met, mending, overdue, not_met, unanswered };
    // The scenarios count as one.
    let gates = [gate(1, 0, 0, 0, 0), gate(2, 0, 0, 0, 0), gate(1, 0, 0, 1, 0), gate(1, 1, 0, 0, 0)];
    assert_eq!(derived.gates, gates);
    let incident = world.ledger.conduct(&world.party("mine")).unwrap().grave_since.unwrap();
    assert_eq!(derived.causes, [Cause::Abuse(ARMED), Cause::Incident(incident)]);
    let armed = derived.criteria.iter().find(|rolled| rolled.place == ARMED).unwrap();
    let (subject, kind, found) = armed.decided_by.unwrap();
    assert_eq!((subject, kind, found.day), (world.subject("pit"), AssessmentKind::ThirdParty, days(1)));
    let emissions = derived.criteria.iter().find(|rolled| rolled.place == EMISSIONS).unwrap();
    assert_eq!(emissions.decided_by.unwrap().1, AssessmentKind::ThirdParty, "a surer word goes before a later one");
    let late = basis.derive(past_noon(2 + HALF));
    assert_eq!(late.causes, [Cause::Abuse(ARMED), Cause::Overdue(TAXES), Cause::Incident(incident)]);
    assert_eq!(late.gates[3], gate(1, 0, 1, 0, 0));
    // Nobody has a standing who did nothing and about whom nothing is known; and it costs nothing to ask.
    let rival = world.ledger.basis(world.party("rival"));
    assert_eq!((rival.derive(noon(0)).standing, rival.next_change(Timestamp::MIN)), (Applicant, None));
}
