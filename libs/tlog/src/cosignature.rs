//! Cosignatures (c2sp.org/tlog-cosignature) with Ed25519 keys: that someone else has seen this log grow and never fork.
//!
//! ```text
//! — <cosigner> <base64(key id ‖ seconds since the epoch, 8 bytes big-endian ‖ signature)>
//! ```
//!
//! The signature is over two lines, `cosignature/v1` and `time <seconds>`, and the whole text of the checkpoint. It does not name
//! the cosigner: whoever cosigns in two roles has a key for each.

use core::fmt;
use core::str::FromStr;

use ed25519_dalek::{PUBLIC_KEY_LENGTH, Signer as _, SigningKey};

use crate::note::{KeyName, NamedKey, Note, NoteError, NoteKeyId, NoteSignature, TYPE_COSIGNATURE, VkeyError};

/// When a cosignature was made, by the cosigner's clock: seconds since 1970-01-01 UTC, at most 2^63 − 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CosignTime(u64);

/// A cosigner's public key with its name. Its text is that of a [`crate::note::Vkey`], with type 4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CosignerVkey(NamedKey<TYPE_COSIGNATURE>);

/// A cosigner's secret key with its name.
#[derive(Clone)]
pub struct Cosigner {
    vkey: CosignerVkey,
    key: SigningKey,
}

impl CosignTime {
    /// The latest time that can be written.
    pub const MAX: Self = Self((1 << 63) - 1);

    /// From seconds since 1970-01-01 UTC; `None` beyond [`CosignTime::MAX`].
    #[must_use]
    pub fn new(seconds: u64) -> Option<Self> {
        (seconds <= Self::MAX.0).then_some(Self(seconds))
    }

    /// Seconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl CosignerVkey {
    /// Names a public key; refuses keys of small order, for which anyone can sign.
    pub fn new(name: KeyName, public_key: &[u8; PUBLIC_KEY_LENGTH]) -> Result<Self, VkeyError> {
        NamedKey::new(name, public_key).map(Self)
    }

    /// Name of the key.
    #[must_use]
    pub fn name(&self) -> &KeyName {
        self.0.name()
    }

    /// Id of the key.
    #[must_use]
    pub fn id(&self) -> NoteKeyId {
        self.0.id()
    }

    /// The Ed25519 public key.
    #[must_use]
    pub fn public_key(&self) -> &[u8; PUBLIC_KEY_LENGTH] {
        self.0.public_key()
    }
}

impl Cosigner {
    /// Names a secret key.
    pub fn new(name: KeyName, key: SigningKey) -> Result<Self, VkeyError> {
        let vkey = CosignerVkey::new(name, key.verifying_key().as_bytes())?;
        Ok(Self { vkey, key })
    }

    /// The public half.
    #[must_use]
    pub fn vkey(&self) -> &CosignerVkey {
        &self.vkey
    }

    /// Cosigns the text of `note`, which the caller has read as a checkpoint and found consistent with all that it cosigned before.
    #[must_use]
    pub fn cosign(&self, note: &Note, time: CosignTime) -> NoteSignature {
        let signature = self.key.sign(&message(note, time));
        NoteSignature {
            name: self.vkey.name().clone(),
            id: self.vkey.id(),
            signature: [time.0.to_be_bytes().as_slice(), &signature.to_bytes()].concat(),
        }
    }
}

impl Note {
    /// Holds if this cosigner cosigned the text, once; says when. Other signatures are ignored, even under the same name.
    pub fn cosigned(&self, vkey: &CosignerVkey) -> Result<CosignTime, NoteError> {
        let line = vkey.0.line(self)?;
        let (seconds, signature) = line.signature.split_first_chunk().ok_or(NoteError::BadSignature)?;
        let time = CosignTime::new(u64::from_be_bytes(*seconds)).ok_or(NoteError::BadTime)?;
        vkey.0.verify(&message(self, time), signature)?;
        Ok(time)
    }
}

impl fmt::Display for CosignTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for CosignerVkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for CosignerVkey {
    type Err = VkeyError;

    fn from_str(text: &str) -> Result<Self, VkeyError> {
        text.parse().map(Self)
    }
}

/// Shows the public half only.
impl fmt::Debug for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cosigner({})", self.vkey)
    }
}

fn message(note: &Note, time: CosignTime) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{}", note.text()).into_bytes()
}
