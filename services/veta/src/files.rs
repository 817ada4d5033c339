//! Files from outside, read whole and no further than a limit; a pipe or a device may have no end.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a file was not read.
#[derive(Debug, Error)]
pub enum FileError {
    /// The system does not give it.
    #[error("cannot read {}: {error}", path.display())]
    Unread {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Longer than any such file is.
    #[error(
        "{} is too long for {what}, which has at most {bytes_max} bytes: name another file, or make it smaller",
        path.display()
    )]
    TooLong {
        /// Which file.
        path: PathBuf,
        /// What it was taken for.
        what: &'static str,
        /// How long it may be.
        bytes_max: u64,
    },
}

impl FileError {
    /// Whether there is no such file.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Unread { error, .. } if error.kind() == ErrorKind::NotFound)
    }
}

/// Reads `what`, such as "a key", which has at most `bytes_max` bytes.
pub fn read(path: &Path, what: &'static str, bytes_max: u64) -> Result<Vec<u8>, FileError> {
    let opened = File::open(path).map_err(unread(path))?;
    let length = opened.metadata().map_err(unread(path))?.len();
    // Nothing that may hold a secret is moved while it grows.
    let mut bytes = Vec::with_capacity(usize::try_from(length.min(bytes_max)).unwrap_or(0) + 1);
    let read = opened.take(bytes_max + 1).read_to_end(&mut bytes);
    read.map_err(unread(path))?;
    if bytes_max < bytes.len() as u64 {
        return Err(FileError::TooLong {
            path: path.to_owned(),
            what,
            bytes_max,
        });
    }
    Ok(bytes)
}

/// Reads `what` as [`read`] does, where it is text in UTF-8.
pub fn read_text(path: &Path, what: &'static str, bytes_max: u64) -> Result<String, FileError> {
    let bytes = read(path, what, bytes_max)?;
    String::from_utf8(bytes).map_err(|_| unread(path)(io::Error::new(ErrorKind::InvalidData, "it is not UTF-8")))
}

fn unread(path: &Path) -> impl FnOnce(io::Error) -> FileError {
    let path = path.to_owned();
    move |error| FileError::Unread { path, error }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{FileError, read, read_text};

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        std::fs::write(&path, b"1234").unwrap();
        assert_eq!(read(&path, "a file", 4).unwrap(), b"1234");
        let error = read(&path, "a file", 3).unwrap_err();
        assert!(matches!(error, FileError::TooLong { bytes_max: 3, .. }), "{error}");
        assert!(!error.is_missing());
        assert!(read(&dir.path().join("none"), "a file", 3).unwrap_err().is_missing());
        std::fs::write(&path, b"\xff").unwrap();
        let error = read_text(&path, "a file", 4).unwrap_err();
        assert!(error.to_string().ends_with("it is not UTF-8"), "{error}");
    }

    #[test]
    fn what_has_no_end_is_not_read_to_its_end() {
        let error = read(Path::new("/dev/zero"), "a file", 4_096).unwrap_err();
        assert!(matches!(error, FileError::TooLong { .. }), "{error}");
    }
}
