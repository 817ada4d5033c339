//! What kind of file it is, by its content: a name or a claim is not asked.

use core::fmt;
use core::str;

/// Lines that are looked at to tell a table from a text.
const TABLE_LINES_MAX: usize = 1_000;

/// What an OpenDocument spreadsheet begins with, behind the 30 bytes of its first entry's header.
const ODS_BEGINS: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
const ZIP_BEGINS: &[u8] = b"PK\x03\x04";
const ZIP_HEADER_BYTES: usize = 30;

/// The kinds of files that are kept: photos, documents and tables that show themselves and run nothing.
///
/// A page or a drawing that a browser would run is text here, and workbooks with macros are none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MediaType {
    /// A photo.
    Jpeg,
    /// A picture.
    Png,
    /// A picture.
    WebP,
    /// A document.
    Pdf,
    /// An Office Open XML workbook without macros.
    Xlsx,
    /// An OpenDocument spreadsheet.
    Ods,
    /// A table in UTF-8.
    Csv,
    /// Text in UTF-8.
    Text,
}

impl MediaType {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Jpeg,
        Self::Png,
        Self::WebP,
        Self::Pdf,
        Self::Xlsx,
        Self::Ods,
        Self::Csv,
        Self::Text,
    ];

    /// Its registered name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Csv => "text/csv",
            Self::Text => "text/plain",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media_type| media_type.name() == name)
    }

    /// The kind of a whole file; `None` if it is none of those that are kept.
    #[must_use]
    pub fn of(file: &[u8]) -> Option<Self> {
        match file {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            zip if zip.starts_with(ZIP_BEGINS) => of_zip(zip),
            text => of_text(text),
        }
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// By the names of its entries, which stand in a ZIP file uncompressed.
fn of_zip(zip: &[u8]) -> Option<MediaType> {
    if zip
        .get(ZIP_HEADER_BYTES..)
        .is_some_and(|rest| rest.starts_with(ODS_BEGINS))
    {
        return Some(MediaType::Ods);
    }
    let holds = |name: &[u8]| zip.windows(name.len()).any(|window| window == name);
    let is_workbook = holds(b"[Content_Types].xml") && holds(b"xl/workbook.xml");
    (is_workbook && !holds(b"vbaProject.bin")).then_some(MediaType::Xlsx)
}

fn of_text(bytes: &[u8]) -> Option<MediaType> {
    let text = str::from_utf8(bytes).ok()?;
    let is_control = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n');
    if text.trim_start_matches('\u{feff}').trim().is_empty() || text.contains(is_control) {
        return None;
    }
    let is_table = [',', ';', '\t'].into_iter().any(|separator| is_table(text, separator));
    Some(if is_table { MediaType::Csv } else { MediaType::Text })
}

/// Whether every row has as many cells as the first, two at least.
fn is_table(text: &str, separator: char) -> bool {
    let mut rows = rows(text, separator).take(TABLE_LINES_MAX);
    let Some(first) = rows.next() else { return false };
    let mut has_more = false;
    let is_even = rows.all(|cells| {
        has_more = true;
        cells == first
    });
    1 < first && has_more && is_even
}

/// How many cells each row has; empty lines are no rows.
fn rows(text: &str, separator: char) -> impl Iterator<Item = usize> {
    let mut characters = text.chars();
    std::iter::from_fn(move || {
        let (mut cells, mut is_quoted, mut is_empty) = (1, false, true);
        for character in characters.by_ref() {
            match character {
                '"' => is_quoted = !is_quoted,
                '\n' if is_quoted || is_empty => {}
                '\n' => return Some(cells),
                _ if character == separator && !is_quoted => cells += 1,
                _ => {}
            }
            is_empty &= character.is_whitespace() && character != separator;
        }
        (!is_empty).then_some(cells)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: impl AsRef<[u8]>, expected: Option<MediaType>) {
        let file = file.as_ref();
        assert_eq!(MediaType::of(file), expected, "{}", String::from_utf8_lossy(file));
    }

    fn zip(entries: &[&str]) -> Vec<u8> {
        let entry = |name: &&str| [b"PK\x03\x04", [0; 26].as_slice(), name.as_bytes()].concat();
        entries.iter().flat_map(entry).collect()
    }

    #[test]
    fn a_file_is_what_it_begins_with() {
        check(b"\xff\xd8\xff\xe0\0\x10JFIF", Some(MediaType::Jpeg));
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some(MediaType::Png));
        check(b"RIFF\x24\0\0\0WEBPVP8 ", Some(MediaType::WebP));
        check(b"%PDF-1.7\n%\xe2\xe3", Some(MediaType::Pdf));
        check(b"RIFF\x24\0\0\0WAVEfmt ", None);
        check(b"\x89PNG\n\x1a\n", None);
        check(b"GIF89a\x01\0", None);
        check(b"\x7fELF\x02\x01", None);
        check(b"MZ\x90\0", None);
        check(b"", None);
    }

    #[test]
    fn a_workbook_is_told_from_other_archives() {
        let ods = zip(&["mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "content.xml"]);
        check(ods, Some(MediaType::Ods));
        check(zip(&["[Content_Types].xml", "xl/workbook.xml"]), Some(MediaType::Xlsx));
        let macros = ["[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"];
        check(zip(&macros), None);
        check(zip(&["[Content_Types].xml", "word/document.xml"]), None);
        check(zip(&["mimetypeapplication/vnd.oasis.opendocument.text"]), None);
        check(zip(&["setup.exe"]), None);
    }

    #[test]
    fn a_table_is_text_with_as_many_cells_in_every_row() {
        check("site,miners\ncodmine00065,40\n", Some(MediaType::Csv));
        check(
            "\u{feff}site;miners\r\n\"a;\n\"\"b\"\"\";40\r\n\r\n",
            Some(MediaType::Csv),
        );
        check("site\tminers\nx\t1", Some(MediaType::Csv));
        check("site,miners\nx,1,2\n", Some(MediaType::Text));
        check("one line, with a comma", Some(MediaType::Text));
        check("Sí, señor\nmañana", Some(MediaType::Text));
        check("<html><script>alert(1)</script></html>", Some(MediaType::Text));
        check("a\0b", None);
        check("caf\u{e9}".as_bytes().split_last().unwrap().1, None);
        check(" \n\t ", None);
    }

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        for media_type in MediaType::ALL {
            assert_eq!(MediaType::named(media_type.name()), Some(media_type));
        }
        assert_eq!(MediaType::named("text/html"), None);
    }
}
