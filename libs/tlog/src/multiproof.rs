//! One proof that several leaves are in a tree: shorter than a proof for each, since shared hashes stand once.
//!
//! The tree is divided as RFC 6962 divides it. Where a part holds none of the leaves, the proof has its root; parts are
//! written from left to right.

use crate::hash::Hash;
use crate::tree::{LeafIndex, NodeReader, ProofError, TreeHead, TreeSize, node_hash, range_hash, same_root, split};

/// That several leaves are in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiProof {
    /// Roots of the parts without any of the leaves, from left to right.
    pub hashes: Vec<Hash>,
}

/// Why leaves cannot be proved together, or the proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MultiProofError {
    /// No leaf, or not in strictly increasing order.
    #[error("the leaves must be at least one, in strictly increasing order")]
    NotIncreasing,
    /// The proof has more or fewer hashes than these leaves need.
    #[error("the proof does not have the number of hashes that these leaves need")]
    WrongLength,
    /// As for one leaf.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// Proves that the leaves at `indexes`, strictly increasing, are in the tree of the first `size` leaves.
pub fn prove_all(
    indexes: &[LeafIndex],
    size: TreeSize,
    reader: &impl NodeReader,
) -> Result<MultiProof, MultiProofError> {
    in_order(indexes.iter().copied(), size)?;
    let mut hashes = Vec::new();
    collect(0..size.get(), indexes, reader, &mut hashes)?;
    Ok(MultiProof { hashes })
}

impl MultiProof {
    /// Holds if every leaf, given by index and leaf hash in strictly increasing order, is in the tree with this head.
    pub fn verify(&self, leaves: &[(LeafIndex, Hash)], head: &TreeHead) -> Result<(), MultiProofError> {
        head.check()?;
        in_order(leaves.iter().map(|(index, _)| *index), head.size)?;
        let mut rest = self.hashes.iter();
        let root = fold(0..head.size.get(), leaves, &mut rest).ok_or(MultiProofError::WrongLength)?;
        if rest.next().is_some() {
            return Err(MultiProofError::WrongLength);
        }
        Ok(same_root(&root, &head.root)?)
    }
}

fn in_order(mut indexes: impl Iterator<Item = LeafIndex>, size: TreeSize) -> Result<(), MultiProofError> {
    let mut last = indexes.next().ok_or(MultiProofError::NotIncreasing)?;
    for index in indexes {
        if index <= last {
            return Err(MultiProofError::NotIncreasing);
        }
        last = index;
    }
    if size.get() <= last.get() {
        return Err(ProofError::IndexOutside { index: last, size }.into());
    }
    Ok(())
}

/// Halves the range at each call, so it nests at most 63 deep.
fn collect(
    range: core::ops::Range<u64>,
    wanted: &[LeafIndex],
    reader: &impl NodeReader,
    hashes: &mut Vec<Hash>,
) -> Result<(), ProofError> {
    if wanted.is_empty() {
        hashes.push(range_hash(range.start, range.end, reader)?);
        return Ok(());
    }
    if range.end - range.start == 1 {
        return Ok(());
    }
    let middle = range.start + split(range.end - range.start);
    let (left, right) = wanted.split_at(wanted.partition_point(|index| index.get() < middle));
    collect(range.start..middle, left, reader, hashes)?;
    collect(middle..range.end, right, reader, hashes)
}

/// Halves the range at each call, so it nests at most 63 deep.
fn fold<'a>(
    range: core::ops::Range<u64>,
    leaves: &[(LeafIndex, Hash)],
    proof: &mut impl Iterator<Item = &'a Hash>,
) -> Option<Hash> {
    if leaves.is_empty() {
        return proof.next().copied();
    }
    if range.end - range.start == 1 {
        return Some(leaves[0].1);
    }
    let middle = range.start + split(range.end - range.start);
    let (left, right) = leaves.split_at(leaves.partition_point(|(index, _)| index.get() < middle));
    let left = fold(range.start..middle, left, proof)?;
    let right = fold(middle..range.end, right, proof)?;
    Some(node_hash(&left, &right))
}
