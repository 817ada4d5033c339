//! The log: leaves, tree, map, checkpoints and proofs.
//!
//! # In scope
//! - Leaf *i* for stream position *i + 1*, the tiles of the tree, and an index by map key, as rows.
//! - The checkpoint, in this order: rows durable, read back and recomputed, head held in two places, signed, published.
//! - The log as c2sp.org/tlog-tiles over HTTP, up to the locked size.
//! - Proofs of inclusion and consistency, entries, and the proof bundle of a lot, all under the published checkpoint.
//!
//! # Out of scope
//! - What a leaf holds and what the map is: `replay` and `tlog`. Whether statements may stand: `ledger`.
//!
//! # Invariants
//! - Nothing is signed before it is durable, read back, and shown to extend what was signed before.
//! - Any error on that way ends the process; starting it again takes the same steps.
//! - The rows are a cache: lost, they are rebuilt to the same root, and that is compared with what was signed.

mod door;
mod head;
mod http;
mod log;
mod proofs;

use std::path::PathBuf;
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use event::StreamPosition;
use journal::cell::Cell;
use journal::{FollowError, Journal};
use replay::Replica;
use rpc::limits;
use service::health::Health;
use service::server::{ServeError, serve};
use service::shutdown::Shutdown;
use thiserror::Error;
use tlog::note::{NoteSigner, VkeyError};
use tlog::{Origin, TreeSize};
use tokio::net::TcpListener;
use tokio::sync::{RwLock, watch};
use tonic::service::RoutesBuilder;
use views::{Desk, Following, Metrics, ViewError};

use crate::door::{Door, READS_MAX};
use crate::head::HeldHead;
use crate::http::{TILE_READS_MAX, Tiles};
use crate::log::Log;

pub use crate::head::HeadError;
pub use crate::log::LogError;

/// The gRPC services it answers for.
pub const SERVICES: &[&str] = &["veta.audit.v1.AuditService"];

/// What an audit process is made of.
#[derive(Debug)]
pub struct Audit<J, C> {
    /// Our end of the stream.
    pub journal: J,
    /// Where the last signed head is held, beside the file.
    pub cell: C,
    /// Holds the rows in `rows/`, and the last signed head.
    pub dir: PathBuf,
    /// The log's name.
    pub origin: Origin,
    /// The log's key.
    pub key: SigningKey,
    /// Where to answer over gRPC.
    pub listener: TcpListener,
    /// Where to answer over HTTP with tiles, if anywhere.
    pub http: Option<TcpListener>,
    /// Told once the first checkpoint is published.
    pub health: Health,
    /// What an operator sees.
    pub metrics: Metrics,
}

/// Why audit ended.
#[derive(Debug, Error)]
pub enum AuditError {
    /// The key or origin cannot sign checkpoints.
    #[error("the log's key and origin cannot sign checkpoints: {0}")]
    Key(#[from] VkeyError),
    /// The stream.
    #[error(transparent)]
    Stream(#[from] FollowError),
    /// The log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The rows.
    #[error(transparent)]
    View(#[from] ViewError<LogError>),
    /// It cannot answer.
    #[error(transparent)]
    Serve(#[from] ServeError),
}

/// Runs until shutdown, or until it can no longer sign the truth.
pub async fn run<J: Journal, C: Cell>(audit: Audit<J, C>, shutdown: Shutdown) -> Result<(), AuditError> {
    let signer = NoteSigner::new(audit.origin.key_name().clone(), audit.key)?;
    let vkey = signer.vkey().clone();
    let Some(deployment) = views::founding(&audit.journal, &shutdown).await? else {
        return Ok(());
    };
    let head = HeldHead::read(&audit.dir, audit.cell, audit.origin.clone())
        .await
        .map_err(LogError::from)?;
    let opened = views::open::<Log<C>, J>(&audit.dir.join("rows"), &audit.journal, deployment).await?;
    let reader = opened.store.reader();
    let replica = Arc::new(RwLock::new(Replica::with_log(&audit.origin)));
    let (publish, published) = watch::channel(None);
    let last = head.held().map_or(TreeSize::EMPTY, |head| head.size);
    let (lock, locked) = watch::channel(last);
    let view = Log::new(audit.origin, signer, reader.clone(), head, lock, publish)?;
    let (position, committed) = watch::channel(StreamPosition::START);
    let desk = Desk::new(committed.clone(), limits::WAIT_MAX, READS_MAX);
    desk.open(reader.clone());
    let tiles_desk = Desk::new(committed, limits::WAIT_MAX, TILE_READS_MAX);
    tiles_desk.open(reader);
    let tiles = Tiles::new(tiles_desk, locked, published.clone());
    let door = Door {
        vkey,
        deployment,
        desk,
        replica: Arc::clone(&replica),
        published: published.clone(),
    };
    let following = Following {
        journal: audit.journal,
        store: opened.store,
        view,
        replica,
        position,
        metrics: audit.metrics,
    };

    let mut routes = RoutesBuilder::default();
    routes.add_service(rpc::server::audit(door));
    let serving = serve(
        audit.listener,
        rpc::server::builder(),
        routes,
        rpc::FILE_DESCRIPTOR_SET,
        audit.health.clone(),
        shutdown.clone(),
    );
    let ready = async {
        let mut published = published;
        if published.wait_for(Option::is_some).await.is_ok() {
            audit.health.serving().await;
        }
    };
    let serving_tiles = async {
        if let Some(listener) = audit.http {
            service::http::serve(listener, tiles.router(), shutdown.clone()).await;
        }
    };
    let working = shutdown.together(serving, following.run(shutdown.clone()));
    let ((served, followed), (), ()) = tokio::join!(working, ready, serving_tiles);
    followed?;
    Ok(served?)
}
