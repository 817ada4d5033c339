//! Overload and the end: who cannot be served is told so, and nobody waits for ever.

use ledger::Refusal;
use rpc::ingest::{Recorded, SubmitRequest, SubmitResponse};
use rpc::status;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Response, Status};

use ::tests::world::BEGIN;
use ingest::QUEUE_MAX;
use service::clock::TestClock;

use crate::slow::SlowJournal;
use crate::support::{Running, Town, check_receipts, check_unknown, connect, outcomes, request};

/// Fewer than the server takes at once on one connection, so that it is the queue that is full.
const CALLS_PER_CONNECTION: usize = 100;

/// More than find room.
const TOO_MANY: usize = 40;

/// Submits one statement again and again, alone each time, until its lane is full: those whom it turned away were told so, and the
/// others wait.
async fn lane_filled(ingest: &Running, statement: &[u8]) -> JoinSet<Result<Response<SubmitResponse>, Status>> {
    let calls = QUEUE_MAX + TOO_MANY;
    let mut submitting = JoinSet::new();
    for begin in (0..calls).step_by(CALLS_PER_CONNECTION) {
        let client = connect(&ingest.url).await;
        for _ in begin..calls.min(begin + CALLS_PER_CONNECTION) {
            let (mut client, statement) = (client.clone(), statement.to_vec());
            submitting.spawn(async move { client.submit(SubmitRequest { statement }).await });
        }
    }
    for _ in 0..TOO_MANY {
        let refused = submitting.join_next().await.unwrap().unwrap().unwrap_err();
        assert_eq!(refused.code(), Code::ResourceExhausted, "{refused:?}");
        assert_eq!(refused.message(), status::overloaded().message());
        assert!(status::may_try_again(&refused));
    }
    submitting
}

/// The receipts of those who waited.
async fn waited(mut submitting: JoinSet<Result<Response<SubmitResponse>, Status>>) -> Vec<Recorded> {
    let mut receipts = Vec::new();
    while let Some(outcome) = submitting.join_next().await {
        let response = outcome.unwrap().unwrap().into_inner();
        receipts.push(Recorded::try_from(&response).unwrap());
    }
    assert_eq!(receipts.len(), QUEUE_MAX, "whoever found room has a receipt");
    receipts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_turns_submitters_away() {
    let mut town = Town::of(2);
    let journal = SlowJournal::new(town.journal());
    let ingest = Running::start(journal.clone()).await;
    journal.appends.shut();
    let (first, lot) = (town.lot(0), town.lot(1));
    let held = ingest.submitting(&first);
    journal.appends.arrivals(1).await;
    let submitting = lane_filled(&ingest, &lot).await;
    journal.appends.open();
    let first_receipt = held.await.unwrap().unwrap();
    let receipts = waited(submitting).await;
    let statements = [(&first, &first_receipt)]
        .into_iter()
        .chain(receipts.iter().map(|receipt| (&lot, receipt)));
    check_receipts(&journal.stream.records(), statements);
    ingest.stop().await;
}

/// A stream that has filled its lane does not turn away who submits one statement, nor make them wait behind it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_lane_of_streams_leaves_room_for_others() {
    let mut town = Town::of(3);
    let journal = SlowJournal::new(town.journal());
    let ingest = Running::start(journal.clone()).await;
    journal.appends.shut();
    let (first, single) = (town.lot(0), town.lot(1));
    // Signed before anybody waits: who waits is told after a while that it took too long.
    let lots = town.lots(2, QUEUE_MAX);
    let held = ingest.submitting(&first);
    journal.appends.arrivals(1).await;
    // What is no statement is counted when those before it have found room.
    let requests: Vec<_> = lots.iter().cloned().chain([b"garbage".to_vec()]).map(request).collect();
    let mut client = ingest.client.clone();
    let answers = client.submit_many(tokio_stream::iter(requests)).await.unwrap();
    while ingest.figure("ingest_malformed") == 0 {
        ingest.deployment().await;
    }
    // Where one more is turned away, those before it are in their lane.
    let alone = lane_filled(&ingest, &single).await;
    assert!(!held.is_finished() && alone.len() == QUEUE_MAX);
    journal.appends.open();
    let held = held.await.unwrap().unwrap();
    let alone = waited(alone).await[0];
    assert_eq!(
        alone.position,
        held.position.next(),
        "it goes before those of the stream"
    );
    let many = outcomes(answers.into_inner()).await;
    assert_eq!(many.outcomes.len(), QUEUE_MAX + 1, "{:?}", many.end);
    let receipts: Vec<_> = many.outcomes[..QUEUE_MAX]
        .iter()
        .map(|told| *told.as_ref().unwrap())
        .collect();
    let statements = [(&first, &held), (&single, &alone)]
        .into_iter()
        .chain(lots.iter().zip(&receipts));
    check_receipts(&journal.stream.records(), statements);
    ingest.stop().await;
}

/// A stream of more than the queue holds is slowed down, not refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_stream_waits_for_room() {
    let mut town = Town::of(1);
    let journal = SlowJournal::new(town.journal());
    let ingest = Running::start(journal.clone()).await;
    let lots = town.lots(0, 2 * QUEUE_MAX);
    journal.appends.shut();
    let opening = async {
        journal.appends.arrivals(1).await;
        journal.appends.open();
    };
    let (receipts, ()) = tokio::join!(ingest.submit_all(&lots), opening);
    check_receipts(&journal.stream.records(), lots.iter().zip(&receipts));
    ingest.check_rebuilt(&journal.stream.records()).await;
    ingest.stop().await;
}

#[tokio::test]
async fn nothing_to_do_ends_at_once() {
    let town = Town::of(1);
    Running::start(town.journal()).await.stop().await;
}

#[tokio::test]
async fn it_can_be_stopped_before_it_has_caught_up() {
    let journal = SlowJournal::new(Town::of(1).journal());
    journal.follows.shut();
    let ingest = Running::begin(journal.clone(), TestClock::at(BEGIN)).await;
    journal.follows.arrivals(1).await;
    assert!(!ingest.health.is_serving());
    ingest.stop().await;
}

/// The batch under way is finished and its submitter told; what waited behind it was not recorded.
#[tokio::test]
async fn a_shutdown_finishes_the_batch_under_way() {
    let mut town = Town::of(2);
    let journal = SlowJournal::new(town.journal());
    let ingest = Running::start(journal.clone()).await;
    journal.appends.shut();
    let (first, behind) = (town.lot(0), town.lot(1));
    let held = ingest.submitting(&first);
    journal.appends.arrivals(1).await;
    let queued = ingest.submitting(&behind);
    // Answers that come back meanwhile show that the door is open; the statement waits behind it.
    for _ in 0..20 {
        ingest.deployment().await;
    }
    assert!(!held.is_finished() && !queued.is_finished());
    ingest.shutdown.trigger();
    journal.appends.open();
    let (receipt, told) = tokio::join!(held, queued);
    let receipt = receipt.unwrap().unwrap();
    let records = journal.stream.records();
    check_receipts(&records, [(&first, &receipt)]);
    match told.unwrap() {
        // It may have come after the door was shut, and then it has done nothing for certain.
        Err(told) => assert_eq!(told.code(), Code::Unavailable, "{told:?}"),
        Ok(receipt) => panic!("recorded after the shutdown: {receipt:?}"),
    }
    assert_eq!(records.len(), town.setting.len() + 1);
    ingest.ended().await;
}

/// A stream that never answers holds up nobody for ever, and its submitters are told that the outcome is unknown.
#[tokio::test]
async fn a_shutdown_does_not_wait_for_a_silent_stream() {
    let mut town = Town::of(1);
    let journal = SlowJournal::new(town.journal());
    let ingest = Running::start(journal.clone()).await;
    journal.appends.shut();
    let lot = town.lot(0);
    let held = ingest.submitting(&lot);
    journal.appends.arrivals(1).await;
    ingest.shutdown.trigger();
    check_unknown(&held.await.unwrap().unwrap_err());
    ingest.ended().await;
}

/// A submitter that keeps its stream open is told that ingest is going.
#[tokio::test]
async fn an_open_stream_ends_with_the_service() {
    let mut town = Town::of(1);
    let journal = town.journal();
    let ingest = Running::start(journal.clone()).await;
    let (requests, sent) = mpsc::channel(4);
    requests.send(request(town.lot(0))).await.unwrap();
    requests.send(request(b"garbage".to_vec())).await.unwrap();
    let mut answers = ingest
        .client
        .clone()
        .submit_many(ReceiverStream::new(sent))
        .await
        .unwrap()
        .into_inner();
    for index in 0..2 {
        assert_eq!(answers.message().await.unwrap().unwrap().index, index);
    }
    ingest.shutdown.trigger();
    let end = outcomes(answers).await.end.unwrap();
    assert_eq!(end.code(), Code::Unavailable);
    assert!(end.message().contains("stopping"), "{end:?}");
    drop(requests);
    ingest.ended().await;
    assert_eq!(journal.records().len(), town.setting.len() + 1);
}

/// A submitter that goes away in the middle hurts nobody; what it submitted is recorded or not, as for any other.
#[tokio::test]
async fn a_submitter_goes_away() {
    let mut town = Town::of(2);
    let journal = SlowJournal::new(town.journal());
    let ingest = Running::start(journal.clone()).await;
    journal.appends.shut();
    let (gone, stays) = (town.lot(0), town.lot(1));
    let left = ingest.submitting(&gone);
    journal.appends.arrivals(1).await;
    left.abort();
    assert!(left.await.unwrap_err().is_cancelled());
    journal.appends.open();
    let receipt = ingest.submit(&stays).await.unwrap();
    let again = ingest.submit(&gone).await.unwrap();
    assert!(again.position < receipt.position);
    check_receipts(&journal.stream.records(), [(&gone, &again), (&stays, &receipt)]);
    let refused = ingest.submit(&Town::of(3).lot(2)).await.unwrap_err();
    assert_eq!(status::refusal_of(&refused), Some(Refusal::UnknownKey));
    ingest.stop().await;
}
