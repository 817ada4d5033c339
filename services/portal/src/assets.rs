//! Static files, which are in the binary: each under a path that holds its digest, so that it is kept for ever and never stale.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// Under which path they are.
pub const PREFIX: &str = "/static";

/// Hexadecimal digits of a file's digest in its path.
const DIGEST_DIGITS: usize = 16;

const IMMUTABLE: &str = "public, max-age=31536000, immutable";

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// The path of each file, by its name.
static PATHS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let named = |name: &str| {
        let file = Files::get(name).expect("it was listed");
        let mut digest = hex::encode(Sha256::digest(&file.data));
        digest.truncate(DIGEST_DIGITS);
        (name.to_owned(), format!("{PREFIX}/{digest}/{name}"))
    };
    Files::iter().map(|name| named(&name)).collect()
});

/// Where a file is.
///
/// # Panics
/// If there is none of this name: names are written in templates, and every page is tested.
#[must_use]
pub fn path(name: &str) -> &'static str {
    PATHS.get(name).unwrap_or_else(|| panic!("static/{name} is missing"))
}

/// Answers with a file. Under another digest it is another version's, which is not here.
pub async fn serve(Path((digest, name)): Path<(String, String)>) -> Response {
    let known = PATHS
        .get(&name)
        .is_some_and(|path| *path == format!("{PREFIX}/{digest}/{name}"));
    let Some(file) = Files::get(&name).filter(|_| known) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers: [(HeaderName, &str); 2] = [(CONTENT_TYPE, media_type(&name)), (CACHE_CONTROL, IMMUTABLE)];
    (headers, file.data.into_owned()).into_response()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "mjs" | "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        "json" | "webmanifest" => "application/json",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}
