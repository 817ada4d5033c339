//! One request and its answer, bounded in time and length.

use core::error::Error as _;
use core::fmt;
use core::str::FromStr;
use core::time::Duration;
use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder};
use thiserror::Error;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Longest URL; servers refuse longer ones.
pub const URL_BYTES_MAX: usize = 2_048;

/// Requests under way at a time; the others wait for one to end.
pub const IN_FLIGHT_MAX: usize = 32;

/// How long a connection may take, of each request's own deadline.
const CONNECT_DEADLINE: Duration = Duration::from_secs(10);

/// Connections to one server that are kept for the next request.
const IDLE_MAX: usize = 8;

/// Who asks.
const USER_AGENT: &str = concat!("veta/", env!("CARGO_PKG_VERSION"));

/// Where something is asked for: `http` or `https`, a host, a path; no user, no password, no fragment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url(reqwest::Url);

/// Why text is no [`Url`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UrlError {
    /// Longer than [`URL_BYTES_MAX`].
    #[error("a URL has at most {URL_BYTES_MAX} bytes")]
    TooLong,
    /// Not a URL in one spelling.
    #[error("not a URL; write http://host/path or https://host/path")]
    NotAUrl,
    /// Another scheme.
    #[error("only http:// and https:// are asked")]
    OtherScheme,
    /// A user name or a password.
    #[error("a URL with a user name or a password would show them wherever it is printed: leave them out")]
    UserInfo,
    /// A question or a fragment, where a path is meant.
    #[error("a URL of a server ends in its path: leave out '?' and '#' and what follows")]
    NotAPath,
}

/// What a server said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// All of the body.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HttpError {
    /// The machine has nothing that https could be checked by, or TLS cannot be set up.
    #[error(
        "https cannot be used on this machine: {0}; install its certificates (ca-certificates), or name them in SSL_CERT_FILE"
    )]
    NoTls(String),
    /// No connection, or it broke, or what came over it is not HTTP.
    #[error("{url} does not answer: {what}")]
    NoAnswer {
        /// What was asked.
        url: Url,
        /// What happened.
        what: String,
    },
    /// It has not answered in full within the deadline.
    #[error("{url} has not answered within {} ms", deadline.as_millis())]
    TooSlow {
        /// What was asked.
        url: Url,
        /// How long it had.
        deadline: Duration,
    },
    /// The answer has more bytes than any true one.
    #[error("{url} answers with more than {bytes_max} bytes: that is not what was asked for")]
    TooLong {
        /// What was asked.
        url: Url,
        /// How long it may be.
        bytes_max: usize,
    },
}

/// Asks servers. Clones share connections and the bound on requests under way.
#[derive(Clone, Debug)]
pub struct Http {
    /// For `http`; trusts no certificate.
    plain: Client,
    /// For `https`, made when it is first needed: the certificates of the machine are read for it.
    tls: Arc<OnceLock<Client>>,
    in_flight: Arc<Semaphore>,
}

impl Url {
    /// What stands at `path` below this URL.
    ///
    /// # Panics
    /// If the path has a segment of dots alone. Paths are ours, never another's.
    #[must_use]
    pub fn below(&self, path: &str) -> Self {
        let leads_out = path.split('/').any(|part| part == "." || part == "..");
        assert!(!leads_out, "a path of ours leads down only");
        let mut url = self.0.clone();
        url.set_path(&format!("{}/{path}", self.0.path().trim_end_matches('/')));
        Self(url)
    }

    /// Whether the answer comes over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl FromStr for Url {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        if URL_BYTES_MAX < text.len() {
            return Err(UrlError::TooLong);
        }
        // What the parser would strip or turn into something else.
        if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err(UrlError::NotAUrl);
        }
        let url = reqwest::Url::parse(text).map_err(|_| UrlError::NotAUrl)?;
        // What is not ASCII is written in three characters for each byte.
        if URL_BYTES_MAX < url.as_str().len() {
            return Err(UrlError::TooLong);
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UrlError::OtherScheme);
        }
        if !url.has_host() {
            return Err(UrlError::NotAUrl);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlError::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(UrlError::NotAPath);
        }
        Ok(Self(url))
    }
}

impl HttpError {
    /// Whether the same request may be answered later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::NoAnswer { .. } | Self::TooSlow { .. })
    }
}

impl Http {
    /// Connects nowhere yet.
    pub fn new() -> Result<Self, HttpError> {
        // The whole process has one; it is the same, whoever was first.
        drop(rustls::crypto::ring::default_provider().install_default());
        let plain = bounded().tls_certs_only([]).build();
        Ok(Self {
            plain: plain.map_err(|error| HttpError::NoTls(causes(&error)))?,
            tls: Arc::new(OnceLock::new()),
            in_flight: Arc::new(Semaphore::new(IN_FLIGHT_MAX)),
        })
    }

    /// Gets what stands there, at most `bytes_max` bytes within `deadline`, whatever its status.
    pub async fn get(&self, url: &Url, bytes_max: usize, deadline: Duration) -> Result<Answer, HttpError> {
        let request = self.client(url)?.request(Method::GET, url.0.clone());
        self.ask(url, request, bytes_max, deadline).await
    }

    /// Posts a body there, and takes the answer as [`Http::get`] does.
    pub async fn post(
        &self,
        url: &Url,
        body: Vec<u8>,
        bytes_max: usize,
        deadline: Duration,
    ) -> Result<Answer, HttpError> {
        let request = self.client(url)?.request(Method::POST, url.0.clone()).body(body);
        self.ask(url, request, bytes_max, deadline).await
    }

    fn client(&self, url: &Url) -> Result<&Client, HttpError> {
        if !url.is_secure() {
            return Ok(&self.plain);
        }
        if self.tls.get().is_none() {
            let made = bounded().build().map_err(|error| HttpError::NoTls(causes(&error)))?;
            // Made twice at once: one is as good as the other.
            drop(self.tls.set(made));
        }
        Ok(self.tls.get().expect("it was set above"))
    }

    async fn ask(
        &self,
        url: &Url,
        request: RequestBuilder,
        bytes_max: usize,
        deadline: Duration,
    ) -> Result<Answer, HttpError> {
        let _turn = self.in_flight.acquire().await.expect("nobody closes the semaphore");
        let answer = timeout(deadline, exchange(url, request, bytes_max)).await;
        answer.map_err(|_| HttpError::TooSlow {
            url: url.clone(),
            deadline,
        })?
    }
}

fn bounded() -> reqwest::ClientBuilder {
    Client::builder()
        .user_agent(USER_AGENT)
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT_DEADLINE)
        .pool_max_idle_per_host(IDLE_MAX)
}

async fn exchange(url: &Url, request: RequestBuilder, bytes_max: usize) -> Result<Answer, HttpError> {
    let too_long = || HttpError::TooLong {
        url: url.clone(),
        bytes_max,
    };
    let no_answer = |error: reqwest::Error| HttpError::NoAnswer {
        url: url.clone(),
        what: causes(&error.without_url()),
    };
    let mut response = request.send().await.map_err(no_answer)?;
    // Told ahead or not, what counts is what comes.
    if response
        .content_length()
        .is_some_and(|length| (bytes_max as u64) < length)
    {
        return Err(too_long());
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
        if bytes_max - body.len() < chunk.len() {
            return Err(too_long());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status: response.status().as_u16(),
        body: body.freeze(),
    })
}

/// An error with all that led to it.
fn causes(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
