//! Reading the log at the size of its checkpoint: proofs, leaves, bundles.

use replay::Replica;
use replay::bundle::Source;
use tlog::map::{MapHead, MapKey, MapProof, PagesError};
use tlog::tiles::{TileId, TileReader};
use tlog::tree::NodeReader;
use tlog::{Hash, LeafIndex, TreeSize};
use views::{Order, RANGE_ROWS_MAX, Snapshot, StoreError};

use crate::log::{KEYS, stored_leaf, stored_tile};

/// Gives the stored bytes of a tile.
type Fetch<'a> = Box<dyn Fn(TileId) -> Option<Vec<u8>> + 'a>;

/// The rows and the map at one committed position.
pub(crate) struct LogAt<'a> {
    rows: &'a Snapshot<'a>,
    replica: &'a Replica,
    tiles: TileReader<Fetch<'a>>,
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
    /// A leaf that the tree has and the rows do not.
    #[error("leaf {0} is not stored")]
    MissingLeaf(LeafIndex),
    /// The index by map key is damaged.
    #[error("the index by map key is damaged")]
    BadIndex,
}

impl<'a> LogAt<'a> {
    pub(crate) fn new(rows: &'a Snapshot<'a>, replica: &'a Replica, size: TreeSize) -> Self {
        let fetch: Fetch<'a> = Box::new(|id| stored_tile(rows, id));
        Self {
            rows,
            replica,
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
        let end = [key.as_bytes().as_slice(), &[0xff; 9]].concat();
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
        let proved = self.replica.prove(key).expect("the replica of the log keeps a log");
        Ok(proved?)
    }
}

fn index_of(key: &[u8]) -> Option<LeafIndex> {
    Some(LeafIndex::new(u64::from_be_bytes(key.get(32..)?.try_into().ok()?)))
}
