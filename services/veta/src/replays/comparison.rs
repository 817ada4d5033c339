//! What a replay came to, beside what was signed.

use tlog::note::{Note, NoteError};
use tlog::policy::{Cosigned, Policy};
use tlog::{Checkpoint, TreeHead};

use super::course::Outcome;
use crate::trouble::{Done, Trouble};
use crate::trust;

/// A signed checkpoint, and what stands behind it.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    /// What is signed.
    pub(super) checkpoint: Checkpoint,
    /// Who cosigned it, where the policy holds; else why it does not.
    pub(super) cosigned: Result<Cosigned, String>,
    /// Whether its key is the one that the source itself names.
    pub(super) by_own_key: bool,
}

/// How the two stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The records lead to what was signed.
    Equal,
    /// They do, and fewer have cosigned it than the policy asks for.
    NotCosigned,
    /// They do not.
    Different,
    /// Nothing signed was at hand.
    NotCompared,
}

impl Signed {
    /// Opens a checkpoint: a log of the policy must have signed it. That a quorum is missing is told at the end; a signature that
    /// does not hold is told at once.
    pub(super) fn open(note: &[u8], policy: &Policy, by_own_key: bool) -> Done<Self> {
        let note = Note::parse(note)
            .map_err(|error: NoteError| Trouble::failed(format_args!("the checkpoint cannot be read: {error}")))?;
        let opened = trust::open(&note, policy).map_err(Trouble::at("the checkpoint does not hold"))?;
        let trust::Opened { checkpoint, cosigned } = opened;
        Ok(Self {
            checkpoint,
            cosigned,
            by_own_key,
        })
    }
}

/// Compares. `at_end` is the signed tree's own head at the size that was decided, where it was asked for and proved.
#[must_use]
pub(super) fn compare(outcome: &Outcome, signed: Option<&Signed>, at_end: Option<TreeHead>) -> Verdict {
    let Some(signed) = signed else {
        return Verdict::NotCompared;
    };
    let in_tree = match at_end {
        Some(head) => head == outcome.decided,
        None => signed.checkpoint.head() == outcome.given,
    };
    match (outcome.intact && in_tree, &signed.cosigned) {
        (false, _) => Verdict::Different,
        (true, Err(_)) => Verdict::NotCosigned,
        (true, Ok(_)) => Verdict::Equal,
    }
}
