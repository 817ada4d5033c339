//! Appending to a real server: whole or not at all, where expected or not at all, and silence is "unknown".
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use journal::jetstream::JetStreamJournal;
use journal::server::NatsServer;
use journal::{
    APPEND_BATCH_MAX, Append, AppendError, FOLLOW_BATCH_MAX, Follower, Journal, PAYLOAD_BYTES_MAX, Role, jetstream,
};
use support::{Nats, at, batch, payloads, read_all};
use tests::stored::stored;

#[tokio::test]
async fn a_batch_is_stored_whole_where_it_is_expected() {
    let nats = Nats::start().await;
    let journal = nats.open(Role::Ingest).await;
    assert_eq!(journal.end().await.unwrap().last, at(0));
    let (first, second) = (batch("first", 3), batch("second", 1));
    assert_eq!(stored(&journal, &first, at(0)).await, at(3));
    assert_eq!(
        journal.append(batch("late", 2), at(0)).await,
        Err(AppendError::Conflict { last: Some(at(3)) })
    );
    assert_eq!(
        journal.append(batch("early", 2), at(4)).await,
        Err(AppendError::Conflict { last: Some(at(3)) })
    );
    assert_eq!(stored(&journal, &second, at(3)).await, at(4));
    assert_eq!(read_all(&journal).await, [payloads(&first), payloads(&second)].concat());
    assert_eq!(journal.end().await.unwrap().last, at(4));
}

#[tokio::test]
async fn the_largest_batch_is_stored() {
    let nats = Nats::start().await;
    let journal = nats.open(Role::Ingest).await;
    let largest = batch("large", APPEND_BATCH_MAX);
    assert_eq!(stored(&journal, &largest, at(0)).await, at(1_000));
    assert_eq!(read_all(&journal).await, payloads(&largest));
}

#[tokio::test]
async fn the_largest_records_are_stored_and_followed() {
    let nats = Nats::start().await;
    let journal = nats.open(Role::Ingest).await;
    let mut largest = batch("large", 300);
    for append in &mut largest {
        append.payload = Bytes::from(vec![7; PAYLOAD_BYTES_MAX]);
    }
    assert_eq!(stored(&journal, &largest, at(0)).await, at(300));
    assert_eq!(read_all(&journal).await, payloads(&largest));
}

#[tokio::test]
async fn what_no_stream_takes_is_refused_before_it_is_sent() {
    let nats = Nats::start().await;
    let journal = nats.open(Role::Ingest).await;
    let with = |subject: &str, bytes: usize| {
        vec![Append {
            subject: subject.to_owned(),
            payload: Bytes::from(vec![0; bytes]),
        }]
    };
    let subject = "veta.statements.custody.org-test";
    let cases = [
        (vec![], "1 to 1000 records, not 0"),
        (batch("many", APPEND_BATCH_MAX + 1), "1 to 1000 records, not 1001"),
        (with(subject, PAYLOAD_BYTES_MAX + 1), "bytes long"),
        (with("veta.statements.custody", 1), "has the subject"),
        (with("veta.statements.custody.*", 1), "has the subject"),
        (with("veta.statements.custody.a b", 1), "has the subject"),
        (with("$JS.API.STREAM.DELETE.VETA", 1), "has the subject"),
    ];
    for (batch, expected) in cases {
        let error = journal.append(batch, at(0)).await.unwrap_err();
        assert!(
            matches!(&error, AppendError::Refused { why } if why.contains(expected)),
            "{error}"
        );
    }
    assert_eq!(journal.end().await.unwrap().last, at(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_writers_exactly_one_wins_each_round() {
    let nats = Nats::start().await;
    let (one, other) = (nats.open(Role::Ingest).await, nats.open(Role::Ingest).await);
    let mut expected = Vec::new();
    for round in 0..40 {
        let last = at(expected.len() as u64);
        // One record alone travels differently from three.
        let count = if round % 2 == 0 { 1 } else { 3 };
        let (a, b) = (batch(&format!("a{round}"), count), batch(&format!("b{round}"), count));
        let outcome = tokio::join!(one.append(a.clone(), last), other.append(b.clone(), last));
        let winner = match outcome {
            (Ok(_), Err(AppendError::Conflict { .. })) => a,
            (Err(AppendError::Conflict { .. }), Ok(_)) => b,
            neither => panic!("round {round}: {neither:?}"),
        };
        expected.extend(payloads(&winner));
    }
    assert_eq!(read_all(&one).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn clones_keep_one_batch_in_flight() {
    let nats = Nats::start().await;
    let journal = nats.open(Role::Ingest).await;
    let (a, b) = (journal.clone(), journal.clone());
    // Were both in flight at once, the second would meet a stream that does not yet end at 500.
    let (first, second) = tokio::join!(
        biased;
        a.append(batch("a", 500), at(0)),
        b.append(batch("b", 500), at(500)),
    );
    assert_eq!((first, second), (Ok(at(500)), Ok(at(1_000))));
}

#[tokio::test]
async fn a_server_that_stops_answering_leaves_the_outcome_unknown() {
    let nats = Nats::start().await;
    let journal = nats.open(Role::Ingest).await;
    nats.signal("-STOP");
    let ambiguous = batch("ambiguous", 3);
    let error = journal.append(ambiguous.clone(), at(0)).await.unwrap_err();
    assert!(matches!(error, AppendError::Unknown { .. }), "{error}");
    nats.signal("-CONT");
    // The server reads what lies in its socket before it reads what is sent now: here, the batch was stored after all.
    let again = journal.append(batch("again", 1), at(0)).await;
    assert_eq!(again, Err(AppendError::Conflict { last: Some(at(3)) }));
    assert_eq!(read_all(&journal).await, payloads(&ambiguous));
}

#[tokio::test]
async fn a_batch_sent_while_disconnected_is_unknown_and_never_stored_twice() {
    let mut nats = Nats::start().await;
    let journal = nats.open(Role::Ingest).await;
    nats.server.kill().await.unwrap();
    // The first may still meet a connection that does not know that it is dead; the second surely does not.
    for _ in 0..2 {
        let error = journal.append(batch("lost", 3), at(0)).await.unwrap_err();
        assert!(matches!(error, AppendError::Unknown { .. }), "{error}");
    }
    nats.server.restart().await.unwrap();
    // The ground decides: what was still queued in the client may have been stored since, whole.
    if read_all(&journal).await.is_empty() {
        match journal.append(batch("lost", 3), at(0)).await {
            Ok(position) => assert_eq!(position, at(3)),
            Err(error) => assert_eq!(error, AppendError::Conflict { last: Some(at(3)) }),
        }
    }
    assert_eq!(read_all(&journal).await.len(), 3);
}

#[tokio::test]
async fn acknowledged_records_survive_a_crash() {
    let mut nats = Nats::start().await;
    let journal = nats.open(Role::Ingest).await;
    let kept = batch("kept", 64);
    stored(&journal, &kept, at(0)).await;
    nats.server.kill().await.unwrap();
    nats.server.restart().await.unwrap();
    let journal = nats.open(Role::Ingest).await;
    assert_eq!(read_all(&journal).await, payloads(&kept));
    assert_eq!(stored(&journal, &batch("next", 1), at(64)).await, at(65));
}

#[tokio::test]
async fn a_role_without_the_right_is_told_so() {
    let nats = Nats::start().await;
    for role in [Role::View, Role::Progress, Role::Audit] {
        let journal = nats.open(role).await;
        let error = journal.append(batch("forbidden", 3), at(0)).await.unwrap_err();
        assert!(
            matches!(&error, AppendError::Refused { why } if why.contains("permission")),
            "{role:?}: {error}"
        );
        assert_eq!(journal.end().await.unwrap().last, at(0));
    }
}

#[tokio::test]
async fn a_full_stream_refuses() {
    let nats = Nats::start().await;
    let journal = nats.open(Role::Ingest).await;
    stored(&journal, &batch("fits", 5), at(0)).await;
    let info = nats.api("STREAM.INFO.VETA", &serde_json::json!({})).await;
    let mut config = info["config"].clone();
    config["max_msgs"] = 6.into();
    let answer = nats.api("STREAM.UPDATE.VETA", &config).await;
    assert_eq!(answer.get("error"), None, "{answer}");
    let error = journal.append(batch("full", 3), at(5)).await.unwrap_err();
    assert!(
        matches!(&error, AppendError::Refused { why } if why.contains("maximum")),
        "{error}"
    );
    assert_eq!(journal.end().await.unwrap().last, at(5));
}

#[tokio::test]
async fn a_full_disk_ends_in_an_error_within_the_deadline_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("SKIPPED: a full disk needs the right to mount a tmpfs");
        return;
    };
    let mut server = NatsServer::start(&disk.dir.path().join("nats"), None).await.unwrap();
    let provisioner = journal::Connection::connect(&server.journal_config(Role::Provisioner))
        .await
        .unwrap();
    jetstream::provision(&provisioner, 1).await.unwrap();
    let journal = JetStreamJournal::connect(&server.journal_config(Role::Ingest))
        .await
        .unwrap();
    let kept = batch("kept", 10);
    stored(&journal, &kept, at(0)).await;

    disk.fill();
    for count in [100, 1] {
        let mut large = batch("large", count);
        for append in &mut large {
            append.payload = Bytes::from(vec![1; 10_000]);
        }
        let error = journal.append(large, at(10)).await.unwrap_err();
        assert!(
            matches!(error, AppendError::Unknown { .. } | AppendError::Refused { .. }),
            "{error}"
        );
    }

    disk.free();
    server.restart().await.unwrap();
    let journal = JetStreamJournal::connect(&server.journal_config(Role::Ingest))
        .await
        .unwrap();
    assert_eq!(read_all(&journal).await, payloads(&kept));
    assert_eq!(stored(&journal, &batch("after", 1), at(10)).await, at(11));
}

#[tokio::test]
async fn a_long_stream_is_followed_in_bounded_batches() {
    let nats = Nats::start().await;
    let journal = nats.open(Role::Ingest).await;
    for round in 0..3 {
        stored(
            &journal,
            &batch(&format!("r{round}"), APPEND_BATCH_MAX),
            at(round * 1_000),
        )
        .await;
    }
    let mut follower = journal.follow(at(0)).await.unwrap();
    let mut read = 0;
    loop {
        let batch = follower.next().await.unwrap();
        assert!(!batch.records.is_empty() && batch.records.len() <= FOLLOW_BATCH_MAX);
        read += batch.records.len();
        if batch.caught_up {
            break;
        }
    }
    assert_eq!(read, 3_000);
}

/// A tmpfs of 32 MiB, unmounted when dropped.
struct SmallDisk {
    dir: tempfile::TempDir,
}

impl SmallDisk {
    fn mount() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=32m", "tmpfs"])
            .arg(dir.path())
            .output();
        mount
            .is_ok_and(|output| output.status.success())
            .then_some(Self { dir })
    }

    fn filler(&self) -> impl AsRef<Path> {
        self.dir.path().join("filler")
    }

    fn fill(&self) {
        // Writing ends where the disk does.
        fs::write(self.filler(), vec![0; 64 * 1024 * 1024]).unwrap_err();
    }

    fn free(&self) {
        fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the server may still be ending.
        Command::new("umount")
            .arg("--lazy")
            .arg(self.dir.path())
            .status()
            .unwrap();
    }
}
