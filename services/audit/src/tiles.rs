//! The HTTP door of the log: what c2sp.org/tlog-tiles says, and nothing else.
//!
//! ```text
//! GET /checkpoint                     the published checkpoint, cached for seconds
//! GET /tile/<L>/<N>[.p/<W>]           hashes, immutable
//! GET /tile/entries/<N>[.p/<W>]       leaves, immutable
//! ```
//!
//! Tiles are answered up to the locked size, which is ahead of the published one: a witness that audits reads the entries before
//! it cosigns. No byte of them changes any more, and nobody takes them for published: only a checkpoint says what is.
//!
//! What was signed for is never said not to be there, which an onlooker takes for a log that withholds: while the rows are being
//! rebuilt, or cannot be read, it is 503, and whoever asks asks again.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tlog::TreeSize;
use tlog::hash::HASH_BYTES;
use tlog::tiles::{TILE_WIDTH, TileId, TilePath, encode_entries};
use tlog::tree::leaf_hash;
use tokio::sync::Semaphore;
use views::{Desk, Reader, Snapshot};

use crate::error::NotRead;
use crate::published::Shared;
use crate::rows::{stored_leaves, stored_tile};

/// Requests that read tiles at one time; others wait for their turn.
pub(crate) const TILE_READS_MAX: usize = 16;

/// Bytes of entries that may wait for slow readers: 8 of the largest bundles, or some 1,000 of an ordinary size.
const ENTRIES_WAITING_BYTES_MAX: usize = 128 << 20;

/// What is counted of them, and sent at once.
const PIECE_BYTES: usize = 64 << 10;

/// One year, and no more: what a tile holds never changes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const SECONDS: &str = "public, max-age=5";
const NOT_KEPT: &str = "no-store";

const TEXT: &str = "text/plain; charset=utf-8";
const BINARY: &str = "application/octet-stream";

/// Answers from the rows, up to the locked size.
#[derive(Clone)]
pub(crate) struct Tiles {
    desk: Desk,
    shared: Arc<Shared>,
    waiting: Arc<Semaphore>,
}

/// Of the trees that tiles are of.
#[derive(Clone, Copy)]
struct Sizes {
    /// Up to here they are answered, where the rows have them.
    locked: TreeSize,
    /// Beyond this there are none.
    signed: TreeSize,
}

impl Tiles {
    pub(crate) fn new(desk: Desk, shared: Arc<Shared>) -> Self {
        let waiting = Arc::new(Semaphore::new(ENTRIES_WAITING_BYTES_MAX / PIECE_BYTES));
        Self { desk, shared, waiting }
    }

    /// Everything that is answered.
    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/checkpoint", get(checkpoint))
            .route("/tile/{*path}", get(tile))
            .fallback(nothing)
            .with_state(self)
    }

    /// The bytes at a path; `None` where no tree that was signed has any.
    async fn read(&self, path: TilePath) -> Result<Option<Vec<u8>>, NotRead> {
        let sizes = Sizes {
            locked: self.shared.locked(),
            signed: self.shared.signed(),
        };
        self.desk
            .beside(move |reader| match path {
                TilePath::Hashes { id, width } => hashes(reader, sizes, id, width.into(), path),
                TilePath::Entries { n, width } => entries(reader, sizes, n, width.into(), path),
            })
            .await
    }

    /// A body that counts as waiting until it is sent.
    async fn sent(&self, bytes: Vec<u8>) -> Body {
        let pieces = u32::try_from(bytes.len().div_ceil(PIECE_BYTES)).expect("a bundle has 16 MiB at most");
        let held = Arc::clone(&self.waiting).acquire_many_owned(pieces).await;
        let held = held.expect("nobody closes what is waiting");
        let bytes = Bytes::from(bytes);
        let pieces = (0..bytes.len()).step_by(PIECE_BYTES).map(move |at| {
            let _held = &held;
            Ok::<_, std::convert::Infallible>(bytes.slice(at..bytes.len().min(at + PIECE_BYTES)))
        });
        Body::from_stream(tokio_stream::iter(pieces))
    }
}

async fn checkpoint(State(tiles): State<Tiles>, asked: HeaderMap) -> Response {
    let Some(published) = tiles.shared.published() else {
        let why = "no checkpoint is published yet\n";
        return answer(StatusCode::SERVICE_UNAVAILABLE, TEXT, NOT_KEPT, why.into());
    };
    let tag = format!("\"{}\"", leaf_hash(published.note.as_bytes()));
    let known = asked
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known == tag.as_str());
    let mut response = if known {
        answer(StatusCode::NOT_MODIFIED, TEXT, SECONDS, Body::empty())
    } else {
        answer(StatusCode::OK, TEXT, SECONDS, published.note.clone().into())
    };
    let tag = HeaderValue::from_str(&tag).expect("base64 in quotes");
    response.headers_mut().insert(header::ETAG, tag);
    response
}

async fn tile(State(tiles): State<Tiles>, uri: Uri) -> Response {
    let Some(path) = uri.path().strip_prefix('/').and_then(|path| path.parse().ok()) else {
        return nothing().await;
    };
    match tiles.read(path).await {
        Ok(Some(bytes)) => {
            let length = bytes.len();
            let mut response = answer(StatusCode::OK, BINARY, IMMUTABLE, tiles.sent(bytes).await);
            response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
            response
        }
        Ok(None) => nothing().await,
        // The rows come later; or nothing is founded, or the runtime is going down.
        Err(NotRead::Behind | NotRead::Desk(_)) => {
            let why = "this cannot be read now: try again later\n";
            answer(StatusCode::SERVICE_UNAVAILABLE, TEXT, NOT_KEPT, why.into())
        }
        Err(error) => {
            tracing::error!(%error, tile.path = %path, "The tile {path} could not be read: {error}");
            answer(StatusCode::INTERNAL_SERVER_ERROR, TEXT, NOT_KEPT, Body::empty())
        }
    }
}

async fn nothing() -> Response {
    answer(StatusCode::NOT_FOUND, TEXT, NOT_KEPT, "not found\n".into())
}

/// Browsers verify too: every page may read every answer.
fn answer(status: StatusCode, content_type: &'static str, cache: &'static str, body: Body) -> Response {
    let head: [(HeaderName, &str); 3] = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, cache),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (status, head, body).into_response()
}

impl Sizes {
    /// Whether there is so much of a tile. What was signed for and is not in the rows is not read now.
    fn have(self, id: TileId, width: usize, rows: &Snapshot<'_>) -> Result<bool, NotRead> {
        if id.width_at(self.signed) < width {
            return Ok(false);
        }
        if id.width_at(self.locked.min(TreeSize::new(rows.cursor().get()))) < width {
            return Err(NotRead::Behind);
        }
        Ok(true)
    }
}

fn hashes(reader: &Reader, sizes: Sizes, id: TileId, width: usize, path: TilePath) -> Result<Option<Vec<u8>>, NotRead> {
    let rows = reader.read()?;
    if !sizes.have(id, width, &rows)? {
        return Ok(None);
    }
    // A row holds all that there is; a narrower tile is its beginning.
    let mut row = stored_tile(&rows, id).ok_or(NotRead::Lacking(path))?;
    let length = width * HASH_BYTES;
    if row.len() < length {
        return Err(NotRead::Lacking(path));
    }
    row.truncate(length);
    Ok(Some(row))
}

fn entries(reader: &Reader, sizes: Sizes, n: u64, width: usize, path: TilePath) -> Result<Option<Vec<u8>>, NotRead> {
    let rows = reader.read()?;
    if !sizes.have(TileId { level: 0, n }, width, &rows)? {
        return Ok(None);
    }
    let first = n * TILE_WIDTH as u64;
    let leaves = stored_leaves(&rows, TreeSize::new(first), TreeSize::new(first + width as u64))?;
    drop(rows);
    if leaves.len() != width {
        return Err(NotRead::Lacking(path));
    }
    encode_entries(leaves.iter().map(Vec::as_slice))
        .map(Some)
        .map_err(|_| NotRead::Lacking(path))
}
