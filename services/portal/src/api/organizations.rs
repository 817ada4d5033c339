//! Organizations and sites.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::answer::{List, told};
use super::parameters::{AsOfAsked, CompareAsked, OrganizationsAsked, SliceAsked};
use crate::asked;
use crate::asked::Slice;
use crate::pages;
use crate::pages::compare::CompareView;
use crate::pages::organization::view::OrganizationView;
use crate::pages::organizations::Listed;
use crate::pages::place::PlaceView;
use crate::shell::{Portal, Shell};
use crate::trouble::Trouble;

/// Organizations that fit every filter.
#[utoipa::path(
    get,
    path = "/orgs",
    tag = "organizations",
    params(OrganizationsAsked, AsOfAsked, SliceAsked),
    responses((status = 200, description = "Part of the list.", body = List<Listed>))
)]
pub(super) async fn organizations(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let view = pages::organizations::view(&s, &portal, Slice::of_program(&s.query)?).await?;
    let of = (view.position, Some(view.evaluated_at_unix_ms));
    Ok(List::new(view.organizations, view.next_page_token, of).told(&s, Some(view.position)))
}

/// How far an organization has come, by whose word, what it does about what was found, and what comes next.
#[utoipa::path(
    get,
    path = "/orgs/{org}",
    tag = "organizations",
    params(("org" = String, Path, description = "The organization: `org-…`."), AsOfAsked),
    responses((status = 200, description = "The organization.", body = OrganizationView))
)]
pub(super) async fn organization(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(org): Path<String>,
) -> Result<Response, Trouble> {
    let view = pages::organization::view(&s, &portal, asked::id(&org)?).await?;
    Ok(told(&s, &view, None))
}

/// Two organizations, or one as of two times, criterion by criterion.
#[utoipa::path(
    get,
    path = "/compare",
    tag = "organizations",
    params(CompareAsked, AsOfAsked),
    responses((status = 200, description = "Both sides.", body = CompareView))
)]
pub(super) async fn compare(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    if s.given("a").is_empty() {
        return Err(Trouble::Asked("`a` names an organization: `org-…`".to_owned()));
    }
    Ok(told(&s, &pages::compare::view(&s, &portal).await?, None))
}

/// Where a site is, who works it, what was found there and when, what it may give and gave.
#[utoipa::path(
    get,
    path = "/sites/{site}",
    tag = "organizations",
    params(("site" = String, Path, description = "The site: `site-…`."), AsOfAsked),
    responses((status = 200, description = "The site.", body = PlaceView))
)]
pub(super) async fn site(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(site): Path<String>,
) -> Result<Response, Trouble> {
    let view = pages::place::view(&s, &portal, asked::id(&site)?).await?;
    Ok(told(&s, &view, None))
}
