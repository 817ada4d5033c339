//! The form of an assessment: what is asked, gates first, and how it can be answered.

use std::collections::BTreeMap;

use askama::Template;
use askama::filters::HtmlSafe;
use catalogue::{Catalogue, Language as CatalogueLanguage, TranslationStatus};
use event::vocabulary::{CataloguePublished, Criterion, Pillar, Scale, Unit};
use serde::Serialize;
use utoipa::ToSchema;

use super::known::Known;
use crate::answers::{self, Measure, Standing, Word};
use crate::shell::word_key;

/// Everything that a catalogue asks of one subject.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Questions)]
pub(super) struct Form {
    /// What assessments pin, in hexadecimal.
    pub(super) digest: String,
    /// Which catalogue.
    pub(super) catalogue: String,
    /// Which version of it.
    pub(super) version: String,
    /// What it is about.
    pub(super) title: Text,
    /// On what terms it may be used, as an SPDX expression.
    pub(super) licence: String,
    /// Whether its full text is known, with every language that it has.
    pub(super) is_whole: bool,
    /// Whether no native speaker has read its texts in this language yet.
    pub(super) is_draft: bool,
    /// To whom credit is due; absent where to nobody.
    #[schema(required)]
    pub(super) credit: Option<Text>,
    /// What is asked, gates first.
    pub(super) sections: Vec<Section>,
    /// What is measured.
    pub(super) figures: Vec<Figure>,
}

/// A text of a catalogue, shown as somebody wrote it and in his language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Template, ToSchema)]
#[schema(as = CatalogueText)]
#[template(
    source = "<bdi{% if !language.is_empty() %} lang=\"{{ language }}\"{% endif %}>{{ text }}</bdi>",
    ext = "html"
)]
pub(super) struct Text {
    /// What it says.
    pub(super) text: String,
    /// In which language it is, where that is not the reader's; empty where it is, or nobody knows.
    pub(super) language: &'static str,
}

/// Criteria that are shown together.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = QuestionSection)]
pub(super) struct Section {
    /// Their module, 1 to 5; 0 where they are of none.
    pub(super) module: u8,
    /// Their pillar, where the module is divided by pillars; else empty.
    pub(super) pillar: String,
    /// What is asked.
    pub(super) questions: Vec<Question>,
}

/// One thing that is asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Question)]
pub(super) struct Question {
    /// Its place in the catalogue, from 0: what a finding names it by.
    pub(super) place: usize,
    /// Its stable name.
    pub(super) slug: String,
    /// What it is called.
    pub(super) title: Text,
    /// What is asked, where it has a title besides.
    #[schema(required)]
    pub(super) question: Option<Text>,
    /// What can be chosen; none where a number or words are asked for.
    pub(super) choices: Vec<Choice>,
    /// What is typed: `count`, `words`, or nothing.
    pub(super) typed: &'static str,
    /// The answer that stands about this subject; of a catalogue there is at most one.
    pub(super) standing: Vec<Standing>,
}

/// One answer of several.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Choice)]
pub(super) struct Choice {
    /// Its name: `pass`, `level-2`.
    pub(super) value: String,
    /// Which level; absent where it is none.
    #[schema(required)]
    pub(super) level: Option<u8>,
    /// What the level means; absent where the catalogue does not say.
    #[schema(required)]
    pub(super) meaning: Option<Text>,
}

/// Something that is measured.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MeasuredFigure)]
pub(super) struct Figure {
    /// Its place in the catalogue, from 0.
    pub(super) place: usize,
    /// What it is called.
    pub(super) title: Text,
    /// What is asked, where it has a title besides.
    #[schema(required)]
    pub(super) question: Option<Text>,
    /// In what it is measured.
    pub(super) unit: String,
    /// What was measured last; absent where nothing was.
    #[schema(required)]
    pub(super) last: Option<Last>,
}

/// What was measured last.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LastMeasured)]
pub(super) struct Last {
    /// What is measured.
    pub(super) measure: Measure,
    /// How much, in its unit.
    pub(super) value: u64,
    /// By whose word.
    pub(super) word: Word,
}

/// What stands about a subject under a catalogue, by the names of criteria and indicators.
#[derive(Debug, Default)]
pub(super) struct Stands {
    /// Answers.
    pub(super) answers: BTreeMap<String, Vec<Standing>>,
    /// Figures.
    pub(super) figures: BTreeMap<String, Last>,
}

impl Form {
    /// What a catalogue asks, in a language, beside what stands.
    #[must_use]
    pub(super) fn of(known: &Known, language: CatalogueLanguage, mut stands: Stands) -> Self {
        let full = known.full.as_deref();
        let reading = Reading { full, language };
        let published = &known.published;
        let mut sections: BTreeMap<_, Section> = BTreeMap::new();
        for (place, criterion) in published.criteria.iter().enumerate() {
            let question = reading.question(place, criterion, &mut stands);
            let seat = seat(criterion);
            let section = sections.entry(seat).or_default();
            section.module = criterion.module.map_or(0, event::vocabulary::Module::number);
            section.pillar = seat.1.map_or_else(String::new, |pillar| answers::pillar(pillar.into()));
            section.questions.push(question);
        }
        let status = full.and_then(|full| full.languages().iter().find(|one| one.language == language));
        let credit = full.and_then(|full| full.origin()).map(|origin| &origin.credit);
        Self {
            digest: published.digest().to_string(),
            catalogue: published.slug.to_string(),
            version: published.version.to_string(),
            title: full.map_or_else(
                || Text::unknown(published.slug.as_str()),
                |full| reading.text(full.title(language)),
            ),
            licence: published.licence.to_string(),
            is_whole: full.is_some(),
            is_draft: status.is_some_and(|one| one.status == TranslationStatus::Draft),
            credit: credit.map(|credit| reading.text(credit.in_language(language))),
            sections: sections.into_values().collect(),
            figures: reading.figures(published, &mut stands),
        }
    }

    /// How much can be answered.
    #[must_use]
    pub(super) fn count(&self) -> usize {
        self.figures.len()
            + self
                .sections
                .iter()
                .map(|section| section.questions.len())
                .sum::<usize>()
    }
}

/// Where a criterion is shown: the modules of gates as they are, the last one and what is of none by pillars.
fn seat(criterion: &Criterion) -> (u8, Option<Pillar>) {
    match criterion.module {
        Some(module) if module.number() < 5 => (module.number(), None),
        Some(module) => (module.number(), criterion.pillar),
        None => (u8::MAX, criterion.pillar),
    }
}

impl HtmlSafe for Text {}

impl Text {
    fn unknown(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            language: "",
        }
    }
}

/// A catalogue in a language.
struct Reading<'a> {
    full: Option<&'a Catalogue>,
    language: CatalogueLanguage,
}

impl Reading<'_> {
    /// A text of the full text, in the language or, where the catalogue does not have it, in its original one.
    fn text(&self, text: &str) -> Text {
        let languages = self.full.map(Catalogue::languages).unwrap_or_default();
        let is_there = languages.iter().any(|one| one.language == self.language);
        let original = languages.first().map_or("", |one| one.language.code());
        Text {
            text: text.to_owned(),
            language: if is_there { "" } else { original },
        }
    }

    fn question(&self, place: usize, criterion: &Criterion, stands: &mut Stands) -> Question {
        let slug = criterion.slug.as_str();
        let (title, question) = match self.full.and_then(|full| full.criterion(slug)) {
            Some(full) => {
                let title = self.text(full.title(self.language));
                (title, Some(self.text(full.question(self.language))))
            }
            None => (Text::unknown(criterion.question.as_str()), None),
        };
        Question {
            place,
            slug: slug.to_owned(),
            title,
            question,
            choices: self.choices(criterion.scale),
            typed: match criterion.scale {
                Scale::Count => "count",
                Scale::Words => "words",
                _ => "",
            },
            standing: stands.answers.remove(slug).unwrap_or_default(),
        }
    }

    fn choices(&self, scale: Scale) -> Vec<Choice> {
        let named = |names: &[&str]| -> Vec<Choice> {
            let choice = |name: &&str| Choice {
                value: (*name).to_owned(),
                level: None,
                meaning: None,
            };
            names.iter().map(choice).collect()
        };
        match scale {
            Scale::PassFail | Scale::Scenario => named(&["pass", "fail"]),
            Scale::PassProgressFail => named(&["pass", "progress", "fail"]),
            Scale::Observation => named(&["observed", "none-observed"]),
            Scale::Level { max } => (0..=max).map(|level| self.level(level)).collect(),
            Scale::Count | Scale::Words => Vec::new(),
        }
    }

    fn level(&self, level: u8) -> Choice {
        let meaning = self.full.and_then(|full| full.level(level, self.language));
        Choice {
            value: format!("level-{level}"),
            level: Some(level),
            meaning: meaning.map(|meaning| self.text(meaning)),
        }
    }

    fn figures(&self, published: &CataloguePublished, stands: &mut Stands) -> Vec<Figure> {
        let figure = |(place, indicator): (usize, &event::vocabulary::Indicator)| {
            let slug = indicator.slug.as_str();
            let (title, question) = match self.full.and_then(|full| full.indicator(slug)) {
                Some(full) => {
                    let title = self.text(full.title(self.language));
                    (title, Some(self.text(full.question(self.language))))
                }
                None => (Text::unknown(indicator.question.as_str()), None),
            };
            Figure {
                place,
                title,
                question,
                unit: unit(indicator.unit),
                last: stands.figures.remove(slug),
            }
        };
        published.indicators.iter().enumerate().map(figure).collect()
    }
}

fn unit(unit: Unit) -> String {
    word_key(rpc::progress::Unit::from(unit).as_str_name())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    /// A shipped catalogue, with its full text or as the stream alone has it.
    fn form(catalogue: &'static Catalogue, is_whole: bool, language: CatalogueLanguage) -> Form {
        let known = Known {
            published: catalogue.published().clone(),
            full: is_whole.then_some(Cow::Borrowed(catalogue)),
        };
        Form::of(&known, language, Stands::default())
    }

    #[test]
    fn everything_is_asked_once_and_gates_come_first() {
        let catalogue = catalogue::craft_derived();
        let form = form(catalogue, true, CatalogueLanguage::Es);
        let sections: Vec<_> = form
            .sections
            .iter()
            .map(|section| (section.module, section.pillar.as_str()))
            .collect();
        assert_eq!(
            sections[..5],
            [(1, ""), (2, ""), (3, ""), (4, ""), (5, "pillar-organizational")]
        );
        let asked = form.sections.iter().flat_map(|section| &section.questions);
        let mut places: Vec<_> = asked.map(|question| question.place).collect();
        places.sort_unstable();
        assert_eq!(places, (0..catalogue.criteria().count()).collect::<Vec<_>>());
        assert_eq!(form.count(), places.len() + catalogue.indicators().count());
    }

    #[test]
    fn texts_are_in_the_readers_language_or_say_which_one_they_are_in() {
        let catalogue = catalogue::craft_derived();
        let first = |form: &Form| form.sections[0].questions[0].title.clone();
        let slug = &catalogue.published().criteria[0].slug;
        let title = |language| catalogue.criterion(slug.as_str()).unwrap().title(language);
        for (is_whole, language, text, said) in [
            (true, CatalogueLanguage::Es, title(CatalogueLanguage::Es), ""),
            (true, CatalogueLanguage::Sw, title(CatalogueLanguage::En), "en"),
            (
                false,
                CatalogueLanguage::Es,
                catalogue.published().criteria[0].question.as_str(),
                "",
            ),
        ] {
            let found = first(&form(catalogue, is_whole, language));
            assert_eq!((found.text.as_str(), found.language), (text, said));
        }
    }

    #[test]
    fn every_scale_can_be_answered_in_its_own_words() {
        let reading = Reading {
            full: Some(catalogue::craft_derived()),
            language: CatalogueLanguage::En,
        };
        for (scale, expected) in [
            (Scale::PassFail, "pass fail"),
            (Scale::Scenario, "pass fail"),
            (Scale::PassProgressFail, "pass progress fail"),
            (Scale::Observation, "observed none-observed"),
            (Scale::Level { max: 2 }, "level-0 level-1 level-2"),
            (Scale::Count, ""),
            (Scale::Words, ""),
        ] {
            let choices = reading.choices(scale);
            let values: Vec<_> = choices.iter().map(|choice| choice.value.as_str()).collect();
            assert_eq!(values.join(" "), expected, "{scale:?}");
        }
        assert_eq!(reading.level(0).meaning.unwrap().text, "Nothing done yet");
    }
}
