//! The log as a view: leaves, tiles and indexes by map key and by statement, as rows.
//!
//! Knows rows and the tree. What it has made it hands to the publisher and forgets; it signs nothing and asks nobody.

use std::collections::BTreeMap;

use replay::{LeafStep, Replica, Step};
use tlog::map::{MapHead, MapKey};
use tlog::tiles::{TileBuilder, TileId, TileReader};
use tlog::tree::{Frontier, leaf_hash};
use tlog::{Hash, Leaf, LeafIndex, TreeHead, TreeSize};
use tokio::sync::mpsc;
use views::{Order, RANGE_ROWS_MAX, Reader, Rows, Snapshot, StoreError, View};

use crate::error::LogError;
use crate::reconcile::{Disagreement, Known};
use crate::seam::{Point, Seam};

/// Whose rows they are, and of which version.
pub(crate) const SERVICE: &str = "audit";
pub(crate) const ROW_VERSION: u32 = 2;

/// Leaves, by index.
pub(crate) const LEAVES: &str = "leaves";
/// Tiles, by level and number.
pub(crate) const TILES: &str = "tiles";
/// Leaf indexes, by map key.
pub(crate) const KEYS: &str = "keys";
/// Leaf indexes, by statement.
pub(crate) const STATEMENTS: &str = "statements";

/// A further piece of the log that is durable as rows, and what the publisher needs to publish it.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    /// The tree with it, as computed from the steps.
    pub(crate) head: TreeHead,
    /// What the map holds since for the keys that were touched, by key.
    pub(crate) heads: BTreeMap<MapKey, MapHead>,
    /// Up to here, stored leaves were found to be what the steps make.
    pub(crate) checked: TreeSize,
}

/// The view.
pub(crate) struct LogRows<S> {
    reader: Reader,
    tiles: TileBuilder,
    /// The tree computed straight from the steps, beside the one that is stored.
    frontier: Frontier,
    checked: TreeSize,
    /// What was signed and published before, each to be met on the way.
    known: Known,
    /// Heads changed since the last piece.
    heads: BTreeMap<MapKey, MapHead>,
    /// Where the last piece ends.
    cut: TreeSize,
    /// Pieces of the batch under way: more than one where something known lies within it.
    pieces: Vec<Pending>,
    publisher: mpsc::Sender<Pending>,
    seam: S,
}

impl<S: Seam> LogRows<S> {
    pub(crate) fn new(
        reader: Reader,
        known: Known,
        publisher: mpsc::Sender<Pending>,
        seam: S,
    ) -> Result<Self, LogError> {
        let tiles = {
            let rows = reader.read()?;
            let size = TreeSize::new(rows.cursor().get());
            TileBuilder::resume(size, |id| stored_tile(&rows, id))?
        };
        Ok(Self {
            reader,
            tiles,
            frontier: Frontier::new(),
            checked: TreeSize::EMPTY,
            known,
            heads: BTreeMap::new(),
            cut: TreeSize::EMPTY,
            pieces: Vec::new(),
            publisher,
            seam,
        })
    }

    fn grow(&mut self, leaf: &LeafStep) -> Result<(), LogError> {
        self.frontier.push(leaf.hash);
        self.heads.extend(leaf.heads.iter().copied());
        let size = self.frontier.size();
        match self.known.root_at(size) {
            None => Ok(()),
            Some(root) if root == self.frontier.root() => {
                self.cut();
                Ok(())
            }
            Some(_) => Err(Disagreement::Forked(size).into()),
        }
    }

    /// Which of the two is wrong, the rows or the stream: rows that make what was signed are right.
    fn not_the_stored(&self, index: LeafIndex) -> Result<LogError, LogError> {
        let signed = self.known.largest();
        let rows = self.reader.read()?;
        let stored = tlog::tree::root(signed, &TileReader::new(signed, |id| stored_tile(&rows, id)));
        if index < signed.next_index() && stored.ok() == self.known.root_at(signed) {
            return Ok(Disagreement::Forked(signed).into());
        }
        Ok(LogError::OtherLeaf(index))
    }

    /// Ends a piece here.
    fn cut(&mut self) {
        if self.cut == self.frontier.size() {
            return;
        }
        self.cut = self.frontier.size();
        self.pieces.push(Pending {
            head: self.frontier.head(),
            heads: core::mem::take(&mut self.heads),
            checked: self.checked,
        });
    }
}

impl<S: Seam> View for LogRows<S> {
    type Error = LogError;

    const SERVICE: &'static str = SERVICE;
    const ROW_VERSION: u32 = ROW_VERSION;

    fn replayed(&mut self, step: &Step) -> Result<(), LogError> {
        let leaf = step.logged()?;
        let stored = stored_leaf(&self.reader.read()?, leaf.index)?;
        if stored.as_deref() != Some(leaf.bytes.as_slice()) {
            return Err(self.not_the_stored(leaf.index)?);
        }
        self.checked = leaf.index.size_with();
        self.grow(leaf)
    }

    fn fold(&mut self, step: &Step, rows: &mut Rows) -> Result<(), LogError> {
        let leaf = step.logged()?;
        rows.put(LEAVES, &leaf.index.get().to_be_bytes(), leaf.bytes.clone());
        for touched in &leaf.touched {
            rows.put(
                KEYS,
                &[touched.key().as_bytes().as_slice(), &leaf.index.get().to_be_bytes()].concat(),
                [],
            );
        }
        if let Some(statement) = &step.statement {
            let key = [statement.id().as_bytes().as_slice(), &leaf.index.get().to_be_bytes()].concat();
            rows.put(STATEMENTS, &key, []);
        }
        self.tiles.push(leaf.hash);
        self.grow(leaf)
    }

    fn finish(&mut self, rows: &mut Rows) -> Result<(), LogError> {
        for tile in self.tiles.changed_tiles() {
            rows.put(TILES, &tile_key(tile.id), tile.to_bytes());
        }
        self.seam.stage(rows);
        Ok(self.seam.reach(Point::Staging)?)
    }

    async fn committed(&mut self, _replica: &Replica, at_end: bool) -> Result<(), LogError> {
        let (signed, found) = (self.known.largest(), self.frontier.size());
        if at_end && found < signed {
            return Err(Disagreement::Shorter { signed, found }.into());
        }
        self.cut();
        for piece in self.pieces.drain(..) {
            // Waits where the publisher is far behind: the rows then wait, too.
            let handed = self.publisher.send(piece).await;
            handed.map_err(|_| LogError::PublisherEnded)?;
        }
        Ok(())
    }
}

/// Reads back the leaves stored from `from` on and the tiles filled since `tiles_from`, computes the tree anew from those bytes,
/// and returns the map's root that the last leaf states. It shares nothing with the way on which `head` was computed but the hash function.
pub(crate) fn read_back(
    reader: &Reader,
    from: TreeSize,
    tiles_from: TreeSize,
    head: TreeHead,
) -> Result<Hash, LogError> {
    let not_the_same = LogError::ReadBack(head.size);
    let mut tree = {
        let rows = reader.read()?;
        Frontier::read(from, &TileReader::new(head.size, |id| stored_tile(&rows, id)))?
    };
    let mut map_root = None;
    while tree.size() < head.size {
        let leaves = stored_leaves(&reader.read()?, tree.size(), head.size)?;
        if leaves.is_empty() {
            return Err(not_the_same);
        }
        for bytes in leaves {
            let leaf = Leaf::parse(&bytes).map_err(|_| LogError::OtherLeaf(tree.size().next_index()))?;
            map_root = Some(leaf.map_root);
            tree.push(leaf_hash(&bytes));
        }
    }
    let rows = reader.read()?;
    let tiles = TileReader::new(head.size, |id| stored_tile(&rows, id));
    if tree.head() != head || tiles.check_since(tiles_from).ok() != Some(head.root) {
        return Err(not_the_same);
    }
    match map_root {
        Some(root) => Ok(root),
        None => map_root_at(&rows, head.size),
    }
}

/// The map's root that the last leaf of a tree states.
pub(crate) fn map_root_at(rows: &Snapshot<'_>, size: TreeSize) -> Result<Hash, LogError> {
    let last = size.last_index().ok_or(LogError::ReadBack(size))?;
    let bytes = stored_leaf(rows, last)?.ok_or(LogError::OtherLeaf(last))?;
    Ok(Leaf::parse(&bytes).map_err(|_| LogError::OtherLeaf(last))?.map_root)
}

pub(crate) fn stored_leaf(rows: &Snapshot<'_>, index: LeafIndex) -> Result<Option<Vec<u8>>, StoreError> {
    rows.get(LEAVES, &index.get().to_be_bytes())
}

/// The next leaves of a tree of `to` leaves, as many as one range has, without a gap; none where the first is missing.
pub(crate) fn stored_leaves(rows: &Snapshot<'_>, from: TreeSize, to: TreeSize) -> Result<Vec<Vec<u8>>, StoreError> {
    let (first, end) = (from.get().to_be_bytes(), to.get().to_be_bytes());
    let leaves = rows.range(
        LEAVES,
        first.as_slice()..end.as_slice(),
        Order::Ascending,
        RANGE_ROWS_MAX,
    )?;
    let in_order = (from.get()..)
        .zip(leaves)
        .take_while(|(index, leaf)| leaf.key == index.to_be_bytes());
    Ok(in_order.map(|(_, leaf)| leaf.value).collect())
}

pub(crate) fn stored_tile(rows: &Snapshot<'_>, id: TileId) -> Option<Vec<u8>> {
    rows.get(TILES, &tile_key(id)).ok().flatten()
}

fn tile_key(id: TileId) -> [u8; 9] {
    let mut key = [0; 9];
    key[0] = id.level;
    key[1..].copy_from_slice(&id.n.to_be_bytes());
    key
}
