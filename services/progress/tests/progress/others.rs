//! What answers under other catalogues say about the criteria that standings follow from: shown, and without any effect.

use catalogue::{craft_derived, ipis_site_qualification, ipis_site_visits};
use event::vocabulary::AssessmentKind::{Monitor, SelfReported, ThirdParty};
use event::vocabulary::{Answer, CataloguePublished, Subject};
use rpc::limits::{OTHERS_MAX, OTHERS_OF_CRITERION_MAX};
use rpc::progress::{FeedKind, FreshnessState, GetOrganizationResponse, ListOrganizationsRequest, OtherWord, answer};

use crate::gates::{Who, gates};
use crate::support::{Said, Stream};

const VISITS: &str = "ipis-site-visits@2";

/// With the criteria derived from the CRAFT Code, and what IPIS asks.
fn visited() -> Stream {
    let mut stream = Stream::begin();
    for catalogue in [craft_derived(), ipis_site_visits(), ipis_site_qualification()] {
        stream.publish(catalogue.published().clone());
    }
    stream
}

fn words(text: &str) -> Answer {
    Answer::Words(text.parse().unwrap())
}

/// Whether it speaks against, the criterion, what was asked, the answer, the day and whose word it is; with what is to be
/// known beside it.
fn short(word: &OtherWord) -> String {
    let said = word.attribution.clone().unwrap();
    let answer = match word.answer.clone().unwrap().answer.unwrap() {
        answer::Answer::Observed(()) => "observed".to_owned(),
        answer::Answer::NoneObserved(()) => "none observed".to_owned(),
        answer::Answer::Words(words) => words,
        other => panic!("{other:?} from a visit"),
    };
    let kind = match (word.kind(), word.speaks_against) {
        (FeedKind::AgainstIfObserved, true) => "against",
        (FeedKind::AgainstIfObserved, false) => "not for",
        (FeedKind::Context, false) => "context",
        other => panic!("{other:?}"),
    };
    let criterion = word.criterion.clone().unwrap();
    assert_eq!(criterion.catalogue_slug, "craft-derived");
    let asked = word.asked.clone().unwrap();
    let marks = [
        (word.is_stale, ", stale"),
        (word.is_contradicted, ", contradicted"),
        (word.is_contested, ", contested"),
    ];
    let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
    let site = word
        .site
        .as_ref()
        .map(|site| format!(" at {}", site.name))
        .unwrap_or_default();
    let kind_of_word = said.kind().as_str_name().trim_start_matches("ASSESSMENT_KIND_");
    format!(
        "{kind} {}: {} {answer} on {}, {kind_of_word}{site}{marks}",
        criterion.slug, asked.slug, said.assessed_to
    )
}

fn shorts(words: &[OtherWord]) -> Vec<String> {
    words.iter().map(short).collect()
}

/// What is shown of site 0, and beside its operator's criteria, which is the same.
async fn check(stream: &Stream, expected: &[&str]) {
    let folded = stream.fold_all();
    let site = folded.site(stream.sites[0], 0).await.standing.unwrap();
    assert_eq!(shorts(&site.others), expected);
    let organization = folded.organization_as_of(stream.operators[0].party, 0, 0).await;
    assert_eq!(shorts(&organization.others), expected);
    assert!(organization.sites.iter().all(|site| site.others.is_empty()));
    assert_eq!((site.others_left_out, organization.others_left_out), (0, 0));
}

/// Today, in the days of the stream.
const TODAY: i32 = 2_192;

#[tokio::test]
async fn what_was_seen_speaks_against_and_what_was_not_speaks_for_nothing() {
    let mut stream = visited();
    stream.assess(0, Monitor, TODAY, VISITS, &[("mercury", Answer::NoneObserved)]);
    check(
        &stream,
        &[
            "context env.hg_reduction_plan: mercury none observed on 2026-01-01, MONITOR at Site 0",
            "not for pg.mercury_elimination: mercury none observed on 2026-01-01, MONITOR at Site 0",
        ],
    )
    .await;
    stream.assess(0, Monitor, TODAY - 366, VISITS, &[("childunder15", Answer::Observed)]);
    check(
        &stream,
        &[
            "against hr.worst_child_labour: childunder15 observed on 2024-12-31, MONITOR at Site 0, stale",
            "against lab.minimum_age: childunder15 observed on 2024-12-31, MONITOR at Site 0, stale",
            "context env.hg_reduction_plan: mercury none observed on 2026-01-01, MONITOR at Site 0",
            "not for pg.mercury_elimination: mercury none observed on 2026-01-01, MONITOR at Site 0",
        ],
    )
    .await;
}

#[tokio::test]
async fn who_says_what_when_is_told_and_how_far_it_reaches() {
    let mut stream = visited();
    let status = ipis_site_qualification();
    stream.assess(
        0,
        ThirdParty,
        TODAY - 1,
        "ipis-site-qualification@2",
        &[("qualification", words("Vert"))],
    );
    let folded = stream.fold_all();
    let shown = folded.site(stream.sites[0], 0).await.standing.unwrap().others;
    let expected = ["context legit.case1_legal: qualification Vert on 2025-12-31, THIRD_PARTY at Site 0"];
    assert_eq!(shorts(&shown), expected);
    let feed = &status.criterion("qualification").unwrap().feeds[0];
    assert_eq!(shown[0].note, feed.note.original().as_str());
    assert_eq!(shown[0].attribution.clone().unwrap().by.unwrap().name, "The assessor");
}

#[tokio::test]
async fn of_one_day_nobody_hides_what_was_seen() {
    let mut stream = visited();
    stream.assess(0, Monitor, TODAY, VISITS, &[("childunder15", Answer::Observed)]);
    stream.assess(0, Monitor, TODAY, VISITS, &[("childunder15", Answer::NoneObserved)]);
    let contradicted = ", MONITOR at Site 0, contradicted";
    let expected = ["hr.worst_child_labour", "lab.minimum_age"]
        .map(|slug| format!("against {slug}: childunder15 none observed on 2026-01-01{contradicted}"));
    check(&stream, &expected.each_ref().map(String::as_str)).await;
}

#[tokio::test]
async fn what_is_contested_says_so_and_what_is_withdrawn_is_gone() {
    let mut stream = visited();
    let site = Subject::Site(stream.sites[0]);
    let seen = stream.find(site, Monitor, 0, VISITS, &[("childunder15", Answer::Observed)], &[]);
    let place = ipis_site_visits().place("childunder15").unwrap();
    stream.judge(Who::Scheme, site, seen, &[place], true);
    let expected = ["hr.worst_child_labour", "lab.minimum_age"]
        .map(|slug| format!("against {slug}: childunder15 observed on 2026-01-01, MONITOR at Site 0, contested"));
    check(&stream, &expected.each_ref().map(String::as_str)).await;
    let before = stream.end();
    stream.withdraw(Who::Assessor, site, seen);
    check(&stream, &[]).await;
    let past = stream.fold_all().site(stream.sites[0], before).await.standing.unwrap();
    assert_eq!(shorts(&past.others), expected, "as of a position it is what it was");
}

/// How many answers stand by whose word, and how fresh the newest is: of the first organization, and in the list.
async fn check_assurance(stream: &Stream, expected: (u32, u32, u32), freshness: FreshnessState, newest: &str) {
    let folded = stream.fold_all();
    let found = folded.organization_as_of(stream.operators[0].party, 0, 0).await;
    let (mix, fresh) = (found.assurance.unwrap(), found.freshness.unwrap());
    assert_eq!((mix.self_reported, mix.monitor, mix.third_party), expected);
    assert_eq!((fresh.state(), fresh.newest_day.as_str()), (freshness, newest));
    let id = stream.operators[0].party.to_string();
    let listed = folded.organizations(ListOrganizationsRequest::default()).await;
    let place = listed
        .organizations
        .iter()
        .position(|party| party.party_id == id)
        .unwrap();
    let summary = &listed.summaries[place];
    assert_eq!((summary.freshness(), summary.newest_day.as_str()), (freshness, newest));
}

#[tokio::test]
async fn a_quotation_gives_no_assurance_and_is_neither_fresh_nor_stale() {
    let mut stream = visited();
    let (site, party) = (
        Subject::Site(stream.sites[0]),
        Subject::Party(stream.operators[0].party),
    );
    let quoted = ("ipis-site-qualification@2", [("qualification", words("Vert"))]);
    stream.find(site, ThirdParty, 0, quoted.0, &quoted.1, &[]);
    check_assurance(&stream, (0, 0, 0), FreshnessState::Unassessed, "").await;
    let seen = stream.find(site, Monitor, 2, VISITS, &[("mercury", Answer::Observed)], &[]);
    check_assurance(&stream, (0, 1, 0), FreshnessState::Fresh, "2025-12-30").await;
    stream.find(party, Monitor, 1, quoted.0, &quoted.1, &[]);
    check_assurance(&stream, (0, 1, 0), FreshnessState::Fresh, "2025-12-30").await;
    stream.find(site, Monitor, 0, quoted.0, &quoted.1, &[]);
    stream.find(site, Monitor, 400, VISITS, &[("mercury", Answer::Observed)], &[]);
    stream.withdraw(Who::Assessor, site, seen);
    check_assurance(&stream, (0, 1, 0), FreshnessState::Stale, "2024-11-27").await;
}

#[tokio::test]
async fn without_a_shipped_text_nothing_speaks() {
    let seen: &[Said<'_>] = &[("mercury", Answer::Observed)];
    // A catalogue that has every name of the shipped one, and another text.
    let mut stream = visited();
    let other_text = CataloguePublished {
        version: "3".parse().unwrap(),
        full_text: event::key::Digest::from_bytes([7; 32]),
        ..ipis_site_visits().published().clone()
    };
    stream.publish(other_text);
    stream.assess(0, Monitor, TODAY, "ipis-site-visits@3", seen);
    check(&stream, &[]).await;
    // Standings that follow from another catalogue than the one that the shipped one names.
    let mut stream = visited();
    stream.assess(0, Monitor, TODAY, VISITS, seen);
    stream.publish(gates("1"));
    check(&stream, &[]).await;
    // No gates at all.
    let mut stream = Stream::begin();
    stream.publish(ipis_site_visits().published().clone());
    stream.assess(0, Monitor, TODAY, VISITS, seen);
    check(&stream, &[]).await;
    // Under the very catalogue that standings follow from, an answer is an answer.
    let mut stream = visited();
    stream.assess(
        0,
        Monitor,
        TODAY,
        "craft-derived@0.1.0",
        &[("hr.worst_child_labour", Answer::Pass)],
    );
    check(&stream, &[]).await;
}

/// Everything that follows from the record, and from which something is to be done.
fn follows(organization: GetOrganizationResponse) -> impl PartialEq + core::fmt::Debug {
    let standing = organization.standing.unwrap();
    (
        standing,
        organization.pillars,
        organization.next_steps,
        organization.next_steps_left_out,
    )
}

#[tokio::test]
async fn nothing_follows_from_it() {
    let mut stream = visited();
    let met: &[Said<'_>] = &[
        ("hr.worst_child_labour", Answer::Pass),
        ("hr.forced_labour", Answer::Pass),
    ];
    stream.assess(0, SelfReported, TODAY, "craft-derived@0.1.0", met);
    let operator = stream.operators[0].party;
    let before = stream.fold_all().organization_as_of(operator, 0, 0).await;
    let visits = ipis_site_visits().criteria();
    let seen = visits.filter(|asked| asked.scale == event::vocabulary::Scale::Observation);
    let seen: Vec<_> = seen.map(|asked| (asked.slug.as_str(), Answer::Observed)).collect();
    stream.assess(0, Monitor, TODAY, VISITS, &seen);
    stream.assess(
        0,
        ThirdParty,
        TODAY,
        "ipis-site-qualification@2",
        &[("qualification", words("Rouge"))],
    );
    let after = stream.fold_all().organization_as_of(operator, 0, 0).await;
    let against = after.others.iter().filter(|word| word.speaks_against).count();
    assert_eq!(against, 6, "{:?}", shorts(&after.others));
    assert_eq!(follows(after), follows(before));
}

#[tokio::test]
async fn of_one_criterion_eight_are_shown_and_the_rest_is_counted() {
    let mut stream = visited();
    let sites = OTHERS_OF_CRITERION_MAX + 3;
    while stream.sites.len() < 2 * sites {
        stream.add_site(0);
    }
    for site in (0..stream.sites.len()).filter(|site| *site != 1).take(sites) {
        let day = TODAY - i32::try_from(site).unwrap();
        let subject = Subject::Site(stream.sites[site]);
        stream.assess_subject(subject, 0, Monitor, day, VISITS, &[("childunder15", Answer::Observed)]);
    }
    // What another organization's sites show is no matter of this one.
    stream.assess(1, Monitor, TODAY, VISITS, &[("childunder15", Answer::Observed)]);
    let folded = stream.fold_all();
    let shown = folded.organization_as_of(stream.operators[0].party, 0, 0).await;
    assert_eq!(shown.others.len(), 2 * OTHERS_OF_CRITERION_MAX);
    assert_eq!(shown.others_left_out, 2 * 3);
    assert!(shown.others.len() <= OTHERS_MAX);
    let days: Vec<_> = shown.others[..OTHERS_OF_CRITERION_MAX]
        .iter()
        .map(|word| word.attribution.clone().unwrap().assessed_to)
        .collect();
    assert!(
        days.is_sorted_by(|day, next| day > next),
        "the latest day first: {days:?}"
    );
    assert!(
        shown
            .others
            .iter()
            .all(|word| word.site.clone().unwrap().name != "Site 1")
    );
    let rival = folded.organization_as_of(stream.operators[1].party, 0, 0).await;
    assert_eq!((rival.others.len(), rival.others_left_out), (2, 0));
}
