//! Offering a service, within the limits of the wire.

use tonic::transport::Server;

use crate::audit::audit_service_server::{AuditService, AuditServiceServer};
use crate::custody::custody_service_server::{CustodyService, CustodyServiceServer};
use crate::evidence::evidence_service_server::{EvidenceService, EvidenceServiceServer};
use crate::ingest::ingest_service_server::{IngestService, IngestServiceServer};
use crate::limits::{
    ANSWER_BYTES_MAX, CALL_WINDOW_BYTES, CALLS_PER_CONNECTION_MAX, CONNECTION_WINDOW_BYTES, EVIDENCE_MESSAGE_BYTES_MAX,
    KEEP_ALIVE_INTERVAL, KEEP_ALIVE_TIMEOUT, REQUEST_BYTES_MAX,
};
use crate::progress::progress_service_server::{ProgressService, ProgressServiceServer};

/// A server that bounds what a connection may have under way, and drops connections whose other end is gone.
#[must_use]
pub fn builder() -> Server {
    Server::builder()
        .max_concurrent_streams(CALLS_PER_CONNECTION_MAX)
        .http2_keepalive_interval(Some(KEEP_ALIVE_INTERVAL))
        .http2_keepalive_timeout(Some(KEEP_ALIVE_TIMEOUT))
        .initial_stream_window_size(CALL_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
}

/// Offers `ingest`.
pub fn ingest<T: IngestService>(service: T) -> IngestServiceServer<T> {
    IngestServiceServer::new(service)
        .max_decoding_message_size(REQUEST_BYTES_MAX)
        .max_encoding_message_size(ANSWER_BYTES_MAX)
}

/// Offers `progress`.
pub fn progress<T: ProgressService>(service: T) -> ProgressServiceServer<T> {
    ProgressServiceServer::new(service)
        .max_decoding_message_size(REQUEST_BYTES_MAX)
        .max_encoding_message_size(ANSWER_BYTES_MAX)
}

/// Offers the door to evidence.
pub fn evidence<T: EvidenceService>(service: T) -> EvidenceServiceServer<T> {
    EvidenceServiceServer::new(service)
        .max_decoding_message_size(EVIDENCE_MESSAGE_BYTES_MAX)
        .max_encoding_message_size(EVIDENCE_MESSAGE_BYTES_MAX)
}

/// Offers `custody`.
pub fn custody<T: CustodyService>(service: T) -> CustodyServiceServer<T> {
    CustodyServiceServer::new(service)
        .max_decoding_message_size(REQUEST_BYTES_MAX)
        .max_encoding_message_size(ANSWER_BYTES_MAX)
}

/// Offers `audit`.
pub fn audit<T: AuditService>(service: T) -> AuditServiceServer<T> {
    AuditServiceServer::new(service)
        .max_decoding_message_size(REQUEST_BYTES_MAX)
        .max_encoding_message_size(ANSWER_BYTES_MAX)
}
