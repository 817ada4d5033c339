//! What one batch of records changes, and how a table and a key become the key of a row.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;

use event::units::StreamPosition;

use crate::error::StoreError;
use crate::store::{Order, Reader, Row};

/// A key is an id or two, a position, or a short name; it is kept in every index node above its row.
pub const KEY_BYTES_MAX: usize = 512;

/// A value is one row: a record (48 KiB of statement) with what a view adds to it, below 64 KiB.
pub const VALUE_BYTES_MAX: usize = 65_535;

/// 1,000 records of a batch at 100 changed rows each. A commit holds all of them in memory.
pub const BATCH_ROWS_MAX: usize = 100_000;

/// What a batch of records changes in a store. Look-ups see the batch first, then the store.
///
/// Neither changes nor look-ups return an error, so that a fold reads like the rule it is. The first thing that goes
/// wrong is kept, and [`Store::commit`](crate::Store::commit) returns it instead of committing.
pub struct Rows {
    reader: Reader,
    base: StreamPosition,
    changes: Changes,
    failure: Option<StoreError>,
}

/// Rows by their full key; `None` deletes.
pub(crate) type Changes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

impl Rows {
    pub(crate) fn begin(reader: Reader, base: StreamPosition) -> Self {
        Self {
            reader,
            base,
            changes: Changes::new(),
            failure: None,
        }
    }

    /// Writes a row, over the one that has this key if there is one.
    pub fn put(&mut self, table: &'static str, key: &[u8], value: impl Into<Vec<u8>>) {
        let value = value.into();
        if VALUE_BYTES_MAX < value.len() {
            return self.fail(StoreError::ValueTooLong {
                table,
                bytes: value.len(),
            });
        }
        self.change(table, key, Some(value));
    }

    /// Removes the row with this key, if there is one.
    pub fn delete(&mut self, table: &'static str, key: &[u8]) {
        self.change(table, key, None);
    }

    /// The value at this key as it will be when this batch is committed.
    pub fn get(&mut self, table: &'static str, key: &[u8]) -> Option<Vec<u8>> {
        if let Some(changed) = self.changes.get(&row_key(table, key)) {
            return changed.clone();
        }
        match self.reader.read().and_then(|snapshot| snapshot.get(table, key)) {
            Ok(value) => value,
            Err(error) => {
                self.fail(error);
                None
            }
        }
    }

    /// The last row of a table whose key is at least `from` and lies before `before`, as it will be when this batch is
    /// committed.
    pub fn last(&mut self, table: &'static str, from: &[u8], before: &[u8]) -> Option<Row> {
        let first = row_key(table, from);
        let mut end = before.to_vec();
        while from < end.as_slice() {
            let changed = self.changes.range(first.clone()..row_key(table, &end)).next_back();
            let changed = changed.map(|(key, value)| (key[table.len() + 1..].to_vec(), value.clone()));
            let kept = self.reader.read().and_then(|snapshot| {
                let keys = (Bound::Included(from), Bound::Excluded(end.as_slice()));
                Ok(snapshot.range(table, keys, Order::Descending, 1)?.pop())
            });
            let kept = match kept {
                Ok(kept) => kept,
                Err(error) => {
                    self.fail(error);
                    return None;
                }
            };
            match changed {
                Some((key, value)) if kept.as_ref().is_none_or(|kept| kept.key <= key) => {
                    if let Some(value) = value {
                        return Some(Row { key, value });
                    }
                    end = key;
                }
                _ => return kept,
            }
        }
        None
    }

    /// How many rows the batch changes so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Whether the batch changes nothing so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The cursor of the store that the look-ups were made on.
    pub(crate) const fn base(&self) -> StreamPosition {
        self.base
    }

    pub(crate) const fn reader(&self) -> &Reader {
        &self.reader
    }

    pub(crate) fn finish(self) -> Result<Changes, StoreError> {
        self.failure.map_or(Ok(self.changes), Err)
    }

    fn change(&mut self, table: &'static str, key: &[u8], value: Option<Vec<u8>>) {
        if KEY_BYTES_MAX < key.len() {
            return self.fail(StoreError::KeyTooLong {
                table,
                bytes: key.len(),
            });
        }
        self.changes.insert(row_key(table, key), value);
        if BATCH_ROWS_MAX < self.changes.len() {
            self.fail(StoreError::BatchTooLong);
        }
    }

    fn fail(&mut self, error: StoreError) {
        self.failure.get_or_insert(error);
    }
}

/// How much, not what: a batch may be long.
impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = f.debug_struct("Rows");
        rows.field("base", &self.base)
            .field("changed", &self.len())
            .field("failure", &self.failure);
        rows.finish_non_exhaustive()
    }
}

/// Stands between table and key; no table has it in its name, so the rows of one table lie together.
const TABLE_END: u8 = 0;

pub(crate) fn row_key(table: &'static str, key: &[u8]) -> Vec<u8> {
    assert!(
        !table.is_empty() && !table.as_bytes().contains(&TABLE_END),
        "{table:?} is not the name of a table"
    );
    [table.as_bytes(), &[TABLE_END], key].concat()
}

/// The bounds of `keys` within a table, as bounds over all rows.
pub(crate) fn row_bounds(
    table: &'static str,
    (low, high): (Bound<&[u8]>, Bound<&[u8]>),
) -> (Bound<Vec<u8>>, Bound<Vec<u8>>) {
    let low = match low {
        Bound::Unbounded => Bound::Included(row_key(table, &[])),
        bound => bound.map(|key| row_key(table, key)),
    };
    let high = match high {
        Bound::Unbounded => Bound::Excluded([table.as_bytes(), &[TABLE_END + 1]].concat()),
        bound => bound.map(|key| row_key(table, key)),
    };
    (low, high)
}

/// The first key after every key that begins with `prefix`; none if there is no such key.
pub(crate) fn prefix_end(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte < u8::MAX)?;
    let mut end = prefix[..=last].to_vec();
    end[last] += 1;
    Some(end)
}
