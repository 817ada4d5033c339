//! A whole log in one file, for auditors.
//!
//! ```text
//! veta-export/v1\n
//! <vkey of the log>\n
//! <length of the note in bytes, decimal>\n
//! <checkpoint, a signed note, verbatim>
//! then every leaf from index 0:  u16 big-endian length || leaf      (the entry format of c2sp.org/tlog-tiles)
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
        let canonical = |length: &usize| length.to_string().len() <= 7 && *length <= NOTE_BYTES_MAX;
        let length: usize = length.parse().ok().filter(canonical).ok_or(ExportError::BadHeader)?;
        let note = rest.get(..length).ok_or(ExportError::CutShort)?;
        let checkpoint = core::str::from_utf8(note).map_err(|_| ExportError::BadHeader)?.to_owned();
        Ok((Self { vkey, checkpoint }, bytes.len() - rest.len() + length))
    }
}

/// Frames a leaf.
///
/// # Panics
/// If the leaf is longer than a leaf can be.
#[must_use]
pub fn frame(leaf: &[u8]) -> Vec<u8> {
    let length = u16::try_from(leaf.len()).expect("a leaf has at most 65,535 bytes");
    [length.to_be_bytes().as_slice(), leaf].concat()
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

fn line(bytes: &[u8]) -> Result<(&str, &[u8]), ExportError> {
    let end = bytes.iter().take(1_024).position(|byte| *byte == b'\n').ok_or(ExportError::NotAnExport)?;
    let text = core::str::from_utf8(&bytes[..end]).map_err(|_| ExportError::NotAnExport)?;
    Ok((text, &bytes[end + 1..]))
}
