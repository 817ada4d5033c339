//! Asking a witness to cosign a checkpoint, and deciding as a witness (c2sp.org/tlog-witness).
//!
//! ```text
//! old <size>                   (what the witness cosigned last, decimal)
//! <base64 hash>                (one a line: that the tree of that size is the beginning of the new one)
//!
//! <checkpoint, verbatim with its signatures>
//! ```
//!
//! HTTP, storage and clock are the caller's: [`decide`] says what to store and whom to refuse, with which status. Logs are asked
//! about as this crate writes them: the key's name is the origin, and there are no extension lines.

use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointError, Origin, parse_size};
use crate::cosignature::{CosignTime, CosignerVkey};
use crate::hash::Hash;
use crate::note::{NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX, Note, NoteError, NoteSignature, Vkey, parse_signature};
use crate::tree::{ConsistencyProof, ProofError, TreeHead, TreeSize};

/// Most hashes of a request, by the specification. Only trees of more than 2^62 leaves could need one more.
pub const REQUEST_HASHES_MAX: usize = 63;

/// Longest request: a note, 63 hashes of 45 characters, and two short lines.
pub const REQUEST_BYTES_MAX: usize = NOTE_BYTES_MAX + 63 * 45 + 32;

/// Longest answer of a witness: 16 cosignatures with ML-DSA-44, the longest of an assigned type, of 3,550 characters with the
/// longest name.
pub const ANSWER_BYTES_MAX: usize = 64 * 1_024;

/// Longest part of a refusal's text that is kept: it is shown to an operator.
const REASON_CHARACTERS_MAX: usize = 256;

/// `Content-Type` of the answer that says which size the witness has.
pub const SIZE_CONTENT_TYPE: &str = "text/x.tlog.size";

/// A request to cosign a checkpoint. Parsing verifies nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// Size of the tree that the witness cosigned last, as the asker believes; 0 if none.
    pub old: TreeSize,
    /// That the tree of the old size is the beginning of the new one; empty if the old size is 0.
    pub proof: ConsistencyProof,
    /// The new checkpoint with its signatures.
    pub checkpoint: Note,
}

/// Why a request cannot be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AddCheckpointError {
    /// Longer than [`REQUEST_BYTES_MAX`].
    #[error("a request of {0} bytes is too long")]
    TooLong(usize),
    /// Not UTF-8.
    #[error("a request is UTF-8 text")]
    NotText,
    /// The first line is another.
    #[error("the first line is 'old' and a decimal number without leading zeros, up to 2^63 - 1")]
    BadOld,
    /// A proof line that is not a hash.
    #[error("proof line {0} is not the base64 of 32 bytes")]
    BadHash(usize),
    /// More than [`REQUEST_HASHES_MAX`].
    #[error("a request has at most 63 hashes")]
    TooManyHashes,
    /// There is no blank line between the hashes and the checkpoint.
    #[error("a request ends in a blank line and a checkpoint")]
    NoCheckpoint,
    /// The checkpoint's note cannot be read or written.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The text of the note is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// What a witness that cosigns a checkpoint must have stored before it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What is cosigned.
    pub checkpoint: Checkpoint,
    /// Its note with the lines of trusted keys alone: all other lines of a request are by whoever sent it.
    pub note: Note,
}

/// Why a witness does not cosign; the order is that of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The request cannot be read.
    #[error("the request cannot be read: {0}")]
    Malformed(#[from] AddCheckpointError),
    /// No key is trusted for this log.
    #[error("this witness does not know the checkpoint's origin; its operator lists the logs that it cosigns")]
    UnknownOrigin,
    /// No trusted key signed, or a line by one does not verify.
    #[error("the checkpoint is not signed by a key that this witness trusts for its origin: {0}")]
    NotTrusted(NoteError),
    /// The old tree is larger than the new one.
    #[error("the old size {old} is larger than the checkpoint's size {new}")]
    OldLarger {
        /// The old size of the request.
        old: TreeSize,
        /// The size of the checkpoint.
        new: TreeSize,
    },
    /// The old tree is not the one that was cosigned last.
    #[error("the checkpoint cosigned last has size {0}; prove consistency from there")]
    OtherSize(TreeSize),
    /// The checkpoint does not continue the one that was cosigned last, or is not shown to.
    #[error("the checkpoint is not consistent with the one that was cosigned last: {0}")]
    Inconsistent(#[from] ProofError),
}

/// What a witness answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WitnessAnswer {
    /// 200: signature lines, none of them verified yet.
    Cosigned(Vec<NoteSignature>),
    /// 409: the size of the checkpoint that the witness cosigned last.
    OtherSize(TreeSize),
    /// Any other status.
    Refused {
        /// The status.
        status: u16,
        /// The beginning of the answer's first line, without control characters; nobody vouches for it.
        reason: String,
    },
}

/// Why an answer cannot be read or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WitnessAnswerError {
    /// Longer than [`ANSWER_BYTES_MAX`].
    #[error("a witness' answer of {0} bytes is too long")]
    TooLong(usize),
    /// Not one or more signature lines.
    #[error("the witness did not answer with signature lines, each ending in a newline")]
    BadLines,
    /// Not a size.
    #[error("the witness did not answer with a size and a newline")]
    BadSize,
    /// The cosignature asked for is not there or does not hold.
    #[error("the witness' cosignature: {0}")]
    Cosignature(#[from] NoteError),
    /// The cosignature has no time.
    #[error("the witness' cosignature has no time")]
    NoTime,
}

/// Decides on a request: what the witness stores and cosigns, or why not.
///
/// `stored` is what it cosigned last for the request's origin, `vkeys` are the keys that it trusts for that origin: none, if it
/// does not know it. Between reading `stored` and storing what is accepted, nothing else may be stored for the origin; and it is
/// stored durably before anyone sees the cosignature.
pub fn decide(stored: Option<&Checkpoint>, vkeys: &[Vkey], request: &AddCheckpoint) -> Result<Accepted, Refusal> {
    let checkpoint = request.claimed()?;
    let trusted = |vkey: &&Vkey| vkey.name() == checkpoint.origin.key_name();
    if !vkeys.iter().any(|vkey| trusted(&vkey)) {
        return Err(Refusal::UnknownOrigin);
    }
    let signed = request
        .checkpoint
        .verify_any(vkeys.iter().filter(trusted))
        .map_err(Refusal::NotTrusted)?;
    if request.old > checkpoint.size {
        let (old, new) = (request.old, checkpoint.size);
        return Err(Refusal::OldLarger { old, new });
    }
    let last = stored.map_or_else(TreeHead::empty, Checkpoint::head);
    if request.old != last.size {
        return Err(Refusal::OtherSize(last.size));
    }
    request.proof.verify(&last, &checkpoint.head())?;
    let note = request.checkpoint.only_by(signed);
    Ok(Accepted { checkpoint, note })
}

/// Where a witness shows the checkpoint that it cosigned last: `<monitoring prefix>/<this>/checkpoint`. The SHA-256 of the
/// origin in hexadecimal.
#[must_use]
pub fn origin_hash(origin: &Origin) -> String {
    hex::encode(Hash::of(&[origin.as_str().as_bytes()]).as_bytes())
}

impl AddCheckpoint {
    /// Reads a request, strictly; verifies nothing.
    pub fn parse(bytes: &[u8]) -> Result<Self, AddCheckpointError> {
        if bytes.len() > REQUEST_BYTES_MAX {
            return Err(AddCheckpointError::TooLong(bytes.len()));
        }
        let text = str::from_utf8(bytes).map_err(|_| AddCheckpointError::NotText)?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(AddCheckpointError::NoCheckpoint)?;
        let mut lines = head.split('\n');
        let old = lines
            .next()
            .and_then(|line| line.strip_prefix("old "))
            .and_then(parse_size)
            .ok_or(AddCheckpointError::BadOld)?;
        let hashes = parse_hashes(lines)?;
        let checkpoint = Note::parse(checkpoint.as_bytes())?;
        let proof = ConsistencyProof { hashes };
        Ok(Self { old, proof, checkpoint })
    }

    /// The body of the request.
    pub fn encode(&self) -> Result<String, AddCheckpointError> {
        if self.proof.hashes.len() > REQUEST_HASHES_MAX {
            return Err(AddCheckpointError::TooManyHashes);
        }
        let hashes: String = self.proof.hashes.iter().map(|hash| hash.to_string() + "\n").collect();
        let checkpoint = self.checkpoint.encode()?;
        Ok(format!("old {}\n{hashes}\n{checkpoint}", self.old))
    }

    /// The checkpoint as it stands there, signed by nobody knows whom. The root of an empty tree is not looked at either.
    pub fn claimed(&self) -> Result<Checkpoint, AddCheckpointError> {
        Ok(Checkpoint::parse_lines(self.checkpoint.text())?)
    }
}

impl Refusal {
    /// The HTTP status of the answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) | Self::OldLarger { .. } => 400,
            Self::NotTrusted(_) => 403,
            Self::UnknownOrigin => 404,
            Self::OtherSize(_) => 409,
            Self::Inconsistent(_) => 422,
        }
    }

    /// The body of the answer: for 409 the size that the witness has, else why, in words.
    #[must_use]
    pub fn body(&self) -> String {
        match self {
            Self::OtherSize(size) => format!("{size}\n"),
            _ => format!("{self}\n"),
        }
    }

    /// The `Content-Type` of the answer.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        match self {
            Self::OtherSize(_) => SIZE_CONTENT_TYPE,
            _ => "text/plain; charset=utf-8",
        }
    }
}

impl WitnessAnswer {
    /// Reads an answer, strictly; verifies nothing.
    pub fn read(status: u16, body: &[u8]) -> Result<Self, WitnessAnswerError> {
        if body.len() > ANSWER_BYTES_MAX {
            return Err(WitnessAnswerError::TooLong(body.len()));
        }
        match status {
            200 => parse_lines(body)
                .map(Self::Cosigned)
                .ok_or(WitnessAnswerError::BadLines),
            409 => parse_size_line(body)
                .map(Self::OtherSize)
                .ok_or(WitnessAnswerError::BadSize),
            _ => Ok(Self::Refused {
                status,
                reason: reason(body),
            }),
        }
    }
}

/// The cosignature of `note` by this witness among the lines that it answered; verified. The others are ignored.
pub fn cosignature_among(
    lines: &[NoteSignature],
    note: &Note,
    vkey: &CosignerVkey,
) -> Result<(NoteSignature, CosignTime), WitnessAnswerError> {
    let mut cosigned = Note::new(note.text())?;
    let mut by = lines
        .iter()
        .filter(|line| line.id == vkey.id() && line.name == *vkey.name());
    let line = by.next().ok_or(NoteError::NotSigned)?;
    if by.next().is_some() {
        return Err(NoteError::SignedTwice.into());
    }
    cosigned.add(line.clone())?;
    let time = cosigned.cosigned(vkey)?;
    if time.get() == 0 {
        return Err(WitnessAnswerError::NoTime);
    }
    Ok((line.clone(), time))
}

fn parse_hashes<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<Hash>, AddCheckpointError> {
    let mut hashes = Vec::new();
    for (at, line) in lines.enumerate() {
        if at == REQUEST_HASHES_MAX {
            return Err(AddCheckpointError::TooManyHashes);
        }
        hashes.push(line.parse().map_err(|_| AddCheckpointError::BadHash(at + 1))?);
    }
    Ok(hashes)
}

fn parse_lines(body: &[u8]) -> Option<Vec<NoteSignature>> {
    let lines = str::from_utf8(body).ok()?.strip_suffix('\n')?;
    if lines.split('\n').count() > NOTE_SIGNATURES_MAX {
        return None;
    }
    lines.split('\n').map(parse_signature).collect()
}

fn parse_size_line(body: &[u8]) -> Option<TreeSize> {
    str::from_utf8(body).ok()?.strip_suffix('\n').and_then(parse_size)
}

fn reason(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let line = text.lines().next().unwrap_or_default();
    line.chars()
        .filter(|c| !c.is_control())
        .take(REASON_CHARACTERS_MAX)
        .collect()
}
