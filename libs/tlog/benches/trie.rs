//! Updates of the map, measured against the hashing alone that they cannot do without.
//!
//! The same keys are touched in a map that is wholly in memory, and in one of which a few pages are: the rest is behind it, in
//! memory here, so that what a disk takes does not count. `cargo bench -p tests --bench log` measures on a disk.

#![expect(clippy::print_stdout, reason = "a bench speaks to who runs it")]

use std::env;
use std::hint::black_box;
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};
use tlog::map::{Map, MapKey, MapKind, MapProof, PageLimits, PageSlot, Pages, PagesError, leaf_core_hash, map_key};
use tlog::{Hash, LeafIndex};

/// Keys, unless the environment says otherwise.
const KEYS_DEFAULT: u64 = 1_000_000;
/// Updates in each measurement.
const UPDATES: u64 = 100_000;
/// Keys that one record touches in the measurement of batches.
const BATCH: usize = 4;
/// Pages in memory where there are others: some hundredths of those of a million keys.
const HOT: usize = 4_096;

fn main() {
    let keys = env::var("VETA_BENCH_KEYS").ok().and_then(|text| text.parse().ok());
    let keys = keys.unwrap_or(KEYS_DEFAULT);
    measure("all in memory", keys, Map::in_memory());
    for (of, hot) in [(PageLimits::DEFAULT.keys(), HOT), (PageLimits::KEYS_MAX, HOT / 4)] {
        let limits = PageLimits::new(of, hot);
        let what = format!("{hot} pages of {of} keys in memory");
        measure(&what, keys, Map::with_limits(Box::new(Behind::default()), limits));
    }
}

/// Pages behind the map, one after the other.
#[derive(Debug, Default)]
struct Behind(Vec<u8>);

impl Pages for Behind {
    fn read(&self, slot: PageSlot, page: &mut [u8]) -> Result<(), PagesError> {
        page.copy_from_slice(&self.0[slot.get() as usize * page.len()..][..page.len()]);
        Ok(())
    }

    fn write(&mut self, slot: PageSlot, page: &[u8]) -> Result<(), PagesError> {
        let at = slot.get() as usize * page.len();
        if self.0.len() < at + page.len() {
            self.0.resize(at + page.len(), 0);
        }
        self.0[at..at + page.len()].copy_from_slice(page);
        Ok(())
    }
}

fn measure(what: &str, keys: u64, mut map: Map) {
    let all: Vec<_> = (0..keys).map(key).collect();
    let took = time(|| touch(&mut map, &all, BATCH));
    println!(
        "{keys} keys, {what}: {} ns for each that comes",
        took.as_nanos() / u128::from(keys)
    );
    // A stride coprime to the number of keys, so that successive updates lie far apart.
    let touched: Vec<_> = (0..UPDATES).map(|at| key(at * 7_919_777 % keys)).collect();
    let hashes: usize = touched.iter().map(|key| HEAD_HASHES + steps(&map, key)).sum();
    let baseline = time(|| raw_hashes(hashes));
    println!(
        "  {} hashes a key, {} ns for hashing them alone",
        hashes as u64 / UPDATES,
        nanos(baseline)
    );
    report("one key at a time", time(|| touch(&mut map, &touched, 1)), baseline);
    report(
        "four keys at a time",
        time(|| touch(&mut map, &touched, BATCH)),
        baseline,
    );
    let took = time(|| {
        for key in &touched {
            black_box(map.prove(key).expect("memory does not fail"));
        }
    });
    report("proof", took, baseline);
}

/// The chain, the value, and the leaf.
const HEAD_HASHES: usize = 3;

fn touch(map: &mut Map, keys: &[MapKey], batch: usize) {
    let core = leaf_core_hash(0, b"record");
    for (index, keys) in (0..).zip(keys.chunks(batch)) {
        black_box(
            map.touch(keys, LeafIndex::new(index), &core)
                .expect("memory does not fail"),
        );
    }
}

fn key(id: u64) -> MapKey {
    map_key(MapKind::Lot, &id.to_be_bytes())
}

fn steps(map: &Map, key: &MapKey) -> usize {
    match map.prove(key).expect("memory does not fail").1 {
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
    black_box(Hash::from_slice(&node[..32]));
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
