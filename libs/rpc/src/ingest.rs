//! The door for signed statements: `veta.ingest.v1`.

use event::{PublicKey, StatementId, StreamPosition, Timestamp};
use ledger::{Latest, Refusal as Denied};

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
    pub result: Result<Recorded, Denial>,
}

/// Why a statement is not recorded: a [`Refusal`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denial {
    /// Why.
    pub refusal: Denied,
    /// What was said last about a lot, where the signer did not know that.
    pub latest: Option<Latest>,
}

impl From<Denied> for Denial {
    fn from(refusal: Denied) -> Self {
        Self { refusal, latest: None }
    }
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

impl From<Denial> for Refusal {
    fn from(Denial { refusal, latest }: Denial) -> Self {
        Self {
            code: refusal.code().into(),
            name: reason(refusal),
            text: refusal.to_string(),
            latest: latest.map(Into::into),
        }
    }
}

impl TryFrom<&Refusal> for Denial {
    type Error = InvalidMessage;

    fn try_from(refusal: &Refusal) -> Result<Self, InvalidMessage> {
        let known = u16::try_from(refusal.code).ok().and_then(Denied::from_code);
        let known = known.ok_or(InvalidMessage::Field {
            field: "refusal.code",
            why: FieldError::Unknown,
        })?;
        Ok(Self {
            refusal: known,
            latest: refusal.latest.as_ref().map(TryInto::try_into).transpose()?,
        })
    }
}

impl From<Latest> for LatestOnLot {
    fn from(latest: Latest) -> Self {
        Self {
            lot_id: latest.lot.to_string(),
            statement_id: latest.statement.to_string(),
            position: latest.position.get(),
            party_id: latest.by.to_string(),
        }
    }
}

impl TryFrom<&LatestOnLot> for Latest {
    type Error = InvalidMessage;

    fn try_from(latest: &LatestOnLot) -> Result<Self, InvalidMessage> {
        Ok(Self {
            lot: required("latest.lot_id", &latest.lot_id)?,
            statement: required("latest.statement_id", &latest.statement_id)?,
            by: required("latest.party_id", &latest.party_id)?,
            position: StreamPosition::new(reachable("latest.position", latest.position)?),
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
