//! The file: columns by name, rows by number.

use std::collections::BTreeSet;
use std::io::Read;

use event::vocabulary::{SHORT_TEXT_BYTES_MAX, ShortText};
use event::{Date, Text};

use crate::import::table::{Columns, FieldError, Fields, ReadError, read, shown};

/// Where the references of parties name IPIS itself: no site may have this number.
pub const OWN_NUMBER: &str = "ipis";
/// What stands before a visit's number in the reference of a status: no visit's own number may begin so.
pub(super) const STATUS_PREFIX: &str = "qualification-";
/// The longest visit number: what is left of a reference beside [`STATUS_PREFIX`].
const VISIT_BYTES_MAX: usize = SHORT_TEXT_BYTES_MAX - STATUS_PREFIX.len();

const VISIT: &str = "vid";
const SITE: &str = "pcode";
const NAME: &str = "name";
const DATE: &str = "visit_date";
const SOURCE: &str = "source";
const PROJECT: &str = "project";
/// Under this project stand entries of the iTSCi register.
pub(super) const ITSCI_PROJECT: &str = "iTSCi status";
/// Under this project stand decisions of the ministry of mines.
const QUALIFICATION_PROJECT: &str = "Qualification status";
/// Without these a row is of no use; every other column may be missing.
const REQUIRED: [&str; 6] = [VISIT, SITE, NAME, DATE, SOURCE, PROJECT];

/// A visit file: its rows in file order, each visit number once.
#[derive(Clone, Debug)]
pub struct VisitFile {
    columns: Columns,
    rows: Vec<Row>,
    repeated: usize,
}

/// One row of a visit file.
#[derive(Clone, Debug)]
pub struct Row {
    fields: Fields,
    visit: Text<VISIT_BYTES_MAX>,
    site: ShortText,
    date: Date,
}

impl VisitFile {
    /// Reads a whole file. An error names row and column; nothing is half read.
    pub fn read(input: impl Read) -> Result<Self, ReadError> {
        let (columns, mut rows) = read(input, &REQUIRED, Row::of)?;
        let count = rows.len();
        let mut visits = BTreeSet::new();
        rows.retain(|row| visits.insert(row.visit.clone()));
        let repeated = count - rows.len();
        Ok(Self {
            columns,
            rows,
            repeated,
        })
    }

    /// Its rows in file order, without those that repeat a visit number.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many rows repeat the visit number of an earlier one.
    #[must_use]
    pub const fn repeated(&self) -> usize {
        self.repeated
    }

    /// Whether `row` is a visit: IPIS's own, made under a project that visits.
    #[must_use]
    pub fn is_visit(&self, row: &Row) -> bool {
        let registers = ["", ITSCI_PROJECT, QUALIFICATION_PROJECT];
        self.source(row).starts_with("IPIS") && !registers.contains(&self.project(row))
    }

    /// Whether `row` reports a status from the ministry of mines, whoever reports it.
    #[must_use]
    pub fn is_qualification(&self, row: &Row) -> bool {
        self.project(row).to_lowercase().contains("qualification")
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

    /// What the site is called in `row`.
    #[must_use]
    pub fn name<'a>(&self, row: &'a Row) -> &'a str {
        self.words(row, NAME)
    }

    /// Who reported `row`.
    #[must_use]
    pub fn source<'a>(&self, row: &'a Row) -> &'a str {
        self.words(row, SOURCE)
    }

    /// Under which project `row` was made.
    #[must_use]
    pub fn project<'a>(&self, row: &'a Row) -> &'a str {
        self.words(row, PROJECT)
    }
}

impl Row {
    /// Its number as a spreadsheet counts: the header is row 1.
    #[must_use]
    pub const fn number(&self) -> usize {
        self.fields.number()
    }

    /// The visit's number at IPIS.
    #[must_use]
    pub fn visit(&self) -> &str {
        self.visit.as_str()
    }

    /// The site's number at IPIS.
    #[must_use]
    pub const fn site(&self) -> &ShortText {
        &self.site
    }

    /// The day of the visit.
    #[must_use]
    pub const fn date(&self) -> Date {
        self.date
    }

    fn of(columns: &Columns, fields: Fields) -> Result<Self, ReadError> {
        let words = |column| columns.words(&fields, column);
        let visit = Text::new(words(VISIT)).map_err(|error| fields.wrong(VISIT, error))?;
        if words(VISIT).starts_with(STATUS_PREFIX) {
            return Err(fields.wrong(VISIT, FieldError::Reserved(shown(words(VISIT)))));
        }
        let site = Text::new(words(SITE)).map_err(|error| fields.wrong(SITE, error))?;
        if words(SITE) == OWN_NUMBER {
            return Err(fields.wrong(SITE, FieldError::Reserved(shown(words(SITE)))));
        }
        let date = words(DATE).parse();
        let date = date.map_err(|_| fields.wrong(DATE, FieldError::NotDate(shown(words(DATE)))))?;
        Ok(Self {
            fields,
            visit,
            site,
            date,
        })
    }
}
