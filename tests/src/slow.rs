//! A stream in memory that a test keeps waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use event::StreamPosition;
use journal::memory::{MemoryFollower, MemoryJournal};
use journal::{Append, AppendError, FollowError, Journal, JournalError, StreamEnd};
use tokio::sync::watch;

/// Holds back those who come until it is opened.
#[derive(Clone, Debug)]
pub struct Gate {
    /// How many may pass, of those who come since the beginning.
    allowed: watch::Sender<usize>,
    arrivals: watch::Sender<usize>,
}

impl Gate {
    fn opened() -> Self {
        Self {
            allowed: watch::Sender::new(usize::MAX),
            arrivals: watch::Sender::new(0),
        }
    }

    /// Holds back whoever comes from now on.
    pub fn shut(&self) {
        self.shut_behind(*self.arrivals.borrow());
    }

    /// Lets the first `count` since the beginning pass, and holds back those behind them.
    pub fn shut_behind(&self, count: usize) {
        self.allowed.send_replace(count);
    }

    /// Lets everyone pass.
    pub fn open(&self) {
        self.allowed.send_replace(usize::MAX);
    }

    /// Waits until `count` have come since the beginning.
    ///
    /// # Panics
    /// Never: the gate itself tells who came.
    pub async fn arrivals(&self, count: usize) {
        let mut arrivals = self.arrivals.subscribe();
        let arrived = arrivals.wait_for(|arrived| count <= *arrived).await;
        arrived.expect("the gate tells who came");
    }

    async fn pass(&self) {
        let mut place = 0;
        self.arrivals.send_modify(|arrived| {
            *arrived += 1;
            place = *arrived;
        });
        let mut allowed = self.allowed.subscribe();
        let passed = allowed.wait_for(|allowed| place <= *allowed).await;
        passed.expect("the gate says who may pass");
    }
}

/// The stream, with a gate before what takes time.
#[derive(Clone, Debug)]
pub struct SlowJournal {
    /// The stream itself.
    pub stream: MemoryJournal,
    /// Before each append.
    pub appends: Gate,
    /// Before each follower.
    pub follows: Gate,
    /// Whether nobody can ask where the stream ends.
    pub mute: Arc<AtomicBool>,
}

impl SlowJournal {
    /// With open gates.
    #[must_use]
    pub fn new(stream: MemoryJournal) -> Self {
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
