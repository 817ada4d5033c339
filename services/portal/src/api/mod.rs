//! The public HTTP API, `/api/v1`: JSON, in no language. What is wrong is a problem (RFC 9457).

mod problem;
mod statements;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use event::statement::SIGNED_STATEMENT_BYTES_MAX;

use crate::shell::Portal;
use problem::Problem;

/// Under which path it is.
pub(crate) const PREFIX: &str = "/api/v1";

/// All that it answers, by its path behind [`PREFIX`].
pub(crate) fn router() -> Router<Arc<Portal>> {
    Router::new()
        .route("/statements", post(statements::submit))
        .route("/keys/{key}", get(statements::key))
        .route("/lots/{lot}/latest", get(statements::latest))
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(SIGNED_STATEMENT_BYTES_MAX))
}

async fn nothing_here() -> Problem {
    Problem::not_found("the API has nothing at this address")
}
