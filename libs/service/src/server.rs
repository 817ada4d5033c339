//! The gRPC server around a service: the same limits, health, reflection and end for all.

use std::time::Duration;

use thiserror::Error;
use tokio::net::TcpListener;
use tonic::service::{Routes, RoutesBuilder};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic_reflection::server::Builder as Reflection;

use crate::health::Health;
use crate::shutdown::Shutdown;

/// Requests of one connection in work at once; what is above is refused at once, not queued.
pub const REQUESTS_MAX: usize = 128;

/// How long a request may take until its response begins. A stream of responses may go on longer.
pub const REQUEST_WAIT: Duration = Duration::from_secs(60);

/// Bytes of all headers of a request at most.
pub const HEADERS_BYTES_MAX: u32 = 16 * 1024;

/// Streams that a client opens and resets before we look at them, above which its connection is closed.
const RESETS_MAX: usize = 20;

/// Why serving ended otherwise than by a shutdown.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The descriptors that reflection shows are not those of a compiled proto file.
    #[error("the file descriptor set of the service cannot be read: {0}")]
    Descriptors(#[from] tonic_reflection::server::Error),
    /// The connection to the world broke.
    #[error("serving gRPC failed: {0}")]
    Transport(#[from] tonic::transport::Error),
}

/// Serves `services` with health and reflection on `listener` until `shutdown`, then lets requests under way end for
/// [`DRAIN_WAIT`](crate::shutdown::DRAIN_WAIT).
///
/// `server` has the limits of the wire, those that its clients know too; the limits here are the process's own.
/// `descriptors` is the encoded file descriptor set of the services, for clients that ask what there is.
pub async fn serve(
    listener: TcpListener,
    server: Server,
    mut services: RoutesBuilder,
    descriptors: &[u8],
    health: Health,
    shutdown: Shutdown,
) -> Result<(), ServeError> {
    services.add_service(health.service());
    services.add_service(
        Reflection::configure()
            .register_encoded_file_descriptor_set(descriptors)
            .build_v1()?,
    );
    let stop = shutdown.clone();
    let stopping = async move {
        stop.wait().await;
        health.not_serving().await;
    };
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let serving = limited(server, services.routes()).serve_with_incoming_shutdown(incoming, stopping);
    Ok(shutdown.drain(serving).await.unwrap_or(Ok(()))?)
}

fn limited(server: Server, routes: Routes) -> tonic::transport::server::Router {
    server
        .concurrency_limit_per_connection(REQUESTS_MAX)
        .load_shed(true)
        .timeout(REQUEST_WAIT)
        .http2_max_header_list_size(HEADERS_BYTES_MAX)
        .http2_max_pending_accept_reset_streams(Some(RESETS_MAX))
        .add_routes(routes)
}
