//! Random batches against a plain map: the same rows, the same ranges, and a digest that forgets the history.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its case has failed")]

#[expect(
    dead_code,
    reason = "random batches take the place of those that follow from their cursor"
)]
mod common;

use std::ops::Bound;

use common::{Change, Model, TABLES, all_rows, change, identity};
use event::units::StreamPosition;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tempfile::tempdir;
use views::{Order, RowsDigest, Snapshot, Store};

/// Few short keys out of few bytes, so that batches meet each other's rows.
fn key() -> impl Strategy<Value = Vec<u8>> {
    vec(select(vec![0, 1, 0x7f, 0xff]), 0..3)
}

fn a_change() -> impl Strategy<Value = Change> {
    (
        select(TABLES.to_vec()),
        key(),
        proptest::option::weighted(0.7, vec(any::<u8>(), 0..40)),
    )
}

fn last_of(model: &Model, table: &'static str, from: &[u8], before: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let of_table = model.iter().filter(|((other, _), _)| *other == table);
    let within = of_table.filter(|((_, key), _)| from <= key.as_slice() && key.as_slice() < before);
    within.map(|((_, key), value)| (key.clone(), value.clone())).next_back()
}

fn bound() -> impl Strategy<Value = Bound<Vec<u8>>> {
    prop_oneof![
        Just(Bound::Unbounded),
        key().prop_map(Bound::Included),
        key().prop_map(Bound::Excluded)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_store_is_a_map(
        batches in vec(vec(a_change(), 0..30), 1..6),
        ranges in vec((bound(), bound(), any::<bool>(), 0_usize..12), 12),
        prefix in key(),
        lasts in vec((key(), key()), 3),
    ) {
        let dir = tempdir().unwrap();
        let dir = dir.path().join("rows");
        let mut model = Model::new();
        let mut store = Store::open(&dir, &identity()).unwrap().store;
        for batch in batches {
            let mut rows = store.begin();
            for (table, key, value) in batch {
                match &value {
                    Some(value) => model.insert((table, key.clone()), value.clone()),
                    None => model.remove(&(table, key.clone())),
                };
                change(&mut rows, vec![(table, key.clone(), value.clone())]);
                prop_assert_eq!(rows.get(table, &key), value);
                for (from, before) in &lasts {
                    let last = rows.last(table, from, before).map(|row| (row.key, row.value));
                    prop_assert_eq!(last, last_of(&model, table, from, before));
                }
            }
            store.commit(rows, store.cursor().next()).unwrap();
        }
        let cursor = store.cursor();
        let digest = {
            let reader = store.reader();
            let snapshot = reader.read().unwrap();
            check_rows(&snapshot, &model)?;
            for (low, high, is_ascending, limit) in ranges {
                check_range(&snapshot, &model, (low, high), is_ascending, limit)?;
            }
            check_prefix(&snapshot, &model, &prefix)?;
            snapshot.digest().unwrap()
        };
        prop_assert_eq!(digest, digest_of_rebuild(&model));
        prop_assert_eq!(store.reader().scrub().unwrap(), model.len() as u64);
        drop(store);
        let opened = Store::open(&dir, &identity()).unwrap();
        prop_assert_eq!((opened.cursor, opened.fresh), (cursor, None));
        prop_assert_eq!(opened.store.reader().read().unwrap().digest().unwrap(), digest);
    }
}

fn check_rows(snapshot: &Snapshot<'_>, model: &Model) -> Result<(), TestCaseError> {
    prop_assert_eq!(&all_rows(snapshot).unwrap(), model);
    prop_assert_eq!(snapshot.count(), model.len() as u64);
    for ((table, key), value) in model {
        let found = snapshot.get(table, key).unwrap();
        prop_assert_eq!(found.as_ref(), Some(value));
    }
    Ok(())
}

fn check_range(
    snapshot: &Snapshot<'_>,
    model: &Model,
    keys: (Bound<Vec<u8>>, Bound<Vec<u8>>),
    is_ascending: bool,
    limit: usize,
) -> Result<(), TestCaseError> {
    let is_within = |key: &Vec<u8>| {
        let is_above = match &keys.0 {
            Bound::Unbounded => true,
            Bound::Included(low) => low <= key,
            Bound::Excluded(low) => low < key,
        };
        is_above
            && match &keys.1 {
                Bound::Unbounded => true,
                Bound::Included(high) => key <= high,
                Bound::Excluded(high) => key < high,
            }
    };
    for table in TABLES {
        let mut expected: Vec<&[u8]> = model
            .keys()
            .filter(|(t, key)| *t == table && is_within(key))
            .map(|(_, key)| &key[..])
            .collect();
        if !is_ascending {
            expected.reverse();
        }
        expected.truncate(limit);
        let bounds = (keys.0.as_ref().map(Vec::as_slice), keys.1.as_ref().map(Vec::as_slice));
        let order = if is_ascending {
            Order::Ascending
        } else {
            Order::Descending
        };
        let found = snapshot.range(table, bounds, order, limit).unwrap();
        let found: Vec<&[u8]> = found.iter().map(|row| &row.key[..]).collect();
        prop_assert_eq!(found, expected, "{:?} {:?} limit {}", keys, order, limit);
    }
    Ok(())
}

fn check_prefix(snapshot: &Snapshot<'_>, model: &Model, prefix: &[u8]) -> Result<(), TestCaseError> {
    for table in TABLES {
        let is_ours = |&&(t, ref key): &&(&'static str, Vec<u8>)| t == table && key.starts_with(prefix);
        let expected: Vec<Vec<u8>> = model.keys().filter(is_ours).map(|(_, key)| key.clone()).collect();
        let found = snapshot.prefix(table, prefix, Order::Ascending, 1_000).unwrap();
        prop_assert_eq!(found.into_iter().map(|row| row.key).collect::<Vec<_>>(), expected);
    }
    Ok(())
}

/// The digest of the same rows, written once each, in the opposite order, in one batch.
fn digest_of_rebuild(model: &Model) -> RowsDigest {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path().join("rows"), &identity()).unwrap().store;
    let mut rows = store.begin();
    for ((table, key), value) in model.iter().rev() {
        rows.put(table, key, value.clone());
    }
    store.commit(rows, StreamPosition::new(1)).unwrap();
    store.reader().read().unwrap().digest().unwrap()
}
