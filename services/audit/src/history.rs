//! The checkpoints that were published: the last one in a file of its own, all of them in a file that only grows.
//!
//! `checkpoint` holds the note published last, with its freshest cosignatures. `checkpoints` holds, for every size at which a
//! checkpoint was published, the first note and, where that was cosigned again before the next size, the freshest. Each stands
//! behind its length, four bytes, big-endian. The history is written first: a tail of it that was cut off by a crash was published
//! to nobody and is removed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use service::durable;
use thiserror::Error;
use tlog::checkpoint::CheckpointError;
use tlog::note::{NOTE_BYTES_MAX, Note, Vkey};
use tlog::{Checkpoint, LeafIndex, Origin, TreeSize};

use crate::error::LogError;
use crate::seam::{Point, Seam};

/// Bytes before a note.
const LENGTH_BYTES: u64 = 4;

/// Why what was published is not known.
#[derive(Debug, Error)]
pub enum HistoryError {
    /// A file.
    #[error("the file {} of published checkpoints: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What happened.
        error: io::Error,
    },
    /// What stands there is no checkpoint of this log.
    #[error(
        "what the file {} holds at byte {at} is not a checkpoint that this log signed: {error}. Restore the file, or move it away: what it held is then not answered any more",
        path.display()
    )]
    NotOurs {
        /// Which.
        path: PathBuf,
        /// Where.
        at: u64,
        /// What is wrong with it.
        error: CheckpointError,
    },
    /// Another log's.
    #[error("the file {} holds a checkpoint of the log {found}: name another directory", path.display())]
    OtherOrigin {
        /// Which.
        path: PathBuf,
        /// Which log.
        found: Origin,
    },
    /// Sizes that do not grow.
    #[error("the file {} is not in order at byte {at}: restore it, or move it away", path.display())]
    NotInOrder {
        /// Which.
        path: PathBuf,
        /// Where.
        at: u64,
    },
}

/// Where the notes of one size stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    size: TreeSize,
    first: u64,
    freshest: u64,
}

/// A note that was published, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) checkpoint: Checkpoint,
    pub(crate) note: String,
}

/// The two checkpoints between which a leaf came into the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bracket {
    /// The last one without it, as it was cosigned last.
    pub(crate) excluding: Option<String>,
    /// The first one with it.
    pub(crate) including: String,
}

/// The notes of one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OfSize {
    pub(crate) size: TreeSize,
    pub(crate) first: String,
    pub(crate) freshest: Option<String>,
}

/// What was published. In memory: 24 bytes for every size.
#[derive(Debug)]
pub(crate) struct History {
    latest_path: PathBuf,
    path: PathBuf,
    file: File,
    end: u64,
    places: Vec<Place>,
    latest: Option<Kept>,
    /// Whether `latest` was cosigned since it was put into the history.
    is_fresher: bool,
}

impl History {
    /// Opens both files in `dir`, and makes them agree: the later one counts. Signatures are verified of the last note only.
    pub(crate) fn open(dir: &Path, origin: &Origin, vkeys: &[Vkey]) -> Result<Self, HistoryError> {
        let (latest_path, path) = (dir.join("checkpoint"), dir.join("checkpoints"));
        let at = |error| HistoryError::File {
            path: path.clone(),
            error,
        };
        fs::create_dir_all(dir).map_err(at)?;
        let mut options = OpenOptions::new();
        let file = options.read(true).append(true).create(true).open(&path).map_err(at)?;
        let mut history = Self {
            latest_path,
            path: path.clone(),
            file,
            end: 0,
            places: Vec::new(),
            latest: None,
            is_fresher: false,
        };
        history.read_places(origin)?;
        history.read_latest(vkeys)?;
        Ok(history)
    }

    /// The note published last.
    pub(crate) const fn latest(&self) -> Option<&Kept> {
        self.latest.as_ref()
    }

    /// Keeps the first note of a larger size, durably, and before it the freshest of the size before.
    pub(crate) fn publish<S: Seam>(&mut self, kept: Kept, seam: &S) -> Result<(), LogError> {
        let fresher = self.latest.take().filter(|_| self.is_fresher);
        self.append(fresher.iter().chain([&kept]))?;
        seam.reach(Point::InHistory)?;
        self.keep_latest(&kept)?;
        (self.latest, self.is_fresher) = (Some(kept), false);
        Ok(seam.reach(Point::Kept)?)
    }

    /// Keeps the note published last with later cosignatures.
    pub(crate) fn refresh(&mut self, kept: Kept) -> Result<(), HistoryError> {
        self.keep_latest(&kept)?;
        (self.latest, self.is_fresher) = (Some(kept), true);
        Ok(())
    }

    /// Between which checkpoints a leaf came; `None` where none has it.
    pub(crate) fn bracket(&self, leaf: LeafIndex) -> Result<Option<Bracket>, HistoryError> {
        let next = self.places.partition_point(|place| place.size.get() <= leaf.get());
        let Some(including) = self.places.get(next) else {
            return Ok(None);
        };
        let excluding = next.checked_sub(1).map(|last| self.note_at(self.places[last].freshest));
        Ok(Some(Bracket {
            excluding: excluding.transpose()?,
            including: self.note_at(including.first)?,
        }))
    }

    /// The notes of the last size of at most so many leaves; `None` before the first.
    pub(crate) fn before(&self, most: TreeSize) -> Result<Option<OfSize>, HistoryError> {
        let next = self.places.partition_point(|place| place.size <= most);
        next.checked_sub(1)
            .map(|last| self.of_size(self.places[last]))
            .transpose()
    }

    /// The notes of the first size from `start` on; `None` beyond the last.
    pub(crate) fn from(&self, start: TreeSize) -> Result<Option<OfSize>, HistoryError> {
        let at = self.places.partition_point(|place| place.size < start);
        self.places.get(at).map(|place| self.of_size(*place)).transpose()
    }

    fn of_size(&self, place: Place) -> Result<OfSize, HistoryError> {
        let freshest = (place.freshest != place.first).then(|| self.note_at(place.freshest));
        Ok(OfSize {
            size: place.size,
            first: self.note_at(place.first)?,
            freshest: freshest.transpose()?,
        })
    }

    fn read_places(&mut self, origin: &Origin) -> Result<(), HistoryError> {
        let mut file = BufReader::new(&self.file);
        let mut places = Vec::new();
        let mut at = 0;
        loop {
            let bytes = read_record(&mut file).map_err(|error| self.at_file(error))?;
            let Some(bytes) = bytes else { break };
            let checkpoint = checkpoint_of(&bytes).map_err(|error| self.not_ours(at, error))?;
            self.check_origin(&checkpoint, origin)?;
            note_place(&mut places, checkpoint.size, at).ok_or_else(|| HistoryError::NotInOrder {
                path: self.path.clone(),
                at,
            })?;
            at += LENGTH_BYTES + bytes.len() as u64;
        }
        (self.places, self.end) = (places, at);
        Ok(())
    }

    fn cut_tail(&mut self) -> io::Result<()> {
        if self.file.seek(SeekFrom::End(0))? == self.end {
            return Ok(());
        }
        tracing::warn!(file = %self.path.display(), history.bytes = self.end, "A checkpoint that was not written to its end is removed from {}", self.path.display());
        self.file.set_len(self.end)?;
        self.file.sync_all()
    }

    /// The note in its own file, or the last of the history where that is of a larger tree: then the file was not written.
    fn read_latest(&mut self, vkeys: &[Vkey]) -> Result<(), HistoryError> {
        let in_file = match fs::read(&self.latest_path) {
            Ok(bytes) => Some(verified(&bytes, vkeys).map_err(|error| HistoryError::NotOurs {
                path: self.latest_path.clone(),
                at: 0,
                error,
            })?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(self.at_latest(error)),
        };
        let last = self.places.last().copied();
        let in_history = match last {
            Some(last) => {
                let note = self.note_at(last.freshest)?;
                let kept = verified(note.as_bytes(), vkeys).map_err(|error| self.not_ours(last.freshest, error))?;
                Some(kept)
            }
            None => None,
        };
        let size = |kept: &Option<Kept>| kept.as_ref().map(|kept| kept.checkpoint.size);
        // The history is written first. Where it is behind, it has lost what was durable, unless somebody moved it away.
        let length = self.file.metadata().map_err(|error| self.at_file(error))?.len();
        if 0 < length && size(&in_history) < size(&in_file) {
            let (path, at) = (self.path.clone(), self.end);
            return Err(HistoryError::NotInOrder { path, at });
        }
        self.cut_tail().map_err(|error| self.at_file(error))?;
        if size(&in_file) < size(&in_history) {
            let kept = in_history.expect("it is larger than something");
            self.keep_latest(&kept)?;
            self.latest = Some(kept);
            return Ok(());
        }
        if size(&in_history) < size(&in_file) {
            self.append(&in_file)?;
        } else {
            self.is_fresher = in_file != in_history;
        }
        self.latest = in_file;
        Ok(())
    }

    fn append<'a>(&mut self, notes: impl IntoIterator<Item = &'a Kept>) -> Result<(), HistoryError> {
        let mut bytes = Vec::new();
        for Kept { checkpoint, note } in notes {
            let length = u32::try_from(note.len()).expect("a note has a million bytes at most");
            let at = self.end + bytes.len() as u64;
            note_place(&mut self.places, checkpoint.size, at).expect("a log only grows");
            bytes.extend(length.to_be_bytes());
            bytes.extend(note.as_bytes());
        }
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        written.map_err(|error| self.at_file(error))?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    fn keep_latest(&self, kept: &Kept) -> Result<(), HistoryError> {
        durable::write(&self.latest_path, kept.note.as_bytes()).map_err(|error| self.at_latest(error))
    }

    fn note_at(&self, at: u64) -> Result<String, HistoryError> {
        let mut length = [0; 4];
        let mut read = || {
            self.file.read_exact_at(&mut length, at)?;
            let mut bytes = vec![0; NOTE_BYTES_MAX.min(u32::from_be_bytes(length) as usize)];
            self.file.read_exact_at(&mut bytes, at + LENGTH_BYTES)?;
            String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
        };
        read().map_err(|error| self.at_file(error))
    }

    fn check_origin(&self, checkpoint: &Checkpoint, ours: &Origin) -> Result<(), HistoryError> {
        if checkpoint.origin == *ours {
            return Ok(());
        }
        Err(HistoryError::OtherOrigin {
            path: self.path.clone(),
            found: checkpoint.origin.clone(),
        })
    }

    fn at_file(&self, error: io::Error) -> HistoryError {
        let path = self.path.clone();
        HistoryError::File { path, error }
    }

    fn at_latest(&self, error: io::Error) -> HistoryError {
        let path = self.latest_path.clone();
        HistoryError::File { path, error }
    }

    fn not_ours(&self, at: u64, error: CheckpointError) -> HistoryError {
        let path = self.path.clone();
        HistoryError::NotOurs { path, at, error }
    }
}

/// The next note; `None` at the end, and at a tail that is not whole: one that is cut off, or the zeros that some file systems
/// leave after a power cut.
fn read_record(file: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    file.take(LENGTH_BYTES).read_to_end(&mut bytes)?;
    let Ok(length) = <[u8; 4]>::try_from(bytes.as_slice()) else {
        return Ok(None);
    };
    let length = u32::from_be_bytes(length);
    if length == 0 || NOTE_BYTES_MAX < length as usize {
        return Ok(None);
    }
    let mut note = Vec::new();
    file.take(length.into()).read_to_end(&mut note)?;
    Ok((note.len() == length as usize).then_some(note))
}

/// Notes where a note of this size stands; `None` where it is smaller than the last.
fn note_place(places: &mut Vec<Place>, size: TreeSize, at: u64) -> Option<()> {
    match places.last_mut() {
        Some(last) if size < last.size => return None,
        Some(last) if size == last.size => last.freshest = at,
        _ => places.push(Place {
            size,
            first: at,
            freshest: at,
        }),
    }
    Some(())
}

fn checkpoint_of(note: &[u8]) -> Result<Checkpoint, CheckpointError> {
    Checkpoint::parse(Note::parse(note)?.text())
}

fn verified(note: &[u8], vkeys: &[Vkey]) -> Result<Kept, CheckpointError> {
    let checkpoint = Checkpoint::from_note_any(&Note::parse(note)?, vkeys)?;
    let note = String::from_utf8(note.to_vec()).expect("a note is text");
    Ok(Kept { checkpoint, note })
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use tlog::TreeHead;
    use tlog::tree::leaf_hash;

    use super::*;
    use crate::seam::NoSeam;
    use crate::signers::Signers;

    fn signers() -> Signers {
        let origin = Origin::new("veta.test/log").unwrap();
        Signers::new(origin, SigningKey::from_bytes(&[3; 32]), Vec::new()).unwrap()
    }

    fn open(dir: &Path) -> Result<History, HistoryError> {
        let signers = signers();
        History::open(dir, signers.origin(), &signers.vkeys())
    }

    /// A note, and with `again` one of the same text that looks fresher.
    fn kept(size: u64, again: bool) -> Kept {
        let (size, root) = (TreeSize::new(size), leaf_hash(b"any"));
        let mut note = signers().sign(TreeHead { size, root }).unwrap();
        if again {
            let other = SigningKey::from_bytes(&[4; 32]);
            let other = tlog::note::NoteSigner::new(signers().origin().key_name().clone(), other);
            note.sign(&other.unwrap()).unwrap();
        }
        Kept {
            checkpoint: Checkpoint::parse(note.text()).unwrap(),
            note: note.encode().unwrap(),
        }
    }

    /// 3, cosigned again, 7, and 9.
    fn history(dir: &Path) -> History {
        let mut history = open(dir).unwrap();
        history.publish(kept(3, false), &NoSeam).unwrap();
        history.refresh(kept(3, true)).unwrap();
        history.publish(kept(7, false), &NoSeam).unwrap();
        history.publish(kept(9, false), &NoSeam).unwrap();
        history
    }

    #[track_caller]
    fn check_whole(history: &History) {
        let bracket = |leaf| history.bracket(LeafIndex::new(leaf)).unwrap();
        let between = |excluding: Option<Kept>, including: Kept| {
            Some(Bracket {
                excluding: excluding.map(|kept| kept.note),
                including: including.note,
            })
        };
        assert_eq!(bracket(2), between(None, kept(3, false)));
        assert_eq!(bracket(3), between(Some(kept(3, true)), kept(7, false)));
        assert_eq!(bracket(6), between(Some(kept(3, true)), kept(7, false)));
        assert_eq!(bracket(8), between(Some(kept(7, false)), kept(9, false)));
        assert_eq!(bracket(9), None);
        let before = |most| history.before(TreeSize::new(most)).unwrap();
        let from = |size| history.from(TreeSize::new(size)).unwrap();
        let of_size = |size, freshest: Option<Kept>| {
            Some(OfSize {
                size: TreeSize::new(size),
                first: kept(size, false).note,
                freshest: freshest.map(|kept| kept.note),
            })
        };
        assert_eq!(before(2), None);
        assert_eq!(before(6), of_size(3, Some(kept(3, true))));
        assert_eq!(before(8), of_size(7, None));
        assert_eq!(from(0), of_size(3, Some(kept(3, true))));
        assert_eq!(from(4), of_size(7, None));
        assert_eq!(from(10), None);
        assert_eq!(history.latest(), Some(&kept(9, false)));
    }

    #[test]
    fn what_was_published_is_known_after_a_start() {
        let dir = tempfile::tempdir().unwrap();
        check_whole(&history(dir.path()));
        check_whole(&open(dir.path()).unwrap());
    }

    /// Whatever a crash leaves of the last note, it was published to nobody; zeros are what some file systems leave.
    #[test]
    fn a_tail_that_is_not_whole_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        drop(history(dir.path()));
        let path = dir.path().join("checkpoints");
        let whole = fs::read(&path).unwrap();
        let next = kept(12, false).note;
        let next = [&u32::try_from(next.len()).unwrap().to_be_bytes()[..], next.as_bytes()].concat();
        for cut in 0..next.len() {
            fs::write(&path, [&whole[..], &next[..cut]].concat()).unwrap();
            check_whole(&open(dir.path()).unwrap());
            assert_eq!(fs::read(&path).unwrap(), whole, "{cut}");
        }
        fs::write(&path, [&whole[..], &[0; 512]].concat()).unwrap();
        check_whole(&open(dir.path()).unwrap());
        // Written whole, it counts, though its own file was not written.
        fs::write(&path, [&whole[..], &next[..]].concat()).unwrap();
        assert_eq!(open(dir.path()).unwrap().latest(), Some(&kept(12, false)));
        assert_eq!(
            fs::read(dir.path().join("checkpoint")).unwrap(),
            kept(12, false).note.as_bytes()
        );
    }

    #[test]
    fn what_was_lost_or_changed_is_said() {
        let dir = tempfile::tempdir().unwrap();
        drop(history(dir.path()));
        let (path, latest) = (dir.path().join("checkpoints"), dir.path().join("checkpoint"));
        let (whole, last) = (fs::read(&path).unwrap(), fs::read(&latest).unwrap());
        let first = 4 + kept(3, false).note.len();
        let mut changed = whole.clone();
        changed[first + 20] = b'\n';
        let mut longer = whole.clone();
        longer[1] = 1;
        let swapped = [&whole[first..], &whole[..first]].concat();
        for (history, why) in [
            (changed, "is not a checkpoint"),
            (longer, "is not in order"),
            (whole[..whole.len() - 1].to_vec(), "is not in order"),
            (swapped, "is not in order"),
        ] {
            fs::write(&path, history).unwrap();
            let error = open(dir.path()).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        fs::write(&path, &whole).unwrap();
        fs::write(&latest, kept(9, false).note.replace("veta.test", "veta.best")).unwrap();
        let error = open(dir.path()).unwrap_err().to_string();
        assert!(error.contains("is not a checkpoint that this log signed"), "{error}");
        // Moved away, it begins again with what was published last.
        fs::write(&latest, last).unwrap();
        fs::remove_file(&path).unwrap();
        let history = open(dir.path()).unwrap();
        assert_eq!(history.latest(), Some(&kept(9, false)));
        assert_eq!(history.bracket(LeafIndex::new(8)).unwrap().unwrap().excluding, None);
        let other = Origin::new("veta.test/other").unwrap();
        let error = History::open(dir.path(), &other, &signers().vkeys()).unwrap_err();
        assert!(matches!(error, HistoryError::OtherOrigin { .. }), "{error}");
    }
}
