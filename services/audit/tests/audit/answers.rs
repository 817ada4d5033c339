//! Proofs, entries and checkpoints over gRPC.

use std::path::Path;

use journal::cell::MemoryCell;
use replay::bundle::verify;
use rpc::audit::{
    GetConsistencyProofRequest, GetEntryProofRequest, GetInclusionProofRequest, GetLotProofRequest, ListEntriesRequest,
    StreamEntriesRequest,
};
use tlog::policy::Policy;
use tlog::proof::TlogProof;
use tlog::tree::{InclusionProof, leaf_hash};
use tlog::{Leaf, LeafIndex};
use tonic::Code;

use crate::support::{Place, lot, replayed};

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
