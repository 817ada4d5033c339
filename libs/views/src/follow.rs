//! The one loop by which a service follows the stream into its rows.

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;

use event::{DeploymentId, StreamPosition};
use journal::{Batch, FollowError, Follower, Journal, JournalError};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use replay::{Checked, Replica, Step, Verdict, check};
use service::parallel;
use service::shutdown::Shutdown;
use thiserror::Error;
use tokio::sync::{RwLock, watch};

use crate::{BATCH_ROWS_MAX, Identity, Opened, Rows, Store, StoreError};

/// What a service makes of the stream. Everything but [`View::committed`] is a pure function of the steps.
pub trait View: Send + 'static {
    /// Why it cannot go on; ends the process.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Whose rows they are.
    const SERVICE: &'static str;
    /// Raised whenever the same steps make other rows.
    const ROW_VERSION: u32;

    /// Sees a step whose rows are stored already: state outside the rows is rebuilt from these.
    fn replayed(&mut self, _step: &Step) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Folds the next step into rows.
    fn fold(&mut self, step: &Step, rows: &mut Rows) -> Result<(), Self::Error>;

    /// Ends a batch, or as much of it as is committed at once, before it is committed.
    fn finish(&mut self, _rows: &mut Rows) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Sees that everything up to the replica's position is durable. Called after every batch, also of those whose rows
    /// were stored already; `at_end` says whether that was the stream's end when it was read. Nobody can read the replica
    /// meanwhile.
    fn committed(&mut self, _replica: &Replica, _at_end: bool) -> impl Future<Output = Result<(), Self::Error>> + Send {
        async { Ok(()) }
    }
}

/// With so many rows a batch is committed before all its records are folded: the widest record makes some 13,000, by
/// which a hold reaches 4,096 lots.
const BATCH_ROWS_FULL: usize = BATCH_ROWS_MAX / 2;

/// Why a view can no longer be kept.
#[derive(Debug, Error)]
pub enum ViewError<E: std::error::Error> {
    /// The stream is not the one that was followed.
    #[error("{0}; find out what happened to the stream before starting this service again")]
    Stream(#[from] FollowError),
    /// The stream cannot be asked where it ends.
    #[error("the stream cannot be asked where it ends: {0}")]
    Journal(#[from] JournalError),
    /// The rows cannot be kept.
    #[error("the rows cannot be kept: {0}")]
    Store(#[from] StoreError),
    /// The view itself.
    #[error("{0}")]
    View(E),
}

/// What an operator sees of a view. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    position: Gauge,
    refused: Counter,
    commits: Counter,
}

impl Metrics {
    /// Registers them with the prefix `view`, in the registry of one service.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        let registry = registry.sub_registry_with_prefix("view");
        registry.register("position", "Stream position of the rows", metrics.position.clone());
        registry.register(
            "refused_records",
            "Records in the stream that the rules refuse",
            metrics.refused.clone(),
        );
        registry.register("commits", "Batches committed", metrics.commits.clone());
        metrics
    }
}

/// A view that follows the stream: what it needs, and how far it is.
#[derive(Debug)]
pub struct Following<J, V> {
    /// Our end of the stream.
    pub journal: J,
    /// The rows.
    pub store: Store,
    /// What is made of the steps.
    pub view: V,
    /// At the start of the stream. Whoever else has it reads it as of a committed position.
    pub replica: Arc<RwLock<Replica>>,
    /// Told the position after every commit.
    pub position: watch::Sender<StreamPosition>,
    /// What an operator sees.
    pub metrics: Metrics,
}

/// Waits for the founding statement; `None` on shutdown.
pub async fn founding<J: Journal>(journal: &J, shutdown: &Shutdown) -> Result<Option<DeploymentId>, FollowError> {
    let mut follower = journal.follow(StreamPosition::START).await?;
    let mut replica = Replica::new();
    loop {
        let batch = tokio::select! {
            biased;
            () = shutdown.wait() => return Ok(None),
            batch = follower.next() => batch?,
        };
        for delivery in batch.records {
            replica.step(check(replica.deployment(), delivery.payload));
            if replica.deployment().is_some() {
                return Ok(replica.deployment());
            }
        }
    }
}

/// Opens the rows of `V` for this stream and deployment: as they were, or fresh.
pub async fn open<V: View, J: Journal>(
    dir: &Path,
    journal: &J,
    deployment: DeploymentId,
) -> Result<Opened, ViewError<V::Error>> {
    let created = journal.end().await?.incarnation.created;
    let incarnation = [created.unix_ms().to_be_bytes().as_slice(), deployment.as_bytes()].concat();
    let identity = Identity {
        service: V::SERVICE,
        row_version: V::ROW_VERSION,
        incarnation,
    };
    let dir = dir.to_owned();
    let opened = tokio::task::spawn_blocking(move || Store::open(dir, &identity)).await;
    Ok(opened.expect("opening a store does not panic")?)
}

impl<J: Journal, V: View> Following<J, V> {
    /// Follows until shutdown. Reads the stream from its start: rows are kept, state is rebuilt. All cores check a batch
    /// while the one before it is taken.
    pub async fn run(mut self, shutdown: Shutdown) -> Result<(), ViewError<V::Error>> {
        let cursor = self.store.cursor();
        let last = self.journal.end().await?.last;
        if last < cursor {
            return Err(FollowError::StreamRolledBack { cursor, last }.into());
        }
        let mut follower = self.journal.follow(StreamPosition::START).await?;
        let (mut ahead, mut reached_end) = (None, false);
        while !shutdown.is_triggered() {
            let deployment = self.replica.read().await.deployment();
            let (checking, caught_up) = if let Some(next) = ahead.take() {
                next?
            } else {
                tokio::select! {
                    biased;
                    () = shutdown.wait() => return Ok(()),
                    batch = follower.next() => check_all(deployment, batch?),
                }
            };
            let first_end = caught_up && !reached_end;
            reached_end |= caught_up;
            let mut taking = pin!(self.take(checking.await, caught_up, first_end));
            self = tokio::select! {
                biased;
                // What is signed for a deployment cannot be checked before that is founded.
                batch = follower.next(), if deployment.is_some() => {
                    ahead = Some(batch.map(|batch| check_all(deployment, batch)));
                    taking.await?
                }
                taken = &mut taking => taken?,
            };
        }
        Ok(())
    }

    /// Steps through a batch, commits its rows, and lets others read the state only when all of that is durable.
    async fn take(
        mut self,
        checked: Vec<Checked>,
        caught_up: bool,
        first_end: bool,
    ) -> Result<Self, ViewError<V::Error>> {
        let shared = Arc::clone(&self.replica);
        let mut replica = shared.write().await;
        let before = self.store.cursor();
        self = self.step_all(checked, &mut replica).await?;
        let position = replica.position();
        let committed = self.view.committed(&replica, caught_up).await;
        committed.map_err(ViewError::View)?;
        if before < position || first_end {
            self.metrics
                .position
                .set(i64::try_from(position.get()).unwrap_or(i64::MAX));
            self.position.send_replace(position);
        }
        Ok(self)
    }

    /// Folds all records of a batch: in one commit, unless they make too many rows for one.
    async fn step_all(mut self, checked: Vec<Checked>, replica: &mut Replica) -> Result<Self, ViewError<V::Error>> {
        let cursor = self.store.cursor();
        let mut rows = self.store.begin();
        for record in checked {
            let step = replica.step(record);
            if step.position <= cursor {
                self.view.replayed(&step).map_err(ViewError::View)?;
                continue;
            }
            self.report(&step);
            self.view.fold(&step, &mut rows).map_err(ViewError::View)?;
            if BATCH_ROWS_FULL <= rows.len() {
                self = self.commit(rows, step.position).await?;
                rows = self.store.begin();
            }
        }
        if self.store.cursor() < replica.position() {
            self = self.commit(rows, replica.position()).await?;
        }
        Ok(self)
    }

    async fn commit(mut self, mut rows: Rows, position: StreamPosition) -> Result<Self, ViewError<V::Error>> {
        self.view.finish(&mut rows).map_err(ViewError::View)?;
        self.store = commit(self.store, rows, position).await?;
        self.metrics.commits.inc();
        Ok(self)
    }

    /// A record that `ingest` would never have appended.
    fn report(&self, step: &Step) {
        let Verdict::Refused(refusal) = step.verdict else {
            return;
        };
        self.metrics.refused.inc();
        tracing::warn!(
            service = V::SERVICE,
            stream.position = step.position.get(),
            refusal.code = refusal.code(),
            refusal.name = refusal.name(),
            "The record at {} was not written by ingest and is refused: {refusal}. The state did not change",
            step.position,
        );
    }
}

/// Begins to check a batch on all cores; and says whether it reaches the stream's end.
fn check_all(deployment: Option<DeploymentId>, batch: Batch) -> (impl Future<Output = Vec<Checked>> + Send, bool) {
    let checking = parallel::map_all_beside(batch.records, move |delivery| check(deployment, delivery.payload));
    (checking, batch.caught_up)
}

async fn commit(mut store: Store, rows: Rows, position: StreamPosition) -> Result<Store, StoreError> {
    let committed = tokio::task::spawn_blocking(move || store.commit(rows, position).map(|()| store)).await;
    committed.expect("a commit does not panic")
}
