//! The compare-and-swap cell, over a bucket of a real server and in memory: the same answers.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support;

use bytes::Bytes;
use journal::Role;
use journal::cell::{CELL_BYTES_MAX, Cell, CellError, Held, JetStreamCell, MemoryCell, Revision};
use journal::memory::Fault;
use support::Nats;

async fn check_swaps(cell: impl Cell, other: impl Cell) {
    assert_eq!(cell.get().await, Ok(None));
    let first = cell.create(Bytes::from("one")).await.unwrap();
    assert_eq!(cell.create(Bytes::from("again")).await, Err(CellError::Conflict));
    assert_eq!(
        other.get().await,
        Ok(Some(Held {
            value: Bytes::from("one"),
            revision: first
        }))
    );
    let second = other.update(Bytes::from("two"), first).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(cell.update(Bytes::from("rival"), first).await, Err(CellError::Conflict));
    assert_eq!(
        cell.update(Bytes::from("rival"), Revision::NONE).await,
        Err(CellError::Conflict)
    );
    let large = Bytes::from(vec![0; CELL_BYTES_MAX + 1]);
    assert!(matches!(
        cell.update(large, second).await,
        Err(CellError::Refused { .. })
    ));
    assert_eq!(
        cell.get().await,
        Ok(Some(Held {
            value: Bytes::from("two"),
            revision: second
        }))
    );
    let empty = cell.update(Bytes::new(), second).await.unwrap();
    assert_eq!(
        cell.get().await,
        Ok(Some(Held {
            value: Bytes::new(),
            revision: empty
        }))
    );
}

#[tokio::test]
async fn swaps_in_memory() {
    let cell = MemoryCell::new();
    check_swaps(cell.clone(), cell).await;
}

#[tokio::test]
async fn swaps_on_a_server_through_two_connections_and_a_crash() {
    let mut nats = Nats::start().await;
    let one = JetStreamCell::open(nats.connect(Role::Audit).await, "head", 1)
        .await
        .unwrap();
    let other = JetStreamCell::open(nats.connect(Role::Audit).await, "head", 1)
        .await
        .unwrap();
    check_swaps(one, other).await;
    nats.server.kill().await.unwrap();
    nats.server.restart().await.unwrap();
    let reopened = JetStreamCell::open(nats.connect(Role::Audit).await, "head", 1)
        .await
        .unwrap();
    let held = reopened.get().await.unwrap().unwrap();
    reopened.update(Bytes::from("three"), held.revision).await.unwrap();
}

#[tokio::test]
async fn an_unanswered_update_is_told_apart_only_by_reading_again() {
    for (fault, expected) in [
        (Fault::NotPersisted, None),
        (Fault::PersistedButUnanswered, Some("value")),
    ] {
        let cell = MemoryCell::new();
        cell.fail_next(fault);
        assert!(matches!(
            cell.create(Bytes::from("value")).await,
            Err(CellError::Unknown { .. })
        ));
        let held = cell.get().await.unwrap().map(|held| held.value);
        assert_eq!(held, expected.map(Bytes::from));
    }
}

#[tokio::test]
async fn only_audit_opens_it() {
    let nats = Nats::start().await;
    for role in [Role::Ingest, Role::View, Role::Progress] {
        let error = JetStreamCell::open(nats.connect(role).await, "head", 1)
            .await
            .unwrap_err();
        assert!(error.to_string().contains("permission"), "{role:?}: {error}");
    }
}
