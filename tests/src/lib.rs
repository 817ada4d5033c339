//! Shared support for the tests and benches that cross crates.

pub mod desk;
pub mod fork;
pub mod log;
pub mod markup;
pub mod measure;
pub mod page;
pub mod pages;
pub mod process;
pub mod served;
pub mod stored;
pub mod story;
pub mod world;
