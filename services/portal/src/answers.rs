//! What was asked and answered, as every page that shows assessments shows it: the answer, who says so, about when, by which
//! kind of word, and what speaks against it.
//!
//! The stream holds a question in the one language of its catalogue. Where a shipped catalogue asks the very same, it is
//! shown in the reader's language; otherwise as the stream holds it.

use askama::Template;
use askama::filters::HtmlSafe;
use catalogue::{Catalogue, Language as CatalogueLanguage};
use rpc::progress::{
    Answer, Attribution, Criterion, GivenAnswer, Indicator, Judgement, PresentAnswer, ScaleKind, Source, answer,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::language::Language;
use crate::shell::{Named, Said, Shell, word_key};

/// One thing that is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Criterion)]
pub(crate) struct Asked {
    /// The catalogue it stands in.
    pub(crate) catalogue: String,
    /// The version of that catalogue under which it was asked.
    pub(crate) version: String,
    /// Its stable name within the catalogue.
    pub(crate) slug: String,
    /// Its number, the same in every version that keeps it.
    pub(crate) number: u32,
    /// Its place in that version.
    pub(crate) place: u32,
    /// Its module, 1 to 5; 0 where it is of none.
    pub(crate) module: u32,
    /// Under which pillar it is shown; empty where under none.
    pub(crate) pillar: String,
    /// What is asked, in the language of its catalogue.
    pub(crate) question: String,
    /// What an answer looks like.
    pub(crate) scale: String,
    /// The highest level of a scale of levels; 0 for every other kind.
    pub(crate) level_max: u32,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "answer", content = "value", rename_all = "kebab-case")]
#[schema(as = Answer)]
pub(crate) enum Answered {
    /// It does not apply, and why.
    NotApplicable(String),
    /// Met.
    Pass,
    /// Not met.
    Fail,
    /// Seen.
    Observed,
    /// Looked for and not seen.
    NoneObserved,
    /// Partly met, and better than before.
    Progress,
    /// A level.
    Level(u32),
    /// A number.
    Count(u64),
    /// The source's words.
    Words(String),
}

/// By whose word something is so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Attribution)]
pub(crate) struct Word {
    /// Who said it, and where it is recorded.
    pub(crate) said: Said,
    /// Who looked, in relation to the subject.
    pub(crate) assurance: String,
    /// The first day it speaks about: `2023-05-31`.
    pub(crate) from: String,
    /// The last day it speaks about.
    pub(crate) to: String,
    /// The assessment.
    pub(crate) assessment_id: String,
}

/// What somebody else says about an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Judgement)]
pub(crate) struct Judged {
    /// Who says so.
    pub(crate) said: Said,
    /// What there is to add, or what is said against it; may be empty.
    pub(crate) text: String,
    /// SHA-256 digests of what supports it, in hexadecimal.
    pub(crate) evidence: Vec<String>,
}

/// An answer that was given, and everything that was said about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = GivenAnswer)]
pub(crate) struct Given {
    /// What was asked, under the version of that time.
    pub(crate) asked: Asked,
    /// The answer; absent where it is of a kind that this page does not know.
    pub(crate) answered: Option<Answered>,
    /// By whose word.
    pub(crate) word: Word,
    /// SHA-256 digests of what supports it, in hexadecimal.
    pub(crate) evidence: Vec<String>,
    /// Others who found the same.
    pub(crate) confirmed: Vec<Judged>,
    /// Others who say that it is not so.
    pub(crate) contested: Vec<Judged>,
    /// Who took it back; absent where nobody did.
    pub(crate) withdrawn: Option<Judged>,
}

/// The answer that stands, among the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PresentAnswer)]
pub(crate) struct Standing {
    /// The answer.
    pub(crate) given: Given,
    /// About which site; absent where about the organization itself.
    pub(crate) site: Option<Named>,
    /// Answers about the same day, of the same kind, that say something else.
    pub(crate) contradictions: Vec<Given>,
    /// How many contradictions, confirmations and contests more there are.
    pub(crate) left_out: u32,
    /// Whether it is older than policy calls fresh.
    pub(crate) is_stale: bool,
    /// Whether others contest it.
    pub(crate) is_contested: bool,
}

impl From<&Criterion> for Asked {
    fn from(criterion: &Criterion) -> Self {
        let scale = criterion.scale.unwrap_or_default();
        let kind = match scale.kind() {
            ScaleKind::Unspecified => String::new(),
            kind => word_key(kind.as_str_name()),
        };
        Self {
            catalogue: criterion.catalogue_slug.clone(),
            version: criterion.catalogue_version.clone(),
            slug: criterion.slug.clone(),
            number: criterion.number,
            place: criterion.place,
            module: criterion.module,
            pillar: pillar(criterion.pillar()),
            question: criterion.question.clone(),
            scale: kind,
            level_max: scale.level_max,
        }
    }
}

/// The key of a pillar's name; empty for none.
pub(crate) fn pillar(pillar: rpc::progress::Pillar) -> String {
    match pillar {
        rpc::progress::Pillar::Unspecified => String::new(),
        pillar => word_key(pillar.as_str_name()),
    }
}

impl Answered {
    /// The answer on the wire.
    #[must_use]
    pub(crate) fn of(answer: Option<&Answer>) -> Option<Self> {
        Some(match answer?.answer.as_ref()? {
            answer::Answer::NotApplicable(why) => Self::NotApplicable(why.clone()),
            answer::Answer::Pass(()) => Self::Pass,
            answer::Answer::Fail(()) => Self::Fail,
            answer::Answer::Observed(()) => Self::Observed,
            answer::Answer::NoneObserved(()) => Self::NoneObserved,
            answer::Answer::Level(level) => Self::Level(*level),
            answer::Answer::Count(count) => Self::Count(*count),
            answer::Answer::Words(words) => Self::Words(words.clone()),
            answer::Answer::Progress(()) => Self::Progress,
        })
    }
}

impl From<&Attribution> for Word {
    fn from(said: &Attribution) -> Self {
        Self {
            said: Said {
                by: said.by.clone().map(Named::from).unwrap_or_default(),
                statement_id: said.statement_id.clone(),
                position: said.position,
                admitted_at_unix_ms: said.admitted_at_unix_ms,
            },
            assurance: word_key(said.kind().as_str_name()),
            from: said.assessed_from.clone(),
            to: said.assessed_to.clone(),
            assessment_id: said.assessment_id.clone(),
        }
    }
}

impl From<&Source> for Said {
    fn from(source: &Source) -> Self {
        Self {
            by: source.by.clone().map(Named::from).unwrap_or_default(),
            statement_id: source.statement_id.clone(),
            position: source.position,
            admitted_at_unix_ms: source.admitted_at_unix_ms,
        }
    }
}

impl From<&Judgement> for Judged {
    fn from(judgement: &Judgement) -> Self {
        Self {
            said: said(judgement.source.as_ref()),
            text: judgement.text.clone(),
            evidence: judgement.evidence_digests.clone(),
        }
    }
}

/// Who said something; nobody where that is not known.
pub(crate) fn said(source: Option<&Source>) -> Said {
    source.map(Said::from).unwrap_or_default()
}

/// By whose word; nobody's where that is not known.
pub(crate) fn word(said: Option<&Attribution>) -> Word {
    said.map(Word::from).unwrap_or_default()
}

/// What was asked; nothing where that is not known.
pub(crate) fn asked(criterion: Option<&Criterion>) -> Asked {
    criterion.map(Asked::from).unwrap_or_default()
}

impl From<&GivenAnswer> for Given {
    fn from(given: &GivenAnswer) -> Self {
        let withdrawn = given.withdrawal.as_ref().map(|withdrawal| Judged {
            said: said(withdrawal.source.as_ref()),
            text: withdrawal.reason.clone(),
            evidence: Vec::new(),
        });
        Self {
            asked: asked(given.criterion.as_ref()),
            answered: Answered::of(given.answer.as_ref()),
            word: word(given.attribution.as_ref()),
            evidence: given.evidence_digests.clone(),
            confirmed: given.confirmations.iter().map(Judged::from).collect(),
            contested: given.contests.iter().map(Judged::from).collect(),
            withdrawn,
        }
    }
}

impl Standing {
    /// The answer that stands about a site, or about the organization itself.
    #[must_use]
    pub(crate) fn of(present: &PresentAnswer, site: Option<Named>) -> Self {
        let asked = asked(present.criterion.as_ref());
        let contradictions = present.contradictions.iter().map(|other| Given {
            asked: asked.clone(),
            answered: Answered::of(other.answer.as_ref()),
            word: word(other.attribution.as_ref()),
            ..Given::default()
        });
        Self {
            given: Given {
                asked: asked.clone(),
                answered: Answered::of(present.answer.as_ref()),
                word: word(present.attribution.as_ref()),
                evidence: present.evidence_digests.clone(),
                confirmed: present.confirmations.iter().map(Judged::from).collect(),
                contested: present.contests.iter().map(Judged::from).collect(),
                withdrawn: None,
            },
            site,
            contradictions: contradictions.collect(),
            left_out: present.contradictions_left_out + present.confirmations_left_out + present.contests_left_out,
            is_stale: present.is_stale,
            is_contested: !present.contests.is_empty() || 0 < present.contests_left_out,
        }
    }
}

/// What is measured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Indicator)]
pub(crate) struct Measure {
    /// The catalogue it stands in.
    pub(crate) catalogue: String,
    /// The version of that catalogue.
    pub(crate) version: String,
    /// Its stable name within the catalogue.
    pub(crate) slug: String,
    /// What is asked, in the language of its catalogue.
    pub(crate) question: String,
    /// In what it is measured.
    pub(crate) unit: String,
    /// Under which pillar it is shown; empty where under none.
    pub(crate) pillar: String,
}

impl From<&Indicator> for Measure {
    fn from(indicator: &Indicator) -> Self {
        Self {
            catalogue: indicator.catalogue_slug.clone(),
            version: indicator.catalogue_version.clone(),
            slug: indicator.slug.clone(),
            question: indicator.question.clone(),
            unit: word_key(indicator.unit().as_str_name()),
            pillar: pillar(indicator.pillar()),
        }
    }
}

/// A text that is ours, or somebody's.
#[derive(Debug, Template)]
#[template(
    source = "{% if is_ours %}{{ text }}{% else %}<bdi>{{ text }}</bdi>{% endif %}",
    ext = "html"
)]
pub(crate) struct Words {
    text: String,
    is_ours: bool,
}

impl HtmlSafe for Words {}

impl Words {
    fn ours(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_ours: true,
        }
    }

    fn theirs(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_ours: false,
        }
    }
}

impl Shell {
    /// What a criterion is called; what is asked, where it has no other name here.
    #[must_use]
    pub(crate) fn title(&self, asked: &Asked) -> Words {
        match shipped_criterion(asked) {
            Some(known) => Words::ours(known.title(in_catalogue(self.language))),
            None => Words::theirs(&asked.question),
        }
    }

    /// What is asked.
    #[must_use]
    pub(crate) fn question(&self, asked: &Asked) -> Words {
        match shipped_criterion(asked) {
            Some(known) => Words::ours(known.question(in_catalogue(self.language))),
            None => Words::theirs(&asked.question),
        }
    }

    /// What is measured.
    #[must_use]
    pub(crate) fn measure(&self, measure: &Measure) -> Words {
        let shipped = shipped(&measure.catalogue, &measure.version);
        let known = shipped.and_then(|shipped| shipped.indicator(&measure.slug));
        let language = in_catalogue(self.language);
        let is_same = |known: &catalogue::Indicator<'_>| {
            let held = shipped.and_then(|shipped| shipped.published().indicators.get(usize::from(known.place)));
            held.is_some_and(|held| held.question.as_str() == measure.question)
        };
        match known.filter(is_same) {
            Some(known) => Words::ours(known.title(language)),
            None => Words::theirs(&measure.question),
        }
    }

    /// An answer; that there is no data, where there is none.
    #[must_use]
    pub(crate) fn answer(&self, given: &Given) -> Words {
        let Some(answered) = &given.answered else {
            return Words::ours(self.t("no-data"));
        };
        match answered {
            Answered::NotApplicable(why) => Words::theirs(self.say("given-not-applicable", "why", why)),
            Answered::Pass => Words::ours(self.t("answer-pass")),
            Answered::Fail => Words::ours(self.t("answer-fail")),
            Answered::Observed => Words::ours(self.t("answer-observed")),
            Answered::NoneObserved => Words::ours(self.t("answer-none-observed")),
            Answered::Progress => Words::ours(self.t("answer-progress")),
            Answered::Level(level) => Words::ours(self.level(&given.asked, *level)),
            Answered::Count(count) => Words::ours(self.number(*count)),
            Answered::Words(words) => Words::theirs(words),
        }
    }

    /// A level, and what it means where the catalogue says so.
    fn level(&self, asked: &Asked, level: u32) -> String {
        let (written, max) = (self.number(level), self.number(asked.level_max));
        let text = self.say2("given-level", ("level", &written), ("max", &max));
        let meaning = shipped_criterion(asked)
            .and_then(|_| shipped(&asked.catalogue, &asked.version))
            .and_then(|shipped| shipped.level(u8::try_from(level).ok()?, in_catalogue(self.language)));
        match meaning {
            Some(meaning) => format!("{text}: {meaning}"),
            None => text,
        }
    }

    /// So much of what is measured, in its unit.
    #[must_use]
    pub(crate) fn quantity(&self, measure: &Measure, value: u64) -> String {
        match measure.unit.as_str() {
            "unit-milligrams" => self.grams_of_mg(value),
            "unit-parts-per-million" => self.percent(value),
            unit => format!("{}\u{a0}{}", self.number(value), self.t(unit)),
        }
    }

    /// The days that something speaks about.
    #[must_use]
    pub(crate) fn days(&self, from: &str, to: &str) -> String {
        if from == to || from.is_empty() {
            return self.date(to);
        }
        format!("{} – {}", self.date(from), self.date(to))
    }
}

/// The reader's language among those of catalogues.
pub(crate) const fn in_catalogue(language: Language) -> CatalogueLanguage {
    match language {
        Language::En => CatalogueLanguage::En,
        Language::Es => CatalogueLanguage::Es,
        Language::Fr => CatalogueLanguage::Fr,
        Language::Pt => CatalogueLanguage::Pt,
    }
}

fn shipped(slug: &str, version: &str) -> Option<&'static Catalogue> {
    let mut all = catalogue::all().into_iter();
    all.find(|shipped| shipped.slug().as_str() == slug && shipped.version() == version)
}

/// The criterion of a shipped catalogue that asks the very same. A catalogue that was published under the names of a shipped
/// one may ask something else, and is not translated.
fn shipped_criterion(asked: &Asked) -> Option<catalogue::Criterion<'static>> {
    let shipped = shipped(&asked.catalogue, &asked.version)?;
    let known = shipped.criterion(&asked.slug)?;
    let held = shipped.published().criteria.get(usize::from(known.place))?;
    (held.question.as_str() == asked.question).then_some(known)
}
