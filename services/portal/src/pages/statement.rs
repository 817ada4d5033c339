//! A statement by its id alone: where the log has it is its page.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use event::StatementId;
use rpc::audit::FindStatementRequest;
use tonic::Code;

use crate::asked;
use crate::shell::{Portal, Shell};
use crate::trouble::Trouble;

pub(super) async fn show(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let index = must_be_at(&portal, asked::id(&id)?).await?;
    Ok(Redirect::to(&s.link(&format!("/log/{index}"))).into_response())
}

/// Where a statement stands in the log.
pub(crate) async fn must_be_at(portal: &Portal, id: StatementId) -> Result<u64, Trouble> {
    let index = at(portal, id).await?;
    index.ok_or_else(|| Trouble::NotFound(format!("no checkpoint covers a statement {id}")))
}

/// The same; nothing where no checkpoint covers it.
pub(crate) async fn at(portal: &Portal, id: StatementId) -> Result<Option<u64>, Trouble> {
    let request = FindStatementRequest {
        statement_id: id.to_string(),
        at_least_position: 0,
    };
    match portal.sources.audit().find_statement(request).await {
        Ok(found) => Ok(Some(found.into_inner().leaf_index)),
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(status.into()),
    }
}
