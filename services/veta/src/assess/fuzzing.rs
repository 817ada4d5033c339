//! Files of answers as bytes. Compiled for fuzz targets only, by `--cfg fuzzing`.

use std::path::{Path, PathBuf};

use catalogue::{Catalogue, Language};
use event::Date;
use event::vocabulary::AssessmentSubmitted;

use super::reading::{Reading, of_rows, of_session};
use super::sheet::{Row, Sheet};
use super::{Faults, Head, Mapping, Session};

/// What an interview's file says of the catalogue it was asked under; none where it is no such file. What is read is
/// written and read again as the same.
pub fn interviewed(
    catalogue: &Catalogue,
    text: &[u8],
    today: Date,
) -> Option<Result<Vec<AssessmentSubmitted>, Faults>> {
    let session = Session::parse(text).ok()?;
    assert_eq!(Session::parse(session.text().as_bytes()).as_ref(), Ok(&session));
    let (mapping, head) = (Mapping::default(), Head::default());
    let found = of_session(&reading(catalogue, &mapping, &head, today), &session);
    Some(found.map(|contents| contents.assessments.into_iter().map(|(_, said)| said).collect()))
}

/// What the rows of a sheet say; none where there is no sheet. Every assessment and every fault is in a row that the sheet
/// has.
pub fn filled_in(
    catalogue: &Catalogue,
    mapping: &Mapping,
    head: &Head,
    bytes: &[u8],
    today: Date,
) -> Option<Result<Vec<AssessmentSubmitted>, Faults>> {
    let sheet = Sheet::of(bytes, None).ok()?;
    let is_there = |number: Option<u64>| {
        number.is_none_or(|number| number == 1 || sheet.rows.iter().any(|row: &Row| row.number == number))
    };
    let found = of_rows(&reading(catalogue, mapping, head, today), &sheet);
    match &found {
        Ok(contents) => assert!(contents.assessments.iter().all(|(row, _)| is_there(*row))),
        Err(faults) => assert!(!faults.named.is_empty() && faults.named.iter().all(|fault| is_there(fault.row))),
    }
    Some(found.map(|contents| contents.assessments.into_iter().map(|(_, said)| said).collect()))
}

fn reading<'a>(catalogue: &'a Catalogue, mapping: &'a Mapping, head: &'a Head, today: Date) -> Reading<'a> {
    Reading {
        file: Path::new("answers.csv"),
        sheet: None,
        catalogue,
        mapping,
        head,
        // Nowhere: no file of evidence is found.
        evidence: Some(PathBuf::from("/nowhere")),
        language: Language::En,
        today,
        json: false,
    }
}
