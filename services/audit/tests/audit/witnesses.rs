//! Witnesses: who is asked, when that is enough, and what happens where it is not.

use std::time::Duration;

use audit::{Terms, WhenShort, Witnessing};
use ed25519_dalek::SigningKey;
use event::StreamPosition;
use journal::cell::MemoryCell;
use replay::bundle::verify;
use rpc::audit::{
    GetCheckpointRequest, GetEntryProofRequest, GetInclusionProofRequest, GetLotProofRequest, GetPositionRequest,
    GetTimeBracketRequest, ListCheckpointsRequest, ListEntriesRequest, ListEntriesResponse, ListLotEntriesRequest,
    ListLotEntriesResponse,
};
use tlog::note::{Note, NoteSigner};
use tlog::policy::Policy;
use tlog::tree::leaf_hash;
use tlog::{Checkpoint, TreeHead, TreeSize};
use tonic::Code;

use crate::support::{KEY, Place, Running, Stop, Tree, head_of, leaves, lot, push_many};
use crate::witness::{Witness, policy};

const ORIGIN: &str = "veta.test/log";

/// A log of so many leaves that `quorum` of these must cosign.
fn place(leaves: u64, witnesses: &[Witness], quorum: usize) -> Place {
    let mut place = Place::new();
    push_many(&place, leaves);
    place.witnessing = Some(Witnessing {
        policy: policy(&[place.vkey()], witnesses, quorum),
        terms: Terms::default(),
    });
    place
}

fn policy_of(place: &Place) -> &Policy {
    &place.witnessing.as_ref().unwrap().policy
}

/// The published checkpoint covers so many leaves, and holds by the policy; who cosigned it, and as of when.
async fn check(place: &Place, running: &Running, size: u64) -> (usize, u64) {
    let note = Note::parse(&running.note(size).await).unwrap();
    let cosigned = policy_of(place).check(&note).unwrap();
    assert_eq!(cosigned.checkpoint.head(), Tree::of(&leaves(place)).head_at(size));
    (cosigned.by.len(), cosigned.as_of.unwrap().get())
}

/// Starts the log, and waits until every witness has cosigned its nine leaves: whoever is late is soon asked again.
async fn started_with_all(place: &mut Place, witnesses: &[Witness]) -> Running {
    place.witnessing.as_mut().unwrap().terms.recosign = Duration::from_millis(1);
    let running = place.start().await;
    while check(place, &running, 9).await.0 < witnesses.len() {
        tokio::task::yield_now().await;
    }
    running
}

fn grow(place: &Place, to: u64) {
    for n in place.journal.records().len() as u64..to {
        place.journal.push(format!("no record {n}"));
    }
}

/// The time of all of them.
fn clock(witnesses: &[Witness], now: u64) {
    for witness in witnesses {
        witness.clock(now);
    }
}

/// All notes that witnesses accepted were signed here, and are of one history.
fn check_accepted(place: &Place, witnesses: &[Witness], leaves: &[Vec<u8>]) {
    place.check_signed(leaves);
    let tree = Tree::of(leaves);
    for note in witnesses.iter().flat_map(Witness::accepted) {
        let head = head_of(&note);
        assert_eq!(head, tree.head_at(head.size.get()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_is_published_once_the_quorum_has_cosigned_it() {
    let witnesses = Witness::several(3).await;
    let mut place = place(9, &witnesses, 2);
    let running = started_with_all(&mut place, &witnesses).await;
    assert_eq!(check(&place, &running, 9).await, (3, 1_000));
    // With one of them down it is enough, with two it is not.
    witnesses[0].is_down(true);
    grow(&place, 12);
    assert_eq!(check(&place, &running, 12).await, (2, 1_000));
    witnesses[1].is_down(true);
    grow(&place, 15);
    while witnesses[2].size_of(ORIGIN) < 15 {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        running.checkpoint(0).await.size.get(),
        12,
        "one has cosigned more, and it is not published"
    );
    // What is not published is served to witnesses that audit.
    assert_eq!(running.get("GET /tile/entries/000.p/15").await.0, 200);
    witnesses[1].is_down(false);
    assert_eq!(check(&place, &running, 15).await.0, 2);
    running.stop().await;
    check_accepted(&place, &witnesses, &leaves(&place));
}

/// A log whose quorum never came has nothing that could be proved, and says so to whoever does not want to wait for it.
#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_quorum_whoever_does_not_wait_is_told_at_once_that_nothing_is_published() {
    let witnesses = Witness::several(2).await;
    witnesses[1].is_down(true);
    let place = place(9, &witnesses, 2);
    let running = place.start().await;
    while running.get("GET /tile/entries/000.p/9").await.0 != 200 {
        tokio::task::yield_now().await;
    }
    let mut client = rpc::client::audit(running.channel.clone());
    let checkpoint = client.get_checkpoint(GetCheckpointRequest::default()).await;
    let proof = client.get_entry_proof(GetEntryProofRequest::default()).await;
    let inclusion = client.get_inclusion_proof(GetInclusionProofRequest::default()).await;
    let bracket = client.get_time_bracket(GetTimeBracketRequest::default()).await;
    let refused = [
        checkpoint.unwrap_err(),
        proof.unwrap_err(),
        inclusion.unwrap_err(),
        bracket.unwrap_err(),
    ];
    for status in refused {
        assert_eq!(status.code(), Code::NotFound);
        assert!(status.message().contains("`at_least_position` 1 to wait"), "{status}");
    }
    let of_lot = ListLotEntriesRequest {
        lot_id: lot().2.to_string(),
        ..ListLotEntriesRequest::default()
    };
    let listed = client.list_entries(ListEntriesRequest::default()).await.unwrap();
    let of_lot = client.list_lot_entries(of_lot).await.unwrap();
    let position = client.get_position(GetPositionRequest::default()).await.unwrap();
    assert_eq!(*listed.get_ref(), ListEntriesResponse::default());
    assert_eq!(*of_lot.get_ref(), ListLotEntriesResponse::default());
    assert_eq!(position.get_ref().published_tree_size, 0);
    assert_eq!(position.get_ref().view.as_ref().unwrap().position, 9);
    // Whoever waits for the first is answered when it comes.
    let first = running.checkpoint(1);
    let (first, ()) = tokio::join!(biased; first, async { witnesses[1].is_down(false) });
    assert_eq!(first.size.get(), 9);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_published_before_there_were_witnesses_is_cosigned_as_soon_as_there_are() {
    let witnesses = Witness::several(2).await;
    let mut place = place(9, &witnesses, 2);
    let witnessing = place.witnessing.take();
    let running = place.start().await;
    let before = running.note(9).await;
    running.stop().await;
    place.witnessing = witnessing;
    assert!(
        policy_of(&place).check(&Note::parse(&before).unwrap()).is_err(),
        "nobody cosigned it"
    );
    let running = place.start().await;
    // Nothing is new, and the time to cosign again is far away.
    while running.note(9).await == before {
        tokio::task::yield_now().await;
    }
    assert_eq!(check(&place, &running, 9).await.0, 2);
    running.stop().await;
    check_accepted(&place, &witnesses, &leaves(&place));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_of_another_size_is_met_where_it_is() {
    let witnesses = Witness::several(2).await;
    let place = place(9, &witnesses, 2);
    let running = place.start().await;
    check(&place, &running, 9).await;
    // It tells that it has seen nothing, and is given the proof from there.
    witnesses[0].forget();
    grow(&place, 300);
    check(&place, &running, 300).await;
    running.stop().await;
    // A process that starts does not know what they have seen.
    grow(&place, 310);
    let running = place.start().await;
    check(&place, &running, 310).await;
    running.stop().await;
    check_accepted(&place, &witnesses, &leaves(&place));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_that_saw_another_log_is_not_needed() {
    let witnesses = Witness::several(3).await;
    let mut place = place(9, &witnesses, 2);
    let running = started_with_all(&mut place, &witnesses).await;
    assert_eq!(check(&place, &running, 9).await.0, 3);
    let other = TreeHead {
        size: TreeSize::new(5),
        root: leaf_hash(b"another"),
    };
    witnesses[1].has_seen(Checkpoint::new(place.origin.clone(), other));
    grow(&place, 12);
    assert_eq!(check(&place, &running, 12).await.0, 2);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_quorum_a_checkpoint_is_published_only_where_that_is_said() {
    let witnesses = Witness::several(2).await;
    let mut place = place(9, &witnesses, 2);
    let terms = Terms {
        when_short: WhenShort::PublishAfter(Duration::from_millis(20)),
        ..Terms::default()
    };
    place.witnessing.as_mut().unwrap().terms = terms;
    witnesses[0].is_down(true);
    let running = place.start().await;
    let note = Note::parse(&running.note(9).await).unwrap();
    policy_of(&place).check(&note).unwrap_err();
    assert_eq!(
        note.signatures().len(),
        2,
        "the log's, and the one of the witness that answers"
    );
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_signed_before_witnesses_say_what_they_have_seen() {
    let witnesses = Witness::several(3).await;
    let place = place(9, &witnesses, 2);
    let running = place.start().await;
    check(&place, &running, 9).await;
    running.stop().await;
    grow(&place, 12);
    let signed = place.onlooker.signed().len();
    // One answers, and the other two could have published by themselves.
    witnesses[0].is_down(true);
    witnesses[1].is_down(true);
    let running = place.start().await;
    running.health.until_serving().await;
    let since = |place: &Place| place.onlooker.signed().split_off(signed);
    // It is asked once more, and once more: meanwhile everything else would have been signed.
    let asked = witnesses[2].asked();
    while witnesses[2].asked() < asked + 3 {
        tokio::task::yield_now().await;
    }
    assert!(!since(&place).is_empty());
    // What was published is answered, and its proofs; but only the tree of no leaves is signed.
    assert_eq!(running.checkpoint(9).await.size.get(), 9);
    assert!(since(&place).iter().all(|note| head_of(note).size == TreeSize::EMPTY));
    witnesses[0].is_down(false);
    check(&place, &running, 12).await;
    running.stop().await;
    check_accepted(&place, &witnesses, &leaves(&place));
}

/// Directory, cell and stream are restored from a backup of the same moment: here everything agrees. Only the witnesses know.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_restored_from_an_old_backup_is_not_signed_over() {
    let witnesses = Witness::several(3).await;
    let mut place = place(9, &witnesses, 2);
    let running = place.start().await;
    check(&place, &running, 9).await;
    running.stop().await;
    grow(&place, 15);
    let running = place.start().await;
    check(&place, &running, 15).await;
    running.stop().await;
    let signed = leaves(&place);
    // Nothing of it is left but the first records; and then come others.
    place.journal.roll_back(StreamPosition::new(9));
    place.dir = tempfile::tempdir().unwrap();
    place.cell = MemoryCell::new();
    for n in 9..30 {
        place.journal.push(format!("another record {n}"));
    }
    let running = place.start().await;
    running.health.until_serving().await;
    let why = running.log().await.read_only;
    assert!(why.contains("has cosigned 15 leaves of this log"), "{why}");
    running.stop().await;
    check_accepted(&place, &witnesses, &signed);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_checkpoint_is_cosigned_again() {
    let witnesses = Witness::several(3).await;
    let mut place = place(9, &witnesses, 2);
    let running = started_with_all(&mut place, &witnesses).await;
    clock(&witnesses, 2_000);
    while check(&place, &running, 9).await.1 < 2_000 {
        tokio::task::yield_now().await;
    }
    // A witness that does not answer leaves its older cosignature.
    witnesses[0].is_down(true);
    clock(&witnesses, 3_000);
    while check(&place, &running, 9).await.1 < 3_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(check(&place, &running, 9).await.0, 3);
    running.stop().await;
    // The freshest one survives.
    for witness in &witnesses {
        witness.is_down(true);
    }
    let running = place.start().await;
    assert_eq!(check(&place, &running, 9).await, (3, 3_000));
    running.stop().await;
    check_accepted(&place, &witnesses, &leaves(&place));
}

/// While a key is replaced both sign, on one origin; whoever knows one of them reads the log.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_replaced_while_both_sign() {
    let new = SigningKey::from_bytes(&[9; 32]);
    let witnesses = Witness::several(1).await;
    witnesses[0].trust(new.to_bytes());
    let mut place = place(9, &witnesses, 1);
    let old_vkey = place.vkey();
    let signer = NoteSigner::new(place.origin.key_name().clone(), new.clone()).unwrap();
    let running = place.start().await;
    check(&place, &running, 9).await;
    running.stop().await;
    // Both: the old one first, then the new one.
    place.witnessing.as_mut().unwrap().policy = policy(&[old_vkey.clone(), signer.vkey().clone()], &witnesses, 1);
    place.other_keys = vec![new.clone()];
    for (keys, to) in [((&KEY, [9; 32]), 12), ((&[9; 32], KEY), 14)] {
        place.key = SigningKey::from_bytes(keys.0);
        place.other_keys = vec![SigningKey::from_bytes(&keys.1)];
        grow(&place, to);
        let running = place.start().await;
        check(&place, &running, to).await;
        let note = running.note(to).await;
        for vkey in [&old_vkey, signer.vkey()] {
            assert_eq!(Checkpoint::open(&note, vkey).unwrap().size.get(), to);
        }
        let log = running.log().await;
        assert_eq!((log.vkey, log.other_vkeys.len()), (place.vkey().to_string(), 1));
        running.stop().await;
    }
    // And the new one alone.
    place.other_keys = Vec::new();
    grow(&place, 16);
    let running = place.start().await;
    check(&place, &running, 16).await;
    Checkpoint::open(&running.note(16).await, &old_vkey).unwrap_err();
    running.stop().await;
}

/// The published checkpoint covers so many leaves and holds by the policy, be it some time after it was published.
async fn until_cosigned(place: &Place, running: &Running, size: u64) {
    loop {
        let note = Note::parse(&running.note(size).await).unwrap();
        if policy_of(place).check(&note).is_ok() {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// Checkpoints that were published in want of witnesses are passed over: they have no time.
#[tokio::test(flavor = "multi_thread")]
async fn a_lot_is_proved_with_the_times_between_which_its_statements_came() {
    let witnesses = Witness::several(2).await;
    let (_, statements, lot) = lot();
    let mut place = Place::new();
    place.push(&statements[..3]);
    place.witnessing = Some(Witnessing {
        policy: policy(&[place.vkey()], &witnesses, 2),
        terms: Terms {
            when_short: WhenShort::PublishAfter(Duration::from_millis(20)),
            ..Terms::default()
        },
    });
    clock(&witnesses, 1_000);
    let running = place.start().await;
    until_cosigned(&place, &running, 3).await;
    witnesses[0].is_down(true);
    for size in [4, 5] {
        place.push(&statements[size - 1..size]);
        running.note(size as u64).await;
    }
    clock(&witnesses, 2_000);
    witnesses[0].is_down(false);
    grow(&place, 7);
    until_cosigned(&place, &running, 7).await;
    clock(&witnesses, 3_000);
    grow(&place, 9);
    until_cosigned(&place, &running, 9).await;
    let mut client = rpc::client::audit(running.channel.clone());
    for (times, not_after) in [(false, 3_000), (true, 2_000)] {
        let request = GetLotProofRequest {
            lot_id: lot.to_string(),
            times,
            ..GetLotProofRequest::default()
        };
        let parts = client.get_lot_proof(request).await.unwrap().into_inner();
        let bundle = rpc::client::lot_proof(parts).await.unwrap();
        let report = verify(&bundle, policy_of(&place)).unwrap();
        let came = report.bracket(report.history[0].index);
        let bounds = [came.not_before, came.not_after].map(|time| time.unwrap().get());
        assert_eq!(bounds, [1_000, not_after], "times: {times}");
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaf_came_between_two_checkpoints() {
    let witnesses = Witness::several(2).await;
    let mut place = place(9, &witnesses, 2);
    place.witnessing.as_mut().unwrap().terms.recosign = Duration::from_millis(1);
    clock(&witnesses, 1_000);
    let running = place.start().await;
    check(&place, &running, 9).await;
    clock(&witnesses, 2_000);
    while check(&place, &running, 9).await.1 < 2_000 {
        tokio::task::yield_now().await;
    }
    running.stop().await;
    place.witnessing.as_mut().unwrap().terms = Terms::default();
    clock(&witnesses, 3_000);
    grow(&place, 12);
    let running = place.start().await;
    check(&place, &running, 12).await;
    let mut client = rpc::client::audit(running.channel.clone());
    for (leaf, not_before, not_after) in [(0, 0, 1_000), (8, 0, 1_000), (9, 2_000, 3_000), (11, 2_000, 3_000)] {
        let request = GetTimeBracketRequest {
            leaf_index: leaf,
            at_least_position: 0,
        };
        let bracket = client.get_time_bracket(request).await.unwrap().into_inner();
        assert_eq!(
            (bracket.not_before, bracket.not_after),
            (not_before, not_after),
            "{leaf}"
        );
        let note = String::from_utf8(bracket.including_note).unwrap();
        assert!(leaf < head_of(&note).size.get());
        let note = String::from_utf8(bracket.excluding_note).unwrap();
        assert!(note.is_empty() || head_of(&note).size.get() <= leaf);
    }
    let request = GetTimeBracketRequest {
        leaf_index: 12,
        at_least_position: 0,
    };
    assert_eq!(
        client.get_time_bracket(request).await.unwrap_err().code(),
        Code::NotFound
    );

    let mut listed = Vec::new();
    let mut next = 0;
    loop {
        let request = ListCheckpointsRequest {
            start_tree_size: next,
            max_count: 1,
        };
        let page = client.list_checkpoints(request).await.unwrap().into_inner();
        listed.extend(page.checkpoints);
        next = page.next_tree_size;
        if next == 0 {
            break;
        }
    }
    let sizes: Vec<_> = listed
        .iter()
        .map(|one| (one.tree_size, one.freshest_note.is_empty()))
        .collect();
    assert_eq!(sizes, [(9, false), (12, true)]);
    running.stop().await;
}

/// A policy that cannot be kept is refused before anything is done.
#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_cannot_be_kept_is_refused() {
    let witnesses = Witness::several(1).await;
    let mut place = place(9, &witnesses, 1);
    let other = Place {
        key: SigningKey::from_bytes(&[8; 32]),
        ..Place::new()
    };
    let good = policy_of(&place).clone();
    let without_url = |policy: &Policy| {
        let text = String::from_utf8(policy.to_bytes()).unwrap();
        let cut = text.lines().map(|line| match line.split_once(" http") {
            Some((before, _)) => format!("{before}\n"),
            None => format!("{line}\n"),
        });
        Policy::parse(cut.collect::<String>().as_bytes()).unwrap()
    };
    let cases = [
        (policy(&[other.vkey()], &witnesses, 1), "lists no key of this log"),
        (without_url(&good), "do not make up the quorum"),
    ];
    for (policy, why) in cases {
        place.witnessing.as_mut().unwrap().policy = policy;
        place.onlooker.stop(Stop::Never);
        let error = place.is_refused().await;
        assert!(error.contains(why), "{error}");
    }
}
