//! Files to fill in: a CSV sheet for a person at a desk, a form for a phone.

use catalogue::{Catalogue, Criterion, Indicator, Language};
use event::Date;
use event::vocabulary::{AssessmentKind, Scale};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::answers::{self, NOT_APPLICABLE};
use super::filled::{ANSWER, ASSESSMENT, CRITERION, EVIDENCE, HEAD, INDICATOR, NAME, PART, WHY};
use super::gathered::{Head, kind_word, subject_text};
use super::names::{self, Names, Question};
use super::phrases::Phrases;

/// The sheets of a form.
const SURVEY: &str = "survey";
const CHOICES: &str = "choices";
const SETTINGS: &str = "settings";
/// Lists of choices.
const KINDS: &str = "veta_kinds";
/// A photo is made small on the phone: large enough to read a paper, small enough for a bad line.
const PHOTO_SIZE: &str = "max-pixels=1600";
/// In characters.
const COLUMN_WIDTH: u16 = 28;

/// A CSV sheet: a row for each question, in one language.
pub(super) fn csv(catalogue: &Catalogue, language: Language, head: &Head) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let phrases = Phrases::of(language);
    let mut write = |row: [&str; 7]| writer.write_record(row).expect("memory takes every row");
    write([PART, NAME, "question", "answers", ANSWER, WHY, EVIDENCE]);
    for name in HEAD {
        let (question, answers, answer) = about(name, catalogue, phrases, head);
        write([ASSESSMENT, name, question, &answers, &answer, "", ""]);
    }
    for criterion in catalogue.criteria() {
        let (slug, question) = (criterion.slug.as_str(), criterion.question(language));
        let answers = answers::expected(criterion.scale);
        write([CRITERION, slug, question, &answers, "", "", ""]);
    }
    for indicator in catalogue.indicators() {
        let (slug, question) = (indicator.slug.as_str(), indicator.question(language));
        let unit = format!("{}: {:?}", phrases.number, indicator.unit);
        write([INDICATOR, slug, question, &unit, "", "", ""]);
    }
    writer.into_inner().expect("memory takes every row")
}

fn about(name: &str, catalogue: &Catalogue, phrases: &'static Phrases, head: &Head) -> (&'static str, String, String) {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let kinds = AssessmentKind::ALL.map(|kind| format!("{}: {}", kind_word(kind), phrases.kind_words(kind)));
    match name {
        "catalogue" => ("", catalogue.slug().to_string(), catalogue.digest().to_string()),
        "subject" => (
            phrases.subject,
            "org-…, site-…".to_owned(),
            head.subject.map(subject_text).unwrap_or_default(),
        ),
        "kind" => (
            phrases.kind,
            kinds.join("; "),
            head.kind.map(kind_word).unwrap_or_default().to_owned(),
        ),
        "from" => (phrases.from, "2026-05-31".to_owned(), day(head.from)),
        "to" => (phrases.to, "2026-05-31".to_owned(), day(head.to)),
        _ => ("", "acme:17".to_owned(), String::new()),
    }
}

/// A form for KoboToolbox, ODK and what else takes XLSForm, in every language of the catalogue.
pub(super) fn xlsform(catalogue: &Catalogue, head: &Head, photos: bool, today: Date) -> Result<Vec<u8>, XlsxError> {
    let languages: Vec<_> = catalogue.languages().iter().map(|entry| entry.language).collect();
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::parse_from_str(&today.to_string())?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let form = FormWriter {
        catalogue,
        names: Names::of(catalogue),
        languages: &languages,
        photos,
    };
    form.survey(workbook.add_worksheet().set_name(SURVEY)?, head)?;
    form.choices(workbook.add_worksheet().set_name(CHOICES)?)?;
    form.settings(workbook.add_worksheet().set_name(SETTINGS)?)?;
    workbook.save_to_buffer()
}

struct FormWriter<'a> {
    catalogue: &'a Catalogue,
    names: Names,
    languages: &'a [Language],
    photos: bool,
}

/// The columns of the survey before the texts.
const SURVEY_COLUMNS: [&str; 8] = [
    "type",
    "name",
    "required",
    "relevant",
    "constraint",
    "calculation",
    "default",
    "parameters",
];

/// A row of the survey. What is empty is left out.
#[derive(Default)]
struct Entry<'a> {
    kind: &'a str,
    name: &'a str,
    required: bool,
    relevant: &'a str,
    constraint: &'a str,
    calculation: &'a str,
    default: &'a str,
    parameters: &'a str,
    labels: Vec<String>,
}

impl FormWriter<'_> {
    fn in_every(&self, text: impl Fn(Language) -> String) -> Vec<String> {
        self.languages.iter().map(|language| text(*language)).collect()
    }

    fn phrase(&self, phrase: impl Fn(&'static Phrases) -> &'static str) -> Vec<String> {
        self.in_every(|language| phrase(Phrases::of(language)).to_owned())
    }

    fn survey(&self, sheet: &mut Worksheet, head: &Head) -> Result<(), XlsxError> {
        let mut survey = Rows::begin(sheet, &SURVEY_COLUMNS, self.languages)?;
        for kind in ["start", "end"] {
            survey.entry(&Entry {
                kind,
                name: kind,
                ..Entry::default()
            })?;
        }
        let digest = format!("'{}'", self.catalogue.digest());
        survey.entry(&Entry {
            kind: "calculate",
            name: names::CATALOGUE,
            calculation: &digest,
            ..Entry::default()
        })?;
        self.about(&mut survey, head)?;
        for (number, theme) in (1..).zip(self.themes()) {
            self.theme(&mut survey, number, theme)?;
        }
        let figures = self.catalogue.indicators().zip(&self.names.indicators);
        let figures: Vec<_> = figures.collect();
        if figures.is_empty() {
            return Ok(());
        }
        survey.group("veta_figures", self.phrase(|phrases| phrases.indicators))?;
        for (indicator, name) in figures {
            self.indicator(&mut survey, indicator, name)?;
        }
        survey.end()
    }

    fn about(&self, survey: &mut Rows<'_>, head: &Head) -> Result<(), XlsxError> {
        survey.group("veta_about", self.phrase(|phrases| phrases.about))?;
        let subject = head.subject.map(subject_text).unwrap_or_default();
        survey.entry(&Entry {
            kind: "text",
            name: names::SUBJECT,
            required: true,
            constraint: "regex(., '^(org|site)-[0-9a-z]{27}$')",
            default: &subject,
            labels: self.phrase(|phrases| phrases.subject),
            ..Entry::default()
        })?;
        survey.entry(&Entry {
            kind: &format!("select_one {KINDS}"),
            name: names::KIND,
            required: true,
            default: head.kind.map_or("", kind_word),
            labels: self.phrase(|phrases| phrases.kind),
            ..Entry::default()
        })?;
        survey.entry(&Entry {
            kind: "date",
            name: names::FROM,
            required: true,
            constraint: ". <= today()",
            labels: self.phrase(|phrases| phrases.from),
            ..Entry::default()
        })?;
        survey.entry(&Entry {
            kind: "date",
            name: names::TO,
            required: true,
            constraint: &format!(". <= today() and . >= ${{{}}}", names::FROM),
            labels: self.phrase(|phrases| phrases.to),
            ..Entry::default()
        })?;
        survey.end()
    }

    /// The themes that criteria stand under, in order; none for those that stand under none, last.
    fn themes(&self) -> Vec<Option<&str>> {
        let has = |theme: Option<&str>| self.of_theme(theme).next().is_some();
        let named = self.catalogue.themes().iter().map(|theme| Some(theme.slug.as_str()));
        named.chain([None]).filter(|theme| has(*theme)).collect()
    }

    fn of_theme<'t>(&'t self, theme: Option<&'t str>) -> impl Iterator<Item = (Criterion<'t>, &'t Question)> {
        let criteria = self.catalogue.criteria().zip(&self.names.criteria);
        criteria.filter(move |(criterion, _)| criterion.theme.map(event::vocabulary::Slug::as_str) == theme)
    }

    fn theme(&self, survey: &mut Rows<'_>, number: u32, theme: Option<&str>) -> Result<(), XlsxError> {
        let title = |language| match theme {
            Some(theme) => self.catalogue.theme(theme, language).unwrap_or(theme).to_owned(),
            None => Phrases::of(language).other_questions.to_owned(),
        };
        survey.group(&format!("veta_theme_{number}"), self.in_every(title))?;
        for (criterion, question) in self.of_theme(theme) {
            self.criterion(survey, criterion, question)?;
        }
        survey.end()
    }

    fn criterion(&self, survey: &mut Rows<'_>, criterion: Criterion<'_>, question: &Question) -> Result<(), XlsxError> {
        let kind = match choice_list(criterion.scale) {
            Some(list) => format!("select_one {list}"),
            // A number may not apply either, so it is a text that takes digits.
            None => "text".to_owned(),
        };
        let constraint = match criterion.scale {
            Scale::Count => format!("regex(., '^([0-9]{{1,19}}|{NOT_APPLICABLE})$')"),
            Scale::Words => "string-length(.) <= 256".to_owned(),
            _ => String::new(),
        };
        survey.entry(&Entry {
            kind: &kind,
            name: &question.name,
            constraint: &constraint,
            labels: self.in_every(|language| criterion.question(language).to_owned()),
            ..Entry::default()
        })?;
        let (does_not_apply, answered) = (
            format!("${{{}}} = '{NOT_APPLICABLE}'", question.name),
            format!("${{{}}} != ''", question.name),
        );
        survey.entry(&Entry {
            kind: "text",
            name: &question.why,
            required: true,
            relevant: &does_not_apply,
            constraint: "string-length(.) <= 256",
            labels: self.phrase(|phrases| phrases.why),
            ..Entry::default()
        })?;
        if !self.photos {
            return Ok(());
        }
        survey.entry(&Entry {
            kind: "image",
            name: &question.photo,
            relevant: &answered,
            parameters: PHOTO_SIZE,
            labels: self.phrase(|phrases| phrases.photo),
            ..Entry::default()
        })
    }

    fn indicator(&self, survey: &mut Rows<'_>, indicator: Indicator<'_>, name: &str) -> Result<(), XlsxError> {
        let label = |language| format!("{} ({:?})", indicator.question(language), indicator.unit);
        survey.entry(&Entry {
            kind: "integer",
            name,
            constraint: ". >= 0",
            labels: self.in_every(label),
            ..Entry::default()
        })
    }

    fn choices(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let mut choices = Rows::begin(sheet, &["list_name", "name"], self.languages)?;
        for kind in AssessmentKind::ALL {
            let labels = self.phrase(|phrases| phrases.kind_words(kind));
            choices.row(&[KINDS, kind_word(kind)], &labels)?;
        }
        let mut written = std::collections::BTreeSet::new();
        for criterion in self.catalogue.criteria() {
            let Some(list) = choice_list(criterion.scale) else {
                continue;
            };
            if !written.insert(list.clone()) {
                continue;
            }
            for answer in answers::choices(criterion.scale) {
                let labels = self.in_every(|language| label_of(self.catalogue, &answer, language));
                choices.row(&[&list, &answers::word(&answer)], &labels)?;
            }
            choices.row(&[&list, NOT_APPLICABLE], &self.phrase(|phrases| phrases.not_applicable))?;
        }
        Ok(())
    }

    fn settings(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let mut settings = Rows::begin(sheet, &["form_title", "form_id", "version", "default_language"], &[])?;
        let original = self.languages.first().copied().unwrap_or(Language::En);
        settings.row(
            &[
                self.catalogue.title(original),
                &self.catalogue.slug().as_str().replace(['.', '-'], "_"),
                self.catalogue.version(),
                Phrases::language_name(original),
            ],
            &[],
        )
    }
}

/// The list of choices of a scale; none where a number or words are wanted.
fn choice_list(scale: Scale) -> Option<String> {
    match scale {
        Scale::PassFail | Scale::Scenario => Some("veta_yes_no".to_owned()),
        Scale::PassProgressFail => Some("veta_yes_partly_no".to_owned()),
        Scale::Observation => Some("veta_seen".to_owned()),
        Scale::Level { max } => Some(format!("veta_level_{max}")),
        Scale::Count | Scale::Words => None,
    }
}

/// What a choice is called for people: a level with what the catalogue says that it means.
pub(super) fn label_of(catalogue: &Catalogue, answer: &event::vocabulary::Answer, language: Language) -> String {
    let words = Phrases::of(language).answer(answer);
    let event::vocabulary::Answer::Level(level) = answer else {
        return words;
    };
    match catalogue.level(*level, language) {
        Some(meaning) => format!("{level}: {meaning}"),
        None => words,
    }
}

/// Rows of a sheet, from the top.
struct Rows<'a> {
    sheet: &'a mut Worksheet,
    next: u32,
    columns: u16,
}

impl<'a> Rows<'a> {
    fn begin(sheet: &'a mut Worksheet, columns: &[&str], languages: &[Language]) -> Result<Self, XlsxError> {
        let header = columns.iter().map(ToString::to_string);
        let labels = languages
            .iter()
            .map(|language| format!("label::{}", Phrases::language_name(*language)));
        let bold = Format::new().set_bold();
        for (column, text) in (0..).zip(header.chain(labels)) {
            sheet.write_string_with_format(0, column, text, &bold)?;
            sheet.set_column_width(column, COLUMN_WIDTH)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        let columns = u16::try_from(columns.len()).expect("a handful of columns");
        Ok(Self {
            sheet,
            next: 1,
            columns,
        })
    }

    fn row(&mut self, cells: &[&str], labels: &[String]) -> Result<(), XlsxError> {
        let labels = (self.columns..).zip(labels.iter().map(String::as_str));
        for (column, text) in (0..).zip(cells.iter().copied()).chain(labels) {
            if !text.is_empty() {
                self.sheet.write_string(self.next, column, text)?;
            }
        }
        self.next += 1;
        Ok(())
    }

    fn entry(&mut self, entry: &Entry<'_>) -> Result<(), XlsxError> {
        let required = if entry.required { "yes" } else { "" };
        let cells = [
            entry.kind,
            entry.name,
            required,
            entry.relevant,
            entry.constraint,
            entry.calculation,
            entry.default,
            entry.parameters,
        ];
        self.row(&cells, &entry.labels)
    }

    fn group(&mut self, name: &str, labels: Vec<String>) -> Result<(), XlsxError> {
        self.entry(&Entry {
            kind: "begin_group",
            name,
            labels,
            ..Entry::default()
        })
    }

    fn end(&mut self) -> Result<(), XlsxError> {
        self.entry(&Entry {
            kind: "end_group",
            ..Entry::default()
        })
    }
}
