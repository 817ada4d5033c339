//! Static files, which are in the binary: each under a path that holds its digest, so that it is kept for ever and never stale.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// Under which path they are.
pub(crate) const PREFIX: &str = "/static";

/// Hexadecimal digits of a file's digest in its path.
pub(crate) const DIGEST_DIGITS: usize = 16;

/// What is under its digest never changes.
pub(crate) const IMMUTABLE: &str = "public, max-age=31536000, immutable";

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// Modules of other rooms of the project, under their names.
const OTHERS: [(&str, &[u8]); 3] = [
    (
        "veta-verify.mjs",
        include_bytes!("../../../libs/verifier/web/veta-verify.mjs"),
    ),
    (
        "veta-proof.mjs",
        include_bytes!("../../../libs/verifier/second/veta-proof.mjs"),
    ),
    (
        "veta-sign.mjs",
        include_bytes!("../../../libs/signer/web/veta-sign.mjs"),
    ),
];

/// The path of each file, by its name.
static PATHS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let named = |name: &str| {
        let file = file(name).expect("it was listed");
        let mut digest = hex::encode(Sha256::digest(&file));
        digest.truncate(DIGEST_DIGITS);
        (name.to_owned(), format!("{PREFIX}/{digest}/{name}"))
    };
    let own = Files::iter().map(|name| named(&name));
    own.chain(OTHERS.map(|(name, _)| named(name))).collect()
});

/// Where a file is.
///
/// # Panics
/// If there is none of this name: names are written in templates, and every page is tested.
#[must_use]
pub(crate) fn path(name: &str) -> &'static str {
    PATHS.get(name).unwrap_or_else(|| panic!("static/{name} is missing"))
}

/// Answers with a file. Under another digest it is another version's, which is not here.
pub(crate) async fn serve(Path((digest, name)): Path<(String, String)>) -> Response {
    let known = PATHS
        .get(&name)
        .is_some_and(|path| *path == format!("{PREFIX}/{digest}/{name}"));
    let Some(file) = file(&name).filter(|_| known) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers: [(HeaderName, &str); 2] = [(CONTENT_TYPE, media_type(&name)), (CACHE_CONTROL, IMMUTABLE)];
    (headers, file.into_owned()).into_response()
}

/// The service worker, at an address that does not change: its scope is everything below.
pub(crate) async fn worker() -> Response {
    let file = file("sw.mjs").expect("it is in the binary");
    let headers: [(HeaderName, &str); 2] = [(CONTENT_TYPE, media_type("sw.mjs")), (CACHE_CONTROL, "no-cache")];
    (headers, file.into_owned()).into_response()
}

fn file(name: &str) -> Option<Cow<'static, [u8]>> {
    let theirs = OTHERS.iter().find(|(other, _)| *other == name);
    theirs.map_or_else(
        || Some(Files::get(name)?.data),
        |(_, bytes)| Some(Cow::Borrowed(*bytes)),
    )
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
