//! The configuration of services that run as processes of their own: one TOML file for all of them.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;
use service::config::{Config, FieldError, ListenConfig};
use service::telemetry::Format;
use tlog::Origin;

/// One file for every service of a deployment; each reads its own table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServicesConfig {
    /// `text` or `json` lines on standard error.
    #[serde(default)]
    pub telemetry: Format,
    /// The stream.
    pub nats: Nats,
    /// The only writer.
    pub ingest: Option<Service>,
    /// Progress views.
    pub progress: Option<Rows>,
    /// Custody views.
    pub custody: Option<Rows>,
    /// The log.
    pub audit: Option<Audit>,
}

/// How to reach the stream.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nats {
    /// `nats://host:port`, several separated by commas.
    pub url: String,
    /// Copies of the stream: 1 on one node, 3 on a cluster.
    #[serde(default = "one")]
    pub replicas: usize,
    /// The seed of this process's NATS user; `VETA_NKEY_FILE` goes before it.
    pub nkey_file: Option<PathBuf>,
}

/// A service without rows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Where it answers.
    pub listen: ListenConfig,
}

/// A service with rows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// Where it answers.
    pub listen: ListenConfig,
    /// Where its rows are kept.
    pub dir: PathBuf,
}

/// Where the log listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenLog {
    /// For gRPC.
    pub rpc: SocketAddr,
    /// For metrics and health over plain HTTP.
    pub metrics: Option<SocketAddr>,
    /// For the checkpoint and the tiles over plain HTTP, for everyone. Not served if absent.
    pub http: Option<SocketAddr>,
}

/// The log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// Where it answers.
    pub listen: ListenLog,
    /// Where its rows and the last signed head are kept.
    pub dir: PathBuf,
    /// The log's name: a schema-less URL that only this log has.
    pub origin: String,
    /// The log's private key; `VETA_LOG_KEY_FILE` goes before it.
    pub key_file: Option<PathBuf>,
    /// A key that signs beside it, while one replaces the other.
    pub other_key_file: Option<PathBuf>,
    /// Which witnesses must cosign a checkpoint before it is published: a file of c2sp.org/tlog-policy that names this log. Without
    /// one, nobody must.
    pub policy: Option<PathBuf>,
    /// What happens while fewer witnesses cosign than the policy asks for.
    #[serde(default)]
    pub when_short: WhenShort,
    /// After so many seconds a checkpoint is published all the same, with `when_short = "publish"`.
    #[serde(default = "a_minute")]
    pub short_seconds: u64,
    /// After so many seconds an unchanged checkpoint is cosigned again.
    #[serde(default = "five_minutes")]
    pub recosign_seconds: u64,
}

/// What happens while fewer witnesses cosign than the policy asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WhenShort {
    /// Nothing is published.
    #[default]
    Wait,
    /// After `short_seconds` the checkpoint is published as it is.
    Publish,
}

impl ListenLog {
    /// As every service has them.
    #[must_use]
    pub const fn others(&self) -> ListenConfig {
        ListenConfig {
            rpc: self.rpc,
            metrics: self.metrics,
        }
    }
}

impl Config for ServicesConfig {
    fn secret_paths(&mut self) -> Vec<(&'static str, &mut Option<PathBuf>)> {
        let mut paths = vec![("VETA_NKEY_FILE", &mut self.nats.nkey_file)];
        paths.extend(
            self.audit
                .as_mut()
                .map(|audit| ("VETA_LOG_KEY_FILE", &mut audit.key_file)),
        );
        paths
    }

    fn check(&self) -> Result<(), FieldError> {
        if !matches!(self.nats.replicas, 1 | 3 | 5) {
            return Err(FieldError {
                field: "nats.replicas",
                what: "write 1, 3 or 5".to_owned(),
            });
        }
        let Some(audit) = &self.audit else { return Ok(()) };
        if audit.key_file.is_none() {
            let what = "name the log's key here or in VETA_LOG_KEY_FILE".to_owned();
            return Err(FieldError {
                field: "audit.key_file",
                what,
            });
        }
        if audit.recosign_seconds == 0 {
            let what = "write at least 1".to_owned();
            return Err(FieldError {
                field: "audit.recosign_seconds",
                what,
            });
        }
        match Origin::new(audit.origin.as_str()) {
            Ok(_) => Ok(()),
            Err(error) => Err(FieldError {
                field: "audit.origin",
                what: error.to_string(),
            }),
        }
    }
}

fn one() -> usize {
    1
}

const fn a_minute() -> u64 {
    60
}

const fn five_minutes() -> u64 {
    300
}
