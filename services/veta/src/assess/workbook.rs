//! A workbook from outside, opened without trusting it: how much it unpacks to is counted before anything is kept, and what
//! its reader cannot cope with is an error.

use std::cell::Cell;
use std::io::{self, Cursor, Read};
use std::panic::{self, UnwindSafe};
use std::sync::Once;

use super::sheet::SheetError;

/// What all files of a workbook unpack to at most: twenty thousand rows of 200 cells with 60 bytes of XML each.
pub(super) const UNPACKED_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Has `read` read a workbook.
pub(super) fn opened<T>(
    bytes: &[u8],
    read: impl FnOnce() -> Result<T, SheetError> + UnwindSafe,
) -> Result<T, SheetError> {
    check_unpacked(bytes)?;
    caught(read).unwrap_or(Err(SheetError::Damaged))
}

/// Unpacks every file to see how long it is: what the archive says of itself may be wrong.
fn check_unpacked(bytes: &[u8]) -> Result<(), SheetError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| SheetError::Damaged)?;
    let mut left = UNPACKED_BYTES_MAX;
    for place in 0..archive.len() {
        let file = archive.by_index(place).map_err(|_| SheetError::Damaged)?;
        let unpacked = io::copy(&mut file.take(left + 1), &mut io::sink()).map_err(|_| SheetError::Damaged)?;
        left = left.checked_sub(unpacked).ok_or(SheetError::TooMuch)?;
    }
    Ok(())
}

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}
static HOOK: Once = Once::new();

/// What `read` finds; none where it panics, of which nothing is printed.
///
/// The reader of workbooks computes places of cells without looking whether they fit (calamine's issues 694 and 709). It is
/// compiled so that it panics then and does not read a cell in another one's place.
fn caught<T>(read: impl FnOnce() -> T + UnwindSafe) -> Option<T> {
    HOOK.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |panicked| {
            if !IS_QUIET.get() {
                others(panicked);
            }
        }));
    });
    IS_QUIET.set(true);
    let found = panic::catch_unwind(read);
    IS_QUIET.set(false);
    found.ok()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read, Write};

    use zip::write::SimpleFileOptions;
    use zip::{ZipArchive, ZipWriter};

    use super::UNPACKED_BYTES_MAX;
    use crate::assess::sheet::{Sheet, SheetError};

    const EXPORT: &[u8] = include_bytes!("../../tests/assess/fixtures/kobo-export.xlsx");

    /// The export with this in place of that in its sheet, and so many more bytes in a file of their own.
    fn changed(that: &str, this: &str, more: u64) -> Vec<u8> {
        let mut archive = ZipArchive::new(Cursor::new(EXPORT)).unwrap();
        let mut written = ZipWriter::new(Cursor::new(Vec::new()));
        for place in 0..archive.len() {
            let mut file = archive.by_index(place).unwrap();
            let (name, mut text) = (file.name().unwrap().into_owned(), String::new());
            file.read_to_string(&mut text).unwrap();
            if name.ends_with("sheet1.xml") {
                assert!(text.contains(that), "{text}");
                text = text.replace(that, this);
            }
            written.start_file(name, SimpleFileOptions::default()).unwrap();
            written.write_all(text.as_bytes()).unwrap();
        }
        written.start_file("xl/more.xml", SimpleFileOptions::default()).unwrap();
        std::io::copy(&mut std::io::repeat(b' ').take(more), &mut written).unwrap();
        written.finish().unwrap().into_inner()
    }

    #[test]
    fn a_place_that_no_sheet_has_is_an_error() {
        let good = Sheet::of(&changed(r#"r="A1""#, r#"r="A1""#, 0), None).unwrap();
        assert_eq!(good, Sheet::of(EXPORT, None).unwrap());
        for place in ["AAAAAAAA1", "A99999999999"] {
            let bad = changed(r#"r="A1""#, &format!(r#"r="{place}""#), 0);
            assert!(matches!(Sheet::of(&bad, None), Err(SheetError::Damaged)), "{place}");
        }
        let far = changed(r#"r="A1""#, r#"r="XFD1""#, 0);
        assert!(matches!(Sheet::of(&far, None), Err(SheetError::TooMuch)));
    }

    #[test]
    fn what_unpacks_to_too_much_is_not_kept() {
        let bomb = changed(r#"r="A1""#, r#"r="A1""#, UNPACKED_BYTES_MAX);
        assert!(bomb.len() < 1024 * 1024);
        assert!(matches!(Sheet::of(&bomb, None), Err(SheetError::TooMuch)));
    }
}
