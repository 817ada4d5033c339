//! The envelope: a statement, its signature, its id.

use core::fmt;
use core::str::FromStr;

use ed25519_dalek::{Signer, SigningKey};
use serde::de::{self, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::codec::{DecodeError, decode_strict, encode, encode_within};
use crate::id::PartyId;
use crate::key::{PublicKey, bytes32};
use crate::signature;
use crate::units::Timestamp;
use crate::vocabulary::Event;

/// The longest body: leaves room for key, signature and record in a log leaf of 65,535 bytes.
pub const STATEMENT_BODY_BYTES_MAX: usize = 49_152;
/// The longest signed statement: key 32 + signature 64 + three bytes of length + body.
pub const SIGNED_STATEMENT_BYTES_MAX: usize = 32 + 64 + 3 + STATEMENT_BODY_BYTES_MAX;

const SIGNATURE_DOMAIN: &[u8] = b"veta/statement/v1\n";
const ID_DOMAIN: &[u8] = b"veta/statement-id/v1\n";

bytes32! {
    /// The id of a statement: `SHA-256("veta/statement-id/v1\n" || deployment || key || body)`, not over the signature.
    StatementId;
    /// The id of a deployment: the id of its founding statement.
    DeploymentId;
}

impl DeploymentId {
    /// What the founding statement is signed for, since its deployment has no id before it.
    pub const FOUNDING: Self = Self([0; 32]);
}

/// A claim of a party, as it is written before it is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// In whose name.
    pub party: PartyId,
    /// Strictly increasing per key; a gap is visible, a repeat is a replay.
    pub number: u64,
    /// The signer's claim; never trusted for order.
    pub stated_at: Timestamp,
    /// What is stated.
    pub event: Event,
}

/// A statement with a signature that no one has checked yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedStatement {
    /// Who signed.
    pub key: PublicKey,
    /// Over `"veta/statement/v1\n" || deployment || body`.
    pub signature: SignatureBytes,
    /// The postcard bytes of a [`Statement`], verbatim.
    pub body: Body,
}

impl SignedStatement {
    /// Signs `statement` for `deployment`.
    pub fn sign(statement: &Statement, deployment: DeploymentId, key: &SigningKey) -> Result<Self, VerifyError> {
        let body = Body::of(statement)?;
        let signature = key.sign(&body.to_sign(deployment));
        Ok(Self {
            key: key.verifying_key().into(),
            signature: SignatureBytes(signature.to_bytes()),
            body,
        })
    }

    /// Its bytes, as they are submitted and stored.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode_within(
            self,
            SIGNED_STATEMENT_BYTES_MAX - STATEMENT_BODY_BYTES_MAX + self.body.0.len(),
        )
    }

    /// Reads what [`SignedStatement::encode`] wrote; nothing is verified.
    pub fn decode(bytes: &[u8]) -> Result<Self, VerifyError> {
        decode_strict(bytes, SIGNED_STATEMENT_BYTES_MAX).map_err(|error| match error {
            DecodeError::TooLong { .. } => VerifyError::TooLong,
            DecodeError::Malformed => VerifyError::Malformed,
            DecodeError::NotCanonical => VerifyError::NotCanonical,
        })
    }

    /// Its id in `deployment`.
    #[must_use]
    pub fn id(&self, deployment: DeploymentId) -> StatementId {
        self.body.id(deployment, self.key)
    }

    /// Length, signature over the received bytes, decoding, canonical form: in this order.
    ///
    /// `deployment` is [`DeploymentId::FOUNDING`] while nothing is founded.
    pub fn verify(self, deployment: DeploymentId) -> Result<VerifiedStatement, VerifyError> {
        self.check_length()?;
        signature::verify(self.signed_for(&deployment))?;
        self.read(deployment)
    }

    /// [`SignedStatement::verify`] for each, in their order, with a tenth less work.
    ///
    /// Many at a time are a few dozen: more save nothing, and wait for each other.
    #[must_use]
    pub fn verify_all(statements: Vec<Self>, deployment: DeploymentId) -> Vec<Result<VerifiedStatement, VerifyError>> {
        let signed: Vec<_> = statements.iter().map(|one| one.signed_for(&deployment)).collect();
        let hold = signature::verify_all(&signed);
        let verified = statements.into_iter().zip(hold).map(|(statement, holds)| {
            statement.check_length()?;
            holds?;
            statement.read(deployment)
        });
        verified.collect()
    }

    fn check_length(&self) -> Result<(), VerifyError> {
        if self.body.0.len() > STATEMENT_BODY_BYTES_MAX {
            return Err(VerifyError::TooLong);
        }
        Ok(())
    }

    fn signed_for<'a>(&'a self, deployment: &'a DeploymentId) -> signature::Signed<'a> {
        signature::Signed {
            key: &self.key,
            message: [SIGNATURE_DOMAIN, deployment.as_bytes(), &self.body.0],
            signature: &self.signature,
        }
    }

    /// Reads the body, once the signature is known to hold.
    fn read(self, deployment: DeploymentId) -> Result<VerifiedStatement, VerifyError> {
        let statement = decode_strict(&self.body.0, STATEMENT_BODY_BYTES_MAX).map_err(|error| match error {
            DecodeError::NotCanonical => VerifyError::NotCanonical,
            DecodeError::Malformed | DecodeError::TooLong { .. } => VerifyError::MalformedBody,
        })?;
        Ok(VerifiedStatement {
            deployment,
            id: self.id(deployment),
            signed: self,
            statement,
        })
    }
}

impl fmt::Debug for SignedStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SignedStatement {{ key: {}, body: {} bytes }}",
            self.key,
            self.body.0.len()
        )
    }
}

/// A statement whose signature and canonical form hold: said by this key. Made by [`SignedStatement::verify`] and
/// [`SignedStatement::verify_all`] alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedStatement {
    deployment: DeploymentId,
    id: StatementId,
    signed: SignedStatement,
    statement: Statement,
}

impl VerifiedStatement {
    /// For which deployment its signature holds, and no other.
    #[must_use]
    pub const fn deployment(&self) -> DeploymentId {
        self.deployment
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> StatementId {
        self.id
    }

    /// Who signed it.
    #[must_use]
    pub const fn key(&self) -> PublicKey {
        self.signed.key
    }

    /// In whose name it speaks.
    #[must_use]
    pub const fn party(&self) -> PartyId {
        self.statement.party
    }

    /// Its number among the statements of its key.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.statement.number
    }

    /// When the signer claims to have said it.
    #[must_use]
    pub const fn stated_at(&self) -> Timestamp {
        self.statement.stated_at
    }

    /// What it says.
    #[must_use]
    pub const fn event(&self) -> &Event {
        &self.statement.event
    }

    /// The statement as it was written.
    #[must_use]
    pub const fn statement(&self) -> &Statement {
        &self.statement
    }

    /// The received bytes it was read from.
    #[must_use]
    pub const fn signed(&self) -> &SignedStatement {
        &self.signed
    }
}

/// The 64 bytes of an Ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SignatureBytes(pub [u8; 64]);

impl Serialize for SignatureBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(64)?;
        self.0.iter().try_for_each(|byte| tuple.serialize_element(byte))?;
        tuple.end()
    }
}

impl<'de> Deserialize<'de> for SignatureBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl<'de> Visitor<'de> for Bytes {
            type Value = SignatureBytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("64 bytes")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<SignatureBytes, A::Error> {
                let mut bytes = [0; 64];
                for (place, byte) in bytes.iter_mut().enumerate() {
                    *byte = seq
                        .next_element()?
                        .ok_or_else(|| de::Error::invalid_length(place, &self))?;
                }
                Ok(SignatureBytes(bytes))
            }
        }
        deserializer.deserialize_tuple(64, Bytes)
    }
}

/// The bytes of a statement, at most [`STATEMENT_BODY_BYTES_MAX`] once verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Body(pub Vec<u8>);

impl Body {
    /// The bytes of a statement, where they are not too many.
    pub fn of(statement: &Statement) -> Result<Self, VerifyError> {
        let body = encode(statement);
        if body.len() > STATEMENT_BODY_BYTES_MAX {
            return Err(VerifyError::TooLong);
        }
        Ok(Self(body))
    }

    /// What is signed in order to say this in a deployment.
    #[must_use]
    pub fn to_sign(&self, deployment: DeploymentId) -> Vec<u8> {
        [SIGNATURE_DOMAIN, deployment.as_bytes(), &self.0].concat()
    }

    /// The id that it has in a deployment, signed by a key.
    #[must_use]
    pub fn id(&self, deployment: DeploymentId, key: PublicKey) -> StatementId {
        let id = Sha256::new()
            .chain_update(ID_DOMAIN)
            .chain_update(deployment.as_bytes())
            .chain_update(key.as_bytes())
            .chain_update(&self.0)
            .finalize();
        StatementId(id.into())
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body {{ {} bytes }}", self.0.len())
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Body;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            /// `postcard` lends the bytes from its input, which bounds them before they are copied.
            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Body, E> {
                if bytes.len() > STATEMENT_BODY_BYTES_MAX {
                    return Err(E::custom("a body longer than a statement may be"));
                }
                Ok(Body(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// Why received bytes are not a statement of anyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum VerifyError {
    /// Longer than a statement may be.
    #[error("the statement is longer than the {STATEMENT_BODY_BYTES_MAX} bytes allowed: say less in one statement")]
    TooLong,
    /// Not key, signature and body.
    #[error("these bytes are not a signed statement: submit what `sign` wrote, whole and unchanged")]
    Malformed,
    /// The key is no point, or of small order.
    #[error("the signing key is unusable: generate a new one")]
    BadKey,
    /// The signature is not of these bytes, this key and this deployment.
    #[error("the signature does not hold for these bytes, this key and this deployment: sign again")]
    BadSignature,
    /// Signed, but not a statement of this vocabulary or outside a field's limits.
    #[error("signed, but of an unknown kind or with a field outside its limits: update and sign again")]
    MalformedBody,
    /// Signed, but another byte string means the same.
    #[error("not in canonical form: encode and sign again")]
    NotCanonical,
}
