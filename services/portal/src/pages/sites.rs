//! Sites in the order of their registration: all of them, those with a text in their names, those that one organization works.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use rpc::progress::{ListSitesRequest, SiteRow};
use serde::Serialize;
use utoipa::ToSchema;

use crate::asked::Slice;
use crate::language::Language;
use crate::pictures::map::{Cell, Map, Marked};
use crate::shell::{Named, Portal, Shell};
use crate::trouble::Trouble;

/// Sites on a page.
const PAGE_SIZE: u32 = 50;

/// Sites that fit what was asked for.
#[derive(Debug, Default)]
pub(crate) struct SitesView {
    /// The stream position this is true of.
    pub(crate) position: u64,
    /// The instant at which clocks were read, in milliseconds since 1970.
    pub(crate) evaluated_at_unix_ms: i64,
    /// The sites of this page.
    pub(crate) sites: Vec<ListedSite>,
    /// What to send for the next page; empty after the last.
    pub(crate) next_page_token: String,
}

/// A site in a list.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct ListedSite {
    /// Which one.
    pub(crate) site: Named,
    /// Who works it.
    pub(crate) operator: Named,
    /// In which country, in two letters.
    pub(crate) country: String,
    /// In which area, in the source's words; empty where none was given.
    pub(crate) area: String,
    /// Where it is, coarsely; absent where it was not given.
    pub(crate) cell: Option<Cell>,
    /// The last day of its newest assessment; empty where there is none.
    pub(crate) newest_day: String,
    /// The position at which it was registered.
    pub(crate) registered_position: u64,
}

#[derive(Template)]
#[template(path = "sites.html")]
struct Page<'a> {
    s: &'a Shell,
    view: &'a SitesView,
    map: Option<Map>,
}

pub(super) async fn show(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let view = view(&s, &portal, Slice::of_page(&s.query, PAGE_SIZE)).await?;
    let mark = |(number, listed): (usize, &ListedSite)| {
        Some(Marked {
            number,
            name: listed.site.name.clone(),
            path: format!("/sites/{}", listed.site.id),
            cell: listed.cell?,
        })
    };
    let marked: Vec<_> = (1..).zip(&view.sites).filter_map(mark).collect();
    s.page(&Page {
        s: &s,
        view: &view,
        map: Map::of(&marked),
    })
}

/// What is listed for this address.
pub(crate) async fn view(s: &Shell, portal: &Portal, slice: Slice) -> Result<SitesView, Trouble> {
    let request = ListSitesRequest {
        operator_id: s.given("operator").trim().to_owned(),
        as_of_position: s.as_of.position(),
        at_least_position: 0,
        page_size: slice.at_most,
        page_token: slice.token,
        as_of_unix_ms: s.as_of.unix_ms(),
        name_contains: s.given("name").trim().to_owned(),
    };
    let answer = portal.sources.progress().list_sites(request).await?.into_inner();
    Ok(SitesView {
        position: answer.position,
        evaluated_at_unix_ms: answer.evaluated_at_unix_ms,
        sites: answer.sites.into_iter().map(ListedSite::of).collect(),
        next_page_token: answer.next_page_token,
    })
}

impl ListedSite {
    fn of(row: SiteRow) -> Self {
        let site = row.site.unwrap_or_default();
        let assessed = row
            .latest_assessments
            .into_iter()
            .filter_map(|latest| latest.attribution);
        Self {
            cell: Cell::of(site.cell.as_ref()),
            site: Named {
                id: site.site_id,
                name: site.name,
            },
            operator: site.operator.map(Named::from).unwrap_or_default(),
            country: site.country,
            area: site.area,
            newest_day: assessed.map(|said| said.assessed_to).max().unwrap_or_default(),
            registered_position: site.registered_position,
        }
    }
}
