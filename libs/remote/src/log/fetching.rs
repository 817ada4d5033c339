//! A tile on its way.

use bytes::Bytes;
use tlog::tiles::TilePath;
use tokio::task::JoinHandle;

use super::{LogError, RemoteLog};

/// Goes on by itself; nobody waits for it once this is dropped.
#[derive(Debug)]
pub(super) struct Fetching(JoinHandle<Result<Bytes, LogError>>);

impl Fetching {
    /// # Panics
    /// Outside of a runtime.
    pub(super) fn start(log: &RemoteLog, path: TilePath) -> Self {
        let log = log.clone();
        Self(tokio::spawn(async move { log.tile(path).await }))
    }

    pub(super) async fn done(mut self) -> Result<Bytes, LogError> {
        (&mut self.0).await.expect("fetching neither panics nor is stopped")
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        self.0.abort();
    }
}
