//! Rows of custody, folded by the real service, and served by a process that has nothing but them and their door.

use std::path::{Path, PathBuf};
use std::time::Duration;

use custody::{Custody, CustodyView, Door, SERVICES};
use event::DeploymentId;
use journal::Append;
use journal::memory::MemoryJournal;
use service::clock::Stopwatch;
use service::health::Health;
use service::shutdown::Shutdown;
use tests::measure::{bytes_below, processor_time_of, resident_of};
use tokio::sync::watch;

use crate::child::tell;
use crate::replayed::listen;

/// What it took to fold a stream into rows.
pub(crate) struct Folded {
    /// From the start on a full stream without rows until it serves.
    pub(crate) took: Duration,
    /// For which this process ran on processors.
    pub(crate) processor: Duration,
    /// By how much its memory grew: the state of the rules, and pages of the rows.
    pub(crate) resident: u64,
    pub(crate) disk: u64,
}

/// Lets the service follow these records into rows, and ends it.
pub(crate) async fn fold(records: &[Append], dir: &Path) -> Folded {
    let journal = MemoryJournal::new();
    for record in records {
        journal.push(record.payload.clone());
    }
    let (listener, _) = listen().await;
    let (health, shutdown) = (Health::starting(SERVICES).await, Shutdown::new());
    let service = Custody {
        journal,
        dir: dir.to_owned(),
        listener,
        health: health.clone(),
        metrics: views::Metrics::default(),
    };
    let (resident, ran, watch) = (resident_of("self"), processor_time_of("self"), Stopwatch::start());
    let running = tokio::spawn(custody::run(service, shutdown.clone()));
    health.until_serving().await;
    let took = watch.elapsed();
    let processor = processor_time_of("self").saturating_sub(ran);
    let resident = resident_of("self").saturating_sub(resident);
    shutdown.trigger();
    running
        .await
        .expect("custody does not panic")
        .expect("custody ends in order");
    Folded {
        took,
        processor,
        resident,
        disk: bytes_below(dir),
    }
}

/// What the process does that answers from rows in a directory.
pub(crate) async fn serve(mut arguments: impl Iterator<Item = String>) {
    let mut next = || arguments.next().expect("a directory and a deployment");
    let (dir, deployment) = (PathBuf::from(next()), next());
    let deployment: DeploymentId = deployment.parse().expect("a deployment");
    // Of the stream that was folded, only the birth counts: that of every stream in memory.
    let opened = views::open::<CustodyView, _>(&dir, &MemoryJournal::new(), deployment).await;
    let opened = opened.expect("rows");
    assert!(opened.fresh.is_none(), "the rows that were folded are taken");
    let position = watch::Sender::new(opened.cursor);
    let door = Door::new(position.subscribe());
    door.open(opened.store.reader());
    let (listener, url) = listen().await;
    let (health, shutdown) = (Health::starting(SERVICES).await, Shutdown::new());
    tell(&url, &health, &shutdown);
    health.serving().await;
    let mut routes = tonic::service::RoutesBuilder::default();
    routes.add_service(rpc::server::custody(door));
    let (limits, descriptors) = (rpc::server::builder(), rpc::FILE_DESCRIPTOR_SET);
    let served = service::server::serve(listener, limits, routes, descriptors, health, shutdown).await;
    served.expect("it ends in order");
}
