//! The scripts of pages under Node, as far as they need no page around them.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "../../../../libs/rooms/tests/support/node.rs"]
mod node;

use std::path::Path;
use std::process::Command;

#[test]
fn the_page_that_signs_says_and_shows_what_is_signed() {
    let Some(program) = node::program() else { return };
    let Some(module) = node::module("signer") else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts/submit.test.mjs");
    let output = Command::new(program)
        .args(["--test", "--test-reporter", "tap"])
        .arg(script)
        .env("MODULE", module)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(told.contains("# pass 5"), "{told}");
}
