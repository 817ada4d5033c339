//! The stream in one process, for tests: it loses answers, meets other writers, keeps followers waiting and is tampered with on
//! request.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use event::units::{StreamPosition, Timestamp};
use tokio::sync::watch;

use crate::{
    Append, AppendError, Batch, Delivery, FOLLOW_BATCH_MAX, FollowError, Follower, Incarnation, Journal, JournalError,
    StreamEnd, batch,
};

/// What goes wrong with an append. The two are a pair: the writer sees the same, the stream does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is stored, and no answer comes.
    NotPersisted,
    /// The batch is stored if it fits, and no answer comes.
    PersistedButUnanswered,
}

/// A handle on a stream in memory. Clones share the stream, and see it as the same incarnation.
#[derive(Clone, Debug)]
pub struct MemoryJournal {
    store: Arc<Store>,
    incarnation: Incarnation,
    given: Given,
}

/// Up to which position followers are given records.
#[derive(Clone, Debug)]
struct Given(Arc<AtomicU64>);

/// Follows a stream in memory.
#[derive(Debug)]
pub struct MemoryFollower {
    store: Arc<Store>,
    incarnation: Incarnation,
    given: Given,
    cursor: StreamPosition,
    last_payload: Option<Bytes>,
    caught_up: bool,
    changes: watch::Receiver<()>,
}

#[derive(Debug)]
struct Store {
    state: Mutex<State>,
    /// Told after every change.
    changed: watch::Sender<()>,
}

#[derive(Debug)]
struct State {
    records: Vec<Bytes>,
    incarnation: Incarnation,
    faults: VecDeque<Fault>,
}

impl MemoryJournal {
    /// An empty stream.
    #[must_use]
    pub fn new() -> Self {
        let incarnation = Incarnation {
            created: Timestamp::from_unix_ms(0),
        };
        let state = Mutex::new(State {
            records: Vec::new(),
            incarnation,
            faults: VecDeque::new(),
        });
        Self {
            store: Arc::new(Store {
                state,
                changed: watch::Sender::new(()),
            }),
            incarnation,
            given: Given::up_to(StreamPosition::new(u64::MAX)),
        }
    }

    /// A new handle on the same stream, as of a process that starts now: it takes the stream for what it is now.
    #[must_use]
    pub fn reopen(&self) -> Self {
        Self {
            store: Arc::clone(&self.store),
            incarnation: self.store.state().incarnation,
            given: self.given.clone(),
        }
    }

    /// A handle on the same stream whose followers, and those of its clones, are given nothing after `last`: a service that is
    /// still reading. Others are not kept waiting.
    #[must_use]
    pub fn behind(&self, last: StreamPosition) -> Self {
        Self {
            given: Given::up_to(last),
            ..self.clone()
        }
    }

    /// The followers of this handle, and of those that it was cloned from or to, are given everything from now on.
    pub fn catch_up(&self) {
        self.store.change(|_| self.given.0.store(u64::MAX, Ordering::SeqCst));
    }

    /// The next append meets this fault; several are met one after the other.
    pub fn fail_next(&self, fault: Fault) {
        self.store.state().faults.push_back(fault);
    }

    /// Stores a record as another writer would, whatever it is, and returns its position.
    pub fn push(&self, payload: impl Into<Bytes>) -> StreamPosition {
        self.store.change(|state| {
            state.records.push(payload.into());
            state.last()
        })
    }

    /// Loses every record after `last`, as a restored backup would.
    pub fn roll_back(&self, last: StreamPosition) {
        self.store.change(|state| state.records.truncate(index(last)));
    }

    /// Deletes the stream and creates it again, empty.
    pub fn replace(&self) {
        self.store.change(|state| {
            state.records.clear();
            state.incarnation.created = state.incarnation.created.plus_ms(1);
        });
    }

    /// Every payload, the first at position 1.
    #[must_use]
    pub fn records(&self) -> Vec<Bytes> {
        self.store.state().records.clone()
    }
}

impl Default for MemoryJournal {
    fn default() -> Self {
        Self::new()
    }
}

impl Journal for MemoryJournal {
    type Follower = MemoryFollower;

    async fn append(&self, batch: Vec<Append>, expected_last: StreamPosition) -> Result<StreamPosition, AppendError> {
        batch::check(&batch)?;
        self.store.change(|state| {
            let fault = state.faults.pop_front();
            if fault == Some(Fault::NotPersisted) {
                return Err(AppendError::Unknown {
                    why: "no answer, and nothing stored".to_owned(),
                });
            }
            let stored = state.append(batch, expected_last);
            match fault {
                Some(_) => Err(AppendError::Unknown {
                    why: "no answer, but stored if it fitted".to_owned(),
                }),
                None => stored,
            }
        })
    }

    async fn follow(&self, after: StreamPosition) -> Result<MemoryFollower, FollowError> {
        let follower = MemoryFollower {
            store: Arc::clone(&self.store),
            incarnation: self.incarnation,
            given: self.given.clone(),
            cursor: after,
            last_payload: None,
            caught_up: false,
            changes: self.store.changed.subscribe(),
        };
        follower.check(&self.store.state())?;
        Ok(follower)
    }

    async fn end(&self) -> Result<StreamEnd, JournalError> {
        let state = self.store.state();
        Ok(StreamEnd {
            last: state.last(),
            incarnation: state.incarnation,
        })
    }
}

impl Follower for MemoryFollower {
    async fn next(&mut self) -> Result<Batch, FollowError> {
        loop {
            self.changes.mark_unchanged();
            let batch = self.read()?;
            let is_news = batch.caught_up && !self.caught_up;
            if !batch.records.is_empty() || is_news {
                self.hand_over(&batch);
                return Ok(batch);
            }
            self.changes.changed().await.expect("the follower holds the sender too");
        }
    }
}

impl MemoryFollower {
    fn read(&self) -> Result<Batch, FollowError> {
        let state = self.store.state();
        self.check(&state)?;
        let rest = &state.records[index(self.cursor)..];
        let deliver = |(position, payload): (u64, &Bytes)| Delivery {
            position: StreamPosition::new(position),
            payload: payload.clone(),
        };
        let positions = self.cursor.get() + 1..=self.given.0.load(Ordering::SeqCst);
        let records: Vec<_> = positions.zip(rest).take(FOLLOW_BATCH_MAX).map(deliver).collect();
        Ok(Batch {
            caught_up: records.len() == rest.len(),
            records,
        })
    }

    fn check(&self, state: &State) -> Result<(), FollowError> {
        if state.incarnation != self.incarnation {
            return Err(FollowError::StreamReplaced {
                known: self.incarnation,
                found: state.incarnation,
            });
        }
        if state.last() < self.cursor {
            return Err(FollowError::StreamRolledBack {
                cursor: self.cursor,
                last: state.last(),
            });
        }
        let known = self.last_payload.as_ref();
        if known.is_some_and(|known| *known != state.records[index(self.cursor) - 1]) {
            return Err(FollowError::StreamRewritten { position: self.cursor });
        }
        Ok(())
    }

    fn hand_over(&mut self, batch: &Batch) {
        self.caught_up = batch.caught_up;
        if let Some(last) = batch.records.last() {
            self.cursor = last.position;
            self.last_payload = Some(last.payload.clone());
        }
    }
}

impl Given {
    fn up_to(last: StreamPosition) -> Self {
        Self(Arc::new(AtomicU64::new(last.get())))
    }
}

impl Store {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let changed = change(&mut self.state());
        self.changed.send_replace(());
        changed
    }
}

impl State {
    fn last(&self) -> StreamPosition {
        StreamPosition::new(self.records.len() as u64)
    }

    fn append(&mut self, batch: Vec<Append>, expected_last: StreamPosition) -> Result<StreamPosition, AppendError> {
        if self.last() != expected_last {
            return Err(AppendError::Conflict {
                last: Some(self.last()),
            });
        }
        self.records.extend(batch.into_iter().map(|append| append.payload));
        Ok(self.last())
    }
}

/// How many records stand up to `position`.
fn index(position: StreamPosition) -> usize {
    usize::try_from(position.get()).unwrap_or(usize::MAX)
}
