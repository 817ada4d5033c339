//! The log leaf of each step: hash chain and verifiable map.

use std::collections::BTreeMap;

use tlog::leaf::{LEAF_RECORD_BYTES_MAX, Leaf, genesis_prev};
use tlog::map::{MapHead, MapKey, MapProof, Trie, leaf_core_hash};
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
}

/// Knows the last leaf hash and the map; knows no tree and no storage.
#[derive(Debug)]
pub(crate) struct Log {
    prev: Hash,
    next: LeafIndex,
    heads: BTreeMap<MapKey, MapHead>,
    trie: Trie,
}

impl Log {
    pub(crate) fn new(origin: &Origin) -> Self {
        Self {
            prev: genesis_prev(origin),
            next: LeafIndex::new(0),
            heads: BTreeMap::new(),
            trie: Trie::new(),
        }
    }

    pub(crate) fn write(&mut self, verdict: u16, payload: &[u8], touched: Vec<Touched>) -> LeafStep {
        // The stream takes no message of this length; a foreign one is refused as malformed whole or cut.
        let record = &payload[..payload.len().min(LEAF_RECORD_BYTES_MAX)];
        let (index, map_root) = (self.next, self.touch(verdict, record, &touched));
        let leaf = Leaf {
            prev: self.prev,
            map_root,
            verdict,
            record,
        };
        let bytes = leaf.encode().expect("the record was cut to fit");
        let hash = leaf_hash(&bytes);
        self.prev = hash;
        self.next = LeafIndex::new(index.get() + 1);
        LeafStep {
            index,
            bytes,
            hash,
            touched,
        }
    }

    pub(crate) fn prove(&self, key: &MapKey) -> (Option<MapHead>, MapProof) {
        (self.heads.get(key).copied(), self.trie.prove(key))
    }

    pub(crate) fn map_root(&self) -> Hash {
        self.trie.root()
    }

    fn touch(&mut self, verdict: u16, record: &[u8], touched: &[Touched]) -> Hash {
        if touched.is_empty() {
            return self.trie.root();
        }
        let core = leaf_core_hash(verdict, record);
        let mut changes = Vec::with_capacity(touched.len());
        for key in touched.iter().map(Touched::key) {
            let head = self.heads.entry(key).or_insert(MapHead::EMPTY);
            *head = head.next(self.next, &core);
            changes.push((key, head.value()));
        }
        self.trie.update(&changes)
    }
}
