//! An auditing witness: it cosigns what it finds itself in the log's records, and nothing else.

use std::time::Duration;

use bytes::Bytes;
use event::SignedStatement;
use event::vocabulary::PartyKind;
use remote::log::Address;
use replay::{Replica, check as check_record};
use serde_json::json;
use tests::fork::Log;
use tests::served::{Files, Served, published, raw};
use tests::world::{World, record};
use tlog::tree::leaf_hash;
use tlog::{Hash, Leaf, Origin};
use tokio::time::timeout;
use witness::WitnessError;

use crate::support::{LONG, Place, Running, signed, witnessed};

const ORIGIN: &str = "log.example/gold";

/// Statements of a short trade, and two that are refused: one is said twice, one is none.
fn statements() -> Vec<SignedStatement> {
    let (mut world, founded) = World::found(7);
    let (mut miner, enrolled) = world.enrol(PartyKind::MinersOrganization, "A cooperative");
    let (mut trader, enrolled_too) = world.enrol(PartyKind::Trader, "A trader");
    let (site, registered) = world.site(&miner, "A pit");
    let (lot, declared) = world.declare(&mut miner, site, 50);
    let offered = world.offer(&mut miner, lot, world.id(&declared), &trader);
    let accepted = world.accept(&mut trader, lot, world.id(&offered), 50);
    let mut statements = vec![founded];
    statements.extend(enrolled);
    statements.extend(enrolled_too);
    statements.extend([registered, declared.clone(), offered, declared, accepted]);
    statements
}

/// The log that the audit service makes of these statements, with a record that is none.
fn honest() -> Log {
    let statements = statements();
    made_of(statements.iter().map(record).chain([b"no record".to_vec()]))
}

fn made_of(records: impl Iterator<Item = Vec<u8>>) -> Log {
    let origin: Origin = ORIGIN.parse().unwrap();
    let mut replica = Replica::with_log(&origin);
    let leaves = records.map(|record| {
        let step = replica.step(check_record(replica.deployment(), Bytes::from(record)));
        step.logged().unwrap().bytes.clone()
    });
    let leaves = leaves.collect();
    Log::new(ORIGIN, leaves)
}

/// The same log with one leaf changed, and every later leaf made to follow it: its tree and its chain hold, all of it is signed.
fn forged(at: usize, change: impl Fn(&mut Leaf<'_>)) -> Log {
    let mut log = honest();
    let mut before = None;
    for (index, bytes) in log.leaves.iter_mut().enumerate() {
        let whole = bytes.clone();
        let mut leaf = Leaf::parse(&whole).unwrap();
        if let Some(before) = before.filter(|_| at < index) {
            leaf.prev = before;
        }
        if index == at {
            change(&mut leaf);
        }
        *bytes = leaf.encode().unwrap();
        before = Some(leaf_hash(bytes));
    }
    log
}

fn files(log: &Log, size: usize) -> Files {
    published(&log.leaves[..size])
}

/// Has all of a log replayed, and nothing cosigned: the clock does not allow it.
async fn replayed_and_not_cosigned(place: &Place, witness: &Running, log: &Log) {
    place.clock.advance(-10_000_000_000_000);
    assert_eq!(witness.status(&log.request(0, 11)).await, 503);
    place.clock.advance(10_000_000_000_000);
}

async fn served(log: &Log) -> (Served, Address) {
    let served = Served::new(files(log, log.leaves.len()));
    let address = format!("http://{}", served.start().await).parse().unwrap();
    (served, address)
}

/// Asks again while the witness says that it has not come so far.
async fn status_in_the_end(witness: &Running, log: &Log, old: u64, new: u64) -> u16 {
    let asking = async {
        loop {
            match witness.status(&log.request(old, new)).await {
                503 => tokio::task::yield_now().await,
                status => return status,
            }
        }
    };
    timeout(LONG, asking).await.expect("it gets there")
}

#[tokio::test]
async fn what_the_records_make_is_cosigned() {
    let (log, place) = (honest(), Place::new());
    let (served, address) = served(&log).await;
    let logs = || vec![witnessed(&log, Some(address.clone()))];
    let witness = place.start(logs()).await;
    served.shelf().files = files(&log, 3);
    assert_eq!(witness.status(&log.request(0, 3)).await, 200);
    served.shelf().files = files(&log, 8);
    assert_eq!(witness.status(&log.request(3, 8)).await, 200);
    assert_eq!(witness.status(&log.request(8, 8)).await, 200);
    assert_eq!(witness.status(&log.request(0, 8)).await, 409);
    assert_eq!(witness.cosigned(&log).await.unwrap().0.head(), log.head(8));
    witness.stop().await;

    let witness = place.start(logs()).await;
    served.shelf().files = files(&log, 11);
    assert_eq!(status_in_the_end(&witness, &log, 8, 11).await, 200);
    assert_eq!(witness.evidence(&log).await.len(), 0);
    witness.stop().await;
}

/// A log whose tree is consistent and signed, but not the one that its records make. Whoever checks consistency alone cosigns it.
async fn check(log: &Log, leaf: Option<u64>, part: &str) {
    let size = log.leaves.len() as u64;
    let plain = Place::new();
    let witness = plain.start(vec![witnessed(log, None)]).await;
    assert_eq!(witness.status(&log.request(0, size)).await, 200, "{part}");
    witness.stop().await;

    let place = Place::new();
    let (_served, address) = served(log).await;
    let witness = place.start(vec![witnessed(log, Some(address))]).await;
    for _ in 0..2 {
        let answer = witness.post(log.request(0, size).encode().unwrap()).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, 422, "{part}: {text}");
        let named = leaf.map_or_else(|| "another tree".to_owned(), |leaf| format!("leaf {leaf} "));
        assert!(text.contains(&named), "{part}: {text}");
    }
    assert_eq!(witness.cosigned(log).await, None, "{part}");
    let evidence = witness.evidence(log).await;
    let [piece] = evidence.as_slice() else {
        panic!("{part}: {evidence:?}");
    };
    assert_eq!(
        (&piece["kind"], &piece["computed"]["part"]),
        (&json!("not-replayed"), &json!(part))
    );
    assert_eq!(piece["computed"]["leaf"], json!(leaf), "{part}");
    assert_eq!(signed(&piece["refused"], log).head(), log.head(size));
    if let Some(leaf) = leaf {
        // What is no leaf has no record that could be replayed.
        let replayed = if part == "form" { leaf } else { leaf + 1 };
        let ours = honest().head(replayed);
        assert_eq!(piece["computed"]["size"], json!(replayed));
        assert_eq!(piece["computed"]["root"], json!(ours.root.to_string()), "{part}");
    }
    witness.stop().await;
}

#[tokio::test]
async fn a_log_that_lies_about_its_records_is_not_cosigned() {
    let zero = Hash::ZERO;
    check(&forged(9, |leaf| leaf.map_root = zero), Some(9), "map-root").await;
    check(&forged(10, |leaf| leaf.map_root = zero), Some(10), "map-root").await;
    // What was refused is shown as admitted, and the other way round.
    check(&forged(8, |leaf| leaf.verdict = 0), Some(8), "verdict").await;
    check(&forged(9, |leaf| leaf.verdict = 1), Some(9), "verdict").await;
    check(&forged(5, |leaf| leaf.prev = zero), Some(5), "chain").await;
    check(&forged(0, |leaf| leaf.prev = zero), Some(0), "chain").await;
    let mut no_leaf = honest();
    no_leaf.leaves[10] = b"short".to_vec();
    check(&no_leaf, Some(10), "form").await;
    let mut other_version = honest();
    other_version.leaves[10][0] = 2;
    check(&other_version, Some(10), "form").await;
    let spliced = Log::new("log.example/silver", honest().leaves);
    let place = Place::new();
    let (_served, address) = served(&spliced).await;
    let witness = place.start(vec![witnessed(&spliced, Some(address))]).await;
    assert_eq!(witness.status(&spliced.request(0, 11)).await, 422);
    witness.stop().await;
}

/// The log was cosigned, lies, is refused, and is cosigned again as soon as it goes on from where it was right.
#[tokio::test]
async fn a_log_that_lied_may_go_on_from_where_it_was_right() {
    let (log, lie, place) = (honest(), forged(9, |leaf| leaf.verdict = 1), Place::new());
    let (served, address) = served(&log).await;
    let witness = place.start(vec![witnessed(&log, Some(address))]).await;
    served.shelf().files = files(&log, 6);
    assert_eq!(witness.status(&log.request(0, 6)).await, 200);
    for (size, forged) in [(10, &lie), (11, &lie)] {
        served.shelf().files = files(forged, size);
        assert_eq!(witness.status(&forged.request(6, size as u64)).await, 422);
    }
    served.shelf().files = files(&log, 9);
    assert_eq!(witness.status(&log.request(6, 9)).await, 200);
    served.shelf().files = files(&log, 11);
    assert_eq!(witness.status(&log.request(9, 11)).await, 200);
    let evidence = witness.evidence(&log).await;
    assert_eq!(evidence.len(), 2);
    assert!(
        evidence
            .iter()
            .all(|piece| signed(&piece["cosigned"], &log).head() == log.head(6))
    );
    witness.stop().await;
}

/// A tree whose leaves all agree from where the replay was: but the log signed another one before.
#[tokio::test]
async fn a_log_that_signs_two_trees_of_one_growth_is_refused() {
    let (log, place) = (honest(), Place::new());
    let (served, address) = served(&log).await;
    let witness = place.start(vec![witnessed(&log, Some(address))]).await;
    replayed_and_not_cosigned(&place, &witness, &log).await;
    // What was replayed and is smaller is cosigned; what is another is not, smaller or as large.
    let smaller = forged(3, |leaf| leaf.verdict = 1);
    assert_eq!(witness.status(&smaller.request(0, 7)).await, 422);
    let evidence = witness.evidence(&log).await;
    assert_eq!(evidence[0]["computed"]["root"], json!(log.head(7).root.to_string()));
    assert_eq!(witness.status(&log.request(0, 7)).await, 200);
    let lie = forged(8, |leaf| leaf.verdict = 0);
    served.shelf().files.extend(files(&lie, 11));
    assert_eq!(witness.status(&lie.request(7, 11)).await, 422);
    let evidence = witness.evidence(&log).await;
    let roots: Vec<_> = evidence.iter().map(|piece| piece["computed"]["root"].clone()).collect();
    assert!(roots.contains(&json!(log.head(11).root.to_string())), "{roots:?}");
    assert!(evidence.iter().all(|piece| piece["computed"]["part"] == "tree"));
    witness.stop().await;
}

/// What was replayed and never cosigned binds nobody: a log that goes on otherwise is replayed from its beginning.
#[tokio::test]
async fn a_log_that_went_another_way_before_it_was_cosigned_is_replayed_anew() {
    let (log, place) = (honest(), Place::new());
    let other = made_of([b"no record".to_vec()].into_iter());
    let (served, address) = served(&log).await;
    let witness = place.start(vec![witnessed(&log, Some(address))]).await;
    replayed_and_not_cosigned(&place, &witness, &log).await;
    served.shelf().files = files(&other, 1);
    assert_eq!(witness.status(&other.request(0, 1)).await, 503);
    assert_eq!(witness.status(&other.request(0, 1)).await, 200);
    witness.stop().await;
}

/// A log that rebuilds its rows has none of its tiles for a while: what was replayed stands, and nothing is read twice.
#[tokio::test]
async fn a_log_that_has_no_tiles_for_a_while_is_gone_on_with() {
    let (log, place) = (honest(), Place::new());
    let (served, address) = served(&log).await;
    let witness = place.start(vec![witnessed(&log, Some(address))]).await;
    replayed_and_not_cosigned(&place, &witness, &log).await;
    served.shelf().rebuilds = true;
    assert_eq!(witness.status(&log.request(0, 7)).await, 503);
    served.shelf().rebuilds = false;
    served.shelf().asked.clear();
    assert_eq!(witness.status(&log.request(0, 7)).await, 200);
    assert_eq!(witness.status(&log.request(7, 11)).await, 200);
    let asked = served.shelf().asked.clone();
    assert!(!asked.iter().any(|path| path.contains("entries")), "{asked:?}");
    assert_eq!(witness.evidence(&log).await.len(), 0);
    witness.stop().await;
}

#[tokio::test]
async fn a_log_that_cannot_be_read_is_not_cosigned_yet() {
    let (log, place) = (honest(), Place::new());
    let (served, address) = served(&log).await;
    let good = files(&log, 11);
    let witness = place.start(vec![witnessed(&log, Some(address))]).await;
    let bundle = "tile/entries/000.p/11".to_owned();
    let mut damaged = good.clone();
    damaged.get_mut(&bundle).unwrap()[70] ^= 1;
    let mut lacking = good.clone();
    lacking.remove(&bundle);
    for bad in [Files::new(), lacking, damaged, published(&log.fork(4).leaves)] {
        served.shelf().files = bad;
        let answer = witness.post(log.request(0, 11).encode().unwrap()).await;
        assert_eq!(answer.status, 503, "{:?}", String::from_utf8_lossy(&answer.body));
    }
    assert_eq!(witness.evidence(&log).await.len(), 0);
    served.shelf().files = good;
    assert_eq!(witness.status(&log.request(0, 11)).await, 200);
    witness.stop().await;
}

#[tokio::test]
async fn whoever_asks_is_not_kept_waiting() {
    let log = honest();
    let mut place = Place::new();
    place.wait = Duration::from_millis(50);
    let silent = format!("http://{}", raw(b"", false).await).parse().unwrap();
    let witness = place.start(vec![witnessed(&log, Some(silent))]).await;
    let answer = witness.post(log.request(0, 11).encode().unwrap()).await;
    assert_eq!(
        (answer.status, answer.body),
        (503, "this witness is still replaying the log; try again\n".into())
    );
    // What needs no replay is answered all the same.
    assert_eq!(witness.status(&log.request(3, 11)).await, 409);
    assert_eq!(witness.status(&log.clone().with_key(2).request(0, 11)).await, 403);
    witness.stop().await;

    // It goes on meanwhile: who asks again gets it.
    let (served, address) = served(&log).await;
    served.shelf().instead = (503, 3);
    let witness = place.start(vec![witnessed(&log, Some(address))]).await;
    assert_eq!(witness.status(&log.request(0, 11)).await, 503);
    assert_eq!(status_in_the_end(&witness, &log, 0, 11).await, 200);
    witness.stop().await;
}

/// One key says one thing.
#[tokio::test]
async fn a_witness_audits_all_of_its_logs_or_none() {
    let (log, place) = (honest(), Place::new());
    let silver = Log::new("log.example/silver", log.leaves.clone());
    let (_served, address) = served(&log).await;
    let mixed = place
        .fails(vec![witnessed(&log, Some(address)), witnessed(&silver, None)])
        .await;
    assert!(matches!(mixed, WitnessError::Mixed), "{mixed}");
}
