//! The file: columns by name, rows by number.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use csv::{ByteRecord, StringRecord};
use event::codec::TextError;
use event::vocabulary::{SHORT_TEXT_BYTES_MAX, ShortText};
use event::{Date, Text};
use thiserror::Error;

/// The longest file: 64 MiB, 16 times the edition of May 2026 with its 7,163 rows.
pub const FILE_BYTES_MAX: u64 = 64 * 1_024 * 1_024;
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
    columns: BTreeMap<String, usize>,
    rows: Vec<Row>,
    repeated: usize,
}

/// One row of a visit file.
#[derive(Clone, Debug)]
pub struct Row {
    number: usize,
    visit: Text<VISIT_BYTES_MAX>,
    site: ShortText,
    date: Date,
    fields: StringRecord,
}

impl VisitFile {
    /// Reads a whole file. An error names row and column; nothing is half read.
    pub fn read(input: impl Read) -> Result<Self, ReadError> {
        // One byte more than allowed is read, to tell a file that ends from one that was cut.
        let mut reader = csv::ReaderBuilder::new().from_reader(input.take(FILE_BYTES_MAX + 1));
        let header = reader.byte_headers().map_err(|error| technical(&error, 1))?.clone();
        let names = names(&header)?;
        let read = Self {
            columns: columns(&names)?,
            rows: Vec::new(),
            repeated: 0,
        }
        .with_rows(&mut reader, &names);
        // The limit comes first: what was cut off is also broken in some other way.
        if reader.get_ref().limit() == 0 {
            return Err(ReadError::TooLong);
        }
        read
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
        self.columns.contains_key(column)
    }

    /// What `row` says in `column`, without white space at the ends; empty if the file has no such column.
    #[must_use]
    pub fn words<'a>(&self, row: &'a Row, column: &str) -> &'a str {
        let place = self.columns.get(column);
        place
            .and_then(|place| row.fields.get(*place))
            .unwrap_or_default()
            .trim()
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

    fn with_rows(mut self, reader: &mut csv::Reader<impl Read>, names: &[String]) -> Result<Self, ReadError> {
        let mut visits = BTreeSet::new();
        for (number, record) in (2..).zip(reader.byte_records()) {
            let fields = utf8(record.map_err(|error| technical(&error, number))?, number, names)?;
            let row = Row::of(fields, number, &self.columns)?;
            if visits.insert(row.visit.clone()) {
                self.rows.push(row);
            } else {
                self.repeated += 1;
            }
        }
        Ok(self)
    }
}

impl Row {
    /// Its number as a spreadsheet counts: the header is row 1.
    #[must_use]
    pub const fn number(&self) -> usize {
        self.number
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

    fn of(fields: StringRecord, number: usize, columns: &BTreeMap<String, usize>) -> Result<Self, ReadError> {
        let words = |column: &str| fields.get(columns[column]).unwrap_or_default().trim();
        let field = |column: &str, why| ReadError::Field {
            row: number,
            column: column.to_owned(),
            why,
        };
        let visit = Text::new(words(VISIT)).map_err(|error| field(VISIT, error.into()))?;
        if words(VISIT).starts_with(STATUS_PREFIX) {
            return Err(field(VISIT, FieldError::Reserved(shown(words(VISIT)))));
        }
        let site = Text::new(words(SITE)).map_err(|error| field(SITE, error.into()))?;
        if words(SITE) == OWN_NUMBER {
            return Err(field(SITE, FieldError::Reserved(shown(words(SITE)))));
        }
        let date = words(DATE)
            .parse()
            .map_err(|_| field(DATE, FieldError::NotDate(shown(words(DATE)))))?;
        Ok(Self {
            number,
            visit,
            site,
            date,
            fields,
        })
    }
}

/// Column names without white space at the ends and in lower case.
fn names(header: &ByteRecord) -> Result<Vec<String>, ReadError> {
    let name = |field: &[u8]| str::from_utf8(field).map(|name| name.trim().to_ascii_lowercase());
    header
        .iter()
        .map(name)
        .collect::<Result<_, _>>()
        .map_err(|_| ReadError::HeaderNotUtf8)
}

fn columns(names: &[String]) -> Result<BTreeMap<String, usize>, ReadError> {
    let mut columns = BTreeMap::new();
    for (place, name) in names.iter().enumerate() {
        if !name.is_empty() && columns.insert(name.clone(), place).is_some() {
            return Err(ReadError::ColumnRepeated(shown(name)));
        }
    }
    let missing: Vec<_> = REQUIRED
        .into_iter()
        .filter(|column| !columns.contains_key(*column))
        .collect();
    if !missing.is_empty() {
        return Err(ReadError::ColumnsMissing(missing.join(", ")));
    }
    Ok(columns)
}

fn utf8(record: ByteRecord, row: usize, names: &[String]) -> Result<StringRecord, ReadError> {
    StringRecord::from_byte_record(record).map_err(|error| {
        let column = names.get(error.utf8_error().field()).cloned().unwrap_or_default();
        ReadError::Field {
            row,
            column,
            why: FieldError::NotUtf8,
        }
    })
}

fn technical(error: &csv::Error, row: usize) -> ReadError {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => ReadError::Ragged {
            row,
            expected: *expected_len,
            found: *len,
        },
        _ => ReadError::Input {
            row,
            why: error.to_string(),
        },
    }
}

/// The beginning of a value, for an error message.
fn shown(words: &str) -> String {
    words.chars().take(40).collect()
}

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// Longer than a visit file can be.
    #[error("the file is longer than {FILE_BYTES_MAX} bytes: this is no visit file; import it in parts if it is")]
    TooLong,
    /// Required columns that are not there.
    #[error("the file lacks the column(s) {0}: choose IPIS's visit file, comma-separated, with its header row")]
    ColumnsMissing(String),
    /// Two columns of one name.
    #[error("the column {0:?} stands twice: leave one of them out")]
    ColumnRepeated(String),
    /// The header is not text.
    #[error("the header row is not UTF-8: save the file as UTF-8")]
    HeaderNotUtf8,
    /// A row with more or fewer fields than the header.
    #[error("row {row} has {found} fields where the header has {expected}: look for a missing quotation mark")]
    Ragged {
        /// Which row; the header is row 1.
        row: usize,
        /// Fields of the header.
        expected: u64,
        /// Fields of the row.
        found: u64,
    },
    /// A value that cannot be what its column holds.
    #[error("row {row}, column {column}: {why}")]
    Field {
        /// Which row; the header is row 1.
        row: usize,
        /// Which column.
        column: String,
        /// What is wrong.
        #[source]
        why: FieldError,
    },
    /// The input failed.
    #[error("the file could not be read at row {row}: {why}")]
    Input {
        /// Which row; the header is row 1.
        row: usize,
        /// What the input said.
        why: String,
    },
}

/// What is wrong with a value that cannot be done without.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FieldError {
    /// Not a calendar day.
    #[error("{0:?} is not a date: write 2023-05-31")]
    NotDate(String),
    /// Not text.
    #[error("not UTF-8: save the file as UTF-8")]
    NotUtf8,
    /// A number under which the deployment keeps something else: IPIS itself, or a status.
    #[error("{0:?} is no number of IPIS's, and would be taken for something else: correct it in the file")]
    Reserved(String),
    /// No number of a visit or site.
    #[error("{0}")]
    Text(#[from] TextError),
}
