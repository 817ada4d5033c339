//! What the map holds for several keys, in one proof: shorter than a proof for each, since shared hashes stand once.
//!
//! The proof is the trie cut to the wanted keys, written from the root down, left before right. Which way each wanted key
//! goes follows from its bits, so that a part that no wanted key leads into is known to be opaque and needs no mark:
//!
//! ```text
//! empty map               nothing at all
//! part without wanted key 32 bytes, its hash
//! inner node              0x01 ‖ u8 bit ‖ left ‖ right        bits grow on the way down
//! leaf of a wanted key    0x02                                key and value are the claim's
//! leaf of another key     0x03 ‖ key, 32 bytes ‖ value, 32    every key that leads here is absent
//! ```
//!
//! For one map and one set of keys there is one such proof, and no other holds.

use thiserror::Error;

use super::head::MapKey;
use super::proof::{MapProof, inner_hash, leaf_hash};
use crate::hash::{HASH_BYTES, Hash};
use crate::tree::empty_root;

const INNER: u8 = 0x01;
const WANTED: u8 = 0x02;
const OTHER: u8 = 0x03;
/// Nodes of the longest path: one for each bit of a key.
const KEY_BITS: usize = 8 * HASH_BYTES;

/// What is said about a key: its value, or that the map does not have it.
pub type MapClaim = (MapKey, Option<Hash>);

/// What a map holds for several keys, provable against its root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapMultiProof(Vec<u8>);

/// Why proofs of single keys do not make one proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MergeError {
    /// No key, or not in strictly increasing order.
    #[error("the keys must be at least one, in strictly increasing order")]
    NotIncreasing,
    /// The proofs are not of these keys, or not of one map.
    #[error("the proofs are not those of these keys in one map")]
    NotOneMap,
}

/// Why a proof for several keys does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MapMultiProofError {
    /// No key, or not in strictly increasing order.
    #[error("the keys must be at least one, in strictly increasing order")]
    NotIncreasing,
    /// The bytes end before every key is proved.
    #[error("the proof ends before every key is proved")]
    CutShort,
    /// Bytes after the last key is proved.
    #[error("the proof goes on after every key is proved")]
    BytesLeft,
    /// A mark that means nothing.
    #[error("the proof has a node of the unknown kind {0}")]
    UnknownNode(u8),
    /// Bits that do not grow on the way down.
    #[error("the bits of the proof do not grow from the root down")]
    BitsNotIncreasing,
    /// A leaf that is not of the key that leads to it, or of several.
    #[error("a leaf of the proof is not of the one key that is claimed to be there")]
    NotThatLeaf,
    /// The other key is a wanted one, or stands where none of the wanted keys would be.
    #[error("the key found does not stand where the wanted key would be")]
    WrongPlace,
    /// The hashes lead to another root: a claim is false.
    #[error("the proof leads to another root")]
    RootMismatch,
}

impl MapMultiProof {
    /// From bytes, unread.
    #[must_use]
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// One proof of what single proofs against one root say, by keys in strictly increasing order.
    pub fn merge(proofs: &[(MapKey, MapProof)]) -> Result<Self, MergeError> {
        if proofs.is_empty() || !proofs.is_sorted_by(|(one, _), (next, _)| one < next) {
            return Err(MergeError::NotIncreasing);
        }
        if proofs.iter().all(|(_, proof)| *proof == MapProof::AbsenceInEmpty) {
            return Ok(Self(Vec::new()));
        }
        let paths: Option<Vec<_>> = proofs.iter().map(|(key, proof)| Path::of(key, proof)).collect();
        let mut bytes = Vec::new();
        write(&paths.ok_or(MergeError::NotOneMap)?, 0, &mut bytes).ok_or(MergeError::NotOneMap)?;
        Ok(Self(bytes))
    }

    /// Holds if the map with this root has what is claimed, by keys in strictly increasing order.
    pub fn verify(&self, root: &Hash, claims: &[MapClaim]) -> Result<(), MapMultiProofError> {
        if claims.is_empty() || !claims.is_sorted_by(|(one, _), (next, _)| one < next) {
            return Err(MapMultiProofError::NotIncreasing);
        }
        if self.0.is_empty() {
            return absent_in_empty(root, claims);
        }
        let mut reader = Reader {
            rest: &self.0,
            path: Vec::new(),
        };
        let wanted: Vec<_> = claims.iter().collect();
        let computed = reader.node(&wanted)?;
        if !reader.rest.is_empty() {
            return Err(MapMultiProofError::BytesLeft);
        }
        if computed != *root {
            return Err(MapMultiProofError::RootMismatch);
        }
        Ok(())
    }
}

fn absent_in_empty(root: &Hash, claims: &[MapClaim]) -> Result<(), MapMultiProofError> {
    if *root != empty_root() {
        return Err(MapMultiProofError::CutShort);
    }
    if claims.iter().any(|(_, value)| value.is_some()) {
        return Err(MapMultiProofError::NotThatLeaf);
    }
    Ok(())
}

/// A single proof, from the root down.
struct Path<'a> {
    key: &'a MapKey,
    /// The key and value found instead, where the wanted one is absent.
    other: Option<(&'a MapKey, &'a Hash)>,
    /// From the leaf to the root.
    steps: &'a [(u8, Hash)],
}

impl<'a> Path<'a> {
    fn of(key: &'a MapKey, proof: &'a MapProof) -> Option<Self> {
        let (other, steps) = match proof {
            MapProof::Presence { steps } => (None, steps),
            MapProof::Absence { other, value, steps } => (Some((other, value)), steps),
            MapProof::AbsenceInEmpty => return None,
        };
        (steps.len() <= KEY_BITS).then_some(Self { key, other, steps })
    }

    /// The inner node so many steps below the root.
    fn step(&self, depth: usize) -> Option<&'a (u8, Hash)> {
        self.steps.len().checked_sub(depth + 1).map(|at| &self.steps[at])
    }
}

/// Writes the node that all these paths pass at a depth, of which there are at most [`KEY_BITS`].
fn write(paths: &[Path<'_>], depth: usize, bytes: &mut Vec<u8>) -> Option<()> {
    let Some(&(bit, _)) = paths[0].step(depth) else {
        return write_leaf(paths, depth, bytes);
    };
    bytes.extend([INNER, bit]);
    let mut sides: [Vec<Path<'_>>; 2] = [Vec::new(), Vec::new()];
    let mut siblings = [None, None];
    for path in paths {
        let (other_bit, sibling) = path.step(depth)?;
        if *other_bit != bit {
            return None;
        }
        let side = usize::from(path.key.bit(bit));
        siblings[1 - side] = Some(sibling);
        sides[side].push(Path { ..*path });
    }
    for (side, sibling) in sides.iter().zip(siblings) {
        if side.is_empty() {
            bytes.extend_from_slice(sibling?.as_bytes());
        } else {
            write(side, depth + 1, bytes)?;
        }
    }
    Some(())
}

fn write_leaf(paths: &[Path<'_>], depth: usize, bytes: &mut Vec<u8>) -> Option<()> {
    if paths.iter().any(|path| path.step(depth).is_some()) {
        return None;
    }
    let mut present = paths.iter().filter(|path| path.other.is_none());
    let wanted = present.next().map(|path| path.key);
    if present.next().is_some() {
        return None;
    }
    let found = paths.iter().find_map(|path| path.other);
    let same = paths
        .iter()
        .filter_map(|path| path.other)
        .all(|other| Some(other) == found);
    match (wanted, found) {
        (Some(_), None) => bytes.push(WANTED),
        (Some(wanted), Some((other, _))) if same && wanted == other => bytes.push(WANTED),
        (None, Some((other, value))) if same => {
            bytes.push(OTHER);
            bytes.extend_from_slice(other.as_bytes());
            bytes.extend_from_slice(value.as_bytes());
        }
        _ => return None,
    }
    Some(())
}

struct Reader<'a> {
    rest: &'a [u8],
    /// The bits at which the way to the present node divides.
    path: Vec<u8>,
}

impl Reader<'_> {
    /// The hash of the next node, into which the wanted keys lead. Bits grow, so this goes at most 256 nodes deep.
    fn node(&mut self, wanted: &[&MapClaim]) -> Result<Hash, MapMultiProofError> {
        if wanted.is_empty() {
            return self.take().map(Hash::from_bytes);
        }
        let [kind] = self.take()?;
        match kind {
            INNER => self.inner(wanted),
            WANTED => leaf_of_one(wanted),
            OTHER => self.leaf_of_another(wanted),
            _ => Err(MapMultiProofError::UnknownNode(kind)),
        }
    }

    fn inner(&mut self, wanted: &[&MapClaim]) -> Result<Hash, MapMultiProofError> {
        let [bit] = self.take()?;
        if self.path.last().is_some_and(|above| bit <= *above) {
            return Err(MapMultiProofError::BitsNotIncreasing);
        }
        // An absent key need not share the bits that all keys below share, so the order of the keys does not divide them.
        let (right, left): (Vec<_>, Vec<_>) = wanted.iter().partition(|(key, _)| key.bit(bit));
        self.path.push(bit);
        let left = self.node(&left)?;
        let right = self.node(&right)?;
        self.path.pop();
        Ok(inner_hash(&left, &right, bit))
    }

    fn leaf_of_another(&mut self, wanted: &[&MapClaim]) -> Result<Hash, MapMultiProofError> {
        let other = MapKey::from_bytes(self.take()?);
        let value = Hash::from_bytes(self.take()?);
        if wanted.iter().any(|(_, value)| value.is_some()) {
            return Err(MapMultiProofError::NotThatLeaf);
        }
        // All wanted keys go the same way at every bit of the path.
        let on_path = self.path.iter().all(|bit| other.bit(*bit) == wanted[0].0.bit(*bit));
        if !on_path || wanted.iter().any(|(key, _)| *key == other) {
            return Err(MapMultiProofError::WrongPlace);
        }
        Ok(leaf_hash(&other, &value))
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], MapMultiProofError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(MapMultiProofError::CutShort)?;
        self.rest = rest;
        Ok(*taken)
    }
}

/// The leaf of the one key that is claimed to be there; the others that lead to it are absent.
fn leaf_of_one(wanted: &[&MapClaim]) -> Result<Hash, MapMultiProofError> {
    let mut present = wanted.iter().filter_map(|(key, value)| Some((key, value.as_ref()?)));
    let (key, value) = present.next().ok_or(MapMultiProofError::NotThatLeaf)?;
    if present.next().is_some() {
        return Err(MapMultiProofError::NotThatLeaf);
    }
    Ok(leaf_hash(key, value))
}
