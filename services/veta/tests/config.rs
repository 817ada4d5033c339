//! The configuration that the operator's guide shows is one that the services read.

use std::path::Path;

use service::config::{ConfigError, load};
use veta::config::ServicesConfig;

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
    check("rpc = \"127.0.0.1:7401\"", "rpc = \"here\"", "ingest");
    check("telemetry = \"json\"", "telemetry = \"loud\"", "telemetry");
}
