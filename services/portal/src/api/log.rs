//! The log: what it is, its checkpoints, its entries and their proofs.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{List, told};
use super::parameters::{AsOfAsked, SliceAsked};
use crate::asked;
use crate::asked::Slice;
use crate::pages::log::checkpoints::Published;
use crate::pages::log::entry::EntryView;
use crate::pages::log::head::{Head, Log};
use crate::pages::log::leaf::Row;
use crate::pages::{log, statement};
use crate::shell::{Portal, Shell};
use crate::trouble::Trouble;

/// The log at a glance.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogAtAGlance)]
struct GlanceView {
    /// Which log.
    log: Log,
    /// Its latest checkpoint; as of then, the first that covers all that there was. Null where there is none.
    head: Option<Head>,
}

/// Which log it is, and who cosigned its latest checkpoint when.
#[utoipa::path(
    get,
    path = "/log",
    tag = "log",
    params(AsOfAsked),
    responses((status = 200, description = "The log.", body = GlanceView))
)]
pub(super) async fn glance(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let (log, head) = log::overview(&s, &portal).await?;
    Ok(told(&s, &GlanceView { log, head }, None))
}

/// The latest checkpoint, as the log published it.
#[utoipa::path(
    get,
    path = "/log/checkpoint",
    tag = "log",
    responses((status = 200, description = "A signed note (c2sp.org/tlog-checkpoint).", body = String))
)]
pub(super) async fn checkpoint(s: Shell, portal: State<Arc<Portal>>) -> Result<Response, Trouble> {
    log::checkpoint(s, portal).await
}

/// The checkpoints that were published, by size.
#[utoipa::path(
    get,
    path = "/log/checkpoints",
    tag = "log",
    params(AsOfAsked, SliceAsked),
    responses((status = 200, description = "Part of the list.", body = List<Published>))
)]
pub(super) async fn checkpoints(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let view = log::checkpoints::view(&s, &portal, &Slice::of_program(&s.query)?).await?;
    let last = view.checkpoints.last().map_or(0, |last| last.tree_size);
    Ok(List::new(view.checkpoints, view.next_page, (last, None)).told(&s, None))
}

/// The operator's policy: whose log it is, and which witnesses' word suffices.
#[utoipa::path(
    get,
    path = "/log/policy",
    tag = "log",
    responses((status = 200, description = "A policy (c2sp.org/tlog-policy).", body = String))
)]
pub(super) async fn policy(s: Shell, portal: State<Arc<Portal>>) -> Result<Response, Trouble> {
    log::policy(s, portal).await
}

/// Entries, the newest first: statements that were admitted, and those that were refused.
#[utoipa::path(
    get,
    path = "/log/entries",
    tag = "log",
    params(AsOfAsked, SliceAsked),
    responses((status = 200, description = "Part of the list.", body = List<Row>))
)]
pub(super) async fn entries(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let view = log::view(&s, &portal, &Slice::of_program(&s.query)?).await?;
    let size = view.head.map_or(0, |head| head.tree_size);
    Ok(List::new(view.entries, view.next_page, (size, None)).told(&s, None))
}

/// One entry: what it says, who signed it, whether it was admitted, when it came, and the proof that it is in the log.
#[utoipa::path(
    get,
    path = "/log/entries/{index}",
    tag = "log",
    params(("index" = u64, Path, description = "Its place in the log, from 0.", maximum = 9_007_199_254_740_991_u64), AsOfAsked),
    responses((status = 200, description = "The entry.", body = EntryView))
)]
pub(super) async fn entry(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(index): Path<String>,
) -> Result<Response, Trouble> {
    let view = log::entry::gather(&portal, &s, log::entry::read_index(&index)?).await?;
    Ok(told(&s, &view, None))
}

/// Where a statement stands in the log, and that entry.
#[utoipa::path(
    get,
    path = "/log/statements/{statement}",
    tag = "log",
    params(("statement" = String, Path, description = "Its id, in hexadecimal."), AsOfAsked),
    responses((status = 200, description = "The entry with which it was admitted, or the first where it never was.", body = EntryView))
)]
pub(super) async fn statement(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let index = statement::must_be_at(&portal, asked::id(&id)?).await?;
    Ok(told(&s, &log::entry::gather(&portal, &s, index).await?, None))
}

/// The proof that an entry is in the log.
#[utoipa::path(
    get,
    path = "/log/entries/{index}/proof",
    tag = "log",
    params(("index" = u64, Path, description = "Its place in the log, from 0.", maximum = 9_007_199_254_740_991_u64)),
    responses((status = 200, description = "A file of c2sp.org/tlog-proof.", body = String))
)]
pub(super) async fn proof(s: Shell, portal: State<Arc<Portal>>, index: Path<String>) -> Result<Response, Trouble> {
    log::entry::proof(s, portal, index).await
}
