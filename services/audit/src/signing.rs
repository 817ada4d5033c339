//! From the start to the end: what is known of the past is compared, then the stream is followed and published; or, where the
//! past does not agree, nothing is signed and what was published before is answered.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use event::{DeploymentId, StreamPosition};
use journal::cell::Cell;
use journal::{FollowError, Journal};
use replay::Replica;
use service::health::Health;
use service::shutdown::Shutdown;
use tlog::TreeSize;
use tokio::sync::{RwLock, mpsc, watch};
use tokio::task::spawn_blocking;
use views::{Desk, Following, Identity, Reader, Store, ViewError};

use crate::error::LogError;
use crate::head::HeldHead;
use crate::metrics::Metrics;
use crate::published::{Published, Shared, map_in};
use crate::publisher::{PENDING_MAX, Publisher};
use crate::reconcile::{Disagreement, Known, rebuild};
use crate::rows::{LogRows, ROW_VERSION, SERVICE};
use crate::seam::{Point, Seam};
use crate::signers::Signers;
use crate::witnesses::Witnesses;
use crate::witnessing::Terms;
use crate::{AuditError, SIGNING};

/// Everything but the doors.
pub(crate) struct Signing<J, C, S> {
    pub(crate) journal: J,
    pub(crate) cell: C,
    pub(crate) dir: PathBuf,
    pub(crate) signers: Arc<Signers>,
    pub(crate) witnesses: Witnesses,
    pub(crate) terms: Terms,
    pub(crate) shared: Arc<Shared>,
    pub(crate) desks: [Desk; 2],
    pub(crate) deployment: Arc<OnceLock<DeploymentId>>,
    pub(crate) position: watch::Sender<StreamPosition>,
    pub(crate) health: Health,
    pub(crate) metrics: Metrics,
    pub(crate) seam: S,
}

/// What is left when nothing is signed any more.
struct ReadOnly {
    dir: PathBuf,
    signers: Arc<Signers>,
    shared: Arc<Shared>,
    desks: [Desk; 2],
    deployment: Arc<OnceLock<DeploymentId>>,
    position: watch::Sender<StreamPosition>,
    health: Health,
    metrics: Metrics,
    /// The rows, where they were opened.
    rows: Arc<OnceLock<Reader>>,
}

impl<J: Journal, C: Cell, S: Seam> Signing<J, C, S> {
    /// Signs until shutdown; where it no longer may, answers until shutdown.
    pub(crate) async fn run(self, shutdown: Shutdown) -> Result<(), AuditError> {
        let (rows, health, shared) = (Arc::default(), self.health.clone(), Arc::clone(&self.shared));
        let read_only = ReadOnly {
            dir: self.dir.clone(),
            signers: Arc::clone(&self.signers),
            shared: Arc::clone(&self.shared),
            desks: self.desks.clone(),
            deployment: Arc::clone(&self.deployment),
            position: self.position.clone(),
            health: self.health.clone(),
            metrics: self.metrics.clone(),
            rows: Arc::clone(&rows),
        };
        let ready = async {
            if shared.is_whole().wait_for(|whole| *whole).await.is_ok() {
                health.part(SIGNING, true).await;
                health.serving().await;
            }
            core::future::pending().await
        };
        let ended = tokio::select! {
            biased;
            ended = Box::pin(self.sign(rows, shutdown.clone())) => ended,
            never = ready => never,
        };
        let Err(error) = ended else { return Ok(()) };
        let Some(why) = disagreement(&error) else {
            return Err(error);
        };
        read_only.enter(why).await;
        shutdown.wait().await;
        Ok(())
    }

    async fn sign(self, rows: Arc<OnceLock<Reader>>, shutdown: Shutdown) -> Result<(), AuditError> {
        let head = HeldHead::read(&self.dir, self.cell, self.signers.origin().clone()).await;
        let head = head.map_err(LogError::from)?;
        let last = self.shared.published();
        let last = last.as_ref().map(|last| &last.checkpoint);
        let known = Known::gather(&head.known(), last).map_err(LogError::from)?;
        let (signed, found) = (known.largest(), TreeSize::new(self.journal.end().await?.last.get()));
        if found < signed {
            return Err(LogError::from(Disagreement::Shorter { signed, found }).into());
        }
        self.seam.reach(Point::Started).map_err(LogError::from)?;
        self.shared.lock(signed);
        let Some(deployment) = views::founding(&self.journal, &shutdown).await? else {
            return Ok(());
        };
        self.deployment.get_or_init(|| deployment);
        let opened = views::open::<LogRows<S>, J>(&self.dir.join("rows"), &self.journal, deployment).await?;
        let reader = opened.store.reader();
        self.desks.iter().for_each(|desk| desk.open(reader.clone()));
        rows.get_or_init(|| reader.clone());
        let replica = Replica::with_log_on(self.signers.origin(), map_in(&self.dir)?);
        let (publish, pending) = mpsc::channel(PENDING_MAX);
        let following = Following {
            journal: self.journal,
            store: opened.store,
            view: LogRows::new(reader.clone(), known.clone(), publish, self.seam.clone())?,
            replica: Arc::new(RwLock::new(replica)),
            position: self.position,
            metrics: self.metrics.view.clone(),
        };
        let publisher = Publisher {
            signers: self.signers,
            reader,
            head,
            known,
            witnesses: self.witnesses,
            terms: self.terms,
            shared: self.shared,
            metrics: self.metrics,
            seam: self.seam,
        };
        // As soon as one of the two has ended, the other one ends. The doors go on.
        let both = Shutdown::new();
        let told = async {
            shutdown.wait().await;
            both.trigger();
            core::future::pending().await
        };
        // Apart from the stack, which these two with all that they call would fill.
        let following = Box::pin(following.run(both.clone()));
        let publishing = Box::pin(publisher.run(pending, both.clone()));
        let work = both.together(following, publishing);
        let (followed, ended) = tokio::select! {
            ended = work => ended,
            never = told => never,
        };
        match (ended, followed) {
            (Err(error), _) => Err(error.into()),
            // It ended in order, in the middle of what was handed to it.
            (Ok(()), Err(ViewError::View(LogError::PublisherEnded))) => Ok(()),
            (Ok(()), followed) => Ok(followed?),
        }
    }
}

impl ReadOnly {
    /// From now on nothing is signed.
    async fn enter(self, why: Disagreement) {
        tracing::error!(%why, "READ-ONLY, nothing is signed: {why}. What was published before is answered until this service is started again");
        self.shared.sign_nothing_more(&why.to_string());
        self.metrics.read_only.set(1);
        self.health.part(SIGNING, false).await;
        if let Some(published) = self.shared.published()
            && !*self.shared.is_whole().borrow()
        {
            self.rebuild(&published).await;
        }
        let whole = *self.shared.is_whole().borrow();
        let size = self
            .shared
            .published()
            .filter(|_| whole)
            .map(|last| last.checkpoint.size);
        self.shared.lock(size.unwrap_or_default());
        self.health.serving().await;
    }

    /// Makes what is under the published checkpoint from the rows alone, if they are those of that checkpoint.
    async fn rebuild(&self, published: &Published) {
        let (dir, known) = (self.dir.clone(), Arc::clone(&self.rows));
        let (signers, checkpoint) = (Arc::clone(&self.signers), published.checkpoint.clone());
        let work = move || {
            let reader = match known.get() {
                Some(reader) => reader.clone(),
                None => kept(&dir.join("rows"))?,
            };
            let cursor = reader.read()?.cursor();
            let (map, deployment) = rebuild(&reader, &dir, signers.origin(), &checkpoint)?;
            Ok::<_, LogError>((reader, cursor, map, deployment))
        };
        match spawn_blocking(work).await.expect("rebuilding does not panic") {
            Ok((reader, cursor, map, deployment)) => {
                self.desks.iter().for_each(|desk| desk.open(reader.clone()));
                if let Some(deployment) = deployment {
                    self.deployment.get_or_init(|| deployment);
                }
                self.position.send_replace(cursor);
                self.shared.replace_map(map).await;
            }
            Err(error) => {
                tracing::error!(%error, "The rows do not make the published checkpoint: {error}. Only the checkpoint itself is answered");
            }
        }
    }
}

/// The rows as they are, whichever stream they were made of.
fn kept(dir: &std::path::Path) -> Result<Reader, LogError> {
    let identity = Identity {
        service: SERVICE,
        row_version: ROW_VERSION,
        incarnation: Vec::new(),
    };
    Store::kept(dir, &identity)?.ok_or(LogError::NoRows)
}

fn disagreement(error: &AuditError) -> Option<Disagreement> {
    let of_stream = |error: &FollowError| Some(Disagreement::Stream(error.clone()));
    match error {
        AuditError::Log(error) | AuditError::View(ViewError::View(error)) => error.disagreement(),
        AuditError::Stream(error) | AuditError::View(ViewError::Stream(error)) => of_stream(error),
        _ => None,
    }
}
