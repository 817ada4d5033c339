//! An import that was cut and is started again at once, while what it recorded is not seen yet.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use event::StreamPosition;
use ingest::Ingest;
use journal::evidence::MemoryEvidence;
use journal::memory::MemoryJournal;
use progress::Progress;
use service::clock::SystemClock;
use service::exit::Exit;
use service::health::Health;
use service::shutdown::Shutdown;
use tempfile::TempDir;
use tests::world::{World, record};
use tokio::net::TcpListener;
use tokio::time::timeout;
use veta::import::run::{KeyFiles, certifications};
use veta::local::{Deployment, Endpoints};
use veta::trouble::Done;

/// The founding, the compiler with its key and accreditation, 22 organizations, the catalogue, 33 events.
const RECORDS: usize = 1 + 3 + 22 + 1 + 33;

/// Longer than an import waits for anything.
const LONG: Duration = Duration::from_secs(60);

/// A deployment in one process, of which progress is told nothing but the founding until it catches up.
struct Place {
    journal: MemoryJournal,
    late: MemoryJournal,
    deployment: Deployment,
    dir: TempDir,
    shutdown: Shutdown,
}

impl Place {
    /// With these records after the founding, if there are any.
    async fn with(records: &[Bytes]) -> Self {
        let (world, founded) = World::found(1);
        let journal = MemoryJournal::new();
        journal.push(record(&founded));
        let late = journal.behind(StreamPosition::new(1));
        let (dir, shutdown) = (tempfile::tempdir().unwrap(), Shutdown::new());
        veta::keys::write(&dir.path().join("scheme.pem"), &world.scheme.key).unwrap();
        let progress = start_progress(late.clone(), dir.path(), &shutdown).await;
        for record in records.iter().skip(1) {
            journal.push(record.clone());
        }
        let ingest = start_ingest(journal.reopen(), &shutdown).await;
        let nowhere = String::new;
        let deployment = Deployment {
            deployment: world.deployment,
            scheme: world.scheme.party,
            vkey: nowhere(),
            endpoints: Endpoints {
                ingest,
                progress,
                custody: nowhere(),
                audit: nowhere(),
                log: nowhere(),
                portal: nowhere(),
                metrics: nowhere(),
                nats: nowhere(),
            },
        };
        Self {
            journal,
            late,
            deployment,
            dir,
            shutdown,
        }
    }

    /// Imports with the keys that lie there.
    async fn import(&self, keys: &Path) -> Done {
        let file = Path::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../deploy/demo-data/certification/fairmined_craft_events.csv"
        ));
        let (scheme, assessor) = (self.dir.path().join("scheme.pem"), keys.join("compiler.pem"));
        let keys = KeyFiles {
            scheme: &scheme,
            assessor: &assessor,
        };
        timeout(LONG, certifications(file, &self.deployment, keys, true))
            .await
            .expect("an import comes to an end")
    }

    fn len(&self) -> usize {
        self.journal.records().len()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shutdown.trigger();
    }
}

async fn start_ingest(journal: MemoryJournal, shutdown: &Shutdown) -> String {
    let (listener, url) = listen().await;
    let health = Health::starting(ingest::SERVICES).await;
    let ingest = Ingest {
        journal,
        clock: SystemClock,
        listener,
        look_interval: ingest::LOOK_INTERVAL,
        health: health.clone(),
        metrics: ingest::Metrics::default(),
    };
    tokio::spawn(ingest::run(ingest, shutdown.clone()));
    health.until_serving().await;
    url
}

async fn start_progress(journal: MemoryJournal, dir: &Path, shutdown: &Shutdown) -> String {
    let (listener, url) = listen().await;
    let health = Health::starting(progress::SERVICES).await;
    let progress = Progress {
        journal,
        evidence: MemoryEvidence::new(),
        clock: SystemClock,
        dir: dir.join("progress"),
        listener,
        health: health.clone(),
        metrics: views::Metrics::default(),
    };
    tokio::spawn(progress::run(progress, shutdown.clone()));
    health.until_serving().await;
    url
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// Checks that an import goes on from the first of these records as soon as they are seen, and says nothing before.
async fn check(records: &[Bytes], keys: &Path) {
    let place = Place::with(records).await;
    let trouble = place.import(keys).await.unwrap_err();
    assert_eq!(trouble.exit, Exit::TryAgain, "{trouble} after {}", records.len());
    assert_eq!(
        place.len(),
        records.len(),
        "nothing is stated before it is known what is there"
    );
    place.late.catch_up();
    place.import(keys).await.unwrap();
    assert_eq!(place.len(), RECORDS, "after {}", records.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_was_cut_goes_on_when_what_it_recorded_is_seen() {
    let whole = Place::with(&[]).await;
    whole.late.catch_up();
    whole.import(whole.dir.path()).await.unwrap();
    let records = whole.journal.records();
    assert_eq!(records.len(), RECORDS);
    let cut = |after: usize| check(&records[..after], whole.dir.path());
    // With the compiler alone, among the organizations, and with everything: said at once, they are waited for together.
    tokio::join!(cut(4), cut(15), cut(RECORDS));
}
