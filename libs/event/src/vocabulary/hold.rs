//! What stops a lot, and what sets right what was said about it.

use serde::{Deserialize, Serialize};

use super::{Evidence, Line};
use crate::codec::List;
use crate::id::{IncidentId, LotId};
use crate::statement::StatementId;
use crate::units::Mass;

/// A lot, and what has become of it, does not move until it is released.
///
/// It names no latest statement: a hold does not wait until nobody is moving the lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotHeld {
    /// Which lot.
    pub lot: LotId,
    /// Why.
    pub reason: Line,
    /// The incident that is the reason, where there is one. Views say so where they do not know it; no rule asks.
    #[serde(default)]
    pub incident: Option<IncidentId>,
    /// Digests of what supports this.
    #[serde(default = "List::empty")]
    pub documents: Evidence,
}

/// A lot that was held may move again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotReleased {
    /// Which lot: the one that was held, not what became of it.
    pub lot: LotId,
    /// Why.
    pub reason: Line,
}

/// Somebody says that a mass was stated wrongly. What was said stays.
///
/// What the declarer alone said, and only while the lot has not left its hands, is set right at once; what two parties
/// signed, once the other one confirms it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionProposed {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows.
    pub after: StatementId,
    /// The declaration or the latest acceptance of this lot: what is set right.
    pub target: StatementId,
    /// What the lot weighed.
    pub gross_mass: Mass,
    /// What went wrong.
    pub reason: Line,
}

/// The other one of two who signed confirms what was proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionConfirmed {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows: the proposal, if nobody said anything since.
    pub after: StatementId,
    /// What is confirmed.
    pub proposal: StatementId,
}
