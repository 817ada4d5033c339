//! What is kept of one log: the note that was cosigned last, and evidence. Knows files, and nothing of requests.
//!
//! ```text
//! <dir>/<hex SHA-256 of the origin>/checkpoint            the log's lines and the witness' own
//! <dir>/<hex SHA-256 of the origin>/evidence/<kind>-….json
//! ```

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use service::durable;
use thiserror::Error;
use tlog::checkpoint::CheckpointError;
use tlog::cosignature::{CosignTime, CosignerVkey};
use tlog::note::{NOTE_BYTES_MAX, Note, NoteError, Vkey};
use tlog::tree::leaf_hash;
use tlog::witness::origin_hash;
use tlog::{Checkpoint, Origin};

use crate::evidence::{EVIDENCE_BYTES_MAX, EVIDENCE_MAX, Evidence, Kind};

/// The files of one log. Whoever writes has the log's lock.
#[derive(Debug)]
pub(crate) struct Store {
    dir: PathBuf,
    origin: Origin,
    vkeys: Vec<Vkey>,
    own: CosignerVkey,
}

/// The checkpoint that was cosigned last.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) checkpoint: Checkpoint,
    /// With the log's lines and the witness' own.
    pub(crate) note: Note,
    /// When it was cosigned, if with the key that the witness has now.
    pub(crate) time: Option<CosignTime>,
}

/// Why what is kept cannot be read or written. Nothing is cosigned for the log then.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file system.
    #[error("{}: {error}; make sure that the disk works and has room", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What happened.
        error: io::Error,
    },
    /// The checkpoint that was cosigned last cannot be read.
    #[error(
        "{} is not what this witness wrote: {error}; put it back from a copy that is as new, or begin anew with another key and another directory",
        path.display()
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        error: CheckpointError,
    },
    /// Nobody that is known signed it.
    #[error(
        "{} is signed neither with the witness' own key nor with a key of the log: was its key or the log's replaced? Name the old key of the log, too, until the next checkpoint is cosigned",
        .0.display()
    )]
    Unvouched(PathBuf),
}

impl Store {
    pub(crate) fn open(dir: &Path, origin: &Origin, vkeys: Vec<Vkey>, own: CosignerVkey) -> Result<Self, StoreError> {
        let store = Self {
            dir: dir.join(origin_hash(origin)),
            origin: origin.clone(),
            vkeys,
            own,
        };
        for dir in [store.dir.clone(), store.evidence_dir()] {
            durable::create_dir(&dir).map_err(failed(&dir))?;
        }
        Ok(store)
    }

    /// The keys that are trusted for the log.
    pub(crate) fn vkeys(&self) -> &[Vkey] {
        &self.vkeys
    }

    /// Where a replay of the log may put what does not fit into memory.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.dir.join("map.scratch")
    }

    /// What was cosigned last; `None` if nothing ever was.
    pub(crate) fn read(&self) -> Result<Option<Kept>, StoreError> {
        let path = self.checkpoint_path();
        let Some(bytes) = read_file(&path, NOTE_BYTES_MAX)? else {
            return Ok(None);
        };
        let damaged = |error| StoreError::Damaged {
            path: path.clone(),
            error,
        };
        let note = Note::parse(&bytes).map_err(|error| damaged(error.into()))?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(damaged)?;
        if checkpoint.origin != self.origin {
            return Err(damaged(CheckpointError::OtherOrigin));
        }
        let time = match note.cosigned(&self.own) {
            Ok(time) => Some(time),
            Err(NoteError::NotSigned) if note.verify_any(&self.vkeys).is_ok() => None,
            Err(NoteError::NotSigned) => return Err(StoreError::Unvouched(path)),
            Err(error) => return Err(damaged(error.into())),
        };
        Ok(Some(Kept { checkpoint, note, time }))
    }

    /// Keeps a note durably in place of the one before. After an error it may be there or not: it is read again before the
    /// next decision.
    pub(crate) fn replace(&self, note: &str) -> Result<(), StoreError> {
        let path = self.checkpoint_path();
        durable::write(&path, note.as_bytes()).map_err(failed(&path))
    }

    /// Keeps evidence durably; says whether it is new. Of too much, what proves least makes room or is passed over.
    pub(crate) fn keep_evidence(&self, evidence: &Evidence) -> Result<bool, StoreError> {
        let name = hex::encode(leaf_hash(evidence.refused.as_bytes()).as_bytes());
        let path = self
            .evidence_dir()
            .join(format!("{}-{name}.json", evidence.kind.name()));
        let kept = self.evidence_files()?;
        if kept.contains(&path) {
            return Ok(false);
        }
        if EVIDENCE_MAX <= kept.len() {
            let weak = |path: &&PathBuf| Kind::NotShownConsistent.is_of(path);
            let Some(weak) = kept
                .iter()
                .find(weak)
                .filter(|_| evidence.kind != Kind::NotShownConsistent)
            else {
                return Ok(false);
            };
            fs::remove_file(weak).map_err(failed(weak))?;
        }
        durable::write(&path, evidence.to_json().as_bytes()).map_err(failed(&path))?;
        Ok(true)
    }

    /// Every piece of evidence, as it was written.
    pub(crate) fn evidence(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let files = self.evidence_files()?;
        let read = files.iter().map(|path| read_file(path, EVIDENCE_BYTES_MAX));
        Ok(read.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    fn evidence_files(&self) -> Result<Vec<PathBuf>, StoreError> {
        let dir = self.evidence_dir();
        let mut files = Vec::new();
        for file in fs::read_dir(&dir).map_err(failed(&dir))? {
            let path = file.map_err(failed(&dir))?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    fn checkpoint_path(&self) -> PathBuf {
        self.dir.join("checkpoint")
    }

    fn evidence_dir(&self) -> PathBuf {
        self.dir.join("evidence")
    }
}

fn read_file(path: &Path, bytes_max: usize) -> Result<Option<Vec<u8>>, StoreError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(bytes_max as u64 + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path)(error)),
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> StoreError {
    let path = path.to_owned();
    move |error| StoreError::File {
        path: path.clone(),
        error,
    }
}
