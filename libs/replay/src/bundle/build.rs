//! Gathering a bundle.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use event::{DeploymentId, LotId, VerifiedStatement};
use thiserror::Error;
use tlog::map::{MapHead, MapKey, MapProof};
use tlog::multiproof::{MultiProofError, prove_all};
use tlog::tree::NodeReader;
use tlog::{Leaf, LeafIndex, TreeSize};

use super::wire::{FORMAT, Wire, WireKey, WireLeaf, text};
use super::{BUNDLE_BYTES_MAX, BUNDLE_KEYS_MAX, BUNDLE_LEAVES_MAX, rests_on};
use crate::checked::check;
use crate::touches::{Touched, policy_key};

/// A log at the size of its checkpoint.
pub trait Source: NodeReader {
    /// Why it cannot be read.
    type Error;

    /// The leaf at an index.
    fn leaf(&self, index: LeafIndex) -> Result<Vec<u8>, Self::Error>;

    /// Where the records under a map key stand, in order, at most `max` of them.
    fn indexes(&self, key: &MapKey, max: usize) -> Result<Vec<LeafIndex>, Self::Error>;

    /// What the map holds for a key, and the proof of it.
    fn map(&self, key: &MapKey) -> Result<(Option<MapHead>, MapProof), Self::Error>;
}

/// Why there is no bundle.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BuildError<E> {
    /// The lot is not in the log, or rests on more than a bundle may hold.
    #[error("no record of this lot is in the log")]
    NoSuchLot,
    /// More than a bundle may hold.
    #[error("the lot rests on more records than a proof bundle may hold")]
    TooLarge,
    /// The stored tree is incomplete.
    #[error("the stored tree is incomplete: {0}")]
    Tree(#[from] MultiProofError),
    /// The log cannot be read.
    #[error("the log cannot be read: {0}")]
    Source(E),
}

/// The bundle of `lot` at the checkpoint `note`, which signs `size` leaves.
pub fn build<S: Source>(
    lot: LotId,
    deployment: DeploymentId,
    note: &str,
    size: TreeSize,
    source: &S,
) -> Result<Vec<u8>, BuildError<S::Error>> {
    let (keys, mut leaves) = gather(lot, deployment, source)?;
    let last = size.last_index().ok_or(BuildError::NoSuchLot)?;
    if let std::collections::btree_map::Entry::Vacant(place) = leaves.entry(last) {
        place.insert(source.leaf(last).map_err(BuildError::Source)?);
    }
    let mut map = Vec::with_capacity(keys.len());
    for key in &keys {
        let (head, proof) = source.map(&key.key()).map_err(BuildError::Source)?;
        map.push(WireKey::new(key, head, &proof));
    }
    let indexes: Vec<_> = leaves.keys().copied().collect();
    let tree = prove_all(&indexes, size, source)?;
    let wire = Wire {
        format: FORMAT.to_owned(),
        lot,
        checkpoint: note.to_owned(),
        map,
        leaves: leaves.iter().map(|(index, leaf)| WireLeaf::new(*index, leaf)).collect(),
        tree: tree.hashes.iter().map(text).collect(),
    };
    let bytes = wire.encode();
    if BUNDLE_BYTES_MAX < bytes.len() {
        return Err(BuildError::TooLarge);
    }
    Ok(bytes)
}

type Gathered = (BTreeSet<Touched>, BTreeMap<LeafIndex, Vec<u8>>);

/// The lot's records, and from them everything they rest on.
fn gather<S: Source>(lot: LotId, deployment: DeploymentId, source: &S) -> Result<Gathered, BuildError<S::Error>> {
    let mut leaves = BTreeMap::new();
    let mut keys = BTreeSet::new();
    let mut open = vec![policy_key(), Touched::lot(lot)];
    while let Some(key) = open.pop() {
        if !keys.insert(key.clone()) {
            continue;
        }
        if BUNDLE_KEYS_MAX < keys.len() || BUNDLE_LEAVES_MAX < leaves.len() {
            return Err(BuildError::TooLarge);
        }
        let indexes = source
            .indexes(&key.key(), BUNDLE_LEAVES_MAX + 1)
            .map_err(BuildError::Source)?;
        if indexes.is_empty() && key == Touched::lot(lot) {
            return Err(BuildError::NoSuchLot);
        }
        for index in indexes {
            if leaves.contains_key(&index) {
                continue;
            }
            let leaf = source.leaf(index).map_err(BuildError::Source)?;
            open.extend(statement(deployment, &leaf).iter().flat_map(rests_on));
            leaves.insert(index, leaf);
        }
    }
    Ok((keys, leaves))
}

/// The statement in a leaf: of the deployment, or from before it was founded.
fn statement(deployment: DeploymentId, leaf: &[u8]) -> Option<VerifiedStatement> {
    let record = Bytes::copy_from_slice(Leaf::parse(leaf).ok()?.record);
    let read = check(Some(deployment), record.clone())
        .read
        .or_else(|_| check(None, record).read);
    read.ok().map(|(_, statement)| statement)
}
