//! Progress, measured with as many organizations as the world may have: the real service on a real stream.
//!
//! Invented organizations are assessed twenty times by every criterion of the shipped catalogue, over five years; some
//! adopt plans, report, have incidents. Their statements are appended at full speed while the service follows; then it
//! is asked everything a buyer may ask, started again, and made to rebuild its rows. All of that happens for a hundredth
//! and a tenth of the organizations, too: what an answer costs must not grow with the number of others.
//!
//! One run prints every figure with its baseline from the same run: absolute figures are worth little on a shared
//! machine, and ratios are. `VETA_BENCH_ORGANIZATIONS` says how many organizations there are; a hundred take some
//! seconds. Client, service and stream server share the cores.

#![expect(clippy::print_stdout, reason = "a bench speaks to who runs it")]

#[path = "../support/chance.rs"]
mod chance;
#[path = "../support/child.rs"]
mod child;
mod invented;
#[path = "../support/parties.rs"]
mod parties;
mod questions;
#[path = "../support/recorded.rs"]
mod recorded;
#[path = "../support/replayed.rs"]
mod replayed;
mod service;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/told.rs"]
mod told;

use std::env;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ::replay::{Replica, Verdict, check};
use ::service::clock::Stopwatch;
use ::service::parallel::map_all;
use event::StreamPosition;
use event::vocabulary::EventKind;
use journal::{APPEND_BATCH_MAX, Append, Journal, Role};
use rpc::progress::ListOrganizationsRequest;
use tests::measure::{Latencies, bytes_below, hundredths, load, millis, percent, processor_time_of, rate, resident_of};
use tokio::runtime::Runtime;

use child::SERVE;
use invented::{Invented, ROUNDS};
use questions::{Known, questions};
use replayed::replay;
use service::{Service, Taken, serve};
use support::Stream;
use told::{report, row, tell};

/// Organizations, unless the environment says otherwise.
const ORGANIZATIONS_DEFAULT: u64 = 10_000;

fn main() {
    let runtime = Runtime::new().expect("a runtime");
    let mut arguments = env::args().skip(1);
    if arguments.next().as_deref() == Some(SERVE) {
        return runtime.block_on(serve(arguments));
    }
    let organizations: u64 = env::var("VETA_BENCH_ORGANIZATIONS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(ORGANIZATIONS_DEFAULT);
    println!("load before: {}", load());
    let mut sizes = vec![organizations / 100, organizations / 10, organizations];
    sizes.retain(|size| 0 < *size);
    let mut measured = Vec::new();
    for size in sizes {
        measured.push(Measured::take(&runtime, size));
    }
    let largest = measured.last().expect("at least one organization");
    largest.print();
    print_answers(&measured);
    println!("load after: {}", load());
}

/// Everything that was said, as it stands in the stream.
struct Said {
    records: Vec<Append>,
    known: Known,
    /// Assessments, and all bytes of their records.
    assessments: usize,
    assessment_bytes: usize,
    findings: usize,
    /// How long everything took to read and verify, on all cores.
    check: Duration,
    /// How long everything took to read, verify and step through, with the ledger and without rows.
    step: Work,
    /// By how much memory grew for the ledger.
    ledger_bytes: u64,
}

impl Said {
    fn new(organizations: u64) -> Self {
        let (mut invented, mut records) = Invented::found(organizations);
        let enrolled = records.len() as u64;
        for round in 0..ROUNDS {
            tell(&format!(
                "{organizations} organizations: round {} of {ROUNDS} is signed",
                round + 1
            ));
            records.extend(invented.round(round));
        }
        let (count, bytes) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let (before, ran) = (resident_of("self"), processor_time_of("self"));
        let (replica, took) = replay(&records, Replica::new(), |step| {
            let Verdict::Admitted(_) = step.verdict else {
                panic!("what is invented is refused: {:?}", step.verdict);
            };
            let statement = step.statement.expect("what is admitted is a statement");
            if statement.event().kind() == EventKind::AssessmentSubmitted {
                let place = usize::try_from(step.position.get() - 1).expect("in memory");
                count.fetch_add(1, Ordering::Relaxed);
                bytes.fetch_add(records[place].payload.len(), Ordering::Relaxed);
            }
        });
        let processor = processor_time_of("self").saturating_sub(ran);
        let step = Work { took, processor };
        let ledger_bytes = resident_of("self").saturating_sub(before);
        drop(replica);
        let payloads: Vec<_> = records.iter().map(|record| record.payload.clone()).collect();
        let (deployment, watch) = (invented.deployment(), Stopwatch::start());
        let checked = map_all(payloads, |payload| drop(check(Some(deployment), payload)));
        let check = watch.elapsed();
        assert_eq!(checked.len(), records.len());
        let assessments = count.into_inner();
        let end = records.len() as u64;
        Self {
            assessments,
            assessment_bytes: bytes.into_inner(),
            findings: assessments * invented.criteria(),
            known: Known {
                organizations: invented.organizations().collect(),
                past: enrolled.midpoint(end),
                end,
                criterion: 0,
            },
            check,
            step,
            ledger_bytes,
            records,
        }
    }

    fn end(&self) -> StreamPosition {
        StreamPosition::new(self.known.end)
    }
}

/// What was measured with one number of organizations.
struct Measured {
    said: Said,
    /// From the first append until the last one shows in answers, and what the service took for it.
    import: Work,
    /// The appends alone, while the service followed.
    append: Duration,
    /// From the start on a full stream without rows until everything is there.
    rebuild: Work,
    /// From the start on a full stream with all rows there until it serves.
    restart: Duration,
    /// What it ran on a processor until its state was there, too.
    settled: Duration,
    /// Bytes in memory before anything was said, and after everything.
    memory: [u64; 3],
    disk: u64,
    first_list: Duration,
    first_position: Duration,
    answers: Vec<(&'static str, Latencies, usize)>,
}

/// How long something took, and for how long who did it ran on processors.
#[derive(Clone, Copy)]
struct Work {
    took: Duration,
    processor: Duration,
}

impl Work {
    fn since(watch: Stopwatch, before: Duration, after: Taken) -> Self {
        Self {
            took: watch.elapsed(),
            processor: after.processor.saturating_sub(before),
        }
    }
}

impl Measured {
    fn take(runtime: &Runtime, organizations: u64) -> Self {
        let watch = Stopwatch::start();
        let said = Said::new(organizations);
        let (statements, assessments) = (said.records.len(), said.assessments);
        let seconds = watch.elapsed().as_secs();
        println!(
            "{organizations} organizations: {statements} statements, {assessments} of them assessments; {seconds} s"
        );
        runtime.block_on(Self::take_from(said))
    }

    async fn take_from(mut said: Said) -> Self {
        let stream = Stream::start().await;
        let dir = stream.dir("progress-rows");
        let journal = stream.open(Role::Ingest).await;
        let founding = said.records[..1].to_vec();
        let mut end = journal.append(founding, StreamPosition::START).await.expect("appended");
        let mut service = Service::start(&stream, &dir).await;
        service.serving().await;
        let empty = service.taken();
        let watch = Stopwatch::start();
        for batch in said.records[1..].chunks(APPEND_BATCH_MAX) {
            end = journal.append(batch.to_vec(), end).await.expect("appended");
            tell(&format!("appended up to {end} of {}", said.end()));
        }
        let append = watch.elapsed();
        service.reach(said.end(), tell).await;
        let full = service.taken();
        let import = Work::since(watch, empty.processor, full);
        report("imported", import.took);
        service.stop().await;
        let disk = bytes_below(&dir);

        let watch = Stopwatch::start();
        let mut service = Service::start(&stream, &dir).await;
        service.serving().await;
        service.reach(said.end(), tell).await;
        let restart = watch.elapsed();
        report("started again", restart);
        let (first_list, _) = questions::list(service.client(), &ListOrganizationsRequest::default()).await;
        service.settle().await;
        let restarted = service.taken();
        let one = said.known.organizations[0].to_string();
        let (_, organization) = questions::organization(service.client(), one, 0).await;
        let asked = organization
            .answers
            .first()
            .and_then(|answer| answer.criterion.as_ref());
        said.known.criterion = asked.expect("everyone is assessed by all criteria").number;
        let (first_position, _) = questions::position(service.client(), true).await;
        let watch = Stopwatch::start();
        let mut answers = Vec::new();
        for question in questions(&said.known) {
            tell(question.name);
            let (latencies, rows) = question.measure(&service.client(), &said.known).await;
            answers.push((question.name, latencies, rows));
        }
        report("asked", watch.elapsed());
        service.stop().await;

        fs::remove_dir_all(&dir).expect("rows of our own");
        let watch = Stopwatch::start();
        let mut service = Service::start(&stream, &dir).await;
        service.serving().await;
        service.reach(said.end(), tell).await;
        let rebuild = Work::since(watch, Duration::ZERO, service.taken());
        report("rebuilt", rebuild.took);
        service.stop().await;
        Self {
            said,
            import,
            append,
            rebuild,
            restart,
            settled: restarted.processor,
            memory: [empty, full, restarted].map(|taken| taken.resident),
            disk,
            first_list,
            first_position,
            answers,
        }
    }

    fn print(&self) {
        let said = &self.said;
        let (organizations, statements) = (said.known.organizations.len(), said.records.len());
        println!(
            "\n{organizations} INVENTED organizations, {ROUNDS} assessments each, {} findings an assessment, {statements} \
             statements in all; {} cores",
            said.findings / said.assessments,
            rayon::current_num_threads()
        );
        println!(
            "{:<52}{:>11}  {:<13}{:<42}{:>11}{:>8}",
            "", "figure", "unit", "baseline", "", "ratio"
        );
        self.print_work();
        self.print_bytes();
    }

    fn print_work(&self) {
        let said = &self.said;
        let count = said.records.len();
        let rated = |what: &str, took, base| {
            let step = ("Replica::step alone, verifying included", rate(count, base));
            row(what, rate(count, took), "statements/s", Some(step));
        };
        let timed = |what: &str, took, base| {
            let step = ("Replica::step alone, verifying included", millis(base));
            row(what, millis(took), "ms", Some(step));
        };
        let processor = "    a second of processor time";
        let Work { took, processor: ran } = said.step;
        rated("(a) import: append until it is answered", self.import.took, took);
        rated(processor, self.import.processor, ran);
        let check = ("reading and verifying alone, all cores", rate(count, said.check));
        row(
            "    appended meanwhile",
            rate(count, self.append),
            "statements/s",
            Some(check),
        );
        let findings = ("the same, statements a second", rate(count, self.import.took));
        let imported = rate(said.findings, self.import.took);
        row("    findings imported", imported, "findings/s", Some(findings));
        rated("(b) rebuild: no rows, full stream", self.rebuild.took, took);
        rated(processor, self.rebuild.processor, ran);
        timed("    how long it takes", self.rebuild.took, took);
        timed("(c) start with the rows there, until it serves", self.restart, took);
        timed("    processor time until its state is there", self.settled, ran);
        row(
            "    the first list after it serves",
            millis(self.first_list),
            "ms",
            None,
        );
        row(
            "    the first digest of all rows",
            millis(self.first_position),
            "ms",
            None,
        );
    }

    fn print_bytes(&self) {
        let said = &self.said;
        let each = |bytes: u64| bytes / said.assessments as u64;
        let all: usize = said.records.iter().map(|record| record.payload.len()).sum();
        let itself = ("its record in the stream", each(said.assessment_bytes as u64));
        let stream = ("all records of the stream", each(all as u64));
        let [empty, full, restarted] = self.memory;
        let bytes = |what: &str, bytes, base| row(what, bytes, "bytes", Some(base));
        bytes("(d) disk an assessment, with all else", each(self.disk), itself);
        bytes("    the same", each(self.disk), stream);
        let grown = |full: u64| each(full.saturating_sub(empty));
        bytes("(e) memory an assessment, after the import", grown(full), itself);
        let ledger = ("the ledger alone", each(said.ledger_bytes));
        bytes("    the same", grown(full), ledger);
        bytes("    after a start with the rows there", grown(restarted), ledger);
        let mib = |bytes: u64| bytes >> 20;
        let before = ("before anything was said", mib(empty));
        row("    memory in all, after the import", mib(full), "MiB", Some(before));
    }
}

/// Answers at each size, and how much longer they take among the most than among the fewest organizations.
fn print_answers(measured: &[Measured]) {
    let (fewest, most) = (&measured[0], &measured[measured.len() - 1]);
    print!("\n{:<46}", "how long an answer takes, us; organizations:");
    for of in measured {
        print!("{:>20}", of.said.known.organizations.len());
    }
    println!("{:>22}{:>9}", "most to fewest", "rows");
    print!("{:<46}", "");
    for _ in measured {
        print!("{:>11}{:>9}", "p50", "p99");
    }
    println!("{:>13}{:>9}", "p50", "p99");
    for (at, (name, latencies, rows)) in most.answers.iter().enumerate() {
        print!("{name:<46}");
        for of in measured {
            let (_, latencies, _) = &of.answers[at];
            print!("{:>11}{:>9}", latencies.percentile(50), latencies.percentile(99));
        }
        let (_, base, _) = &fewest.answers[at];
        let grown = |at| hundredths(percent(latencies.percentile(at), base.percentile(at)));
        println!("{:>13}{:>9}{rows:>9}", grown(50), grown(99));
    }
}
