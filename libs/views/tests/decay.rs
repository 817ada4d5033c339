//! Bits that flip in the files of a store: noticed or harmless, never rows that were not committed, never a panic.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its case has failed")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{all_rows, commit_next, model_at, open};
use event::units::StreamPosition;
use tempfile::tempdir;
use views::{StoreError, Why};

/// Flips tried; each is a copy of the same store with one bit of one file flipped.
const FLIPS: u64 = 48;

/// Batches in the store before the flip: several segments of sled's log.
const BATCHES: u64 = 900;

/// The store is closed and opened after this many. sled then begins at a snapshot, no longer at its first byte, and meets
/// most flips only when a row is read.
const BATCHES_PER_RUN: u64 = 250;

#[test]
fn a_flipped_bit_never_makes_wrong_rows() {
    let dir = tempdir().unwrap();
    let sound = dir.path().join("sound");
    for run in (0..BATCHES)
        .collect::<Vec<_>>()
        .chunks(usize::try_from(BATCHES_PER_RUN).unwrap())
    {
        let mut store = open(&sound).store;
        for _ in run {
            commit_next(&mut store).unwrap();
        }
    }
    let [mut rebuilt, mut whole] = [0, 0];
    for seed in 0..FLIPS {
        let copy = dir.path().join(format!("copy-{seed}"));
        copy_dir(&sound, &copy);
        let flipped = flip(&copy, seed);
        match survive(&copy) {
            Ok(true) => rebuilt += 1,
            Ok(false) => whole += 1,
            Err(wrong) => panic!("seed {seed}, {flipped}: {wrong}"),
        }
    }
    println!("{FLIPS} flips: {rebuilt} rebuilt, {whole} whole");
    assert!(0 < rebuilt, "no flip touched what is checked");
}

#[test]
fn rows_that_were_not_committed_are_noticed() {
    type Tamper = fn(rows: &sled::Tree, meta: &sled::Tree) -> sled::Result<Option<sled::IVec>>;
    #[track_caller]
    fn check(tamper: Tamper, expected: &Why) {
        let dir = tempdir().unwrap();
        let dir = dir.path().join("rows");
        let mut store = open(&dir).store;
        commit_next(&mut store).unwrap();
        assert_eq!(store.reader().read().unwrap().count(), 2);
        drop(store);
        let db = sled::open(&dir).unwrap();
        tamper(&db.open_tree("rows").unwrap(), &db.open_tree("meta").unwrap()).unwrap();
        drop(db);
        let opened = open(&dir);
        assert_eq!(
            (opened.fresh.as_ref(), opened.cursor),
            (Some(expected), StreamPosition::START)
        );
    }
    let decayed = |found| Why::Decayed { found, expected: 2 };
    check(|rows, _| Ok(rows.pop_min()?.map(|(key, _)| key)), &decayed(1));
    check(|rows, _| rows.insert("lots\0more", "a row"), &decayed(3));
    check(
        |rows, _| rows.insert(rows.first()?.expect("two rows").0, "another value"),
        &decayed(2),
    );
    check(|_, meta| meta.remove("identity"), &Why::Unsealed);
    check(|_, meta| meta.remove("state"), &Why::Unsealed);
    check(|_, meta| meta.insert("identity", "short"), &Why::Unsealed);
    check(|_, meta| meta.insert("state", vec![0; 80]), &Why::Unsealed);
    let later_cursor: Tamper = |_, meta| {
        let mut state = meta.get("state")?.expect("kept with every commit").to_vec();
        state[7] += 1;
        meta.insert("state", state)
    };
    check(later_cursor, &Why::Unsealed);
}

/// Opens, compares every row, commits on; true if the rows were rebuilt.
fn survive(dir: &Path) -> Result<bool, String> {
    let mut opened = open(dir);
    let is_fresh = opened.fresh.is_some();
    if opened.fresh == Some(Why::Missing) || is_fresh && opened.cursor != StreamPosition::START {
        return Err(format!("fresh because {:?}, at {}", opened.fresh, opened.cursor));
    }
    match opened.store.reader().read().and_then(|snapshot| all_rows(&snapshot)) {
        Ok(rows) if rows == model_at(opened.cursor) => {}
        Ok(rows) => return Err(format!("{} rows that are not those of {}", rows.len(), opened.cursor)),
        Err(StoreError::Broken { .. }) => return Ok(is_fresh),
        Err(error) => return Err(error.to_string()),
    }
    match commit_next(&mut opened.store) {
        Ok(_) | Err(StoreError::Broken { .. }) => Ok(is_fresh),
        Err(error) => Err(error.to_string()),
    }
}

/// Flips one bit in the long file, every fourth time in one of the short ones. Says which.
fn flip(dir: &Path, seed: u64) -> String {
    let mut files: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file() && path.ends_with("db") != seed.is_multiple_of(4));
    files.sort();
    let random = splitmix(seed);
    let index = |bits: u64, length: usize| usize::try_from(bits).unwrap() % length;
    let path = &files[index(random >> 56, files.len())];
    let mut bytes = fs::read(path).unwrap();
    let used = bytes.iter().rposition(|byte| *byte != 0).map_or(1, |last| last + 1);
    let (at, bit) = (index(random >> 8, used), random % 8);
    bytes[at] ^= 1 << bit;
    fs::write(path, bytes).unwrap();
    format!("{} byte {at} bit {bit}", path.display())
}

fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// One step of `SplitMix64`: a seed's own 64 bits.
fn splitmix(seed: u64) -> u64 {
    let mut z = (seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
