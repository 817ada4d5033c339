//! Proofs, entries and checkpoints over gRPC.

use std::path::Path;
use std::time::Duration;

use event::{LotId, StreamPosition};
use journal::cell::MemoryCell;
use replay::bundle::verify;
use rpc::audit::{
    FindStatementRequest, FindStatementResponse, GetConsistencyProofRequest, GetEntryProofRequest,
    GetInclusionProofRequest, GetLotProofRequest, GetTimeBracketRequest, ListCheckpointsRequest, ListEntriesRequest,
    ListLotEntriesRequest, StreamEntriesRequest,
};
use tlog::policy::Policy;
use tlog::proof::TlogProof;
use tlog::tree::{InclusionProof, leaf_hash};
use tlog::{Checkpoint, Leaf, LeafIndex};
use tokio::time::timeout;
use tonic::{Code, Status};

use crate::support::{Place, Running, lot, replayed};

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_verifies_under_the_checkpoint() {
    let place = Place::new();
    let (_, statements, lot) = lot();
    place.push(&statements);
    place.journal.push(b"garbage".to_vec());
    let running = place.start().await;
    let (checkpoint, vkey) = (running.checkpoint(6).await, running.vkey().await);
    assert_eq!(checkpoint.head(), replayed(&place));

    let mut client = rpc::client::audit(running.channel.clone());
    for index in 0..6 {
        let request = GetInclusionProofRequest {
            leaf_index: index,
            tree_size: 0,
            at_least_position: 0,
        };
        let found = client.get_inclusion_proof(request).await.unwrap().into_inner();
        let proof = InclusionProof::try_from(&found).unwrap();
        proof
            .verify(&leaf_hash(&found.leaf), LeafIndex::new(index), &checkpoint.head())
            .unwrap();
        let request = GetEntryProofRequest {
            leaf_index: index,
            at_least_position: 0,
        };
        let found = client.get_entry_proof(request).await.unwrap().into_inner();
        let proof = TlogProof::parse(found.tlog_proof.as_bytes()).unwrap();
        assert_eq!(proof.verify(&leaf_hash(&found.leaf), &vkey).unwrap(), checkpoint);
    }
    let request = ListEntriesRequest {
        start_index: 4,
        max_count: 10,
        at_least_position: 0,
    };
    let entries = client.list_entries(request).await.unwrap().into_inner();
    let verdicts: Vec<_> = entries
        .leaves
        .iter()
        .map(|leaf| Leaf::parse(leaf).unwrap().verdict)
        .collect();
    assert_eq!(verdicts, [0, 1]);
    let request = StreamEntriesRequest {
        start_index: 0,
        at_least_position: 6,
    };
    let streamed = client
        .stream_entries(request)
        .await
        .unwrap()
        .into_inner()
        .message()
        .await
        .unwrap()
        .unwrap();
    assert_eq!(streamed.leaves.len(), 6);
    let request = GetLotProofRequest {
        lot_id: lot.to_string(),
        at_least_position: 6,
        depth: None,
        times: false,
    };
    let bundle = rpc::client::lot_proof(client.get_lot_proof(request).await.unwrap().into_inner())
        .await
        .unwrap();
    assert_eq!(verify(&bundle, &Policy::trusting(vkey)).unwrap().history.len(), 1);
    running.stop().await;
}

/// Which leaves of how many that are looked at come from where on, and where to go on.
type LotEntries<'a> = (u64, u32, bool, &'a [u64], u64);

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_that_names_a_lot_is_listed_the_refused_ones_too() {
    let place = Place::new();
    let (mut world, mut statements, lot) = lot();
    let declared = statements.last().unwrap().id(world.deployment);
    let (mut thief, enrolled) = world.enrol(event::vocabulary::PartyKind::Trader, "Thief");
    let (fence, others) = world.enrol(event::vocabulary::PartyKind::Trader, "Fence");
    statements.extend(enrolled.into_iter().chain(others));
    let first = u64::try_from(statements.len()).unwrap();
    statements.extend((0..2).map(|_| world.offer(&mut thief, lot, declared, &fence)));
    place.push(&statements);
    let running = place.start().await;
    running.checkpoint(first + 2).await;
    let mut client = rpc::client::audit(running.channel.clone());
    let cases: &[LotEntries<'_>] = &[
        (0, 0, false, &[4, first, first + 1], 0),
        (0, 0, true, &[first, first + 1], 0),
        (5, 1, false, &[first], first + 1),
        (first + 1, 1, false, &[first + 1], 0),
        (first + 2, 0, false, &[], 0),
        // One is looked at, and it was admitted.
        (0, 1, true, &[], first),
        (1 << 40, 0, false, &[], 0),
    ];
    for (start_index, max_count, only_refused, expected, next_index) in cases {
        let request = ListLotEntriesRequest {
            lot_id: lot.to_string(),
            start_index: *start_index,
            max_count: *max_count,
            only_refused: *only_refused,
            at_least_position: 0,
        };
        let found = client.list_lot_entries(request).await.unwrap().into_inner();
        let indexes: Vec<_> = found.entries.iter().map(|entry| entry.leaf_index).collect();
        assert_eq!(
            (indexes.as_slice(), found.next_index),
            (*expected, *next_index),
            "from {start_index}"
        );
        for entry in &found.entries {
            let is_refused = Leaf::parse(&entry.leaf).unwrap().verdict != 0;
            assert_eq!(is_refused, entry.leaf_index != 4);
        }
    }
    let nobodys = ListLotEntriesRequest {
        lot_id: event::LotId::from_bytes([1; 16]).to_string(),
        ..ListLotEntriesRequest::default()
    };
    let found = client.list_lot_entries(nobodys).await.unwrap().into_inner();
    assert_eq!((found.entries.len(), found.tree_size), (0, first + 2));
    running.stop().await;
}

/// Somebody wrote one statement to the stream three times past `ingest`: before it could be admitted, and after it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_found_by_its_id_where_it_was_admitted() {
    let place = Place::new();
    let (world, statements, _) = lot();
    let early = &statements[4..5];
    let order = [&statements[..1], early, &statements[1..], early].concat();
    place.push(&order);
    let running = place.start().await;
    running.checkpoint(7).await;
    let mut client = rpc::client::audit(running.channel.clone());
    let ids = statements
        .iter()
        .map(|statement| statement.id(world.deployment).to_string());
    // A deployment has the id of the statement that founded it.
    let ids: Vec<_> = [world.deployment.to_string()].into_iter().chain(ids.skip(1)).collect();
    for (place, expected, others) in [(0, 0, vec![]), (3, 4, vec![]), (4, 5, vec![1, 6])] {
        let request = FindStatementRequest {
            statement_id: ids[place].clone(),
            at_least_position: 0,
        };
        let found = client.find_statement(request).await.unwrap().into_inner();
        let expected = FindStatementResponse {
            leaf_index: expected,
            other_leaf_indexes: others,
            tree_size: 7,
        };
        assert_eq!(found, expected, "{place}");
    }
    for (statement_id, code) in [
        ("00".repeat(32), Code::NotFound),
        ("00".to_owned(), Code::InvalidArgument),
    ] {
        let request = FindStatementRequest {
            statement_id,
            at_least_position: 0,
        };
        assert_eq!(client.find_statement(request).await.unwrap_err().code(), code);
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_said_so() {
    let place = Place::new();
    let (_, statements, _) = lot();
    place.push(&statements);
    let running = place.start().await;
    running.checkpoint(5).await;
    let mut client = rpc::client::audit(running.channel.clone());
    let request = GetInclusionProofRequest {
        leaf_index: 5,
        tree_size: 0,
        at_least_position: 0,
    };
    assert_eq!(
        client.get_inclusion_proof(request).await.unwrap_err().code(),
        Code::NotFound
    );
    let request = GetInclusionProofRequest {
        leaf_index: 0,
        tree_size: 6,
        at_least_position: 0,
    };
    assert_eq!(
        client.get_inclusion_proof(request).await.unwrap_err().code(),
        Code::NotFound
    );
    let request = GetConsistencyProofRequest {
        old_tree_size: 6,
        new_tree_size: 0,
        at_least_position: 0,
    };
    assert_eq!(
        client.get_consistency_proof(request).await.unwrap_err().code(),
        Code::NotFound
    );
    let request = GetLotProofRequest {
        lot_id: event::LotId::from_bytes([1; 16]).to_string(),
        at_least_position: 0,
        depth: None,
        times: false,
    };
    assert_eq!(client.get_lot_proof(request).await.unwrap_err().code(), Code::NotFound);
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
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn checkpoints_only_grow_over_restarts_and_lost_rows() {
    let place = Place::new();
    let (mut world, statements, _) = lot();
    place.push(&statements);
    let running = place.start().await;
    let mut heads = vec![running.checkpoint(5).await.head()];
    for round in 0..6 {
        let (_, enrolled) = world.enrol(event::vocabulary::PartyKind::Trader, &format!("Trader {round}"));
        place.push(&enrolled);
        heads.push(running.checkpoint(7 + 2 * round).await.head());
    }
    let digest = running.rows_digest(17).await;
    running.stop().await;
    // Rows kept, rows lost, file lost, cell empty: the log goes on from the same root each time.
    let lose: [fn(&Path); 3] = [
        |_| {},
        |dir| std::fs::remove_dir_all(dir.join("rows")).unwrap(),
        |dir| std::fs::remove_file(dir.join("signed-tree-head")).unwrap(),
    ];
    for lose in lose {
        lose(place.dir.path());
        let running = place.start().await;
        let last = running.checkpoint(17).await.head();
        assert_eq!(
            (last, running.rows_digest(17).await),
            (replayed(&place), digest.clone())
        );
        for old in &heads {
            running.consistent(*old, last).await;
        }
        running.stop().await;
    }
    let other_cell = Place {
        cell: MemoryCell::new(),
        ..place
    };
    let running = other_cell.start().await;
    assert_eq!(running.checkpoint(17).await.head(), replayed(&other_cell));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_rows_are_rebuilt_nothing_is_said_of_a_shorter_log() {
    let mut place = Place::new();
    let (world, statements, lot) = lot();
    let declared = statements[4].id(world.deployment).to_string();
    place.push(&statements);
    let running = place.start().await;
    let checkpoint = running.checkpoint(5).await;
    running.stop().await;
    std::fs::remove_dir_all(place.dir.path().join("rows")).unwrap();
    place.journal = place.journal.behind(StreamPosition::new(3));
    let running = place.start().await;
    while running.get("GET /tile/entries/000.p/3").await.0 != 200 {
        tokio::task::yield_now().await;
    }
    // What was published is known all the same.
    assert_eq!(running.checkpoint(5).await, checkpoint);
    let mut client = rpc::client::audit(running.channel.clone());
    let request = GetTimeBracketRequest {
        leaf_index: 4,
        at_least_position: 0,
    };
    let bracket = client.get_time_bracket(request).await.unwrap().into_inner();
    assert_eq!(bracket.including_note, running.note(0).await);
    let listed = client
        .list_checkpoints(ListCheckpointsRequest::default())
        .await
        .unwrap();
    assert_eq!(listed.into_inner().checkpoints.last().unwrap().tree_size, 5);
    for (name, answer) in sizes(&running, &declared, lot, Duration::from_millis(100)).await {
        let status = answer.expect_err(name);
        assert!(
            matches!(status.code(), Code::DeadlineExceeded | Code::Unavailable),
            "{name}: {status}"
        );
    }
    place.journal.catch_up();
    running.health.until_serving().await;
    for (name, answer) in sizes(&running, &declared, lot, Duration::from_secs(60)).await {
        assert_eq!(answer.unwrap(), 5, "{name}");
    }
    running.stop().await;
}

/// Of how many leaves an answer is, by its name.
type Size = (&'static str, Result<u64, Status>);

/// Of how many leaves what every read of the rows answers is, each of which is waited for no longer than that.
async fn sizes(running: &Running, statement: &str, lot: LotId, wait: Duration) -> Vec<Size> {
    let mut client = rpc::client::audit(running.channel.clone());
    let inclusion = GetInclusionProofRequest {
        leaf_index: 4,
        ..GetInclusionProofRequest::default()
    };
    let consistency = GetConsistencyProofRequest {
        old_tree_size: 4,
        ..GetConsistencyProofRequest::default()
    };
    let of_lot = ListLotEntriesRequest {
        lot_id: lot.to_string(),
        ..ListLotEntriesRequest::default()
    };
    let find = FindStatementRequest {
        statement_id: statement.to_owned(),
        ..FindStatementRequest::default()
    };
    let inclusion = within(wait, client.get_inclusion_proof(inclusion)).await;
    let consistency = within(wait, client.get_consistency_proof(consistency)).await;
    let entries = within(wait, client.list_entries(ListEntriesRequest::default())).await;
    let of_lot = within(wait, client.list_lot_entries(of_lot)).await;
    let found = within(wait, client.find_statement(find)).await;
    let streamed = within(wait, async {
        let streamed = client.stream_entries(StreamEntriesRequest::default()).await?;
        Ok(streamed.into_inner().message().await?.expect("a first message"))
    });
    let streamed = streamed.await;
    let mut sizes = vec![
        ("an inclusion proof", inclusion.map(|found| found.get_ref().tree_size)),
        (
            "a consistency proof",
            consistency.map(|found| found.get_ref().new_tree_size),
        ),
        ("entries", entries.map(|found| found.get_ref().leaves.len() as u64)),
        ("entries of a lot", of_lot.map(|found| found.get_ref().tree_size)),
        ("a statement", found.map(|found| found.get_ref().tree_size)),
        ("entries as they come", streamed.map(|found| found.tree_size)),
    ];
    sizes.extend(sizes_of_files(running, lot, wait).await);
    sizes
}

/// The same of proofs that are files.
async fn sizes_of_files(running: &Running, lot: LotId, wait: Duration) -> [Size; 2] {
    let mut client = rpc::client::audit(running.channel.clone());
    let entry = GetEntryProofRequest {
        leaf_index: 4,
        ..GetEntryProofRequest::default()
    };
    let bundle = GetLotProofRequest {
        lot_id: lot.to_string(),
        ..GetLotProofRequest::default()
    };
    let entry = within(wait, client.get_entry_proof(entry)).await;
    let bundle = within(wait, async {
        let parts = client.get_lot_proof(bundle).await?.into_inner();
        Ok(rpc::client::lot_proof(parts).await.unwrap())
    });
    let (bundle, policy) = (bundle.await, Policy::trusting(running.vkey().await));
    let of_entry = |file: &str| {
        let proof = TlogProof::parse(file.as_bytes()).unwrap();
        Checkpoint::parse(proof.checkpoint.text()).unwrap().size.get()
    };
    let of_bundle = |bundle: &[u8]| verify(bundle, &policy).unwrap().cosigned.checkpoint.size.get();
    [
        (
            "an entry's proof",
            entry.map(|found| of_entry(&found.get_ref().tlog_proof)),
        ),
        ("a bundle", bundle.map(|bundle| of_bundle(&bundle))),
    ]
}

/// What is answered in time.
async fn within<T>(wait: Duration, answer: impl Future<Output = Result<T, Status>>) -> Result<T, Status> {
    let late = |_| Err(Status::deadline_exceeded("nothing was answered"));
    timeout(wait, answer).await.unwrap_or_else(late)
}
