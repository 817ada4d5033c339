//! Somebody else's table: columns by name, rows by number, and every error with both.

use std::collections::BTreeMap;
use std::io::Read;

use csv::{ByteRecord, StringRecord};
use event::codec::TextError;
use thiserror::Error;

/// The longest file: 64 MiB, 16 times IPIS's edition of May 2026 with its 7,163 rows.
pub const FILE_BYTES_MAX: u64 = 64 * 1_024 * 1_024;

/// Where which column stands.
#[derive(Clone, Debug)]
pub(super) struct Columns(BTreeMap<String, usize>);

/// The fields of one row.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    number: usize,
    record: StringRecord,
}

/// Reads a whole table that must have the columns `required`, row by row. An error names row and column; nothing is half
/// read.
pub(super) fn read<T>(
    input: impl Read,
    required: &[&str],
    mut row: impl FnMut(&Columns, Fields) -> Result<T, ReadError>,
) -> Result<(Columns, Vec<T>), ReadError> {
    // One byte more than allowed is read, to tell a file that ends from one that was cut.
    let mut reader = csv::ReaderBuilder::new().from_reader(input.take(FILE_BYTES_MAX + 1));
    let header = reader.byte_headers().map_err(|error| technical(&error, 1))?.clone();
    let names = names(&header)?;
    let columns = Columns::of(&names, required)?;
    let rows = (2..).zip(reader.byte_records()).map(|(number, record)| {
        let record = record.map_err(|error| technical(&error, number))?;
        let record = utf8(record, number, &names)?;
        row(&columns, Fields { number, record })
    });
    let rows = rows.collect::<Result<Vec<_>, _>>();
    // The limit comes first: what was cut off is also broken in some other way.
    if reader.get_ref().limit() == 0 {
        return Err(ReadError::TooLong);
    }
    Ok((columns, rows?))
}

impl Columns {
    fn of(names: &[String], required: &[&str]) -> Result<Self, ReadError> {
        let mut columns = BTreeMap::new();
        for (place, name) in names.iter().enumerate() {
            if !name.is_empty() && columns.insert(name.clone(), place).is_some() {
                return Err(ReadError::ColumnRepeated(shown(name)));
            }
        }
        let missing: Vec<_> = required
            .iter()
            .copied()
            .filter(|column| !columns.contains_key(*column))
            .collect();
        if !missing.is_empty() {
            return Err(ReadError::ColumnsMissing(missing.join(", ")));
        }
        Ok(Self(columns))
    }

    /// Whether the file has this column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.0.contains_key(column)
    }

    /// What a row says in `column`, without white space at the ends; empty if the file has no such column.
    pub(super) fn words<'a>(&self, fields: &'a Fields, column: &str) -> &'a str {
        let place = self.0.get(column);
        place
            .and_then(|place| fields.record.get(*place))
            .unwrap_or_default()
            .trim()
    }
}

impl Fields {
    /// The row's number as a spreadsheet counts: the header is row 1.
    pub(super) const fn number(&self) -> usize {
        self.number
    }

    /// What is wrong with this row's value of a column.
    pub(super) fn wrong(&self, column: &str, why: impl Into<FieldError>) -> ReadError {
        ReadError::Field {
            row: self.number,
            column: column.to_owned(),
            why: why.into(),
        }
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
pub(super) fn shown(words: &str) -> String {
    words.chars().take(40).collect()
}

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// Longer than a file to import can be.
    #[error("the file is longer than {FILE_BYTES_MAX} bytes: this is the wrong file; import it in parts if it is not")]
    TooLong,
    /// Required columns that are not there.
    #[error(
        "the file lacks the column(s) {0}: choose the file that this verb imports, comma-separated, with its header row"
    )]
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
    /// No known precision of a date.
    #[error("{0:?} is no precision: write day, month, year, inferred year, published or unknown")]
    NotPrecision(String),
    /// Not what its precision says that it is.
    #[error("{date:?} is no date of the precision {precision:?}: write {write}")]
    NotOfPrecision {
        /// What stands there.
        date: String,
        /// What it is said to be.
        precision: &'static str,
        /// What it should look like.
        write: &'static str,
    },
    /// A day to come.
    #[error("{0:?} is still to come: import what has happened")]
    InFuture(String),
    /// Not two capital letters.
    #[error("{0:?} is no country: write its two capital letters, such as CO, or nothing where it is not known")]
    NotCountry(String),
    /// Another one than in an earlier row.
    #[error("{0:?}, and an earlier row about the same organization says {1:?}: let all of them say the same")]
    OtherCountry(String, String),
    /// Not where a page can be looked up.
    #[error("{0:?} is no address of a page: write it whole, with http:// or https://")]
    NotAddress(String),
    /// Not a text that a statement holds.
    #[error("{0}")]
    Text(#[from] TextError),
}
