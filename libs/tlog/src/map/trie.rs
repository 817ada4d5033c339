//! The map in memory.

use core::fmt;

use super::head::MapKey;
use super::proof::{MapProof, inner_hash, leaf_hash};
use crate::hash::Hash;
use crate::tree::empty_root;

/// Links have 31 bits for a place and one for the kind of node: 2^31 keys, which would take some 300 GB.
const KEYS_MAX: usize = 1 << 31;

/// The map: a compact binary Merkle Patricia trie in arenas, about 150 bytes a key.
///
/// Each inner node keeps the hashes of both its children, so that an update reads and writes only the nodes of its path. Keys
/// are never removed. The shape depends on the set of keys alone, not on the order in which they came.
#[derive(Clone, Default)]
pub struct Trie {
    root: Option<Link>,
    root_hash: KnownHash,
    inner: Vec<Inner>,
    /// Hashes of the children of each inner node. They stand apart so that a walk, which needs none, stays in the processor's
    /// cache: an inner node has 12 bytes, its hashes 66.
    hashes: Vec<[KnownHash; 2]>,
    leaves: Vec<(MapKey, Hash)>,
}

/// Where a node stands in its arena; the top bit marks an inner node.
#[derive(Clone, Copy)]
struct Link(u32);

enum Node {
    Inner(usize),
    Leaf(usize),
}

/// `None` after a change below, until the root is next computed.
type KnownHash = Option<Hash>;

/// Two subtrees whose keys agree before `bit` and differ in it; bits grow on the way down.
#[derive(Clone)]
struct Inner {
    /// Left where the bit is 0.
    children: [Link; 2],
    bit: u8,
}

/// The place of a child: the root, or under an inner node on one side.
#[derive(Clone, Copy)]
enum Slot {
    Root,
    Under(usize, usize),
}

impl Trie {
    /// The map without keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the values of some keys, later ones winning, and returns the new root. What the keys' paths share is hashed once.
    pub fn update(&mut self, changes: &[(MapKey, Hash)]) -> Hash {
        for (key, value) in changes {
            self.set(*key, *value);
        }
        if let Some(root) = self.root {
            self.rehash(Slot::Root, root);
        }
        self.root()
    }

    /// The root hash.
    #[must_use]
    pub fn root(&self) -> Hash {
        if self.is_empty() {
            empty_root()
        } else {
            known(self.root_hash)
        }
    }

    /// Number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.leaves.len()
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &MapKey) -> Option<Hash> {
        let (found, value) = self.leaves[self.walk(key, |_| ())?];
        (found == *key).then_some(value)
    }

    /// Proves what [`Trie::get`] says, against [`Trie::root`].
    #[must_use]
    pub fn prove(&self, key: &MapKey) -> MapProof {
        let mut steps = Vec::new();
        let found = self.walk(key, |at| {
            let bit = self.inner[at].bit;
            steps.push((bit, known(self.hashes[at][usize::from(!key.bit(bit))])));
        });
        let Some(found) = found else {
            return MapProof::AbsenceInEmpty;
        };
        steps.reverse();
        let (other, value) = self.leaves[found];
        if other == *key {
            return MapProof::Presence { steps };
        }
        MapProof::Absence { other, value, steps }
    }

    /// Walks down by the key's bits, names every inner node on the way, and returns the leaf at the end.
    fn walk(&self, key: &MapKey, mut passing: impl FnMut(usize)) -> Option<usize> {
        let mut link = self.root?;
        loop {
            match link.node() {
                Node::Leaf(leaf) => return Some(leaf),
                Node::Inner(at) => {
                    passing(at);
                    link = self.inner[at].children[usize::from(key.bit(self.inner[at].bit))];
                }
            }
        }
    }

    fn set(&mut self, key: MapKey, value: Hash) {
        let Some(found) = self.walk(&key, |_| ()) else {
            self.root = Some(self.new_leaf(key, value));
            return;
        };
        if let Some(bit) = key.first_difference(&self.leaves[found].0) {
            self.insert(key, value, bit);
            return;
        }
        self.leaves[found].1 = value;
        self.descend(&key, None);
    }

    /// Adds a key that the trie divides from all others at `bit`.
    fn insert(&mut self, key: MapKey, value: Hash, bit: u8) {
        let (slot, others, others_hash) = self.descend(&key, Some(bit));
        let leaf = self.new_leaf(key, value);
        let right = key.bit(bit);
        *self.link_mut(slot) = Link::inner(self.inner.len());
        self.inner.push(Inner {
            children: if right { [others, leaf] } else { [leaf, others] },
            bit,
        });
        self.hashes.push(if right {
            [others_hash, None]
        } else {
            [None, others_hash]
        });
    }

    /// Walks down to the first node that divides at `bit` or below it, or to the leaf, and forgets the hashes on the way.
    /// Returns that node's place, and the link and the hash that stood there.
    fn descend(&mut self, key: &MapKey, bit: Option<u8>) -> (Slot, Link, KnownHash) {
        let mut slot = Slot::Root;
        loop {
            let link = *self.link_mut(slot);
            let hash = self.hash_mut(slot).take();
            match link.node() {
                Node::Inner(at) if bit.is_none_or(|bit| self.inner[at].bit < bit) => {
                    slot = Slot::Under(at, usize::from(key.bit(self.inner[at].bit)));
                }
                Node::Inner(_) | Node::Leaf(_) => return (slot, link, hash),
            }
        }
    }

    /// Computes the hashes that were forgotten. Bits grow on the way down, so this goes at most 256 nodes deep.
    fn rehash(&mut self, slot: Slot, link: Link) -> Hash {
        if let Some(hash) = *self.hash_mut(slot) {
            return hash;
        }
        let hash = match link.node() {
            Node::Leaf(at) => leaf_hash(&self.leaves[at].0, &self.leaves[at].1),
            Node::Inner(at) => {
                let Inner {
                    children: [left, right],
                    bit,
                } = self.inner[at];
                inner_hash(
                    &self.rehash(Slot::Under(at, 0), left),
                    &self.rehash(Slot::Under(at, 1), right),
                    bit,
                )
            }
        };
        *self.hash_mut(slot) = Some(hash);
        hash
    }

    fn new_leaf(&mut self, key: MapKey, value: Hash) -> Link {
        assert!(self.leaves.len() < KEYS_MAX, "the map holds no more than 2^31 keys");
        self.leaves.push((key, value));
        Link::leaf(self.leaves.len() - 1)
    }

    fn link_mut(&mut self, slot: Slot) -> &mut Link {
        match slot {
            Slot::Root => self.root.as_mut().expect("a trie that is walked has a root"),
            Slot::Under(at, side) => &mut self.inner[at].children[side],
        }
    }

    fn hash_mut(&mut self, slot: Slot) -> &mut KnownHash {
        match slot {
            Slot::Root => &mut self.root_hash,
            Slot::Under(at, side) => &mut self.hashes[at][side],
        }
    }
}

impl fmt::Debug for Trie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trie")
            .field("len", &self.len())
            .field("root", &self.root())
            .finish()
    }
}

impl Link {
    const INNER: u32 = 1 << 31;

    fn leaf(at: usize) -> Self {
        Self(u32::try_from(at).expect("below KEYS_MAX"))
    }

    fn inner(at: usize) -> Self {
        Self(u32::try_from(at).expect("fewer inner nodes than leaves") | Self::INNER)
    }

    fn node(self) -> Node {
        let at = (self.0 & !Self::INNER) as usize;
        if self.0 & Self::INNER == 0 {
            Node::Leaf(at)
        } else {
            Node::Inner(at)
        }
    }
}

fn known(hash: KnownHash) -> Hash {
    hash.expect("every update ends by computing the hashes it made others forget")
}
