//! What a store keeps, what it refuses, and when it begins at zero.

mod common;

use std::fs;
use std::ops::Bound;
use std::path::Path;
use std::thread;

use common::{all_rows, commit_next, identity, model_at, open};
use event::units::StreamPosition;
use tempfile::tempdir;
use views::{
    BATCH_ROWS_MAX, Identity, KEY_BYTES_MAX, Order, QUARANTINES_MAX, RANGE_ROWS_MAX, Rows, Store, StoreError,
    VALUE_BYTES_MAX, Why,
};

#[test]
fn a_store_reopened_has_its_rows_and_cursor() {
    let dir = tempdir().unwrap();
    let dir = dir.path().join("rows");
    let mut opened = open(&dir);
    assert_eq!(
        (opened.fresh, opened.cursor),
        (Some(Why::Missing), StreamPosition::START)
    );
    for _ in 0..40 {
        commit_next(&mut opened.store).unwrap();
    }
    let digest = opened.store.reader().read().unwrap().digest().unwrap();
    drop(opened.store);

    let opened = open(&dir);
    assert_eq!((opened.fresh, opened.cursor), (None, StreamPosition::new(40)));
    let reader = opened.store.reader();
    let snapshot = reader.read().unwrap();
    let expected = model_at(StreamPosition::new(40));
    assert_eq!(snapshot.count(), expected.len() as u64);
    assert_eq!(all_rows(&snapshot).unwrap(), expected);
    assert_eq!(snapshot.digest().unwrap(), digest);
}

#[test]
fn a_batch_sees_itself_before_the_store() {
    let dir = tempdir().unwrap();
    let mut store = open(&dir.path().join("rows")).store;
    let mut rows = store.begin();
    rows.put("lots", b"kept", "1");
    rows.put("lots", b"deleted", "1");
    store.commit(rows, StreamPosition::new(1)).unwrap();

    let mut rows = store.begin();
    assert!(rows.is_empty());
    assert_eq!(rows.get("lots", b"kept").as_deref(), Some(&b"1"[..]));
    rows.put("lots", b"kept", "2");
    rows.delete("lots", b"deleted");
    assert_eq!(rows.get("lots", b"kept").as_deref(), Some(&b"2"[..]));
    assert_eq!(rows.get("lots", b"deleted"), None);
    assert_eq!(rows.get("sites", b"kept"), None, "another table");
    assert_eq!(rows.len(), 2);

    let reader = store.reader();
    assert_eq!(
        reader.read().unwrap().get("lots", b"kept").unwrap().as_deref(),
        Some(&b"1"[..]),
        "not committed yet"
    );
    store.commit(rows, StreamPosition::new(2)).unwrap();
    let snapshot = reader.read().unwrap();
    assert_eq!(snapshot.get("lots", b"kept").unwrap().as_deref(), Some(&b"2"[..]));
    assert_eq!(snapshot.get("lots", b"deleted").unwrap(), None);
    assert_eq!((snapshot.count(), snapshot.cursor()), (1, StreamPosition::new(2)));
}

#[test]
fn ranges_stay_within_their_table() {
    let dir = tempdir().unwrap();
    let mut store = open(&dir.path().join("rows")).store;
    let mut rows = store.begin();
    for key in ["", "a", "ab", "b", "\u{ff}"] {
        rows.put("lot", key.as_bytes(), key);
        rows.put("lots", key.as_bytes(), "other");
    }
    rows.put("lot", &[0xff, 0xff], "end");
    store.commit(rows, StreamPosition::new(1)).unwrap();
    let reader = store.reader();
    let snapshot = reader.read().unwrap();
    let values = |rows: Vec<views::Row>| -> Vec<String> {
        rows.into_iter()
            .map(|row| String::from_utf8(row.value).unwrap())
            .collect()
    };
    let range =
        |keys: (Bound<&[u8]>, Bound<&[u8]>), order, limit| values(snapshot.range("lot", keys, order, limit).unwrap());
    let (all, b) = ((Bound::Unbounded, Bound::Unbounded), b"b".as_slice());
    assert_eq!(range(all, Order::Ascending, 9), ["", "a", "ab", "b", "\u{ff}", "end"]);
    assert_eq!(range(all, Order::Descending, 2), ["end", "\u{ff}"]);
    assert_eq!(
        range((Bound::Unbounded, Bound::Excluded(b)), Order::Descending, 9),
        ["ab", "a", ""]
    );
    assert_eq!(
        range((Bound::Unbounded, Bound::Included(b)), Order::Descending, 1),
        ["b"]
    );
    assert_eq!(
        range((Bound::Excluded(b), Bound::Unbounded), Order::Ascending, 1),
        ["\u{ff}"]
    );
    assert_eq!(
        range((Bound::Included(b), Bound::Included(b)), Order::Ascending, 9),
        ["b"]
    );
    assert!(
        range((Bound::Included(b), Bound::Excluded(b"a")), Order::Ascending, 9).is_empty(),
        "bounds that cross"
    );
    assert!(range(all, Order::Ascending, 0).is_empty());
    assert_eq!(
        values(snapshot.prefix("lot", b"a", Order::Descending, 9).unwrap()),
        ["ab", "a"]
    );
    assert_eq!(
        values(snapshot.prefix("lot", &[0xff], Order::Ascending, 9).unwrap()),
        ["end"]
    );
    assert_eq!(snapshot.prefix("lot", b"", Order::Ascending, 9).unwrap().len(), 6);
    assert!(snapshot.range("none", .., Order::Ascending, 9).unwrap().is_empty());
}

#[test]
fn a_range_is_one_page_at_most() {
    let dir = tempdir().unwrap();
    let mut store = open(&dir.path().join("rows")).store;
    let mut rows = store.begin();
    (0..=RANGE_ROWS_MAX).for_each(|n| rows.put("lots", &n.to_be_bytes(), ""));
    store.commit(rows, StreamPosition::new(1)).unwrap();
    let page = store
        .reader()
        .read()
        .unwrap()
        .range("lots", .., Order::Ascending, usize::MAX)
        .unwrap();
    assert_eq!(page.len(), RANGE_ROWS_MAX);
}

#[test]
fn what_exceeds_a_limit_is_not_committed() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut Rows), expected: &str) {
        let dir = tempdir().unwrap();
        let mut store = open(&dir.path().join("rows")).store;
        let mut rows = store.begin();
        rows.put("lots", b"first", "1");
        change(&mut rows);
        let refused = store.commit(rows, StreamPosition::new(1)).unwrap_err();
        assert!(refused.to_string().starts_with(expected), "{refused}");
        assert_eq!(store.cursor(), StreamPosition::START);
        assert_eq!(store.reader().read().unwrap().count(), 0);
        commit_next(&mut store).expect("the store itself is sound");
    }
    check(
        |rows| rows.put("lots", &[0; KEY_BYTES_MAX + 1], ""),
        "a key of 513 bytes in table lots: 512 at most",
    );
    check(
        |rows| rows.delete("lots", &[0; KEY_BYTES_MAX + 1]),
        "a key of 513 bytes in table lots",
    );
    check(
        |rows| rows.put("lots", b"", vec![0; VALUE_BYTES_MAX + 1]),
        "a value of 65536 bytes in table lots",
    );
    let many = |rows: &mut Rows| (0..BATCH_ROWS_MAX).for_each(|n| rows.put("lots", &n.to_be_bytes(), ""));
    check(many, "more than 100000 rows in one batch");
}

#[test]
fn the_longest_rows_are_kept() {
    let dir = tempdir().unwrap();
    let dir = dir.path().join("rows");
    let mut store = open(&dir).store;
    for batch in 0..8_u8 {
        let mut rows = store.begin();
        for n in 0..8_u8 {
            rows.put(
                "lots",
                &[[batch, n].as_slice(), &[0; KEY_BYTES_MAX - 2]].concat(),
                vec![n; VALUE_BYTES_MAX],
            );
        }
        store.commit(rows, store.cursor().next()).unwrap();
    }
    drop(store);
    let opened = open(&dir);
    assert_eq!(opened.fresh, None);
    let rows = opened
        .store
        .reader()
        .read()
        .unwrap()
        .range("lots", .., Order::Ascending, 100)
        .unwrap();
    assert_eq!(rows.len(), 64);
    assert!(rows.iter().all(|row| row.value == vec![row.key[1]; VALUE_BYTES_MAX]));
}

#[test]
fn rows_of_another_identity_are_set_aside() {
    #[track_caller]
    fn check(other: &Identity, why: Why) {
        let dir = tempdir().unwrap();
        let dir = dir.path().join("rows");
        commit_next(&mut open(&dir).store).unwrap();
        let opened = Store::open(&dir, other).unwrap();
        assert_eq!((opened.fresh, opened.cursor), (Some(why), StreamPosition::START));
        assert_eq!(opened.store.reader().read().unwrap().count(), 0);
        let aside = opened.set_aside.expect("what was there is kept");
        drop(opened.store);
        assert_eq!(open(&aside).cursor, StreamPosition::new(1), "it is whole");
    }
    check(
        &Identity {
            service: "progress",
            ..identity()
        },
        Why::OtherService("custody".to_owned()),
    );
    check(
        &Identity {
            row_version: 2,
            ..identity()
        },
        Why::OtherRowVersion(1),
    );
    check(
        &Identity {
            row_version: 0,
            ..identity()
        },
        Why::OtherRowVersion(1),
    );
    check(
        &Identity {
            incarnation: vec![8; 32],
            ..identity()
        },
        Why::OtherIncarnation,
    );
    check(
        &Identity {
            incarnation: vec![7; 31],
            ..identity()
        },
        Why::OtherIncarnation,
    );
}

#[test]
fn the_newest_directories_set_aside_are_kept() {
    let dir = tempdir().unwrap();
    for row_version in 0..6 {
        Store::open(
            dir.path().join("rows/"),
            &Identity {
                row_version,
                ..identity()
            },
        )
        .unwrap();
    }
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = fs::read_dir(dir.path()).unwrap().map(name).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "rows",
            "rows.lock",
            "rows.quarantine-3",
            "rows.quarantine-4",
            "rows.quarantine-5"
        ]
    );
    assert_eq!(names.len() - 2, QUARANTINES_MAX);
}

#[test]
fn what_is_no_store_is_set_aside() {
    #[track_caller]
    fn check(make: impl FnOnce(&Path)) {
        let dir = tempdir().unwrap();
        let dir = dir.path().join("rows");
        fs::create_dir(&dir).unwrap();
        make(&dir);
        let mut opened = open(&dir);
        assert!(opened.fresh.is_some_and(|why| why != Why::Missing));
        assert!(opened.set_aside.is_some());
        commit_next(&mut opened.store).unwrap();
        drop(opened.store);
        assert_eq!(open(&dir).cursor, StreamPosition::new(1));
    }
    check(|dir| fs::write(dir.join("db"), b"not a database").unwrap());
    check(|dir| fs::write(dir.join("conf"), b"not a configuration").unwrap());
    check(|dir| fs::create_dir(dir.join("db")).unwrap());
    check(|dir| fs::write(dir.join("something else"), b"").unwrap());
}

#[test]
fn a_reader_sees_the_rows_of_one_cursor() {
    const COMMITS: u64 = 200;
    let dir = tempdir().unwrap();
    let mut store = open(&dir.path().join("rows")).store;
    let reader = store.reader();
    let reading = thread::spawn(move || {
        let mut seen = StreamPosition::START;
        while seen < StreamPosition::new(COMMITS) {
            let snapshot = reader.read().unwrap();
            assert!(seen <= snapshot.cursor());
            seen = snapshot.cursor();
            assert_eq!(all_rows(&snapshot).unwrap(), model_at(seen));
            drop(snapshot);
            reader.scrub().expect("a scrub and a commit do not disturb each other");
        }
    });
    (0..COMMITS).for_each(|_| assert!(commit_next(&mut store).is_ok()));
    reading.join().unwrap();
}

#[test]
fn an_empty_directory_is_a_first_start() {
    let dir = tempdir().unwrap();
    fs::create_dir(dir.path().join("rows")).unwrap();
    let opened = open(&dir.path().join("rows"));
    assert_eq!((opened.fresh, opened.set_aside), (Some(Why::Missing), None));
}

#[test]
fn a_store_that_is_open_is_left_alone() {
    let dir = tempdir().unwrap();
    let dir = dir.path().join("rows");
    let mut store = open(&dir).store;
    let reader = store.reader();
    assert!(matches!(Store::open(&dir, &identity()), Err(StoreError::InUse { .. })));
    commit_next(&mut store).unwrap();
    drop(store);
    assert!(
        matches!(Store::open(&dir, &identity()), Err(StoreError::InUse { .. })),
        "a reader has it open"
    );
    drop(reader);
    assert_eq!(open(&dir).cursor, StreamPosition::new(1));
}

#[test]
#[should_panic(expected = "a batch is committed before another one is begun")]
fn a_batch_is_committed_on_the_rows_it_was_begun_on() {
    let dir = tempdir().unwrap();
    let mut store = open(&dir.path().join("rows")).store;
    let stale = store.begin();
    commit_next(&mut store).unwrap();
    drop(store.commit(stale, StreamPosition::new(2)));
}

#[test]
#[should_panic(expected = "a cursor never goes back, here from 1 to 0")]
fn a_cursor_never_goes_back() {
    let dir = tempdir().unwrap();
    let mut store = open(&dir.path().join("rows")).store;
    commit_next(&mut store).unwrap();
    let rows = store.begin();
    drop(store.commit(rows, StreamPosition::START));
}

/// Rows that were kept are read whatever stream they are of, and not set aside.
#[test]
fn kept_rows_are_read_of_any_stream() {
    let place = tempdir().unwrap();
    let dir = place.path().join("rows");
    assert!(Store::kept(&dir, &identity()).unwrap().is_none(), "nothing is there");
    let mut store = open(&dir).store;
    for _ in 0..40 {
        commit_next(&mut store).unwrap();
    }
    drop(store);
    let other_stream = Identity {
        incarnation: b"another".to_vec(),
        ..identity()
    };
    let reader = Store::kept(&dir, &other_stream).unwrap().unwrap();
    let expected = model_at(StreamPosition::new(40));
    assert_eq!(all_rows(&reader.read().unwrap()).unwrap(), expected);
    drop(reader);
    let of_others = [
        Identity {
            service: "another",
            ..identity()
        },
        Identity {
            row_version: identity().row_version + 1,
            ..identity()
        },
    ];
    for other in of_others {
        assert!(Store::kept(&dir, &other).unwrap().is_none(), "{other:?}");
    }
    assert_eq!(open(&dir).fresh, None, "it is as it was");
}
