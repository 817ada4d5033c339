//! Whose rows they are, the sealed state that is kept beside them, and why rows were not trusted.

use event::units::StreamPosition;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::digest::{Tally, absorb};

/// Whose rows they are. A store is only ever reopened under the identity it was made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The service, such as `custody`.
    pub service: &'static str,
    /// Raised by whoever changes what is written into the rows.
    pub row_version: u32,
    /// Names the stream that is folded: its deployment and incarnation, in the bytes of whoever tells streams apart.
    pub incarnation: Vec<u8>,
}

/// Why a store begins at zero.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Why {
    /// Nothing was there: the first start.
    #[error("nothing was there yet")]
    Missing,
    /// sled could not open or read it.
    #[error("it could not be read: {0}")]
    Unreadable(String),
    /// It does not say whose it is, or not in a form that holds together.
    #[error("it does not say what it is, or its seal does not hold")]
    Unsealed,
    /// It belongs to another service.
    #[error("it belongs to the service {0:?}")]
    OtherService(String),
    /// Its rows are of another version.
    #[error("its rows are of version {0}")]
    OtherRowVersion(u32),
    /// It was folded from another stream.
    #[error("it was folded from another stream")]
    OtherIncarnation,
    /// Count or digest of the rows are not what was committed: rows decayed.
    #[error("it holds {found} rows that do not match the digest of the {expected} committed ones")]
    Decayed {
        /// Rows found.
        found: u64,
        /// Rows committed.
        expected: u64,
    },
}

/// What is kept about the rows, as of one commit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) cursor: StreamPosition,
    pub(crate) tally: Tally,
}

/// Cursor and count (8 bytes each), digest and seal (32 bytes each).
const STATE_BYTES: usize = 8 + 8 + 32 + 32;

impl Identity {
    /// Row version (4 bytes), length of the service's name (8 bytes), the name, the incarnation.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let name = self.service.as_bytes();
        let version = self.row_version.to_be_bytes();
        [
            &version[..],
            &(name.len() as u64).to_be_bytes(),
            name,
            &self.incarnation,
        ]
        .concat()
    }

    /// Whether what was kept is ours. Service before version before stream: the first difference is the one to report.
    pub(crate) fn check(&self, kept: &[u8]) -> Result<(), Why> {
        self.check_form(kept)?;
        let (.., incarnation) = split(kept).ok_or(Why::Unsealed)?;
        if incarnation != self.incarnation {
            return Err(Why::OtherIncarnation);
        }
        Ok(())
    }

    /// The same of rows that may be of any stream.
    pub(crate) fn check_form(&self, kept: &[u8]) -> Result<(), Why> {
        let (version, service, _) = split(kept).ok_or(Why::Unsealed)?;
        if service != self.service.as_bytes() {
            return Err(Why::OtherService(String::from_utf8_lossy(service).into_owned()));
        }
        if version != self.row_version {
            return Err(Why::OtherRowVersion(version));
        }
        Ok(())
    }
}

impl Kept {
    pub(crate) const ZERO: Self = Self {
        cursor: StreamPosition::START,
        tally: Tally {
            rows: 0,
            digest: [0; 32],
        },
    };

    /// The bytes to keep; the seal binds them to the identity, so that neither decays or is exchanged unnoticed.
    pub(crate) fn seal(&self, identity: &[u8]) -> [u8; STATE_BYTES] {
        let mut bytes = [0; STATE_BYTES];
        bytes[..8].copy_from_slice(&self.cursor.get().to_be_bytes());
        bytes[8..16].copy_from_slice(&self.tally.rows.to_be_bytes());
        bytes[16..48].copy_from_slice(&self.tally.digest);
        let mut hash = Sha256::new();
        absorb(&mut hash, identity);
        absorb(&mut hash, &bytes[..48]);
        bytes[48..].copy_from_slice(&hash.finalize());
        bytes
    }

    /// Reads what [`Kept::seal`] wrote, if the seal holds.
    pub(crate) fn unseal(bytes: &[u8], identity: &[u8]) -> Option<Self> {
        let (cursor, rest) = bytes.split_first_chunk::<8>()?;
        let (rows, rest) = rest.split_first_chunk::<8>()?;
        let (digest, _) = rest.split_first_chunk::<32>()?;
        let tally = Tally {
            rows: u64::from_be_bytes(*rows),
            digest: *digest,
        };
        let kept = Self {
            cursor: StreamPosition::new(u64::from_be_bytes(*cursor)),
            tally,
        };
        (kept.seal(identity) == bytes).then_some(kept)
    }
}

fn split(identity: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let (version, rest) = identity.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
    let (service, incarnation) = rest.split_at_checked(length)?;
    Some((u32::from_be_bytes(*version), service, incarnation))
}
