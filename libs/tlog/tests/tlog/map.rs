//! The map against its recursive definition.

use std::collections::BTreeMap;

use crate::support::{key_bit, naive_map_root, sha256};
use proptest::prelude::*;
use tlog::Hash;
use tlog::map::{MapKey, MapProof, MapProofError, Trie};

/// Keys of random bytes, or differing in a few bits anywhere, so that paths are deep and divide at every place.
pub(super) fn key() -> impl Strategy<Value = MapKey> {
    let sparse = prop::collection::vec(0..256_usize, 0..4).prop_map(|bits| {
        let mut bytes = [0; 32];
        for bit in bits {
            bytes[bit / 8] ^= 0x80 >> (bit % 8);
        }
        bytes
    });
    prop_oneof![any::<[u8; 32]>(), sparse].prop_map(MapKey::from_bytes)
}

fn value() -> impl Strategy<Value = Hash> {
    any::<[u8; 32]>().prop_map(Hash::from_bytes)
}

pub(super) fn batches() -> impl Strategy<Value = Vec<Vec<(MapKey, Hash)>>> {
    prop::collection::vec(prop::collection::vec((key(), value()), 0..8), 0..12)
}

fn both(batches: &[Vec<(MapKey, Hash)>]) -> (Trie, BTreeMap<MapKey, Hash>) {
    let mut trie = Trie::new();
    for batch in batches {
        trie.update(batch);
    }
    (trie, batches.iter().flatten().copied().collect())
}

proptest! {
    #[test]
    fn after_every_batch_the_root_is_that_of_the_definition(batches in batches()) {
        let (mut trie, mut naive) = (Trie::new(), BTreeMap::new());
        for batch in &batches {
            let root = trie.update(batch);
            naive.extend(batch.iter().copied());
            prop_assert_eq!(root, naive_map_root(&naive));
            prop_assert_eq!((trie.root(), trie.len(), trie.is_empty()), (root, naive.len(), naive.is_empty()));
        }
    }

    #[test]
    fn batches_and_order_do_not_matter(mut entries in prop::collection::btree_map(key(), value(), 0..40).prop_map(|map| map.into_iter().collect::<Vec<_>>()), seed: u64) {
        let whole = Trie::new().update(&entries);
        entries.sort_by_key(|(key, _)| sha256(&[key.as_bytes(), &seed.to_be_bytes()]));
        let mut one_by_one = Trie::new();
        for entry in &entries {
            one_by_one.update(&[*entry]);
        }
        prop_assert_eq!(one_by_one.root(), whole);
    }

    #[test]
    fn every_key_is_proved_present_or_absent(batches in batches(), strangers in prop::collection::vec(key(), 1..20), wrong in value()) {
        let (trie, naive) = both(&batches);
        let root = trie.root();
        for key in naive.keys().chain(&strangers) {
            let (value, proof) = (naive.get(key), trie.prove(key));
            prop_assert_eq!(trie.get(key), value.copied());
            prop_assert_eq!(proof.verify(&root, key, value), Ok(()));
            prop_assert!(proof.verify(&Hash::ZERO, key, value).is_err());
            prop_assert!(value == Some(&wrong) || proof.verify(&root, key, Some(&wrong)).is_err());
            prop_assert!(value.is_none() || proof.verify(&root, key, None).is_err());
        }
    }

    #[test]
    fn a_changed_proof_is_refused(batches in batches(), stranger in key(), pick: prop::sample::Index) {
        let (trie, naive) = both(&batches);
        let keys: Vec<_> = naive.keys().copied().chain([stranger]).collect();
        let key = keys[pick.index(keys.len())];
        let (root, value) = (trie.root(), naive.get(&key));
        for changed in mutations(&trie.prove(&key), &key) {
            prop_assert!(changed.verify(&root, &key, value).is_err(), "{:?}", changed);
        }
    }

    #[test]
    fn no_present_key_can_be_denied(entries in prop::collection::btree_map(key(), value(), 2..30)) {
        let mut trie = Trie::new();
        let root = trie.update(&entries.iter().map(|(key, value)| (*key, *value)).collect::<Vec<_>>());
        for hidden in entries.keys() {
            for (other, value) in entries.iter().filter(|(other, _)| *other != hidden) {
                let MapProof::Presence { steps } = trie.prove(other) else { panic!("{other} is there") };
                let forged = MapProof::Absence { other: *other, value: *value, steps };
                prop_assert_eq!(forged.verify(&root, hidden, None), Err(MapProofError::WrongPlace));
            }
        }
    }
}

/// Every bit of every step, every step left out, repeated or exchanged with the next, and every bit of the other entry changed.
fn mutations(good: &MapProof, key: &MapKey) -> Vec<MapProof> {
    let mut all = vec![];
    let (MapProof::Presence { steps } | MapProof::Absence { steps, .. }) = good else {
        return all;
    };
    for at in 0..steps.len() {
        for bit in 0..8_u8 {
            all.push(with(good, |steps| steps[at].0 ^= 1 << bit));
        }
        for bit in 0..=255 {
            all.push(with(good, |steps| steps[at].1 = flipped(&steps[at].1, bit)));
        }
        all.push(with(good, |steps| _ = steps.remove(at)));
        all.push(with(good, |steps| steps.insert(at, steps[at])));
    }
    for at in 1..steps.len() {
        all.push(with(good, |steps| steps.swap(at - 1, at)));
    }
    all.push(with(good, |steps| steps.push((0, Hash::ZERO))));
    if let MapProof::Absence { other, value, steps } = good {
        for bit in 0..=255 {
            let other_key = MapKey::from_bytes(*flipped(&Hash::from_bytes(*other.as_bytes()), bit).as_bytes());
            all.push(MapProof::Absence {
                other: other_key,
                value: *value,
                steps: steps.clone(),
            });
            all.push(MapProof::Absence {
                other: *other,
                value: flipped(value, bit),
                steps: steps.clone(),
            });
        }
        all.push(MapProof::Absence {
            other: *key,
            value: *value,
            steps: steps.clone(),
        });
        all.push(MapProof::AbsenceInEmpty);
    }
    all
}

fn with(proof: &MapProof, change: impl FnOnce(&mut Vec<(u8, Hash)>)) -> MapProof {
    let mut changed = proof.clone();
    if let MapProof::Presence { steps } | MapProof::Absence { steps, .. } = &mut changed {
        change(steps);
    }
    changed
}

fn flipped(hash: &Hash, bit: u8) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[usize::from(bit / 8)] ^= 1 << (bit % 8);
    Hash::from_bytes(bytes)
}

#[test]
fn the_deepest_path_has_256_steps() {
    // The zero key, and for each bit the key that differs from it there first.
    let keys = (0..=255).map(|bit| flipped(&Hash::ZERO, bit ^ 7)).chain([Hash::ZERO]);
    let entries: Vec<_> = keys.map(|key| (MapKey::from_bytes(*key.as_bytes()), key)).collect();
    let mut trie = Trie::new();
    let root = trie.update(&entries);
    assert_eq!(root, naive_map_root(&entries.iter().copied().collect()));
    let zero = MapKey::from_bytes([0; 32]);
    let MapProof::Presence { steps } = trie.prove(&zero) else {
        panic!("the zero key is there")
    };
    assert_eq!(steps.len(), 256);
    assert!((0..=255).all(|bit| !key_bit(&zero, bit)));
    assert_eq!(
        MapProof::Presence { steps }.verify(&root, &zero, Some(&Hash::ZERO)),
        Ok(())
    );
}

#[test]
fn the_empty_map() {
    let (trie, key) = (Trie::new(), MapKey::from_bytes([7; 32]));
    assert_eq!(trie.root(), tlog::tree::empty_root());
    assert_eq!(Trie::new().update(&[]), trie.root());
    assert_eq!(trie.get(&key), None);
    assert_eq!(trie.prove(&key), MapProof::AbsenceInEmpty);
    assert_eq!(trie.prove(&key).verify(&trie.root(), &key, None), Ok(()));
    assert_eq!(
        trie.prove(&key).verify(&trie.root(), &key, Some(&Hash::ZERO)),
        Err(MapProofError::OtherClaim)
    );
}
