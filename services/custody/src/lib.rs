//! Who has which lot, where it was dug, and through whose hands it came.
//!
//! # In scope
//! - [`CustodyView`]: lots and what happened to them folded into rows.
//! - [`Door`]: a lot with its path, and lots by custodian, site and state; as of any position.
//! - [`run`]: following the stream and answering until shutdown.
//!
//! # Out of scope
//! - Whether a lot may move: `ledger`. The proof that it did: `audit`, which also shows what was refused.
//! - Ownership: custody is possession.
//!
//! # Invariants
//! - How a lot stands is what the ledger says, taken over step by step and never worked out anew.
//! - Masses go with where they come from: an illustrative quantity is never shown without that word.
//! - Only an admitted record changes a row, and the answer as of a position is the one that was given then.

mod answers;
mod door;
mod fold;
#[cfg(fuzzing)]
pub mod fuzzing;
mod reading;
mod rows;

use std::path::PathBuf;
use std::sync::Arc;

use event::StreamPosition;
use journal::{FollowError, Journal, JournalError};
use service::health::Health;
use service::server::{ServeError, serve};
use service::shutdown::Shutdown;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tonic::service::RoutesBuilder;
use views::{Following, Metrics, ViewError, founding, open};

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
    /// The stream is not one that can be followed.
    #[error(transparent)]
    Stream(#[from] FollowError),
    /// The stream cannot be asked where it ends.
    #[error("custody cannot ask the stream where it ends: {0}")]
    Journal(#[from] JournalError),
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
    let mut routes = RoutesBuilder::default();
    routes.add_service(rpc::server::custody(door.clone()));
    let serving = async {
        let served = serve(
            listener,
            rpc::server::builder(),
            routes,
            rpc::FILE_DESCRIPTOR_SET,
            health.clone(),
            shutdown.clone(),
        )
        .await;
        shutdown.trigger();
        served
    };
    let following = async {
        let followed = follow(journal, dir, door, position, metrics, &health, &shutdown).await;
        // Whoever is connected is told that we are going.
        shutdown.trigger();
        followed
    };
    let (served, followed) = tokio::join!(serving, following);
    followed?;
    Ok(served?)
}

async fn follow<J: Journal>(
    journal: J,
    dir: PathBuf,
    door: Door,
    position: watch::Sender<StreamPosition>,
    metrics: Metrics,
    health: &Health,
    shutdown: &Shutdown,
) -> Result<(), CustodyError> {
    let Some(deployment) = founding(&journal, shutdown).await? else {
        return Ok(());
    };
    let opened = open::<CustodyView, J>(&dir, &journal, deployment).await?;
    let end = journal.end().await?.last;
    door.open(opened.store.reader());
    position.send_replace(opened.cursor);
    let mut reached = position.subscribe();
    let following = Following {
        journal,
        store: opened.store,
        view: CustodyView,
        replica: Arc::default(),
        position,
        metrics,
    };
    let announcing = async {
        if reached.wait_for(|reached| end <= *reached).await.is_ok() {
            health.serving().await;
        }
    };
    let (followed, ()) = tokio::join!(following.run(shutdown.clone()), announcing);
    Ok(followed?)
}
