//! The door for signed statements: `veta.ingest.v1`.

use event::{PublicKey, StatementId, StreamPosition, Timestamp};
use ledger::Refusal as Denied;

use crate::invalid::{FieldError, InvalidMessage, required};
use crate::read::{position, reachable};
use crate::status::reason;

pub use crate::generated::veta::ingest::v1::*;

/// Where a statement stands, for ever: a [`Receipt`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the stream.
    pub position: StreamPosition,
    /// Its id.
    pub statement: StatementId,
    /// When it was admitted.
    pub admitted_at: Timestamp,
}

/// What became of one of many statements: a [`SubmitManyResponse`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Which statement: its place in the stream of requests, counted from 0.
    pub index: u64,
    /// Recorded, or why not.
    pub result: Result<Recorded, Denied>,
}

/// A [`GetKeyRequest`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyQuery {
    /// Which key.
    pub key: PublicKey,
    /// Wait until this position is reached.
    pub at_least: StreamPosition,
}

impl From<Recorded> for Receipt {
    fn from(recorded: Recorded) -> Self {
        Self {
            position: recorded.position.get(),
            statement_id: recorded.statement.to_string(),
            admitted_at_unix_ms: recorded.admitted_at.unix_ms(),
        }
    }
}

impl TryFrom<&Receipt> for Recorded {
    type Error = InvalidMessage;

    fn try_from(receipt: &Receipt) -> Result<Self, InvalidMessage> {
        if receipt.position == 0 {
            return Err(InvalidMessage::Missing("receipt.position"));
        }
        Ok(Self {
            position: StreamPosition::new(reachable("receipt.position", receipt.position)?),
            statement: required("receipt.statement_id", &receipt.statement_id)?,
            admitted_at: Timestamp::from_unix_ms(receipt.admitted_at_unix_ms),
        })
    }
}

impl From<Recorded> for SubmitResponse {
    fn from(recorded: Recorded) -> Self {
        Self {
            receipt: Some(recorded.into()),
        }
    }
}

impl TryFrom<&SubmitResponse> for Recorded {
    type Error = InvalidMessage;

    fn try_from(response: &SubmitResponse) -> Result<Self, InvalidMessage> {
        response
            .receipt
            .as_ref()
            .ok_or(InvalidMessage::Missing("receipt"))?
            .try_into()
    }
}

impl From<Denied> for Refusal {
    fn from(refusal: Denied) -> Self {
        Self {
            code: refusal.code().into(),
            name: reason(refusal),
            text: refusal.to_string(),
        }
    }
}

impl TryFrom<&Refusal> for Denied {
    type Error = InvalidMessage;

    fn try_from(refusal: &Refusal) -> Result<Self, InvalidMessage> {
        let known = u16::try_from(refusal.code).ok().and_then(Self::from_code);
        known.ok_or(InvalidMessage::Field {
            field: "refusal.code",
            why: FieldError::Unknown,
        })
    }
}

impl From<Outcome> for SubmitManyResponse {
    fn from(outcome: Outcome) -> Self {
        let said = match outcome.result {
            Ok(recorded) => submit_many_response::Outcome::Receipt(recorded.into()),
            Err(refusal) => submit_many_response::Outcome::Refusal(refusal.into()),
        };
        Self {
            index: outcome.index,
            outcome: Some(said),
        }
    }
}

impl TryFrom<&SubmitManyResponse> for Outcome {
    type Error = InvalidMessage;

    fn try_from(response: &SubmitManyResponse) -> Result<Self, InvalidMessage> {
        let said = response.outcome.as_ref().ok_or(InvalidMessage::Missing("outcome"))?;
        let result = match said {
            submit_many_response::Outcome::Receipt(receipt) => Ok(receipt.try_into()?),
            submit_many_response::Outcome::Refusal(refusal) => Err(refusal.try_into()?),
        };
        Ok(Self {
            index: response.index,
            result,
        })
    }
}

impl TryFrom<GetKeyRequest> for KeyQuery {
    type Error = InvalidMessage;

    fn try_from(request: GetKeyRequest) -> Result<Self, InvalidMessage> {
        Ok(Self {
            key: required("key", &request.key)?,
            at_least: position(request.at_least_position)?,
        })
    }
}
