//! Parties, their keys, who may speak for whom, sites and policy.

use serde::{Deserialize, Serialize};

use super::{Country, EventKind, Line, Reference, ShortText};
use crate::codec::List;
use crate::id::{PartyId, SiteId};
use crate::key::{Digest, PublicKey};
use crate::units::{Date, Fineness, Mass, StreamPosition};

/// Languages a party may name.
pub const LANGUAGES_MAX: usize = 8;
/// Terms set by one policy statement.
pub const TERMS_MAX: usize = 64;
/// Kinds of statements that one delegation covers.
pub const DELEGATED_KINDS_MAX: usize = 64;
/// Sites that one delegation is limited to.
pub const DELEGATED_SITES_MAX: usize = 64;

/// A deployment begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeploymentFounded {
    /// What the deployment is called.
    pub name: Line,
    /// The scheme that runs it; becomes its first party.
    pub scheme: PartyProfile,
    /// Every term of policy, once.
    pub policy: List<Term, TERMS_MAX>,
}

/// Who a party is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyProfile {
    /// What it does.
    pub kind: PartyKind,
    /// Its legal name, or the name it goes by where it has none.
    pub name: Line,
    /// Where it is at home.
    pub country: Country,
    /// The languages it reads, the best first; BCP 47.
    pub languages: List<ShortText, LANGUAGES_MAX>,
    /// Its number in somebody else's register.
    pub reference: Option<Reference>,
}

/// What a party does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PartyKind {
    /// An organization of artisanal miners.
    MinersOrganization,
    /// Miners of one place without an organization.
    InformalMinersGroup,
    /// Processes ore or amalgam.
    Processor,
    /// Buys and sells.
    Trader,
    /// Sends gold abroad.
    Exporter,
    /// Moves gold for others.
    Carrier,
    /// Measures fineness.
    Assayer,
    /// Refines and casts.
    Refiner,
    /// Buys for use.
    Buyer,
    /// Monitors or assesses.
    Assessor,
    /// A public authority.
    Authority,
    /// Runs the deployment: enrols, authorizes, sets policy.
    Scheme,
    /// Audits the record.
    Auditor,
}

impl PartyKind {
    /// Whether a party of this kind digs or processes what is dug, and so can declare a lot.
    #[must_use]
    pub const fn produces(self) -> bool {
        matches!(
            self,
            Self::MinersOrganization | Self::InformalMinersGroup | Self::Processor
        )
    }

    /// Whether a party of this kind looks at others and says what it finds.
    #[must_use]
    pub const fn assesses(self) -> bool {
        matches!(self, Self::Assessor | Self::Auditor | Self::Authority | Self::Scheme)
    }

    /// Whether a party of this kind buys gold from those who dig it, or from others who did.
    #[must_use]
    pub const fn buys(self) -> bool {
        matches!(self, Self::Trader | Self::Exporter | Self::Refiner | Self::Buyer)
    }

    /// Whether a party of this kind can have gold in its hands.
    #[must_use]
    pub const fn holds_gold(self) -> bool {
        !matches!(self, Self::Assessor | Self::Authority | Self::Scheme | Self::Auditor)
    }
}

/// A key may speak for a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyAuthorized {
    /// For whom.
    pub party: PartyId,
    /// Which key.
    pub key: PublicKey,
}

/// A key may no longer speak.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRevoked {
    /// Which key.
    pub key: PublicKey,
    /// Why.
    pub reason: RevocationReason,
}

/// Why a key is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum RevocationReason {
    /// Its holder left; what it said stands.
    Left,
    /// It is lost; what it said stands.
    Lost,
    /// Somebody else may have used it.
    Compromised {
        /// Everything it said after this position is suspect.
        since: StreamPosition,
    },
}

/// A site is known from here on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteRegistered {
    /// Who works it, and may declare lots from it.
    pub operator: PartyId,
    /// What it is called.
    pub name: Line,
    /// Where it is.
    pub country: Country,
    /// The administrative area below the country, in the source's words.
    pub area: Option<Line>,
    /// Where it is, coarsely; exact coordinates never enter the stream.
    pub cell: Option<Cell>,
    /// How the gold lies.
    pub deposit: Deposit,
    /// A salted digest of the exact point.
    pub point_commitment: Option<Digest>,
    /// Between which finenesses its gold is expected.
    pub fineness_band: Option<FinenessBand>,
    /// Its number in somebody else's register.
    pub reference: Option<Reference>,
}

/// A square of 0.1° by 0.1°, named by its south-western corner in tenths of a degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// −900 to 899.
    pub south: i16,
    /// −1800 to 1799.
    pub west: i16,
}

/// How gold lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deposit {
    /// Not known.
    Unknown,
    /// In river gravel.
    Alluvial,
    /// In soil or gravel on a slope or terrace.
    Eluvial,
    /// In hard rock.
    Primary,
    /// In what others left.
    Tailings,
}

/// From one fineness to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinenessBand {
    /// The lowest.
    pub from: Fineness,
    /// The highest.
    pub to: Fineness,
}

/// Terms of policy; those not named stay as they were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicySet {
    /// What is set.
    pub terms: List<Term, TERMS_MAX>,
}

/// One tolerance, clock or factor of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Term {
    /// The version of the rules; this code knows version 1.
    RuleVersion(u16),
    /// How far a statement's own time may lie ahead of its admission, in milliseconds; 7 days at most.
    FutureSkewMsMax(u64),
    /// How much heavier a receiver may find a lot than its last weighing, in parts per million; 100,000 at most.
    AcceptanceGainPpmMax(u32),
    /// How old an organization's latest report may be before its standing lapses, in days.
    ReportDaysMax(u16),
    /// How long a plan may take before what it mends must have improved, in days; no extension restarts this clock.
    MitigationDaysMax(u16),
    /// For how many days after its period a finding goes before later ones of less assurance.
    AssuranceDaysMax(u16),
    /// For how many days after its period an answer counts as fresh.
    FreshDaysMax(u16),
    /// How far ahead a milestone may be due, in days.
    PlanDaysMax(u16),
    /// For how many days an offer stands.
    OfferDaysMax(u16),
    /// How far off a fineness by eye may be, in parts per million.
    EstimateUncertaintyPpm(u32),
    /// How far off a fineness by touchstone may be, in parts per million.
    TouchstoneUncertaintyPpm(u32),
    /// How far off a fineness by density may be, in parts per million.
    DensityUncertaintyPpm(u32),
    /// How far off a fineness by X-ray fluorescence may be, in parts per million.
    XrfUncertaintyPpm(u32),
    /// How far off a fineness by fire assay may be, in parts per million.
    FireAssayUncertaintyPpm(u32),
    /// How far two fire assays of one lot may lie apart before an umpire is asked, in parts per million of gold.
    SplittingLimitPpm(u32),
    /// How far two silver contents of one lot may lie apart, in parts per million.
    SilverLimitPpm(u32),
    /// How much two weighings of one lot may differ before that is shown, in parts per million.
    WeighingPpmAlert(u32),
    /// How much two weighings of one lot may differ before that is shown, however light it is.
    WeighingMassAlert(Mass),
    /// How much of the gross mass of sponge and dust may be lost in a melt, in parts per million.
    SpongeLossPpmMax(u32),
    /// From which loss of sponge and dust on that is shown.
    SpongeLossPpmAlert(u32),
    /// How much of the gross mass of doré and fine gold may be lost in a melt, in parts per million.
    DoreLossPpmMax(u32),
    /// From which loss of doré and fine gold on that is shown.
    DoreLossPpmAlert(u32),
    /// From which loss of gold on that is shown, in parts per million.
    FineLossPpmAlert(u32),
    /// From which loss of gold at a refiner's on that is shown, in parts per million.
    RefinerLossPpmAlert(u32),
    /// From which part of a site's capacity on that is shown, in parts per million.
    CapacityPpmAlert(u32),
    /// Up to which part of a site's capacity lots are declared, in parts per million; 10,000,000 at most.
    CapacityPpmMax(u32),
    /// How much gold per miner and day is believed.
    MinerDayMassAlert(Mass),
    /// How much gold per miner and twelve months is believed or allowed.
    MinerYearMassAlert(Mass),
    /// What becomes of a declaration that no permit covers.
    Unpermitted(Reaction),
    /// For how many days a look into the register vouches for a permit.
    PermitCheckDaysMax(u16),
    /// How many days before a permit ends that is shown.
    PermitEndDaysAlert(u16),
    /// How many days after it was dug a lot is first handed over, at most, before that is shown.
    LotAgeDaysAlert(u16),
    /// How many days after it was said a statement is recorded, at most, before that is shown.
    LateDaysAlert(u16),
    /// How many days a lot may go without a statement before that is shown.
    GapDaysAlert(u16),
    /// For how many days an export certificate is valid at most.
    CertificateDaysMax(u16),
    /// From which fineness on gold that was never molten is hard to believe, in parts per million.
    RawFinenessPpmAlert(u32),
    /// What counts as a round mass: any multiple of this.
    RoundMass(Mass),
    /// How many times in a row the same is no chance any more.
    RepeatAlert(u16),
    /// Below which gold content a lot escapes some other rule, such as a duty to report.
    ThresholdMass(Mass),
    /// How near to that is near, in parts per million of it.
    ThresholdNearPpm(u32),
}

/// What the rules do about something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reaction {
    /// Admit it, and show it.
    Flag,
    /// Refuse it.
    #[default]
    Refuse,
}

/// What is known about a site changes; what is not named stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteAmended {
    /// Which site.
    pub site: SiteId,
    /// Who works it from here on.
    pub operator: Option<PartyId>,
    /// What it is called.
    pub name: Option<Line>,
    /// How the gold lies.
    pub deposit: Option<Deposit>,
    /// Between which finenesses its gold is expected.
    pub fineness_band: Option<FinenessBand>,
    /// On what grounds.
    pub reason: Line,
}

/// Another party may say some things in this party's name.
///
/// One delegation at a time stands between two parties: granted again, it replaces the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelegationGranted {
    /// To whom.
    pub to: PartyId,
    /// What it may say; in the order of the vocabulary, each once.
    pub kinds: List<EventKind, DELEGATED_KINDS_MAX>,
    /// At which sites only, in increasing order; none means everywhere.
    pub sites: List<SiteId, DELEGATED_SITES_MAX>,
    /// How much gross mass it may declare in all, where that is limited.
    pub gross_mass_max: Option<Mass>,
    /// The last day on which it may.
    pub until: Date,
}

/// Another party may no longer speak in this party's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelegationRevoked {
    /// Who may no longer.
    pub to: PartyId,
}

/// An assessor may assess as an independent third party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessorAccredited {
    /// Which assessor.
    pub assessor: PartyId,
    /// The last day on which it may.
    pub until: Date,
    /// On what grounds.
    pub basis: Line,
}

/// An assessor may no longer assess as a third party; what it found stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccreditationWithdrawn {
    /// Which assessor.
    pub assessor: PartyId,
    /// Why.
    pub reason: Line,
}
