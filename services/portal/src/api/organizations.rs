//! Organizations and sites.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use event::vocabulary::Subject;

use super::answer::{List, told};
use super::parameters::{
    AsOfAsked, CompareAsked, OrganizationNamed, OrganizationsAsked, SiteNamed, SitesAsked, SliceAsked,
};
use crate::answers::Given;
use crate::asked;
use crate::asked::Slice;
use crate::pages;
use crate::pages::compare::CompareView;
use crate::pages::history;
use crate::pages::organization::view::{IncidentView, OrganizationView, PlanView};
use crate::pages::organization::whole;
use crate::pages::organizations::Listed;
use crate::pages::place::PlaceView;
use crate::pages::sites::ListedSite;
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
    params(OrganizationNamed, AsOfAsked),
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

/// The plans of an organization, the latest adopted first.
#[utoipa::path(
    get,
    path = "/orgs/{org}/plans",
    tag = "organizations",
    params(OrganizationNamed, AsOfAsked, SliceAsked),
    responses((status = 200, description = "Part of the list.", body = List<PlanView>))
)]
pub(super) async fn plans(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(org): Path<String>,
) -> Result<Response, Trouble> {
    let view = whole::plans_of(&s, &portal, asked::id(&org)?, Slice::of_program(&s.query)?).await?;
    let of = (view.position, Some(view.evaluated_at_unix_ms));
    Ok(List::new(view.plans, view.next_page_token, of).told(&s, None))
}

/// Incidents at an organization and its sites, the latest reported first.
#[utoipa::path(
    get,
    path = "/orgs/{org}/incidents",
    tag = "organizations",
    params(OrganizationNamed, AsOfAsked, SliceAsked),
    responses((status = 200, description = "Part of the list.", body = List<IncidentView>))
)]
pub(super) async fn incidents(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(org): Path<String>,
) -> Result<Response, Trouble> {
    let view = whole::incidents_of(&s, &portal, asked::id(&org)?, Slice::of_program(&s.query)?).await?;
    let of = (view.position, Some(view.evaluated_at_unix_ms));
    Ok(List::new(view.incidents, view.next_page_token, of).told(&s, None))
}

/// Every answer that was ever given to one criterion about an organization itself, the latest day first.
#[utoipa::path(
    get,
    path = "/orgs/{org}/criteria/{number}",
    tag = "organizations",
    params(
        OrganizationNamed,
        ("number" = u32, Path, description = "The number of the criterion, the same in every version of its catalogue."),
        AsOfAsked,
        SliceAsked
    ),
    responses((status = 200, description = "Part of the list.", body = List<Given>))
)]
pub(super) async fn answers_of_organization(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path((org, number)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    answers(&s, &portal, Subject::Party(asked::id(&org)?), &number).await
}

/// Every answer that was ever given to one criterion about a site, the latest day first.
#[utoipa::path(
    get,
    path = "/sites/{site}/criteria/{number}",
    tag = "organizations",
    params(
        SiteNamed,
        ("number" = u32, Path, description = "The number of the criterion, the same in every version of its catalogue."),
        AsOfAsked,
        SliceAsked
    ),
    responses((status = 200, description = "Part of the list.", body = List<Given>))
)]
pub(super) async fn answers_of_site(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path((site, number)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    answers(&s, &portal, Subject::Site(asked::id(&site)?), &number).await
}

async fn answers(s: &Shell, portal: &Portal, subject: Subject, number: &str) -> Result<Response, Trouble> {
    let criterion = (subject, history::read_number(number)?);
    let view = history::view(s, portal, criterion, Slice::of_program(&s.query)?).await?;
    let of = (view.position, Some(view.evaluated_at_unix_ms));
    Ok(List::new(view.answers, view.next_page_token, of).told(s, None))
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

/// Sites in the order of their registration.
#[utoipa::path(
    get,
    path = "/sites",
    tag = "organizations",
    params(SitesAsked, AsOfAsked, SliceAsked),
    responses((status = 200, description = "Part of the list.", body = List<ListedSite>))
)]
pub(super) async fn sites(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let view = pages::sites::view(&s, &portal, Slice::of_program(&s.query)?).await?;
    let of = (view.position, Some(view.evaluated_at_unix_ms));
    Ok(List::new(view.sites, view.next_page_token, of).told(&s, Some(view.position)))
}

/// Where a site is, who works it, what was found there and when, what it may give and gave.
#[utoipa::path(
    get,
    path = "/sites/{site}",
    tag = "organizations",
    params(SiteNamed, AsOfAsked),
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
