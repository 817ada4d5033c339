//! What stands for a site: the present answer to each criterion, contradictions, the latest assessments.

use event::Event;
use event::vocabulary::AssessmentKind::{Implementer, Monitor, SelfReported, ThirdParty};
use event::vocabulary::{Answer, AssessmentKind, CRITERIA_MAX, Scale, Subject};
use rpc::progress::progress_service_server::ProgressService;
use rpc::progress::{
    Assessment, GetOrganizationRequest, GetSiteResponse, PresentAnswer, answer, get_organization_request,
};
use tests::world::{line, slug};
use tonic::Request;

use crate::support::{Folded, Said, Stream, catalogue, not_seen, seen, workers};

/// A kind, a day, a catalogue, and what was found.
type Given<'a> = (AssessmentKind, i32, &'a str, &'a [Said<'a>]);

/// Three weeks before everything is recorded.
const RECENT: i32 = 2_170;
/// The last day that lies too far back for its assurance to count.
const OLD: i32 = 1_826;

/// Checks what stands after assessments that are recorded in this order. They are named by their place in it, from 1.
#[track_caller]
fn check(given: &[Given<'_>], answers: &[&str], latest: &[&str]) {
    let mut stream = Stream::begin();
    let before = stream.end();
    for (kind, day, catalogue, said) in given {
        stream.assess(0, *kind, *day, catalogue, said);
    }
    let folded = stream.fold_all();
    let site = block_on(folded.site(stream.sites[0], 0));
    let (found_answers, found_latest) = told(&site, before);
    assert_eq!(found_answers, answers, "{given:?}");
    assert_eq!(found_latest, latest, "{given:?}");
}

#[test]
fn what_was_never_asked_is_absent() {
    check(&[], &[], &[]);
    check(
        &[(Monitor, 1, "a@1", &[workers(7)])],
        &["a@1 workers: 7 [1]"],
        &["a@1 [1]"],
    );
}

#[test]
fn the_newest_answer_stands() {
    // By the day it speaks about, not by when it was recorded.
    check(
        &[
            (Monitor, 5, "a@1", &[seen(), workers(9)]),
            (Monitor, 2, "a@1", &[not_seen()]),
        ],
        &["a@1 mercury: observed [1]", "a@1 workers: 9 [1]"],
        &["a@1 [1]"],
    );
    // One that was not asked again keeps standing.
    check(
        &[
            (Monitor, 1, "a@1", &[seen(), workers(9)]),
            (Monitor, 2, "a@1", &[workers(0)]),
        ],
        &["a@1 mercury: observed [1]", "a@1 workers: 0 [2]"],
        &["a@1 [2]"],
    );
    // A period counts by its last day; days before 1970 lie before those after.
    check(
        &[(Monitor, -30_000, "a@1", &[seen()]), (Monitor, 0, "a@1", &[not_seen()])],
        &["a@1 mercury: none observed [2]"],
        &["a@1 [2]"],
    );
}

#[test]
fn more_assurance_goes_before_a_later_day() {
    let kinds = [SelfReported, Implementer, Monitor, ThirdParty];
    for (less, more) in kinds.iter().zip(&kinds[1..]) {
        check(
            &[
                (*more, RECENT, "a@1", &[seen()]),
                (*less, RECENT + 1, "a@1", &[not_seen()]),
            ],
            &["a@1 mercury: observed [1]"],
            &["a@1 [2]"],
        );
        // For as long as policy says: a year. Then the newest stands, by whose word ever.
        check(
            &[(*more, 1, "a@1", &[seen()]), (*less, 2, "a@1", &[not_seen()])],
            &["a@1 mercury: none observed [2]"],
            &["a@1 [2]"],
        );
        check(
            &[(*more, OLD, "a@1", &[seen()]), (*less, RECENT, "a@1", &[not_seen()])],
            &["a@1 mercury: none observed [2]"],
            &["a@1 [2]"],
        );
        check(
            &[
                (*more, OLD + 1, "a@1", &[seen()]),
                (*less, RECENT, "a@1", &[not_seen()]),
            ],
            &["a@1 mercury: observed [1]"],
            &["a@1 [2]"],
        );
        // Criterion by criterion.
        check(
            &[
                (*less, 1, "a@1", &[seen(), workers(3)]),
                (*more, 1, "a@1", &[not_seen()]),
            ],
            &["a@1 mercury: none observed [2]", "a@1 workers: 3 [1]"],
            &["a@1 [2]"],
        );
    }
}

#[test]
fn contradictions_of_the_same_day_and_kind_are_shown() {
    check(
        &[(Monitor, 1, "a@1", &[seen()]), (Monitor, 1, "a@1", &[not_seen()])],
        &["a@1 mercury: none observed [2], but observed [1]"],
        &["a@1 [2]"],
    );
    // Two with, two without, as a real site has them; the latest recorded first.
    check(
        &[
            (Monitor, 1, "a@1", &[seen()]),
            (Monitor, 1, "a@1", &[seen()]),
            (Monitor, 1, "a@1", &[not_seen()]),
            (Monitor, 1, "a@1", &[not_seen()]),
        ],
        &["a@1 mercury: none observed [4], but observed [2], but observed [1]"],
        &["a@1 [4]"],
    );
    // Another day, another kind or another question contradicts nothing; saying the same neither.
    check(
        &[
            (Monitor, 1, "a@1", &[seen()]),
            (SelfReported, 2, "a@1", &[seen()]),
            (Monitor, 2, "a@1", &[workers(1)]),
            (Monitor, 2, "a@1", &[not_seen()]),
            (Monitor, 2, "a@1", &[not_seen()]),
        ],
        &["a@1 mercury: none observed [5]", "a@1 workers: 1 [3]"],
        &["a@1 [5]"],
    );
    // In another version of the catalogue it is the same question.
    check(
        &[(Monitor, 1, "a@1", &[seen()]), (Monitor, 1, "a@2", &[not_seen()])],
        &["a@2 mercury: none observed [2], but observed [1]"],
        &["a@2 [2]"],
    );
}

#[test]
fn contradictions_that_are_not_shown_are_counted() {
    let said: Vec<_> = (0..7).map(|count| [workers(count)]).collect();
    let given: Vec<Given<'_>> = said.iter().map(|said| (Monitor, 1, "a@1", said.as_slice())).collect();
    check(
        &given,
        &["a@1 workers: 6 [7], but 5 [6], but 4 [5], but 3 [4], but 2 [3], and 2 more"],
        &["a@1 [7]"],
    );
}

#[test]
fn nobody_hides_a_contradiction_by_saying_the_opposite_often() {
    let said = [seen(), not_seen()];
    let mut given: Vec<Given<'_>> = vec![(Monitor, 1, "a@1", &said[1..])];
    given.resize(301, (Monitor, 1, "a@1", &said[..1]));
    // 256 are read and agree; 45 might say anything, and one of them does.
    check(&given, &["a@1 mercury: observed [301], and 45 more"], &["a@1 [301]"]);
}

#[test]
fn a_version_keeps_what_it_replaces_and_catalogues_are_several() {
    check(
        &[
            (Monitor, 1, "b@1", &[("legal", Answer::Fail)]),
            (Monitor, 1, "a@1", &[seen(), ("status", Answer::Words(line("Vert")))]),
            (Monitor, 2, "a@2", &[workers(4), ("level", Answer::Level(2))]),
        ],
        &[
            "a@2 workers: 4 [3]",
            "a@1 mercury: observed [2]",
            "a@2 level: level 2 [3]",
            "a@1 status: Vert [2]",
            "b@1 legal: fail [1]",
        ],
        &["a@2 [3]", "b@1 [1]"],
    );
    // What the version used last does not ask keeps its order behind what it asks.
    check(
        &[
            (Monitor, 1, "a@2", &[workers(4), seen(), ("level", Answer::Level(0))]),
            (Monitor, 2, "a@3", &[workers(5)]),
        ],
        &[
            "a@3 workers: 5 [2]",
            "a@2 mercury: observed [1]",
            "a@2 level: level 0 [1]",
        ],
        &["a@3 [2]"],
    );
    // Back to the older version: its order, and what only the newer one asks behind it.
    check(
        &[
            (Monitor, 1, "a@2", &[("level", Answer::NotApplicable(line("closed")))]),
            (Monitor, 2, "a@1", &[seen(), workers(4)]),
        ],
        &[
            "a@1 mercury: observed [2]",
            "a@1 workers: 4 [2]",
            "a@2 level: n/a: closed [1]",
        ],
        &["a@1 [2]"],
    );
}

#[test]
fn of_many_catalogues_those_used_last_stand() {
    let mut stream = Stream::begin();
    for n in 0..10 {
        let published = catalogue(&format!("c{n}"), "1", &[("legal", Scale::PassFail)]);
        stream.catalogues.push(published.clone());
        stream.scheme_says(Event::CataloguePublished(published));
    }
    let before = stream.end();
    for n in (0..10).chain([1, 0]) {
        stream.assess(0, Monitor, 1, &format!("c{n}@1"), &[("legal", Answer::Pass)]);
    }
    let (answers, latest) = told(&block_on(stream.fold_all().site(stream.sites[0], 0)), before);
    let used = ["c0", "c1", "c8", "c9"];
    assert_eq!(answers.iter().map(|answer| &answer[..2]).collect::<Vec<_>>(), used);
    assert_eq!(answers[0], "c0@1 legal: pass [12]");
    assert_eq!(latest.iter().map(|latest| &latest[..2]).collect::<Vec<_>>(), used);
}

/// As long as anything gets: 256 criteria of the longest name, and as many again in the next version.
#[test]
fn the_longest_rows_fit_and_the_last_asked_criteria_stand() {
    let mut stream = Stream::begin();
    for version in ["1", "2"] {
        let names: Vec<_> = (0..CRITERIA_MAX).map(|n| format!("{version}-{n:0>62}")).collect();
        let criteria: Vec<_> = names.iter().map(|name| (name.as_str(), Scale::PassFail)).collect();
        let published = catalogue("long", version, &criteria);
        stream.catalogues.push(published.clone());
        stream.scheme_says(Event::CataloguePublished(published));
        let said: Vec<_> = names.iter().map(|name| (name.as_str(), Answer::Pass)).collect();
        stream.assess(0, Monitor, 1, &format!("long@{version}"), &said);
    }
    let site = block_on(stream.fold_all().site(stream.sites[0], 0)).standing.unwrap();
    assert_eq!(site.answers.len(), CRITERIA_MAX);
    assert!(
        site.answers
            .iter()
            .all(|answer| answer.criterion.as_ref().unwrap().catalogue_version == "2")
    );
}

#[test]
fn an_organization_stands_for_itself_and_beside_its_sites() {
    let mut stream = Stream::begin();
    stream.add_site(0);
    let operator = stream.operators[0].party;
    let before = stream.end();
    stream.assess_subject(
        Subject::Party(operator),
        0,
        SelfReported,
        1,
        "b@1",
        &[("legal", Answer::Pass)],
    );
    stream.assess(2, Monitor, 1, "a@1", &[seen()]);
    let folded = stream.fold_all();
    let organization = Some(get_organization_request::Organization::PartyId(operator.to_string()));
    let request = GetOrganizationRequest {
        organization,
        ..GetOrganizationRequest::default()
    };
    let answer = block_on(folded.door.get_organization(Request::new(request)))
        .unwrap()
        .into_inner();
    assert_eq!(answer.organization.unwrap().name, "Operator 0");
    assert_eq!(answers_told(&answer.answers, before), ["b@1 legal: pass [1]"]);
    assert_eq!(latest_told(&answer.latest_assessments, before), ["b@1 [1]"]);
    let sites: Vec<_> = answer
        .sites
        .iter()
        .map(|site| site.site.clone().unwrap().name)
        .collect();
    assert_eq!(sites, ["Site 0", "Site 2"]);
    assert_eq!(
        answers_told(&answer.sites[1].answers, before),
        ["a@1 mercury: observed [2]"]
    );
    assert!(!answer.more_sites);
}

#[test]
fn an_answer_says_whose_it_is() {
    let mut stream = Stream::begin();
    let position = stream.assess(0, ThirdParty, 1, "a@1", &[seen()]);
    let folded: Folded = stream.fold_all();
    let standing = block_on(folded.site(stream.sites[0], 0)).standing.unwrap();
    let by = standing.answers[0].attribution.clone().unwrap();
    assert_eq!(by.by.clone().unwrap().name, "The assessor");
    assert_eq!(by.kind(), rpc::progress::AssessmentKind::ThirdParty);
    assert_eq!(
        (by.assessed_from.as_str(), by.assessed_to.as_str()),
        ("2020-01-02", "2020-01-02")
    );
    assert_eq!(by.position, position);
    assert_eq!(by.admitted_at_unix_ms, tests::world::BEGIN.unix_ms());
    assert_eq!(standing.latest_assessments[0].attribution.as_ref(), Some(&by));
    assert_eq!(standing.site.unwrap().operator.unwrap().name, "Operator 0");
    assert_eq!(
        standing.answers[0].criterion.as_ref().unwrap().question,
        slug("mercury").as_str()
    );
}

fn told(site: &GetSiteResponse, before: u64) -> (Vec<String>, Vec<String>) {
    let standing = site.standing.as_ref().unwrap();
    (
        answers_told(&standing.answers, before),
        latest_told(&standing.latest_assessments, before),
    )
}

fn answers_told(answers: &[PresentAnswer], before: u64) -> Vec<String> {
    answers.iter().map(|answer| answer_told(answer, before)).collect()
}

fn answer_told(present: &PresentAnswer, before: u64) -> String {
    let criterion = present.criterion.as_ref().unwrap();
    let said = |answer: &Option<rpc::progress::Answer>, by: &Option<rpc::progress::Attribution>| {
        format!(
            "{} [{}]",
            words(answer.as_ref().unwrap()),
            by.as_ref().unwrap().position - before
        )
    };
    let mut told = vec![format!(
        "{}@{} {}: {}",
        criterion.catalogue_slug,
        criterion.catalogue_version,
        criterion.slug,
        said(&present.answer, &present.attribution)
    )];
    for other in &present.contradictions {
        told.push(format!("but {}", said(&other.answer, &other.attribution)));
    }
    if 0 < present.contradictions_left_out {
        told.push(format!("and {} more", present.contradictions_left_out));
    }
    told.join(", ")
}

fn latest_told(latest: &[Assessment], before: u64) -> Vec<String> {
    let told = |latest: &Assessment| {
        let position = latest.attribution.as_ref().unwrap().position - before;
        format!("{}@{} [{position}]", latest.catalogue_slug, latest.catalogue_version)
    };
    latest.iter().map(told).collect()
}

fn words(answer: &rpc::progress::Answer) -> String {
    match answer.answer.clone().unwrap() {
        answer::Answer::NotApplicable(why) => format!("n/a: {why}"),
        answer::Answer::Pass(()) => "pass".to_owned(),
        answer::Answer::Fail(()) => "fail".to_owned(),
        answer::Answer::Progress(()) => "progress".to_owned(),
        answer::Answer::Observed(()) => "observed".to_owned(),
        answer::Answer::NoneObserved(()) => "none observed".to_owned(),
        answer::Answer::Level(level) => format!("level {level}"),
        answer::Answer::Count(count) => count.to_string(),
        answer::Answer::Words(words) => words,
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}
