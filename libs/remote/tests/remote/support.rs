//! A log to read, and servers that serve it well or badly.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, Uri};
use remote::log::{Patience, entries_path};
use tlog::tiles::{TileBuilder, TileId, TilePath, encode_entries};
use tlog::tree::{Frontier, TreeSize, leaf_hash};
use tlog::{Hash, TreeHead};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What stands at the paths below a log's address.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Gives up soon, and waits hardly at all: nothing here needs more.
pub(crate) const HURRIED: Patience = Patience {
    deadline: Duration::from_millis(500),
    attempts: 3,
    wait: Duration::from_millis(1),
};

/// The leaves of a log: all different, of different lengths.
pub(crate) fn leaves(count: u64) -> Vec<Vec<u8>> {
    let leaf = |index: u64| format!("leaf {index}").repeat(1 + usize::try_from(index % 3).unwrap());
    (0..count).map(|index| leaf(index).into_bytes()).collect()
}

/// The head of the tree of these leaves.
pub(crate) fn head(leaves: &[Vec<u8>]) -> TreeHead {
    let mut tree = Frontier::new();
    for leaf in leaves {
        tree.push(leaf_hash(leaf));
    }
    tree.head()
}

/// Every tile and bundle of a log, as it is published at its last size.
pub(crate) fn published(leaves: &[Vec<u8>]) -> Files {
    let size = TreeSize::new(leaves.len() as u64);
    let mut tiles = TileBuilder::new();
    for leaf in leaves {
        tiles.push(leaf_hash(leaf));
    }
    let mut files: Files = tiles
        .changed_tiles()
        .into_iter()
        .map(|tile| {
            let path = remote::log::hashes_path(tile.id, size).unwrap();
            (path.to_string(), tile.to_bytes())
        })
        .collect();
    for (n, bundle) in leaves.chunks(256).enumerate() {
        let path = entries_path(n as u64, size).unwrap().to_string();
        files.insert(path, encode_entries(bundle.iter().map(Vec::as_slice)).unwrap());
    }
    files.insert("checkpoint".to_owned(), b"a note".to_vec());
    files
}

pub(crate) fn tile(level: u8, n: u64, width: u16) -> TilePath {
    TilePath::Hashes {
        id: TileId { level, n },
        width,
    }
}

pub(crate) fn bundle(n: u64, width: u16) -> TilePath {
    TilePath::Entries { n, width }
}

/// The hash of a leaf of [`leaves`].
pub(crate) fn hash_of(leaves: &[Vec<u8>], index: usize) -> Hash {
    leaf_hash(&leaves[index])
}

/// Writes files below a directory.
pub(crate) fn write(dir: &Path, files: &Files) {
    for (path, bytes) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// What a server of files is, and what it was asked.
#[derive(Clone, Default)]
pub(crate) struct Served {
    pub(crate) files: Arc<Mutex<Files>>,
    /// A status that is answered this often before the file.
    pub(crate) at_first: Arc<Mutex<(u16, u32)>>,
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
}

impl Served {
    pub(crate) fn new(files: Files) -> Self {
        Self {
            files: Arc::new(Mutex::new(files)),
            ..Self::default()
        }
    }

    /// Serves until the test ends.
    pub(crate) async fn start(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        address
    }
}

async fn answer(State(served): State<Served>, uri: Uri) -> Response<Body> {
    let path = uri.path().trim_start_matches('/').to_owned();
    served.asked.lock().unwrap().push(path.clone());
    let mut at_first = served.at_first.lock().unwrap();
    if at_first.1 > 0 {
        at_first.1 -= 1;
        let moved = Response::builder().status(at_first.0).header("location", "/checkpoint");
        return moved.body(Body::empty()).unwrap();
    }
    match served.files.lock().unwrap().get(&path) {
        Some(bytes) => Response::new(Body::from(bytes.clone())),
        None => Response::builder().status(404).body(Body::empty()).unwrap(),
    }
}

/// A server that answers every request with these bytes, as they are, again and again if it is told to, and then says no more
/// and does not hang up.
pub(crate) async fn raw(bytes: &'static [u8], for_ever: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut line, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut asked = [0; 4_096];
                let _ = line.read(&mut asked).await;
                while line.write_all(bytes).await.is_ok() && for_ever {}
                std::future::pending::<()>().await;
            });
        }
    });
    address
}
