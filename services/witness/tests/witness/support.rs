//! Witnesses that are started, asked and stopped.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use remote::http::{Answer, Http, Url};
use remote::log::Address;
use serde_json::Value;
use service::clock::TestClock;
use service::health::Health;
use service::shutdown::Shutdown;
use tests::fork::Log;
use tests::world::BEGIN;
use tlog::Checkpoint;
use tlog::cosignature::{CosignTime, Cosigner, CosignerVkey};
use tlog::note::{KeyName, Note};
use tlog::witness::{AddCheckpoint, WitnessAnswer, cosignature_among, origin_hash};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use witness::{Metrics, SERVICES, Witness, WitnessError, Witnessed, run};

/// So long that a test which waits for it has failed.
pub(crate) const LONG: Duration = Duration::from_secs(60);

pub(crate) const NAME: &str = "witness.example/w1";

/// Where a witness keeps what it cosigned.
pub(crate) struct Place {
    dir: tempfile::TempDir,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) wait: Duration,
}

/// A witness that answers.
pub(crate) struct Running {
    http: Http,
    url: Url,
    shutdown: Shutdown,
    task: JoinHandle<Result<(), WitnessError>>,
}

/// The log as a witness knows it.
pub(crate) fn witnessed(log: &Log, audit: Option<Address>) -> Witnessed {
    Witnessed {
        origin: log.origin.clone(),
        vkeys: vec![log.signer.vkey().clone()],
        audit,
    }
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            clock: Arc::new(TestClock::at(BEGIN)),
            wait: LONG,
        }
    }

    /// Of one log, below the witness' directory.
    pub(crate) fn path(&self, log: &Log, name: &str) -> PathBuf {
        self.dir.path().join(origin_hash(&log.origin)).join(name)
    }

    pub(crate) async fn start(&self, logs: Vec<Witnessed>) -> Running {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shutdown = Shutdown::new();
        let task = tokio::spawn(run(self.witness(logs, listener).await, shutdown.clone()));
        Running {
            http: Http::new().unwrap(),
            url: url.parse().unwrap(),
            shutdown,
            task,
        }
    }

    /// How it ends where it must not go on.
    pub(crate) async fn fails(&self, logs: Vec<Witnessed>) -> WitnessError {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        run(self.witness(logs, listener).await, Shutdown::new())
            .await
            .unwrap_err()
    }

    async fn witness(&self, logs: Vec<Witnessed>, listener: TcpListener) -> Witness<Arc<TestClock>> {
        Witness {
            clock: Arc::clone(&self.clock),
            name: KeyName::new(NAME).unwrap(),
            key: SigningKey::from_bytes(&[9; 32]),
            dir: self.dir.path().to_owned(),
            logs,
            wait: self.wait,
            listener,
            health: Health::starting(SERVICES).await,
            metrics: Metrics::default(),
        }
    }
}

impl Running {
    /// Where it answers, for whoever speaks HTTP by hand.
    pub(crate) fn address(&self) -> String {
        let url = self.url.to_string();
        url.trim_start_matches("http://").trim_end_matches('/').to_owned()
    }

    /// All of an answer, with its head.
    pub(crate) async fn raw_post(&self, body: &str) -> String {
        let mut line = TcpStream::connect(self.address()).await.unwrap();
        let length = body.len();
        let head = format!(
            "POST /add-checkpoint HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
        );
        line.write_all((head + body).as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(LONG, line.read_to_string(&mut answer)).await.unwrap().unwrap();
        answer
    }

    pub(crate) async fn stop(self) {
        self.shutdown.trigger();
        self.task.await.unwrap().unwrap();
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.http.get(&self.url.below(path), 1 << 20, LONG).await.unwrap()
    }

    pub(crate) async fn post(&self, body: impl Into<Vec<u8>>) -> Answer {
        let url = self.url.below("add-checkpoint");
        self.http.post(&url, body.into(), 1 << 20, LONG).await.unwrap()
    }

    /// What it answers to a request, read as a log reads it.
    pub(crate) async fn ask(&self, request: &AddCheckpoint) -> WitnessAnswer {
        let answer = self.post(request.encode().unwrap()).await;
        WitnessAnswer::read(answer.status, &answer.body).unwrap()
    }

    /// The status of the answer; of 200, after its cosignature was verified.
    pub(crate) async fn status(&self, request: &AddCheckpoint) -> u16 {
        match self.ask(request).await {
            WitnessAnswer::Cosigned(lines) => {
                cosignature_among(&lines, &request.checkpoint, &vkey()).unwrap();
                200
            }
            WitnessAnswer::OtherSize(_) => 409,
            WitnessAnswer::Refused { status, .. } => status,
        }
    }

    /// The note that it shows as cosigned last, and when that was.
    pub(crate) async fn cosigned(&self, log: &Log) -> Option<(Checkpoint, CosignTime)> {
        let answer = self.get(&format!("{}/checkpoint", origin_hash(&log.origin))).await;
        if answer.status == 404 {
            return None;
        }
        let note = Note::parse(&answer.body).unwrap();
        let checkpoint = Checkpoint::from_note(&note, log.signer.vkey()).unwrap();
        Some((checkpoint, note.cosigned(&vkey()).unwrap()))
    }

    pub(crate) async fn evidence(&self, log: &Log) -> Vec<Value> {
        let answer = self.get(&format!("{}/evidence", origin_hash(&log.origin))).await;
        let shown: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(shown["origin"], log.origin.as_str());
        shown["evidence"].as_array().unwrap().clone()
    }
}

pub(crate) fn vkey() -> CosignerVkey {
    cosigner().vkey().clone()
}

pub(crate) fn cosigner() -> Cosigner {
    Cosigner::new(KeyName::new(NAME).unwrap(), SigningKey::from_bytes(&[9; 32])).unwrap()
}

/// Checks that a note of evidence is one that the log signed; gives what it says.
#[track_caller]
pub(crate) fn signed(note: &Value, log: &Log) -> Checkpoint {
    Checkpoint::open(note.as_str().unwrap().as_bytes(), log.signer.vkey()).unwrap()
}
