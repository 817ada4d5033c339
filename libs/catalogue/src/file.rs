//! A catalogue file as it is written. Texts are read as they stand, so that [`crate::lint`] can say of each what is
//! wrong with it; what has no text in several languages is checked while it is read.

use std::collections::BTreeMap;

use event::vocabulary::{CatalogueDigest, Line, Pillar, Scale, ShortText, Slug, Unit};
use serde::Deserialize;

use crate::language::{Language, Translation};
use crate::provenance::{ContentStatus, CraftRefStatus, Response};
use crate::{FeedKind, Version};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub slug: Slug,
    pub version: ShortText,
    pub licence: ShortText,
    pub title: Written,
    pub languages: Vec<Translation>,
    pub origin: Option<WrittenOrigin>,
    pub supersedes: Option<Superseded>,
    pub feeds_into: Option<Version>,
    #[serde(default)]
    pub notes: Vec<Line>,
    /// What the sources are that criteria name.
    #[serde(default)]
    pub sources: BTreeMap<String, Line>,
    #[serde(default)]
    pub levels: Vec<Written>,
    #[serde(default)]
    pub themes: Vec<WrittenTheme>,
    pub criteria: Vec<WrittenCriterion>,
    #[serde(default)]
    pub indicators: Vec<WrittenIndicator>,
}

/// One text in the languages it is written in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    pub en: Option<String>,
    pub es: Option<String>,
    pub fr: Option<String>,
    pub pt: Option<String>,
    pub sw: Option<String>,
    /// Two languages really have the same words for it.
    #[serde(default)]
    pub alike: bool,
}

impl Written {
    pub(crate) fn in_language(&self, language: Language) -> Option<&str> {
        let text = match language {
            Language::En => &self.en,
            Language::Es => &self.es,
            Language::Fr => &self.fr,
            Language::Pt => &self.pt,
            Language::Sw => &self.sw,
        };
        text.as_deref()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenOrigin {
    pub based_on: Line,
    pub licence_url: Line,
    pub credit: Written,
    pub changes: Vec<Written>,
}

/// The version that this one follows: by its name for readers, by its digest for the stream.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Superseded {
    pub version: ShortText,
    pub digest: CatalogueDigest,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenTheme {
    pub slug: Slug,
    pub title: Written,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenCriterion {
    pub slug: Slug,
    pub scale: Scale,
    pub module: Option<u8>,
    pub response: Option<Response>,
    pub pillar: Option<Pillar>,
    pub theme: Option<Slug>,
    pub commodity: Option<Slug>,
    pub profile: Option<Slug>,
    pub craft_ref: Option<ShortText>,
    #[serde(default)]
    pub craft_ref_status: CraftRefStatus,
    pub content: Option<ContentStatus>,
    #[serde(default)]
    pub sources: Vec<String>,
    #[serde(default)]
    pub references: BTreeMap<String, Vec<ShortText>>,
    pub note: Option<Line>,
    pub replaces: Option<Slug>,
    pub column: Option<Line>,
    #[serde(default)]
    pub feeds: Vec<WrittenFeed>,
    pub title: Written,
    pub question: Written,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenFeed {
    pub criterion: Slug,
    pub kind: FeedKind,
    pub note: Written,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenIndicator {
    pub slug: Slug,
    pub unit: Unit,
    pub pillar: Option<Pillar>,
    pub theme: Option<Slug>,
    pub replaces: Option<Slug>,
    pub title: Written,
    pub question: Written,
}
