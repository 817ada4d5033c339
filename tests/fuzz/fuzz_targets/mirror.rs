//! A directory that a log is published into, in which anything may lie: no file is written but with what the log signed, none in
//! place of other bytes, the checkpoint last; and what was not damaged is finished.
#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use fuzz::directory::{Damage, Files, LEAVES_MAX, damage, head, leaves, published, write};
use fuzz::{log_origin, log_signer};
use libfuzzer_sys::fuzz_target;
use remote::log::{Address, RemoteLog};
use tlog::Checkpoint;
use tlog::policy::Policy;
use veta::mirror::Mirror;

/// How many leaves the log has, and had when it was published before; whether its checkpoint is there, or that copy was cut short;
/// what is done to the files.
type Input<'a> = (u16, u16, bool, Vec<Damage<'a>>);

static SOURCE: LazyLock<PathBuf> = LazyLock::new(|| directory("source"));
static COPY: LazyLock<PathBuf> = LazyLock::new(|| directory("copy"));
static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().expect("a runtime")
});

fuzz_target!(|input: Input<'_>| {
    let (size, before, is_noted, damages) = input;
    let leaves = leaves(size % LEAVES_MAX);
    let source = files(&leaves);
    let mut there = files(&leaves[..usize::from(before) % (leaves.len() + 1)]);
    if !is_noted {
        there.remove("checkpoint");
    }
    let whole = there.clone();
    for one in damages {
        damage(&mut there, one);
    }
    write(&SOURCE, &source);
    write(&COPY, &there);
    let is_done = RUNTIME.block_on(copy());
    let after = read(&COPY);
    for (name, bytes) in &after {
        assert!(
            there.get(name) == Some(bytes) || source.get(name) == Some(bytes),
            "{name}"
        );
        assert!(
            there.get(name).is_none_or(|before| before == bytes) || name == "checkpoint",
            "{name}"
        );
    }
    assert!(
        there.keys().all(|name| after.contains_key(name)),
        "nothing is taken away"
    );
    assert!(is_done || there != whole);
    assert!(is_done || after.get("checkpoint") == there.get("checkpoint"));
    if is_done {
        assert_eq!(after["checkpoint"], source["checkpoint"]);
        // Of what was published before, nothing is read again.
        let is_read = !there.contains_key("checkpoint") || there == whole;
        assert!(!is_read || source.iter().all(|(name, bytes)| after.get(name) == Some(bytes)));
    }
});

/// Copies the log; whether that was done. Done again, it changes nothing.
async fn copy() -> bool {
    let mirror = Mirror::open(&COPY).expect("nobody else writes there");
    let source = RemoteLog::new(&Address::Directory(SOURCE.clone())).expect("it is there");
    let policy = Policy::trusting(log_signer().vkey().clone());
    if mirror.copy(&source, &policy, |_, _| {}).await.is_err() {
        return false;
    }
    let again = mirror
        .copy(&source, &policy, |_, _| {})
        .await
        .expect("it was done just now");
    assert!(!again.noted && (again.bundles, again.tiles) == (0, 0));
    true
}

/// Everything that is served of a log.
fn files(leaves: &[Vec<u8>]) -> Files {
    let checkpoint = Checkpoint::new(log_origin(), head(leaves));
    let note = checkpoint.sign(&log_signer()).expect("its own key signs it");
    let mut files = published(leaves);
    files.insert("checkpoint".to_owned(), note.into_bytes());
    files
}

/// All files below a directory, but for the lock.
fn read(directory: &Path) -> Files {
    let mut files = Files::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(next) = directories.pop() {
        for entry in fs::read_dir(next).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                directories.push(path);
                continue;
            }
            let name = path
                .strip_prefix(directory)
                .expect("it lies below")
                .to_str()
                .expect("a name of ours");
            if name != ".copying" {
                files.insert(name.to_owned(), fs::read(&path).expect("a file"));
            }
        }
    }
    files
}

fn directory(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("veta-fuzz-mirror-{name}-{}", std::process::id()))
}
