//! Services in this process, and connections to them.

use std::path::PathBuf;
use std::time::Duration;

use audit::Witnessing;
use event::SignedStatement;
use ingest::Ingest;
use journal::Journal;
use journal::cell::Cell;
use rpc::ingest::{Outcome, SubmitManyRequest};
use service::clock::{Stopwatch, TestClock};
use service::health::Health;
use service::shutdown::Shutdown;
use tests::world::{BEGIN, key};
use tlog::Origin;
use tokio::task::JoinHandle;
use tonic::transport::Channel;

use crate::replayed::listen;

/// The name of the log.
pub(crate) const ORIGIN: &str = "bench.veta.example/log";
/// The seed of its key.
pub(crate) const LOG_KEY: u64 = u64::MAX;

/// A service and a connection to it.
pub(crate) struct Served {
    pub(crate) url: String,
    pub(crate) channel: Channel,
    shutdown: Shutdown,
    running: JoinHandle<()>,
}

impl Served {
    pub(crate) async fn ingest(journal: impl Journal) -> Self {
        let (listener, url) = listen().await;
        let shutdown = Shutdown::new();
        let health = Health::starting(ingest::SERVICES).await;
        let (clock, metrics) = (TestClock::at(BEGIN), ingest::Metrics::default());
        let ingest = Ingest {
            journal,
            clock,
            listener,
            look_interval: ingest::LOOK_INTERVAL,
            health: health.clone(),
            metrics,
        };
        let stop = shutdown.clone();
        let running = tokio::spawn(async move { ingest::run(ingest, stop).await.expect("ingest runs") });
        Self::connected(url, &health, shutdown, running).await
    }

    pub(crate) async fn audit(
        journal: impl Journal,
        cell: impl Cell,
        dir: PathBuf,
        witnessing: Option<Witnessing>,
    ) -> Self {
        let (listener, url) = listen().await;
        let shutdown = Shutdown::new();
        let health = Health::starting(audit::SERVICES).await;
        let origin = Origin::new(ORIGIN).expect("a good origin");
        let key = key(LOG_KEY);
        let metrics = audit::Metrics::default();
        let log = audit::Audit {
            journal,
            cell,
            dir,
            origin,
            key,
            other_keys: Vec::new(),
            witnessing,
            listener,
            http: None,
            health: health.clone(),
            metrics,
            seam: audit::NoSeam,
        };
        let stop = shutdown.clone();
        let running = tokio::spawn(async move { audit::run(log, stop).await.expect("audit runs") });
        Self::connected(url, &health, shutdown, running).await
    }

    /// Once it serves.
    async fn connected(url: String, health: &Health, shutdown: Shutdown, running: JoinHandle<()>) -> Self {
        health.until_serving().await;
        let channel = rpc::client::connect(&url).await.expect("connected");
        Self {
            url,
            channel,
            shutdown,
            running,
        }
    }

    pub(crate) async fn stop(self) {
        drop(self.channel);
        self.shutdown.trigger();
        self.running.await.expect("it ends in order");
    }

    pub(crate) async fn submit_many(&self, statements: Vec<SubmitManyRequest>) -> Duration {
        let count = statements.len();
        let watch = Stopwatch::start();
        let mut client = rpc::client::ingest(self.channel.clone());
        let answers = client.submit_many(tokio_stream::iter(statements)).await;
        let mut answers = answers.expect("a stream of answers").into_inner();
        let mut recorded = 0;
        while let Some(answer) = answers.message().await.expect("an answer") {
            Outcome::try_from(&answer)
                .expect("a known answer")
                .result
                .expect("recorded");
            recorded += 1;
        }
        let took = watch.elapsed();
        assert_eq!(recorded, count, "every statement has its receipt");
        took
    }
}

/// As one stream.
pub(crate) fn requests(statements: &[SignedStatement]) -> Vec<SubmitManyRequest> {
    statements
        .iter()
        .map(|statement| SubmitManyRequest {
            statement: statement.encode(),
        })
        .collect()
}
