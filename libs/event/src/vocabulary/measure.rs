//! What is measured on a lot, and what closes it: weighing, samples, assays, seals.

use serde::{Deserialize, Serialize};

use super::{Evidence, FinenessMethod, Line, SEALS_MAX, ShortText};
use crate::codec::List;
use crate::id::{LotId, PartyId};
use crate::statement::StatementId;
use crate::units::{Date, Fineness, Mass};

/// Samples of one sampling: for the refiner, the seller, the umpire, and one to keep.
pub const SAMPLES_MAX: usize = 8;

/// The custodian weighed a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotWeighed {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows.
    pub after: StatementId,
    /// As weighed.
    pub gross_mass: Mass,
    /// Which scale, by its number.
    pub scale: Option<ShortText>,
    /// When the scale was last calibrated.
    pub calibrated: Option<Date>,
    /// Who else looked.
    pub witness: Option<PartyId>,
    /// Digests of what supports this.
    #[serde(default = "List::empty")]
    pub documents: Evidence,
}

/// The custodian took samples of a lot, each under its own seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotSampled {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows.
    pub after: StatementId,
    /// The numbers of the samples' seals: strictly increasing, each unique for ever.
    pub samples: List<ShortText, SAMPLES_MAX>,
    /// The melt they were taken from, by its number.
    pub melt: Option<ShortText>,
    /// Who else looked.
    pub witness: Option<PartyId>,
}

/// Somebody measured how fine a lot is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotAssayed {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows.
    pub after: StatementId,
    /// How.
    pub method: FinenessMethod,
    /// How much gold.
    pub gold: Fineness,
    /// How much silver, where that was measured.
    pub silver: Option<Fineness>,
    /// How far off it may be, as the assayer says, in parts per million. Rules go by policy's word for the method.
    pub uncertainty_ppm: Option<u32>,
    /// What for.
    pub purpose: AssayPurpose,
    /// The sample that was assayed, by its seal; the lot itself where none is named.
    pub sample: Option<ShortText>,
    /// The melt it was taken from, by its number.
    pub melt: Option<ShortText>,
    /// The signer's earlier assay of this lot that this one replaces.
    pub replaces: Option<StatementId>,
    /// Digests of what supports this: an assay certificate, a melt sheet.
    #[serde(default = "List::empty")]
    pub documents: Evidence,
}

/// What an assay is for; what is further down goes before what is further up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AssayPurpose {
    /// By someone from outside who is not told whose it is; says how far others can be believed.
    Blind,
    /// For one's own books.
    Control,
    /// What the price is settled on.
    Settlement,
    /// By whom both sides turn to where they disagree.
    Umpire,
}

/// The custodian closed a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotSealed {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows.
    pub after: StatementId,
    /// Numbers of the new seals: strictly increasing, each unique for ever.
    pub seals: List<ShortText, SEALS_MAX>,
    /// Digests of photos of the seals.
    #[serde(default = "List::empty")]
    pub documents: Evidence,
}

/// The custodian opened a lot, or found it open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealBroken {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows.
    pub after: StatementId,
    /// Numbers of the seals that are broken: strictly increasing, whole until now.
    pub seals: List<ShortText, SEALS_MAX>,
    /// Why.
    pub reason: Line,
}
