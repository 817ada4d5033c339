//! Shared support for the tests and benches that cross crates.

pub mod process;
pub mod world;
