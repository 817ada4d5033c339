//! What else there is to ask: what a text means, the deployment, the policies that are shipped, and this API itself.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::answer::{List, told};
use super::description;
use super::parameters::{AsOfAsked, AssessmentAsked, SearchAsked};
use crate::asked;
use crate::pages;
use crate::pages::assessment::AssessmentView;
use crate::pages::check::asked::SHIPPED;
use crate::pages::evidence::EvidenceView;
use crate::pages::search::SearchView;
use crate::shell::{NO_CACHE, Portal, Shell, unless_seen_for};
use crate::trouble::Trouble;

/// Whose records these are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Deployment)]
struct DeploymentView {
    /// The id of its founding statement, in hexadecimal; empty while nothing is founded. Statements are signed for it.
    deployment_id: String,
    /// The last stream position that decisions rest on; 0 before the first.
    position: u64,
    /// When the latest admitted statement was admitted, in milliseconds since 1970; null before the first.
    latest_admitted_at_unix_ms: Option<i64>,
    /// The version of this portal.
    version: &'static str,
}

/// A policy that comes with the portal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShippedPolicy)]
struct PolicyView {
    /// Its name.
    name: &'static str,
    /// The SHA-256 of its text, in hexadecimal.
    sha256: String,
    /// All of it, in TOML.
    text: &'static str,
}

/// What a text is by its form, and which lots bear it as a number.
#[utoipa::path(
    get,
    path = "/search",
    tag = "about",
    params(SearchAsked, AsOfAsked),
    responses((status = 200, description = "What was found.", body = SearchView))
)]
pub(super) async fn search(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    Ok(told(&s, &pages::search::view(&s, &portal).await?, None))
}

/// What is asked of who assesses himself, in English, and what stands.
#[utoipa::path(
    get,
    path = "/assessment",
    tag = "about",
    params(AssessmentAsked, AsOfAsked),
    responses((status = 200, description = "The questions.", body = AssessmentView))
)]
pub(super) async fn assessment(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let (view, _) = pages::assessment::view(&s, &portal).await?;
    Ok(told(&s, &view, None))
}

/// What is known of a file that statements name, as far as it is for anyone.
#[utoipa::path(
    get,
    path = "/evidence/{digest}",
    tag = "about",
    params(("digest" = String, Path, description = "Its SHA-256, in hexadecimal.")),
    responses((status = 200, description = "Whether it is kept, and what it is.", body = EvidenceView))
)]
pub(super) async fn evidence(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(digest): Path<String>,
) -> Result<Response, Trouble> {
    let view = pages::evidence::view(&s, &portal, asked::id(&digest)?).await?;
    Ok(told(&s, &view, None))
}

/// Whose records these are, and how far they go.
#[utoipa::path(
    get,
    path = "/deployment",
    tag = "about",
    responses((status = 200, description = "The deployment.", body = DeploymentView))
)]
pub(super) async fn deployment(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let known = portal.sources.deployment().await?;
    let view = DeploymentView {
        deployment_id: known.deployment_id,
        position: known.position,
        latest_admitted_at_unix_ms: known.latest_admitted_at_unix_ms,
        version: env!("CARGO_PKG_VERSION"),
    };
    Ok(told(&s, &view, None))
}

/// The buyer policies that come with the portal.
#[utoipa::path(
    get,
    path = "/policies",
    tag = "about",
    responses((status = 200, description = "All of them.", body = List<PolicyView>))
)]
pub(super) async fn policies(s: Shell) -> Response {
    let policy = |(name, text): (&'static str, &'static str)| PolicyView {
        name,
        sha256: hex::encode(Sha256::digest(text)),
        text,
    };
    let all = SHIPPED.map(policy).into();
    List::new(all, String::new(), (0, None)).told(&s, None)
}

/// This description.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "about",
    responses((status = 200, description = "OpenAPI 3.1.", body = Object))
)]
pub(super) async fn openapi(s: Shell) -> Response {
    let json = description::json().to_vec();
    unless_seen_for(s.seen.as_deref(), "application/json", NO_CACHE, json)
}
