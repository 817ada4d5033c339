//! The verifiable map: all of it in memory, and on a scratch file. Each in a process of its own, so that its memory is nobody
//! else's.

use std::env;
use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use service::clock::Stopwatch;
use service::scratch::Scratch;
use sha2::{Digest as _, Sha256};
use tests::measure::{rate, resident_of};
use tlog::LeafIndex;
use tlog::map::{Map, MapKey, MapKind, MapProof, leaf_core_hash, map_key};

use crate::chance::Chance;
use crate::told::{row, tell};

/// The argument that makes this program measure a map and end.
pub(crate) const MAP: &str = "map";
/// The argument after it for a map that is wholly in memory.
const WHOLE: &str = "whole";
/// Keys touched in each measurement, one or several at a time.
const TOUCHED: u64 = 200_000;
/// Keys that one record touches where it touches several.
const TOGETHER: usize = 4;
/// Hashes of a touch besides those of inner nodes: the chain, the value, and the leaf.
const HEAD_HASHES: u64 = 3;

/// What a map takes, as one process tells another.
struct Mapped {
    /// Of each key that comes.
    came: Duration,
    /// Of each key that is there, touched alone.
    alone: Duration,
    /// Of each key that is there, touched with others.
    together: Duration,
    /// Of as many hashes as the nodes of a path.
    hashing: Duration,
    /// Of a proof.
    proved: Duration,
    /// Bytes in memory.
    resident: u64,
}

/// Measures both kinds at so many keys, and prints the one beside the other.
pub(crate) fn measure(keys: u64) {
    tell("map");
    let (whole, paged) = (alone(WHOLE, keys), alone("paged", keys));
    println!("\nmap of {keys} keys");
    let updates = |took: Duration| rate(1, took);
    for (what, map) in [("in memory", &whole), ("on a scratch file", &paged)] {
        let hashing = Some(("hashing alone, in the same process", updates(map.hashing)));
        row(
            &format!("(a) {what}: keys that come"),
            updates(map.came),
            "updates/s",
            hashing,
        );
        row(
            &format!("    {what}: keys touched one by one"),
            updates(map.alone),
            "updates/s",
            hashing,
        );
        row(
            &format!("    {what}: keys touched by four"),
            updates(map.together),
            "updates/s",
            hashing,
        );
        let proved = map.proved.as_nanos().try_into().unwrap_or(u64::MAX);
        row(&format!("    {what}: a proof"), proved, "ns", None);
    }
    let base = Some(("wholly in memory", whole.resident >> 20));
    row("    memory on a scratch file", paged.resident >> 20, "MiB", base);
    row(
        "    the same, of a key",
        paged.resident / keys,
        "bytes",
        Some(("wholly in memory", whole.resident / keys)),
    );
}

/// What the process does that was started to measure.
pub(crate) fn serve(mut arguments: impl Iterator<Item = String>) {
    let mut next = || arguments.next().expect("a kind and a number of keys");
    let (kind, keys) = (next(), next().parse().expect("a number of keys"));
    let dir = tempfile::tempdir().expect("a directory");
    let before = resident_of("self");
    let mut map = if kind == WHOLE {
        Map::in_memory()
    } else {
        Map::on(Box::new(
            Scratch::open(&dir.path().join("map")).expect("a scratch file"),
        ))
    };
    let came = touch(&mut map, 0..keys, TOGETHER) / u32::try_from(keys).expect("some millions");
    let resident = resident_of("self").saturating_sub(before);
    let mut chance = Chance::of(7);
    let touched: Vec<u64> = (0..TOUCHED).map(|_| chance.below(keys) as u64).collect();
    let count = u32::try_from(TOUCHED).expect("few");
    let alone = touch(&mut map, touched.iter().copied(), 1) / count;
    let together = touch(&mut map, touched.iter().copied(), TOGETHER) / count;
    let watch = Stopwatch::start();
    let steps: u64 = touched.iter().map(|id| steps(&map, &key(*id))).sum();
    let proved = watch.elapsed() / count;
    let hashing = hash(steps / TOUCHED + HEAD_HASHES);
    let nanos = [came, alone, together, hashing, proved].map(|took| took.as_nanos().to_string());
    println!("{} {resident}", nanos.join(" "));
}

/// In a process of its own.
fn alone(kind: &str, keys: u64) -> Mapped {
    let mut command = Command::new(env::current_exe().expect("a program that runs"));
    let output = command
        .args([MAP, kind, &keys.to_string()])
        .output()
        .expect("this program starts again");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("it speaks");
    let numbers: Vec<u64> = text
        .split_whitespace()
        .map(|number| number.parse().expect("a number"))
        .collect();
    let [came, alone, together, hashing, proved, resident] = numbers.try_into().expect("six numbers");
    let nanos = Duration::from_nanos;
    Mapped {
        came: nanos(came),
        alone: nanos(alone),
        together: nanos(together),
        hashing: nanos(hashing),
        proved: nanos(proved),
        resident,
    }
}

fn touch(map: &mut Map, ids: impl Iterator<Item = u64>, together: usize) -> Duration {
    let core = leaf_core_hash(0, b"record");
    let mut ids = ids.map(key).peekable();
    let watch = Stopwatch::start();
    for index in (0..).map(LeafIndex::new) {
        if ids.peek().is_none() {
            break;
        }
        let keys: Vec<_> = ids.by_ref().take(together).collect();
        black_box(map.touch(&keys, index, &core).expect("its disk works"));
    }
    watch.elapsed()
}

fn key(id: u64) -> MapKey {
    map_key(MapKind::Lot, &id.to_be_bytes())
}

fn steps(map: &Map, key: &MapKey) -> u64 {
    match map.prove(key).expect("its disk works").1 {
        MapProof::Presence { steps } | MapProof::Absence { steps, .. } => steps.len() as u64,
        MapProof::AbsenceInEmpty => 0,
    }
}

/// How long so many hashes take of as many bytes as an inner node has, each of the one before.
fn hash(count: u64) -> Duration {
    let mut node = [7; 65];
    let watch = Stopwatch::start();
    for _ in 0..count * TOUCHED {
        let hash: [u8; 32] = Sha256::digest(node).into();
        node[..32].copy_from_slice(&hash);
    }
    black_box(node);
    watch.elapsed() / u32::try_from(TOUCHED).expect("few")
}
