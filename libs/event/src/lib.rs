//! What can be said: units, ids, the statement vocabulary, canonical bytes, the signed envelope.
//!
//! # In scope
//! - [`units`] and [`id`]: integers with a unit, ids with a check character; [`troy`]: ounces, as London weighs bars.
//! - [`vocabulary`]: every event a party can state, in past tense, and its kind; which answers, scales and modules go
//!   together.
//! - [`statement`]: signing, statement ids, and [`SignedStatement::verify`], the only maker of a [`VerifiedStatement`].
//! - [`record`]: what one message of the stream holds.
//! - [`request`]: what a party asks of a service in its own name, signed with the same keys and never recorded.
//! - [`codec`]: strict postcard, so that one value has one byte string.
//!
//! # Out of scope
//! - Whether a statement may be said now: `ledger`.
//! - That it was said: `tlog`. Where it is kept: `journal`.
//!
//! # Invariants
//! - No I/O, no clock, no randomness, no floating point.
//! - The bytes that were received are the bytes that are hashed and verified; nothing is ever verified re-encoded.
//! - Variants are appended, never renumbered or reused; the golden vectors in `testdata` and the table of kinds in
//!   `tests/event/vocabulary.rs` freeze them.

pub mod codec;
pub mod id;
pub mod key;
pub mod record;
pub mod request;
mod signature;
pub mod statement;
pub mod troy;
pub mod units;
pub mod vocabulary;

pub use codec::{DecodeError, List, Text};
pub use id::{AssessmentId, IdError, IncidentId, LotId, PartyId, PermitId, PlanId, SiteId};
pub use key::PublicKey;
pub use record::Record;
pub use request::{Request, RequestError, SignedRequest, VerifiedRequest, Visibility};
pub use statement::{DeploymentId, SignedStatement, Statement, StatementId, VerifiedStatement, VerifyError};
pub use troy::TroyOunces;
pub use units::{Date, Fineness, Mass, StreamPosition, Timestamp};
pub use vocabulary::Event;
