//! What is wrong with a question, as a program reads it.

use axum::Json;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use rpc::ingest::{Denial, Refusal};
use serde::Serialize;
use tonic::Status;

use crate::trouble::Trouble;

/// After how many seconds one asks again while a service is away.
const RETRY_SECONDS: &str = "5";

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Problem {
    /// The HTTP status.
    status: u16,
    /// What kind of trouble it is.
    title: &'static str,
    /// What happened and what to do.
    detail: String,
    /// Whether the same will be wrong again; what is not final is worth asking again.
    is_final: bool,
    /// Why a statement is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Refused>,
}

/// Why a statement is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Refused {
    /// The permanent number.
    code: u32,
    /// The permanent name, such as `NOT_CUSTODIAN`.
    name: String,
    /// What was said last about a lot, where the signer did not know that.
    #[serde(skip_serializing_if = "Option::is_none")]
    latest: Option<LatestOnLot>,
}

/// What was said last about a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct LatestOnLot {
    lot_id: String,
    statement_id: String,
    position: u64,
    party_id: String,
}

impl Problem {
    /// There is no such thing.
    pub(super) fn not_found(detail: &str) -> Self {
        Trouble::NotFound(detail.to_owned()).into()
    }

    /// It cannot be meant.
    pub(super) fn asked(detail: &impl ToString) -> Self {
        Trouble::Asked(detail.to_string()).into()
    }

    /// The body is of another kind.
    pub(super) fn media_type(expected: &str) -> Self {
        Self {
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE.as_u16(),
            title: "not of this media type",
            detail: format!("send the body as {expected}"),
            is_final: true,
            refusal: None,
        }
    }

    /// The body is too long, or did not come whole.
    pub(super) fn body(status: StatusCode, detail: String) -> Self {
        Self {
            status: status.as_u16(),
            title: "the body cannot be read",
            detail,
            is_final: status == StatusCode::PAYLOAD_TOO_LARGE,
            refusal: None,
        }
    }

    /// What ingest says of a statement that it does not record.
    pub(super) fn denied(status: Status) -> Self {
        match rpc::status::denial_of(&status) {
            Some(denial) => denial.into(),
            None => Trouble::from(status).into(),
        }
    }
}

impl From<Denial> for Problem {
    fn from(denial: Denial) -> Self {
        let told = Refusal::from(denial);
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY.as_u16(),
            title: "the statement is refused",
            detail: told.text,
            is_final: true,
            refusal: Some(Refused {
                code: told.code,
                name: told.name,
                latest: told.latest.map(|latest| LatestOnLot {
                    lot_id: latest.lot_id,
                    statement_id: latest.statement_id,
                    position: latest.position,
                    party_id: latest.party_id,
                }),
            }),
        }
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        let title = match trouble {
            Trouble::NotFound(_) => "nothing here",
            Trouble::Asked(_) => "this cannot be meant",
            Trouble::OtherSite => "sent from another site",
            Trouble::TooMuch(_) => "too much for one answer",
            Trouble::Away(_) => "not available right now",
            Trouble::Wrong(_) => "something is wrong here",
        };
        let is_final = !matches!(trouble, Trouble::Away(_) | Trouble::Wrong(_));
        Self {
            status: trouble.status().as_u16(),
            title,
            detail: trouble.to_string(),
            is_final,
            refusal: None,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).expect("made from a status");
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
        }
        response
    }
}
