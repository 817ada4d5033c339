//! From submitting a statement to a checkpoint that covers it: the whole line on a real stream.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use event::SignedStatement;
use journal::Role;
use journal::cell::JetStreamCell;
use rpc::audit::GetCheckpointRequest;
use rpc::ingest::{Recorded, SubmitRequest};
use service::clock::Stopwatch;
use tests::measure::Latencies;
use tonic::Code;
use tonic::transport::Channel;

use crate::said::Said;
use crate::served::{Served, requests};
use crate::support::Stream;
use crate::told::row;

/// Statements that are submitted one at a time, while nothing else is said and again while much is.
pub(crate) const ONE_BY_ONE: usize = 300;
/// How long who submits one waits after it was told that too much is queued.
const SHED_WAIT: Duration = Duration::from_millis(5);

/// Prints how long it takes, with nobody else there, and beside another client that submits as fast as it is let.
pub(crate) async fn measure(said: &Said) {
    let stream = Stream::start().await;
    let line = Served::ingest(stream.open(Role::Ingest).await).await;
    line.submit_many(requests(&said.registry)).await;
    let journal = stream.open(Role::Audit).await;
    let cell = JetStreamCell::open(journal.connection().clone(), "head", 1).await;
    let log = Served::audit(journal, cell.expect("a cell"), stream.dir("audit")).await;
    let (low, full) = said.one_by_one.split_at(ONE_BY_ONE);
    let low = one_by_one(&line.channel, &log.channel, low, &AtomicBool::new(false)).await;
    let (done, statements) = (Arc::new(AtomicBool::new(false)), full.to_vec());
    let other = rpc::client::connect(&line.url).await.expect("connected");
    let (seen, ended) = (log.channel.clone(), Arc::clone(&done));
    let beside = tokio::spawn(async move { one_by_one(&other, &seen, &statements, &ended).await });
    line.submit_many(requests(&said.statements)).await;
    done.store(true, Ordering::Relaxed);
    let full = beside.await.expect("the second client ends");
    log.stop().await;
    line.stop().await;
    println!("\nfrom submitting to a published checkpoint");
    for percent in [50, 99] {
        let low = low.percentile(percent);
        row(&format!("(g) nobody else, p{percent}"), low, "us", None);
        let full = full.percentile(percent);
        row(
            &format!("    beside a client at full speed, p{percent}"),
            full,
            "us",
            Some(("nobody else", low)),
        );
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
        let covered = GetCheckpointRequest {
            at_least_position: submit(line, statement).await.position.get(),
        };
        let checkpoint = rpc::client::audit(log.clone()).get_checkpoint(covered).await;
        checkpoint.expect("a checkpoint");
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
