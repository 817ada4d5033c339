//! `veta-verify`, as a user has it.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn testdata(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../replay/testdata/bundle", name]
        .iter()
        .collect();
    path.display().to_string()
}

fn check(arguments: &[&str], code: i32, says: &str) {
    let output = Command::new(env!("CARGO_BIN_EXE_veta-verify"))
        .args(arguments)
        .output()
        .unwrap();
    let told = [output.stdout, output.stderr].concat();
    let told = String::from_utf8(told).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
    assert!(told.contains(says), "{arguments:?}: {told}");
}

#[test]
fn it_verifies_or_says_why_not() {
    let (bundle, policy) = (testdata("sold-once.veta-proof"), testdata("log.policy"));
    check(
        &[&bundle, "--policy", &policy],
        0,
        "complete as of 2026-01-01T01:00:01Z",
    );
    check(
        &["--policy", &policy, "--json", &bundle],
        0,
        "\"custodian_name\": \"Trader\"",
    );
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let write = |path: &Path, bytes: &[u8]| std::fs::write(path, bytes).unwrap();
    let mut changed = std::fs::read(&bundle).unwrap();
    changed[2_000] ^= 1;
    write(&at("changed"), &changed);
    let changed = at("changed").display().to_string();
    check(&[&changed, "--policy", &policy], 1, "NOT VERIFIED: ");
    check(&[&changed, "--policy", &policy, "--json"], 1, "\"verified\":false");
    write(&at("policy"), b"quorum\n");
    let bad = at("policy").display().to_string();
    check(&[&bundle, "--policy", &bad], 2, "line 1 of the policy");
    check(&[&bundle, "--policy", &bad, "--json"], 2, "bad-policy");
}

#[test]
fn wrong_usage_is_told() {
    let (bundle, policy) = (testdata("sold-once.veta-proof"), testdata("log.policy"));
    check(&[&bundle], 2, "name your policy");
    check(&["--policy", &policy], 2, "name a proof file");
    check(&[&bundle, &bundle, "--policy", &policy], 2, "name one proof file");
    check(
        &[&bundle, "--policy", &policy, "--trust-me"],
        2,
        "--trust-me is not understood",
    );
    check(&["nowhere", "--policy", &policy], 2, "cannot read nowhere");
    check(&["--help"], 0, "veta-verify FILE --policy FILE");
}
