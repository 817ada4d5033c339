//! The directory of a store: who has it open, making it last, and setting it aside.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::error::StoreError;

/// Directories set aside that are kept, the newest: enough to look at what went wrong twice in a row and before, little
/// enough not to fill the disk of a machine that decays every day.
pub const QUARANTINES_MAX: usize = 3;

/// How long sled's own threads may hold on to a store that was dropped: 500 tries, 10 ms apart.
const RELEASE_TRIES: u32 = 500;
const RELEASE_PAUSE: Duration = Duration::from_millis(10);

/// A directory that only we have open, by a lock on `<dir>.lock` that ends with this value or its process.
pub(crate) struct Directory {
    path: PathBuf,
    _lock: File,
}

impl Directory {
    /// Takes it for this process; makes its parents, not itself.
    pub(crate) fn take(path: &Path) -> Result<Self, StoreError> {
        // Without a trailing slash, so that what stands beside it does not end up inside.
        let path: PathBuf = path.components().collect();
        let beside = beside(&path, ".lock");
        let parent = parent(&path);
        fs::create_dir_all(parent).map_err(|e| failed("make", parent, e))?;
        let lock = File::create(&beside).map_err(|e| failed("make", &beside, e))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { dir: path }),
            Err(TryLockError::Error(e)) => Err(failed("lock", &beside, e)),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether nothing was ever written there.
    pub(crate) fn is_empty(&self) -> Result<bool, StoreError> {
        match fs::read_dir(&self.path) {
            Ok(mut entries) => Ok(entries.next().is_none()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(true),
            Err(e) => Err(failed("read", &self.path, e)),
        }
    }

    /// Waits until sled's threads have let go of an earlier store in this process.
    pub(crate) fn wait_until_released(&self) -> Result<(), StoreError> {
        let Ok(db) = File::open(self.path.join("db")) else {
            return Ok(());
        };
        for _ in 0..RELEASE_TRIES {
            match db.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::WouldBlock) => thread::sleep(RELEASE_PAUSE),
                Err(TryLockError::Error(e)) => return Err(failed("lock", &self.path, e)),
            }
        }
        Err(StoreError::InUse { dir: self.path.clone() })
    }

    /// Renames the directory to the next free `<dir>.quarantine-<n>` and forgets the oldest above [`QUARANTINES_MAX`].
    pub(crate) fn set_aside(&self) -> Result<PathBuf, StoreError> {
        let mut earlier = self.quarantines()?;
        let number = earlier.last().map_or(1, |(last, _)| last.saturating_add(1));
        let aside = beside(&self.path, &format!(".quarantine-{number}"));
        fs::rename(&self.path, &aside).map_err(|e| failed("set aside", &self.path, e))?;
        sync_dir(parent(&self.path))?;
        earlier.push((number, aside.clone()));
        let surplus = earlier.len().saturating_sub(QUARANTINES_MAX);
        for (_, old) in &earlier[..surplus] {
            fs::remove_dir_all(old).map_err(|e| failed("remove", old, e))?;
        }
        Ok(aside)
    }

    /// Makes the names of the files in it, and its own, outlive a power cut.
    pub(crate) fn sync_names(&self) -> Result<(), StoreError> {
        sync_dir(&self.path)?;
        sync_dir(parent(&self.path))
    }

    /// Those set aside before, oldest first.
    fn quarantines(&self) -> Result<Vec<(u64, PathBuf)>, StoreError> {
        let prefix = beside(Path::new(self.path.file_name().unwrap_or_default()), ".quarantine-");
        let prefix = prefix.to_string_lossy();
        let parent = parent(&self.path);
        let mut found = Vec::new();
        for entry in fs::read_dir(parent).map_err(|e| failed("read", parent, e))? {
            let entry = entry.map_err(|e| failed("read", parent, e))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let number = name.strip_prefix(prefix.as_ref()).and_then(|n| n.parse().ok());
            found.extend(number.map(|n: u64| (n, entry.path())));
        }
        found.sort();
        Ok(found)
    }
}

/// The one open handle by which `<dir>/db` and the blob files beside it are made durable.
pub(crate) struct Durable {
    db: File,
    db_path: PathBuf,
    blobs: PathBuf,
    /// The highest blob that is durable; sled numbers them upwards.
    synced: i64,
}

impl Durable {
    pub(crate) fn open(dir: &Path) -> Result<Self, StoreError> {
        let db_path = dir.join("db");
        let db = File::open(&db_path).map_err(|e| failed("open", &db_path, e))?;
        Ok(Self {
            db,
            db_path,
            blobs: dir.join("blobs"),
            synced: -1,
        })
    }

    /// fsync, which sled's `flush` leaves out on Linux: what it wrote before outlives a power cut.
    pub(crate) fn sync(&mut self) -> Result<(), StoreError> {
        self.sync_blobs()?;
        self.db.sync_all().map_err(|e| failed("sync", &self.db_path, e))
    }

    /// sled writes a node whose rows exceed 128 KiB in sum to a file of its own, and never syncs it.
    fn sync_blobs(&mut self) -> Result<(), StoreError> {
        let mut newest = self.synced;
        for entry in fs::read_dir(&self.blobs).map_err(|e| failed("read", &self.blobs, e))? {
            let entry = entry.map_err(|e| failed("read", &self.blobs, e))?;
            let Some(number) = entry.file_name().to_str().and_then(|n| n.parse::<i64>().ok()) else {
                continue;
            };
            if self.synced < number {
                sync_file(&entry.path())?;
                newest = newest.max(number);
            }
        }
        if self.synced < newest {
            sync_dir(&self.blobs)?;
            self.synced = newest;
        }
        Ok(())
    }
}

pub(crate) fn failed(doing: &'static str, path: &Path, source: io::Error) -> StoreError {
    StoreError::File {
        doing,
        path: path.to_owned(),
        source,
    }
}

/// Syncs a file that may be gone: sled removes blobs which no row needs.
fn sync_file(path: &Path) -> Result<(), StoreError> {
    match File::open(path).and_then(|file| file.sync_all()) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(failed("sync", path, e)),
        _ => Ok(()),
    }
}

fn sync_dir(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|dir| dir.sync_all())
        .map_err(|e| failed("sync", path, e))
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
