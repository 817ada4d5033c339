//! The configurations that the operator's guide shows are ones that the services and a witness read.

use std::path::Path;

use service::config::{ConfigError, load, parse};
use veta::config::{PortalConfig, ServicesConfig, WitnessConfig};

fn read(text: &str) -> Result<ServicesConfig, ConfigError> {
    let dir = tempfile::tempdir().expect("a place for files");
    let file = dir.path().join("veta.toml");
    std::fs::write(&file, text).expect("a file");
    load(&file, |_| None)
}

fn example() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/veta.toml");
    std::fs::read_to_string(path).expect("the example")
}

#[test]
fn the_example_is_read() {
    let config = read(&example()).expect("a good configuration");
    let tables = [
        config.ingest.is_some(),
        config.progress.is_some(),
        config.custody.is_some(),
        config.audit.is_some(),
    ];
    assert_eq!((config.nats.replicas, tables), (1, [true; 4]));
}

#[track_caller]
fn check(from: &str, to: &str, named: &str) {
    let text = example();
    assert!(text.contains(from), "{from} is not in the example");
    let error = read(&text.replace(from, to))
        .expect_err("a wrong configuration")
        .to_string();
    assert!(error.contains(named), "{error}");
}

#[test]
fn what_is_wrong_is_named() {
    check("replicas = 1", "replicas = 2", "nats.replicas");
    check("replicas = 1", "replica = 1", "replica");
    check(
        "origin = \"log.example.org/veta\"",
        "origin = \"log with spaces\"",
        "audit.origin",
    );
    check("key_file = ", "keyfile = ", "keyfile");
    check("key_file = \"/etc/veta/keys/log.pem\"", "", "VETA_LOG_KEY_FILE");
    check(
        "recosign_seconds = 300",
        "recosign_seconds = 0",
        "audit.recosign_seconds",
    );
    check("when_short = \"wait\"", "when_short = \"hope\"", "when_short");
    check("rpc = \"127.0.0.1:7401\"", "rpc = \"here\"", "ingest");
    check("telemetry = \"json\"", "telemetry = \"loud\"", "telemetry");
}

#[test]
fn the_example_of_a_portal_is_read_and_what_is_wrong_with_one_is_named() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/portal.toml");
    let example = std::fs::read_to_string(path).expect("the example");
    let read = |text: &str| parse::<PortalConfig>(text, Path::new("portal.toml"), |_| None);
    let config = read(&example).expect("a good configuration");
    assert_eq!(config.services.ingest, "http://127.0.0.1:7401");
    for (from, to, named) in [
        ("ingest = ", "digest = ", "digest"),
        ("http://127.0.0.1:7402", "progress.example.org", "services"),
        ("http = \"127.0.0.1:7440\"", "http = \"here\"", "http"),
    ] {
        assert!(example.contains(from), "{from} is not in the example");
        let error = read(&example.replace(from, to)).expect_err("a wrong configuration");
        assert!(error.to_string().contains(named), "{error}");
    }
}

fn example_of_a_witness() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/witness.toml");
    std::fs::read_to_string(path).expect("the example")
}

fn read_witness(text: &str) -> Result<WitnessConfig, ConfigError> {
    parse(text, Path::new("witness.toml"), |_| None)
}

#[test]
fn the_example_of_a_witness_is_read() {
    let config = read_witness(&example_of_a_witness()).expect("a good configuration");
    let logs = config.witnessed().expect("good logs");
    assert_eq!((logs.len(), logs[0].vkeys.len(), logs[0].audit.is_none()), (1, 1, true));
    let auditing = example_of_a_witness()
        .replace("audit = false", "audit = true")
        .replace("# at = ", "at = ");
    let logs = read_witness(&auditing).expect("a good configuration").witnessed();
    assert!(logs.expect("good logs")[0].audit.is_some());
}

#[test]
fn what_is_wrong_with_a_witness_is_named() {
    let check = |from: &str, to: &str, named: &str| {
        let text = example_of_a_witness();
        assert!(text.contains(from), "{from} is not in the example");
        let error = read_witness(&text.replace(from, to)).expect_err("a wrong configuration");
        assert!(error.to_string().contains(named), "{error}");
    };
    check("name = \"witness", "name = \"a witness", "name");
    check("name = ", "title = ", "title");
    check("key_file = \"/etc/veta/keys/witness.pem\"", "", "VETA_WITNESS_KEY_FILE");
    check("audit = false", "audit = true", "log.at");
    check("# at = ", "at = ", "log.at");
    check("[[log]]", "[log]", "log");
    check("vkeys = [\"log", "vkeys = [\"gol", "log.vkeys");
    check("vkeys = [", "vkeys = [] # ", "name the log's key");
    let table = example_of_a_witness()
        .split_once("[[log]]")
        .expect("a log")
        .1
        .to_owned();
    check("[[log]]", &format!("[[log]]{table}[[log]]"), "stands here twice");
}
