//! What README.md tells a newcomer to type works as written.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The last line of the demonstration when everything in it has worked.
const STAYS_UP: &str = "It stays up until Ctrl-C.";
/// The line that the proof of the lot ends the demonstration's checks with.
const REPLAYED: &str = "replay: equal";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The shell blocks of the README, in order.
fn blocks() -> Vec<String> {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let blocks = text.split("```sh\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap().trim().to_owned())
        .collect()
}

/// Runs the demonstration as written, with the profile that the tests are built with, and its own state.
#[test]
fn the_commands_of_the_readme_work() {
    let [demo, meanwhile, tests] = blocks()
        .try_into()
        .expect("three blocks: the demo, what to do meanwhile, the tests");
    assert_eq!((demo.as_str(), tests.as_str()), ("deploy/demo", "tests/run"));
    assert!(root().join(&tests).exists());
    let state = tempfile::tempdir().unwrap();
    let mut running = Command::new("bash")
        .args(["-c", &format!("exec {demo}")])
        .current_dir(root())
        .env("VETA_STATE", state.path())
        .env("VETA_PROFILE", "dev")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(running.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let mut seen = Vec::new();
    for line in lines {
        let done = line == STAYS_UP;
        seen.push(line);
        if done {
            break;
        }
    }
    assert_eq!(seen.last().map(String::as_str), Some(STAYS_UP), "{}", seen.join("\n"));
    assert!(seen.iter().any(|line| line == REPLAYED), "{}", seen.join("\n"));
    assert!(
        seen.iter().any(|line| line.starts_with("refused (3")),
        "{}",
        seen.join("\n")
    );
    let state_dir = state.path().to_str().unwrap();
    for command in meanwhile.lines() {
        let command = command
            .replace("target/release/", "target/debug/")
            .replace(".demo", state_dir);
        let done = Command::new("bash")
            .args(["-ec", &command])
            .current_dir(root())
            .env("VETA_STATE", state_dir)
            .output()
            .unwrap();
        let (out, err) = (
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr),
        );
        assert!(done.status.success(), "{command}\n{out}{err}");
    }
    // A shell that was itself started in the background ignores Ctrl-C for good; the demonstration ends on either.
    let interrupted = Command::new("kill")
        .args(["-TERM", &running.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    assert_eq!(
        running.wait().unwrap().code(),
        Some(130),
        "the demonstration ends when it is told to"
    );
}
