//! What the doors answer from: the published checkpoint and the map of exactly its tree, under one lock; and how far the rest is.

use core::time::Duration;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use service::scratch::Scratch;
use tlog::cosignature::CosignTime;
use tlog::map::{Map, MapHead, MapKey};
use tlog::{Checkpoint, Hash, TreeSize};
use tokio::sync::{RwLock, RwLockReadGuard, watch};
use tokio::time::timeout;

use crate::error::LogError;
use crate::history::{History, Kept};
use crate::seam::{Point, Seam};

/// A map without keys, most of which is in a file without a name on the disk of `dir`.
pub(crate) fn map_in(dir: &Path) -> Result<Map, LogError> {
    let scratch = Scratch::open(&dir.join("map.scratch")).map_err(|error| LogError::Scratch {
        dir: dir.to_owned(),
        error,
    })?;
    Ok(Map::on(Box::new(scratch)))
}

/// The checkpoint that outsiders may see.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    pub(crate) checkpoint: Checkpoint,
    pub(crate) note: String,
    /// The time at which the quorum of witnesses had cosigned it, where there is one.
    pub(crate) as_of: Option<CosignTime>,
}

/// What the publisher moves and the doors read.
#[derive(Debug)]
pub(crate) struct Shared {
    whole: RwLock<Whole>,
    history: Mutex<History>,
    published: watch::Sender<Option<Arc<Published>>>,
    /// Whether the map is that of the published checkpoint: after a start it is rebuilt first.
    is_whole: watch::Sender<bool>,
    locked: watch::Sender<TreeSize>,
    read_only: watch::Sender<Option<Arc<str>>>,
}

/// The map at the published checkpoint. The publisher owns both.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) map: Map,
    pub(crate) published: Option<Arc<Published>>,
}

impl Shared {
    /// The checkpoint published last can be seen at once; what is under it, once the map is rebuilt.
    pub(crate) fn new(history: History, as_of: Option<CosignTime>, map: Map) -> Self {
        let published = history.latest().map(|Kept { checkpoint, note }| {
            Arc::new(Published {
                checkpoint: checkpoint.clone(),
                note: note.clone(),
                as_of,
            })
        });
        Self {
            whole: RwLock::new(Whole {
                map,
                published: published.clone(),
            }),
            history: Mutex::new(history),
            published: watch::Sender::new(published),
            is_whole: watch::Sender::new(false),
            locked: watch::Sender::new(TreeSize::EMPTY),
            read_only: watch::Sender::new(None),
        }
    }

    pub(crate) fn published(&self) -> Option<Arc<Published>> {
        self.published.borrow().clone()
    }

    pub(crate) fn watch_published(&self) -> watch::Receiver<Option<Arc<Published>>> {
        self.published.subscribe()
    }

    pub(crate) fn is_whole(&self) -> watch::Receiver<bool> {
        self.is_whole.subscribe()
    }

    /// Whether what is under the published checkpoint can be proved; waits until it can, but no longer than `wait_max`.
    pub(crate) async fn is_whole_within(&self, wait_max: Duration) -> bool {
        let mut is_whole = self.is_whole();
        matches!(timeout(wait_max, is_whole.wait_for(|whole| *whole)).await, Ok(Ok(_)))
    }

    /// Up to here tiles are answered: rows are durable and the head is held.
    pub(crate) fn locked(&self) -> TreeSize {
        *self.locked.borrow()
    }

    /// The largest tree that is known to be signed. The rows may not have all of it: after a start they may have to be rebuilt.
    pub(crate) fn signed(&self) -> TreeSize {
        let published = self.published().map_or(TreeSize::EMPTY, |last| last.checkpoint.size);
        published.max(self.locked())
    }

    pub(crate) fn lock(&self, size: TreeSize) {
        self.locked.send_replace(size);
    }

    /// Why nothing is signed any more.
    pub(crate) fn read_only(&self) -> Option<Arc<str>> {
        self.read_only.borrow().clone()
    }

    pub(crate) fn sign_nothing_more(&self, why: &str) {
        self.read_only.send_replace(Some(why.into()));
    }

    /// What was published before.
    pub(crate) fn history(&self) -> MutexGuard<'_, History> {
        self.history
            .lock()
            .expect("whoever reads or writes checkpoints does not panic")
    }

    /// The map and the checkpoint it belongs to: neither changes meanwhile. For threads that may block.
    pub(crate) fn blocking_read(&self) -> RwLockReadGuard<'_, Whole> {
        self.whole.blocking_read()
    }

    /// Moves the map on towards what was published before.
    pub(crate) async fn advance(&self, heads: &[(MapKey, MapHead)]) -> Result<(), LogError> {
        Ok(self.whole.write().await.map.set(heads)?)
    }

    /// The map has come to the published checkpoint, whose last leaf states `map_root`.
    pub(crate) async fn resume(&self, size: TreeSize, map_root: Hash) -> Result<(), LogError> {
        let whole = self.whole.read().await;
        if whole.map.root() != map_root {
            return Err(LogError::OtherMap(size));
        }
        self.is_whole.send_replace(whole.published.is_some());
        Ok(())
    }

    /// The map was rebuilt elsewhere.
    pub(crate) async fn replace_map(&self, map: Map) {
        self.whole.write().await.map = map;
        self.is_whole.send_replace(true);
    }

    /// Publishes a larger checkpoint: durably first, then to everyone, together with the map of its tree.
    pub(crate) async fn publish<S: Seam>(
        &self,
        published: Published,
        heads: &[(MapKey, MapHead)],
        map_root: Hash,
        seam: &S,
    ) -> Result<(), LogError> {
        self.history().publish(kept(&published), seam)?;
        let published = Arc::new(published);
        let mut whole = self.whole.write().await;
        whole.map.set(heads)?;
        if whole.map.root() != map_root {
            return Err(LogError::OtherMap(published.checkpoint.size));
        }
        whole.published = Some(Arc::clone(&published));
        self.published.send_replace(Some(published));
        self.is_whole.send_replace(true);
        drop(whole);
        Ok(seam.reach(Point::Published)?)
    }

    /// Publishes the same checkpoint with later cosignatures.
    pub(crate) async fn refresh(&self, published: Published) -> Result<(), LogError> {
        self.history().refresh(kept(&published))?;
        let published = Arc::new(published);
        let mut whole = self.whole.write().await;
        whole.published = Some(Arc::clone(&published));
        self.published.send_replace(Some(published));
        Ok(())
    }
}

fn kept(published: &Published) -> Kept {
    Kept {
        checkpoint: published.checkpoint.clone(),
        note: published.note.clone(),
    }
}
