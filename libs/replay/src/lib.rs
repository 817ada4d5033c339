//! The one step every replica takes, and the proof bundle that verifies offline.
//!
//! # In scope
//! - [`check`]: what a stream message says by itself; pure and order-free, so that it can run on every core.
//! - [`Replica::step`]: verify, admit, apply, and write the log leaf; the same code in services, tests and audits.
//! - [`touches`]: which map keys a statement touches; frozen, since log roots depend on it.
//! - [`bundle`]: everything a buyer needs about one lot in one file, and its verifier.
//! - [`export`]: a whole log in one file.
//!
//! # Out of scope
//! - Where records come from: `journal`. Where leaves and rows are kept: `views` and the services.
//! - Whether a checkpoint's key and witnesses deserve trust: the reader's own policy.
//!
//! # Invariants
//! - Any bytes in the stream make exactly one [`Step`]: admitted, or refused with a number. Nothing stalls.
//! - Same prefix, same bytes: ledger digest, leaves, root.

pub mod bundle;
mod checked;
pub mod export;
mod log;
mod replica;
mod touches;

pub use checked::{Checked, check};
pub use log::LeafStep;
pub use replica::{Replica, Step, Verdict};
pub use touches::{Touched, policy_key, touches};
