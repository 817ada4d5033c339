//! The map against its recursive definition, however it is divided into pages and whatever becomes of them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::support::{naive_map_proof, naive_map_root, sha256};
use proptest::prelude::*;
use tlog::map::{Map, MapHead, MapKey, MapProof, MapProofError, PageLimits, PageSlot, Pages, PagesError};
use tlog::{Hash, LeafIndex};

type Heads = BTreeMap<MapKey, MapHead>;

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

fn head() -> impl Strategy<Value = MapHead> {
    any::<(u64, u64, [u8; 32])>().prop_map(|(count, last, chain)| MapHead {
        count,
        last: LeafIndex::new(last),
        chain: Hash::from_bytes(chain),
    })
}

pub(super) fn batches() -> impl Strategy<Value = Vec<Vec<(MapKey, MapHead)>>> {
    prop::collection::vec(prop::collection::vec((key(), head()), 0..8), 0..12)
}

/// Pages of one key and of many, with hardly any of them in memory and with all.
fn limits() -> impl Strategy<Value = PageLimits> {
    (0..=60_usize, 0..20_usize).prop_map(|(keys, hot)| PageLimits::new(keys, hot))
}

/// A scratch file in memory that counts what it is asked for, and fails when it is told to.
#[derive(Clone, Debug, Default)]
struct Scratch {
    slots: Arc<Mutex<BTreeMap<PageSlot, Vec<u8>>>>,
    asked: Arc<AtomicU64>,
    /// Which request fails, and all after it; none if 0.
    fails: u64,
}

impl Scratch {
    fn failing(at: u64) -> Self {
        Self {
            fails: at,
            ..Self::default()
        }
    }

    fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    fn ask(&self) -> Result<(), String> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        if (1..=asked).contains(&self.fails) {
            return Err("the disk is gone".into());
        }
        Ok(())
    }
}

impl Pages for Scratch {
    fn read(&self, slot: PageSlot, page: &mut [u8]) -> Result<(), PagesError> {
        self.ask().map_err(|why| PagesError::Read { slot, why })?;
        page.copy_from_slice(&self.slots.lock().unwrap()[&slot]);
        Ok(())
    }

    fn write(&mut self, slot: PageSlot, page: &[u8]) -> Result<(), PagesError> {
        self.ask().map_err(|why| PagesError::Write { slot, why })?;
        self.slots.lock().unwrap().insert(slot, page.to_vec());
        Ok(())
    }
}

fn paged(limits: PageLimits) -> Map {
    Map::with_limits(Box::new(Scratch::default()), limits)
}

fn both(batches: &[Vec<(MapKey, MapHead)>], limits: PageLimits) -> (Map, Heads) {
    let mut map = paged(limits);
    for batch in batches {
        map.set(batch).unwrap();
    }
    (map, batches.iter().flatten().copied().collect())
}

fn values(heads: &Heads) -> BTreeMap<MapKey, Hash> {
    heads.iter().map(|(key, head)| (*key, head.value())).collect()
}

fn numbered(numbers: impl Iterator<Item = u64>) -> Vec<MapKey> {
    let key = |number: u64| MapKey::from_bytes(*sha256(&[&number.to_be_bytes()]).as_bytes());
    numbers.map(key).collect()
}

proptest! {
    #[test]
    fn after_every_batch_the_root_is_that_of_the_definition(batches in batches(), limits in limits()) {
        let (mut map, mut whole, mut naive) = (paged(limits), Map::in_memory(), Heads::new());
        for batch in &batches {
            map.set(batch).unwrap();
            whole.set(batch).unwrap();
            naive.extend(batch.iter().copied());
            let root = naive_map_root(&values(&naive));
            prop_assert_eq!((map.root(), map.len(), map.is_empty()), (root, naive.len() as u64, naive.is_empty()));
            prop_assert_eq!(whole.root(), root);
        }
    }

    #[test]
    fn batches_and_order_do_not_matter(mut heads in prop::collection::btree_map(key(), head(), 0..40).prop_map(|map| map.into_iter().collect::<Vec<_>>()), seed: u64, limits in limits()) {
        let mut whole = Map::in_memory();
        whole.set(&heads).unwrap();
        heads.sort_by_key(|(key, _)| sha256(&[key.as_bytes(), &seed.to_be_bytes()]));
        let mut one_by_one = paged(limits);
        for head in &heads {
            one_by_one.set(&[*head]).unwrap();
        }
        prop_assert_eq!(one_by_one.root(), whole.root());
    }

    #[test]
    fn who_sets_what_touching_gave_has_the_same_map(touched in prop::collection::vec(prop::collection::vec(key(), 0..8), 0..12), limits in limits()) {
        let (mut first, mut second, mut naive) = (paged(limits), Map::in_memory(), Heads::new());
        for (index, keys) in (0..).zip(&touched) {
            let (index, core) = (LeafIndex::new(index), sha256(&[&[7; 3]]));
            let heads = first.touch(keys, index, &core).unwrap();
            second.set(&heads).unwrap();
            prop_assert!(heads.iter().map(|(key, _)| key).eq(keys));
            for key in keys {
                let head = naive.entry(*key).or_insert(MapHead::EMPTY);
                *head = head.next(index, &core);
            }
            let root = naive_map_root(&values(&naive));
            prop_assert_eq!((first.root(), second.root()), (root, root));
        }
    }

    #[test]
    fn every_key_is_proved_present_or_absent(batches in batches(), strangers in prop::collection::vec(key(), 1..20), wrong in head(), limits in limits()) {
        let (map, naive) = both(&batches, limits);
        let (root, values) = (map.root(), values(&naive));
        for key in naive.keys().chain(&strangers) {
            let (head, proof) = map.prove(key).unwrap();
            prop_assert_eq!((head, &proof), (naive.get(key).copied(), &naive_map_proof(&values, key)));
            prop_assert_eq!(map.head(key).unwrap(), head);
            let (value, wrong) = (values.get(key), wrong.value());
            prop_assert_eq!(proof.verify(&root, key, value), Ok(()));
            prop_assert!(proof.verify(&Hash::ZERO, key, value).is_err());
            prop_assert!(value == Some(&wrong) || proof.verify(&root, key, Some(&wrong)).is_err());
            prop_assert!(value.is_none() || proof.verify(&root, key, None).is_err());
        }
    }

    #[test]
    fn a_changed_proof_is_refused(batches in batches(), stranger in key(), pick: prop::sample::Index, limits in limits()) {
        let (map, naive) = both(&batches, limits);
        let keys: Vec<_> = naive.keys().copied().chain([stranger]).collect();
        let key = keys[pick.index(keys.len())];
        let (head, proof) = map.prove(&key).unwrap();
        let (root, value) = (map.root(), head.map(|head| head.value()));
        for changed in mutations(&proof, &key) {
            prop_assert!(changed.verify(&root, &key, value.as_ref()).is_err(), "{:?}", changed);
        }
    }

    #[test]
    fn no_present_key_can_be_denied(heads in prop::collection::btree_map(key(), head(), 2..30), limits in limits()) {
        let (map, _) = both(&[heads.iter().map(|(key, head)| (*key, *head)).collect()], limits);
        let root = map.root();
        for hidden in heads.keys() {
            for (other, head) in heads.iter().filter(|(other, _)| *other != hidden) {
                let (_, MapProof::Presence { steps }) = map.prove(other).unwrap() else { panic!("{other} is there") };
                let forged = MapProof::Absence { other: *other, value: head.value(), steps };
                prop_assert_eq!(forged.verify(&root, hidden, None), Err(MapProofError::WrongPlace));
            }
        }
    }

    /// Each request of the scratch file fails once; what went before stands, and nothing comes after.
    #[test]
    fn a_failing_scratch_file_ends_the_map_and_nothing_else(batches in batches(), keys in 1..4_usize) {
        let limits = PageLimits::new(keys, 2);
        let counting = Scratch::default();
        let mut map = Map::with_limits(Box::new(counting.clone()), limits);
        for batch in &batches {
            map.set(batch).unwrap();
        }
        for fails in 1..=counting.asked() {
            let mut map = Map::with_limits(Box::new(Scratch::failing(fails)), limits);
            let (mut root, mut failed) = (map.root(), None);
            for batch in &batches {
                match (map.set(batch), &failed) {
                    (Ok(()), None) => root = map.root(),
                    (Err(error), None) => failed = Some(error),
                    (again, Some(error)) => prop_assert_eq!(again.as_ref(), Err(error)),
                }
                prop_assert_eq!(map.root(), root);
            }
            let error = failed.expect("as many requests as before, and one of them failed");
            prop_assert_eq!(map.head(&MapKey::from_bytes([0; 32])), Err(error.clone()));
            prop_assert_eq!(map.prove(&MapKey::from_bytes([0; 32])), Err(error.clone()));
            prop_assert_eq!(map.touch(&[], LeafIndex::new(0), &Hash::ZERO), Err(error));
        }
    }
}

/// A bit is flipped in everything that left memory: whoever reads that is told, and no root or proof is ever another.
#[test]
fn no_altered_page_is_believed() {
    let scratch = Scratch::default();
    let mut map = Map::with_limits(Box::new(scratch.clone()), PageLimits::new(4, 2));
    let keys = numbered(0..64);
    for (index, key) in (0..).zip(&keys) {
        map.touch(&[*key], LeafIndex::new(index), &Hash::ZERO).unwrap();
    }
    let (root, whole) = (map.root(), scratch.slots.lock().unwrap().clone());
    let bits = PageLimits::new(4, 2).page_bytes() * 8;
    let mut told = 0;
    for bit in 0..bits {
        for page in scratch.slots.lock().unwrap().values_mut() {
            page[bit / 8] ^= 1 << (bit % 8);
        }
        for key in &keys {
            match map.prove(key) {
                Ok((Some(head), proof)) => assert_eq!(proof.verify(&root, key, Some(&head.value())), Ok(())),
                Ok((None, _)) => panic!("{key} is there"),
                Err(PagesError::Altered(_)) => told += 1,
                Err(error) => panic!("{error}"),
            }
        }
        scratch.slots.lock().unwrap().clone_from(&whole);
    }
    // Every page has an entry at least, of 640 bits, and most keys are in pages that are not in memory.
    assert!(640 * 48 < told, "{told}");
    *scratch.slots.lock().unwrap() = whole
        .into_iter()
        .map(|(slot, page)| (slot, vec![0; page.len()]))
        .collect();
    let altered = keys
        .iter()
        .find_map(|key| map.touch(&[*key], LeafIndex::new(64), &Hash::ZERO).err());
    assert!(matches!(altered, Some(PagesError::Altered(_))), "{altered:?}");
}

/// Reading is not writing: who proves leaves the pages in memory as they are.
#[test]
fn what_is_used_stays_in_memory() {
    let scratch = Scratch::default();
    let mut map = Map::with_limits(Box::new(scratch.clone()), PageLimits::new(12, 64));
    let keys = numbered(0..10_000);
    for (index, keys) in (0..).zip(keys.chunks(100)) {
        map.touch(keys, LeafIndex::new(index), &Hash::ZERO).unwrap();
    }
    let asked = scratch.asked();
    assert!(0 < asked, "ten thousand keys are more than 64 pages");
    for index in 0..1_000 {
        map.touch(&keys[..8], LeafIndex::new(100 + index), &Hash::ZERO).unwrap();
    }
    assert!(
        scratch.asked() < asked + 200,
        "the same few pages are read again and again"
    );
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

/// The zero key, and for each bit the key that differs from it there first: no page of them divides in two halves.
#[test]
fn the_deepest_path_has_256_steps() {
    let keys = (0..=255).map(|bit| flipped(&Hash::ZERO, bit ^ 7)).chain([Hash::ZERO]);
    let head = |chain| MapHead {
        chain,
        ..MapHead::EMPTY
    };
    let heads: Vec<_> = keys
        .map(|key| (MapKey::from_bytes(*key.as_bytes()), head(key)))
        .collect();
    let naive = values(&heads.iter().copied().collect());
    for limits in [(1, 2), (2, 3), (12, 4), (51, 2), (51, 1_000)].map(|(keys, hot)| PageLimits::new(keys, hot)) {
        for heads in [heads.clone(), heads.iter().rev().copied().collect()] {
            let (map, _) = both(&heads.chunks(3).map(<[_]>::to_vec).collect::<Vec<_>>(), limits);
            assert_eq!(map.root(), naive_map_root(&naive), "{limits:?}");
            let zero = MapKey::from_bytes([0; 32]);
            let (_, MapProof::Presence { steps }) = map.prove(&zero).unwrap() else {
                panic!("the zero key is there")
            };
            assert_eq!(steps.len(), 256);
            let proof = MapProof::Presence { steps };
            assert_eq!(proof.verify(&map.root(), &zero, Some(&naive[&zero])), Ok(()));
        }
    }
}

#[test]
fn the_empty_map() {
    let key = MapKey::from_bytes([7; 32]);
    for mut map in [Map::in_memory(), paged(PageLimits::DEFAULT)] {
        map.set(&[]).unwrap();
        assert_eq!((map.root(), map.len()), (tlog::tree::empty_root(), 0));
        assert_eq!(map.head(&key), Ok(None));
        let (head, proof) = map.prove(&key).unwrap();
        assert_eq!((head, &proof), (None, &MapProof::AbsenceInEmpty));
        assert_eq!(proof.verify(&map.root(), &key, None), Ok(()));
        assert_eq!(
            proof.verify(&map.root(), &key, Some(&Hash::ZERO)),
            Err(MapProofError::OtherClaim)
        );
    }
}
