//! What the tests of the store share: an identity, and batches whose rows follow from their cursor alone.

use std::collections::BTreeMap;
use std::path::Path;

use event::units::StreamPosition;
use views::{Identity, Opened, Order, RANGE_ROWS_MAX, Rows, Snapshot, Store, StoreError};

/// The tables that the tests write to.
pub(crate) const TABLES: [&str; 2] = ["lots", "sites"];

/// Rows as a test expects them, by table and key.
pub(crate) type Model = BTreeMap<(&'static str, Vec<u8>), Vec<u8>>;

/// A row written, or deleted.
pub(crate) type Change = (&'static str, Vec<u8>, Option<Vec<u8>>);

pub(crate) fn identity() -> Identity {
    Identity {
        service: "custody",
        row_version: 1,
        incarnation: vec![7; 32],
    }
}

pub(crate) fn open(dir: &Path) -> Opened {
    Store::open(dir, &identity()).expect("a directory of our own can be opened or rebuilt")
}

/// What the batch that leads to `cursor` changes: some rows written, some overwritten, some deleted.
pub(crate) fn changes_at(cursor: u64) -> Vec<Change> {
    let table = TABLES[usize::from(cursor.is_multiple_of(3))];
    let kept = (
        table,
        cursor.to_be_bytes().to_vec(),
        Some(vec![1; 300 + usize::from(cursor.to_be_bytes()[7])]),
    );
    let overwritten = (
        TABLES[0],
        (cursor % 16).to_le_bytes().to_vec(),
        Some(cursor.to_be_bytes().to_vec()),
    );
    let deleted = (TABLES[1], (cursor / 2).to_be_bytes().to_vec(), None);
    vec![kept, overwritten, deleted]
}

pub(crate) fn commit_next(store: &mut Store) -> Result<StreamPosition, StoreError> {
    let cursor = store.cursor().next();
    let mut rows = store.begin();
    change(&mut rows, changes_at(cursor.get()));
    store.commit(rows, cursor)?;
    Ok(cursor)
}

pub(crate) fn change(rows: &mut Rows, changes: Vec<Change>) {
    for (table, key, value) in changes {
        match value {
            Some(value) => rows.put(table, &key, value),
            None => rows.delete(table, &key),
        }
    }
}

/// The rows that every batch up to `cursor` leaves.
pub(crate) fn model_at(cursor: StreamPosition) -> Model {
    let mut model = Model::new();
    for (table, key, value) in (1..=cursor.get()).flat_map(changes_at) {
        match value {
            Some(value) => model.insert((table, key), value),
            None => model.remove(&(table, key)),
        };
    }
    model
}

/// Every row of a snapshot, page by page.
pub(crate) fn all_rows(snapshot: &Snapshot<'_>) -> Result<Model, StoreError> {
    let mut model = Model::new();
    for table in TABLES {
        let mut page = snapshot.range(table, .., Order::Ascending, RANGE_ROWS_MAX)?;
        while let Some(last) = page.last().map(|row| row.key.clone()) {
            model.extend(page.into_iter().map(|row| ((table, row.key), row.value)));
            let after = (std::ops::Bound::Excluded(&last[..]), std::ops::Bound::Unbounded);
            page = snapshot.range(table, after, Order::Ascending, RANGE_ROWS_MAX)?;
        }
    }
    Ok(model)
}
