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

use super::problem::Problem;
use crate::shell::{Named, Portal};
use crate::trouble::Trouble;

/// What a signed statement is sent as. No form of a page can send this.
const STATEMENT: &str = "application/octet-stream";

/// Where a statement stands, for ever.
#[derive(Debug, Serialize)]
struct ReceiptView {
    /// Its place in the stream, counted from 1.
    position: u64,
    /// Its id, in hexadecimal.
    statement_id: String,
    /// When it was admitted, in milliseconds since 1970.
    admitted_at_unix_ms: i64,
}

/// A key that is or was authorized.
#[derive(Debug, Serialize)]
struct KeyView {
    /// In whose name it speaks.
    party_id: String,
    /// The number of its latest statement; the next one's is greater.
    last_number: u64,
    /// Whether it may no longer speak.
    is_revoked: bool,
}

/// What the next statement about a lot follows.
#[derive(Debug, Serialize)]
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

/// Hands one signed statement to ingest. The same bytes again give the same receipt.
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
    Ok(told(ReceiptView {
        position: receipt.position,
        statement_id: receipt.statement_id,
        admitted_at_unix_ms: receipt.admitted_at_unix_ms,
    }))
}

/// Whose a key is.
pub(super) async fn key(State(portal): State<Arc<Portal>>, Path(key): Path<String>) -> Result<Response, Problem> {
    let key: PublicKey = key.parse().map_err(|error| Problem::asked(&error))?;
    let request = GetKeyRequest {
        key: key.to_string(),
        at_least_position: 0,
    };
    let answer = portal.sources.ingest().get_key(request).await;
    let known = answer.map_err(Trouble::from)?.into_inner();
    Ok(told(KeyView {
        party_id: known.party_id,
        last_number: known.last_number,
        is_revoked: known.revoked,
    }))
}

/// What was said last about a lot.
pub(super) async fn latest(State(portal): State<Arc<Portal>>, Path(lot): Path<String>) -> Result<Response, Problem> {
    let lot: LotId = lot.parse().map_err(|error| Problem::asked(&error))?;
    let request = GetLotRequest {
        lot: Some(get_lot_request::Lot::LotId(lot.to_string())),
        page_size: 1,
        ..GetLotRequest::default()
    };
    let answer = portal.sources.custody().get_lot(request).await;
    let known = answer.map_err(Trouble::from)?.into_inner().lot;
    let known = known.ok_or_else(|| Trouble::Wrong("custody answered without a lot".to_owned()))?;
    let offered_to = known.open_offer.and_then(|offer| offer.to).map(Named::from);
    Ok(told(LatestView {
        lot_id: known.lot_id,
        statement_id: known.latest_statement_id,
        gross_mass_ug: known.gross_mass_micrograms,
        custodian: known.custodian.map(Named::from).unwrap_or_default(),
        offered_to,
    }))
}

/// An answer that is true now, and perhaps not for long.
fn told(view: impl Serialize) -> Response {
    ([(CACHE_CONTROL, "no-store")], Json(view)).into_response()
}
