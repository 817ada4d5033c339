//! What can go wrong with a store, and what to do then.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::rows::{BATCH_ROWS_MAX, KEY_BYTES_MAX, VALUE_BYTES_MAX};

/// Why a store did not do what it was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another process has it open, or this one still has.
    #[error("{} is in use: stop the process that has it open, or give this one another directory", dir.display())]
    InUse {
        /// The store's directory.
        dir: PathBuf,
    },
    /// The file system refused something that rebuilding would not cure: no space, no permission.
    #[error("cannot {doing} {}: {source}", path.display())]
    File {
        /// What was being done, as an imperative.
        doing: &'static str,
        /// To what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It failed while it was in use and answers nothing any more.
    #[error("the store in {} failed: {why}; open it again, which checks it and rebuilds it if need be", dir.display())]
    Broken {
        /// The store's directory.
        dir: PathBuf,
        /// What failed, in sled's words or ours.
        why: String,
    },
    /// A view made a key that is too long. The batch was not committed.
    #[error("a key of {bytes} bytes in table {table}: {KEY_BYTES_MAX} at most")]
    KeyTooLong {
        /// The table it was meant for.
        table: &'static str,
        /// Its length.
        bytes: usize,
    },
    /// A view made a value that is too long. The batch was not committed.
    #[error("a value of {bytes} bytes in table {table}: {VALUE_BYTES_MAX} at most")]
    ValueTooLong {
        /// The table it was meant for.
        table: &'static str,
        /// Its length.
        bytes: usize,
    },
    /// The batch changes too many rows. It was not committed; fold fewer records at once.
    #[error("more than {BATCH_ROWS_MAX} rows in one batch: fold fewer records at once")]
    BatchTooLong,
}
