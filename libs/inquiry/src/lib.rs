//! What a client asks several services about one thing, and puts together as of one position.
//!
//! # In scope
//! - [`Pages`]: lists that a service hands out page by page. [`lot`]: a lot with its whole path, its origins, its lineage.
//! - [`check`]: everything that a buyer's policy may ask about a lot, as facts that `diligence` judges. [`policy`]: reading
//!   his file with the names that facts have here.
//! - [`Error`]: who said no, and what to do next.
//!
//! # Out of scope
//! - How it is shown: `veta` knows terminals, `portal` pages. Judging: `diligence`. What one call means: `rpc`.
//!
//! # Invariants
//! - What is put together is true of one position, or nothing is said.
//! - An answer that means nothing is named by its field, and never becomes a fact.

pub mod check;
mod error;
pub mod lot;
mod pages;
pub mod policy;

use tonic::transport::Channel;

pub use error::{Error, Service};
pub use pages::Pages;

/// What an inquiry comes to.
pub type Result<T = ()> = core::result::Result<T, Error>;

/// Rows asked for at a time.
const PAGE_SIZE: u32 = 1_000;
const _: () = assert!(
    PAGE_SIZE as usize == rpc::limits::PAGE_SIZE_MAX,
    "as many as a page may have"
);

/// Who answers.
#[derive(Clone, Debug)]
pub struct Services {
    /// About lots.
    pub custody: Channel,
    /// About organizations.
    pub progress: Channel,
}

/// Of when an answer shall be true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AsOf {
    /// As of which position of the stream; 0 for the present.
    pub position: u64,
    /// Wait until this position can be seen; 0 for no wait.
    pub at_least: u64,
    /// As of which instant, in milliseconds since 1970; 0 for the present.
    pub unix_ms: i64,
}
