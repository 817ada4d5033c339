//! Reading the log at the size of its checkpoint: proofs, leaves, bundles.

use event::StatementId;
use replay::bundle::{Published, Source};
use tlog::map::{Map, MapHead, MapKey, MapProof, PagesError};
use tlog::note::Note;
use tlog::policy::Policy;
use tlog::tiles::{TileId, TileReader};
use tlog::tree::NodeReader;
use tlog::{Hash, LeafIndex, TreeSize};
use views::{Order, RANGE_ROWS_MAX, Snapshot, StoreError};

use crate::history::{HistoryError, OfSize};
use crate::published::Shared;
use crate::rows::{KEYS, STATEMENTS, stored_leaf, stored_tile};

/// So many sizes whose quorum was short are passed over in search of one that has a time: what lies further away tells little.
const SHORT_MAX: usize = 16;

/// Gives the stored bytes of a tile.
type Fetch<'a> = Box<dyn Fn(TileId) -> Option<Vec<u8>> + 'a>;

/// The rows, which may be of more leaves, and the map at the published checkpoint.
pub(crate) struct LogAt<'a> {
    rows: &'a Snapshot<'a>,
    map: &'a Map,
    size: TreeSize,
    past: Past<'a>,
    tiles: TileReader<Fetch<'a>>,
}

/// The checkpoints of the past, and by which cosignatures they count.
#[derive(Clone, Copy)]
pub(crate) struct Past<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) policy: &'a Policy,
}

/// What a proof needs and cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The rows.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The map.
    #[error(transparent)]
    Map(#[from] PagesError),
    /// The published checkpoints.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A leaf that the tree has and the rows do not.
    #[error("leaf {0} is not stored")]
    MissingLeaf(LeafIndex),
    /// An index of leaves is damaged.
    #[error("an index of leaves is damaged")]
    BadIndex,
}

impl<'a> LogAt<'a> {
    pub(crate) fn new(rows: &'a Snapshot<'a>, map: &'a Map, size: TreeSize, past: Past<'a>) -> Self {
        let fetch: Fetch<'a> = Box::new(|id| stored_tile(rows, id));
        Self {
            rows,
            map,
            size,
            past,
            tiles: TileReader::new(size, fetch),
        }
    }
}

impl LogAt<'_> {
    /// Where the records under a map key stand from `start` on, in order, at most `max` of them.
    pub(crate) fn indexes_from(&self, key: &MapKey, start: LeafIndex, max: usize) -> Result<Vec<LeafIndex>, ReadError> {
        self.indexed(KEYS, key.as_bytes(), start, max)
    }

    /// Where records of a statement stand, in order, at most `max` of them.
    pub(crate) fn indexes_of(&self, statement: StatementId, max: usize) -> Result<Vec<LeafIndex>, ReadError> {
        self.indexed(STATEMENTS, statement.as_bytes(), LeafIndex::new(0), max)
    }

    fn indexed(
        &self,
        table: &'static str,
        key: &[u8; 32],
        start: LeafIndex,
        max: usize,
    ) -> Result<Vec<LeafIndex>, ReadError> {
        let mut indexes = Vec::new();
        let mut from = [key.as_slice(), &start.get().to_be_bytes()].concat();
        // Later leaves are not published yet.
        let end = [key.as_slice(), &self.size.get().to_be_bytes()].concat();
        while indexes.len() < max && from < end {
            let page = self
                .rows
                .range(table, from.as_slice()..end.as_slice(), Order::Ascending, RANGE_ROWS_MAX)?;
            let Some(last) = page.last() else { break };
            from = [last.key.as_slice(), &[0]].concat();
            for row in &page {
                indexes.push(index_of(&row.key).ok_or(ReadError::BadIndex)?);
            }
        }
        indexes.truncate(max);
        Ok(indexes)
    }

    /// Those notes of a size that have a time: others say nothing about when.
    fn cosigned(&self, of_size: OfSize) -> Vec<String> {
        let has_time = |note: &String| {
            let note = Note::parse(note.as_bytes()).ok();
            let cosigned = note.and_then(|note| self.past.policy.check(&note).ok());
            cosigned.is_some_and(|cosigned| cosigned.as_of.is_some())
        };
        let notes = [of_size.first].into_iter().chain(of_size.freshest);
        notes.filter(has_time).collect()
    }
}

impl NodeReader for LogAt<'_> {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        self.tiles.node(level, index)
    }
}

impl Source for LogAt<'_> {
    type Error = ReadError;

    fn leaf(&self, index: LeafIndex) -> Result<Vec<u8>, ReadError> {
        stored_leaf(self.rows, index)?.ok_or(ReadError::MissingLeaf(index))
    }

    fn indexes(&self, key: &MapKey, max: usize) -> Result<Vec<LeafIndex>, ReadError> {
        self.indexes_from(key, LeafIndex::new(0), max)
    }

    fn map(&self, key: &MapKey) -> Result<(Option<MapHead>, MapProof), ReadError> {
        Ok(self.map.prove(key)?)
    }

    fn before(&self, most: TreeSize) -> Result<Option<Published>, ReadError> {
        let mut next = self.past.shared.history().before(most)?;
        for _ in 0..SHORT_MAX {
            let Some(of_size) = next else { break };
            let (size, mut notes) = (of_size.size, self.cosigned(of_size));
            if let Some(note) = notes.pop() {
                return Ok(Some(Published { note, size }));
            }
            let Some(most) = size.last_index() else { break };
            next = self.past.shared.history().before(TreeSize::new(most.get()))?;
        }
        Ok(None)
    }

    fn since(&self, least: TreeSize) -> Result<Option<Published>, ReadError> {
        let mut next = self.past.shared.history().from(least)?;
        for _ in 0..SHORT_MAX {
            let Some(of_size) = next else { break };
            let size = of_size.size;
            if let Some(note) = self.cosigned(of_size).into_iter().next() {
                return Ok(Some(Published { note, size }));
            }
            next = self.past.shared.history().from(size.next_index().size_with())?;
        }
        Ok(None)
    }
}

fn index_of(key: &[u8]) -> Option<LeafIndex> {
    Some(LeafIndex::new(u64::from_be_bytes(key.get(32..)?.try_into().ok()?)))
}
