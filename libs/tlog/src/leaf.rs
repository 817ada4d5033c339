//! The bytes of a log leaf.
//!
//! ```text
//! version  u8 = 1
//! prev     32 bytes   leaf hash of the leaf before; for leaf 0 SHA-256("veta/log-genesis/v1\n" ‖ origin)
//! map_root 32 bytes   root of the verifiable map after this record
//! verdict  u16be      0: admitted; else the number of the refusal
//! record              the stream's message payload, verbatim, to the end
//! ```
//!
//! `prev` equals the hash before it in the tiles of level 0: the hash chain and the tree are one set of bytes.

use thiserror::Error;

use crate::checkpoint::Origin;
use crate::hash::{HASH_BYTES, Hash};
use crate::tree::leaf_hash;

/// Longest leaf: an entry bundle writes a leaf's length in two bytes.
pub const LEAF_BYTES_MAX: usize = 65_535;

/// Bytes before the record: version 1, prev 32, map root 32, verdict 2.
pub const LEAF_HEADER_BYTES: usize = 1 + 2 * HASH_BYTES + 2;

/// Longest record that a leaf can hold.
pub const LEAF_RECORD_BYTES_MAX: usize = LEAF_BYTES_MAX - LEAF_HEADER_BYTES;

/// The one version of the layout.
const LEAF_VERSION: u8 = 1;

/// A log leaf, its record borrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf<'a> {
    /// Leaf hash of the leaf before, or [`genesis_prev`].
    pub prev: Hash,
    /// Root of the verifiable map after this record.
    pub map_root: Hash,
    /// 0 if the record's statement was admitted, else the number of the refusal.
    pub verdict: u16,
    /// The stream's message payload, verbatim.
    pub record: &'a [u8],
}

/// Why bytes are not a leaf, or a record does not fit one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LeafError {
    /// The leaf would be, or is, longer than [`LEAF_BYTES_MAX`].
    #[error("a leaf of {0} bytes is longer than 65535")]
    TooLong(usize),
    /// The bytes end before the record begins.
    #[error("{0} bytes are too few for a leaf, whose header alone has 67")]
    TooShort(usize),
    /// Another layout than this crate reads.
    #[error("a leaf of version {0}; this program reads version 1")]
    UnknownVersion(u8),
}

/// What leaf 0 holds as `prev`. It ties the chain to one log, so that no log can be spliced onto another.
#[must_use]
pub fn genesis_prev(origin: &Origin) -> Hash {
    Hash::of(&[b"veta/log-genesis/v1\n", origin.as_str().as_bytes()])
}

impl<'a> Leaf<'a> {
    /// Its bytes, as they are hashed into the tree.
    pub fn encode(&self) -> Result<Vec<u8>, LeafError> {
        let length = LEAF_HEADER_BYTES + self.record.len();
        if length > LEAF_BYTES_MAX {
            return Err(LeafError::TooLong(length));
        }
        let mut bytes = Vec::with_capacity(length);
        bytes.push(LEAF_VERSION);
        bytes.extend_from_slice(self.prev.as_bytes());
        bytes.extend_from_slice(self.map_root.as_bytes());
        bytes.extend_from_slice(&self.verdict.to_be_bytes());
        bytes.extend_from_slice(self.record);
        Ok(bytes)
    }

    /// Reads the bytes of a leaf. Every leaf has one encoding only.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, LeafError> {
        if bytes.len() > LEAF_BYTES_MAX {
            return Err(LeafError::TooLong(bytes.len()));
        }
        let too_short = LeafError::TooShort(bytes.len());
        let (&[version], rest) = bytes.split_first_chunk().ok_or(too_short)?;
        let (prev, rest) = rest.split_first_chunk().ok_or(too_short)?;
        let (map_root, rest) = rest.split_first_chunk().ok_or(too_short)?;
        let (verdict, record) = rest.split_first_chunk().ok_or(too_short)?;
        if version != LEAF_VERSION {
            return Err(LeafError::UnknownVersion(version));
        }
        let (prev, map_root) = (Hash::from_bytes(*prev), Hash::from_bytes(*map_root));
        Ok(Self {
            prev,
            map_root,
            verdict: u16::from_be_bytes(*verdict),
            record,
        })
    }

    /// Its leaf hash, which the next leaf holds as `prev`.
    pub fn hash(&self) -> Result<Hash, LeafError> {
        Ok(leaf_hash(&self.encode()?))
    }
}
