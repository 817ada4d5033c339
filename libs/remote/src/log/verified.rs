//! A log as far as a signed checkpoint goes: nothing is given out that its root does not vouch for.
//!
//! Every hash of a tree's right edge goes into its root, so the partial tiles are checked against the root, all at once. Any
//! other tile is full, and one hash of the tile level above stands for it: it is checked against that, and that tile against
//! the one above it. A leaf is checked against its hash.

use core::cell::RefCell;
use core::ops::Range;
use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use tlog::hash::{HASH_BYTES, Hash};
use tlog::tiles::{TILE_WIDTH, TileId, TileReader};
use tlog::tree::{Frontier, NodeReader, ProofError, TreeSize, leaf_hash, root};
use tlog::{LeafIndex, TreeHead};

use super::entries::leaves;
use super::fetching::Fetching;
use super::{Batch, LogError, RemoteLog, entries_path, hashes_path};

/// Tile levels of the largest tree: 2^63 leaves in steps of 2^8.
const LEVELS: u8 = 8;

/// Tree levels that one tile level spans.
const TREE_LEVELS: u8 = 8;

/// Tiles fetched at a time.
const TILES_AT_A_TIME: usize = 16;

/// Full tiles kept between questions: 1,024 × 8 KiB = 8 MiB.
const TILES_KEPT_MAX: usize = 1_024;

/// A log whose every tile and entry is checked against one signed tree head.
#[derive(Debug)]
pub struct Verified {
    log: RemoteLog,
    head: TreeHead,
    /// The partial tile at the end of each level.
    edge: BTreeMap<TileId, Bytes>,
    /// Full tiles, each checked.
    full: BTreeMap<TileId, Bytes>,
}

/// The nodes of the signed tree, for the functions of [`tlog::tree`].
pub struct Nodes<'a>(&'a dyn NodeReader);

impl Verified {
    pub(super) async fn open(log: RemoteLog, head: TreeHead) -> Result<Self, LogError> {
        let mut edge = BTreeMap::new();
        for id in (0..LEVELS).filter_map(|level| edge_tile(level, head.size)) {
            let path = hashes_path(id, head.size).expect("a partial tile has hashes");
            edge.insert(id, log.tile(path).await?);
        }
        let reader = TileReader::new(head.size, |id| edge.get(&id).map(|tile: &Bytes| tile.to_vec()));
        let computed = Frontier::read(head.size, &reader)?.root();
        drop(reader);
        if computed != head.root {
            let at = log.place.at("tile");
            return Err(LogError::NotInTree { at, size: head.size });
        }
        Ok(Self {
            log,
            head,
            edge,
            full: BTreeMap::new(),
        })
    }

    /// The tree head that everything is checked against.
    #[must_use]
    pub const fn head(&self) -> TreeHead {
        self.head
    }

    /// Asks something of the tree's nodes; what it lacks for the answer is fetched and checked, and it is asked again. So
    /// `ask` must not do anything but look.
    pub async fn ask<T>(&mut self, ask: impl Fn(&Nodes<'_>) -> Result<T, ProofError>) -> Result<T, LogError> {
        loop {
            let (answer, missing) = self.ask_held(&ask);
            if missing.is_empty() {
                return Ok(answer?);
            }
            self.load(missing).await?;
        }
    }

    /// The root of the tree's first `size` leaves: the one head that an honest log had when it was that large.
    pub async fn head_at(&mut self, size: TreeSize) -> Result<TreeHead, LogError> {
        let root = self.ask(|nodes| root(size, nodes)).await?;
        Ok(TreeHead { size, root })
    }

    /// Bundle `n` as far as the tree goes, every leaf the one that is in it; `None` past its end.
    pub async fn bundle(&mut self, n: u64) -> Result<Option<Batch>, LogError> {
        let Some(path) = entries_path(n, self.head.size) else {
            return Ok(None);
        };
        let leaves = leaves(&self.log.tile(path).await?).map_err(|what| self.log.malformed(path, what))?;
        let first = LeafIndex::new(n * TILE_WIDTH as u64);
        let batch = Batch { first, leaves };
        self.check(&batch).await?;
        Ok(Some(batch))
    }

    /// Holds if these leaves, wherever they were read, stand in the tree where they say.
    pub async fn check(&mut self, batch: &Batch) -> Result<(), LogError> {
        let first = batch.first.get();
        let indices = || first..first + batch.leaves.len() as u64;
        let hashes: Vec<Hash> = self
            .ask(|nodes| indices().map(|index| leaf_node(nodes, index)).collect())
            .await?;
        if !batch.leaves.iter().map(|leaf| leaf_hash(leaf)).eq(hashes) {
            let path = entries_path(first / TILE_WIDTH as u64, self.head.size);
            let path = path.expect("its hashes are in the tree");
            return Err(self.not_in_tree(self.log.at(path)));
        }
        Ok(())
    }

    /// A tile as it stands in the tree; `None` if it has no hashes yet.
    pub async fn tile(&mut self, id: TileId) -> Result<Option<Bytes>, LogError> {
        if id.width_at(self.head.size) == 0 {
            return Ok(None);
        }
        self.load([id].into()).await?;
        Ok(self.tile_held(id).cloned())
    }

    /// The partial tiles at the end of each level.
    pub fn edge(&self) -> impl Iterator<Item = (TileId, &Bytes)> {
        self.edge.iter().map(|(id, tile)| (*id, tile))
    }

    /// Fetches the hashes of some bundles ahead of those who ask for them one after the other.
    pub async fn prepare(&mut self, bundles: Range<u64>) -> Result<(), LogError> {
        let tiles = bundles.map(|n| TileId { level: 0, n });
        let tiles = tiles.filter(|id| 0 < id.width_at(self.head.size)).collect();
        self.load(tiles).await
    }

    /// What can be answered by what is here, and which tiles were asked for in vain.
    fn ask_held<T>(&self, ask: &impl Fn(&Nodes<'_>) -> T) -> (T, BTreeSet<TileId>) {
        let missing = RefCell::new(BTreeSet::new());
        let held = |id| {
            let tile = self.tile_held(id);
            if tile.is_none() {
                missing.borrow_mut().insert(id);
            }
            tile.map(|tile| tile.to_vec())
        };
        let answer = ask(&Nodes(&TileReader::new(self.head.size, held)));
        (answer, missing.into_inner())
    }

    /// Tiles that are full, each checked against what stands for it above; so those above come first.
    async fn load(&mut self, tiles: BTreeSet<TileId>) -> Result<(), LogError> {
        if TILES_KEPT_MAX < self.full.len() {
            self.full.clear();
        }
        let mut wanted = BTreeSet::new();
        for mut id in tiles {
            while !self.holds(id) && id.level < LEVELS && wanted.insert(id) {
                id = above(id);
            }
        }
        for level in (0..LEVELS).rev() {
            let tiles: Vec<TileId> = wanted.iter().copied().filter(|id| id.level == level).collect();
            for tiles in tiles.chunks(TILES_AT_A_TIME) {
                self.load_some(tiles).await?;
            }
        }
        Ok(())
    }

    /// Tiles of one level; those above them are there.
    async fn load_some(&mut self, tiles: &[TileId]) -> Result<(), LogError> {
        let mut fetching = Vec::new();
        for id in tiles {
            let path = hashes_path(*id, self.head.size).ok_or(ProofError::MissingNode {
                level: id.level * TREE_LEVELS,
                index: id.n,
            })?;
            fetching.push((*id, path, Fetching::start(&self.log, path)));
        }
        for (id, path, tile) in fetching {
            let tile = tile.done().await?;
            if self.stands_for(id) != Some(complete_root(&tile)) {
                return Err(self.not_in_tree(self.log.at(path)));
            }
            self.full.insert(id, tile);
        }
        Ok(())
    }

    fn holds(&self, id: TileId) -> bool {
        self.tile_held(id).is_some()
    }

    fn tile_held(&self, id: TileId) -> Option<&Bytes> {
        self.edge.get(&id).or_else(|| self.full.get(&id))
    }

    /// The hash in the tile above that stands for all of a tile.
    fn stands_for(&self, id: TileId) -> Option<Hash> {
        let place = usize::try_from(id.n % TILE_WIDTH as u64).ok()?;
        let hash = self
            .tile_held(above(id))?
            .get(place * HASH_BYTES..(place + 1) * HASH_BYTES)?;
        Hash::from_slice(hash)
    }

    fn not_in_tree(&self, at: String) -> LogError {
        let size = self.head.size;
        LogError::NotInTree { at, size }
    }
}

impl NodeReader for Nodes<'_> {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        self.0.node(level, index)
    }
}

fn leaf_node(nodes: &Nodes<'_>, index: u64) -> Result<Hash, ProofError> {
    nodes.node(0, index).ok_or(ProofError::MissingNode { level: 0, index })
}

/// The partial tile at the end of a level, if the level does not end with a full one.
fn edge_tile(level: u8, size: TreeSize) -> Option<TileId> {
    let nodes = size.get().checked_shr((level * TREE_LEVELS).into()).unwrap_or(0);
    let width = nodes % TILE_WIDTH as u64;
    let n = nodes / TILE_WIDTH as u64;
    (0 < width).then_some(TileId { level, n })
}

const fn above(id: TileId) -> TileId {
    TileId {
        level: id.level + 1,
        n: id.n / TILE_WIDTH as u64,
    }
}

/// The root over all hashes of a full tile.
fn complete_root(tile: &[u8]) -> Hash {
    let mut tree = Frontier::new();
    for hash in tile.chunks_exact(HASH_BYTES).filter_map(Hash::from_slice) {
        tree.push(hash);
    }
    tree.root()
}
