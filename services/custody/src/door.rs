//! The gRPC door: waits for the position that is asked for, reads the rows, tells why there is no answer.

use std::sync::Arc;

use event::StreamPosition;
use rpc::custody::custody_service_server::CustodyService;
use rpc::custody::{
    FindLotsRequest, FindLotsResponse, FindQuery, GetLineageRequest, GetLineageResponse, GetLotRequest, GetLotResponse,
    GetOriginTableRequest, GetOriginTableResponse, GetOriginsRequest, GetOriginsResponse, GetPartyRequest,
    GetPartyResponse, GetPositionRequest, GetPositionResponse, GetProvenanceRequest, GetProvenanceResponse,
    GetSiteProductionRequest, GetSiteProductionResponse, LineageQuery, ListLotsRequest, ListLotsResponse,
    ListSuspectsRequest, ListSuspectsResponse, LotQuery, LotsQuery, MonthsQuery, OriginsQuery, ProvenanceQuery,
    SuspectsQuery,
};
use rpc::progress::AsOf;
use rpc::view::ViewPosition;
use rpc::{limits, status};
use service::clock::{Clock, SystemClock};
use service::reach::Unreached;
use tokio::sync::watch;
use tonic::{Request, Response, Status};
use views::{Desk, DeskError, Reader, RowsDigest, Snapshot};

use crate::answers::{find, lineage, lot, months, origins, suspects};
use crate::reading::{ReadError, Reading};

/// Requests that read rows at one time; others wait for their turn. Each holds some 16 MiB at most.
pub const READS_MAX: usize = 16;

/// Answers requests from the rows.
#[derive(Clone)]
pub struct Door {
    pub(crate) desk: Desk,
    clock: Arc<dyn Clock>,
    lineage_steps_max: usize,
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
            desk: Desk::new(position, limits::WAIT_MAX, READS_MAX),
            clock,
            lineage_steps_max: limits::LINEAGE_STEPS_MAX,
        }
    }

    /// The same, but for lineages that are refused where they have more transformations than so many.
    #[must_use]
    pub fn with_lineages_up_to(self, steps_max: usize) -> Self {
        Self {
            lineage_steps_max: steps_max,
            ..self
        }
    }

    /// Answers from these rows from now on, here and in all clones. Rows that were given before stay.
    pub fn open(&self, rows: Reader) {
        self.desk.open(rows);
    }

    async fn read<T: Send + 'static>(
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
impl CustodyService for Door {
    async fn get_lot(&self, request: Request<GetLotRequest>) -> Result<Response<GetLotResponse>, Status> {
        let query = LotQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| lot::lot(reading, &query)).await
    }

    async fn list_lots(&self, request: Request<ListLotsRequest>) -> Result<Response<ListLotsResponse>, Status> {
        let query = LotsQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| find::lots(reading, &query)).await
    }

    async fn find_lots(&self, request: Request<FindLotsRequest>) -> Result<Response<FindLotsResponse>, Status> {
        let query = FindQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| find::named(reading, &query))
            .await
    }

    async fn get_lineage(&self, request: Request<GetLineageRequest>) -> Result<Response<GetLineageResponse>, Status> {
        let query = LineageQuery::try_from(request.into_inner())?;
        let steps_max = self.lineage_steps_max;
        self.read(query.as_of, move |reading| lineage::lineage(reading, &query, steps_max))
            .await
    }

    async fn get_origins(&self, request: Request<GetOriginsRequest>) -> Result<Response<GetOriginsResponse>, Status> {
        let query = OriginsQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| origins::origins(reading, &query))
            .await
    }

    async fn get_provenance(
        &self,
        request: Request<GetProvenanceRequest>,
    ) -> Result<Response<GetProvenanceResponse>, Status> {
        let query = ProvenanceQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| origins::provenance(reading, query.lot))
            .await
    }

    async fn get_party(&self, request: Request<GetPartyRequest>) -> Result<Response<GetPartyResponse>, Status> {
        let query = MonthsQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| months::party(reading, &query))
            .await
    }

    async fn get_site_production(
        &self,
        request: Request<GetSiteProductionRequest>,
    ) -> Result<Response<GetSiteProductionResponse>, Status> {
        let query = MonthsQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| months::production(reading, &query))
            .await
    }

    async fn list_suspects(
        &self,
        request: Request<ListSuspectsRequest>,
    ) -> Result<Response<ListSuspectsResponse>, Status> {
        let query = SuspectsQuery::try_from(request.into_inner())?;
        self.read(query.as_of, move |reading| suspects::suspects(reading, &query))
            .await
    }

    async fn get_origin_table(
        &self,
        request: Request<GetOriginTableRequest>,
    ) -> Result<Response<GetOriginTableResponse>, Status> {
        let query: MonthsQuery<event::PartyId> = request.into_inner().try_into()?;
        self.read(query.as_of, move |reading| months::origin_table(reading, &query))
            .await
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
            ReadError::LineageTooLong { .. } => status::too_wide(error),
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
