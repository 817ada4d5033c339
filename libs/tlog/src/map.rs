//! The verifiable map: for every lot, key, party … one value that commits to all records about it.
//!
//! Its root stands in every leaf, so a proof against it shows that *no other* record about a lot or a key was hidden. The map is
//! a compact binary Merkle Patricia trie: empty = SHA-256 of nothing, leaf = SHA-256(key ‖ value),
//! inner = SHA-256(left ‖ right ‖ u8 bit), where bit 0 is the most significant bit of the key's first byte.
//!
//! [`Map`] holds the heads and the trie over them; most of it lies on [`Pages`] outside of memory, where its owner gives it any.

mod head;
mod multiproof;
mod page;
mod paged;
mod pages;
mod proof;
mod top;

pub use head::{MapHead, MapKey, MapKind, leaf_core_hash, map_key};
pub use multiproof::{MapClaim, MapMultiProof, MapMultiProofError, MergeError};
pub use paged::Map;
pub use pages::{PageLimits, PageSlot, Pages, PagesError};
pub use proof::{MapProof, MapProofError};
