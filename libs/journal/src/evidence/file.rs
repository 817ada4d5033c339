//! A file on its way in or out, hashed while it comes.

use bytes::Bytes;
use event::key::Digest;
use event::request::EVIDENCE_BYTES_MAX;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::MediaType;

/// A whole file that is what its digest says. Made by [`Receiving::finish`] alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceFile {
    digest: Digest,
    bytes: Bytes,
}

impl EvidenceFile {
    /// What it is named by.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// All of it.
    #[must_use]
    pub const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Its length in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// What kind of file it is, by its content; `None` if it is none of those that are kept.
    #[must_use]
    pub fn media_type(&self) -> Option<MediaType> {
        MediaType::of(&self.bytes)
    }
}

/// A file on its way: so many bytes of it have come.
#[derive(Debug)]
pub struct Receiving {
    digest: Digest,
    size: u64,
    hash: Sha256,
    bytes: Vec<u8>,
}

impl Receiving {
    /// Before the first byte of a file that is said to have this digest and this length.
    pub fn begin(digest: Digest, size: u64) -> Result<Self, FileError> {
        if size == 0 {
            return Err(FileError::Empty);
        }
        if EVIDENCE_BYTES_MAX < size {
            return Err(FileError::TooLarge { size });
        }
        Ok(Self {
            digest,
            size,
            hash: Sha256::new(),
            bytes: Vec::new(),
        })
    }

    /// Takes the next part. Room is made for what has come, never for what is said to come.
    pub fn take(&mut self, part: &[u8]) -> Result<(), FileError> {
        if self.left() < part.len() as u64 {
            return Err(FileError::LongerThanSaid { said: self.size });
        }
        self.hash.update(part);
        // Twice as much as has come, so that few parts are moved, and never more than was said.
        let come = self.bytes.len();
        let said = usize::try_from(self.size).unwrap_or(usize::MAX);
        let room = (2 * come).max(come + part.len()).min(said);
        self.bytes.reserve_exact(room - come);
        self.bytes.extend_from_slice(part);
        Ok(())
    }

    /// How many bytes are still to come.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.size - self.bytes.len() as u64
    }

    /// The file, if all of it has come and is what its digest says.
    pub fn finish(self) -> Result<EvidenceFile, FileError> {
        if self.left() != 0 {
            return Err(FileError::Truncated {
                said: self.size,
                found: self.bytes.len() as u64,
            });
        }
        let found = Digest::from_bytes(self.hash.finalize().into());
        if found != self.digest {
            return Err(FileError::WrongDigest {
                said: self.digest,
                found,
            });
        }
        Ok(EvidenceFile {
            digest: self.digest,
            bytes: self.bytes.into(),
        })
    }
}

/// Why bytes are not the file they are said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FileError {
    /// Nothing.
    #[error("the file is empty: there is nothing to keep")]
    Empty,
    /// More than is kept of any file.
    #[error("the file has {size} bytes, and at most {EVIDENCE_BYTES_MAX} are kept: make it smaller")]
    TooLarge {
        /// How many it has.
        size: u64,
    },
    /// More came than was said.
    #[error("more than the {said} bytes that were said: name the file as it is")]
    LongerThanSaid {
        /// How many were said.
        said: u64,
    },
    /// Less came than was said.
    #[error("only {found} of {said} bytes: send the file again, whole")]
    Truncated {
        /// How many were said.
        said: u64,
        /// How many there are.
        found: u64,
    },
    /// As many as were said, but others.
    #[error("the digest of these bytes is {found}, not {said}: this is another file, or it was altered on the way")]
    WrongDigest {
        /// What was said.
        said: Digest,
        /// What it is.
        found: Digest,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"forty men, two pumps\n";

    fn digest() -> Digest {
        Digest::of(FILE)
    }

    /// Receives `parts` as a file of `size` bytes.
    #[track_caller]
    fn check(size: u64, parts: &[&[u8]], expected: Result<(), FileError>) {
        let received = Receiving::begin(digest(), size).and_then(|mut receiving| {
            parts.iter().try_for_each(|part| receiving.take(part))?;
            receiving.finish()
        });
        assert_eq!(received.as_ref().map(|_| ()).map_err(|error| *error), expected);
        if let Ok(file) = received {
            assert_eq!((file.digest(), &file.bytes()[..], file.size()), (digest(), FILE, size));
            assert_eq!(file.media_type(), Some(MediaType::Text));
        }
    }

    #[test]
    fn a_file_is_whole_or_it_is_none() {
        let (size, max) = (FILE.len() as u64, EVIDENCE_BYTES_MAX);
        let (head, tail) = FILE.split_at(5);
        check(size, &[FILE], Ok(()));
        check(size, &[head, b"", tail], Ok(()));
        check(0, &[], Err(FileError::Empty));
        check(max + 1, &[], Err(FileError::TooLarge { size: max + 1 }));
        check(max, &[FILE], Err(FileError::Truncated { said: max, found: size }));
        let said = size;
        check(said, &[], Err(FileError::Truncated { said, found: 0 }));
        check(said, &[head], Err(FileError::Truncated { said, found: 5 }));
        check(said, &[FILE, b"\n"], Err(FileError::LongerThanSaid { said }));
        let found = Digest::of(&[tail, head].concat());
        let wrong = FileError::WrongDigest { said: digest(), found };
        check(said, &[tail, head], Err(wrong));
    }
}
