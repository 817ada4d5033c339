//! Lots, and who holds them.

use serde::{Deserialize, Serialize};

use super::{Evidence, Line, Period, ShortText};
use crate::codec::List;
use crate::id::{LotId, PartyId, SiteId};
use crate::key::Digest;
use crate::statement::StatementId;
use crate::units::{Fineness, Mass};

/// Seals and tags named by one lot.
pub const SEALS_MAX: usize = 16;

/// A lot is known from here on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotDeclared {
    /// Where it was dug.
    pub site: SiteId,
    /// What it looks like.
    pub form: LotForm,
    /// As weighed.
    pub gross_mass: Mass,
    /// Where the masses come from.
    pub basis: QuantityBasis,
    /// Its gold content, where known.
    pub fineness: Option<FinenessClaim>,
    /// When it was dug.
    pub extracted: Period,
    /// What is promised about mixing.
    pub custody_model: CustodyModel,
    /// Numbers of the seals or tags on it: strictly increasing, each unique for ever.
    pub seals: List<ShortText, SEALS_MAX>,
    /// How many miners dug it, where that is known.
    #[serde(default)]
    pub miners: Option<u32>,
    /// Digests of what supports this: a delivery slip, a photo of the scale.
    #[serde(default = "List::empty")]
    pub documents: Evidence,
}

/// What a lot looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LotForm {
    /// Heavy minerals with gold in them.
    Concentrate,
    /// Gold and mercury.
    Amalgam,
    /// What is left when mercury is driven off.
    Sponge,
    /// Free gold.
    Dust,
    /// An unrefined bar.
    Dore,
    /// Refined gold.
    Fine,
    /// Slag, sweepings, crucibles: what is left of a melt and still has gold in it.
    Residue,
}

/// Where the masses of a lot come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuantityBasis {
    /// Somebody weighed it.
    Weighed,
    /// Invented to show how the system works; every view says so.
    Illustrative,
}

/// A fineness and how it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinenessClaim {
    /// How fine.
    pub fineness: Fineness,
    /// How that was found.
    pub method: FinenessMethod,
}

/// How a fineness was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FinenessMethod {
    /// By eye or habit.
    Estimate,
    /// By colour on a touchstone.
    Touchstone,
    /// By weight in air and water.
    Density,
    /// By X-ray fluorescence.
    Xrf,
    /// By fire assay.
    FireAssay,
}

/// What is promised about mixing (ISO 22095); from here it can only weaken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CustodyModel {
    /// Never mixed.
    IdentityPreserved,
    /// Mixed with its like only.
    Segregated,
    /// Mixed, and accounted for by mass.
    MassBalance,
}

/// The custodian offers a lot to a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustodyOffered {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows.
    pub after: StatementId,
    /// To whom.
    pub to: PartyId,
    /// Whether the title passes with it; else who owns the lot stays its owner.
    #[serde(default)]
    pub with_title: bool,
    /// Digests of what goes with it: a purchase slip, a waybill, a certificate of origin.
    #[serde(default = "List::empty")]
    pub documents: Evidence,
}

/// The receiver has the lot and has weighed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustodyAccepted {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows.
    pub after: StatementId,
    /// As the receiver weighed it.
    pub gross_mass: Mass,
    /// How the receiver found the seals.
    pub seals: SealState,
}

/// How seals were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SealState {
    /// There were none.
    None,
    /// All whole.
    Intact,
    /// At least one broken or missing.
    Broken,
}

/// The receiver does not take it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustodyDeclined {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows.
    pub after: StatementId,
    /// Why.
    pub reason: Line,
}

/// The custodian takes an offer back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferWithdrawn {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows.
    pub after: StatementId,
}

/// A lot leaves the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotRetired {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows.
    pub after: StatementId,
    /// Why.
    pub reason: Line,
}

/// The owner gives the title to a lot to another party; whoever has it keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitleTransferred {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows.
    pub after: StatementId,
    /// To whom.
    pub to: PartyId,
    /// Digests of what supports this: an invoice, a contract.
    #[serde(default = "List::empty")]
    pub documents: Evidence,
}

/// A lot is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotLost {
    /// Which lot.
    pub lot: LotId,
    /// The latest statement on it that the signer knows.
    pub after: StatementId,
    /// How.
    pub how: Loss,
    /// What happened.
    pub reason: Line,
    /// The digest of a report to the police or an insurer, where there is one.
    pub report: Option<Digest>,
}

/// How a lot was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Loss {
    /// Mislaid, spilled, gone down with the boat.
    Lost,
    /// Taken.
    Stolen,
}
