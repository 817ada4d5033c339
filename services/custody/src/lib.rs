//! Who has which lot, whose it is, where its gold was dug, and through whose hands and fires it came.
//!
//! # In scope
//! - [`CustodyView`]: lots, what happened to them and what they were made of, folded into rows.
//! - [`Door`]: a lot with its path; lots by who has them, how they are and the numbers they bear; lineages, origins to the
//!   microgram, flags, holds and suspect signatures of all that a lot was made of; balances of parties, production of
//!   sites, a refiner's table of origins; as of any position and instant.
//! - [`run`]: following the stream and answering until shutdown.
//!
//! # Out of scope
//! - Whether a lot may move, what is flagged and how gold is divided: `ledger`. The proof that it moved: `audit`, which also
//!   shows what was refused. How those are doing who dug it: `progress`.
//! - Judging a lot: what flags and origins mean for a buyer is the buyer's own policy.
//!
//! # Invariants
//! - How a lot stands is what the ledger says, taken over step by step and never worked out anew.
//! - Masses go with where they come from: an illustrative quantity is never shown without that word.
//! - The origins of a lot sum to its gold, to the microgram; what a party took in and did not give away is what it has.
//! - What a lot was made of is kept with what it was made by: no answer but a lineage walks through it, and a lineage is
//!   bounded. Flags of what a lot was made of are those there were when it was made.
//! - Only an admitted record changes a row, and the answer as of a position and an instant is the one that was given then.

mod answers;
mod door;
mod fold;
#[cfg(fuzzing)]
pub mod fuzzing;
mod lineage;
mod reading;
mod rows;

use std::path::PathBuf;
use std::sync::Arc;

use event::StreamPosition;
use journal::Journal;
use service::health::Health;
use service::server::{ServeError, serve};
use service::shutdown::Shutdown;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tonic::service::RoutesBuilder;
use views::{Metrics, Process, ViewError};

pub use crate::door::{Door, READS_MAX};
pub use crate::fold::CustodyView;
pub use crate::rows::RowError;

/// The gRPC services it answers for.
pub const SERVICES: &[&str] = &["veta.custody.v1.CustodyService"];

/// What a custody process is made of.
#[derive(Debug)]
pub struct Custody<J> {
    /// Our end of the stream.
    pub journal: J,
    /// Where the rows are kept.
    pub dir: PathBuf,
    /// Where to answer.
    pub listener: TcpListener,
    /// Told once the rows have reached the stream's end.
    pub health: Health,
    /// What an operator sees.
    pub metrics: Metrics,
}

/// Why custody ended.
#[derive(Debug, Error)]
pub enum CustodyError {
    /// The view cannot be kept.
    #[error(transparent)]
    View(#[from] ViewError<RowError>),
    /// It cannot answer.
    #[error(transparent)]
    Serve(#[from] ServeError),
}

/// Runs until shutdown, or until it can no longer follow or answer.
pub async fn run<J: Journal>(custody: Custody<J>, shutdown: Shutdown) -> Result<(), CustodyError> {
    let Custody {
        journal,
        dir,
        listener,
        health,
        metrics,
    } = custody;
    let position = watch::Sender::new(StreamPosition::START);
    let door = Door::new(position.subscribe());
    let view = Process {
        journal,
        dir,
        view: CustodyView,
        replica: Arc::default(),
        desk: door.desk.clone(),
        position,
        health: health.clone(),
        metrics,
    };
    let mut routes = RoutesBuilder::default();
    routes.add_service(rpc::server::custody(door));
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
