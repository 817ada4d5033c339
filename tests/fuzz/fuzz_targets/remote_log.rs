//! Another's log in a directory where anything may lie: what is read of it without an error is what its root was computed from,
//! and of a log that is whole everything is read.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use fuzz::directory::{Damage, LEAVES_MAX, damage, head, leaves, published, write};
use libfuzzer_sys::fuzz_target;
use remote::log::{Address, RemoteLog};
use tlog::TreeSize;
use tlog::tiles::TILE_WIDTH;

/// How many leaves, and what is done to the files.
type Input<'a> = (u16, Vec<Damage<'a>>);

static DIRECTORY: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("veta-fuzz-remote-log-{}", std::process::id())));
static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().expect("a runtime")
});

fuzz_target!(|input: Input<'_>| {
    let (size, changes) = input;
    let leaves = leaves(size % LEAVES_MAX);
    let whole = published(&leaves);
    let mut files = whole.clone();
    for change in changes {
        damage(&mut files, change);
    }
    write(&DIRECTORY, &files);
    RUNTIME.block_on(check(&leaves, files == whole));
});

async fn check(leaves: &[Vec<u8>], whole: bool) {
    let log = RemoteLog::new(&Address::Directory(DIRECTORY.clone())).expect("the directory is there");
    let mut verified = match log.verified(head(leaves)).await {
        Ok(verified) => verified,
        Err(error) => {
            assert!(!whole, "{error}");
            return;
        }
    };
    for (n, expected) in (0..).zip(leaves.chunks(TILE_WIDTH)) {
        match verified.bundle(n).await {
            Ok(batch) => assert!(batch.expect("the tree goes as far").leaves.iter().eq(expected)),
            Err(error) => assert!(!whole, "{error}"),
        }
    }
    for size in [1, leaves.len() / 2, leaves.len()].map(|size| size.min(leaves.len())) {
        match verified.head_at(TreeSize::new(size as u64)).await {
            Ok(found) => assert_eq!(found, head(&leaves[..size])),
            Err(error) => assert!(!whole, "{error}"),
        }
    }
}
