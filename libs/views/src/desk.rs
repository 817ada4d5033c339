//! Where rows are read on demand: whoever asks waits for a position, then for a turn.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use event::StreamPosition;
use service::reach::{Unreached, reach};
use thiserror::Error;
use tokio::sync::{Semaphore, watch};
use tokio::task::spawn_blocking;

use crate::{Reader, RowsDigest, Snapshot, StoreError};

/// Lets many ask and a few at a time read. Clones share the rows and the turns.
#[derive(Clone, Debug)]
pub struct Desk {
    position: watch::Receiver<StreamPosition>,
    wait_max: Duration,
    rows: Arc<OnceLock<Opened>>,
    turns: Arc<Semaphore>,
    /// The rows when they were last digested, which takes as long as reading all of them.
    digested: Arc<Mutex<Option<(StreamPosition, RowsDigest)>>>,
}

/// Rows, and from where on they are taken for the present.
#[derive(Clone, Debug)]
struct Opened {
    rows: Reader,
    present_from: StreamPosition,
}

/// All rows of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The position.
    pub position: StreamPosition,
    /// What they are, where that was asked.
    pub digest: Option<RowsDigest>,
    /// How many there are.
    pub rows: u64,
}

/// Why nothing was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DeskError {
    /// The rows are not as far as was asked for.
    #[error(transparent)]
    Unreached(#[from] Unreached),
    /// There are no rows yet.
    #[error("no deployment is founded yet, or the service was started just now")]
    NotOpen,
    /// Reading panicked, or the runtime is going down.
    #[error("reading did not come to its end")]
    BrokenOff,
}

impl Desk {
    /// Without rows yet. `position` says how far they are: whoever asks for more waits `wait_max`. At most `reads_max`
    /// read at one time, others wait for their turn.
    #[must_use]
    pub fn new(position: watch::Receiver<StreamPosition>, wait_max: Duration, reads_max: usize) -> Self {
        Self {
            position,
            wait_max,
            rows: Arc::default(),
            turns: Arc::new(Semaphore::new(reads_max)),
            digested: Arc::default(),
        }
    }

    /// Reads these rows from now on, here and in all clones. Rows that were given before stay.
    pub fn open(&self, rows: Reader) {
        self.open_behind(rows, StreamPosition::START);
    }

    /// The same, of rows whose stream is known to go on to `end`. Until they have come so far, nobody is told that they are
    /// the present: what happened while nobody followed would be missing in it.
    pub fn open_behind(&self, rows: Reader, end: StreamPosition) {
        let present_from = end;
        self.rows.get_or_init(|| Opened { rows, present_from });
    }

    /// Reads the rows once they have come as far as `at_least`, and as `as_of`; where that is `None`, the present is meant.
    pub async fn read<T, E>(
        &self,
        as_of: Option<StreamPosition>,
        at_least: StreamPosition,
        read: impl FnOnce(&Snapshot<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DeskError> + From<StoreError> + Send + 'static,
    {
        self.reach(at_least.max(as_of.unwrap_or_default())).await?;
        if as_of.is_none() {
            self.reach(self.opened()?.present_from).await?;
        }
        self.beside(move |rows| read(&rows.read()?)).await
    }

    /// Says how many rows there are once they have come as far as `at_least`; `with_digest` reads all of them.
    pub async fn count<E>(&self, at_least: StreamPosition, with_digest: bool) -> Result<Counted, E>
    where
        E: From<DeskError> + From<StoreError> + Send + 'static,
    {
        self.reach(at_least).await?;
        let digested = Arc::clone(&self.digested);
        self.beside(move |rows| {
            // One digests, and the others of the same position take what it found.
            let mut last = with_digest.then(|| digested.lock().unwrap_or_else(PoisonError::into_inner));
            let rows = rows.read()?;
            let position = rows.cursor();
            let digest = match &mut last {
                None => None,
                Some(last) => match **last {
                    Some((known, digest)) if known == position => Some(digest),
                    _ => Some(last.insert((position, rows.digest()?)).1),
                },
            };
            Ok(Counted {
                position,
                digest,
                rows: rows.count(),
            })
        })
        .await
    }

    /// Takes a turn, and reads beside the tasks of the runtime: the disk makes whoever asks it wait.
    pub async fn beside<T, E>(&self, read: impl FnOnce(&Reader) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DeskError> + Send + 'static,
    {
        let rows = self.opened()?.rows.clone();
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.expect("nobody closes the turns");
        let work = move || {
            let answered = read(&rows);
            drop(turn);
            answered
        };
        spawn_blocking(work).await.map_err(|_| DeskError::BrokenOff)?
    }

    fn opened(&self) -> Result<&Opened, DeskError> {
        self.rows.get().ok_or(DeskError::NotOpen)
    }

    async fn reach(&self, wanted: StreamPosition) -> Result<(), DeskError> {
        reach(&self.position, wanted, self.wait_max, |position| Some(*position)).await?;
        Ok(())
    }
}
