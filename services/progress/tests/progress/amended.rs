//! Sites that are amended, and sites that go from one organization to another.

use event::vocabulary::{
    Answer, AssessmentKind, Confidence, Deposit, FinenessBand, IncidentCategory, SiteAmended, Subject,
};
use event::{Event, Fineness, SiteId};
use rpc::progress::progress_service_server::ProgressService;
use rpc::progress::{
    ListOrganizationsRequest, ListSitesRequest, OrganizationSummary, Standing as Told, WatchChangesRequest,
    WatchChangesResponse,
};
use tests::world::line;
use tokio_stream::StreamExt;
use tonic::Request;

use crate::support::{Folded, Stream};

impl Stream {
    /// What is known about a site changes.
    pub(crate) fn amend(&mut self, site: usize, change: impl FnOnce(&mut SiteAmended)) -> u64 {
        let mut amended = SiteAmended {
            site: self.sites[site],
            operator: None,
            name: None,
            deposit: None,
            fineness_band: None,
            reason: line("As the cooperative's register says"),
        };
        change(&mut amended);
        self.scheme_says(Event::SiteAmended(amended));
        self.end()
    }

    /// Another one works a site from here on.
    pub(crate) fn move_site(&mut self, site: usize, to: usize) -> u64 {
        let operator = Some(self.operators[to].party);
        self.amend(site, |e| e.operator = operator)
    }
}

/// The sites of an operator as of a position, each page as long as asked for.
async fn worked(folded: &Folded, stream: &Stream, operator: usize, as_of_position: u64, page_size: u32) -> Vec<usize> {
    let mut request = ListSitesRequest {
        operator_id: stream.operators[operator].party.to_string(),
        as_of_position,
        page_size,
        ..Default::default()
    };
    let place = |id: &str| {
        let id: SiteId = id.parse().unwrap();
        stream.sites.iter().position(|known| *known == id).unwrap()
    };
    let mut found = Vec::new();
    loop {
        let page = folded.sites(request.clone()).await;
        let sites = page.sites.iter().map(|row| row.site.as_ref().unwrap());
        found.extend(sites.map(|site| {
            assert_eq!(site.operator.as_ref().unwrap().party_id, request.operator_id);
            place(&site.site_id)
        }));
        if page.next_page_token.is_empty() {
            return found;
        }
        request = ListSitesRequest {
            page_token: page.next_page_token,
            operator_id: request.operator_id,
            page_size,
            ..Default::default()
        };
    }
}

async fn summary(folded: &Folded, stream: &Stream, operator: usize, as_of_position: u64) -> OrganizationSummary {
    let request = ListOrganizationsRequest {
        as_of_position,
        ..Default::default()
    };
    let page = folded.organizations(request).await;
    let id = stream.operators[operator].party.to_string();
    let place = page.organizations.iter().position(|row| row.party_id == id).unwrap();
    page.summaries[place].clone()
}

#[tokio::test]
async fn what_is_not_named_stays_and_what_was_known_before_is_told_as_of_then() {
    let mut stream = Stream::begin();
    let before = stream.end();
    let ppm = |ppm| Fineness::from_ppm(ppm).unwrap();
    stream.amend(0, |e| e.name = Some(line("Kampene")));
    let named = stream.end();
    stream.amend(0, |e| e.deposit = Some(Deposit::Primary));
    stream.amend(0, |e| {
        e.fineness_band = Some(FinenessBand {
            from: ppm(850_000),
            to: ppm(920_000),
        });
    });
    let folded = stream.fold_all();
    let told = |site: rpc::progress::GetSiteResponse| {
        let site = site.standing.unwrap().site.unwrap();
        let deposit = site.deposit();
        (
            site.name,
            deposit,
            site.operator.unwrap().name,
            site.registered_position,
        )
    };
    let registered = before - 1;
    for (at, name, deposit) in [
        (before, "Site 0", rpc::progress::Deposit::Alluvial),
        (named, "Kampene", rpc::progress::Deposit::Alluvial),
        (0, "Kampene", rpc::progress::Deposit::Primary),
    ] {
        let expected = (name.to_owned(), deposit, "Operator 0".to_owned(), registered);
        assert_eq!(told(folded.site(stream.sites[0], at).await), expected, "as of {at}");
    }
    assert_eq!(worked(&folded, &stream, 0, 0, 10).await, [0]);
}

#[tokio::test]
async fn a_site_is_listed_with_whoever_works_it_then() {
    let mut stream = Stream::begin();
    stream.add_site(0);
    stream.add_site(0);
    let begun = stream.end();
    let moved = stream.move_site(2, 1);
    let back = stream.move_site(2, 0);
    let again = stream.move_site(0, 1);
    // Nobody works it more than before.
    stream.move_site(0, 1);
    let folded = stream.fold_all();
    for (at, first, second) in [
        (begun, vec![0, 2, 3], vec![1]),
        (moved, vec![0, 3], vec![1, 2]),
        // In the order in which they came to whoever works them.
        (back, vec![0, 3, 2], vec![1]),
        (again, vec![3, 2], vec![1, 0]),
        (0, vec![3, 2], vec![1, 0]),
    ] {
        for page_size in [1, 2, 10] {
            assert_eq!(worked(&folded, &stream, 0, at, page_size).await, first, "as of {at}");
            assert_eq!(worked(&folded, &stream, 1, at, page_size).await, second, "as of {at}");
        }
        let counts = [
            summary(&folded, &stream, 0, at).await,
            summary(&folded, &stream, 1, at).await,
        ];
        assert_eq!(counts.map(|row| row.sites as usize), [first.len(), second.len()]);
        let of = folded
            .organization_as_of(stream.operators[1].party, at, 0)
            .await
            .sites
            .len();
        assert_eq!(of, second.len());
    }
}

/// Two affiliates; at a site of the first, children work.
fn children_at_a_site() -> Stream {
    let mut stream = Stream::with_gates();
    stream.affiliate(0);
    stream.affiliate(1);
    stream.add_site(0);
    stream.later(1);
    let site = Subject::Site(stream.sites[2]);
    stream.find(
        site,
        AssessmentKind::Monitor,
        0,
        "g@1",
        &[("children", Answer::Fail)],
        &[],
    );
    stream
}

#[tokio::test]
async fn answers_about_a_site_go_with_it() {
    let mut stream = children_at_a_site();
    let before = stream.end();
    stream.later(1);
    let moved = stream.move_site(2, 1);
    let folded = stream.fold_all();
    for (at, first, second) in [
        (before, Told::Suspended, Told::Affiliate),
        (moved, Told::Affiliate, Told::Suspended),
        (0, Told::Affiliate, Told::Suspended),
    ] {
        for (operator, standing) in [(0, first), (1, second)] {
            let row = summary(&folded, &stream, operator, at).await;
            assert_eq!(row.standing(), standing, "operator {operator} as of {at}");
            let party = stream.operators[operator].party;
            let whole = folded.organization_as_of(party, at, 0).await.standing.unwrap();
            assert_eq!(whole.standing(), standing, "operator {operator} as of {at}");
        }
    }
    // So does how new they are: the second one's own are a day older.
    let days = [
        summary(&folded, &stream, 0, before).await,
        summary(&folded, &stream, 1, before).await,
        summary(&folded, &stream, 0, 0).await,
        summary(&folded, &stream, 1, 0).await,
    ];
    let [first, second, left, came] = days.map(|row| row.newest_day);
    assert!(second < first);
    assert_eq!((left, came), (second, first));
}

#[tokio::test]
async fn an_incident_stays_with_whoever_worked_the_site_then() {
    let mut stream = Stream::with_gates();
    stream.affiliate(0);
    let site = Subject::Site(stream.sites[0]);
    let incident = stream.incident(site, IncidentCategory::ArmedGroup, Confidence::Allegation);
    let reported = stream.end();
    let moved = stream.move_site(0, 1);
    stream.update(site, incident, Confidence::Known);
    let updated = stream.end();
    stream.resolve(site, incident);
    let folded = stream.fold_all();
    for (at, open, grave) in [(reported, 1, 0), (moved, 1, 0), (updated, 1, 1), (0, 0, 0)] {
        let row = summary(&folded, &stream, 0, at).await;
        assert_eq!((row.open_incidents, row.grave_incidents), (open, grave), "as of {at}");
        let other = summary(&folded, &stream, 1, at).await;
        assert_eq!((other.open_incidents, other.grave_incidents), (0, 0), "as of {at}");
        let party = stream.operators[0].party;
        assert_eq!(folded.organization_as_of(party, at, 0).await.incidents.len(), 1);
    }
}

async fn changes(folded: &Folded, party_id: String, after_position: u64, count: usize) -> Vec<WatchChangesResponse> {
    let request = WatchChangesRequest {
        party_id,
        after_position,
    };
    let answer = folded.door.watch_changes(Request::new(request)).await.unwrap();
    let changes: Vec<_> = answer.into_inner().take(count).collect().await;
    changes.into_iter().map(Result::unwrap).collect()
}

#[tokio::test]
async fn both_are_told_that_a_site_goes_from_one_to_the_other() {
    let mut stream = children_at_a_site();
    stream.later(1);
    let moved = stream.move_site(2, 1);
    let folded = stream.fold_all();
    let told = |answer: &WatchChangesResponse| {
        let change = answer.change.as_ref().unwrap();
        assert_eq!(change.kind, "SiteAmended");
        assert_eq!(change.site.as_ref().unwrap().name, "Site 2");
        assert_eq!(change.source.as_ref().unwrap().position, moved);
        let name = change.organization.as_ref().unwrap().name.clone();
        (answer.position, name, change.standing_before(), change.standing_after())
    };
    let left = |position| (position, "Operator 0".to_owned(), Told::Suspended, Told::Affiliate);
    let came = (moved, "Operator 1".to_owned(), Told::Affiliate, Told::Suspended);
    // From either of the two positions that were told on, nothing is left out.
    let both = changes(&folded, String::new(), moved - 1, 2).await;
    assert_eq!(
        both.iter().map(told).collect::<Vec<_>>(),
        [left(moved - 1), came.clone()]
    );
    let resumed = changes(&folded, String::new(), both[0].position, 2).await;
    assert_eq!(resumed, both);
    let first = changes(&folded, stream.operators[0].party.to_string(), moved - 1, 1).await;
    assert_eq!(told(&first[0]), left(moved));
    let second = changes(&folded, stream.operators[1].party.to_string(), moved - 1, 1).await;
    assert_eq!(told(&second[0]), came);
}

/// In memory as from the rows: a door that saw the site go, and one that never answered before.
#[tokio::test]
async fn both_rows_kept_in_memory_follow_a_site() {
    let mut stream = children_at_a_site();
    let mut folded = stream.fold_all();
    folded.organizations(ListOrganizationsRequest::default()).await;
    for to in [1, 0] {
        let before = stream.end();
        stream.move_site(2, to);
        folded.append(&stream, before);
        let fresh = stream
            .fold_all()
            .organizations(ListOrganizationsRequest::default())
            .await;
        let kept = folded.organizations(ListOrganizationsRequest::default()).await;
        assert_eq!(kept, fresh, "to {to}");
    }
}
