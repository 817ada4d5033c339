//! Why a page cannot be shown: a status, and a text in the reader's language that says what to do next.

use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rpc::client::LotProofError;
use thiserror::Error;
use tonic::{Code, Status};
use tracing::{error, warn};

/// Why. The reader's text has the key `trouble-<name>`; what a service said is for the operator's log and for programs.
#[derive(Clone, Debug, Error)]
pub enum Trouble {
    /// There is no such thing, or not yet as of when it was asked.
    #[error("there is no such thing, or not yet as of then: {0}")]
    NotFound(String),
    /// It was asked in a way that cannot be meant.
    #[error("this cannot be meant: {0}")]
    Asked(String),
    /// A parameter, or the field of a form that writes it, has a value that it does not take.
    #[error("this cannot be meant: `{parameter}` {why}")]
    Unmeant {
        /// Which.
        parameter: String,
        /// What it takes, for readers.
        takes: Takes,
        /// The same for programs, such as `is 0 or 1`.
        why: String,
    },
    /// It is for who is signed in, and this reader is not, or no longer.
    #[error("sign in, and ask again: {0}")]
    SignIn(String),
    /// It is not for this reader.
    #[error("this is not for you: {0}")]
    NotForYou(String),
    /// It was sent from a page of somebody else.
    #[error("this was sent from another site: open the form here and send it again")]
    OtherSite,
    /// It is longer than what is taken.
    #[error("this is too long: at most {most} bytes are taken")]
    TooLong {
        /// How many bytes are taken at most.
        most: usize,
    },
    /// This client asks for more than it may.
    #[error("this is too fast: ask again in {seconds} seconds")]
    TooFast {
        /// When to ask again.
        seconds: u64,
    },
    /// What was sent cannot be read, as the server found before anybody was asked.
    #[error("this cannot be read: {0}")]
    Unread(StatusCode),
    /// More than is answered at once.
    #[error("this is more than one answer holds: {0}")]
    TooMuch(String),
    /// A service is away or behind.
    #[error("a service does not answer now: {0}")]
    Away(String),
    /// Something is wrong here.
    #[error("something is wrong here: {0}")]
    Wrong(String),
}

/// What a parameter takes. The reader's text has the key `takes-<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A day, an instant, or a position of the stream.
    Time,
    /// One of the words that a form offers.
    Offered,
    /// A whole number of a range.
    Number,
    /// Where a list goes on, as the part before said.
    Place,
    /// An organization or another party.
    Party,
    /// A site.
    Site,
    /// A number in somebody's register, or whose that is.
    Register,
}

impl Takes {
    /// The rest of its text's key.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Offered => "offered",
            Self::Number => "number",
            Self::Place => "place",
            Self::Party => "party",
            Self::Site => "site",
            Self::Register => "register",
        }
    }
}

impl Trouble {
    /// A form cannot be read, of which at most so many bytes are taken in one field.
    pub(crate) fn of_form(error: &MultipartError, most: usize) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Self::TooLong { most };
        }
        Self::Asked(error.body_text())
    }

    /// A parameter has a value that it does not take.
    #[must_use]
    pub fn unmeant(parameter: &str, takes: Takes, why: impl Into<String>) -> Self {
        Self::Unmeant {
            parameter: parameter.to_owned(),
            takes,
            why: why.into(),
        }
    }

    /// The same of one that says as of when.
    #[must_use]
    pub fn no_time(parameter: &str) -> Self {
        let why = "is a day such as 2026-01-31, an instant, or a position of the stream";
        Self::unmeant(parameter, Takes::Time, why)
    }

    /// The rest of its texts' keys.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "not-found",
            Self::Asked(_) | Self::Unmeant { .. } => "asked",
            Self::SignIn(_) => "sign-in",
            Self::NotForYou(_) => "not-for-you",
            Self::OtherSite => "other-site",
            Self::TooLong { .. } => "too-long",
            Self::TooFast { .. } => "too-fast",
            Self::Unread(_) => "unread",
            Self::TooMuch(_) => "too-much",
            Self::Away(_) => "away",
            Self::Wrong(_) => "wrong",
        }
    }

    /// With which status it is answered.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Asked(_) | Self::Unmeant { .. } => StatusCode::BAD_REQUEST,
            Self::SignIn(_) => StatusCode::UNAUTHORIZED,
            Self::NotForYou(_) | Self::OtherSite => StatusCode::FORBIDDEN,
            Self::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooFast { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unread(status) => *status,
            Self::TooMuch(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Away(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Wrong(_) => StatusCode::BAD_GATEWAY,
        }
    }
}

impl From<Status> for Trouble {
    fn from(status: Status) -> Self {
        let said = status.message().to_owned();
        match status.code() {
            Code::NotFound => Self::NotFound(said),
            Code::InvalidArgument => Self::Asked(said),
            Code::OutOfRange => Self::TooMuch(said),
            Code::Unauthenticated => Self::SignIn(said),
            Code::PermissionDenied => Self::NotForYou(said),
            Code::Unavailable | Code::DeadlineExceeded | Code::ResourceExhausted | Code::Cancelled => {
                warn!(code = ?status.code(), "A service does not answer the portal: {said}");
                Self::Away(said)
            }
            code => {
                error!(?code, "A service answered the portal with an error: {said}");
                Self::Wrong(said)
            }
        }
    }
}

impl From<inquiry::Error> for Trouble {
    fn from(error: inquiry::Error) -> Self {
        use inquiry::Error as Why;
        match error {
            Why::Status { status, .. } => (*status).into(),
            Why::NotALot(_) => Self::NotFound(error.to_string()),
            Why::Moved { .. } => Self::Away(error.to_string()),
            Why::Nonsense { .. } | Why::Invalid(_) => {
                error!(%error, "A service answered the portal with something that means nothing: {error}");
                Self::Wrong(error.to_string())
            }
        }
    }
}

impl From<LotProofError> for Trouble {
    fn from(error: LotProofError) -> Self {
        match error {
            LotProofError::Status(status) => status.into(),
            LotProofError::TooLong => Self::Wrong(error.to_string()),
        }
    }
}

impl From<askama::Error> for Trouble {
    fn from(error: askama::Error) -> Self {
        error!(%error, "A page could not be written: {error}");
        Self::Wrong(error.to_string())
    }
}

/// Empty, with the trouble beside it: whoever knows the reader's language, or that a program asked, writes the body.
impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
