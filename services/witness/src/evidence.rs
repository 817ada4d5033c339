//! What speaks against a log: two notes that it signed, verbatim, for everyone to check.

use std::path::Path;

use serde::Serialize;
use tlog::note::Note;
use tlog::witness::AddCheckpoint;
use tlog::{Checkpoint, Origin, TreeSize};

use crate::audit::Difference;
use crate::store::Kept;

/// Pieces of evidence that are kept of one log. One that proves is enough.
pub const EVIDENCE_MAX: usize = 16;

/// Longest piece of evidence: two notes of at most 16 lines by the log's keys and our own, and 63 hashes; 16 KiB, doubled.
pub(crate) const EVIDENCE_BYTES_MAX: usize = 32 * 1024;

/// One piece of evidence, as it is written and shown.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Evidence {
    pub(crate) kind: Kind,
    /// When it was seen first, in seconds since 1970, by the witness' clock.
    pub(crate) seen_at: u64,
    /// The note that the witness cosigned, with the log's lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cosigned: Option<String>,
    /// The note that the log signed besides.
    pub(crate) refused: String,
    /// The proof that came with it, where that is what failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) proof: Option<Vec<String>>,
    /// What the witness found when it replayed the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) computed: Option<Difference>,
}

/// What it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// The log signed two roots for one size. That proves a fork.
    SameSize,
    /// The log signed a checkpoint whose consistency was not shown. Whoever asked may have sent another proof than the log
    /// made: the log must give one for these two notes.
    NotShownConsistent,
    /// The log signed a tree that its own records do not make. Whoever replays them finds the same.
    NotReplayed,
}

/// All evidence on one log, as it is shown.
#[derive(Serialize)]
pub(crate) struct Shown {
    pub(crate) origin: String,
    pub(crate) evidence: Vec<serde_json::Value>,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::SameSize => "same-size",
            Self::NotShownConsistent => "not-shown-consistent",
            Self::NotReplayed => "not-replayed",
        }
    }

    pub(crate) fn is_of(self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().starts_with(self.name())
    }
}

impl Evidence {
    /// What a request with a checkpoint that the log signed says against the log, if anything.
    pub(crate) fn of_request(
        kept: Option<&Kept>,
        signed: &Note,
        claimed: &Checkpoint,
        request: &AddCheckpoint,
        seen_at: u64,
    ) -> Option<Self> {
        let kept = kept?;
        let same_size = claimed.size == kept.checkpoint.size;
        let kind = match same_size {
            true if claimed.root != kept.checkpoint.root => Kind::SameSize,
            // Every tree continues the empty one.
            false
                if request.old == kept.checkpoint.size
                    && TreeSize::EMPTY < request.old
                    && request.old < claimed.size =>
            {
                Kind::NotShownConsistent
            }
            _ => return None,
        };
        let hashes = request.proof.hashes.iter().map(ToString::to_string);
        Some(Self {
            kind,
            seen_at,
            cosigned: kept.note.encode().ok(),
            refused: signed.encode().ok()?,
            proof: (!same_size).then(|| hashes.collect()),
            computed: None,
        })
    }

    /// What a replay says against a checkpoint that the log signed.
    pub(crate) fn of_replay(kept: Option<&Kept>, signed: &Note, computed: Difference, seen_at: u64) -> Option<Self> {
        Some(Self {
            kind: Kind::NotReplayed,
            seen_at,
            cosigned: kept.and_then(|kept| kept.note.encode().ok()),
            refused: signed.encode().ok()?,
            proof: None,
            computed: Some(computed),
        })
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("text and numbers") + "\n"
    }
}

impl Shown {
    /// Pieces that cannot be read are left out: they are written whole or not at all.
    pub(crate) fn new(origin: &Origin, pieces: &[Vec<u8>]) -> Self {
        let read = pieces.iter().filter_map(|piece| serde_json::from_slice(piece).ok());
        Self {
            origin: origin.to_string(),
            evidence: read.collect(),
        }
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("text and numbers") + "\n"
    }
}
