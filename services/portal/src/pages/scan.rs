//! Scanning a label: the code is read on the reader's device, and leads to the page of what it names.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;

use crate::door::POLICY_WITH_WASM;
use crate::language::Language;
use crate::shell::{Portal, Shell};
use crate::trouble::Trouble;
use crate::wasm::Wasm;

#[derive(Template)]
#[template(path = "scan.html")]
struct Page<'a> {
    s: &'a Shell,
    /// Where the module is that reads codes; none where the operator has not put it in place.
    module: Option<String>,
}

pub(super) async fn show(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let page = Page {
        s: &s,
        module: portal.kit.signer.as_ref().map(Wasm::path),
    };
    let mut response = s.page(&page)?;
    let policy = HeaderValue::from_static(POLICY_WITH_WASM);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}
