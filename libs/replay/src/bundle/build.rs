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
use super::wire::{FORMAT, Wire, WireKey, WireLeaf, WireOlder, text, text_of};
use super::{BUNDLE_BYTES_MAX, BUNDLE_KEYS_MAX, BUNDLE_LEAVES_MAX, BUNDLE_OLDER_MAX};
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

    /// Of the cosigned checkpoints that are kept, the last one of at most so many leaves, as it was cosigned last: it says when a
    /// later record was not there yet.
    fn before(&self, _most: TreeSize) -> Result<Option<Published>, Self::Error> {
        Ok(None)
    }

    /// Of the cosigned checkpoints that are kept, the first one of at least so many leaves, as it was published first: it says when
    /// an earlier record was there already. Each size of which [`Source::before`] gives a checkpoint counts here too.
    fn since(&self, _least: TreeSize) -> Result<Option<Published>, Self::Error> {
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

/// Which lot is to be proved, how far back, and whether with the times of its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The lot.
    pub lot: LotId,
    /// How many transformations back; all, where there is none.
    pub depth: Option<u16>,
    /// Whether with the last checkpoint before and the first one after every record about the lot; otherwise with the last one
    /// before the last record.
    pub times: bool,
}

impl Asked {
    /// All about a lot, and only about its last record when it came.
    #[must_use]
    pub const fn all_of(lot: LotId) -> Self {
        Self {
            lot,
            depth: None,
            times: false,
        }
    }
}

/// Why there is no bundle.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BuildError<E> {
    /// The lot is not in the log.
    #[error("no record of this lot is in the log")]
    NoSuchLot,
    /// More than a bundle may hold.
    #[error("the lot rests on more records than a proof bundle may hold: ask for less depth")]
    TooLarge,
    /// The checkpoints between the lot's records are more than a bundle may hold.
    #[error(
        "more checkpoints tell when the lot's records came than a proof bundle may hold: ask for none of their times"
    )]
    TooManyTimes,
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
        older: older(&gathered.records, asked.times, published.size, source)?,
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
    /// Where the records about the lot itself stand, in order.
    records: Vec<LeafIndex>,
    is_cut: bool,
}

impl Gathered {
    fn new<S: Source>(asked: Asked, deployment: DeploymentId, source: &S) -> Result<Self, BuildError<S::Error>> {
        let mut reach = Reach::new(asked.lot, asked.depth);
        let mut leaves = BTreeMap::new();
        let mut statements: BTreeMap<LeafIndex, Option<VerifiedStatement>> = BTreeMap::new();
        let mut keys = BTreeMap::new();
        let mut records = Vec::new();
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
                records.clone_from(&under);
            }
            keys.insert(map_key, (key.0, under));
        }
        if records.is_empty() {
            return Err(BuildError::NoSuchLot);
        }
        Ok(Self {
            leaves,
            keys,
            records,
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

/// What is kept of one size.
#[derive(Default)]
struct OfSize {
    /// Where it is the first checkpoint with a record.
    first: Option<String>,
    /// Where it is the last one without a record.
    last: Option<String>,
}

/// The checkpoints that tell when records came: all of them, or only what tells when the last one was not there yet.
fn older<S: Source>(
    records: &[LeafIndex],
    times: bool,
    size: TreeSize,
    source: &S,
) -> Result<Vec<WireOlder>, BuildError<S::Error>> {
    let mut sizes: BTreeMap<TreeSize, OfSize> = BTreeMap::new();
    let told = if times { records } else { &records[records.len() - 1..] };
    for record in told {
        // A tree of as many leaves as its index has every leaf before it.
        let without = TreeSize::new(record.get());
        if let Some(older) = source.before(without).map_err(BuildError::Source)? {
            sizes.entry(older.size).or_default().last = Some(older.note);
        }
        let with = if times {
            source.since(record.size_with())
        } else {
            Ok(None)
        };
        if let Some(older) = with.map_err(BuildError::Source)?
            && older.size < size
        {
            sizes.entry(older.size).or_default().first = Some(older.note);
        }
        if BUNDLE_OLDER_MAX < sizes.len() {
            return Err(BuildError::TooManyTimes);
        }
    }
    let older = sizes.into_iter().map(|(of, OfSize { first, last })| {
        let mut checkpoints: Vec<String> = first.into_iter().chain(last).collect();
        checkpoints.dedup();
        let consistency = prove_consistency(of, size, source)?;
        Ok(WireOlder {
            checkpoints,
            consistency: text_of(&consistency.hashes),
        })
    });
    older.collect()
}

/// The statement in a leaf: of the deployment, or from before it was founded.
fn statement(deployment: DeploymentId, leaf: &[u8]) -> Option<VerifiedStatement> {
    let record = Bytes::copy_from_slice(Leaf::parse(leaf).ok()?.record);
    let read = check(Some(deployment), record.clone())
        .read
        .or_else(|_| check(None, record).read);
    read.ok().map(|(_, statement)| statement)
}
