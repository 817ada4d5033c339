//! The 32 bytes that everything here is made of.

use core::fmt;
use core::str::FromStr;

use base64::Engine as _;
use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// Length of a SHA-256 hash.
pub const HASH_BYTES: usize = 32;

/// Characters of a hash in padded base64: 32 bytes are eleven groups of three, each written as four characters.
const HASH_TEXT_BYTES: usize = 44;

/// Parts that are put together before they are hashed: two blocks of SHA-256, which all nodes of tree and map fit into.
const SHORT_BYTES: usize = 128;

/// A SHA-256 hash. Its text is standard base64 with padding, as in checkpoints and proofs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; HASH_BYTES]);

/// Text that is not a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not the standard base64 of 32 bytes; a hash has 44 characters, the last of them '='")]
pub struct HashTextError;

impl Hash {
    /// 32 zero bytes: the start of every chain of hashes, and the hash of nothing known.
    pub const ZERO: Self = Self([0; HASH_BYTES]);

    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; HASH_BYTES]) -> Self {
        Self(bytes)
    }

    /// From exactly 32 bytes; `None` for any other number.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; HASH_BYTES] {
        &self.0
    }

    /// SHA-256 of the parts, one after the other.
    #[inline]
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut short = [0; SHORT_BYTES];
        let mut length = 0;
        for part in parts {
            let Some(place) = short.get_mut(length..length + part.len()) else {
                return Self::of_long(parts);
            };
            place.copy_from_slice(part);
            length += part.len();
        }
        Self(Sha256::digest(&short[..length]).into())
    }

    fn of_long(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Base64Display::new(&self.0, &STANDARD).fmt(f)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = HashTextError;

    fn from_str(text: &str) -> Result<Self, HashTextError> {
        if text.len() != HASH_TEXT_BYTES {
            return Err(HashTextError);
        }
        let bytes = STANDARD.decode(text).map_err(|_| HashTextError)?;
        Self::from_slice(&bytes).ok_or(HashTextError)
    }
}
