//! What a service says when it has no answer reaches its caller, through a real connection.

use event::StreamPosition;
use ledger::Refusal;
use rpc::client::ConnectError;
use rpc::ingest::ingest_service_server::IngestService;
use rpc::ingest::{
    GetDeploymentRequest, GetDeploymentResponse, GetKeyRequest, GetKeyResponse, KeyQuery, SubmitManyRequest,
    SubmitManyResponse, SubmitRequest, SubmitResponse,
};
use rpc::limits::REQUEST_BYTES_MAX;
use rpc::{client, server, status};
use tokio::net::TcpListener;
use tonic::codegen::tokio_stream::Once;
use tonic::transport::Channel;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_types::StatusExt;

/// Refuses every statement: with the refusal whose number it is, in decimal.
struct Refusing;

#[tonic::async_trait]
impl IngestService for Refusing {
    type SubmitManyStream = Once<Result<SubmitManyResponse, Status>>;

    async fn submit(&self, request: Request<SubmitRequest>) -> Result<Response<SubmitResponse>, Status> {
        let number = String::from_utf8_lossy(&request.get_ref().statement).into_owned();
        let refusal = number.parse().ok().and_then(Refusal::from_code);
        Err(refusal.map_or_else(status::outcome_unknown, status::refused))
    }

    async fn submit_many(
        &self,
        _: Request<Streaming<SubmitManyRequest>>,
    ) -> Result<Response<Self::SubmitManyStream>, Status> {
        Err(status::overloaded())
    }

    async fn get_deployment(
        &self,
        _: Request<GetDeploymentRequest>,
    ) -> Result<Response<GetDeploymentResponse>, Status> {
        Err(status::not_reached(StreamPosition::new(9), StreamPosition::new(7)))
    }

    async fn get_key(&self, request: Request<GetKeyRequest>) -> Result<Response<GetKeyResponse>, Status> {
        let query = KeyQuery::try_from(request.into_inner())?;
        Err(status::not_found(format_args!("key {}", query.key)))
    }
}

async fn refusing() -> Channel {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("some port is free");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let serving = server::builder().serve_with_incoming(server::ingest(Refusing), TcpIncoming::from(listener));
    tokio::spawn(serving);
    client::connect(&url).await.expect("it listens")
}

#[tokio::test]
async fn every_refusal_reaches_the_submitter() {
    let mut ingest = client::ingest(refusing().await);
    for refusal in Refusal::ALL.iter().copied() {
        let statement = refusal.code().to_string().into_bytes();
        let status = ingest.submit(SubmitRequest { statement }).await.unwrap_err();
        let expected = if refusal.code() < 100 {
            Code::InvalidArgument
        } else {
            Code::FailedPrecondition
        };
        assert_eq!(status.code(), expected, "{refusal:?}");
        assert_eq!(status.message(), refusal.to_string());
        assert_eq!(status::refusal_of(&status), Some(refusal));
        assert!(!status::may_try_again(&status));
        let info = status.get_details_error_info().unwrap();
        assert_eq!((info.domain.as_str(), info.reason), ("veta", status::reason(refusal)));
    }
}

#[tokio::test]
async fn what_is_no_refusal_reaches_the_caller_too() {
    let mut ingest = client::ingest(refusing().await);
    let unknown = ingest
        .submit(SubmitRequest {
            statement: b"?".to_vec(),
        })
        .await
        .unwrap_err();
    check(
        &unknown,
        Code::Unavailable,
        "outcome unknown: submit the same bytes again, the receipt will be the same",
    );
    assert!(status::may_try_again(&unknown));

    let behind = ingest
        .get_deployment(GetDeploymentRequest::default())
        .await
        .unwrap_err();
    check(
        &behind,
        Code::DeadlineExceeded,
        "position 9 is not reached yet, only 7: try again",
    );
    assert!(status::may_try_again(&behind));

    let key = "00".repeat(32);
    let missing = ingest
        .get_key(GetKeyRequest {
            key: key.clone(),
            at_least_position: 0,
        })
        .await
        .unwrap_err();
    check(&missing, Code::NotFound, &format!("key {key} is not known here"));
    assert!(!status::may_try_again(&missing));

    let invalid = ingest.get_key(GetKeyRequest::default()).await.unwrap_err();
    check(&invalid, Code::InvalidArgument, "`key` is missing");
    assert_eq!(
        invalid.get_details_bad_request().unwrap().field_violations[0].field,
        "key"
    );

    let many = Vec::<SubmitManyRequest>::new();
    let overload = ingest
        .submit_many(tonic::codegen::tokio_stream::iter(many))
        .await
        .unwrap_err();
    assert_eq!(overload.code(), Code::ResourceExhausted);
    assert!(status::may_try_again(&overload));
}

#[tokio::test]
async fn a_request_beyond_the_limit_is_not_read() {
    let mut unlimited = rpc::ingest::ingest_service_client::IngestServiceClient::new(refusing().await);
    let statement = vec![0; REQUEST_BYTES_MAX + 1];
    let status = unlimited.submit(SubmitRequest { statement }).await.unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange);
}

#[tokio::test]
async fn a_wrong_address_is_named() {
    for url in ["", "https://127.0.0.1:1", "127.0.0.1:1", "nonsense"] {
        assert!(
            matches!(client::connect(url).await, Err(ConnectError::Url { .. })),
            "{url}"
        );
    }
    // Nobody answers there: the port is reserved.
    let error = client::connect("http://127.0.0.1:1").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no service answers at http://127.0.0.1:1: start it, or name another address"
    );
}

#[test]
fn reasons_are_in_capitals() {
    for (refusal, expected) in [
        (Refusal::Superseded, "SUPERSEDED"),
        (Refusal::NotCustodian, "NOT_CUSTODIAN"),
        (Refusal::KeyOfAnotherParty, "KEY_OF_ANOTHER_PARTY"),
    ] {
        assert_eq!(status::reason(refusal), expected);
    }
}

#[test]
fn a_status_of_somebody_else_is_no_refusal() {
    let info = |domain: &str, code: &str| {
        let metadata = [("code".to_owned(), code.to_owned())];
        let details = tonic_types::ErrorDetails::with_error_info("SUPERSEDED", domain, metadata);
        Status::with_error_details(Code::FailedPrecondition, "", details)
    };
    assert_eq!(status::refusal_of(&info("veta", "309")), Some(Refusal::Superseded));
    for status in [
        Status::failed_precondition("without details"),
        info("example.org", "309"),
        info("veta", "65000"),
        info("veta", "-1"),
        status::internal(),
        status::unavailable("the stream cannot be reached"),
    ] {
        assert_eq!(status::refusal_of(&status), None, "{status:?}");
    }
}

#[track_caller]
fn check(status: &Status, code: Code, message: &str) {
    assert_eq!((status.code(), status.message()), (code, message));
}
