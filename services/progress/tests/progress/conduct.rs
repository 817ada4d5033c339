//! How far an organization has come, and what it does about what was found.

use event::vocabulary::AssessmentKind::{Monitor, SelfReported, ThirdParty};
use event::vocabulary::{
    Answer, AssessmentKind, Confidence, IncidentCategory, MilestoneState, Standing as Decided, Subject,
};
use rpc::progress::{
    CauseKind, Consequence, CriterionState, FreshnessState, GetOrganizationResponse, NextStepKind,
    OrganizationStanding, Standing,
};

use crate::gates::{Who, all_met, all_met_but, gates};
use crate::support::{Folded, Said, Stream};

const DAY_MS: i64 = 86_400_000;

async fn now(stream: &Stream, n: usize) -> GetOrganizationResponse {
    let folded = stream.fold_all();
    folded.organization_as_of(stream.operators[n].party, 0, 0).await
}

async fn standing(stream: &Stream) -> OrganizationStanding {
    now(stream, 0).await.standing.unwrap()
}

/// After so many days, though nobody said anything more.
async fn after(folded: &Folded, stream: &Stream, days: i64) -> GetOrganizationResponse {
    let instant = stream.now.unix_ms() + days * DAY_MS;
    folded.organization_as_of(stream.operators[0].party, 0, instant).await
}

fn steps(answer: &GetOrganizationResponse) -> Vec<(NextStepKind, Consequence, String)> {
    let told = |step: &rpc::progress::NextStep| {
        let criterion = step.criterion.as_ref().map(|criterion| criterion.slug.clone());
        (step.kind(), step.consequence(), criterion.unwrap_or_default())
    };
    answer.next_steps.iter().map(told).collect()
}

#[tokio::test]
async fn gates_are_passed_one_after_the_other() {
    let mut stream = Stream::with_gates();
    let enrolled = stream.now.unix_ms();
    stream.later(1);
    stream.report(0);
    let applicant = standing(&stream).await;
    assert_eq!(applicant.standing(), Standing::Applicant);
    assert_eq!(applicant.since_unix_ms, enrolled, "a report alone changes nothing");
    assert_eq!(
        applicant.gates.iter().map(|gate| gate.unanswered).collect::<Vec<_>>(),
        [1, 1, 1, 1]
    );

    let cases: [(Said<'_>, Standing, u32); 4] = [
        (("manage", Answer::Pass), Standing::Applicant, 1),
        (("pending", Answer::Pass), Standing::Registered, 2),
        (("children", Answer::Pass), Standing::Candidate, 3),
        (("taxes", Answer::Pass), Standing::Affiliate, 4),
    ];
    for (said, expected, modules) in cases {
        stream.later(1);
        stream.found(0, std::slice::from_ref(&said));
        let found = standing(&stream).await;
        assert_eq!(found.standing(), expected, "after {said:?}");
        let met = found.gates.iter().filter(|gate| gate.is_met).map(|gate| gate.module);
        assert_eq!(met.collect::<Vec<_>>(), (1..=modules).collect::<Vec<_>>());
        if expected != Standing::Applicant {
            assert_eq!(
                (found.since_position, found.since_unix_ms),
                (stream.end(), stream.now.unix_ms())
            );
        }
    }
    let affiliate = standing(&stream).await;
    let scenarios: Vec<_> = affiliate
        .scenarios
        .iter()
        .map(|scenario| scenario.slug.as_str())
        .collect();
    assert_eq!(scenarios, ["pending"]);
    let states: Vec<_> = affiliate
        .criteria
        .iter()
        .map(rpc::progress::RolledCriterion::state)
        .collect();
    let met = CriterionState::Met;
    assert_eq!(states, [met, CriterionState::Unanswered, met, met, met]);
    assert_eq!(affiliate.catalogue_version, "1");
}

#[tokio::test]
async fn a_catalogue_is_named_with_where_it_was_published() {
    let mut stream = Stream::with_gates();
    stream.affiliate(0);
    let found = now(&stream, 0).await;
    let (standing, own) = (found.standing.unwrap(), found.latest_assessments);
    let [latest] = own.as_slice() else {
        panic!("one catalogue was used: {own:?}");
    };
    assert_eq!(standing.catalogue_digest, gates("1").digest().to_string());
    assert_eq!(standing.catalogue_digest, latest.catalogue_digest);
    let published = standing.catalogue_publication.unwrap();
    assert_eq!(published.full_text_digest, gates("1").full_text.to_string());
    assert_eq!(published.licence, gates("1").licence.to_string());
    let source = published.source.as_ref().unwrap();
    let by = &source.by.as_ref().unwrap().party_id;
    assert_eq!(
        (source.position, by),
        (Stream::with_gates().end(), &stream.world.scheme.party.to_string())
    );
    assert_eq!(latest.catalogue_publication.as_ref(), Some(&published));
}

#[tokio::test]
async fn a_standing_changes_by_time_alone() {
    let mut stream = Stream::with_gates();
    stream.affiliate(0);
    let folded = stream.fold_all();
    let present = after(&folded, &stream, 0).await.standing.unwrap();
    assert_eq!(present.standing(), Standing::Affiliate);
    let lapses = stream.now.plus_days(365).unix_ms();
    assert_eq!(present.report.as_ref().unwrap().lapses_after_unix_ms, lapses);

    let last = after(&folded, &stream, 365).await.standing.unwrap();
    assert_eq!(last.standing(), Standing::Affiliate);
    assert_eq!(last.next_change_unix_ms, lapses + 1);
    let answer = after(&folded, &stream, 366).await;
    assert_eq!(answer.position, stream.end());
    assert_eq!(answer.evaluated_at_unix_ms, stream.now.unix_ms() + 366 * DAY_MS);
    let after_a_year = answer.standing.unwrap();
    assert_eq!(after_a_year.standing(), Standing::Lapsed);
    assert_eq!(
        (after_a_year.since_unix_ms, after_a_year.since_position),
        (lapses + 1, 0)
    );

    // Another report: as before, since then.
    stream.later(400);
    stream.report(0);
    let again = standing(&stream).await;
    assert_eq!(
        (again.standing(), again.since_position),
        (Standing::Affiliate, stream.end())
    );
}

/// However many answers cease to prevail before.
#[tokio::test]
async fn a_standing_that_lies_far_ahead_changes_when_it_must() {
    for count in 12..24 {
        let mut stream = Stream::with_gates();
        stream.report(0);
        let subjects = [stream.organization(0), Subject::Site(stream.sites[0])];
        let combined = subjects.into_iter().flat_map(|subject| {
            let kinds = AssessmentKind::ALL.into_iter();
            kinds.flat_map(move |kind| all_met().into_iter().map(move |said| (subject, kind, said)))
        });
        for (days_ago, (subject, kind, said)) in (1..=count).zip(combined) {
            stream.find(subject, kind, days_ago, "g@1", &[said], &[]);
        }
        let folded = stream.fold_all();
        for (ms, expected) in [(0, Standing::Affiliate), (1, Standing::Lapsed)] {
            let instant = stream.now.plus_days(365).unix_ms() + ms;
            let party = stream.operators[0].party;
            let found = folded.organization_as_of(party, 0, instant).await.standing.unwrap();
            assert_eq!(found.standing(), expected, "{count} answers");
            let since = if ms == 0 { stream.now.unix_ms() } else { instant };
            assert_eq!(found.since_unix_ms, since, "{count} answers");
        }
    }
}

#[tokio::test]
async fn the_present_follows_the_clock_though_nobody_says_anything() {
    let mut stream = Stream::with_gates();
    stream.affiliate(0);
    let folded = stream.fold_all();
    let party = stream.operators[0].party;
    folded.clock.advance(stream.now.unix_ms() + 366 * DAY_MS);
    let present = folded.organization_as_of(party, 0, 0).await;
    assert_eq!(present.standing.unwrap().standing(), Standing::Lapsed);
    assert_eq!(present.freshness.unwrap().state(), FreshnessState::Stale);
    let then = folded.organization_as_of(party, stream.end(), 0).await;
    assert_eq!(
        then.standing.unwrap().standing(),
        Standing::Affiliate,
        "as of its position"
    );
}

#[tokio::test]
async fn a_plan_gets_overdue_though_nobody_says_anything() {
    let mut stream = Stream::with_gates();
    stream.found(0, &all_met_but(("taxes", Answer::Fail)));
    stream.report(0);
    let plan = stream.plan(0, 4, &[30, 60]);
    let begun = stream.now;
    let folded = stream.fold_all();
    let answer = after(&folded, &stream, 30).await;
    assert_eq!(answer.standing.as_ref().unwrap().standing(), Standing::Candidate);
    assert_eq!(answer.plans[0].overdue, 0);
    let clock = answer.plans[0].clocks[0].clock.unwrap();
    assert_eq!(
        (clock.since_unix_ms, clock.due_unix_ms),
        (begun.unix_ms(), begun.plus_days(180).unix_ms())
    );

    let answer = after(&folded, &stream, 31).await;
    assert_eq!(
        (answer.plans[0].plan_id.clone(), answer.plans[0].overdue),
        (plan.to_string(), 1)
    );
    assert!(answer.plans[0].milestones[0].is_overdue);
    assert!(!answer.plans[0].clocks[0].has_run_out);

    let answer = after(&folded, &stream, 181).await;
    let suspended = answer.standing.unwrap();
    assert_eq!(suspended.standing(), Standing::Suspended);
    assert_eq!(suspended.since_unix_ms, begun.plus_days(180).unix_ms() + 1);
    assert_eq!(suspended.causes[0].kind(), CauseKind::Overdue);
    assert_eq!(suspended.causes[0].criterion.as_ref().unwrap().slug, "taxes");
    assert_eq!(
        suspended.causes[0].source.as_ref().unwrap().position,
        stream.end(),
        "the plan"
    );
    assert!(answer.plans[0].clocks[0].has_run_out);

    // As of the day before, as if asked then.
    let before = after(&folded, &stream, 180).await;
    assert_eq!(before.standing.unwrap().standing(), Standing::Candidate);
}

#[tokio::test]
async fn extending_or_closing_a_plan_does_not_set_its_clock_back() {
    let mut stream = Stream::with_gates();
    stream.found(0, &all_met_but(("taxes", Answer::Fail)));
    stream.report(0);
    let plan = stream.plan(0, 4, &[30, 60]);
    let begun = stream.now;
    stream.later(20);
    stream.milestone(0, plan, 0, MilestoneState::Done);
    stream.extend(0, plan, 1, 100);
    let answer = now(&stream, 0).await;
    let milestones = &answer.plans[0].milestones;
    assert_eq!(milestones[0].state(), MilestoneState::Done.into());
    assert_eq!(milestones[0].report.as_ref().unwrap().note, "As agreed");
    assert_eq!(
        (milestones[1].extensions, milestones[1].extension_reason.as_str()),
        (1, "The rains came early")
    );
    assert_eq!(milestones[1].due, stream.today().plus_days(100).to_string());
    assert_eq!(milestones[1].due_at_first, begun.date().plus_days(60).to_string());
    let clock = answer.plans[0].clocks[0].clock.unwrap();
    assert_eq!(clock.since_unix_ms, begun.unix_ms());

    stream.close(0, plan);
    let again = stream.plan(0, 4, &[10]);
    let answer = now(&stream, 0).await;
    assert_eq!(answer.plans[0].plan_id, again.to_string(), "the open one first");
    assert_eq!(
        answer.plans[1].end.as_ref().unwrap().outcome(),
        rpc::progress::PlanOutcome::Achieved
    );
    assert_eq!(answer.plans[0].clocks[0].clock.unwrap().since_unix_ms, begun.unix_ms());
    assert_eq!(answer.plans[1].overdue, 0, "what is closed is not overdue");
}

#[tokio::test]
async fn an_incident_suspends_from_the_day_it_is_founded_until_it_is_resolved() {
    let mut stream = Stream::with_gates();
    stream.affiliate(0);
    let site = Subject::Site(stream.sites[0]);
    let incident = stream.incident(site, IncidentCategory::ChildLabour, Confidence::Allegation);
    let alleged = now(&stream, 0).await;
    assert_eq!(alleged.standing.as_ref().unwrap().standing(), Standing::Affiliate);
    assert!(!alleged.incidents[0].is_grave);
    let doubted = (NextStepKind::ResolveIncident, Consequence::Doubted, String::new());
    assert!(steps(&alleged).contains(&doubted));

    stream.later(1);
    stream.update(site, incident, Confidence::FoundedSuspicion);
    let founded_at = stream.end();
    let founded = now(&stream, 0).await;
    let suspended = founded.standing.as_ref().unwrap();
    assert_eq!(
        (suspended.standing(), suspended.since_position),
        (Standing::Suspended, founded_at)
    );
    assert_eq!(suspended.causes[0].kind(), CauseKind::Incident);
    assert_eq!(suspended.causes[0].source.as_ref().unwrap().position, founded_at);
    assert!(founded.incidents[0].is_grave);
    assert_eq!(founded.incidents[0].updates[0].note, "Two witnesses");
    assert_eq!(
        steps(&founded)[0],
        (NextStepKind::ResolveIncident, Consequence::Suspended, String::new())
    );

    stream.resolve(site, incident);
    let resolved = now(&stream, 0).await;
    assert_eq!(resolved.standing.unwrap().standing(), Standing::Affiliate);
    let ended = &resolved.incidents[0];
    assert_eq!(ended.end.as_ref().unwrap().note, "The children are at school");
    assert!(!ended.is_grave);
    assert_eq!(
        ended.confidence(),
        Confidence::FoundedSuspicion.into(),
        "as it was last"
    );
}

#[tokio::test]
async fn an_organization_is_as_good_as_the_worst_of_its_sites() {
    let mut stream = Stream::with_gates();
    stream.affiliate(0);
    let site = Subject::Site(stream.sites[0]);
    let found = stream.find(
        site,
        Monitor,
        0,
        "g@1",
        &[("children", Answer::Fail), ("water", Answer::Level(1))],
        &[],
    );
    stream.find(
        stream.organization(0),
        Monitor,
        0,
        "g@1",
        &[("water", Answer::Level(3))],
        &[],
    );
    let answer = now(&stream, 0).await;
    let standing = answer.standing.as_ref().unwrap();
    assert_eq!(standing.standing(), Standing::Suspended);
    assert_eq!(standing.causes[0].kind(), CauseKind::Abuse);
    let decides = standing
        .criteria
        .iter()
        .find(|rolled| rolled.criterion.as_ref().unwrap().slug == "children");
    let decides = decides.unwrap();
    let Some(rpc::progress::rolled_criterion::Subject::Site(of)) = &decides.subject else {
        panic!("a site decides: {decides:?}");
    };
    assert_eq!(of.name, "Site 0");
    assert_eq!(decides.attribution.as_ref().unwrap().assessment_id, found.to_string());
    let environmental = &answer.pillars[1];
    assert_eq!(environmental.at_level, [0, 1, 0, 0, 0]);
    assert_eq!((environmental.lowest_level, environmental.without_level), (Some(1), 1));
    let organizational = &answer.pillars[0];
    assert_eq!((organizational.other_answered, organizational.other_unanswered), (0, 1));
    let first = &answer.next_steps[0];
    assert_eq!(
        (first.kind(), first.site.as_ref().unwrap().name.as_str()),
        (NextStepKind::MendAbuse, "Site 0")
    );
}

#[tokio::test]
async fn what_follows_and_what_the_scheme_decided_stand_side_by_side() {
    let mut stream = Stream::with_gates();
    stream.affiliate(0);
    stream.decide(0, Decided::Suspended);
    let decided_at = stream.end();
    let found = standing(&stream).await;
    assert_eq!(found.standing(), Standing::Affiliate);
    let decision = found.decision.unwrap();
    assert_eq!(
        (decision.standing(), decision.reason.as_str()),
        (Standing::Suspended, "By the board")
    );
    assert_eq!(decision.source.unwrap().position, decided_at);
    assert!(found.decision_differs);
    stream.decide(0, Decided::Affiliate);
    assert!(!standing(&stream).await.decision_differs);
}

#[tokio::test]
async fn what_others_say_stands_beside_an_answer() {
    let mut stream = Stream::with_gates();
    let party = stream.organization(0);
    let found = stream.find(party, SelfReported, 0, "g@1", &all_met(), &[]);
    stream.judge(Who::Assessor, party, found, &[0, 3], false);
    stream.judge(Who::Scheme, party, found, &[3], true);
    let answer = now(&stream, 0).await;
    let told: Vec<_> = answer
        .answers
        .iter()
        .map(|present| {
            let slug = present.criterion.as_ref().unwrap().slug.as_str();
            (slug, present.confirmations.len(), present.contests.len())
        })
        .collect();
    assert_eq!(
        told,
        [("manage", 1, 0), ("title", 0, 0), ("children", 1, 1), ("taxes", 0, 0)]
    );
    assert_eq!(answer.answers[2].contests[0].text, "We saw otherwise");
    let mix = answer.assurance.unwrap();
    assert_eq!((mix.self_reported, mix.confirmed, mix.contested), (4, 2, 1));
    let contest = (NextStepKind::AnswerContest, Consequence::Doubted, "children".to_owned());
    let own_word: Vec<_> = steps(&answer)
        .into_iter()
        .filter(|(kind, ..)| *kind == NextStepKind::GainAssurance)
        .map(|(.., criterion)| criterion)
        .collect();
    assert!(steps(&answer).contains(&contest));
    assert_eq!(own_word, ["title", "taxes"]);
}

#[tokio::test]
async fn what_was_withdrawn_counts_no_more_and_stays_in_the_history() {
    let mut stream = Stream::with_gates();
    stream.affiliate(0);
    let party = stream.organization(0);
    stream.later(1);
    let found = stream.found(0, &[("children", Answer::Fail), ("water", Answer::Level(0))]);
    assert_eq!(standing(&stream).await.standing(), Standing::Suspended);
    let wrong_at = stream.end();
    stream.withdraw(Who::Assessor, party, found);
    let answer = now(&stream, 0).await;
    assert_eq!(answer.standing.unwrap().standing(), Standing::Affiliate);
    let slugs: Vec<_> = answer
        .answers
        .iter()
        .map(|present| present.criterion.as_ref().unwrap().slug.clone())
        .collect();
    assert_eq!(
        slugs,
        ["manage", "title", "children", "taxes"],
        "what nobody else asked is gone"
    );
    assert_eq!(
        answer.latest_assessments[0].attribution.as_ref().unwrap().position,
        wrong_at - 2
    );
    // As of before, it stood.
    let folded = stream.fold_all();
    let then = folded.organization_as_of(stream.operators[0].party, wrong_at, 0).await;
    assert_eq!(then.standing.unwrap().standing(), Standing::Suspended);
}

#[tokio::test]
async fn measurements_are_shown_over_time() {
    let mut stream = Stream::with_gates();
    let party = stream.organization(0);
    let measured = [[(0, 900), (1, 40)], [(0, 700), (1, 41)], [(0, 100), (1, 42)]];
    for (days_ago, measured) in [300, 200, 100].into_iter().zip(&measured) {
        stream.find(party, ThirdParty, days_ago, "g@1", &[], measured);
    }
    let wrong = stream.find(party, ThirdParty, 50, "g@1", &[], &[(0, 1)]);
    stream.withdraw(Who::Assessor, party, wrong);
    let answer = now(&stream, 0).await;
    let series: Vec<_> = answer
        .indicators
        .iter()
        .map(|series| {
            let slug = series.indicator.as_ref().unwrap().slug.as_str();
            (slug, series.points.iter().map(|point| point.value).collect::<Vec<_>>())
        })
        .collect();
    assert_eq!(
        series,
        [("mercury-used", vec![100, 700, 900]), ("members", vec![42, 41, 40])]
    );
}

#[tokio::test]
async fn what_to_do_next_stands_in_the_order_of_its_consequence() {
    let mut stream = Stream::with_gates();
    let party = stream.organization(0);
    stream.report(0);
    stream.find(party, SelfReported, 400, "g@1", &[("manage", Answer::Pass)], &[]);
    stream.found(0, &[("children", Answer::Fail), ("taxes", Answer::Fail)]);
    let held_back = Consequence::HeldBack;
    let said = |kind, consequence, criterion: &str| (kind, consequence, criterion.to_owned());
    let first = steps(&now(&stream, 0).await);
    assert_eq!(
        first,
        [
            said(NextStepKind::MendAbuse, Consequence::Suspended, "children"),
            said(NextStepKind::PublishReport, Consequence::Lapses, ""),
            said(NextStepKind::AnswerCriterion, held_back, "title"),
            said(NextStepKind::AdoptPlan, held_back, "taxes"),
            said(NextStepKind::RenewAnswer, Consequence::Stale, "manage"),
            said(NextStepKind::GainAssurance, Consequence::OwnWord, "manage"),
        ]
    );
    let plan = stream.plan(0, 4, &[10]);
    let answer = now(&stream, 0).await;
    let due = stream.now.plus_days(180).unix_ms();
    assert_eq!(
        steps(&answer)[1],
        said(NextStepKind::ShowProgress, Consequence::WillBeSuspended, "taxes")
    );
    assert_eq!(answer.next_steps[1].due_unix_ms, due);
    let milestone = answer
        .next_steps
        .iter()
        .find(|step| step.kind() == NextStepKind::ReachMilestone)
        .unwrap();
    assert_eq!((milestone.plan_id.clone(), milestone.milestone), (plan.to_string(), 0));
    assert_eq!(milestone.consequence(), Consequence::PlanBehind);
    // Better under the plan: no suspension hangs on it.
    stream.later(1);
    stream.found(0, &[("taxes", Answer::Progress)]);
    let answer = now(&stream, 0).await;
    assert!(steps(&answer).contains(&said(NextStepKind::ShowProgress, held_back, "taxes")));
}
