//! Lots, whether they may be bought, and their proofs.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{List, Octets, told};
use super::parameters::{AsOfAsked, DepthAsked, LotNamed, LotsAsked, PolicyAsked, SliceAsked, TimesAsked};
use super::problem::Problem;
use crate::asked::Slice;
use crate::pages;
use crate::pages::check::asked::{Asked, Chosen};
use crate::pages::check::gathered;
use crate::pages::check::view::View;
use crate::pages::label::LabelView;
use crate::pages::log::refused::{Refused, of_lot};
use crate::pages::lot::facts::LotFacts;
use crate::pages::lot::gather::{self, STEPS};
use crate::pages::lot::lineage::{DEPTH, Lineage};
use crate::pages::lot::origins::Part;
use crate::pages::lot::steps::Step;
use crate::pages::lot::{LotView, depth, named};
use crate::shell::{Portal, Shell};
use crate::trouble::Trouble;

/// What a policy of one's own is sent as. No form of a page can send this.
const TOML: &str = "application/toml";

/// What a lot was made of and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LineageOfLot)]
struct LineageView {
    /// The stream position this is true of.
    position: u64,
    /// The instant at which clocks were read, in milliseconds since 1970.
    evaluated_at_unix_ms: i64,
    /// Which lot.
    lot_id: String,
    /// Its lineage.
    lineage: Lineage,
}

/// Lots that fit every filter, or that a number names.
#[utoipa::path(
    get,
    path = "/lots",
    tag = "lots",
    params(LotsAsked, AsOfAsked, SliceAsked),
    responses((status = 200, description = "Part of the list.", body = List<LotFacts>))
)]
pub(super) async fn lots(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let view = pages::lots::view(&s, &portal, Slice::of_program(&s.query)?).await?;
    let of = (view.position, Some(view.evaluated_at_unix_ms));
    Ok(List::new(view.lots, view.next_page_token, of).told(&s, Some(view.position)))
}

/// A lot with everything beside it; of its path, the first 50 statements.
///
/// `next_page_token` is what `cursor` of `/lots/{lot}/path` is for those behind them.
#[utoipa::path(
    get,
    path = "/lots/{lot}",
    tag = "lots",
    params(LotNamed, AsOfAsked, DepthAsked),
    responses((status = 200, description = "The lot.", body = LotView))
)]
pub(super) async fn lot(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(lot): Path<String>,
) -> Result<Response, Trouble> {
    let (id, depth) = (named(&lot)?, depth(s.given("depth"))?.unwrap_or(DEPTH));
    let view = gather::lot(&s, &portal, id, Some(depth), Slice::first(STEPS)).await?;
    Ok(told(&s, &view, None))
}

/// What was said about a lot, the oldest first.
#[utoipa::path(
    get,
    path = "/lots/{lot}/path",
    tag = "lots",
    params(LotNamed, AsOfAsked, SliceAsked),
    responses((status = 200, description = "Part of the path.", body = List<Step>))
)]
pub(super) async fn path(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(lot): Path<String>,
) -> Result<Response, Trouble> {
    let slice = Slice::of_program(&s.query)?;
    let view = gather::view(gather::first(&s, &portal.sources, named(&lot)?, slice).await?);
    let of = (view.position, Some(view.evaluated_at_unix_ms));
    Ok(List::new(view.path, view.next_page_token, of).told(&s, Some(view.position)))
}

/// What a lot was made of and what became of it, the nearest first.
#[utoipa::path(
    get,
    path = "/lots/{lot}/lineage",
    tag = "lots",
    params(LotNamed, AsOfAsked, DepthAsked),
    responses((status = 200, description = "The lineage.", body = LineageView))
)]
pub(super) async fn lineage(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(lot): Path<String>,
) -> Result<Response, Trouble> {
    let (id, depth) = (named(&lot)?, depth(s.given("depth"))?.unwrap_or(DEPTH));
    let (of, lineage) = gather::lineage_of(&s, &portal, id, depth).await?;
    let view = LineageView {
        position: of.position,
        evaluated_at_unix_ms: of.unix_ms,
        lot_id: id.to_string(),
        lineage,
    };
    Ok(told(&s, &view, Some(of.position)))
}

/// Where the gold in a lot comes from, the largest part first.
#[utoipa::path(
    get,
    path = "/lots/{lot}/origins",
    tag = "lots",
    params(LotNamed, AsOfAsked, SliceAsked),
    responses((status = 200, description = "Part of the origins.", body = List<Part>))
)]
pub(super) async fn origins(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(lot): Path<String>,
) -> Result<Response, Trouble> {
    let slice = Slice::of_program(&s.query)?;
    let (of, origins, token) = gather::origins_of(&s, &portal, named(&lot)?, slice).await?;
    let list = List::new(origins.parts, token, (of.position, Some(of.unix_ms)));
    Ok(list.told(&s, Some(of.position)))
}

/// Statements that name a lot and were refused, the oldest first, up to where the lot is known.
#[utoipa::path(
    get,
    path = "/lots/{lot}/refused",
    tag = "lots",
    params(LotNamed, AsOfAsked),
    responses((status = 200, description = "They.", body = Refused))
)]
pub(super) async fn refused(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(lot): Path<String>,
) -> Result<Response, Trouble> {
    let id = named(&lot)?;
    let of = gather::first(&s, &portal.sources, id, Slice::first(1)).await?;
    let refused = of_lot(&portal, id, of.position, of.position).await?;
    Ok(told(&s, &refused, None))
}

/// What is printed for a lot and tied to it.
#[utoipa::path(
    get,
    path = "/lots/{lot}/label",
    tag = "lots",
    params(LotNamed, AsOfAsked),
    responses((status = 200, description = "What stands on the label.", body = LabelView))
)]
pub(super) async fn label(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(lot): Path<String>,
) -> Result<Response, Trouble> {
    Ok(told(&s, &pages::label::view(&s, &portal, named(&lot)?).await?, None))
}

/// Whether a lot may be bought by a policy that is shipped.
#[utoipa::path(
    get,
    path = "/lots/{lot}/check",
    tag = "lots",
    params(LotNamed, PolicyAsked, AsOfAsked),
    responses((status = 200, description = "The verdict, with every reason.", body = View))
)]
pub(super) async fn check(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(lot): Path<String>,
) -> Result<Response, Problem> {
    let chosen = Asked::of_query(&s.query)?.chosen;
    judged(&s, &portal, &lot, chosen).await
}

/// Whether a lot may be bought by a policy of one's own, which is judged by and not kept.
#[utoipa::path(
    post,
    path = "/lots/{lot}/check",
    tag = "lots",
    params(LotNamed, AsOfAsked),
    request_body(
        content_type = "application/toml",
        content = String,
        description = "The policy, as `veta check` reads it: TOML, 64 KiB at most."
    ),
    responses(
        (status = 200, description = "The verdict, with every reason.", body = View),
        (status = 422, description = "What is wrong with the policy.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn check_by_own(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(lot): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    if headers.get(CONTENT_TYPE).is_none_or(|kind| kind != TOML) {
        return Err(Problem::media_type(TOML));
    }
    let body = body.map_err(|error| Problem::body(error.status(), error.body_text()))?;
    let text = String::from_utf8(body.into()).map_err(|_| Problem::asked(&"a policy is a text in UTF-8"))?;
    judged(&s, &portal, &lot, Chosen::Own(text)).await
}

async fn judged(s: &Shell, portal: &Portal, lot: &str, chosen: Chosen) -> Result<Response, Problem> {
    let asked = Asked::to_read(chosen);
    let policy = asked.chosen.text().map(inquiry::policy::parse).transpose();
    let policy = policy.map_err(|error| {
        let faults = asked.chosen.text().map(inquiry::policy::faults).unwrap_or_default();
        Problem::policy(&error, faults)
    })?;
    let view = gathered(s, portal, named(lot)?, &asked, policy.as_ref()).await?;
    Ok(told(s, &view, None))
}

/// The proof of a lot, which is verified without asking anybody: `veta verify` reads it.
#[utoipa::path(
    get,
    path = "/lots/{lot}/bundle",
    tag = "lots",
    params(LotNamed, TimesAsked),
    responses((
        status = 200,
        description = "The file, which is about the present.",
        body = Octets,
        content_type = "application/octet-stream"
    ))
)]
pub(super) async fn bundle(s: Shell, portal: State<Arc<Portal>>, lot: Path<String>) -> Result<Response, Trouble> {
    pages::bundle::save(s, portal, lot).await
}
