//! What is known of a watched log from one look to the next, and over a power cut.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use event::Timestamp;
use serde::{Deserialize, Serialize};
use service::durable;
use sha2::{Digest, Sha256};
use thiserror::Error;
use tlog::checkpoint::CheckpointError;
use tlog::note::{NOTE_BYTES_MAX, Note};
use tlog::tree::{TreeHead, TreeSize};
use tlog::{Checkpoint, Origin};

use crate::files;
use crate::trouble::{Done, Trouble};

/// Pairs of notes that are kept. One is enough to prove what it proves.
const EVIDENCE_MAX: usize = 16;

/// The longest file: a note in JSON, where each byte may be escaped to six, and little else.
const FILE_BYTES_MAX: u64 = 6 * NOTE_BYTES_MAX as u64 + 4_096;

/// The file and the directory of evidence. One process at a time has it.
#[derive(Debug)]
pub(super) struct Memory {
    dir: PathBuf,
    seen: Option<Seen>,
    _lock: File,
}

/// What was seen last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seen {
    /// The checkpoint, verbatim.
    pub(super) note: String,
    /// Entries that were looked at.
    pub(super) read: u64,
    /// When another checkpoint than the one before was seen first, in milliseconds since 1970, by this machine's clock.
    pub(super) changed_at_unix_ms: i64,
}

/// Why a file is not what a monitor noted.
#[derive(Debug, Error)]
pub(super) enum SeenError {
    /// Not the form.
    #[error(transparent)]
    Form(#[from] serde_json::Error),
    /// No checkpoint.
    #[error("its checkpoint cannot be read: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// More was looked at than there was.
    #[error("{read} entries are said to be looked at, of {size}")]
    ReadTooFar {
        /// What it says was looked at.
        read: u64,
        /// What there was.
        size: TreeSize,
    },
}

impl Seen {
    /// What a monitor noted: nothing that would have it pass over entries.
    pub(super) fn parse(text: &[u8]) -> Result<Self, SeenError> {
        let seen: Self = serde_json::from_slice(text)?;
        let (read, size) = (seen.read, checkpoint(&seen.note)?.size);
        if size.get() < read {
            return Err(SeenError::ReadTooFar { read, size });
        }
        Ok(seen)
    }

    /// As it is noted.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("our own values have a JSON form")
    }

    /// The tree that was seen. Its signature was verified when it was noted.
    pub(super) fn checkpoint(&self) -> Checkpoint {
        checkpoint(&self.note).expect("it was read when it was noted")
    }

    pub(super) fn changed_at(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.changed_at_unix_ms)
    }
}

impl Memory {
    /// Opens the directory; makes it if there is none.
    pub(super) fn open(dir: &Path) -> Done<Self> {
        let cannot = || format!("cannot use {}", dir.display());
        fs::create_dir_all(dir).map_err(Trouble::at(cannot()))?;
        let lock = File::create(dir.join(".watching")).map_err(Trouble::at(cannot()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let words = format_args!("another process watches with {}: name another directory", dir.display());
                return Err(Trouble::failed(words));
            }
            Err(TryLockError::Error(error)) => return Err(Trouble::at(cannot())(error)),
        }
        let seen = match files::read(&dir.join("seen.json"), "what a monitor noted", FILE_BYTES_MAX) {
            Ok(text) => Some(Seen::parse(&text).map_err(Trouble::at(format_args!(
                "{} is damaged: keep it aside and watch anew",
                dir.join("seen.json").display()
            )))?),
            Err(error) if error.is_missing() => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Self {
            dir: dir.to_owned(),
            seen,
            _lock: lock,
        })
    }

    /// What was seen last of the log with this name.
    pub(super) fn seen(&self, origin: &Origin) -> Done<Option<(&Seen, TreeHead)>> {
        let Some(seen) = &self.seen else { return Ok(None) };
        let checkpoint = seen.checkpoint();
        if checkpoint.origin != *origin {
            return Err(Trouble::usage(format_args!(
                "{} is about {}, not {origin}: name another directory",
                self.dir.display(),
                checkpoint.origin
            )));
        }
        Ok(Some((seen, checkpoint.head())))
    }

    /// What was seen last, of whichever log.
    pub(super) const fn last(&self) -> Option<&Seen> {
        self.seen.as_ref()
    }

    /// Notes what is seen now.
    pub(super) fn note(&mut self, seen: Seen) -> Done {
        if self.seen.as_ref() == Some(&seen) {
            return Ok(());
        }
        let path = self.dir.join("seen.json");
        durable::write(&path, &seen.to_bytes())
            .map_err(Trouble::at(format_args!("cannot write {}", path.display())))?;
        self.seen = Some(seen);
        Ok(())
    }

    /// Notes that as many entries were looked at.
    pub(super) fn read_to(&mut self, read: TreeSize) -> Done {
        let Some(seen) = self.seen.clone() else { return Ok(()) };
        self.note(Seen {
            read: read.get(),
            ..seen
        })
    }

    /// Keeps two notes that should not both be, verbatim; the same two once.
    pub(super) fn keep(&self, offered: &[u8]) -> Done<PathBuf> {
        let known = self.seen.as_ref().map(|seen| seen.note.as_bytes()).unwrap_or_default();
        let digest = Sha256::new().chain_update(known).chain_update(offered).finalize();
        let evidence = self.dir.join("evidence");
        let dir = evidence.join(HEXLOWER.encode(&digest));
        let cannot = || format!("cannot write {}", dir.display());
        fs::create_dir_all(&evidence).map_err(Trouble::at(cannot()))?;
        let pairs = fs::read_dir(&evidence).map_err(Trouble::at(cannot()))?.count();
        if EVIDENCE_MAX <= pairs && !dir.exists() {
            return Ok(evidence);
        }
        fs::create_dir_all(&dir).map_err(Trouble::at(cannot()))?;
        for (name, note) in [("known.note", known), ("offered.note", offered)] {
            durable::write(&dir.join(name), note).map_err(Trouble::at(cannot()))?;
        }
        for dir in [&evidence, &self.dir] {
            File::open(dir)
                .and_then(|dir| dir.sync_all())
                .map_err(Trouble::at(cannot()))?;
        }
        Ok(dir)
    }
}

fn checkpoint(note: &str) -> Result<Checkpoint, CheckpointError> {
    Checkpoint::parse(Note::parse(note.as_bytes())?.text())
}
