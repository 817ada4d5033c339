//! An ordered table with a layer on top that can be thrown away.

use std::collections::BTreeMap;

/// Knows keys and values and which of them are only staged; knows nothing of what they mean.
#[derive(Clone, Debug)]
pub(crate) struct Table<K, V> {
    kept: BTreeMap<K, V>,
    staged: BTreeMap<K, V>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { kept: BTreeMap::new(), staged: BTreeMap::new() }
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

    pub(crate) fn keep(&mut self) {
        self.kept.append(&mut self.staged);
    }

    pub(crate) fn forget(&mut self) {
        self.staged.clear();
    }

    /// What is kept, in key order.
    pub(crate) const fn kept(&self) -> &BTreeMap<K, V> {
        &self.kept
    }
}
