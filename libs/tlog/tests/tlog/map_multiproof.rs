//! What the map holds for several keys under one proof, against the proofs of each.

use std::collections::BTreeSet;

use proptest::prelude::*;
use tlog::Hash;
use tlog::map::{Map, MapClaim, MapKey, MapMultiProof, MapMultiProofError, MapProof, MergeError};
use tlog::tree::empty_root;

use crate::map::{batches, key};

/// A map of random keys.
fn map() -> impl Strategy<Value = Map> {
    batches().prop_map(|batches| {
        let mut map = Map::in_memory();
        for batch in &batches {
            map.set(batch).unwrap();
        }
        map
    })
}

/// A map, and keys to ask about: some are there, some are not, some differ from one that is there in a bit.
fn asked() -> impl Strategy<Value = (Map, BTreeSet<MapKey>)> {
    let strangers = prop::collection::btree_set(key(), 1..8);
    (batches(), strangers, any::<prop::sample::Index>(), 0..256_usize).prop_map(|(batches, mut keys, pick, bit)| {
        let mut map = Map::in_memory();
        let mut present = Vec::new();
        for batch in &batches {
            map.set(batch).unwrap();
            present.extend(batch.iter().map(|(key, _)| *key));
        }
        if !present.is_empty() {
            let first = pick.index(present.len());
            keys.extend(present.iter().skip(first).step_by(3));
            let mut near = *present[first].as_bytes();
            near[bit / 8] ^= 0x80 >> (bit % 8);
            keys.insert(MapKey::from_bytes(near));
        }
        (map, keys)
    })
}

fn singles(map: &Map, keys: &BTreeSet<MapKey>) -> Vec<(MapKey, MapProof)> {
    keys.iter().map(|key| (*key, map.prove(key).unwrap().1)).collect()
}

fn claims(map: &Map, keys: &BTreeSet<MapKey>) -> Vec<MapClaim> {
    keys.iter().map(|key| (*key, value(map, key))).collect()
}

fn value(map: &Map, key: &MapKey) -> Option<Hash> {
    map.head(key).unwrap().map(|head| head.value())
}

fn steps(proof: &MapProof) -> &[(u8, Hash)] {
    match proof {
        MapProof::Presence { steps } | MapProof::Absence { steps, .. } => steps,
        MapProof::AbsenceInEmpty => &[],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn it_holds_and_has_no_hash_that_single_proofs_lack((map, keys) in asked()) {
        let singles = singles(&map, &keys);
        let proof = MapMultiProof::merge(&singles).unwrap();
        prop_assert_eq!(proof.verify(&map.root(), &claims(&map, &keys)), Ok(()));
        let hashes: BTreeSet<Hash> = singles.iter().flat_map(|(_, proof)| steps(proof)).map(|(_, hash)| *hash).collect();
        // Beside the siblings: two bytes for each inner node, of which there are fewer than hashes, keys and siblings, and at
        // most 65 for each leaf.
        prop_assert!(proof.as_bytes().len() <= 34 * hashes.len() + 67 * keys.len(), "{} bytes", proof.as_bytes().len());
    }

    #[test]
    fn every_changed_proof_is_refused((map, keys) in asked()) {
        let (root, claims) = (map.root(), claims(&map, &keys));
        let good = MapMultiProof::merge(&singles(&map, &keys)).unwrap().as_bytes().to_vec();
        let refused = |bytes: &[u8]| MapMultiProof::from_bytes(bytes.to_vec()).verify(&root, &claims).is_err();
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut changed = good.clone();
                changed[at] ^= 1 << bit;
                prop_assert!(refused(&changed), "bit {} of byte {}", bit, at);
            }
            prop_assert!(refused(&good[..at]), "cut at {}", at);
            prop_assert!(refused(&[&good[..at], &good[at + 1..]].concat()), "without byte {}", at);
            prop_assert!(refused(&[&good[..=at], &good[at..]].concat()), "byte {} twice", at);
        }
        for more in 0..4 {
            prop_assert!(refused(&[good.as_slice(), &[more]].concat()), "and {}", more);
        }
    }

    #[test]
    fn every_changed_claim_is_refused((map, keys) in asked(), stranger in key(), wrong: [u8; 32]) {
        let (root, claims) = (map.root(), claims(&map, &keys));
        let proof = MapMultiProof::merge(&singles(&map, &keys)).unwrap();
        let wrong = Hash::from_bytes(wrong);
        prop_assert!(proof.verify(&wrong, &claims).is_err());
        for at in 0..claims.len() {
            let mut changed = claims.clone();
            changed[at].1 = if changed[at].1.is_some() { None } else { Some(wrong) };
            prop_assert!(proof.verify(&root, &changed).is_err(), "{:?}", changed[at]);
            if changed[at].1.is_none() {
                changed[at].1 = Some(wrong);
                prop_assert!(proof.verify(&root, &changed).is_err(), "{:?}", changed[at]);
            }
        }
        // Without a key that is there, its leaf is shown for nothing.
        for at in 0..claims.len() {
            if claims[at].1.is_some() {
                let fewer = [&claims[..at], &claims[at + 1..]].concat();
                prop_assert!(proof.verify(&root, &fewer).is_err());
            }
        }
        // One proof for one set of keys: another key needs another proof, unless it ends where one of these ends.
        let more: BTreeSet<MapKey> = keys.iter().copied().chain([stranger]).collect();
        let other = MapMultiProof::merge(&singles(&map, &more)).unwrap();
        let more: Vec<MapClaim> = more.iter().map(|key| (*key, value(&map, key))).collect();
        prop_assert_eq!(proof.verify(&root, &more).is_ok(), other == proof);
    }

    #[test]
    fn proofs_of_several_maps_are_not_merged((one, keys) in asked(), other in map()) {
        prop_assume!(one.root() != other.root());
        let mut mixed = singles(&one, &keys);
        let last = mixed.len() - 1;
        mixed[last].1 = other.prove(&mixed[last].0).unwrap().1;
        let claimed = mixed[last].0;
        let mut claims = claims(&one, &keys);
        claims[last].1 = value(&other, &claimed);
        // What could not be told apart, because it has the same shape, proves the one or the other, or nothing.
        if let Ok(merged) = MapMultiProof::merge(&mixed) {
            prop_assert!(merged.verify(&one.root(), &claims).is_err() || claims[last].1 == value(&one, &claimed));
        }
    }

    #[test]
    fn nothing_panics(bytes: Vec<u8>, claims: Vec<([u8; 32], Option<[u8; 32]>)>) {
        let claims: Vec<MapClaim> = claims
            .into_iter()
            .map(|(key, value)| (MapKey::from_bytes(key), value.map(Hash::from_bytes)))
            .collect();
        prop_assert!(MapMultiProof::from_bytes(bytes).verify(&Hash::ZERO, &claims).is_err());
    }
}

const ZERO: MapKey = MapKey::from_bytes([0; 32]);
const ONE: MapKey = MapKey::from_bytes([1; 32]);

/// A proof made by hand, of the zero key with the value zero unless said otherwise.
fn check(bytes: &[u8], expected: MapMultiProofError) {
    let proof = MapMultiProof::from_bytes(bytes.to_vec());
    let claims = [(ZERO, Some(Hash::ZERO))];
    assert_eq!(proof.verify(&Hash::ZERO, &claims), Err(expected), "{bytes:?}");
}

#[test]
fn each_fault_has_its_reason() {
    check(&[], MapMultiProofError::CutShort);
    check(&[0], MapMultiProofError::UnknownNode(0));
    check(&[4], MapMultiProofError::UnknownNode(4));
    check(&[2], MapMultiProofError::RootMismatch);
    check(&[2, 2], MapMultiProofError::BytesLeft);
    check(&[&[3][..], &[7; 64]].concat(), MapMultiProofError::NotThatLeaf);
    check(&[1], MapMultiProofError::CutShort);
    check(&[1, 8, 2], MapMultiProofError::CutShort);
    check(&[1, 8, 1, 8, 2], MapMultiProofError::BitsNotIncreasing);
    check(&[1, 8, 1, 7, 2], MapMultiProofError::BitsNotIncreasing);
    check(&[&[1, 8, 2][..], &[0; 32]].concat(), MapMultiProofError::RootMismatch);
}

#[test]
fn absence_is_shown_by_the_key_that_stands_there() {
    let leaf = |key: &MapKey| [&[3][..], key.as_bytes(), &[0; 32]].concat();
    let absent = |bytes: Vec<u8>, key: MapKey| MapMultiProof::from_bytes(bytes).verify(&Hash::ZERO, &[(key, None)]);
    assert_eq!(absent(leaf(&ZERO), ONE), Err(MapMultiProofError::RootMismatch));
    assert_eq!(absent(leaf(&ONE), ONE), Err(MapMultiProofError::WrongPlace));
    // The one key has the bit 7, the zero key does not: it is not found on that side.
    let right = |inner: Vec<u8>| [&[1, 7][..], &[0; 32], &inner].concat();
    assert_eq!(absent(right(leaf(&ZERO)), ONE), Err(MapMultiProofError::WrongPlace));
    assert_eq!(absent(vec![2], ONE), Err(MapMultiProofError::NotThatLeaf));
}

#[test]
fn the_empty_map_has_no_key() {
    let proof = MapMultiProof::merge(&[(ZERO, MapProof::AbsenceInEmpty), (ONE, MapProof::AbsenceInEmpty)]).unwrap();
    assert!(proof.as_bytes().is_empty());
    assert_eq!(proof.verify(&empty_root(), &[(ZERO, None), (ONE, None)]), Ok(()));
    let claimed = proof.verify(&empty_root(), &[(ZERO, None), (ONE, Some(Hash::ZERO))]);
    assert_eq!(claimed, Err(MapMultiProofError::NotThatLeaf));
    assert_eq!(
        proof.verify(&Hash::ZERO, &[(ZERO, None)]),
        Err(MapMultiProofError::CutShort)
    );
}

#[test]
fn keys_are_given_once_and_in_order() {
    for keys in [vec![], vec![ONE, ZERO], vec![ONE, ONE]] {
        let singles: Vec<_> = keys.iter().map(|key| (*key, MapProof::AbsenceInEmpty)).collect();
        assert_eq!(MapMultiProof::merge(&singles), Err(MergeError::NotIncreasing));
        let claims: Vec<MapClaim> = keys.iter().map(|key| (*key, None)).collect();
        let verified = MapMultiProof::from_bytes(Vec::new()).verify(&empty_root(), &claims);
        assert_eq!(verified, Err(MapMultiProofError::NotIncreasing));
    }
    let too_deep = MapProof::Presence {
        steps: vec![(0, Hash::ZERO); 257],
    };
    assert_eq!(MapMultiProof::merge(&[(ZERO, too_deep)]), Err(MergeError::NotOneMap));
}
