//! Other people's records, read into statements.
//!
//! # In scope
//! - [`ipis`]: visits to artisanal mining sites. [`certifications`]: what certification schemes decided, as published.
//! - [`run`]: the verbs, which ask the deployment what it has, sign what it lacks and send it.
//!
//! # Invariants
//! - Columns are found by name, in any order; unknown ones are passed over.
//! - Of a file with one bad row nothing is stated, and row and column are named.
//! - Stated twice is stated once: each thing has a number of its own that does not depend on where it stands in the file.

pub mod certifications;
pub mod ipis;
pub mod run;

mod assessor;
mod noted;
mod table;
mod text;

pub use assessor::Speaker;
pub use noted::{Note, Noted, PLACES_SHOWN_MAX, Place};
pub use table::{FILE_BYTES_MAX, FieldError, ReadError};
