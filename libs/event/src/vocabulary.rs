//! Every event a party can state. Variants are appended, never renumbered or reused.
//!
//! Unknown fields are denied for the sake of drafts in JSON: a misspelt optional field would be left out of what is
//! signed, and nobody would notice.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::codec::{List, Text, encode};
use crate::id::{LotId, PartyId, SiteId};
use crate::key::{Digest, PublicKey, bytes32};
use crate::statement::StatementId;
use crate::units::{Date, Fineness, Mass, StreamPosition};

/// The longest text in a statement, in bytes.
pub const TEXT_BYTES_MAX: usize = 256;
/// The longest slug, reference or seal number, in bytes.
pub const SHORT_TEXT_BYTES_MAX: usize = 64;
/// Languages a party may name.
pub const LANGUAGES_MAX: usize = 8;
/// Criteria in one catalogue, and so findings in one assessment.
pub const CRITERIA_MAX: usize = 256;
/// Evidence digests under one finding.
pub const EVIDENCE_MAX: usize = 16;
/// Seals and tags named by one lot.
pub const SEALS_MAX: usize = 16;
/// Terms set by one policy statement.
pub const TERMS_MAX: usize = 64;

/// A name, a reason, the source's words.
pub type Line = Text<TEXT_BYTES_MAX>;
/// A reference number of somebody else's register, a seal number.
pub type ShortText = Text<SHORT_TEXT_BYTES_MAX>;

/// What is stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A deployment begins; stated once, by the key that then speaks for its scheme.
    DeploymentFounded(DeploymentFounded),
    /// A party is known from here on.
    PartyEnrolled(PartyProfile),
    /// A key may speak for a party.
    KeyAuthorized(KeyAuthorized),
    /// A key may no longer speak.
    KeyRevoked(KeyRevoked),
    /// A site is known from here on.
    SiteRegistered(SiteRegistered),
    /// Tolerances and clocks of the rules.
    PolicySet(PolicySet),
    /// A version of a criteria catalogue.
    CataloguePublished(CataloguePublished),
    /// Findings about an organization or a site.
    AssessmentSubmitted(AssessmentSubmitted),
    /// A lot is known from here on, in the custody of who declares it.
    LotDeclared(LotDeclared),
    /// The custodian offers a lot to a party.
    CustodyOffered(CustodyOffered),
    /// The receiver has the lot and has weighed it.
    CustodyAccepted(CustodyAccepted),
    /// The receiver does not take it.
    CustodyDeclined(CustodyDeclined),
    /// The custodian takes an offer back.
    OfferWithdrawn(OfferWithdrawn),
    /// A lot leaves the system.
    LotRetired(LotRetired),
}

impl Event {
    /// The variant's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::DeploymentFounded(_) => "DeploymentFounded",
            Self::PartyEnrolled(_) => "PartyEnrolled",
            Self::KeyAuthorized(_) => "KeyAuthorized",
            Self::KeyRevoked(_) => "KeyRevoked",
            Self::SiteRegistered(_) => "SiteRegistered",
            Self::PolicySet(_) => "PolicySet",
            Self::CataloguePublished(_) => "CataloguePublished",
            Self::AssessmentSubmitted(_) => "AssessmentSubmitted",
            Self::LotDeclared(_) => "LotDeclared",
            Self::CustodyOffered(_) => "CustodyOffered",
            Self::CustodyAccepted(_) => "CustodyAccepted",
            Self::CustodyDeclined(_) => "CustodyDeclined",
            Self::OfferWithdrawn(_) => "OfferWithdrawn",
            Self::LotRetired(_) => "LotRetired",
        }
    }

    /// Under which subject of the stream it is filed.
    #[must_use]
    pub const fn topic(&self) -> Topic {
        match self {
            Self::DeploymentFounded(_)
            | Self::PartyEnrolled(_)
            | Self::KeyAuthorized(_)
            | Self::KeyRevoked(_)
            | Self::SiteRegistered(_)
            | Self::PolicySet(_) => Topic::Registry,
            Self::CataloguePublished(_) | Self::AssessmentSubmitted(_) => Topic::Progress,
            Self::LotDeclared(_)
            | Self::CustodyOffered(_)
            | Self::CustodyAccepted(_)
            | Self::CustodyDeclined(_)
            | Self::OfferWithdrawn(_)
            | Self::LotRetired(_) => Topic::Custody,
        }
    }
}

/// The part of the vocabulary an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Parties, keys, sites, policy.
    Registry,
    /// Criteria and assessments.
    Progress,
    /// Lots and who holds them.
    Custody,
}

impl Topic {
    /// The subject under which a statement of `party` is filed: `veta.statements.<topic>.<party>`.
    #[must_use]
    pub fn subject(self, party: PartyId) -> String {
        let topic = match self {
            Self::Registry => "registry",
            Self::Progress => "progress",
            Self::Custody => "custody",
        };
        format!("veta.statements.{topic}.{party}")
    }
}

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

    /// Whether a party of this kind can have gold in its hands.
    #[must_use]
    pub const fn holds_gold(self) -> bool {
        !matches!(self, Self::Assessor | Self::Authority | Self::Scheme | Self::Auditor)
    }
}

/// A country by its two letters in ISO 3166-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub struct Country([u8; 2]);

impl FromStr for Country {
    type Err = CountryError;

    fn from_str(text: &str) -> Result<Self, CountryError> {
        let letters: [u8; 2] = text.as_bytes().try_into().map_err(|_| CountryError)?;
        if !letters.iter().all(u8::is_ascii_uppercase) {
            return Err(CountryError);
        }
        Ok(Self(letters))
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", char::from(self.0[0]), char::from(self.0[1]))
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.to_string()
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = ShortText::deserialize(deserializer)?;
        text.as_str().parse().map_err(de::Error::custom)
    }
}

/// A text that is no country code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a country: write its two capital letters, such as CD")]
pub struct CountryError;

/// A name for machines: lower-case letters, digits, `.`, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Slug(ShortText);

impl Slug {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, SlugError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b);
        if !text.bytes().all(allowed) {
            return Err(SlugError);
        }
        ShortText::new(text).map(Self).map_err(|_| SlugError)
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = ShortText::deserialize(deserializer)?;
        text.as_str().parse().map_err(de::Error::custom)
    }
}

/// A text that is no slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a slug: 1 to {SHORT_TEXT_BYTES_MAX} lower-case letters, digits, `.`, `-` or `_`")]
pub struct SlugError;

/// A number in somebody else's register: unique for ever within its source and kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Whose register, such as `ipis`.
    pub source: Slug,
    /// The number there.
    pub value: ShortText,
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
}

/// A version of a criteria catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CataloguePublished {
    /// Which catalogue.
    pub slug: Slug,
    /// Which version of it.
    pub version: ShortText,
    /// On what terms it may be used, as an SPDX expression.
    pub licence: ShortText,
    /// SHA-256 of the catalogue's full text, with every language.
    pub full_text: Digest,
    /// Its criteria; findings name them by place, from 0.
    pub criteria: List<Criterion, CRITERIA_MAX>,
}

bytes32! {
    /// What an assessment pins: `SHA-256("veta/catalogue/v1\n" || postcard of CataloguePublished)`.
    CatalogueDigest;
}

impl CataloguePublished {
    /// The digest that assessments pin.
    #[must_use]
    pub fn digest(&self) -> CatalogueDigest {
        CatalogueDigest(
            Sha256::new()
                .chain_update("veta/catalogue/v1\n")
                .chain_update(encode(self))
                .finalize()
                .into(),
        )
    }
}

/// One thing that is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its stable name.
    pub slug: Slug,
    /// What an answer looks like.
    pub scale: Scale,
    /// What is asked, in plain words.
    pub question: Line,
}

/// What an answer looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Scale {
    /// Met or not met.
    PassFail,
    /// Seen or not seen by who looked.
    Observation,
    /// A level from 0 to `max`.
    Level {
        /// The highest level.
        max: u8,
    },
    /// A number of things or people.
    Count,
    /// The source's words.
    Words,
}

/// Findings about an organization or a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessmentSubmitted {
    /// About whom or what.
    pub subject: Subject,
    /// Who looked, in relation to the subject.
    pub kind: AssessmentKind,
    /// Which days it speaks about.
    pub period: Period,
    /// Under which catalogue.
    pub catalogue: CatalogueDigest,
    /// What was found; in the catalogue's order, each criterion at most once. What is not here was not asked.
    pub findings: List<Finding, CRITERIA_MAX>,
    /// Its number in somebody else's register.
    pub reference: Option<Reference>,
}

/// Whom or what an assessment is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Subject {
    /// An organization.
    Party(PartyId),
    /// A site.
    Site(SiteId),
}

/// Who looked, in relation to the subject; later ones give more assurance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AssessmentKind {
    /// The subject itself, or the site's operator.
    SelfReported,
    /// Who carries out a programme with the subject.
    Implementer,
    /// Who observes for others.
    Monitor,
    /// An independent assessor.
    ThirdParty,
}

/// From one day to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// What was found about one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Its place in the catalogue, from 0.
    pub criterion: u16,
    /// The answer, in the criterion's scale.
    pub answer: Answer,
    /// Digests of what supports it.
    pub evidence: List<Digest, EVIDENCE_MAX>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// Does not apply to this subject, and why; fits every scale.
    NotApplicable(Line),
    /// Met.
    Pass,
    /// Not met.
    Fail,
    /// Seen.
    Observed,
    /// Looked for and not seen.
    NoneObserved,
    /// A level.
    Level(u8),
    /// A number.
    Count(u64),
    /// The source's words.
    Words(Line),
}

impl Answer {
    /// Whether this is an answer in `scale`.
    #[must_use]
    pub fn fits(&self, scale: Scale) -> bool {
        match self {
            Self::NotApplicable(_) => true,
            Self::Pass | Self::Fail => scale == Scale::PassFail,
            Self::Observed | Self::NoneObserved => scale == Scale::Observation,
            Self::Level(level) => matches!(scale, Scale::Level { max } if *level <= max),
            Self::Count(_) => scale == Scale::Count,
            Self::Words(_) => scale == Scale::Words,
        }
    }
}

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
}

/// What a lot looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
