//! The gRPC door of ingest: verifies what comes in, hands it to the sequencer, and tells what became of it.

use std::pin::{Pin, pin};
use std::time::Duration;

use event::{DeploymentId, SignedStatement, StreamPosition, VerifiedStatement, VerifyError};
use futures_util::{FutureExt, Stream, StreamExt, stream};
use ledger::Refusal;
use rpc::ingest::ingest_service_server::IngestService;
use rpc::ingest::{
    Denial, GetDeploymentRequest, GetDeploymentResponse, GetKeyRequest, GetKeyResponse, KeyQuery, Outcome as Told,
    Recorded, SubmitManyRequest, SubmitManyResponse, SubmitRequest, SubmitResponse,
};
use rpc::{limits, status};
use service::parallel;
use service::reach::{Unreached, reach};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use crate::lanes::Entries;
use crate::metrics::Metrics;
use crate::receipts::Receipt;
use crate::sequencer::{Claim, Inquiry, Line, NotRecorded, Outcome, Present, Submission};

/// How long a submitter waits before it is told that the outcome is unknown: longer than an append may take.
pub const SUBMIT_WAIT: Duration = Duration::from_secs(30);
/// Statements of one stream whose signatures are verified at a time: enough for every core, few enough to wait for.
pub const VERIFY_BATCH_MAX: usize = 256;
/// Of these, so many together: encoding their points costs next to nothing then, and every core has its share.
const VERIFY_TOGETHER_MAX: usize = 32;
/// Batches of one stream that are verified at a time: one is read from the wire while every core is busy with another.
pub const VERIFY_BATCHES_MAX: usize = 2;
/// Statements of one stream that wait for their outcome: two of the sequencer's batches under way and two behind them.
pub const OUTCOMES_WAITING_MAX: usize = 4_096;

#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) entries: Entries,
    pub(crate) inquiries: mpsc::Sender<Inquiry>,
    /// Told by the sequencer after every batch.
    pub(crate) present: watch::Receiver<Present>,
    pub(crate) metrics: Metrics,
}

/// What one statement of a stream waits for.
enum Waiting {
    Outcome(oneshot::Receiver<Outcome>),
    Refused(Denial),
}

impl Door {
    fn deployment(&self) -> Option<DeploymentId> {
        self.present.borrow().deployment
    }

    /// Waits for room in the queue: a stream is slowed down, not refused.
    async fn queue(&self, claim: Claim, line: &Line) -> Result<oneshot::Receiver<Outcome>, Status> {
        let (outcome, waiting) = oneshot::channel();
        let line = line.clone();
        let queued = self.entries.streamed.send(Submission { claim, line, outcome }).await;
        queued.map_err(|_| stopping())?;
        Ok(waiting)
    }

    /// Queues a stream's statements in their order, while those behind them are verified.
    async fn take_all(self, requests: Streaming<SubmitManyRequest>, waiting: mpsc::Sender<Result<Waiting, Status>>) {
        let line = Line::default();
        let mut batches = pin!(self.read_all(requests));
        loop {
            let next = tokio::select! {
                () = self.entries.streamed.closed() => return drop(waiting.send(Err(stopping())).await),
                next = batches.next() => next,
            };
            let Some((read, broken)) = next else { return };
            for claim in read {
                let next = match claim {
                    Ok(claim) => self.queue(claim, &line).await.map(Waiting::Outcome),
                    Err(error) => {
                        self.metrics.malformed();
                        Ok(Waiting::Refused(Refusal::from(error).into()))
                    }
                };
                let stop = next.is_err();
                if waiting.send(next).await.is_err() || stop {
                    return;
                }
            }
            if let Some(error) = broken {
                return drop(waiting.send(Err(error)).await);
            }
        }
    }

    /// Verifies a stream's statements in batches on all cores; with the last one, how the stream broke, if it did.
    fn read_all(
        &self,
        requests: Streaming<SubmitManyRequest>,
    ) -> impl Stream<Item = (Vec<Result<Claim, VerifyError>>, Option<Status>)> {
        let batches = stream::unfold(Some(requests), |requests| async {
            let mut requests = requests?;
            Some(match next_batch(&mut requests).await {
                (batch, None) => ((batch, None), Some(requests)),
                (batch, Some(end)) => ((batch, end.err()), None),
            })
        });
        let verified = batches.map(|(batch, broken)| {
            let (deployment, under_way) = (self.deployment(), self.entries.verifying.begin());
            async move {
                let verify = move |together: Vec<_>| read_all(&together, deployment);
                let read = parallel::map_all_beside(split(batch), verify).await;
                drop(under_way);
                (read.into_iter().flatten().collect(), broken)
            }
        });
        verified.buffered(VERIFY_BATCHES_MAX)
    }

    /// Waits until the state has reached a position, and the stream was read to its end. Who names no position does not wait.
    async fn reached(&self, at_least: StreamPosition) -> Result<Present, Status> {
        let position =
            |present: &Present| (present.is_whole || at_least == StreamPosition::START).then_some(present.position);
        let reached = reach(&self.present, at_least, limits::WAIT_MAX, position).await;
        reached.map_err(|why| match why {
            Unreached::Late { .. } if !self.present.borrow().is_whole => reading(),
            Unreached::Late { wanted, reached } => status::not_reached(wanted, reached),
            Unreached::Stopping => stopping(),
        })
    }
}

#[tonic::async_trait]
impl IngestService for Door {
    type SubmitManyStream = Pin<Box<dyn Stream<Item = Result<SubmitManyResponse, Status>> + Send>>;

    async fn submit(&self, request: Request<SubmitRequest>) -> Result<Response<SubmitResponse>, Status> {
        let mut read = read_all(&[request.into_inner().statement], self.deployment());
        let claim = read.pop().expect("one for the one").map_err(|error| {
            self.metrics.malformed();
            status::refused(Refusal::from(error))
        })?;
        let (outcome, waiting) = oneshot::channel();
        let line = Line::default();
        let queued = self.entries.alone.try_send(Submission { claim, line, outcome });
        queued.map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => status::overloaded(),
            mpsc::error::TrySendError::Closed(_) => stopping(),
        })?;
        match outcome_of(waiting).await {
            Ok(receipt) => Ok(Response::new(recorded(receipt).into())),
            Err(NotRecorded::Refused(refusal)) => Err(status::refused(refusal)),
            Err(NotRecorded::Unknown) => Err(status::outcome_unknown()),
        }
    }

    async fn submit_many(
        &self,
        request: Request<Streaming<SubmitManyRequest>>,
    ) -> Result<Response<Self::SubmitManyStream>, Status> {
        let (waiting, outcomes) = mpsc::channel(OUTCOMES_WAITING_MAX);
        tokio::spawn(self.clone().take_all(request.into_inner(), waiting));
        let told = ReceiverStream::new(outcomes)
            .then(tell)
            .enumerate()
            .map(|(index, told)| {
                let result = told?;
                let index = u64::try_from(index).map_err(|_| status::internal())?;
                Ok(Told { index, result }.into())
            });
        Ok(Response::new(Box::pin(told)))
    }

    async fn get_deployment(
        &self,
        request: Request<GetDeploymentRequest>,
    ) -> Result<Response<GetDeploymentResponse>, Status> {
        let present = self
            .reached(rpc::read::position(request.into_inner().at_least_position)?)
            .await?;
        if !present.is_whole {
            return Err(reading());
        }
        Ok(Response::new(GetDeploymentResponse {
            deployment_id: present.deployment.map(|id| id.to_string()).unwrap_or_default(),
            position: present.position.get(),
            latest_admitted_at_unix_ms: present.deployment.map(|_| present.clock.unix_ms()),
        }))
    }

    async fn get_key(&self, request: Request<GetKeyRequest>) -> Result<Response<GetKeyResponse>, Status> {
        let query = KeyQuery::try_from(request.into_inner())?;
        self.reached(query.at_least).await?;
        let (reply, answer) = oneshot::channel();
        let asked = self.inquiries.send(Inquiry { key: query.key, reply }).await;
        asked.map_err(|_| stopping())?;
        let (position, key) = answer.await.map_err(|_| stopping())?;
        let key = key.ok_or_else(|| status::not_found(format_args!("the key {}: it is not authorized", query.key)))?;
        Ok(Response::new(GetKeyResponse {
            party_id: key.party.to_string(),
            last_number: key.number,
            revoked: key.revoked.is_some(),
            position: position.get(),
        }))
    }
}

/// A batch in the portions that are verified together.
fn split(batch: Vec<Vec<u8>>) -> Vec<Vec<Vec<u8>>> {
    let count = batch.len().div_ceil(VERIFY_TOGETHER_MAX);
    let mut rest = batch.into_iter();
    (0..count)
        .map(|_| rest.by_ref().take(VERIFY_TOGETHER_MAX).collect())
        .collect()
}

/// The statements that are there, at least one; and whether and how the stream ended behind them.
async fn next_batch(requests: &mut Streaming<SubmitManyRequest>) -> (Vec<Vec<u8>>, Option<Result<(), Status>>) {
    let mut batch = Vec::new();
    let mut next = requests.message().await;
    loop {
        match next {
            Ok(Some(request)) => batch.push(request.statement),
            Ok(None) => return (batch, Some(Ok(()))),
            Err(error) => return (batch, Some(Err(error))),
        }
        if batch.len() == VERIFY_BATCH_MAX {
            return (batch, None);
        }
        next = match requests.message().now_or_never() {
            Some(next) => next,
            None => return (batch, None),
        };
    }
}

/// Reads statements and verifies them together, as far as that can be done out of turn.
fn read_all(batch: &[Vec<u8>], deployment: Option<DeploymentId>) -> Vec<Result<Claim, VerifyError>> {
    let Some(deployment) = deployment else {
        return batch.iter().map(|bytes| read_early(bytes)).collect();
    };
    let mut statements = Vec::with_capacity(batch.len());
    let mut decode = |bytes: &Vec<u8>| SignedStatement::decode(bytes).map(|statement| statements.push(statement));
    let decoded: Vec<_> = batch.iter().map(&mut decode).collect();
    let mut verified = SignedStatement::verify_all(statements, deployment).into_iter();
    let read = batch.iter().zip(decoded).map(|(bytes, decoded)| {
        decoded?;
        let verified = match verified.next().expect("one for each statement") {
            Err(VerifyError::BadSignature) => read_founding(bytes, deployment),
            verified => verified,
        };
        Ok(Claim::Verified(Box::new(verified?)))
    });
    read.collect()
}

/// The founding statement is signed for no deployment: submitted again, it has its receipt too.
fn read_founding(bytes: &[u8], deployment: DeploymentId) -> Result<VerifiedStatement, VerifyError> {
    let statement = SignedStatement::decode(bytes)?;
    if statement.id(DeploymentId::FOUNDING).as_bytes() != deployment.as_bytes() {
        return Err(VerifyError::BadSignature);
    }
    statement.verify(DeploymentId::FOUNDING)
}

/// Before the founding is known here, another writer may have written it, or it may wait in the queue: a signature is
/// refused only after that.
fn read_early(bytes: &[u8]) -> Result<Claim, VerifyError> {
    let statement = SignedStatement::decode(bytes)?;
    match statement.clone().verify(DeploymentId::FOUNDING) {
        Ok(verified) => Ok(Claim::Verified(Box::new(verified))),
        Err(VerifyError::BadSignature) => Ok(Claim::Early(Box::new(statement))),
        Err(error) => Err(error),
    }
}

fn reading() -> Status {
    status::unavailable("ingest is reading the stream")
}

fn stopping() -> Status {
    status::unavailable("ingest is stopping")
}

async fn outcome_of(waiting: oneshot::Receiver<Outcome>) -> Outcome {
    // No word in time, or the sequencer ended: what became of it is not known here.
    timeout(SUBMIT_WAIT, waiting)
        .await
        .unwrap_or(Ok(Err(NotRecorded::Unknown)))
        .unwrap_or(Err(NotRecorded::Unknown))
}

/// A stream ends with the first unknown outcome: what follows may rest on it.
async fn tell(waiting: Result<Waiting, Status>) -> Result<Result<Recorded, Denial>, Status> {
    let outcome = match waiting? {
        Waiting::Refused(refusal) => return Ok(Err(refusal)),
        Waiting::Outcome(waiting) => outcome_of(waiting).await,
    };
    match outcome {
        Ok(receipt) => Ok(Ok(recorded(receipt))),
        Err(NotRecorded::Refused(refusal)) => Ok(Err(refusal)),
        Err(NotRecorded::Unknown) => Err(status::outcome_unknown()),
    }
}

fn recorded(receipt: Receipt) -> Recorded {
    Recorded {
        position: receipt.position,
        statement: receipt.statement,
        admitted_at: receipt.admitted_at,
    }
}
