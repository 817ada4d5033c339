//! The criteria catalogues as data, and their loader.
//!
//! # In scope
//! - [`Catalogue::parse`]: a catalogue file, checked by the rules of [`CatalogueError`]; [`lint`] names every fault.
//! - [`Catalogue::published`]: the statement that publishes it, and so the digest that assessments pin.
//! - [`diff`]: what has changed between two versions, and whether answers can still be compared.
//! - [`all`], [`by_digest`]: the catalogues that are shipped, compiled in.
//!
//! # Out of scope
//! - Who may publish a catalogue and which answers fit it: `ledger`.
//! - Reading answers from somebody else's file: the import that names the columns, in `veta`.
//!
//! # Invariants
//! - No I/O: the files in `data/` are part of the program.
//! - A catalogue that passed its checks fits one statement, and a ledger that does not know it yet admits it.
//! - A catalogue is one file, and the digest covers it byte for byte: every language, comments included. A better
//!   translation is a new version, too.
//! - Every text is there in every language that its catalogue names. Only a reader of another language gets the
//!   original instead: [`Texts::in_language`].

mod diff;
mod error;
mod file;
mod language;
mod lint;
mod provenance;
mod read;
mod shipped;

use event::vocabulary::{CatalogueDigest, CataloguePublished, Line, Module, Pillar, Scale, ShortText, Slug, Unit};
use serde::Deserialize;

pub use diff::{Change, ChangeKind, Diff, diff};
pub use error::{CatalogueError, Field, Part, TextPlace};
pub use language::{Language, Texts, Translation, TranslationStatus};
pub use lint::{CATALOGUE_BYTES_MAX, PUBLISHED_BYTES_MAX};
pub use provenance::{ContentStatus, CraftRef, CraftRefError, CraftRefStatus, PublicReference, Response, Scheme};
pub use read::lint;
pub use shipped::{all, by_digest, craft_derived, ipis_site_qualification, ipis_site_visits, scheme_certifications};

/// A criteria catalogue that passed its checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    title: Texts,
    languages: Vec<Translation>,
    origin: Option<Origin>,
    notes: Vec<Line>,
    sources: Vec<Source>,
    levels: Vec<Texts>,
    themes: Vec<Theme>,
    feeds_into: Option<Version>,
    criteria: Vec<CriterionText>,
    indicators: Vec<IndicatorText>,
    published: CataloguePublished,
    digest: CatalogueDigest,
}

impl Catalogue {
    /// What the catalogue is about, in one line.
    #[must_use]
    pub fn title(&self, language: Language) -> &str {
        self.title.in_language(language)
    }

    /// Its name, the same in every version.
    #[must_use]
    pub const fn slug(&self) -> &Slug {
        &self.published.slug
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> &str {
        self.published.version.as_str()
    }

    /// The statement that publishes it.
    #[must_use]
    pub const fn published(&self) -> &CataloguePublished {
        &self.published
    }

    /// What assessments under it pin.
    #[must_use]
    pub const fn digest(&self) -> CatalogueDigest {
        self.digest
    }

    /// The languages it can be read in, the original first, with who translated it.
    #[must_use]
    pub fn languages(&self) -> &[Translation] {
        &self.languages
    }

    /// On what it is based, where it is somebody else's text that was changed.
    #[must_use]
    pub const fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// What who checks the catalogue must know; in the original language.
    pub fn notes(&self) -> impl Iterator<Item = &str> {
        self.notes.iter().map(Line::as_str)
    }

    /// Where what it says was read.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// What `level` means for every criterion that is answered by a level; none where the catalogue does not say.
    #[must_use]
    pub fn level(&self, level: u8, language: Language) -> Option<&str> {
        let texts = self.levels.get(usize::from(level))?;
        Some(texts.in_language(language))
    }

    /// The themes that its criteria and indicators are shown under, in order.
    #[must_use]
    pub fn themes(&self) -> &[Theme] {
        &self.themes
    }

    /// What the theme called `slug` is called for people.
    #[must_use]
    pub fn theme(&self, slug: &str, language: Language) -> Option<&str> {
        let theme = self.themes.iter().find(|theme| theme.slug.as_str() == slug)?;
        Some(theme.title.in_language(language))
    }

    /// Whose criteria its answers speak to, where it says so; [`Criterion::feeds`] says how.
    #[must_use]
    pub const fn feeds_into(&self) -> Option<&Version> {
        self.feeds_into.as_ref()
    }

    /// Checks that `target` has every criterion that this catalogue's answers are said to speak to.
    pub fn check_feeds(&self, target: &Self) -> Result<(), CatalogueError> {
        for criterion in self.criteria() {
            if let Some(feed) = criterion
                .feeds
                .iter()
                .find(|feed| target.place(feed.criterion.as_str()).is_none())
            {
                return Err(CatalogueError::FeedUnknown {
                    slug: criterion.slug.clone(),
                    fed: feed.criterion.clone(),
                });
            }
        }
        Ok(())
    }

    /// Its criteria in order.
    pub fn criteria(&self) -> impl Iterator<Item = Criterion<'_>> {
        let criteria = (0..).zip(self.published.criteria.iter().zip(&self.criteria));
        criteria.map(|(place, (criterion, text))| Criterion {
            place,
            slug: &criterion.slug,
            scale: criterion.scale,
            module: criterion.module,
            response: criterion.module.map(Response::of).or(text.response),
            pillar: criterion.pillar,
            theme: criterion.theme.as_ref(),
            replaces: criterion.replaces,
            commodity: text.commodity.as_ref(),
            profile: text.profile.as_ref(),
            references: &text.references,
            craft_ref: text.craft_ref.as_ref(),
            craft_ref_status: text.craft_ref_status,
            content: text.content,
            sources: &text.sources,
            note: text.note.as_ref().map(Line::as_str),
            feeds: &text.feeds,
            column: text.column.as_ref().map(Line::as_str),
            titles: &text.title,
            questions: &text.question,
        })
    }

    /// The criterion called `slug`.
    #[must_use]
    pub fn criterion(&self, slug: &str) -> Option<Criterion<'_>> {
        self.criteria().find(|criterion| criterion.slug.as_str() == slug)
    }

    /// The place of the criterion called `slug`, from 0: what a finding names it by.
    #[must_use]
    pub fn place(&self, slug: &str) -> Option<u16> {
        self.criterion(slug).map(|criterion| criterion.place)
    }

    /// Its indicators in order.
    pub fn indicators(&self) -> impl Iterator<Item = Indicator<'_>> {
        let indicators = (0..).zip(self.published.indicators.iter().zip(&self.indicators));
        indicators.map(|(place, (indicator, text))| Indicator {
            place,
            slug: &indicator.slug,
            unit: indicator.unit,
            pillar: indicator.pillar,
            theme: text.theme.as_ref(),
            replaces: indicator.replaces,
            titles: &text.title,
            questions: &text.question,
        })
    }

    /// The indicator called `slug`.
    #[must_use]
    pub fn indicator(&self, slug: &str) -> Option<Indicator<'_>> {
        self.indicators().find(|indicator| indicator.slug.as_str() == slug)
    }
}

/// One thing that is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criterion<'a> {
    /// Its place in the catalogue, from 0.
    pub place: u16,
    /// Its stable name.
    pub slug: &'a Slug,
    /// What an answer looks like.
    pub scale: Scale,
    /// Its module, where it is part of one.
    pub module: Option<Module>,
    /// What not meeting it means for a buyer: what its module says, or without a module what the catalogue says.
    pub response: Option<Response>,
    /// Under which pillar it is shown.
    pub pillar: Option<Pillar>,
    /// With which others it is shown; [`Catalogue::theme`] has the name for people.
    pub theme: Option<&'a Slug>,
    /// The place of the criterion of the superseded version that it is the same as.
    pub replaces: Option<u16>,
    /// The mineral it is asked for, where it is not asked for all.
    pub commodity: Option<&'a Slug>,
    /// The programme that adds it, where it is not asked by all.
    pub profile: Option<&'a Slug>,
    /// Where public documents ask for it.
    pub references: &'a [PublicReference],
    /// Its number in the CRAFT Code, as far as known.
    pub craft_ref: Option<&'a CraftRef>,
    /// How sure the number is.
    pub craft_ref_status: CraftRefStatus,
    /// How sure it is that the CRAFT Code asks this; none where the catalogue is not derived from another.
    pub content: Option<ContentStatus>,
    /// Where it was read, by the names in [`Catalogue::sources`].
    pub sources: &'a [String],
    /// What who checks the catalogue must know; in the original language.
    pub note: Option<&'a str>,
    /// What its answers say about another catalogue's criteria.
    pub feeds: &'a [Feed],
    /// The column of the source's file that holds the answers, where the catalogue is about such a file.
    pub column: Option<&'a str>,
    titles: &'a Texts,
    questions: &'a Texts,
}

impl<'a> Criterion<'a> {
    /// What it is called.
    #[must_use]
    pub fn title(&self, language: Language) -> &'a str {
        self.titles.in_language(language)
    }

    /// What is asked, in plain words. `Pass`, and more of a level, is yes.
    #[must_use]
    pub fn question(&self, language: Language) -> &'a str {
        self.questions.in_language(language)
    }
}

/// Something that is measured in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indicator<'a> {
    /// Its place in the catalogue, from 0.
    pub place: u16,
    /// Its stable name.
    pub slug: &'a Slug,
    /// In what it is measured.
    pub unit: Unit,
    /// Under which pillar it is shown.
    pub pillar: Option<Pillar>,
    /// With which others it is shown.
    pub theme: Option<&'a Slug>,
    /// The place of the indicator of the superseded version that it is the same as.
    pub replaces: Option<u16>,
    titles: &'a Texts,
    questions: &'a Texts,
}

impl<'a> Indicator<'a> {
    /// What it is called.
    #[must_use]
    pub fn title(&self, language: Language) -> &'a str {
        self.titles.in_language(language)
    }

    /// What is asked, in plain words.
    #[must_use]
    pub fn question(&self, language: Language) -> &'a str {
        self.questions.in_language(language)
    }
}

/// What an answer says about a criterion of another catalogue. No answer to a question that was asked for another
/// purpose decides a criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Which criterion.
    pub criterion: Slug,
    /// How it speaks to it.
    pub kind: FeedKind,
    /// How far it reaches.
    pub note: Texts,
}

/// How an answer speaks to another catalogue's criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum FeedKind {
    /// `Observed` speaks against the criterion being met. `NoneObserved` does not speak for it: nobody saw it that day.
    AgainstIfObserved,
    /// It helps to judge, and speaks neither for nor against.
    Context,
}

/// A version of a catalogue, by its names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// Which catalogue.
    pub slug: Slug,
    /// Which version of it.
    pub version: ShortText,
}

/// On what a catalogue is based that changes somebody else's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The documents.
    pub based_on: Line,
    /// Where the licence can be read.
    pub licence_url: Line,
    /// To whom credit is due.
    pub credit: Texts,
    /// What was changed.
    pub changes: Vec<Texts>,
}

/// Something that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What criteria call it.
    pub name: String,
    /// What it is, and where.
    pub about: Line,
}

/// What criteria have in common that are shown together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Its stable name.
    pub slug: Slug,
    /// What it is called.
    pub title: Texts,
}

/// What the file says of a criterion beyond what the stream has.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CriterionText {
    title: Texts,
    question: Texts,
    response: Option<Response>,
    commodity: Option<Slug>,
    profile: Option<Slug>,
    references: Vec<PublicReference>,
    craft_ref: Option<CraftRef>,
    craft_ref_status: CraftRefStatus,
    content: Option<ContentStatus>,
    sources: Vec<String>,
    note: Option<Line>,
    feeds: Vec<Feed>,
    column: Option<Line>,
}

/// What the file says of an indicator beyond what the stream has.
#[derive(Clone, Debug, PartialEq, Eq)]
struct IndicatorText {
    title: Texts,
    question: Texts,
    theme: Option<Slug>,
}
