//! The sled database of a store: a tree of rows and a tree of what is kept about them.

use std::io;
use std::ops::Bound;
use std::path::Path;

use sha2::Sha256;
use sled::transaction::{ConflictableTransactionError, TransactionError};
use sled::{Config, Db, Transactional, Tree};

use crate::digest::{RowsDigest, Tally, absorb};
use crate::guard::{Guarded, Trouble, guarded};
use crate::identity::{Identity, Kept, Why};
use crate::rows::Changes;

/// Pages kept in memory, in bytes. A process may have three stores open, and a laptop runs all of them.
const CACHE_BYTES: u64 = 128 << 20;

/// Rows walked over at a time: some milliseconds, which is how long a commit waits for a scrubber.
const WALK_ROWS: usize = 1_000;

const IDENTITY_KEY: &[u8] = b"identity";
const STATE_KEY: &[u8] = b"state";

/// Every method may panic: sled does so where it finds what it does not expect. Call them through [`guarded`].
pub(crate) struct Trees {
    db: Db,
    rows: Tree,
    meta: Tree,
}

/// Why an existing database cannot be gone on with.
pub(crate) enum Unusable {
    /// It is not trusted: set it aside and rebuild.
    Untrusted(Why),
    /// The file system refuses, and would refuse a rebuild as well.
    FileSystem(io::Error),
}

/// A count over all rows in the order of their keys, made piece by piece while commits go on.
#[derive(Clone, Default)]
pub(crate) struct Walk {
    /// The last key that is counted.
    last: Option<Vec<u8>>,
    pub(crate) tally: Tally,
}

/// What a commit changes besides the rows.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) kept: Kept,
    /// A scrub under way; changes behind it are made to its count too.
    pub(crate) walk: Option<Walk>,
}

impl Trees {
    /// Opens what is kept in `dir`, asks `check` about the identity it was made with, and counts every row of it.
    pub(crate) fn load(
        dir: &Path,
        check: impl Fn(&[u8]) -> Result<(), Why>,
    ) -> Result<(Guarded<Self>, Kept), Unusable> {
        let trees = guarded(|| Self::open(dir)).map_err(Unusable::from)?;
        let kept = guarded(|| trees.check(&check)).map_err(Unusable::from)?;
        Ok((trees, kept.map_err(Unusable::Untrusted)?))
    }

    /// Makes an empty database in `dir`.
    pub(crate) fn create(dir: &Path, identity: &Identity) -> Result<(Guarded<Self>, Kept), Trouble> {
        let trees = guarded(|| Self::open(dir))?;
        guarded(|| {
            let identity = identity.encode();
            trees.meta.insert(STATE_KEY, Kept::ZERO.seal(&identity).as_slice())?;
            trees.meta.insert(IDENTITY_KEY, identity.as_slice())
        })?;
        Ok((trees, Kept::ZERO))
    }

    pub(crate) fn get(&self, key: &[u8]) -> sled::Result<Option<Vec<u8>>> {
        Ok(self.rows.get(key)?.map(|value| value.to_vec()))
    }

    /// Rows within `bounds` in ascending order.
    pub(crate) fn range(
        &self,
        bounds: (Bound<Vec<u8>>, Bound<Vec<u8>>),
    ) -> impl DoubleEndedIterator<Item = sled::Result<(sled::IVec, sled::IVec)>> {
        self.rows.range(bounds)
    }

    /// Rows, cursor, count and digest in one transaction; returns the state after it.
    pub(crate) fn commit(&self, changes: &Changes, before: &State, identity: &[u8]) -> sled::Result<State> {
        let done = (&self.rows, &self.meta).transaction(|(rows, meta)| {
            let mut state = before.clone();
            for (key, new) in changes {
                let old = rows.get(key)?;
                if old.as_deref() == new.as_deref() {
                    continue;
                }
                state.replace(key, old.as_deref(), new.as_deref());
                match new {
                    Some(value) => rows.insert(key.as_slice(), value.as_slice())?,
                    None => rows.remove(key.as_slice())?,
                };
            }
            meta.insert(STATE_KEY, state.kept.seal(identity).as_slice())?;
            Ok::<_, ConflictableTransactionError<sled::Error>>(state)
        });
        done.map_err(|error| match error {
            TransactionError::Abort(error) | TransactionError::Storage(error) => error,
        })
    }

    /// Whose rows they are, as it was kept.
    pub(crate) fn identity(&self) -> sled::Result<Vec<u8>> {
        let kept = self.meta.get(IDENTITY_KEY)?;
        Ok(kept.map(|kept| kept.to_vec()).unwrap_or_default())
    }

    pub(crate) fn flush(&self) -> sled::Result<()> {
        self.db.flush().map(drop)
    }

    /// Counts the next rows; false when there were no more.
    pub(crate) fn walk_on(&self, walk: &mut Walk) -> sled::Result<bool> {
        let after = walk.last.take().map_or(Bound::Unbounded, Bound::Excluded);
        let mut more = false;
        for row in self
            .rows
            .range::<Vec<u8>, _>((after.clone(), Bound::Unbounded))
            .take(WALK_ROWS)
        {
            let (key, value) = row?;
            walk.tally.replace(&key, None, Some(&value));
            walk.last = Some(key.to_vec());
            more = true;
        }
        Ok(more)
    }

    pub(crate) fn digest(&self) -> sled::Result<RowsDigest> {
        let mut hash = <Sha256 as sha2::Digest>::new();
        for row in &self.rows {
            let (key, value) = row?;
            absorb(&mut hash, &key);
            absorb(&mut hash, &value);
        }
        Ok(RowsDigest::finish(hash))
    }

    /// Removes a row and tells nobody.
    #[cfg(test)]
    pub(crate) fn lose(&self, key: &[u8]) -> sled::Result<()> {
        self.rows.remove(key).map(drop)
    }

    fn open(dir: &Path) -> sled::Result<Guarded<Self>> {
        // No thread of sled's flushes behind our back: a commit flushes, and says when it is durable.
        let db = Config::new()
            .path(dir)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(None)
            .open()?;
        let (rows, meta) = (db.open_tree("rows")?, db.open_tree("meta")?);
        Ok(Guarded::new(Self { db, rows, meta }))
    }

    fn check(&self, check: impl Fn(&[u8]) -> Result<(), Why>) -> sled::Result<Result<Kept, Why>> {
        let (Some(kept_identity), Some(state)) = (self.meta.get(IDENTITY_KEY)?, self.meta.get(STATE_KEY)?) else {
            return Ok(Err(Why::Unsealed));
        };
        let Some(kept) = Kept::unseal(&state, &kept_identity) else {
            return Ok(Err(Why::Unsealed));
        };
        if let Err(why) = check(&kept_identity) {
            return Ok(Err(why));
        }
        let mut walk = Walk::default();
        while self.walk_on(&mut walk)? {}
        Ok(walk.judge(&kept.tally).map(|()| kept))
    }
}

impl Walk {
    /// Whether what was counted is what was committed.
    pub(crate) fn judge(&self, committed: &Tally) -> Result<(), Why> {
        if self.tally == *committed {
            return Ok(());
        }
        Err(Why::Decayed {
            found: self.tally.rows,
            expected: committed.rows,
        })
    }

    fn has_passed(&self, key: &[u8]) -> bool {
        self.last.as_deref().is_some_and(|last| key <= last)
    }
}

impl State {
    fn replace(&mut self, key: &[u8], old: Option<&[u8]>, new: Option<&[u8]>) {
        self.kept.tally.replace(key, old, new);
        if let Some(walk) = self.walk.as_mut().filter(|walk| walk.has_passed(key)) {
            walk.tally.replace(key, old, new);
        }
    }
}

impl From<Trouble> for Unusable {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Failed(sled::Error::Io(error)) if is_curable(error.kind()) => Self::FileSystem(error),
            trouble => Self::Untrusted(Why::Unreadable(trouble.to_string())),
        }
    }
}

/// Whether the database may be sound, and the operator has to make room or give permission.
const fn is_curable(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(
        kind,
        StorageFull | QuotaExceeded | ReadOnlyFilesystem | PermissionDenied
    )
}
