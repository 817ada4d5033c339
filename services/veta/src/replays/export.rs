//! An export file, read from its beginning to its end.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use replay::export::{HEADER_BYTES_MAX, Header};
use tlog::tiles::first_entry;

use super::course::Given;
use crate::trouble::{Done, Trouble};

/// Read at a time.
const READ_BYTES: u64 = 1 << 20;

/// The entries of an export.
#[derive(Debug)]
pub(super) struct Export {
    path: PathBuf,
    input: BufReader<File>,
    /// What was read and is not given yet.
    rest: Vec<u8>,
}

impl Export {
    /// Opens a file, and reads what stands in front of its entries.
    pub(super) fn open(path: &Path) -> Done<(Self, Header)> {
        let cannot = || format!("cannot read {}", path.display());
        let mut input = BufReader::new(File::open(path).map_err(Trouble::at(cannot()))?);
        let mut start = Vec::new();
        let read = input.by_ref().take(HEADER_BYTES_MAX as u64).read_to_end(&mut start);
        read.map_err(Trouble::at(cannot()))?;
        let (header, length) = Header::parse(&start).map_err(Trouble::at(cannot()))?;
        let rest = start.split_off(length);
        let path = path.to_owned();
        Ok((Self { path, input, rest }, header))
    }

    /// At least as many entries as these, unless the file ends.
    pub(super) fn next(&mut self, count: usize) -> Done<Vec<Given>> {
        let mut given = Vec::new();
        let mut at = 0;
        while given.len() < count {
            if let Some((leaf, after)) = first_entry(&self.rest[at..]) {
                given.push(Given::Leaf(Bytes::copy_from_slice(leaf)));
                at = self.rest.len() - after.len();
                continue;
            }
            self.rest.drain(..at);
            at = 0;
            let read = self.input.by_ref().take(READ_BYTES).read_to_end(&mut self.rest);
            if read.map_err(Trouble::at(format_args!("cannot read {}", self.path.display())))? == 0 {
                break;
            }
        }
        self.rest.drain(..at);
        Ok(given)
    }

    /// Whether the file has ended within an entry.
    pub(super) fn is_cut_short(&self) -> bool {
        !self.rest.is_empty()
    }
}
