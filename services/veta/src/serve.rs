//! One service as a process of its own: config before ports, ports before work, an exit code with a meaning.

use std::path::Path;

use journal::cell::JetStreamCell;
use journal::jetstream::{JetStreamJournal, provision};
use journal::{Connection, JournalConfig, Role};
use service::clock::SystemClock;
use service::config::{ListenConfig, load};
use service::health::Health;
use service::metrics::{self, Metrics};
use service::shutdown::Shutdown;
use service::telemetry;
use tlog::Origin;
use tokio::net::TcpListener;

use crate::config::ServicesConfig;
use crate::keys;
use crate::trouble::{Done, Trouble};

/// The key of the bucket under which the log's last signed head is held.
pub const HEAD_CELL: &str = "signed-tree-head";

/// The services that `veta` can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The only writer of the stream.
    Ingest,
    /// Progress views.
    Progress,
    /// Custody views.
    Custody,
    /// The log.
    Audit,
}

/// Creates the stream and the bucket of a deployment, with the provisioner's credentials.
pub async fn provision_streams(file: &Path) -> Done {
    let config = read(file)?;
    let connection = Connection::connect(&journal_config(&config, Role::Provisioner, "veta-provision")).await;
    let connection = connection.map_err(Trouble::unavailable)?;
    provision(&connection, config.nats.replicas)
        .await
        .map_err(Trouble::failed)?;
    crate::print::line("the stream and the bucket are there and set as they must be");
    Ok(())
}

/// Runs one service until it is told to stop.
pub async fn run(which: Which, file: &Path) -> Done {
    let config = read(file)?;
    telemetry::init(config.telemetry).map_err(Trouble::config)?;
    let shutdown = Shutdown::on_signals().map_err(Trouble::at("cannot listen to signals"))?;
    match which {
        Which::Ingest => run_ingest(&config, shutdown).await,
        Which::Progress => run_progress(&config, shutdown).await,
        Which::Custody => run_custody(&config, shutdown).await,
        Which::Audit => run_audit(&config, shutdown).await,
    }
}

async fn run_ingest(config: &ServicesConfig, shutdown: Shutdown) -> Done {
    let table = config.ingest.as_ref().ok_or_else(|| no_table("ingest"))?;
    let mut figures = Metrics::new();
    let metrics = ingest::Metrics::register(figures.service("ingest"));
    let (listener, health) = door(&table.listen, ingest::SERVICES, figures, &shutdown).await?;
    let journal = journal(config, Role::Ingest, "veta-ingest").await?;
    let ingest = ingest::Ingest {
        journal,
        clock: SystemClock,
        listener,
        health,
        metrics,
    };
    ingest::run(ingest, shutdown).await.map_err(Trouble::failed)
}

async fn run_progress(config: &ServicesConfig, shutdown: Shutdown) -> Done {
    let table = config.progress.as_ref().ok_or_else(|| no_table("progress"))?;
    let mut figures = Metrics::new();
    let metrics = views::Metrics::register(figures.service("progress"));
    let (listener, health) = door(&table.listen, progress::SERVICES, figures, &shutdown).await?;
    let journal = journal(config, Role::View, "veta-progress").await?;
    let progress = progress::Progress {
        journal,
        dir: table.dir.clone(),
        listener,
        health,
        metrics,
    };
    progress::run(progress, shutdown).await.map_err(Trouble::failed)
}

async fn run_custody(config: &ServicesConfig, shutdown: Shutdown) -> Done {
    let table = config.custody.as_ref().ok_or_else(|| no_table("custody"))?;
    let mut figures = Metrics::new();
    let metrics = views::Metrics::register(figures.service("custody"));
    let (listener, health) = door(&table.listen, custody::SERVICES, figures, &shutdown).await?;
    let journal = journal(config, Role::View, "veta-custody").await?;
    let custody = custody::Custody {
        journal,
        dir: table.dir.clone(),
        listener,
        health,
        metrics,
    };
    custody::run(custody, shutdown).await.map_err(Trouble::failed)
}

async fn run_audit(config: &ServicesConfig, shutdown: Shutdown) -> Done {
    let table = config.audit.as_ref().ok_or_else(|| no_table("audit"))?;
    let origin = Origin::new(table.origin.as_str()).map_err(Trouble::config)?;
    let key = keys::read(table.key_file.as_deref().expect("checked when the file was read"))?;
    let mut figures = Metrics::new();
    let metrics = views::Metrics::register(figures.service("audit"));
    let (listener, health) = door(&table.listen, audit::SERVICES, figures, &shutdown).await?;
    let journal = journal(config, Role::Audit, "veta-audit").await?;
    let cell = JetStreamCell::open(journal.connection().clone(), HEAD_CELL, config.nats.replicas).await;
    let cell = cell.map_err(Trouble::failed)?;
    let audit = audit::Audit {
        journal,
        cell,
        dir: table.dir.clone(),
        origin,
        key,
        listener,
        health,
        metrics,
    };
    audit::run(audit, shutdown).await.map_err(Trouble::failed)
}

fn read(file: &Path) -> Done<ServicesConfig> {
    load(file, |name| std::env::var_os(name)).map_err(Trouble::config)
}

fn no_table(name: &str) -> Trouble {
    Trouble::config(format_args!("the configuration has no table [{name}]"))
}

fn journal_config(config: &ServicesConfig, role: Role, name: &str) -> JournalConfig {
    let nats = &config.nats;
    let (nkey, replicas) = (nats.nkey_file.clone(), nats.replicas);
    JournalConfig {
        url: nats.url.clone(),
        role,
        nkey,
        name: name.to_owned(),
        replicas,
    }
}

async fn journal(config: &ServicesConfig, role: Role, name: &str) -> Done<JetStreamJournal> {
    JetStreamJournal::connect(&journal_config(config, role, name))
        .await
        .map_err(Trouble::unavailable)
}

/// Binds where the service answers, and serves its figures.
async fn door(
    listen: &ListenConfig,
    services: &'static [&'static str],
    figures: Metrics,
    shutdown: &Shutdown,
) -> Done<(TcpListener, Health)> {
    let listener = bind(listen.rpc).await?;
    let health = Health::starting(services).await;
    let rpc = listener.local_addr().map_err(Trouble::at("no local address"))?;
    tracing::info!(%rpc, version = env!("CARGO_PKG_VERSION"), "Answering at {rpc}");
    if let Some(at) = listen.metrics {
        tokio::spawn(metrics::serve(
            bind(at).await?,
            figures,
            health.clone(),
            shutdown.clone(),
        ));
    }
    Ok((listener, health))
}

async fn bind(at: std::net::SocketAddr) -> Done<TcpListener> {
    TcpListener::bind(at)
        .await
        .map_err(Trouble::at(format_args!("cannot listen at {at}")))
}
