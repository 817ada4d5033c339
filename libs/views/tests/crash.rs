//! A process that is killed while it commits: what it said is durable is there, and rows and cursor belong together.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its case has failed")]

mod common;

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use common::{all_rows, commit_next, model_at, open};
use event::units::StreamPosition;
use tempfile::tempdir;

/// Names the directory to the child, which is this test binary again.
const DIR_VARIABLE: &str = "VIEWS_CRASH_DIR";

/// Kills, each a while after the one before: the child is somewhere else in its commit each time.
const KILLS: usize = 12;

#[test]
fn a_killed_process_leaves_the_rows_of_one_cursor() {
    let dir = tempdir().unwrap();
    let dir = dir.path().join("rows");
    let mut said = StreamPosition::START;
    for kill in 0..KILLS {
        said = said.max(run_until_killed(&dir, 5 + kill * 7));
        let opened = open(&dir);
        assert_eq!(opened.fresh, None, "kill {kill}");
        assert!(
            said <= opened.cursor,
            "kill {kill}: {said} was said to be durable, {} is there",
            opened.cursor
        );
        let reader = opened.store.reader();
        let rows = all_rows(&reader.read().unwrap()).unwrap();
        assert_eq!(rows, model_at(opened.cursor), "kill {kill}");
    }
}

/// Not a test of its own: what the child runs until it is killed.
#[test]
#[ignore = "the process that the test above kills"]
fn commit_for_ever() {
    let Some(dir) = env::var_os(DIR_VARIABLE) else {
        return;
    };
    let mut store = open(Path::new(&dir)).store;
    loop {
        let cursor = commit_next(&mut store).unwrap();
        writeln!(std::io::stderr(), "durable {cursor}").unwrap();
    }
}

/// Returns the last cursor that the child said is durable.
fn run_until_killed(dir: &Path, commits: usize) -> StreamPosition {
    let mut child = start_child(dir);
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let cursors = lines.map_while(|line| line.unwrap().strip_prefix("durable ")?.parse().ok());
    let mut said = StreamPosition::START;
    let mut is_killed = false;
    for (seen, cursor) in cursors.enumerate() {
        said = StreamPosition::new(cursor);
        if commits <= seen && !is_killed {
            child.kill().unwrap();
            is_killed = true;
        }
    }
    assert!(is_killed, "the child ended by itself after {said}: {:?}", child.wait());
    child.wait().unwrap();
    said
}

fn start_child(dir: &Path) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", "commit_for_ever", "--ignored", "--nocapture"])
        .env(DIR_VARIABLE, dir);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}
