//! The log: leaves, tree, map, checkpoints and proofs.
//!
//! # In scope
//! - Leaf *i* for stream position *i + 1*, the tiles of the tree, and an index by map key, as rows.
//! - The checkpoint, in this order: rows durable, read back and recomputed by a second path, head held in two places, signed,
//!   cosigned by the policy's quorum of witnesses, kept, published. Many batches of rows are published at once where they wait.
//! - The published checkpoints of the past, and between which of them a leaf came: its time, by the clocks of witnesses.
//! - The log as c2sp.org/tlog-tiles over HTTP, up to the locked size.
//! - Proofs of inclusion and consistency, entries, and the proof bundle of a lot, all under the published checkpoint.
//!
//! # Out of scope
//! - What a leaf holds and what the map is: `replay` and `tlog`. Whether statements may stand: `ledger`.
//! - Cosigning: a witness is another program, run by somebody else.
//!
//! # Invariants
//! - Nothing is signed before it is durable, read back, and shown to extend what was signed before.
//! - Nothing is signed before enough witnesses have said that they have not seen more than is held here.
//! - Any error on that way ends the process; starting it again takes the same steps. Waiting for witnesses is none.
//! - Where what is known of the past does not agree, nothing is signed any more: the process answers what was published before,
//!   and says why ([`Disagreement`]).
//! - Every proof is of exactly the published checkpoint: its map is moved on together with it, under one lock.
//! - The rows are a cache: lost, they are rebuilt to the same root, and that is compared with what was signed. Meanwhile what
//!   was signed for cannot be read; it is never said not to be there.

mod door;
mod error;
#[cfg(fuzzing)]
pub mod fuzzing;
mod head;
mod history;
mod metrics;
mod proofs;
mod published;
mod publisher;
mod reconcile;
mod rows;
mod seam;
mod signers;
mod signing;
mod tiles;
mod witnesses;
mod witnessing;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use ed25519_dalek::SigningKey;
use event::StreamPosition;
use journal::cell::Cell;
use journal::{FollowError, Journal, JournalError};
use rpc::limits;
use service::health::Health;
use service::server::{ServeError, serve};
use service::shutdown::Shutdown;
use thiserror::Error;
use tlog::Origin;
use tlog::note::{Note, VkeyError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tonic::service::RoutesBuilder;
use views::{Desk, ViewError};

use crate::door::{Door, READS_MAX};
use crate::history::History;
use crate::published::{Shared, map_in};
use crate::signers::Signers;
use crate::signing::Signing;
use crate::tiles::{TILE_READS_MAX, Tiles};
use crate::witnesses::Witnesses;

pub use crate::error::LogError;
pub use crate::head::HeadError;
pub use crate::history::HistoryError;
pub use crate::metrics::Metrics;
pub use crate::reconcile::Disagreement;
pub use crate::seam::{NoSeam, Point, Seam, Stopped};
pub use crate::witnesses::{WITNESS_DEADLINE, WitnessError};
pub use crate::witnessing::{RECOSIGN, Terms, WhenShort, Witnessing};

/// The gRPC services it answers for.
pub const SERVICES: &[&str] = &["veta.audit.v1.AuditService"];

/// Part of its health, by the name of a service: whether checkpoints are signed. Where nothing is signed any more, what was
/// published is answered all the same, and the rest of it is healthy.
pub const SIGNING: &str = "veta.audit.v1.Signing";

/// What an audit process is made of.
#[derive(Debug)]
pub struct Audit<J, C, S = NoSeam> {
    /// Our end of the stream.
    pub journal: J,
    /// Where the last signed head is held, beside the file.
    pub cell: C,
    /// Holds the rows in `rows/`, the last signed head, and the published checkpoints.
    pub dir: PathBuf,
    /// The log's name.
    pub origin: Origin,
    /// The log's key.
    pub key: SigningKey,
    /// Other keys that sign beside it, while one replaces the other.
    pub other_keys: Vec<SigningKey>,
    /// Who cosigns, if anybody.
    pub witnessing: Option<Witnessing>,
    /// Where to answer over gRPC.
    pub listener: TcpListener,
    /// Where to answer over HTTP with tiles, if anywhere.
    pub http: Option<TcpListener>,
    /// Told once what is published can be proved.
    pub health: Health,
    /// What an operator sees.
    pub metrics: Metrics,
    /// Nothing, but in tests.
    pub seam: S,
}

/// Why audit ended.
#[derive(Debug, Error)]
pub enum AuditError {
    /// The key or origin cannot sign checkpoints.
    #[error("the log's key and origin cannot sign checkpoints: {0}")]
    Key(#[from] VkeyError),
    /// The witnesses cannot be asked.
    #[error(transparent)]
    Witnesses(#[from] WitnessError),
    /// The stream.
    #[error(transparent)]
    Stream(#[from] FollowError),
    /// The stream cannot be asked where it ends.
    #[error("the stream cannot be asked where it ends: {0}")]
    Journal(#[from] JournalError),
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

/// Runs until shutdown, or until something fails. Where it can no longer sign the truth, it signs nothing and answers on.
pub async fn run<J: Journal, C: Cell, S: Seam>(audit: Audit<J, C, S>, shutdown: Shutdown) -> Result<(), AuditError> {
    let signers = Arc::new(Signers::new(audit.origin, audit.key, audit.other_keys)?);
    let nobody = || Witnessing::nobody(signers.vkey().clone());
    let witnessing = audit.witnessing.unwrap_or_else(nobody);
    let witnesses = Witnesses::new(witnessing.policy.clone(), &signers, audit.metrics.witnesses.clone())?;
    let history = History::open(&audit.dir, signers.origin(), &signers.vkeys()).map_err(LogError::from)?;
    let as_of = history.latest().and_then(|last| {
        let note = Note::parse(last.note.as_bytes()).ok()?;
        witnessing.policy.check(&note).ok()?.as_of
    });
    let shared = Arc::new(Shared::new(history, as_of, map_in(&audit.dir)?));
    let position = watch::Sender::new(StreamPosition::START);
    let desk = |reads_max| Desk::new(position.subscribe(), limits::WAIT_MAX, reads_max);
    let (desk, tiles_desk) = (desk(READS_MAX), desk(TILE_READS_MAX));
    let deployment = Arc::new(OnceLock::new());
    let door = Door {
        vkeys: signers.vkeys(),
        policy: witnessing.policy,
        deployment: Arc::clone(&deployment),
        desk: desk.clone(),
        shared: Arc::clone(&shared),
    };
    let tiles = Tiles::new(tiles_desk.clone(), Arc::clone(&shared));
    let signing = Signing {
        journal: audit.journal,
        cell: audit.cell,
        dir: audit.dir,
        signers,
        witnesses,
        terms: witnessing.terms,
        shared,
        desks: [desk, tiles_desk],
        deployment,
        position,
        health: audit.health.clone(),
        metrics: audit.metrics,
        seam: audit.seam,
    };

    let mut routes = RoutesBuilder::default();
    routes.add_service(rpc::server::audit(door));
    let serving = serve(
        audit.listener,
        rpc::server::builder(),
        routes,
        rpc::FILE_DESCRIPTOR_SET,
        audit.health,
        shutdown.clone(),
    );
    let serving_tiles = async {
        if let Some(listener) = audit.http {
            service::http::serve(listener, tiles.router(), shutdown.clone()).await;
        }
    };
    let working = shutdown.together(serving, Box::pin(signing.run(shutdown.clone())));
    let ((served, signed), ()) = tokio::join!(working, serving_tiles);
    signed?;
    Ok(served?)
}
