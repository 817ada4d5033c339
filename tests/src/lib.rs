//! Shared support for the tests and benches that cross crates.

pub mod world;
