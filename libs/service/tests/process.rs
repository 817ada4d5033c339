//! The life of a process as seen from outside: health, metrics, reflection, and an end that comes.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its case has failed")]

use std::future::pending;
use std::net::SocketAddr;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use service::health::Health;
use service::metrics::Metrics;
use service::shutdown::Shutdown;
use service::{metrics, server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tonic::service::RoutesBuilder;
use tonic::transport::Channel;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{FILE_DESCRIPTOR_SET, HealthCheckRequest};
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

/// Longer than any of this takes on a busy machine: a test that gets there has failed.
const TEST_WAIT: Duration = Duration::from_secs(60);

const SERVICES: &[&str] = &["veta.example.v1.Example"];

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Status line and everything after it.
async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: veta\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    response
}

async fn ended<T>(task: JoinHandle<T>) -> T {
    timeout(TEST_WAIT, task).await.expect("it ends").unwrap()
}

#[tokio::test]
async fn metrics_and_health_are_served_over_http() {
    let (listener, address) = listener().await;
    let (health, shutdown) = (Health::starting(SERVICES).await, Shutdown::new());
    let mut figures = Metrics::new();
    let (custody, audit): (Counter, Counter) = (Counter::default(), Counter::default());
    figures
        .service("custody")
        .register("records", "Records folded", custody.clone());
    figures
        .service("audit")
        .register("records", "Records folded", audit.clone());
    custody.inc_by(41);
    let serving = tokio::spawn(metrics::serve(listener, figures, health.clone(), shutdown.clone()));

    let page = get(address, "/metrics").await;
    assert!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
    assert!(
        page.contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8"),
        "{page}"
    );
    assert!(page.contains("veta_records_total{service=\"custody\"} 41"), "{page}");
    assert!(page.contains("veta_records_total{service=\"audit\"} 0"), "{page}");
    assert!(page.ends_with("# EOF\n"), "{page}");
    assert!(get(address, "/other").await.starts_with("HTTP/1.1 404"));

    assert!(get(address, "/healthz").await.starts_with("HTTP/1.1 503"));
    health.serving().await;
    assert!(get(address, "/healthz").await.starts_with("HTTP/1.1 200"));

    shutdown.trigger();
    ended(serving).await;
    assert!(TcpStream::connect(address).await.is_err(), "the port is free again");
}

#[tokio::test]
async fn a_server_says_its_health_and_ends() {
    let (listener, address) = listener().await;
    let (health, shutdown) = (Health::starting(SERVICES).await, Shutdown::new());
    let routes = RoutesBuilder::default();
    let serve = server::serve(
        listener,
        tonic::transport::Server::builder(),
        routes,
        FILE_DESCRIPTOR_SET,
        health.clone(),
        shutdown.clone(),
    );
    let serving = tokio::spawn(serve);
    let channel = Channel::from_shared(format!("http://{address}"))
        .unwrap()
        .connect()
        .await
        .unwrap();
    let mut client = HealthClient::new(channel.clone());

    check_health(&mut client, ServingStatus::NotServing).await;
    health.serving().await;
    check_health(&mut client, ServingStatus::Serving).await;
    assert_eq!(
        services(channel).await,
        ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"]
    );

    let request = HealthCheckRequest {
        service: SERVICES[0].to_owned(),
    };
    // A part of it may not work while the whole does.
    for (works, expected) in [(false, ServingStatus::NotServing), (true, ServingStatus::Serving)] {
        health.part("veta.example.v1.Part", works).await;
        let request = HealthCheckRequest {
            service: "veta.example.v1.Part".to_owned(),
        };
        assert_eq!(client.check(request).await.unwrap().into_inner().status(), expected);
        check_health(&mut client, ServingStatus::Serving).await;
    }
    let mut watched = client.watch(request).await.unwrap().into_inner();
    assert_eq!(
        watched.message().await.unwrap().unwrap().status(),
        ServingStatus::Serving
    );
    shutdown.trigger();
    assert_eq!(
        watched.message().await.unwrap().unwrap().status(),
        ServingStatus::NotServing
    );
    drop((watched, client));
    ended(serving).await.unwrap();
}

async fn check_health(client: &mut HealthClient<Channel>, expected: ServingStatus) {
    for service in ["", SERVICES[0]] {
        let request = HealthCheckRequest {
            service: service.to_owned(),
        };
        let response = client.check(request).await.unwrap().into_inner();
        assert_eq!(response.status(), expected, "{service:?}");
    }
}

/// What reflection says there is.
async fn services(channel: Channel) -> Vec<String> {
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let requests = tokio_stream::iter([request]);
    let mut responses = ServerReflectionClient::new(channel)
        .server_reflection_info(requests)
        .await
        .unwrap()
        .into_inner();
    let response = responses.message().await.unwrap().unwrap().message_response;
    let Some(MessageResponse::ListServicesResponse(list)) = response else {
        panic!("not a list of services: {response:?}");
    };
    let mut names: Vec<String> = list.service.into_iter().map(|service| service.name).collect();
    names.sort();
    names
}

#[tokio::test]
async fn descriptors_that_are_none_are_refused() {
    let (listener, _) = listener().await;
    let health = Health::starting(&[]).await;
    let serve = server::serve(
        listener,
        tonic::transport::Server::builder(),
        RoutesBuilder::default(),
        b"\xff",
        health,
        Shutdown::new(),
    );
    assert!(matches!(serve.await, Err(server::ServeError::Descriptors(_))));
}

#[tokio::test]
async fn a_shutdown_reaches_all_and_stays() {
    let shutdown = Shutdown::new();
    let waiting: Vec<_> = (0..3)
        .map(|_| {
            let shutdown = shutdown.clone();
            tokio::spawn(async move { shutdown.wait().await })
        })
        .collect();
    assert!(!shutdown.is_triggered());
    shutdown.clone().trigger();
    shutdown.trigger();
    assert!(shutdown.is_triggered());
    for waiting in waiting {
        ended(waiting).await;
    }
    shutdown.wait().await;
}

#[tokio::test]
async fn of_two_the_first_to_end_ends_the_other() {
    let told = |shutdown: &Shutdown| {
        let shutdown = shutdown.clone();
        async move { shutdown.wait().await }
    };
    let both = Shutdown::new();
    let first = both.together(async { 1 }, told(&both));
    assert_eq!(timeout(TEST_WAIT, first).await, Ok((1, ())));
    let both = Shutdown::new();
    let second = both.together(told(&both), async { 2 });
    assert_eq!(timeout(TEST_WAIT, second).await, Ok(((), 2)));
}

#[tokio::test]
async fn work_under_way_may_end_but_not_go_on_for_ever() {
    let shutdown = Shutdown::new();
    assert_eq!(shutdown.drain(async { 1 }).await, Some(1), "before the trigger");
    shutdown.trigger();
    assert_eq!(shutdown.drain(async { 2 }).await, Some(2), "in time");
    assert_eq!(shutdown.drain_within(Duration::ZERO, pending::<()>()).await, None);
}

#[tokio::test]
async fn a_signal_triggers_a_shutdown() {
    let shutdown = Shutdown::on_signals().unwrap();
    let own = std::process::id().to_string();
    let sent = tokio::process::Command::new("kill")
        .args(["-TERM", &own])
        .status()
        .await
        .unwrap();
    assert!(sent.success());
    timeout(TEST_WAIT, shutdown.wait()).await.expect("the signal arrives");
}
