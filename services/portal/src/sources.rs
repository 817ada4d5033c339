//! Where the portal asks: the services, over gRPC and nothing else.

use rpc::audit::audit_service_client::AuditServiceClient;
use rpc::client::{self, ConnectError};
use rpc::custody::custody_service_client::CustodyServiceClient;
use rpc::ingest::ingest_service_client::IngestServiceClient;
use rpc::progress::progress_service_client::ProgressServiceClient;
use serde::Deserialize;
use tonic::transport::Channel;

/// Where each service answers, as `http://host:port`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addresses {
    /// Takes statements.
    pub ingest: String,
    /// How far organizations have come; evidence has its door beside it.
    pub progress: String,
    /// Lots.
    pub custody: String,
    /// The log.
    pub audit: String,
}

impl Addresses {
    /// Whether each of them is an address at all.
    pub fn check(&self) -> Result<(), ConnectError> {
        [&self.ingest, &self.progress, &self.custody, &self.audit]
            .into_iter()
            .try_for_each(|url| client::check(url))
    }
}

/// A line to each service. One that is away is connected to when it is back.
#[derive(Clone, Debug)]
pub struct Sources {
    ingest: Channel,
    progress: Channel,
    custody: Channel,
    audit: Channel,
}

impl Sources {
    /// Connects when something is asked for.
    pub fn new(addresses: &Addresses) -> Result<Self, ConnectError> {
        Ok(Self {
            ingest: client::later(&addresses.ingest)?,
            progress: client::later(&addresses.progress)?,
            custody: client::later(&addresses.custody)?,
            audit: client::later(&addresses.audit)?,
        })
    }

    /// Takes statements.
    #[must_use]
    pub fn ingest(&self) -> IngestServiceClient<Channel> {
        client::ingest(self.ingest.clone())
    }

    /// How far organizations have come.
    #[must_use]
    pub fn progress(&self) -> ProgressServiceClient<Channel> {
        client::progress(self.progress.clone())
    }

    /// Lots.
    #[must_use]
    pub fn custody(&self) -> CustodyServiceClient<Channel> {
        client::custody(self.custody.clone())
    }

    /// The log.
    #[must_use]
    pub fn audit(&self) -> AuditServiceClient<Channel> {
        client::audit(self.audit.clone())
    }
}
