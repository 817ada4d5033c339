//! Other people's records, read into statements.

pub mod ipis;
pub mod run;
