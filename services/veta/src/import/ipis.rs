//! IPIS's visit file, read into statements.
//!
//! # In scope
//! - [`VisitFile::read`]: the file of any edition, by column name.
//! - [`Plan::of`]: who is to be enrolled, which sites and catalogues, one assessment per visit; and a [`Report`] of what
//!   was passed over or had to be changed.
//! - [`Plan::state_missing`]: the statements that a deployment lacks, in an order it admits.
//! - [`Validity`]: until when a status from the ministry of mines holds.
//! - [`Standing`]: a site's present answers, from its assessments or straight from the file.
//!
//! # Out of scope
//! - Signing, sending, asking what is there already: the verb `veta import ipis`.
//!
//! # Invariants
//! - No clock, no network; the same file gives the same plan.
//! - What a visit did not ask stands nowhere; no value is guessed, and what cannot be read is counted.
//! - Exact coordinates do not leave [`VisitFile`]: a plan knows squares of 0.1°.

mod answer;
mod cell;
mod file;
mod missing;
mod plan;
mod report;
mod standing;
mod validity;

pub use file::{OWN_NUMBER, Row, VisitFile};
pub use missing::Known;
pub use plan::{Plan, PlannedAssessment, PlannedSite};
pub use report::{Report, Skipped};
pub use standing::{Seen, Standing, qualification_words};
pub use validity::Validity;
