//! The checks of a catalogue, one early return each.

use std::collections::BTreeSet;

use event::codec::encode;
use event::statement::STATEMENT_BODY_BYTES_MAX;
use event::vocabulary::{CataloguePublished, Line, Scale};

use crate::{CatalogueError, Entry, File};

/// The longest catalogue file: 256 criteria of 1 KiB each, that is a question of 256 bytes four times over.
pub const CATALOGUE_BYTES_MAX: usize = 256 * 1_024;
/// The longest published form: a statement's body less 64 bytes for party 16, number and time 10 each, and the tag.
pub const PUBLISHED_BYTES_MAX: usize = STATEMENT_BODY_BYTES_MAX - 64;

pub(crate) fn check(file: &File) -> Result<(), CatalogueError> {
    if file.criteria.is_empty() {
        return Err(CatalogueError::Empty);
    }
    if let Some(entry) = repeated(&file.criteria, |entry| Some(entry.slug.as_str())) {
        return Err(CatalogueError::SlugRepeated(entry.slug.clone()));
    }
    if let Some(entry) = repeated(&file.criteria, |entry| Some(entry.question.as_str())) {
        return Err(CatalogueError::QuestionRepeated(entry.slug.clone()));
    }
    if let Some(entry) = repeated(&file.criteria, |entry| entry.column.as_ref().map(Line::as_str)) {
        return Err(CatalogueError::ColumnRepeated(entry.slug.clone()));
    }
    file.criteria.iter().try_for_each(check_entry)
}

pub(crate) fn check_published(published: &CataloguePublished) -> Result<(), CatalogueError> {
    if encode(published).len() > PUBLISHED_BYTES_MAX {
        return Err(CatalogueError::DoesNotFit);
    }
    Ok(())
}

fn check_entry(entry: &Entry) -> Result<(), CatalogueError> {
    if !entry.question.as_str().ends_with('?') {
        return Err(CatalogueError::NoQuestion(entry.slug.clone()));
    }
    if matches!(entry.scale, Scale::Level { max: 0 }) {
        return Err(CatalogueError::NoLevels(entry.slug.clone()));
    }
    Ok(())
}

/// The first entry whose `key` an earlier one has.
fn repeated<'a>(entries: &'a [Entry], key: impl Fn(&'a Entry) -> Option<&'a str>) -> Option<&'a Entry> {
    let mut seen = BTreeSet::new();
    entries
        .iter()
        .find(|entry| key(entry).is_some_and(|key| !seen.insert(key)))
}
