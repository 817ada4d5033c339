//! The tree head that was signed last, held where a lost database cannot take it away.
//!
//! It stands in two places that must agree: a file beside the rows, and a cell of the stream's server. A head is
//! replaced only by whoever has seen the one before, and only by one that extends it. Knows nothing of leaves.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use journal::cell::{Cell, CellError, Held, Revision};
use service::durable;
use thiserror::Error;
use tlog::checkpoint::CheckpointError;
use tlog::{Checkpoint, Origin, TreeHead};

use crate::error::LogError;
use crate::seam::{Point, Seam};

/// Why a head cannot be held. Nothing may be signed after any of these until the service was started again.
#[derive(Debug, Error)]
pub enum HeadError {
    /// The file.
    #[error("the file {path} that holds the last signed tree head: {error}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What happened.
        error: io::Error,
    },
    /// The cell.
    #[error("the cell that holds the last signed tree head: {0}")]
    Cell(#[from] CellError),
    /// What is held is no tree head.
    #[error("what is held as the last signed tree head is none: {0}")]
    Malformed(#[from] CheckpointError),
    /// What is held is not text.
    #[error("what is held as the last signed tree head is not text")]
    NotText,
    /// Another log.
    #[error(
        "the last signed tree head is of the log {held}, this is {ours}: configure the origin it was signed under, or another state directory"
    )]
    OtherOrigin {
        /// Which log is held.
        held: Origin,
        /// Which log this is.
        ours: Origin,
    },
    /// Two places, two histories.
    #[error("the file and the cell hold different roots for {size} leaves: one of them was tampered with")]
    Disagree {
        /// At which size.
        size: u64,
    },
    /// It would shrink, or change without growing.
    #[error("a tree head of {new} leaves does not follow one of {old}: nothing is signed")]
    NotGrowing {
        /// What is held.
        old: u64,
        /// What should be.
        new: u64,
    },
}

/// The two places, and what they held when we last looked.
#[derive(Debug)]
pub(crate) struct HeldHead<C> {
    path: PathBuf,
    cell: C,
    origin: Origin,
    revision: Revision,
    held: Option<TreeHead>,
    /// What the two places held.
    known: Vec<TreeHead>,
    /// Whether one place is behind the other.
    uneven: bool,
}

impl HeadError {
    /// Whether what is held is wrong, not the place or the way there.
    pub(crate) const fn is_of_the_past(&self) -> bool {
        matches!(self, Self::Malformed(_) | Self::NotText | Self::Disagree { .. })
    }
}

impl<C: Cell> HeldHead<C> {
    /// Reads both places. A crash between the two writes leaves one a step behind: then the later one counts, and the
    /// other is brought up before anything is signed.
    pub(crate) async fn read(dir: &Path, cell: C, origin: Origin) -> Result<Self, HeadError> {
        let path = dir.join("signed-tree-head");
        let in_file = read_file(&path)?.map(|bytes| parse(&bytes, &origin)).transpose()?;
        let in_cell = cell.get().await?;
        let revision = in_cell.as_ref().map_or(Revision::NONE, |held: &Held| held.revision);
        let in_cell = in_cell.map(|held| parse(&held.value, &origin)).transpose()?;
        let uneven = in_file != in_cell;
        let known = in_file.into_iter().chain(in_cell).collect();
        let held = match (in_file, in_cell) {
            (Some(file), Some(cell)) if file.size == cell.size && file.root != cell.root => {
                return Err(HeadError::Disagree { size: file.size.get() });
            }
            (Some(file), Some(cell)) => Some(if file.size < cell.size { cell } else { file }),
            (file, cell) => file.or(cell),
        };
        Ok(Self {
            path,
            cell,
            origin,
            revision,
            held,
            known,
            uneven,
        })
    }

    /// What the two places held at the start.
    pub(crate) fn known(&self) -> Vec<TreeHead> {
        self.known.clone()
    }

    /// Brings up the place that is behind. Whoever has shown that the stream makes the head that is held may call this.
    pub(crate) async fn even<S: Seam>(&mut self, seam: &S) -> Result<(), LogError> {
        match self.held {
            Some(head) if self.uneven => self.replace(head, seam).await,
            _ => Ok(()),
        }
    }

    /// Replaces it, durably, in both places. Whoever has shown that `head` extends the old one may call this.
    pub(crate) async fn replace<S: Seam>(&mut self, head: TreeHead, seam: &S) -> Result<(), LogError> {
        if let Some(old) = self.held
            && (head.size < old.size || (head.size == old.size && head.root != old.root))
        {
            let (old, new) = (old.size.get(), head.size.get());
            return Err(HeadError::NotGrowing { old, new }.into());
        }
        let text = Checkpoint::new(self.origin.clone(), head).to_text();
        durable::write(&self.path, text.as_bytes()).map_err(|error| HeadError::File {
            path: self.path.clone(),
            error,
        })?;
        seam.reach(Point::HeldInFile)?;
        let updated = self.cell.update(text.into_bytes().into(), self.revision).await;
        self.revision = updated.map_err(HeadError::from)?;
        (self.held, self.uneven) = (Some(head), false);
        Ok(seam.reach(Point::Held)?)
    }
}

fn parse(bytes: &[u8], ours: &Origin) -> Result<TreeHead, HeadError> {
    let text = core::str::from_utf8(bytes).map_err(|_| HeadError::NotText)?;
    let checkpoint = Checkpoint::parse(text)?;
    if checkpoint.origin != *ours {
        return Err(HeadError::OtherOrigin {
            held: checkpoint.origin,
            ours: ours.clone(),
        });
    }
    Ok(checkpoint.head())
}

fn read_file(path: &Path) -> Result<Option<Vec<u8>>, HeadError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(HeadError::File {
            path: path.to_owned(),
            error,
        }),
    }
}
