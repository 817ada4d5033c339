//! Progress, custody and audit in this process, on a stream in memory.

use std::time::Duration;

use audit::Audit;
use custody::Custody;
use event::StreamPosition;
use journal::cell::MemoryCell;
use journal::evidence::MemoryEvidence;
use journal::memory::MemoryJournal;
use portal::sources::Addresses;
use progress::Progress;
use rpc::audit::GetCheckpointRequest;
use service::clock::SystemClock;
use service::health::Health;
use service::shutdown::Shutdown;
use tempfile::TempDir;
use tests::world::key;
use tlog::Origin;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tonic::Code;

use crate::told::tell;
use crate::world::Said;

/// Nobody takes statements here: the port is reserved.
const NOBODY: &str = "http://127.0.0.1:1";
/// After how long it is asked again how far the log has come.
const LOOK: Duration = Duration::from_secs(1);
/// The seed of the log's key.
const LOG_KEY: u64 = u64::MAX;

/// What runs, until it is stopped.
pub(crate) struct Services {
    pub(crate) addresses: Addresses,
    running: JoinSet<()>,
    shutdown: Shutdown,
    /// Removed after they have ended.
    _dir: TempDir,
}

/// What there is to ask about.
pub(crate) struct Known {
    pub(crate) said: Said,
    /// The stream's end.
    pub(crate) end: u64,
}

impl Services {
    /// Once each of them has folded everything.
    pub(crate) async fn start(mut said: Said) -> (Self, Known) {
        let journal = MemoryJournal::new();
        let end = said.records.len() as u64;
        for record in said.records.drain(..) {
            journal.push(record.payload);
        }
        let dir = tempfile::tempdir().expect("a directory");
        let (mut running, shutdown) = (JoinSet::new(), Shutdown::new());

        let (listener, progress) = listen().await;
        let health = Health::starting(progress::SERVICES).await;
        let service = Progress {
            journal: journal.clone(),
            evidence: MemoryEvidence::default(),
            clock: SystemClock,
            dir: dir.path().join("progress"),
            listener,
            health: health.clone(),
            metrics: views::Metrics::default(),
        };
        let stop = shutdown.clone();
        running.spawn(async { progress::run(service, stop).await.expect("progress runs") });
        health.until_serving().await;
        tell("progress has folded");

        let (listener, custody) = listen().await;
        let health = Health::starting(custody::SERVICES).await;
        let service = Custody {
            journal: journal.clone(),
            dir: dir.path().join("custody"),
            listener,
            health: health.clone(),
            metrics: views::Metrics::default(),
        };
        let stop = shutdown.clone();
        running.spawn(async { custody::run(service, stop).await.expect("custody runs") });
        health.until_serving().await;
        tell("custody has folded");

        let (listener, audit) = listen().await;
        let health = Health::starting(audit::SERVICES).await;
        let service = Audit {
            journal,
            cell: MemoryCell::default(),
            dir: dir.path().join("audit"),
            origin: Origin::new("bench.veta.example/log").expect("a good origin"),
            key: key(LOG_KEY),
            other_keys: Vec::new(),
            witnessing: None,
            listener,
            http: None,
            health: health.clone(),
            metrics: audit::Metrics::default(),
            seam: audit::NoSeam,
        };
        let stop = shutdown.clone();
        running.spawn(async { audit::run(service, stop).await.expect("audit runs") });
        health.until_serving().await;
        published(&audit, StreamPosition::new(end)).await;
        let services = Self {
            addresses: Addresses {
                ingest: NOBODY.to_owned(),
                progress,
                custody,
                audit,
            },
            running,
            shutdown,
            _dir: dir,
        };
        (services, Known { said, end })
    }

    pub(crate) async fn stop(mut self) {
        self.shutdown.trigger();
        while let Some(ended) = self.running.join_next().await {
            ended.expect("it ends in order");
        }
    }
}

/// Waits until a checkpoint covers everything.
async fn published(audit: &str, end: StreamPosition) {
    let mut client = rpc::client::audit(rpc::client::connect(audit).await.expect("connected"));
    loop {
        let request = GetCheckpointRequest {
            at_least_position: end.get(),
        };
        match client.get_checkpoint(request).await {
            Ok(_) => return,
            Err(status) if matches!(status.code(), Code::DeadlineExceeded | Code::Unavailable) => {
                tell(status.message());
                tokio::time::sleep(LOOK).await;
            }
            Err(status) => panic!("the log does not come that far: {status}"),
        }
    }
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    (listener, url)
}
