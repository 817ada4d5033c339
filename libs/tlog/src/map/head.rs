//! What the map is keyed by, and what it holds for each key.

use core::fmt;

use crate::hash::{HASH_BYTES, Hash};
use crate::tree::LeafIndex;

/// What a map key stands for. Names are part of the hashed bytes: kinds are added, never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MapKind {
    /// Every record that names the lot.
    Lot,
    /// Every record that names the seal.
    Seal,
    /// Every record that names the certificate.
    Certificate,
    /// Every record that names the bar's serial number.
    Bar,
    /// Every record that changes the standing of a signer's key.
    Key,
    /// Every record that changes the standing of a party.
    Party,
    /// Every record that changes the standing of a site.
    Site,
    /// Every record that changes a policy.
    Policy,
    /// Every record about the progress of an organization or a site.
    Progress,
}

/// A key of the map: a hash, so that keys spread evenly whatever the ids are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MapKey([u8; HASH_BYTES]);

/// All records about one key so far: how many, the last one's place, and a hash chain over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapHead {
    /// Number of records.
    pub count: u64,
    /// Leaf index of the last one; 0 while there is none.
    pub last: LeafIndex,
    /// Hash chain over the records' leaf indexes and core hashes, oldest first; zero while there is none.
    pub chain: Hash,
}

/// The map key of something: `SHA-256("veta/map/<kind>/v1\n" ‖ id)`.
#[must_use]
pub fn map_key(kind: MapKind, id: &[u8]) -> MapKey {
    let hash = Hash::of(&[b"veta/map/", kind.as_str().as_bytes(), b"/v1\n", id]);
    MapKey(*hash.as_bytes())
}

/// What a chain takes from a leaf: SHA-256("veta/leaf-core/v1\n" ‖ verdict ‖ record). The leaf itself contains the map's root,
/// so it cannot be its own input.
#[must_use]
pub fn leaf_core_hash(verdict: u16, record: &[u8]) -> Hash {
    Hash::of(&[b"veta/leaf-core/v1\n", &verdict.to_be_bytes(), record])
}

impl MapKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Lot,
        Self::Seal,
        Self::Certificate,
        Self::Bar,
        Self::Key,
        Self::Party,
        Self::Site,
        Self::Policy,
        Self::Progress,
    ];

    /// Its name in the hashed bytes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lot => "lot",
            Self::Seal => "seal",
            Self::Certificate => "certificate",
            Self::Bar => "bar",
            Self::Key => "key",
            Self::Party => "party",
            Self::Site => "site",
            Self::Policy => "policy",
            Self::Progress => "progress",
        }
    }
}

impl MapKey {
    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; HASH_BYTES]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; HASH_BYTES] {
        &self.0
    }

    /// Bit `bit`, counted from the most significant bit of byte 0.
    pub(super) fn bit(&self, bit: u8) -> bool {
        self.0[usize::from(bit / 8)] & (0x80 >> (bit % 8)) != 0
    }

    /// The first bit in which the two differ; `None` if they are the same.
    pub(super) fn first_difference(&self, other: &Self) -> Option<u8> {
        let byte = (0..HASH_BYTES).find(|&at| self.0[at] != other.0[at])?;
        let within = (self.0[byte] ^ other.0[byte]).leading_zeros() as usize;
        Some(u8::try_from(byte * 8 + within).expect("a key has 256 bits"))
    }
}

impl MapHead {
    /// No record yet.
    pub const EMPTY: Self = Self {
        count: 0,
        last: LeafIndex::new(0),
        chain: Hash::ZERO,
    };

    /// The head after one more record: chain = SHA-256("veta/map-link/v1\n" ‖ chain ‖ u64be leaf index ‖ leaf core hash).
    #[must_use]
    pub fn next(&self, index: LeafIndex, core: &Hash) -> Self {
        let chain = Hash::of(&[
            b"veta/map-link/v1\n",
            self.chain.as_bytes(),
            &index.get().to_be_bytes(),
            core.as_bytes(),
        ]);
        Self {
            count: self.count.saturating_add(1),
            last: index,
            chain,
        }
    }

    /// The value in the map: SHA-256("veta/map-head/v1\n" ‖ u64be count ‖ u64be last leaf index ‖ chain).
    #[must_use]
    pub fn value(&self) -> Hash {
        Hash::of(&[
            b"veta/map-head/v1\n",
            &self.count.to_be_bytes(),
            &self.last.get().to_be_bytes(),
            self.chain.as_bytes(),
        ])
    }
}

impl fmt::Display for MapKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// In hexadecimal, whose order is the trie's.
impl fmt::Display for MapKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for MapKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MapKey({self})")
    }
}
