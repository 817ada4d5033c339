//! What a site may give: permits and capacity.

use serde::{Deserialize, Serialize};

use super::{Line, Reference};
use crate::codec::List;
use crate::id::{PartyId, PermitId, SiteId};
use crate::key::Digest;
use crate::units::{Date, Mass};

/// Sites that one permit covers.
pub const PERMIT_SITES_MAX: usize = 64;

/// A permit was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermitRecorded {
    /// What it allows.
    pub kind: PermitKind,
    /// Whose register, and its number there: unique for ever.
    pub number: Reference,
    /// Who issued it, in its own words.
    pub authority: Line,
    /// To whom.
    pub holder: PartyId,
    /// The first day on which it is valid.
    pub from: Date,
    /// The last day on which it is valid, where it has one.
    pub until: Option<Date>,
    /// The sites it covers, in increasing order.
    pub sites: List<SiteId, PERMIT_SITES_MAX>,
    /// The digest of the document that the signer saw.
    pub document: Option<Digest>,
    /// Where and when the signer checked that it is in force, if it did.
    pub checked: Option<RegisterCheck>,
}

/// What a permit allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PermitKind {
    /// To mine: a title, a concession, a licence.
    Mining,
    /// To mine while the title is being formalized.
    Formalization,
    /// To mine on another one's title, by its consent.
    Subcontract,
    /// To mine by hand, as a registered person or group.
    Subsistence,
}

/// That somebody looked a permit up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterCheck {
    /// In which register.
    pub register: Line,
    /// When.
    pub on: Date,
}

/// A permit was looked up again, or is not in force any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermitStatusChanged {
    /// Which permit.
    pub permit: PermitId,
    /// The sites it covers, as they were recorded.
    pub sites: List<SiteId, PERMIT_SITES_MAX>,
    /// How it stands.
    pub status: PermitStatus,
    /// From which day on.
    pub from: Date,
    /// Where and when that was looked up, if it was.
    pub checked: Option<RegisterCheck>,
    /// In the signer's words.
    pub reason: Line,
}

/// How a permit stands, whatever its days say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PermitStatus {
    /// In force.
    InForce,
    /// Not in force for now.
    Suspended,
    /// Not in force any more.
    Withdrawn,
}

/// How much a site can give, in the eyes of someone who does not gain by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapacityEstablished {
    /// Which site.
    pub site: SiteId,
    /// In how many months in a row.
    pub per: CapacityPeriod,
    /// How much gold at most.
    pub fine_mass_max: Mass,
    /// How many miners work there at most, where that is known.
    pub miners_max: Option<u32>,
    /// What that rests on: a plan of works, miners and days, ore and grade, what it gave before.
    pub basis: Line,
}

/// Over how many months in a row a capacity is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CapacityPeriod {
    /// One.
    Month,
    /// Three.
    Quarter,
    /// Twelve.
    Year,
}

impl CapacityPeriod {
    /// How many months.
    #[must_use]
    pub const fn months(self) -> u8 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }
}
