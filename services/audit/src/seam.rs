//! Where a test stops the process, or looks on: between every two effects of publishing. Elsewhere there is nothing here.

use core::fmt;

use thiserror::Error;
use views::Rows;

/// A place between two effects. Stopped at one, the effect before is durable and the one behind it has not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// The process has read what was held and published before, and changed nothing.
    Started,
    /// The rows of a batch are made, and not committed.
    Staging,
    /// They are committed, and nobody knows.
    Staged,
    /// They are read back and recomputed, and the head is not held.
    ReadBack,
    /// The head is held in the file, and not in the cell.
    HeldInFile,
    /// The head is held in both, and not signed.
    Held,
    /// It is signed, and nobody has seen that.
    Signed,
    /// Witnesses may have cosigned it, and nothing of that is kept.
    Cosigned,
    /// The checkpoint stands in the history, and not in its file.
    InHistory,
    /// It stands in both, and nobody was answered from it.
    Kept,
    /// It is published.
    Published,
}

/// The process was stopped, by a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("stopped by a test: {0}")]
pub struct Stopped(pub Point);

/// What a test does between the effects. In production it is [`NoSeam`], and nothing.
pub trait Seam: Clone + Send + Sync + 'static {
    /// Whether the process goes on past this point.
    fn reach(&self, _point: Point) -> Result<(), Stopped> {
        Ok(())
    }

    /// Sees the rows of a batch before they are committed, and may spoil them.
    fn stage(&self, _rows: &mut Rows) {}

    /// Sees every checkpoint that is signed, before anybody else does.
    fn signed(&self, _note: &str) {}
}

/// Nothing happens.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSeam;

impl Seam for NoSeam {}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
