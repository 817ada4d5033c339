//! Lists of organizations: filters that combine, orders, pages.

use event::vocabulary::AssessmentKind::Monitor;
use event::vocabulary::{
    Answer, Confidence, IncidentCategory, PartyKind as Kind, PartyProfile, SiteRegistered, Standing as Decided, Subject,
};
use event::{Event, PartyId, SiteId};
use rpc::progress::{
    FreshnessState, IncidentFilter, ListOrganizationsRequest, ListOrganizationsResponse, OrganizationSort, PartyKind,
    Pillar, PillarLevel, Standing,
};
use tests::world::{self, Signer, line, profile};

use crate::gates::{Who, all_met_but};
use crate::support::{Folded, Stream};

const DAY_MS: i64 = 86_400_000;

/// Five more organizations: from another country, affiliate, suspended, with a plan, and one that was never looked at.
fn five() -> Stream {
    let mut stream = Stream::with_gates();
    for (name, country) in [
        ("Zoraida", "PE"),
        ("Ana", "PE"),
        ("Mateo", "CO"),
        ("Benita", "PE"),
        ("Carlos", "CO"),
    ] {
        enrol(&mut stream, name, country);
    }
    stream.affiliate(2);
    stream.find(
        stream.organization(2),
        Monitor,
        0,
        "g@1",
        &[("water", Answer::Level(3))],
        &[],
    );
    stream.later(10);
    stream.affiliate(3);
    let party = stream.organization(3);
    stream.incident(party, IncidentCategory::ForcedLabour, Confidence::Known);
    stream.decide(3, Decided::Affiliate);
    stream.later(10);
    stream.found(4, &all_met_but(("taxes", Answer::Fail)));
    stream.found(4, &[("water", Answer::Level(1)), ("mercury-free", Answer::Level(4))]);
    stream.report(4);
    stream.plan(4, 4, &[5]);
    let party = stream.organization(4);
    stream.incident(party, IncidentCategory::Accident, Confidence::Known);
    // Only the other scenario, and long ago.
    stream.find(
        stream.organization(5),
        Monitor,
        500,
        "g@1",
        &[("manage", Answer::Pass), ("pending", Answer::Pass)],
        &[],
    );
    site(&mut stream, 2, "Madre de Dios");
    site(&mut stream, 4, "Nariño");
    site(&mut stream, 4, "Madre de Dios");
    stream
}

fn enrol(stream: &mut Stream, name: &str, country: &str) {
    let profile = PartyProfile {
        country: country.parse().unwrap(),
        ..profile(Kind::MinersOrganization, name)
    };
    let enrolled = stream.scheme_says(Event::PartyEnrolled(profile));
    let party = PartyId::derive(stream.world.id(&enrolled), 0);
    let key = stream.world.new_key();
    let authorized = event::vocabulary::KeyAuthorized {
        party,
        key: key.verifying_key().into(),
    };
    stream.scheme_says(Event::KeyAuthorized(authorized));
    stream.operators.push(Signer { key, party, number: 0 });
}

fn site(stream: &mut Stream, operator: usize, area: &str) {
    let site = SiteRegistered {
        area: Some(line(area)),
        ..world::site(stream.operators[operator].party, "A site")
    };
    let registered = stream.scheme_says(Event::SiteRegistered(site));
    stream.sites.push(SiteId::derive(stream.world.id(&registered), 0));
}

fn names(page: &ListOrganizationsResponse) -> Vec<&str> {
    page.organizations.iter().map(|row| row.name.as_str()).collect()
}

/// Names of all pages of every size: the same whatever the size.
async fn listed(folded: &Folded, request: &ListOrganizationsRequest) -> Vec<String> {
    let whole: Vec<String> = names(&folded.organizations(request.clone()).await)
        .into_iter()
        .map(str::to_owned)
        .collect();
    for page_size in 1..4 {
        let mut paged = Vec::new();
        let mut request = ListOrganizationsRequest {
            page_size,
            ..request.clone()
        };
        loop {
            let page = folded.organizations(request.clone()).await;
            assert_eq!(page.organizations.len(), page.summaries.len());
            assert!(page.organizations.len() <= page_size.try_into().unwrap());
            assert!(paged.len() <= whole.len(), "the pages end: {request:?}");
            paged.extend(names(&page).into_iter().map(str::to_owned));
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        assert_eq!(paged, whole, "in pages of {page_size}: {request:?}");
    }
    whole
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one history, read from top to bottom")]
async fn filters_combine() {
    type Request = ListOrganizationsRequest;
    let level = |level_min| PillarLevel {
        pillar: Pillar::Environmental.into(),
        level_min,
    };
    let miners = Request {
        kind: PartyKind::MinersOrganization.into(),
        ..Request::default()
    };
    let with = |change: &dyn Fn(&mut Request)| {
        let mut request = miners.clone();
        change(&mut request);
        request
    };
    let standing = |standing: Standing| vec![i32::from(standing)];
    let cases: Vec<(Request, &[&str])> = vec![
        (miners.clone(), &["Zoraida", "Ana", "Mateo", "Benita", "Carlos"]),
        (with(&|r| r.country = "PE".to_owned()), &["Zoraida", "Ana", "Benita"]),
        (with(&|r| r.area = "Madre de Dios".to_owned()), &["Zoraida", "Mateo"]),
        (
            with(&|r| r.name_contains = "á".to_owned()),
            &["Zoraida", "Ana", "Mateo", "Benita", "Carlos"],
        ),
        (with(&|r| r.name_contains = "AN".to_owned()), &["Ana"]),
        (with(&|r| r.name_contains = "it".to_owned()), &["Benita"]),
        (with(&|r| r.name_contains = "ra ZO".to_owned()), &["Zoraida"]),
        (with(&|r| r.name_contains = "zo mat".to_owned()), &[]),
        (
            with(&|r| (r.name_contains, r.country) = ("a".to_owned(), "CO".to_owned())),
            &["Mateo", "Carlos"],
        ),
        (with(&|r| r.standings = standing(Standing::Affiliate)), &["Zoraida"]),
        (with(&|r| r.standings = standing(Standing::Suspended)), &["Ana"]),
        (
            with(&|r| r.standings = vec![Standing::Candidate.into(), Standing::Affiliate.into()]),
            &["Zoraida", "Mateo"],
        ),
        (with(&|r| r.decided_standings = standing(Standing::Affiliate)), &["Ana"]),
        (
            with(&|r| r.modules_met = vec![1]),
            &["Zoraida", "Ana", "Mateo", "Benita"],
        ),
        (with(&|r| r.modules_met = vec![1, 2, 3, 4]), &["Zoraida", "Ana"]),
        (
            with(&|r| r.scenario_slug = "title".to_owned()),
            &["Zoraida", "Ana", "Mateo"],
        ),
        (with(&|r| r.scenario_slug = "pending".to_owned()), &["Benita"]),
        (with(&|r| r.scenario_slug = "other".to_owned()), &[]),
        (with(&|r| r.incidents = IncidentFilter::Open.into()), &["Ana", "Mateo"]),
        (with(&|r| r.incidents = IncidentFilter::Grave.into()), &["Ana"]),
        (
            with(&|r| r.incidents = IncidentFilter::NoneOpen.into()),
            &["Zoraida", "Benita", "Carlos"],
        ),
        (with(&|r| r.freshness = FreshnessState::Stale.into()), &["Benita"]),
        (with(&|r| r.freshness = FreshnessState::Unassessed.into()), &["Carlos"]),
        (
            with(&|r| r.freshness = FreshnessState::Fresh.into()),
            &["Zoraida", "Ana", "Mateo"],
        ),
        (with(&|r| r.overdue = Some(true)), &[]),
        (
            with(&|r| r.overdue = Some(false)),
            &["Zoraida", "Ana", "Mateo", "Benita", "Carlos"],
        ),
        (with(&|r| r.pillar_levels = vec![level(1)]), &["Zoraida", "Mateo"]),
        (with(&|r| r.pillar_levels = vec![level(2)]), &["Zoraida"]),
        (
            with(&|r| {
                r.country = "PE".to_owned();
                r.modules_met = vec![1];
                r.incidents = IncidentFilter::NoneOpen.into();
                r.freshness = FreshnessState::Fresh.into();
            }),
            &["Zoraida"],
        ),
    ];
    let stream = five();
    let folded = stream.fold_all();
    for (request, expected) in cases {
        assert_eq!(listed(&folded, &request).await, expected, "{request:?}");
    }
}

#[tokio::test]
async fn filters_follow_the_time_that_is_asked_about() {
    let stream = five();
    let folded = stream.fold_all();
    let in_days = |days: i64, change: &dyn Fn(&mut ListOrganizationsRequest)| {
        let mut request = ListOrganizationsRequest {
            kind: PartyKind::MinersOrganization.into(),
            as_of_unix_ms: stream.now.unix_ms() + days * DAY_MS,
            ..Default::default()
        };
        change(&mut request);
        request
    };
    let overdue = |request: &mut ListOrganizationsRequest| request.overdue = Some(true);
    assert!(listed(&folded, &in_days(5, &overdue)).await.is_empty());
    assert_eq!(listed(&folded, &in_days(6, &overdue)).await, ["Mateo"]);
    let suspended = |request: &mut ListOrganizationsRequest| request.standings = vec![Standing::Suspended.into()];
    assert_eq!(listed(&folded, &in_days(180, &suspended)).await, ["Ana"]);
    assert_eq!(listed(&folded, &in_days(181, &suspended)).await, ["Ana", "Mateo"]);
    // Long ago, before the plan and the incident, and before some were enrolled.
    assert_eq!(listed(&folded, &in_days(-1, &suspended)).await, ["Ana"]);
    assert!(listed(&folded, &in_days(-11, &suspended)).await.is_empty());
    assert!(listed(&folded, &in_days(-21, &|_| ())).await.is_empty());
}

#[tokio::test]
async fn lists_are_sorted_by_what_is_asked_for() {
    use OrganizationSort as Sort;
    let stream = five();
    let folded = stream.fold_all();
    let cases: [(Sort, bool, [&str; 5]); 12] = [
        (
            Sort::Unspecified,
            false,
            ["Zoraida", "Ana", "Mateo", "Benita", "Carlos"],
        ),
        (Sort::Unspecified, true, ["Carlos", "Benita", "Mateo", "Ana", "Zoraida"]),
        (Sort::Name, false, ["Ana", "Benita", "Carlos", "Mateo", "Zoraida"]),
        (Sort::Name, true, ["Zoraida", "Mateo", "Carlos", "Benita", "Ana"]),
        (Sort::Standing, false, ["Benita", "Carlos", "Mateo", "Zoraida", "Ana"]),
        (Sort::Standing, true, ["Ana", "Zoraida", "Mateo", "Benita", "Carlos"]),
        (Sort::Since, false, ["Zoraida", "Benita", "Carlos", "Ana", "Mateo"]),
        (Sort::Changed, false, ["Carlos", "Ana", "Benita", "Zoraida", "Mateo"]),
        // What is not there comes last, whichever way round.
        (Sort::Freshness, false, ["Benita", "Zoraida", "Ana", "Mateo", "Carlos"]),
        (Sort::Freshness, true, ["Mateo", "Ana", "Zoraida", "Benita", "Carlos"]),
        (Sort::NextDue, false, ["Mateo", "Zoraida", "Ana", "Benita", "Carlos"]),
        (Sort::NextDue, true, ["Mateo", "Zoraida", "Ana", "Benita", "Carlos"]),
    ];
    for (sort, descending, expected) in cases {
        let request = ListOrganizationsRequest {
            kind: PartyKind::MinersOrganization.into(),
            sort: sort.into(),
            descending,
            ..Default::default()
        };
        assert_eq!(
            listed(&folded, &request).await,
            expected,
            "{sort:?}, descending: {descending}"
        );
    }
}

#[tokio::test]
async fn a_row_says_how_far_an_organization_has_come() {
    let stream = five();
    let page = stream
        .fold_all()
        .organizations(ListOrganizationsRequest::default())
        .await;
    let of = |name: &str| {
        let place = page.organizations.iter().position(|row| row.name == name).unwrap();
        page.summaries[place].clone()
    };
    let mateo = of("Mateo");
    assert_eq!(mateo.standing(), Standing::Candidate);
    assert_eq!(
        (mateo.modules_met, mateo.scenario_slugs),
        (vec![1, 2, 3], vec!["title".to_owned()])
    );
    assert_eq!((mateo.open_incidents, mateo.grave_incidents, mateo.sites), (1, 0, 2));
    assert_eq!(mateo.next_due, stream.today().plus_days(5).to_string());
    assert_eq!(mateo.pillar_levels[0].level_min, 1);
    assert_eq!(of("Ana").decided_standing(), Standing::Affiliate);
    assert_eq!(
        of("Test scheme").standing(),
        Standing::Unspecified,
        "it neither digs nor processes"
    );
}

/// Whatever is appended between two pages, all pages are of the position of the first.
#[tokio::test]
async fn pages_hold_still_while_the_stream_goes_on() {
    let mut stream = five();
    let mut folded = stream.fold_all();
    let first = ListOrganizationsRequest {
        kind: PartyKind::MinersOrganization.into(),
        sort: OrganizationSort::Standing.into(),
        page_size: 1,
        ..Default::default()
    };
    let mut request = first.clone();
    let mut paged = Vec::new();
    loop {
        let page = folded.organizations(request.clone()).await;
        paged.extend(names(&page).into_iter().map(str::to_owned));
        assert!(paged.len() <= 5, "the pages end: {paged:?}");
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
        // Somebody else fails, and is listed otherwise from now on.
        let before = stream.end();
        stream.later(1);
        stream.found(paged.len() + 1, &[("children", Answer::Fail)]);
        folded.append(&stream, before);
        let present = folded.organizations(first.clone()).await;
        assert_eq!(present.position, stream.end());
    }
    assert_eq!(paged, ["Benita", "Carlos", "Mateo", "Zoraida", "Ana"]);
    let all = ListOrganizationsRequest {
        page_size: 100,
        ..first
    };
    assert_eq!(
        names(&folded.organizations(all).await),
        ["Carlos", "Zoraida", "Ana", "Mateo", "Benita"]
    );
}

/// In memory as from the rows: a door that saw every change, and one that never answered before.
#[tokio::test]
async fn what_is_kept_in_memory_is_what_the_rows_say() {
    let mut stream = five();
    let mut folded = stream.fold_all();
    folded.organizations(ListOrganizationsRequest::default()).await;
    for round in 0..4 {
        let before = stream.end();
        match round {
            0 => stream.affiliate(6),
            1 => drop(stream.scheme_says(Event::PolicySet(event::vocabulary::PolicySet {
                terms: world::list(vec![event::vocabulary::Term::ReportDaysMax(15)]),
            }))),
            2 => {
                let party = stream.organization(2);
                let found = stream.found(2, &[("manage", Answer::Fail)]);
                stream.withdraw(Who::Assessor, party, found);
            }
            _ => {
                let party = Subject::Party(stream.operators[5].party);
                stream.incident(party, IncidentCategory::Torture, Confidence::Known);
            }
        }
        folded.append(&stream, before);
        for days in [0, 200] {
            let request = ListOrganizationsRequest {
                as_of_unix_ms: stream.now.unix_ms() + days * DAY_MS,
                ..Default::default()
            };
            let fresh = stream.fold_all().organizations(request.clone()).await;
            assert_eq!(
                folded.organizations(request).await,
                fresh,
                "round {round}, in {days} days"
            );
        }
    }
}
