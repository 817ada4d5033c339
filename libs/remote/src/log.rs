//! A log of c2sp.org/tlog-tiles, below a URL or in a directory.

use core::fmt;
use core::str::FromStr;
use std::io;
use std::path::PathBuf;

use bytes::Bytes;
use thiserror::Error;
use tlog::hash::HASH_BYTES;
use tlog::leaf::LEAF_BYTES_MAX;
use tlog::note::NOTE_BYTES_MAX;
use tlog::tiles::{TILE_WIDTH, TileError, TileId, TilePath, decode_entries, encode_entries};
use tlog::tree::{ProofError, TreeSize};
use tlog::{LeafIndex, TreeHead};

use crate::http::{HttpError, Url, UrlError};

mod entries;
mod fetching;
mod place;
mod verified;

pub use entries::{Batch, Entries};
pub use place::Patience;
pub use verified::{Nodes, Verified};

use place::Place;

/// Longest entry bundle: 256 leaves of 65,535 bytes, each behind its length of two: 16 MiB.
pub const BUNDLE_BYTES_MAX: usize = TILE_WIDTH * (2 + LEAF_BYTES_MAX);

/// Bundles fetched ahead of who reads them: with the one that is read, 5 × 16 MiB at the very most.
pub const BUNDLES_AHEAD_MAX: usize = 4;

/// Where a log is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Below this URL.
    Url(Url),
    /// In this directory.
    Directory(PathBuf),
}

/// Reads a log from where it is. Checks what a log without its key can be checked for: the form of everything, and that a
/// tile is as wide as it was asked for. Clones share connections.
#[derive(Clone, Debug)]
pub struct RemoteLog {
    place: Place,
}

/// Why a log cannot be read.
#[derive(Debug, Error)]
pub enum LogError {
    /// No answer.
    #[error("{0}: see whether the address is right, and try again")]
    Http(#[from] HttpError),
    /// Not there.
    #[error("{at} is not there: see whether the address is that of a log, and whether its operator serves all of it")]
    Missing {
        /// What was asked for.
        at: String,
    },
    /// Another place is named; it is not asked.
    #[error("{url} leads elsewhere (status {status}), where nobody follows: name the address that it leads to")]
    Redirected {
        /// What was asked.
        url: Url,
        /// What was answered.
        status: u16,
    },
    /// An answer that is none.
    #[error("{url} answers with status {status}: ask the log's operator, or try again later")]
    Refused {
        /// What was asked.
        url: Url,
        /// What was answered.
        status: u16,
    },
    /// The system does not give the file.
    #[error("cannot read {}: {error}", path.display())]
    Unread {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A link out of the directory, or no file.
    #[error("{} is no file within the directory of the log: remove the link, or name the directory that it leads to", .0.display())]
    Elsewhere(PathBuf),
    /// Longer than any such file.
    #[error("{at} has more than {bytes_max} bytes: that is no part of a log")]
    TooLong {
        /// What was read.
        at: String,
        /// How long it may be.
        bytes_max: usize,
    },
    /// Not what its name says.
    #[error("{at} is not what its name says: {what}; whoever serves it has damaged or replaced it")]
    Malformed {
        /// What was read.
        at: String,
        /// What is wrong with it.
        what: TileError,
    },
    /// A tile or an entry that is not in the tree of the checkpoint.
    #[error("{at} is not that of the signed tree of {size} entries: whoever serves it has damaged or replaced it")]
    NotInTree {
        /// What was read.
        at: String,
        /// The tree.
        size: TreeSize,
    },
    /// What was asked of the tree cannot be answered.
    #[error("the log's tree: {0}")]
    Proof(#[from] ProofError),
}

impl FromStr for Address {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        if text.contains("://") {
            return Ok(Self::Url(text.parse()?));
        }
        Ok(Self::Directory(PathBuf::from(text)))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => url.fmt(f),
            Self::Directory(path) => path.display().fmt(f),
        }
    }
}

impl LogError {
    /// Whether the same may succeed later, without anybody doing anything.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Http(error) => error.is_passing(),
            Self::Refused { status, .. } => place::is_passing(*status),
            _ => false,
        }
    }

    /// Whether what was served is other than what was signed, or no log at all: nothing a line can do.
    #[must_use]
    pub fn is_forgery(&self) -> bool {
        matches!(
            self,
            Self::TooLong { .. }
                | Self::Malformed { .. }
                | Self::NotInTree { .. }
                | Self::Proof(_)
                | Self::Http(HttpError::TooLong { .. })
        )
    }
}

impl RemoteLog {
    /// Reads nothing yet.
    pub fn new(address: &Address) -> Result<Self, LogError> {
        Self::with_patience(address, Patience::default())
    }

    /// As [`RemoteLog::new`], waiting for a server as long and as often as this.
    pub fn with_patience(address: &Address, patience: Patience) -> Result<Self, LogError> {
        let place = Place::new(address, patience)?;
        Ok(Self { place })
    }

    /// The signed checkpoint, as it is served.
    pub async fn checkpoint(&self) -> Result<Vec<u8>, LogError> {
        Ok(self.place.read("checkpoint", NOTE_BYTES_MAX).await?.into())
    }

    /// A tile or an entry bundle, with exactly as many hashes or leaves as its path asks for.
    ///
    /// A partial one may have been removed when its full one came: its beginning is given then.
    pub async fn tile(&self, path: TilePath) -> Result<Bytes, LogError> {
        let read = match self.read(path).await {
            Err(LogError::Missing { .. }) if width(path) < TILE_WIDTH => {
                let bytes = self.read(full(path)).await?;
                beginning(path, &bytes).ok_or(TileError::NotABundle)
            }
            Err(error) => return Err(error),
            Ok(bytes) => Ok(bytes),
        };
        read.and_then(|bytes| checked(path, bytes))
            .map_err(|what| self.malformed(path, what))
    }

    /// The leaves from `from` on to the end of a tree of `size` leaves, in order, some of them fetched ahead.
    #[must_use]
    pub fn entries(&self, from: LeafIndex, size: TreeSize) -> Entries {
        Entries::new(self.clone(), from, size)
    }

    /// The log as far as a checkpoint goes that was opened with its key: only what is in its tree is given out.
    pub async fn verified(&self, head: TreeHead) -> Result<Verified, LogError> {
        Verified::open(self.clone(), head).await
    }

    /// Where something stands, for whoever is told of it.
    fn at(&self, path: TilePath) -> String {
        self.place.at(&path.to_string())
    }

    fn malformed(&self, path: TilePath, what: TileError) -> LogError {
        LogError::Malformed {
            at: self.at(path),
            what,
        }
    }

    async fn read(&self, path: TilePath) -> Result<Bytes, LogError> {
        let bytes_max = match path {
            TilePath::Hashes { width, .. } => usize::from(width) * HASH_BYTES,
            TilePath::Entries { width, .. } => usize::from(width) * (2 + LEAF_BYTES_MAX),
        };
        self.place.read(&path.to_string(), bytes_max).await
    }
}

/// The path of a tile as it stands in a tree of `size` leaves; `None` where it has no hashes yet.
#[must_use]
pub fn hashes_path(id: TileId, size: TreeSize) -> Option<TilePath> {
    let width = u16::try_from(id.width_at(size)).ok().filter(|width| 0 < *width)?;
    Some(TilePath::Hashes { id, width })
}

/// The path of entry bundle `n` as it stands in a tree of `size` leaves; `None` where it has no leaves yet.
#[must_use]
pub fn entries_path(n: u64, size: TreeSize) -> Option<TilePath> {
    let below = TileId { level: 0, n };
    let width = u16::try_from(below.width_at(size)).ok().filter(|width| 0 < *width)?;
    Some(TilePath::Entries { n, width })
}

fn width(path: TilePath) -> usize {
    match path {
        TilePath::Hashes { width, .. } | TilePath::Entries { width, .. } => width.into(),
    }
}

fn full(path: TilePath) -> TilePath {
    let full = u16::try_from(TILE_WIDTH).expect("256");
    match path {
        TilePath::Hashes { id, .. } => TilePath::Hashes { id, width: full },
        TilePath::Entries { n, .. } => TilePath::Entries { n, width: full },
    }
}

/// As much of a full tile or bundle as a partial path asks for.
fn beginning(path: TilePath, full: &Bytes) -> Option<Bytes> {
    match path {
        TilePath::Hashes { width, .. } => {
            let bytes = usize::from(width) * HASH_BYTES;
            (bytes <= full.len()).then(|| full.slice(..bytes))
        }
        TilePath::Entries { width, .. } => {
            let leaves = decode_entries(full).ok()?;
            let kept = leaves.get(..usize::from(width))?;
            Some(encode_entries(kept.iter().copied()).ok()?.into())
        }
    }
}

fn checked(path: TilePath, bytes: Bytes) -> Result<Bytes, TileError> {
    let held = match path {
        TilePath::Hashes { id, .. } if !bytes.len().is_multiple_of(HASH_BYTES) => {
            return Err(TileError::Incomplete(id));
        }
        TilePath::Hashes { .. } => bytes.len() / HASH_BYTES,
        TilePath::Entries { .. } => decode_entries(&bytes)?.len(),
    };
    match path {
        _ if held == width(path) => Ok(bytes),
        TilePath::Hashes { id, .. } => Err(TileError::Incomplete(id)),
        TilePath::Entries { .. } => Err(TileError::NotABundle),
    }
}
