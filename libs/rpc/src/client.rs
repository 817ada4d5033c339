//! Calling a service, within the limits of the wire.

use thiserror::Error;
use tonic::transport::{Channel, Endpoint};
use tonic::{Status, Streaming};

use crate::audit::GetLotProofResponse;
use crate::audit::audit_service_client::AuditServiceClient;
use crate::custody::custody_service_client::CustodyServiceClient;
use crate::evidence::evidence_service_client::EvidenceServiceClient;
use crate::ingest::ingest_service_client::IngestServiceClient;
use crate::limits::{
    ANSWER_BYTES_MAX, ANSWER_TIMEOUT, CALL_WINDOW_BYTES, CONNECT_TIMEOUT, CONNECTION_WINDOW_BYTES,
    EVIDENCE_MESSAGE_BYTES_MAX, KEEP_ALIVE_INTERVAL, KEEP_ALIVE_TIMEOUT, LOT_PROOF_BYTES_MAX, REQUEST_BYTES_MAX,
};
use crate::progress::progress_service_client::ProgressServiceClient;

/// Why a service cannot be called.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// Not the address of a service.
    #[error("{url:?} is not the address of a service: write http://127.0.0.1:7401")]
    Url {
        /// What was given.
        url: String,
    },
    /// Nobody answers there.
    #[error("no service answers at {url}: start it, or name another address")]
    Unreachable {
        /// Where.
        url: String,
        /// What the transport says.
        source: tonic::transport::Error,
    },
}

/// Why a proof bundle did not arrive.
#[derive(Debug, Error)]
pub enum LotProofError {
    /// What the service says.
    #[error("{}", .0.message())]
    Status(#[from] Status),
    /// Longer than a bundle may be.
    #[error("the proof is longer than {LOT_PROOF_BYTES_MAX} bytes: do not trust this service")]
    TooLong,
}

/// Connects to the service at `url`, such as `http://127.0.0.1:7401`.
///
/// The channel connects again by itself when the service was away.
pub async fn connect(url: &str) -> Result<Channel, ConnectError> {
    let unreachable = |source| ConnectError::Unreachable {
        url: url.to_owned(),
        source,
    };
    endpoint(url)?.connect().await.map_err(unreachable)
}

/// As [`connect`], when something is asked for: a service that is away is not missed before.
pub fn later(url: &str) -> Result<Channel, ConnectError> {
    Ok(endpoint(url)?.connect_lazy())
}

/// Whether `url` is the address of a service, without asking whether one answers there.
pub fn check(url: &str) -> Result<(), ConnectError> {
    endpoint(url).map(drop)
}

fn endpoint(url: &str) -> Result<Endpoint, ConnectError> {
    let wrong = || ConnectError::Url { url: url.to_owned() };
    let endpoint = Endpoint::from_shared(url.to_owned()).map_err(|_| wrong())?;
    if endpoint.uri().scheme_str() != Some("http") {
        return Err(wrong());
    }
    Ok(endpoint
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(ANSWER_TIMEOUT)
        .http2_keep_alive_interval(KEEP_ALIVE_INTERVAL)
        .keep_alive_timeout(KEEP_ALIVE_TIMEOUT)
        .keep_alive_while_idle(true)
        .initial_stream_window_size(CALL_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES))
}

/// Calls `ingest`.
#[must_use]
pub fn ingest(channel: Channel) -> IngestServiceClient<Channel> {
    IngestServiceClient::new(channel)
        .max_encoding_message_size(REQUEST_BYTES_MAX)
        .max_decoding_message_size(ANSWER_BYTES_MAX)
}

/// Calls `progress`.
#[must_use]
pub fn progress(channel: Channel) -> ProgressServiceClient<Channel> {
    ProgressServiceClient::new(channel)
        .max_encoding_message_size(REQUEST_BYTES_MAX)
        .max_decoding_message_size(ANSWER_BYTES_MAX)
}

/// Calls the door to evidence, which stands beside that of `progress`.
#[must_use]
pub fn evidence(channel: Channel) -> EvidenceServiceClient<Channel> {
    EvidenceServiceClient::new(channel)
        .max_encoding_message_size(EVIDENCE_MESSAGE_BYTES_MAX)
        .max_decoding_message_size(EVIDENCE_MESSAGE_BYTES_MAX)
}

/// Calls `custody`.
#[must_use]
pub fn custody(channel: Channel) -> CustodyServiceClient<Channel> {
    CustodyServiceClient::new(channel)
        .max_encoding_message_size(REQUEST_BYTES_MAX)
        .max_decoding_message_size(ANSWER_BYTES_MAX)
}

/// Calls `audit`.
#[must_use]
pub fn audit(channel: Channel) -> AuditServiceClient<Channel> {
    AuditServiceClient::new(channel)
        .max_encoding_message_size(REQUEST_BYTES_MAX)
        .max_decoding_message_size(ANSWER_BYTES_MAX)
}

/// Puts the parts of a proof bundle together.
pub async fn lot_proof(mut parts: Streaming<GetLotProofResponse>) -> Result<Vec<u8>, LotProofError> {
    let mut bundle = Vec::new();
    while let Some(part) = parts.message().await? {
        if LOT_PROOF_BYTES_MAX < bundle.len() + part.chunk.len() {
            return Err(LotProofError::TooLong);
        }
        bundle.extend(part.chunk);
    }
    Ok(bundle)
}
