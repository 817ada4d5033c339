//! The same records make the same rows and the same answers, whenever and in whatever batches they are folded.

use event::vocabulary::{Answer, AssessmentKind, Subject};
use proptest::collection::vec;
use proptest::prelude::*;
use rpc::progress::progress_service_server::ProgressService;
use rpc::progress::{
    GetOrganizationRequest, GetOrganizationResponse, GetSiteResponse, ListAssessmentsRequest, ListAssessmentsResponse,
    ListOrganizationsRequest, ListOrganizationsResponse, ListSitesRequest, ListSitesResponse, get_organization_request,
    list_assessments_request,
};
use tests::world::line;
use tonic::Request;

use crate::support::{Folded, Said, Stream, workers};

const KINDS: [AssessmentKind; 4] = [
    AssessmentKind::SelfReported,
    AssessmentKind::Implementer,
    AssessmentKind::Monitor,
    AssessmentKind::ThirdParty,
];

/// What comes next in a random history.
#[derive(Clone, Debug)]
enum Next {
    Assessment {
        of_party: bool,
        which: usize,
        kind: usize,
        day: i32,
        catalogue: usize,
        answers: [u64; 3],
    },
    Site(usize),
    Operator,
    Garbage(Vec<u8>),
    Refused,
}

fn next() -> impl Strategy<Value = Next> {
    let assessment = (
        any::<bool>(),
        0..2_usize,
        0..4_usize,
        0..3_i32,
        0..3_usize,
        any::<[u64; 3]>(),
    );
    prop_oneof![
        12 => assessment.prop_map(|(of_party, which, kind, day, catalogue, answers)| Next::Assessment {
            of_party, which, kind, day, catalogue, answers,
        }),
        1 => (0..2_usize).prop_map(Next::Site),
        1 => Just(Next::Operator),
        1 => vec(any::<u8>(), 0..40).prop_map(Next::Garbage),
        1 => Just(Next::Refused),
    ]
}

fn stream(history: &[Next]) -> Stream {
    let mut stream = Stream::begin();
    for next in history {
        match next {
            Next::Assessment {
                of_party,
                which,
                kind,
                day,
                catalogue,
                answers,
            } => {
                let subject = if *of_party {
                    Subject::Party(stream.operators[*which].party)
                } else {
                    Subject::Site(stream.sites[*which])
                };
                let (catalogue, said) = said(*catalogue, *answers);
                stream.assess_subject(subject, *which, KINDS[*kind], *day, catalogue, &said);
            }
            Next::Site(operator) => stream.add_site(*operator),
            Next::Operator => stream.add_operator(),
            Next::Garbage(bytes) => stream.records.push(bytes.clone()),
            Next::Refused => stream.append_refused(),
        }
    }
    stream
}

/// At least one finding; few different answers, so that they agree and contradict.
fn said(catalogue: usize, [first, second, third]: [u64; 3]) -> (&'static str, Vec<Said<'static>>) {
    let mercury = if first % 3 == 1 {
        Answer::Observed
    } else {
        Answer::NoneObserved
    };
    let (catalogue, mut said) = match catalogue {
        0 => (
            "a@1",
            vec![workers(second % 2), ("status", Answer::Words(line("Vert")))],
        ),
        1 => (
            "a@2",
            vec![
                workers(second % 2),
                ("level", Answer::Level(u8::try_from(third % 5).unwrap())),
            ],
        ),
        _ => {
            return (
                "b@1",
                vec![("legal", if first % 2 == 0 { Answer::Pass } else { Answer::Fail })],
            );
        }
    };
    said.truncate(1 + usize::from(third % 2 == 0));
    if first % 3 != 0 {
        said.push(("mercury", mercury));
    }
    (catalogue, said)
}

/// Everything that can be asked about a stream's parties and sites as of a position; 0 for the present.
#[derive(Debug, PartialEq)]
struct Told {
    sites: ListSitesResponse,
    organizations: ListOrganizationsResponse,
    standings: Vec<GetSiteResponse>,
    organization: GetOrganizationResponse,
    histories: Vec<ListAssessmentsResponse>,
}

async fn told(folded: &Folded, stream: &Stream, as_of_position: u64) -> Told {
    use list_assessments_request::Subject::{PartyId, SiteId};
    let party = stream.operators[0].party.to_string();
    let organization = Some(get_organization_request::Organization::PartyId(party.clone()));
    let organization = GetOrganizationRequest {
        organization,
        as_of_position,
        ..Default::default()
    };
    let (mut standings, mut histories) = (Vec::new(), Vec::new());
    for site in &stream.sites[..2] {
        standings.push(folded.site(*site, as_of_position).await);
    }
    for subject in [
        SiteId(stream.sites[0].to_string()),
        SiteId(stream.sites[1].to_string()),
        PartyId(party),
    ] {
        let request = ListAssessmentsRequest {
            subject: Some(subject),
            as_of_position,
            ..Default::default()
        };
        histories.push(folded.assessments(request).await);
    }
    Told {
        sites: folded
            .sites(ListSitesRequest {
                as_of_position,
                ..Default::default()
            })
            .await,
        organizations: folded
            .organizations(ListOrganizationsRequest {
                as_of_position,
                ..Default::default()
            })
            .await,
        standings,
        organization: folded
            .door
            .get_organization(Request::new(organization))
            .await
            .unwrap()
            .into_inner(),
        histories,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_past_is_what_it_was(history in vec(next(), 1..60), part in 0..=100_u64) {
        let stream = stream(&history);
        let begun = Stream::begin().end();
        let at = begun + (stream.end() - begun) * part / 100;
        let (now, then) = (stream.fold_all(), stream.fold(at, &[7]));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (past, present) = runtime.block_on(async { (told(&now, &stream, at).await, told(&then, &stream, 0).await) });
        prop_assert_eq!(past, present);
    }

    #[test]
    fn batches_leave_no_trace(history in vec(next(), 1..60), batches in vec(1..20_usize, 1..6)) {
        let stream = stream(&history);
        prop_assert_eq!(stream.fold(stream.end(), &batches).digest(), stream.fold_all().digest());
    }

    #[test]
    fn a_refused_record_changes_no_row(history in vec(next(), 1..20), garbage in vec(any::<u8>(), 0..100)) {
        let mut stream = stream(&history);
        let before = stream.fold_all().digest();
        stream.records.push(garbage);
        stream.append_refused();
        prop_assert_eq!(stream.fold_all().digest(), before);
    }
}

#[tokio::test]
async fn rows_are_counted_once_for_each_position() {
    let mut stream = Stream::begin();
    let before = stream.fold_all();
    let (view, again) = (before.view().await, before.view().await);
    assert_eq!(view, again);
    assert_eq!(
        (view.position, view.rows_digest),
        (stream.end(), before.digest().to_string())
    );
    stream.add_site(0);
    let after = stream.fold_all().view().await;
    // The site itself, its place in three lists, what changed and when, and how its operator stands since.
    assert_eq!(after.rows, view.rows + 7);
}
