//! Tiles as a store gives them back, which is not trusted: every way to read a tree from them finds the same root or that
//! they are incomplete, and building goes on from them as the tree itself would.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use tlog::tiles::{TILE_WIDTH, Tile, TileBuilder, TileId, TileReader};
use tlog::tree::{Frontier, NodeReader, TREE_SIZE_MAX, leaf_hash, prove_consistency, prove_inclusion, root};
use tlog::{LeafIndex, TreeHead, TreeSize};

/// Leaves that are appended: enough to fill a tile.
const APPENDED_MAX: usize = 260;

/// What a store holds: the same bytes in each row, begun at another place.
struct Stored<'a> {
    bytes: &'a [u8],
    length: usize,
    /// A tile that is not there.
    missing: TileId,
}

/// The tree's size as a number and a shift, a leaf, an old size, the length of a row, the level and number of the missing
/// tile, how many leaves are appended, and what the rows are made of.
type Input<'a> = ((u64, u8), u64, u64, u16, (u8, u64), u16, &'a [u8]);

fuzz_target!(|input: Input<'_>| {
    let ((size, shift), index, old, length, (level, n), appended, bytes) = input;
    let size = TreeSize::new(size >> (shift % 64));
    let (length, missing) = (length.into(), TileId { level, n });
    let stored = Stored { bytes, length, missing };
    let reader = TileReader::new(size, |id| stored.row(id));
    let frontier = Frontier::read(size, &reader);
    let found = root(size, &reader);
    assert_eq!(frontier.as_ref().map(Frontier::root), found.as_ref().copied());
    if let Ok(checked) = reader.check_since(TreeSize::new(old)) {
        assert_eq!(Ok(checked), found);
    }
    if let Ok(root) = found {
        check_proofs(
            &TreeHead { size, root },
            LeafIndex::new(index),
            TreeSize::new(old),
            &stored,
        );
    }
    if let (Ok(builder), Ok(frontier)) = (TileBuilder::resume(size, |id| stored.row(id)), frontier) {
        check_appended(builder, frontier, usize::from(appended) % APPENDED_MAX, &stored);
    }
});

impl Stored<'_> {
    fn row(&self, id: TileId) -> Option<Vec<u8>> {
        if id == self.missing || self.bytes.is_empty() {
            return None;
        }
        let start = id.n.wrapping_mul(7).wrapping_add(id.level.into()) % self.bytes.len() as u64;
        let mut row = self.bytes.get(usize::try_from(start).ok()?..)?.to_vec();
        while row.len() < self.length {
            row.extend_from_slice(self.bytes);
        }
        row.truncate(self.length);
        Some(row)
    }
}

/// A tree whose only tile is not full cannot contradict itself, so that every proof made from it holds.
fn check_proofs(head: &TreeHead, index: LeafIndex, old: TreeSize, stored: &Stored<'_>) {
    let reader = TileReader::new(head.size, |id| stored.row(id));
    let of_one_tile = head.size.get() < TILE_WIDTH as u64;
    if let Ok(proof) = prove_inclusion(index, head.size, &reader) {
        let holds = reader
            .node(0, index.get())
            .is_some_and(|leaf| proof.verify(&leaf, index, head).is_ok());
        assert!(holds || !of_one_tile);
    }
    if let Ok(proof) = prove_consistency(old, head.size, &reader) {
        let before = root(old, &reader).map(|root| TreeHead { size: old, root });
        let holds = before.is_ok_and(|before| proof.verify(&before, head).is_ok());
        assert!(holds || !of_one_tile);
    }
}

/// What the builder stores is what the tree that only ever knew its edge computes.
fn check_appended(mut builder: TileBuilder, mut frontier: Frontier, appended: usize, stored: &Stored<'_>) {
    let before = frontier.size();
    let appended = TREE_SIZE_MAX.get().saturating_sub(before.get()).min(appended as u64);
    for leaf in 0..appended {
        let hash = leaf_hash(&leaf.to_be_bytes());
        builder.push(hash);
        frontier.push(hash);
    }
    assert_eq!(builder.size(), frontier.size());
    let changed: BTreeMap<TileId, Vec<u8>> = builder
        .changed_tiles()
        .iter()
        .map(|tile: &Tile| (tile.id, tile.to_bytes()))
        .collect();
    let reader = TileReader::new(builder.size(), |id| {
        changed.get(&id).cloned().or_else(|| stored.row(id))
    });
    // The root alone says nothing of the tiles that were filled.
    assert_eq!(reader.check_since(before), Ok(frontier.root()));
}
