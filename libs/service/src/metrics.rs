//! Figures of a process in `OpenMetrics` text, and its health, over plain HTTP for the operator's network.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::text::encode;
pub use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tracing::error;

use crate::health::Health;
use crate::http;
use crate::shutdown::Shutdown;

/// The content type of `OpenMetrics` text.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The figures of a process, all named `veta_…`. Register first, then serve.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
}

struct Page {
    registry: Registry,
    health: Health,
}

impl Metrics {
    /// Without any figure yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            registry: Registry::with_prefix("veta"),
        }
    }

    /// Where a service registers its figures; they carry its name as the label `service`.
    pub fn service(&mut self, name: &'static str) -> &mut Registry {
        self.registry
            .sub_registry_with_label((Cow::Borrowed("service"), Cow::Borrowed(name)))
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// Serves `/metrics` and `/healthz` (200 while serving, 503 otherwise) until `shutdown`.
pub async fn serve(listener: TcpListener, metrics: Metrics, health: Health, shutdown: Shutdown) {
    let page = Arc::new(Page {
        registry: metrics.registry,
        health,
    });
    let router = Router::new()
        .route("/metrics", get(figures))
        .route("/healthz", get(healthz))
        .with_state(page);
    http::serve(listener, router, shutdown).await;
}

async fn figures(State(page): State<Arc<Page>>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &page.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            error!(%error, "Could not write the metrics: {error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn healthz(State(page): State<Arc<Page>>) -> (StatusCode, &'static str) {
    if page.health.is_serving() {
        return (StatusCode::OK, "serving\n");
    }
    (StatusCode::SERVICE_UNAVAILABLE, "not serving\n")
}
