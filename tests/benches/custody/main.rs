//! Custody, measured with lots that are made of thousands of others: the real service on a stream in memory, and its rows
//! behind the real door.
//!
//! Three bars are asked about: one of a short lineage, one of a long one, and one of many origins. The same is asked of
//! rows that hold little else, and of rows that hold many lots besides: what a trace costs must grow with the lot's own
//! lineage, and not with the number of lots.
//!
//! One run prints every figure with its baseline from the same run: absolute figures are worth little on a shared machine,
//! and ratios are. `VETA_BENCH_LOTS` says how many lots there are besides; with a million of them, the long lineage has
//! 10,000 lots, and the bar of many origins 5,000. Client and service share the cores.

#![expect(clippy::print_stdout, reason = "a bench speaks to who runs it")]

#[path = "../support/chance.rs"]
mod chance;
#[path = "../support/child.rs"]
mod child;
mod invented;
#[path = "../support/parties.rs"]
mod parties;
#[path = "../support/recorded.rs"]
mod recorded;
#[path = "../support/replayed.rs"]
mod replayed;
mod rows;
#[path = "../support/told.rs"]
mod told;
mod traces;
mod verdict;

use std::env;
use std::time::Duration;

use ::replay::{Replica, Verdict};
use ::service::clock::Stopwatch;
use event::DeploymentId;
use journal::Append;
use tests::measure::{hundredths, load, millis, percent, processor_time_of, rate, resident_of};
use tokio::runtime::Runtime;

use child::{Child, SERVE};
use invented::{Invented, Shape};
use replayed::replay;
use rows::{Folded, fold, serve};
use told::{report, row, tell};
use traces::{Asked, Known, traces};
use verdict::{Judged, facts, judge_all};

/// Lots besides those of the lineages, unless the environment says otherwise.
const LOTS_DEFAULT: usize = 10_000;
/// Of so many lots besides, one is in the long lineage, within these bounds.
const LOTS_OF_LINEAGE: usize = 100;
const LINEAGE_LOTS_MIN: usize = 1_000;
const LINEAGE_LOTS_MAX: usize = 10_000;
const LEVELS: usize = 40;
const GROUP: usize = 5;
/// 60 lots over 5 levels.
const SHORT: Shape = Shape {
    levels: 5,
    width: 12,
    group: 4,
};

fn main() {
    let runtime = Runtime::new().expect("a runtime");
    let mut arguments = env::args().skip(1);
    if arguments.next().as_deref() == Some(SERVE) {
        return runtime.block_on(serve(arguments));
    }
    let others: usize = env::var("VETA_BENCH_LOTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(LOTS_DEFAULT);
    println!("load before: {}", load());
    let said = Said::new(others);
    said.print();
    let (few, many) = (&said.records[..said.own], &said.records[..]);
    let few = runtime.block_on(Measured::take(&said, few, 0));
    let many = runtime.block_on(Measured::take(&said, many, others));
    print_work(&few, &many);
    print_answers(&few, &many);
    print_verdicts(&many);
    println!("load after: {}", load());
}

/// Everything that was said, as it stands in the stream.
struct Said {
    deployment: DeploymentId,
    records: Vec<Append>,
    /// How many of them are about the lots that are asked about.
    own: usize,
    /// The lots of all lineages.
    lots: usize,
    long: Shape,
    origins: usize,
    known: Known,
}

impl Said {
    fn new(others: usize) -> Self {
        let watch = Stopwatch::start();
        let lots = (others / LOTS_OF_LINEAGE).clamp(LINEAGE_LOTS_MIN, LINEAGE_LOTS_MAX);
        let long = Shape {
            levels: LEVELS,
            width: lots / LEVELS / GROUP * GROUP,
            group: GROUP,
        };
        let origins = lots / 2;
        let mut invented = Invented::found(origins as u64);
        let known = Known {
            short: invented.lineage(SHORT),
            long: invented.lineage(long),
            wide: invented.gathered(origins),
        };
        let own = invented.records().len();
        invented.declare_others(others);
        report("signed", watch.elapsed());
        Self {
            deployment: invented.deployment(),
            records: invented.records().to_vec(),
            own,
            lots: SHORT.lots() + long.lots() + origins,
            long,
            origins,
            known,
        }
    }

    fn print(&self) {
        println!(
            "\nINVENTED lots, quantities, organizations and standings. Short lineage: {} lots over {} levels. Long lineage: \
             {} lots over {} levels. Many origins: {} lots of as many sites. {} cores",
            SHORT.lots(),
            SHORT.levels,
            self.long.lots(),
            self.long.levels,
            self.origins,
            rayon::current_num_threads()
        );
    }
}

/// What was measured with one number of lots.
struct Measured {
    lots: usize,
    statements: usize,
    /// The same records verified and stepped through, with the ledger and without rows.
    step: Duration,
    step_processor: Duration,
    ledger_bytes: u64,
    stream_bytes: u64,
    folded: Folded,
    /// From the start of a process with all rows there until it serves.
    opened: Duration,
    /// Bytes in memory of that process before it was asked anything, and after everything.
    memory: [u64; 2],
    answers: Vec<(&'static str, Asked)>,
    judged: Vec<Judged>,
    /// From the first question until all facts for a verdict are there and made into what is judged.
    gathered: Duration,
}

impl Measured {
    async fn take(said: &Said, records: &[Append], others: usize) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let rows = dir.path().join("custody-rows");
        let (before, ran) = (resident_of("self"), processor_time_of("self"));
        let (replica, step) = replay(records, Replica::new(), |step| {
            let Verdict::Admitted(_) = step.verdict else {
                panic!("what is invented is refused: {:?}", step.verdict);
            };
        });
        let step_processor = processor_time_of("self").saturating_sub(ran);
        let ledger_bytes = resident_of("self").saturating_sub(before);
        drop(replica);
        report("stepped through", step);
        let folded = fold(records, &rows).await;
        report("folded", folded.took);

        let watch = Stopwatch::start();
        let deployment = said.deployment.to_string();
        let mut child = Child::start(&[rows.as_ref(), deployment.as_ref()]).await;
        child.serving().await;
        let opened = watch.elapsed();
        report("opened", opened);
        let opened_with = resident_of(&child.process());
        let mut answers = Vec::new();
        for trace in traces(said.known) {
            tell(trace.name);
            answers.push((trace.name, trace.measure(&child).await));
        }
        let asked_with = resident_of(&child.process());
        report("asked", watch.elapsed().saturating_sub(opened));
        let watch = Stopwatch::start();
        let facts = facts(&rpc::client::custody(child.channel()), said.known.wide).await;
        let gathered = watch.elapsed();
        child.stop().await;
        assert_eq!(facts.origins.len(), said.origins, "every organization contributed");
        Self {
            lots: said.lots + others,
            statements: records.len(),
            step,
            step_processor,
            ledger_bytes,
            stream_bytes: records.iter().map(|record| record.payload.len() as u64).sum(),
            folded,
            opened,
            memory: [opened_with, asked_with],
            answers,
            judged: judge_all(&facts),
            gathered,
        }
    }

    fn print(&self) {
        let (lots, count, folded) = (self.lots as u64, self.statements, &self.folded);
        println!("\n{lots} lots, {count} statements");
        let step = ("Replica::step alone, verifying included", rate(count, self.step));
        row("(a) fold", rate(count, folded.took), "statements/s", Some(step));
        let step = (
            "Replica::step alone, verifying included",
            rate(count, self.step_processor),
        );
        let ran = rate(count, folded.processor);
        row("    a second of processor time", ran, "statements/s", Some(step));
        let step = ("Replica::step alone, verifying included", millis(self.step));
        row("    how long it takes", millis(folded.took), "ms", Some(step));
        let stream = ("all records of the stream", self.stream_bytes / lots);
        row(
            "(b) disk a lot, with all else",
            folded.disk / lots,
            "bytes",
            Some(stream),
        );
        let ledger = ("the ledger alone", self.ledger_bytes / lots);
        row(
            "(c) memory a lot, while it folds",
            folded.resident / lots,
            "bytes",
            Some(ledger),
        );
        row(
            "(d) start of the door with the rows there",
            millis(self.opened),
            "ms",
            None,
        );
        let [opened, asked] = self.memory.map(|bytes| bytes >> 20);
        let opened = ("before it was asked anything", opened);
        row(
            "(e) memory of the door, after all questions",
            asked,
            "MiB",
            Some(opened),
        );
    }
}

fn print_work(few: &Measured, many: &Measured) {
    println!(
        "{:<52}{:>11}  {:<13}{:<42}{:>11}{:>8}",
        "", "figure", "unit", "baseline", "", "ratio"
    );
    few.print();
    many.print();
}

/// Answers from few and from many lots, and how much longer they take from many.
fn print_answers(few: &Measured, many: &Measured) {
    print!("\n{:<46}", "how long an answer takes, us; lots:");
    for of in [few, many] {
        print!("{:>20}", of.lots);
    }
    println!("{:>20}", "many to few");
    println!(
        "{:<46}{:>11}{:>9}{:>11}{:>9}{:>11}{:>9}{:>7}{:>7}{:>11}{:>13}{:>7}",
        "", "p50", "p99", "p50", "p99", "p50", "p99", "pages", "rows", "bytes", "memory KiB", "asked"
    );
    for ((name, base), (_, asked)) in few.answers.iter().zip(&many.answers) {
        let at = |of: &Asked, at| of.latencies.percentile(at);
        let grown = |percentile| hundredths(percent(at(asked, percentile), at(base, percentile)));
        let answered = asked.answered;
        println!(
            "{name:<46}{:>11}{:>9}{:>11}{:>9}{:>11}{:>9}{:>7}{:>7}{:>11}{:>13}{:>7}",
            at(base, 50),
            at(base, 99),
            at(asked, 50),
            at(asked, 99),
            grown(50),
            grown(99),
            answered.pages,
            answered.rows,
            answered.bytes,
            asked.grown >> 10,
            asked.latencies.count()
        );
    }
}

fn print_verdicts(of: &Measured) {
    println!(
        "\nverdict on the bar of many origins, INVENTED standings; its facts are there after {} ms",
        millis(of.gathered)
    );
    for judged in &of.judged {
        println!(
            "{:<46}{:>11}{:>9}  us, p50 and p99; {:?}, {} reasons",
            format!("by the policy {:?}", judged.policy),
            judged.latencies.percentile(50),
            judged.latencies.percentile(99),
            judged.verdict.outcome,
            judged.verdict.reasons.len()
        );
    }
}
