//! What can be wrong with a catalogue file.

use event::vocabulary::{CRITERIA_MAX, Slug};
use thiserror::Error;

use crate::{CATALOGUE_BYTES_MAX, PUBLISHED_BYTES_MAX};

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
    /// Two criteria of one slug.
    #[error("the criterion {0} stands twice: give each a slug of its own")]
    SlugRepeated(Slug),
    /// Two criteria ask the same.
    #[error("the criterion {0} asks what another one asks already: ask each thing once")]
    QuestionRepeated(Slug),
    /// Two criteria read one column.
    #[error("the criterion {0} reads a column that another one reads already: read each column once")]
    ColumnRepeated(Slug),
    /// A question without its mark.
    #[error("the criterion {0} asks no question: end it with a question mark")]
    NoQuestion(Slug),
    /// A scale of one level.
    #[error("the criterion {0} has one level only: let `max` be 1 or more")]
    NoLevels(Slug),
    /// Longer than one statement holds.
    #[error("the catalogue takes more than {PUBLISHED_BYTES_MAX} bytes of a statement: split it into several")]
    DoesNotFit,
}
