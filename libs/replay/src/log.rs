//! The log leaf of each step: hash chain and verifiable map.

use tlog::leaf::{LEAF_RECORD_BYTES_MAX, Leaf, genesis_prev};
use tlog::map::{Map, MapHead, MapKey, MapProof, PagesError, leaf_core_hash};
use tlog::tree::leaf_hash;
use tlog::{Hash, LeafIndex, Origin};

use crate::touches::Touched;

/// The leaf of one step.
#[derive(Clone, Debug)]
pub struct LeafStep {
    /// Its place.
    pub index: LeafIndex,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// SHA-256(0x00 || bytes).
    pub hash: Hash,
    /// The map keys it touched.
    pub touched: Vec<Touched>,
    /// What the map holds for them since, in the same order.
    pub heads: Vec<(MapKey, MapHead)>,
}

/// Knows the last leaf hash and the map; knows no tree and no storage.
#[derive(Debug)]
pub(crate) struct Log {
    prev: Hash,
    next: LeafIndex,
    map: Map,
}

impl Log {
    pub(crate) fn new(origin: &Origin, map: Map) -> Self {
        Self {
            prev: genesis_prev(origin),
            next: LeafIndex::new(0),
            map,
        }
    }

    /// The leaf of the next record. Once the map has failed, every leaf fails with the same error.
    pub(crate) fn write(
        &mut self,
        verdict: u16,
        payload: &[u8],
        touched: Vec<Touched>,
    ) -> Result<LeafStep, PagesError> {
        // The stream takes no message of this length; a foreign one is refused as malformed whole or cut.
        let record = &payload[..payload.len().min(LEAF_RECORD_BYTES_MAX)];
        let (index, keys) = (self.next, touched.iter().map(Touched::key).collect::<Vec<_>>());
        let heads = self.map.touch(&keys, index, &leaf_core_hash(verdict, record))?;
        let leaf = Leaf {
            prev: self.prev,
            map_root: self.map.root(),
            verdict,
            record,
        };
        let bytes = leaf.encode().expect("the record was cut to fit");
        let hash = leaf_hash(&bytes);
        self.prev = hash;
        self.next = LeafIndex::new(index.get() + 1);
        Ok(LeafStep {
            index,
            bytes,
            hash,
            touched,
            heads,
        })
    }

    pub(crate) fn prove(&self, key: &MapKey) -> Result<(Option<MapHead>, MapProof), PagesError> {
        self.map.prove(key)
    }

    pub(crate) const fn map_root(&self) -> Hash {
        self.map.root()
    }
}
