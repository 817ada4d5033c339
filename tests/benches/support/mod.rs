//! A stream server that syncs every write, a place to answer, and a replay to compare with: shared by the benches.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use journal::jetstream::{JetStreamJournal, provision};
use journal::server::NatsServer;
use journal::{Append, Connection, Role};
use replay::{Checked, Replica, Step, check};
use service::clock::Stopwatch;
use service::parallel::map_all_while;
use tempfile::TempDir;
use tokio::net::TcpListener;

/// Records that a replay checks while it steps through as many before them.
const REPLAY_BATCH: usize = 1_000;

/// A stream server of one measurement's own, every write of which is synced.
pub(crate) struct Stream {
    pub(crate) server: NatsServer,
    /// Removed after the server is gone: fields are dropped in this order.
    dir: TempDir,
}

impl Stream {
    pub(crate) async fn start() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let server = NatsServer::start(dir.path(), None).await.expect("a nats-server");
        let stream = Self { server, dir };
        let config = stream.server.journal_config(Role::Provisioner);
        let provisioner = Connection::connect(&config).await.expect("connected");
        provision(&provisioner, 1).await.expect("provisioned");
        stream
    }

    pub(crate) async fn open(&self, role: Role) -> JetStreamJournal {
        JetStreamJournal::connect(&self.server.journal_config(role))
            .await
            .expect("opened")
    }

    pub(crate) fn dir(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

/// A free port, and the address of who answers there.
pub(crate) async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    (listener, url)
}

/// Checks every record on all cores while it steps through those before; `see` is shown each step.
pub(crate) fn replay(
    records: &[Append],
    mut replica: Replica,
    see: impl Fn(Step) + Send + Sync,
) -> (Replica, Duration) {
    let payloads: Vec<Bytes> = records.iter().map(|record| record.payload.clone()).collect();
    let watch = Stopwatch::start();
    see(replica.step(check(None, payloads[0].clone())));
    let deployment = replica.deployment();
    let mut checked: Vec<Checked> = Vec::new();
    for batch in payloads[1..].chunks(REPLAY_BATCH).chain([[].as_slice()]) {
        let step_before = || checked.drain(..).for_each(|record| see(replica.step(record)));
        let check_next = |payload| check(deployment, payload);
        (checked, ()) = map_all_while(batch.to_vec(), check_next, step_before);
    }
    let took = watch.elapsed();
    assert_eq!(
        replica.position().get(),
        records.len() as u64,
        "every record was stepped through"
    );
    (replica, took)
}
