//! The Merkle tree of RFC 6962: hashing, the growing edge, and both kinds of proof.
//!
//! A node is named by its level (0: leaf hashes) and its index on that level; it stands for the leaves
//! `index · 2^level .. (index + 1) · 2^level`, all of which exist. Whatever is incomplete at the right edge is computed from
//! such nodes. Proofs are verified by the algorithms of RFC 9162 §2.1.3.2 and §2.1.4.2.

use core::fmt;

use thiserror::Error;

use crate::hash::Hash;

/// The largest tree: 2^63 − 1 leaves, so that no sum of two indices overflows (and c2sp.org/tlog-witness allows no more).
pub const TREE_SIZE_MAX: TreeSize = TreeSize((1 << 63) - 1);

/// Hashes in the longest inclusion proof: one for each level of a tree of 2^63 − 1 leaves.
pub const INCLUSION_HASHES_MAX: usize = 63;

/// Hashes in the longest consistency proof: one for each level, and the node that both trees share.
pub const CONSISTENCY_HASHES_MAX: usize = 64;

/// The place of a leaf, counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeafIndex(u64);

/// A number of leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreeSize(u64);

/// How large a tree is and what it hashes to; unsigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeHead {
    /// Number of leaves.
    pub size: TreeSize,
    /// Root hash of the tree of that size.
    pub root: Hash,
}

/// The right edge of a tree: the roots of its complete subtrees, largest first. It is all that appending needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: TreeSize,
    /// One hash for each set bit of `size`, from the highest bit down.
    hashes: Vec<Hash>,
}

/// The hashes from a leaf's sibling up to a child of the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// From the leaf upwards.
    pub hashes: Vec<Hash>,
}

/// The hashes that compute both an old root and a later one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// In the order of RFC 6962 §2.1.2.
    pub hashes: Vec<Hash>,
}

/// Why a proof could not be made, or does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The tree is larger than any this crate serves.
    #[error("a tree of {0} leaves is larger than 2^63 - 1")]
    TreeTooLarge(TreeSize),
    /// The leaf is not in the tree.
    #[error("leaf {index} lies outside a tree of {size} leaves")]
    IndexOutside {
        /// The leaf asked for.
        index: LeafIndex,
        /// The tree asked about.
        size: TreeSize,
    },
    /// The older tree has more leaves than the newer one.
    #[error("the older tree has {old} leaves, the newer only {new}")]
    OldLarger {
        /// Leaves of the older tree.
        old: TreeSize,
        /// Leaves of the newer tree.
        new: TreeSize,
    },
    /// The reader does not have a node of a tree of this size: what is stored is incomplete.
    #[error("the stored tree lacks node {index} of level {level}")]
    MissingNode {
        /// Its level; 0 are the leaf hashes.
        level: u8,
        /// Its index on that level.
        index: u64,
    },
    /// The proof has more or fewer hashes than these sizes allow.
    #[error("the proof has {0} hashes, which is not the number for these sizes")]
    WrongLength(usize),
    /// A tree of no leaves has one root only, and this is another.
    #[error("the root of an empty tree must be the SHA-256 of nothing")]
    EmptyRoot,
    /// The hashes lead to another root: the claim is false.
    #[error("the proof leads to another root")]
    RootMismatch,
}

/// Where the hashes of complete subtrees are read from.
pub trait NodeReader {
    /// The root of the complete subtree `index` of 2^`level` leaves; `None` if it is not stored.
    fn node(&self, level: u8, index: u64) -> Option<Hash>;
}

/// Hash of a leaf: SHA-256(0x00 ‖ leaf).
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    Hash::of(&[&[0x00], leaf])
}

/// Hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash::of(&[&[0x01], left.as_bytes(), right.as_bytes()])
}

/// Root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    Hash::of(&[])
}

/// Root of the first `size` leaves, computed from stored nodes.
pub fn root(size: TreeSize, reader: &impl NodeReader) -> Result<Hash, ProofError> {
    if size == TreeSize::EMPTY {
        return Ok(empty_root());
    }
    range_hash(0, size.in_range()?, reader)
}

/// Proves that leaf `index` is in the tree of the first `size` leaves.
pub fn prove_inclusion(
    index: LeafIndex,
    size: TreeSize,
    reader: &impl NodeReader,
) -> Result<InclusionProof, ProofError> {
    let (mut begin, mut end) = (0, size.in_range()?);
    if index.0 >= end {
        return Err(ProofError::IndexOutside { index, size });
    }
    let mut hashes = Vec::new();
    while end - begin > 1 {
        let middle = begin + split(end - begin);
        if index.0 < middle {
            hashes.push(range_hash(middle, end, reader)?);
            end = middle;
        } else {
            hashes.push(range_hash(begin, middle, reader)?);
            begin = middle;
        }
    }
    hashes.reverse();
    Ok(InclusionProof { hashes })
}

/// Proves that the first `old` leaves are the beginning of the first `new`. From the empty tree the proof is empty.
pub fn prove_consistency(
    old: TreeSize,
    new: TreeSize,
    reader: &impl NodeReader,
) -> Result<ConsistencyProof, ProofError> {
    let (mut begin, mut end) = (0, new.in_range()?);
    if old > new {
        return Err(ProofError::OldLarger { old, new });
    }
    let mut hashes = Vec::new();
    if old == TreeSize::EMPTY {
        return Ok(ConsistencyProof { hashes });
    }
    while old.0 != end {
        let middle = begin + split(end - begin);
        if old.0 <= middle {
            hashes.push(range_hash(middle, end, reader)?);
            end = middle;
        } else {
            hashes.push(range_hash(begin, middle, reader)?);
            begin = middle;
        }
    }
    // The subtree that both trees end with; if it is the whole old tree, the verifier has its root already.
    if begin != 0 {
        hashes.push(range_hash(begin, end, reader)?);
    }
    hashes.reverse();
    Ok(ConsistencyProof { hashes })
}

impl LeafIndex {
    /// From a number counted from 0.
    #[must_use]
    pub const fn new(index: u64) -> Self {
        Self(index)
    }

    /// Counted from 0.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The smallest tree that holds this leaf, in which it is the last.
    #[must_use]
    pub const fn size_with(self) -> TreeSize {
        TreeSize(self.0.saturating_add(1))
    }
}

impl TreeSize {
    /// The tree without leaves.
    pub const EMPTY: Self = Self(0);

    /// From a number of leaves.
    #[must_use]
    pub const fn new(leaves: u64) -> Self {
        Self(leaves)
    }

    /// The number of leaves.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The index that the next leaf will have.
    #[must_use]
    pub const fn next_index(self) -> LeafIndex {
        LeafIndex(self.0)
    }

    /// The index of the last leaf; `None` in an empty tree.
    #[must_use]
    pub fn last_index(self) -> Option<LeafIndex> {
        self.0.checked_sub(1).map(LeafIndex)
    }

    fn in_range(self) -> Result<u64, ProofError> {
        if self > TREE_SIZE_MAX {
            return Err(ProofError::TreeTooLarge(self));
        }
        Ok(self.0)
    }
}

impl TreeHead {
    /// The head of the tree without leaves.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            size: TreeSize::EMPTY,
            root: empty_root(),
        }
    }

    /// Refuses a size out of range, and an empty tree with any root but its own.
    pub(crate) fn check(&self) -> Result<(), ProofError> {
        if self.size.in_range()? == 0 && self.root != empty_root() {
            return Err(ProofError::EmptyRoot);
        }
        Ok(())
    }
}

impl Frontier {
    /// The edge of the tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From the hashes that [`Frontier::hashes`] gave; `None` if their number does not fit the size.
    #[must_use]
    pub fn from_hashes(size: TreeSize, hashes: Vec<Hash>) -> Option<Self> {
        let fits = size <= TREE_SIZE_MAX && hashes.len() == size.0.count_ones() as usize;
        fits.then_some(Self { size, hashes })
    }

    /// From stored nodes.
    pub fn read(size: TreeSize, reader: &impl NodeReader) -> Result<Self, ProofError> {
        let hashes = complete_subtrees(0, size.in_range()?, reader)?;
        Ok(Self { size, hashes })
    }

    /// Appends a leaf by its hash.
    pub fn push(&mut self, leaf_hash: Hash) {
        assert!(self.size < TREE_SIZE_MAX, "a stream ends long before 2^63 records");
        let mut hash = leaf_hash;
        for _ in 0..self.size.0.trailing_ones() {
            let left = self.hashes.pop().expect("one hash for each set bit of the size");
            hash = node_hash(&left, &hash);
        }
        self.hashes.push(hash);
        self.size.0 += 1;
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> TreeSize {
        self.size
    }

    /// Roots of the complete subtrees, largest first.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Root hash of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        join(&self.hashes).unwrap_or_else(empty_root)
    }

    /// Size and root.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        TreeHead {
            size: self.size,
            root: self.root(),
        }
    }
}

impl InclusionProof {
    /// Holds if the leaf with this hash stands at `index` in the tree with this head.
    pub fn verify(&self, leaf_hash: &Hash, index: LeafIndex, head: &TreeHead) -> Result<(), ProofError> {
        head.check()?;
        if index.0 >= head.size.0 {
            return Err(ProofError::IndexOutside { index, size: head.size });
        }
        let mut climb = Climb {
            node: index.0,
            last: head.size.0 - 1,
        };
        let mut hash = *leaf_hash;
        for sibling in &self.hashes {
            hash = match climb.step() {
                None => return Err(self.wrong_length()),
                Some(Side::Left) => node_hash(sibling, &hash),
                Some(Side::Right) => node_hash(&hash, sibling),
            };
        }
        if climb.last != 0 {
            return Err(self.wrong_length());
        }
        same_root(&hash, &head.root)
    }

    fn wrong_length(&self) -> ProofError {
        ProofError::WrongLength(self.hashes.len())
    }
}

impl ConsistencyProof {
    /// Holds if the tree with the head `old` is the beginning of the tree with the head `new`.
    pub fn verify(&self, old: &TreeHead, new: &TreeHead) -> Result<(), ProofError> {
        old.check()?;
        new.check()?;
        if old.size > new.size {
            return Err(ProofError::OldLarger {
                old: old.size,
                new: new.size,
            });
        }
        if old.size == TreeSize::EMPTY {
            return self.must_be_empty();
        }
        if old.size == new.size {
            self.must_be_empty()?;
            return same_root(&old.root, &new.root);
        }
        self.verify_growth(old, new)
    }

    /// The case of RFC 9162 §2.1.4.2 where neither tree is empty and the new one is larger.
    fn verify_growth(&self, old: &TreeHead, new: &TreeHead) -> Result<(), ProofError> {
        let wrong_length = ProofError::WrongLength(self.hashes.len());
        let (start, rest) = if old.size.0.is_power_of_two() {
            (&old.root, self.hashes.as_slice())
        } else {
            self.hashes.split_first().ok_or(wrong_length)?
        };
        let shared_levels = (old.size.0 - 1).trailing_ones();
        let mut climb = Climb {
            node: (old.size.0 - 1) >> shared_levels,
            last: (new.size.0 - 1) >> shared_levels,
        };
        let (mut old_hash, mut new_hash) = (*start, *start);
        for sibling in rest {
            match climb.step() {
                None => return Err(wrong_length),
                Some(Side::Left) => {
                    old_hash = node_hash(sibling, &old_hash);
                    new_hash = node_hash(sibling, &new_hash);
                }
                Some(Side::Right) => new_hash = node_hash(&new_hash, sibling),
            }
        }
        if climb.last != 0 {
            return Err(wrong_length);
        }
        same_root(&old_hash, &old.root)?;
        same_root(&new_hash, &new.root)
    }

    fn must_be_empty(&self) -> Result<(), ProofError> {
        if self.hashes.is_empty() {
            return Ok(());
        }
        Err(ProofError::WrongLength(self.hashes.len()))
    }
}

impl fmt::Display for LeafIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for TreeSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// On which side of the running hash the next sibling stands.
enum Side {
    Left,
    Right,
}

/// A walk from a node to the root: `fn` and `sn` of RFC 9162, the node's index and the last index on the level reached.
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    /// To the next node that has a sibling; `None` at the root.
    fn step(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let sibling = if self.node & 1 == 1 || self.node == self.last {
            Side::Left
        } else {
            Side::Right
        };
        if self.node == self.last {
            // The last node of a level may have no sibling there: its parent is the node itself, on the next level.
            let levels = self.node.trailing_zeros();
            self.node >>= levels;
            self.last >>= levels;
        }
        self.node >>= 1;
        self.last >>= 1;
        Some(sibling)
    }
}

pub(crate) fn same_root(computed: &Hash, claimed: &Hash) -> Result<(), ProofError> {
    if computed != claimed {
        return Err(ProofError::RootMismatch);
    }
    Ok(())
}

/// The largest power of two below `leaves`, which is at least 2: where RFC 6962 divides a tree.
pub(crate) fn split(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}

/// Root of the leaves `begin..end`, not empty, a range that RFC 6962's division of a tree yields.
pub(crate) fn range_hash(begin: u64, end: u64, reader: &impl NodeReader) -> Result<Hash, ProofError> {
    let hashes = complete_subtrees(begin, end, reader)?;
    Ok(join(&hashes).expect("the range is not empty"))
}

/// Roots of the complete subtrees that make up such a range, largest first.
fn complete_subtrees(mut begin: u64, end: u64, reader: &impl NodeReader) -> Result<Vec<Hash>, ProofError> {
    let mut hashes = Vec::new();
    while begin < end {
        let level = (end - begin).ilog2();
        let (level, index) = (u8::try_from(level).expect("below 64"), begin >> level);
        hashes.push(
            reader
                .node(level, index)
                .ok_or(ProofError::MissingNode { level, index })?,
        );
        begin += 1 << level;
    }
    Ok(hashes)
}

/// Joins the roots of complete subtrees, largest first, into one.
fn join(hashes: &[Hash]) -> Option<Hash> {
    let (last, rest) = hashes.split_last()?;
    Some(rest.iter().rfold(*last, |right, left| node_hash(left, &right)))
}
