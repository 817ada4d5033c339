//! What a caller is told when there is no answer, and reading it back. No other module makes a [`Status`].
//!
//! | what happened | status | what a client does |
//! |---|---|---|
//! | the bytes are no statement, or a field means nothing | `INVALID_ARGUMENT` | corrects the request |
//! | the rules refuse the statement | `FAILED_PRECONDITION` | shows the refusal; looks again, signs anew |
//! | no such thing | `NOT_FOUND` | says so |
//! | a signed request does not hold, now or at all | `UNAUTHENTICATED` | signs anew |
//! | a file is not for who asks | `PERMISSION_DENIED` | asks its owner |
//! | a file was altered where it is stored | `DATA_LOSS` | says so; whoever has it puts it again |
//! | whether the statement was recorded is not known | `UNAVAILABLE` | submits the same bytes again |
//! | the service cannot work now | `UNAVAILABLE` | tries again |
//! | the answer would be longer than any is | `OUT_OF_RANGE` | asks about less |
//! | too much is queued | `RESOURCE_EXHAUSTED` | tries again, later |
//! | the view did not reach the position in time | `DEADLINE_EXCEEDED` | tries again |
//! | a defect | `INTERNAL` | reports it |

use core::fmt;
use core::time::Duration;

use event::StreamPosition;
use ledger::{Latest, Refusal};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::evidence::EvidenceRefusal;
use crate::ingest::Denial;
use crate::invalid::InvalidMessage;

/// The domain of every `google.rpc.ErrorInfo` of ours.
pub const ERROR_DOMAIN: &str = "veta";
/// Under which key of its metadata the number of a refusal stands.
pub const CODE_KEY: &str = "code";
/// Under which key of its metadata the lot stands that something was said about since.
pub const LOT_KEY: &str = "lot";
/// Under which key of its metadata the statement stands that was said last about that lot.
pub const LATEST_KEY: &str = "latest_statement";
/// Under which key of its metadata that statement's position stands.
pub const POSITION_KEY: &str = "latest_position";
/// Under which key of its metadata the party stands in whose name it was said.
pub const BY_KEY: &str = "latest_by";

/// Refusals below this number say that the bytes are no statement of anyone.
const RULES_FROM: u16 = 100;

/// The rules refuse the statement, or its bytes are none. Where its signer did not know what was said last about a lot,
/// the details tell that too.
#[must_use]
pub fn refused(denial: impl Into<Denial>) -> Status {
    let Denial { refusal, latest } = denial.into();
    let code = if refusal.code() < RULES_FROM {
        Code::InvalidArgument
    } else {
        Code::FailedPrecondition
    };
    let number = (CODE_KEY.to_owned(), refusal.code().to_string());
    let details = match latest {
        None => ErrorDetails::with_error_info(reason(refusal), ERROR_DOMAIN, [number]),
        Some(latest) => {
            let metadata = [
                number,
                (LOT_KEY.to_owned(), latest.lot.to_string()),
                (LATEST_KEY.to_owned(), latest.statement.to_string()),
                (POSITION_KEY.to_owned(), latest.position.to_string()),
                (BY_KEY.to_owned(), latest.by.to_string()),
            ];
            ErrorDetails::with_error_info(reason(refusal), ERROR_DOMAIN, metadata)
        }
    };
    Status::with_error_details(code, refusal.to_string(), details)
}

/// What a refusal tells beside its number, where that can be read.
#[must_use]
pub fn denial_of(status: &Status) -> Option<Denial> {
    let refusal = refusal_of(status)?;
    let metadata = status.get_details_error_info()?.metadata;
    let latest = || {
        Some(Latest {
            lot: metadata.get(LOT_KEY)?.parse().ok()?,
            statement: metadata.get(LATEST_KEY)?.parse().ok()?,
            by: metadata.get(BY_KEY)?.parse().ok()?,
            position: StreamPosition::new(metadata.get(POSITION_KEY)?.parse().ok()?),
        })
    };
    Some(Denial {
        refusal,
        latest: latest(),
    })
}

/// The refusal that a status carries; `None` for any other status, and for a refusal of a later version.
#[must_use]
pub fn refusal_of(status: &Status) -> Option<Refusal> {
    let info = status.get_details_error_info()?;
    if info.domain != ERROR_DOMAIN {
        return None;
    }
    Refusal::from_code(info.metadata.get(CODE_KEY)?.parse().ok()?)
}

/// A file is not kept or not handed out; the details have the refusal's name.
impl From<EvidenceRefusal> for Status {
    fn from(refusal: EvidenceRefusal) -> Self {
        use EvidenceRefusal as Why;
        let code = match refusal {
            Why::OtherAsk | Why::NotTheFile(_) | Why::MediaType(_) => Code::InvalidArgument,
            Why::BadRequest(_)
            | Why::UnknownKey
            | Why::RevokedKey
            | Why::Stale
            | Why::Replayed
            | Why::NotASession
            | Why::SessionOver => Code::Unauthenticated,
            Why::KeyOfAnotherParty | Why::NotForYou | Why::NotOwner | Why::NotYourAccesses => Code::PermissionDenied,
            Why::Missing => Code::NotFound,
            Why::Altered => Code::DataLoss,
            Why::TooManyCalls | Why::TooManyBytes => Code::ResourceExhausted,
        };
        let details = ErrorDetails::with_error_info(refusal.name(), ERROR_DOMAIN, []);
        Self::with_error_details(code, refusal.to_string(), details)
    }
}

/// The reason that a status carries: the name of a refusal in programs.
#[must_use]
pub fn reason_of(status: &Status) -> Option<String> {
    let info = status.get_details_error_info()?;
    (info.domain == ERROR_DOMAIN).then_some(info.reason)
}

/// The permanent name of a refusal in programs: `NOT_CUSTODIAN`.
#[must_use]
pub fn reason(refusal: Refusal) -> String {
    let mut reason = String::new();
    for (place, letter) in refusal.name().chars().enumerate() {
        if place != 0 && letter.is_ascii_uppercase() {
            reason.push('_');
        }
        reason.push(letter.to_ascii_uppercase());
    }
    reason
}

/// A field means nothing; the details name it.
impl From<InvalidMessage> for Status {
    fn from(invalid: InvalidMessage) -> Self {
        let text = invalid.to_string();
        let details = ErrorDetails::with_bad_request_violation(invalid.field(), text.as_str());
        Self::with_error_details(Code::InvalidArgument, text, details)
    }
}

/// There is no such thing: `what` is it, such as `site site-…`.
#[must_use]
pub fn not_found(what: impl fmt::Display) -> Status {
    Status::not_found(format!("{what} is not known here"))
}

/// More would have to be read than is read for one answer; `why` says what to ask instead.
#[must_use]
pub fn too_wide(why: impl fmt::Display) -> Status {
    Status::out_of_range(why.to_string())
}

/// Whether the statement was recorded is not known.
#[must_use]
pub fn outcome_unknown() -> Status {
    Status::unavailable("outcome unknown: submit the same bytes again, the receipt will be the same")
}

/// Whether the same was done is not known.
#[must_use]
pub fn perhaps_done() -> Status {
    Status::unavailable("outcome unknown: do the same again, which is harmless")
}

/// The caller took longer than this over what it sends; nothing was done.
#[must_use]
pub fn too_slow(wait: Duration) -> Status {
    Status::deadline_exceeded(format!("nothing came for {wait:?} and nothing was done: try again"))
}

/// The service cannot work now, and has done nothing.
#[must_use]
pub fn unavailable(why: impl fmt::Display) -> Status {
    Status::unavailable(format!("{why}: try again"))
}

/// Too much is queued; nothing was done.
#[must_use]
pub fn overloaded() -> Status {
    Status::resource_exhausted("too much is waiting already and nothing was done: try again a little later")
}

/// The view did not reach the position that was asked for in time.
#[must_use]
pub fn not_reached(wanted: StreamPosition, reached: StreamPosition) -> Status {
    Status::deadline_exceeded(format!(
        "position {wanted} is not reached yet, only {reached}: try again"
    ))
}

/// A defect. What is behind it is for the operator's telemetry, not for the caller.
#[must_use]
pub fn internal() -> Status {
    Status::internal("the service met a defect; its operator's telemetry says which")
}

/// Whether the same request may succeed when it is sent again unchanged.
#[must_use]
pub fn may_try_again(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded
    )
}
