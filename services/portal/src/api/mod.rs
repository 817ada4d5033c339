//! The public HTTP API, `/api/v1`: JSON, in no language. What is wrong is a problem (RFC 9457).
//!
//! - [`organizations`], [`lots`], [`log`], [`about`], [`statements`], [`events`]: what is asked. What pages show, the modules of the pages
//!   gather; nothing is gathered here a second time.
//! - [`parameters`], [`description`]: what the API says about itself. [`answer`], [`problem`]: how it answers.

mod about;
mod answer;
pub(crate) mod description;
mod events;
mod log;
mod lots;
mod organizations;
mod parameters;
mod problem;
mod statements;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use diligence::POLICY_BYTES_MAX;
use event::statement::SIGNED_STATEMENT_BYTES_MAX;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use self::events::Asks;
use self::problem::{PROBLEM, Problem};
use crate::shell::Portal;
use crate::trouble::Trouble;

/// Under which path it is.
pub(crate) const PREFIX: &str = "/api/v1";

/// Bytes of a query at most: with every filter of the longest list, some 1,000.
const QUERY_BYTES_MAX: usize = 4 * 1024;

/// All that it answers, by its path behind [`PREFIX`].
pub(crate) fn router() -> Router<Arc<Portal>> {
    let (router, _) = routes(OpenApi::default()).split_for_parts();
    router
        .fallback(async || Problem::not_found("the API has nothing at this address"))
        .layer(from_fn(in_json))
}

/// Every operation, put into a description.
fn routes(described: OpenApi) -> OpenApiRouter<Arc<Portal>> {
    let with_statement = OpenApiRouter::new()
        .routes(routes!(statements::submit))
        .layer(DefaultBodyLimit::max(SIGNED_STATEMENT_BYTES_MAX));
    let with_policy = OpenApiRouter::new()
        .routes(routes!(lots::check, lots::check_by_own))
        .layer(DefaultBodyLimit::max(POLICY_BYTES_MAX));
    OpenApiRouter::with_openapi(described)
        .routes(routes!(organizations::organizations))
        .routes(routes!(organizations::organization))
        .routes(routes!(organizations::plans))
        .routes(routes!(organizations::incidents))
        .routes(routes!(organizations::answers_of_organization))
        .routes(routes!(organizations::compare))
        .routes(routes!(organizations::sites))
        .routes(routes!(organizations::site))
        .routes(routes!(organizations::answers_of_site))
        .routes(routes!(lots::lots))
        .routes(routes!(lots::lot))
        .routes(routes!(lots::path))
        .routes(routes!(lots::lineage))
        .routes(routes!(lots::origins))
        .routes(routes!(lots::refused))
        .routes(routes!(lots::label))
        .routes(routes!(lots::bundle))
        .routes(routes!(events::of_organization))
        .routes(routes!(events::of_lot))
        .routes(routes!(log::glance))
        .routes(routes!(log::checkpoint))
        .routes(routes!(log::checkpoints))
        .routes(routes!(log::policy))
        .routes(routes!(log::entries))
        .routes(routes!(log::entry))
        .routes(routes!(log::proof))
        .routes(routes!(log::statement))
        .routes(routes!(statements::key))
        .routes(routes!(statements::latest))
        .routes(routes!(about::search))
        .routes(routes!(about::assessment))
        .routes(routes!(about::evidence))
        .routes(routes!(about::deployment))
        .routes(routes!(about::policies))
        .routes(routes!(about::openapi))
        .merge(with_statement)
        .merge(with_policy)
}

/// Whether a program asks, by the path: whatever is there, and whatever version of it.
pub(crate) fn is_asked(path: &str) -> bool {
    path.starts_with("/api/")
}

/// What a program is told that is refused before anything is asked.
pub(crate) fn refused(trouble: Trouble) -> Response {
    Problem::from(trouble).into_response()
}

/// What a program is told that asks too fast.
pub(crate) fn too_fast() -> Response {
    Problem::of_status(StatusCode::TOO_MANY_REQUESTS).into_response()
}

/// Makes a problem of everything that goes wrong, whoever found it.
async fn in_json(request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    if QUERY_BYTES_MAX < query.len() {
        return Problem::of_status(StatusCode::URI_TOO_LONG).into_response();
    }
    if let Err(trouble) = parameters::check_lengths(query) {
        return refused(trouble);
    }
    let mut response = next.run(request).await;
    if let Some(trouble) = response.extensions_mut().remove::<Trouble>() {
        return Problem::from(trouble).into_response();
    }
    let (status, headers) = (response.status(), response.headers_mut());
    let is_told = headers.get(CONTENT_TYPE).is_some_and(|kind| kind == PROBLEM);
    if is_told || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let allowed = headers.remove(ALLOW);
    let mut problem = Problem::of_status(status).into_response();
    if let Some(allowed) = allowed {
        problem.headers_mut().insert(ALLOW, allowed);
    }
    problem
}
