//! The gRPC door of the log.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use event::{DeploymentId, StatementId, StreamPosition};
use replay::Touched;
use replay::bundle::{Asked, BuildError, Source, build};
use rpc::audit::audit_service_server::AuditService;
use rpc::audit::{
    CheckpointsQuery, ConsistencyQuery, EntriesQuery, EntryProofQuery, FindStatementRequest, FindStatementResponse,
    GetCheckpointRequest, GetCheckpointResponse, GetConsistencyProofRequest, GetConsistencyProofResponse,
    GetEntryProofRequest, GetEntryProofResponse, GetInclusionProofRequest, GetInclusionProofResponse, GetLogRequest,
    GetLogResponse, GetLotProofRequest, GetLotProofResponse, GetPositionRequest, GetPositionResponse,
    GetTimeBracketRequest, GetTimeBracketResponse, InclusionQuery, ListCheckpointsRequest, ListCheckpointsResponse,
    ListEntriesRequest, ListEntriesResponse, ListLotEntriesRequest, ListLotEntriesResponse, LotEntriesQuery, LotEntry,
    LotProofQuery, PublishedCheckpoint, StatementQuery, StreamEntriesRequest, StreamEntriesResponse, TimeBracketQuery,
    hashes_to_wire, lot_proof_messages,
};
use rpc::limits::{CHECKPOINTS_BYTES_MAX, LEAVES_OF_STATEMENT_MAX};
use rpc::view::ViewPosition;
use rpc::{limits, status};
use service::reach::{Unreached, reach};
use tlog::cosignature::CosignTime;
use tlog::note::{Note, Vkey};
use tlog::policy::Policy;
use tlog::proof::TlogProof;
use tlog::tree::{ProofError, prove_consistency, prove_inclusion};
use tlog::{Leaf, LeafIndex, TreeSize};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use views::{Desk, DeskError, Reader, RowsDigest};

use crate::error::NotRead;
use crate::history::HistoryError;
use crate::proofs::{LogAt, Past, ReadError};
use crate::published::{Published, Shared};

/// Messages of one answer that may wait for a slow reader.
const ANSWERS_WAITING_MAX: usize = 4;
/// Requests that read the log at one time; others wait for their turn. Each holds a proof bundle of 64 MiB at most.
pub(crate) const READS_MAX: usize = 16;

/// What is not known before anything is published.
const NO_CHECKPOINT: &str = "the first checkpoint, which is published as soon as something is recorded and the log's witnesses have cosigned it (ask with `at_least_position` 1 to wait for it),";

/// Answers from the rows, the map and the checkpoint, all of one committed position.
#[derive(Clone)]
pub(crate) struct Door {
    /// The log's keys, the one to tell first.
    pub(crate) vkeys: Vec<Vkey>,
    /// By which cosignatures are counted.
    pub(crate) policy: Policy,
    /// Known once it is founded.
    pub(crate) deployment: Arc<OnceLock<DeploymentId>>,
    pub(crate) desk: Desk,
    pub(crate) shared: Arc<Shared>,
}

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

impl Door {
    /// The latest checkpoint, once it covers a position; whoever asks for none is answered at once, before the first with nothing.
    async fn latest(&self, at_least: StreamPosition) -> Result<Option<Arc<Published>>, Status> {
        if at_least == StreamPosition::START {
            return Ok(self.shared.published());
        }
        let covered = |last: &Option<Arc<Published>>| {
            let last = last.as_ref()?;
            Some(StreamPosition::new(last.checkpoint.size.get()))
        };
        let last = reach(&self.shared.watch_published(), at_least, limits::WAIT_MAX, covered).await;
        last.map_err(unreached)
    }

    /// The same for what cannot be answered without one.
    async fn checkpoint(&self, at_least: StreamPosition) -> Result<Arc<Published>, Status> {
        self.latest(at_least)
            .await?
            .ok_or_else(|| status::not_found(NO_CHECKPOINT))
    }

    /// Reads the log with the map standing still: nothing is committed or published meanwhile.
    async fn read<T: Send + 'static>(
        &self,
        at_least: StreamPosition,
        read: impl FnOnce(&LogAt<'_>, &Published) -> Result<T, Status> + Send + 'static,
    ) -> Result<T, Status> {
        self.checkpoint(at_least).await?;
        if !self.shared.is_whole_within(limits::WAIT_MAX).await {
            return Err(status::unavailable("the map under the checkpoint is being rebuilt"));
        }
        let (shared, policy) = (Arc::clone(&self.shared), self.policy.clone());
        let work = move |reader: &Reader| {
            let whole = shared.blocking_read();
            let published = whole.published.as_ref().expect("what is whole is published");
            let rows = reader.read()?;
            let past = Past {
                shared: &shared,
                policy: &policy,
            };
            let log = LogAt::new(&rows, &whole.map, published.checkpoint.size, past);
            Ok::<_, NotRead>(read(&log, published))
        };
        self.desk.beside(work).await?
    }

    /// One message of leaves from `start`, as many as fit; and the size they are part of.
    async fn entries(&self, query: EntriesQuery) -> Result<(Vec<Vec<u8>>, TreeSize), Status> {
        if self.latest(query.at_least).await?.is_none() {
            return Ok((Vec::new(), TreeSize::EMPTY));
        }
        self.read(query.at_least, move |log, published| {
            let size = published.checkpoint.size;
            let mut room = query.room();
            let mut leaves = Vec::new();
            for index in query.start.get()..size.get() {
                let leaf = log.leaf(LeafIndex::new(index)).map_err(|error| unreadable(&error))?;
                if !room.take(&leaf) {
                    break;
                }
                leaves.push(leaf);
            }
            Ok((leaves, size))
        })
        .await
    }

    /// Reads what was published before, which is on the disk.
    async fn past<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Shared) -> Result<T, HistoryError> + Send + 'static,
    ) -> Result<T, Status> {
        let shared = Arc::clone(&self.shared);
        let read = spawn_blocking(move || read(&shared)).await;
        let read = read.map_err(|_| status::unavailable("the log is stopping"))?;
        read.map_err(|error| failed(&error))
    }

    /// The time at which the quorum had cosigned a note, in seconds; 0 where it has not, or none is asked for.
    fn as_of(&self, note: &str) -> u64 {
        let note = Note::parse(note.as_bytes()).ok();
        let cosigned = note.and_then(|note| self.policy.check(&note).ok());
        cosigned.and_then(|cosigned| cosigned.as_of).map_or(0, CosignTime::get)
    }

    async fn send_entries(self, mut query: EntriesQuery, answers: mpsc::Sender<Result<StreamEntriesResponse, Status>>) {
        loop {
            let answer = self.entries(query).await;
            let Ok((leaves, size)) = answer else {
                drop(answers.send(answer.map(|_| StreamEntriesResponse::default())).await);
                return;
            };
            let start_index = query.start.get();
            query.start = LeafIndex::new(start_index + leaves.len() as u64);
            let done = leaves.is_empty() || size.get() <= query.start.get();
            let answer = StreamEntriesResponse {
                start_index,
                leaves,
                tree_size: size.get(),
            };
            if answers.send(Ok(answer)).await.is_err() || done {
                return;
            }
        }
    }
}

/// The leaves that name a lot, as many as are looked at and fit, and where to go on.
fn lot_entries(query: LotEntriesQuery, log: &LogAt<'_>) -> Result<ListLotEntriesResponse, ReadError> {
    let key = Touched::lot(query.lot).key();
    let mut answer = ListLotEntriesResponse::default();
    let mut room = query.entries.room();
    let indexes = log.indexes_from(&key, query.entries.start, query.entries.count_max + 1)?;
    for (looked_at, index) in indexes.into_iter().enumerate() {
        let leaf = log.leaf(index)?;
        // What cannot be read is not left out: whoever asks sees what it is.
        let is_wanted = !query.only_refused || Leaf::parse(&leaf).map_or(true, |leaf| leaf.verdict != 0);
        if looked_at == query.entries.count_max || is_wanted && !room.take(&leaf) {
            answer.next_index = index.get();
            break;
        }
        if is_wanted {
            answer.entries.push(LotEntry {
                leaf_index: index.get(),
                leaf,
            });
        }
    }
    Ok(answer)
}

/// Where a statement stands: first the leaf with which it was admitted, then the others.
fn statement_at(statement: StatementId, log: &LogAt<'_>) -> Result<FindStatementResponse, Status> {
    let unreadable = |error| unreadable(&error);
    let mut indexes = log.indexes_of(statement, LEAVES_OF_STATEMENT_MAX).map_err(unreadable)?;
    if indexes.is_empty() {
        return Err(status::not_found(format_args!(
            "a statement {statement} under the latest checkpoint"
        )));
    }
    let mut first = 0;
    for (at, index) in indexes.iter().enumerate() {
        let leaf = log.leaf(*index).map_err(unreadable)?;
        if Leaf::parse(&leaf).is_ok_and(|leaf| leaf.verdict == 0) {
            first = at;
            break;
        }
    }
    let leaf_index = indexes.remove(first).get();
    Ok(FindStatementResponse {
        leaf_index,
        other_leaf_indexes: indexes.into_iter().map(LeafIndex::get).collect(),
        tree_size: 0,
    })
}

#[tonic::async_trait]
impl AuditService for Door {
    type StreamEntriesStream = Answers<StreamEntriesResponse>;
    type GetLotProofStream = Answers<GetLotProofResponse>;

    async fn get_log(&self, _request: Request<GetLogRequest>) -> Result<Response<GetLogResponse>, Status> {
        let (first, others) = self.vkeys.split_first().expect("a log has a key");
        Ok(Response::new(GetLogResponse {
            origin: first.name().to_string(),
            vkey: first.to_string(),
            deployment_id: self.deployment.get().map(ToString::to_string).unwrap_or_default(),
            other_vkeys: others.iter().map(ToString::to_string).collect(),
            read_only: self.shared.read_only().as_deref().unwrap_or_default().to_owned(),
        }))
    }

    async fn get_checkpoint(
        &self,
        request: Request<GetCheckpointRequest>,
    ) -> Result<Response<GetCheckpointResponse>, Status> {
        let at_least = rpc::read::position(request.into_inner().at_least_position)?;
        let published = self.checkpoint(at_least).await?;
        Ok(Response::new(GetCheckpointResponse {
            checkpoint_note: published.note.clone().into_bytes(),
            tree_size: published.checkpoint.size.get(),
            root: published.checkpoint.root.as_bytes().to_vec(),
            as_of: published.as_of.map_or(0, CosignTime::get),
        }))
    }

    async fn get_inclusion_proof(
        &self,
        request: Request<GetInclusionProofRequest>,
    ) -> Result<Response<GetInclusionProofResponse>, Status> {
        let query = InclusionQuery::try_from(request.into_inner())?;
        self.read(query.at_least, move |log, published| {
            let size = signed_size(query.size, published)?;
            let proof = prove_inclusion(query.leaf, size, log).map_err(not_proved)?;
            Ok(Response::new(GetInclusionProofResponse {
                tree_size: size.get(),
                hashes: hashes_to_wire(&proof.hashes),
                leaf: log.leaf(query.leaf).map_err(|error| unreadable(&error))?,
                checkpoint_note: published.note.clone().into_bytes(),
            }))
        })
        .await
    }

    async fn get_consistency_proof(
        &self,
        request: Request<GetConsistencyProofRequest>,
    ) -> Result<Response<GetConsistencyProofResponse>, Status> {
        let query = ConsistencyQuery::try_from(request.into_inner())?;
        self.read(query.at_least, move |log, published| {
            let size = signed_size(query.new, published)?;
            let proof = prove_consistency(query.old, size, log).map_err(not_proved)?;
            Ok(Response::new(GetConsistencyProofResponse {
                new_tree_size: size.get(),
                hashes: hashes_to_wire(&proof.hashes),
                checkpoint_note: published.note.clone().into_bytes(),
            }))
        })
        .await
    }

    async fn list_entries(
        &self,
        request: Request<ListEntriesRequest>,
    ) -> Result<Response<ListEntriesResponse>, Status> {
        let (leaves, size) = self.entries(request.into_inner().try_into()?).await?;
        Ok(Response::new(ListEntriesResponse {
            leaves,
            tree_size: size.get(),
        }))
    }

    async fn stream_entries(
        &self,
        request: Request<StreamEntriesRequest>,
    ) -> Result<Response<Self::StreamEntriesStream>, Status> {
        let query = EntriesQuery::try_from(request.into_inner())?;
        let (sender, answers) = mpsc::channel(ANSWERS_WAITING_MAX);
        tokio::spawn(self.clone().send_entries(query, sender));
        Ok(Response::new(Box::pin(ReceiverStream::new(answers))))
    }

    async fn list_lot_entries(
        &self,
        request: Request<ListLotEntriesRequest>,
    ) -> Result<Response<ListLotEntriesResponse>, Status> {
        let query = LotEntriesQuery::try_from(request.into_inner())?;
        if self.latest(query.entries.at_least).await?.is_none() {
            return Ok(Response::new(ListLotEntriesResponse::default()));
        }
        self.read(query.entries.at_least, move |log, published| {
            let answer = lot_entries(query, log).map_err(|error| unreadable(&error))?;
            Ok(Response::new(ListLotEntriesResponse {
                tree_size: published.checkpoint.size.get(),
                ..answer
            }))
        })
        .await
    }

    async fn find_statement(
        &self,
        request: Request<FindStatementRequest>,
    ) -> Result<Response<FindStatementResponse>, Status> {
        let query = StatementQuery::try_from(request.into_inner())?;
        self.read(query.at_least, move |log, published| {
            Ok(Response::new(FindStatementResponse {
                tree_size: published.checkpoint.size.get(),
                ..statement_at(query.statement, log)?
            }))
        })
        .await
    }

    async fn get_lot_proof(
        &self,
        request: Request<GetLotProofRequest>,
    ) -> Result<Response<Self::GetLotProofStream>, Status> {
        let query = LotProofQuery::try_from(request.into_inner())?;
        let deployment = Arc::clone(&self.deployment);
        let not_founded = || status::unavailable("no deployment is founded yet");
        let bundle = self
            .read(query.at_least, move |log, published| {
                let deployment = *deployment.get().ok_or_else(not_founded)?;
                let asked = Asked {
                    lot: query.lot,
                    depth: query.depth,
                    times: query.times,
                };
                let published = replay::bundle::Published {
                    note: published.note.clone(),
                    size: published.checkpoint.size,
                };
                build(asked, deployment, &published, log).map_err(|error| not_built(&error))
            })
            .await?;
        let messages: Vec<_> = lot_proof_messages(&bundle).map(Ok).collect();
        Ok(Response::new(Box::pin(tokio_stream::iter(messages))))
    }

    async fn get_entry_proof(
        &self,
        request: Request<GetEntryProofRequest>,
    ) -> Result<Response<GetEntryProofResponse>, Status> {
        let query = EntryProofQuery::try_from(request.into_inner())?;
        self.read(query.at_least, move |log, published| {
            let inclusion = prove_inclusion(query.leaf, published.checkpoint.size, log).map_err(not_proved)?;
            let leaf = log.leaf(query.leaf).map_err(|error| unreadable(&error))?;
            let checkpoint = Note::parse(published.note.as_bytes()).map_err(|error| failed(&error))?;
            let proof = TlogProof {
                extra: None,
                index: query.leaf,
                inclusion,
                checkpoint,
            };
            let tlog_proof = proof.encode().map_err(|error| failed(&error))?;
            Ok(Response::new(GetEntryProofResponse { tlog_proof, leaf }))
        })
        .await
    }

    async fn get_time_bracket(
        &self,
        request: Request<GetTimeBracketRequest>,
    ) -> Result<Response<GetTimeBracketResponse>, Status> {
        let query = TimeBracketQuery::try_from(request.into_inner())?;
        self.checkpoint(query.at_least).await?;
        let bracket = self.past(move |shared| shared.history().bracket(query.leaf)).await?;
        let bracket =
            bracket.ok_or_else(|| status::not_found(format_args!("a checkpoint with leaf {}", query.leaf)))?;
        let excluding = bracket.excluding.unwrap_or_default();
        Ok(Response::new(GetTimeBracketResponse {
            not_before: self.as_of(&excluding),
            excluding_note: excluding.into_bytes(),
            not_after: self.as_of(&bracket.including),
            including_note: bracket.including.into_bytes(),
        }))
    }

    async fn list_checkpoints(
        &self,
        request: Request<ListCheckpointsRequest>,
    ) -> Result<Response<ListCheckpointsResponse>, Status> {
        let query = CheckpointsQuery::try_from(request.into_inner())?;
        let listed = self.past(move |shared| {
            let history = shared.history();
            let mut listed = ListCheckpointsResponse::default();
            let (mut next, mut bytes) = (history.from(query.start)?, 0);
            while let Some(of_size) = next {
                bytes += of_size.first.len() + of_size.freshest.as_ref().map_or(0, String::len);
                if listed.checkpoints.len() == query.count_max || CHECKPOINTS_BYTES_MAX < bytes {
                    listed.next_tree_size = of_size.size.get();
                    break;
                }
                next = history.from(of_size.size.next_index().size_with())?;
                listed.checkpoints.push(PublishedCheckpoint {
                    tree_size: of_size.size.get(),
                    first_note: of_size.first.into_bytes(),
                    freshest_note: of_size.freshest.map(String::into_bytes).unwrap_or_default(),
                });
            }
            Ok(listed)
        });
        Ok(Response::new(listed.await?))
    }

    async fn get_position(
        &self,
        request: Request<GetPositionRequest>,
    ) -> Result<Response<GetPositionResponse>, Status> {
        let request = request.into_inner();
        let at_least = rpc::read::position(request.at_least_position)?;
        let published = self.latest(at_least).await?;
        let counted = self.desk.count::<NotRead>(at_least, request.with_digest).await?;
        let digest = counted.digest.as_ref().map(RowsDigest::as_bytes);
        let view = ViewPosition::new(counted.position, digest, counted.rows);
        Ok(Response::new(GetPositionResponse {
            view: Some(view),
            published_tree_size: published.map_or(0, |last| last.checkpoint.size.get()),
        }))
    }
}

impl From<NotRead> for Status {
    fn from(error: NotRead) -> Self {
        match error {
            NotRead::Desk(DeskError::Unreached(why)) => unreached(why),
            NotRead::Desk(why @ DeskError::NotOpen) => status::unavailable(why),
            NotRead::Behind => status::unavailable(error),
            NotRead::Desk(DeskError::BrokenOff) | NotRead::Store(_) | NotRead::Lacking(_) => failed(&error),
        }
    }
}

fn unreached(why: Unreached) -> Status {
    match why {
        Unreached::Late { wanted, reached } => status::not_reached(wanted, reached),
        Unreached::Stopping => status::unavailable("the log is stopping"),
    }
}

/// Proofs lead to sizes that are under the published checkpoint, and to none beyond.
fn signed_size(asked: Option<TreeSize>, published: &Published) -> Result<TreeSize, Status> {
    let last = published.checkpoint.size;
    match asked {
        Some(asked) if last < asked => Err(status::not_found(format_args!(
            "a tree of {asked} leaves; it has {last}"
        ))),
        asked => Ok(asked.unwrap_or(last)),
    }
}

fn not_proved(error: ProofError) -> Status {
    if matches!(error, ProofError::MissingNode { .. }) {
        return failed(&error);
    }
    status::not_found(format_args!("a proof: {error}"))
}

fn not_built(error: &BuildError<ReadError>) -> Status {
    match error {
        BuildError::NoSuchLot => status::not_found(format_args!("a proof: {error}")),
        BuildError::TooLarge | BuildError::TooManyTimes => status::too_wide(error),
        BuildError::Tree(_) | BuildError::Grown(_) | BuildError::Map(_) | BuildError::Source(_) => failed(error),
    }
}

fn unreadable(error: &ReadError) -> Status {
    failed(error)
}

fn failed(error: &impl core::fmt::Display) -> Status {
    tracing::error!(%error, "The log could not be read: {error}");
    status::internal()
}

#[cfg(test)]
mod tests {
    use tonic::Code;

    use super::*;

    #[test]
    fn a_bundle_that_would_be_too_long_is_not_called_unknown() {
        for (error, code) in [
            (BuildError::NoSuchLot, Code::NotFound),
            (BuildError::TooLarge, Code::OutOfRange),
            (BuildError::TooManyTimes, Code::OutOfRange),
        ] {
            let status = not_built(&error);
            assert_eq!(status.code(), code, "{error}");
            assert!(status.message().contains(&error.to_string()), "{status:?}");
        }
    }
}
