//! A table of what certification schemes decided about organizations, compiled from published pages, read into statements.
//!
//! # In scope
//! - [`EventFile::read`]: the table, by column name. [`Precision`]: what its dates mean.
//! - [`Plan::of`]: who is to be enrolled, and one assessment per event; and a [`Report`] of what was passed over or had to
//!   be changed.
//! - [`Plan::state_missing`]: the statements that a deployment lacks, in an order it admits.
//!
//! # Out of scope
//! - Signing, sending, asking what is there already: the verb `veta import certifications`.
//! - What a certificate is worth here: nothing follows from it. Its catalogue has no gate.
//!
//! # Invariants
//! - No clock, no network; the same file gives the same plan on the same day.
//! - Who speaks is the compiler. No scheme has signed anything, and the compiler's name says so.
//! - A period is no more precise than the date that was published, and an event without a date stands last.
//! - An event's number follows from what it is, not from its row: a longer edition adds only what is new.

mod date;
mod file;
mod missing;
mod plan;

pub use date::{Precision, UNDATED};
pub use file::{EventFile, Row};
pub use missing::Known;
pub use plan::{COMPILER, OWN_NUMBER, Plan, PlannedEvent, PlannedOrganization, Report, SOURCE};
