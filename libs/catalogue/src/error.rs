//! What can be wrong with a catalogue file.

use core::fmt;

use event::codec::TextError;
use event::vocabulary::{CRITERIA_MAX, CatalogueDigest, INDICATORS_MAX, Module, ShortText, Slug};
use thiserror::Error;

use crate::{CATALOGUE_BYTES_MAX, Language, PUBLISHED_BYTES_MAX};

/// Why a text is no catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CatalogueError {
    /// Longer than a catalogue file may be.
    #[error("the catalogue file is longer than {CATALOGUE_BYTES_MAX} bytes: split it into several catalogues")]
    TooLong,
    /// Not TOML, a field missing, unknown, or outside its limits.
    #[error("not a catalogue file: {0}")]
    Malformed(String),
    /// Nothing is asked.
    #[error("the catalogue asks nothing: write at least one [[criteria]]")]
    Empty,
    /// More than an assessment can answer.
    #[error("more than {CRITERIA_MAX} criteria: split the file into several catalogues")]
    TooManyCriteria,
    /// More than an assessment can measure.
    #[error("more than {INDICATORS_MAX} indicators: split the file into several catalogues")]
    TooManyIndicators,
    /// Longer than one statement holds.
    #[error("the catalogue takes more than {PUBLISHED_BYTES_MAX} bytes of a statement: split it into several")]
    DoesNotFit,

    /// No language is named.
    #[error("no language is named: write [[languages]], the one that the catalogue is written in first")]
    NoLanguage,
    /// One language named twice.
    #[error("the language {0} is named twice: keep one [[languages]] for it")]
    LanguageRepeated(Language),
    /// The language of record is not clear.
    #[error(
        "the language {0} has the wrong status: the first language is `Original`, every other `Draft` or `Reviewed`"
    )]
    WrongOriginal(Language),
    /// A review without a reviewer, or a reviewer without a review.
    #[error("the language {0} does not say who reviewed it: `Reviewed` goes with `reviewed_by`, and nothing else does")]
    Reviewer(Language),
    /// A text is missing in a language of the catalogue.
    #[error("{0} is missing: write it, or take the language out of [[languages]]")]
    TextMissing(TextPlace),
    /// A text in a language that the catalogue does not name.
    #[error("{0} is in a language that is not named: add it to [[languages]], with who translated it")]
    LanguageUnnamed(TextPlace),
    /// A text that does not go into its field.
    #[error("{place} cannot stand there: {why}")]
    TextUnfit {
        /// Which text.
        place: TextPlace,
        /// What is wrong with it.
        why: TextError,
    },
    /// The same text in two languages.
    #[error("{0} is the text of another language: translate it, or say `alike = true` where the words are the same")]
    NotTranslated(TextPlace),
    /// A question without its mark.
    #[error("{0} asks nothing: end it with a question mark")]
    NoQuestion(TextPlace),
    /// Two criteria or indicators ask the same.
    #[error("{0} asks what another one asks already: ask each thing once")]
    QuestionRepeated(TextPlace),

    /// Two criteria, indicators or themes of one slug.
    #[error("{0} stands twice: give each a slug of its own")]
    SlugRepeated(Part),
    /// Two criteria read one column.
    #[error("the criterion {0} reads a column that another one reads already: read each column once")]
    ColumnRepeated(Slug),
    /// A scale of one level.
    #[error("the criterion {0} has one level only: let `max` be 1 or more")]
    NoLevels(Slug),
    /// The catalogue says what levels mean, but not all those of this scale, or more.
    #[error("the criterion {0} has other levels than [[levels]] names: name each from 0 to its `max`, or none")]
    LevelsUnnamed(Slug),
    /// Not a module.
    #[error("the criterion {0} is of a module that there is not: write 1 to 5, or leave it out")]
    ModuleUnknown(Slug),
    /// A scale that cannot decide what the module has to decide.
    #[error("the criterion {slug} has a scale that module {} does not take: {}", module.number(), takes(*module))]
    ScaleNotInModule {
        /// Of which criterion.
        slug: Slug,
        /// Its module.
        module: Module,
    },
    /// A scenario outside the module of legitimacy.
    #[error("the criterion {0} is a scenario of nothing: scenarios stand in module 2")]
    ScenarioOutside(Slug),
    /// A scenario without an alternative.
    #[error("the criterion {0} is the only scenario: write the others that may apply instead, or make it `PassFail`")]
    ScenarioAlone(Slug),
    /// A response that is not its module's.
    #[error(
        "the criterion {0} states a response that its module does not have: leave `response` out, the module says it"
    )]
    ResponseContradicts(Slug),
    /// A theme that is not described.
    #[error("the theme of {0} is not described: add it to [[themes]], with its title")]
    ThemeUnknown(Part),

    /// A reference into documents that nobody knows here.
    #[error("the criterion {slug} refers to `{scheme}`, which is not known: write `oecd` or `minamata`")]
    SchemeUnknown {
        /// Of which criterion.
        slug: Slug,
        /// The scheme as it is written.
        scheme: String,
    },
    /// A place that its document cannot have.
    #[error(
        "the criterion {slug} refers to `{code}`, which is no place in `{scheme}`: write it as A2-3-ii, STEP-1 or ANNEX-C-1B"
    )]
    ReferenceMalformed {
        /// Of which criterion.
        slug: Slug,
        /// The scheme.
        scheme: String,
        /// The place as it is written.
        code: ShortText,
    },
    /// A number that the CRAFT Code cannot have.
    #[error("the criterion {0} has a `craft_ref` that is none: write it as M.1/5.2.3/R.1 or M.4/5.2.12/S.1.1")]
    CraftRefMalformed(Slug),
    /// A number of another module.
    #[error("the criterion {0} has a `craft_ref` of another module: one of both is wrong")]
    CraftRefModule(Slug),
    /// A status of a number that does not go with it.
    #[error(
        "the criterion {0} has a `craft_ref_status` that does not fit: `None` without a `craft_ref`, else `Verified` or `Guess`"
    )]
    CraftRefStatus(Slug),
    /// Verified, and nobody knows where.
    #[error("the criterion {0} says that it was verified, but not where: name its `sources`, or say so less surely")]
    Unsourced(Slug),
    /// A source that is not described.
    #[error("the criterion {slug} names the source `{source_name}`, which is not described: add it to [sources]")]
    SourceUnknown {
        /// Of which criterion.
        slug: Slug,
        /// The source as it is written.
        source_name: String,
    },
    /// What answers a criterion of no catalogue.
    #[error("the criterion {0} feeds another one, but of which catalogue: write [feeds_into]")]
    FeedsNowhere(Slug),
    /// What answers a criterion that is not there.
    #[error(
        "the criterion {slug} feeds {fed}, which the catalogue it names does not have: name a criterion that is there"
    )]
    FeedUnknown {
        /// Of which criterion.
        slug: Slug,
        /// What it feeds.
        fed: Slug,
    },

    /// The version before is needed to read this one.
    #[error("the catalogue supersedes {0}: read it together with the file of that version")]
    SupersededMissing(CatalogueDigest),
    /// Read with another version than the one it names.
    #[error(
        "the catalogue supersedes {named}, not {given}: read it with the version that it names, or correct [supersedes]"
    )]
    SupersededOther {
        /// Which one it names.
        named: CatalogueDigest,
        /// Which one there is.
        given: CatalogueDigest,
    },
    /// Another catalogue, or the same version.
    #[error(
        "the catalogue does not supersede a version of its own: keep the slug, raise `version`, name the former one"
    )]
    NotALaterVersion,
    /// Replaces something, and supersedes nothing.
    #[error("{0} replaces something, but of which version: write [supersedes]")]
    ReplacesNothing(Part),
    /// Replaces what is not there.
    #[error(
        "{part} replaces {replaced}, which the superseded version does not have: name what is there, or leave it out"
    )]
    ReplacedUnknown {
        /// Which one.
        part: Part,
        /// What it replaces.
        replaced: Slug,
    },
    /// Replaced by two.
    #[error("{0} replaces what another one replaces already: an earlier answer speaks to one of them only")]
    ReplacedTwice(Part),
    /// Replaces what is answered in another way.
    #[error("{0} replaces what has another scale or unit: leave `replaces` out, earlier answers do not fit")]
    ReplacedUnlike(Part),
    /// The same slug and scale as before, and not said to be the same.
    #[error("{0} has the name of one before, but does not replace it: say `replaces`, or give what is new a new slug")]
    ReplacesForgotten(Part),
}

const fn takes(module: Module) -> &'static str {
    match module {
        Module::Management | Module::Disengagement => "make it `PassFail`",
        Module::Legitimacy => "make it `PassFail` or `Scenario`",
        Module::Mitigation => "make it `PassFail` or `PassProgressFail`",
        Module::Improvement => "make it anything but `Scenario`",
    }
}

/// What a fault is in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The catalogue as a whole.
    Catalogue,
    /// What one level means.
    Level(usize),
    /// A theme.
    Theme(Slug),
    /// A criterion.
    Criterion(Slug),
    /// An indicator.
    Indicator(Slug),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Catalogue => f.write_str("the catalogue"),
            Self::Level(level) => write!(f, "level {level}"),
            Self::Theme(slug) => write!(f, "the theme {slug}"),
            Self::Criterion(slug) => write!(f, "the criterion {slug}"),
            Self::Indicator(slug) => write!(f, "the indicator {slug}"),
        }
    }
}

/// Which text of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// What it is called.
    Title,
    /// What is asked.
    Question,
    /// To whom credit is due.
    Credit,
    /// What was changed.
    Changes,
    /// How far an answer reaches that it feeds.
    FeedNote,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Title => "title",
            Self::Question => "question",
            Self::Credit => "origin.credit",
            Self::Changes => "origin.changes",
            Self::FeedNote => "feeds.note",
        })
    }
}

/// Where a text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPlace {
    /// In which part.
    pub part: Part,
    /// Which text of it.
    pub field: Field,
    /// In which language.
    pub language: Language,
}

impl fmt::Display for TextPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { part, field, language } = self;
        write!(f, "`{field}.{language}` of {part}")
    }
}
