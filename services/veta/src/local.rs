//! The directory of a local deployment: where everything under it lies, and how to reach its services.

use std::fs;
use std::path::{Path, PathBuf};

use event::{DeploymentId, PartyId};
use portal::sources::Addresses;
use rpc::client::connect;
use serde::{Deserialize, Serialize};
use tlog::note::Vkey;
use tonic::transport::Channel;

use crate::files;
use crate::trouble::{Done, Trouble};

/// The longest deployment file; one has less than 2 KiB.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// A state directory.
#[derive(Clone, Debug)]
pub struct Local {
    dir: PathBuf,
}

/// What `veta up` writes down for the verbs, and for its next start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// Which deployment.
    pub deployment: DeploymentId,
    /// The party that runs it.
    pub scheme: PartyId,
    /// The log's public key.
    pub vkey: String,
    /// Where its services answer.
    pub endpoints: Endpoints,
}

/// Where services answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    /// gRPC.
    pub ingest: String,
    /// gRPC.
    pub progress: String,
    /// gRPC.
    pub custody: String,
    /// gRPC.
    pub audit: String,
    /// HTTP: the log's checkpoint and tiles. Nothing in a file that was written before there were any.
    #[serde(default)]
    pub log: String,
    /// HTTP: the portal's pages. Nothing in a file that was written before there were any.
    #[serde(default)]
    pub portal: String,
    /// HTTP: `/metrics` and `/healthz`.
    pub metrics: String,
    /// NATS.
    pub nats: String,
}

impl Endpoints {
    /// Where a portal asks.
    #[must_use]
    pub fn asked(&self) -> Addresses {
        Addresses {
            ingest: self.ingest.clone(),
            progress: self.progress.clone(),
            custody: self.custody.clone(),
            audit: self.audit.clone(),
        }
    }
}

impl Local {
    /// The directory, if one was named.
    pub fn named(dir: Option<&Path>) -> Done<Self> {
        let dir =
            dir.ok_or_else(|| Trouble::usage("which deployment? name its directory with --state DIR or VETA_STATE"))?;
        Ok(Self { dir: dir.to_owned() })
    }

    /// The private key of the scheme.
    #[must_use]
    pub fn scheme_key(&self) -> PathBuf {
        self.key("scheme")
    }

    /// The private key of a name.
    #[must_use]
    pub fn key(&self, name: &str) -> PathBuf {
        self.dir.join("keys").join(format!("{name}.pem"))
    }

    /// Statements signed and not sent yet.
    #[must_use]
    pub fn queue(&self) -> PathBuf {
        self.dir.join("queue")
    }

    /// Which witnesses must have cosigned what the log shows: a policy of c2sp.org/tlog-policy.
    #[must_use]
    pub fn policy(&self) -> PathBuf {
        self.dir.join("log.policy")
    }

    /// The directory of one service.
    #[must_use]
    pub fn service(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Makes the directories that hold secrets and state, readable by their owner alone.
    pub fn make(&self) -> Done {
        use std::os::unix::fs::DirBuilderExt;
        for dir in [self.dir.clone(), self.dir.join("keys")] {
            let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&dir);
            made.map_err(Trouble::at(format_args!("cannot make {}", dir.display())))?;
        }
        Ok(())
    }

    /// What was written down, if the deployment was ever up.
    pub fn find(&self) -> Done<Option<Deployment>> {
        let path = self.file();
        let text = match files::read(&path, "a deployment file", FILE_BYTES_MAX) {
            Ok(text) => text,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        serde_json::from_slice(&text)
            .map(Some)
            .map_err(Trouble::at(path.display()))
    }

    /// What was written down.
    pub fn deployment(&self) -> Done<Deployment> {
        self.find()?.ok_or_else(|| {
            Trouble::failed(format_args!(
                "no deployment in {0}: start one with `veta up --state {0}`",
                self.dir.display()
            ))
        })
    }

    /// Writes it down.
    pub fn write(&self, deployment: &Deployment) -> Done {
        let text = serde_json::to_string_pretty(deployment).expect("our own values have a JSON form");
        let path = self.file();
        service::durable::write(&path, (text + "\n").as_bytes())
            .map_err(Trouble::at(format_args!("cannot write {}", path.display())))
    }

    fn file(&self) -> PathBuf {
        self.dir.join("deployment.json")
    }
}

impl Deployment {
    /// The log's public key.
    pub fn vkey(&self) -> Done<Vkey> {
        self.vkey
            .parse()
            .map_err(Trouble::at("the log's key in the deployment file"))
    }

    /// Connects to one of [`Deployment::endpoints`].
    pub async fn reach(&self, endpoint: impl FnOnce(&Endpoints) -> &String + Send) -> Done<Channel> {
        Ok(connect(endpoint(&self.endpoints)).await?)
    }
}
