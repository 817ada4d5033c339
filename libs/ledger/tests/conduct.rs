//! What an organization does about what was found: plans, incidents, reports; and the scheme's decision.

use event::List;
use event::vocabulary::{
    Answer, Confidence, IncidentCategory, MILESTONES_MAX, Milestone, Period, Standing,
};
use ledger::Refusal;

use crate::support::{
    ARMED, CHILDREN, EMISSIONS, HELMETS, NOON, OFFICE, Say, TAXES, check, closed, days, decided, extended, happened,
    judged, judged_market, list, milestone, planned, reached_milestone, reference, reported, says, settled, updated,
};

const NOTHING: [&str; 0] = [];

#[test]
fn conduct() {
    table();
}

pub(crate) fn table() {
    plans();
    milestones_of_plans();
    clocks();
    following_plans();
    incidents();
    following_incidents();
    grave_incidents();
    grave_incidents_at_once();
    reports();
    decisions();
}

fn plans() {
    let given = judged_market();
    let plan = |criteria| says("mine", planned("gates", criteria));
    check(&given, plan(&[OFFICE]), ["plan new: of mine, due 2026-01-31"]);
    check(&given, says("mine", planned("visits", &[0, 4])), ["plan new: of mine, due 2026-01-31"]);
    check(&given, says("rival", planned("gates", &[CHILDREN])), ["plan new: of rival, due 2026-01-31"]);
    for who in ["trader", "refiner", "monitor", "scheme", "ministry", "auditor"] {
        check(&given, says(who, planned("gates", &[OFFICE])), Refusal::NotAnOrganization);
    }
    for criteria in [&[][..], &[TAXES, OFFICE], &[TAXES, TAXES]] {
        check(&given, plan(criteria), Refusal::CriteriaNotOrdered);
    }
    check(&given, says("mine", planned("nothing", &[OFFICE])), Refusal::UnknownCatalogue);
    check(&given, plan(&[OFFICE, HELMETS + 1]), Refusal::UnknownCriterion);
    check(&given, plan(&[OFFICE, u16::MAX]), Refusal::UnknownCriterion);
    check(&given, says("mine", planned("gates", &[OFFICE]).but(|e| e.milestones = List::empty())), Refusal::PlanEmpty);
    // Where two fit.
    check(&given, says("trader", planned("gates", &[])), Refusal::NotAnOrganization);
    check(
        &given,
        says("mine", planned("gates", &[]).but(|e| e.milestones = List::empty())),
        Refusal::CriteriaNotOrdered,
    );
    check(
        &given,
        says("mine", planned("nothing", &[OFFICE]).but(|e| e.milestones = List::empty())),
        Refusal::PlanEmpty,
    );
    check(&given, says("mine", planned("nothing", &[u16::MAX])), Refusal::UnknownCatalogue);
}

fn milestones_of_plans() {
    let given = judged_market();
    let with = |milestones: Vec<Milestone>| {
        says("mine", planned("gates", &[OFFICE, HELMETS]).but(move |e| e.milestones = list(milestones.clone())))
    };
    let due = |day| Milestone { due: days(day), ..milestone(OFFICE) };
    let after = |after: &[u8]| Milestone { after: list(after), ..milestone(OFFICE) };
    check(&given, with(vec![due(0)]), ["plan new: of mine, due 2026-01-01"]);
    check(&given, with(vec![due(730), milestone(HELMETS)]), ["plan new: of mine, due 2028-01-01, 2026-01-31"]);
    check(&given, with(vec![due(-1)]), Refusal::MilestoneDueOutOfRange);
    check(&given, with(vec![due(731)]), Refusal::MilestoneDueOutOfRange);
    check(&given, with(vec![due(1), due(i32::MAX - 30_000)]), Refusal::MilestoneDueOutOfRange);
    check(&given, with(vec![milestone(CHILDREN)]), Refusal::MilestoneOfOtherCriterion);
    check(&given, with(vec![milestone(OFFICE), milestone(HELMETS + 1)]), Refusal::MilestoneOfOtherCriterion);
    // A plan has no circles: a milestone waits for earlier ones only, each once.
    check(
        &given,
        with(vec![after(&[]), after(&[0]), after(&[0, 1])]),
        ["plan new: of mine, due 2026-01-31, 2026-01-31, 2026-01-31"],
    );
    let circles = [
        vec![after(&[0])],
        vec![after(&[1]), after(&[])],
        vec![after(&[1]), after(&[0])],
        vec![after(&[u8::MAX])],
    ];
    for circle in circles {
        check(&given, with(circle), Refusal::MilestonesCyclic);
    }
    check(&given, with(vec![after(&[]), after(&[]), after(&[1, 0])]), Refusal::MilestonesCyclic);
    check(&given, with(vec![after(&[]), after(&[]), after(&[0, 0])]), Refusal::MilestonesCyclic);
    // As long as a plan can be; a longer one is no statement at all.
    let chain = |length: usize| -> Vec<_> {
        let before = |place: usize| place.checked_sub(1).map(|before| u8::try_from(before).unwrap());
        (0..length).map(|place| after(before(place).as_slice())).collect()
    };
    let mut world = given.clone();
    assert!(world.hear(&with(chain(MILESTONES_MAX))).is_ok());
    assert!(List::<Milestone, MILESTONES_MAX>::try_from(chain(MILESTONES_MAX + 1)).is_err());
    // Where two fit.
    let foul = Milestone { due: days(-1), after: list([0]), ..milestone(CHILDREN) };
    check(&given, with(vec![foul.clone()]), Refusal::MilestoneOfOtherCriterion);
    check(&given, with(vec![Milestone { criterion: OFFICE, ..foul.clone() }]), Refusal::MilestonesCyclic);
    check(&given, with(vec![due(-1), foul]), Refusal::MilestoneDueOutOfRange);
    let unknown = planned("nothing", &[OFFICE]).but(move |e| e.milestones = list([due(-1)]));
    check(&given, says("mine", unknown), Refusal::MilestoneDueOutOfRange);
}

/// A plan starts a clock for what of module 4 is not met, once.
fn clocks() {
    let given = judged_market();
    let plan = |criteria| says("mine", planned("gates", criteria));
    let found = |answer: Answer| says("auditor", judged("mine", &[(EMISSIONS, answer)]));
    let both = ["plan new: of mine, due 2026-01-31", "conduct of mine: 12 since 24, 13 since 24"];
    check(&given, plan(&[EMISSIONS, TAXES]), both);
    check(&given, plan(&[OFFICE, CHILDREN, ARMED, EMISSIONS, TAXES, HELMETS]), both);
    check(&given, plan(&[OFFICE, CHILDREN, ARMED, HELMETS]), ["plan new: of mine, due 2026-01-31"]);
    let one = given.clone().and(plan(&[TAXES]));
    check(&one, plan(&[TAXES]), ["plan new: of mine, due 2026-01-31"]);
    check(
        &one,
        plan(&[EMISSIONS, TAXES]),
        ["plan new: of mine, due 2026-01-31", "conduct of mine: 12 since 25, 13 since 24"],
    );
    check(
        &one,
        says("rival", planned("gates", &[TAXES])),
        ["plan new: of rival, due 2026-01-31", "conduct of rival: 13 since 25"],
    );
    // What is met needs no mending; what is not met, or partly, or not known, does.
    check(&given.clone().and(found(Answer::Pass)), plan(&[EMISSIONS]), ["plan new: of mine, due 2026-01-31"]);
    for answer in [Answer::Fail, Answer::Progress] {
        check(
            &given.clone().and(found(answer)),
            plan(&[EMISSIONS]),
            ["plan new: of mine, due 2026-01-31", "conduct of mine: 12 since 25"],
        );
    }
    // An answer that leaves it met ends the clock, and no other does.
    let mending = given.and(found(Answer::Fail)).and(plan(&[EMISSIONS, TAXES]));
    check(
        &mending,
        found(Answer::Pass).called("better"),
        [
            "assessment better",
            "Monitor on 12 of mine: Pass",
            "of mine: 12 Monitor Pass",
            "conduct of mine: 13 since 25, 12 since 25, ended",
        ],
    );
    check(
        &mending,
        says("auditor", judged("pit", &[(EMISSIONS, Answer::Pass)])),
        ["assessment new", "Monitor on 12 of pit: Pass", "of pit: 12 Monitor Pass"],
    );
    // Taken back, it never was met: the old clock goes on.
    let better = mending.clone().and(found(Answer::Pass).called("better"));
    check(
        &better,
        says("auditor", crate::support::taken_back("better")),
        [
            "assessment better, withdrawn",
            "Monitor on 12 of mine: taken back",
            "of mine: 12 Monitor Fail",
            "conduct of mine: 12 since 25, 13 since 25",
        ],
    );
    // Worse again after it was met, it is another matter: a new plan has a new clock, and the old one is gone.
    let worse = better.and(found(Answer::Fail));
    check(
        &worse,
        plan(&[EMISSIONS]),
        ["plan new: of mine, due 2026-01-31", "conduct of mine: 12 since 28, 13 since 25"],
    );
}

fn following_plans() {
    let given = judged_market().and(says("mine", planned("gates", &[OFFICE])).called("plan"));
    let over = given.clone().and(says("mine", closed("plan")));
    let rival = given.party("rival");
    // Milestones: whose they are, and who looks.
    for who in ["mine", "monitor", "auditor", "ministry", "scheme"] {
        check(&given, says(who, reached_milestone("plan", 0)), NOTHING);
        check(&given, says(who, reached_milestone("plan", 1)), Refusal::UnknownMilestone);
    }
    for who in ["rival", "trader", "refiner", "thief"] {
        check(&given, says(who, reached_milestone("plan", 0)), Refusal::MayNotReportMilestone);
    }
    check(&given, says("mine", reached_milestone("nothing", 0)), Refusal::UnknownPlan);
    check(&over, says("mine", reached_milestone("plan", 0)), Refusal::PlanClosed);
    let elsewhere = || reached_milestone("plan", 9).but(move |e| e.organization = rival);
    check(&given, says("rival", elsewhere()), Refusal::SubjectDiffers);
    check(&over, says("rival", elsewhere()), Refusal::SubjectDiffers);
    check(&over, says("rival", reached_milestone("plan", 9)), Refusal::PlanClosed);
    check(&given, says("rival", reached_milestone("plan", 9)), Refusal::MayNotReportMilestone);
    // Extensions: only whose plan it is.
    check(&given, says("mine", extended("plan", 0, days(40))), ["plan plan: of mine, due 2026-02-10"]);
    check(&given, says("mine", extended("plan", 0, days(30))), Refusal::ExtensionNotLater);
    check(&given, says("mine", extended("plan", 0, days(29))), Refusal::ExtensionNotLater);
    check(&given, says("mine", extended("plan", 0, days(731))), Refusal::MilestoneDueOutOfRange);
    check(&given, says("mine", extended("plan", 1, days(40))), Refusal::UnknownMilestone);
    check(&given, says("mine", extended("nothing", 0, days(40))), Refusal::UnknownPlan);
    check(&over, says("mine", extended("plan", 0, days(40))), Refusal::PlanClosed);
    for who in ["rival", "scheme", "monitor"] {
        check(&given, says(who, extended("plan", 0, days(40))), Refusal::SubjectDiffers);
    }
    check(&given, says("rival", extended("plan", 9, days(-1))), Refusal::MilestoneDueOutOfRange);
    check(&over, says("rival", extended("plan", 9, days(40))), Refusal::SubjectDiffers);
    check(&over, says("mine", extended("plan", 9, days(40))), Refusal::PlanClosed);
    check(&given, says("mine", extended("plan", 9, days(1))), Refusal::UnknownMilestone);
    // Ends: whose plan it is, and the scheme.
    for who in ["mine", "scheme"] {
        check(&given, says(who, closed("plan")), ["plan plan: of mine, due 2026-01-31, closed"]);
    }
    for who in ["rival", "monitor", "auditor", "trader"] {
        check(&given, says(who, closed("plan")), Refusal::NotOwnPlan);
        check(&over, says(who, closed("plan")), Refusal::PlanClosed);
    }
    check(&given, says("mine", closed("nothing")), Refusal::UnknownPlan);
    check(&over, says("mine", closed("plan")), Refusal::PlanClosed);
    check(&over, says("rival", closed("plan").but(move |e| e.organization = rival)), Refusal::SubjectDiffers);
}

fn incidents() {
    let given = judged_market();
    let sure = |subject, confidence| {
        happened(subject, IncidentCategory::ChildLabour).but(move |e| e.confidence = confidence)
    };
    // Anyone alleges, about anyone.
    check(
        &given,
        says("rival", sure("pit", Confidence::Allegation)),
        ["incident new: ChildLabour at pit of mine, Allegation by rival"],
    );
    check(
        &given,
        says("thief", sure("mine", Confidence::Allegation)),
        ["incident new: ChildLabour at mine of mine, Allegation by thief"],
    );
    for confidence in [Confidence::FoundedSuspicion, Confidence::Known] {
        for who in ["rival", "trader", "refiner", "thief"] {
            check(&given, says(who, sure("pit", confidence)), Refusal::ConfidenceNotAllowed);
        }
        for who in ["mine", "monitor", "auditor", "ministry", "scheme"] {
            let mut world = given.clone();
            assert!(world.hear(&says(who, sure("pit", confidence))).is_ok());
        }
    }
    let alleged = || sure("pit", Confidence::Allegation);
    let dated = |from, to| {
        says("rival", alleged().but(move |e| e.period = Period { from: days(from), to: days(to) }))
    };
    check(&given, dated(0, 0), ["incident new: ChildLabour at pit of mine, Allegation by rival"]);
    check(&given, dated(0, -1), Refusal::PeriodReversed);
    check(&given, dated(0, 1), Refusal::PeriodInFuture);
    check(&given, says("rival", sure("nowhere", Confidence::Allegation)), Refusal::UnknownSubject);
    let numbered = |who, text| says(who, alleged().but(move |e| e.reference = Some(reference(text))));
    let once = given.clone().and(numbered("rival", "ipis/7"));
    check(
        &given,
        numbered("rival", "ipis/7"),
        ["incident new: ChildLabour at pit of mine, Allegation by rival", "reference taken"],
    );
    check(&once, numbered("monitor", "ipis/7"), Refusal::ReferenceTaken);
    // Where two fit.
    let known = |subject| sure(subject, Confidence::Known).but(|e| e.reference = Some(reference("ipis/7")));
    check(
        &once,
        says("thief", known("nowhere").but(|e| e.period = Period { from: days(2), to: days(1) })),
        Refusal::PeriodReversed,
    );
    check(&once, says("thief", known("nowhere")), Refusal::UnknownSubject);
    check(&once, says("thief", known("pit")), Refusal::ConfidenceNotAllowed);
}

fn following_incidents() {
    let accident = |who: &str| says(who, happened("pit", IncidentCategory::Accident)).called("it");
    let given = judged_market();
    let alleged = given.clone().and(accident("rival"));
    let founded = alleged.clone().and(says("monitor", updated("it", Confidence::FoundedSuspicion)));
    let over = alleged.clone().and(says("monitor", settled("it")));
    let update = |who: &str, confidence| says(who, updated("it", confidence));
    // While it is an allegation, who made it may word it anew or take it back; and who looks, may.
    check(
        &alleged,
        update("rival", Confidence::Allegation),
        ["incident it: Accident at pit of mine, Allegation by rival"],
    );
    check(
        &alleged,
        says("rival", settled("it")),
        ["incident it: Accident at pit of mine, Allegation by rival, closed"],
    );
    for who in ["monitor", "auditor", "ministry", "scheme"] {
        check(&alleged, update(who, Confidence::Known), ["incident it: Accident at pit of mine, Known by rival"]);
        check(
            &founded,
            update(who, Confidence::Allegation),
            ["incident it: Accident at pit of mine, Allegation by rival"],
        );
        check(
            &founded,
            says(who, settled("it")),
            ["incident it: Accident at pit of mine, FoundedSuspicion by rival, closed"],
        );
    }
    // A rival makes nothing of its own allegation, and once somebody looks, it is not the rival's any more.
    check(&alleged, update("rival", Confidence::FoundedSuspicion), Refusal::ConfidenceNotAllowed);
    check(&alleged, update("rival", Confidence::Known), Refusal::ConfidenceNotAllowed);
    check(&founded, update("rival", Confidence::Allegation), Refusal::MayNotUpdateIncident);
    check(&founded, says("rival", settled("it")), Refusal::MayNotUpdateIncident);
    for who in ["mine", "trader", "thief"] {
        check(&alleged, update(who, Confidence::Allegation), Refusal::MayNotUpdateIncident);
        check(&alleged, says(who, settled("it")), Refusal::MayNotUpdateIncident);
    }
    // Whom it concerns may say more of what it said itself, and then not less.
    let own = given.clone().and(accident("mine"));
    check(&own, update("mine", Confidence::Known), ["incident it: Accident at pit of mine, Known by mine"]);
    let admitted = own.and(update("mine", Confidence::Known));
    check(&admitted, update("mine", Confidence::Allegation), Refusal::MayNotUpdateIncident);
    check(&admitted, says("mine", settled("it")), Refusal::MayNotUpdateIncident);
    // Who looks into others does not look into itself.
    let of_monitor = given.clone().and(says("auditor", happened("monitor", IncidentCategory::Bribery)).called("it"));
    check(&of_monitor, update("monitor", Confidence::Allegation), Refusal::MayNotUpdateIncident);
    check(&of_monitor, says("monitor", settled("it")), Refusal::MayNotUpdateIncident);
    check(
        &of_monitor,
        says("scheme", settled("it")),
        ["incident it: Bribery at monitor of monitor, Allegation by auditor, closed"],
    );
    for who in ["monitor", "rival", "mine"] {
        check(&over, update(who, Confidence::Allegation), Refusal::IncidentClosed);
        check(&over, says(who, settled("it")), Refusal::IncidentClosed);
    }
    check(&given, update("monitor", Confidence::Known), Refusal::UnknownIncident);
    check(&given, says("monitor", settled("it")), Refusal::UnknownIncident);
    let creek = alleged.subject("creek");
    for world in [&alleged, &over] {
        check(
            world,
            says("thief", updated("it", Confidence::Known).but(move |e| e.subject = creek)),
            Refusal::SubjectDiffers,
        );
        check(world, says("thief", settled("it").but(move |e| e.subject = creek)), Refusal::SubjectDiffers);
    }
    // Where two fit.
    check(&alleged, update("thief", Confidence::Known), Refusal::MayNotUpdateIncident);
}

/// Module 3, known or founded: the owner has one more while it is so.
fn grave_incidents() {
    let given = judged_market();
    let at = |subject, category, confidence| {
        says("monitor", happened(subject, category).but(move |e| e.confidence = confidence))
    };
    let grave = [
        IncidentCategory::ChildLabour,
        IncidentCategory::ForcedLabour,
        IncidentCategory::Torture,
        IncidentCategory::GrossViolation,
        IncidentCategory::WarCrime,
        IncidentCategory::ArmedGroup,
    ];
    let other = [
        IncidentCategory::SecurityForces,
        IncidentCategory::Bribery,
        IncidentCategory::OriginFraud,
        IncidentCategory::MoneyLaundering,
        IncidentCategory::TaxesUnpaid,
        IncidentCategory::Accident,
        IncidentCategory::Environment,
        IncidentCategory::Community,
        IncidentCategory::Theft,
        IncidentCategory::Other,
    ];
    let changes = |say: &Say| given.clone().hear(say).unwrap().len();
    for category in grave {
        assert_eq!(changes(&at("pit", category, Confidence::Allegation)), 2);
        assert_eq!(changes(&at("pit", category, Confidence::FoundedSuspicion)), 3);
        assert_eq!(changes(&at("pit", category, Confidence::Known)), 3);
    }
    for category in other {
        assert_eq!(changes(&at("pit", category, Confidence::Known)), 2);
    }
}

/// How many there are, and since when there is at least one.
fn grave_incidents_at_once() {
    let given = judged_market();
    let armed = |subject, confidence| {
        says("monitor", happened(subject, IncidentCategory::ArmedGroup).but(move |e| e.confidence = confidence))
    };
    check(
        &given,
        armed("pit", Confidence::Known),
        ["incident new: ArmedGroup at pit of mine, Known by monitor", "conduct of mine: 1 grave since 24"],
    );
    let one = given.and(armed("pit", Confidence::Known).called("one"));
    let two = one.clone().and(armed("mine", Confidence::FoundedSuspicion).called("two"));
    check(
        &one,
        armed("mine", Confidence::FoundedSuspicion),
        ["incident new: ArmedGroup at mine of mine, FoundedSuspicion by monitor", "conduct of mine: 2 grave since 24"],
    );
    check(
        &one,
        says("auditor", updated("one", Confidence::FoundedSuspicion)),
        ["incident one: ArmedGroup at pit of mine, FoundedSuspicion by monitor"],
    );
    check(
        &two,
        says("auditor", settled("one")),
        ["incident one: ArmedGroup at pit of mine, Known by monitor, closed", "conduct of mine: 1 grave since 24"],
    );
    let second = two.and(says("auditor", settled("one")));
    check(
        &second,
        says("auditor", updated("two", Confidence::Allegation)),
        ["incident two: ArmedGroup at mine of mine, Allegation by monitor", "conduct of mine: "],
    );
    let none = second.and(says("auditor", updated("two", Confidence::Allegation)));
    check(
        &none,
        says("auditor", settled("two")),
        ["incident two: ArmedGroup at mine of mine, Allegation by monitor, closed"],
    );
    check(
        &none,
        says("auditor", updated("two", Confidence::Known)),
        ["incident two: ArmedGroup at mine of mine, Known by monitor", "conduct of mine: 1 grave since 28"],
    );
}

fn reports() {
    let given = judged_market();
    let on = |from, to| reported().but(move |e| e.period = Period { from: days(from), to: days(to) });
    check(&given, says("mine", reported()), ["conduct of mine: reported at 24"]);
    check(&given, says("rival", on(-365, -365)), ["conduct of rival: reported at 24"]);
    check(&given, says("mine", on(-400, -366)), Refusal::ReportOutdated);
    check(&given, says("mine", on(0, -1)), Refusal::PeriodReversed);
    check(&given, says("mine", on(0, 1)), Refusal::PeriodInFuture);
    for who in ["trader", "refiner", "monitor", "scheme", "auditor", "ministry"] {
        check(&given, says(who, reported()), Refusal::NotAnOrganization);
    }
    // Only what speaks about later days is a newer report: the same one again keeps no standing alive.
    let once = given.clone().and(says("mine", on(-364, -10)));
    let later = NOON.plus_days(300);
    check(&once, says("mine", on(-364, -10)).admitted_at(later), NOTHING);
    check(&once, says("mine", on(-364, -11)), NOTHING);
    check(&once, says("mine", on(-20, -9)), ["conduct of mine: reported at 25"]);
    // Where two fit.
    check(&given, says("trader", on(0, -1)), Refusal::NotAnOrganization);
    check(&given, says("mine", on(-399, -400)), Refusal::PeriodReversed);
    check(&once, says("mine", on(-400, -366)), Refusal::ReportOutdated);
}

fn decisions() {
    let given = judged_market();
    check(&given, says("scheme", decided("mine", Standing::Suspended)), ["conduct of mine: Suspended decided at 24"]);
    let once = given.clone().and(says("scheme", decided("mine", Standing::Suspended)));
    check(&once, says("scheme", decided("mine", Standing::Affiliate)), ["conduct of mine: Affiliate decided at 25"]);
    check(&once, says("mine", reported()), ["conduct of mine: reported at 25, Suspended decided at 24"]);
    for who in ["mine", "rival", "monitor", "ministry", "auditor"] {
        check(&given, says(who, decided("mine", Standing::Affiliate)), Refusal::SchemeOnly);
    }
    check(&given, says("scheme", decided("nobody", Standing::Affiliate)), Refusal::UnknownParty);
    for party in ["trader", "refiner", "monitor", "scheme"] {
        check(&given, says("scheme", decided(party, Standing::Affiliate)), Refusal::NotAnOrganization);
    }
    check(&given, says("rival", decided("nobody", Standing::Suspended)), Refusal::SchemeOnly);
}
