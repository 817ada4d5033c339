//! Appends that are not stored, or stored and not answered: nothing is promised, nothing lost, nothing twice.

use std::sync::atomic::Ordering;

use journal::memory::Fault::{NotPersisted, PersistedButUnanswered};
use journal::memory::{Fault, MemoryJournal};
use ledger::Refusal;
use rpc::status::refusal_of;

use crate::slow::SlowJournal;
use crate::support::{Running, Town, check_receipts, check_unknown};

const PAIRS: [[Fault; 2]; 4] = [
    [NotPersisted, NotPersisted],
    [PersistedButUnanswered, PersistedButUnanswered],
    [NotPersisted, PersistedButUnanswered],
    [PersistedButUnanswered, NotPersisted],
];

fn fail(journal: &MemoryJournal, faults: &[Fault]) {
    for fault in faults {
        journal.fail_next(*fault);
    }
}

#[tokio::test]
async fn one_statement_meets_two_faults() {
    for faults in PAIRS {
        let mut town = Town::of(1);
        let journal = town.journal();
        let ingest = Running::start(journal.clone()).await;
        fail(&journal, &faults);
        let lots = town.lots(0, 3);
        let mut unknown = 0;
        for lot in &lots {
            // What is in doubt is not numbered over: its signer submits it again before the next.
            while let Err(status) = ingest.submit(lot).await {
                check_unknown(&status);
                unknown += 1;
            }
        }
        // What was stored is found when the stream is read again, and its submitter has its receipt at once.
        assert_eq!(unknown, faults.iter().filter(|fault| **fault == NotPersisted).count());
        let receipts = ingest.submit_all(&lots).await;
        let records = journal.records();
        check_receipts(&records, lots.iter().zip(&receipts));
        assert_eq!(records.len(), town.setting.len() + lots.len());
        ingest.check_rebuilt(&records).await;
        ingest.stop().await;
    }
}

#[tokio::test]
async fn one_statement_meets_the_same_fault_twice() {
    let mut town = Town::of(1);
    let journal = town.journal();
    let ingest = Running::start(journal.clone()).await;
    fail(&journal, &[NotPersisted, NotPersisted]);
    let lot = town.lot(0);
    check_unknown(&ingest.submit(&lot).await.unwrap_err());
    check_unknown(&ingest.submit(&lot).await.unwrap_err());
    assert_eq!(journal.records().len(), town.setting.len());
    let receipt = ingest.submit(&lot).await.unwrap();
    check_receipts(&journal.records(), [(&lot, &receipt)]);
    ingest.check_rebuilt(&journal.records()).await;
    ingest.stop().await;
}

/// Unanswered, and not stored either, since another writer was first.
#[tokio::test]
async fn an_unanswered_append_that_did_not_fit() {
    let mut town = Town::of(2);
    let journal = town.journal();
    let ingest = Running::start(journal.clone()).await;
    for _ in 0..2 {
        journal.push("not a record");
        journal.fail_next(PersistedButUnanswered);
        let lot = town.lot(0);
        let before = journal.records();
        check_unknown(&ingest.submit(&lot).await.unwrap_err());
        assert_eq!(journal.records(), before);
        let receipt = ingest.submit(&lot).await.unwrap();
        check_receipts(&journal.records(), [(&lot, &receipt)]);
    }
    ingest.check_rebuilt(&journal.records()).await;
    ingest.stop().await;
}

/// More than a queue holds, of one key. Whatever stands behind the unknown outcome would use up its number.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_recorded_behind_an_unknown_outcome_of_its_stream() {
    for faults in PAIRS {
        let mut town = Town::of(1);
        let journal = town.journal();
        let lots = town.lots(0, 3_000);
        let ingest = Running::start(journal.clone()).await;
        fail(&journal, &faults);
        let told = ingest.submit_until_told(&lots).await;
        let refused: Vec<_> = told.iter().filter_map(|outcome| outcome.err()).collect();
        assert_eq!(refused, [], "a statement that was only unlucky is not refused");
        let receipts: Vec<_> = told.into_iter().map(Result::unwrap).collect();
        let records = journal.records();
        check_receipts(&records, lots.iter().zip(&receipts));
        assert_eq!(records.len(), town.setting.len() + lots.len());
        ingest.check_rebuilt(&records).await;
        ingest.stop().await;
    }
}

/// Two submitters share batches with a third whose statements are refused, while faults come from a seed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_from_a_seed_lose_nothing_and_write_nothing_twice() {
    for seed in 1..=8 {
        let mut town = Town::of(3);
        let journal = town.journal();
        let (left, right) = (town.lots_in_turn(&[0, 1], 600), town.lots(2, 600));
        let stranger: Vec<_> = (0..200).map(|_| Town::of(4).lot(3)).collect();
        let ingest = Running::start(journal.clone()).await;
        fail(&journal, &faults_of(seed));
        let (left_told, right_told, refused) = tokio::join!(
            ingest.submit_until_told(&left),
            ingest.submit_until_told(&right),
            ingest.submit_until_told(&stranger),
        );
        assert!(
            refused.iter().all(|outcome| *outcome == Err(Refusal::UnknownKey)),
            "seed {seed}"
        );
        let receipts: Vec<_> = left_told.into_iter().chain(right_told).map(Result::unwrap).collect();
        let records = journal.records();
        check_receipts(&records, left.iter().chain(&right).zip(&receipts));
        assert_eq!(records.len(), town.setting.len() + 1_200, "seed {seed}");
        ingest.check_rebuilt(&records).await;
        ingest.stop().await;
    }
}

/// Eight faults, each of either kind.
fn faults_of(seed: u64) -> Vec<Fault> {
    let coins = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let fault = |place: u32| {
        if (coins >> (8 + place)) & 1 == 0 {
            NotPersisted
        } else {
            PersistedButUnanswered
        }
    };
    (0..8).map(fault).collect()
}

/// A refusal needs to know where the stream ends. Who cannot know promises nothing, and goes on.
#[tokio::test]
async fn nobody_is_refused_while_the_stream_cannot_be_asked() {
    let mut town = Town::of(1);
    let journal = SlowJournal::new(town.journal());
    let ingest = Running::start(journal.clone()).await;
    let stranger = Town::of(2).lot(1);
    journal.mute.store(true, Ordering::SeqCst);
    check_unknown(&ingest.submit(&stranger).await.unwrap_err());
    let lot = town.lot(0);
    let receipt = ingest.submit(&lot).await.unwrap();
    assert_eq!(
        ingest.submit(&lot).await.unwrap(),
        receipt,
        "what is recorded is recorded"
    );
    journal.mute.store(false, Ordering::SeqCst);
    let refused = ingest.submit(&stranger).await.unwrap_err();
    assert_eq!(refusal_of(&refused), Some(Refusal::UnknownKey));
    ingest.check_rebuilt(&journal.stream.records()).await;
    ingest.stop().await;
}
