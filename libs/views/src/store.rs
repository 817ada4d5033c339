//! The store: one writer, any number of readers, each seeing the rows of one cursor.

use std::fmt;
use std::ops::{Bound, RangeBounds};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, RwLock, RwLockReadGuard};

use event::units::StreamPosition;
use tracing::{error, info, warn};

use crate::digest::RowsDigest;
use crate::directory::{Directory, Durable, failed};
use crate::error::StoreError;
use crate::guard::{Guarded, guarded};
use crate::identity::{Identity, Kept, Why};
use crate::rows::{Changes, Rows, prefix_end, row_bounds, row_key};
use crate::trees::{State, Trees, Unusable, Walk};

/// Rows that one range hands out at most: a page of a list, and 64 MiB if every value were as long as it may be.
pub const RANGE_ROWS_MAX: usize = 1_000;

/// The one who writes. All calls block on the disk: from async code, make them where blocking is allowed.
pub struct Store {
    inner: Arc<Inner>,
    durable: Durable,
}

/// A store that was opened, and how it came about.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// How far the stream has been folded into it; [`StreamPosition::START`] if it is fresh.
    pub cursor: StreamPosition,
    /// Why it begins at zero; none if it goes on.
    pub fresh: Option<Why>,
    /// Where what was there before has been set aside, for someone to look at.
    pub set_aside: Option<PathBuf>,
}

/// Reads a store while another task writes to it. Cheap to clone.
#[derive(Clone)]
pub struct Reader {
    inner: Arc<Inner>,
}

/// Rows as of one cursor. Commits wait until it is dropped: read, drop, then answer.
///
/// Who holds one and asks the same store for another, for a look-up of a batch, a scrub or a commit, may wait for himself.
pub struct Snapshot<'store> {
    inner: &'store Inner,
    state: RwLockReadGuard<'store, State>,
}

/// One row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its key within the table.
    pub key: Vec<u8>,
    /// Its value.
    pub value: Vec<u8>,
}

/// In which order a range is read, and so from which end its limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// From the least key on.
    Ascending,
    /// From the greatest key down.
    Descending,
}

struct Inner {
    trees: Guarded<Trees>,
    identity: Vec<u8>,
    /// What the last commit left; held for reading by whoever reads rows, for writing while rows change.
    state: RwLock<State>,
    /// What went wrong first; from then on nothing is answered.
    broken: OnceLock<String>,
    /// Held by the one who scrubs.
    scrubbing: Mutex<()>,
    /// Last, so that the directory is given up after sled has let go of it.
    directory: Directory,
}

impl Store {
    /// Opens the store in `dir`, or makes a fresh one there if there is none that can be trusted.
    ///
    /// What is there must be of the same identity and every row must match the count and digest of the last commit.
    /// Otherwise, or if sled fails or panics, the directory is renamed to `<dir>.quarantine-<n>`. Takes as long as reading
    /// every row does. `dir` must not be a mount point itself, since it may have to be renamed.
    pub fn open(dir: impl AsRef<Path>, identity: &Identity) -> Result<Opened, StoreError> {
        let directory = Directory::take(dir.as_ref())?;
        if directory.is_empty()? {
            info!(store.dir = %directory.path().display(), "No rows of {} yet: they begin at zero", identity.service);
            return Self::create(directory, identity, Why::Missing, None);
        }
        directory.wait_until_released()?;
        match Trees::load(directory.path(), |kept| identity.check(kept)) {
            Ok(loaded) => Self::go_on(directory, identity, loaded),
            Err(Unusable::FileSystem(error)) => Err(failed("open", directory.path(), error)),
            Err(Unusable::Untrusted(why)) => {
                let aside = directory.set_aside()?;
                let (dir, to) = (directory.path().display(), aside.display());
                warn!(store.dir = %dir, %why, "Set {dir} aside as {to}: {why}. Its rows are rebuilt from zero");
                Self::create(directory, identity, why, Some(aside))
            }
        }
    }

    /// Opens the rows that are kept in `dir` to read them, from whatever stream they were folded, whole and of this service
    /// and version; `None` where there are none such. Sets nothing aside and writes no row.
    pub fn kept(dir: impl AsRef<Path>, identity: &Identity) -> Result<Option<Reader>, StoreError> {
        let directory = Directory::take(dir.as_ref())?;
        if directory.is_empty()? {
            return Ok(None);
        }
        directory.wait_until_released()?;
        match Trees::load(directory.path(), |kept| identity.check_form(kept)) {
            Ok((trees, kept)) => {
                let broken = |trouble| StoreError::Broken {
                    dir: directory.path().to_owned(),
                    why: format!("open: {trouble}"),
                };
                let identity = guarded(|| trees.identity()).map_err(broken)?;
                Ok(Some(Self::on(directory, identity, trees, kept)?.reader()))
            }
            Err(Unusable::FileSystem(error)) => Err(failed("open", directory.path(), error)),
            Err(Unusable::Untrusted(why)) => {
                let dir = directory.path().display();
                warn!(store.dir = %dir, %why, "The rows in {dir} are not read: {why}");
                Ok(None)
            }
        }
    }

    /// Begins a batch on the rows as they are now.
    #[must_use]
    pub fn begin(&self) -> Rows {
        Rows::begin(self.reader(), self.cursor())
    }

    /// Commits a batch and the cursor it leads to. When this returns, both outlive a power cut.
    ///
    /// Readers may see the batch a moment earlier. After [`StoreError::Broken`] the store answers nothing any
    /// more; whether the batch is in it shows when it is opened again.
    ///
    /// # Panics
    ///
    /// If the batch was begun on another store or before another commit, or if the cursor goes back: its look-ups would
    /// not be those of the rows it changes.
    pub fn commit(&mut self, rows: Rows, cursor: StreamPosition) -> Result<(), StoreError> {
        assert!(
            Arc::ptr_eq(&rows.reader().inner, &self.inner),
            "a batch is committed to the store it was begun on"
        );
        assert_eq!(
            rows.base(),
            self.cursor(),
            "a batch is committed before another one is begun"
        );
        assert!(
            rows.base() <= cursor,
            "a cursor never goes back, here from {} to {cursor}",
            rows.base()
        );
        let changes = rows.finish()?;
        self.inner.commit(&changes, cursor)?;
        self.inner.guarded("flush", Trees::flush)?;
        self.durable.sync().map_err(|error| self.inner.broke(error.to_string()))
    }

    /// How far the stream has been folded into the rows.
    #[must_use]
    pub fn cursor(&self) -> StreamPosition {
        self.inner.state().kept.cursor
    }

    /// For those who read.
    #[must_use]
    pub fn reader(&self) -> Reader {
        Reader {
            inner: Arc::clone(&self.inner),
        }
    }

    fn go_on(directory: Directory, id: &Identity, (trees, kept): (Guarded<Trees>, Kept)) -> Result<Opened, StoreError> {
        let store = Self::on(directory, id.encode(), trees, kept)?;
        Ok(Opened {
            store,
            cursor: kept.cursor,
            fresh: None,
            set_aside: None,
        })
    }

    fn create(
        directory: Directory,
        identity: &Identity,
        why: Why,
        set_aside: Option<PathBuf>,
    ) -> Result<Opened, StoreError> {
        let created = Trees::create(directory.path(), identity);
        let broken = |trouble| StoreError::Broken {
            dir: directory.path().to_owned(),
            why: format!("create: {trouble}"),
        };
        let (trees, kept) = created.map_err(broken)?;
        let store = Self::on(directory, identity.encode(), trees, kept)?;
        Ok(Opened {
            store,
            cursor: kept.cursor,
            fresh: Some(why),
            set_aside,
        })
    }

    /// Starts from a durable state, whatever sled wrote while it opened.
    fn on(directory: Directory, identity: Vec<u8>, trees: Guarded<Trees>, kept: Kept) -> Result<Self, StoreError> {
        let mut durable = Durable::open(directory.path())?;
        let inner = Inner {
            trees,
            identity,
            state: RwLock::new(State { kept, walk: None }),
            broken: OnceLock::new(),
            scrubbing: Mutex::new(()),
            directory,
        };
        inner.guarded("flush", Trees::flush)?;
        durable.sync()?;
        inner.directory.sync_names()?;
        Ok(Self {
            inner: Arc::new(inner),
            durable,
        })
    }
}

impl Reader {
    /// The rows as of the last commit.
    pub fn read(&self) -> Result<Snapshot<'_>, StoreError> {
        self.inner.check_whole()?;
        Ok(Snapshot {
            inner: &self.inner,
            state: self.inner.state(),
        })
    }

    /// Counts all rows anew while reads and commits go on, and returns how many there are.
    ///
    /// Rows that do not match the count and digest of the last commit break the store: it answers nothing any more, and
    /// opening it again rebuilds it.
    pub fn scrub(&self) -> Result<u64, StoreError> {
        let _one = self.inner.scrubbing.lock().expect("who scrubs does not panic");
        self.inner.change_state(|state| state.walk = Some(Walk::default()));
        loop {
            if let Some(walked) = self.inner.scrub_on()? {
                return Ok(walked);
            }
        }
    }
}

impl Snapshot<'_> {
    /// How far the stream has been folded into these rows.
    #[must_use]
    pub fn cursor(&self) -> StreamPosition {
        self.state.kept.cursor
    }

    /// How many rows there are in all tables.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.state.kept.tally.rows
    }

    /// The value at a key.
    pub fn get(&self, table: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.guarded("get", |trees| trees.get(&row_key(table, key)))
    }

    /// Rows of a table whose keys lie within `keys`, at most `limit` and [`RANGE_ROWS_MAX`] of them.
    pub fn range<'k>(
        &self,
        table: &'static str,
        keys: impl RangeBounds<&'k [u8]>,
        order: Order,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        let bounds = row_bounds(table, (keys.start_bound().cloned(), keys.end_bound().cloned()));
        let limit = limit.min(RANGE_ROWS_MAX);
        let to_row = |(key, value): (sled::IVec, sled::IVec)| Row {
            key: key[table.len() + 1..].to_vec(),
            value: value.to_vec(),
        };
        self.inner.guarded("range", |trees| {
            let rows = trees.range(bounds);
            match order {
                Order::Ascending => rows.take(limit).map(|row| row.map(to_row)).collect(),
                Order::Descending => rows.rev().take(limit).map(|row| row.map(to_row)).collect(),
            }
        })
    }

    /// Rows of a table whose keys begin with `prefix`, at most `limit` and [`RANGE_ROWS_MAX`] of them.
    pub fn prefix(
        &self,
        table: &'static str,
        prefix: &[u8],
        order: Order,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        let end = prefix_end(prefix);
        let end = end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        self.range(table, (Bound::Included(prefix), end), order, limit)
    }

    /// Digest over all rows, to compare with a rebuild byte for byte. Takes as long as reading every row does.
    pub fn digest(&self) -> Result<RowsDigest, StoreError> {
        self.inner.guarded("digest", Trees::digest)
    }
}

impl Inner {
    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().expect("who changes the state does not panic")
    }

    fn change_state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.write().expect("who changes the state does not panic"))
    }

    fn commit(&self, changes: &Changes, cursor: StreamPosition) -> Result<(), StoreError> {
        self.change_state(|state| {
            let mut before = state.clone();
            before.kept.cursor = cursor;
            *state = self.guarded("commit", |trees| trees.commit(changes, &before, &self.identity))?;
            Ok(())
        })
    }

    /// Counts on; the number of rows when all are counted and match.
    fn scrub_on(&self) -> Result<Option<u64>, StoreError> {
        self.change_state(|state| {
            let mut walk = state.walk.take().expect("only the one who scrubs takes it");
            if self.guarded("scrub", |trees| trees.walk_on(&mut walk))? {
                state.walk = Some(walk);
                return Ok(None);
            }
            match walk.judge(&state.kept.tally) {
                Ok(()) => Ok(Some(walk.tally.rows)),
                Err(why) => Err(self.broke(why.to_string())),
            }
        })
    }

    /// Asks sled, unless something went wrong before; what goes wrong now breaks the store.
    fn guarded<T>(&self, doing: &str, work: impl FnOnce(&Trees) -> sled::Result<T>) -> Result<T, StoreError> {
        self.check_whole()?;
        guarded(|| work(&self.trees)).map_err(|trouble| self.broke(format!("{doing}: {trouble}")))
    }

    fn check_whole(&self) -> Result<(), StoreError> {
        self.broken.get().map_or(Ok(()), |why| Err(self.broken_error(why)))
    }

    fn broke(&self, why: String) -> StoreError {
        let why = self.broken.get_or_init(|| {
            let dir = self.directory.path().display();
            error!(store.dir = %dir, why, "The store in {dir} failed and answers nothing any more: {why}");
            why
        });
        self.broken_error(why)
    }

    fn broken_error(&self, why: &str) -> StoreError {
        StoreError::Broken {
            dir: self.directory.path().to_owned(),
            why: why.to_owned(),
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("dir", &self.inner.directory.path())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("dir", &self.inner.directory.path())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Snapshot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("cursor", &self.cursor())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDENTITY: Identity = Identity {
        service: "custody",
        row_version: 1,
        incarnation: Vec::new(),
    };

    fn commit(store: &mut Store, key: &[u8]) -> Result<(), StoreError> {
        let mut rows = store.begin();
        rows.put("lots", key, "a row");
        store.commit(rows, store.cursor().next())
    }

    /// Behind the back of the store, as a flipped bit would.
    #[test]
    fn a_scrub_that_misses_a_row_breaks_the_store_until_it_is_rebuilt() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path().join("rows"), &IDENTITY).unwrap().store;
        commit(&mut store, b"first").unwrap();
        commit(&mut store, b"second").unwrap();
        let reader = store.reader();
        assert_eq!(reader.scrub().unwrap(), 2);

        guarded(|| store.inner.trees.lose(&row_key("lots", b"first")))
            .ok()
            .unwrap();
        let is_broken = |result: Result<(), StoreError>| matches!(result, Err(StoreError::Broken { .. }));
        assert!(is_broken(reader.scrub().map(drop)));
        assert!(is_broken(reader.read().map(drop)));
        assert!(is_broken(commit(&mut store, b"third")));

        drop((store, reader));
        let opened = Store::open(dir.path().join("rows"), &IDENTITY).unwrap();
        assert_eq!(opened.fresh, Some(Why::Decayed { found: 1, expected: 2 }));
    }

    /// A walk of two pieces, with commits before, at and behind where it stands.
    #[test]
    fn a_scrub_keeps_up_with_commits() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path().join("rows"), &IDENTITY).unwrap().store;
        let mut rows = store.begin();
        (0..1_500_u16).for_each(|n| rows.put("lots", &n.to_be_bytes(), "a row"));
        store.commit(rows, StreamPosition::new(1)).unwrap();

        store.inner.change_state(|state| state.walk = Some(Walk::default()));
        assert_eq!(store.inner.scrub_on().unwrap(), None);
        let mut rows = store.begin();
        for n in [0_u16, 999, 1_000, 1_499] {
            rows.put("lots", &n.to_be_bytes(), "changed");
            rows.delete("lots", &(n / 2 + 1).to_be_bytes());
        }
        rows.put("lots", &2_000_u16.to_be_bytes(), "new");
        store.commit(rows, StreamPosition::new(2)).unwrap();
        assert_eq!(store.inner.scrub_on().unwrap(), None);
        assert_eq!(store.inner.scrub_on().unwrap(), Some(1_497));
    }
}
