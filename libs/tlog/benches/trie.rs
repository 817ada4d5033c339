//! Updates of the map, measured against the hashing alone that they cannot do without.

#![expect(clippy::print_stdout, reason = "a bench speaks to who runs it")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};
use tlog::Hash;
use tlog::map::{MapKey, MapKind, MapProof, Trie, map_key};
use tlog::tree::leaf_hash;

/// Updates in each measurement.
const UPDATES: u64 = 100_000;

/// Keys that one record touches in the measurement of batches.
const BATCH: usize = 4;

fn main() {
    for keys in [10_000, 100_000, 1_000_000] {
        measure(keys);
    }
}

fn measure(keys: u64) {
    let mut trie = trie_of(keys);
    // A stride coprime to the number of keys, so that successive updates lie far apart.
    let changes: Vec<_> = (0..UPDATES).map(|at| (key(at * 7_919 % keys), value(at))).collect();
    let hashes: usize = changes.iter().map(|(key, _)| 1 + steps(&trie, key)).sum();
    let baseline = time(|| raw_hashes(hashes));
    println!(
        "{keys} keys, {} hashes a path, {} ns for hashing them alone",
        hashes as u64 / UPDATES,
        nanos(baseline)
    );
    for (what, batch) in [("one key at a time", 1), ("four keys at a time", BATCH)] {
        let took = time(|| {
            for changes in changes.chunks(batch) {
                black_box(trie.update(changes));
            }
        });
        report(what, took, baseline);
    }
    let took = time(|| {
        for (key, _) in &changes {
            black_box(trie.prove(key));
        }
    });
    report("proof", took, baseline);
}

fn trie_of(keys: u64) -> Trie {
    let mut trie = Trie::new();
    let entries: Vec<_> = (0..keys).map(|id| (key(id), value(id))).collect();
    trie.update(&entries);
    trie
}

fn key(id: u64) -> MapKey {
    map_key(MapKind::Lot, &id.to_be_bytes())
}

fn value(at: u64) -> Hash {
    leaf_hash(&at.to_be_bytes())
}

fn steps(trie: &Trie, key: &MapKey) -> usize {
    match trie.prove(key) {
        MapProof::Presence { steps } | MapProof::Absence { steps, .. } => steps.len(),
        MapProof::AbsenceInEmpty => 0,
    }
}

/// As many hashes of as many bytes as the inner nodes of the paths take, each of the one before.
fn raw_hashes(count: usize) {
    let mut node = [7; 65];
    for _ in 0..count {
        let hash: [u8; 32] = Sha256::digest(node).into();
        node[..32].copy_from_slice(&hash);
    }
    black_box(node);
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn report(what: &str, took: Duration, baseline: Duration) {
    let percent = 100 * took.as_nanos() / baseline.as_nanos();
    println!("  {what}: {} ns a key, {percent} % of the hashing alone", nanos(took));
}

fn nanos(took: Duration) -> u128 {
    took.as_nanos() / u128::from(UPDATES)
}
