//! The verifiable map: its proofs hold for what it holds and for nothing else, and no made-up proof holds for anything else.
#![no_main]

use std::collections::BTreeMap;

use fuzz::{ShortKey, map_head, map_key};
use libfuzzer_sys::fuzz_target;
use tlog::Hash;
use tlog::map::{Map, MapHead, MapKey, MapProof, PageLimits, PageSlot, Pages, PagesError};

/// What the map holds, a key that is wanted, another one, and a made-up proof.
type Input = (Vec<(ShortKey, u8)>, ShortKey, ShortKey, Vec<(u8, u8)>);

fuzz_target!(|input: Input| {
    let (entries, wanted, other, steps) = input;
    let mut map = Map::in_memory();
    let mut paged = Map::with_limits(Box::new(Slots::default()), PageLimits::new(usize::from(other.0 % 4), 2));
    for half in entries.chunks(entries.len().div_ceil(2).max(1)) {
        let changes: Vec<(MapKey, MapHead)> = half
            .iter()
            .map(|&(short, count)| (map_key(short), map_head(count)))
            .collect();
        map.set(&changes).expect("memory does not fail");
        paged.set(&changes).expect("memory does not fail");
        assert_eq!((paged.root(), paged.len()), (map.root(), map.len()));
    }
    for entry in &entries {
        assert!(prove(&map, &map_key(entry.0)).0.is_some());
    }
    let (root, wanted, other) = (map.root(), map_key(wanted), map_key(other));
    let (held, proof) = prove(&map, &wanted);
    assert_eq!(prove(&paged, &wanted), (held, proof.clone()));
    check(&proof, &root, &wanted, held);
    let (held_of_other, proof) = prove(&map, &other);
    check(&proof, &root, &other, held_of_other);
    made_up(&root, &wanted, held, &other, steps);
});

/// Pages that are not in use, in memory.
#[derive(Debug, Default)]
struct Slots(BTreeMap<PageSlot, Vec<u8>>);

impl Pages for Slots {
    fn read(&self, slot: PageSlot, page: &mut [u8]) -> Result<(), PagesError> {
        page.copy_from_slice(&self.0[&slot]);
        Ok(())
    }

    fn write(&mut self, slot: PageSlot, page: &[u8]) -> Result<(), PagesError> {
        self.0.insert(slot, page.to_vec());
        Ok(())
    }
}

/// The value of a key, and its proof.
fn prove(map: &Map, key: &MapKey) -> (Option<Hash>, MapProof) {
    let (head, proof) = map.prove(key).expect("memory does not fail");
    assert_eq!(map.head(key), Ok(head));
    (head.map(|head| head.value()), proof)
}

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
    for value in [0, 1, 0xff].map(|count| map_head(count).value()) {
        if presence.verify(root, wanted, Some(&value)).is_ok() {
            assert_eq!(held, Some(value));
        }
    }
}

fn hash(byte: u8) -> Hash {
    Hash::from_bytes([byte; 32])
}
