//! Where one begins: what this is, and one box to search in.

use askama::Template;
use axum::response::Response;

use crate::language::Language;
use crate::shell::Shell;
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "home.html")]
struct Page<'a> {
    s: &'a Shell,
}

pub(super) async fn show(s: Shell) -> Result<Response, Trouble> {
    s.page(&Page { s: &s })
}
