//! What the page of an organization shows the newest of, whole and page by page: its plans, and incidents at it and its sites.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use event::PartyId;
use rpc::progress::{ListIncidentsRequest, ListPlansRequest};
use wording::IdKind;

use super::view::{IncidentView, PlanView};
use crate::asked;
use crate::asked::Slice;
use crate::language::Language;
use crate::shell::{Named, Portal, Shell};
use crate::trouble::Trouble;

/// Plans, or incidents, on a page.
const PAGE_SIZE: u32 = 25;

/// The plans of an organization.
#[derive(Debug, Default)]
pub(crate) struct PlansView {
    /// The stream position this is true of.
    pub(crate) position: u64,
    /// The instant at which clocks were read, in milliseconds since 1970.
    pub(crate) evaluated_at_unix_ms: i64,
    /// Whose they are.
    pub(crate) organization: Named,
    /// The plans of this page, the latest adopted first.
    pub(crate) plans: Vec<PlanView>,
    /// What to send for the next page; empty after the last.
    pub(crate) next_page_token: String,
}

/// Incidents at an organization and its sites.
#[derive(Debug, Default)]
pub(crate) struct IncidentsView {
    /// The stream position this is true of.
    pub(crate) position: u64,
    /// The instant at which clocks were read, in milliseconds since 1970.
    pub(crate) evaluated_at_unix_ms: i64,
    /// Whom they concern.
    pub(crate) organization: Named,
    /// The incidents of this page, the latest reported first.
    pub(crate) incidents: Vec<IncidentView>,
    /// What to send for the next page; empty after the last.
    pub(crate) next_page_token: String,
}

#[derive(Template)]
#[template(path = "plans.html")]
struct Plans<'a> {
    s: &'a Shell,
    view: &'a PlansView,
}

#[derive(Template)]
#[template(path = "incidents.html")]
struct Incidents<'a> {
    s: &'a Shell,
    view: &'a IncidentsView,
}

pub(in crate::pages) async fn plans(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let view = plans_of(&s, &portal, asked::id(&id)?, Slice::of_page(&s.query, PAGE_SIZE)).await?;
    s.page(&Plans { s: &s, view: &view })
}

pub(in crate::pages) async fn incidents(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let view = incidents_of(&s, &portal, asked::id(&id)?, Slice::of_page(&s.query, PAGE_SIZE)).await?;
    s.page(&Incidents { s: &s, view: &view })
}

/// A page of the plans of an organization.
pub(crate) async fn plans_of(s: &Shell, portal: &Portal, id: PartyId, slice: Slice) -> Result<PlansView, Trouble> {
    let sources = &portal.sources;
    let ask = |at_least_position| {
        let request = ListPlansRequest {
            party_id: id.to_string(),
            open_only: false,
            as_of_position: s.as_of.position(),
            as_of_unix_ms: s.as_of.unix_ms(),
            at_least_position,
            page_size: slice.at_most,
            page_token: slice.token.clone(),
        };
        async move { Ok(sources.progress().list_plans(request).await?.into_inner()) }
    };
    let answer = sources.sure(None, ask).await?;
    Ok(PlansView {
        position: answer.position,
        evaluated_at_unix_ms: answer.evaluated_at_unix_ms,
        organization: sources.called(IdKind::Party, id.to_string(), s.as_of).await,
        plans: answer.plans.iter().map(PlanView::of).collect(),
        next_page_token: answer.next_page_token,
    })
}

/// A page of the incidents at an organization and its sites.
pub(crate) async fn incidents_of(
    s: &Shell,
    portal: &Portal,
    id: PartyId,
    slice: Slice,
) -> Result<IncidentsView, Trouble> {
    let sources = &portal.sources;
    let ask = |at_least_position| {
        let request = ListIncidentsRequest {
            party_id: id.to_string(),
            open_only: false,
            as_of_position: s.as_of.position(),
            as_of_unix_ms: s.as_of.unix_ms(),
            at_least_position,
            page_size: slice.at_most,
            page_token: slice.token.clone(),
        };
        async move { Ok(sources.progress().list_incidents(request).await?.into_inner()) }
    };
    let answer = sources.sure(None, ask).await?;
    Ok(IncidentsView {
        position: answer.position,
        evaluated_at_unix_ms: answer.evaluated_at_unix_ms,
        organization: sources.called(IdKind::Party, id.to_string(), s.as_of).await,
        incidents: answer.incidents.iter().map(IncidentView::of).collect(),
        next_page_token: answer.next_page_token,
    })
}
