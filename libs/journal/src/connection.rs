//! One connection to NATS: credentials, reconnecting, requests, and what the server only says on the side.

use std::fmt;
use std::future::pending;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_nats::connection::State;
use async_nats::{
    Client, ConnectErrorKind, ConnectOptions, Event, HeaderMap, Message, Request, RequestError, RequestErrorKind,
};
use bytes::Bytes;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{sleep, timeout};

use crate::{JournalError, MESSAGE_BYTES_MAX, Role};

/// How long a first connection is tried: a server that starts beside us is ready in seconds.
const CONNECT_DEADLINE: Duration = Duration::from_secs(30);

/// Between two tries of a first connection.
const CONNECT_INTERVAL: Duration = Duration::from_millis(100);

/// How long a request that reads or sets something up may take: ten times an election-free answer under load.
const API_DEADLINE: Duration = Duration::from_secs(5);

/// A dead peer is noticed after two missed pings.
const PING_INTERVAL: Duration = Duration::from_secs(10);

/// Reconnecting is tried after 50 ms, 100 ms and so on, at least twice a second.
const RECONNECT_STEP: Duration = Duration::from_millis(50);
const RECONNECT_MAX: Duration = Duration::from_millis(500);

/// Side notes that a waiting request may lag behind; older ones are dropped.
const NOTES_MAX: usize = 64;

/// The first version with atomic batches.
const SERVER_VERSION_MIN: (i64, i64, i64) = (2, 12, 0);

/// How to reach the stream.
#[derive(Clone, Debug)]
pub struct JournalConfig {
    /// `nats://host:port`, or `tls://`; several, separated by commas, for a cluster.
    pub url: String,
    /// The part this connection plays; decides its inbox.
    pub role: Role,
    /// The file with the seed of the role's NATS user; none on a server without users.
    pub nkey: Option<PathBuf>,
    /// Shown in the server's list of connections and consumers.
    pub name: String,
    /// Copies that the stream must have at least: 1 on one node, 3 on a cluster.
    pub replicas: usize,
}

/// A connection that reconnects by itself. Clones share it.
#[derive(Clone)]
pub struct Connection {
    client: Client,
    notes: broadcast::Sender<Note>,
    name: Arc<str>,
}

/// What the server said on the side while a request waited.
#[derive(Clone, Debug)]
pub(crate) enum Note {
    /// The connection is gone, and answers with it.
    Lost,
    /// In the server's words. The request itself is left unanswered.
    Denied(String),
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub(crate) enum NoAnswer {
    TimedOut,
    Noted(Note),
    NoResponders,
    /// It was not even sent.
    NotSent(String),
}

/// Why a request was not met.
pub(crate) enum Unmet {
    NoAnswer(NoAnswer),
    Rejected(Rejection),
    Unreadable(String),
}

/// A server's no.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Rejection {
    #[serde(rename = "err_code")]
    pub(crate) code: u64,
    #[serde(default)]
    pub(crate) description: String,
}

impl Connection {
    /// Connects, trying for a while, and refuses a server that is too old or takes too small messages.
    pub async fn connect(config: &JournalConfig) -> Result<Self, JournalError> {
        let (notes, _) = broadcast::channel(NOTES_MAX);
        let options = options(config, notes.clone()).await?;
        let refused = |why: String| JournalError::Connect {
            url: config.url.clone(),
            why,
        };
        let client = match timeout(CONNECT_DEADLINE, connect(&options, &config.url)).await {
            Ok(connected) => connected.map_err(refused)?,
            Err(_) => return Err(refused(format!("no connection within {CONNECT_DEADLINE:?}"))),
        };
        check_server(&client)?;
        Ok(Self {
            client,
            notes,
            name: config.name.as_str().into(),
        })
    }

    /// Whether the server can be reached now.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// A name no one else has: this connection's, and the random part of an inbox.
    pub(crate) fn unique_name(&self) -> String {
        let name: String = self.name.chars().filter(char::is_ascii_alphanumeric).collect();
        format!("{name}-{}", self.unique_id())
    }

    /// 22 random characters.
    pub(crate) fn unique_id(&self) -> String {
        let inbox = self.client.new_inbox();
        inbox.rsplit('.').next().unwrap_or_default().to_owned()
    }

    /// Side notes from now on.
    pub(crate) fn notes(&self) -> broadcast::Receiver<Note> {
        self.notes.subscribe()
    }

    /// Calls the JetStream API.
    pub(crate) async fn api<T: DeserializeOwned>(&self, subject: &str, body: &Value) -> Result<T, Unmet> {
        let payload = Bytes::from(body.to_string());
        let answer = self.request(subject, None, payload, API_DEADLINE).await;
        read_answer(&answer.map_err(Unmet::NoAnswer)?.payload)
    }

    /// Sends one request and waits for its answer.
    pub(crate) async fn request(
        &self,
        subject: &str,
        headers: Option<HeaderMap>,
        payload: Bytes,
        deadline: Duration,
    ) -> Result<Message, NoAnswer> {
        let notes = self.notes();
        self.request_with(notes, subject, subject, headers, payload, deadline)
            .await
    }

    /// Like [`Connection::request`], giving up early on any note since `notes` about a subject beginning with `about`.
    pub(crate) async fn request_with(
        &self,
        mut notes: broadcast::Receiver<Note>,
        about: &str,
        subject: &str,
        headers: Option<HeaderMap>,
        payload: Bytes,
        deadline: Duration,
    ) -> Result<Message, NoAnswer> {
        if !self.is_connected() {
            return Err(NoAnswer::NotSent("not connected".to_owned()));
        }
        let mut request = Request::new().payload(payload).timeout(Some(deadline));
        if let Some(headers) = headers {
            request = request.headers(headers);
        }
        let answer = self.client.send_request(subject.to_owned(), request);
        tokio::select! {
            biased;
            answer = answer => answer.map_err(|error| NoAnswer::new(&error)),
            note = note_about(&mut notes, about) => Err(NoAnswer::Noted(note)),
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection({})", self.name)
    }
}

impl NoAnswer {
    fn new(error: &RequestError) -> Self {
        match error.kind() {
            RequestErrorKind::TimedOut => Self::TimedOut,
            RequestErrorKind::NoResponders => Self::NoResponders,
            RequestErrorKind::InvalidSubject | RequestErrorKind::MaxPayloadExceeded => Self::NotSent(error.to_string()),
            RequestErrorKind::Other => Self::Noted(Note::Lost),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost => f.write_str("the connection was lost before the answer"),
            Self::Denied(text) => write!(f, "permission denied by the server: {text}"),
        }
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("the server did not answer in time"),
            Self::Noted(note) => note.fmt(f),
            Self::NoResponders => {
                f.write_str("no server answers for the stream (no such stream, or no leader just now)")
            }
            Self::NotSent(why) => write!(f, "nothing was sent: {why}"),
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (code {})", self.description, self.code)
    }
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer(no_answer) => no_answer.fmt(f),
            Self::Rejected(rejection) => rejection.fmt(f),
            Self::Unreadable(why) => write!(f, "the answer cannot be read: {why}"),
        }
    }
}

impl Unmet {
    pub(crate) fn into_error(self, subject: String) -> JournalError {
        let why = self.to_string();
        match self {
            Self::Rejected(_) | Self::NoAnswer(NoAnswer::Noted(Note::Denied(_))) => {
                JournalError::Rejected { subject, why }
            }
            Self::NoAnswer(_) | Self::Unreadable(_) => JournalError::Unanswered { subject, why },
        }
    }
}

/// Reads an answer that is either `{"error": …}` or what was asked for.
pub(crate) fn read_answer<T: DeserializeOwned>(payload: &[u8]) -> Result<T, Unmet> {
    let unreadable = |e: serde_json::Error| Unmet::Unreadable(e.to_string());
    let mut answer: Map<String, Value> = serde_json::from_slice(payload).map_err(unreadable)?;
    match answer.remove("error") {
        Some(error) => Err(Unmet::Rejected(object(error).map_err(unreadable)?)),
        None => object(Value::Object(answer)).map_err(unreadable),
    }
}

/// Reads a part of an answer by the names of its fields. Without this, a bare list of values would do: `[17]` is no
/// acknowledgement.
pub(crate) fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(part: D) -> Result<T, D::Error> {
    let part = Map::deserialize(part)?;
    serde_json::from_value(Value::Object(part)).map_err(D::Error::custom)
}

async fn options(config: &JournalConfig, notes: broadcast::Sender<Note>) -> Result<ConnectOptions, JournalError> {
    let options = match &config.nkey {
        Some(path) => ConnectOptions::with_nkey(read_seed(path).await?),
        None => ConnectOptions::new(),
    };
    let watch = Watch {
        notes,
        denied: AtomicU64::new(0),
        slow: AtomicU64::new(0),
    };
    Ok(options
        .name(&config.name)
        .custom_inbox_prefix(config.role.inbox_prefix())
        .ping_interval(PING_INTERVAL)
        .reconnect_delay_callback(reconnect_delay)
        .event_callback(move |event| {
            watch.see(&event);
            std::future::ready(())
        }))
}

async fn read_seed(path: &Path) -> Result<String, JournalError> {
    let wrong = |why: String| JournalError::Seed {
        path: path.display().to_string(),
        why,
    };
    let seed = tokio::fs::read_to_string(path)
        .await
        .map_err(|e| wrong(e.to_string()))?;
    let seed = seed.trim().to_owned();
    nkeys::KeyPair::from_seed(&seed).map_err(|e| wrong(e.to_string()))?;
    Ok(seed)
}

fn reconnect_delay(attempts: usize) -> Duration {
    let steps = u32::try_from(attempts).unwrap_or(u32::MAX);
    RECONNECT_STEP.saturating_mul(steps).min(RECONNECT_MAX)
}

async fn connect(options: &ConnectOptions, url: &str) -> Result<Client, String> {
    loop {
        let error = match options.clone().connect(url).await {
            Ok(client) => return Ok(client),
            Err(error) => error,
        };
        match error.kind() {
            ConnectErrorKind::Io | ConnectErrorKind::Dns | ConnectErrorKind::TimedOut => {}
            _ => return Err(error.to_string()),
        }
        tracing::debug!(%url, %error, "No connection to NATS yet");
        sleep(CONNECT_INTERVAL).await;
    }
}

fn check_server(client: &Client) -> Result<(), JournalError> {
    let (major, minor, patch) = SERVER_VERSION_MIN;
    let wrong = |name, found, wanted| Err(JournalError::Server { name, found, wanted });
    let info = client.server_info();
    if !client.is_server_compatible(major, minor, patch) {
        return wrong("version", info.version, format!("{major}.{minor} or later"));
    }
    if info.max_payload < MESSAGE_BYTES_MAX {
        return wrong(
            "max_payload",
            info.max_payload.to_string(),
            format!("{MESSAGE_BYTES_MAX} or more"),
        );
    }
    Ok(())
}

/// Waits for a note that says why nothing about a subject beginning with `subject` is answered.
pub(crate) async fn note_about(notes: &mut broadcast::Receiver<Note>, subject: &str) -> Note {
    let target = format!("\"{subject}");
    loop {
        match notes.recv().await {
            Ok(Note::Denied(text)) if !text.contains(&target) => {}
            Ok(note) => return note,
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => pending().await,
        }
    }
}

/// Hears what the server says outside of any answer. Called for every dropped message, so it only counts and passes on.
struct Watch {
    notes: broadcast::Sender<Note>,
    denied: AtomicU64,
    slow: AtomicU64,
}

impl Watch {
    fn see(&self, event: &Event) {
        match event {
            Event::Disconnected => {
                tracing::warn!("Lost the connection to NATS");
                self.pass(Note::Lost);
            }
            Event::Connected => tracing::info!("Connected to NATS"),
            Event::SlowConsumer(_) => {
                if let Some(count) = counted(&self.slow) {
                    tracing::error!(
                        count,
                        "Messages from NATS were dropped because they were not read in time"
                    );
                }
            }
            Event::ServerError(error) => self.see_error(&error.to_string()),
            other => tracing::warn!(event = %other, "NATS connection event"),
        }
    }

    fn see_error(&self, error: &str) {
        if let Some(count) = counted(&self.denied) {
            tracing::error!(count, error, "The NATS server reports an error");
        }
        if error.to_lowercase().contains("permissions violation") {
            self.pass(Note::Denied(error.to_owned()));
        }
    }

    /// Nobody may be waiting.
    fn pass(&self, note: Note) {
        self.notes.send(note).ok();
    }
}

/// Counts, and returns the count only when it is a power of two, so that a flood writes few lines.
fn counted(counter: &AtomicU64) -> Option<u64> {
    let count = counter.fetch_add(1, Ordering::Relaxed) + 1;
    count.is_power_of_two().then_some(count)
}
