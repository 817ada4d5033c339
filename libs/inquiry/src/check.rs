//! Everything that a buyer's policy may ask about a lot, all as of one position.
//!
//! - [`gather`] asks the services. Must not judge.
//! - [`facts`]: from their answers to the facts that a policy judges. Knows no service.

pub mod facts;
mod gather;

pub use gather::{LOTS_BEFORE_MAX, gather};
