//! One answer a row: the CSV file that a template gives, filled in.

use std::collections::BTreeMap;
use std::path::Path;

use catalogue::Catalogue;
use event::vocabulary::{Reference, ShortText};

use super::answers;
use super::fault::{Fault, Faults};
use super::gathered::{self, Gathered, Head};
use super::sheet::{Row, Sheet};

/// What the columns are called.
pub(super) const PART: &str = "part";
pub(super) const NAME: &str = "name";
pub(super) const ANSWER: &str = "answer";
pub(super) const WHY: &str = "why_not_applicable";
pub(super) const EVIDENCE: &str = "evidence";
/// The parts.
pub(super) const ASSESSMENT: &str = "assessment";
pub(super) const CRITERION: &str = "criterion";
pub(super) const INDICATOR: &str = "indicator";
/// The names in the part about the assessment as a whole.
pub(super) const HEAD: [&str; 6] = ["catalogue", "subject", "kind", "from", "to", "reference"];
/// Between two pieces of evidence in one cell.
const EVIDENCE_SEPARATOR: char = ';';
/// Whose register a number is in that does not say so.
const REFERENCE_SOURCE: &str = "own";

/// The columns of a filled file.
#[derive(Debug)]
pub(super) struct Filled<'a> {
    catalogue: &'a Catalogue,
    sheet: &'a Sheet,
    part: usize,
    name: usize,
    answer: usize,
    why: Option<usize>,
    evidence: Option<usize>,
    evidence_dir: &'a Path,
}

impl<'a> Filled<'a> {
    /// The file as one of this shape, if it has the columns of it.
    pub(super) fn of(catalogue: &'a Catalogue, sheet: &'a Sheet, evidence_dir: &'a Path) -> Option<Self> {
        Some(Self {
            catalogue,
            sheet,
            part: sheet.column(PART)?,
            name: sheet.column(NAME)?,
            answer: sheet.column(ANSWER)?,
            why: sheet.column(WHY),
            evidence: sheet.column(EVIDENCE),
            evidence_dir,
        })
    }

    /// Reads every row.
    pub(super) fn gathered(&self, faults: &mut Faults) -> Gathered {
        let mut gathered = Gathered::default();
        let mut seen = BTreeMap::new();
        for row in &self.sheet.rows {
            let (part, name) = (row.cell(self.part), row.cell(self.name));
            if let Some(first) = seen.insert((part, name), row.number) {
                let what = format_args!("{part} {name} stands in row {first} already: answer it once");
                faults.push(self.fault(row, self.name, what));
                continue;
            }
            match part {
                ASSESSMENT => self.head(row, name, &mut gathered.head, faults),
                CRITERION => self.criterion(row, name, &mut gathered, faults),
                INDICATOR => self.indicator(row, name, &mut gathered, faults),
                _ => {
                    let what = format_args!("{part:?} is no part: write {ASSESSMENT}, {CRITERION} or {INDICATOR}");
                    faults.push(self.fault(row, self.part, what));
                }
            }
        }
        gathered
    }

    fn head(&self, row: &Row, name: &str, head: &mut Head, faults: &mut Faults) {
        let text = row.cell(self.answer);
        if text.is_empty() && HEAD.contains(&name) {
            return;
        }
        let read = match name {
            "catalogue" => self.pinned(text),
            "subject" => gathered::subject(text)
                .map(|subject| head.subject = Some(subject))
                .map_err(|what| format!("{text:?} is {what}")),
            "kind" => gathered::kind(text).map(|kind| head.kind = Some(kind)),
            "from" => text.parse().map(|day| head.from = Some(day)).map_err(words),
            "to" => text.parse().map(|day| head.to = Some(day)).map_err(words),
            "reference" => reference(text).map(|reference| head.reference = Some(reference)),
            _ => {
                let what = format_args!(
                    "{name:?} is nothing about an assessment: write one of {}",
                    HEAD.join(", ")
                );
                faults.push(self.fault(row, self.name, what));
                return;
            }
        };
        if let Err(what) = read {
            faults.push(self.fault(row, self.answer, what));
        }
    }

    fn criterion(&self, row: &Row, name: &str, gathered: &mut Gathered, faults: &mut Faults) {
        let Some(criterion) = self.catalogue.criterion(name) else {
            faults.push(self.fault(row, self.name, self.unknown(CRITERION, name)));
            return;
        };
        let why = self.why.map_or("", |why| row.cell(why));
        match answers::read(criterion.scale, row.cell(self.answer), why) {
            Ok(None) => {}
            Ok(Some(answer)) => {
                gathered.answers.insert(criterion.place, answer);
            }
            Err(error) => faults.push(self.fault(row, self.answer, error)),
        }
        let Some(column) = self.evidence else { return };
        let named = row.cell(column).split(EVIDENCE_SEPARATOR).map(str::trim);
        for name in named.filter(|name| !name.is_empty()) {
            match gathered::evidence(name, self.evidence_dir) {
                Ok(digest) => {
                    gathered.evidence.entry(criterion.place).or_default().insert(digest);
                }
                Err(what) => faults.push(self.fault(row, column, what)),
            }
        }
    }

    fn indicator(&self, row: &Row, name: &str, gathered: &mut Gathered, faults: &mut Faults) {
        let Some(indicator) = self.catalogue.indicator(name) else {
            faults.push(self.fault(row, self.name, self.unknown(INDICATOR, name)));
            return;
        };
        let text = row.cell(self.answer);
        if text.is_empty() {
            return;
        }
        match answers::number(text) {
            Some(figure) => {
                gathered.figures.insert(indicator.place, figure);
            }
            None => faults.push(self.fault(row, self.answer, format_args!("{text:?} is no whole number"))),
        }
    }

    /// A file that was made for another version asks other things by the same names.
    fn pinned(&self, text: &str) -> Result<(), String> {
        let ours = self.catalogue.digest().to_string();
        if text == ours {
            return Ok(());
        }
        Err(format!(
            "answered under the catalogue {text}, not {ours}: name that one with --catalogue"
        ))
    }

    fn unknown(&self, what: &str, name: &str) -> String {
        format!(
            "{} {} has no {what} {name:?}: `veta catalogue show` lists them",
            self.catalogue.slug(),
            self.catalogue.version()
        )
    }

    fn fault(&self, row: &Row, column: usize, what: impl core::fmt::Display) -> Fault {
        Fault::of_cell(row.number, &self.sheet.header[column], what)
    }
}

/// A number in a register, `acme:17`; of one's own where no register is named.
fn reference(text: &str) -> Result<Reference, String> {
    let (source, value) = text.split_once(':').unwrap_or((REFERENCE_SOURCE, text));
    Ok(Reference {
        source: source.parse().map_err(words)?,
        value: ShortText::new(value).map_err(words)?,
    })
}

fn words(error: impl core::fmt::Display) -> String {
    error.to_string()
}
