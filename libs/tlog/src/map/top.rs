//! The upper part of the map: inner nodes down to the pages, always in memory.

use super::head::MapKey;
use super::page::KnownHash;
use super::pages::PageSlot;
use super::proof::inner_hash;
use crate::hash::Hash;

/// A compact binary Merkle Patricia trie whose leaves are pages, about 80 bytes a page.
///
/// Each inner node keeps the hashes of both its children, so that an update reads and writes only the nodes of its path. Pages
/// are never removed.
#[derive(Clone, Debug, Default)]
pub(super) struct Top {
    root: Option<Link>,
    root_hash: KnownHash,
    inner: Vec<Inner>,
    /// Hashes of the children of each inner node. They stand apart so that a walk, which needs none, stays in the processor's
    /// cache: an inner node has 12 bytes, its hashes 66.
    hashes: Vec<[KnownHash; 2]>,
}

/// Where a node stands: an inner node in its arena, a page in its slot. The top bit marks an inner node.
#[derive(Clone, Copy, Debug)]
struct Link(u32);

enum Node {
    Inner(usize),
    Page(PageSlot),
}

/// Two subtrees whose keys agree before `bit` and differ in it; bits grow on the way down.
#[derive(Clone, Debug)]
struct Inner {
    /// Left where the bit is 0.
    children: [Link; 2],
    bit: u8,
}

/// The place of a child: the root, or under an inner node on one side.
#[derive(Clone, Copy)]
enum Place {
    Root,
    Under(usize, usize),
}

impl Top {
    /// Walks down by the key's bits, names each bit and the hash of the child that is not taken, and returns the page at the
    /// end with its hash.
    pub(super) fn walk(&self, key: &MapKey, mut pass: impl FnMut(u8, KnownHash)) -> Option<(PageSlot, KnownHash)> {
        let (mut link, mut hash) = (self.root?, self.root_hash);
        loop {
            match link.node() {
                Node::Page(slot) => return Some((slot, hash)),
                Node::Inner(at) => {
                    let Inner { children, bit } = self.inner[at];
                    let side = usize::from(key.bit(bit));
                    pass(bit, self.hashes[at][1 - side]);
                    (link, hash) = (children[side], self.hashes[at][side]);
                }
            }
        }
    }

    /// Takes the first page.
    pub(super) fn plant(&mut self, page: PageSlot) {
        self.root = Some(Link::page(page));
    }

    /// Forgets the hashes of a key's page and of all nodes above it.
    pub(super) fn forget(&mut self, key: &MapKey) {
        self.descend(key, None);
    }

    /// Adds a page whose keys, of which this is one, differ from all others below the same place at `bit`. What stands there
    /// keeps its hash, unless it is the page itself that was divided.
    pub(super) fn divide(&mut self, key: &MapKey, bit: u8, page: PageSlot) {
        let (place, others, others_hash) = self.descend(key, Some(bit));
        let side = usize::from(key.bit(bit));
        let (mut children, mut hashes) = ([others; 2], [others_hash; 2]);
        (children[side], hashes[side]) = (Link::page(page), None);
        *self.link_mut(place) = Link::inner(self.inner.len());
        self.inner.push(Inner { children, bit });
        self.hashes.push(hashes);
    }

    /// The root, with all hashes computed that were forgotten; `page_hash` gives those of pages.
    pub(super) fn rehash(&mut self, page_hash: &mut impl FnMut(PageSlot) -> Hash) -> Option<Hash> {
        let root = self.root?;
        Some(self.rehash_below(Place::Root, root, page_hash))
    }

    /// Bits grow on the way down, so this goes at most 256 nodes deep.
    fn rehash_below(&mut self, place: Place, link: Link, page_hash: &mut impl FnMut(PageSlot) -> Hash) -> Hash {
        if let Some(hash) = *self.hash_mut(place) {
            return hash;
        }
        let hash = match link.node() {
            Node::Page(slot) => page_hash(slot),
            Node::Inner(at) => {
                let Inner {
                    children: [left, right],
                    bit,
                } = self.inner[at];
                inner_hash(
                    &self.rehash_below(Place::Under(at, 0), left, page_hash),
                    &self.rehash_below(Place::Under(at, 1), right, page_hash),
                    bit,
                )
            }
        };
        *self.hash_mut(place) = Some(hash);
        hash
    }

    /// Walks down to the first node that divides at `bit` or below it, or to the page, and forgets the hashes on the way.
    /// Returns that node's place, and the link and the hash that stood there.
    fn descend(&mut self, key: &MapKey, bit: Option<u8>) -> (Place, Link, KnownHash) {
        let mut place = Place::Root;
        loop {
            let link = *self.link_mut(place);
            let hash = self.hash_mut(place).take();
            match link.node() {
                Node::Inner(at) if bit.is_none_or(|bit| self.inner[at].bit < bit) => {
                    place = Place::Under(at, usize::from(key.bit(self.inner[at].bit)));
                }
                Node::Inner(_) | Node::Page(_) => return (place, link, hash),
            }
        }
    }

    fn link_mut(&mut self, place: Place) -> &mut Link {
        match place {
            Place::Root => self.root.as_mut().expect("a trie that is walked has a root"),
            Place::Under(at, side) => &mut self.inner[at].children[side],
        }
    }

    fn hash_mut(&mut self, place: Place) -> &mut KnownHash {
        match place {
            Place::Root => &mut self.root_hash,
            Place::Under(at, side) => &mut self.hashes[at][side],
        }
    }
}

impl Link {
    const INNER: u32 = 1 << 31;

    fn page(slot: PageSlot) -> Self {
        Self(slot.get())
    }

    fn inner(at: usize) -> Self {
        Self(u32::try_from(at).expect("fewer inner nodes than pages") | Self::INNER)
    }

    fn node(self) -> Node {
        let at = self.0 & !Self::INNER;
        if self.0 & Self::INNER == 0 {
            Node::Page(PageSlot::new(at))
        } else {
            Node::Inner(at as usize)
        }
    }
}
