//! The stream in memory: the same promises, and faults in pairs.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support;

use bytes::Bytes;
use event::units::Timestamp;
use journal::memory::{Fault, MemoryJournal};
use journal::{APPEND_BATCH_MAX, AppendError, FollowError, Follower, Incarnation, Journal};
use proptest::prelude::*;
use support::{at, batch, payloads, read_all, read_to_end};

#[tokio::test]
async fn a_batch_is_stored_whole_where_it_is_expected() {
    let journal = MemoryJournal::new();
    let rival = journal.reopen();
    assert_eq!(journal.append(batch("a", 2), at(0)).await, Ok(at(2)));
    assert_eq!(
        rival.append(batch("b", 2), at(0)).await,
        Err(AppendError::Conflict { last: Some(at(2)) })
    );
    assert_eq!(rival.append(batch("b", 1), at(2)).await, Ok(at(3)));
    let refused = journal.append(batch("c", APPEND_BATCH_MAX + 1), at(3)).await;
    assert!(matches!(refused, Err(AppendError::Refused { .. })));
    assert_eq!(
        read_all(&journal).await,
        [payloads(&batch("a", 2)), payloads(&batch("b", 1))].concat()
    );
}

#[tokio::test]
async fn faults_of_a_pair_answer_alike_and_store_differently() {
    for (fault, stored) in [(Fault::NotPersisted, 0), (Fault::PersistedButUnanswered, 2)] {
        let journal = MemoryJournal::new();
        journal.fail_next(fault);
        assert!(matches!(
            journal.append(batch("a", 2), at(0)).await,
            Err(AppendError::Unknown { .. })
        ));
        assert_eq!(journal.end().await.unwrap().last, at(stored));
        assert_eq!(journal.append(batch("b", 1), at(stored)).await, Ok(at(stored + 1)));
    }
}

#[tokio::test]
async fn an_unanswered_batch_that_does_not_fit_is_not_stored() {
    let journal = MemoryJournal::new();
    journal.push("foreign");
    journal.fail_next(Fault::PersistedButUnanswered);
    assert!(matches!(
        journal.append(batch("a", 2), at(0)).await,
        Err(AppendError::Unknown { .. })
    ));
    assert_eq!(journal.records(), [Bytes::from("foreign")]);
}

#[tokio::test]
async fn a_waiting_follower_is_woken() {
    let journal = MemoryJournal::new();
    let mut follower = journal.follow(at(0)).await.unwrap();
    let start = follower.next().await.unwrap();
    assert!(start.caught_up && start.records.is_empty());
    let (delivered, position) = tokio::join!(biased; follower.next(), async { journal.push("foreign") });
    let delivered = delivered.unwrap();
    assert_eq!((delivered.records[0].position, delivered.caught_up), (position, true));
}

#[tokio::test]
async fn a_follower_of_a_handle_that_is_behind_waits_until_that_catches_up() {
    let journal = MemoryJournal::new();
    let behind = journal.behind(at(2)).reopen();
    journal.append(batch("a", 3), at(0)).await.unwrap();
    let mut follower = behind.follow(at(0)).await.unwrap();
    let given = follower.next().await.unwrap();
    assert_eq!((given.records.len(), given.caught_up), (2, false));
    assert_eq!(
        behind.end().await.unwrap().last,
        at(3),
        "it knows where the stream ends"
    );
    assert_eq!(
        read_all(&journal).await,
        payloads(&batch("a", 3)),
        "others are given all of it"
    );
    let (given, ()) = tokio::join!(biased; follower.next(), async {
        journal.push("foreign");
        behind.clone().catch_up();
    });
    let given = given.unwrap();
    assert_eq!((given.records.len(), given.caught_up), (2, true));
}

/// Follows three records, tampers while the follower waits, and expects it to end so.
async fn check_tampering(tamper: impl Fn(&MemoryJournal), expected: FollowError) {
    let journal = MemoryJournal::new();
    journal.append(batch("a", 3), at(0)).await.unwrap();
    let mut follower = journal.follow(at(0)).await.unwrap();
    read_to_end(&mut follower, 0).await;
    let (ended, ()) = tokio::join!(biased; follower.next(), async { tamper(&journal) });
    assert_eq!(ended, Err(expected.clone()));
    assert_eq!(follower.next().await, Err(expected), "an error is final");
}

#[tokio::test]
async fn tampering_ends_a_follower() {
    let rolled_back = FollowError::StreamRolledBack {
        cursor: at(3),
        last: at(2),
    };
    check_tampering(|journal| journal.roll_back(at(2)), rolled_back).await;

    let created = |unix_ms| Incarnation {
        created: Timestamp::from_unix_ms(unix_ms),
    };
    let replaced = FollowError::StreamReplaced {
        known: created(0),
        found: created(1),
    };
    check_tampering(MemoryJournal::replace, replaced).await;

    let rewrite = |journal: &MemoryJournal| {
        journal.roll_back(at(2));
        journal.push("another third");
    };
    check_tampering(rewrite, FollowError::StreamRewritten { position: at(3) }).await;
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn however_it_was_appended_it_is_followed_whole(
        sizes in prop::collection::vec(1_usize..1_500, 1..6),
        after in 0_u64..500,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let journal = MemoryJournal::new();
            for (i, size) in sizes.iter().enumerate() {
                for part in batch(&format!("b{i}"), *size).chunks(APPEND_BATCH_MAX) {
                    let last = journal.end().await.unwrap().last;
                    journal.append(part.to_vec(), last).await.unwrap();
                }
            }
            let all = journal.records();
            let after = after.min(all.len() as u64);
            let read = read_to_end(&mut journal.follow(at(after)).await.unwrap(), after).await;
            assert_eq!(read, all[usize::try_from(after).unwrap()..]);
        });
    }
}
