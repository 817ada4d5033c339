//! The gRPC door: waits for the position that is asked for, reads the rows, tells why there is no answer.

use std::sync::Arc;

use event::StreamPosition;
use rpc::progress::progress_service_server::ProgressService;
use rpc::progress::{
    AnswersQuery, AsOf, AssessmentsQuery, ChangesQuery, CompareOrganizationsRequest, CompareOrganizationsResponse,
    ComparisonQuery, ConductQuery, GetOrganizationRequest, GetOrganizationResponse, GetPositionRequest,
    GetPositionResponse, GetSiteRequest, GetSiteResponse, GetStandingsRequest, GetStandingsResponse,
    ListAnswersRequest, ListAnswersResponse, ListAssessmentsRequest, ListAssessmentsResponse, ListCataloguesRequest,
    ListCataloguesResponse, ListIncidentsRequest, ListIncidentsResponse, ListMeasurementsRequest,
    ListMeasurementsResponse, ListOrganizationsRequest, ListOrganizationsResponse, ListPlansRequest, ListPlansResponse,
    ListSitesRequest, ListSitesResponse, MeasurementsQuery, OrganizationQuery, OrganizationsQuery, SiteQuery,
    SitesQuery, StandingsQuery, WatchChangesRequest,
};
use rpc::view::ViewPosition;
use rpc::{ReadAt, limits, status};
use service::clock::{Clock, SystemClock};
use service::reach::Unreached;
use tokio::sync::watch;
use tonic::{Request, Response, Status};
use views::{Desk, DeskError, Reader, RowsDigest, Snapshot};

use crate::answers::{self, compare, conduct, history, list, standings};
use crate::heads::Kept;
use crate::reading::{ReadError, Reading};
use crate::watching::{Changes, Watching};

/// Requests that read rows at one time; others wait for their turn. Each holds some 16 MiB at most.
pub const READS_MAX: usize = 16;

/// Answers requests from the rows.
#[derive(Clone)]
pub struct Door {
    pub(crate) desk: Desk,
    clock: Arc<dyn Clock>,
    /// What lists are filtered and sorted by.
    heads: Kept,
    watching: Watching,
}

impl Door {
    /// Without rows yet: until [`Door::open`], whoever asks is told to try again. `position` says how far the rows are.
    #[must_use]
    pub fn new(position: watch::Receiver<StreamPosition>) -> Self {
        Self::with_clock(position, Arc::new(SystemClock))
    }

    /// The same, by another clock than the machine's.
    #[must_use]
    pub fn with_clock(position: watch::Receiver<StreamPosition>, clock: Arc<dyn Clock>) -> Self {
        Self {
            watching: Watching::new(position.clone()),
            desk: Desk::new(position, limits::WAIT_MAX, READS_MAX),
            clock,
            heads: Kept::default(),
        }
    }

    /// Answers from these rows from now on, here and in all clones. Rows that were given before stay.
    pub fn open(&self, rows: Reader) {
        self.desk.open(rows);
    }

    /// The present, once a position is reached.
    const fn present(at_least: StreamPosition) -> AsOf {
        let at = ReadAt { as_of: None, at_least };
        AsOf { at, instant: None }
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        as_of: AsOf,
        answer: impl FnOnce(&mut Reading<'_>) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<Response<T>, Status> {
        let clock = Arc::clone(&self.clock);
        let read = move |rows: &Snapshot<'_>| answer(&mut Reading::new(rows, as_of, clock.now())?);
        let answered = self.desk.read(as_of.at.as_of, as_of.at.wait_for(), read).await?;
        Ok(Response::new(answered))
    }
}

#[tonic::async_trait]
impl ProgressService for Door {
    type WatchChangesStream = Changes;

    async fn get_site(&self, request: Request<GetSiteRequest>) -> Result<Response<GetSiteResponse>, Status> {
        let query = SiteQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| answers::site(reading, query))
            .await
    }

    async fn list_sites(&self, request: Request<ListSitesRequest>) -> Result<Response<ListSitesResponse>, Status> {
        let query = SitesQuery::try_from(request.into_inner())?;
        let heads = self.heads.clone();
        self.read(query.as_of, move |reading| answers::sites(reading, &heads, &query))
            .await
    }

    async fn get_organization(
        &self,
        request: Request<GetOrganizationRequest>,
    ) -> Result<Response<GetOrganizationResponse>, Status> {
        let query = OrganizationQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| answers::organization(reading, query))
            .await
    }

    async fn list_organizations(
        &self,
        request: Request<ListOrganizationsRequest>,
    ) -> Result<Response<ListOrganizationsResponse>, Status> {
        let query = OrganizationsQuery::try_from(request.into_inner())?;
        let heads = self.heads.clone();
        self.read(query.as_of, move |reading| list::organizations(reading, &heads, &query))
            .await
    }

    async fn list_assessments(
        &self,
        request: Request<ListAssessmentsRequest>,
    ) -> Result<Response<ListAssessmentsResponse>, Status> {
        let query = AssessmentsQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| history::assessments(reading, &query))
            .await
    }

    async fn list_answers(
        &self,
        request: Request<ListAnswersRequest>,
    ) -> Result<Response<ListAnswersResponse>, Status> {
        let query = AnswersQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| history::answers(reading, &query))
            .await
    }

    async fn list_measurements(
        &self,
        request: Request<ListMeasurementsRequest>,
    ) -> Result<Response<ListMeasurementsResponse>, Status> {
        let query = MeasurementsQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| history::measured(reading, &query))
            .await
    }

    async fn list_plans(&self, request: Request<ListPlansRequest>) -> Result<Response<ListPlansResponse>, Status> {
        let query = ConductQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| conduct::plans(reading, &query))
            .await
    }

    async fn list_incidents(
        &self,
        request: Request<ListIncidentsRequest>,
    ) -> Result<Response<ListIncidentsResponse>, Status> {
        let query = ConductQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| conduct::incidents(reading, &query))
            .await
    }

    async fn compare_organizations(
        &self,
        request: Request<CompareOrganizationsRequest>,
    ) -> Result<Response<CompareOrganizationsResponse>, Status> {
        let query = ComparisonQuery::try_from(request.into_inner())?;
        let both = query.left.as_of.at.wait_for().max(query.right.as_of.at.wait_for());
        self.read(Door::present(both), move |reading| compare::compare(reading, &query))
            .await
    }

    async fn get_standings(
        &self,
        request: Request<GetStandingsRequest>,
    ) -> Result<Response<GetStandingsResponse>, Status> {
        let query = StandingsQuery::try_from(request.into_inner())?;
        let all = query.asked.iter().map(|asked| asked.as_of.at.wait_for()).max();
        let present = Door::present(all.unwrap_or_default());
        self.read(present, move |reading| standings::standings(reading, &query))
            .await
    }

    async fn list_catalogues(
        &self,
        request: Request<ListCataloguesRequest>,
    ) -> Result<Response<ListCataloguesResponse>, Status> {
        let as_of = AsOf::try_from(request.into_inner())?;
        self.read(as_of, answers::catalogues).await
    }

    async fn watch_changes(
        &self,
        request: Request<WatchChangesRequest>,
    ) -> Result<Response<Self::WatchChangesStream>, Status> {
        let query = ChangesQuery::try_from(request.into_inner())?;
        Ok(Response::new(self.watching.begin(self.clone(), query).await?))
    }

    async fn get_position(
        &self,
        request: Request<GetPositionRequest>,
    ) -> Result<Response<GetPositionResponse>, Status> {
        let request = request.into_inner();
        let at_least = rpc::read::position(request.at_least_position)?;
        let counted = self.desk.count::<ReadError>(at_least, request.with_digest).await?;
        let digest = counted.digest.as_ref().map(RowsDigest::as_bytes);
        let view = ViewPosition::new(counted.position, digest, counted.rows);
        Ok(Response::new(GetPositionResponse { view: Some(view) }))
    }
}

impl From<ReadError> for Status {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NotFound(what) => status::not_found(what),
            ReadError::Invalid(invalid) => invalid.into(),
            ReadError::Desk(DeskError::Unreached(Unreached::Late { wanted, reached })) => {
                status::not_reached(wanted, reached)
            }
            ReadError::Desk(why @ (DeskError::Unreached(Unreached::Stopping) | DeskError::NotOpen)) => {
                status::unavailable(why)
            }
            ReadError::Desk(DeskError::BrokenOff) | ReadError::Store(_) | ReadError::Row(_) => {
                tracing::error!(%error, "The rows could not be read: {error}");
                status::internal()
            }
        }
    }
}
