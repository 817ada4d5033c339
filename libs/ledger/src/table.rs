//! An ordered table with a layer on top that can be thrown away.

use core::iter;
use core::mem;
use core::ops::RangeInclusive;
use std::collections::BTreeMap;

/// Knows keys and values and which of them are only staged; knows nothing of what they mean.
#[derive(Clone, Debug)]
pub(crate) struct Table<K, V> {
    kept: BTreeMap<K, V>,
    /// `None` where a row goes.
    staged: BTreeMap<K, Option<V>>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            kept: BTreeMap::new(),
            staged: BTreeMap::new(),
        }
    }
}

impl<K: Ord, V> Table<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        match self.staged.get(key) {
            Some(row) => row.as_ref(),
            None => self.kept.get(key),
        }
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn insert(&mut self, staging: bool, key: K, value: V) {
        if staging {
            self.staged.insert(key, Some(value));
        } else {
            self.kept.insert(key, value);
        }
    }

    pub(crate) fn remove(&mut self, staging: bool, key: K) {
        if staging {
            self.staged.insert(key, None);
        } else {
            self.kept.remove(&key);
        }
    }

    /// Row by row: `BTreeMap::append` would rebuild the whole table for the smallest batch.
    pub(crate) fn keep(&mut self) {
        for (key, row) in mem::take(&mut self.staged) {
            match row {
                Some(value) => self.kept.insert(key, value),
                None => self.kept.remove(&key),
            };
        }
    }

    pub(crate) fn forget(&mut self) {
        self.staged.clear();
    }

    /// Every row as [`Table::get`] shows it, in key order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (&K, &V)> {
        let mut kept = self
            .kept
            .iter()
            .filter(|(key, _)| !self.staged.contains_key(key))
            .peekable();
        let mut staged = self.staged.iter().filter_map(there).peekable();
        iter::from_fn(move || match (kept.peek(), staged.peek()) {
            (Some((old, _)), Some((new, _))) if new < old => staged.next(),
            (Some(_), _) => kept.next(),
            (None, _) => staged.next(),
        })
    }

    /// The rows of a range as [`Table::get`] shows them, the last key first.
    pub(crate) fn last_of(&self, range: RangeInclusive<K>) -> impl Iterator<Item = (&K, &V)>
    where
        K: Clone,
    {
        let mut kept = self
            .kept
            .range(range.clone())
            .rev()
            .filter(|(key, _)| !self.staged.contains_key(key))
            .peekable();
        let mut staged = self.staged.range(range).rev().filter_map(there).peekable();
        iter::from_fn(move || match (kept.peek(), staged.peek()) {
            (Some((old, _)), Some((new, _))) if old < new => staged.next(),
            (Some(_), _) => kept.next(),
            (None, _) => staged.next(),
        })
    }
}

fn there<'a, K, V>((key, row): (&'a K, &'a Option<V>)) -> Option<(&'a K, &'a V)> {
    Some((key, row.as_ref()?))
}
