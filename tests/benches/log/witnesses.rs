//! Witnesses of the log in this process, each with a key, a door and a directory on the disk of its own.

use std::fmt::Write as _;
use std::sync::Arc;

use audit::{Terms, Witnessing};
use service::clock::TestClock;
use service::health::Health;
use service::shutdown::Shutdown;
use tempfile::TempDir;
use tests::world::{BEGIN, key};
use tlog::Origin;
use tlog::cosignature::Cosigner;
use tlog::note::{KeyName, NoteSigner};
use tlog::policy::Policy;
use tokio::task::JoinHandle;
use witness::{Witness, Witnessed};

use crate::replayed::listen;
use crate::served::{LOG_KEY, ORIGIN};

/// All of them must have cosigned what is published.
pub(crate) const COUNT: u64 = 3;

/// Witnesses that answer.
pub(crate) struct Witnesses {
    shutdown: Shutdown,
    running: Vec<JoinHandle<()>>,
    /// Removed after they have ended.
    dirs: Vec<TempDir>,
}

impl Witnesses {
    /// Starts them; and what the log is told of them.
    pub(crate) async fn start() -> (Self, Witnessing) {
        let origin = Origin::new(ORIGIN).expect("a good origin");
        let log = NoteSigner::new(origin.key_name().clone(), key(LOG_KEY)).expect("a good key");
        let mut policy = format!("log {}\n", log.vkey());
        let mut group = "group everyone all".to_owned();
        let mut witnesses = Self {
            shutdown: Shutdown::new(),
            running: Vec::new(),
            dirs: Vec::new(),
        };
        for number in 1..=COUNT {
            let (listener, url) = listen().await;
            let name = KeyName::new(format!("w{number}.bench.veta.example")).expect("a good name");
            let cosigner = Cosigner::new(name.clone(), key(number)).expect("a good key");
            let written = writeln!(policy, "witness w{number} {} {url}", cosigner.vkey());
            written.and_then(|()| write!(group, " w{number}")).expect("text grows");
            let dir = tempfile::tempdir().expect("a directory");
            let witness = Witness {
                clock: Arc::new(TestClock::at(BEGIN)),
                name,
                key: key(number),
                dir: dir.path().to_owned(),
                logs: vec![Witnessed {
                    origin: origin.clone(),
                    vkeys: vec![log.vkey().clone()],
                    audit: None,
                }],
                wait: witness::AUDIT_WAIT,
                listener,
                health: Health::starting(witness::SERVICES).await,
                metrics: witness::Metrics::default(),
            };
            let running = witness::run(witness, witnesses.shutdown.clone());
            witnesses
                .running
                .push(tokio::spawn(async { running.await.expect("it witnesses") }));
            witnesses.dirs.push(dir);
        }
        let policy = format!("{policy}{group}\nquorum everyone\n");
        let witnessing = Witnessing {
            policy: Policy::parse(policy.as_bytes()).expect("a good policy"),
            terms: Terms::default(),
        };
        (witnesses, witnessing)
    }

    pub(crate) async fn stop(self) {
        self.shutdown.trigger();
        for running in self.running {
            running.await.expect("it ends in order");
        }
        drop(self.dirs);
    }
}
