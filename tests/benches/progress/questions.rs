//! What is asked, and how long the answers take.

use std::time::Duration;

use event::PartyId;
use rpc::limits::STANDINGS_MAX;
use rpc::progress::progress_service_client::ProgressServiceClient;
use rpc::progress::{
    CompareOrganizationsRequest, FreshnessState, GetOrganizationRequest, GetOrganizationResponse, GetPositionRequest,
    GetStandingsRequest, IncidentFilter, ListAnswersRequest, ListAssessmentsRequest, ListMeasurementsRequest,
    ListOrganizationsRequest, OrganizationSort, PartyKind, Pillar, PillarLevel, Side, Standing, StandingAsked,
    get_organization_request, list_answers_request, list_assessments_request, list_measurements_request,
};
use service::clock::Stopwatch;
use tests::measure::Latencies;
use tonic::transport::Channel;

/// How often each question is asked.
const ASKED_MAX: usize = 400;
/// At least so often, however long it takes.
const ASKED_MIN: usize = 20;
/// After which time a question is not asked again.
const ASK_TIME: Duration = Duration::from_secs(3);
/// Answers before those that are counted: connections and caches come up.
const WARM: usize = 3;
/// Rows on a page that is asked for to come to a later one.
const LONG_PAGE: u32 = 1_000;
/// One of the catalogue's legitimacy scenarios.
const SCENARIO: &str = "legit.case2_formalising";

type Client = ProgressServiceClient<Channel>;

/// A question by its name.
pub(crate) struct Question {
    pub(crate) name: &'static str,
    ask: Ask,
}

/// Who and what can be asked about.
pub(crate) struct Known {
    pub(crate) organizations: Vec<PartyId>,
    /// A position in the past: everyone is enrolled, and half of the rest is said.
    pub(crate) past: u64,
    /// The stream's end.
    pub(crate) end: u64,
    pub(crate) criterion: u32,
}

enum Ask {
    /// As little as possible.
    Position,
    /// One organization, another one each time.
    Organization { as_of_position: u64 },
    /// The same over and over.
    SameOrganization,
    /// Two of them, others each time.
    Two,
    /// One of them now and then.
    Then { as_of_position: u64 },
    /// The standings of as many as one request may ask for.
    Standings { as_of_position: u64 },
    /// What was answered to one criterion.
    Answers,
    /// What was said about one organization.
    Assessments,
    /// What was measured about it.
    Measurements,
    /// A page of a list.
    List(ListOrganizationsRequest),
    /// A page from the middle of a list.
    Middle(ListOrganizationsRequest),
    /// A page of a list as of a position of its own each time.
    Past,
}

/// Everything that is asked about.
pub(crate) fn questions(known: &Known) -> Vec<Question> {
    let list = |name, request| Question {
        name,
        ask: Ask::List(request),
    };
    let of = |name, ask| Question { name, ask };
    let as_of_position = known.past;
    let all = ListOrganizationsRequest::default;
    let sorted = |sort: OrganizationSort, descending| ListOrganizationsRequest {
        sort: sort.into(),
        descending,
        ..all()
    };
    let by_name = sorted(OrganizationSort::Name, false);
    let mut questions = vec![
        of("how far the rows are (the floor)", Ask::Position),
        of(
            "an organization, another one each time",
            Ask::Organization { as_of_position: 0 },
        ),
        of("an organization, the same over and over", Ask::SameOrganization),
        of(
            "an organization, half of the stream ago",
            Ask::Organization { as_of_position },
        ),
        of("two organizations compared", Ask::Two),
        of("an organization now and then compared", Ask::Then { as_of_position }),
        of("standings of 500", Ask::Standings { as_of_position: 0 }),
        of(
            "standings of 500, each as of another past",
            Ask::Standings { as_of_position },
        ),
        of("history of a criterion", Ask::Answers),
        of("history of assessments", Ask::Assessments),
        of("history of measurements", Ask::Measurements),
        list("list, by enrolment", all()),
        of("list, by enrolment, from the middle", Ask::Middle(all())),
        list("list, by name", by_name.clone()),
        of("list, by name, from the middle", Ask::Middle(by_name)),
        list("list, by standing", sorted(OrganizationSort::Standing, true)),
        list("list, by since when", sorted(OrganizationSort::Since, false)),
        list(
            "list, by last change, newest first",
            sorted(OrganizationSort::Changed, true),
        ),
        list("list, by freshness", sorted(OrganizationSort::Freshness, false)),
        list("list, by next due day", sorted(OrganizationSort::NextDue, false)),
    ];
    questions.extend(filters().into_iter().map(|(name, request)| list(name, request)));
    questions.push(list(
        "list, half of the stream ago",
        ListOrganizationsRequest {
            as_of_position,
            ..all()
        },
    ));
    questions.push(of("list, as of another past each time", Ask::Past));
    questions
}

fn filters() -> Vec<(&'static str, ListOrganizationsRequest)> {
    let with = |set: &dyn Fn(&mut ListOrganizationsRequest)| {
        let mut request = ListOrganizationsRequest::default();
        set(&mut request);
        request
    };
    let suspended = [Standing::Suspended.into()];
    let affiliate = [Standing::Affiliate.into()];
    let pillar_level = PillarLevel {
        pillar: Pillar::Social.into(),
        level_min: 1,
    };
    let several = ListOrganizationsRequest {
        country: "GH".to_owned(),
        standings: vec![Standing::Candidate.into(), Standing::Affiliate.into()],
        incidents: IncidentFilter::NoneOpen.into(),
        freshness: FreshnessState::Fresh.into(),
        sort: OrganizationSort::Since.into(),
        ..ListOrganizationsRequest::default()
    };
    let group = PartyKind::InformalMinersGroup;
    vec![
        ("filter: kind", with(&|of| of.kind = group.into())),
        ("filter: country", with(&|of| of.country = "MN".into())),
        ("filter: country without anyone", with(&|of| of.country = "ZW".into())),
        ("filter: area", with(&|of| of.area = "Area 3 of CO".into())),
        ("filter: standing", with(&|of| of.standings = affiliate.to_vec())),
        (
            "filter: decision",
            with(&|of| of.decided_standings = suspended.to_vec()),
        ),
        ("filter: modules met", with(&|of| of.modules_met = vec![1, 2, 3])),
        ("filter: scenario", with(&|of| of.scenario_slug = SCENARIO.into())),
        (
            "filter: open incidents",
            with(&|of| of.incidents = IncidentFilter::Open.into()),
        ),
        (
            "filter: grave incidents",
            with(&|of| of.incidents = IncidentFilter::Grave.into()),
        ),
        ("filter: stale", with(&|of| of.freshness = FreshnessState::Stale.into())),
        ("filter: plan overdue", with(&|of| of.overdue = Some(true))),
        (
            "filter: level of a pillar",
            with(&|of| of.pillar_levels = vec![pillar_level]),
        ),
        ("filter: four of them, by since when", several),
    ]
}

impl Question {
    /// Asks it again and again; returns how many rows the last answer had, where it is a list.
    pub(crate) async fn measure(&self, client: &Client, known: &Known) -> (Latencies, usize) {
        let request = match &self.ask {
            Ask::List(request) => request.clone(),
            Ask::Middle(request) => middle(client, request, known.organizations.len()).await,
            _ => ListOrganizationsRequest::default(),
        };
        let (mut latencies, watch) = (Latencies::default(), Stopwatch::start());
        let (mut rows, mut at) = (0, 0);
        while at < ASKED_MIN + WARM || (at < ASKED_MAX + WARM && watch.elapsed() < ASK_TIME) {
            let (took, answered) = self.ask(client.clone(), known, at, &request).await;
            if WARM <= at {
                latencies.push(took);
            }
            (rows, at) = (answered, at + 1);
        }
        (latencies, rows)
    }

    /// Asks it once, the `at`th time.
    async fn ask(
        &self,
        client: Client,
        known: &Known,
        at: usize,
        request: &ListOrganizationsRequest,
    ) -> (Duration, usize) {
        let (one, other) = (known.one(at).to_string(), known.one(at + 1).to_string());
        match &self.ask {
            Ask::Position => position(client, false).await,
            Ask::Organization { as_of_position } => {
                let (took, _) = organization(client, one, *as_of_position).await;
                (took, 0)
            }
            Ask::SameOrganization => {
                let (took, _) = organization(client, known.one(0).to_string(), 0).await;
                (took, 0)
            }
            Ask::Two => compare(client, side(one, 0), side(other, 0)).await,
            Ask::Then { as_of_position } => compare(client, side(one.clone(), 0), side(one, *as_of_position)).await,
            Ask::Standings { as_of_position } => standings(client, known, at, *as_of_position).await,
            Ask::Answers => answers(client, one, known.criterion).await,
            Ask::Assessments => assessments(client, one).await,
            Ask::Measurements => measurements(client, one).await,
            Ask::List(_) | Ask::Middle(_) => list(client, request).await,
            Ask::Past => {
                let as_of_position = known.past + (at as u64 * 97) % (known.end - known.past);
                list(
                    client,
                    &ListOrganizationsRequest {
                        as_of_position,
                        ..request.clone()
                    },
                )
                .await
            }
        }
    }
}

impl Known {
    /// Far from the one before: neighbours share pages of the store.
    fn one(&self, at: usize) -> PartyId {
        self.organizations[at.wrapping_mul(7_919) % self.organizations.len()]
    }
}

/// Of as many as one request may ask for; as of the present, or each as of a position of its own from one on.
async fn standings(mut client: Client, known: &Known, at: usize, as_of_position: u64) -> (Duration, usize) {
    let one = |n: usize| StandingAsked {
        party_id: known.one(at + n).to_string(),
        as_of_position: match as_of_position {
            0 => 0,
            past => past + (n as u64 * 97) % (known.end - past),
        },
    };
    let request = GetStandingsRequest {
        asked: (0..STANDINGS_MAX).map(one).collect(),
        ..GetStandingsRequest::default()
    };
    let watch = Stopwatch::start();
    let answer = client.get_standings(request).await.expect("standings");
    let took = watch.elapsed();
    (took, answer.into_inner().entries.len())
}

/// The page in the middle, after as many long ones as it takes.
async fn middle(client: &Client, request: &ListOrganizationsRequest, count: usize) -> ListOrganizationsRequest {
    let mut request = request.clone();
    let mut left = u32::try_from(count / 2).expect("not that many");
    while 0 < left {
        request.page_size = left.min(LONG_PAGE);
        let answer = client.clone().list_organizations(request.clone()).await;
        let answer = answer.expect("a page").into_inner();
        left -= u32::try_from(answer.organizations.len()).expect("a page");
        request.page_token = answer.next_page_token;
    }
    request.page_size = 0;
    request
}

/// How far the rows are; `with_digest`, and what all of them are.
pub(crate) async fn position(mut client: Client, with_digest: bool) -> (Duration, usize) {
    let watch = Stopwatch::start();
    let request = GetPositionRequest {
        with_digest,
        ..GetPositionRequest::default()
    };
    let answer = client.get_position(request).await;
    answer.expect("a position");
    (watch.elapsed(), 0)
}

/// The answer about one organization.
pub(crate) async fn organization(
    mut client: Client,
    id: String,
    as_of_position: u64,
) -> (Duration, GetOrganizationResponse) {
    let request = GetOrganizationRequest {
        organization: Some(get_organization_request::Organization::PartyId(id)),
        as_of_position,
        ..GetOrganizationRequest::default()
    };
    let watch = Stopwatch::start();
    let answer = client.get_organization(request).await;
    (watch.elapsed(), answer.expect("an organization").into_inner())
}

fn side(party_id: String, as_of_position: u64) -> Side {
    Side {
        party_id,
        as_of_position,
        ..Side::default()
    }
}

async fn compare(mut client: Client, left: Side, right: Side) -> (Duration, usize) {
    let request = CompareOrganizationsRequest {
        left: Some(left),
        right: Some(right),
        ..CompareOrganizationsRequest::default()
    };
    let watch = Stopwatch::start();
    let answer = client.compare_organizations(request).await;
    (
        watch.elapsed(),
        answer.expect("a comparison").into_inner().criteria.len(),
    )
}

async fn answers(mut client: Client, id: String, criterion_number: u32) -> (Duration, usize) {
    let request = ListAnswersRequest {
        subject: Some(list_answers_request::Subject::PartyId(id)),
        criterion_number,
        ..ListAnswersRequest::default()
    };
    let watch = Stopwatch::start();
    let answer = client.list_answers(request).await;
    (watch.elapsed(), answer.expect("a page").into_inner().answers.len())
}

async fn assessments(mut client: Client, id: String) -> (Duration, usize) {
    let request = ListAssessmentsRequest {
        subject: Some(list_assessments_request::Subject::PartyId(id)),
        ..ListAssessmentsRequest::default()
    };
    let watch = Stopwatch::start();
    let answer = client.list_assessments(request).await;
    (watch.elapsed(), answer.expect("a page").into_inner().assessments.len())
}

async fn measurements(mut client: Client, id: String) -> (Duration, usize) {
    let request = ListMeasurementsRequest {
        subject: Some(list_measurements_request::Subject::PartyId(id)),
        ..ListMeasurementsRequest::default()
    };
    let watch = Stopwatch::start();
    let answer = client.list_measurements(request).await;
    (watch.elapsed(), answer.expect("a page").into_inner().measured.len())
}

/// One page of a list.
pub(crate) async fn list(mut client: Client, request: &ListOrganizationsRequest) -> (Duration, usize) {
    let watch = Stopwatch::start();
    let answer = client.list_organizations(request.clone()).await;
    (
        watch.elapsed(),
        answer.expect("a page").into_inner().organizations.len(),
    )
}
