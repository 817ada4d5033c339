//! Trees of random sizes: against the definition, and against `ct-merkle`, code by other hands.

use crate::support::{NaiveTree, leaf};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof as TheirConsistency, InclusionProof as TheirInclusion, RootHash};
use proptest::prelude::*;
use sha2::Sha256;
use tlog::tree::{
    ConsistencyProof, Frontier, InclusionProof, NodeReader, ProofError, TREE_SIZE_MAX, leaf_hash, node_hash,
    prove_consistency, prove_inclusion, root,
};
use tlog::{Hash, LeafIndex, TreeHead, TreeSize};

/// Largest tree of the property tests: past two levels of tiles would take too long; past one tile is enough here.
const SIZE_MAX: u64 = 600;

/// A tree of any size up to 2^63 − 1 whose leaves are all the same, so that a level has one hash only.
struct UniformTree(Vec<Hash>);

impl UniformTree {
    fn new() -> Self {
        let levels = std::iter::successors(Some(leaf_hash(b"same")), |hash| Some(node_hash(hash, hash)));
        Self(levels.take(64).collect())
    }
}

impl NodeReader for UniformTree {
    fn node(&self, level: u8, _: u64) -> Option<Hash> {
        self.0.get(usize::from(level)).copied()
    }
}

fn head(tree: &impl NodeReader, size: u64) -> TreeHead {
    let size = TreeSize::new(size);
    TreeHead {
        size,
        root: root(size, tree).unwrap(),
    }
}

fn size_and_index() -> impl Strategy<Value = (u64, u64)> {
    (1..=SIZE_MAX).prop_flat_map(|size| (Just(size), 0..size))
}

fn two_sizes() -> impl Strategy<Value = (u64, u64)> {
    (1..=SIZE_MAX).prop_flat_map(|new| (1..=new, Just(new)))
}

fn huge_sizes() -> impl Strategy<Value = (u64, u64)> {
    (0..63_u32, 1..=TREE_SIZE_MAX.get())
        .prop_flat_map(|(shift, new)| (1..=new >> shift >> 1 | 1, Just(new >> shift | 1)))
}

fn their_root(head: &TreeHead) -> RootHash<Sha256> {
    RootHash::new((*head.root.as_bytes()).into(), head.size.get())
}

fn their_tree(size: u64) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    (0..size).for_each(|index| tree.push(leaf(index)));
    tree
}

fn bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(Hash::as_bytes).copied().collect()
}

fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.chunks(32).map(|hash| Hash::from_slice(hash).unwrap()).collect()
}

proptest! {
    #[test]
    fn roots_are_those_of_the_definition(size in 0..=SIZE_MAX) {
        let tree = NaiveTree::of_size(size);
        let mut frontier = Frontier::new();
        tree.0.iter().for_each(|hash| frontier.push(*hash));
        prop_assert_eq!(frontier.root(), tree.root(size));
        prop_assert_eq!(frontier.head(), head(&tree, size));
        prop_assert_eq!(Frontier::read(frontier.size(), &tree).unwrap(), frontier.clone());
        let again = Frontier::from_hashes(frontier.size(), frontier.hashes().to_vec());
        prop_assert_eq!(again, Some(frontier));
    }

    #[test]
    fn our_inclusion_proofs_hold_here_and_there((size, index) in size_and_index()) {
        let tree = NaiveTree::of_size(size);
        let head = head(&tree, size);
        let proof = prove_inclusion(LeafIndex::new(index), head.size, &tree).unwrap();
        proof.verify(&leaf_hash(&leaf(index)), LeafIndex::new(index), &head).unwrap();
        let theirs = TheirInclusion::try_from_bytes(bytes(&proof.hashes)).unwrap();
        their_root(&head).verify_inclusion(&leaf(index), index, &theirs).unwrap();
    }

    #[test]
    fn their_inclusion_proofs_hold_here((size, index) in size_and_index()) {
        let tree = their_tree(size);
        let root = Hash::from_slice(tree.root().as_bytes()).unwrap();
        let proof = InclusionProof { hashes: hashes(tree.prove_inclusion(index.try_into().unwrap()).as_bytes()) };
        let head = TreeHead { size: TreeSize::new(size), root };
        prop_assert_eq!(proof.verify(&leaf_hash(&leaf(index)), LeafIndex::new(index), &head), Ok(()));
    }

    #[test]
    fn our_consistency_proofs_hold_here_and_there((old, new) in two_sizes()) {
        let tree = NaiveTree::of_size(new);
        let (old, new) = (head(&tree, old), head(&tree, new));
        let proof = prove_consistency(old.size, new.size, &tree).unwrap();
        proof.verify(&old, &new).unwrap();
        let theirs = TheirConsistency::try_from_bytes(bytes(&proof.hashes)).unwrap();
        their_root(&new).verify_consistency(&their_root(&old), &theirs).unwrap();
    }

    #[test]
    fn their_consistency_proofs_hold_here((old, new) in two_sizes()) {
        let proof = their_tree(new).prove_consistency((new - old).try_into().unwrap());
        let proof = ConsistencyProof { hashes: hashes(proof.as_bytes()) };
        let tree = NaiveTree::of_size(new);
        prop_assert_eq!(proof.verify(&head(&tree, old), &head(&tree, new)), Ok(()));
    }

    #[test]
    fn a_changed_inclusion_proof_is_refused((size, index) in size_and_index(), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let tree = NaiveTree::of_size(size);
        let head = head(&tree, size);
        let index = LeafIndex::new(index);
        let leaf = tree.0[usize::try_from(index.get()).unwrap()];
        let good = prove_inclusion(index, head.size, &tree).unwrap().hashes;
        for changed in mutations(&good, at, bit) {
            let changed = InclusionProof { hashes: changed };
            prop_assert!(changed.verify(&leaf, index, &head).is_err());
        }
        let good = InclusionProof { hashes: good };
        prop_assert_eq!(good.verify(&Hash::ZERO, index, &head), Err(ProofError::RootMismatch));
        prop_assert!(good.verify(&leaf, head.size.next_index(), &head).is_err());
        let next = LeafIndex::new(index.get() + 1);
        prop_assert!(good.verify(&leaf, next, &head).is_err());
    }

    #[test]
    fn a_changed_consistency_proof_is_refused((old, new) in two_sizes(), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let tree = NaiveTree::of_size(new);
        let (old, new) = (head(&tree, old), head(&tree, new));
        let good = prove_consistency(old.size, new.size, &tree).unwrap().hashes;
        for changed in mutations(&good, at, bit) {
            let changed = ConsistencyProof { hashes: changed };
            prop_assert!(changed.verify(&old, &new).is_err());
        }
        let good = ConsistencyProof { hashes: good };
        let wrong_root = |head| TreeHead { root: Hash::ZERO, ..head };
        let larger = TreeHead { size: new.size.next_index().size_with(), ..old };
        prop_assert!(good.verify(&wrong_root(old), &new).is_err());
        prop_assert!(good.verify(&old, &wrong_root(new)).is_err());
        prop_assert!(good.verify(&larger, &new).is_err());
    }

    #[test]
    fn huge_trees_too((index, size) in huge_sizes()) {
        let tree = UniformTree::new();
        let (old, new) = (head(&tree, index), head(&tree, size));
        let index = LeafIndex::new(index - 1);
        let inclusion = prove_inclusion(index, new.size, &tree).unwrap();
        prop_assert_eq!(inclusion.verify(&leaf_hash(b"same"), index, &new), Ok(()));
        let theirs = TheirInclusion::try_from_bytes(bytes(&inclusion.hashes)).unwrap();
        prop_assert!(their_root(&new).verify_inclusion(b"same", index.get(), &theirs).is_ok());
        let consistency = prove_consistency(old.size, new.size, &tree).unwrap();
        prop_assert_eq!(consistency.verify(&old, &new), Ok(()));
        let theirs = TheirConsistency::try_from_bytes(bytes(&consistency.hashes)).unwrap();
        prop_assert!(their_root(&new).verify_consistency(&their_root(&old), &theirs).is_ok());
    }

    #[test]
    fn no_proof_panics(sizes: (u64, u64), index: u64, count in 0..70_usize) {
        let (small, large) = (TreeSize::new(sizes.0), TreeSize::new(sizes.1));
        let hashes = vec![Hash::ZERO; count];
        let head = |size| TreeHead { size, root: Hash::ZERO };
        let inclusion = InclusionProof { hashes: hashes.clone() };
        prop_assert!(inclusion.verify(&Hash::ZERO, LeafIndex::new(index), &head(large)).is_err());
        let consistency = ConsistencyProof { hashes };
        prop_assert!(consistency.verify(&head(small), &head(large)).is_err());
        let _ = prove_inclusion(LeafIndex::new(index), large, &UniformTree::new());
        let _ = prove_consistency(small, large, &UniformTree::new());
    }
}

/// One bit of one hash changed; a hash left out, repeated, or added at either end.
fn mutations(good: &[Hash], at: prop::sample::Index, bit: u8) -> Vec<Vec<Hash>> {
    let mut all = vec![[good, &[Hash::ZERO]].concat(), [&[Hash::ZERO], good].concat()];
    if good.is_empty() {
        return all;
    }
    let place = at.index(good.len());
    let mut flipped = good.to_vec();
    let mut bytes = *flipped[place].as_bytes();
    bytes[at.index(32)] ^= 1 << bit;
    flipped[place] = Hash::from_bytes(bytes);
    let mut shorter = good.to_vec();
    shorter.remove(place);
    let mut repeated = good.to_vec();
    repeated.insert(place, good[place]);
    all.extend([flipped, shorter, repeated]);
    all
}

#[test]
fn the_largest_tree_has_the_longest_proofs() {
    let tree = UniformTree::new();
    let new = head(&tree, TREE_SIZE_MAX.get());
    let proof = prove_inclusion(LeafIndex::new(0), new.size, &tree).unwrap();
    assert_eq!(proof.hashes.len(), tlog::tree::INCLUSION_HASHES_MAX);
    let old = head(&tree, 3);
    let proof = prove_consistency(old.size, new.size, &tree).unwrap();
    assert_eq!(proof.hashes.len(), tlog::tree::CONSISTENCY_HASHES_MAX);
    assert_eq!(proof.verify(&old, &new), Ok(()));
}

#[test]
fn what_cannot_be_proved_is_refused_by_name() {
    let tree = NaiveTree::of_size(5);
    let (old, new, larger) = (TreeSize::new(3), TreeSize::new(5), TreeSize::new(6));
    let too_large = TreeSize::new(1 << 63);
    let index = LeafIndex::new(5);
    assert_eq!(
        prove_inclusion(index, new, &tree),
        Err(ProofError::IndexOutside { index, size: new })
    );
    let missing = ProofError::MissingNode { level: 0, index: 5 };
    assert_eq!(prove_inclusion(LeafIndex::new(4), larger, &tree), Err(missing));
    assert_eq!(
        prove_consistency(new, old, &tree),
        Err(ProofError::OldLarger { old: new, new: old })
    );
    assert_eq!(
        prove_consistency(old, too_large, &tree),
        Err(ProofError::TreeTooLarge(too_large))
    );
    assert_eq!(root(larger, &tree), Err(ProofError::MissingNode { level: 1, index: 2 }));
    assert_eq!(Frontier::from_hashes(new, vec![Hash::ZERO; 3]), None);
}
