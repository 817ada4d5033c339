//! Bundles as a buyer has them: how large, and how long it takes to verify one without a network.

use std::hint::black_box;

use replay::bundle::verify;
use service::clock::Stopwatch;
use tests::measure::{Latencies, micros};
use tlog::policy::Policy;

use crate::said::Raw;
use crate::told::row;

/// How often each is verified.
const TIMES: usize = 200;

/// Prints the size of a bundle, and how long verifying takes, compared with as many signatures as its lot has statements.
pub(crate) fn measure(bundle: &[u8], statements: usize, policy: &Policy, raw: &[Raw]) {
    let mut latencies = Latencies::default();
    let mut history = 0;
    for _ in 0..TIMES {
        let watch = Stopwatch::start();
        let report = verify(black_box(bundle), policy).expect("it proves something");
        latencies.push(watch.elapsed());
        history = report.history.len();
    }
    assert_eq!(history, statements, "all that was said of the lot");
    let size = bundle.len() as u64;
    row(&format!("(e) bundle of {statements} statements"), size, "bytes", None);
    let watch = Stopwatch::start();
    assert!(black_box(&raw[..statements]).iter().all(Raw::verify));
    let signatures = micros(watch.elapsed());
    for percent in [50, 99] {
        let base = Some(("the signatures of its statements alone", signatures));
        row(
            &format!("    verified offline, p{percent}"),
            latencies.percentile(percent),
            "us",
            base,
        );
    }
}
