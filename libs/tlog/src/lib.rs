//! That it was said: the RFC 6962 tree, signed notes, checkpoints, proofs and the verifiable map.
//!
//! # In scope
//!
//! - [`tree`]: RFC 6962 hashing, the growing right edge of a tree, inclusion and consistency proofs (RFC 9162 algorithms).
//! - [`multiproof`]: one inclusion proof for several leaves.
//! - [`tiles`]: where c2sp.org/tlog-tiles keeps the tree's hashes, and building and reading them.
//! - [`note`] and [`checkpoint`]: c2sp.org/signed-note and c2sp.org/tlog-checkpoint, with Ed25519 keys.
//! - [`cosignature`] and [`witness`]: c2sp.org/tlog-cosignature and c2sp.org/tlog-witness: what witnesses sign, and what they decide.
//! - [`policy`]: c2sp.org/tlog-policy: which log and which witnesses a reader trusts.
//! - [`proof`]: c2sp.org/tlog-proof, one file that proves one leaf.
//! - [`leaf`]: the bytes of a log leaf. Each holds the leaf hash before it, so that the hash chain is level 0 of the tree.
//! - [`map`]: the verifiable map (a compact Merkle Patricia trie), whose root stands in every leaf, and proofs for one key or several.
//!
//! # Out of scope
//!
//! - What a record means, whether it is admitted and which map keys it touches: `ledger` and `replay`.
//! - Where tiles and leaves are stored, and when a checkpoint is locked, signed, witnessed and published: the audit service.
//! - Asking witnesses, and storing what a witness cosigned: the audit service and the witness.
//! - Cosignatures with ML-DSA-44 keys: their lines pass through [`note::Note`] unread.
//!
//! # Invariants
//!
//! - No clock, no randomness, no input or output, no floating point: the same calls give the same bytes everywhere.
//! - No input panics. Parsers accept one spelling of each value: what parses is what would have been written.
//! - Signatures are verified with `verify_strict` only, over the bytes that were received.
//! - Hashes of the tree never change: a larger tree only adds to them. A stored tile may therefore serve every smaller size.

pub mod checkpoint;
pub mod cosignature;
pub mod hash;
pub mod leaf;
pub mod map;
pub mod multiproof;
pub mod note;
pub mod policy;
pub mod proof;
pub mod tiles;
pub mod tree;
pub mod witness;

pub use checkpoint::{Checkpoint, Origin};
pub use hash::Hash;
pub use leaf::Leaf;
pub use tree::{LeafIndex, TreeHead, TreeSize};
