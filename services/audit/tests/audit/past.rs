//! What is known of the past, and does not agree: nothing is signed, and what was published before is answered.

use std::fs;
use std::path::Path;

use audit::{HeadError, LogError};
use event::StreamPosition;
use event::vocabulary::PartyKind;
use journal::cell::{CellError, MemoryCell};
use journal::memory::Fault;
use replay::bundle::verify;
use rpc::audit::{GetCheckpointRequest, GetInclusionProofRequest, GetLotProofRequest};
use tlog::policy::Policy;
use tlog::tree::{InclusionProof, leaf_hash};
use tlog::{Checkpoint, LeafIndex, TreeHead, TreeSize};
use tonic::Code;
use views::Rows;

use crate::support::{Place, Running, leaves, lot, push_many, replayed};

/// A place where a checkpoint of so many leaves was published, and stopped; and its leaves.
async fn published(size: u64) -> (Place, Vec<Vec<u8>>) {
    let place = Place::new();
    push_many(&place, size);
    let running = place.start().await;
    running.checkpoint(size).await;
    running.stop().await;
    let leaves = leaves(&place);
    (place, leaves)
}

/// It says why it signs nothing, and answers the checkpoint as it was published.
async fn check_read_only(place: &Place, leaves: &[Vec<u8>], why: &str) -> Running {
    check_read_only_at(place, leaves, leaves.len() as u64, why).await
}

/// The same where more was signed than what this directory knows to be published.
async fn check_read_only_at(place: &Place, signed: &[Vec<u8>], published: u64, why: &str) -> Running {
    let before = place.onlooker.signed().len();
    let running = place.start().await;
    running.health.until_serving().await;
    let told = running.log().await.read_only;
    assert!(told.contains(why), "{told:?} does not say {why:?}");
    let (status, _, note) = running.get("GET /checkpoint").await;
    assert_eq!((status, &note), (200, &running.note(0).await));
    let checkpoint = Checkpoint::open(&note, &place.vkey()).unwrap();
    assert_eq!(checkpoint.size.get(), published);
    assert_eq!(place.onlooker.signed().len(), before, "nothing more is signed");
    place.check_signed(signed);
    // It does not come further, either.
    place.journal.push("no record".to_owned());
    let mut client = rpc::client::audit(running.channel.clone());
    let request = GetCheckpointRequest {
        at_least_position: published + 1,
    };
    let mut request = tonic::Request::new(request);
    request.set_timeout(std::time::Duration::from_millis(100));
    client.get_checkpoint(request).await.unwrap_err();
    running
}

/// Everything under the published checkpoint is proved.
async fn check_whole(running: &Running, published: &[Vec<u8>]) {
    let mut client = rpc::client::audit(running.channel.clone());
    let checkpoint = running.checkpoint(0).await;
    for (index, leaf) in (0..).zip(published) {
        let request = GetInclusionProofRequest {
            leaf_index: index,
            tree_size: 0,
            at_least_position: 0,
        };
        let found = client.get_inclusion_proof(request).await.unwrap().into_inner();
        assert_eq!(&found.leaf, leaf);
        let proof = InclusionProof::try_from(&found).unwrap();
        proof
            .verify(&leaf_hash(leaf), LeafIndex::new(index), &checkpoint.head())
            .unwrap();
    }
    let request = GetLotProofRequest {
        lot_id: lot().2.to_string(),
        at_least_position: 0,
        depth: None,
        times: false,
    };
    let parts = client.get_lot_proof(request).await.unwrap().into_inner();
    let bundle = rpc::client::lot_proof(parts).await.unwrap();
    assert_eq!(
        verify(&bundle, &Policy::trusting(running.vkey().await))
            .unwrap()
            .history
            .len(),
        1
    );
    let path = format!("GET /tile/entries/000.p/{}", published.len());
    assert_eq!(running.get(&path).await.0, 200);
}

/// Nothing but the checkpoint is there.
async fn check_checkpoint_only(running: &Running) {
    let mut client = rpc::client::audit(running.channel.clone());
    let request = GetInclusionProofRequest {
        leaf_index: 0,
        tree_size: 0,
        at_least_position: 0,
    };
    let mut request = tonic::Request::new(request);
    request.set_timeout(std::time::Duration::from_millis(100));
    client.get_inclusion_proof(request).await.unwrap_err();
    assert_eq!(running.get("GET /tile/0/000.p/1").await.0, 503);
}

/// Rows of another stream that is as long: the same founding, and then others.
fn replace_stream(place: &Place, kept: u64, to: u64) {
    place.journal.roll_back(StreamPosition::new(kept));
    for n in kept..to {
        place.journal.push(format!("another record {n}"));
    }
}

fn lose_rows(place: &Place) {
    fs::remove_dir_all(place.dir.path().join("rows")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shorter_stream_is_never_signed_over() {
    let (place, leaves) = published(12).await;
    // To fewer leaves than were signed, and to nothing at all.
    for last in [9, 0] {
        place.journal.roll_back(StreamPosition::new(last));
        let running = check_read_only(&place, &leaves, "the stream ends at").await;
        check_whole(&running, &leaves).await;
        running.stop().await;
    }
    // The same with the rows gone: what was signed is remembered elsewhere.
    lose_rows(&place);
    place.journal.roll_back(StreamPosition::new(0));
    let running = check_read_only(&place, &leaves, "the stream ends at").await;
    check_checkpoint_only(&running).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_loses_records_while_it_is_followed_is_not_signed_over() {
    let (place, leaves) = published(12).await;
    let running = place.start().await;
    running.checkpoint(12).await;
    check_whole(&running, &leaves).await;
    place.journal.roll_back(StreamPosition::new(9));
    while running.log().await.read_only.is_empty() {
        tokio::task::yield_now().await;
    }
    check_whole(&running, &leaves).await;
    place.check_signed(&leaves);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_history_is_never_signed_over() {
    let (place, leaves) = published(12).await;
    for to in [12, 15] {
        replace_stream(&place, 8, to);
        // The rows are those that were signed: it is the stream that is another.
        let running = check_read_only(&place, &leaves, "the stream makes another tree").await;
        check_whole(&running, &leaves).await;
        running.stop().await;
    }
    lose_rows(&place);
    replace_stream(&place, 8, 15);
    let running = check_read_only(&place, &leaves, "the stream makes another tree").await;
    check_checkpoint_only(&running).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_that_disagree_stop_everything() {
    let head = |place: &Place, size: u64, root: &[u8]| {
        let (size, root) = (TreeSize::new(size), leaf_hash(root));
        Checkpoint::new(place.origin.clone(), TreeHead { size, root }).to_text()
    };
    let cases: [(&str, String); 3] = [
        ("hold different roots", head(&published(12).await.0, 12, b"another")),
        ("is none", "no head\n".to_owned()),
        (
            "the stream makes another tree",
            head(&published(12).await.0, 7, b"another"),
        ),
    ];
    for (why, text) in cases {
        let (place, leaves) = published(12).await;
        fs::write(place.dir.path().join("signed-tree-head"), text).unwrap();
        let running = check_read_only(&place, &leaves, why).await;
        check_whole(&running, &leaves).await;
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_published_is_held_or_nothing_is_signed() {
    let (mut place, leaves) = published(12).await;
    place.cell = MemoryCell::new();
    fs::remove_file(place.dir.path().join("signed-tree-head")).unwrap();
    let running = check_read_only(&place, &leaves, "both places that hold it were lost").await;
    check_whole(&running, &leaves).await;
    running.stop().await;
}

/// The directory is from before the newest checkpoint: the cell knows better, and the stream has everything.
#[tokio::test(flavor = "multi_thread")]
async fn a_directory_from_a_backup_goes_on_from_what_the_cell_holds() {
    let (place, _) = published(12).await;
    let backup = tempfile::tempdir().unwrap();
    copy(place.dir.path(), backup.path());
    for n in 12..20 {
        place.journal.push(format!("no record {n}"));
    }
    let running = place.start().await;
    running.checkpoint(20).await;
    running.stop().await;
    fs::remove_dir_all(place.dir.path()).unwrap();
    copy(backup.path(), place.dir.path());
    let running = place.start().await;
    assert_eq!(running.checkpoint(20).await.head(), replayed(&place));
    running.stop().await;
    place.check_signed(&leaves(&place));
    // And where the stream lost what was signed since the backup, the cell remembers that.
    let signed = leaves(&place);
    fs::remove_dir_all(place.dir.path()).unwrap();
    copy(backup.path(), place.dir.path());
    place.journal.roll_back(StreamPosition::new(15));
    let why = "a tree of 20 leaves was signed, but the stream ends at 15";
    let running = check_read_only_at(&place, &signed, 12, why).await;
    check_whole(&running, &signed[..12]).await;
    running.stop().await;
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Of two processes of one log, each with a directory of its own, the cell lets one go on.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_processes_one_stops() {
    let first = Place::new();
    push_many(&first, 8);
    let second = Place {
        journal: first.journal.clone(),
        cell: first.cell.clone(),
        onlooker: first.onlooker.clone(),
        ..Place::new()
    };
    let one = first.start().await;
    one.checkpoint(8).await;
    let other = second.start().await;
    other.checkpoint(8).await;
    first.journal.push("no record".to_owned());
    // Whoever comes second finds the cell changed.
    let (conflict, mut alone) = tokio::select! {
        error = one.ends() => (error, other),
    };
    assert!(
        matches!(conflict, LogError::Head(HeadError::Cell(CellError::Conflict))),
        "{conflict}"
    );
    first.journal.push("no record".to_owned());
    assert_eq!(alone.checkpoint(10).await.head(), replayed(&second));
    alone = {
        alone.stop().await;
        second.start().await
    };
    alone.checkpoint(10).await;
    alone.stop().await;
    first.check_signed(&leaves(&first));
}

/// Faults come in pairs: the head was not stored, and stored but unanswered. Either ends the process before anything is
/// published; starting it again takes the same steps.
#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_may_not_be_held_is_not_published() {
    for fault in [Fault::NotPersisted, Fault::PersistedButUnanswered] {
        let place = Place::new();
        let (_, statements, _) = lot();
        place.push(&statements);
        for _ in 0..2 {
            place.cell.fail_next(fault);
            let error = place.fails().await;
            assert!(matches!(error, LogError::Head(HeadError::Cell(_))), "{error}");
            assert!(place.onlooker.signed().is_empty());
        }
        let running = place.start().await;
        assert_eq!(running.checkpoint(5).await.head(), replayed(&place));
        running.stop().await;
        place.check_signed(&leaves(&place));
    }
}

/// A bit that flips between computing and storing: one that is not noticed ends a log for good.
#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_bit_is_found_before_anything_is_signed() {
    fn flip(rows: &mut Rows, table: &'static str, key: &[u8], at: usize) {
        let mut value = rows.get(table, key).unwrap();
        value[at] ^= 1;
        rows.put(table, key, value);
    }
    let tile = |level: u8, n: u64| [&[level][..], &n.to_be_bytes()].concat();
    assert_eq!(tile(0, 0).len(), 9);
    let spoils: [fn(&mut Rows); 4] = [
        |rows| flip(rows, "leaves", &3_u64.to_be_bytes(), 70),
        |rows| flip(rows, "leaves", &599_u64.to_be_bytes(), 40),
        // A full tile, whose root stands in the tile above it as well.
        |rows| flip(rows, "tiles", &[0, 0, 0, 0, 0, 0, 0, 0, 1], 5),
        |rows| flip(rows, "tiles", &[1, 0, 0, 0, 0, 0, 0, 0, 0], 33),
    ];
    for spoil in spoils {
        let place = Place::new();
        push_many(&place, 600);
        place.onlooker.spoil(spoil);
        let error = place.fails().await;
        assert!(matches!(error, LogError::ReadBack(_)), "{error}");
        assert!(place.onlooker.signed().is_empty());
        // It does not go away by starting again: the rows are what they are.
        place.fails().await;
        assert!(place.onlooker.signed().is_empty());
        lose_rows(&place);
        let running = place.start().await;
        assert_eq!(running.checkpoint(600).await.head(), replayed(&place));
        running.stop().await;
        place.check_signed(&leaves(&place));
    }
}

/// What a read-only log says when it is asked for what it does not have.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_never_published_answers_nothing() {
    let place = Place::new();
    let (mut world, statements, _) = lot();
    place.push(&statements);
    let (_, enrolled) = world.enrol(PartyKind::Trader, "Trader");
    place.push(&enrolled);
    fs::write(place.dir.path().join("signed-tree-head"), "no head\n").unwrap();
    let running = place.start().await;
    running.health.until_serving().await;
    assert_eq!(running.get("GET /checkpoint").await.0, 503);
    let mut client = rpc::client::audit(running.channel.clone());
    let request = GetLotProofRequest {
        lot_id: "lot-mistyped".to_owned(),
        at_least_position: 0,
        depth: None,
        times: false,
    };
    assert_eq!(
        client.get_lot_proof(request).await.unwrap_err().code(),
        Code::InvalidArgument
    );
    assert!(place.onlooker.signed().is_empty());
    running.stop().await;
}
