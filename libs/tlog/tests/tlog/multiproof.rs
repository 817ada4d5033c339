//! Several leaves under one proof, against the proofs of each.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::support::NaiveTree;
use tlog::multiproof::{MultiProof, MultiProofError, prove_all};
use tlog::tree::{ProofError, prove_inclusion};
use tlog::{Hash, LeafIndex, TreeHead, TreeSize};

/// Largest tree of the property tests.
const SIZE_MAX: u64 = 300;

fn size_and_indexes() -> impl Strategy<Value = (u64, BTreeSet<u64>)> {
    (1..=SIZE_MAX).prop_flat_map(|size| (Just(size), prop::collection::btree_set(0..size, 1..12)))
}

/// The tree's head, and the leaves with their hashes.
fn claim(tree: &NaiveTree, indexes: &BTreeSet<u64>) -> (TreeHead, Vec<(LeafIndex, Hash)>) {
    let size = tree.0.len() as u64;
    let leaf = |index: &u64| (LeafIndex::new(*index), tree.0[usize::try_from(*index).unwrap()]);
    (
        TreeHead {
            size: TreeSize::new(size),
            root: tree.root(size),
        },
        indexes.iter().map(leaf).collect(),
    )
}

fn prove(tree: &NaiveTree, leaves: &[(LeafIndex, Hash)]) -> Result<MultiProof, MultiProofError> {
    let indexes: Vec<_> = leaves.iter().map(|(index, _)| *index).collect();
    prove_all(&indexes, TreeSize::new(tree.0.len() as u64), tree)
}

proptest! {
    #[test]
    fn it_holds_and_has_no_hash_that_single_proofs_lack((size, indexes) in size_and_indexes()) {
        let tree = NaiveTree::of_size(size);
        let (head, leaves) = claim(&tree, &indexes);
        let proof = prove(&tree, &leaves).unwrap();
        prop_assert_eq!(proof.verify(&leaves, &head), Ok(()));
        let single = |index: &u64| prove_inclusion(LeafIndex::new(*index), head.size, &tree).unwrap().hashes;
        let singles: BTreeSet<Hash> = indexes.iter().flat_map(single).collect();
        prop_assert!(proof.hashes.iter().all(|hash| singles.contains(hash)));
        prop_assert!(proof.hashes.len() <= singles.len());
    }

    #[test]
    fn a_changed_proof_or_claim_is_refused((size, indexes) in size_and_indexes(), at: prop::sample::Index) {
        let tree = NaiveTree::of_size(size);
        let (head, leaves) = claim(&tree, &indexes);
        let good = prove(&tree, &leaves).unwrap().hashes;
        let refused = |hashes: Vec<Hash>| MultiProof { hashes }.verify(&leaves, &head).is_err();
        prop_assert!(refused([&good[..], &[Hash::ZERO]].concat()));
        if !good.is_empty() {
            let place = at.index(good.len());
            let (mut flipped, mut shorter) = (good.clone(), good.clone());
            flipped[place] = Hash::ZERO;
            shorter.remove(place);
            prop_assert!(refused(flipped) && refused(shorter));
        }
        let mut other = leaves.clone();
        other[at.index(leaves.len())].1 = Hash::ZERO;
        let good = MultiProof { hashes: good };
        prop_assert_eq!(good.verify(&other, &head), Err(ProofError::RootMismatch.into()));
        prop_assert!(good.verify(&leaves[1..], &head).is_err());
    }

    #[test]
    fn nothing_panics(size: u64, indexes: Vec<u64>, count in 0..70_usize) {
        let leaves: Vec<_> = indexes.iter().map(|index| (LeafIndex::new(*index), Hash::ZERO)).collect();
        let head = TreeHead { size: TreeSize::new(size), root: Hash::ZERO };
        let proof = MultiProof { hashes: vec![Hash::ZERO; count] };
        prop_assert!(proof.verify(&leaves, &head).is_err());
    }
}

#[test]
fn leaves_are_given_once_and_in_order() {
    let tree = NaiveTree::of_size(5);
    let index = LeafIndex::new;
    let check = |indexes: &[LeafIndex], expected: MultiProofError| {
        assert_eq!(
            prove_all(indexes, TreeSize::new(5), &tree),
            Err(expected),
            "{indexes:?}"
        );
    };
    check(&[], MultiProofError::NotIncreasing);
    check(&[index(2), index(1)], MultiProofError::NotIncreasing);
    check(&[index(2), index(2)], MultiProofError::NotIncreasing);
    check(
        &[index(2), index(5)],
        ProofError::IndexOutside {
            index: index(5),
            size: TreeSize::new(5),
        }
        .into(),
    );
}
