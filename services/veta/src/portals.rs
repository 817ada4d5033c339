//! The portal as a process of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use portal::Kit;
use portal::clients::Allowed;
use portal::wasm::{WASM_BYTES_MAX, Wasm};
use service::config::load;
use service::metrics::{self, Metrics};
use service::shutdown::Shutdown;
use service::telemetry::{self, Format};

use crate::config::{ListenPortal, PortalConfig};
use crate::files;
use crate::local::{Deployment, Local};
use crate::services::{self, bind};
use crate::trouble::{Done, Trouble};
use crate::trust;

/// The verifier's file in a directory of WebAssembly.
const VERIFIER: &str = "verifier.wasm";
/// What signs in browsers, where it lies beside it.
const SIGNER: &str = "signer.wasm";

/// Its configuration, from a file.
pub fn read(file: &Path) -> Done<PortalConfig> {
    load(file, |name| std::env::var_os(name)).map_err(Trouble::config)
}

/// The configuration of one beside a deployment on this machine.
#[must_use]
pub fn beside(local: &Local, deployment: &Deployment, listen: SocketAddr, wasm_dir: Option<PathBuf>) -> PortalConfig {
    let log_policy = Some(local.policy()).filter(|file| file.exists());
    PortalConfig {
        telemetry: Format::Text,
        listen: ListenPortal {
            http: listen,
            metrics: None,
        },
        clients: Allowed::LOCAL,
        services: deployment.endpoints.asked(),
        log_policy,
        public_url: None,
        wasm_dir,
    }
}

/// What a portal shows and serves besides what it asks for.
pub fn kit(log_policy: Option<&Path>, wasm: Option<&Path>) -> Done<Kit> {
    let module = |dir: &Path, name| {
        let bytes = files::read(&dir.join(name), "a WebAssembly module", WASM_BYTES_MAX)?;
        Ok::<_, Trouble>(Wasm::new(name, bytes))
    };
    let signer = wasm.filter(|dir| dir.join(SIGNER).exists());
    Ok(Kit {
        log_policy: trust::policy(None, log_policy, None)?,
        verifier: wasm.map(|dir| module(dir, VERIFIER)).transpose()?,
        signer: signer.map(|dir| module(dir, SIGNER)).transpose()?,
        ..Kit::default()
    })
}

/// Runs a portal until it is told to stop. Its address is printed, so that port 0 can be asked for.
pub async fn run(config: PortalConfig) -> Done {
    telemetry::init(config.telemetry).map_err(Trouble::config)?;
    let kit = Kit {
        public_url: config.public_url,
        ..kit(config.log_policy.as_deref(), config.wasm_dir.as_deref())?
    };
    let shutdown = Shutdown::on_signals().map_err(Trouble::at("cannot listen to signals"))?;
    let listener = bind(config.listen.http).await?;
    let at = listener.local_addr().map_err(Trouble::at("no local address"))?;
    let made = services::portal((config.services, kit, config.clients), listener, shutdown.clone()).await;
    if let Some(at) = config.listen.metrics {
        let serving = metrics::serve(bind(at).await?, Metrics::new(), made.health.clone(), shutdown);
        tokio::spawn(serving);
    }
    tracing::info!(http = %at, version = env!("CARGO_PKG_VERSION"), "Answering at http://{at}");
    made.work.await
}
