//! Another's log in a directory where anything may lie: what is read of it without an error is what its root was computed from,
//! and of a log that is whole everything is read.
#![no_main]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use remote::log::{Address, RemoteLog};
use tlog::tiles::{TILE_WIDTH, TileBuilder, TilePath, encode_entries};
use tlog::tree::{Frontier, leaf_hash};
use tlog::{TreeHead, TreeSize};

/// Largest log: one whole tile, and some of the next.
const LEAVES_MAX: u16 = 600;

/// How many leaves, and what is done to the files: which one, where, how, and with what.
type Input<'a> = (u16, Vec<(u8, u16, u8, &'a [u8])>);

type Files = BTreeMap<String, Vec<u8>>;

static DIRECTORY: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("veta-fuzz-remote-log-{}", std::process::id())));
static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().expect("a runtime")
});

fuzz_target!(|input: Input<'_>| {
    let (size, changes) = input;
    let leaves: Vec<Vec<u8>> = (0..size % LEAVES_MAX)
        .map(|index| index.to_be_bytes().to_vec())
        .collect();
    let whole = published(&leaves);
    let mut files = whole.clone();
    for change in changes {
        damage(&mut files, change);
    }
    write(&DIRECTORY, &files);
    RUNTIME.block_on(check(&leaves, files == whole));
});

fn published(leaves: &[Vec<u8>]) -> Files {
    let mut builder = TileBuilder::new();
    leaves.iter().for_each(|leaf| builder.push(leaf_hash(leaf)));
    let mut files = Files::new();
    for tile in builder.changed_tiles() {
        let width = tile.hashes.len().try_into().expect("256 at most");
        files.insert(TilePath::Hashes { id: tile.id, width }.to_string(), tile.to_bytes());
    }
    for (n, leaves) in (0..).zip(leaves.chunks(TILE_WIDTH)) {
        let width = leaves.len().try_into().expect("256 at most");
        let bundle = encode_entries(leaves.iter().map(Vec::as_slice)).expect("short leaves");
        files.insert(TilePath::Entries { n, width }.to_string(), bundle);
    }
    files
}

/// Flips bits, replaces the rest, cuts it off, adds to it, takes the file away, or puts another in its place.
fn damage(files: &mut Files, (which, at, how, with): (u8, u16, u8, &[u8])) {
    let names: Vec<String> = files.keys().cloned().collect();
    let Some(name) = names.get(usize::from(which) % names.len().max(1)) else {
        return;
    };
    let other = files[&names[usize::from(at) % names.len()]].clone();
    let file = files.get_mut(name).expect("it is there");
    let at = usize::from(at) % file.len().max(1);
    match how % 6 {
        0 if !file.is_empty() => file[at] ^= with.first().copied().unwrap_or(1),
        1 => file.splice(at.min(file.len()).., with.iter().copied()).for_each(drop),
        2 => file.truncate(at),
        3 => file.extend_from_slice(with),
        4 => *file = other,
        _ => drop(files.remove(name)),
    }
}

fn write(directory: &Path, files: &Files) {
    // Nothing of the run before; there is none before the first.
    let _ = fs::remove_dir_all(directory);
    fs::create_dir_all(directory).expect("a directory for the files");
    for (name, bytes) in files {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().expect("a directory above")).expect("a directory");
        fs::write(path, bytes).expect("a file");
    }
}

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

fn head(leaves: &[Vec<u8>]) -> TreeHead {
    let mut frontier = Frontier::new();
    leaves.iter().for_each(|leaf| frontier.push(leaf_hash(leaf)));
    frontier.head()
}
