//! Configurations that are read, and those that are refused with file, line and field.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use service::config::{CONFIG_BYTES_MAX, Config, ConfigError, FieldError, ListenConfig, NatsConfig, load};
use service::telemetry::Format;
use tempfile::tempdir;

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    batch_max: u16,
    #[serde(default)]
    log: Format,
    nats: NatsConfig,
    listen: ListenConfig,
}

impl Config for Example {
    fn secret_paths(&mut self) -> Vec<(&'static str, &mut Option<PathBuf>)> {
        vec![("VETA_NATS_NKEY_FILE", &mut self.nats.nkey_file)]
    }

    fn check(&self) -> Result<(), FieldError> {
        if self.batch_max == 0 {
            return Err(FieldError {
                field: "batch_max",
                what: "is 0: write at least 1".to_owned(),
            });
        }
        Ok(())
    }
}

const GOOD: &str = r#"
batch_max = 256
log = "json"

[nats]
url = "nats://nats.example:4222"
nkey_file = "keys/custody.nk"

[listen]
rpc = "127.0.0.1:0"
"#;

fn read(text: &str, environment: impl Fn(&str) -> Option<OsString>) -> Result<Example, ConfigError> {
    let dir = tempdir().expect("a place for the file");
    let file = dir.path().join("custody.toml");
    fs::write(&file, text).expect("a file of our own");
    load(&file, environment)
}

#[test]
fn a_configuration_is_read() {
    let expected = Example {
        batch_max: 256,
        log: Format::Json,
        nats: NatsConfig {
            url: "nats://nats.example:4222".to_owned(),
            nkey_file: Some(PathBuf::from("keys/custody.nk")),
        },
        listen: ListenConfig {
            rpc: "127.0.0.1:0".parse().unwrap(),
            metrics: None,
        },
    };
    assert_eq!(read(GOOD, |_| None).unwrap(), expected);
}

#[test]
fn what_is_left_out_has_a_default() {
    let least = "batch_max = 1\n[nats]\n[listen]\nrpc = '[::1]:7001'\nmetrics = '127.0.0.1:9001'";
    let config = read(least, |_| None).unwrap();
    assert_eq!(
        config.nats,
        NatsConfig {
            url: "nats://127.0.0.1:4222".to_owned(),
            nkey_file: None
        }
    );
    assert_eq!(
        (config.log, config.listen.metrics),
        (Format::Text, Some("127.0.0.1:9001".parse().unwrap()))
    );
}

#[test]
fn the_environment_moves_secrets_and_nothing_else() {
    #[track_caller]
    fn check(variable: &str, value: &str, expected: &str) {
        let config = read(GOOD, |name| (name == variable).then(|| value.into())).unwrap();
        assert_eq!(config.nats.nkey_file.as_deref(), Some(Path::new(expected)));
        assert_eq!(config.nats.url, "nats://nats.example:4222");
    }
    check("VETA_NATS_NKEY_FILE", "/run/credentials/nkey", "/run/credentials/nkey");
    check("VETA_NATS_NKEY_FILE", "", "keys/custody.nk");
    check("VETA_NATS_URL", "nats://elsewhere:4222", "keys/custody.nk");
}

#[test]
fn what_is_wrong_is_named() {
    #[track_caller]
    fn check((from, to): (&str, &str), expected: &str) {
        assert!(GOOD.contains(from), "{from:?} is not in the good one");
        let wrong = read(&GOOD.replacen(from, to, 1), |_| None).unwrap_err().to_string();
        let (_, wrong) = wrong.split_once("custody.toml ").expect("names the file");
        assert!(wrong.starts_with(expected), "{wrong}");
    }
    check(
        ("batch_max = 256", "batch_max = 70000"),
        "line 2, field \"batch_max\": invalid value: integer `70000`",
    );
    check(
        ("batch_max = 256", "batch_max = 0"),
        "field \"batch_max\": is 0: write at least 1",
    );
    check(
        ("log = \"json\"", "log = \"xml\""),
        "line 3, field \"log\": unknown variant `xml`",
    );
    check(
        ("url =", "uri ="),
        "line 6, field \"nats.uri\": unknown field `uri`, expected `url` or `nkey_file`",
    );
    check(
        ("url = \"nats://nats.example:4222\"", "url = 4222"),
        "line 6, field \"nats.url\": invalid type: integer",
    );
    check(
        ("[listen]", "[listens]"),
        "line 9, field \"listens\": unknown field `listens`",
    );
    check(
        ("rpc = \"127.0.0.1:0\"", ""),
        "line 9, field \"listen\": missing field `rpc`",
    );
    check(
        ("127.0.0.1:0", "localhost"),
        "line 10, field \"listen.rpc\": invalid socket address syntax",
    );
    check(("log =", "log"), "line 3, field \"\": ");
    check(
        ("log = \"json\"", "batch_max = 1"),
        "line 3, field \"batch_max\": duplicate key",
    );
}

#[test]
fn what_is_no_configuration_is_refused() {
    let long = "#".repeat(usize::try_from(CONFIG_BYTES_MAX).unwrap() + 1);
    assert!(matches!(read(&long, |_| None), Err(ConfigError::TooLong { .. })));
    let missing: Result<Example, _> = load(Path::new("/nowhere/custody.toml"), |_| None);
    let message = missing.unwrap_err().to_string();
    assert!(
        message.starts_with("cannot read the configuration /nowhere/custody.toml: "),
        "{message}"
    );
    let dir = tempdir().unwrap();
    let file = dir.path().join("custody.toml");
    fs::write(&file, [0xff, 0xfe, 0x00]).unwrap();
    assert!(matches!(
        load::<Example>(&file, |_| None),
        Err(ConfigError::Unreadable { .. })
    ));
}
