//! The languages a catalogue may be read in, and texts in several of them.

use core::fmt;
use std::collections::BTreeMap;

use event::vocabulary::Line;
use serde::{Deserialize, Serialize};

/// A language that a catalogue may be read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Portuguese.
    Pt,
    /// Swahili; no shipped catalogue has it yet.
    Sw,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 5] = [Self::En, Self::Es, Self::Fr, Self::Pt, Self::Sw];

    /// Its two letters in ISO 639-1.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::Pt => "pt",
            Self::Sw => "sw",
        }
    }

    /// The language of a tag such as `es`, `es-PE` or `pt_BR`; the region is not looked at.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.code().eq_ignore_ascii_case(primary))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A language of a catalogue: who wrote its texts, and how far they can be relied on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Translation {
    /// Which language.
    pub language: Language,
    /// How far its texts can be relied on.
    pub status: TranslationStatus,
    /// Who wrote them, and how.
    pub by: Line,
    /// Who that speaks it natively has read them all.
    pub reviewed_by: Option<Line>,
}

/// How far the texts of one language can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum TranslationStatus {
    /// What the catalogue was written in; this is what the stream holds, and where a translation differs, this counts.
    Original,
    /// Translated, and not yet read by somebody who speaks it natively.
    Draft,
    /// Translated, and read by somebody who speaks it natively.
    Reviewed,
}

/// One text in every language of its catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    original: Language,
    lines: BTreeMap<Language, Line>,
}

impl Texts {
    /// # Panics
    /// If the text is not there in its original language.
    pub(crate) fn new(original: Language, lines: BTreeMap<Language, Line>) -> Self {
        assert!(lines.contains_key(&original), "a text without its original");
        Self { original, lines }
    }

    /// The text in `language`; in the original where the catalogue does not have that language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        self.get(language).unwrap_or_else(|| self.original().as_str())
    }

    /// The text in the language that the catalogue was written in.
    #[must_use]
    pub fn original(&self) -> &Line {
        &self.lines[&self.original]
    }

    /// The text in `language` and in no other.
    #[must_use]
    pub fn get(&self, language: Language) -> Option<&str> {
        self.lines.get(&language).map(Line::as_str)
    }
}
