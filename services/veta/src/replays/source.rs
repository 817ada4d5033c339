//! Where the entries of a replay come from.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use event::units::StreamPosition;
use journal::jetstream::{JetStreamFollower, JetStreamJournal};
use journal::{Follower, Journal, JournalConfig, Role};
use remote::http::HttpError;
use remote::log::{Address, Entries, LogError, RemoteLog};
use rpc::audit::audit_service_client::AuditServiceClient;
use rpc::audit::{GetLogRequest, StreamEntriesRequest, StreamEntriesResponse};
use tlog::note::Vkey;
use tlog::tree::TreeSize;
use tlog::{Checkpoint, LeafIndex};
use tonic::Streaming;
use tonic::transport::Channel;

use super::course::Given;
use super::export::Export;
use crate::trouble::{Done, Trouble};

/// Entries taken at a time: enough to keep all cores busy while those before them are decided.
const BATCH_MIN: usize = 1_000;

/// What a gRPC audit service is told apart by from the same service's tiles: both are `http://`.
const GRPC: &str = "grpc+";

/// Where a log, or the stream behind it, can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Its tiles: `http://…`, `https://…`, a directory.
    Tiles(Address),
    /// An export file.
    File(PathBuf),
    /// An audit service: `grpc+http://…`.
    Service(String),
    /// The stream itself: `nats://…`.
    Stream(String),
}

/// A place that is being read.
pub(super) enum Source {
    /// Tiles.
    Tiles(RemoteLog, Option<Entries>),
    /// An export.
    Export(Box<Export>),
    /// An audit service.
    Service(AuditServiceClient<Channel>, Option<Streaming<StreamEntriesResponse>>),
    /// The stream, which has records and no entries.
    Stream(Box<JetStreamJournal>, Option<JetStreamFollower>),
}

/// A source, and what it says of itself.
pub(super) struct Opened {
    /// The source, before its first entry.
    pub(super) source: Source,
    /// The checkpoint that it offers.
    pub(super) note: Option<Vec<u8>>,
    /// The key that it says is the log's. A reader trusts his own, if he has one.
    pub(super) vkey: Option<Vkey>,
}

impl Place {
    /// From what was typed.
    pub fn parse(text: &str) -> Done<Self> {
        if let Some(url) = text.strip_prefix(GRPC) {
            return Ok(Self::Service(url.to_owned()));
        }
        if text.starts_with("nats://") || text.starts_with("tls://") {
            return Ok(Self::Stream(text.to_owned()));
        }
        let address = text
            .parse()
            .map_err(|error| Trouble::usage(format_args!("{text}: {error}")))?;
        match address {
            Address::Directory(path) if !path.is_dir() => Ok(Self::File(path)),
            address => Ok(Self::Tiles(address)),
        }
    }

    /// Opens it.
    pub(super) async fn open(&self, nkey: Option<&Path>) -> Done<Opened> {
        match self {
            Self::Tiles(address) => tiles(RemoteLog::new(address)?).await,
            Self::File(path) => {
                let (export, header) = Export::open(path)?;
                Ok(Opened {
                    source: Source::Export(Box::new(export)),
                    note: Some(header.checkpoint.into_bytes()),
                    vkey: Some(header.vkey),
                })
            }
            Self::Service(url) => service(url).await,
            Self::Stream(url) => stream(url, nkey).await,
        }
    }
}

/// Tiles, with the checkpoint beside them.
pub(super) async fn tiles(log: RemoteLog) -> Done<Opened> {
    let note = log.checkpoint().await?;
    Ok(Opened {
        source: Source::Tiles(log, None),
        note: Some(note),
        vkey: None,
    })
}

async fn service(url: &str) -> Done<Opened> {
    let mut client = rpc::client::audit(rpc::client::connect(url).await?);
    let log = client.get_log(GetLogRequest {}).await?.into_inner();
    let checkpoint = crate::log::latest(&mut client).await?;
    Ok(Opened {
        source: Source::Service(client, None),
        note: Some(checkpoint.checkpoint_note),
        vkey: Some(log.vkey.parse().map_err(Trouble::at("the log's key"))?),
    })
}

async fn stream(url: &str, nkey: Option<&Path>) -> Done<Opened> {
    let config = JournalConfig {
        url: url.to_owned(),
        role: Role::View,
        nkey: nkey.map(Path::to_owned),
        name: "veta replay".to_owned(),
        // How many copies there are is its operator's business.
        replicas: 1,
    };
    let journal = JetStreamJournal::connect(&config).await;
    Ok(Opened {
        source: Source::Stream(Box::new(journal.map_err(Trouble::unavailable)?), None),
        note: None,
        vkey: None,
    })
}

impl Source {
    /// How many entries there are to read: as many as the checkpoint has, or as many as the stream has now.
    pub(super) async fn size(&self, checkpoint: Option<&Checkpoint>) -> Done<TreeSize> {
        match (checkpoint, self) {
            (Some(checkpoint), _) => Ok(checkpoint.size),
            (None, Self::Stream(journal, _)) => {
                let end = journal.end().await.map_err(Trouble::unavailable)?;
                Ok(TreeSize::new(end.last.get()))
            }
            (None, _) => Err(Trouble::failed("the source offers no checkpoint")),
        }
    }

    /// The next entries of `size` in all, after those that were `taken`; none at the end.
    pub(super) async fn next(&mut self, taken: TreeSize, size: TreeSize) -> Done<Vec<Given>> {
        let missing = usize::try_from(size.get().saturating_sub(taken.get())).unwrap_or(usize::MAX);
        match self {
            Self::Export(export) => tokio::task::block_in_place(|| export.next(BATCH_MIN)),
            _ if missing == 0 => Ok(Vec::new()),
            Self::Tiles(log, entries) => {
                let entries = entries.get_or_insert_with(|| log.entries(LeafIndex::new(taken.get()), size));
                some_tiles(entries).await
            }
            Self::Service(client, parts) => {
                if parts.is_none() {
                    let request = StreamEntriesRequest {
                        start_index: taken.get(),
                        at_least_position: size.get(),
                    };
                    *parts = Some(client.stream_entries(request).await?.into_inner());
                }
                let parts = parts.as_mut().expect("it was set above");
                let part = parts.message().await?.map(|part| part.leaves).unwrap_or_default();
                let leaves = part.into_iter().take(missing);
                Ok(leaves.map(|leaf| Given::Leaf(Bytes::from(leaf))).collect())
            }
            Self::Stream(journal, follower) => {
                if follower.is_none() {
                    let after = StreamPosition::new(taken.get());
                    *follower = Some(journal.follow(after).await.map_err(Trouble::failed)?);
                }
                let follower = follower.as_mut().expect("it was set above");
                let batch = follower.next().await.map_err(Trouble::failed)?;
                let records = batch.records.into_iter().take(missing);
                Ok(records.map(|record| Given::Record(record.payload)).collect())
            }
        }
    }

    /// Whether something is left where nothing should be, such as half an entry.
    #[must_use]
    pub(super) fn is_cut_short(&self) -> bool {
        matches!(self, Self::Export(export) if export.is_cut_short())
    }

    /// Whether it has the entries of the log, and not the records alone.
    #[must_use]
    pub(super) const fn has_entries(&self) -> bool {
        !matches!(self, Self::Stream(..))
    }
}

async fn some_tiles(entries: &mut Entries) -> Done<Vec<Given>> {
    let mut given = Vec::new();
    while given.len() < BATCH_MIN {
        let Some(batch) = entries.next().await? else { break };
        given.extend(batch.leaves.into_iter().map(Given::Leaf));
    }
    Ok(given)
}

impl From<LogError> for Trouble {
    fn from(error: LogError) -> Self {
        match &error {
            LogError::Http(HttpError::NoAnswer { .. } | HttpError::TooSlow { .. }) => Self::unavailable(error),
            error if error.is_passing() => Self::try_again(error),
            _ => Self::failed(error),
        }
    }
}
