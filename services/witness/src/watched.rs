//! One log and the decision on a request about it: read, decided, cosigned and kept under one lock.

use std::sync::Arc;

use service::clock::Clock;
use thiserror::Error;
use tlog::Origin;
use tlog::cosignature::{CosignTime, Cosigner};
use tlog::note::NoteSignature;
use tlog::witness::{Accepted, AddCheckpoint, Refusal, decide};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use crate::audit::{Auditor, Difference, NotAudited};
use crate::evidence::Evidence;
use crate::store::{Kept, Store, StoreError};

/// A log whose checkpoints are cosigned.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    pub(crate) origin: Origin,
    /// Held from reading what was cosigned last until the next is durable, also where whoever asked is gone.
    store: Arc<Mutex<Store>>,
    auditor: Option<Auditor>,
}

/// A cosignature and what it is on.
pub(crate) struct Cosignature {
    pub(crate) line: NoteSignature,
    pub(crate) kept: Kept,
}

/// Why there is no cosignature.
#[derive(Debug, Error)]
pub(crate) enum NotCosigned {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("this witness has replayed the log and does not find the tree of the checkpoint: {0}")]
    Differs(Difference),
    #[error("{0}; try again")]
    NotYet(&'static str),
    /// Cosignatures would not stand in the order of their times.
    #[error("the clock of this witness is behind its last cosignature, which is of {0}; its operator must set it")]
    ClockBehind(CosignTime),
    #[error("the clock of this witness stands before 1970; its operator must set it")]
    NoTime,
    /// Not for whoever asks: it names files.
    #[error("this witness cannot read or keep what it cosigned; its operator must look at its telemetry")]
    Store(#[from] StoreError),
}

impl Watched {
    pub(crate) fn new(origin: Origin, store: Store, auditor: Option<Auditor>) -> Self {
        Self {
            origin,
            store: Arc::new(Mutex::new(store)),
            auditor,
        }
    }

    /// What was cosigned last.
    pub(crate) async fn kept(&self) -> Result<Option<Kept>, StoreError> {
        self.beside(Store::read).await
    }

    /// Everything that speaks against the log.
    pub(crate) async fn evidence(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.beside(Store::evidence).await
    }

    /// Decides on a request about this log.
    pub(crate) async fn cosign<C: Clock>(
        &self,
        clock: &Arc<C>,
        cosigner: &Arc<Cosigner>,
        request: &Arc<AddCheckpoint>,
    ) -> Result<Cosignature, NotCosigned> {
        if let Some(auditor) = &self.auditor {
            self.audit(auditor, clock, request).await?;
        }
        let (clock, cosigner, request) = (Arc::clone(clock), Arc::clone(cosigner), Arc::clone(request));
        self.beside(move |store| cosign(store, clock.as_ref(), &cosigner, &request))
            .await
    }

    /// What is refused without reading the log is refused at once, by the decision that follows.
    async fn audit<C: Clock>(
        &self,
        auditor: &Auditor,
        clock: &Arc<C>,
        request: &Arc<AddCheckpoint>,
    ) -> Result<(), NotCosigned> {
        let considered = Arc::clone(request);
        let accepted = self
            .beside(move |store| {
                let kept = store.read()?;
                let last = kept.as_ref().map(|kept| &kept.checkpoint);
                Ok::<_, StoreError>(decide(last, store.vkeys(), &considered).ok())
            })
            .await?;
        let Some(Accepted { checkpoint, note }) = accepted else {
            return Ok(());
        };
        match auditor.check(checkpoint.head()).await {
            Ok(()) => Ok(()),
            Err(NotAudited::NotYet(why)) => Err(NotCosigned::NotYet(why)),
            Err(NotAudited::Differs(difference)) => {
                let (clock, computed) = (Arc::clone(clock), difference.clone());
                self.beside(move |store| {
                    let kept = store.read()?;
                    keep(
                        store,
                        Evidence::of_replay(kept.as_ref(), &note, computed, seen_at(clock.as_ref())),
                    );
                    Ok::<_, StoreError>(())
                })
                .await?;
                Err(NotCosigned::Differs(difference))
            }
        }
    }

    /// Does something with the files, alone, to its end: also where whoever asked for it has gone away.
    async fn beside<T: Send + 'static>(&self, work: impl FnOnce(&Store) -> T + Send + 'static) -> T {
        let store = Arc::clone(&self.store).lock_owned().await;
        let done = spawn_blocking(move || work(&store)).await;
        done.expect("deciding does not panic")
    }
}

/// Reads, decides, cosigns, keeps; in this order, and nothing in between.
fn cosign<C: Clock>(
    store: &Store,
    clock: &C,
    cosigner: &Cosigner,
    request: &AddCheckpoint,
) -> Result<Cosignature, NotCosigned> {
    let kept = store.read()?;
    let last = kept.as_ref().map(|kept| &kept.checkpoint);
    let accepted = decide(last, store.vkeys(), request)
        .inspect_err(|_| contradiction(store, kept.as_ref(), request, seen_at(clock)))?;
    let time = CosignTime::new(seen_at(clock))
        .filter(|time| time.get() != 0)
        .ok_or(NotCosigned::NoTime)?;
    if let Some(before) = kept.and_then(|kept| kept.time).filter(|before| time < *before) {
        return Err(NotCosigned::ClockBehind(before));
    }
    let Accepted { checkpoint, mut note } = accepted;
    let line = cosigner.cosign(&note, time);
    note.add(line.clone()).expect("the log's keys are of another type");
    store.replace(&note.encode().expect("it is shorter than what was read"))?;
    let kept = Kept {
        checkpoint,
        note,
        time: Some(time),
    };
    Ok(Cosignature { line, kept })
}

/// Keeps what a refused request shows, if the log itself signed it.
fn contradiction(store: &Store, kept: Option<&Kept>, request: &AddCheckpoint, seen_at: u64) {
    let Ok(claimed) = request.claimed() else { return };
    let trusted = store
        .vkeys()
        .iter()
        .filter(|vkey| vkey.name() == claimed.origin.key_name());
    let Ok(signed) = request.checkpoint.verify_any(trusted) else {
        return;
    };
    let signed = request.checkpoint.only_by(signed);
    keep(store, Evidence::of_request(kept, &signed, &claimed, request, seen_at));
}

fn keep(store: &Store, evidence: Option<Evidence>) {
    let Some(evidence) = evidence else { return };
    match store.keep_evidence(&evidence) {
        Ok(false) => {}
        Ok(true) => tracing::warn!(
            evidence.kind = evidence.kind.name(),
            "The log signed what contradicts what was cosigned; both notes are kept as evidence:\n{}",
            evidence.refused
        ),
        Err(error) => tracing::error!(%error, "Evidence could not be kept: {error}"),
    }
}

/// Seconds since 1970; 0 where the clock stands before.
fn seen_at<C: Clock>(clock: &C) -> u64 {
    u64::try_from(clock.now().unix_ms().div_euclid(1_000)).unwrap_or(0)
}
