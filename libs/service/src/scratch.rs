//! Memory that overflowed onto a disk: gone when the process ends, however it ends.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use tlog::map::{PageSlot, Pages, PagesError};

/// Pages of the verifiable map in a file without a name.
///
/// The file is removed as soon as it is open: nobody finds it again, and its room on the disk is free when it is closed.
/// Nothing is ever synced, since nothing is read by the next process: that rebuilds its map from the stream.
#[derive(Debug)]
pub struct Scratch {
    file: File,
}

impl Scratch {
    /// An empty one, on the disk of this path. What is left there of a process that died while it opened its own is removed.
    pub fn open(path: &Path) -> io::Result<Self> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(path)?;
        fs::remove_file(path)?;
        Ok(Self { file })
    }
}

impl Pages for Scratch {
    fn read(&self, slot: PageSlot, page: &mut [u8]) -> Result<(), PagesError> {
        let why = |error: io::Error| PagesError::Read {
            slot,
            why: error.to_string(),
        };
        self.file.read_exact_at(page, place(slot, page)).map_err(why)
    }

    fn write(&mut self, slot: PageSlot, page: &[u8]) -> Result<(), PagesError> {
        let why = |error: io::Error| PagesError::Write {
            slot,
            why: error.to_string(),
        };
        self.file.write_all_at(page, place(slot, page)).map_err(why)
    }
}

fn place(slot: PageSlot, page: &[u8]) -> u64 {
    u64::from(slot.get()) * page.len() as u64
}

#[cfg(test)]
mod tests {
    use tlog::map::{Map, MapHead, MapKey, PageLimits};
    use tlog::{Hash, LeafIndex};

    use super::*;

    /// Few pages stay in memory, so that most heads are written to the file and read again.
    fn on(path: &Path) -> Map {
        let scratch = Scratch::open(path).unwrap();
        Map::with_limits(Box::new(scratch), PageLimits::new(4, 8))
    }

    fn heads() -> Vec<(MapKey, MapHead)> {
        let head = |at: u64| MapHead::EMPTY.next(LeafIndex::new(at), &Hash::ZERO);
        let key = |head: &MapHead| MapKey::from_bytes(*head.chain.as_bytes());
        (0..500).map(head).map(|head| (key(&head), head)).collect()
    }

    #[test]
    fn a_map_on_a_file_is_the_map() {
        let (dir, heads) = (tempfile::tempdir().unwrap(), heads());
        let path = dir.path().join("map");
        fs::write(&path, "what another process left").unwrap();
        let (mut map, mut whole) = (on(&path), Map::in_memory());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "it has no name");
        let mut other = on(&path);
        for batch in heads.chunks(7) {
            map.set(batch).unwrap();
            whole.set(batch).unwrap();
            other.set(&batch[..1]).unwrap();
            assert_eq!(map.root(), whole.root());
        }
        assert_eq!((map.len(), other.len()), (500, 72), "each has its own file");
        for (key, head) in &heads {
            assert_eq!(map.prove(key), whole.prove(key));
            assert_eq!(map.head(key), Ok(Some(*head)));
        }
    }

    #[test]
    fn a_file_that_cannot_be_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Scratch::open(&dir.path().join("missing").join("map")).is_err());
        fs::create_dir(dir.path().join("map")).unwrap();
        assert!(Scratch::open(&dir.path().join("map")).is_err());
    }
}
