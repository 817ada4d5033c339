//! The HTTP door of a witness: what c2sp.org/tlog-witness says, the witness' key, and evidence.
//!
//! ```text
//! POST /add-checkpoint                       cosigns, or says why not
//! GET  /<hex SHA-256 of the origin>/checkpoint   the note cosigned last
//! GET  /<hex SHA-256 of the origin>/evidence     what speaks against the log, in JSON
//! GET  /vkey                                 the witness' key
//! GET  /                                     its logs, a line each: hash, size, origin
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use service::clock::Clock;
use tlog::cosignature::Cosigner;
use tlog::witness::{AddCheckpoint, REQUEST_BYTES_MAX, Refusal, origin_hash};

use crate::evidence::Shown;
use crate::metrics::Metrics;
use crate::store::StoreError;
use crate::watched::{Cosignature, NotCosigned, Watched};

/// After how many seconds whoever could not be answered should ask again.
const RETRY_AFTER: &str = "2";

const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";
const NOT_KEPT: &str = "no-store";

/// Answers requests about all logs.
pub(crate) struct Door<C> {
    clock: Arc<C>,
    cosigner: Arc<Cosigner>,
    /// By the hash of the origin.
    logs: BTreeMap<String, Watched>,
    metrics: Metrics,
}

impl<C: Clock> Door<C> {
    pub(crate) fn new(clock: C, cosigner: Arc<Cosigner>, logs: Vec<Watched>, metrics: Metrics) -> Self {
        let logs = logs.into_iter().map(|log| (origin_hash(&log.origin), log)).collect();
        Self {
            clock: Arc::new(clock),
            cosigner,
            logs,
            metrics,
        }
    }

    /// Everything that is answered.
    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/add-checkpoint", post(add_checkpoint::<C>))
            .route("/{log}/checkpoint", get(checkpoint::<C>))
            .route("/{log}/evidence", get(evidence::<C>))
            .route("/vkey", get(vkey::<C>))
            .route("/", get(logs::<C>))
            .fallback(nothing)
            .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
            .with_state(Arc::new(self))
    }

    async fn cosign(&self, body: &[u8]) -> Result<Cosignature, NotCosigned> {
        let request = AddCheckpoint::parse(body).map_err(Refusal::Malformed)?;
        let claimed = request.claimed().map_err(Refusal::Malformed)?;
        let log = self
            .logs
            .get(&origin_hash(&claimed.origin))
            .ok_or(Refusal::UnknownOrigin)?;
        let cosignature = log.cosign(&self.clock, &self.cosigner, &Arc::new(request)).await?;
        self.metrics.cosigned(&log.origin, Some(&cosignature.kept));
        Ok(cosignature)
    }
}

async fn add_checkpoint<C: Clock>(State(door): State<Arc<Door<C>>>, body: Bytes) -> Response {
    let response = match door.cosign(&body).await {
        Ok(cosignature) => answer(StatusCode::OK, TEXT, format!("{}\n", cosignature.line)),
        Err(not) => not_cosigned(&not),
    };
    door.metrics.answered(response.status().as_u16());
    response
}

async fn checkpoint<C: Clock>(State(door): State<Arc<Door<C>>>, Path(log): Path<String>) -> Response {
    let Some(log) = door.logs.get(&log) else {
        return nothing().await;
    };
    match log.kept().await {
        Ok(None) => answer(
            StatusCode::NOT_FOUND,
            TEXT,
            "nothing was cosigned for this log yet\n".into(),
        ),
        Ok(Some(kept)) => answer(
            StatusCode::OK,
            TEXT,
            kept.note.encode().expect("it was read from a file"),
        ),
        Err(error) => broken(&error),
    }
}

async fn evidence<C: Clock>(State(door): State<Arc<Door<C>>>, Path(log): Path<String>) -> Response {
    let Some(log) = door.logs.get(&log) else {
        return nothing().await;
    };
    match log.evidence().await {
        Ok(pieces) => answer(StatusCode::OK, JSON, Shown::new(&log.origin, &pieces).to_json()),
        Err(error) => broken(&error),
    }
}

async fn vkey<C: Clock>(State(door): State<Arc<Door<C>>>) -> Response {
    answer(StatusCode::OK, TEXT, format!("{}\n", door.cosigner.vkey()))
}

async fn logs<C: Clock>(State(door): State<Arc<Door<C>>>) -> Response {
    let mut text = String::new();
    for (hash, log) in &door.logs {
        match log.kept().await {
            Ok(kept) => {
                let size = kept.map_or(0, |kept| kept.checkpoint.size.get());
                text += &[hash, " ", &size.to_string(), " ", log.origin.as_str(), "\n"].concat();
            }
            Err(error) => return broken(&error),
        }
    }
    answer(StatusCode::OK, TEXT, text)
}

async fn nothing() -> Response {
    answer(StatusCode::NOT_FOUND, TEXT, "not found\n".into())
}

fn not_cosigned(not: &NotCosigned) -> Response {
    match not {
        NotCosigned::Refused(refusal) => {
            let status = StatusCode::from_u16(refusal.status()).expect("a status of the specification");
            if matches!(refusal, Refusal::Inconsistent(_)) {
                tracing::warn!(%refusal, "A checkpoint was refused: {refusal}");
            }
            answer(status, refusal.content_type(), refusal.body())
        }
        NotCosigned::Differs(difference) => {
            tracing::warn!(%difference, "A checkpoint was refused: {not}");
            answer(StatusCode::UNPROCESSABLE_ENTITY, TEXT, format!("{not}\n"))
        }
        NotCosigned::Store(error) => {
            tracing::error!(%error, "Nothing can be cosigned: {error}");
            answer(StatusCode::INTERNAL_SERVER_ERROR, TEXT, format!("{not}\n"))
        }
        NotCosigned::NotYet(_) | NotCosigned::ClockBehind(_) | NotCosigned::NoTime => {
            tracing::warn!("A checkpoint was not cosigned: {not}");
            let mut response = answer(StatusCode::SERVICE_UNAVAILABLE, TEXT, format!("{not}\n"));
            let seconds = header::HeaderValue::from_static(RETRY_AFTER);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
            response
        }
    }
}

fn broken(error: &StoreError) -> Response {
    tracing::error!(%error, "What was cosigned cannot be shown: {error}");
    let why = "this witness cannot read what it cosigned\n";
    answer(StatusCode::INTERNAL_SERVER_ERROR, TEXT, why.into())
}

/// Browsers may read, too.
fn answer(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let head: [(HeaderName, &str); 3] = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, NOT_KEPT),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (status, head, body).into_response()
}
