//! The same bytes, however often and by whatever way: the same receipt, and once in the stream.

use service::clock::TestClock;

use ::tests::world::BEGIN;

use crate::support::{Running, Town, check_receipts, times};

#[tokio::test]
async fn the_same_bytes_give_the_same_receipt() {
    let mut town = Town::of(2);
    let journal = town.journal();
    let lots = town.lots_in_turn(&[0, 1], 20);
    let ingest = Running::start(journal.clone()).await;
    let first = ingest.submit(&lots[0]).await.unwrap();
    assert_eq!(ingest.submit(&lots[0]).await.unwrap(), first);

    // Each twice in a row, then all again backwards: within a batch, across batches.
    let doubled: Vec<_> = lots.iter().flat_map(|lot| [lot.clone(), lot.clone()]).collect();
    let receipts = ingest.submit_all(&doubled).await;
    assert_eq!(receipts[0], first);
    assert!(receipts.chunks(2).all(|pair| pair[0] == pair[1]));
    let receipts: Vec<_> = receipts.into_iter().step_by(2).collect();
    let backwards: Vec<_> = lots.iter().rev().cloned().collect();
    let mut again = ingest.submit_all(&backwards).await;
    again.reverse();
    assert_eq!(again, receipts);
    check_receipts(&journal.records(), lots.iter().zip(&receipts));
    assert_eq!(journal.records().len(), town.setting.len() + lots.len());
    ingest.stop().await;

    // Another process at another time, which reads it all from the stream.
    let later = Running::start_at(journal.reopen(), TestClock::at(BEGIN.plus_ms(60_000))).await;
    assert_eq!(later.submit(&lots[3]).await.unwrap(), receipts[3]);
    assert_eq!(later.submit_all(&lots).await, receipts);
    assert!(lots.iter().all(|lot| times(&journal.records(), lot) == 1));
    later.check_rebuilt(&journal.records()).await;
    later.stop().await;
}

#[tokio::test]
async fn the_same_bytes_at_once_on_many_calls() {
    let mut town = Town::of(1);
    let journal = town.journal();
    let lots = town.lots(0, 50);
    let ingest = Running::start(journal.clone()).await;
    let (a, b, c, d) = tokio::join!(
        ingest.submit_all(&lots),
        ingest.submit_all(&lots),
        ingest.submit_all(&lots),
        ingest.submit(&lots[0]),
    );
    assert_eq!((&a, &a, a[0]), (&b, &c, d.unwrap()));
    check_receipts(&journal.records(), lots.iter().zip(&a));
    assert_eq!(journal.records().len(), town.setting.len() + lots.len());
    ingest.stop().await;
}

/// The time of admission never goes back, whatever the machine's clock does.
#[tokio::test]
async fn a_clock_that_goes_back_stamps_the_latest_time_again() {
    let mut town = Town::of(1);
    let journal = town.journal();
    let lots = town.lots(0, 2);
    let ahead = Running::start_at(journal.clone(), TestClock::at(BEGIN.plus_ms(5_000))).await;
    let first = ahead.submit(&lots[0]).await.unwrap();
    assert_eq!(first.admitted_at, BEGIN.plus_ms(5_000));
    ahead.stop().await;
    let behind = Running::start_at(journal.clone(), TestClock::at(BEGIN)).await;
    let second = behind.submit(&lots[1]).await.unwrap();
    assert_eq!(second.admitted_at, first.admitted_at);
    check_receipts(&journal.records(), lots.iter().zip([&first, &second]));
    behind.check_rebuilt(&journal.records()).await;
    behind.stop().await;
}
