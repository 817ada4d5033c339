//! `veta assess read`: a file of answers, checked as a whole before any of it is signed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use catalogue::{Catalogue, Language};
use event::vocabulary::{AssessmentKind, AssessmentSubmitted, Reference, Subject};
use event::{Date, Event, PartyId, StatementId};
use serde_json::json;

use super::fault::{Fault, Faults};
use super::filled::Filled;
use super::form::{Form, Rows};
use super::gathered::{Gathered, Head};
use super::mapping::Mapping;
use super::plain;
use super::session::Session;
use super::sheet::{SHEET_BYTES_MAX, Sheet};
use crate::files;
use crate::print;
use crate::queue::Queue;
use crate::statements::{self, Signer};
use crate::trouble::{Done, Trouble};

/// What is read, and how.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The file: a filled sheet, an export, or what an interview keeps.
    pub file: &'a Path,
    /// Which sheet of a workbook; the first where none is named.
    pub sheet: Option<&'a str>,
    /// Under which catalogue it was answered.
    pub catalogue: &'a Catalogue,
    /// What the columns of somebody's own form mean.
    pub mapping: &'a Mapping,
    /// What the file does not say.
    pub head: &'a Head,
    /// Where the files of evidence are.
    pub evidence: Option<PathBuf>,
    /// In which language it is shown.
    pub language: Language,
    /// The day it is.
    pub today: Date,
    /// For programs.
    pub json: bool,
}

/// An assessment, and the row it stands in where rows are assessments.
type Found = (Option<u64>, AssessmentSubmitted);

/// What a file comes to.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) assessments: Vec<Found>,
    not_approved: Vec<u64>,
    unread: Vec<String>,
}

/// Reads a file, shows in plain words what it says, and signs it into the queue; without a signer, it is checked alone.
pub fn read(reading: &Reading<'_>, signer: Option<&Signer>) -> Done {
    let contents = contents(reading)?;
    let Some(signer) = signer else {
        checked(reading, &contents);
        return Ok(());
    };
    let before = signed_before(signer)?;
    let (there, fresh): (Vec<_>, Vec<_>) =
        contents
            .assessments
            .iter()
            .map(|(_, assessment)| assessment)
            .partition(|assessment| {
                let named = |party| before.contains_key(&(party, assessment.reference.clone()));
                speaker(assessment, signer).is_ok_and(named)
            });
    let speakers = fresh.iter().map(|assessment| speaker(assessment, signer));
    let speakers = speakers.collect::<Done<Vec<PartyId>>>()?;
    if !fresh.is_empty() {
        statements::confirm(&shown(reading, &fresh), &speakers, signer)?;
    }
    let events = speakers.iter().zip(&fresh);
    let events = events.map(|(party, assessment)| (*party, Event::AssessmentSubmitted((*assessment).clone())));
    let waiting = statements::sign_all(events.collect(), signer)?;
    for statement in &waiting {
        statements::tell(statement, reading.json);
    }
    tell_rest(reading, &contents, Some((waiting.len(), there.len())));
    Ok(())
}

fn checked(reading: &Reading<'_>, contents: &Contents) {
    let found: Vec<_> = contents.assessments.iter().map(|(_, assessment)| assessment).collect();
    if !reading.json {
        print::line(shown(reading, &found));
    }
    tell_rest(reading, contents, None);
}

fn shown(reading: &Reading<'_>, assessments: &[&AssessmentSubmitted]) -> String {
    match assessments {
        [only] => plain::whole(reading.catalogue, only, reading.language),
        several => plain::each(reading.catalogue, several.iter().copied(), reading.language),
    }
}

/// What else there is to say about a file: how much of it was signed, and what was not read.
fn tell_rest(reading: &Reading<'_>, contents: &Contents, signed: Option<(usize, usize)>) {
    let Contents {
        assessments,
        not_approved,
        unread,
    } = contents;
    if reading.json {
        print::json(&json!({
            "assessments": assessments.len(),
            "signed": signed.map(|(signed, _)| signed),
            "signed_before": signed.map(|(_, there)| there),
            "rows_not_approved": not_approved,
            "columns_not_read": unread,
        }));
        return;
    }
    match signed {
        Some((signed, there)) => print::line(format_args!("{signed} signed, {there} were signed before")),
        None => print::line(format_args!(
            "assessments: {}; nothing wrong, nothing signed",
            assessments.len()
        )),
    }
    if !not_approved.is_empty() {
        let rows: Vec<_> = not_approved.iter().map(u64::to_string).collect();
        print::line(format_args!("  passed over, not approved: row {}", rows.join(", ")));
    }
    if !unread.is_empty() {
        print::line(format_args!("  columns not read: {}", unread.join(", ")));
    }
}

/// Everything in the file, or everything that is wrong with it.
fn contents(reading: &Reading<'_>) -> Done<Contents> {
    let found = if is_session(reading.file) {
        let session = Session::find(reading.file)?
            .ok_or_else(|| Trouble::failed(format_args!("cannot read {}: no such file", reading.file.display())))?;
        of_session(reading, &session)
    } else {
        of_sheet(reading)?
    };
    found.map_err(|faults| {
        if reading.json {
            print::json(&json!({"faults": faults.named, "count": faults.count}));
        }
        faults.trouble(reading.file.display())
    })
}

/// Whether a file is what an interview keeps.
pub(super) fn is_session(file: &Path) -> bool {
    file.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}

/// What an interview comes to.
pub(super) fn of_session(reading: &Reading<'_>, session: &Session) -> Result<Contents, Faults> {
    let mut faults = Faults::default();
    match session.gathered(reading.catalogue) {
        Ok(gathered) => of_one(reading, gathered, faults),
        Err(wrong) => {
            for what in wrong {
                faults.push(Fault::of_file(what));
            }
            Err(faults)
        }
    }
}

fn of_sheet(reading: &Reading<'_>) -> Done<Result<Contents, Faults>> {
    let bytes = files::read(reading.file, "a sheet", SHEET_BYTES_MAX)?;
    let sheet = Sheet::of(&bytes, reading.sheet);
    let sheet = sheet.map_err(Trouble::at(format_args!("cannot read {}", reading.file.display())))?;
    Ok(of_rows(reading, &sheet))
}

/// What the rows of a sheet come to.
pub(super) fn of_rows(reading: &Reading<'_>, sheet: &Sheet) -> Result<Contents, Faults> {
    let mut faults = Faults::default();
    let dir = reading.file.parent().unwrap_or(Path::new(""));
    let beside = reading.evidence.as_deref().unwrap_or(dir);
    if let Some(filled) = Filled::of(reading.catalogue, sheet, beside) {
        let gathered = filled.gathered(&mut faults);
        return of_one(reading, gathered, faults);
    }
    let form = Form::of(reading.catalogue, sheet, reading.mapping, reading.evidence.as_deref())?;
    let Rows {
        gathered,
        not_approved,
        unread,
    } = form.rows(&mut faults);
    let gathered = gathered.into_iter().map(|(row, gathered)| (Some(row), gathered));
    Ok(Contents {
        assessments: stated(reading, gathered.collect(), faults)?,
        not_approved,
        unread,
    })
}

/// What a file comes to that is one assessment.
fn of_one(reading: &Reading<'_>, gathered: Gathered, faults: Faults) -> Result<Contents, Faults> {
    Ok(Contents {
        assessments: stated(reading, vec![(None, gathered)], faults)?,
        ..Contents::default()
    })
}

/// The statements that were gathered; none of them where there is a fault anywhere.
fn stated(
    reading: &Reading<'_>,
    gathered: Vec<(Option<u64>, Gathered)>,
    mut faults: Faults,
) -> Result<Vec<Found>, Faults> {
    let mut found = Vec::with_capacity(gathered.len());
    let (mut numbers, is_clean) = (BTreeSet::new(), faults.is_empty());
    for (row, mut gathered) in gathered {
        let mut fault = |what: String| {
            faults.push(Fault {
                row,
                column: None,
                what,
            });
        };
        match gathered.head.clone().or(reading.head) {
            Ok(head) => gathered.head = head,
            Err(what) => {
                fault(what);
                continue;
            }
        }
        match gathered.statement(reading.catalogue, reading.today) {
            Ok(assessment) if !numbers.insert(assessment.reference.clone()) => {
                fault("the same submission as in a row before: take one of both away".to_owned());
            }
            Ok(assessment) => found.push((row, assessment)),
            // What was misread is missing, too; it has been named in its cell.
            Err(missing) if is_clean => missing.into_iter().for_each(fault),
            Err(_) => {}
        }
    }
    if faults.is_empty() && found.is_empty() {
        faults.push(Fault::of_file("there is no assessment in it"));
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

/// In whose name an assessment is signed: that of the command, or the subject's own where it assesses itself.
pub(super) fn speaker(assessment: &AssessmentSubmitted, signer: &Signer) -> Done<PartyId> {
    let itself = match (assessment.kind, assessment.subject) {
        (AssessmentKind::SelfReported, Subject::Party(subject)) => Some(subject),
        _ => None,
    };
    match (signer.party, itself) {
        (Some(party), Some(itself)) if party != itself => Err(Trouble::failed(format_args!(
            "{itself} assesses itself, and {party} cannot say that for it: name another kind, or sign with its own key (--key, --party)"
        ))),
        (party, itself) => party.or(itself).ok_or_else(statements::nameless),
    }
}

/// What waits in the queue or was recorded from it, by who speaks and the number in the register: what others handed over
/// waits there, too.
pub(super) fn signed_before(signer: &Signer) -> Done<BTreeMap<(PartyId, Option<Reference>), StatementId>> {
    let queue = Queue::open(&signer.queue)?;
    let mut found = BTreeMap::new();
    for statement in queue.stated(signer.deployment)? {
        if let Event::AssessmentSubmitted(assessment) = statement.event() {
            found.insert((statement.party(), assessment.reference.clone()), statement.id());
        }
    }
    Ok(found)
}
