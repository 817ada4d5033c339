//! One service as a process of its own: config before ports, ports before work, an exit code with a meaning.

use std::path::Path;
use std::time::Duration;

use audit::{Terms, WhenShort, Witnessing};
use journal::jetstream::provision;
use journal::{Connection, JournalConfig, Role};
use service::config::{ListenConfig, load};
use service::metrics::{self, Metrics};
use service::shutdown::Shutdown;
use service::telemetry;
use tlog::Origin;
use tlog::policy::{POLICY_BYTES_MAX, Policy};

use crate::config::{self, ServicesConfig};
use crate::files;
use crate::keys;
use crate::services::{self, Given, GivenLog, bind};
use crate::trouble::{Done, Trouble};

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

/// Creates the stream and the buckets of a deployment, with the provisioner's credentials.
pub async fn provision_streams(file: &Path) -> Done {
    let config = read(file)?;
    let connection = Connection::connect(&journal_config(&config, Role::Provisioner, "veta-provision")).await;
    let connection = connection.map_err(Trouble::unavailable)?;
    provision(&connection, config.nats.replicas)
        .await
        .map_err(Trouble::failed)?;
    crate::print::line("the stream and the buckets are there and set as they must be");
    Ok(())
}

/// Runs one service until it is told to stop.
pub async fn run(which: Which, file: &Path) -> Done {
    let config = read(file)?;
    telemetry::init(config.telemetry).map_err(Trouble::config)?;
    let shutdown = Shutdown::on_signals().map_err(Trouble::at("cannot listen to signals"))?;
    let mut figures = Metrics::new();
    let (listen, made) = match which {
        Which::Ingest => {
            let table = config.ingest.as_ref().ok_or_else(|| no_table("ingest"))?;
            let given = given(&config, &table.listen, Role::Ingest, "veta-ingest", &shutdown).await?;
            (table.listen, services::ingest(given, &mut figures).await)
        }
        Which::Progress => {
            let table = config.progress.as_ref().ok_or_else(|| no_table("progress"))?;
            let given = given(&config, &table.listen, Role::Progress, "veta-progress", &shutdown).await?;
            (
                table.listen,
                services::progress(given, table.dir.clone(), &mut figures).await,
            )
        }
        Which::Custody => {
            let table = config.custody.as_ref().ok_or_else(|| no_table("custody"))?;
            let given = given(&config, &table.listen, Role::View, "veta-custody", &shutdown).await?;
            (
                table.listen,
                services::custody(given, table.dir.clone(), &mut figures).await,
            )
        }
        Which::Audit => {
            let table = config.audit.as_ref().ok_or_else(|| no_table("audit"))?;
            let origin = Origin::new(table.origin.as_str()).map_err(Trouble::config)?;
            let key = keys::read(table.key_file.as_deref().expect("checked when the file was read"))?;
            let listen = table.listen.others();
            let given = given(&config, &listen, Role::Audit, "veta-audit", &shutdown).await?;
            let http = match table.listen.http {
                Some(at) => Some(bind(at).await?),
                None => None,
            };
            let log = GivenLog {
                dir: table.dir.clone(),
                origin,
                key,
                other_keys: table
                    .other_key_file
                    .iter()
                    .map(|file| keys::read(file))
                    .collect::<Done<_>>()?,
                witnessing: witnessing(table)?,
                http,
            };
            (listen, services::audit(given, log, &mut figures).await)
        }
    };
    if let Some(at) = listen.metrics {
        let serving = metrics::serve(bind(at).await?, figures, made.health, shutdown);
        tokio::spawn(serving);
    }
    made.work.await
}

/// The policy that an operator wrote, and what happens where its quorum is not reached.
fn witnessing(table: &config::Audit) -> Done<Option<Witnessing>> {
    let Some(path) = &table.policy else { return Ok(None) };
    let text = files::read(path, "a policy", POLICY_BYTES_MAX as u64)?;
    let policy = Policy::parse(&text).map_err(|error| Trouble::config(format_args!("{}: {error}", path.display())))?;
    let when_short = match table.when_short {
        config::WhenShort::Wait => WhenShort::Wait,
        config::WhenShort::Publish => WhenShort::PublishAfter(Duration::from_secs(table.short_seconds)),
    };
    let recosign = Duration::from_secs(table.recosign_seconds);
    let terms = Terms { when_short, recosign };
    Ok(Some(Witnessing { policy, terms }))
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

/// Binds where a service answers.
async fn given(
    config: &ServicesConfig,
    listen: &ListenConfig,
    role: Role,
    name: &str,
    shutdown: &Shutdown,
) -> Done<Given> {
    let listener = bind(listen.rpc).await?;
    let rpc = listener.local_addr().map_err(Trouble::at("no local address"))?;
    tracing::info!(%rpc, version = env!("CARGO_PKG_VERSION"), "Answering at {rpc}");
    Ok(Given {
        listener,
        stream: journal_config(config, role, name),
        shutdown: shutdown.clone(),
    })
}
