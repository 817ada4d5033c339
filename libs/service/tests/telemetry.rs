//! What a process writes to standard error, seen by running this test binary again as that process.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its case has failed")]

use std::env;
use std::process::Command;

use service::telemetry::{FILTER_VARIABLE, Format, TelemetryError, init};
use tracing::{debug, info};

/// Tells the child which format to write.
const FORMAT_VARIABLE: &str = "SERVICE_TEST_FORMAT";

/// Not a test of its own: what the child runs.
#[test]
#[ignore = "the process whose telemetry the tests below read"]
fn write_telemetry() {
    let Ok(format) = env::var(FORMAT_VARIABLE) else {
        return;
    };
    let format = if format == "json" { Format::Json } else { Format::Text };
    match init(format) {
        Ok(()) => {}
        Err(error) => panic!("{error}"),
    }
    assert!(matches!(init(format), Err(TelemetryError::Again(_))));
    info!(lot.id = "lot-1", "Recorded lot-1");
    debug!("A detail");
    let _ = std::thread::spawn(|| panic!("out of gold")).join();
}

fn stderr_of(format: &str, filter: Option<&str>) -> String {
    let mut child = Command::new(env::current_exe().unwrap());
    child
        .args(["--exact", "write_telemetry", "--ignored", "--nocapture"])
        .env(FORMAT_VARIABLE, format);
    child
        .env_remove(FILTER_VARIABLE)
        .envs(filter.map(|filter| (FILTER_VARIABLE, filter)));
    String::from_utf8(child.output().unwrap().stderr).unwrap()
}

#[test]
fn a_line_of_text_carries_its_fields() {
    let text = stderr_of("text", None);
    assert!(text.contains("Recorded lot-1") && text.contains("lot-1\""), "{text}");
    assert!(
        text.contains("ERROR") && text.contains("out of gold"),
        "panics too: {text}"
    );
    assert!(!text.contains("A detail"), "{text}");
}

#[test]
fn a_line_of_json_is_an_object() {
    let text = stderr_of("json", Some("debug"));
    assert!(
        text.lines().all(|line| line.starts_with('{') && line.ends_with('}')),
        "{text}"
    );
    assert!(
        text.contains(r#""message":"Recorded lot-1","lot.id":"lot-1""#),
        "{text}"
    );
    assert!(text.contains("A detail") && text.contains("out of gold"), "{text}");
}

#[test]
fn a_filter_that_is_none_is_named() {
    let text = stderr_of("text", Some("info,=,"));
    assert!(
        text.contains("VETA_LOG is \"info,=,\"") && text.contains("write a level such as info"),
        "{text}"
    );
}
