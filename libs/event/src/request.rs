//! The signed request: what a party asks of a service in its own name, where who asks decides the answer.
//!
//! A request is no statement: it is never recorded, and it holds for minutes. It is signed with the same keys, and under
//! another domain, so that neither can be taken for the other:
//!
//! ```text
//! Request         postcard, fields in this order
//!   party     PartyId    in whose name
//!   asked_at  i64 ms     when, by the asker's clock
//!   nonce     32 bytes   random: two requests of one millisecond are two
//!   ask       Ask        enum; variants are appended, never renumbered or reused
//! SignedRequest
//!   key       [u8; 32]   Ed25519 public key
//!   signature [u8; 64]   over "veta/request/v1\n" || deployment (32) || body
//!   body      bytes      the postcard bytes of Request, verbatim
//! request id = SHA-256("veta/request-id/v1\n" || deployment || key || body)      (not over the signature)
//! ```
//!
//! A service answers a request once: it remembers the ids of those it has answered for as long as they are fresh. The one
//! exception is a *session*, a request whose ask is [`SignIn`]: its signer lets whoever holds it, a site of web pages, look
//! in his name for [`SESSION_MS_MAX`]. A session names the site, so that another one can do nothing with what it talked its
//! signer into; and it only ever looks: nothing is kept, shown or said by it.

use core::fmt;
use core::str::FromStr;

use ed25519_dalek::{Signer, SigningKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::codec::{DecodeError, Text, decode_strict, encode};
use crate::id::PartyId;
use crate::key::{Digest, PublicKey, bytes32};
use crate::signature;
use crate::statement::{Body, DeploymentId, SignatureBytes, VerifyError};
use crate::units::Timestamp;
use crate::vocabulary::Evidence;

/// The longest body: party 16 + time 10 + nonce 32 + kind 1 + the digests of a finding, 1 + 16 × 32, are 572 (a session is
/// shorter: its audience 2 + 259, its challenge 32); twice that leaves room for what may be asked later.
pub const REQUEST_BODY_BYTES_MAX: usize = 1_144;
/// The longest signed request: key 32 + signature 64 + two bytes of length + body.
pub const SIGNED_REQUEST_BYTES_MAX: usize = 32 + 64 + 2 + REQUEST_BODY_BYTES_MAX;
/// The largest file that is kept as evidence: a photo of a phone has 3 to 6 MiB, a scanned permit less.
pub const EVIDENCE_BYTES_MAX: u64 = 10 * 1024 * 1024;
/// How old a request may be when it arrives, in milliseconds: a slow line, and a clock that is some minutes behind.
pub const REQUEST_AGE_MS_MAX: i64 = 5 * 60 * 1_000;
/// How far its time may lie ahead, in milliseconds.
pub const REQUEST_AHEAD_MS_MAX: i64 = 60 * 1_000;

/// How long a session lasts, in milliseconds, from when it was signed: as long as somebody reads pages before a coffee.
pub const SESSION_MS_MAX: i64 = 30 * 60 * 1_000;
/// The longest audience: a host's name of 253 bytes, a colon and a port of five digits.
pub const AUDIENCE_BYTES_MAX: usize = 253 + 1 + 5;

const SIGNATURE_DOMAIN: &[u8] = b"veta/request/v1\n";
const ID_DOMAIN: &[u8] = b"veta/request-id/v1\n";

bytes32! {
    /// The id of a request: `SHA-256("veta/request-id/v1\n" || deployment || key || body)`, not over the signature.
    RequestId;
    /// Random bytes that make a request unlike any other.
    Nonce;
    /// Random bytes that a site drew for one sign-in: whoever signs them signs now, and for this site.
    Challenge;
}

/// A request, as it is written before it is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// In whose name.
    pub party: PartyId,
    /// When, by the asker's clock.
    pub asked_at: Timestamp,
    /// Drawn anew for every request.
    pub nonce: Nonce,
    /// What is asked.
    pub ask: Ask,
}

/// What is asked. Variants are appended, never renumbered or reused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Keep the file that follows.
    PutEvidence(PutEvidence),
    /// Hand out a file.
    GetEvidence(GetEvidence),
    /// Say which files are kept, and whether they are whole.
    DescribeEvidence(DescribeEvidence),
    /// Let others see a file, or others no longer.
    SetVisibility(SetVisibility),
    /// Let a site look in one's name for a while.
    SignIn(SignIn),
    /// Say who looked at files.
    ListAccesses(ListAccesses),
}

/// Keep the file that follows. What comes must be what is claimed here, to the last byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutEvidence {
    /// Its SHA-256 digest, which is also its name.
    pub digest: Digest,
    /// Its length in bytes; [`EVIDENCE_BYTES_MAX`] at most.
    pub size: u64,
    /// Who may see it.
    pub visibility: Visibility,
}

/// Hand out a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetEvidence {
    /// Which.
    pub digest: Digest,
}

/// Say which files are kept, and whether they are whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DescribeEvidence {
    /// Which.
    pub digests: Evidence,
}

/// Let others see a file, or others no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetVisibility {
    /// Which.
    pub digest: Digest,
    /// Who may see it from here on.
    pub visibility: Visibility,
}

/// Let a site look in one's name, for [`SESSION_MS_MAX`] from when this was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Which site: the host in its address, as its signer's browser sees it.
    pub audience: Audience,
    /// What the site drew.
    pub challenge: Challenge,
}

/// Say who looked at files that are not public, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListAccesses {
    /// Whose files.
    pub owner: PartyId,
    /// Where the answer before said that older ones stand; 0 for the newest.
    pub from: u64,
}

/// A site by the host in its address, and the port where it is not the usual one: `gold.example.org`, `127.0.0.1:8080`,
/// `[::1]:8080`. In lower case, as browsers write it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Audience(String);

impl Audience {
    /// Checks `host` and keeps it.
    pub fn new(host: &str) -> Result<Self, AudienceError> {
        let is_of_a_host = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b':' | b'[' | b']');
        if host.is_empty() || AUDIENCE_BYTES_MAX < host.len() || !host.bytes().all(is_of_a_host) {
            return Err(AudienceError);
        }
        Ok(Self(host.to_owned()))
    }

    /// The host, with its port.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Audience {
    type Err = AudienceError;

    fn from_str(host: &str) -> Result<Self, AudienceError> {
        Self::new(host)
    }
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let host = Text::<AUDIENCE_BYTES_MAX>::deserialize(deserializer)?;
        Self::new(host.as_str()).map_err(de::Error::custom)
    }
}

/// A text that is no host of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "not a host as in an address: lower-case letters, digits, points and hyphens, with a port behind a colon, {AUDIENCE_BYTES_MAX} bytes at most"
)]
pub struct AudienceError;

/// Who may see a file. Each circle lies within the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Visibility {
    /// Anyone, without saying who he is.
    Public,
    /// Who buys gold ([`PartyKind::buys`](crate::vocabulary::PartyKind::buys)), and the circles below.
    Buyers,
    /// Who looks at others ([`PartyKind::assesses`](crate::vocabulary::PartyKind::assesses)), and the circle below.
    Auditors,
    /// The party whose file it is, and those that it lets speak in its name.
    Organization,
}

impl Visibility {
    /// All of them, the widest first.
    pub const ALL: [Self; 4] = [Self::Public, Self::Buyers, Self::Auditors, Self::Organization];

    /// Its name, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Buyers => "buyers",
            Self::Auditors => "auditors",
            Self::Organization => "organization",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|visibility| visibility.name() == name)
    }
}

impl fmt::Display for Visibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A request with a signature that no one has checked yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedRequest {
    /// Who signed.
    pub key: PublicKey,
    /// Over `"veta/request/v1\n" || deployment || body`.
    pub signature: SignatureBytes,
    /// The postcard bytes of a [`Request`], verbatim.
    pub body: Body,
}

impl Request {
    /// Its canonical bytes, and what a key signs in order to ask this in `deployment`.
    #[must_use]
    pub fn to_sign(&self, deployment: DeploymentId) -> (Body, Vec<u8>) {
        let body = encode(self);
        let to_sign = [SIGNATURE_DOMAIN, deployment.as_bytes(), &body].concat();
        (Body(body), to_sign)
    }
}

impl SignedRequest {
    /// Signs `request` for `deployment`.
    #[must_use]
    pub fn sign(request: &Request, deployment: DeploymentId, key: &SigningKey) -> Self {
        let (body, to_sign) = request.to_sign(deployment);
        let signature = key.sign(&to_sign);
        Self {
            key: key.verifying_key().into(),
            signature: SignatureBytes(signature.to_bytes()),
            body,
        }
    }

    /// Its bytes, as they are sent.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads what [`SignedRequest::encode`] wrote; nothing is verified.
    pub fn decode(bytes: &[u8]) -> Result<Self, RequestError> {
        decode_strict(bytes, SIGNED_REQUEST_BYTES_MAX).map_err(|error| match error {
            DecodeError::TooLong { .. } => RequestError::TooLong,
            DecodeError::Malformed => RequestError::Malformed,
            DecodeError::NotCanonical => RequestError::NotCanonical,
        })
    }

    /// Its id in `deployment`.
    #[must_use]
    pub fn id(&self, deployment: DeploymentId) -> RequestId {
        let id = Sha256::new()
            .chain_update(ID_DOMAIN)
            .chain_update(deployment.as_bytes())
            .chain_update(self.key.as_bytes())
            .chain_update(&self.body.0)
            .finalize();
        RequestId(id.into())
    }

    /// Length, signature over the received bytes, decoding, canonical form: in this order, as for a statement.
    pub fn verify(&self, deployment: DeploymentId) -> Result<VerifiedRequest, RequestError> {
        if self.body.0.len() > REQUEST_BODY_BYTES_MAX {
            return Err(RequestError::TooLong);
        }
        let signed = signature::Signed {
            key: &self.key,
            message: [SIGNATURE_DOMAIN, deployment.as_bytes(), &self.body.0],
            signature: &self.signature,
        };
        signature::verify(signed).map_err(|error| match error {
            VerifyError::BadKey => RequestError::BadKey,
            _ => RequestError::BadSignature,
        })?;
        let request = decode_strict(&self.body.0, REQUEST_BODY_BYTES_MAX).map_err(|error| match error {
            DecodeError::NotCanonical => RequestError::NotCanonical,
            DecodeError::Malformed | DecodeError::TooLong { .. } => RequestError::MalformedBody,
        })?;
        Ok(VerifiedRequest {
            id: self.id(deployment),
            key: self.key,
            request,
        })
    }
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.body.0.len();
        write!(f, "SignedRequest {{ key: {}, body: {length} bytes }}", self.key)
    }
}

/// A request whose signature and canonical form hold: asked by this key. Made by [`SignedRequest::verify`] alone.
///
/// Whether the key may speak for the party, and whether the request was answered before, the service decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedRequest {
    id: RequestId,
    key: PublicKey,
    request: Request,
}

impl VerifiedRequest {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> RequestId {
        self.id
    }

    /// Who signed it.
    #[must_use]
    pub const fn key(&self) -> PublicKey {
        self.key
    }

    /// In whose name it asks.
    #[must_use]
    pub const fn party(&self) -> PartyId {
        self.request.party
    }

    /// When it was asked, by the asker's clock.
    #[must_use]
    pub const fn asked_at(&self) -> Timestamp {
        self.request.asked_at
    }

    /// What it asks.
    #[must_use]
    pub const fn ask(&self) -> &Ask {
        &self.request.ask
    }

    /// The request as it was written.
    #[must_use]
    pub const fn request(&self) -> &Request {
        &self.request
    }

    /// Whether it was asked so short a time before `now` that it may still be answered.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.is_of_the_last(REQUEST_AGE_MS_MAX, now)
    }

    /// The session that it opens, if it is one that lasts at `now`.
    #[must_use]
    pub fn session(&self, now: Timestamp) -> Option<&SignIn> {
        match &self.request.ask {
            Ask::SignIn(sign_in) if self.is_of_the_last(SESSION_MS_MAX, now) => Some(sign_in),
            _ => None,
        }
    }

    fn is_of_the_last(&self, ms: i64, now: Timestamp) -> bool {
        let asked_at = self.request.asked_at;
        now.plus_ms(-ms) <= asked_at && asked_at <= now.plus_ms(REQUEST_AHEAD_MS_MAX)
    }
}

/// Why received bytes are not a request of anyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RequestError {
    /// Longer than a request may be.
    #[error("the request is longer than the {REQUEST_BODY_BYTES_MAX} bytes allowed: ask for less at once")]
    TooLong,
    /// Not key, signature and body.
    #[error("these bytes are not a signed request: send what was signed, whole and unchanged")]
    Malformed,
    /// The key is no point, or of small order.
    #[error("the signing key is unusable: generate a new one")]
    BadKey,
    /// The signature is not of these bytes, this key and this deployment, or it is not of a request.
    #[error("the signature does not hold for this request, this key and this deployment: sign again")]
    BadSignature,
    /// Signed, but it asks nothing that is known here, or has a field outside its limits.
    #[error("signed, but it asks what is not known here or has a field outside its limits: update and sign again")]
    MalformedBody,
    /// Signed, but another byte string means the same.
    #[error("not in canonical form: encode and sign again")]
    NotCanonical,
}
