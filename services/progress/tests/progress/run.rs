//! The service as a whole, over a stream in memory and a port.

use std::path::Path;

use journal::evidence::MemoryEvidence;
use journal::memory::MemoryJournal;
use progress::{Progress, ProgressError, SERVICES, run};
use rpc::client::{connect, evidence, progress as client};
use rpc::evidence::{DescribeEvidenceRequest, Digests, EvidenceState, describe_evidence_request};
use rpc::progress::progress_service_client::ProgressServiceClient;
use rpc::progress::{GetPositionRequest, GetSiteRequest, ListSitesRequest, get_site_request};
use rpc::view::ViewPosition;
use service::clock::SystemClock;
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

use crate::support::{Stream, code, seen};
use event::vocabulary::AssessmentKind::Monitor;

struct Running {
    channel: Channel,
    shutdown: Shutdown,
    running: JoinHandle<Result<(), ProgressError>>,
}

impl Running {
    async fn start(journal: &MemoryJournal, dir: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let health = Health::starting(SERVICES).await;
        let progress = Progress {
            journal: journal.reopen(),
            evidence: MemoryEvidence::new(),
            clock: SystemClock,
            dir: dir.join("rows"),
            listener,
            health,
            metrics: Metrics::default(),
        };
        let shutdown = Shutdown::new();
        let stop = shutdown.clone();
        let running = tokio::spawn(async move { run(progress, stop).await });
        Self {
            channel: connect(&url).await.unwrap(),
            shutdown,
            running,
        }
    }

    fn client(&self) -> ProgressServiceClient<Channel> {
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
        code(running.client().list_sites(ListSitesRequest::default()).await),
        Code::Unavailable
    );

    let mut stream = Stream::begin();
    push(&journal, &stream, 0);
    assert_eq!(
        health.message().await.unwrap().unwrap().status(),
        ServingStatus::Serving
    );
    let view = running.view_at(stream.end()).await;
    assert_eq!(view.rows_digest, stream.fold_all().digest().to_string());

    // Garbage and a forbidden statement, behind the back of ingest: passed over, and nothing changes.
    let before = stream.end();
    stream.records.push(b"garbage".to_vec());
    stream.append_refused();
    push(&journal, &stream, before);
    let passed = running.view_at(stream.end()).await;
    assert_eq!((passed.rows, passed.rows_digest), (view.rows, view.rows_digest));

    let position = stream.assess(0, Monitor, 1, "a@1", &[seen()]);
    push(&journal, &stream, position - 1);
    let site = Some(get_site_request::Site::SiteId(stream.sites[0].to_string()));
    let request = GetSiteRequest {
        site,
        at_least_position: position,
        ..Default::default()
    };
    let answer = running.client().get_site(request).await.unwrap().into_inner();
    assert_eq!((answer.position, answer.standing.unwrap().answers.len()), (position, 1));
    drop(health);
    running.stop().await;
}

#[tokio::test]
async fn it_answers_for_evidence_once_it_has_read_the_stream() {
    let (journal, dir) = (MemoryJournal::new(), tempfile::tempdir().unwrap());
    let running = Running::start(&journal, dir.path()).await;
    let mut health = running.health().await;
    health.message().await.unwrap().unwrap();
    let digests = Digests {
        digests: vec!["00".repeat(32)],
    };
    let request = DescribeEvidenceRequest {
        asked: Some(describe_evidence_request::Asked::Digests(digests)),
    };
    let mut door = evidence(running.channel.clone());
    let asked = tokio::spawn(async move { door.describe_evidence(request).await });
    // Answers that come back meanwhile show that the service is there.
    for _ in 0..20 {
        let listed = running.client().list_sites(ListSitesRequest::default()).await;
        assert_eq!(code(listed), Code::Unavailable);
    }
    assert!(!asked.is_finished());

    push(&journal, &Stream::begin(), 0);
    assert_eq!(
        health.message().await.unwrap().unwrap().status(),
        ServingStatus::Serving
    );
    let answer = asked.await.unwrap().unwrap().into_inner();
    assert_eq!(answer.described[0].state(), EvidenceState::Missing);
    drop(health);
    running.stop().await;
}

#[tokio::test]
async fn its_rows_go_on_or_are_rebuilt() {
    let (journal, dir) = (MemoryJournal::new(), tempfile::tempdir().unwrap());
    let mut stream = Stream::begin();
    push(&journal, &stream, 0);
    let running = Running::start(&journal, dir.path()).await;
    running.view_at(stream.end()).await;
    running.stop().await;

    let position = stream.assess(0, Monitor, 1, "a@1", &[seen()]);
    push(&journal, &stream, position - 1);
    let gone_on = Running::start(&journal, dir.path()).await;
    let view = gone_on.view_at(position).await;
    gone_on.stop().await;

    let elsewhere = tempfile::tempdir().unwrap();
    let rebuilt = Running::start(&journal, elsewhere.path()).await;
    assert_eq!(rebuilt.view_at(position).await, view);
    rebuilt.stop().await;
}

#[tokio::test]
async fn it_ends_when_the_stream_is_not_the_one_it_followed() {
    let (journal, dir) = (MemoryJournal::new(), tempfile::tempdir().unwrap());
    let stream = Stream::begin();
    push(&journal, &stream, 0);
    let running = Running::start(&journal, dir.path()).await;
    running.view_at(stream.end()).await;
    journal.replace();
    assert!(matches!(running.running.await.unwrap(), Err(ProgressError::View(_))));
}
