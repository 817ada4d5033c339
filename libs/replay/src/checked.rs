//! What a stream message says by itself, before any state is looked at.

use bytes::Bytes;
use event::{DeploymentId, Record, Timestamp, VerifiedStatement};
use ledger::Refusal;

/// A stream message, read and its signature verified as far as it goes. Made by [`check`] alone.
#[derive(Clone, Debug)]
pub struct Checked {
    pub(crate) deployment: Option<DeploymentId>,
    pub(crate) payload: Bytes,
    pub(crate) read: Result<(Timestamp, VerifiedStatement), Refusal>,
}

impl Checked {
    /// The statement and when it says it was admitted, where it is one.
    pub const fn read(&self) -> Result<&(Timestamp, VerifiedStatement), &Refusal> {
        self.read.as_ref()
    }
}

/// Reads a message payload and verifies the statement in it.
///
/// Costs a signature verification and depends on no other message: run it on every core, in any order.
#[must_use]
pub fn check(deployment: Option<DeploymentId>, payload: Bytes) -> Checked {
    let read = read(deployment, &payload);
    Checked {
        deployment,
        payload,
        read,
    }
}

fn read(deployment: Option<DeploymentId>, payload: &[u8]) -> Result<(Timestamp, VerifiedStatement), Refusal> {
    let record = Record::decode(payload).map_err(|_| Refusal::MalformedRecord)?;
    let admitted_at = record.admitted_at();
    let verified = record
        .into_statement()
        .verify(deployment.unwrap_or(DeploymentId::FOUNDING))?;
    Ok((admitted_at, verified))
}
