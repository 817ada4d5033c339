//! The verifiable map: its proofs hold for what it holds and for nothing else, and no made-up proof holds for anything else.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::Hash;
use tlog::map::{MapKey, MapProof, Trie};

/// Keys that share their beginnings, so that paths divide at every bit from the first to the last.
type Short = (u8, u8);

/// What the map holds, a key that is wanted, another one, and a made-up proof.
type Input = (Vec<(Short, u8)>, Short, Short, Vec<(u8, u8)>);

fuzz_target!(|input: Input| {
    let (entries, wanted, other, steps) = input;
    let mut trie = Trie::new();
    for half in entries.chunks(entries.len().div_ceil(2).max(1)) {
        let changes: Vec<(MapKey, Hash)> = half.iter().map(|&(short, value)| (key(short), hash(value))).collect();
        let root = trie.update(&changes);
        assert_eq!(root, trie.root());
    }
    for entry in &entries {
        assert!(trie.get(&key(entry.0)).is_some());
    }
    let (root, wanted) = (trie.root(), key(wanted));
    let held = trie.get(&wanted);
    check(&trie.prove(&wanted), &root, &wanted, held);
    check(&trie.prove(&key(other)), &root, &key(other), trie.get(&key(other)));
    made_up(&root, &wanted, held, &key(other), steps);
});

/// An honest proof holds for what is there, and for no other claim.
fn check(proof: &MapProof, root: &Hash, key: &MapKey, held: Option<Hash>) {
    assert_eq!(proof.verify(root, key, held.as_ref()), Ok(()));
    let other = hash(held.map_or(0, |value| value.as_bytes()[0].wrapping_add(1)));
    assert!(proof.verify(root, key, Some(&other)).is_err());
    if held.is_some() {
        assert!(proof.verify(root, key, None).is_err());
    }
}

/// Whatever the steps are: a proof that holds says the truth.
fn made_up(root: &Hash, wanted: &MapKey, held: Option<Hash>, other: &MapKey, steps: Vec<(u8, u8)>) {
    let steps: Vec<(u8, Hash)> = steps.into_iter().map(|(bit, value)| (bit, hash(value))).collect();
    let absence = MapProof::Absence {
        other: *other,
        value: hash(0),
        steps: steps.clone(),
    };
    for absence in [absence, MapProof::AbsenceInEmpty] {
        if absence.verify(root, wanted, None).is_ok() {
            assert_eq!(held, None);
        }
    }
    let presence = MapProof::Presence { steps };
    for value in [0, 1, 0xff].map(hash) {
        if presence.verify(root, wanted, Some(&value)).is_ok() {
            assert_eq!(held, Some(value));
        }
    }
}

fn key((first, last): Short) -> MapKey {
    let mut bytes = [0; 32];
    bytes[0] = first;
    bytes[31] = last;
    MapKey::from_bytes(bytes)
}

fn hash(byte: u8) -> Hash {
    Hash::from_bytes([byte; 32])
}
