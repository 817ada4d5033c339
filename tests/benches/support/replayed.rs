//! A replay to compare with, and a place to answer: shared by all benches.

use std::net::Ipv4Addr;
use std::time::Duration;

use bytes::Bytes;
use journal::Append;
use replay::{Checked, Replica, Step, check};
use service::clock::Stopwatch;
use service::parallel::map_all_while;
use tokio::net::TcpListener;

/// Records that a replay checks while it steps through as many before them.
const REPLAY_BATCH: usize = 1_000;

/// A free port, and the address of who answers there.
pub(crate) async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    (listener, url)
}

/// Checks every record on all cores while it steps through those before; `see` is shown each step.
pub(crate) fn replay(
    records: &[Append],
    mut replica: Replica,
    see: impl Fn(Step) + Send + Sync,
) -> (Replica, Duration) {
    let payloads: Vec<Bytes> = records.iter().map(|record| record.payload.clone()).collect();
    let watch = Stopwatch::start();
    see(replica.step(check(None, payloads[0].clone())));
    let deployment = replica.deployment();
    let mut checked: Vec<Checked> = Vec::new();
    for batch in payloads[1..].chunks(REPLAY_BATCH).chain([[].as_slice()]) {
        let step_before = || checked.drain(..).for_each(|record| see(replica.step(record)));
        let check_next = |payload| check(deployment, payload);
        (checked, ()) = map_all_while(batch.to_vec(), check_next, step_before);
    }
    let took = watch.elapsed();
    assert_eq!(
        replica.position().get(),
        records.len() as u64,
        "every record was stepped through"
    );
    (replica, took)
}
