//! The whole line, measured against what it is made of: a stream that syncs every write, and signatures.
//!
//! One run prints every figure with its baseline from the same run: absolute figures are worth little on a shared
//! machine, and ratios are. Each round starts from empty streams, and takes the parts one after the other; minimum and
//! maximum over the rounds show the noise.
//!
//! `VETA_BENCH_STATEMENTS` says how many statements a round takes. Client, service and stream server share the cores.

#![expect(clippy::print_stdout, reason = "a bench speaks to who runs it")]

#[path = "support/recorded.rs"]
mod recorded;
#[path = "support/replayed.rs"]
mod replayed;
#[path = "support/said.rs"]
mod said;
#[path = "support/served.rs"]
mod served;
mod support;

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use event::{SignedStatement, StreamPosition};
use journal::cell::JetStreamCell;
use journal::memory::MemoryJournal;
use journal::{APPEND_BATCH_MAX, Journal, Role};
use rpc::audit::GetCheckpointRequest;
use rpc::ingest::{Recorded, SubmitManyRequest, SubmitRequest};
use service::clock::Stopwatch;
use tests::measure::{Latencies, hundredths, idle_time, load, micros, percent, processor_time_of, rate, resident_of};
use tokio::runtime::Runtime;
use tonic::Code;
use tonic::transport::Channel;

use said::{Said, replay_with_log, verify_raw};
use served::{Served, requests};
use support::Stream;

/// Statements a round, unless the environment says otherwise.
const STATEMENTS_DEFAULT: usize = 100_000;
/// How often everything is measured.
const ROUNDS: usize = 3;
/// Statements a round that are submitted one at a time for each latency at low load.
const LATENCIES: usize = 200;
/// Statements that the second client may submit one at a time while the first one submits all it has.
const BESIDE_MAX: usize = 4_000;
/// How long the second client waits after it was told that too much is queued.
const BESIDE_WAIT: Duration = Duration::from_millis(5);

fn main() {
    let count = env::var("VETA_BENCH_STATEMENTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(STATEMENTS_DEFAULT);
    let runtime = Runtime::new().expect("a runtime");
    let said = Said::new(count, BESIDE_MAX, |_, _| Vec::new());
    let mut figures = Figures::default();
    println!("load before: {}", load());
    figures.memory = memory(&runtime, &said);
    for round in 1..=ROUNDS {
        let watch = Stopwatch::start();
        measure(&runtime, &said, &mut figures);
        println!(
            "round {round} of {ROUNDS}: {} s, load {}",
            watch.elapsed().as_secs(),
            load()
        );
    }
    figures.print(&said);
}

fn measure(runtime: &Runtime, said: &Said, figures: &mut Figures) {
    let (batches, single) = runtime.block_on(appends(said));
    figures
        .append_batch
        .push(batches.iter().sum::<Duration>() / u32::try_from(batches.len()).expect("few batches"));
    figures.append.push(rate(said.records.len(), batches.iter().sum()));
    figures.append_one.push(single);
    figures.verify.measure(said.raw.len(), || verify_raw(&said.raw));
    figures
        .replay
        .measure(said.records.len(), || replay_with_log(&said.records));
    let (spent, beside) = runtime.block_on(submit(said));
    figures.submit.push(said.statements.len(), spent.took, spent.own);
    figures.spent.push(spent);
    figures.beside_shed.push(beside.shed);
    figures.receipt_full.push(beside.latencies);
    let (receipt, provable) = runtime.block_on(low_load(said));
    figures.receipt_low.push(receipt);
    figures.provable.push(provable);
}

// The parts.

/// How long each full batch took, and records appended one at a time.
async fn appends(said: &Said) -> (Vec<Duration>, Latencies) {
    let stream = Stream::start().await;
    let journal = stream.open(Role::Ingest).await;
    let mut end = StreamPosition::START;
    let mut batches = Vec::new();
    for batch in said.records.chunks(APPEND_BATCH_MAX) {
        let batch = batch.to_vec();
        let watch = Stopwatch::start();
        end = journal.append(batch, end).await.expect("appended");
        batches.push(watch.elapsed());
    }
    let mut single = Latencies::default();
    for one in &said.records[..LATENCIES] {
        let one = vec![one.clone()];
        let watch = Stopwatch::start();
        end = journal.append(one, end).await.expect("appended");
        single.push(watch.elapsed());
    }
    (batches, single)
}

// The line.
/// One client submits everything as one stream; beside it, another one submits one statement at a time. Returns what the
/// first one took.
async fn submit(said: &Said) -> (Spent, Beside) {
    let stream = Stream::start().await;
    let line = Served::ingest(stream.open(Role::Ingest).await).await;
    line.submit_many(requests(&said.registry)).await;
    let (statements, done) = (requests(&said.statements), Arc::new(AtomicBool::new(false)));
    let other = rpc::client::connect(&line.url).await.expect("connected");
    let beside = tokio::spawn(Beside::submit(other, requests(&said.one_by_one), Arc::clone(&done)));
    let before = Spent::so_far(&stream);
    let took = line.submit_many(statements).await;
    let spent = Spent::so_far(&stream).since(before, took);
    done.store(true, Ordering::Relaxed);
    let beside = beside.await.expect("the second client ends");
    line.stop().await;
    (spent, beside)
}

/// Where the time of the cores went.
#[derive(Clone, Copy, Default)]
struct Spent {
    took: Duration,
    /// Clients and service: this process.
    own: Duration,
    /// The stream server.
    server: Duration,
    /// Nobody, not on this machine.
    idle: Duration,
}

impl Spent {
    fn so_far(stream: &Stream) -> Self {
        let server = stream.server.pid().expect("it runs").to_string();
        Self {
            took: Duration::ZERO,
            own: processor_time_of("self"),
            server: processor_time_of(&server),
            idle: idle_time(),
        }
    }

    fn since(self, before: Self, took: Duration) -> Self {
        Self {
            took,
            own: self.own.saturating_sub(before.own),
            server: self.server.saturating_sub(before.server),
            idle: self.idle.saturating_sub(before.idle),
        }
    }
}

/// What a client sees that submits one statement at a time.
#[derive(Default)]
struct Beside {
    latencies: Latencies,
    /// How often it was told that too much is queued.
    shed: u64,
}

impl Beside {
    async fn submit(channel: Channel, statements: Vec<SubmitManyRequest>, done: Arc<AtomicBool>) -> Self {
        let mut beside = Self::default();
        for SubmitManyRequest { statement } in statements {
            if done.load(Ordering::Relaxed) {
                break;
            }
            let watch = Stopwatch::start();
            while !submit_one(&channel, &statement).await {
                beside.shed += 1;
                tokio::time::sleep(BESIDE_WAIT).await;
            }
            beside.latencies.push(watch.elapsed());
        }
        beside
    }
}

/// Whether it was recorded; if not, too much was queued.
async fn submit_one(channel: &Channel, statement: &[u8]) -> bool {
    let request = SubmitRequest {
        statement: statement.to_vec(),
    };
    match rpc::client::ingest(channel.clone()).submit(request).await {
        Ok(_) => true,
        Err(status) if status.code() == Code::ResourceExhausted => false,
        Err(status) => panic!("not recorded: {status}"),
    }
}

/// The receipt of one statement, and how long it took.
async fn receipt_of(channel: &Channel, statement: &SignedStatement) -> (Recorded, Duration) {
    let request = SubmitRequest {
        statement: statement.encode(),
    };
    let watch = Stopwatch::start();
    let answer = rpc::client::ingest(channel.clone()).submit(request).await;
    let took = watch.elapsed();
    (
        Recorded::try_from(answer.expect("recorded").get_ref()).expect("a receipt"),
        took,
    )
}

/// From submitting one statement to its receipt, and from submitting one to a checkpoint that covers it.
async fn low_load(said: &Said) -> (Latencies, Latencies) {
    let stream = Stream::start().await;
    let line = Served::ingest(stream.open(Role::Ingest).await).await;
    line.submit_many(requests(&said.registry)).await;
    let (mut receipt, mut provable) = (Latencies::default(), Latencies::default());
    let (first, second) = said.one_by_one[..2 * LATENCIES].split_at(LATENCIES);
    for statement in first {
        receipt.push(receipt_of(&line.channel, statement).await.1);
    }
    let journal = stream.open(Role::Audit).await;
    let cell = JetStreamCell::open(journal.connection().clone(), "head", 1).await;
    let log = Served::audit(journal, cell.expect("a cell"), stream.dir("audit"), None).await;
    for statement in second {
        let watch = Stopwatch::start();
        let (recorded, _) = receipt_of(&line.channel, statement).await;
        let covered = GetCheckpointRequest {
            at_least_position: recorded.position.get(),
        };
        rpc::client::audit(log.channel.clone())
            .get_checkpoint(covered)
            .await
            .expect("a checkpoint");
        provable.push(watch.elapsed());
    }
    log.stop().await;
    line.stop().await;
    (receipt, provable)
}

/// What an ingest that has read the whole stream keeps: bytes by which the process grows while it reads.
fn memory(runtime: &Runtime, said: &Said) -> u64 {
    let journal = MemoryJournal::new();
    for record in &said.records {
        journal.push(record.payload.clone());
    }
    let before = resident_of("self");
    let line = runtime.block_on(Served::ingest(journal));
    let after = resident_of("self");
    runtime.block_on(line.stop());
    after.saturating_sub(before)
}

// The table.

/// One figure of each round.
#[derive(Default)]
struct Figures {
    append: Vec<u64>,
    append_batch: Vec<Duration>,
    append_one: Vec<Latencies>,
    verify: Rates,
    submit: Rates,
    spent: Vec<Spent>,
    receipt_low: Vec<Latencies>,
    receipt_full: Vec<Latencies>,
    beside_shed: Vec<u64>,
    provable: Vec<Latencies>,
    replay: Rates,
    memory: u64,
}

/// Something done many times, as often as it fits a second: on the wall clock, where whoever else runs takes their part,
/// and of this process's own processor time.
#[derive(Default)]
struct Rates {
    wall: Vec<u64>,
    processor: Vec<u64>,
}

impl Rates {
    fn measure(&mut self, count: usize, work: impl FnOnce() -> Duration) {
        let before = processor_time_of("self");
        let took = work();
        self.push(count, took, processor_time_of("self").saturating_sub(before));
    }

    fn push(&mut self, count: usize, took: Duration, processor: Duration) {
        self.wall.push(rate(count, took));
        self.processor.push(rate(count, processor));
    }
}

impl Figures {
    fn print(&self, said: &Said) {
        println!(
            "\n{} statements a round, {ROUNDS} rounds, records of {} bytes on average, {} cores",
            said.statements.len(),
            said.record_bytes() / said.records.len(),
            rayon::current_num_threads()
        );
        println!(
            "{:<44}{:>11}{:>11}{:>11}  {:<14}{:<38}{:>7}{:>8}{:>7}",
            "", "min", "median", "max", "unit", "baseline", "min", "median", "max"
        );
        self.print_rates(said);
        self.print_latencies();
        self.print_memory(said);
    }

    fn print_rates(&self, said: &Said) {
        let (verify, replay) = (&self.verify, &self.replay);
        let both = self.append.iter().zip(&verify.wall);
        let smaller: Vec<_> = both.map(|(append, verify)| *append.min(verify)).collect();
        let processor = "    the same a second of processor time";
        let statements = "statements/s";
        row("(a) raw appends in batches of 1,000", &self.append, "records/s", None);
        row("(b) raw verify_strict on all cores", &verify.wall, "signatures/s", None);
        row(processor, &verify.processor, "signatures/s", None);
        let base = Some(("the smaller of (a) and (b)", smaller.as_slice()));
        row(
            "(c) SubmitMany, each with its receipt",
            &self.submit.wall,
            statements,
            base,
        );
        let base = Some(("(b) a second of processor time", verify.processor.as_slice()));
        row(processor, &self.submit.processor, statements, base);
        self.print_spent(said);
        let base = Some(("(b)", verify.wall.as_slice()));
        row("(f) replay with the log on all cores", &replay.wall, statements, base);
        let base = Some(("(b) a second of processor time", verify.processor.as_slice()));
        row(processor, &replay.processor, statements, base);
    }

    /// Nanoseconds of a core a statement, during (c): what all cores had, and who took it.
    fn print_spent(&self, said: &Said) {
        let (cores, count) = (rayon::current_num_threads() as u128, said.statements.len() as u128);
        let all: Vec<_> = self.spent.iter().map(|spent| nanos(spent.took, cores, count)).collect();
        let share = |of: fn(&Spent) -> Duration| -> Vec<_> {
            self.spent.iter().map(|spent| nanos(of(spent), 1, count)).collect()
        };
        let base = Some(("the time of all cores", all.as_slice()));
        row(
            "    of a statement: clients and service",
            &share(|spent| spent.own),
            "ns",
            base,
        );
        row(
            "    of a statement: nats-server",
            &share(|spent| spent.server),
            "ns",
            base,
        );
        row("    of a statement: idle", &share(|spent| spent.idle), "ns", base);
    }

    fn print_latencies(&self) {
        let batch: Vec<_> = self.append_batch.iter().copied().map(micros).collect();
        for percent in [50, 99] {
            let one = of(&self.append_one, percent);
            let (one, batch) = (
                ("raw append of one record", &one),
                ("raw append of a full batch", &batch),
            );
            let latency = |what: &str, latencies, (baseline, base): (&str, &Vec<u64>)| {
                let what = format!("{what}, p{percent}");
                row(&what, &of(latencies, percent), "us", Some((baseline, base)));
            };
            latency("(d) submit to receipt, low load", &self.receipt_low, one);
            latency("(d) submit to receipt, full load", &self.receipt_full, batch);
            latency("(e) submit to provable, low load", &self.provable, one);
        }
        let count = |latencies: &Latencies| latencies.count() as u64;
        let count: Vec<_> = self.receipt_full.iter().map(count).collect();
        row("    submitted one at a time at full load", &count, "statements", None);
        row(
            "    told meanwhile to try again later",
            &self.beside_shed,
            "times",
            None,
        );
    }

    fn print_memory(&self, said: &Said) {
        let million = |bytes: u64| bytes * 1_000_000 / said.records.len() as u64 / (1 << 20);
        let wire = million(said.record_bytes() as u64);
        let base = Some(("the records themselves", &[wire][..]));
        row(
            "(g) memory of ingest, scaled to a million",
            &[million(self.memory)],
            "MiB",
            base,
        );
    }
}

fn of(latencies: &[Latencies], percent: usize) -> Vec<u64> {
    latencies
        .iter()
        .map(|latencies| latencies.percentile(percent))
        .collect()
}

/// A figure over the rounds, and its ratio to a baseline of the same round.
fn row(what: &str, values: &[u64], unit: &str, baseline: Option<(&str, &[u64])>) {
    let [min, median, max] = spread(values.to_vec());
    print!("{what:<44}{min:>11}{median:>11}{max:>11}  {unit:<14}");
    let Some((baseline, base)) = baseline else {
        return println!();
    };
    let [least, middle, most] = spread(
        values
            .iter()
            .zip(base)
            .map(|(value, base)| percent(*value, *base))
            .collect(),
    );
    let [least, middle, most] = [least, middle, most].map(hundredths);
    println!("{baseline:<38}{least:>7}{middle:>8}{most:>7}");
}

fn spread(mut values: Vec<u64>) -> [u64; 3] {
    values.sort_unstable();
    [values[0], values[values.len() / 2], values[values.len() - 1]]
}

fn nanos(took: Duration, times: u128, count: u128) -> u64 {
    u64::try_from(took.as_nanos() * times / count.max(1)).unwrap_or(u64::MAX)
}
