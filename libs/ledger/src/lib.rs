//! Whether a statement may be said now, and what it changes.
//!
//! # In scope
//! - [`Ledger::admit`]: the rules, as columns of early returns, and [`Refusal`], their numbered answers.
//! - [`Ledger::apply`]: the effect of an [`Admitted`] statement, as typed [`Change`]s.
//! - [`Ledger::stage`]: a batch that is tried on top of the ledger and kept or forgotten as a whole.
//! - [`Ledger::digest`]: 32 bytes that two ledgers share exactly when they hold the same state.
//!
//! # Out of scope
//! - Signatures and canonical form: `event`. Order and durability: `journal`. Rows for reading: the services' views.
//!
//! # Invariants
//! - A rule sees the ledger, the statement and its admission time; nothing else. No clock, no randomness, no I/O.
//! - [`Admitted`] has one maker, and fits only the position of the ledger that made it.
//! - A refused statement changes nothing but the position.

mod custody;
mod digest;
mod progress;
mod refusal;
mod registry;
mod rules;
mod stage;
mod state;
mod table;

pub use digest::LedgerDigest;
pub use refusal::Refusal;
pub use rules::{ACCEPTANCE_GAIN_PPM_MAX, Admitted, FUTURE_SKEW_MS_MAX, RULE_VERSION};
pub use stage::Staged;
pub use state::{Catalogue, Change, Key, Ledger, Lot, Offer, Party, Policy, Revocation, Site};
