//! The services, each made in one place: [`crate::serve`] runs one as a process, [`crate::up`] all of them in one.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;

use audit::{NoSeam, Witnessing};
use ed25519_dalek::SigningKey;
use journal::JournalConfig;
use journal::cell::JetStreamCell;
use journal::evidence::JetStreamEvidence;
use journal::jetstream::JetStreamJournal;
use portal::Kit;
use portal::clients::Allowed;
use portal::sources::Addresses;
use service::clock::SystemClock;
use service::health::Health;
use service::metrics::{Metrics, Registry};
use service::shutdown::Shutdown;
use tlog::Origin;
use tlog::note::KeyName;
use tokio::net::TcpListener;
use witness::{AUDIT_WAIT, Witness, Witnessed};

use crate::trouble::{Done, Trouble};

/// The key of the bucket under which the log's last signed head is held.
const HEAD_CELL: &str = "signed-tree-head";

/// What every service is given.
#[derive(Debug)]
pub struct Given {
    /// Where it answers.
    pub listener: TcpListener,
    /// How it reaches the stream, and as whom.
    pub stream: JournalConfig,
    /// When it ends.
    pub shutdown: Shutdown,
}

/// What the log is given besides.
#[derive(Debug)]
pub struct GivenLog {
    /// Where its rows, its last signed head and its checkpoints are kept.
    pub dir: PathBuf,
    /// Its name.
    pub origin: Origin,
    /// Its key.
    pub key: SigningKey,
    /// Keys that sign beside it, while one replaces the other.
    pub other_keys: Vec<SigningKey>,
    /// Who cosigns its checkpoints, if anybody.
    pub witnessing: Option<Witnessing>,
    /// Where it answers with tiles, if anywhere.
    pub http: Option<TcpListener>,
}

/// A service whose health can be asked, and which works as soon as it is awaited.
pub struct Made {
    /// Whether it serves.
    pub health: Health,
    /// Everything it does, from reaching the stream to the shutdown.
    pub work: Pin<Box<dyn Future<Output = Done> + Send>>,
}

/// The only writer of the stream.
pub async fn ingest(given: Given, figures: &mut Metrics) -> Made {
    let health = Health::starting(ingest::SERVICES).await;
    let metrics = ingest::Metrics::register(figures.service("ingest"));
    let told = health.clone();
    let work = async move {
        let ingest = ingest::Ingest {
            journal: reach(&given.stream).await?,
            clock: SystemClock,
            listener: given.listener,
            look_interval: ingest::LOOK_INTERVAL,
            health: told,
            metrics,
        };
        ingest::run(ingest, given.shutdown).await.map_err(Trouble::failed)
    };
    Made::new(health, work)
}

/// Progress views, with their rows in `dir`, and the door to evidence.
pub async fn progress(given: Given, dir: PathBuf, figures: &mut Metrics) -> Made {
    let health = Health::starting(progress::SERVICES).await;
    let metrics = views::Metrics::register(figures.service("progress"));
    let told = health.clone();
    let work = async move {
        let journal = reach(&given.stream).await?;
        let evidence = JetStreamEvidence::open(journal.connection().clone(), given.stream.replicas).await;
        let progress = progress::Progress {
            journal,
            evidence: evidence.map_err(Trouble::failed)?,
            clock: SystemClock,
            dir,
            listener: given.listener,
            health: told,
            metrics,
        };
        progress::run(progress, given.shutdown).await.map_err(Trouble::failed)
    };
    Made::new(health, work)
}

/// Custody views, with their rows in `dir`.
pub async fn custody(given: Given, dir: PathBuf, figures: &mut Metrics) -> Made {
    let health = Health::starting(custody::SERVICES).await;
    let metrics = views::Metrics::register(figures.service("custody"));
    let told = health.clone();
    let work = async move {
        let custody = custody::Custody {
            journal: reach(&given.stream).await?,
            dir,
            listener: given.listener,
            health: told,
            metrics,
        };
        custody::run(custody, given.shutdown).await.map_err(Trouble::failed)
    };
    Made::new(health, work)
}

/// The log.
pub async fn audit(given: Given, log: GivenLog, figures: &mut Metrics) -> Made {
    let health = Health::starting(audit::SERVICES).await;
    let metrics = audit::Metrics::register(figures.service("audit"));
    let told = health.clone();
    let work = async move {
        let journal = reach(&given.stream).await?;
        let cell = JetStreamCell::open(journal.connection().clone(), HEAD_CELL, given.stream.replicas).await;
        let audit = audit::Audit {
            journal,
            cell: cell.map_err(Trouble::failed)?,
            dir: log.dir,
            origin: log.origin,
            key: log.key,
            other_keys: log.other_keys,
            witnessing: log.witnessing,
            listener: given.listener,
            http: log.http,
            health: told,
            metrics,
            seam: NoSeam,
        };
        audit::run(audit, given.shutdown).await.map_err(Trouble::failed)
    };
    Made::new(health, work)
}

/// The portal, which asks the services at these addresses.
pub async fn portal(
    (addresses, kit, allowed): (Addresses, Kit, Allowed),
    listener: TcpListener,
    shutdown: Shutdown,
) -> Made {
    let health = Health::starting(portal::SERVICES).await;
    let given = portal::Given {
        addresses,
        kit,
        listener,
        allowed,
        health: health.clone(),
    };
    let work = async move { portal::run(given, shutdown).await.map_err(Trouble::config) };
    Made::new(health, work)
}

/// What a witness is given.
#[derive(Debug)]
pub struct GivenWitness {
    /// The name of its key.
    pub name: KeyName,
    /// Its key.
    pub key: SigningKey,
    /// Where it keeps what it cosigned.
    pub dir: PathBuf,
    /// Whose checkpoints it cosigns.
    pub logs: Vec<Witnessed>,
    /// Where it answers over HTTP.
    pub listener: TcpListener,
    /// When it ends.
    pub shutdown: Shutdown,
}

/// A witness, with its figures in a registry of its own.
pub async fn witness(given: GivenWitness, figures: &mut Registry) -> Made {
    let health = Health::starting(witness::SERVICES).await;
    let metrics = witness::Metrics::register(figures);
    let witness = Witness {
        clock: SystemClock,
        name: given.name,
        key: given.key,
        dir: given.dir,
        logs: given.logs,
        wait: AUDIT_WAIT,
        listener: given.listener,
        health: health.clone(),
        metrics,
    };
    let work = async move { witness::run(witness, given.shutdown).await.map_err(Trouble::failed) };
    Made::new(health, work)
}

impl Made {
    fn new(health: Health, work: impl Future<Output = Done> + Send + 'static) -> Self {
        Self {
            health,
            work: Box::pin(work),
        }
    }
}

/// Listens where a service is to answer.
pub async fn bind(at: SocketAddr) -> Done<TcpListener> {
    TcpListener::bind(at)
        .await
        .map_err(Trouble::at(format_args!("cannot listen at {at}")))
}

async fn reach(stream: &JournalConfig) -> Done<JetStreamJournal> {
    JetStreamJournal::connect(stream).await.map_err(Trouble::unavailable)
}
