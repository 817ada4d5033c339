//! A configuration, of services or of a witness: what is read means the same however it is spelled, and what is refused is refused with its place.
#![no_main]

use std::collections::BTreeSet;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use service::config::{ConfigError, parse};
use tlog::Origin;
use veta::config::{ServicesConfig, WitnessConfig};

fuzz_target!(|text: &str| {
    match read(text) {
        Ok(config) => {
            check(&config);
            check_spelling(text, &config);
            check_environment(text, config);
        }
        Err(error) => check_refused(text, &error),
    }
    if let Ok(config) = read_witness(text) {
        check_witness(text, &config);
    }
});

fn read(text: &str) -> Result<ServicesConfig, ConfigError> {
    parse(text, Path::new("veta.toml"), |_| None)
}

fn check(config: &ServicesConfig) {
    assert!(config.nats.replicas % 2 == 1 && config.nats.replicas <= 5);
    if let Some(audit) = &config.audit {
        assert!(Origin::new(audit.origin.as_str()).is_ok());
        assert!(audit.key_file.is_some());
    }
}

fn read_witness(text: &str) -> Result<WitnessConfig, ConfigError> {
    parse(text, Path::new("witness.toml"), |_| None)
}

/// Every log is named once, by its keys, and read exactly where the witness audits.
fn check_witness(text: &str, config: &WitnessConfig) {
    let logs = config.witnessed().expect("it was checked");
    let origins: BTreeSet<_> = logs.iter().map(|log| &log.origin).collect();
    assert!(!logs.is_empty() && origins.len() == logs.len());
    for log in &logs {
        assert!(!log.vkeys.is_empty() && log.vkeys.iter().all(|vkey| vkey.name() == log.origin.key_name()));
        assert_eq!(log.audit.is_some(), config.audit);
    }
    let table: toml::Table = text.parse().expect("a configuration is TOML");
    let respelled = read_witness(&table.to_string()).expect("the same configuration");
    assert_eq!(respelled, *config);
    assert!(read_witness(&format!("unknown = 1\n{text}")).is_err());
}

fn check_spelling(text: &str, config: &ServicesConfig) {
    let table: toml::Table = text.parse().expect("a configuration is TOML");
    let respelled = read(&table.to_string()).expect("the same configuration");
    assert_eq!(respelled, *config);
    assert!(read(&format!("unknown = 1\n{text}")).is_err());
}

/// The environment moves the secrets that the configuration has a place for, and nothing else.
fn check_environment(text: &str, mut config: ServicesConfig) {
    let elsewhere = |name: &str| Some(format!("/run/{name}").into());
    let mut moved: ServicesConfig = parse(text, Path::new("veta.toml"), elsewhere).expect("the same with other paths");
    let nkey = moved.nats.nkey_file.take();
    assert_eq!(nkey, Some("/run/VETA_NKEY_FILE".into()));
    config.nats.nkey_file = None;
    if let (Some(moved), Some(audit)) = (&mut moved.audit, &mut config.audit) {
        assert_eq!(moved.key_file.take(), Some("/run/VETA_LOG_KEY_FILE".into()));
        audit.key_file = None;
    }
    assert_eq!(moved, config);
}

fn check_refused(text: &str, error: &ConfigError) {
    assert!(error.to_string().starts_with("veta.toml "));
    match error {
        ConfigError::Wrong { line, .. } => assert!((1..=text.matches('\n').count() + 1).contains(line)),
        ConfigError::Senseless { .. } => assert!(text.parse::<toml::Table>().is_ok()),
        ConfigError::Unreadable { .. } | ConfigError::TooLong { .. } => panic!("no file was read: {error}"),
    }
}
