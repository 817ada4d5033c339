//! The progress service as a process of its own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use event::StreamPosition;
use journal::evidence::MemoryEvidence;
use journal::jetstream::JetStreamJournal;
use journal::{JournalConfig, Role};
use progress::Progress;
use rpc::progress::ListSitesRequest;
use rpc::progress::progress_service_client::ProgressServiceClient;
use service::clock::SystemClock;
use service::health::Health;
use service::shutdown::Shutdown;
use tests::measure::{processor_time_of, resident_of};
use tonic::Code;
use tonic::transport::Channel;

use crate::child::{Child, tell};
use crate::replayed::listen;
use crate::support::Stream;

/// How long a service is looked at to see whether it does anything.
const SETTLE_LOOK: Duration = Duration::from_secs(1);

/// A service that runs.
pub(crate) struct Service(Child);

/// What the service took up to a moment.
#[derive(Clone, Copy)]
pub(crate) struct Taken {
    /// Bytes in memory.
    pub(crate) resident: u64,
    /// Of all its threads.
    pub(crate) processor: Duration,
}

impl Service {
    /// Starts it on a stream with its rows in `dir`.
    pub(crate) async fn start(stream: &Stream, dir: &Path) -> Self {
        let config = stream.server.journal_config(Role::Progress);
        let nkey = config.nkey.expect("a server with users");
        Self(Child::start(&[dir.as_ref(), config.url.as_ref(), nkey.as_ref()]).await)
    }

    /// Waits until it says that it serves.
    pub(crate) async fn serving(&mut self) {
        self.0.serving().await;
    }

    /// Waits until its rows have reached a position; `tell` hears now and then how far they are.
    /// Once it serves.
    pub(crate) async fn reach(&self, position: StreamPosition, tell: impl Fn(&str)) {
        let request = ListSitesRequest {
            page_size: 1,
            at_least_position: position.get(),
            ..ListSitesRequest::default()
        };
        loop {
            match self.client().list_sites(request.clone()).await {
                Ok(_) => return,
                Err(status) if status.code() == Code::DeadlineExceeded => tell(status.message()),
                Err(status) => panic!("the rows do not come that far: {status}"),
            }
        }
    }

    pub(crate) fn client(&self) -> ProgressServiceClient<Channel> {
        rpc::client::progress(self.0.channel())
    }

    /// Waits until it has nothing to do any more: after a start it serves from its rows while its state is still rebuilt.
    pub(crate) async fn settle(&self) {
        loop {
            let before = self.taken().processor;
            tokio::time::sleep(SETTLE_LOOK).await;
            if self.taken().processor.saturating_sub(before) < SETTLE_LOOK / 20 {
                return;
            }
        }
    }

    pub(crate) fn taken(&self) -> Taken {
        let process = self.0.process();
        Taken {
            resident: resident_of(&process),
            processor: processor_time_of(&process),
        }
    }

    /// Ends it in order; returns how long that took.
    pub(crate) async fn stop(self) -> Duration {
        self.0.stop().await
    }
}

/// What the process does that [`Service::start`] starts.
pub(crate) async fn serve(mut arguments: impl Iterator<Item = String>) {
    let mut next = || {
        arguments
            .next()
            .expect("a directory, an address and a file with a seed")
    };
    let (dir, url, nkey) = (PathBuf::from(next()), next(), PathBuf::from(next()));
    let config = JournalConfig {
        url,
        role: Role::Progress,
        nkey: Some(nkey),
        name: Role::Progress.as_str().to_owned(),
        replicas: 1,
    };
    let journal = JetStreamJournal::connect(&config).await.expect("opened");
    let (listener, url) = listen().await;
    let (health, shutdown) = (Health::starting(progress::SERVICES).await, Shutdown::new());
    tell(&url, &health, &shutdown);
    let service = Progress {
        journal,
        evidence: MemoryEvidence::default(),
        clock: SystemClock,
        dir,
        listener,
        health,
        metrics: views::Metrics::default(),
    };
    progress::run(service, shutdown).await.expect("progress runs");
}
