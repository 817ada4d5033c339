//! The portal, measured with as many organizations and lots as the world may have: how long it takes to answer with a page.
//!
//! Invented organizations assess themselves, declare lots, and one bar is made of thousands of them. Progress, custody and
//! audit fold all of it and serve it over gRPC; the portal asks them, renders and compresses, as for a browser. What is
//! measured is the whole of that, without the network to the browser: from a request at the portal's door to the last byte of the
//! answer. Beside it stands an empty handler behind the same door: what it takes to answer with nothing.
//!
//! One run prints every figure with its baseline from the same run: absolute figures are worth little on a shared
//! machine, and ratios are. `VETA_BENCH_ORGANIZATIONS` and `VETA_BENCH_LOTS` say how many there are; 10,000 and a million are
//! meant, and take some 8 GB of memory and as much of disk. All of it shares the cores.

#![expect(clippy::print_stdout, reason = "a bench speaks to who runs it")]

#[path = "../support/chance.rs"]
mod chance;
#[path = "../custody/invented.rs"]
mod invented;
mod pages;
#[path = "../support/parties.rs"]
mod parties;
#[path = "../support/recorded.rs"]
mod recorded;
mod services;
#[path = "../support/told.rs"]
mod told;
mod world;

use std::env;

use ::service::clock::Stopwatch;
use tests::measure::{hundredths, load, percent};
use tokio::runtime::Runtime;

use pages::{Door, Measured};
use services::Services;
use told::{report, row};
use world::Said;

/// Organizations, unless the environment says otherwise.
const ORGANIZATIONS_DEFAULT: usize = 1_000;
/// Lots besides those of the bar, unless the environment says otherwise.
const LOTS_DEFAULT: usize = 10_000;
/// What the first page may take, in microseconds, of a hundred requests all but one.
const FIRST_PAGE_US_MAX: u64 = 100_000;

fn main() {
    let asked = |name: &str, otherwise| {
        let said = env::var(name).ok().and_then(|text| text.parse().ok());
        said.unwrap_or(otherwise)
    };
    let organizations = asked("VETA_BENCH_ORGANIZATIONS", ORGANIZATIONS_DEFAULT);
    let lots = asked("VETA_BENCH_LOTS", LOTS_DEFAULT);
    println!("load before: {}", load());
    Runtime::new().expect("a runtime").block_on(run(organizations, lots));
    println!("load after: {}", load());
}

async fn run(organizations: usize, lots: usize) {
    let watch = Stopwatch::start();
    let said = Said::new(organizations, lots);
    report("signed", watch.elapsed());
    println!(
        "\n{organizations} INVENTED organizations, {lots} INVENTED lots besides a bar made of {} others and one of {} \
         origins, {} statements; {} cores",
        said.bar_lots,
        said.origins,
        said.records.len(),
        rayon::current_num_threads()
    );
    let watch = Stopwatch::start();
    let (services, known) = Services::start(said).await;
    report("folded by progress, custody and audit", watch.elapsed());
    let door = Door::new(&services.addresses);
    let empty = door.empty().await;
    let measured = door.pages(&known).await;
    print(&empty, &measured);
    services.stop().await;
}

fn print(empty: &Measured, pages: &[Measured]) {
    println!(
        "\n{:<46}{:>9}{:>9}{:>11}{:>9}{:>9}{:>7}",
        "how long a page takes, us; to an empty handler", "p50", "p99", "p50", "p99", "bytes", "asked"
    );
    for of in [empty].into_iter().chain(pages) {
        let at = |of: &Measured, at| of.latencies.percentile(at);
        let ratio = |at_| hundredths(percent(at(of, at_), at(empty, at_)));
        println!(
            "{:<46}{:>9}{:>9}{:>11}{:>9}{:>9}{:>7}",
            of.name,
            at(of, 50),
            at(of, 99),
            ratio(50),
            ratio(99),
            of.bytes,
            of.latencies.count()
        );
    }
    let first = pages[0].latencies.percentile(99);
    row(
        "the first page, p99",
        first,
        "us",
        Some(("what it may take", FIRST_PAGE_US_MAX)),
    );
}
