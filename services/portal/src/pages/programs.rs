//! What programs can ask, for whoever writes them: every operation of the HTTP API, as it describes itself.

use askama::Template;
use axum::response::Response;

use crate::api;
use crate::api::description::{Line, lines};
use crate::language::Language;
use crate::shell::Shell;
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "programs.html")]
struct Page<'a> {
    s: &'a Shell,
    description: String,
    lines: Vec<Line>,
}

pub(super) async fn show(s: Shell) -> Result<Response, Trouble> {
    s.page(&Page {
        s: &s,
        description: format!("{}/openapi.json", api::PREFIX),
        lines: lines(),
    })
}
