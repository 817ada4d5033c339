//! The child process: started once per directory, ended with its handle, and closed to strangers.

mod support;

use std::os::unix::fs::PermissionsExt;

use journal::server::{NatsServer, ServerError};
use journal::{Connection, JournalConfig, JournalError, Role};
use support::Nats;

#[tokio::test]
async fn a_directory_serves_one_server_at_a_time() {
    let nats = Nats::start().await;
    let pid = nats.server.pid().unwrap().to_string();
    let error = NatsServer::start(nats.dir.path(), None).await.unwrap_err();
    assert!(
        matches!(&error, ServerError::InUse { pid: named, .. } if *named == pid),
        "{error}"
    );
}

#[tokio::test]
async fn stops_and_restarts_at_the_same_port_with_the_same_seeds() {
    let mut nats = Nats::start().await;
    let (url, seed) = (
        nats.server.url(),
        std::fs::read(nats.server.seed_path(Role::Ingest)).unwrap(),
    );
    nats.server.stop().await.unwrap();
    assert_eq!(nats.server.pid(), None);
    nats.server.restart().await.unwrap();
    assert_eq!(
        (
            nats.server.url(),
            std::fs::read(nats.server.seed_path(Role::Ingest)).unwrap()
        ),
        (url, seed)
    );
    nats.open(Role::Ingest).await;
}

#[tokio::test]
async fn a_taken_port_is_an_error_that_quotes_the_log() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let error = NatsServer::start(dir.path(), Some(taken.local_addr().unwrap().port()))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, ServerError::Ended { log, .. } if log.contains("address already in use")),
        "{error}"
    );
}

#[tokio::test]
async fn seeds_are_their_owners_own() {
    let nats = Nats::start().await;
    for role in Role::ALL {
        let mode = std::fs::metadata(nats.server.seed_path(role))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{role:?}");
    }
}

#[tokio::test]
async fn strangers_are_turned_away_at_once() {
    let nats = Nats::start().await;
    let stranger = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(stranger.path(), nkeys::KeyPair::new_user().seed().unwrap()).unwrap();
    let known = nats.server.journal_config(Role::View);
    for nkey in [None, Some(stranger.path().to_owned())] {
        let config = JournalConfig { nkey, ..known.clone() };
        let error = Connection::connect(&config).await.unwrap_err();
        assert!(
            matches!(&error, JournalError::Connect { why, .. } if why.contains("authorization")),
            "{error}"
        );
    }
    let config = JournalConfig {
        nkey: Some("/nowhere".into()),
        ..known
    };
    let error = Connection::connect(&config).await.unwrap_err();
    assert!(matches!(error, JournalError::Seed { .. }), "{error}");
}
