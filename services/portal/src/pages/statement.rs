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
    let id = asked::id(&id)?;
    let path = path(&portal, id).await?;
    let path = path.ok_or_else(|| Trouble::NotFound(format!("no checkpoint covers a statement {id}")))?;
    Ok(Redirect::to(&s.link(&path)).into_response())
}

/// The page of a statement; nothing where no checkpoint covers it.
pub(crate) async fn path(portal: &Portal, id: StatementId) -> Result<Option<String>, Trouble> {
    let request = FindStatementRequest {
        statement_id: id.to_string(),
        at_least_position: 0,
    };
    match portal.sources.audit().find_statement(request).await {
        Ok(found) => Ok(Some(format!("/log/{}", found.into_inner().leaf_index))),
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(status.into()),
    }
}
