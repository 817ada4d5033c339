//! Verifying a proof on the reader's own device, by two programs that share no code. Nothing that is dropped here leaves the
//! device: this page only brings the programs.

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

#[derive(Template)]
#[template(path = "verify.html")]
struct Page<'a> {
    s: &'a Shell,
    /// Where the first verifier is; empty where the operator serves none.
    wasm: String,
    /// What the reader may begin with.
    policy: String,
}

pub(super) async fn show(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let kit = &portal.kit;
    let policy = kit
        .log_policy
        .as_ref()
        .map_or_else(Vec::new, tlog::policy::Policy::to_bytes);
    let page = Page {
        s: &s,
        wasm: kit.verifier.as_ref().map_or_else(String::new, crate::wasm::Wasm::path),
        policy: String::from_utf8_lossy(&policy).into_owned(),
    };
    let mut response = s.page(&page)?;
    let allowed = HeaderValue::from_static(POLICY_WITH_WASM);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, allowed);
    Ok(response)
}
