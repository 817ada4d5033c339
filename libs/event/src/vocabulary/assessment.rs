//! Assessments: who found what about whom, and who confirms or contests it.

use serde::{Deserialize, Serialize};

use super::catalogue::{CRITERIA_MAX, CatalogueDigest, INDICATORS_MAX, Scale};
use super::{Evidence, Line, Period, Reference, Subject};
use crate::codec::List;
use crate::id::AssessmentId;

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
    /// What was measured; in the catalogue's order, each indicator at most once.
    pub measurements: List<Measurement, INDICATORS_MAX>,
    /// Its number in somebody else's register.
    pub reference: Option<Reference>,
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

impl AssessmentKind {
    /// Every kind, the one that gives least assurance first.
    pub const ALL: [Self; 4] = [Self::SelfReported, Self::Implementer, Self::Monitor, Self::ThirdParty];
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
    pub evidence: Evidence,
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
    /// Partly met, and better than before.
    Progress,
}

impl Answer {
    /// Whether this is an answer in `scale`.
    #[must_use]
    pub fn fits(&self, scale: Scale) -> bool {
        match self {
            Self::NotApplicable(_) => true,
            Self::Pass | Self::Fail => matches!(scale, Scale::PassFail | Scale::PassProgressFail | Scale::Scenario),
            Self::Progress => scale == Scale::PassProgressFail,
            Self::Observed | Self::NoneObserved => scale == Scale::Observation,
            Self::Level(level) => matches!(scale, Scale::Level { max } if *level <= max),
            Self::Count(_) => scale == Scale::Count,
            Self::Words(_) => scale == Scale::Words,
        }
    }
}

/// What was measured for one indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Its place in the catalogue, from 0.
    pub indicator: u16,
    /// How much, in the indicator's unit.
    pub value: u64,
}

/// Somebody else has looked, and found the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessmentConfirmed {
    /// About whom or what it is: who looks for all that was said about them finds this too.
    pub subject: Subject,
    /// Which assessment.
    pub assessment: AssessmentId,
    /// Of which of its criteria, by place in its catalogue, in increasing order.
    pub criteria: List<u16, CRITERIA_MAX>,
    /// What there is to add.
    pub note: Option<Line>,
    /// Digests of what supports it.
    pub evidence: Evidence,
}

/// Somebody else says that it is not so; both texts stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessmentContested {
    /// About whom or what it is: who looks for all that was said about them finds this too.
    pub subject: Subject,
    /// Which assessment.
    pub assessment: AssessmentId,
    /// Which of its criteria, by place in its catalogue, in increasing order.
    pub criteria: List<u16, CRITERIA_MAX>,
    /// What is said against it.
    pub reason: Line,
    /// Digests of what supports that.
    pub evidence: Evidence,
}

/// Who submitted an assessment takes it back; it stays in the history and counts no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessmentWithdrawn {
    /// About whom or what it is: who looks for all that was said about them finds this too.
    pub subject: Subject,
    /// Which assessment.
    pub assessment: AssessmentId,
    /// Why.
    pub reason: Line,
}
