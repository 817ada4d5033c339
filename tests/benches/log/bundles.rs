//! Bundles as a buyer has them: how large, and how long it takes to verify one without a network.

use std::env;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

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
    let Some(second) = in_node(bundle, policy) else {
        return println!("    by the second verifier: not measured, since there is no Node: deploy/tools/fetch node");
    };
    for percent in [50, 99] {
        let base = Some(("verified offline, in Rust", latencies.percentile(percent)));
        row(
            &format!("    by the second verifier in Node, p{percent}"),
            second.percentile(percent),
            "us",
            base,
        );
    }
}

/// How long the second verifier takes, the first time too: a program that is started for one bundle has no other. None where
/// there is no Node.
fn in_node(bundle: &[u8], policy: &Policy) -> Option<Latencies> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fetched = here.join("../.tools/node/bin/node");
    let node = env::var_os("VETA_NODE").map_or(fetched, PathBuf::from);
    let dir = tempfile::tempdir().expect("a directory");
    let [bundle_file, policy_file] = ["lot.veta-proof", "policy"].map(|name| dir.path().join(name));
    fs::write(&bundle_file, bundle).expect("written");
    fs::write(&policy_file, policy.to_string()).expect("written");
    let mut command = Command::new(node);
    command.arg(here.join("benches/log/verified.mjs"));
    let output = command
        .args([&bundle_file, &policy_file])
        .arg(TIMES.to_string())
        .output()
        .ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut latencies = Latencies::default();
    for line in String::from_utf8(output.stdout).expect("numbers").lines() {
        latencies.push(Duration::from_nanos(line.parse().expect("a number")));
    }
    Some(latencies)
}
