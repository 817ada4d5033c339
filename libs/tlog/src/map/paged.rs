//! The map itself.

use core::fmt;

use super::head::{MapHead, MapKey};
use super::page::Page;
use super::pages::{Hot, PageLimits, Pages, PagesError};
use super::proof::MapProof;
use super::top::Top;
use crate::hash::Hash;
use crate::tree::{LeafIndex, empty_root};

/// All heads, and the trie over them.
///
/// Keys are never removed. The trie is that of the set of keys and their heads, whatever order they came in and however they
/// are divided into pages: its upper part is in memory, and below it are pages of a few keys each, of which those in use
/// are in memory, too. What stays in memory is some ten bytes a key, and [`PageLimits`] say what comes on top.
///
/// After a [`PagesError`], everything but [`Map::root`] and [`Map::len`] gives that error again.
pub struct Map {
    top: Top,
    pages: Hot,
    len: u64,
    root: Hash,
    failed: Option<PagesError>,
}

impl Map {
    /// Without keys; all of it stays in memory.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::of(Hot::new(PageLimits::DEFAULT, None))
    }

    /// Without keys, on pages that were not written to yet.
    #[must_use]
    pub fn on(pages: Box<dyn Pages>) -> Self {
        Self::with_limits(pages, PageLimits::DEFAULT)
    }

    /// [`Map::on`], with pages of another length, or more or fewer of them in memory. The map is the same.
    #[must_use]
    pub fn with_limits(pages: Box<dyn Pages>, limits: PageLimits) -> Self {
        Self::of(Hot::new(limits, Some(pages)))
    }

    fn of(pages: Hot) -> Self {
        Self {
            top: Top::default(),
            pages,
            len: 0,
            root: empty_root(),
            failed: None,
        }
    }

    /// The leaf at `index`, of this core hash, is about these keys: their heads move on by one record. Returns them as they
    /// are then. What the keys' paths share is hashed once.
    pub fn touch(
        &mut self,
        keys: &[MapKey],
        index: LeafIndex,
        core: &Hash,
    ) -> Result<Vec<(MapKey, MapHead)>, PagesError> {
        let next = |head: Option<MapHead>| head.unwrap_or(MapHead::EMPTY).next(index, core);
        self.update(keys.iter().map(|&key| (key, next)))
    }

    /// Sets some heads, later ones winning, as [`Map::touch`] on another map gave them.
    pub fn set(&mut self, heads: &[(MapKey, MapHead)]) -> Result<(), PagesError> {
        self.update(heads.iter().map(|&(key, head)| (key, move |_| head)))
            .map(drop)
    }

    /// The root hash, as the last change left it.
    #[must_use]
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// Number of keys.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is no key.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The head of a key.
    pub fn head(&self, key: &MapKey) -> Result<Option<MapHead>, PagesError> {
        self.check()?;
        let Some((slot, hash)) = self.top.walk(key, |_, _| ()) else {
            return Ok(None);
        };
        let head = |page: &Page| page.find(key).ok().map(|at| page.head(at));
        self.pages.show(slot, known(hash), head)
    }

    /// What [`Map::head`] says, and its proof against [`Map::root`].
    pub fn prove(&self, key: &MapKey) -> Result<(Option<MapHead>, MapProof), PagesError> {
        self.check()?;
        let mut steps = Vec::new();
        let found = self.top.walk(key, |bit, sibling| steps.push((bit, known(sibling))));
        let Some((slot, hash)) = found else {
            return Ok((None, MapProof::AbsenceInEmpty));
        };
        let walk = |page: &Page| page.walk(key, |bit, sibling| steps.push((bit, sibling)));
        let (other, head) = self.pages.show(slot, known(hash), walk)?;
        steps.reverse();
        if other == *key {
            return Ok((Some(head), MapProof::Presence { steps }));
        }
        let value = head.value();
        Ok((None, MapProof::Absence { other, value, steps }))
    }

    fn check(&self) -> Result<(), PagesError> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    /// Gives each key the head that follows from the one it has, and computes the root.
    fn update<F>(
        &mut self,
        changes: impl ExactSizeIterator<Item = (MapKey, F)>,
    ) -> Result<Vec<(MapKey, MapHead)>, PagesError>
    where
        F: FnOnce(Option<MapHead>) -> MapHead,
    {
        self.check()?;
        let heads = self.try_update(changes);
        self.failed = heads.as_ref().err().cloned();
        heads
    }

    fn try_update<F>(
        &mut self,
        changes: impl ExactSizeIterator<Item = (MapKey, F)>,
    ) -> Result<Vec<(MapKey, MapHead)>, PagesError>
    where
        F: FnOnce(Option<MapHead>) -> MapHead,
    {
        let mut heads = Vec::with_capacity(changes.len());
        self.pages.make_room(changes.len())?;
        for (key, next) in changes {
            if self.pages.lacks_room(1) {
                self.rehash();
                self.pages.make_room(1)?;
            }
            heads.push((key, self.change(key, next)?));
        }
        self.root = self.rehash();
        Ok(heads)
    }

    fn change(&mut self, key: MapKey, next: impl FnOnce(Option<MapHead>) -> MapHead) -> Result<MapHead, PagesError> {
        let mut above = None;
        let Some((slot, hash)) = self.top.walk(&key, |bit, _| above = Some(bit)) else {
            let head = next(None);
            let page = self.pages.add(Page::of(key, head))?;
            self.top.plant(page);
            self.len += 1;
            return Ok(head);
        };
        let keys_max = self.pages.limits().keys();
        let page = self.pages.change(slot, hash)?;
        let found = page.find(&key);
        let head = next(found.ok().map(|at| page.head(at)));
        self.len += u64::from(found.is_err());
        let divided_at = found.err().and_then(|at| page.divided_at(at, &key));
        // It differs from the whole page before the page differs from others: it stands above it.
        if let Some(bit) = divided_at.filter(|&bit| above.is_some_and(|above| bit < above)) {
            let page = self.pages.add(Page::of(key, head))?;
            self.top.divide(&key, bit, page);
            return Ok(head);
        }
        page.set(found, key, head);
        self.top.forget(&key);
        if let Some((bit, rest)) = page.divide_beyond(keys_max) {
            let in_rest = rest.first();
            let page = self.pages.add(rest)?;
            self.top.divide(&in_rest, bit, page);
        }
        Ok(head)
    }

    /// The root, once all hashes are computed that were forgotten.
    fn rehash(&mut self) -> Hash {
        let pages = &mut self.pages;
        let root = self.top.rehash(&mut |slot| pages.hash(slot));
        root.unwrap_or_else(empty_root)
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map")
            .field("len", &self.len)
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

/// Between changes all hashes are known, and while a change is made those of all pages that are not in memory.
fn known(hash: Option<Hash>) -> Hash {
    hash.expect("every change ends by computing the hashes that it made others forget")
}
