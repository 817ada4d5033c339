//! The configuration of services that run as processes of their own: one TOML file for all of them; and that of a witness,
//! which somebody else runs.

use std::net::SocketAddr;
use std::path::PathBuf;

use portal::clients::Allowed;
use portal::public::PublicUrl;
use portal::sources::Addresses;
use remote::log::Address;
use serde::Deserialize;
use service::config::{Config, FieldError, ListenConfig};
use service::telemetry::Format;
use tlog::Origin;
use tlog::note::{KeyName, Vkey};
use witness::Witnessed;

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

/// A witness: it needs nothing of a deployment but the keys of its log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessConfig {
    /// `text` or `json` lines on standard error.
    #[serde(default)]
    pub telemetry: Format,
    /// The name of its key: a schema-less URL that only this witness has.
    pub name: String,
    /// Its private key; `VETA_WITNESS_KEY_FILE` goes before it.
    pub key_file: Option<PathBuf>,
    /// Where it keeps what it cosigned.
    pub dir: PathBuf,
    /// Whether it replays every record of its logs before it cosigns.
    #[serde(default)]
    pub audit: bool,
    /// Where it answers.
    pub listen: ListenWitness,
    /// Whose checkpoints it cosigns.
    #[serde(rename = "log")]
    pub logs: Vec<WitnessedLog>,
}

/// Where a witness listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenWitness {
    /// For the logs and for everyone, over plain HTTP.
    pub http: SocketAddr,
    /// For metrics and health over plain HTTP; for the operator's network only. Not served if absent.
    pub metrics: Option<SocketAddr>,
}

/// A log that is witnessed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessedLog {
    /// Its keys: more than one while it replaces its key.
    pub vkeys: Vec<String>,
    /// Where all of it is read: the URL or the directory of its tiles. For a witness that audits.
    pub at: Option<String>,
}

/// A portal: it needs nothing of a deployment but where its services answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalConfig {
    /// `text` or `json` lines on standard error.
    #[serde(default)]
    pub telemetry: Format,
    /// Where it answers.
    pub listen: ListenPortal,
    /// How much each client may ask.
    #[serde(default)]
    pub clients: Allowed,
    /// Where the services answer.
    pub services: Addresses,
    /// The operator's policy of c2sp.org/tlog-policy, which is shown: whose log this is, and which witnesses cosign it.
    pub log_policy: Option<PathBuf>,
    /// Where everybody reaches the portal, such as `https://veta.example`: what codes on labels lead to.
    pub public_url: Option<PublicUrl>,
    /// Where `verifier.wasm` lies, which browsers verify by, and `signer.wasm`, which they sign by; without the first they have the
    /// JavaScript verifier alone, without the second they do not sign.
    pub wasm_dir: Option<PathBuf>,
}

/// Where a portal listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenPortal {
    /// For everyone, over plain HTTP.
    pub http: SocketAddr,
    /// For metrics and health over plain HTTP; for the operator's network only. Not served if absent.
    pub metrics: Option<SocketAddr>,
}

impl Config for PortalConfig {
    fn check(&self) -> Result<(), FieldError> {
        self.services
            .check()
            .map_err(|error| wrong("services", error.to_string()))
    }
}

impl WitnessConfig {
    /// The logs, each with the name that its keys bear.
    pub fn witnessed(&self) -> Result<Vec<Witnessed>, FieldError> {
        let mut logs: Vec<Witnessed> = Vec::new();
        for log in &self.logs {
            let log = log.read(self.audit)?;
            if logs.iter().any(|other| other.origin == log.origin) {
                let what = format!("{} stands here twice: name all its keys in one place", log.origin);
                return Err(wrong("log.vkeys", what));
            }
            logs.push(log);
        }
        Ok(logs)
    }
}

impl WitnessedLog {
    fn read(&self, audit: bool) -> Result<Witnessed, FieldError> {
        let keys = self.vkeys.iter().map(|key| key.parse().map_err(|error| (key, error)));
        let vkeys: Vec<Vkey> = keys
            .collect::<Result<_, _>>()
            .map_err(|(key, error)| wrong("log.vkeys", format!("{key}: {error}")))?;
        let Some(first) = vkeys.first() else {
            return Err(wrong("log.vkeys", "name the log's key".to_owned()));
        };
        if vkeys.iter().any(|vkey| vkey.name() != first.name()) {
            return Err(wrong("log.vkeys", "all keys of a log bear its name".to_owned()));
        }
        let origin = Origin::new(first.name().as_str()).expect("a key's name is an origin");
        let audit = match &self.at {
            None if audit => {
                let what = format!("say where {origin} is read, which is to be audited");
                return Err(wrong("log.at", what));
            }
            Some(_) if !audit => {
                let what = "a log is read only where `audit = true`: leave it out, or audit".to_owned();
                return Err(wrong("log.at", what));
            }
            at => at.as_ref().map(|at| at.parse::<Address>()).transpose(),
        };
        let audit = audit.map_err(|error| wrong("log.at", error.to_string()))?;
        Ok(Witnessed { origin, vkeys, audit })
    }
}

impl Config for WitnessConfig {
    fn secret_paths(&mut self) -> Vec<(&'static str, &mut Option<PathBuf>)> {
        vec![("VETA_WITNESS_KEY_FILE", &mut self.key_file)]
    }

    fn check(&self) -> Result<(), FieldError> {
        KeyName::new(self.name.as_str()).map_err(|error| wrong("name", error.to_string()))?;
        if self.key_file.is_none() {
            let what = "name the witness' key here or in VETA_WITNESS_KEY_FILE".to_owned();
            return Err(wrong("key_file", what));
        }
        if self.logs.is_empty() {
            return Err(wrong("log", "name at least one log".to_owned()));
        }
        self.witnessed().map(drop)
    }
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
            return Err(wrong("nats.replicas", "write 1, 3 or 5".to_owned()));
        }
        let Some(audit) = &self.audit else { return Ok(()) };
        if audit.key_file.is_none() {
            let what = "name the log's key here or in VETA_LOG_KEY_FILE".to_owned();
            return Err(wrong("audit.key_file", what));
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
            Err(error) => Err(wrong("audit.origin", error.to_string())),
        }
    }
}

fn wrong(field: &'static str, what: String) -> FieldError {
    FieldError { field, what }
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
