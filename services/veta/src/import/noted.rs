//! What an import passes over, leaves out or changes: counted, with the first places of each.

use core::fmt;
use std::collections::BTreeMap;

/// How many places are kept of each kind of note: enough to look at, few enough to print.
pub const PLACES_SHOWN_MAX: usize = 10;

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
    /// No country: the organization is enrolled in none.
    NoCountry,
    /// A country that was not read where the rest was.
    CountryNotRead,
    /// No date.
    NoDate,
    /// An earlier row says the same in everything.
    EventRepeated,
    /// An earlier row tells the same event, and says something else about it.
    EventToldOtherwise,
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
            Self::NoCountry => "organizations without a country, enrolled under ZZ, which is none",
            Self::CountryNotRead => {
                "countries from general knowledge, not from the page that is named, taken as they are"
            }
            Self::NoDate => "events without a date, kept as undated",
            Self::EventRepeated => "rows that say the same as an earlier one in everything, passed over",
            Self::EventToldOtherwise => {
                "rows that tell an earlier row's event in other words, passed over: let one row tell it"
            }
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

pub(super) fn note(notes: &mut BTreeMap<Note, Noted>, about: Note, row: usize, column: &str) {
    let kept = notes.entry(about).or_default();
    kept.count += 1;
    if kept.places.len() < PLACES_SHOWN_MAX {
        kept.places.push(Place {
            row,
            column: column.to_owned(),
        });
    }
}
