//! The table of events: columns by name, rows by number.

use std::collections::BTreeMap;
use std::io::Read;

use event::codec::TextError;
use event::key::Digest;
use event::vocabulary::{Country, Line, Period, ShortText};
use event::{Date, Text};
use sha2::{Digest as _, Sha256};

use super::date::Precision;
use crate::import::table::{Columns, FieldError, Fields, ReadError, read, shown};

const ORGANIZATION: &str = "organization";
pub(super) const COUNTRY: &str = "country";
const SCHEME: &str = "scheme";
pub(super) const EVENT: &str = "event";
pub(super) const DATE: &str = "date";
pub(super) const DATE_PRECISION: &str = "date_precision";
/// What else was read; may be missing.
pub(super) const DETAIL: &str = "detail";
const SOURCE_URL: &str = "source_url";
/// Without these an event is none; every other column may be missing.
const REQUIRED: [&str; 7] = [ORGANIZATION, COUNTRY, SCHEME, EVENT, DATE, DATE_PRECISION, SOURCE_URL];

/// A table of events, in file order.
#[derive(Clone, Debug)]
pub struct EventFile {
    columns: Columns,
    rows: Vec<Row>,
}

/// One event as it was compiled.
#[derive(Clone, Debug)]
pub struct Row {
    fields: Fields,
    organization: Line,
    country: Option<Country>,
    precision: Precision,
    period: Period,
}

impl EventFile {
    /// Reads a whole file. An error names row and column; nothing is half read. Nothing may have happened after `today`.
    pub fn read(input: impl Read, today: Date) -> Result<Self, ReadError> {
        let mut countries = BTreeMap::new();
        let (columns, rows) = read(input, &REQUIRED, |columns, fields| {
            let row = Row::of(columns, fields, today)?;
            row.agree(&mut countries)?;
            Ok(row)
        })?;
        Ok(Self { columns, rows })
    }

    /// Its rows in file order.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Whether the file has this column.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.columns.has(column)
    }

    /// What `row` says in `column`, without white space at the ends; empty if the file has no such column.
    #[must_use]
    pub fn words<'a>(&self, row: &'a Row, column: &str) -> &'a str {
        self.columns.words(&row.fields, column)
    }

    /// The number of an event: the same wherever it stands in whichever edition, and another one for every other event.
    #[must_use]
    pub fn event_number(&self, row: &Row) -> ShortText {
        number(
            "event",
            [ORGANIZATION, SCHEME, EVENT, DATE, SOURCE_URL].map(|column| self.words(row, column)),
        )
    }
}

impl Row {
    /// Its number as a spreadsheet counts: the header is row 1.
    #[must_use]
    pub const fn number(&self) -> usize {
        self.fields.number()
    }

    /// About whom it is.
    #[must_use]
    pub const fn organization(&self) -> &Line {
        &self.organization
    }

    /// Where the organization is at home, where this row says so.
    #[must_use]
    pub const fn country(&self) -> Option<Country> {
        self.country
    }

    /// What its date means.
    #[must_use]
    pub const fn precision(&self) -> Precision {
        self.precision
    }

    /// The days that its date leaves open.
    #[must_use]
    pub const fn period(&self) -> Period {
        self.period
    }

    /// The organization's number: the same in every row about it.
    #[must_use]
    pub fn organization_number(&self) -> ShortText {
        number("organization", [self.organization.as_str()])
    }

    fn of(columns: &Columns, fields: Fields, today: Date) -> Result<Self, ReadError> {
        let words = |column| columns.words(&fields, column);
        let line = |column| Line::new(words(column)).map_err(|error: TextError| fields.wrong(column, error));
        let organization = line(ORGANIZATION)?;
        let country = match words(COUNTRY) {
            "" => None,
            code => Some(
                code.parse()
                    .map_err(|_| fields.wrong(COUNTRY, FieldError::NotCountry(shown(code))))?,
            ),
        };
        line(SCHEME)?;
        line(EVENT)?;
        let precision = Precision::read(words(DATE_PRECISION)).map_err(|why| fields.wrong(DATE_PRECISION, why))?;
        let period = precision
            .period(words(DATE), today)
            .map_err(|why| fields.wrong(DATE, why))?;
        let source = line(SOURCE_URL)?;
        let is_address = ["http://", "https://"]
            .iter()
            .any(|scheme| source.as_str().starts_with(scheme));
        if !is_address {
            return Err(fields.wrong(SOURCE_URL, FieldError::NotAddress(shown(source.as_str()))));
        }
        Ok(Self {
            fields,
            organization,
            country,
            precision,
            period,
        })
    }

    /// Whether this row agrees with those before on where its organization is at home.
    fn agree(&self, countries: &mut BTreeMap<Line, Country>) -> Result<(), ReadError> {
        let Some(country) = self.country else {
            return Ok(());
        };
        let before = *countries.entry(self.organization.clone()).or_insert(country);
        if before != country {
            let differ = FieldError::OtherCountry(country.to_string(), before.to_string());
            return Err(self.fields.wrong(COUNTRY, differ));
        }
        Ok(())
    }
}

/// SHA-256 in hexadecimal of `what` and the words that tell one such thing from another, a line each. No word has a line
/// break in it: each was read as a text of the stream.
fn number<const N: usize>(what: &str, words: [&str; N]) -> ShortText {
    let mut hash = Sha256::new_with_prefix(what);
    for words in words {
        hash.update("\n");
        hash.update(words);
    }
    let digest = Digest::from_bytes(hash.finalize().into());
    Text::new(&digest.to_string()).expect("64 letters and digits")
}
