//! Gathering a bundle.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use bytes::Bytes;
use event::{DeploymentId, LotId, VerifiedStatement};
use thiserror::Error;
use tlog::map::{MapHead, MapKey, MapMultiProof, MapProof, MergeError};
use tlog::multiproof::{MultiProofError, prove_all};
use tlog::tree::{NodeReader, ProofError, prove_consistency};
use tlog::{Leaf, LeafIndex, TreeSize};

use super::reach::Reach;
use super::wire::{FORMAT, Wire, WireBefore, WireKey, WireLeaf, text, text_of};
use super::{BUNDLE_BYTES_MAX, BUNDLE_KEYS_MAX, BUNDLE_LEAVES_MAX};
use crate::checked::check;
use crate::touches::Touched;

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

    /// The latest cosigned checkpoint of at most so many leaves, where one is kept: it says when a later record was not
    /// there yet.
    fn before(&self, _most: TreeSize) -> Result<Option<Published>, Self::Error> {
        Ok(None)
    }
}

/// A checkpoint, as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The signed note, with its cosignatures.
    pub note: String,
    /// How many leaves it signs.
    pub size: TreeSize,
}

/// Which lot is to be proved, and how far back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The lot.
    pub lot: LotId,
    /// How many transformations back; all, where there is none.
    pub depth: Option<u16>,
}

/// Why there is no bundle.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BuildError<E> {
    /// The lot is not in the log, or rests on more than a bundle may hold.
    #[error("no record of this lot is in the log")]
    NoSuchLot,
    /// More than a bundle may hold.
    #[error("the lot rests on more records than a proof bundle may hold: ask for less depth")]
    TooLarge,
    /// The stored tree is incomplete.
    #[error("the stored tree is incomplete: {0}")]
    Tree(#[from] MultiProofError),
    /// The stored tree does not prove that it grew from the older checkpoint.
    #[error("the stored tree is incomplete: {0}")]
    Grown(#[from] ProofError),
    /// The map's proofs are not of one map.
    #[error("the map changed while it was read: {0}")]
    Map(#[from] MergeError),
    /// The log cannot be read.
    #[error("the log cannot be read: {0}")]
    Source(E),
}

/// The bundle of a lot at a published checkpoint.
pub fn build<S: Source>(
    asked: Asked,
    deployment: DeploymentId,
    published: &Published,
    source: &S,
) -> Result<Vec<u8>, BuildError<S::Error>> {
    let gathered = Gathered::new(asked, deployment, source)?;
    let mut leaves = gathered.leaves;
    let last = published.size.last_index().ok_or(BuildError::NoSuchLot)?;
    if let Entry::Vacant(place) = leaves.entry(last) {
        place.insert(source.leaf(last).map_err(BuildError::Source)?);
    }
    let indexes: Vec<_> = leaves.keys().copied().collect();
    let (mut keys, mut proofs) = (Vec::new(), Vec::new());
    for (key, (touched, under)) in &gathered.keys {
        let (_, proof) = source.map(key).map_err(BuildError::Source)?;
        proofs.push((*key, proof));
        keys.push(WireKey::new(touched, places(&indexes, under)));
    }
    let wire = Wire {
        format: FORMAT.to_owned(),
        lot: asked.lot,
        depth: asked.depth.filter(|_| gathered.is_cut),
        checkpoint: published.note.clone(),
        before: before(gathered.last, published.size, source)?,
        leaves: leaves
            .iter()
            .map(|(index, leaf)| WireLeaf(index.get(), text(leaf)))
            .collect(),
        tree: text_of(&prove_all(&indexes, published.size, source)?.hashes),
        keys,
        map: text(MapMultiProof::merge(&proofs)?.as_bytes()),
    };
    let bytes = wire.encode();
    if BUNDLE_BYTES_MAX < bytes.len() {
        return Err(BuildError::TooLarge);
    }
    Ok(bytes)
}

/// A lot's records, and from them everything they rest on.
struct Gathered {
    leaves: BTreeMap<LeafIndex, Vec<u8>>,
    /// In the order of the map, with the leaves under each.
    keys: BTreeMap<MapKey, (Touched, Vec<LeafIndex>)>,
    /// The last record about the lot itself.
    last: LeafIndex,
    is_cut: bool,
}

impl Gathered {
    fn new<S: Source>(asked: Asked, deployment: DeploymentId, source: &S) -> Result<Self, BuildError<S::Error>> {
        let mut reach = Reach::new(asked.lot, asked.depth);
        let mut leaves = BTreeMap::new();
        let mut statements: BTreeMap<LeafIndex, Option<VerifiedStatement>> = BTreeMap::new();
        let mut keys = BTreeMap::new();
        let mut last = None;
        while let Some(key) = reach.next() {
            let map_key = key.0.key();
            let under = source.indexes(&map_key, BUNDLE_LEAVES_MAX + 1);
            let under = under.map_err(BuildError::Source)?;
            if BUNDLE_KEYS_MAX < reach.len() || BUNDLE_LEAVES_MAX < under.len() + leaves.len() {
                return Err(BuildError::TooLarge);
            }
            for index in &under {
                if let Entry::Vacant(place) = leaves.entry(*index) {
                    let leaf = source.leaf(*index).map_err(BuildError::Source)?;
                    statements.insert(*index, statement(deployment, &leaf));
                    place.insert(leaf);
                }
                if let Some(statement) = &statements[index] {
                    reach.rest(&key, statement);
                }
            }
            if key.0 == Touched::lot(asked.lot) {
                last = Some(*under.last().ok_or(BuildError::NoSuchLot)?);
            }
            keys.insert(map_key, (key.0, under));
        }
        Ok(Self {
            leaves,
            keys,
            last: last.ok_or(BuildError::NoSuchLot)?,
            is_cut: !reach.below().is_empty(),
        })
    }
}

/// Where these leaves stand among those of the bundle.
fn places(all: &[LeafIndex], some: &[LeafIndex]) -> Vec<u32> {
    let place = |index: &LeafIndex| all.binary_search(index).expect("gathered with its key");
    let places = some.iter().map(|index| u32::try_from(place(index)));
    places.collect::<Result<_, _>>().expect("BUNDLE_LEAVES_MAX is less")
}

/// The latest checkpoint without the lot's last record, and that the log grew from it.
fn before<S: Source>(last: LeafIndex, size: TreeSize, source: &S) -> Result<Option<WireBefore>, BuildError<S::Error>> {
    // A tree of as many leaves as its index has every leaf before it.
    let most = TreeSize::new(last.get());
    let Some(older) = source.before(most).map_err(BuildError::Source)? else {
        return Ok(None);
    };
    let consistency = prove_consistency(older.size, size, source)?;
    Ok(Some(WireBefore {
        checkpoint: older.note,
        consistency: text_of(&consistency.hashes),
    }))
}

/// The statement in a leaf: of the deployment, or from before it was founded.
fn statement(deployment: DeploymentId, leaf: &[u8]) -> Option<VerifiedStatement> {
    let record = Bytes::copy_from_slice(Leaf::parse(leaf).ok()?.record);
    let read = check(Some(deployment), record.clone())
        .read
        .or_else(|_| check(None, record).read);
    read.ok().map(|(_, statement)| statement)
}
