//! Lists: their order, their filters, and pages that hold every row once.

use event::vocabulary::AssessmentKind::{Monitor, SelfReported};
use rpc::progress::{
    ListAssessmentsRequest, ListOrganizationsRequest, ListSitesRequest, PartyKind, list_assessments_request,
};

use crate::support::{Folded, Stream, not_seen, seen, workers};

/// Sites of all pages of this size, by name.
async fn sites(folded: &Folded, operator_id: &str, as_of_position: u64, page_size: u32) -> Vec<String> {
    let request = ListSitesRequest {
        operator_id: operator_id.to_owned(),
        as_of_position,
        page_size,
        ..Default::default()
    };
    sites_of(folded, request).await
}

async fn sites_of(folded: &Folded, mut request: ListSitesRequest) -> Vec<String> {
    let mut names = Vec::new();
    loop {
        let page = folded.sites(request.clone()).await;
        assert!(page.sites.len() <= request.page_size.try_into().unwrap());
        names.extend(page.sites.into_iter().map(|row| row.site.unwrap().name));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            return names;
        }
    }
}

async fn organizations(folded: &Folded, kind: PartyKind, as_of_position: u64, page_size: u32) -> Vec<String> {
    let mut names = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListOrganizationsRequest {
            kind: kind.into(),
            as_of_position,
            page_size,
            page_token,
            ..Default::default()
        };
        let page = folded.organizations(request).await;
        assert!(page.organizations.len() <= page_size.try_into().unwrap());
        names.extend(page.organizations.into_iter().map(|row| row.name));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return names;
        }
    }
}

/// Positions of a site's assessments, all pages together.
async fn history(folded: &Folded, site: String, as_of_position: u64, page_size: u32) -> Vec<u64> {
    let mut positions = Vec::new();
    let mut page_token = String::new();
    loop {
        let subject = Some(list_assessments_request::Subject::SiteId(site.clone()));
        let request = ListAssessmentsRequest {
            subject,
            as_of_position,
            page_size,
            page_token,
            ..Default::default()
        };
        let page = folded.assessments(request).await;
        assert!(page.assessments.len() <= page_size.try_into().unwrap());
        positions.extend(
            page.assessments
                .into_iter()
                .map(|row| row.attribution.unwrap().position),
        );
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return positions;
        }
    }
}

#[tokio::test]
async fn sites_are_listed_in_the_order_of_their_registration() {
    let mut stream = Stream::begin();
    let before = stream.end();
    for n in 0..5 {
        stream.add_site(n % 2);
    }
    let folded = stream.fold_all();
    let (all, first) = (
        ["Site 0", "Site 1", "Site 2", "Site 3", "Site 4", "Site 5", "Site 6"],
        stream.operators[0].party,
    );
    for page_size in 1..9 {
        assert_eq!(sites(&folded, "", 0, page_size).await, all);
        assert_eq!(sites(&folded, "", before, page_size).await, all[..2]);
        assert_eq!(
            sites(&folded, &first.to_string(), 0, page_size).await,
            ["Site 0", "Site 2", "Site 4", "Site 6"]
        );
        assert_eq!(
            sites(&folded, &first.to_string(), before + 1, page_size).await,
            ["Site 0", "Site 2"]
        );
        assert!(
            sites(&folded, &stream.assessor.party.to_string(), 0, page_size)
                .await
                .is_empty()
        );
    }
}

#[tokio::test]
async fn sites_are_found_by_a_part_of_their_names() {
    let mut stream = Stream::begin();
    let before = stream.end();
    for n in 0..5 {
        stream.add_site(n % 2);
    }
    let folded = stream.fold_all();
    let operator = stream.operators[0].party.to_string();
    let called = async |part: &str, operator_id: &str, as_of_position, page_size| {
        let request = ListSitesRequest {
            name_contains: part.to_owned(),
            operator_id: operator_id.to_owned(),
            as_of_position,
            page_size,
            ..Default::default()
        };
        sites_of(&folded, request).await
    };
    for page_size in 1..9 {
        assert_eq!(called("sité  5", "", 0, page_size).await, ["Site 5"]);
        assert_eq!(
            called("SITE", "", 0, page_size).await,
            sites(&folded, "", 0, page_size).await
        );
        assert_eq!(called("1 site", "", before, page_size).await, ["Site 1"]);
        assert_eq!(
            called("site", &operator, 0, page_size).await,
            ["Site 0", "Site 2", "Site 4", "Site 6"]
        );
        assert!(called("1", &operator, 0, page_size).await.is_empty());
    }
}

#[tokio::test]
async fn organizations_are_listed_in_the_order_of_their_enrolment() {
    let mut stream = Stream::begin();
    let before = stream.end();
    stream.add_operator();
    let folded = stream.fold_all();
    let all = ["Test scheme", "The assessor", "Operator 0", "Operator 1", "Operator 2"];
    for page_size in 1..7 {
        assert_eq!(organizations(&folded, PartyKind::Unspecified, 0, page_size).await, all);
        assert_eq!(
            organizations(&folded, PartyKind::Unspecified, before, page_size).await,
            all[..4]
        );
        assert_eq!(
            organizations(&folded, PartyKind::InformalMinersGroup, 0, page_size).await,
            all[2..]
        );
        assert_eq!(
            organizations(&folded, PartyKind::Assessor, 0, page_size).await,
            all[1..2]
        );
        assert!(
            organizations(&folded, PartyKind::Refiner, 0, page_size)
                .await
                .is_empty()
        );
    }
}

#[tokio::test]
async fn a_row_of_a_list_holds_the_latest_assessment_of_each_catalogue() {
    let mut stream = Stream::begin();
    stream.assess(0, Monitor, 3, "a@1", &[seen(), workers(40)]);
    stream.assess(0, Monitor, 2, "a@1", &[not_seen(), workers(9)]);
    stream.assess(0, SelfReported, 1, "b@1", &[("legal", event::vocabulary::Answer::Fail)]);
    let page = stream.fold_all().sites(ListSitesRequest::default()).await;
    let latest = &page.sites[0].latest_assessments;
    assert_eq!(
        latest
            .iter()
            .map(|latest| latest.catalogue_slug.as_str())
            .collect::<Vec<_>>(),
        ["a", "b"]
    );
    assert_eq!(latest[0].attribution.as_ref().unwrap().assessed_to, "2020-01-04");
    let asked = latest[0]
        .findings
        .iter()
        .map(|finding| finding.criterion.as_ref().unwrap().slug.as_str());
    assert_eq!(asked.collect::<Vec<_>>(), ["mercury", "workers"]);
    assert!(page.sites[1].latest_assessments.is_empty());
    assert_eq!(
        page.sites[0].site.as_ref().unwrap().reference.as_ref().unwrap().value,
        "site-0"
    );
}

#[tokio::test]
async fn a_history_runs_from_the_latest_day_back_and_holds_every_assessment_once() {
    let mut stream = Stream::begin();
    // The fifth lies before 1970.
    let days = [4, 2, 9, 2, -30_000, 9, 7];
    let positions: Vec<_> = days
        .iter()
        .map(|day| stream.assess(0, Monitor, *day, "a@1", &[workers(1)]))
        .collect();
    stream.assess(1, Monitor, 3, "a@1", &[workers(1)]);
    let folded = stream.fold_all();
    let site = stream.sites[0].to_string();
    let order = |places: &[usize]| places.iter().map(|place| positions[*place]).collect::<Vec<_>>();
    for page_size in 1..9 {
        assert_eq!(
            history(&folded, site.clone(), 0, page_size).await,
            order(&[5, 2, 6, 0, 3, 1, 4])
        );
        assert_eq!(
            history(&folded, site.clone(), positions[3], page_size).await,
            order(&[2, 0, 3, 1])
        );
        assert!(
            history(&folded, site.clone(), positions[0] - 1, page_size)
                .await
                .is_empty()
        );
    }
}

/// So many that one request does not look at all of them.
#[tokio::test]
async fn a_long_history_is_read_in_bounded_pieces() {
    let mut stream = Stream::begin();
    let first = stream.assess(0, Monitor, 0, "a@1", &[workers(1)]);
    for day in 1..1_100 {
        stream.assess(0, Monitor, day, "a@1", &[workers(1)]);
    }
    let folded = stream.fold_all();
    let site = stream.sites[0].to_string();
    assert_eq!(history(&folded, site.clone(), 0, 1_000).await.len(), 1_100);
    // Everything but the first was recorded later.
    assert_eq!(history(&folded, site, first, 10).await, [first]);
}

#[tokio::test]
async fn the_pages_of_a_list_are_true_of_the_position_of_the_first() {
    let mut stream = Stream::begin();
    let at = stream.end();
    let early = stream.fold_all();
    let request = |page_token| ListSitesRequest {
        page_size: 1,
        page_token,
        ..Default::default()
    };
    let first = early.sites(request(String::new())).await;
    assert_eq!((first.position, first.sites.len()), (at, 1));
    stream.add_site(0);
    stream.assess(1, Monitor, 1, "a@1", &[seen()]);
    let late = stream.fold_all();
    let second = late.sites(request(first.next_page_token)).await;
    assert_eq!((second.position, second.sites.len()), (at, 1));
    assert!(second.sites[0].latest_assessments.is_empty(), "assessed later");
    assert!(second.next_page_token.is_empty(), "registered later");
}
