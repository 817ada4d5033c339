//! Following a real server: every record once and in order, through crashes; a stream that is another one is noticed.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support;

use std::path::Path;
use std::time::Duration;

use journal::{FollowError, Follower, Journal, Role};
use serde_json::json;
use support::{Nats, at, batch, payloads, read_count, read_to_end};
use tests::stored::stored;
use tokio::time::timeout;

#[tokio::test]
async fn follows_from_any_cursor_and_says_when_it_is_caught_up() {
    let nats = Nats::start().await;
    let writer = nats.open(Role::Ingest).await;
    let all = batch("all", 10);
    stored(&writer, &all, at(0)).await;
    let reader = nats.open(Role::View).await;
    for after in 0..=10 {
        let mut follower = reader.follow(at(after)).await.unwrap();
        let rest = payloads(&all[usize::try_from(after).unwrap()..]);
        assert_eq!(read_to_end(&mut follower, after).await, rest, "after {after}");
    }
}

#[tokio::test]
async fn an_empty_end_is_said_once_and_new_records_arrive() {
    let nats = Nats::start().await;
    let writer = nats.open(Role::Ingest).await;
    let mut follower = nats.open(Role::View).await.follow(at(0)).await.unwrap();
    let start = follower.next().await.unwrap();
    assert!(start.caught_up && start.records.is_empty());
    for round in 0..20 {
        let one = batch(&format!("r{round}"), 1);
        let (end, delivered) = tokio::join!(stored(&writer, &one, at(round)), follower.next());
        assert_eq!(end, at(round + 1));
        let delivered = delivered.unwrap();
        assert!(delivered.caught_up);
        assert_eq!(delivered.records[0].payload, one[0].payload);
    }
}

#[tokio::test]
async fn goes_on_behind_its_cursor_after_a_crash() {
    let mut nats = Nats::start().await;
    let writer = nats.open(Role::Ingest).await;
    let (first, second) = (batch("first", 100), batch("second", 5));
    stored(&writer, &first, at(0)).await;
    let reader = nats.open(Role::View).await;
    let mut read = reader.follow(at(0)).await.unwrap();
    assert_eq!(read_to_end(&mut read, 0).await, payloads(&first));
    // This one has not read anything yet: a consumer of the client library would start again at 1.
    let mut unread = reader.follow(at(100)).await.unwrap();
    assert!(unread.next().await.unwrap().caught_up);

    nats.server.kill().await.unwrap();
    nats.server.restart().await.unwrap();
    let writer = nats.open(Role::Ingest).await;
    stored(&writer, &second, at(100)).await;
    assert_eq!(read_count(&mut read, 100, 5).await, payloads(&second));
    assert_eq!(read_count(&mut unread, 100, 5).await, payloads(&second));
}

#[tokio::test]
async fn waits_for_a_server_that_is_away() {
    let mut nats = Nats::start().await;
    let writer = nats.open(Role::Ingest).await;
    stored(&writer, &batch("kept", 3), at(0)).await;
    let reader = nats.open(Role::View).await;
    nats.server.kill().await.unwrap();
    let (followed, restarted) = tokio::join!(reader.follow(at(1)), nats.server.restart());
    restarted.unwrap();
    assert_eq!(
        read_to_end(&mut followed.unwrap(), 1).await,
        payloads(&batch("kept", 3)[1..])
    );
}

#[tokio::test]
async fn goes_on_when_a_silent_server_answers_again() {
    let nats = Nats::start().await;
    let writer = nats.open(Role::Ingest).await;
    let mut follower = nats.open(Role::View).await.follow(at(0)).await.unwrap();
    assert!(follower.next().await.unwrap().caught_up);
    nats.signal("-STOP");
    // Longer than the follower bears silence.
    assert!(timeout(Duration::from_secs(3), follower.next()).await.is_err());
    nats.signal("-CONT");
    let sent = batch("a", 3);
    let (end, read) = tokio::join!(stored(&writer, &sent, at(0)), read_count(&mut follower, 0, 3));
    assert_eq!((end, read), (at(3), payloads(&sent)));
}

#[tokio::test]
async fn records_dropped_from_the_front_are_a_gap() {
    let nats = Nats::start().await;
    stored(&nats.open(Role::Ingest).await, &batch("a", 9), at(0)).await;
    let reader = nats.open(Role::View).await;
    let info = nats.api("STREAM.INFO.VETA", &json!({})).await;
    let mut config = info["config"].clone();
    (config["max_msgs"], config["discard"]) = (json!(4), json!("old"));
    nats.api("STREAM.UPDATE.VETA", &config).await;
    assert_eq!(
        reader.follow(at(0)).await.unwrap_err(),
        FollowError::Gap {
            expected: at(1),
            found: at(6)
        }
    );
    assert_eq!(
        read_to_end(&mut reader.follow(at(5)).await.unwrap(), 5).await,
        payloads(&batch("a", 9)[5..])
    );
}

#[tokio::test]
async fn dropping_the_future_loses_nothing() {
    let nats = Nats::start().await;
    let writer = nats.open(Role::Ingest).await;
    let mut follower = nats.open(Role::View).await.follow(at(0)).await.unwrap();
    let mut read = Vec::new();
    for round in 0..50 {
        stored(&writer, &batch(&format!("r{round}"), 2), at(round * 2)).await;
        tokio::select! {
            biased;
            batch = follower.next() => read.extend(batch.unwrap().records),
            () = tokio::task::yield_now() => {}
        }
    }
    while read.len() < 100 {
        read.extend(follower.next().await.unwrap().records);
    }
    let positions: Vec<_> = read.iter().map(|record| record.position.get()).collect();
    assert_eq!(positions, (1..=100).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_cursor_beyond_the_end_is_a_rollback() {
    let nats = Nats::start().await;
    stored(&nats.open(Role::Ingest).await, &batch("few", 3), at(0)).await;
    let error = nats.open(Role::View).await.follow(at(4)).await.unwrap_err();
    assert_eq!(
        error,
        FollowError::StreamRolledBack {
            cursor: at(4),
            last: at(3)
        }
    );
}

#[tokio::test]
async fn a_stream_deleted_and_created_again_is_another() {
    let nats = Nats::start().await;
    let writer = nats.open(Role::Ingest).await;
    stored(&writer, &batch("old", 5), at(0)).await;
    let reader = nats.open(Role::View).await;
    let mut follower = reader.follow(at(0)).await.unwrap();
    read_to_end(&mut follower, 0).await;

    nats.delete_stream().await;
    nats.provision().await;
    stored(&writer, &batch("new", 9), at(0)).await;
    let error = follower.next().await.unwrap_err();
    assert!(matches!(error, FollowError::StreamReplaced { .. }), "{error}");
    assert_eq!(follower.next().await.unwrap_err(), error, "an error is final");
    let again = reader.follow(at(5)).await.unwrap_err();
    assert!(matches!(again, FollowError::StreamReplaced { .. }), "{again}");
    // A process that starts now takes the stream for what it is; its views compare the incarnation they stored.
    let reopened = nats.open(Role::View).await;
    assert_ne!(
        reopened.end().await.unwrap().incarnation,
        match error {
            FollowError::StreamReplaced { known, .. } => known,
            other => panic!("{other}"),
        }
    );
}

/// Puts an older copy of the server's directory back, and appends `grown` records to it.
async fn check_restored_backup(grown: usize, expected: &FollowError) {
    let mut nats = Nats::start().await;
    let writer = nats.open(Role::Ingest).await;
    stored(&writer, &batch("kept", 3), at(0)).await;
    nats.server.stop().await.unwrap();
    let backup = tempfile::tempdir().unwrap();
    copy(&nats.dir.path().join("store"), &backup.path().join("store"));
    nats.server.restart().await.unwrap();
    let writer = nats.open(Role::Ingest).await;
    stored(&writer, &batch("lost", 4), at(3)).await;
    let mut follower = nats.open(Role::View).await.follow(at(0)).await.unwrap();
    assert_eq!(read_to_end(&mut follower, 0).await.len(), 7);

    nats.server.kill().await.unwrap();
    std::fs::remove_dir_all(nats.dir.path().join("store")).unwrap();
    copy(&backup.path().join("store"), &nats.dir.path().join("store"));
    nats.server.restart().await.unwrap();
    if 0 < grown {
        stored(&nats.open(Role::Ingest).await, &batch("other", grown), at(3)).await;
    }
    // Nobody has polled the follower since: it looks again only now.
    assert_eq!(&follower.next().await.unwrap_err(), expected);
}

#[tokio::test]
async fn a_restored_backup_is_a_rollback() {
    check_restored_backup(
        0,
        &FollowError::StreamRolledBack {
            cursor: at(7),
            last: at(3),
        },
    )
    .await;
}

#[tokio::test]
async fn a_restored_backup_that_has_grown_again_is_noticed_by_its_records() {
    check_restored_backup(9, &FollowError::StreamRewritten { position: at(7) }).await;
}

fn copy(from: &Path, to: &Path) {
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .args([from, to])
        .status()
        .unwrap();
    assert!(copied.success());
}
