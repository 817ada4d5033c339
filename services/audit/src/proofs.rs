//! Reading the log at the size of its checkpoint: proofs, leaves, bundles.

use replay::bundle::{Published, Source};
use tlog::map::{Map, MapHead, MapKey, MapProof, PagesError};
use tlog::note::Note;
use tlog::policy::Policy;
use tlog::tiles::{TileId, TileReader};
use tlog::tree::NodeReader;
use tlog::{Hash, LeafIndex, TreeSize};
use views::{Order, RANGE_ROWS_MAX, Snapshot, StoreError};

use crate::history::HistoryError;
use crate::published::Shared;
use crate::rows::{KEYS, stored_leaf, stored_tile};

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
    /// The index by map key is damaged.
    #[error("the index by map key is damaged")]
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
        let mut indexes = Vec::new();
        let mut from = key.as_bytes().to_vec();
        // Later leaves are not published yet.
        let end = [key.as_bytes().as_slice(), &self.size.get().to_be_bytes()].concat();
        while indexes.len() < max {
            let page = self
                .rows
                .range(KEYS, from.as_slice()..end.as_slice(), Order::Ascending, RANGE_ROWS_MAX)?;
            let Some(last) = page.last() else { break };
            from = [last.key.as_slice(), &[0]].concat();
            for row in &page {
                indexes.push(index_of(&row.key).ok_or(ReadError::BadIndex)?);
            }
        }
        indexes.truncate(max);
        Ok(indexes)
    }

    fn map(&self, key: &MapKey) -> Result<(Option<MapHead>, MapProof), ReadError> {
        Ok(self.map.prove(key)?)
    }

    /// One that has no time says nothing about when.
    fn before(&self, most: TreeSize) -> Result<Option<Published>, ReadError> {
        let before = self.past.shared.history().before(most)?;
        let cosigned = |note: &str| {
            let note = Note::parse(note.as_bytes()).ok()?;
            self.past.policy.check(&note).ok()?.as_of
        };
        let before = before.filter(|(_, note)| cosigned(note).is_some());
        Ok(before.map(|(size, note)| Published { note, size }))
    }
}

fn index_of(key: &[u8]) -> Option<LeafIndex> {
    Some(LeafIndex::new(u64::from_be_bytes(key.get(32..)?.try_into().ok()?)))
}
