//! Where files of a log are read: below a URL, or in a directory.

use core::time::Duration;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::{Address, LogError};
use crate::http::{Answer, Http, HttpError, Url};

/// How long and how often a server is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For one answer, from the first byte to the last.
    pub deadline: Duration,
    /// How often the same is asked before it is given up.
    pub attempts: u32,
    /// Before it is asked for the second time; twice as long before every further time, up to [`Patience::WAIT_MAX`].
    pub wait: Duration,
}

#[derive(Clone, Debug)]
pub(crate) enum Place {
    Server { http: Http, url: Url, patience: Patience },
    Directory(PathBuf),
}

impl Patience {
    /// Longest wait between two attempts.
    pub const WAIT_MAX: Duration = Duration::from_secs(10);

    fn before(&self, attempt: u32) -> Duration {
        let doubled = self.wait.saturating_mul(1 << attempt.saturating_sub(1).min(16));
        doubled.min(Self::WAIT_MAX)
    }
}

/// A bundle of 16 MiB over 2 Mbit/s takes a minute; after five attempts and three seconds of waiting it is told.
impl Default for Patience {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(60),
            attempts: 5,
            wait: Duration::from_millis(200),
        }
    }
}

impl Place {
    pub(crate) fn new(address: &Address, patience: Patience) -> Result<Self, LogError> {
        match address {
            Address::Url(url) => Ok(Self::Server {
                http: Http::new()?,
                url: url.clone(),
                patience,
            }),
            Address::Directory(path) => {
                let root = path.canonicalize().map_err(unread(path))?;
                Ok(Self::Directory(root))
            }
        }
    }

    pub(crate) fn at(&self, path: &str) -> String {
        match self {
            Self::Server { url, .. } => url.below(path).to_string(),
            Self::Directory(root) => root.join(path).display().to_string(),
        }
    }

    /// What stands there, at most `bytes_max` bytes.
    pub(crate) async fn read(&self, path: &str, bytes_max: usize) -> Result<Bytes, LogError> {
        match self {
            Self::Server { http, url, patience } => get(http, &url.below(path), bytes_max, *patience).await,
            Self::Directory(root) => {
                let (root, path) = (root.clone(), root.join(path));
                let read = spawn_blocking(move || read_within(&root, &path, bytes_max)).await;
                read.expect("reading a file does not panic")
            }
        }
    }
}

/// Whether a server may answer otherwise when it is asked again.
pub(super) fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 429 | 500..=599)
}

async fn get(http: &Http, url: &Url, bytes_max: usize, patience: Patience) -> Result<Bytes, LogError> {
    let mut attempt = 1;
    loop {
        let answer = http.get(url, bytes_max, patience.deadline).await;
        if patience.attempts <= attempt || !may_change(&answer) {
            return body(url, answer?);
        }
        sleep(patience.before(attempt)).await;
        attempt += 1;
    }
}

fn may_change(answer: &Result<Answer, HttpError>) -> bool {
    match answer {
        Ok(answer) => is_passing(answer.status),
        Err(error) => error.is_passing(),
    }
}

fn body(url: &Url, answer: Answer) -> Result<Bytes, LogError> {
    let (url, status) = (url.clone(), answer.status);
    match status {
        200 => Ok(answer.body),
        300..=399 => Err(LogError::Redirected { url, status }),
        404 | 410 => Err(LogError::Missing { at: url.to_string() }),
        _ => Err(LogError::Refused { url, status }),
    }
}

/// Reads a regular file that lies below `root`, wherever links lead.
fn read_within(root: &Path, path: &Path, bytes_max: usize) -> Result<Bytes, LogError> {
    let found = match path.canonicalize() {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let at = path.display().to_string();
            return Err(LogError::Missing { at });
        }
        Err(error) => return Err(unread(path)(error)),
    };
    // A pipe would never end, or never begin.
    let is_file = found.metadata().map_err(unread(path))?.is_file();
    if !found.starts_with(root) || !is_file {
        return Err(LogError::Elsewhere(path.to_owned()));
    }
    let mut bytes = Vec::new();
    let opened = File::open(&found).map_err(unread(path))?;
    let read = opened.take(bytes_max as u64 + 1).read_to_end(&mut bytes);
    read.map_err(unread(path))?;
    if bytes_max < bytes.len() {
        let at = path.display().to_string();
        return Err(LogError::TooLong { at, bytes_max });
    }
    Ok(bytes.into())
}

fn unread(path: &Path) -> impl FnOnce(io::Error) -> LogError {
    let path = path.to_owned();
    move |error| LogError::Unread { path, error }
}
