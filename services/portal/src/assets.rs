//! Static files, which are in the binary: each under a path that holds its digest, so that it is kept for ever and never stale.
//! A module imports another by where that lies in the repository, as Node does; here the other's path takes its place.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::packed::Packed;

/// Under which path they are.
pub(crate) const PREFIX: &str = "/static";

/// What is under its digest never changes.
pub(crate) const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// What stands before the address of a module that is imported.
const IMPORT: &str = " from \"";

/// The service worker, which imports nothing and is imported by nothing.
const WORKER: &str = "sw.mjs";

/// What is at an address that does not change is asked for again every time.
const ASKED_AGAIN: &str = "no-cache";

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// Modules of other rooms of the project, under their names.
const OTHERS: [(&str, &[u8]); 9] = [
    (
        "veta-verify.mjs",
        include_bytes!("../../../libs/verifier/web/veta-verify.mjs"),
    ),
    (
        "veta-proof.mjs",
        include_bytes!("../../../libs/verifier/second/veta-proof.mjs"),
    ),
    (
        "plain-ed25519.mjs",
        include_bytes!("../../../libs/verifier/second/plain-ed25519.mjs"),
    ),
    (
        "ed25519.js",
        include_bytes!("../../../libs/verifier/second/noble/ed25519.js"),
    ),
    ("sha2.js", include_bytes!("../../../libs/verifier/second/noble/sha2.js")),
    ("_md.js", include_bytes!("../../../libs/verifier/second/noble/_md.js")),
    ("_u64.js", include_bytes!("../../../libs/verifier/second/noble/_u64.js")),
    (
        "utils.js",
        include_bytes!("../../../libs/verifier/second/noble/utils.js"),
    ),
    (
        "veta-sign.mjs",
        include_bytes!("../../../libs/signer/web/veta-sign.mjs"),
    ),
];

type Source = Cow<'static, [u8]>;

/// A file as it is sent.
struct Asset {
    path: String,
    file: Packed,
    /// The names of what it imports, and of what these import.
    imports: Vec<String>,
}

/// The files by their names.
static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let own = Files::iter().filter_map(|name| Some((name.to_string(), Files::get(&name)?.data)));
    let others = OTHERS.map(|(name, content)| (name.to_owned(), Cow::Borrowed(content)));
    let mut sources: BTreeMap<_, _> = own.chain(others).collect();
    let mut assets = BTreeMap::new();
    while let Some(name) = sources.keys().next().cloned() {
        place(&name, &mut sources, &mut assets);
    }
    assets
});

/// Moves a file from the sources to what is sent, after what it imports, whose paths its own digest covers.
fn place(name: &str, sources: &mut BTreeMap<String, Source>, assets: &mut BTreeMap<String, Asset>) {
    if assets.contains_key(name) {
        return;
    }
    let source = sources
        .remove(name)
        .unwrap_or_else(|| panic!("static/{name} is imported, and missing or on its way to itself"));
    let (content, imports) = if media_type(name) == JAVASCRIPT {
        linked(&source, sources, assets)
    } else {
        (source, Vec::new())
    };
    let content = match content {
        Cow::Borrowed(content) => Bytes::from_static(content),
        Cow::Owned(content) => content.into(),
    };
    let file = Packed::new(media_type(name), content);
    let path = format!("{PREFIX}/{}/{name}", file.digest());
    let asset = Asset { path, file, imports };
    assets.insert(name.to_owned(), asset);
}

/// A module with the paths of what it imports, and the names of all that comes with it.
fn linked(
    source: &[u8],
    sources: &mut BTreeMap<String, Source>,
    assets: &mut BTreeMap<String, Asset>,
) -> (Source, Vec<String>) {
    let mut rest = str::from_utf8(source).expect("a module is text");
    let (mut module, mut imports) = (String::new(), Vec::new());
    while let Some((before, after)) = rest.split_once(IMPORT) {
        let (address, behind) = after.split_once('"').expect("an address ends");
        let name = address.rsplit('/').next().unwrap_or_default();
        place(name, sources, assets);
        let asset = &assets[name];
        module.extend([before, IMPORT, &asset.path, "\""]);
        for import in asset.imports.iter().map(String::as_str).chain([name]) {
            if !imports.iter().any(|known| known == import) {
                imports.push(import.to_owned());
            }
        }
        rest = behind;
    }
    module.push_str(rest);
    (Cow::Owned(module.into_bytes()), imports)
}

/// A file that is there.
///
/// # Panics
/// If there is none of this name: names are written in templates, and every page is tested.
fn asset(name: &str) -> &'static Asset {
    ASSETS.get(name).unwrap_or_else(|| panic!("static/{name} is missing"))
}

/// Where a file is.
#[must_use]
pub(crate) fn path(name: &str) -> &'static str {
    &asset(name).path
}

/// Where all is that a module imports, and what that imports: a browser that is told of it asks for all of it at once.
pub(crate) fn imports(name: &str) -> impl Iterator<Item = &'static str> {
    asset(name).imports.iter().map(|name| path(name))
}

/// Answers with a file. Under another digest it is another version's, which is not here.
pub(crate) async fn serve(Path((digest, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let asset = ASSETS.get(&name).filter(|asset| asset.file.digest() == digest);
    match asset {
        Some(asset) => asset.file.answer(&headers, IMMUTABLE).await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The service worker, at an address that does not change: its scope is everything below.
pub(crate) async fn worker(headers: HeaderMap) -> Response {
    asset(WORKER).file.answer(&headers, ASKED_AGAIN).await
}

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "mjs" | "js" => JAVASCRIPT,
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        "json" | "webmanifest" => "application/json",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &'static str)]) -> BTreeMap<String, Source> {
        let source = |(name, text): &(&str, &'static str)| ((*name).to_owned(), Cow::Borrowed(text.as_bytes()));
        files.iter().map(source).collect()
    }

    #[test]
    fn a_module_imports_others_by_their_paths_and_changes_its_own_with_theirs() {
        let placed = |third: &'static str| {
            let mut sources = sources(&[
                (
                    "a.mjs",
                    "import { b } from \"./b.mjs\";\nimport c from \"../of/c.mjs\";\nb(c);",
                ),
                ("b.mjs", "export * from \"./c.mjs\";"),
                ("c.mjs", third),
            ]);
            let mut assets = BTreeMap::new();
            place("a.mjs", &mut sources, &mut assets);
            assets
        };
        let assets = placed("export default 1;");
        let (b, c) = (&assets["b.mjs"], &assets["c.mjs"]);
        assert_eq!(assets["a.mjs"].imports, ["c.mjs", "b.mjs"]);
        let expected = format!(
            "import {{ b }} from \"{}\";\nimport c from \"{}\";\nb(c);",
            b.path, c.path
        );
        assert_eq!(str::from_utf8(assets["a.mjs"].file.plain()).unwrap(), expected);
        assert_eq!(
            str::from_utf8(b.file.plain()).unwrap(),
            format!("export * from \"{}\";", c.path)
        );
        assert_ne!(assets["a.mjs"].path, placed("export default 2;")["a.mjs"].path);
    }

    #[test]
    #[should_panic(expected = "static/a.mjs is imported, and missing or on its way to itself")]
    fn a_module_that_imports_itself_is_found() {
        let mut sources = sources(&[
            ("a.mjs", "import x from \"./b.mjs\";"),
            ("b.mjs", "import x from \"./a.mjs\";"),
        ]);
        place("a.mjs", &mut sources, &mut BTreeMap::new());
    }

    #[test]
    fn every_file_of_here_is_there() {
        for name in ["portal.css", "submit.mjs", "veta-sign.mjs", WORKER] {
            assert!(path(name).starts_with(PREFIX), "{name}");
        }
    }
}
