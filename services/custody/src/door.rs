//! The gRPC door: waits for the position that is asked for, reads the rows, tells why there is no answer.

use event::StreamPosition;
use rpc::custody::custody_service_server::CustodyService;
use rpc::custody::{
    GetLotRequest, GetLotResponse, GetPositionRequest, GetPositionResponse, ListLotsRequest, ListLotsResponse,
    LotQuery, LotsQuery,
};
use rpc::view::ViewPosition;
use rpc::{ReadAt, limits, status};
use service::reach::Unreached;
use tokio::sync::watch;
use tonic::{Request, Response, Status};
use views::{Desk, DeskError, Reader, RowsDigest, Snapshot};

use crate::answers;
use crate::reading::{ReadError, Reading};

/// Requests that read rows at one time; others wait for their turn. Each holds some 8 MiB at most.
pub const READS_MAX: usize = 16;

/// Answers requests from the rows.
#[derive(Clone)]
pub struct Door {
    pub(crate) desk: Desk,
}

impl Door {
    /// Without rows yet: until [`Door::open`], whoever asks is told to try again. `position` says how far the rows are.
    #[must_use]
    pub fn new(position: watch::Receiver<StreamPosition>) -> Self {
        Self {
            desk: Desk::new(position, limits::WAIT_MAX, READS_MAX),
        }
    }

    /// Answers from these rows from now on, here and in all clones. Rows that were given before stay.
    pub fn open(&self, rows: Reader) {
        self.desk.open(rows);
    }

    async fn read<T: Send + 'static>(
        &self,
        at: ReadAt,
        answer: impl FnOnce(&Reading<'_>) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<Response<T>, Status> {
        let read = move |rows: &Snapshot<'_>| answer(&Reading::new(rows, at.as_of.unwrap_or(rows.cursor())));
        Ok(Response::new(self.desk.read(at.wait_for(), read).await?))
    }
}

#[tonic::async_trait]
impl CustodyService for Door {
    async fn get_lot(&self, request: Request<GetLotRequest>) -> Result<Response<GetLotResponse>, Status> {
        let query = LotQuery::try_from(request.into_inner())?;
        self.read(query.at, move |reading| answers::lot(reading, &query)).await
    }

    async fn list_lots(&self, request: Request<ListLotsRequest>) -> Result<Response<ListLotsResponse>, Status> {
        let query = LotsQuery::try_from(request.into_inner())?;
        self.read(query.at, move |reading| answers::lots(reading, &query)).await
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
