//! A stream in memory that a test keeps waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use event::StreamPosition;
use journal::memory::{MemoryFollower, MemoryJournal};
use journal::{Append, AppendError, FollowError, Journal, JournalError, StreamEnd};
use tokio::sync::watch;

/// Holds back those who come until it is opened.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    open: watch::Sender<bool>,
    arrivals: watch::Sender<usize>,
}

impl Gate {
    fn opened() -> Self {
        Self {
            open: watch::Sender::new(true),
            arrivals: watch::Sender::new(0),
        }
    }

    pub(crate) fn shut(&self) {
        self.open.send_replace(false);
    }

    pub(crate) fn open(&self) {
        self.open.send_replace(true);
    }

    /// Waits until `count` have come since the beginning.
    pub(crate) async fn arrivals(&self, count: usize) {
        self.arrivals
            .subscribe()
            .wait_for(|arrived| count <= *arrived)
            .await
            .unwrap();
    }

    async fn pass(&self) {
        self.arrivals.send_modify(|arrived| *arrived += 1);
        self.open.subscribe().wait_for(|open| *open).await.unwrap();
    }
}

/// The stream, with a gate before what takes time.
#[derive(Clone, Debug)]
pub(crate) struct SlowJournal {
    /// The stream itself.
    pub(crate) stream: MemoryJournal,
    /// Before each append.
    pub(crate) appends: Gate,
    /// Before each follower.
    pub(crate) follows: Gate,
    /// Whether nobody can ask where the stream ends.
    pub(crate) mute: Arc<AtomicBool>,
}

impl SlowJournal {
    /// With open gates.
    pub(crate) fn new(stream: MemoryJournal) -> Self {
        Self {
            stream,
            appends: Gate::opened(),
            follows: Gate::opened(),
            mute: Arc::default(),
        }
    }
}

impl Journal for SlowJournal {
    type Follower = MemoryFollower;

    async fn append(&self, batch: Vec<Append>, expected_last: StreamPosition) -> Result<StreamPosition, AppendError> {
        self.appends.pass().await;
        self.stream.append(batch, expected_last).await
    }

    async fn follow(&self, after: StreamPosition) -> Result<MemoryFollower, FollowError> {
        self.follows.pass().await;
        self.stream.follow(after).await
    }

    async fn end(&self) -> Result<StreamEnd, JournalError> {
        if self.mute.load(Ordering::SeqCst) {
            return Err(JournalError::Unanswered {
                subject: "VETA".to_owned(),
                why: "silence".to_owned(),
            });
        }
        self.stream.end().await
    }
}
