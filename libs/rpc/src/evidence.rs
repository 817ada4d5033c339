//! The files that support what is said: `veta.evidence.v1`.

use event::key::Digest;
use event::request::{EVIDENCE_BYTES_MAX, ListAccesses, RequestError, SignedRequest};
use event::vocabulary::EVIDENCE_MAX;
use event::{PartyId, Timestamp, request};
use thiserror::Error;
use tonic::Streaming;

use crate::invalid::{FieldError, InvalidMessage, required, twins};
use crate::limits::EVIDENCE_PART_BYTES;

pub use crate::generated::veta::evidence::v1::*;

/// Who asks, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked<T> {
    /// Anyone.
    ByAnyone(T),
    /// Who signed; the request says what is asked.
    Signed(SignedRequest),
    /// Who signed in, and what is asked in this session.
    InSession(SignedRequest, T),
}

impl TryFrom<GetEvidenceRequest> for Asked<Digest> {
    type Error = InvalidMessage;

    fn try_from(request: GetEvidenceRequest) -> Result<Self, InvalidMessage> {
        use get_evidence_request::Asked as Wire;
        match request.asked.ok_or(InvalidMessage::Missing("asked"))? {
            Wire::Digest(digest) => required("digest", &digest).map(Self::ByAnyone),
            Wire::SignedRequest(bytes) => signed(&bytes).map(Self::Signed),
            Wire::InSession(FileInSession { session, digest }) => {
                Ok(Self::InSession(signed_in(&session)?, required("digest", &digest)?))
            }
        }
    }
}

impl TryFrom<DescribeEvidenceRequest> for Asked<Vec<Digest>> {
    type Error = InvalidMessage;

    fn try_from(request: DescribeEvidenceRequest) -> Result<Self, InvalidMessage> {
        use describe_evidence_request::Asked as Wire;
        match request.asked.ok_or(InvalidMessage::Missing("asked"))? {
            Wire::Digests(asked) => read_digests(&asked).map(Self::ByAnyone),
            Wire::SignedRequest(bytes) => signed(&bytes).map(Self::Signed),
            Wire::InSession(FilesInSession { session, digests }) => {
                let digests = digests.ok_or(InvalidMessage::Missing("digests"))?;
                Ok(Self::InSession(signed_in(&session)?, read_digests(&digests)?))
            }
        }
    }
}

fn read_digests(asked: &Digests) -> Result<Vec<Digest>, InvalidMessage> {
    if EVIDENCE_MAX < asked.digests.len() {
        return Err(InvalidMessage::at("digests")(FieldError::TooMany { max: EVIDENCE_MAX }));
    }
    asked.digests.iter().map(|digest| required("digests", digest)).collect()
}

impl TryFrom<ListAccessesRequest> for Asked<ListAccesses> {
    type Error = InvalidMessage;

    fn try_from(request: ListAccessesRequest) -> Result<Self, InvalidMessage> {
        use list_accesses_request::Asked as Wire;
        match request.asked.ok_or(InvalidMessage::Missing("asked"))? {
            Wire::SignedRequest(bytes) => signed(&bytes).map(Self::Signed),
            Wire::InSession(AccessesInSession {
                session,
                owner_id,
                from,
            }) => {
                let owner = required("owner_id", &owner_id)?;
                Ok(Self::InSession(signed_in(&session)?, ListAccesses { owner, from }))
            }
        }
    }
}

impl TryFrom<SetVisibilityRequest> for SignedRequest {
    type Error = InvalidMessage;

    fn try_from(request: SetVisibilityRequest) -> Result<Self, InvalidMessage> {
        signed(&request.signed_request)
    }
}

/// Reads the bytes of a signed request; nothing is verified.
pub fn signed(bytes: &[u8]) -> Result<SignedRequest, InvalidMessage> {
    request_in("signed_request", bytes)
}

/// Reads the bytes of a session; nothing is verified.
pub fn signed_in(bytes: &[u8]) -> Result<SignedRequest, InvalidMessage> {
    request_in("session", bytes)
}

fn request_in(field: &'static str, bytes: &[u8]) -> Result<SignedRequest, InvalidMessage> {
    if bytes.is_empty() {
        return Err(InvalidMessage::Missing(field));
    }
    SignedRequest::decode(bytes).map_err(|error| InvalidMessage::at(field)(error.into()))
}

twins! {
    request::Visibility => Visibility, "visibility" { Public Buyers Auditors Organization }
}

impl Evidence {
    /// What is known of a file, on the wire.
    #[must_use]
    pub fn new(
        digest: Digest,
        size: u64,
        media_type: &str,
        owner: PartyId,
        visibility: request::Visibility,
        uploaded_at: Timestamp,
    ) -> Self {
        Self {
            digest: digest.to_string(),
            size,
            media_type: media_type.to_owned(),
            owner_id: owner.to_string(),
            visibility: Visibility::from(visibility).into(),
            uploaded_at_unix_ms: uploaded_at.unix_ms(),
        }
    }
}

/// The messages that carry a file out: what is known of it, and its bytes.
pub fn file_messages(evidence: Evidence, file: &[u8]) -> impl Iterator<Item = GetEvidenceResponse> {
    use get_evidence_response::Part;
    let chunks = file
        .chunks(EVIDENCE_PART_BYTES)
        .map(|chunk| Part::Chunk(chunk.to_vec()));
    std::iter::once(Part::Evidence(evidence))
        .chain(chunks)
        .map(|part| GetEvidenceResponse { part: Some(part) })
}

/// The messages that carry a file in: the claim, and its bytes.
pub fn upload_messages(claim: &SignedRequest, file: &[u8]) -> impl Iterator<Item = PutEvidenceRequest> {
    use put_evidence_request::Part;
    let chunks = file
        .chunks(EVIDENCE_PART_BYTES)
        .map(|chunk| Part::Chunk(chunk.to_vec()));
    std::iter::once(Part::SignedRequest(claim.encode()))
        .chain(chunks)
        .map(|part| PutEvidenceRequest { part: Some(part) })
}

/// Puts the parts of a file together, at most as many bytes as any file has. Whether it is what its digest says, whoever
/// asked for it checks.
pub async fn whole_file(mut parts: Streaming<GetEvidenceResponse>) -> Result<(Evidence, Vec<u8>), FileError> {
    use get_evidence_response::Part;
    let first = parts.message().await?.and_then(|message| message.part);
    let Some(Part::Evidence(evidence)) = first else {
        return Err(FileError::NotInOrder);
    };
    let mut file = Vec::new();
    while let Some(message) = parts.message().await? {
        let Some(Part::Chunk(chunk)) = message.part else {
            return Err(FileError::NotInOrder);
        };
        if EVIDENCE_BYTES_MAX < (file.len() + chunk.len()) as u64 {
            return Err(FileError::TooLong);
        }
        file.extend(chunk);
    }
    Ok((evidence, file))
}

/// Why a file did not arrive.
#[derive(Debug, Error)]
pub enum FileError {
    /// What the service says.
    #[error("{}", .0.message())]
    Status(#[from] tonic::Status),
    /// Longer than a file may be.
    #[error("the file is longer than {EVIDENCE_BYTES_MAX} bytes: do not trust this service")]
    TooLong,
    /// Not a description and then bytes.
    #[error("the answer is not a description and then a file: do not trust this service")]
    NotInOrder,
}

/// Why a file is not kept or not handed out. Names are permanent: clients read them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EvidenceRefusal {
    /// The signature does not hold, or what was signed asks nothing.
    #[error("{0}")]
    BadRequest(RequestError),
    /// The signed request asks something else than this call does.
    #[error("this request was signed for something else: sign one for this")]
    OtherAsk,
    /// No party's key.
    #[error("the key was never authorized here: have it authorized, or sign with another")]
    UnknownKey,
    /// Revoked.
    #[error("the key was revoked: sign with another")]
    RevokedKey,
    /// A key of another party.
    #[error("the key does not speak for this party: sign in the name of its own")]
    KeyOfAnotherParty,
    /// Too old, or from the future.
    #[error("the request was not signed in the last minutes: set the clock, and sign anew")]
    Stale,
    /// Answered before.
    #[error("this very request was answered before: sign anew")]
    Replayed,
    /// A session was asked with something else than a request to sign in.
    #[error("this request does not sign in: sign in, and ask again")]
    NotASession,
    /// Too old, or from the future.
    #[error("the session is over: sign in again")]
    SessionOver,
    /// Not for who asks.
    #[error("the file is kept, and not for you to see: ask its owner")]
    NotForYou,
    /// Of somebody else.
    #[error("only the owner of a file says who may see it")]
    NotOwner,
    /// Of somebody else.
    #[error(
        "who looked at its files, a party says to itself and to those whom it lets speak in its name, and to nobody else"
    )]
    NotYourAccesses,
    /// The bytes are not what is claimed.
    #[error("{0}")]
    NotTheFile(String),
    /// Not a kind of file that is kept.
    #[error("{0}")]
    MediaType(String),
    /// There is none.
    #[error("no file of this digest is kept: ask whoever names it for it")]
    Missing,
    /// Not what was put there.
    #[error(
        "the file was altered where it is stored, and is not handed out: whoever has it can mend it by putting it again"
    )]
    Altered,
    /// Too many calls.
    #[error("too many calls: try again in a minute")]
    TooManyCalls,
    /// Too many bytes.
    #[error("too many bytes in a day for one party: try again tomorrow")]
    TooManyBytes,
}

impl EvidenceRefusal {
    /// Its permanent name in programs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "BAD_REQUEST",
            Self::OtherAsk => "OTHER_ASK",
            Self::UnknownKey => "UNKNOWN_KEY",
            Self::RevokedKey => "REVOKED_KEY",
            Self::KeyOfAnotherParty => "KEY_OF_ANOTHER_PARTY",
            Self::Stale => "STALE",
            Self::Replayed => "REPLAYED",
            Self::NotASession => "NOT_A_SESSION",
            Self::SessionOver => "SESSION_OVER",
            Self::NotForYou => "NOT_FOR_YOU",
            Self::NotOwner => "NOT_OWNER",
            Self::NotYourAccesses => "NOT_YOUR_ACCESSES",
            Self::NotTheFile(_) => "NOT_THE_FILE",
            Self::MediaType(_) => "MEDIA_TYPE",
            Self::Missing => "MISSING",
            Self::Altered => "ALTERED",
            Self::TooManyCalls => "TOO_MANY_CALLS",
            Self::TooManyBytes => "TOO_MANY_BYTES",
        }
    }
}
