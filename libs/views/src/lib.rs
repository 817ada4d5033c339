//! Rows and cursor committed together, rebuilt from zero; the only crate that knows sled.
//!
//! # In scope
//!
//! - A [`Store`] of rows in named tables, with the cursor up to which the stream has been folded into them.
//! - [`Rows`], what one batch of records changes, with look-ups that see the batch before the store.
//! - Distrust of what was kept: identity, count and digest are checked when a store is opened, by [`Reader::scrub`]
//!   while it is in use, and whatever does not hold is set aside and rebuilt from zero, with a [`Why`].
//! - [`Following`] the stream into rows, and the [`Desk`] where they are read meanwhile; [`Process`] is both.
//!
//! # Out of scope
//!
//! - What the rows mean and how they follow from the stream: the services' views.
//! - What is told to whoever asked a desk: the services, by `rpc`.
//! - Reading the stream: `journal`. Deciding what a record changes: `replay`.
//! - Anything that cannot be derived from the stream, such as keys or the last signed checkpoint: never in here.
//!
//! # Invariants
//!
//! - Rows, cursor, count and digest change in one sled transaction: a reader, and a store opened after a crash at any
//!   instant, see the rows of exactly one cursor.
//! - When [`Store::commit`] has returned, the commit outlives a power cut: sled's own `flush` does not fsync, we do.
//! - One process at a time has a store open, and one [`Store`] writes to it.
//! - A row that is not known to be the one that was written is never handed out after it was noticed: sled does not notice
//!   a flipped bit, the count and the digest do.
//! - Rows that are behind the stream after a start answer about the past alone, not about the present.
//! - No panic of sled leaves this crate.

mod desk;
mod digest;
mod directory;
mod error;
mod follow;
#[cfg(fuzzing)]
pub mod fuzzing;
mod guard;
mod identity;
mod process;
mod rows;
mod store;
mod trees;

pub use desk::{Counted, Desk, DeskError};
pub use digest::RowsDigest;
pub use directory::QUARANTINES_MAX;
pub use error::StoreError;
pub use follow::{Following, Metrics, View, ViewError, founding, open};
pub use identity::{Identity, Why};
pub use process::Process;
pub use rows::{BATCH_ROWS_MAX, KEY_BYTES_MAX, Rows, VALUE_BYTES_MAX};
pub use store::{Opened, Order, RANGE_ROWS_MAX, Reader, Row, Snapshot, Store};
