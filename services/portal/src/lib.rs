//! The portal: web pages and the public HTTP API, for everybody who never opens a terminal.
//!
//! # In scope
//! - Pages in four languages, rendered here and useful without JavaScript; all that they show as JSON under `/api/v1`.
//! - What protects whoever looks: no script or style but ours, nothing fetched from anywhere else, names of others rendered
//!   inert.
//!
//! # Out of scope
//! - Every fact: it is asked of the services, over gRPC and as of one position. Nothing is kept here but, in memory, who is
//!   signed in.
//! - Whether a proof holds: the browser checks it itself, by programs that are served from here. Only where no script runs is it
//!   checked here, and the page says whose word that is.
//!
//! # Invariants
//! - Every address can be shared: the language, as of when, and every filter are in it.
//! - Every fact stands beside who said it, when, and the record that says so.
//! - No text of a party is rendered as anything but text.
//! - What a reader sees because he signed in is asked with the request that his key signed, and no cache keeps it.
//!
//! # Rooms
//! - [`language`]: texts, numbers and dates. [`asked`]: what an address asks. [`sources`]: the services. [`told`]: what a
//!   statement says. [`clients`]: how much each may ask. `session`: who is signed in.
//! - `answers`: what was asked and answered, as all pages show it. `pictures`: where things stand in them.
//! - `door`: from an address to a page, and what protects it. `shell`: what every page has. `pages`: one module each.
//! - `assets`, [`wasm`]: files that browsers load, `packed` once. `accepted`: what a client accepts.
//! - `api`: what programs ask. `followers`: who is told what happens, and how many.

mod accepted;
mod answers;
mod api;
pub mod asked;
mod assets;
pub mod clients;
mod door;
mod fields;
mod followers;
pub mod language;
mod packed;
mod pages;
mod pictures;
pub mod public;
mod session;
mod shell;
pub mod sources;
pub mod told;
mod trouble;
pub mod wasm;

use std::sync::Arc;

use axum::Router;
use rpc::client::ConnectError;
use service::health::Health;
use service::http;
use service::shutdown::Shutdown;
use tlog::policy::Policy;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::clients::{Allowed, Clients};
use crate::followers::Followers;
use crate::public::PublicUrl;
use crate::session::Sessions;
use crate::shell::Portal;
use crate::sources::{Addresses, Sources};
use crate::wasm::Wasm;

/// Proofs that are verified here at one time, for who has no script. Each may have
/// [`BUNDLE_BYTES_MAX`](replay::bundle::BUNDLE_BYTES_MAX), and twice as much once it is read.
pub const PROOFS_MAX: usize = 2;

/// The gRPC services it answers for: none.
pub const SERVICES: &[&str] = &[];

/// What the operator lets a portal show and serve besides.
#[derive(Clone, Debug, Default)]
pub struct Kit {
    /// Whose log this is and which witnesses cosign it, as the operator publishes it: c2sp.org/tlog-policy.
    pub log_policy: Option<Policy>,
    /// Where everybody reaches it: what codes on labels lead to. Without one they say the id of the lot alone.
    pub public_url: Option<PublicUrl>,
    /// The verifier, for browsers.
    pub verifier: Option<Wasm>,
    /// What signs on the reader's device.
    pub signer: Option<Wasm>,
}

/// What a portal is made of.
#[derive(Debug)]
pub struct Given {
    /// Where the services answer.
    pub addresses: Addresses,
    /// What it shows and serves besides.
    pub kit: Kit,
    /// Where it answers over HTTP.
    pub listener: TcpListener,
    /// How much each client may ask.
    pub allowed: Allowed,
    /// Told once it answers.
    pub health: Health,
}

/// Everything that is answered, without a server around it.
pub fn router(addresses: &Addresses, kit: Kit, allowed: Allowed) -> Result<Router, ConnectError> {
    router_until(addresses, kit, allowed, Shutdown::new())
}

/// The same; what follows something ends with `shutdown`.
fn router_until(addresses: &Addresses, kit: Kit, allowed: Allowed, shutdown: Shutdown) -> Result<Router, ConnectError> {
    let portal = Portal {
        sources: Sources::new(addresses)?,
        kit,
        sessions: Sessions::default(),
        proofs: Arc::new(Semaphore::new(PROOFS_MAX)),
        followers: Arc::new(Followers::new(shutdown)),
    };
    Ok(door::router(Arc::new(portal), Clients::new(allowed)))
}

/// Something else behind the portal's door: compressed, counted and guarded as its pages are.
pub fn guarded(router: Router, allowed: Allowed) -> Router {
    door::guard(door::compress(router), Clients::new(allowed))
}

/// Runs until shutdown.
pub async fn run(given: Given, shutdown: Shutdown) -> Result<(), ConnectError> {
    let router = router_until(&given.addresses, given.kit, given.allowed, shutdown.clone())?;
    given.health.serving().await;
    http::serve_to(given.allowed.peers(), given.listener, router, shutdown).await;
    Ok(())
}
