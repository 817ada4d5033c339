//! A table from a file: CSV with any usual separator, or a workbook.

use std::io::{Cursor, Read};

use calamine::{Cell, DataRef, Reader, Xlsx};
use thiserror::Error;

use super::workbook::{self, UNPACKED_BYTES_MAX};

/// The longest file: a hundred thousand answers of 300 bytes.
pub(super) const SHEET_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Rows of one file, so assessments at most; more are several files.
pub(super) const ROWS_MAX: usize = 20_000;
/// Columns of one file: a catalogue of the largest size asked in seven ways.
pub(super) const COLUMNS_MAX: usize = 2_048;
/// Cells of one file, blank ones in front of others included: all rows of 200 columns, and 100 MB of memory.
pub(super) const CELLS_MAX: usize = 4_000_000;
/// How a workbook begins: it is a zip archive.
const ZIP: &[u8] = b"PK\x03\x04";

/// A header and rows of cells, all as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// What the columns are called.
    pub header: Vec<String>,
    /// The rows that are not blank.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet counts it: the header is 1.
    pub number: u64,
    cells: Vec<String>,
}

/// A file that is no table.
#[derive(Debug, Error)]
pub enum SheetError {
    /// Too many rows, columns or cells, or too much once unpacked.
    #[error(
        "more than {ROWS_MAX} rows, {COLUMNS_MAX} columns, {CELLS_MAX} cells or {UNPACKED_BYTES_MAX} bytes unpacked: split the file and read each part"
    )]
    TooMuch,
    /// Not CSV in UTF-8.
    #[error("not a CSV file in UTF-8: {0}; save it as \"CSV UTF-8\"")]
    Csv(#[from] csv::Error),
    /// Not a workbook.
    #[error("not an .xlsx workbook: {0}")]
    Workbook(#[from] calamine::XlsxError),
    /// Not a workbook as any program writes it.
    #[error("not an .xlsx workbook that can be read: save it anew, or as \"CSV UTF-8\"")]
    Damaged,
    /// No sheet of the name.
    #[error("the workbook has no sheet {wanted:?}; it has {there}")]
    NoSheet {
        /// Which one was asked for.
        wanted: String,
        /// Which ones there are.
        there: String,
    },
    /// Nothing in it.
    #[error("the file has no header row")]
    Empty,
}

impl Row {
    /// The cell of a column, without white space at its ends; empty where the row ends before it.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }
}

impl Sheet {
    /// Reads the bytes of a file. Of a workbook, the sheet of a name; the first where none is named.
    pub(super) fn of(bytes: &[u8], sheet: Option<&str>) -> Result<Self, SheetError> {
        if bytes.starts_with(ZIP) {
            return Self::of_workbook(bytes, sheet);
        }
        Self::of_csv(bytes)
    }

    /// Reads CSV. The separator is what the header has most of: comma, semicolon or tabulator.
    pub(super) fn of_csv(bytes: &[u8]) -> Result<Self, SheetError> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator(bytes))
            .has_headers(false)
            .flexible(true)
            // A last line that does not end counts like every other.
            .from_reader(bytes.chain(&b"\n"[..]));
        let (mut lines, mut record) = (Lines::default(), csv::StringRecord::new());
        let (mut row, mut begun) = (0, reader.position().line());
        while reader.read_record(&mut record)? {
            // The reader passes over empty lines; a spreadsheet counts them.
            let ended = reader.position().line();
            let within = record.iter().flat_map(str::bytes).filter(|byte| *byte == b'\n').count();
            let passed = usize::try_from(ended - begun).unwrap_or(ROWS_MAX);
            row += passed.saturating_sub(within + 1);
            for (column, cell) in record.iter().enumerate() {
                lines.put(row, column, cell.to_owned())?;
            }
            (row, begun) = (row + 1, ended);
        }
        lines.sheet()
    }

    /// Reads one sheet of a workbook.
    pub(super) fn of_workbook(bytes: &[u8], sheet: Option<&str>) -> Result<Self, SheetError> {
        workbook::opened(bytes, || Self::of_opened(bytes, sheet))
    }

    fn of_opened(bytes: &[u8], sheet: Option<&str>) -> Result<Self, SheetError> {
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
        let names = workbook.sheet_names();
        let wanted = match sheet {
            Some(name) => names.iter().find(|there| *there == name),
            None => names.first(),
        };
        let Some(name) = wanted.cloned() else {
            return Err(SheetError::NoSheet {
                wanted: sheet.unwrap_or_default().to_owned(),
                there: names.join(", "),
            });
        };
        let mut cells = workbook.worksheet_cells_reader(&name)?;
        let mut lines = Lines::default();
        while let Some(cell) = cells.next_cell()? {
            let (row, column) = Cell::get_position(&cell);
            let (row, column) = (row as usize, column as usize);
            lines.put(row, column, text_of(cell.get_value()))?;
        }
        lines.sheet()
    }

    /// The place of the column of a name.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|header| header == name)
    }
}

/// Cells as they come, by row and column.
#[derive(Default)]
struct Lines {
    rows: Vec<Vec<String>>,
    cells: usize,
}

impl Lines {
    fn put(&mut self, row: usize, column: usize, cell: String) -> Result<(), SheetError> {
        if cell.is_empty() {
            return Ok(());
        }
        if ROWS_MAX < row || COLUMNS_MAX <= column {
            return Err(SheetError::TooMuch);
        }
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, Vec::new);
        }
        let line = &mut self.rows[row];
        if line.len() <= column {
            self.cells += column + 1 - line.len();
            if CELLS_MAX < self.cells {
                return Err(SheetError::TooMuch);
            }
            line.resize_with(column + 1, String::new);
        }
        line[column] = cell;
        Ok(())
    }

    fn sheet(self) -> Result<Sheet, SheetError> {
        let mut lines = (1..).zip(self.rows);
        let (_, header) = lines.next().ok_or(SheetError::Empty)?;
        let header: Vec<_> = header.iter().map(|name| name.trim().to_owned()).collect();
        if header.is_empty() {
            return Err(SheetError::Empty);
        }
        let rows = lines
            .filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()))
            .map(|(number, cells)| Row { number, cells })
            .collect();
        Ok(Sheet { header, rows })
    }
}

/// What the header has most of; a comma where it has one column.
fn separator(bytes: &[u8]) -> u8 {
    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let columns = |separator: &u8| header.split(|byte| byte == separator).count();
    let usual = [b'\t', b';', b','].into_iter();
    usual.max_by_key(columns).unwrap_or(b',')
}

/// A cell as a person would type it: whole numbers without decimals, days as 2026-05-31.
fn text_of(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(is_true) => if *is_true { "yes" } else { "no" }.to_owned(),
        DataRef::DateTime(instant) => {
            let (year, month, day, hour, minute, second, _) = instant.to_ymd_hms_milli();
            if (hour, minute, second) == (0, 0, 0) {
                return format!("{year:04}-{month:02}-{day:02}");
            }
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
        }
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{CELLS_MAX, COLUMNS_MAX, ROWS_MAX, Sheet, SheetError};

    #[track_caller]
    fn check(text: &str, header: &[&str], rows: &[(u64, &[&str])]) {
        let sheet = Sheet::of_csv(text.as_bytes()).unwrap();
        assert_eq!(sheet.header, header, "{text:?}");
        let found: Vec<_> = sheet
            .rows
            .iter()
            .map(|row| {
                (
                    row.number,
                    (0..header.len()).map(|column| row.cell(column)).collect::<Vec<_>>(),
                )
            })
            .collect();
        let rows: Vec<_> = rows.iter().map(|(number, cells)| (*number, cells.to_vec())).collect();
        assert_eq!(found, rows, "{text:?}");
    }

    #[test]
    fn csv_is_read_as_spreadsheets_and_kobotoolbox_write_it() {
        check("a,b\n1,2\n", &["a", "b"], &[(2, &["1", "2"])]);
        check(
            "\u{feff}\"a\";\"b\"\r\n\"1\";\"x;y\"\r\n",
            &["a", "b"],
            &[(2, &["1", "x;y"])],
        );
        check("a\tb\n\t2", &["a", "b"], &[(2, &["", "2"])]);
        check("a,b\n,\n \n1\n", &["a", "b"], &[(4, &["1", ""])]);
        check(
            "a,b\n\n\n1,2\n\n3,4",
            &["a", "b"],
            &[(4, &["1", "2"]), (6, &["3", "4"])],
        );
        check("a;b,c;d\n1;2;3", &["a", "b,c", "d"], &[(2, &["1", "2", "3"])]);
        check(
            "a,b\n\"two\nlines\",2\n3,4",
            &["a", "b"],
            &[(2, &["two\nlines", "2"]), (3, &["3", "4"])],
        );
    }

    #[test]
    fn what_is_no_table_is_said_to_be_none() {
        assert!(matches!(Sheet::of_csv(b""), Err(SheetError::Empty)));
        assert!(matches!(Sheet::of_csv(b"a,b\n\xff,1\n"), Err(SheetError::Csv(_))));
        assert!(matches!(
            Sheet::of_workbook(b"PK\x03\x04", None),
            Err(SheetError::Damaged)
        ));
        let long = "a\n".to_owned() + &"1\n".repeat(ROWS_MAX + 1);
        assert!(matches!(Sheet::of_csv(long.as_bytes()), Err(SheetError::TooMuch)));
        assert!(Sheet::of_csv(&long.as_bytes()[..long.len() - 2]).is_ok());
        let wide = ",".repeat(COLUMNS_MAX - 1) + "1\n";
        let wide = wide.repeat(CELLS_MAX / COLUMNS_MAX);
        assert!(Sheet::of_csv(wide.as_bytes()).is_ok());
        let wider = wide + &",".repeat(CELLS_MAX % COLUMNS_MAX) + "1\n";
        assert!(matches!(Sheet::of_csv(wider.as_bytes()), Err(SheetError::TooMuch)));
    }
}
