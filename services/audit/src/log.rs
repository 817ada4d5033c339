//! The log as a view: leaves, tiles and an index by map key, and the checkpoint over them.
//!
//! Knows rows, the tree and the order of publishing. Knows no network.

use std::sync::Arc;

use journal::cell::Cell;
use replay::{Replica, Step};
use thiserror::Error;
use tlog::checkpoint::CheckpointError;
use tlog::map::PagesError;
use tlog::note::NoteSigner;
use tlog::tiles::{TileBuilder, TileError, TileId, TileReader};
use tlog::tree::{Frontier, ProofError, leaf_hash};
use tlog::{Checkpoint, Hash, Leaf, LeafIndex, Origin, TreeHead, TreeSize};
use tokio::sync::watch;
use views::{Reader, Rows, Snapshot, StoreError, View};

use crate::head::{HeadError, HeldHead};

/// Leaves, by index.
pub(crate) const LEAVES: &str = "leaves";
/// Tiles, by level and number.
pub(crate) const TILES: &str = "tiles";
/// Leaf indexes, by map key.
pub(crate) const KEYS: &str = "keys";

/// Why the log cannot go on. Every one of these ends the process before anything is signed.
#[derive(Debug, Error)]
pub enum LogError {
    /// The rows.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The map.
    #[error(transparent)]
    Map(#[from] PagesError),
    /// The tiles.
    #[error("the stored tiles: {0}")]
    Tiles(#[from] TileError),
    /// The tree.
    #[error("the stored tree: {0}")]
    Tree(#[from] ProofError),
    /// The last signed head.
    #[error(transparent)]
    Head(#[from] HeadError),
    /// The checkpoint.
    #[error("the checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// A stored leaf is not what the stream makes.
    #[error(
        "stored leaf {0} is not the one that the stream makes: remove the rows of this service, they are rebuilt; if this comes back, the stream was changed"
    )]
    OtherLeaf(LeafIndex),
    /// What was read back does not make the tree that was computed.
    #[error("the leaves read back do not make the tree that was computed, of {0} leaves: nothing is signed")]
    ReadBack(TreeSize),
    /// The stream no longer makes the tree that was signed.
    #[error(
        "the stream makes another tree of {0} leaves than the one that was signed: the stream was changed; nothing is ever signed again over it"
    )]
    Forked(TreeSize),
    /// The stream is shorter than what was signed.
    #[error(
        "a tree of {signed} leaves was signed, but the stream ends at {found}: its newest records are lost; nothing is signed"
    )]
    RolledBack {
        /// What was signed.
        signed: TreeSize,
        /// What is there.
        found: TreeSize,
    },
}

/// The checkpoint that outsiders may see.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    pub(crate) checkpoint: Checkpoint,
    pub(crate) note: String,
}

/// The log of one stream.
pub(crate) struct Log<C> {
    origin: Origin,
    signer: NoteSigner,
    reader: Reader,
    head: HeldHead<C>,
    tiles: TileBuilder,
    /// The tree computed straight from the steps, beside the one that is stored.
    frontier: Frontier,
    /// Up to here, stored leaves were read back and found to be what the steps make.
    checked: TreeSize,
    locked: watch::Sender<TreeSize>,
    published: watch::Sender<Option<Arc<Published>>>,
}

impl<C: Cell> Log<C> {
    pub(crate) fn new(
        origin: Origin,
        signer: NoteSigner,
        reader: Reader,
        head: HeldHead<C>,
        locked: watch::Sender<TreeSize>,
        published: watch::Sender<Option<Arc<Published>>>,
    ) -> Result<Self, LogError> {
        let tiles = {
            let rows = reader.read()?;
            let size = TreeSize::new(rows.cursor().get());
            TileBuilder::resume(size, |id| stored_tile(&rows, id))?
        };
        Ok(Self {
            origin,
            signer,
            reader,
            head,
            tiles,
            frontier: Frontier::new(),
            checked: TreeSize::EMPTY,
            locked,
            published,
        })
    }

    fn grow(&mut self, hash: Hash) -> Result<(), LogError> {
        self.frontier.push(hash);
        let signed = self.head.held().filter(|head| head.size == self.frontier.size());
        if signed.is_some_and(|head| head.root != self.frontier.root()) {
            return Err(LogError::Forked(self.frontier.size()));
        }
        Ok(())
    }

    /// Reads back what was committed and not read back yet, and computes the tree anew from those bytes.
    fn read_back(&self) -> Result<TreeHead, LogError> {
        let rows = self.reader.read()?;
        let size = TreeSize::new(rows.cursor().get());
        let tiles = TileReader::new(size, |id| stored_tile(&rows, id));
        let mut tree = Frontier::read(self.checked, &tiles)?;
        for index in self.checked.get()..size.get() {
            let index = LeafIndex::new(index);
            let leaf = stored_leaf(&rows, index)?.ok_or(LogError::ReadBack(size))?;
            Leaf::parse(&leaf).map_err(|_| LogError::OtherLeaf(index))?;
            tree.push(leaf_hash(&leaf));
        }
        if tree.head() != self.frontier.head() || tlog::tree::root(size, &tiles)? != tree.root() {
            return Err(LogError::ReadBack(size));
        }
        Ok(tree.head())
    }
}

impl<C: Cell> View for Log<C> {
    type Error = LogError;

    const SERVICE: &'static str = "audit";
    const ROW_VERSION: u32 = 1;

    fn replayed(&mut self, step: &Step) -> Result<(), LogError> {
        let leaf = step.logged()?;
        let stored = stored_leaf(&self.reader.read()?, leaf.index)?;
        if stored.as_deref() != Some(leaf.bytes.as_slice()) {
            return Err(LogError::OtherLeaf(leaf.index));
        }
        self.grow(leaf.hash)?;
        self.checked = self.frontier.size();
        Ok(())
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
        self.tiles.push(leaf.hash);
        self.grow(leaf.hash)
    }

    fn finish(&mut self, rows: &mut Rows) -> Result<(), LogError> {
        for tile in self.tiles.changed_tiles() {
            rows.put(TILES, &tile_key(tile.id), tile.to_bytes());
        }
        Ok(())
    }

    /// Staged and durable → read back and recomputed → held in two places → signed → published.
    async fn committed(&mut self, replica: &Replica, at_end: bool) -> Result<(), LogError> {
        let found = TreeSize::new(replica.position().get());
        let head = self.read_back()?;
        self.checked = head.size;
        match self.head.held().filter(|head| found < head.size) {
            Some(head) if at_end => {
                return Err(LogError::RolledBack {
                    signed: head.size,
                    found,
                });
            }
            // Rows are being rebuilt: what was signed is still ahead.
            Some(_) => return Ok(()),
            None => {}
        }
        self.head.replace(head).await?;
        self.locked.send_replace(head.size);
        let checkpoint = Checkpoint::new(self.origin.clone(), head);
        let note = checkpoint.sign(&self.signer)?;
        self.published
            .send_replace(Some(Arc::new(Published { checkpoint, note })));
        Ok(())
    }
}

pub(crate) fn stored_leaf(rows: &Snapshot<'_>, index: LeafIndex) -> Result<Option<Vec<u8>>, StoreError> {
    rows.get(LEAVES, &index.get().to_be_bytes())
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
