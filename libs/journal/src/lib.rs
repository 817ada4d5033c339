//! The stream seen from a process: append a batch where it is expected to end, follow from a cursor.
//!
//! # In scope
//!
//! - [`Journal`] and [`Follower`], the two things a service does with the stream, and their errors;
//! - [`jetstream`]: the stream `VETA` of a NATS server, opened only if every setting is what it must be;
//! - [`memory`]: the same in one process, with faults that tests ask for;
//! - [`cell`]: one value under compare-and-swap, where `audit` locks its tree head;
//! - [`evidence`]: the files beside the stream that its digests name, checked on the way in and on the way out; and who
//!   looked at them;
//! - [`server`]: a `nats-server` as a child process, configured as this crate needs it.
//!
//! # Out of scope
//!
//! - What a payload means: `replay` decodes, verifies and judges. Here it is bytes, carried verbatim.
//! - Whether a statement may be appended: `ledger` decides, `ingest` calls.
//! - Who may see which file: `progress` asks the ledger. Here a file is bytes, its digest, and what is said about it.
//! - Where a cursor is kept: `views` commits it together with the rows.
//!
//! # Invariants
//!
//! - A batch is stored whole and directly after the position it expects, or not at all.
//! - One batch is in flight at a time. An expected position says how many records there are, not which: with several
//!   batches in flight, one could land behind a record its writer has never seen.
//! - Silence is never taken for "not stored": it is [`AppendError::Unknown`], and the stream is read again.
//! - A follower hands over every position once and in order, or ends with a [`FollowError`].
//! - No client's header is forwarded, and `Nats-Expected-Last-Msg-Id` is never sent: a wrong one freezes a replicated
//!   stream for good.
//! - A file is stored whole with its description, or not at all. Nothing of it is handed out before all of it was read
//!   and is what its digest says; that it is missing and that it was altered are told apart.
//! - A look at a file is written down for good before anybody may rely on it; only so many newer ones of the same party's
//!   files drop it.
//! - Only [`jetstream::provision`] creates a stream, and nothing here changes or deletes one.

pub mod cell;
pub mod evidence;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod jetstream;
pub mod memory;
pub mod server;

mod batch;
mod connection;
mod follow;
mod role;
mod settings;
mod stored;

use std::fmt;
use std::future::Future;

use bytes::Bytes;
use event::units::{StreamPosition, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use connection::{Connection, JournalConfig};
pub use role::Role;

/// The one stream's name.
pub const STREAM: &str = "VETA";

/// Every subject of the stream begins so: `veta.statements.<topic>.<party>`.
pub const SUBJECT_PREFIX: &str = "veta.statements.";

/// Every subject of the bucket of evidence begins so; chunks and descriptions follow.
pub const EVIDENCE_SUBJECT_PREFIX: &str = "$O.VETA_EVIDENCE.";

/// Every subject of the stream of looks at evidence begins so; the party whose files they are follows.
pub const ACCESS_SUBJECT_PREFIX: &str = "veta.accesses.";

/// What the stream takes as one message, headers and payload together, in bytes. A leaf of the log holds 65,535, of
/// which 67 are not the record (version 1, previous leaf 32, map root 32, verdict 2): whatever gets into the stream
/// therefore fits a leaf.
pub const MESSAGE_BYTES_MAX: usize = 65_535 - 67;

/// Room for our own headers, in bytes: batch id, batch number, what is expected and commit mark take 170 at most.
pub const HEADER_BYTES_MAX: usize = 256;

/// The largest payload of one [`Append`], in bytes.
pub const PAYLOAD_BYTES_MAX: usize = MESSAGE_BYTES_MAX - HEADER_BYTES_MAX;

/// The most records in one batch: what a server accepts as one atomic batch by default.
pub const APPEND_BATCH_MAX: usize = 1_000;

/// The most records that [`Follower::next`] returns at once.
pub const FOLLOW_BATCH_MAX: usize = 1_000;

/// A process' end of the stream. Clones share one connection and one place for the batch in flight.
pub trait Journal: Clone + Send + Sync + 'static {
    /// What [`Journal::follow`] returns.
    type Follower: Follower;

    /// Stores the batch directly after `expected_last`, all of it or nothing, and returns the position of its last
    /// record. Dropping the future does not take back what was sent: the outcome is then unknown.
    fn append(
        &self,
        batch: Vec<Append>,
        expected_last: StreamPosition,
    ) -> impl Future<Output = Result<StreamPosition, AppendError>> + Send;

    /// Follows the stream from the first record after `after`. Waits while the stream cannot be reached.
    fn follow(&self, after: StreamPosition) -> impl Future<Output = Result<Self::Follower, FollowError>> + Send;

    /// Where the stream ends now, and which stream it is.
    fn end(&self) -> impl Future<Output = Result<StreamEnd, JournalError>> + Send;
}

/// Reads on from a cursor, every record once and in order.
pub trait Follower: Send + 'static {
    /// The next records, one to [`FOLLOW_BATCH_MAX`] of them, as soon as there is one. Returns an empty batch exactly
    /// when it first knows that the end is reached and there was nothing left to hand over.
    ///
    /// Waits, with back-off, while the stream cannot be reached. Dropping the future loses nothing. An error is final:
    /// the stream is not the one that was followed, and calling again says so again.
    fn next(&mut self) -> impl Future<Output = Result<Batch, FollowError>> + Send;
}

/// One record to append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// `veta.statements.<topic>.<party>`.
    pub subject: String,
    /// At most [`PAYLOAD_BYTES_MAX`] bytes, stored verbatim.
    pub payload: Bytes,
}

/// Records in the order of the stream, without a gap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// At most [`FOLLOW_BATCH_MAX`].
    pub records: Vec<Delivery>,
    /// Whether the last of them was the stream's last when it was read.
    pub caught_up: bool,
}

/// One record as it stands in the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its place.
    pub position: StreamPosition,
    /// Its bytes, verbatim.
    pub payload: Bytes,
}

/// Where a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamEnd {
    /// The last record's position; [`StreamPosition::START`] if there is none.
    pub last: StreamPosition,
    /// Which stream it is.
    pub incarnation: Incarnation,
}

/// Which stream it is: one that was deleted and created again is another, whatever it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Incarnation {
    /// When the stream was created.
    pub created: Timestamp,
}

impl fmt::Display for Incarnation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "created {}", self.created)
    }
}

/// Why a batch was not, or perhaps not, appended.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AppendError {
    /// Nothing was stored: another writer was first.
    #[error("the stream does not end where this batch expects it; read on and decide again")]
    Conflict {
        /// Where it ends, if the server said so.
        last: Option<StreamPosition>,
    },
    /// Stored or not; it may even be stored later.
    #[error("whether the batch was stored is unknown: {why}; read the stream again, promise nothing")]
    Unknown {
        /// What was seen instead of an answer.
        why: String,
    },
    /// Nothing was stored, and the same batch will not be stored.
    #[error("the batch is refused and not stored: {why}")]
    Refused {
        /// What is wrong, and with what.
        why: String,
    },
}

/// Why a stream can no longer be followed from here. Nothing of it is cured by trying again.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FollowError {
    /// The stream has lost records.
    #[error("the stream was rolled back: it ends at {last}, but {cursor} was already read")]
    StreamRolledBack {
        /// Read up to here.
        cursor: StreamPosition,
        /// It ends here.
        last: StreamPosition,
    },
    /// The stream was deleted and created again.
    #[error("the stream was replaced: it was {known}, it is {found}")]
    StreamReplaced {
        /// The one that was opened.
        known: Incarnation,
        /// The one that is there.
        found: Incarnation,
    },
    /// The stream lost records and has grown again over them.
    #[error("the stream was rewritten: position {position} no longer holds the record that was read there")]
    StreamRewritten {
        /// Where it differs.
        position: StreamPosition,
    },
    /// The stream holds later records, but not the next one.
    #[error("the stream has a gap: {expected} is missing, the next record is {found}")]
    Gap {
        /// The position that should be there.
        expected: StreamPosition,
        /// The first one that is.
        found: StreamPosition,
    },
}

/// Why the stream cannot be reached, opened or provisioned.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum JournalError {
    /// No connection within the deadline, or the server turned us away.
    #[error("cannot connect to {url}: {why}")]
    Connect {
        /// Where to.
        url: String,
        /// What happened.
        why: String,
    },
    /// The seed of the NATS user cannot be used.
    #[error("cannot use the nkey seed {path}: {why}")]
    Seed {
        /// The file.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// The server is too old, or too small.
    #[error("the NATS server's {name} is {found}, it must be {wanted}")]
    Server {
        /// What of it.
        name: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        wanted: String,
    },
    /// There is no such stream.
    #[error("there is no stream {stream}: provision it first")]
    NoStream {
        /// Its name.
        stream: &'static str,
    },
    /// The stream could lose records, or let others in, as it is set.
    #[error("stream {stream}: the setting {name} is {found}, it must be {wanted}")]
    Setting {
        /// Its name.
        stream: &'static str,
        /// The setting's name in the stream's configuration.
        name: &'static str,
        /// What it is, as JSON.
        found: String,
        /// What it must be, as JSON.
        wanted: String,
    },
    /// The server said no.
    #[error("the NATS server refused {subject}: {why}")]
    Rejected {
        /// The request's subject.
        subject: String,
        /// The server's code and words, or the missing permission.
        why: String,
    },
    /// The server said nothing, or nothing that can be read.
    #[error("no answer to {subject}: {why}")]
    Unanswered {
        /// The request's subject.
        subject: String,
        /// What was seen instead.
        why: String,
    },
}
