//! The only writer of the stream.
//!
//! # In scope
//! - The gRPC door: signatures verified on all cores, every outcome told to its submitter.
//! - The lanes: what waits for the sequencer, bounded, put together so that neither statements submitted alone nor
//!   streams of them shut the other out.
//! - The sequencer: one task that admits statements in order on a staged ledger and appends each batch where it
//!   expects the stream to end. One fsync a batch; nothing is acknowledged before it.
//!
//! # Out of scope
//! - The rules: `ledger`. Keeping and ordering bytes: `journal`. Showing anything: the other services.
//!
//! # Invariants
//! - A receipt is given only for what is in the stream, and the same bytes always get the same one.
//! - A refusal is given only on a state that the stream was just seen to end at.
//! - Nothing is recorded behind an unknown outcome of the same call: the same bytes may be submitted again in order.
//! - Statements of one call are sequenced in their order.
//! - A second ingest on the same stream does no harm: whoever is late reads on and decides again.
//! - Nobody is told where the stream ends by an ingest that has not read it yet.

mod door;
mod lanes;
mod metrics;
mod receipts;
mod sequencer;

use std::time::Duration;

use journal::Journal;
use service::clock::Clock;
use service::health::Health;
use service::server::{ServeError, serve};
use service::shutdown::{DRAIN_WAIT, Shutdown};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tonic::service::RoutesBuilder;

use crate::door::Door;
use crate::lanes::lanes;
use crate::sequencer::{INQUIRIES_MAX, Sequencer};

pub use crate::door::{OUTCOMES_WAITING_MAX, SUBMIT_WAIT, VERIFY_BATCH_MAX, VERIFY_BATCHES_MAX};
pub use crate::lanes::{FILL_WAIT, QUEUE_MAX};
pub use crate::metrics::Metrics;
pub use crate::sequencer::SequencerError;

/// The gRPC services it answers for.
pub const SERVICES: &[&str] = &["veta.ingest.v1.IngestService"];

/// How long the batch under way may take after a shutdown: longer than an append waits for its answer, and shorter than
/// requests may go on, so that its submitters are told.
const BATCH_WAIT: Duration = Duration::from_secs(7);
const _: () = assert!(BATCH_WAIT.as_secs() < DRAIN_WAIT.as_secs());

/// How often an ingest that nobody submits to looks whether another one has written: as old is what it knows at most.
pub const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// What an ingest process is made of.
#[derive(Debug)]
pub struct Ingest<J, C> {
    /// Our end of the stream.
    pub journal: J,
    /// Stamps admissions.
    pub clock: C,
    /// Where to answer.
    pub listener: TcpListener,
    /// How often it looks whether another ingest has written, while nobody submits to it: [`LOOK_INTERVAL`].
    pub look_interval: Duration,
    /// Told once the state has reached the stream's end.
    pub health: Health,
    /// What an operator sees.
    pub metrics: Metrics,
}

/// Why ingest ended.
#[derive(Debug, Error)]
pub enum IngestError {
    /// The stream is not the one it knew.
    #[error(transparent)]
    Sequencer(#[from] SequencerError),
    /// It cannot answer.
    #[error(transparent)]
    Serve(#[from] ServeError),
}

/// Runs until shutdown, or until it can no longer tell the truth.
pub async fn run<J: Journal, C: Clock>(ingest: Ingest<J, C>, shutdown: Shutdown) -> Result<(), IngestError> {
    let metrics = ingest.metrics;
    let mut sequencer = Sequencer::new(ingest.journal, ingest.clock, metrics.clone());
    let (entries, lanes) = lanes();
    let (inquiries, inquired) = mpsc::channel(INQUIRIES_MAX);
    let door = Door {
        entries,
        inquiries,
        present: sequencer.present(),
        metrics,
    };
    let mut routes = RoutesBuilder::default();
    routes.add_service(rpc::server::ingest(door));
    // Once nobody can submit any more, the sequencer has nothing left to do.
    let serving = serve(
        ingest.listener,
        rpc::server::builder(),
        routes,
        rpc::FILE_DESCRIPTOR_SET,
        ingest.health.clone(),
        shutdown.clone(),
    );
    let sequencing = async {
        let caught_up = tokio::select! {
            biased;
            () = shutdown.wait() => return Ok(()),
            caught_up = sequencer.catch_up() => caught_up,
        };
        caught_up?;
        ingest.health.serving().await;
        let work = sequencer.run(lanes, inquired, ingest.look_interval, shutdown.clone());
        shutdown.drain_within(BATCH_WAIT, work).await.unwrap_or(Ok(()))
    };
    let (served, ended) = shutdown.together(serving, sequencing).await;
    ended?;
    Ok(served?)
}
