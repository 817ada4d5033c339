//! What words mean here and what is trusted, in plain words.

use askama::Template;
use axum::response::Response;

use crate::language::Language;
use crate::shell::Shell;
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "help.html")]
struct Page<'a> {
    s: &'a Shell,
    parts: Vec<Part>,
}

struct Part {
    id: &'static str,
    title: String,
    text: String,
}

/// What is explained, in this order; each has its texts `help-<part>-title` and `help-<part>`.
const PARTS: [&str; 11] = [
    "what", "who", "standing", "lot", "verdict", "proof", "witness", "files", "trust", "not", "invented",
];

pub(super) async fn show(s: Shell) -> Result<Response, Trouble> {
    let part = |id| Part {
        id,
        title: s.t(&format!("help-{id}-title")),
        text: s.t(&format!("help-{id}")),
    };
    let parts = PARTS.map(part).into();
    s.page(&Page { s: &s, parts })
}
