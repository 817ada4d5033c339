//! A stream server that syncs every write: shared by the benches that need one.

use std::path::PathBuf;

use journal::jetstream::{JetStreamJournal, provision};
use journal::server::NatsServer;
use journal::{Connection, Role};
use tempfile::TempDir;

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
