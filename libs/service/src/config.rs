//! One TOML file into one typed value, strictly: what is unknown or wrong is named with file, line and field.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// A configuration is a page of text; what is longer is another file.
pub const CONFIG_BYTES_MAX: u64 = 64 * 1024;

/// A configuration as a whole. Derive `Deserialize` with `#[serde(deny_unknown_fields)]`, here and in every part.
pub trait Config: DeserializeOwned {
    /// The fields that name files with secrets, each with the environment variable (`VETA_…`) that goes before the file:
    /// where secrets are mounted is a matter of the machine.
    fn secret_paths(&mut self) -> Vec<(&'static str, &mut Option<PathBuf>)> {
        Vec::new()
    }

    /// What the types of the fields do not say.
    fn check(&self) -> Result<(), FieldError> {
        Ok(())
    }
}

/// How to reach NATS.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NatsConfig {
    /// Such as `nats://127.0.0.1:4222`.
    #[serde(default = "local_nats")]
    pub url: String,
    /// The file with this process's nkey seed; without one, the server must let anyone in.
    pub nkey_file: Option<PathBuf>,
}

/// Where a service listens. Port 0 takes a free one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenConfig {
    /// For gRPC.
    pub rpc: SocketAddr,
    /// For metrics and health over plain HTTP; for the operator's network only. Not served if absent.
    pub metrics: Option<SocketAddr>,
}

/// A field with a value that its type allows and its meaning does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Its path from the top, such as `listen.rpc`.
    pub field: &'static str,
    /// What is wrong and what would be right.
    pub what: String,
}

/// Why a configuration cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}: {source}", file.display())]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is too long to be a configuration.
    #[error("{} is longer than {CONFIG_BYTES_MAX} bytes: not a configuration", file.display())]
    TooLong {
        /// Which file.
        file: PathBuf,
    },
    /// It is no TOML, or a field is unknown, missing or of the wrong type.
    #[error("{} line {line}, field {field:?}: {what}", file.display())]
    Wrong {
        /// Which file.
        file: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// The field on that line with its table, or the table alone, or nothing.
        field: String,
        /// What is wrong with it.
        what: String,
    },
    /// A field has a value that makes no sense.
    #[error("{} field {:?}: {}", file.display(), error.field, error.what)]
    Senseless {
        /// Which file.
        file: PathBuf,
        /// Which field, and what is wrong.
        error: FieldError,
    },
}

/// Reads and checks the configuration in `file`.
///
/// `environment` looks up a variable: `|name| std::env::var_os(name)` in a process. A variable set to nothing counts as
/// not set. Relative paths are relative to the working directory.
pub fn load<C: Config>(file: &Path, environment: impl Fn(&str) -> Option<OsString>) -> Result<C, ConfigError> {
    parse(&read(file)?, file, environment)
}

/// Like [`load`], of a text that was read already; `file` is named where it is wrong.
pub fn parse<C: Config>(
    text: &str,
    file: &Path,
    environment: impl Fn(&str) -> Option<OsString>,
) -> Result<C, ConfigError> {
    let mut config: C = toml::from_str(text).map_err(|error| wrong(file, text, &error))?;
    for (variable, path) in config.secret_paths() {
        if let Some(set) = environment(variable).filter(|value| !value.is_empty()) {
            *path = Some(set.into());
        }
    }
    config.check().map_err(|error| ConfigError::Senseless {
        file: file.to_owned(),
        error,
    })?;
    Ok(config)
}

fn read(file: &Path) -> Result<String, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable {
        file: file.to_owned(),
        source,
    };
    let opened = File::open(file).map_err(unreadable)?;
    let mut text = String::new();
    opened
        .take(CONFIG_BYTES_MAX + 1)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    if CONFIG_BYTES_MAX < text.len() as u64 {
        return Err(ConfigError::TooLong { file: file.to_owned() });
    }
    Ok(text)
}

fn wrong(file: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let at = error.span().map_or(0, |span| span.start);
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    ConfigError::Wrong {
        file: file.to_owned(),
        line,
        field: field_at(text, line),
        what: error.message().to_owned(),
    }
}

/// The path of the field on a line: the last table header up to there, and what stands before the equals sign.
fn field_at(text: &str, line: usize) -> String {
    let mut table = "";
    let mut key = "";
    for text in text.lines().take(line).map(str::trim) {
        if let Some(header) = text.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            (table, key) = (header, "");
            continue;
        }
        key = text.split_once('=').map_or("", |(key, _)| key.trim());
    }
    [table, key]
        .iter()
        .filter(|part| !part.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(".")
}

fn local_nats() -> String {
    "nats://127.0.0.1:4222".to_owned()
}
