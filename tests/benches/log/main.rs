//! The log, measured: its map, how fast it grows under checkpoints that are durable, its proofs, and what replaying and
//! verifying take.
//!
//! One run prints every figure with its baseline from the same run: absolute figures are worth little on a shared machine,
//! and ratios are. `VETA_BENCH_LEAVES` says how many leaves the log has, and the smaller of the two maps as many keys; the
//! larger map has ten times as many. Clients and services share the cores.

#![expect(clippy::print_stdout, reason = "a bench speaks to who runs it")]

mod appends;
mod bundles;
#[path = "../support/chance.rs"]
mod chance;
mod lots;
mod maps;
mod provable;
#[path = "../support/recorded.rs"]
mod recorded;
#[path = "../support/replayed.rs"]
mod replayed;
#[path = "../support/said.rs"]
mod said;
#[path = "../support/served.rs"]
mod served;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/told.rs"]
mod told;
mod witnesses;

use std::array;
use std::env;

use service::clock::Stopwatch;
use tests::measure::{load, rate};
use tlog::policy::Policy;
use tokio::runtime::Runtime;

use appends::Grown;
use lots::{STATEMENTS, lots};
use maps::MAP;
use provable::{LOADS, ONE_BY_ONE};
use said::{Said, replay_with_log, verify_raw};
use told::{report, row, tell};

/// Leaves of the log, unless the environment says otherwise.
const LEAVES_DEFAULT: usize = 20_000;
/// How many times as many keys the larger map has.
const LARGER: u64 = 10;

fn main() {
    let mut arguments = env::args().skip(1);
    if arguments.next().as_deref() == Some(MAP) {
        return maps::serve(arguments);
    }
    let leaves = env::var("VETA_BENCH_LEAVES").ok().and_then(|text| text.parse().ok());
    let leaves = leaves.unwrap_or(LEAVES_DEFAULT);
    println!("load before: {}, {} cores", load(), rayon::current_num_threads());
    println!(
        "{:<52}{:>11}  {:<13}{:<42}{:>11}{:>8}",
        "", "figure", "unit", "baseline", "", "ratio"
    );
    maps::measure(leaves as u64);
    maps::measure(leaves as u64 * LARGER);
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(log(leaves));
    println!("load after: {}", load());
}

async fn log(leaves: usize) {
    let (mut ids, watch) = (None, Stopwatch::start());
    let said = Said::new(leaves, LOADS * ONE_BY_ONE, |world, mine| {
        let (lots, said) = lots(world, mine);
        ids = Some(lots);
        said
    });
    let ids = ids.expect("they were declared");
    report("signed", watch.elapsed());
    let verified = rate(said.raw.len(), verify_raw(&said.raw));
    let replayed = rate(said.records.len(), replay_with_log(&said.records));
    tell("log");
    let dir = tempfile::tempdir().expect("a directory");
    let grown = Grown::grow(&said.records, dir.path()).await;
    grown.print(&said, replayed);
    let asked: [_; STATEMENTS.len()] = array::from_fn(|at| (ids[at], STATEMENTS[at]));
    let bundles = grown.ask(asked).await;
    let policy = Policy::trusting(grown.vkey().await.parse().expect("the log's key"));
    grown.stop().await;
    for (bundle, statements) in bundles.iter().zip(STATEMENTS) {
        bundles::measure(bundle, statements, &policy, &said.raw);
    }
    let base = Some(("raw verify_strict on all cores", verified));
    row("(f) replay with the log on all cores", replayed, "statements/s", base);
    provable::measure(&said).await;
}
