//! A log as a directory of files, in which anything may lie.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tlog::TreeHead;
use tlog::tiles::{TILE_WIDTH, TileBuilder, TilePath, encode_entries};
use tlog::tree::{Frontier, leaf_hash};

/// Files by their paths.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What is done to one of them: to which, where, how, and with what.
pub type Damage<'a> = (u8, u16, u8, &'a [u8]);

/// Largest log: two whole tiles, and some of the next.
pub const LEAVES_MAX: u16 = 600;

/// As many leaves, each different.
pub fn leaves(count: u16) -> Vec<Vec<u8>> {
    (0..count).map(|index| index.to_be_bytes().to_vec()).collect()
}

/// The tiles and entry bundles of a log.
pub fn published(leaves: &[Vec<u8>]) -> Files {
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
pub fn damage(files: &mut Files, (which, at, how, with): Damage<'_>) {
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

/// Writes them, and nothing else, into a directory.
pub fn write(directory: &Path, files: &Files) {
    // Nothing of the run before; there is none before the first.
    let _ = fs::remove_dir_all(directory);
    fs::create_dir_all(directory).expect("a directory for the files");
    for (name, bytes) in files {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().expect("a directory above")).expect("a directory");
        fs::write(path, bytes).expect("a file");
    }
}

/// The tree of these leaves.
pub fn head(leaves: &[Vec<u8>]) -> TreeHead {
    let mut frontier = Frontier::new();
    leaves.iter().for_each(|leaf| frontier.push(leaf_hash(leaf)));
    frontier.head()
}
