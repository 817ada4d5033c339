//! A log copied into a directory, file by file, each checked against the signed tree before it is written.
//!
//! What lies there is a log itself: any web server can serve it, and whatever reads logs reads it. It only grows. A tile or a
//! bundle is never replaced by other bytes, and the checkpoint comes last, so that everything it speaks of is there before it
//! is. A copy that was cut short is finished by the next one, which fetches only what is missing.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use remote::log::{Address, Batch, LogError, RemoteLog, Verified, entries_path, hashes_path};
use thiserror::Error;
use tlog::checkpoint::CheckpointError;
use tlog::note::{Note, NoteError};
use tlog::policy::{Policy, PolicyError};
use tlog::tiles::{TILE_WIDTH, TileId, TilePath, decode_entries, encode_entries};
use tlog::tree::TreeSize;
use tlog::{Checkpoint, LeafIndex, TreeHead};

use crate::files::{self, FileError};

/// Bundles whose hashes are fetched together.
const PREPARED: u64 = 16;

/// The file that is locked while somebody writes here. Whoever serves the directory need not serve it.
const LOCK: &str = ".copying";

/// A directory that a log is copied into. One process at a time has it.
#[derive(Debug)]
pub struct Mirror {
    dir: PathBuf,
    _lock: File,
}

/// What a copy came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// What the directory had.
    pub before: TreeSize,
    /// What it has now.
    pub checkpoint: Checkpoint,
    /// Bundles written, full and partial ones.
    pub bundles: u64,
    /// Tiles of hashes written, full and partial ones.
    pub tiles: u64,
    /// Whether the checkpoint was written: it may have been cosigned again without growing.
    pub noted: bool,
}

/// Why a log was not copied. What was written before that is right and stays.
#[derive(Debug, Error)]
pub enum MirrorError {
    /// The log cannot be read, or is not what was signed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The system does not let it be written.
    #[error("cannot write {}: {error}", path.display())]
    Disk {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Another process writes there.
    #[error("another process is copying into {}: let it end", .0.display())]
    Busy(PathBuf),
    /// What is there already cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The checkpoint is not one of the log that is trusted.
    #[error("the checkpoint that is offered does not hold: {0}")]
    Untrusted(#[from] PolicyError),
    /// No note at all.
    #[error("the checkpoint that is offered cannot be read: {0}")]
    NotANote(#[from] NoteError),
    /// The directory holds something else.
    #[error("the checkpoint in {} is not of this log ({why}): name another directory", dir.display())]
    OtherLog {
        /// The directory.
        dir: PathBuf,
        /// Why not.
        why: CheckpointError,
    },
    /// Two histories, both signed.
    #[error(
        "the checkpoint of {} entries that is offered contradicts the one of {} entries in {}: the log has shown two histories, both signed; nothing was changed; keep both notes, and show them to others who watch this log",
        offered.size, had.size, dir.display()
    )]
    Fork {
        /// The directory.
        dir: PathBuf,
        /// What it has.
        had: TreeHead,
        /// What was offered.
        offered: TreeHead,
    },
    /// An older checkpoint, consistent with what there is.
    #[error(
        "only {offered} entries are offered, and {had} are there already: whoever offers them is behind; try again later"
    )]
    Behind {
        /// What the directory has.
        had: TreeSize,
        /// What was offered.
        offered: TreeSize,
    },
    /// A file that is not what was signed.
    #[error("{} holds other bytes than the signed log: the disk has damaged it, or somebody; remove it and copy again", .0.display())]
    OtherBytes(PathBuf),
}

/// A copy under way.
struct Copy<'a> {
    mirror: &'a Mirror,
    tree: Verified,
    /// The bundles to copy: the last one that the directory may have in part, to the last one there is.
    bundles: core::ops::Range<u64>,
    before: TreeSize,
    bundles_written: u64,
    tiles_written: u64,
}

impl MirrorError {
    /// Whether the same may succeed later, without anybody doing anything.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Log(error) => error.is_passing(),
            Self::Behind { .. } => true,
            _ => false,
        }
    }
}

impl Mirror {
    /// Makes the directory if there is none, and keeps others from writing into it.
    pub fn open(dir: &Path) -> Result<Self, MirrorError> {
        make_dir(dir)?;
        let path = dir.join(LOCK);
        let lock = File::create(&path).map_err(disk(&path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(MirrorError::Busy(dir.to_owned())),
            Err(TryLockError::Error(error)) => return Err(disk(&path)(error)),
        }
        Ok(Self {
            dir: dir.to_owned(),
            _lock: lock,
        })
    }

    /// What lies in it, as a log.
    pub fn log(&self) -> Result<RemoteLog, LogError> {
        RemoteLog::new(&Address::Directory(self.dir.clone()))
    }

    /// Copies everything that `source` has and the directory has not. `progress` is told how many entries are there, of how many.
    pub async fn copy(
        &self,
        source: &RemoteLog,
        policy: &Policy,
        progress: impl FnMut(TreeSize, TreeSize),
    ) -> Result<Copied, MirrorError> {
        let note = source.checkpoint().await?;
        let offered = policy.check(&Note::parse(&note)?)?.checkpoint;
        let had = self.checkpoint(policy)?;
        let before = had.as_ref().map_or(TreeHead::empty(), |(_, had)| had.head());
        if offered.size < before.size {
            return Err(self.older(before, offered.head()).await?);
        }
        let mut tree = source.verified(offered.head()).await?;
        if tree.head_at(before.size).await? != before {
            return Err(self.fork(before, offered.head()));
        }
        let mut copy = Copy::new(self, tree, before.size);
        copy.run(source, progress).await?;
        let (bundles, tiles) = (copy.bundles_written, copy.tiles_written);
        let noted = had.is_none_or(|(had, _)| had != note);
        if noted {
            let path = self.dir.join("checkpoint");
            service::durable::write(&path, &note).map_err(disk(&path))?;
        }
        Ok(Copied {
            before: before.size,
            checkpoint: offered,
            bundles,
            tiles,
            noted,
        })
    }

    /// The checkpoint that is there, which one of the policy's logs must have signed.
    fn checkpoint(&self, policy: &Policy) -> Result<Option<(Vec<u8>, Checkpoint)>, MirrorError> {
        let path = self.dir.join("checkpoint");
        let note = match files::read(&path, "a checkpoint", tlog::note::NOTE_BYTES_MAX as u64) {
            Ok(note) => note,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let keys = policy.logs().iter().map(|log| &log.vkey);
        let opened = Note::parse(&note)
            .map_err(CheckpointError::from)
            .and_then(|note| Checkpoint::from_note_any(&note, keys));
        let checkpoint = opened.map_err(|why| MirrorError::OtherLog {
            dir: self.dir.clone(),
            why,
        })?;
        Ok(Some((note, checkpoint)))
    }

    /// What is to be said of an older checkpoint: whether it is a beginning of what is here.
    async fn older(&self, had: TreeHead, offered: TreeHead) -> Result<MirrorError, MirrorError> {
        let mut here = self.log()?.verified(had).await?;
        if here.head_at(offered.size).await? != offered {
            return Ok(self.fork(had, offered));
        }
        Ok(MirrorError::Behind {
            had: had.size,
            offered: offered.size,
        })
    }

    fn fork(&self, had: TreeHead, offered: TreeHead) -> MirrorError {
        let dir = self.dir.clone();
        MirrorError::Fork { dir, had, offered }
    }

    /// Writes a tile or bundle; whether it was not there.
    fn put(&self, path: TilePath, bytes: &[u8]) -> Result<bool, MirrorError> {
        let path = self.dir.join(path.to_string());
        match files::read(&path, "a part of a log", bytes.len() as u64) {
            Ok(there) if there == bytes => return Ok(false),
            Ok(_) | Err(FileError::TooLong { .. }) => return Err(MirrorError::OtherBytes(path)),
            Err(error) if error.is_missing() => {}
            Err(error) => return Err(error.into()),
        }
        make_dir(path.parent().expect("it lies below the directory"))?;
        service::durable::write(&path, bytes).map_err(disk(&path))?;
        Ok(true)
    }
}

impl<'a> Copy<'a> {
    fn new(mirror: &'a Mirror, tree: Verified, before: TreeSize) -> Self {
        let width = TILE_WIDTH as u64;
        let bundles = before.get() / width..tree.head().size.get().div_ceil(width);
        Self {
            mirror,
            tree,
            bundles,
            before,
            bundles_written: 0,
            tiles_written: 0,
        }
    }

    async fn run(
        &mut self,
        source: &RemoteLog,
        mut progress: impl FnMut(TreeSize, TreeSize),
    ) -> Result<(), MirrorError> {
        let size = self.tree.head().size;
        if self.before < size {
            self.pass_over().await?;
            let first = LeafIndex::new(self.bundles.start * TILE_WIDTH as u64);
            let mut entries = source.entries(first, size);
            while let Some(batch) = entries.next().await? {
                self.write(&batch).await?;
                progress(TreeSize::new(batch.first.get() + batch.leaves.len() as u64), size);
            }
        }
        // Also where nothing was added: a tree of this size may have been copied by another program, without them.
        for (id, tile) in self.tree.edge() {
            let path = hashes_path(id, size).expect("a partial tile has hashes");
            self.tiles_written += u64::from(self.mirror.put(path, tile)?);
        }
        Ok(())
    }

    /// Goes past the full bundles that an earlier copy has written, which was cut short.
    async fn pass_over(&mut self) -> Result<(), MirrorError> {
        let here = self.mirror.log()?;
        let full = self.tree.head().size.get() / TILE_WIDTH as u64;
        while self.bundles.start < full {
            let n = self.bundles.start;
            self.prepare(n).await?;
            let path = entries_path(n, self.tree.head().size).expect("a full bundle has leaves");
            let at = || self.mirror.dir.join(path.to_string());
            let bundle = match here.tile(path).await {
                Ok(bundle) => bundle,
                Err(LogError::Missing { .. }) => return Ok(()),
                Err(LogError::Malformed { .. } | LogError::TooLong { .. }) => {
                    return Err(MirrorError::OtherBytes(at()));
                }
                Err(error) => return Err(error.into()),
            };
            let leaves = decode_entries(&bundle).expect("its form was checked");
            let batch = Batch {
                first: LeafIndex::new(n * TILE_WIDTH as u64),
                leaves: leaves.into_iter().map(|leaf| bundle.slice_ref(leaf)).collect(),
            };
            match self.tree.check(&batch).await {
                Err(LogError::NotInTree { .. }) => return Err(MirrorError::OtherBytes(at())),
                checked => checked?,
            }
            self.write_tiles(n).await?;
            self.bundles.start += 1;
        }
        Ok(())
    }

    async fn write(&mut self, batch: &Batch) -> Result<(), MirrorError> {
        let n = batch.first.get() / TILE_WIDTH as u64;
        self.prepare(n).await?;
        self.tree.check(batch).await?;
        let path = entries_path(n, self.tree.head().size).expect("it has leaves");
        let leaves = batch.leaves.iter().map(|leaf| &leaf[..]);
        let bundle = encode_entries(leaves).expect("leaves that were read from a bundle fit one");
        self.bundles_written += u64::from(self.mirror.put(path, &bundle)?);
        if batch.leaves.len() == TILE_WIDTH {
            self.write_tiles(n).await?;
        }
        Ok(())
    }

    /// The hashes of a full bundle, and of every tile above that is full with it.
    async fn write_tiles(&mut self, n: u64) -> Result<(), MirrorError> {
        let mut id = TileId { level: 0, n };
        loop {
            let path = hashes_path(id, self.tree.head().size).expect("it is full");
            let tile = self.tree.tile(id).await?.expect("it is full");
            self.tiles_written += u64::from(self.mirror.put(path, &tile)?);
            let (above, place) = (id.n / TILE_WIDTH as u64, id.n % TILE_WIDTH as u64);
            if place + 1 < TILE_WIDTH as u64 {
                return Ok(());
            }
            id = TileId {
                level: id.level + 1,
                n: above,
            };
        }
    }

    async fn prepare(&mut self, n: u64) -> Result<(), LogError> {
        if n == self.bundles.start || n.is_multiple_of(PREPARED) {
            let next = (n / PREPARED + 1) * PREPARED;
            self.tree.prepare(n..next).await?;
        }
        Ok(())
    }
}

/// Makes a directory and those above it, so that a power cut takes none of them away again.
fn make_dir(dir: &Path) -> Result<(), MirrorError> {
    if dir.as_os_str().is_empty() || dir.is_dir() {
        return Ok(());
    }
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    make_dir(parent)?;
    match fs::create_dir(dir) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(disk(dir)(error)),
        _ => {}
    }
    File::open(parent)
        .and_then(|parent| parent.sync_all())
        .map_err(disk(dir))
}

fn disk(path: &Path) -> impl FnOnce(io::Error) -> MirrorError {
    let path = path.to_owned();
    move |error| MirrorError::Disk { path, error }
}
