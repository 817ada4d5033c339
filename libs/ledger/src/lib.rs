//! Whether a statement may be said now, and what it changes.
//!
//! # In scope
//! - [`Ledger::admit`]: the rules, as columns of early returns, and [`Refusal`], their numbered answers.
//! - [`Ledger::apply`]: the effect of an [`Admitted`] statement, as typed [`Change`]s.
//! - [`Ledger::stage`]: a batch that is tried on top of the ledger and kept or forgotten as a whole.
//! - [`Flag`]: what is admitted and yet worth a second look; its module says what each pattern of fraud meets.
//! - [`balance`]: what goes into a melt against what comes out of it.
//! - [`origin`]: which part of the gold in a lot comes from where, to the microgram.
//! - [`standing`]: how far an organization has come at any instant, as it follows from what was found and done.
//! - [`Ledger::digest`]: 32 bytes that two ledgers share exactly when they hold the same state.
//!
//! # Out of scope
//! - Signatures and canonical form: `event`. Order and durability: `journal`. Rows for reading: the services' views.
//!
//! # Invariants
//! - A rule sees the ledger, the statement and its admission time; nothing else. No clock, no randomness, no I/O.
//! - [`Admitted`] has one maker, and fits only the position of the ledger that made it.
//! - A refused statement changes nothing but the position.

mod assessment;
pub mod balance;
mod catalogue;
mod conduct;
mod custody;
mod delegation;
mod digest;
pub mod flag;
mod hold;
mod lot;
mod measure;
pub mod origin;
mod partial;
mod permit;
mod policy;
mod refusal;
mod registry;
mod rules;
mod stage;
pub mod standing;
mod state;
mod table;
mod transform;

pub use digest::LedgerDigest;
pub use flag::{Flag, FlagKind, FlagUnit};
pub use hold::HOLD_REACH_MAX;
pub use lot::{Content, End, Habits, Handover, Hold, Latest, Lot, Offer, Proposal, Seal, SealUse};
pub use permit::{Capacity, MINERS_MAX, PERMITS_OF_SITE_MAX, Permit, Production};
pub use policy::{ACCEPTANCE_GAIN_PPM_MAX, CAPACITY_PPM_MAX, DAYS_MAX, FIRST_TERMS, FUTURE_SKEW_MS_MAX, Policy};
pub use refusal::Refusal;
pub use rules::{Admitted, RULE_VERSION, SITES_OF_OPERATOR_MAX};
pub use stage::Staged;
pub use state::{
    Assessment, Between, Catalogue, Change, Clock, Conduct, Criterion, CriterionNumber, CriterionSet, Decided,
    Delegation, FindingKey, Flow, Incident, Indicator, Key, Ledger, Party, Plan, Reported, Revocation, Site,
};
