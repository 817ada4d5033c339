//! The module under Node: by the glue that pages load it with, and against what Rust signs.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "../../../rooms/tests/support/node.rs"]
mod node;

use std::path::Path;
use std::process::Command;

#[test]
fn keys_queue_and_handover_work_in_a_page() {
    let Some(program) = node::program() else { return };
    let Some(module) = node::module("signer") else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node/sign.test.mjs");
    let output = Command::new(program)
        .args(["--test", "--test-reporter", "tap"])
        .arg(script)
        .env("MODULE", &module)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let passed = told.lines().find_map(|line| line.strip_prefix("# pass ")).unwrap();
    assert!(10 < passed.parse::<u32>().unwrap(), "{told}");
    let bytes = module.metadata().unwrap().len();
    node::tell(&format!(
        "{passed} tests of the signer under Node passed; the module has {bytes} bytes"
    ));
}
