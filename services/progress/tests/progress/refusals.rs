//! What is asked wrongly, or of what is not there.

use event::vocabulary::AssessmentKind::Monitor;
use event::{PartyId, SiteId, StreamPosition};
use progress::Door;
use rpc::progress::progress_service_server::ProgressService;
use rpc::progress::{
    GetOrganizationRequest, GetPositionRequest, GetSiteRequest, ListAssessmentsRequest, ListOrganizationsRequest,
    ListSitesRequest, get_organization_request, get_site_request, list_assessments_request,
};
use rpc::view::Reference;
use tokio::sync::watch;
use tonic::{Code, Request};

use crate::support::{Folded, Stream, code, workers};

const BEYOND: u64 = u64::MAX;

fn reference(value: &str) -> Reference {
    Reference {
        source: "register".to_owned(),
        value: value.to_owned(),
    }
}

async fn get_site(folded: &Folded, site: Option<get_site_request::Site>, as_of_position: u64) -> Code {
    let request = GetSiteRequest {
        site,
        as_of_position,
        ..Default::default()
    };
    code(folded.door.get_site(Request::new(request)).await)
}

#[tokio::test]
async fn a_site_that_is_not_named_rightly_or_not_known() {
    use get_site_request::Site::{Reference, SiteId as Id};
    let stream = Stream::begin();
    let (folded, registered) = (stream.fold_all(), stream.end() - 1);
    let site = stream.sites[0].to_string();
    let (mut mistyped, unknown) = (site.clone(), SiteId::from_bytes([7; 16]).to_string());
    let last = if mistyped.pop() == Some('0') { '1' } else { '0' };
    mistyped.push(last);
    let cases = [
        (None, 0, Code::InvalidArgument),
        (Some(Id(String::new())), 0, Code::InvalidArgument),
        (Some(Id("site-1".to_owned())), 0, Code::InvalidArgument),
        (Some(Id(mistyped)), 0, Code::InvalidArgument),
        (
            Some(Id(stream.operators[0].party.to_string())),
            0,
            Code::InvalidArgument,
        ),
        (Some(Reference(reference(""))), 0, Code::InvalidArgument),
        (Some(Id(site.clone())), BEYOND, Code::InvalidArgument),
        (Some(Id(unknown)), 0, Code::NotFound),
        (Some(Reference(reference("site-9"))), 0, Code::NotFound),
        (Some(Reference(reference("group-0"))), 0, Code::NotFound),
        (Some(Id(site)), registered - 1, Code::NotFound),
        (Some(Reference(reference("site-0"))), registered - 1, Code::NotFound),
    ];
    for (site, as_of, expected) in cases {
        assert_eq!(
            get_site(&folded, site.clone(), as_of).await,
            expected,
            "{site:?} as of {as_of}"
        );
    }
}

#[tokio::test]
async fn an_organization_that_is_not_named_rightly_or_not_known() {
    use get_organization_request::Organization::{PartyId as Id, Reference};
    let stream = Stream::begin();
    let folded = stream.fold_all();
    let cases = [
        (None, 0, Code::InvalidArgument),
        (Some(Id("org-1".to_owned())), 0, Code::InvalidArgument),
        (Some(Id(stream.sites[0].to_string())), 0, Code::InvalidArgument),
        (Some(Id(PartyId::from_bytes([7; 16]).to_string())), 0, Code::NotFound),
        (Some(Reference(reference("site-0"))), 0, Code::NotFound),
        (Some(Id(stream.operators[0].party.to_string())), 1, Code::NotFound),
    ];
    for (organization, as_of_position, expected) in cases {
        let asked = format!("{organization:?} as of {as_of_position}");
        let request = GetOrganizationRequest {
            organization,
            as_of_position,
            ..Default::default()
        };
        assert_eq!(
            code(folded.door.get_organization(Request::new(request)).await),
            expected,
            "{asked}"
        );
    }
}

#[tokio::test]
async fn pages_that_no_answer_led_to() {
    let mut stream = Stream::begin();
    stream.assess(0, Monitor, 1, "a@1", &[workers(1)]);
    stream.assess(0, Monitor, 2, "a@1", &[workers(1)]);
    let folded = stream.fold_all();
    let first = folded
        .sites(ListSitesRequest {
            page_size: 1,
            ..Default::default()
        })
        .await;
    let history = ListAssessmentsRequest {
        subject: Some(list_assessments_request::Subject::SiteId(stream.sites[0].to_string())),
        page_size: 1,
        ..Default::default()
    };
    let older = folded.assessments(history.clone()).await.next_page_token;
    let sites = |page_size, page_token: &str, as_of_position| ListSitesRequest {
        page_size,
        page_token: page_token.to_owned(),
        as_of_position,
        ..Default::default()
    };
    let cases = [
        sites(1_001, "", 0),
        sites(0, "another page", 0),
        sites(0, "00", 0),
        sites(0, &older, 0),
        sites(0, &"00".repeat(500), 0),
        sites(0, &first.next_page_token, first.position - 1),
        sites(0, "", BEYOND),
        ListSitesRequest {
            at_least_position: BEYOND,
            ..Default::default()
        },
        ListSitesRequest {
            operator_id: "org-".to_owned(),
            ..Default::default()
        },
    ];
    for request in cases {
        let answer = folded.door.list_sites(Request::new(request.clone())).await;
        assert_eq!(code(answer), Code::InvalidArgument, "{request:?}");
    }
    let of_sites = ListAssessmentsRequest {
        page_token: first.next_page_token,
        ..history
    };
    assert_eq!(
        code(folded.door.list_assessments(Request::new(of_sites)).await),
        Code::InvalidArgument
    );
    let unknown_kind = ListOrganizationsRequest {
        kind: 99,
        ..Default::default()
    };
    assert_eq!(
        code(folded.door.list_organizations(Request::new(unknown_kind)).await),
        Code::InvalidArgument
    );
}

#[tokio::test]
async fn a_history_of_nobody() {
    use list_assessments_request::Subject::{PartyId as Party, SiteId as Site};
    let stream = Stream::begin();
    let folded = stream.fold_all();
    let cases = [
        (None, 0, Code::InvalidArgument),
        (Some(Site(SiteId::from_bytes([7; 16]).to_string())), 0, Code::NotFound),
        (Some(Party(PartyId::from_bytes([7; 16]).to_string())), 0, Code::NotFound),
        (Some(Site(stream.sites[0].to_string())), 1, Code::NotFound),
    ];
    for (subject, as_of_position, expected) in cases {
        let asked = format!("{subject:?} as of {as_of_position}");
        let request = ListAssessmentsRequest {
            subject,
            as_of_position,
            ..Default::default()
        };
        assert_eq!(
            code(folded.door.list_assessments(Request::new(request)).await),
            expected,
            "{asked}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_position_that_is_not_reached_in_time() {
    let stream = Stream::begin();
    let folded = stream.fold_all();
    let next = stream.end() + 1;
    let site = Some(get_site_request::Site::SiteId(stream.sites[0].to_string()));
    for (as_of_position, at_least_position) in [(next, 0), (0, next), (1, next)] {
        let request = GetSiteRequest {
            site: site.clone(),
            as_of_position,
            at_least_position,
            ..Default::default()
        };
        assert_eq!(
            code(folded.door.get_site(Request::new(request)).await),
            Code::DeadlineExceeded
        );
    }
    for with_digest in [false, true] {
        let request = GetPositionRequest {
            at_least_position: next,
            with_digest,
        };
        assert_eq!(
            code(folded.door.get_position(Request::new(request)).await),
            Code::DeadlineExceeded
        );
    }
}

#[tokio::test]
async fn a_view_that_is_not_open_yet_or_stops() {
    let position = watch::Sender::new(StreamPosition::START);
    let door = Door::new(position.subscribe());
    let present = || Request::new(ListSitesRequest::default());
    assert_eq!(code(door.list_sites(present()).await), Code::Unavailable);
    drop(position);
    let later = ListSitesRequest {
        at_least_position: 1,
        ..Default::default()
    };
    assert_eq!(code(door.list_sites(Request::new(later)).await), Code::Unavailable);
}
