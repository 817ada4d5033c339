//! The leaves of a log in order, with a few bundles fetched ahead.

use std::collections::VecDeque;

use bytes::Bytes;
use tlog::LeafIndex;
use tlog::tiles::{TILE_WIDTH, TileError, decode_entries};
use tlog::tree::TreeSize;

use super::fetching::Fetching;
use super::{BUNDLES_AHEAD_MAX, LogError, RemoteLog, entries_path};

/// Leaves that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Where the first of them stands.
    pub first: LeafIndex,
    /// Their bytes, as they are hashed into the tree; at least one.
    pub leaves: Vec<Bytes>,
}

/// Gives the leaves of a log in order, bundle by bundle. Fetching goes on while a batch is looked at, and ends when this is
/// dropped.
#[derive(Debug)]
pub struct Entries {
    log: RemoteLog,
    /// Leaf to begin with: those before it in its bundle are left out.
    from: LeafIndex,
    size: TreeSize,
    /// The bundle that is asked for next.
    next: u64,
    /// Bundles on their way, by their numbers.
    ahead: VecDeque<(u64, Fetching)>,
}

impl Entries {
    pub(super) fn new(log: RemoteLog, from: LeafIndex, size: TreeSize) -> Self {
        Self {
            log,
            from,
            size,
            next: from.get() / TILE_WIDTH as u64,
            ahead: VecDeque::new(),
        }
    }

    /// The next leaves; `None` after the last ones. After an error, the same leaves are asked for again.
    ///
    /// # Panics
    /// Outside of a runtime.
    pub async fn next(&mut self) -> Result<Option<Batch>, LogError> {
        if self.size <= TreeSize::new(self.from.get()) {
            return Ok(None);
        }
        self.fetch_ahead();
        let Some((n, first)) = self.ahead.pop_front() else {
            return Ok(None);
        };
        let batch = first.done().await.and_then(|bundle| self.batch(n, &bundle));
        if batch.is_err() {
            self.ahead.clear();
            self.next = n;
        }
        let batch = batch?;
        self.from = LeafIndex::new(batch.first.get() + batch.leaves.len() as u64);
        Ok(Some(batch))
    }

    fn fetch_ahead(&mut self) {
        while self.ahead.len() <= BUNDLES_AHEAD_MAX {
            let Some(path) = entries_path(self.next, self.size) else {
                return;
            };
            self.ahead.push_back((self.next, Fetching::start(&self.log, path)));
            self.next += 1;
        }
    }

    fn batch(&self, n: u64, bundle: &Bytes) -> Result<Batch, LogError> {
        let begin = n * TILE_WIDTH as u64;
        let left_out = usize::try_from(self.from.get().saturating_sub(begin)).unwrap_or(TILE_WIDTH);
        let leaves = leaves(bundle).map_err(|what| {
            let path = entries_path(n, self.size).expect("it was fetched by its path");
            self.log.malformed(path, what)
        })?;
        Ok(Batch {
            first: LeafIndex::new(begin + left_out as u64),
            leaves: leaves.into_iter().skip(left_out).collect(),
        })
    }
}

/// The leaves of a bundle, without copying them.
pub(super) fn leaves(bundle: &Bytes) -> Result<Vec<Bytes>, TileError> {
    Ok(decode_entries(bundle)?
        .into_iter()
        .map(|leaf| bundle.slice_ref(leaf))
        .collect())
}
