//! What is wrong with a question, as a program reads it.

use axum::Json;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use diligence::{Fault, PolicyError};
use rpc::ingest::{Denial, Refusal};
use serde::Serialize;
use tonic::Status;
use utoipa::ToSchema;

use crate::followers::Full;
use crate::trouble::Trouble;

/// After how many seconds one asks again, where nothing better is known.
const RETRY_SECONDS: &str = "5";

/// The media type of a problem.
pub(super) const PROBLEM: &str = "application/problem+json";

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
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
    refusal: Option<Box<Refused>>,
    /// What is wrong with a policy, line by line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    faults: Vec<Faulty>,
}

/// What is wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PolicyFault)]
struct Faulty {
    /// In which line, from 1; null where it is about no line.
    line: Option<usize>,
    /// What it is, and what to write.
    text: String,
}

/// Why a statement is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Refusal)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
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
        let detail = format!("send the body as {expected}");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not of this media type", detail)
    }

    /// The body is too long, or did not come whole.
    pub(super) fn body(status: StatusCode, detail: String) -> Self {
        Self {
            is_final: status == StatusCode::PAYLOAD_TOO_LARGE,
            ..Self::new(status, "the body cannot be read", detail)
        }
    }

    /// The policy cannot be read.
    pub(super) fn policy(error: &PolicyError, faults: Vec<Fault>) -> Self {
        let faults = faults.into_iter().map(|fault| Faulty {
            line: fault.line,
            text: fault.error.to_string(),
        });
        Self {
            faults: faults.collect(),
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "the policy cannot be read",
                error.to_string(),
            )
        }
    }

    /// Nobody can follow now.
    pub(super) fn full(why: Full) -> Self {
        let (status, detail) = match why {
            Full::OfOne => (
                StatusCode::TOO_MANY_REQUESTS,
                "you follow as much as one client may: end one of these answers",
            ),
            Full::OfAll => (
                StatusCode::SERVICE_UNAVAILABLE,
                "as many follow something as can: ask again in a while",
            ),
        };
        Self {
            is_final: false,
            ..Self::new(status, "no place to follow", detail.to_owned())
        }
    }

    /// What the server itself found before anybody was asked.
    pub(super) fn of_status(status: StatusCode) -> Self {
        let (title, detail) = match status {
            StatusCode::METHOD_NOT_ALLOWED => ("not by this method", "the header Allow names those that are"),
            StatusCode::URI_TOO_LONG => ("the query is too long", "ask for less at once"),
            StatusCode::TOO_MANY_REQUESTS => ("too fast", "the header Retry-After says when to ask again"),
            status => (
                status.canonical_reason().unwrap_or("this cannot be answered"),
                "the request cannot be read",
            ),
        };
        Self {
            is_final: status != StatusCode::TOO_MANY_REQUESTS,
            ..Self::new(status, title, detail.to_owned())
        }
    }

    fn new(status: StatusCode, title: &'static str, detail: String) -> Self {
        Self {
            status: status.as_u16(),
            title,
            detail,
            is_final: true,
            refusal: None,
            faults: Vec::new(),
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
            refusal: Some(Box::new(Refused {
                code: told.code,
                name: told.name,
                latest: told.latest.map(|latest| LatestOnLot {
                    lot_id: latest.lot_id,
                    statement_id: latest.statement_id,
                    position: latest.position,
                    party_id: latest.party_id,
                }),
            })),
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "the statement is refused", told.text)
        }
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        let title = match trouble {
            Trouble::NotFound(_) => "nothing here",
            Trouble::Asked(_) | Trouble::Unmeant { .. } => "this cannot be meant",
            Trouble::SignIn(_) => "for who is signed in",
            Trouble::NotForYou(_) => "not for you",
            Trouble::OtherSite => "sent from another site",
            Trouble::TooLong { .. } => "the body is too long",
            Trouble::TooFast { .. } => "too fast",
            Trouble::Unread(_) => "this cannot be read",
            Trouble::TooMuch(_) => "too much for one answer",
            Trouble::Away(_) => "not available right now",
            Trouble::Wrong(_) => "something is wrong here",
        };
        let is_final = !matches!(trouble, Trouble::Away(_) | Trouble::Wrong(_) | Trouble::TooFast { .. });
        Self {
            is_final,
            ..Self::new(trouble.status(), title, trouble.to_string())
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).expect("made from a status");
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
        }
        response
    }
}
