//! The service as a whole, over a stream in memory and a port.

use std::path::Path;

use custody::{Custody, CustodyError, SERVICES, run};
use event::StreamPosition;
use journal::memory::MemoryJournal;
use rpc::client::{connect, custody as client};
use rpc::custody::custody_service_client::CustodyServiceClient;
use rpc::custody::{GetLotRequest, GetPositionRequest, ListLotsRequest, LotState};
use rpc::view::ViewPosition;
use service::health::Health;
use service::shutdown::Shutdown;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tonic::Code;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use views::Metrics;

use crate::support::{Say, Stream, code, of_lot};

struct Running {
    channel: Channel,
    shutdown: Shutdown,
    running: JoinHandle<Result<(), CustodyError>>,
}

impl Running {
    async fn start(journal: &MemoryJournal, dir: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let health = Health::starting(SERVICES).await;
        let custody = Custody {
            journal: journal.reopen(),
            dir: dir.join("rows"),
            listener,
            health,
            metrics: Metrics::default(),
        };
        let shutdown = Shutdown::new();
        let stop = shutdown.clone();
        let running = tokio::spawn(async move { run(custody, stop).await });
        Self {
            channel: connect(&url).await.unwrap(),
            shutdown,
            running,
        }
    }

    fn client(&self) -> CustodyServiceClient<Channel> {
        client(self.channel.clone())
    }

    /// What health says now, and then at each change.
    async fn health(&self) -> tonic::Streaming<tonic_health::pb::HealthCheckResponse> {
        let service = SERVICES[0].to_owned();
        HealthClient::new(self.channel.clone())
            .watch(HealthCheckRequest { service })
            .await
            .unwrap()
            .into_inner()
    }

    async fn view_at(&self, at_least_position: u64) -> ViewPosition {
        let request = GetPositionRequest {
            at_least_position,
            with_digest: true,
        };
        self.client()
            .get_position(request)
            .await
            .unwrap()
            .into_inner()
            .view
            .unwrap()
    }

    async fn stop(self) {
        self.shutdown.trigger();
        self.running.await.unwrap().unwrap();
    }
}

fn push(journal: &MemoryJournal, stream: &Stream, from: u64) {
    for record in &stream.records[usize::try_from(from).unwrap()..] {
        journal.push(record.clone());
    }
}

#[tokio::test]
async fn it_follows_the_stream_and_answers() {
    let (journal, dir) = (MemoryJournal::new(), tempfile::tempdir().unwrap());
    let running = Running::start(&journal, dir.path()).await;
    let mut health = running.health().await;
    assert_eq!(
        health.message().await.unwrap().unwrap().status(),
        ServingStatus::NotServing
    );
    assert_eq!(
        code(running.client().list_lots(ListLotsRequest::default()).await),
        Code::Unavailable
    );

    let mut stream = Stream::begin();
    stream.declare(0, 10, &["S-1"]);
    push(&journal, &stream, 0);
    assert_eq!(
        health.message().await.unwrap().unwrap().status(),
        ServingStatus::Serving
    );
    let view = running.view_at(stream.end()).await;
    assert_eq!(view.rows_digest, stream.fold_all().digest().to_string());

    // Garbage and a forbidden statement, behind the back of ingest: passed over, and nothing changes.
    let before = stream.end();
    stream.append(b"garbage".to_vec());
    stream.say(1, 0, Say::Retire);
    push(&journal, &stream, before);
    let passed = running.view_at(stream.end()).await;
    assert_eq!((passed.rows, passed.rows_digest), (view.rows, view.rows_digest));

    let position = stream.say_rightly(0, 0, Say::Offer { to: 2 });
    push(&journal, &stream, position - 1);
    let request = GetLotRequest {
        at_least_position: position,
        ..of_lot(stream.lots[0], 0)
    };
    let answer = running.client().get_lot(request).await.unwrap().into_inner();
    assert_eq!((answer.position, answer.path.len()), (position, 2));
    drop(health);
    running.stop().await;
}

#[tokio::test]
async fn its_rows_go_on_or_are_rebuilt() {
    let (journal, dir) = (MemoryJournal::new(), tempfile::tempdir().unwrap());
    let mut stream = Stream::begin();
    stream.declare(0, 10, &["S-1"]);
    push(&journal, &stream, 0);
    let running = Running::start(&journal, dir.path()).await;
    running.view_at(stream.end()).await;
    running.stop().await;

    let position = stream.say_rightly(0, 0, Say::Retire);
    push(&journal, &stream, position - 1);
    let gone_on = Running::start(&journal, dir.path()).await;
    let view = gone_on.view_at(position).await;
    gone_on.stop().await;

    let elsewhere = tempfile::tempdir().unwrap();
    let rebuilt = Running::start(&journal, elsewhere.path()).await;
    assert_eq!(rebuilt.view_at(position).await, view);
    rebuilt.stop().await;
}

/// What happened while it was away is not left out of the present: until it has read that, it tells the past alone.
#[tokio::test]
async fn the_present_is_told_once_all_of_it_was_read() {
    let (journal, dir) = (MemoryJournal::new(), tempfile::tempdir().unwrap());
    let mut stream = Stream::begin();
    stream.declare(0, 10, &["S-1"]);
    push(&journal, &stream, 0);
    let before = stream.end();
    let running = Running::start(&journal, dir.path()).await;
    running.view_at(before).await;
    running.stop().await;

    let retired = stream.say_rightly(0, 0, Say::Retire);
    push(&journal, &stream, before);
    let behind = journal.behind(StreamPosition::new(before));
    let running = Running::start(&behind, dir.path()).await;
    running.view_at(before).await;
    let lot = |as_of: u64| {
        let (mut client, request) = (running.client(), of_lot(stream.lots[0], as_of));
        async move { client.get_lot(request).await.unwrap().into_inner() }
    };
    let of_the_present = tokio::spawn(lot(0));
    for _ in 0..20 {
        let past = lot(before).await;
        assert_eq!((past.position, past.lot.unwrap().state()), (before, LotState::Held));
    }
    assert!(!of_the_present.is_finished());
    assert_eq!(running.view_at(0).await.position, before, "it says how far it is");

    behind.catch_up();
    let present = of_the_present.await.unwrap();
    assert_eq!(
        (present.position, present.lot.unwrap().state()),
        (retired, LotState::Retired)
    );
    running.stop().await;
}

#[tokio::test]
async fn it_ends_when_the_stream_is_not_the_one_it_followed() {
    let (journal, dir) = (MemoryJournal::new(), tempfile::tempdir().unwrap());
    let stream = Stream::begin();
    push(&journal, &stream, 0);
    let running = Running::start(&journal, dir.path()).await;
    running.view_at(stream.end()).await;
    journal.replace();
    assert!(matches!(running.running.await.unwrap(), Err(CustodyError::View(_))));
}
