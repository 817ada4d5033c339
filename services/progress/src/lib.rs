//! How organizations and sites are doing, by whose word, and since when.
//!
//! # In scope
//! - [`ProgressView`]: parties, sites, catalogues, assessments, plans, incidents, reports and decisions folded into rows.
//! - [`Door`]: how far an organization has come and what is missing, the present answer to each criterion, plans,
//!   incidents, measurements, the whole history, lists, comparisons and changes; as of any position and instant.
//! - [`EvidenceDoor`]: the files that statements name by their digests, for those who may see them.
//! - [`run`]: following the stream and answering until shutdown.
//!
//! # Out of scope
//! - Whether something may be said, and what a standing follows from: `ledger`. The proof that it was said: `audit`.
//! - Judging anyone: what an answer means for a buyer is the buyer's own policy.
//!
//! # Invariants
//! - What was never asked is absent. It is neither a no nor a yes.
//! - The present answer is the one that `ledger` lets prevail, here as where a lot moves. Others of the same day and kind
//!   that say something else are shown beside it, or at least counted. What was withdrawn counts no more, and stays in the
//!   history.
//! - An answer keeps the version of the catalogue it was given under. A criterion is the same one in another version only
//!   where that version says that it replaces it.
//! - What answers under other catalogues say about the criteria of gates stands beside these. The view knows which answer
//!   speaks to which criterion, how, and how far it reaches, from the shipped catalogues and nowhere else; it must not know
//!   what that would mean: no finding, gate, standing or next step follows from it.
//! - Only an admitted record changes a row, and the answer as of a position and an instant is the one that was given then.
//! - Standing changes by time, too: it is decided for the instant that is asked about, whether or not anything was said.
//! - A look at evidence that is not public is written down before it is answered.
//! - Evidence is handed out whole and checked, to those whom the ledger lets see it, or not at all.

mod answers;
mod course;
mod door;
mod evidence;
mod fold;
#[cfg(fuzzing)]
pub mod fuzzing;
mod heads;
mod names;
mod packed;
mod reading;
mod rows;
mod watching;

use std::path::PathBuf;
use std::sync::Arc;

use event::StreamPosition;
use journal::Journal;
use journal::evidence::EvidenceStore;
use replay::Replica;
use service::clock::Clock;
use service::health::Health;
use service::server::{ServeError, serve};
use service::shutdown::Shutdown;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::{RwLock, watch};
use tonic::service::RoutesBuilder;
use views::{Metrics, Process, ViewError};

pub use crate::door::{Door, READS_MAX};
pub use crate::evidence::{
    ANSWERED_MAX, BYTES_PER_DAY_MAX, CALLS_OF_ANYONE_PER_MINUTE_MAX, CALLS_PER_MINUTE_MAX, EvidenceDoor, TRANSFERS_MAX,
    TRANSFERS_OF_ANYONE_MAX, TRANSFERS_OF_ONE_MAX,
};
pub use crate::fold::ProgressView;
pub use crate::rows::RowError;

/// The gRPC services it answers for.
pub const SERVICES: &[&str] = &["veta.progress.v1.ProgressService", "veta.evidence.v1.EvidenceService"];

/// What a progress process is made of.
#[derive(Debug)]
pub struct Progress<J, E, C> {
    /// Our end of the stream.
    pub journal: J,
    /// Where evidence is kept.
    pub evidence: E,
    /// By which requests for evidence are fresh.
    pub clock: C,
    /// Where the rows are kept.
    pub dir: PathBuf,
    /// Where to answer.
    pub listener: TcpListener,
    /// Told once the rows have reached the stream's end.
    pub health: Health,
    /// What an operator sees.
    pub metrics: Metrics,
}

/// Why progress ended.
#[derive(Debug, Error)]
pub enum ProgressError {
    /// The view cannot be kept.
    #[error(transparent)]
    View(#[from] ViewError<RowError>),
    /// It cannot answer.
    #[error(transparent)]
    Serve(#[from] ServeError),
}

/// Runs until shutdown, or until it can no longer follow or answer.
pub async fn run<J: Journal, E: EvidenceStore, C: Clock>(
    progress: Progress<J, E, C>,
    shutdown: Shutdown,
) -> Result<(), ProgressError> {
    let Progress {
        journal,
        evidence,
        clock,
        dir,
        listener,
        health,
        metrics,
    } = progress;
    let position = watch::Sender::new(StreamPosition::START);
    let door = Door::new(position.subscribe());
    let replica = Arc::<RwLock<Replica>>::default();
    let at = (Arc::clone(&replica), position.subscribe(), health.clone());
    let evidence = EvidenceDoor::new(evidence, clock, at);
    let view = Process {
        journal,
        dir,
        view: ProgressView::default(),
        replica,
        desk: door.desk.clone(),
        position,
        health: health.clone(),
        metrics,
    };
    let mut routes = RoutesBuilder::default();
    routes.add_service(rpc::server::progress(door));
    routes.add_service(rpc::server::evidence(evidence));
    let serving = serve(
        listener,
        rpc::server::builder(),
        routes,
        rpc::FILE_DESCRIPTOR_SET,
        health,
        shutdown.clone(),
    );
    let (served, kept) = shutdown.together(serving, view.run(shutdown.clone())).await;
    kept?;
    Ok(served?)
}
