//! WebAssembly of ours, which is built for another target than this program and so comes beside it, in a file.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::assets;
use crate::shell::Portal;

/// Under which path it is.
pub const PREFIX: &str = "/wasm";

/// The longest module; the verifier has less than 2 MB.
pub const WASM_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A module, under a path that holds its digest.
#[derive(Clone)]
pub struct Wasm {
    name: &'static str,
    digest: String,
    bytes: Arc<[u8]>,
}

impl Wasm {
    /// A module of this name.
    #[must_use]
    pub fn new(name: &'static str, bytes: Vec<u8>) -> Self {
        Self {
            name,
            digest: hex::encode(&Sha256::digest(&bytes)[..assets::DIGEST_DIGITS / 2]),
            bytes: bytes.into(),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{PREFIX}/{}/{}", self.digest, self.name)
    }
}

impl std::fmt::Debug for Wasm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wasm({}, {} bytes)", self.path(), self.bytes.len())
    }
}

/// Answers with a module. Under another digest it is another version's, which is not here.
pub async fn serve(State(portal): State<Arc<Portal>>, Path((digest, name)): Path<(String, String)>) -> Response {
    let asked = format!("{PREFIX}/{digest}/{name}");
    let mut here = portal.kit.verifier.iter().chain(&portal.kit.signer);
    let Some(wasm) = here.find(|wasm| wasm.path() == asked) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers: [(HeaderName, &str); 2] = [(CONTENT_TYPE, "application/wasm"), (CACHE_CONTROL, assets::IMMUTABLE)];
    (headers, wasm.bytes.to_vec()).into_response()
}
