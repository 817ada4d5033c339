//! A statement by its id alone: where the log has it is its page.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use event::StatementId;
use rpc::audit::FindStatementRequest;

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

/// Where a statement stands in the log, which is waited for while it is behind the stream.
pub(crate) async fn must_be_at(portal: &Portal, id: StatementId) -> Result<u64, Trouble> {
    let sources = &portal.sources;
    let ask = |at_least_position| async move {
        let request = FindStatementRequest {
            statement_id: id.to_string(),
            at_least_position,
        };
        Ok(sources.audit().find_statement(request).await?.into_inner().leaf_index)
    };
    sources.sure(None, ask).await
}

/// The same; nothing where it is not recorded.
pub(crate) async fn at(portal: &Portal, id: StatementId) -> Result<Option<u64>, Trouble> {
    match must_be_at(portal, id).await {
        Ok(index) => Ok(Some(index)),
        Err(Trouble::NotFound(_)) => Ok(None),
        Err(trouble) => Err(trouble),
    }
}
