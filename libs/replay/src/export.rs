//! A whole log in one file, for auditors.
//!
//! ```text
//! veta-export/v1\n
//! <vkey of the log>\n
//! <length of the note in bytes, decimal>\n
//! <checkpoint, a signed note, verbatim>
//! then every leaf from index 0, as `tlog::tiles::encode_entries` writes them:  u16 big-endian length || leaf
//! ```

use thiserror::Error;
use tlog::note::{NOTE_BYTES_MAX, Vkey};

const MAGIC: &str = "veta-export/v1";
/// The longest header: three short lines and a note.
pub const HEADER_BYTES_MAX: usize = NOTE_BYTES_MAX + 1_024;

/// What stands in front of the leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The key that the exporter says is the log's. A reader trusts its own.
    pub vkey: Vkey,
    /// The checkpoint that the leaves end at.
    pub checkpoint: String,
}

impl Header {
    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        format!("{MAGIC}\n{}\n{}\n{}", self.vkey, self.checkpoint.len(), self.checkpoint).into_bytes()
    }

    /// Reads the header at the beginning of `bytes`, and says how many bytes it is long.
    pub fn parse(bytes: &[u8]) -> Result<(Self, usize), ExportError> {
        let (magic, rest) = line(bytes)?;
        if magic != MAGIC {
            return Err(ExportError::NotAnExport);
        }
        let (vkey, rest) = line(rest)?;
        let vkey = vkey.parse().map_err(|_| ExportError::BadHeader)?;
        let (length, rest) = line(rest)?;
        let length = canonical(length).ok_or(ExportError::BadHeader)?;
        let note = rest.get(..length).ok_or(ExportError::CutShort)?;
        let checkpoint = core::str::from_utf8(note)
            .map_err(|_| ExportError::BadHeader)?
            .to_owned();
        Ok((Self { vkey, checkpoint }, bytes.len() - rest.len() + length))
    }
}

/// Why a file is no export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ExportError {
    /// Another kind of file.
    #[error("not an export of a log: the first line is not {MAGIC}")]
    NotAnExport,
    /// A header that does not parse.
    #[error("the header of the export is damaged")]
    BadHeader,
    /// Ends too early.
    #[error("the export is cut short")]
    CutShort,
}

/// A length in its one spelling.
fn canonical(text: &str) -> Option<usize> {
    let length: usize = text.parse().ok()?;
    (length <= NOTE_BYTES_MAX && length.to_string() == text).then_some(length)
}

fn line(bytes: &[u8]) -> Result<(&str, &[u8]), ExportError> {
    let end = bytes
        .iter()
        .take(1_024)
        .position(|byte| *byte == b'\n')
        .ok_or(ExportError::NotAnExport)?;
    let text = core::str::from_utf8(&bytes[..end]).map_err(|_| ExportError::NotAnExport)?;
    Ok((text, &bytes[end + 1..]))
}
