//! Scanning a label: the code is read on the reader's device, and leads to the page of what it names.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

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
    /// Whether labels that are printed here say where the page of a lot is.
    labels_lead_here: bool,
}

impl Page<'_> {
    /// What to do where codes are not read.
    fn elsewhere(&self) -> String {
        let key = if self.labels_lead_here {
            "scan-elsewhere"
        } else {
            "scan-elsewhere-number"
        };
        self.s.t(key)
    }
}

pub(super) async fn show(s: Shell, State(portal): State<Arc<Portal>>) -> Result<Response, Trouble> {
    let page = Page {
        s: &s,
        module: portal.kit.signer.as_ref().map(Wasm::path),
        labels_lead_here: portal.kit.public_url.is_some(),
    };
    s.page_with_wasm(&page)
}
