//! Files that are written whole or not at all, also over a power cut.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Writes a file beside the old one, syncs it, renames it over the old one, and syncs the directory.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = parent(path)?;
    let temporary = path.with_extension("new");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    File::open(dir)?.sync_all()
}

/// Makes a directory and those above it, as far as they are not there, and syncs what is above it.
pub fn create_dir(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let above = parent(path)?;
    create_dir(above)?;
    match fs::create_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    File::open(above)?.sync_all()
}

fn parent(path: &Path) -> io::Result<&Path> {
    match path.parent().ok_or(io::ErrorKind::InvalidInput)? {
        // The parent of a name alone is no path: it is the directory that the process is in.
        dir if dir.as_os_str().is_empty() => Ok(Path::new(".")),
        dir => Ok(dir),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_made_where_they_are_missing() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("a/b/c");
        for _ in 0..2 {
            create_dir(&deep).unwrap();
            assert!(deep.is_dir());
        }
        write(&deep.join("file"), b"whole").unwrap();
        let below_a_file = create_dir(&deep.join("file/d"));
        assert!(below_a_file.is_err());
        assert_eq!(fs::read(deep.join("file")).unwrap(), b"whole");
        assert_eq!(fs::read_dir(&deep).unwrap().count(), 1);
    }
}
