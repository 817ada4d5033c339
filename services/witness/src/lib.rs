//! A witness: it sees that logs only grow and never fork, and cosigns their checkpoints (c2sp.org/tlog-witness).
//!
//! # In scope
//! - The HTTP door for any number of logs, each known by its keys.
//! - For each log, the checkpoint that was cosigned last, in a file that is durable before anyone sees the cosignature.
//! - Evidence: what a log signed that contradicts what was cosigned, kept and shown to everyone.
//! - The auditing witness, which reads every record, takes each by the same step as the log, and cosigns only what it
//!   finds itself, down to the last byte.
//!
//! # Out of scope
//! - What is decided on a request, and all formats: `tlog`. What a record does: `replay`. Reading a log: `remote`.
//! - Which witnesses suffice: the policy of whoever reads a log.
//!
//! # Invariants
//! - No two cosigned checkpoints of one log are inconsistent, whatever is asked at once and wherever the process is cut off.
//! - What was cosigned last is read from its file for every decision, and one process at a time has the directory.
//! - Nothing is kept of a request but the lines of the log's own keys.

mod audit;
mod door;
mod evidence;
mod metrics;
mod store;
mod watched;

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use remote::log::{Address, LogError, RemoteLog};
use service::clock::Clock;
use service::durable;
use service::health::Health;
use service::http;
use service::shutdown::Shutdown;
use thiserror::Error;
use tlog::Origin;
use tlog::cosignature::Cosigner;
use tlog::note::{KeyName, Vkey, VkeyError};
use tokio::net::TcpListener;

use crate::audit::Auditor;
use crate::door::Door;
use crate::store::Store;
use crate::watched::Watched;

pub use crate::audit::AUDIT_WAIT;
pub use crate::evidence::EVIDENCE_MAX;
pub use crate::metrics::Metrics;
pub use crate::store::StoreError;

/// The gRPC services it answers for: none.
pub const SERVICES: &[&str] = &[];

/// What a witness is made of.
#[derive(Debug)]
pub struct Witness<C> {
    /// Says when it cosigns.
    pub clock: C,
    /// The name of its key.
    pub name: KeyName,
    /// Its key; an auditing witness has another one than a plain witness.
    pub key: SigningKey,
    /// Where it keeps what it cosigned, and evidence.
    pub dir: PathBuf,
    /// Whose checkpoints it cosigns.
    pub logs: Vec<Witnessed>,
    /// How long whoever asks waits for a replay: [`AUDIT_WAIT`].
    pub wait: Duration,
    /// Where it answers over HTTP.
    pub listener: TcpListener,
    /// Told once it decides on requests.
    pub health: Health,
    /// What an operator sees.
    pub metrics: Metrics,
}

/// A log whose checkpoints are cosigned.
#[derive(Clone, Debug)]
pub struct Witnessed {
    /// Its name.
    pub origin: Origin,
    /// Its keys, which bear that name: more than one while it replaces its key.
    pub vkeys: Vec<Vkey>,
    /// Where all of it is read and replayed before anything is cosigned; not audited if absent.
    pub audit: Option<Address>,
}

/// Why a witness ended, or did not begin.
#[derive(Debug, Error)]
pub enum WitnessError {
    /// The key.
    #[error("the witness' name and key cannot cosign: {0}")]
    Key(#[from] VkeyError),
    /// Another process.
    #[error("{} is another witness' directory while that one runs: stop it, or name another directory", .0.display())]
    Locked(PathBuf),
    /// Its cosignature would mean two things.
    #[error(
        "a witness audits all of its logs or none of them: run another one, with another name and key, for the others"
    )]
    Mixed,
    /// The directory.
    #[error("the witness' directory {}: {error}", path.display())]
    Dir {
        /// Which.
        path: PathBuf,
        /// What happened.
        error: io::Error,
    },
    /// What is kept cannot be gone on with.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A log that is to be audited has no place that can be read.
    #[error("the log {origin}: {error}")]
    Log {
        /// Which log.
        origin: Origin,
        /// What is wrong with its address.
        error: Box<LogError>,
    },
}

/// Runs until shutdown.
pub async fn run<C: Clock>(witness: Witness<C>, shutdown: Shutdown) -> Result<(), WitnessError> {
    let cosigner = Arc::new(Cosigner::new(witness.name, witness.key)?);
    let audited = witness.logs.iter().filter(|log| log.audit.is_some()).count();
    if audited != 0 && audited != witness.logs.len() {
        return Err(WitnessError::Mixed);
    }
    let _held = hold(&witness.dir)?;
    let mut watched = Vec::new();
    for log in witness.logs {
        let store = Store::open(&witness.dir, &log.origin, log.vkeys, cosigner.vkey().clone())?;
        let kept = store.read()?;
        witness.metrics.cosigned(&log.origin, kept.as_ref());
        let auditor = log
            .audit
            .map(|at| {
                auditor(
                    &log.origin,
                    &at,
                    store.scratch(),
                    witness.wait,
                    &witness.metrics,
                    &shutdown,
                )
            })
            .transpose()?;
        if let (Some(auditor), Some(kept)) = (&auditor, kept) {
            let (auditor, shutdown) = (auditor.clone(), shutdown.clone());
            tokio::spawn(async move { auditor.catch_up(&kept.checkpoint, &shutdown).await });
        }
        watched.push(Watched::new(log.origin, store, auditor));
    }
    tracing::info!(witness.vkey = %cosigner.vkey(), logs = watched.len(), "Cosigning as {}", cosigner.vkey());
    let door = Door::new(witness.clock, cosigner, watched, witness.metrics);
    witness.health.serving().await;
    http::serve(witness.listener, door.router(), shutdown.clone()).await;
    witness.health.not_serving().await;
    Ok(())
}

fn auditor(
    origin: &Origin,
    at: &Address,
    scratch: PathBuf,
    wait: Duration,
    metrics: &Metrics,
    shutdown: &Shutdown,
) -> Result<Auditor, WitnessError> {
    let remote = RemoteLog::new(at).map_err(|error| WitnessError::Log {
        origin: origin.clone(),
        error: Box::new(error),
    })?;
    let (origin, metrics, shutdown) = (origin.clone(), metrics.clone(), shutdown.clone());
    Ok(Auditor::start(origin, remote, scratch, wait, metrics, shutdown))
}

/// Makes the directory this process's own for as long as what is returned is held.
fn hold(dir: &Path) -> Result<File, WitnessError> {
    let failed = |error| WitnessError::Dir {
        path: dir.to_owned(),
        error,
    };
    durable::create_dir(dir).map_err(failed)?;
    let file = File::create(dir.join("lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(WitnessError::Locked(dir.to_owned())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}
