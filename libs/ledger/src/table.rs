//! An ordered table with a layer on top that can be thrown away.

use core::iter;
use core::mem;
use core::ops::RangeInclusive;
use std::collections::BTreeMap;

/// Knows keys and values and which of them are only staged; knows nothing of what they mean.
#[derive(Clone, Debug)]
pub(crate) struct Table<K, V> {
    kept: BTreeMap<K, V>,
    staged: BTreeMap<K, V>,
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
        self.staged.get(key).or_else(|| self.kept.get(key))
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn insert(&mut self, staging: bool, key: K, value: V) {
        let layer = if staging { &mut self.staged } else { &mut self.kept };
        layer.insert(key, value);
    }

    /// Row by row: `BTreeMap::append` would rebuild the whole table for the smallest batch.
    pub(crate) fn keep(&mut self) {
        self.kept.extend(mem::take(&mut self.staged));
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
        let mut staged = self.staged.iter().peekable();
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
        let mut staged = self.staged.range(range).rev().peekable();
        iter::from_fn(move || match (kept.peek(), staged.peek()) {
            (Some((old, _)), Some((new, _))) if old < new => staged.next(),
            (Some(_), _) => kept.next(),
            (None, _) => staged.next(),
        })
    }
}
