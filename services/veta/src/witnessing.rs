//! A witness as a process of its own.

use std::path::Path;

use service::config::FieldError;
use service::metrics::{self, Metrics};
use service::shutdown::Shutdown;
use service::telemetry;
use tlog::cosignature::Cosigner;
use tlog::note::KeyName;

use crate::config::WitnessConfig;
use crate::keys;
use crate::services::{self, GivenWitness, bind};
use crate::trouble::{Done, Trouble};

/// Runs a witness until it is told to stop. Its address is printed, so that port 0 can be asked for.
pub async fn run(config: WitnessConfig) -> Done {
    telemetry::init(config.telemetry).map_err(Trouble::config)?;
    let name = KeyName::new(config.name.as_str()).map_err(Trouble::config)?;
    let wrong = |error: FieldError| Trouble::config(format_args!("{}: {}", error.field, error.what));
    let logs = config.witnessed().map_err(wrong)?;
    let key = keys::read(
        config
            .key_file
            .as_deref()
            .ok_or_else(|| Trouble::config("no key is named"))?,
    )?;
    let shutdown = Shutdown::on_signals().map_err(Trouble::at("cannot listen to signals"))?;
    let listener = bind(config.listen.http).await?;
    let at = listener.local_addr().map_err(Trouble::at("no local address"))?;
    let given = GivenWitness {
        name,
        key,
        dir: config.dir,
        logs,
        listener,
        shutdown: shutdown.clone(),
    };
    let mut figures = Metrics::new();
    let made = services::witness(given, figures.service("witness")).await;
    if let Some(at) = config.listen.metrics {
        let serving = metrics::serve(bind(at).await?, figures, made.health.clone(), shutdown);
        tokio::spawn(serving);
    }
    tracing::info!(http = %at, version = env!("CARGO_PKG_VERSION"), "Answering at http://{at}");
    made.work.await
}

/// The name and the key of a witness.
pub fn cosigner(name: &str, key: &Path) -> Done<Cosigner> {
    let name = KeyName::new(name).map_err(Trouble::at(format_args!("the name {name:?}")))?;
    Cosigner::new(name, keys::read(key)?).map_err(Trouble::at("the key"))
}
