//! One proof of the verifiable map for several keys: merged from single proofs, it holds for what the map holds; no other bytes
//! hold for the same claims, and no bytes hold for claims that are false.
#![no_main]

use std::collections::BTreeSet;

use fuzz::{ShortKey, map_head, map_key};
use libfuzzer_sys::fuzz_target;
use tlog::Hash;
use tlog::map::{Map, MapClaim, MapHead, MapKey, MapMultiProof};

/// What the map holds, what is wanted of it, what is changed in the proof (a place and a pattern), and made-up bytes.
type Input<'a> = (Vec<(ShortKey, u8)>, BTreeSet<ShortKey>, (u16, u8), &'a [u8]);

fuzz_target!(|input: Input<'_>| {
    let (entries, wanted, (at, pattern), made_up) = input;
    let mut map = Map::in_memory();
    let changes: Vec<(MapKey, MapHead)> = entries
        .iter()
        .map(|&(short, count)| (map_key(short), map_head(count)))
        .collect();
    map.set(&changes).expect("memory does not fail");
    let root = map.root();
    let single: Vec<_> = wanted
        .iter()
        .map(|short| {
            (
                map_key(*short),
                map.prove(&map_key(*short)).expect("memory does not fail"),
            )
        })
        .collect();
    let claims: Vec<MapClaim> = single
        .iter()
        .map(|(key, (head, _))| (*key, head.map(|head| head.value())))
        .collect();
    let proofs: Vec<_> = single.into_iter().map(|(key, (_, proof))| (key, proof)).collect();
    let Ok(proof) = MapMultiProof::merge(&proofs) else {
        assert!(proofs.is_empty(), "proofs of one map in the order of their keys");
        return;
    };
    assert_eq!(proof.verify(&root, &claims), Ok(()));
    let mut changed = proof.as_bytes().to_vec();
    if !changed.is_empty() {
        let at = usize::from(at) % changed.len();
        changed[at] ^= pattern;
    }
    for bytes in [changed.as_slice(), made_up] {
        let other = MapMultiProof::from_bytes(bytes.to_vec());
        assert!(other == proof || other.verify(&root, &claims).is_err());
        check_false_claims(&other, &root, &claims);
    }
    check_false_claims(&proof, &root, &claims);
});

/// Each claim in turn is made a false one.
fn check_false_claims(proof: &MapMultiProof, root: &Hash, claims: &[MapClaim]) {
    for at in 0..claims.len() {
        let mut false_claims = claims.to_vec();
        let (_, value) = &mut false_claims[at];
        *value = match value {
            Some(_) => None,
            None => Some(map_head(0).value()),
        };
        assert!(proof.verify(root, &false_claims).is_err());
        false_claims[at].1 = Some(Hash::from_bytes([0xa5; 32]));
        assert!(proof.verify(root, &false_claims).is_err());
    }
}
