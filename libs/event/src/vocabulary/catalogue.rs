//! Criteria catalogues: what is asked and measured, and what an answer looks like.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

use super::{Line, ShortText, Slug};
use crate::codec::{List, encode};
use crate::key::{Digest, bytes32};

/// Criteria in one catalogue, and so findings in one assessment: where all are answered and all indicators measured,
/// 48 KiB leave each finding some 185 bytes, such as its answer and 5 digests.
pub const CRITERIA_MAX: usize = 256;
/// Indicators in one catalogue, and so measurements in one assessment.
pub const INDICATORS_MAX: usize = 64;

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
    /// The version of the same catalogue that this one follows, where answers under both may be compared at all.
    pub supersedes: Option<CatalogueDigest>,
    /// Its criteria; findings name them by place, from 0.
    pub criteria: List<Criterion, CRITERIA_MAX>,
    /// What is measured beside them; measurements name them by place, from 0.
    pub indicators: List<Indicator, INDICATORS_MAX>,
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
    /// What not meeting it means for a buyer, where it is part of a module.
    pub module: Option<Module>,
    /// Under which pillar it is shown.
    pub pillar: Option<Pillar>,
    /// With which others it is shown.
    pub theme: Option<Slug>,
    /// The criterion of the superseded version that it is the same as, by place; without one it is new, and no earlier
    /// answer speaks to it.
    pub replaces: Option<u16>,
}

/// Something that is measured in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its stable name.
    pub slug: Slug,
    /// In what it is measured.
    pub unit: Unit,
    /// What is asked, in plain words.
    pub question: Line,
    /// Under which pillar it is shown.
    pub pillar: Option<Pillar>,
    /// The indicator of the superseded version that it is the same as, by place.
    pub replaces: Option<u16>,
}

/// In what an indicator is measured; whole numbers of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Unit {
    /// People.
    People,
    /// Things of one kind.
    Items,
    /// Things that happened.
    Occurrences,
    /// Days.
    Days,
    /// Hours.
    Hours,
    /// Mass, in milligrams.
    Milligrams,
    /// Volume, in millilitres.
    Millilitres,
    /// Ground, in square metres.
    SquareMetres,
    /// Energy, in watt hours.
    WattHours,
    /// A share, in parts per million.
    PartsPerMillion,
}

/// What not meeting a criterion means for a buyer (the modules of a CRAFT-derived catalogue).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Module {
    /// 1, a management system: without it nothing begins.
    Management,
    /// 2, legitimacy: one of its scenarios must apply.
    Legitimacy,
    /// 3, serious abuses: trade ends at once.
    Disengagement,
    /// 4, risks that a plan must lessen within a set time, or trade ends.
    Mitigation,
    /// 5, other risks: progress from report to report.
    Improvement,
}

impl Module {
    /// Every module, in order.
    pub const ALL: [Self; 5] = [
        Self::Management,
        Self::Legitimacy,
        Self::Disengagement,
        Self::Mitigation,
        Self::Improvement,
    ];

    /// Its number, 1 to 5.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Management => 1,
            Self::Legitimacy => 2,
            Self::Disengagement => 3,
            Self::Mitigation => 4,
            Self::Improvement => 5,
        }
    }

    /// Whether a criterion of this module may have this scale: gates need an answer that is met or not.
    #[must_use]
    pub const fn takes(self, scale: Scale) -> bool {
        match self {
            Self::Management | Self::Disengagement => matches!(scale, Scale::PassFail),
            Self::Legitimacy => matches!(scale, Scale::PassFail | Scale::Scenario),
            Self::Mitigation => matches!(scale, Scale::PassFail | Scale::PassProgressFail),
            Self::Improvement => !matches!(scale, Scale::Scenario),
        }
    }
}

/// What a criterion is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Pillar {
    /// How the organization is run.
    Organizational,
    /// Water, ground, mercury.
    Environmental,
    /// People: rights, work, safety, neighbours.
    Social,
    /// Law, security, integrity, traceability.
    Governance,
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
    /// Met, partly met and getting better, or not met.
    PassProgressFail,
    /// One of several scenarios of the same module, of which one must apply: it applies, or it does not.
    Scenario,
}
