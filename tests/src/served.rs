//! Logs as files, and servers that serve files well or badly.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, Uri};
use tlog::note::NoteSigner;
use tlog::tiles::{TILE_WIDTH, TileBuilder, TileId, TilePath, encode_entries};
use tlog::tree::{Frontier, TreeSize, leaf_hash};
use tlog::{Checkpoint, Origin, TreeHead};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::world::key;

/// What stands at the paths below a log's address.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The head of the tree of these leaves.
#[must_use]
pub fn head(leaves: &[Vec<u8>]) -> TreeHead {
    let mut tree = Frontier::new();
    for leaf in leaves {
        tree.push(leaf_hash(leaf));
    }
    tree.head()
}

/// Every tile and bundle of a log as it is published at its last size, without a checkpoint.
///
/// # Panics
/// If there are more leaves than a test has, or longer ones than a log has.
#[must_use]
pub fn published(leaves: &[Vec<u8>]) -> Files {
    let size = TreeSize::new(leaves.len() as u64);
    let width = |id: TileId| u16::try_from(id.width_at(size)).expect("256 at most");
    let mut tiles = TileBuilder::new();
    for leaf in leaves {
        tiles.push(leaf_hash(leaf));
    }
    let mut files = Files::new();
    for tile in tiles.changed_tiles() {
        let path = TilePath::Hashes {
            id: tile.id,
            width: width(tile.id),
        };
        files.insert(path.to_string(), tile.to_bytes());
    }
    for (n, bundle) in (0..).zip(leaves.chunks(TILE_WIDTH)) {
        let width = width(TileId { level: 0, n });
        let bundle = encode_entries(bundle.iter().map(Vec::as_slice)).expect("short leaves");
        files.insert(TilePath::Entries { n, width }.to_string(), bundle);
    }
    files
}

/// The log's key in tests, by a number.
///
/// # Panics
/// Never: the name is a good one.
#[must_use]
pub fn log_signer(origin: &Origin, seed: u64) -> NoteSigner {
    NoteSigner::new(origin.key_name().clone(), key(seed)).expect("a usable key")
}

/// The signed checkpoint of these leaves.
///
/// # Panics
/// If the signer is of another origin.
#[must_use]
pub fn checkpoint(origin: &Origin, leaves: &[Vec<u8>], signer: &NoteSigner) -> String {
    let checkpoint = Checkpoint::new(origin.clone(), head(leaves));
    checkpoint.sign(signer).expect("the signer is the origin's")
}

/// Writes files below a directory.
///
/// # Panics
/// If it cannot.
pub fn write(dir: &Path, files: &Files) {
    for (path, bytes) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().expect("below the directory")).expect("a writable directory");
        std::fs::write(path, bytes).expect("a writable directory");
    }
}

/// What a server of files has, what it answers instead for a while, and what it was asked.
#[derive(Clone, Debug, Default)]
pub struct Served(Arc<Mutex<Shelf>>);

/// What [`Served`] holds.
#[derive(Debug, Default)]
pub struct Shelf {
    /// By their paths.
    pub files: Files,
    /// A status that is answered this often before any file.
    pub instead: (u16, u32),
    /// Whether every file but the checkpoint is answered with 503, as by a log that rebuilds its rows.
    pub rebuilds: bool,
    /// A path that is never answered.
    pub never: Option<String>,
    /// The paths that were asked for, in order.
    pub asked: Vec<String>,
}

impl Served {
    /// Has these files.
    #[must_use]
    pub fn new(files: Files) -> Self {
        let served = Self::default();
        served.shelf().files = files;
        served
    }

    /// What it has, to look at and to change.
    pub fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Serves until the runtime ends.
    ///
    /// # Panics
    /// If the machine has no port left.
    pub async fn start(&self) -> SocketAddr {
        let (listener, address) = listen().await;
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        address
    }
}

async fn answer(State(served): State<Served>, uri: Uri) -> Response<Body> {
    let path = uri.path().trim_start_matches('/').to_owned();
    served.shelf().asked.push(path.clone());
    if served.shelf().never.as_ref() == Some(&path) {
        std::future::pending::<()>().await;
    }
    let mut shelf = served.shelf();
    let (status, body) = match shelf.files.get(&path) {
        _ if shelf.instead.1 > 0 => {
            shelf.instead.1 -= 1;
            (shelf.instead.0, Body::empty())
        }
        _ if shelf.rebuilds && path != "checkpoint" => (503, Body::empty()),
        Some(bytes) => (200, Body::from(bytes.clone())),
        None => (404, Body::empty()),
    };
    let answer = Response::builder().status(status).header("location", "/checkpoint");
    answer.body(body).expect("a good header")
}

/// A server that answers whatever it is asked with these bytes as they are, again and again if it is told to, and then says no
/// more and does not hang up.
///
/// # Panics
/// If the machine has no port left.
pub async fn raw(bytes: &'static [u8], for_ever: bool) -> SocketAddr {
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut asked = [0; 4_096];
                drop(line.read(&mut asked).await);
                while line.write_all(bytes).await.is_ok() && for_ever {}
                std::future::pending::<()>().await;
            });
        }
    });
    address
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it listens");
    (listener, address)
}
