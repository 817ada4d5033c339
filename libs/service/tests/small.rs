//! Clock, exit codes, and the same work on all cores.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Duration;

use event::units::Timestamp;
use proptest::prelude::*;
use service::clock::{Clock, Stopwatch, SystemClock, TestClock};
use service::exit::Exit;
use service::parallel::{map_all, map_all_beside, map_all_while};
use tokio::sync::mpsc;
use tokio::time::timeout;

proptest! {
    #[test]
    fn results_stand_in_the_order_of_the_items(items in proptest::collection::vec(any::<u32>(), 0..2_000)) {
        let expected: Vec<u64> = items.iter().map(|item| u64::from(*item) * 3).collect();
        let mut taken = Vec::new();
        let (results, count) = map_all_while(items.clone(), |item| u64::from(item) * 3, || {
            taken.extend(&items);
            taken.len()
        });
        prop_assert_eq!(&results, &expected);
        prop_assert_eq!((&taken, count), (&items, items.len()));
        prop_assert_eq!(map_all(items, |item| u64::from(item) * 3), expected);
    }
}

#[tokio::test]
async fn results_from_beside_the_runtime_stand_in_order() {
    let results = map_all_beside((0..5_000).collect(), |item: u32| item + 1).await;
    assert_eq!(results, (1..=5_000).collect::<Vec<_>>());
}

#[tokio::test]
async fn work_beside_the_runtime_begins_before_its_results_are_awaited() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let results = map_all_beside(vec![7], move |item| tell.send(item).is_ok());
    let begun = timeout(Duration::from_secs(60), told.recv()).await;
    assert_eq!(begun.expect("it begins by itself"), Some(7));
    assert_eq!(results.await, [true]);
}

#[tokio::test]
async fn a_panic_in_the_work_reaches_the_caller() {
    let fail_at_7 = |item: u32| assert_ne!(item, 7, "the work failed");
    assert!(catch_unwind(AssertUnwindSafe(|| map_all((0..10).collect(), fail_at_7))).is_err());
    let meanwhile = || map_all_while((0..10).collect(), fail_at_7, || ());
    assert!(catch_unwind(AssertUnwindSafe(meanwhile)).is_err());
    let beside = tokio::spawn(map_all_beside((0..10).collect(), fail_at_7)).await;
    assert!(beside.unwrap_err().is_panic());
}

#[test]
fn the_clock_of_the_machine_is_in_this_century() {
    let now = SystemClock.now().to_string();
    assert!(now.starts_with("20"), "{now}");
}

#[test]
fn a_test_clock_moves_by_hand() {
    let clock = TestClock::at(Timestamp::from_unix_ms(1_000));
    assert_eq!(clock.now(), clock.now());
    clock.advance(500);
    assert_eq!(clock.now(), Timestamp::from_unix_ms(1_500));
    clock.advance(-2_000);
    assert_eq!(clock.now(), Timestamp::from_unix_ms(-500));
}

#[test]
fn a_stopwatch_does_not_go_back() {
    let watch = Stopwatch::start();
    let first = watch.elapsed();
    assert!(Duration::ZERO <= first && first <= watch.elapsed());
}

#[test]
fn exit_codes_keep_their_numbers() {
    let all = [
        (Exit::Ok, 0),
        (Exit::Failed, 1),
        (Exit::Usage, 2),
        (Exit::BadConfig, 64),
        (Exit::Unavailable, 69),
        (Exit::Internal, 70),
        (Exit::TryAgain, 75),
    ];
    for (exit, code) in all {
        assert_eq!(exit.code(), code);
        assert_eq!(ExitCode::from(exit), ExitCode::from(code));
    }
}
