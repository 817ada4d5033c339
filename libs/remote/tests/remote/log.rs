//! Reading a log: in full, in order, within bounds, and nothing that is not in the signed tree.

use std::path::Path;

use remote::log::{Address, LogError, RemoteLog};
use tests::served::{Files, Served, head, write};
use tlog::tiles::TilePath;
use tlog::tree::{LeafIndex, TreeSize, prove_consistency, prove_inclusion};

use crate::support::{HURRIED, bundle, hash_of, leaves, tile};

/// More than one tile on level 0, one on level 1.
const MANY: u64 = 700;

/// As a log is published, with a checkpoint that nobody here opens.
fn published(leaves: &[Vec<u8>]) -> Files {
    let mut files = tests::served::published(leaves);
    files.insert("checkpoint".to_owned(), b"a note".to_vec());
    files
}

async fn served(files: Files) -> (Served, RemoteLog) {
    let served = Served::new(files);
    let address = format!("http://{}", served.start().await).parse().unwrap();
    (served, RemoteLog::with_patience(&address, HURRIED).unwrap())
}

fn directory(path: &Path) -> RemoteLog {
    RemoteLog::new(&Address::Directory(path.to_owned())).unwrap()
}

/// All leaves from `from` on.
async fn read(log: &RemoteLog, from: u64, size: u64) -> Result<Vec<Vec<u8>>, LogError> {
    let mut entries = log.entries(LeafIndex::new(from), TreeSize::new(size));
    let mut read = Vec::new();
    while let Some(batch) = entries.next().await? {
        assert_eq!(batch.first.get(), from + read.len() as u64);
        read.extend(batch.leaves.iter().map(|leaf| leaf.to_vec()));
    }
    Ok(read)
}

#[tokio::test]
async fn entries_come_in_order_from_anywhere_to_any_size() {
    let leaves = leaves(MANY);
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &published(&leaves));
    let (_server, remote) = served(published(&leaves)).await;
    for log in [remote, directory(dir.path())] {
        for (from, size) in [
            (0, MANY),
            (255, MANY),
            (256, MANY),
            (699, MANY),
            (300, 512),
            (MANY, MANY),
            (0, 0),
        ] {
            let (begin, end) = (usize::try_from(from).unwrap(), usize::try_from(size).unwrap());
            assert_eq!(
                read(&log, from, size).await.unwrap(),
                leaves[begin..end],
                "{from} to {size}"
            );
        }
        // An older size, of which the partial bundle was removed: the beginning of the full one.
        assert_eq!(read(&log, 0, 300).await.unwrap(), leaves[..300]);
    }
}

#[tokio::test]
async fn a_partial_tile_that_was_removed_is_the_beginning_of_the_full_one() {
    let leaves = leaves(MANY);
    let (_server, log) = served(published(&leaves)).await;
    let part = log.tile(tile(0, 0, 3)).await.unwrap();
    assert_eq!(
        part,
        [0, 1, 2].map(|index| *hash_of(&leaves, index).as_bytes()).concat()
    );
    // The last one is partial itself: of that there is only the one that was published.
    assert!(matches!(log.tile(tile(0, 2, 3)).await, Err(LogError::Missing { .. })));
}

#[tokio::test]
async fn a_server_with_a_bad_day_is_asked_again_and_others_are_not() {
    let (server, log) = served(published(&leaves(3))).await;
    for (status, times, asked) in [
        (503, 2, 3),
        (429, 1, 2),
        (500, 9, 3),
        (404, 9, 1),
        (302, 9, 1),
        (403, 9, 1),
    ] {
        server.shelf().instead = (status, times);
        server.shelf().asked.clear();
        let answer = log.checkpoint().await;
        assert_eq!(server.shelf().asked.len(), asked, "{status}");
        match (status, times) {
            (503 | 429, _) => assert_eq!(answer.unwrap(), b"a note"),
            (404, _) => assert!(matches!(answer, Err(LogError::Missing { .. }))),
            (302, _) => assert!(matches!(answer, Err(LogError::Redirected { .. }))),
            _ => assert_eq!(answer.unwrap_err().is_passing(), status == 500),
        }
    }
}

#[tokio::test]
async fn after_an_error_the_same_entries_are_asked_for_again() {
    let leaves = leaves(MANY);
    let (server, log) = served(published(&leaves)).await;
    let mut entries = log.entries(LeafIndex::new(0), TreeSize::new(MANY));
    let path = bundle(1, 256).to_string();
    let kept = server.shelf().files.remove(&path).unwrap();
    assert_eq!(entries.next().await.unwrap().unwrap().first.get(), 0);
    assert!(matches!(entries.next().await, Err(LogError::Missing { .. })));
    server.shelf().files.insert(path, kept);
    assert_eq!(entries.next().await.unwrap().unwrap().first.get(), 256);
    assert_eq!(entries.next().await.unwrap().unwrap().first.get(), 512);
    assert!(entries.next().await.unwrap().is_none());
}

/// Checks how a file of a log is refused whose bytes were replaced.
async fn check(path: TilePath, bytes: Vec<u8>, expected: impl Fn(&LogError) -> bool) {
    let mut files = published(&leaves(MANY));
    files.insert(path.to_string(), bytes);
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &files);
    let (_server, remote) = served(files).await;
    for log in [remote, directory(dir.path())] {
        let error = log.tile(path).await.unwrap_err();
        assert!(expected(&error), "{path}: {error}");
        assert!(error.is_forgery() && !error.is_passing());
    }
}

#[tokio::test]
async fn files_of_another_length_than_their_names_say_are_refused() {
    let full = tile(0, 0, 256);
    let malformed = |error: &LogError| matches!(error, LogError::Malformed { .. });
    let too_long = |error: &LogError| matches!(error, LogError::TooLong { .. } | LogError::Http(_));
    check(full, vec![0; 255 * 32], malformed).await;
    check(full, vec![0; 256 * 32 - 1], malformed).await;
    check(full, Vec::new(), malformed).await;
    check(full, vec![0; 256 * 32 + 1], too_long).await;
    check(tile(1, 0, 2), vec![0; 96], too_long).await;
    check(bundle(0, 256), b"\0\x01a\0\x01b".to_vec(), malformed).await;
    check(bundle(0, 256), b"\0\x09a".to_vec(), malformed).await;
    check(bundle(0, 256), Vec::new(), malformed).await;
    check(bundle(2, 188), vec![0; 2 * 189], malformed).await;
}

#[tokio::test]
async fn a_directory_is_not_left_and_nothing_but_files_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let log_dir = dir.path().join("log");
    write(&log_dir, &published(&leaves(3)));
    std::fs::write(dir.path().join("secret"), b"a note").unwrap();
    let log = directory(&log_dir);
    for target in [dir.path().join("secret"), "/dev/zero".into(), log_dir.join("tile")] {
        std::fs::remove_file(log_dir.join("checkpoint")).unwrap();
        std::os::unix::fs::symlink(&target, log_dir.join("checkpoint")).unwrap();
        let error = log.checkpoint().await.unwrap_err();
        assert!(matches!(error, LogError::Elsewhere(_)), "{}: {error}", target.display());
    }
    let error = RemoteLog::new(&Address::Directory(dir.path().join("nowhere"))).unwrap_err();
    assert!(matches!(error, LogError::Unread { .. }), "{error}");
}

#[tokio::test]
async fn the_tree_of_every_size_is_read_and_proves_what_is_in_it() {
    for count in [0, 1, 2, 255, 256, 257, 512, 700, 65_536, 65_537 + 256] {
        let leaves = leaves(count);
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &published(&leaves));
        let head = head(&leaves);
        let mut log = directory(dir.path()).verified(head).await.unwrap();
        for size in [0, count / 3, count / 2, count.saturating_sub(1), count] {
            let older = tests::served::head(&leaves[..usize::try_from(size).unwrap()]);
            assert_eq!(
                log.head_at(TreeSize::new(size)).await.unwrap(),
                older,
                "{size} of {count}"
            );
            let proof = log.ask(|nodes| prove_consistency(older.size, head.size, nodes)).await;
            proof.unwrap().verify(&older, &head).unwrap();
        }
        for index in [0, count / 2, count.saturating_sub(1)]
            .into_iter()
            .filter(|index| *index < count)
        {
            let hash = hash_of(&leaves, usize::try_from(index).unwrap());
            let index = LeafIndex::new(index);
            let proof = log.ask(|nodes| prove_inclusion(index, head.size, nodes)).await;
            proof.unwrap().verify(&hash, index, &head).unwrap();
            let batch = log.bundle(index.get() / 256).await.unwrap().unwrap();
            let place = usize::try_from(index.get() - batch.first.get()).unwrap();
            assert_eq!(batch.leaves[place], leaves[usize::try_from(index.get()).unwrap()]);
        }
        assert!(log.bundle(count / 256 + 1).await.unwrap().is_none());
    }
}

/// Reads a whole log against its head, with one byte of one file turned.
async fn reads(files: &Files, path: &str, at: usize) -> Result<(), LogError> {
    let mut files = files.clone();
    if let Some(byte) = files.get_mut(path).and_then(|file| file.get_mut(at)) {
        *byte ^= 1;
    }
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &files);
    let head = head(&leaves(MANY));
    let mut log = directory(dir.path()).verified(head).await?;
    for n in 0..3 {
        log.bundle(n).await?;
    }
    Ok(())
}

#[tokio::test]
async fn no_byte_of_any_tile_or_bundle_can_be_turned() {
    let files = published(&leaves(MANY));
    reads(&files, "", 0).await.unwrap();
    for (path, file) in files.iter().filter(|(path, _)| *path != "checkpoint") {
        for at in [0, file.len() / 2, file.len() - 1] {
            let error = reads(&files, path, at).await.unwrap_err();
            assert!(error.is_forgery(), "byte {at} of {path}: {error}");
        }
    }
}

#[tokio::test]
async fn what_only_says_that_it_is_in_a_tile_is_not_believed() {
    // A leaf and the tile above it replaced together: only the tile above that tile can tell.
    let mut leaves = leaves(MANY);
    let head = head(&leaves);
    let honest = published(&leaves);
    leaves[5] = b"another".to_vec();
    let mut files = published(&leaves);
    for path in [tile(0, 2, 188).to_string(), tile(1, 0, 2).to_string()] {
        files.insert(path.clone(), honest[&path].clone());
    }
    let (_server, log) = served(files).await;
    let mut log = log.verified(head).await.unwrap();
    let error = log.bundle(0).await.unwrap_err();
    assert!(matches!(error, LogError::NotInTree { .. }), "{error}");
    assert!(log.bundle(1).await.unwrap().is_some(), "the others are as they were");
}

#[tokio::test]
async fn another_tree_that_agrees_with_itself_is_not_the_signed_one() {
    for count in [1, 255, 256, MANY] {
        let mut leaves = leaves(count);
        let head = head(&leaves);
        *leaves.last_mut().unwrap() = b"another".to_vec();
        let (_server, log) = served(published(&leaves)).await;
        let error = log.verified(head).await.unwrap_err();
        assert!(matches!(error, LogError::NotInTree { .. }), "{count}: {error}");
    }
}
