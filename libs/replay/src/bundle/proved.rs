//! What of a bundle needs no rules: that these leaves, and under these keys no others, are in a log that the reader trusts.

use event::LotId;
use tlog::leaf::genesis_prev;
use tlog::map::{MapClaim, MapHead, MapMultiProof, leaf_core_hash};
use tlog::multiproof::MultiProof;
use tlog::note::Note;
use tlog::policy::{Cosigned, Policy};
use tlog::tree::leaf_hash;
use tlog::{Hash, Leaf, LeafIndex, Origin};

use super::older::Older;
use super::wire::{Wire, bytes, hashes};
use super::{BUNDLE_TREE_SIZE_MAX, BundleError};
use crate::touches::Touched;

/// Leaves and map keys that are proved.
pub(super) struct Proved {
    pub(super) cosigned: Cosigned,
    /// Older checkpoints of the same log.
    pub(super) older: Older,
    /// In the order of the log; the last one is the log's last.
    pub(super) leaves: Vec<ProvedLeaf>,
    /// In the order of the map.
    pub(super) keys: Vec<Touched>,
}

/// A leaf in the log.
pub(super) struct ProvedLeaf {
    pub(super) index: LeafIndex,
    bytes: Vec<u8>,
    /// What the chain of every key that it is listed under takes of it: hashed once, however often it is listed.
    core: Option<Hash>,
    /// The places of the keys that it is listed under.
    pub(super) keys: Vec<usize>,
}

impl ProvedLeaf {
    pub(super) fn leaf(&self) -> Result<Leaf<'_>, BundleError> {
        Leaf::parse(&self.bytes).map_err(|_| BundleError::BadLeaf(self.index))
    }

    fn core(&mut self) -> Result<Hash, BundleError> {
        if let Some(core) = self.core {
            return Ok(core);
        }
        let Leaf { verdict, record, .. } = self.leaf()?;
        let core = leaf_core_hash(verdict, record);
        self.core = Some(core);
        Ok(core)
    }
}

impl Proved {
    pub(super) fn new(wire: &Wire, policy: &Policy) -> Result<Self, BundleError> {
        let cosigned = checked(&wire.checkpoint, policy)?;
        if BUNDLE_TREE_SIZE_MAX < cosigned.checkpoint.size {
            return Err(BundleError::Malformed);
        }
        let older = Older::read(&wire.older, &cosigned, policy)?;
        let leaves = leaves_in_tree(wire, &cosigned)?;
        chained(&leaves, &cosigned.checkpoint.origin)?;
        let mut proved = Self {
            cosigned,
            older,
            leaves,
            keys: Vec::with_capacity(wire.keys.len()),
        };
        proved.map(wire)?;
        proved.older.needed(&proved.records(wire.lot)?)?;
        let mut free = proved.leaves.iter().filter(|leaf| leaf.keys.is_empty());
        // The last leaf stands there for its map root alone, if for nothing else.
        match free.find(|leaf| leaf.index != proved.last().index) {
            Some(stray) => Err(BundleError::StrayLeaf(stray.index)),
            None => Ok(proved),
        }
    }

    fn last(&self) -> &ProvedLeaf {
        self.leaves.last().expect("the tree proof refuses an empty list")
    }

    /// Where the records about the lot stand, in order.
    fn records(&self, lot: LotId) -> Result<Vec<LeafIndex>, BundleError> {
        let key = self.keys.iter().position(|key| *key == Touched::lot(lot));
        let key = key.ok_or(BundleError::KeyMissing { kind: "lot" })?;
        let records = self.leaves.iter().filter(|leaf| leaf.keys.contains(&key));
        Ok(records.map(|leaf| leaf.index).collect())
    }

    /// Under each key there is what is listed and nothing else: how many, the last and the chain over all of them follow from
    /// the list, and that is what the map must hold.
    fn map(&mut self, wire: &Wire) -> Result<(), BundleError> {
        let mut claims: Vec<MapClaim> = Vec::with_capacity(wire.keys.len());
        for (place, key) in wire.keys.iter().enumerate() {
            let touched = key.touched().ok_or(BundleError::Malformed)?;
            let map_key = touched.key();
            if claims.last().is_some_and(|(last, _)| map_key <= *last) {
                return Err(BundleError::KeysNotOrdered);
            }
            let head = self.list(place, &key.2, &touched)?;
            let value = (head != MapHead::EMPTY).then(|| head.value());
            claims.push((map_key, value));
            self.keys.push(touched);
        }
        let proof = MapMultiProof::from_bytes(bytes(&wire.map).ok_or(BundleError::Malformed)?);
        let root = self.last().leaf()?.map_root;
        Ok(proof.verify(&root, &claims)?)
    }

    /// What the map holds for a key with these leaves.
    fn list(&mut self, place: usize, leaves: &[u32], touched: &Touched) -> Result<MapHead, BundleError> {
        let kind = touched.kind.as_str();
        let mut head = MapHead::EMPTY;
        if !leaves.is_sorted_by(|one, next| one < next) {
            return Err(BundleError::PlacesNotOrdered { kind });
        }
        for at in leaves {
            let leaf = usize::try_from(*at).ok().and_then(|at| self.leaves.get_mut(at));
            let leaf = leaf.ok_or(BundleError::PlacesNotOrdered { kind })?;
            leaf.keys.push(place);
            let core = leaf.core()?;
            head = head.next(leaf.index, &core);
        }
        Ok(head)
    }
}

fn checked(note: &str, policy: &Policy) -> Result<Cosigned, BundleError> {
    Ok(policy.check(&Note::parse(note.as_bytes())?)?)
}

fn leaves_in_tree(wire: &Wire, cosigned: &Cosigned) -> Result<Vec<ProvedLeaf>, BundleError> {
    let mut leaves = Vec::with_capacity(wire.leaves.len());
    for leaf in &wire.leaves {
        leaves.push(ProvedLeaf {
            index: LeafIndex::new(leaf.0),
            bytes: bytes(&leaf.1).ok_or(BundleError::Malformed)?,
            core: None,
            keys: Vec::new(),
        });
    }
    let hashes = hashes(&wire.tree).ok_or(BundleError::Malformed)?;
    let claims: Vec<_> = leaves.iter().map(|leaf| (leaf.index, leaf_hash(&leaf.bytes))).collect();
    MultiProof { hashes }.verify(&claims, &cosigned.checkpoint.head())?;
    let last = leaves.last().map(|leaf| leaf.index);
    if last != cosigned.checkpoint.size.last_index() {
        return Err(BundleError::LastLeafMissing);
    }
    Ok(leaves)
}

/// Neighbours are chained, and the first leaf of all to the log's name.
fn chained(leaves: &[ProvedLeaf], origin: &Origin) -> Result<(), BundleError> {
    let mut next = (LeafIndex::new(0), genesis_prev(origin));
    for leaf in leaves {
        let (follows, hash) = (leaf.index == next.0, next.1);
        if follows && leaf.leaf()?.prev != hash {
            return Err(BundleError::BrokenChain(leaf.index));
        }
        next = (leaf.index.size_with().next_index(), leaf_hash(&leaf.bytes));
    }
    Ok(())
}
