//! `veta up`: a whole deployment in one process beside a child `nats-server`, for a laptop, a demo, a small scheme.

mod witnesses;

use std::net::Ipv4Addr;
use std::path::Path;

use ed25519_dalek::SigningKey;
use event::vocabulary::{Country, DeploymentFounded, Event, PartyKind, PartyProfile};
use event::{DeploymentId, List, PartyId, SignedStatement, Statement, Text};
use journal::jetstream::provision;
use journal::server::NatsServer;
use journal::{Connection, Role};
use portal::clients::Allowed;
use rpc::ingest::{GetDeploymentRequest, SubmitRequest};
use service::clock::{Clock, SystemClock};
use service::health::Health;
use service::metrics::{self, Metrics};
use service::shutdown::Shutdown;
use tlog::Origin;
use tlog::note::{NoteSigner, Vkey};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tonic::transport::Channel;

use crate::keys;
use crate::local::{Deployment, Endpoints, Local};
use crate::portals;
use crate::print;
use crate::services::{self, Given, GivenLog, Made};
use crate::trouble::{Done, Trouble};
use crate::up::witnesses::Witnesses;

/// How long services may take to read the stream before `up` gives up: 10 million records at the slowest measured rate.
const READY_WAIT: std::time::Duration = std::time::Duration::from_secs(600);

/// A port that is free now, and what answers there.
struct Door {
    listener: TcpListener,
    url: String,
}

/// Runs a deployment until it is told to stop.
pub async fn up(local: &Local, name: &str, wasm: Option<&Path>) -> Done {
    local.make()?;
    let shutdown = Shutdown::on_signals().map_err(Trouble::at("cannot listen to signals"))?;
    let before = local.find()?;
    let port = before
        .as_ref()
        .and_then(|known| known.endpoints.nats.rsplit(':').next()?.parse().ok());
    let mut nats = start_nats(local, port).await?;
    let mut services = JoinSet::new();
    let served = serve_all(local, (name, wasm), &nats, &mut services, &shutdown).await;
    let ended = match served {
        Ok(()) => tokio::select! {
            ended = first_end(&mut services) => ended,
            ended = nats.ended() => Err(Trouble::failed(format_args!("nats-server ended: {ended:?}"))),
        },
        Err(trouble) => Err(trouble),
    };
    shutdown.trigger();
    while services.join_next().await.is_some() {}
    nats.stop().await.map_err(Trouble::at("stopping nats-server"))?;
    ended
}

/// On the port of the last time, so that whoever kept it finds it; on any other where that is taken.
async fn start_nats(local: &Local, port: Option<u16>) -> Done<NatsServer> {
    let dir = local.service("nats");
    if port.is_some()
        && let Ok(nats) = NatsServer::start(&dir, port).await
    {
        return Ok(nats);
    }
    NatsServer::start(&dir, None).await.map_err(Trouble::failed)
}

async fn serve_all(
    local: &Local,
    (name, wasm): (&str, Option<&Path>),
    nats: &NatsServer,
    running: &mut JoinSet<Done>,
    shutdown: &Shutdown,
) -> Done {
    let connection = Connection::connect(&nats.journal_config(Role::Provisioner))
        .await
        .map_err(Trouble::unavailable)?;
    provision(&connection, 1).await.map_err(Trouble::failed)?;
    let mut figures = Metrics::new();
    let (ingest, progress, custody, audit) = (door().await?, door().await?, door().await?, door().await?);
    let (log_door, portal_door, figures_door) = (door().await?, door().await?, door().await?);
    let endpoints = Endpoints {
        ingest: ingest.url.clone(),
        progress: progress.url.clone(),
        custody: custody.url.clone(),
        audit: audit.url.clone(),
        log: log_door.url.clone(),
        portal: portal_door.url.clone(),
        metrics: figures_door.url.clone(),
        nats: nats.url(),
    };
    let given = |door: Door, role| Given {
        listener: door.listener,
        stream: nats.journal_config(role),
        shutdown: shutdown.clone(),
    };
    let made = services::ingest(given(ingest, Role::Ingest), &mut figures).await;
    let health = start(made, running);
    wait(std::slice::from_ref(&health), running, shutdown).await?;
    let (deployment, scheme) = found(local, name, &endpoints.ingest).await?;
    let (origin, key, vkey) = log_key(local, &deployment)?;
    let Witnesses {
        all: besides,
        witnessing,
    } = witnesses::make(local, (&origin, &vkey, &endpoints.log), &mut figures, shutdown).await?;
    let log = GivenLog {
        dir: local.service("audit"),
        origin,
        key,
        other_keys: Vec::new(),
        witnessing: Some(witnessing),
        http: Some(log_door.listener),
    };
    let (progress, custody) = (given(progress, Role::Progress), given(custody, Role::View));
    let all = [
        services::progress(progress, local.service("progress"), &mut figures).await,
        services::custody(custody, local.service("custody"), &mut figures).await,
        services::audit(given(audit, Role::Audit), log, &mut figures).await,
    ];
    let kit = portals::kit(Some(&local.policy()), wasm)?;
    let asked = (endpoints.asked(), kit, Allowed::LOCAL);
    let portal = services::portal(asked, portal_door.listener, shutdown.clone()).await;
    let others = besides.into_iter().chain(all).chain([portal]);
    let mut healths = vec![health.clone()];
    healths.extend(others.map(|made| start(made, running)));
    serve_figures(figures_door, (figures, health), running, shutdown);
    wait(&healths, running, shutdown).await?;
    if shutdown.is_triggered() {
        return Ok(());
    }
    let deployment = Deployment {
        deployment,
        scheme,
        vkey: vkey.to_string(),
        endpoints,
    };
    local.write(&deployment)?;
    announce(local, &deployment);
    Ok(())
}

fn serve_figures(door: Door, (figures, health): (Metrics, Health), running: &mut JoinSet<Done>, shutdown: &Shutdown) {
    let stop = shutdown.clone();
    running.spawn(async move {
        metrics::serve(door.listener, figures, health, stop).await;
        Ok(())
    });
}

/// The log's name, and its key, made where there is none.
fn log_key(local: &Local, deployment: &DeploymentId) -> Done<(Origin, SigningKey, Vkey)> {
    let key = keys::read_or_generate(&local.key("log"))?;
    let origin = Origin::new(format!("veta.local/{}", &deployment.to_string()[..16])).map_err(Trouble::failed)?;
    let signer = NoteSigner::new(origin.key_name().clone(), key.clone()).map_err(Trouble::failed)?;
    Ok((origin, key, signer.vkey().clone()))
}

fn announce(local: &Local, deployment: &Deployment) {
    let endpoints = &deployment.endpoints;
    let row = |what: &str, at: &str| [what.to_owned(), at.to_owned()];
    print::table(
        ["service", "answers at"],
        [
            row("ingest", &endpoints.ingest),
            row("progress", &endpoints.progress),
            row("custody", &endpoints.custody),
            row("audit", &endpoints.audit),
            row("log", &endpoints.log),
            row("portal", &endpoints.portal),
            row("metrics", &format!("{}/metrics", endpoints.metrics)),
            row("nats", &endpoints.nats),
        ],
    );
    print::line(format_args!("deployment {}", deployment.deployment));
    print::line(format_args!("log key    {}", deployment.vkey));
    print::line(format_args!(
        "witnesses  three beside the log; one of two and the auditing one must cosign: {}",
        local.policy().display()
    ));
    print::line("ready");
}

async fn door() -> Done<Door> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .map_err(Trouble::at("no free port"))?;
    let at = listener.local_addr().map_err(Trouble::at("no local address"))?;
    Ok(Door {
        listener,
        url: format!("http://{at}"),
    })
}

/// Lets a service work; returns what tells whether it serves.
fn start(made: Made, running: &mut JoinSet<Done>) -> Health {
    running.spawn(made.work);
    made.health
}

/// Waits until all of them serve, or one of them ends, or we are told to stop.
async fn wait(healths: &[Health], services: &mut JoinSet<Done>, shutdown: &Shutdown) -> Done {
    let all = async {
        for health in healths {
            health.until_serving().await;
        }
    };
    tokio::select! {
        biased;
        () = shutdown.wait() => Ok(()),
        ended = first_end(services) => ended,
        waited = tokio::time::timeout(READY_WAIT, all) => waited.map_err(|_| Trouble::failed(format_args!("the services are not ready after {READY_WAIT:?}"))),
    }
}

async fn first_end(services: &mut JoinSet<Done>) -> Done {
    match services.join_next().await {
        Some(Ok(ended)) => ended,
        Some(Err(error)) => Err(Trouble::failed(format_args!("a service panicked: {error}"))),
        None => Ok(()),
    }
}

/// The deployment behind this ingest, founded here if the stream is empty.
async fn found(local: &Local, name: &str, ingest: &str) -> Done<(DeploymentId, PartyId)> {
    let channel = rpc::client::connect(ingest).await?;
    let present = rpc::client::ingest(channel.clone())
        .get_deployment(GetDeploymentRequest::default())
        .await?
        .into_inner();
    let key = keys::read_or_generate(&local.scheme_key())?;
    if present.deployment_id.is_empty() {
        return state_founding(&key, name, channel).await;
    }
    let deployment = present
        .deployment_id
        .parse()
        .map_err(Trouble::at("the deployment's id"))?;
    let request = rpc::ingest::GetKeyRequest {
        key: keys::public(&key).to_string(),
        at_least_position: 0,
    };
    let known = rpc::client::ingest(channel).get_key(request).await.map_err(|status| {
        Trouble::failed(format_args!(
            "{} does not speak in this deployment: {}",
            local.scheme_key().display(),
            status.message()
        ))
    })?;
    Ok((
        deployment,
        known
            .into_inner()
            .party_id
            .parse()
            .map_err(Trouble::at("the scheme's id"))?,
    ))
}

async fn state_founding(key: &SigningKey, name: &str, channel: Channel) -> Done<(DeploymentId, PartyId)> {
    let name = Text::new(name).map_err(Trouble::at("the deployment's name"))?;
    let scheme = PartyProfile {
        kind: PartyKind::Scheme,
        name: name.clone(),
        country: Country::NONE,
        languages: List::empty(),
        reference: None,
    };
    let policy = ledger::FIRST_TERMS
        .to_vec()
        .try_into()
        .expect("no more terms than there are");
    let event = Event::DeploymentFounded(DeploymentFounded { name, scheme, policy });
    let now = SystemClock.now();
    let number = u64::try_from(now.unix_ms()).unwrap_or(0).saturating_mul(1_000);
    let statement = Statement {
        party: PartyId::FOUNDER,
        number,
        stated_at: now,
        event,
    };
    let signed = SignedStatement::sign(&statement, DeploymentId::FOUNDING, key).map_err(Trouble::failed)?;
    rpc::client::ingest(channel)
        .submit(SubmitRequest {
            statement: signed.encode(),
        })
        .await?;
    let id = signed.id(DeploymentId::FOUNDING);
    Ok((DeploymentId::from_bytes(*id.as_bytes()), PartyId::derive(id, 0)))
}
