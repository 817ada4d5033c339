//! Another writer was there first: ingest reads on and decides again, and is never wrong about it.

use std::time::Duration;

use ::tests::world::{BEGIN, record};
use event::{Record, SignedStatement};
use journal::memory::MemoryJournal;
use ledger::Refusal;
use rpc::ingest::GetDeploymentRequest;
use rpc::status::refusal_of;
use service::clock::TestClock;
use tonic::Code;

use crate::support::{Running, Town, check_receipts, encoded, rebuild, times, verdicts};

/// After something was written behind its back, ingest goes on; then what `check` says holds.
async fn check(town: &Town, journal: &MemoryJournal, ingest: &Running, pushed: Vec<u8>, verdict: u16, next: Vec<u8>) {
    let conflicts = ingest.figure("ingest_conflicts");
    let position = journal.push(pushed);
    let receipt = ingest.submit(&next).await.unwrap();
    assert_eq!(receipt.position, position.next());
    assert_eq!(ingest.figure("ingest_conflicts"), conflicts + 1);
    let records = journal.records();
    assert_eq!(verdicts(&records)[records.len() - 2..], [verdict, 0]);
    check_receipts(&records, [(&next, &receipt)]);
    assert_eq!(ingest.submit(&next).await.unwrap(), receipt);
    let setting = encoded(&town.setting);
    let receipts = ingest.submit_all(&setting).await;
    check_receipts(&records, setting.iter().zip(&receipts));
    ingest.check_rebuilt(&records).await;
}

fn statement(bytes: &[u8]) -> SignedStatement {
    SignedStatement::decode(bytes).unwrap()
}

#[tokio::test]
async fn foreign_records_are_passed_over_with_their_refusal() {
    let mut town = Town::of(2);
    let journal = town.journal();
    let ingest = Running::start(journal.clone()).await;
    let mut stranger_town = Town::of(3);
    let stranger = statement(&stranger_town.lot(2));
    let replayed = record(&town.setting[1]);
    let mut truncated = record(&statement(&town.clone().lot(0)));
    truncated.pop();
    let early = Record::new(BEGIN.plus_ms(-1), statement(&town.clone().lot(0))).encode();
    let mut forged = statement(&town.clone().lot(0));
    forged.signature.0[0] ^= 1;
    let forbidden = {
        let mut other = town.clone();
        other.sites.reverse();
        other.operators[0].number = 1_000;
        record(&statement(&other.lot(0)))
    };
    let cases = [
        (b"garbage".to_vec(), Refusal::MalformedRecord),
        (Vec::new(), Refusal::MalformedRecord),
        (truncated, Refusal::MalformedRecord),
        (record(&forged), Refusal::BadSignature),
        (record(&stranger), Refusal::UnknownKey),
        (forbidden, Refusal::NotOperator),
        (early, Refusal::ClockWentBack),
        (replayed, Refusal::NumberNotIncreasing),
        (record(&town.setting[0]), Refusal::BadSignature),
    ];
    for (pushed, refusal) in cases {
        let next = town.lot(0);
        check(&town, &journal, &ingest, pushed, refusal.code(), next).await;
    }
    ingest.stop().await;
}

/// What another writer recorded rightly is recorded: the same bytes have its receipt.
#[tokio::test]
async fn what_another_writer_recorded_has_its_receipt() {
    let mut town = Town::of(1);
    let journal = town.journal();
    let ingest = Running::start(journal.clone()).await;
    let lot = town.lot(0);
    let position = journal.push(Record::new(BEGIN.plus_ms(3), statement(&lot)).encode());
    let receipt = ingest.submit(&lot).await.unwrap();
    assert_eq!((receipt.position, receipt.admitted_at), (position, BEGIN.plus_ms(3)));
    assert_eq!(times(&journal.records(), &lot), 1);
    // Replayed behind it, the first one counts.
    journal.push(record(&statement(&lot)));
    assert_eq!(ingest.submit(&lot).await.unwrap(), receipt);
    let next = town.lot(0);
    ingest.submit(&next).await.unwrap();
    assert_eq!(ingest.submit(&lot).await.unwrap(), receipt);
    ingest.check_rebuilt(&journal.records()).await;
    ingest.stop().await;
}

/// A record that was refused where it stands was promised to nobody: said again when it may be, it is recorded.
#[tokio::test]
async fn a_refused_record_gives_no_receipt() {
    let mut before = Town::of(1);
    let journal = before.journal();
    let ingest = Running::start(journal.clone()).await;
    let mut town = Town::of(2);
    let later = encoded(&town.setting[before.setting.len()..]);
    let lot = town.lot(1);
    let refused_at = journal.push(record(&statement(&lot)));
    assert_eq!(
        refusal_of(&ingest.submit(&lot).await.unwrap_err()),
        Some(Refusal::UnknownKey)
    );
    ingest.submit_all(&later).await;
    let receipt = ingest.submit(&lot).await.unwrap();
    assert!(refused_at < receipt.position);
    assert_eq!(times(&journal.records(), &lot), 2, "refused once, then admitted");
    check_receipts(&journal.records(), [(&lot, &receipt)]);
    let next = before.lot(0);
    ingest.submit(&next).await.unwrap();
    ingest.check_rebuilt(&journal.records()).await;
    ingest.stop().await;
}

/// Another process enrolled the signer meanwhile: nobody is refused on a state that the stream has left.
#[tokio::test]
async fn nobody_is_refused_on_a_stale_state() {
    let before = Town::of(1);
    let journal = before.journal();
    let (here, stale) = (
        Running::start(journal.clone()).await,
        Running::start(journal.clone()).await,
    );
    let mut town = Town::of(2);
    here.submit_all(&encoded(&town.setting[before.setting.len()..])).await;
    assert!(stale.deployment().await.position < here.deployment().await.position);
    let lot = town.lot(1);
    let receipt = stale.submit(&lot).await.unwrap();
    check_receipts(&journal.records(), [(&lot, &receipt)]);
    assert_eq!(stale.figure("ingest_refused"), 0);
    stale.check_rebuilt(&journal.records()).await;
    // And the other way round: it is the first that is behind by now, with a refusal and a statement in one stream.
    let (stranger, next) = (Town::of(3).lot(2), town.lot(1));
    let many = here.submit_many(&[stranger, next.clone()]).await;
    assert_eq!(many.outcomes[0], Err(Refusal::UnknownKey));
    check_receipts(&journal.records(), [(&next, &many.outcomes[1].unwrap())]);
    here.check_rebuilt(&journal.records()).await;
    here.stop().await;
    stale.stop().await;
}

/// One that stands by, which nobody submits to, knows what the other one recorded.
#[tokio::test]
async fn who_stands_by_reads_on() {
    let mut town = Town::of(1);
    let journal = town.journal();
    let here = Running::start(journal.clone()).await;
    let standby = Running::reading_on(journal.clone(), TestClock::at(BEGIN), Duration::from_millis(1)).await;
    standby.health.until_serving().await;
    let recorded = here.submit(&town.lot(0)).await.unwrap();
    let request = GetDeploymentRequest {
        at_least_position: recorded.position.get(),
    };
    let known = standby.client.clone().get_deployment(request).await.unwrap();
    assert_eq!(known.into_inner().position, recorded.position.get());
    standby.check_rebuilt(&journal.records()).await;
    here.stop().await;
    standby.stop().await;
}

/// A revocation that the other process recorded takes effect here.
#[tokio::test]
async fn nobody_is_admitted_on_a_stale_state() {
    let mut town = Town::of(1);
    let journal = town.journal();
    let (here, stale) = (
        Running::start(journal.clone()).await,
        Running::start(journal.clone()).await,
    );
    let revoked = event::vocabulary::KeyRevoked {
        key: town.operators[0].key.verifying_key().into(),
        reason: event::vocabulary::RevocationReason::Lost,
    };
    let deployment = town.deployment();
    let revoked = town
        .world
        .scheme
        .say(deployment, event::Event::KeyRevoked(revoked))
        .encode();
    here.submit(&revoked).await.unwrap();
    let refused = stale.submit(&town.lot(0)).await.unwrap_err();
    assert_eq!(refusal_of(&refused), Some(Refusal::RevokedKey));
    assert_eq!(
        rebuild(&journal.records()).0.position().get(),
        town.setting.len() as u64 + 1
    );
    here.stop().await;
    stale.stop().await;
}

/// The stream is not the one it knows: ingest ends, and whoever waits is not promised anything.
#[tokio::test]
async fn a_stream_that_lost_records_ends_ingest() {
    for lose in [
        |journal: &MemoryJournal| journal.roll_back(event::StreamPosition::new(3)),
        MemoryJournal::replace,
    ] {
        let mut town = Town::of(1);
        let journal = town.journal();
        let ingest = Running::start(journal.clone()).await;
        lose(&journal);
        let status = ingest.submit(&town.lot(0)).await.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable, "{status:?}");
        let error = ingest.fails().await;
        assert!(
            error.to_string().contains("find out what happened to the stream"),
            "{error}"
        );
    }
}
