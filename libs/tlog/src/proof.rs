//! Offline proofs of one leaf (c2sp.org/tlog-proof@v1), which tools by other hands can check.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra <base64>               (optional, not authenticated)
//! index <decimal>
//! <base64 hash>                (one a line, from the leaf's sibling to a child of the root)
//!
//! <checkpoint, verbatim with all its signatures>
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointError, parse_decimal};
use crate::hash::Hash;
use crate::note::{NOTE_BYTES_MAX, Note, NoteError, Vkey};
use crate::tree::{INCLUSION_HASHES_MAX, InclusionProof, LeafIndex, ProofError};

/// Most extra data of a proof: room for one leaf.
pub const EXTRA_BYTES_MAX: usize = 65_536;

/// Longest proof: a note, the extra data in base64 (four characters for three bytes), and less than 8 KiB of lines: 63 hashes of
/// 45 characters, and the few words.
pub const TLOG_PROOF_BYTES_MAX: usize = NOTE_BYTES_MAX + EXTRA_BYTES_MAX / 3 * 4 + 8_192;

/// First line of the format.
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// That a leaf stands in a log under a signed checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// Opaque data for the application, which nothing authenticates.
    pub extra: Option<Vec<u8>>,
    /// Where the leaf stands.
    pub index: LeafIndex,
    /// From the leaf to the checkpoint's root.
    pub inclusion: InclusionProof,
    /// The checkpoint's note with all its signatures.
    pub checkpoint: Note,
}

/// Why a proof cannot be read, written or trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TlogProofError {
    /// Longer than [`TLOG_PROOF_BYTES_MAX`].
    #[error("a proof of {0} bytes is too long")]
    TooLong(usize),
    /// Not UTF-8.
    #[error("a proof is UTF-8 text")]
    NotText,
    /// The first line is another: no proof, or one of another version.
    #[error("the first line of a proof is {HEADER}")]
    BadHeader,
    /// Extra data that is not base64, or too long.
    #[error("the extra line is not the base64 of at most 65536 bytes")]
    BadExtra,
    /// No index line in its one spelling.
    #[error("the index line is 'index' and a decimal number without leading zeros")]
    BadIndex,
    /// A proof line that is not a hash.
    #[error("proof line {0} is not the base64 of 32 bytes")]
    BadHash(usize),
    /// More proof lines than the largest tree has levels.
    #[error("a proof has at most 63 hashes")]
    TooManyHashes,
    /// There is no blank line between the hashes and the checkpoint.
    #[error("a proof ends in a blank line and a checkpoint")]
    NoCheckpoint,
    /// The checkpoint's note cannot be read or written.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The checkpoint does not hold.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The leaf is not where the proof says.
    #[error(transparent)]
    Inclusion(#[from] ProofError),
}

impl TlogProof {
    /// Reads a proof, strictly; verifies nothing.
    pub fn parse(bytes: &[u8]) -> Result<Self, TlogProofError> {
        if bytes.len() > TLOG_PROOF_BYTES_MAX {
            return Err(TlogProofError::TooLong(bytes.len()));
        }
        let text = str::from_utf8(bytes).map_err(|_| TlogProofError::NotText)?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(TlogProofError::NoCheckpoint)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(TlogProofError::BadHeader);
        }
        let extra = lines
            .next_if(|line| line.starts_with("extra "))
            .map(parse_extra)
            .transpose()?;
        let index = parse_index(lines.next())?;
        let inclusion = InclusionProof {
            hashes: parse_hashes(lines)?,
        };
        Ok(Self {
            extra,
            index,
            inclusion,
            checkpoint: Note::parse(checkpoint.as_bytes())?,
        })
    }

    /// The proof as a file; the extension is `.tlog-proof`.
    pub fn encode(&self) -> Result<String, TlogProofError> {
        if self.inclusion.hashes.len() > INCLUSION_HASHES_MAX {
            return Err(TlogProofError::TooManyHashes);
        }
        let extra = match &self.extra {
            None => String::new(),
            Some(extra) if extra.len() > EXTRA_BYTES_MAX => return Err(TlogProofError::BadExtra),
            Some(extra) => format!("extra {}\n", STANDARD.encode(extra)),
        };
        let hashes: String = self
            .inclusion
            .hashes
            .iter()
            .map(|hash| hash.to_string() + "\n")
            .collect();
        let checkpoint = self.checkpoint.encode()?;
        Ok(format!("{HEADER}\n{extra}index {}\n{hashes}\n{checkpoint}", self.index))
    }

    /// Holds if the leaf with this hash stands at the proof's index under a checkpoint signed by `vkey`, which is returned.
    /// Whose cosignatures it needs besides is the caller's policy.
    pub fn verify(&self, leaf_hash: &Hash, vkey: &Vkey) -> Result<Checkpoint, TlogProofError> {
        let checkpoint = Checkpoint::from_note(&self.checkpoint, vkey)?;
        self.inclusion.verify(leaf_hash, self.index, &checkpoint.head())?;
        Ok(checkpoint)
    }
}

fn parse_extra(line: &str) -> Result<Vec<u8>, TlogProofError> {
    let encoded = line.strip_prefix("extra ").ok_or(TlogProofError::BadExtra)?;
    let extra = STANDARD.decode(encoded).map_err(|_| TlogProofError::BadExtra)?;
    if extra.len() > EXTRA_BYTES_MAX {
        return Err(TlogProofError::BadExtra);
    }
    Ok(extra)
}

fn parse_index(line: Option<&str>) -> Result<LeafIndex, TlogProofError> {
    line.and_then(|line| line.strip_prefix("index "))
        .and_then(parse_decimal)
        .map(LeafIndex::new)
        .ok_or(TlogProofError::BadIndex)
}

fn parse_hashes<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<Hash>, TlogProofError> {
    let mut hashes = Vec::new();
    for (at, line) in lines.enumerate() {
        if at == INCLUSION_HASHES_MAX {
            return Err(TlogProofError::TooManyHashes);
        }
        hashes.push(line.parse().map_err(|_| TlogProofError::BadHash(at + 1))?);
    }
    Ok(hashes)
}
