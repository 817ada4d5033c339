//! Why the log cannot go on.

use std::io;
use std::path::PathBuf;

use thiserror::Error;
use tlog::checkpoint::CheckpointError;
use tlog::map::PagesError;
use tlog::note::NoteError;
use tlog::tiles::{TileError, TilePath};
use tlog::tree::ProofError;
use tlog::witness::AddCheckpointError;
use tlog::{LeafIndex, TreeSize};
use views::{DeskError, StoreError};

use crate::head::HeadError;
use crate::history::HistoryError;
use crate::reconcile::Disagreement;
use crate::seam::Stopped;

/// Why the log cannot go on. Every one of these ends the process, or what it signs, before anything is signed.
#[derive(Debug, Error)]
pub enum LogError {
    /// The rows.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The map.
    #[error(transparent)]
    Map(#[from] PagesError),
    /// Where the map overflows to.
    #[error("the scratch file of the map in {}: {error}", dir.display())]
    Scratch {
        /// Of which directory.
        dir: PathBuf,
        /// What happened.
        error: io::Error,
    },
    /// The tiles.
    #[error("the stored tiles: {0}")]
    Tiles(#[from] TileError),
    /// The tree.
    #[error("the stored tree: {0}")]
    Tree(#[from] ProofError),
    /// The last signed head.
    #[error(transparent)]
    Head(#[from] HeadError),
    /// What was published.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The checkpoint.
    #[error("the checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The checkpoint's note.
    #[error("the checkpoint's note: {0}")]
    Note(#[from] NoteError),
    /// What a witness is asked.
    #[error("what a witness is asked: {0}")]
    Asking(#[from] AddCheckpointError),
    /// A stored leaf is not what the stream makes.
    #[error(
        "stored leaf {0} is not the one that the stream makes: remove the rows of this service, they are rebuilt; if this comes back, the stream was changed"
    )]
    OtherLeaf(LeafIndex),
    /// What was read back does not make the tree that was computed.
    #[error(
        "the rows read back do not make the tree that was computed, of {0} leaves: nothing is signed. Remove the rows of this service, they are rebuilt; if this comes back, have the machine's memory and disk checked"
    )]
    ReadBack(TreeSize),
    /// The published map is not the one that the leaves state.
    #[error("the map of {0} leaves is not the one that the last of them states: start again, it is rebuilt")]
    OtherMap(TreeSize),
    /// What is known of the past does not agree. Not the process ends, but what it signs.
    #[error(transparent)]
    Disagreement(#[from] Disagreement),
    /// There are no rows to read.
    #[error("there are no rows that can be read")]
    NoRows,
    /// Whoever publishes has ended, and says why.
    #[error("the publisher has ended")]
    PublisherEnded,
    /// A test stopped the process.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// Why rows are not read for whoever asks.
#[derive(Debug, Error)]
pub(crate) enum NotRead {
    /// Nobody reads now.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It was signed for, and the rows do not have it: they are being rebuilt, or are not those that were signed.
    #[error("this log's rows do not have it now")]
    Behind,
    /// The rows lack what a tree of their size has.
    #[error("the rows lack what {0} asks for")]
    Lacking(TilePath),
}

impl LogError {
    /// What does not agree, where that is it.
    pub(crate) fn disagreement(&self) -> Option<Disagreement> {
        match self {
            Self::Disagreement(why) => Some(why.clone()),
            Self::Head(why) if why.is_of_the_past() => Some(Disagreement::Held(why.to_string())),
            _ => None,
        }
    }
}
