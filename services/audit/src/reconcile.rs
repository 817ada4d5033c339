//! What is known of the past, from wherever it is kept, and whether it agrees: before anything is signed.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use event::DeploymentId;
use journal::FollowError;
use replay::{Replica, check};
use thiserror::Error;
use tlog::map::Map;
use tlog::tree::Frontier;
use tlog::{Checkpoint, Hash, Leaf, Origin, TreeHead, TreeSize};
use views::Reader;

use crate::error::LogError;
use crate::published::map_in;
use crate::rows::stored_leaves;

/// What does not agree. While it does not, nothing is signed: what was published before is answered and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Disagreement {
    /// The places that hold the last signed head.
    #[error("{0}. Find out which of the two is right by the checkpoints that others have seen, and restore the other")]
    Held(String),
    /// The same size, two roots.
    #[error(
        "the checkpoint published last and the head held last have different roots for {0} leaves: one of them was tampered with. Find out which by the checkpoints that others have seen, and restore the other"
    )]
    SameSize(TreeSize),
    /// What was published is not held any more.
    #[error(
        "a checkpoint of {published} leaves was published, but the last signed head that is held has {held}: both places that hold it were lost or restored from an older backup. Restore `signed-tree-head` or the bucket from the newest backup there is"
    )]
    NotHeld {
        /// What was published.
        published: TreeSize,
        /// What is held.
        held: TreeSize,
    },
    /// The stream no longer makes the tree that was signed.
    #[error(
        "the stream makes another tree of {0} leaves than the one that was signed: the stream was changed. Restore the stream that was logged; nothing is ever signed over another"
    )]
    Forked(TreeSize),
    /// The stream is shorter than what was signed.
    #[error(
        "a tree of {signed} leaves was signed, but the stream ends at {found}: its newest records are lost. Restore them from a copy of the stream or from the log's own leaves, and start this service again"
    )]
    Shorter {
        /// What was signed.
        signed: TreeSize,
        /// What is there.
        found: TreeSize,
    },
    /// The stream is not the one that was followed.
    #[error("{0}. Find out what happened to the stream before starting this service again")]
    Stream(#[from] FollowError),
    /// A witness has seen more than we hold.
    #[error(
        "the witness {name} has cosigned {theirs} leaves of this log, but only {ours} are held here: this log was rolled back. Restore the stream and this service's directory from the newest backups there are"
    )]
    WitnessAhead {
        /// Which.
        name: String,
        /// What it has cosigned.
        theirs: TreeSize,
        /// What we hold.
        ours: TreeSize,
    },
}

/// Tree heads that were signed, from wherever they are kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    roots: BTreeMap<TreeSize, Hash>,
    published: TreeSize,
}

impl Known {
    /// From what is held and what was published, if they agree.
    pub(crate) fn gather(held: &[TreeHead], published: Option<&Checkpoint>) -> Result<Self, Disagreement> {
        let mut known = Self::default();
        for head in held.iter().copied().chain(published.map(Checkpoint::head)) {
            let before = known.roots.insert(head.size, head.root);
            if before.is_some_and(|root| root != head.root) {
                return Err(Disagreement::SameSize(head.size));
            }
        }
        known.published = published.map_or(TreeSize::EMPTY, |last| last.size);
        let held = held.iter().map(|head| head.size).max().unwrap_or_default();
        if held < known.published {
            let published = known.published;
            return Err(Disagreement::NotHeld { published, held });
        }
        Ok(known)
    }

    /// The root that was signed for a size, if any was.
    pub(crate) fn root_at(&self, size: TreeSize) -> Option<Hash> {
        self.roots.get(&size).copied()
    }

    /// The largest tree that was signed.
    pub(crate) fn largest(&self) -> TreeSize {
        self.roots.keys().last().copied().unwrap_or_default()
    }

    /// Where publishing goes on: from what was published, or from what was signed where nothing was published.
    pub(crate) fn resume_at(&self) -> TreeSize {
        if self.published == TreeSize::EMPTY {
            return self.largest();
        }
        self.published
    }
}

/// The map at a published checkpoint, and the deployment, from the stored leaves alone, with scratch files in `dir`: each is decided again and must come
/// out as it is stored, and all of them make the tree that was published. The stream is not asked.
pub(crate) fn rebuild(
    reader: &Reader,
    dir: &Path,
    origin: &Origin,
    published: &Checkpoint,
) -> Result<(Map, Option<DeploymentId>), LogError> {
    let mut replica = Replica::with_log_on(origin, map_in(dir)?);
    let (mut map, mut tree) = (map_in(dir)?, Frontier::new());
    while tree.size() < published.size {
        let leaves = stored_leaves(&reader.read()?, tree.size(), published.size)?;
        if leaves.is_empty() {
            return Err(LogError::ReadBack(published.size));
        }
        for stored in leaves {
            let index = tree.size().next_index();
            let leaf = Leaf::parse(&stored).map_err(|_| LogError::OtherLeaf(index))?;
            let record = Bytes::copy_from_slice(leaf.record);
            let step = replica.step(check(replica.deployment(), record));
            let made = step.logged()?;
            if made.bytes != stored {
                return Err(LogError::OtherLeaf(index));
            }
            map.set(&made.heads)?;
            tree.push(made.hash);
        }
    }
    if tree.head() != published.head() {
        return Err(LogError::ReadBack(published.size));
    }
    if replica.map_root() != Some(map.root()) {
        return Err(LogError::OtherMap(published.size));
    }
    Ok((map, replica.deployment()))
}
