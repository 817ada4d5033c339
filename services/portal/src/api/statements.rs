//! Submitting signed statements, and what a signer asks before: whose key it is, and what was said last about a lot.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use event::{LotId, PublicKey};
use rpc::custody::{GetLotRequest, get_lot_request};
use rpc::ingest::{GetKeyRequest, SubmitRequest};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Octets, told};
use super::parameters::LotNamed;
use super::problem::Problem;
use crate::shell::{Named, Portal, Shell};
use crate::trouble::Trouble;

/// What a signed statement is sent as. No form of a page can send this.
const STATEMENT: &str = "application/octet-stream";

/// Where a statement stands, for ever.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Receipt)]
struct ReceiptView {
    /// Its place in the stream, counted from 1.
    position: u64,
    /// Its id, in hexadecimal.
    statement_id: String,
    /// When it was admitted, in milliseconds since 1970.
    admitted_at_unix_ms: i64,
}

/// A key that is or was authorized.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Key)]
struct KeyView {
    /// In whose name it speaks.
    party_id: String,
    /// The number of its latest statement; the next one's is greater.
    last_number: u64,
    /// Whether it may no longer speak.
    is_revoked: bool,
}

/// What the next statement about a lot follows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LatestStatement)]
struct LatestView {
    /// Which lot.
    lot_id: String,
    /// The latest statement about it, in hexadecimal.
    statement_id: String,
    /// As last weighed, in micrograms.
    gross_mass_ug: u64,
    /// Who has it.
    custodian: Named,
    /// To whom it is offered, where it is.
    offered_to: Option<Named>,
}

/// Records one signed statement. The same bytes again give the same receipt.
#[utoipa::path(
    post,
    path = "/statements",
    tag = "statements",
    request_body(
        content_type = "application/octet-stream",
        content = Octets,
        description = "The statement, as it was written when it was signed."
    ),
    responses(
        (status = 200, description = "It is recorded.", body = ReceiptView),
        (status = 422, description = "It is refused: `refusal` says by which rule.", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn submit(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    if headers.get(CONTENT_TYPE).is_none_or(|kind| kind != STATEMENT) {
        return Err(Problem::media_type(STATEMENT));
    }
    let body = body.map_err(|error| Problem::body(error.status(), error.body_text()))?;
    let request = SubmitRequest { statement: body.into() };
    let answer = portal.sources.ingest().submit(request).await;
    let receipt = answer.map_err(Problem::denied)?.into_inner().receipt;
    let receipt = receipt.ok_or_else(|| Trouble::Wrong("ingest answered without a receipt".to_owned()))?;
    let receipt = ReceiptView {
        position: receipt.position,
        statement_id: receipt.statement_id,
        admitted_at_unix_ms: receipt.admitted_at_unix_ms,
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(receipt)).into_response())
}

/// Whose a key is, and which number its next statement must exceed.
#[utoipa::path(
    get,
    path = "/keys/{key}",
    tag = "statements",
    params(("key" = String, Path, description = "The Ed25519 public key, in hexadecimal.")),
    responses((status = 200, description = "The key.", body = KeyView))
)]
pub(super) async fn key(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(key): Path<String>,
) -> Result<Response, Problem> {
    let key: PublicKey = key.parse().map_err(|error| Problem::asked(&error))?;
    let request = GetKeyRequest {
        key: key.to_string(),
        at_least_position: 0,
    };
    let answer = portal.sources.ingest().get_key(request).await;
    let known = answer.map_err(Trouble::from)?.into_inner();
    let view = KeyView {
        party_id: known.party_id,
        last_number: known.last_number,
        is_revoked: known.revoked,
    };
    Ok(told(&s, &view, None))
}

/// What was said last about a lot, in everything that is recorded when this is asked: what the next statement about it names.
#[utoipa::path(
    get,
    path = "/lots/{lot}/latest",
    tag = "statements",
    params(LotNamed),
    responses((status = 200, description = "The lot as it is now.", body = LatestView))
)]
pub(super) async fn latest(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(lot): Path<String>,
) -> Result<Response, Problem> {
    let lot: LotId = lot.parse().map_err(|error| Problem::asked(&error))?;
    let sources = &portal.sources;
    // Whoever asks may have just said something about it himself, which what he signs next must follow.
    let now = sources.known_position().await;
    let ask = |at_least: u64| async move {
        let request = GetLotRequest {
            lot: Some(get_lot_request::Lot::LotId(lot.to_string())),
            at_least_position: at_least.max(now),
            page_size: 1,
            ..GetLotRequest::default()
        };
        Ok(sources.custody().get_lot(request).await?.into_inner().lot)
    };
    let known = sources.sure(None, ask).await?;
    let known = known.ok_or_else(|| Trouble::Wrong("custody answered without a lot".to_owned()))?;
    let offered_to = known.open_offer.and_then(|offer| offer.to).map(Named::from);
    let view = LatestView {
        lot_id: known.lot_id,
        statement_id: known.latest_statement_id,
        gross_mass_ug: known.gross_mass_micrograms,
        custodian: known.custodian.map(Named::from).unwrap_or_default(),
        offered_to,
    };
    Ok(told(&s, &view, None))
}
