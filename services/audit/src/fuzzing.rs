//! The files of published checkpoints, in which anything may lie. Compiled for fuzz targets only, by `--cfg fuzzing`.

use std::path::Path;

use tlog::note::Vkey;
use tlog::{Checkpoint, Origin, TreeSize};

use crate::history::{History, Kept};
use crate::seam::NoSeam;

/// What is known of what was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The notes of every size: the first, and the freshest where that is another.
    pub sizes: Vec<(TreeSize, String, Option<String>)>,
    /// The note published last.
    pub latest: Option<String>,
}

/// Publishes notes in their order; one of the size before is that checkpoint cosigned again.
///
/// # Panics
/// If the files cannot be written, or hold what was not published here.
pub fn publish(dir: &Path, origin: &Origin, vkeys: &[Vkey], notes: &[(Checkpoint, String)]) {
    let mut history = History::open(dir, origin, vkeys).expect("a directory of ours");
    for (checkpoint, note) in notes {
        let (checkpoint, note) = (checkpoint.clone(), note.clone());
        let again = history.latest().is_some_and(|last| last.checkpoint == checkpoint);
        let kept = Kept { checkpoint, note };
        if again {
            history.refresh(kept).expect("a file of ours");
        } else {
            history.publish(kept, &NoSeam).expect("files of ours");
        }
    }
}

/// What is known after a start; none where the files are refused.
#[must_use]
pub fn reopen(dir: &Path, origin: &Origin, vkeys: &[Vkey]) -> Option<Known> {
    let history = History::open(dir, origin, vkeys).ok()?;
    let mut sizes = Vec::new();
    let mut start = TreeSize::EMPTY;
    while let Some(notes) = history.from(start).ok()? {
        start = notes.size.next_index().size_with();
        sizes.push((notes.size, notes.first, notes.freshest));
    }
    let latest = history.latest().map(|kept| kept.note.clone());
    Some(Known { sizes, latest })
}
