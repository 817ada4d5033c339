//! What one message of the stream holds.

use serde::{Deserialize, Serialize};

use crate::codec::{DecodeError, decode_strict, encode_within};
use crate::statement::{SIGNED_STATEMENT_BYTES_MAX, STATEMENT_BODY_BYTES_MAX, SignedStatement};
use crate::units::Timestamp;

/// The longest record: version 1 + `admitted_at` at most 10 + the signed statement.
pub const RECORD_BYTES_MAX: usize = 1 + 10 + SIGNED_STATEMENT_BYTES_MAX;
/// The version this code writes and reads.
pub const RECORD_VERSION: u8 = 1;

/// One message of the stream: a signed statement and when `ingest` admitted it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    version: u8,
    admitted_at: Timestamp,
    statement: SignedStatement,
}

/// A [`Record`] whose statement is another's.
#[derive(Serialize)]
struct Lent<'a> {
    version: u8,
    admitted_at: Timestamp,
    statement: &'a SignedStatement,
}

impl Record {
    /// A record of the present version.
    #[must_use]
    pub const fn new(admitted_at: Timestamp, statement: SignedStatement) -> Self {
        Self {
            version: RECORD_VERSION,
            admitted_at,
            statement,
        }
    }

    /// The message payload.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Self::encode_of(self.admitted_at, &self.statement)
    }

    /// The message payload of a record of the present version.
    #[must_use]
    pub fn encode_of(admitted_at: Timestamp, statement: &SignedStatement) -> Vec<u8> {
        let record = Lent {
            version: RECORD_VERSION,
            admitted_at,
            statement,
        };
        encode_within(
            &record,
            RECORD_BYTES_MAX - STATEMENT_BODY_BYTES_MAX + statement.body.0.len(),
        )
    }

    /// Reads a message payload; the statement in it is not verified.
    pub fn decode(payload: &[u8]) -> Result<Self, DecodeError> {
        let record: Self = decode_strict(payload, RECORD_BYTES_MAX)?;
        if record.version != RECORD_VERSION {
            return Err(DecodeError::Malformed);
        }
        Ok(record)
    }

    /// When `ingest` admitted the statement; never decreasing along the stream.
    #[must_use]
    pub const fn admitted_at(&self) -> Timestamp {
        self.admitted_at
    }

    /// The statement as it was received.
    #[must_use]
    pub const fn statement(&self) -> &SignedStatement {
        &self.statement
    }

    /// The statement alone.
    #[must_use]
    pub fn into_statement(self) -> SignedStatement {
        self.statement
    }
}
