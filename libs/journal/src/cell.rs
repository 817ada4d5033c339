//! One value under compare-and-swap: where `audit` locks its tree head, apart from its own disk.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};

use async_nats::header::{HeaderMap, NATS_EXPECTED_LAST_SUBJECT_SEQUENCE};
use bytes::Bytes;
use thiserror::Error;

use crate::batch::{APPEND_DEADLINE, Ack, judge};
use crate::connection::{NoAnswer, Note, Unmet, read_answer};
use crate::memory::Fault;
use crate::settings::{LOG_BUCKET, LOG_STREAM, Settings};
use crate::stored::{Stored, last_message};
use crate::{AppendError, Connection, JournalError};

/// The largest value, in bytes: a signed tree head takes a few hundred.
pub const CELL_BYTES_MAX: usize = 16 * 1024;

/// Marks a message that deletes a key of a bucket.
const DELETE_MARK: &[u8] = b"KV-Operation";

/// Holds one value. It is replaced only by whoever has seen it.
pub trait Cell: Clone + Send + Sync + 'static {
    /// The value, or none if there never was one.
    fn get(&self) -> impl Future<Output = Result<Option<Held>, CellError>> + Send;

    /// Stores the first value.
    fn create(&self, value: Bytes) -> impl Future<Output = Result<Revision, CellError>> + Send {
        self.update(value, Revision::NONE)
    }

    /// Replaces the value that has the revision `expected`.
    fn update(&self, value: Bytes, expected: Revision) -> impl Future<Output = Result<Revision, CellError>> + Send;
}

/// A value and its revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Verbatim.
    pub value: Bytes,
    /// Changes with every update.
    pub revision: Revision,
}

/// Names one state of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(u64);

impl Revision {
    /// Of a cell that never held a value.
    pub const NONE: Self = Self(0);

    pub(crate) const fn new(sequence: u64) -> Self {
        Self(sequence)
    }

    pub(crate) const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a value was not, or perhaps not, read or stored.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CellError {
    /// Nothing was stored: someone else stored another value first.
    #[error("the stored value is no longer the one expected")]
    Conflict,
    /// Stored or not: read again.
    #[error("whether the value was stored is unknown: {why}")]
    Unknown {
        /// What was seen instead of an answer.
        why: String,
    },
    /// Nothing was stored, and will not be.
    #[error("the value is refused and not stored: {why}")]
    Refused {
        /// What is wrong.
        why: String,
    },
    /// The value could not be read.
    #[error("the stored value cannot be read: {why}")]
    Unavailable {
        /// What was seen instead.
        why: String,
    },
    /// The value was deleted, which nothing here ever does.
    #[error("the stored value was deleted from outside; restore it before going on")]
    Deleted,
}

/// A key of the bucket `VETA_LOG`, read from and written through the leader of its stream.
#[derive(Clone, Debug)]
pub struct JetStreamCell {
    connection: Connection,
    subject: String,
}

impl JetStreamCell {
    /// Opens the bucket, refusing one that is not set as it must be. `key` consists of letters, digits and hyphens.
    pub async fn open(connection: Connection, key: &str, replicas: usize) -> Result<Self, JournalError> {
        Settings::log_bucket(replicas).open(&connection).await?;
        Ok(Self {
            connection,
            subject: format!("$KV.{LOG_BUCKET}.{key}"),
        })
    }
}

impl Cell for JetStreamCell {
    async fn get(&self) -> Result<Option<Held>, CellError> {
        held(last_message(&self.connection, LOG_STREAM, &self.subject).await)
    }

    async fn update(&self, value: Bytes, expected: Revision) -> Result<Revision, CellError> {
        check(&value)?;
        let mut headers = HeaderMap::new();
        headers.insert(NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, expected.to_string().as_str());
        let answer = match self
            .connection
            .request(&self.subject, Some(headers), value, APPEND_DEADLINE)
            .await
        {
            Ok(answer) => answer,
            Err(NoAnswer::Noted(denied @ Note::Denied(_))) => {
                return Err(CellError::Refused {
                    why: denied.to_string(),
                });
            }
            Err(no_answer) => {
                return Err(CellError::Unknown {
                    why: no_answer.to_string(),
                });
            }
        };
        updated(&answer.payload)
    }
}

/// What the answer to reading a cell says.
pub(crate) fn held(stored: Result<Option<Stored>, Unmet>) -> Result<Option<Held>, CellError> {
    let stored = stored.map_err(|unmet| CellError::Unavailable { why: unmet.to_string() })?;
    let Some(stored) = stored else { return Ok(None) };
    let unavailable = |why| CellError::Unavailable { why };
    let headers = stored.headers().map_err(unavailable)?;
    if headers.windows(DELETE_MARK.len()).any(|window| window == DELETE_MARK) {
        return Err(CellError::Deleted);
    }
    Ok(Some(Held {
        value: stored.data().map_err(unavailable)?.into(),
        revision: Revision(stored.seq),
    }))
}

/// What the answer to replacing a value says.
pub(crate) fn updated(answer: &[u8]) -> Result<Revision, CellError> {
    match read_answer::<Ack>(answer) {
        Ok(ack) => Ok(Revision(ack.seq)),
        Err(Unmet::Rejected(rejection)) => Err(judge(&rejection).into()),
        Err(unmet) => Err(CellError::Unknown { why: unmet.to_string() }),
    }
}

impl From<AppendError> for CellError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Conflict { .. } => Self::Conflict,
            AppendError::Unknown { why } => Self::Unknown { why },
            AppendError::Refused { why } => Self::Refused { why },
        }
    }
}

/// The same in one process. Clones share the value.
#[derive(Clone, Debug, Default)]
pub struct MemoryCell {
    state: Arc<Mutex<MemoryState>>,
}

#[derive(Debug, Default)]
struct MemoryState {
    held: Option<Held>,
    faults: VecDeque<Fault>,
}

impl MemoryCell {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next update meets this fault; several are met one after the other.
    pub fn fail_next(&self, fault: Fault) {
        self.state().faults.push_back(fault);
    }

    fn state(&self) -> MutexGuard<'_, MemoryState> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }
}

impl Cell for MemoryCell {
    async fn get(&self) -> Result<Option<Held>, CellError> {
        Ok(self.state().held.clone())
    }

    async fn update(&self, value: Bytes, expected: Revision) -> Result<Revision, CellError> {
        check(&value)?;
        let mut state = self.state();
        let fault = state.faults.pop_front();
        if fault == Some(Fault::NotPersisted) {
            return Err(CellError::Unknown {
                why: "no answer, and nothing stored".to_owned(),
            });
        }
        if state.held.as_ref().map_or(Revision::NONE, |held| held.revision) != expected {
            return Err(CellError::Conflict);
        }
        let revision = Revision(expected.0 + 1);
        state.held = Some(Held { value, revision });
        match fault {
            Some(_) => Err(CellError::Unknown {
                why: "no answer, but stored".to_owned(),
            }),
            None => Ok(revision),
        }
    }
}

fn check(value: &Bytes) -> Result<(), CellError> {
    if CELL_BYTES_MAX < value.len() {
        return Err(CellError::Refused {
            why: format!("{} bytes, above {CELL_BYTES_MAX}", value.len()),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stored::stored;

    #[track_caller]
    fn check_held(answer: &str, expected: &str) {
        let said = held(stored(read_answer(answer.as_bytes())));
        assert!(format!("{said:?}").starts_with(expected), "{answer}: {said:?}");
    }

    #[test]
    fn a_value_is_held_when_the_server_says_so_by_name() {
        check_held(
            r#"{"message": {"seq": 3, "data": "bG9n"}}"#,
            "Ok(Some(Held { value: b\"log\"",
        );
        check_held(r#"{"message": {"seq": 3}}"#, "Ok(Some(Held { value: b\"\"");
        check_held(r#"{"error": {"err_code": 10037}}"#, "Ok(None)");
        check_held(r#"{"error": {"err_code": 10059}}"#, "Err(Unavailable");
        // `KV-Operation: DEL`
        check_held(
            r#"{"message": {"seq": 3, "hdrs": "S1YtT3BlcmF0aW9uOiBERUw="}}"#,
            "Err(Deleted)",
        );
        check_held(r#"{"message": {"seq": 3, "data": "not base64"}}"#, "Err(Unavailable");
        // Lists of the right values, which a reader of structures takes for them.
        check_held(r#"{"message": [3, "", "bG9n"]}"#, "Err(Unavailable");
        check_held(r#"[[3, "", "bG9n"]]"#, "Err(Unavailable");
        check_held(r#"{"error": [10037, ""]}"#, "Err(Unavailable");
    }
}
