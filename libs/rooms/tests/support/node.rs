//! What tests of modules share: Node, and a crate as WebAssembly. Included by path, since crates above and below need it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Names another Node than the one that `deploy/tools/fetch node` puts in place.
const NODE_VARIABLE: &str = "VETA_NODE";

/// Which Node. None where there is none, which is told aloud.
pub(crate) fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(NODE_VARIABLE) {
        return Some(PathBuf::from(named));
    }
    let fetched = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/node/bin/node");
    if fetched.exists() {
        return Some(fetched);
    }
    tell("SKIPPED, nothing was checked: nothing that runs under Node, since there is no Node: deploy/tools/fetch node");
    None
}

/// A crate as WebAssembly, built by the cargo that runs this. None where the compiler cannot, which is told aloud.
pub(crate) fn module(package: &str) -> Option<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = "wasm32-unknown-unknown";
    let built = Command::new(env!("CARGO"))
        .args([
            "rustc",
            "--quiet",
            "--locked",
            "--package",
            package,
            "--lib",
            "--profile",
            "wasm",
        ])
        .args(["--crate-type", "cdylib", "--target", target, "--message-format", "json"])
        .current_dir(manifest)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&built.stderr).into_owned();
    let messages = String::from_utf8_lossy(&built.stdout).into_owned();
    if !built.status.success() {
        let lacks_target =
            messages.contains("target may not be installed") || told.contains("target may not be installed");
        assert!(lacks_target, "{told}{messages}");
        tell("SKIPPED, nothing was checked: no WebAssembly: rustup target add wasm32-unknown-unknown");
        return None;
    }
    let module = format!("{package}.wasm");
    let artifact = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let files = artifact.flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default());
    let mut wasm = files.filter_map(|file| file.as_str().filter(|file| file.ends_with(&module)).map(PathBuf::from));
    Some(wasm.next_back().expect("cargo names what it built"))
}

/// Past what captures a test's output, since nobody looks at that of a test that passed.
pub(crate) fn tell(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}
