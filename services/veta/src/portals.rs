//! The portal as a process of its own.

use std::net::SocketAddr;
use std::path::Path;

use portal::clients::Allowed;
use service::config::load;
use service::metrics::{self, Metrics};
use service::shutdown::Shutdown;
use service::telemetry::{self, Format};
use tokio::net::TcpListener;

use crate::config::{ListenPortal, PortalConfig};
use crate::local::Deployment;
use crate::services;
use crate::trouble::{Done, Trouble};

/// Its configuration, from a file.
pub fn read(file: &Path) -> Done<PortalConfig> {
    load(file, |name| std::env::var_os(name)).map_err(Trouble::config)
}

/// The configuration of one beside a deployment on this machine.
#[must_use]
pub fn beside(deployment: &Deployment, listen: SocketAddr) -> PortalConfig {
    PortalConfig {
        telemetry: Format::Text,
        listen: ListenPortal {
            http: listen,
            metrics: None,
        },
        clients: Allowed::LOCAL,
        services: deployment.endpoints.asked(),
    }
}

/// Runs a portal until it is told to stop. Its address is printed, so that port 0 can be asked for.
pub async fn run(config: PortalConfig) -> Done {
    telemetry::init(config.telemetry).map_err(Trouble::config)?;
    let shutdown = Shutdown::on_signals().map_err(Trouble::at("cannot listen to signals"))?;
    let listener = bind(config.listen.http).await?;
    let at = listener.local_addr().map_err(Trouble::at("no local address"))?;
    let made = services::portal((config.services, config.clients), listener, shutdown.clone()).await;
    if let Some(at) = config.listen.metrics {
        let serving = metrics::serve(bind(at).await?, Metrics::new(), made.health.clone(), shutdown);
        tokio::spawn(serving);
    }
    tracing::info!(http = %at, version = env!("CARGO_PKG_VERSION"), "Answering at http://{at}");
    made.work.await
}

async fn bind(at: SocketAddr) -> Done<TcpListener> {
    TcpListener::bind(at)
        .await
        .map_err(Trouble::at(format_args!("cannot listen at {at}")))
}
