//! Checkpoints (c2sp.org/tlog-checkpoint): a tree head as the text of a signed note.
//!
//! ```text
//! <origin>
//! <size, decimal>
//! <root, base64>
//! ```
//!
//! Without extension lines, which no monitor could audit; and the log's key bears the origin as its name.

use core::fmt;
use core::str::FromStr;

use thiserror::Error;

use crate::hash::Hash;
use crate::note::{KeyName, Note, NoteError, NoteSigner, Vkey, VkeyError};
use crate::tree::{TREE_SIZE_MAX, TreeHead, TreeSize, empty_root};

/// The unique name of a log: a schema-less URL such as `log.example/gold`. It is also the name of the log's key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(KeyName);

/// A tree head of a named log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: Origin,
    /// Number of leaves.
    pub size: TreeSize,
    /// Root of the tree of that size.
    pub root: Hash,
}

/// Why a checkpoint cannot be read, written or trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// The note around it.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Not three lines.
    #[error("a checkpoint has three lines: origin, size and root hash")]
    NotThreeLines,
    /// The first line is no origin.
    #[error("the first line of a checkpoint is the log's origin, without spaces and '+'")]
    BadOrigin,
    /// The second line is no size.
    #[error("the second line of a checkpoint is a decimal number without leading zeros, up to 2^63 - 1")]
    BadSize,
    /// The third line is no hash.
    #[error("the third line of a checkpoint is the base64 of 32 bytes")]
    BadRoot,
    /// A tree of no leaves has one root only, and this is another.
    #[error("the root of an empty tree must be the SHA-256 of nothing")]
    EmptyRoot,
    /// The key belongs to another log than the checkpoint.
    #[error("the checkpoint is of another origin than the key")]
    OtherOrigin,
}

impl Origin {
    /// Checks an origin, which follows the rules of a key name.
    pub fn new(origin: impl Into<String>) -> Result<Self, VkeyError> {
        KeyName::new(origin).map(Self)
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The name of the log's key.
    #[must_use]
    pub fn key_name(&self) -> &KeyName {
        &self.0
    }
}

impl Checkpoint {
    /// The head of a log.
    #[must_use]
    pub fn new(origin: Origin, head: TreeHead) -> Self {
        Self {
            origin,
            size: head.size,
            root: head.root,
        }
    }

    /// Size and root.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        TreeHead {
            size: self.size,
            root: self.root,
        }
    }

    /// The text that is signed.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    /// Reads the text of a note, strictly.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let checkpoint = Self::parse_lines(text)?;
        checkpoint.check()?;
        Ok(checkpoint)
    }

    /// As [`Checkpoint::parse`], but an empty tree may have any root: a witness refuses that for another reason than bad form.
    pub(crate) fn parse_lines(text: &str) -> Result<Self, CheckpointError> {
        let text = text.strip_suffix('\n').ok_or(CheckpointError::NotThreeLines)?;
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root), None) = (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::NotThreeLines);
        };
        let origin = Origin::new(origin).map_err(|_| CheckpointError::BadOrigin)?;
        let size = parse_size(size).ok_or(CheckpointError::BadSize)?;
        let root = root.parse().map_err(|_| CheckpointError::BadRoot)?;
        Ok(Self { origin, size, root })
    }

    /// The signed note. Ed25519 is deterministic: signing again gives the same bytes.
    pub fn sign(&self, signer: &NoteSigner) -> Result<String, CheckpointError> {
        self.sign_all([signer])
    }

    /// The note signed with several keys of the log, in this order: while one key is replaced by the next, both sign.
    pub fn sign_all<'a>(&self, signers: impl IntoIterator<Item = &'a NoteSigner>) -> Result<String, CheckpointError> {
        self.check()?;
        let mut note = Note::new(self.to_text())?;
        for signer in signers {
            if signer.vkey().name() != self.origin.key_name() {
                return Err(CheckpointError::OtherOrigin);
            }
            note.sign(signer)?;
        }
        Ok(note.encode()?)
    }

    /// Opens a signed note: the log's key must have signed it, and the origin be that key's name. Other signatures are ignored.
    pub fn open(note: &[u8], vkey: &Vkey) -> Result<Self, CheckpointError> {
        Self::from_note(&Note::parse(note)?, vkey)
    }

    /// As [`Checkpoint::open`], where any of several keys may have signed, as of a log that replaces its key. A line by one of
    /// them that does not verify refuses the note.
    pub fn open_any(note: &[u8], vkeys: &[Vkey]) -> Result<Self, CheckpointError> {
        Self::from_note_any(&Note::parse(note)?, vkeys)
    }

    /// As [`Checkpoint::open`], of a note already read.
    pub fn from_note(note: &Note, vkey: &Vkey) -> Result<Self, CheckpointError> {
        Self::from_note_any(note, [vkey])
    }

    /// As [`Checkpoint::open_any`], of a note already read.
    pub fn from_note_any<'a>(note: &Note, vkeys: impl IntoIterator<Item = &'a Vkey>) -> Result<Self, CheckpointError> {
        Self::from_note_by(note, vkeys).map(|(checkpoint, _)| checkpoint)
    }

    /// As [`Checkpoint::from_note_any`], with the first of the keys that signed for their own origin.
    pub(crate) fn from_note_by<'a>(
        note: &Note,
        vkeys: impl IntoIterator<Item = &'a Vkey>,
    ) -> Result<(Self, &'a Vkey), CheckpointError> {
        let signed = note.verify_any(vkeys)?;
        let checkpoint = Self::parse(note.text())?;
        let own = |vkey: &&Vkey| vkey.name() == checkpoint.origin.key_name();
        let vkey = signed.into_iter().find(own).ok_or(CheckpointError::OtherOrigin)?;
        Ok((checkpoint, vkey))
    }

    fn check(&self) -> Result<(), CheckpointError> {
        if self.size > TREE_SIZE_MAX {
            return Err(CheckpointError::BadSize);
        }
        if self.size == TreeSize::EMPTY && self.root != empty_root() {
            return Err(CheckpointError::EmptyRoot);
        }
        Ok(())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Origin {
    type Err = VkeyError;

    fn from_str(text: &str) -> Result<Self, VkeyError> {
        Self::new(text)
    }
}

/// A decimal number in its one spelling: digits only, without leading zeros.
pub(crate) fn parse_decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// A number of leaves in its one spelling, up to the largest tree.
pub(crate) fn parse_size(text: &str) -> Option<TreeSize> {
    parse_decimal(text)
        .map(TreeSize::new)
        .filter(|size| *size <= TREE_SIZE_MAX)
}
