//! The proof of a lot, to take away.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use rpc::audit::{GetLotProofRequest, GetLotProofResponse};
use tonic::Status;

use super::lot::named;
use crate::shell::{Portal, Shell};
use crate::trouble::{Takes, Trouble};

/// With `times=1`, the proof also says of every statement about the lot between which times it came.
const TIMES: &str = "times";

/// Sends the file as it is written. It is about the present: what is left out of a proof of the past, only the past can tell.
pub(crate) async fn save(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(lot): Path<String>,
) -> Result<Response, Trouble> {
    let (id, times) = (named(&lot)?, times(s.given(TIMES))?);
    let sources = &portal.sources;
    let ask = |at_least_position| async move {
        let request = GetLotProofRequest {
            lot_id: id.to_string(),
            at_least_position,
            depth: None,
            times,
        };
        let mut parts = sources.audit().get_lot_proof(request).await?.into_inner();
        // Whether there is a proof at all, the first part says.
        let first = parts.message().await?;
        let first = first.ok_or_else(|| Trouble::Wrong("a proof without a byte".to_owned()))?;
        Ok((first, parts))
    };
    let (first, parts) = sources.sure(None, ask).await?;
    let chunk = |part: Result<GetLotProofResponse, Status>| part.map(|part| part.chunk);
    let chunks = stream::iter([Ok(first)]).chain(parts).map(chunk);
    let headers: [(HeaderName, String); 3] = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.veta-proof\"")),
        (CACHE_CONTROL, "no-cache".to_owned()),
    ];
    Ok((headers, Body::from_stream(chunks)).into_response())
}

fn times(text: &str) -> Result<bool, Trouble> {
    match text {
        "" | "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(Trouble::unmeant(TIMES, Takes::Offered, "is 0 or 1")),
    }
}
