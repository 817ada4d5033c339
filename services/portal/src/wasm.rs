//! WebAssembly of ours, which is built for another target than this program and so comes beside it, in a file.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::assets;
use crate::packed::Packed;
use crate::shell::Portal;

/// Under which path it is.
pub const PREFIX: &str = "/wasm";

/// The longest module; the verifier has less than 2 MB.
pub const WASM_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A module, under a path that holds its digest.
#[derive(Clone)]
pub struct Wasm {
    name: &'static str,
    file: Arc<Packed>,
}

impl Wasm {
    /// A module of this name.
    #[must_use]
    pub fn new(name: &'static str, bytes: Vec<u8>) -> Self {
        Self {
            name,
            file: Arc::new(Packed::new("application/wasm", bytes.into())),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{PREFIX}/{}/{}", self.file.digest(), self.name)
    }
}

impl std::fmt::Debug for Wasm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wasm({}, {} bytes)", self.path(), self.file.plain().len())
    }
}

/// Answers with a module. Under another digest it is another version's, which is not here.
pub async fn serve(
    State(portal): State<Arc<Portal>>,
    Path((digest, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let asked = format!("{PREFIX}/{digest}/{name}");
    let mut here = portal.kit.verifier.iter().chain(&portal.kit.signer);
    match here.find(|wasm| wasm.path() == asked) {
        Some(wasm) => wasm.file.answer(&headers, assets::IMMUTABLE).await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
