//! One assessment a row: what KoboToolbox and others export of a form, the questions' names in the header.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use catalogue::Catalogue;
use event::Date;
use event::vocabulary::{Reference, Scale, ShortText, Slug};

use super::answers;
use super::fault::{Fault, Faults};
use super::gathered::{self, Gathered, Head};
use super::mapping::{Column, Mapping};
use super::names::{self, Names};
use super::sheet::{Row, Sheet};

/// Submissions that somebody has looked at and not approved are not signed.
const STATUS: &str = "_validation_status";
const NOT_APPROVED: [&str; 4] = [
    "validation_status_not_approved",
    "validation_status_on_hold",
    "Not approved",
    "On hold",
];
/// When an interview began and ended by its device's clock, and when it arrived.
const BEGUN: &str = "start";
const ENDED: &str = "end";
const ARRIVED: &str = "_submission_time";
/// A day's characters in front of a time's.
const DAY_CHARACTERS: usize = 10;

/// A column that answers something, or adds to an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Source {
    column: usize,
    values: BTreeMap<String, String>,
}

#[derive(Clone, Debug)]
struct CriterionSources {
    place: u16,
    scale: Scale,
    answers: Vec<Source>,
    why: Vec<usize>,
    evidence: Vec<usize>,
}

/// Which column says what.
#[derive(Debug)]
pub(super) struct Form<'a> {
    catalogue: &'a Catalogue,
    sheet: &'a Sheet,
    source: Slug,
    id: Option<usize>,
    status: Option<usize>,
    subject: Option<Source>,
    kind: Option<Source>,
    from: Vec<usize>,
    to: Vec<usize>,
    pinned: Option<usize>,
    criteria: Vec<CriterionSources>,
    indicators: Vec<(u16, Vec<Source>)>,
    evidence_dir: Option<PathBuf>,
}

/// What a form's rows come to.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// What was answered in each row.
    pub(super) gathered: Vec<(u64, Gathered)>,
    /// Rows that were passed over because somebody has not approved them.
    pub(super) not_approved: Vec<u64>,
    /// Columns that nobody has read.
    pub(super) unread: Vec<String>,
}

impl<'a> Form<'a> {
    /// Finds the columns. A column that the mapping names and that is not there is a fault.
    pub(super) fn of(
        catalogue: &'a Catalogue,
        sheet: &'a Sheet,
        mapping: &Mapping,
        evidence_dir: Option<&Path>,
    ) -> Result<Self, Faults> {
        let mut finder = Finder {
            sheet,
            separator: &mapping.group_separator,
            faults: Faults::default(),
        };
        let days = mapping.period.as_ref();
        let mut form = Self {
            catalogue,
            sheet,
            source: mapping.source.clone(),
            id: finder.any(&mapping.id).first().copied(),
            status: finder.any(STATUS).first().copied(),
            subject: finder.source(mapping.subject.as_ref(), names::SUBJECT),
            kind: finder.source(mapping.kind.as_ref(), names::KIND),
            from: finder.days(days.map(|days| &days.from), names::FROM, BEGUN),
            to: finder.days(days.map(|days| &days.to), names::TO, ENDED),
            pinned: finder.any(names::CATALOGUE).first().copied(),
            criteria: Vec::new(),
            indicators: Vec::new(),
            evidence_dir: evidence_dir.map(Path::to_owned),
        };
        if mapping.criteria.is_empty() && mapping.indicators.is_empty() {
            form.by_name(&finder);
        } else {
            form.by_mapping(mapping, &mut finder);
        }
        let answered = form.criteria.iter().any(|criterion| !criterion.answers.is_empty());
        if finder.faults.is_empty() && !answered && form.indicators.iter().all(|(_, sources)| sources.is_empty()) {
            finder.faults.push(Fault::of_file(format_args!(
                "no column answers a criterion of {} {}: export with XML values and headers, or say in a mapping (--mapping) which column is which",
                catalogue.slug(),
                catalogue.version()
            )));
        }
        if finder.faults.is_empty() {
            Ok(form)
        } else {
            Err(finder.faults)
        }
    }

    /// The names that a template gives, and the catalogue's own.
    fn by_name(&mut self, finder: &Finder<'_>) {
        let names = Names::of(self.catalogue);
        for (criterion, question) in self.catalogue.criteria().zip(&names.criteria) {
            let answers = finder.either(&question.name, criterion.slug.as_str());
            self.criteria.push(CriterionSources {
                place: criterion.place,
                scale: criterion.scale,
                answers: answers.into_iter().map(Source::plain).collect(),
                why: finder.any(&question.why),
                evidence: finder.any(&question.photo),
            });
        }
        for (indicator, name) in self.catalogue.indicators().zip(&names.indicators) {
            let figures = finder.either(name, indicator.slug.as_str());
            self.indicators
                .push((indicator.place, figures.into_iter().map(Source::plain).collect()));
        }
    }

    fn by_mapping(&mut self, mapping: &Mapping, finder: &mut Finder<'_>) {
        for entry in &mapping.criteria {
            let Some(criterion) = self.catalogue.criterion(entry.criterion.as_str()) else {
                finder.unknown(&entry.criterion, self.catalogue, "criterion");
                continue;
            };
            let why = entry.why.as_ref().map(|why| finder.named(why));
            let evidence = entry.evidence.iter().flat_map(|column| finder.named(column)).collect();
            self.criteria.push(CriterionSources {
                place: criterion.place,
                scale: criterion.scale,
                answers: finder.mapped(&entry.column, &entry.values),
                why: why.unwrap_or_default(),
                evidence,
            });
        }
        for entry in &mapping.indicators {
            let Some(indicator) = self.catalogue.indicator(entry.indicator.as_str()) else {
                finder.unknown(&entry.indicator, self.catalogue, "indicator");
                continue;
            };
            let figures = finder.mapped(&entry.column, &entry.values);
            self.indicators.push((indicator.place, figures));
        }
    }

    /// Reads every row. Whatever is wrong anywhere is found before anything is done with any of it.
    pub(super) fn rows(&self, faults: &mut Faults) -> Rows {
        let mut rows = Rows {
            unread: self.unread(),
            ..Rows::default()
        };
        for row in &self.sheet.rows {
            if self
                .status
                .is_some_and(|status| NOT_APPROVED.contains(&row.cell(status)))
            {
                rows.not_approved.push(row.number);
                continue;
            }
            let gathered = self.row(row, faults);
            rows.gathered.push((row.number, gathered));
        }
        rows
    }

    fn row(&self, row: &Row, faults: &mut Faults) -> Gathered {
        self.check_pinned(row, faults);
        let mut gathered = Gathered {
            head: self.head(row, faults),
            ..Gathered::default()
        };
        for criterion in &self.criteria {
            self.criterion(row, criterion, &mut gathered, faults);
        }
        for (place, sources) in &self.indicators {
            let Some((column, text)) = self.said(row, sources, faults) else {
                continue;
            };
            match answers::number(&text) {
                Some(figure) => {
                    gathered.figures.insert(*place, figure);
                }
                None => faults.push(self.fault(row, column, format_args!("{text:?} is no whole number"))),
            }
        }
        gathered
    }

    fn criterion(&self, row: &Row, criterion: &CriterionSources, gathered: &mut Gathered, faults: &mut Faults) {
        let why = criterion
            .why
            .iter()
            .map(|column| row.cell(*column))
            .find(|why| !why.is_empty());
        let (column, text) = match self.said(row, &criterion.answers, faults) {
            Some(said) => said,
            None => (
                criterion.answers.first().map_or(0, |source| source.column),
                String::new(),
            ),
        };
        match answers::read(criterion.scale, &text, why.unwrap_or_default()) {
            Ok(None) => {}
            Ok(Some(answer)) => {
                gathered.answers.insert(criterion.place, answer);
            }
            Err(error) => faults.push(self.fault(row, column, error)),
        }
        let Some(dir) = &self.evidence_dir else { return };
        for column in &criterion.evidence {
            let name = row.cell(*column);
            if name.is_empty() {
                continue;
            }
            match gathered::evidence(name, dir) {
                Ok(digest) => {
                    gathered.evidence.entry(criterion.place).or_default().insert(digest);
                }
                Err(what) => faults.push(self.fault(row, *column, what)),
            }
        }
    }

    /// What the columns of one question say. A form that was changed may ask it in several places; they must agree.
    fn said(&self, row: &Row, sources: &[Source], faults: &mut Faults) -> Option<(usize, String)> {
        let told = |source: &Source| {
            let text = row.cell(source.column);
            let text = source.values.get(text).map_or(text, String::as_str).trim();
            (!text.is_empty()).then(|| (source.column, text.to_owned()))
        };
        let mut said = sources.iter().filter_map(told);
        let first = said.next()?;
        if let Some((column, text)) = said.find(|(_, text)| *text != first.1) {
            let other = &self.sheet.header[first.0];
            let what = format_args!("{text:?} contradicts {:?} in column {other}", first.1);
            faults.push(self.fault(row, column, what));
        }
        Some(first)
    }

    fn head(&self, row: &Row, faults: &mut Faults) -> Head {
        let mut head = Head::default();
        if let Some((column, text)) = self.said(row, self.subject.as_slice(), faults) {
            match gathered::subject(&text) {
                Ok(subject) => head.subject = Some(subject),
                Err(what) => faults.push(self.fault(row, column, format_args!("{text:?} is {what}"))),
            }
        }
        if let Some((column, text)) = self.said(row, self.kind.as_slice(), faults) {
            match gathered::kind(&text) {
                Ok(kind) => head.kind = Some(kind),
                Err(what) => faults.push(self.fault(row, column, what)),
            }
        }
        head.from = self.day(row, &self.from, faults);
        head.to = self.day(row, &self.to, faults);
        if let Some(column) = self.id {
            head.reference = self.reference(row, column, faults);
        }
        head
    }

    /// The day in the first of these columns that says one.
    fn day(&self, row: &Row, columns: &[usize], faults: &mut Faults) -> Option<Date> {
        let said = |column: &usize| !row.cell(*column).is_empty();
        let column = *columns.iter().find(|column| said(column))?;
        let text = row.cell(column);
        let day = text.get(..DAY_CHARACTERS).unwrap_or(text);
        match day.parse() {
            Ok(day) => Some(day),
            Err(error) => {
                faults.push(self.fault(row, column, error));
                None
            }
        }
    }

    fn reference(&self, row: &Row, column: usize, faults: &mut Faults) -> Option<Reference> {
        let text = row.cell(column);
        if text.is_empty() {
            faults.push(self.fault(row, column, "a submission without its number: export it again"));
            return None;
        }
        let value = text.strip_prefix("uuid:").unwrap_or(text);
        match ShortText::new(value) {
            Ok(value) => Some(Reference {
                source: self.source.clone(),
                value,
            }),
            Err(error) => {
                faults.push(self.fault(row, column, format_args!("no number: {error}")));
                None
            }
        }
    }

    /// A form that was made for another version asks other things by the same names.
    fn check_pinned(&self, row: &Row, faults: &mut Faults) {
        let Some(column) = self.pinned else { return };
        let (pinned, ours) = (row.cell(column), self.catalogue.digest().to_string());
        if !pinned.is_empty() && pinned != ours {
            let what =
                format_args!("answered under the catalogue {pinned}, not {ours}: name that one with --catalogue");
            faults.push(self.fault(row, column, what));
        }
    }

    fn fault(&self, row: &Row, column: usize, what: impl core::fmt::Display) -> Fault {
        Fault::of_cell(row.number, &self.sheet.header[column], what)
    }

    /// The columns that nothing was read from.
    fn unread(&self) -> Vec<String> {
        let single = [self.id, self.status, self.pinned].into_iter().flatten();
        let sources = self.criteria.iter().flat_map(|criterion| &criterion.answers);
        let sources = sources.chain(self.indicators.iter().flat_map(|(_, sources)| sources));
        let sources = sources
            .chain(&self.subject)
            .chain(&self.kind)
            .map(|source| source.column);
        let added = self.criteria.iter().flat_map(|criterion| {
            let evidence = self.evidence_dir.is_some().then_some(&criterion.evidence);
            criterion.why.iter().chain(evidence.into_iter().flatten()).copied()
        });
        let days = self.from.iter().chain(&self.to).copied();
        let read: std::collections::BTreeSet<_> = single.chain(sources).chain(added).chain(days).collect();
        let header = self.sheet.header.iter().enumerate();
        let unread = header.filter(|(place, name)| !read.contains(place) && !name.is_empty());
        unread.map(|(_, name)| name.clone()).collect()
    }
}

impl Source {
    fn plain(column: usize) -> Self {
        Self {
            column,
            values: BTreeMap::new(),
        }
    }
}

/// Finds columns by the names of questions.
struct Finder<'a> {
    sheet: &'a Sheet,
    separator: &'a str,
    faults: Faults,
}

impl Finder<'_> {
    /// The columns of a question, whatever groups it is in. What a form of several choices exports beside each question,
    /// a column for each choice, is none.
    fn any(&self, name: &str) -> Vec<usize> {
        let header = self.sheet.header.iter().enumerate();
        let is_it = |header: &str| match header.strip_suffix(name) {
            Some("") => true,
            Some(groups) => groups
                .strip_suffix(self.separator)
                .is_some_and(|groups| !groups.is_empty() && self.sheet.column(groups).is_none()),
            None => false,
        };
        header
            .filter(|(_, header)| is_it(header))
            .map(|(place, _)| place)
            .collect()
    }

    fn either(&self, name: &str, other: &str) -> Vec<usize> {
        let mut found = self.any(name);
        if name != other {
            found.extend(self.any(other));
        }
        found
    }

    /// The columns of a name that somebody has written down.
    fn named(&mut self, name: &str) -> Vec<usize> {
        let found = self.any(name);
        if found.is_empty() {
            self.faults.push(Fault::of_file(format_args!(
                "the mapping names the column {name:?}, which the file does not have: correct the mapping"
            )));
        }
        found
    }

    fn mapped(&mut self, name: &str, values: &BTreeMap<String, String>) -> Vec<Source> {
        let source = |column| Source {
            column,
            values: values.clone(),
        };
        self.named(name).into_iter().map(source).collect()
    }

    fn source(&mut self, mapped: Option<&Column>, name: &str) -> Option<Source> {
        match mapped {
            Some(Column { column, values }) => self.mapped(column, values).into_iter().next(),
            None => self.any(name).first().copied().map(Source::plain),
        }
    }

    /// The columns that say a day, the best one first: one that was written down, or else the form's own question, the
    /// device's clock, the server's.
    fn days(&mut self, mapped: Option<&String>, name: &str, clock: &str) -> Vec<usize> {
        match mapped {
            Some(column) => self.named(column),
            None => [name, clock, ARRIVED].iter().flat_map(|name| self.any(name)).collect(),
        }
    }

    fn unknown(&mut self, slug: &Slug, catalogue: &Catalogue, what: &str) {
        self.faults.push(Fault::of_file(format_args!(
            "the mapping names the {what} {slug}, which {} {} does not have: `veta catalogue show` lists them",
            catalogue.slug(),
            catalogue.version()
        )));
    }
}
