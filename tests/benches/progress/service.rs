//! The progress service as a process of its own, which is this program started again: so its memory and its time on a
//! processor are nobody else's.

use std::env;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use event::StreamPosition;
use journal::evidence::MemoryEvidence;
use journal::jetstream::JetStreamJournal;
use journal::{JournalConfig, Role};
use progress::Progress;
use rpc::progress::ListSitesRequest;
use rpc::progress::progress_service_client::ProgressServiceClient;
use service::clock::{Stopwatch, SystemClock};
use service::health::Health;
use service::shutdown::Shutdown;
use tests::measure::{processor_time_of, resident_of};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tonic::Code;
use tonic::transport::Channel;

use crate::support::{Stream, listen};

/// The argument that makes this program the service.
pub(crate) const SERVE: &str = "serve";

/// How long a service is looked at to see whether it does anything.
const SETTLE_LOOK: Duration = Duration::from_secs(1);

/// A service that runs, and a connection to it.
pub(crate) struct Service {
    child: Child,
    output: Lines<BufReader<ChildStdout>>,
    channel: Channel,
}

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
        let mut command = Command::new(env::current_exe().expect("a program that runs"));
        command.arg(SERVE).arg(dir).arg(&config.url);
        command.arg(config.nkey.expect("a server with users"));
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = piped.spawn().expect("this program starts again");
        let output = child.stdout.take().expect("it is piped");
        let mut output = BufReader::new(output).lines();
        let url = output.next_line().await.expect("it speaks").expect("where it answers");
        let channel = rpc::client::connect(&url).await.expect("connected");
        Self { child, output, channel }
    }

    /// Waits until it says that it serves.
    pub(crate) async fn serving(&mut self) {
        let said = self.output.next_line().await.expect("it speaks");
        assert_eq!(said.as_deref(), Some("serving"), "the service has ended");
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
        rpc::client::progress(self.channel.clone())
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
        let process = self.child.id().expect("it runs").to_string();
        Taken {
            resident: resident_of(&process),
            processor: processor_time_of(&process),
        }
    }

    /// Ends it in order; returns how long that took.
    pub(crate) async fn stop(mut self) -> Duration {
        let watch = Stopwatch::start();
        drop(self.channel);
        drop(self.child.stdin.take());
        let ended = self.child.wait().await.expect("a child of ours");
        assert!(ended.success(), "it ends in order");
        watch.elapsed()
    }
}

/// What the process does that [`Service::start`] starts: says where it answers and then that it serves, and ends when
/// whoever started it lets go of its input.
#[expect(clippy::print_stdout, reason = "who started it listens")]
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
    println!("{url}");
    let (ready, stop) = (health.clone(), shutdown.clone());
    tokio::spawn(async move {
        ready.until_serving().await;
        println!("serving");
    });
    // Its end is waited for on a thread of its own: nobody reads it otherwise.
    std::thread::spawn(move || {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        stop.trigger();
    });
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
