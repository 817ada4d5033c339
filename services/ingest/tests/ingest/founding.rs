//! Before anything is founded, a signature is not refused for a founding that is only about to be seen.

use core::pin::pin;

use event::vocabulary::PartyKind;
use event::{DeploymentId, StreamPosition};
use futures_util::FutureExt as _;
use journal::memory::{Fault, MemoryJournal};
use ledger::Refusal;
use rpc::ingest::GetDeploymentRequest;
use rpc::status::refusal_of;
use service::clock::TestClock;
use tonic::Code;

use ::tests::world::{BEGIN, World};

use crate::slow::SlowJournal;
use crate::support::{Running, Town, check_receipts, check_unknown, encoded};

#[tokio::test]
async fn a_deployment_is_founded_and_peopled_in_one_stream() {
    let mut town = Town::of(3);
    let mut statements = encoded(&town.setting);
    statements.extend(town.lots_in_turn(&[0, 1, 2], 30));
    let journal = MemoryJournal::new();
    let ingest = Running::start(journal.clone()).await;
    assert_eq!(ingest.deployment().await.deployment_id, "");
    let receipts = ingest.submit_all(&statements).await;
    let records = journal.records();
    check_receipts(&records, statements.iter().zip(&receipts));
    assert_eq!(ingest.deployment().await.deployment_id, town.deployment().to_string());
    ingest.check_rebuilt(&records).await;
    ingest.stop().await;
}

#[tokio::test]
async fn who_has_not_seen_the_founding_reads_on_before_it_refuses() {
    let town = Town::of(1);
    let statements = encoded(&town.setting);
    let journal = MemoryJournal::new();
    let (first, late) = (
        Running::start(journal.clone()).await,
        Running::start(journal.clone()).await,
    );
    let mut receipts = vec![first.submit(&statements[0]).await.unwrap()];
    receipts.push(late.submit(&statements[1]).await.unwrap());
    check_receipts(&journal.records(), statements.iter().zip(&receipts));
    late.check_rebuilt(&journal.records()).await;
    first.stop().await;
    late.stop().await;
}

#[tokio::test]
async fn what_comes_before_ingest_has_caught_up_waits_for_it() {
    let mut town = Town::of(1);
    let (statement, journal) = (town.lot(0), SlowJournal::new(town.journal()));
    journal.follows.shut();
    let ingest = Running::begin(journal.clone(), TestClock::at(BEGIN)).await;
    journal.follows.arrivals(1).await;
    assert!(!ingest.health.is_serving());
    let submitting = async {
        let receipt = ingest.submit(&statement).await.unwrap();
        check_receipts(&journal.stream.records(), [(&statement, &receipt)]);
    };
    let opening = async {
        // Answers that come back meanwhile show that the door is open: it does not say that nothing is founded.
        for _ in 0..20 {
            let asked = GetDeploymentRequest::default();
            let answer = ingest.client.clone().get_deployment(asked).await;
            assert_eq!(answer.unwrap_err().code(), Code::Unavailable);
        }
        journal.follows.open();
    };
    tokio::join!(submitting, opening);
    ingest.stop().await;
}

/// Who names a position is not told of the stream while only a part of it was read, though the position is in that part.
#[tokio::test]
async fn who_waits_for_a_position_waits_for_the_end_of_the_stream() {
    let town = Town::of(1);
    let journal = town.journal();
    let (part, end) = (2, town.setting.len() as u64);
    let behind = journal.behind(StreamPosition::new(part));
    let ingest = Running::begin(behind.clone(), TestClock::at(BEGIN)).await;
    let ask = |at_least_position| {
        let mut client = ingest.client.clone();
        async move { client.get_deployment(GetDeploymentRequest { at_least_position }).await }
    };
    let mut waiting = pin!(ask(part));
    // Answers that come back meanwhile show that the door is open.
    for _ in 0..20 {
        assert_eq!(ask(0).await.unwrap_err().code(), Code::Unavailable);
        assert!(waiting.as_mut().now_or_never().is_none());
    }
    behind.catch_up();
    assert_eq!(waiting.await.unwrap().into_inner().position, end);
    ingest.stop().await;
}

#[tokio::test]
async fn the_founding_again_has_its_receipt() {
    let town = Town::of(1);
    let statements = encoded(&town.setting);
    let journal = MemoryJournal::new();
    let ingest = Running::start(journal.clone()).await;
    let founded = ingest.submit(&statements[0]).await.unwrap();
    assert_eq!(founded.statement, town.setting[0].id(DeploymentId::FOUNDING));
    assert_eq!(ingest.submit(&statements[0]).await.unwrap(), founded);
    let twice = [statements[0].clone(), statements[1].clone(), statements[0].clone()];
    let receipts = ingest.submit_all(&twice).await;
    assert_eq!((receipts[0], receipts[2]), (founded, founded));
    ingest.stop().await;
    let again = Running::start(journal.clone()).await;
    assert_eq!(again.submit(&statements[0]).await.unwrap(), founded);
    assert_eq!(journal.records().len(), 2);
    again.stop().await;
}

/// Two schemes found at once: the stream has one deployment, and the other founding is signed for none of it.
#[tokio::test]
async fn of_two_foundings_one_stands() {
    let ((_, one), (_, other)) = (World::found(1), World::found(2));
    let journal = MemoryJournal::new();
    let (left, right) = (
        Running::start(journal.clone()).await,
        Running::start(journal.clone()).await,
    );
    let (one, other) = (one.encode(), other.encode());
    let (one, other) = tokio::join!(left.submit(&one), right.submit(&other));
    let refused = match (one, other) {
        (Ok(_), Err(refused)) | (Err(refused), Ok(_)) => refused,
        both => panic!("one stands: {both:?}"),
    };
    assert_eq!(refusal_of(&refused), Some(Refusal::BadSignature));
    assert_eq!(journal.records().len(), 1);
    left.stop().await;
    right.stop().await;
}

#[tokio::test]
async fn a_founding_whose_outcome_is_unknown_is_submitted_again() {
    for fault in [Fault::NotPersisted, Fault::PersistedButUnanswered] {
        let mut town = Town::of(0);
        town.enrol(PartyKind::Trader);
        let statements = encoded(&town.setting);
        let journal = MemoryJournal::new();
        let ingest = Running::start(journal.clone()).await;
        journal.fail_next(fault);
        journal.fail_next(fault);
        let first = ingest.submit(&statements[0]).await;
        if fault == Fault::NotPersisted {
            check_unknown(&first.unwrap_err());
        }
        let outcomes = ingest.submit_until_told(&statements).await;
        let receipts: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
        check_receipts(&journal.records(), statements.iter().zip(&receipts));
        assert_eq!(journal.records().len(), statements.len());
        ingest.check_rebuilt(&journal.records()).await;
        ingest.stop().await;
    }
}
