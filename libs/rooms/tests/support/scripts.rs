//! Tests of a module that are themselves scripts, run by Node. Included by path, as `node.rs` is.

use std::path::Path;
use std::process::Command;

/// Runs a script of tests, which finds the module in `MODULE`, and gives what it told in TAP.
///
/// # Panics
/// If one of them fails.
#[track_caller]
pub(crate) fn passed(program: &Path, script: &str, module: &Path) -> String {
    let output = Command::new(program)
        .args(["--test", "--test-reporter", "tap"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(script))
        .env("MODULE", module)
        .output()
        .expect("Node runs");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    told
}
