//! From submitting a statement to a checkpoint that covers it: the whole line on a real stream.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use audit::Witnessing;
use event::SignedStatement;
use journal::Role;
use journal::cell::JetStreamCell;
use rpc::ingest::{Recorded, SubmitRequest};
use service::clock::Stopwatch;
use tests::measure::Latencies;
use tonic::Code;
use tonic::transport::Channel;

use crate::appends::covers;
use crate::said::Said;
use crate::served::{Served, requests};
use crate::support::Stream;
use crate::told::row;
use crate::witnesses::{COUNT, Witnesses};

/// Statements that are submitted one at a time beside each load.
pub(crate) const ONE_BY_ONE: usize = 300;
/// Loads beside which statements are submitted one at a time.
pub(crate) const LOADS: usize = 3;
/// Statements a second of the load that can be kept up on two cores, with all services on them, and how many in all.
const PACED_A_SECOND: usize = 2_000;
const PACED_MAX: usize = 10_000;
/// In how many parts a second's are said.
const PARTS_A_SECOND: u32 = 20;
/// How long who submits one waits after it was told that too much is queued.
const SHED_WAIT: Duration = Duration::from_millis(5);

/// What was measured under each load.
type Measured = [(String, Latencies); LOADS];

/// Prints how long it takes without witnesses, and with some, all of which have to cosign.
pub(crate) async fn measure(said: &Said) {
    let alone = line(said, None).await;
    let (witnesses, witnessing) = Witnesses::start().await;
    let cosigned = line(said, Some(witnessing)).await;
    witnesses.stop().await;
    println!("\nfrom submitting to a published checkpoint");
    for ((load, alone), (_, cosigned)) in alone.iter().zip(&cosigned) {
        for percent in [50, 99] {
            let base = alone.percentile(percent);
            let what = format!("(g) cosigned by {COUNT}, {load}, p{percent}");
            row(
                &what,
                cosigned.percentile(percent),
                "us",
                Some(("without witnesses", base)),
            );
        }
    }
}

async fn line(said: &Said, witnessing: Option<Witnessing>) -> Measured {
    let stream = Stream::start().await;
    let line = Served::ingest(stream.open(Role::Ingest).await).await;
    line.submit_many(requests(&said.registry)).await;
    let journal = stream.open(Role::Audit).await;
    let cell = JetStreamCell::open(journal.connection().clone(), "head", 1).await;
    let log = Served::audit(journal, cell.expect("a cell"), stream.dir("audit"), witnessing).await;
    let (paced, full) = said.statements.split_at(PACED_MAX.min(said.statements.len() / 2));
    let mut one_by_one = said.one_by_one.chunks(ONE_BY_ONE);
    let mut next = || one_by_one.next().expect("as many as loads");
    let measured = [
        (
            "nobody else".to_owned(),
            beside(&line, &log, next(), async {}, true).await,
        ),
        (
            format!("{PACED_A_SECOND}/s beside"),
            beside(&line, &log, next(), pace(&line, paced), false).await,
        ),
        (
            "full speed beside".to_owned(),
            beside(&line, &log, next(), submit_all(&line, full), false).await,
        ),
    ];
    log.stop().await;
    line.stop().await;
    measured
}

/// Submits one after the other beside a load, until it has ended or, where there is none, until all are said.
async fn beside(
    line: &Served,
    log: &Served,
    said: &[SignedStatement],
    load: impl Future<Output = ()>,
    to_end: bool,
) -> Latencies {
    let done = Arc::new(AtomicBool::new(false));
    let other = rpc::client::connect(&line.url).await.expect("connected");
    let (seen, statements, ended) = (log.channel.clone(), said.to_vec(), Arc::clone(&done));
    let beside = tokio::spawn(async move { one_by_one(&other, &seen, &statements, &ended).await });
    load.await;
    done.store(!to_end, Ordering::Relaxed);
    beside.await.expect("the second client ends")
}

async fn submit_all(line: &Served, statements: &[SignedStatement]) {
    line.submit_many(requests(statements)).await;
}

/// Submits so many a second, as many at once as make a part of it.
async fn pace(line: &Served, statements: &[SignedStatement]) {
    let mut parts = tokio::time::interval(Duration::from_secs(1) / PARTS_A_SECOND);
    for part in statements.chunks(PACED_A_SECOND / PARTS_A_SECOND as usize) {
        parts.tick().await;
        submit_all(line, part).await;
    }
}

/// Submits one after the other until all are said or the other client is done.
async fn one_by_one(line: &Channel, log: &Channel, statements: &[SignedStatement], done: &AtomicBool) -> Latencies {
    let mut latencies = Latencies::default();
    for statement in statements {
        if done.load(Ordering::Relaxed) {
            break;
        }
        let watch = Stopwatch::start();
        let position = submit(line, statement).await.position.get();
        // At full speed over minutes, the log can be further behind than a question waits.
        while !covers(log, position).await {}
        latencies.push(watch.elapsed());
    }
    latencies
}

/// Submits it again and again until it is recorded.
async fn submit(line: &Channel, statement: &SignedStatement) -> Recorded {
    let request = SubmitRequest {
        statement: statement.encode(),
    };
    loop {
        match rpc::client::ingest(line.clone()).submit(request.clone()).await {
            Ok(answer) => return Recorded::try_from(answer.get_ref()).expect("a receipt"),
            Err(status) if status.code() == Code::ResourceExhausted => tokio::time::sleep(SHED_WAIT).await,
            Err(status) => panic!("not recorded: {status}"),
        }
    }
}
