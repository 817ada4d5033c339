//! What an import passes over, leaves out or changes: counted, with the first places of each.

use core::fmt;
use std::collections::BTreeMap;

/// How many places are kept of each kind of note: enough to look at, few enough to print.
pub const PLACES_SHOWN_MAX: usize = 10;

/// What became of a file's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows below the header.
    pub rows: usize,
    /// Rows that are visits.
    pub visits: usize,
    /// Rows that report a status from the ministry of mines.
    pub qualifications: usize,
    /// Rows that are neither, by reason.
    pub skipped: BTreeMap<Skipped, usize>,
    /// Columns that are asked and that the file does not have: nothing is known about them.
    pub columns_absent: Vec<String>,
    /// What was left out or changed, by kind.
    pub notes: BTreeMap<Note, Noted>,
}

impl Report {
    pub(super) fn skip(&mut self, reason: Skipped) {
        *self.skipped.entry(reason).or_default() += 1;
    }

    pub(super) fn note(&mut self, note: Note, row: usize, column: &str) {
        let noted = self.notes.entry(note).or_default();
        noted.count += 1;
        if noted.places.len() < PLACES_SHOWN_MAX {
            noted.places.push(Place {
                row,
                column: column.to_owned(),
            });
        }
    }
}

/// Why a row gives no assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skipped {
    /// An entry of the iTSCi register.
    ItsciStatus,
    /// No project is named, so how the row came about is unknown.
    NoProject,
    /// Somebody else's row that reports no status.
    NotByIpis,
    /// An earlier row has the same visit number.
    VisitRepeated,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ItsciStatus => "entries of the iTSCi register",
            Self::NoProject => "rows without a project",
            Self::NotByIpis => "rows by others than IPIS",
            Self::VisitRepeated => "rows that repeat a visit number",
        })
    }
}

/// What was left out or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// Neither 0 nor 1 where one of them is due: taken as not asked.
    NotZeroOrOne,
    /// Not a whole number where one is due: taken as not asked.
    NotCount,
    /// Longer than a field holds: cut, and an ellipsis put.
    Shortened,
    /// With line breaks or other control characters: spaces put.
    ControlCharacters,
    /// No name: the site goes by its number.
    NoName,
    /// Coordinates that are no point of the earth: the site has no square.
    NoPoint,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotZeroOrOne => "answers that are neither 0 nor 1, taken as not asked",
            Self::NotCount => "answers that are no whole number, taken as not asked",
            Self::Shortened => "words cut to fit, marked with an ellipsis",
            Self::ControlCharacters => "words with line breaks, replaced by spaces",
            Self::NoName => "sites without a name, called by their number",
            Self::NoPoint => "sites whose coordinates are no point of the earth, left without a place",
        })
    }
}

/// How often something was noted, and where first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// How often.
    pub count: usize,
    /// The first [`PLACES_SHOWN_MAX`] places.
    pub places: Vec<Place>,
}

/// A place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which row; the header is row 1.
    pub row: usize,
    /// Which column.
    pub column: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}, column {}", self.row, self.column)
    }
}
