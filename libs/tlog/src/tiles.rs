//! The tree cut into tiles of 256 hashes (c2sp.org/tlog-tiles): names, building, reading.
//!
//! Tile `n` of tile level `l` holds the nodes `n · 256 .. n · 256 + 256` of tree level `8 · l`; the levels between are computed
//! from it. The last tile of a level may be partial. Hashes are only ever added to a tile, so the widest stored tile serves
//! every smaller tree as well: a narrower one is its beginning.

use core::cell::RefCell;
use core::fmt;
use core::str::FromStr;
use std::collections::BTreeMap;

use thiserror::Error;

use crate::hash::{HASH_BYTES, Hash};
use crate::leaf::LEAF_BYTES_MAX;
use crate::tree::{NodeReader, ProofError, TREE_SIZE_MAX, TreeSize, node_hash};

/// Hashes in a full tile.
pub const TILE_WIDTH: usize = 256;

/// Bytes of a full tile: 256 hashes of 32 bytes.
pub const TILE_BYTES_MAX: usize = TILE_WIDTH * HASH_BYTES;

/// Tree levels that one tile level spans: 2^8 = 256.
const TILE_LEVELS: u8 = 8;

/// Highest tile level that a path may name (tlog-tiles). Trees of 2^63 leaves reach level 7.
const PATH_LEVEL_MAX: u8 = 63;

/// Longest path: `tile/entries/` or `tile/63/`, 20 digits of `n` as seven groups `x123/`, and `.p/255`.
const PATH_BYTES_MAX: usize = 13 + 7 * 5 + 6;

/// Tiles that one reader keeps: 64 × 8,192 bytes = 512 KiB. A proof needs at most two from each of the 8 tile levels.
const TILES_KEPT_MAX: usize = 64;

/// The name of a tile, without its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// Tile level; level 0 holds leaf hashes.
    pub level: u8,
    /// Place on the level, counted from 0.
    pub n: u64,
}

/// A tile with its hashes: 1 to 256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Which tile.
    pub id: TileId,
    /// Its hashes from the left.
    pub hashes: Vec<Hash>,
}

/// What a path below the log's prefix asks for. `width` is 1 to 256; 256 is a full tile, whose path does not name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TilePath {
    /// `tile/<L>/<N>[.p/<W>]`: hashes.
    Hashes {
        /// Which tile.
        id: TileId,
        /// How many hashes.
        width: u16,
    },
    /// `tile/entries/<N>[.p/<W>]`: the leaves under a tile of level 0.
    Entries {
        /// Place of that tile.
        n: u64,
        /// How many leaves.
        width: u16,
    },
}

/// Why tiles cannot be built, read or named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TileError {
    /// The store lacks a tile that a tree of the stored size has, or holds one too narrow or not made of whole hashes.
    #[error("tile {} of level {} is missing or too short: rebuild the tiles from the stream", .0.n, .0.level)]
    Incomplete(TileId),
    /// The tree is larger than any this crate serves.
    #[error("a tree of {0} leaves is larger than 2^63 - 1")]
    TreeTooLarge(TreeSize),
    /// Not a path of tlog-tiles in its one spelling.
    #[error("not a tile path; expected tile/<level>/<n>[.p/<width>] or tile/entries/<n>[.p/<width>]")]
    NotAPath,
    /// An entry bundle that is cut off, holds more than a tile's worth, or a leaf too long for its length prefix.
    #[error("not an entry bundle of 1 to 256 leaves, each behind its length of two bytes")]
    NotABundle,
}

/// Appends leaf hashes and says which tiles that changed.
///
/// Holds the partial tiles of the right edge (at most 255 hashes for each of 8 levels) and the changes not yet taken.
#[derive(Clone, Debug)]
pub struct TileBuilder {
    size: TreeSize,
    /// The partial tile of each level; the one of level `l` is `edge[l]`.
    edge: Vec<Vec<Hash>>,
    changed: BTreeMap<TileId, Vec<Hash>>,
}

/// Reads the nodes of a tree of `size` leaves from stored tiles.
///
/// `fetch` gives the bytes of a tile's row, which may be wider than this size needs. Each tile is fetched once in a while
/// (a reader keeps the latest few), so make one reader for each answer.
pub struct TileReader<F> {
    size: TreeSize,
    fetch: F,
    kept: RefCell<BTreeMap<TileId, Vec<u8>>>,
}

/// An entry bundle: each leaf behind its length, two bytes, big-endian.
pub fn encode_entries<'a>(leaves: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, TileError> {
    let mut bundle = Vec::new();
    for leaf in leaves {
        let length = u16::try_from(leaf.len()).map_err(|_| TileError::NotABundle)?;
        bundle.extend_from_slice(&length.to_be_bytes());
        bundle.extend_from_slice(leaf);
    }
    Ok(bundle)
}

/// The leaves of an entry bundle.
pub fn decode_entries(bundle: &[u8]) -> Result<Vec<&[u8]>, TileError> {
    if bundle.is_empty() || bundle.len() > TILE_WIDTH * (2 + LEAF_BYTES_MAX) {
        return Err(TileError::NotABundle);
    }
    let mut leaves = Vec::new();
    let mut rest = bundle;
    while !rest.is_empty() {
        let (leaf, after) = first_entry(rest).ok_or(TileError::NotABundle)?;
        leaves.push(leaf);
        rest = after;
    }
    if leaves.len() > TILE_WIDTH {
        return Err(TileError::NotABundle);
    }
    Ok(leaves)
}

/// The first leaf of what [`encode_entries`] wrote, and what stands behind it; `None` where the leaf is not whole.
#[must_use]
pub fn first_entry(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(u16::from_be_bytes(*length).into())
}

impl TileId {
    /// The tile that holds what node `index` of tree level `level` is computed from.
    #[must_use]
    pub const fn of_node(level: u8, index: u64) -> Self {
        Self {
            level: level / TILE_LEVELS,
            n: index >> (TILE_LEVELS - level % TILE_LEVELS),
        }
    }

    /// How many hashes it has in a tree of `size` leaves: 0 (it does not exist yet) to 256.
    #[must_use]
    pub fn width_at(self, size: TreeSize) -> usize {
        let nodes = nodes_on(self.level, size);
        let first = self.n.saturating_mul(TILE_WIDTH as u64);
        usize::try_from(nodes.saturating_sub(first)).map_or(TILE_WIDTH, |width| width.min(TILE_WIDTH))
    }
}

impl Tile {
    /// Its bytes as served and stored: the hashes, one after the other.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.hashes.iter().flat_map(Hash::as_bytes).copied().collect()
    }
}

impl TileBuilder {
    /// The builder of a tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self {
            size: TreeSize::EMPTY,
            edge: Vec::new(),
            changed: BTreeMap::new(),
        }
    }

    /// Goes on from stored tiles: `fetch` gives the bytes of the row of a tile.
    pub fn resume(size: TreeSize, fetch: impl Fn(TileId) -> Option<Vec<u8>>) -> Result<Self, TileError> {
        if size > TREE_SIZE_MAX {
            return Err(TileError::TreeTooLarge(size));
        }
        let mut edge = Vec::new();
        for level in (0..).take_while(|level| nodes_on(*level, size) > 0) {
            edge.push(read_edge(level, size, &fetch)?);
        }
        Ok(Self {
            size,
            edge,
            changed: BTreeMap::new(),
        })
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> TreeSize {
        self.size
    }

    /// Appends a leaf by its hash.
    pub fn push(&mut self, leaf_hash: Hash) {
        assert!(self.size < TREE_SIZE_MAX, "a stream ends long before 2^63 records");
        self.size = TreeSize::new(self.size.get() + 1);
        let mut hash = leaf_hash;
        for level in 0.. {
            match self.push_on(level, hash) {
                Some(full) => hash = full,
                None => return,
            }
        }
    }

    /// The tiles that differ from those at the last call (or at the start), each with all its hashes, in order of their names.
    pub fn changed_tiles(&mut self) -> Vec<Tile> {
        let changed = core::mem::take(&mut self.changed);
        changed
            .into_iter()
            .map(|(id, hashes)| self.with_hashes(id, hashes))
            .collect()
    }

    /// Appends to the edge of one level. A tile that this fills leaves the edge; its root belongs on the next level.
    fn push_on(&mut self, level: u8, hash: Hash) -> Option<Hash> {
        let place = usize::from(level);
        if self.edge.len() == place {
            self.edge.push(Vec::new());
        }
        self.edge[place].push(hash);
        let n = (nodes_on(level, self.size) - 1) / TILE_WIDTH as u64;
        let full = self.edge[place].len() == TILE_WIDTH;
        let hashes = if full {
            core::mem::take(&mut self.edge[place])
        } else {
            Vec::new()
        };
        let root = full.then(|| complete_root(&hashes));
        self.changed.insert(TileId { level, n }, hashes);
        root
    }

    /// A tile still on the edge is noted without its hashes, which would be stale by now.
    fn with_hashes(&self, id: TileId, hashes: Vec<Hash>) -> Tile {
        let hashes = if hashes.is_empty() {
            self.edge[usize::from(id.level)].clone()
        } else {
            hashes
        };
        Tile { id, hashes }
    }
}

impl Default for TileBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl<F: Fn(TileId) -> Option<Vec<u8>>> TileReader<F> {
    /// Reads the tree of the first `size` leaves.
    pub fn new(size: TreeSize, fetch: F) -> Self {
        Self {
            size,
            fetch,
            kept: RefCell::new(BTreeMap::new()),
        }
    }

    /// Compares each tile filled since the tree had `since` leaves with the hash that stands for it one level above, and
    /// returns the root of the tree. It is the check, before signing, that what was stored is what was computed: the root alone
    /// is read from the upper levels and says nothing of the tiles below them.
    pub fn check_since(&self, since: TreeSize) -> Result<Hash, ProofError> {
        for level in (1..).take_while(|level| nodes_on(*level, self.size) > 0) {
            for index in nodes_on(level, since)..nodes_on(level, self.size) {
                self.check_node(level, index)?;
            }
        }
        crate::tree::root(self.size, self)
    }

    fn check_node(&self, tile_level: u8, index: u64) -> Result<(), ProofError> {
        let level = tile_level * TILE_LEVELS;
        let missing = ProofError::MissingNode { level, index };
        let below = TileId {
            level: tile_level - 1,
            n: index,
        };
        let full = self.hashes(below, 0, TILE_WIDTH).ok_or(missing)?;
        if self.node(level, index).ok_or(missing)? != complete_root(&full) {
            return Err(ProofError::RootMismatch);
        }
        Ok(())
    }

    /// Some hashes of a tile; `None` if the store lacks them.
    fn hashes(&self, id: TileId, first: usize, count: usize) -> Option<Vec<Hash>> {
        let mut kept = self.kept.borrow_mut();
        if !kept.contains_key(&id) {
            let row = (self.fetch)(id)?;
            if kept.len() == TILES_KEPT_MAX {
                kept.clear();
            }
            kept.insert(id, row);
        }
        hashes_in(kept.get(&id)?, first, count)
    }
}

impl<F: Fn(TileId) -> Option<Vec<u8>>> NodeReader for TileReader<F> {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        let complete = self.size.get().checked_shr(level.into()).unwrap_or(0);
        if index >= complete {
            return None;
        }
        let height = level % TILE_LEVELS;
        let count = 1 << height;
        let first = usize::try_from(index % (TILE_WIDTH as u64 >> height)).ok()? * count;
        let hashes = self.hashes(TileId::of_node(level, index), first, count)?;
        Some(complete_root(&hashes))
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, width) = match *self {
            Self::Hashes { id, width } => {
                write!(f, "tile/{}/", id.level)?;
                (id.n, width)
            }
            Self::Entries { n, width } => {
                f.write_str("tile/entries/")?;
                (n, width)
            }
        };
        write_grouped(f, n)?;
        if usize::from(width) == TILE_WIDTH {
            return Ok(());
        }
        write!(f, ".p/{width}")
    }
}

impl FromStr for TilePath {
    type Err = TileError;

    fn from_str(path: &str) -> Result<Self, TileError> {
        let parsed = parse_path(path).ok_or(TileError::NotAPath)?;
        // One spelling only: no leading zeros, signs or superfluous groups.
        if parsed.to_string() != path {
            return Err(TileError::NotAPath);
        }
        Ok(parsed)
    }
}

/// Nodes on tree level `8 · tile_level` of a tree of `size` leaves.
fn nodes_on(tile_level: u8, size: TreeSize) -> u64 {
    let shift = u32::from(tile_level) * u32::from(TILE_LEVELS);
    size.get().checked_shr(shift).unwrap_or(0)
}

/// The hashes of the partial tile at the end of a level; none if the last tile is full.
fn read_edge(level: u8, size: TreeSize, fetch: &impl Fn(TileId) -> Option<Vec<u8>>) -> Result<Vec<Hash>, TileError> {
    let id = TileId {
        level,
        n: nodes_on(level, size) / TILE_WIDTH as u64,
    };
    let width = id.width_at(size);
    if width == 0 {
        return Ok(Vec::new());
    }
    let row = fetch(id).ok_or(TileError::Incomplete(id))?;
    hashes_in(&row, 0, width).ok_or(TileError::Incomplete(id))
}

/// `count` hashes of a tile's row; `None` if it has fewer, or is not made of whole hashes.
fn hashes_in(row: &[u8], first: usize, count: usize) -> Option<Vec<Hash>> {
    if !row.len().is_multiple_of(HASH_BYTES) || row.len() > TILE_BYTES_MAX {
        return None;
    }
    let bytes = row.get(first * HASH_BYTES..(first + count) * HASH_BYTES)?;
    bytes.chunks_exact(HASH_BYTES).map(Hash::from_slice).collect()
}

/// Root of a complete subtree over 1, 2, 4 … 256 nodes.
fn complete_root(hashes: &[Hash]) -> Hash {
    debug_assert!(hashes.len().is_power_of_two(), "a complete subtree");
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        level = level
            .chunks_exact(2)
            .map(|pair| node_hash(&pair[0], &pair[1]))
            .collect();
    }
    level[0]
}

/// In groups of three digits, all but the last behind an `x`: 1234067 is `x001/x234/067`.
fn write_grouped(f: &mut fmt::Formatter<'_>, n: u64) -> fmt::Result {
    let mut groups = vec![n % 1_000];
    let mut rest = n / 1_000;
    while rest > 0 {
        groups.push(rest % 1_000);
        rest /= 1_000;
    }
    for group in groups.iter().skip(1).rev() {
        write!(f, "x{group:03}/")?;
    }
    write!(f, "{:03}", groups[0])
}

fn parse_path(path: &str) -> Option<TilePath> {
    if path.len() > PATH_BYTES_MAX {
        return None;
    }
    let (kind, place) = path.strip_prefix("tile/")?.split_once('/')?;
    let (n, width) = match place.split_once(".p/") {
        None => (place, TILE_WIDTH.try_into().ok()?),
        Some((n, width)) => (n, parse_partial_width(width)?),
    };
    let n = n.replace("/x", "").replace(['/', 'x'], "").parse().ok()?;
    if kind == "entries" {
        return Some(TilePath::Entries { n, width });
    }
    let level = kind.parse().ok().filter(|level| *level <= PATH_LEVEL_MAX)?;
    Some(TilePath::Hashes {
        id: TileId { level, n },
        width,
    })
}

fn parse_partial_width(width: &str) -> Option<u16> {
    width
        .parse()
        .ok()
        .filter(|width| (1..TILE_WIDTH).contains(&usize::from(*width)))
}
