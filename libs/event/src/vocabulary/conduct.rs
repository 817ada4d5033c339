//! What an organization does about what was found: plans, incidents, reports, and the scheme's decision.

use serde::{Deserialize, Serialize};

use super::catalogue::{CRITERIA_MAX, CatalogueDigest, Module};
use super::{Evidence, Line, Period, Reference, Subject};
use crate::codec::List;
use crate::id::{IncidentId, PartyId, PlanId};
use crate::key::Digest;
use crate::units::Date;

/// Milestones of one plan: with 256 bytes to say what will be done, 18 KiB.
pub const MILESTONES_MAX: usize = 64;
/// Milestones that one milestone waits for.
pub const MILESTONE_AFTER_MAX: usize = 8;

/// An organization says how and by when it will mend what is not met. The plan is its own: who states it, plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanAdopted {
    /// Under which catalogue.
    pub catalogue: CatalogueDigest,
    /// What it mends: criteria by place in the catalogue, in increasing order.
    pub criteria: List<u16, CRITERIA_MAX>,
    /// What will be done.
    pub milestones: List<Milestone, MILESTONES_MAX>,
}

/// One thing that will be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// For which of the plan's criteria.
    pub criterion: u16,
    /// What will be done.
    pub action: Line,
    /// By which day.
    pub due: Date,
    /// Which milestones come first, by place in the plan, in increasing order; earlier ones only, so a plan has no circles.
    pub after: List<u8, MILESTONE_AFTER_MAX>,
}

/// How far a milestone has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MilestoneReported {
    /// Whose plan it is.
    pub organization: PartyId,
    /// Of which plan.
    pub plan: PlanId,
    /// Which milestone, by place in the plan.
    pub milestone: u8,
    /// How far it has come.
    pub state: MilestoneState,
    /// What there is to say about it.
    pub note: Option<Line>,
    /// Digests of what supports it.
    pub evidence: Evidence,
}

/// How far a milestone has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MilestoneState {
    /// Work has begun.
    Started,
    /// It is done.
    Done,
    /// It will not be done.
    Dropped,
}

/// A milestone is due later than it was. The clock of what the plan mends goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanExtended {
    /// Which plan.
    pub plan: PlanId,
    /// Which milestone, by place in the plan.
    pub milestone: u8,
    /// By which day from now on.
    pub due: Date,
    /// Why.
    pub reason: Line,
}

/// A plan ends. What it was to mend is met only once an assessment says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanClosed {
    /// Whose plan it is.
    pub organization: PartyId,
    /// Which plan.
    pub plan: PlanId,
    /// How it ended.
    pub outcome: PlanOutcome,
    /// What there is to say about it.
    pub note: Option<Line>,
}

/// How a plan ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlanOutcome {
    /// Everything was done.
    Achieved,
    /// It was given up.
    Abandoned,
    /// Another plan takes its place.
    Replaced,
}

/// Something happened, or is said to have happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentReported {
    /// Whom or where it concerns.
    pub subject: Subject,
    /// What it is.
    pub category: IncidentCategory,
    /// How sure who reports it is.
    pub confidence: Confidence,
    /// How bad it is.
    pub severity: Severity,
    /// On which days.
    pub period: Period,
    /// What happened; no names of persons.
    pub summary: Line,
    /// Digests of what supports it.
    pub evidence: Evidence,
    /// Its number in somebody else's register.
    pub reference: Option<Reference>,
}

/// What an incident is (the risks of OECD Annex II, and others).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum IncidentCategory {
    /// Worst forms of child labour.
    ChildLabour,
    /// Forced or compulsory labour.
    ForcedLabour,
    /// Torture, cruel, inhuman or degrading treatment.
    Torture,
    /// Other gross violations of human rights, such as widespread sexual violence.
    GrossViolation,
    /// War crimes, crimes against humanity, genocide.
    WarCrime,
    /// Control, taxing or extortion by a non-state armed group.
    ArmedGroup,
    /// Control, taxing or extortion by public or private security forces.
    SecurityForces,
    /// Bribes.
    Bribery,
    /// Gold passed off as of another origin.
    OriginFraud,
    /// Money laundering or the financing of terrorism.
    MoneyLaundering,
    /// Taxes, fees or royalties not paid.
    TaxesUnpaid,
    /// An accident at work.
    Accident,
    /// Harm to water, ground or air.
    Environment,
    /// Conflict with neighbours.
    Community,
    /// Theft or loss of gold.
    Theft,
    /// Anything else.
    Other,
}

impl IncidentCategory {
    /// The module whose risk it is.
    #[must_use]
    pub const fn module(self) -> Module {
        match self {
            Self::ChildLabour
            | Self::ForcedLabour
            | Self::Torture
            | Self::GrossViolation
            | Self::WarCrime
            | Self::ArmedGroup => Module::Disengagement,
            Self::SecurityForces | Self::Bribery | Self::OriginFraud | Self::MoneyLaundering | Self::TaxesUnpaid => {
                Module::Mitigation
            }
            Self::Accident | Self::Environment | Self::Community | Self::Theft | Self::Other => Module::Improvement,
        }
    }
}

/// How sure somebody is; later ones are surer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Confidence {
    /// It is said.
    Allegation,
    /// There are grounds to believe it.
    FoundedSuspicion,
    /// It is established.
    Known,
}

/// How bad an incident is; later ones are worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// It can be put right on the spot.
    Minor,
    /// It must be put right.
    Serious,
    /// Lives, freedom or the whole trade are at stake.
    Critical,
}

/// More is known about an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentUpdated {
    /// Whom or where it concerns.
    pub subject: Subject,
    /// Which incident.
    pub incident: IncidentId,
    /// How sure who updates it is.
    pub confidence: Confidence,
    /// How bad it is.
    pub severity: Severity,
    /// What is new.
    pub note: Line,
    /// Digests of what supports it.
    pub evidence: Evidence,
}

/// An incident is dealt with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentClosed {
    /// Whom or where it concerns.
    pub subject: Subject,
    /// Which incident.
    pub incident: IncidentId,
    /// How it ended.
    pub outcome: IncidentOutcome,
    /// What there is to say about it.
    pub note: Line,
}

/// How an incident ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IncidentOutcome {
    /// It did not happen, or not so.
    Unfounded,
    /// It was put right.
    Remedied,
    /// Another body deals with it.
    Referred,
}

/// An organization has published its report. Who states it, reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportPublished {
    /// Which days it speaks about.
    pub period: Period,
    /// SHA-256 of the summary for everyone.
    pub summary: Digest,
    /// SHA-256 of the full version, where there is one.
    pub full: Option<Digest>,
}

/// How far an organization has come; later ones are not better ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Standing {
    /// Known, no more.
    Applicant,
    /// Modules 1 and 2 are met, and it has reported.
    Registered,
    /// Module 3 is met too.
    Candidate,
    /// Module 4 is met too, or getting better in time.
    Affiliate,
    /// Nobody should trade with it now.
    Suspended,
    /// Its latest report is too old.
    Lapsed,
}

/// The scheme decides about an organization's standing; shown beside what follows from the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingDecided {
    /// Whose.
    pub organization: PartyId,
    /// Which standing.
    pub standing: Standing,
    /// Why.
    pub reason: Line,
    /// Digests of what supports it.
    pub evidence: Evidence,
}
