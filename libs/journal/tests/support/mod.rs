//! A provisioned `nats-server` of each test's own.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
#![expect(dead_code, unreachable_pub, reason = "each test binary uses its part")]

use std::process::Command;

use bytes::Bytes;
use event::units::StreamPosition;
use journal::jetstream::{JetStreamJournal, provision};
use journal::server::NatsServer;
use journal::{Append, Batch, Connection, Follower, Journal, Role};
use serde_json::{Value, json};
use tempfile::TempDir;

pub struct Nats {
    pub server: NatsServer,
    /// Removed after the server is gone: fields are dropped in this order.
    pub dir: TempDir,
}

impl Nats {
    pub async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let server = NatsServer::start(dir.path(), None).await.unwrap();
        let nats = Self { server, dir };
        nats.provision().await;
        nats
    }

    pub async fn provision(&self) {
        provision(&self.connect(Role::Provisioner).await, 1).await.unwrap();
    }

    pub async fn connect(&self, role: Role) -> Connection {
        Connection::connect(&self.server.journal_config(role)).await.unwrap()
    }

    pub async fn open(&self, role: Role) -> JetStreamJournal {
        JetStreamJournal::connect(&self.server.journal_config(role))
            .await
            .unwrap()
    }

    /// A client of its own in this role.
    pub async fn client(&self, role: Role) -> async_nats::Client {
        let seed = std::fs::read_to_string(self.server.seed_path(role)).unwrap();
        let options = async_nats::ConnectOptions::with_nkey(seed.trim().to_owned());
        let options = options.custom_inbox_prefix(role.inbox_prefix());
        options.connect(self.server.url()).await.unwrap()
    }

    /// Calls the JetStream API as the provisioner.
    pub async fn api(&self, subject: &str, body: &Value) -> Value {
        let client = self.client(Role::Provisioner).await;
        let answer = client
            .request(format!("$JS.API.{subject}"), body.to_string().into())
            .await
            .unwrap();
        serde_json::from_slice(&answer.payload).unwrap()
    }

    pub async fn delete_stream(&self) {
        let answer = self.api("STREAM.DELETE.VETA", &json!({})).await;
        assert_eq!(answer["success"], true, "{answer}");
    }

    pub fn signal(&self, signal: &str) {
        let pid = self.server.pid().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }
}

/// Records named `name-0`, `name-1` and so on.
pub fn batch(name: &str, count: usize) -> Vec<Append> {
    let append = |i| Append {
        subject: "veta.statements.custody.org-test".to_owned(),
        payload: Bytes::from(format!("{name}-{i}")),
    };
    (0..count).map(append).collect()
}

pub fn payloads(batch: &[Append]) -> Vec<Bytes> {
    batch.iter().map(|append| append.payload.clone()).collect()
}

pub fn at(position: u64) -> StreamPosition {
    StreamPosition::new(position)
}

/// Reads until caught up, checking that positions have no gap.
pub async fn read_to_end(follower: &mut impl Follower, after: u64) -> Vec<Bytes> {
    let mut records = Vec::new();
    loop {
        let batch: Batch = follower.next().await.unwrap();
        for record in batch.records {
            assert_eq!(record.position, at(after + records.len() as u64 + 1));
            records.push(record.payload);
        }
        if batch.caught_up {
            return records;
        }
    }
}

/// Everything in the stream, read anew.
pub async fn read_all(journal: &impl Journal) -> Vec<Bytes> {
    read_to_end(&mut journal.follow(StreamPosition::START).await.unwrap(), 0).await
}

/// Reads on until `count` records have come.
pub async fn read_count(follower: &mut impl Follower, after: u64, count: usize) -> Vec<Bytes> {
    let mut records = Vec::new();
    while records.len() < count {
        for record in follower.next().await.unwrap().records {
            assert_eq!(record.position, at(after + records.len() as u64 + 1));
            records.push(record.payload);
        }
    }
    records
}
