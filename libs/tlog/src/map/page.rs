//! All keys below one place of the map, few enough to be read and hashed at once.

use super::head::{MapHead, MapKey};
use super::proof::{inner_hash, leaf_hash};
use crate::hash::{HASH_BYTES, Hash};
use crate::tree::LeafIndex;

/// A key with its head, as a slot holds it: the key, u64be count, u64be last leaf index, the chain.
const ENTRY_BYTES: usize = HASH_BYTES + 8 + 8 + HASH_BYTES;
/// The number of entries, before them: u16be.
const COUNT_BYTES: usize = 2;

/// `None` after a change below, until the page is next hashed.
pub(super) type KnownHash = Option<Hash>;

/// Keys that agree in all bits by which the map divided them from others, in order, with the inner nodes between them.
///
/// Between neighbours in order stands the inner node that divides them: the trie over the keys needs no links. Of the
/// nodes between some neighbours, the one with the least bit stands above all others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    entries: Vec<Entry>,
    /// One fewer than entries; the first stands between the first two.
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    key: MapKey,
    head: MapHead,
    hash: KnownHash,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Node {
    bit: u8,
    hash: KnownHash,
}

/// Bytes that hold a page of so many keys: rounded up to a power of two, so that pages lie within blocks of a disk.
pub(super) const fn page_bytes(keys: usize) -> usize {
    (COUNT_BYTES + keys * ENTRY_BYTES).next_power_of_two()
}

impl Page {
    /// With one key.
    pub(super) fn of(key: MapKey, head: MapHead) -> Self {
        Self {
            entries: vec![Entry { key, head, hash: None }],
            nodes: Vec::new(),
        }
    }

    /// The least of its keys.
    pub(super) fn first(&self) -> MapKey {
        self.entries[0].key
    }

    /// Where a key is, or would be if it is not here.
    pub(super) fn find(&self, key: &MapKey) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| entry.key.cmp(key))
    }

    /// The head of the key that [`Page::find`] found here.
    pub(super) fn head(&self, at: usize) -> MapHead {
        self.entries[at].head
    }

    /// The first bit in which a key that is not here, but would be at this place, differs from those that are most like it.
    pub(super) fn divided_at(&self, at: usize, key: &MapKey) -> Option<u8> {
        let neighbours = self.entries[at.saturating_sub(1)..].iter().take(2);
        neighbours.filter_map(|entry| entry.key.first_difference(key)).max()
    }

    /// Sets the head of a key where [`Page::find`] says that it is, or comes to if it is not here yet.
    pub(super) fn set(&mut self, found: Result<usize, usize>, key: MapKey, head: MapHead) {
        let at = found.unwrap_or_else(|at| {
            self.insert(at, key);
            at
        });
        (self.entries[at].head, self.entries[at].hash) = (head, None);
        let (mut from, mut to) = (0, self.entries.len());
        while let Some(node) = self.top(from, to) {
            self.nodes[node].hash = None;
            (from, to) = if at <= node { (from, node + 1) } else { (node + 1, to) };
        }
    }

    /// Divides a page of more than `max` keys at its uppermost inner node: what has a 0 there stays. Returns the bit and the rest.
    pub(super) fn divide_beyond(&mut self, max: usize) -> Option<(u8, Self)> {
        if self.entries.len() <= max {
            return None;
        }
        let at = self.top(0, self.entries.len())?;
        let entries = self.entries.split_off(at + 1);
        let nodes = self.nodes.split_off(at + 1);
        let node = self.nodes.pop()?;
        Some((node.bit, Self { entries, nodes }))
    }

    /// The hash of the subtree, with whatever is not known of it computed.
    pub(super) fn hash(&mut self) -> Hash {
        self.hash_within(0, self.entries.len())
    }

    /// Where a walk by a key's bits ends, and the siblings on the way, from above; every hash must be known.
    pub(super) fn walk(&self, key: &MapKey, mut pass: impl FnMut(u8, Hash)) -> (MapKey, MapHead) {
        let (mut from, mut to) = (0, self.entries.len());
        while let Some(at) = self.top(from, to) {
            let bit = self.nodes[at].bit;
            let (taken, left) = if key.bit(bit) {
                ((at + 1, to), (from, at + 1))
            } else {
                ((from, at + 1), (at + 1, to))
            };
            pass(bit, self.known_within(left.0, left.1));
            (from, to) = taken;
        }
        (self.entries[from].key, self.entries[from].head)
    }

    /// Writes the entries, and zeros after them.
    pub(super) fn encode(&self, slot: &mut [u8]) {
        slot.fill(0);
        let count = u16::try_from(self.entries.len()).expect("a page holds few keys");
        let (count_bytes, rest) = slot.split_at_mut(COUNT_BYTES);
        count_bytes.copy_from_slice(&count.to_be_bytes());
        for (bytes, Entry { key, head, .. }) in rest.chunks_exact_mut(ENTRY_BYTES).zip(&self.entries) {
            bytes[..32].copy_from_slice(key.as_bytes());
            bytes[32..40].copy_from_slice(&head.count.to_be_bytes());
            bytes[40..48].copy_from_slice(&head.last.get().to_be_bytes());
            bytes[48..].copy_from_slice(head.chain.as_bytes());
        }
    }

    /// Reads what [`Page::encode`] wrote; `None` for what it never writes. Nothing read is believed before it is hashed.
    pub(super) fn decode(slot: &[u8]) -> Option<Self> {
        let (count, rest) = slot.split_first_chunk()?;
        let count = usize::from(u16::from_be_bytes(*count));
        let entries: Vec<_> = rest.chunks_exact(ENTRY_BYTES).take(count).map(Entry::decode).collect();
        if count == 0 || entries.len() < count {
            return None;
        }
        let ascending = |pair: &[Entry]| (pair[0].key < pair[1].key).then(|| Node::between(&pair[0], &pair[1]));
        let nodes = entries.windows(2).map(ascending).collect::<Option<_>>()?;
        Some(Self { entries, nodes })
    }

    /// Makes room for a key at its place. The nodes beside it are above it, and so to be hashed anew in any case.
    fn insert(&mut self, at: usize, key: MapKey) {
        let (head, hash) = (MapHead::EMPTY, None);
        self.entries.insert(at, Entry { key, head, hash });
        let before = at
            .checked_sub(1)
            .map(|left| Node::between(&self.entries[left], &self.entries[at]));
        let after = self
            .entries
            .get(at + 1)
            .map(|right| Node::between(&self.entries[at], right));
        let replaced = usize::from(before.is_some() && after.is_some());
        let from = at.saturating_sub(1);
        self.nodes
            .splice(from..from + replaced, before.into_iter().chain(after));
    }

    /// The uppermost inner node over the entries `from..to`; none if that is one entry.
    fn top(&self, from: usize, to: usize) -> Option<usize> {
        (from..to - 1).min_by_key(|&at| self.nodes[at].bit)
    }

    /// Nodes divide at growing bits on the way down, so this goes at most 256 deep.
    fn hash_within(&mut self, from: usize, to: usize) -> Hash {
        let Some(at) = self.top(from, to) else {
            let Entry { key, head, hash } = &mut self.entries[from];
            return *hash.get_or_insert_with(|| leaf_hash(key, &head.value()));
        };
        if let Some(hash) = self.nodes[at].hash {
            return hash;
        }
        let (left, right) = (self.hash_within(from, at + 1), self.hash_within(at + 1, to));
        let hash = inner_hash(&left, &right, self.nodes[at].bit);
        self.nodes[at].hash = Some(hash);
        hash
    }

    fn known_within(&self, from: usize, to: usize) -> Hash {
        let hash = self
            .top(from, to)
            .map_or(self.entries[from].hash, |at| self.nodes[at].hash);
        hash.expect("a page is hashed before anything is proved from it")
    }
}

impl Entry {
    fn decode(bytes: &[u8]) -> Self {
        let hash = |at| Hash::from_slice(&bytes[at..at + HASH_BYTES]).expect("within an entry");
        let number = |at| u64::from_be_bytes(bytes[at..at + 8].try_into().expect("within an entry"));
        let head = MapHead {
            count: number(32),
            last: LeafIndex::new(number(40)),
            chain: hash(48),
        };
        Self {
            key: MapKey::from_bytes(*hash(0).as_bytes()),
            head,
            hash: None,
        }
    }
}

impl Node {
    fn between(left: &Entry, right: &Entry) -> Self {
        let bit = left
            .key
            .first_difference(&right.key)
            .expect("a page holds each key once");
        Self { bit, hash: None }
    }
}
