//! Count and digest of rows: the running one, which does not depend on order, and the canonical one over a dump.

use std::fmt;

use sha2::{Digest, Sha256};

/// SHA-256 over all rows of a store in the order of table and key; equal rows, equal digest, whatever the history.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RowsDigest([u8; 32]);

/// How many rows there are, and the XOR of the SHA-256 of each.
///
/// Keys are unique, so no row can cancel another. XOR guards against decay, not against a forger: whoever can write to the
/// directory can also write this digest.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) rows: u64,
    pub(crate) digest: [u8; 32],
}

impl RowsDigest {
    /// As bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn finish(hash: Sha256) -> Self {
        Self(hash.finalize().into())
    }
}

/// Lower-case hexadecimal.
impl fmt::Display for RowsDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for RowsDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Tally {
    /// With one row replaced: `None` stands for no row. Counts wrap, since what decayed must not panic but differ.
    pub(crate) fn replace(&mut self, key: &[u8], old: Option<&[u8]>, new: Option<&[u8]>) {
        if let Some(value) = old {
            self.rows = self.rows.wrapping_sub(1);
            self.toggle(key, value);
        }
        if let Some(value) = new {
            self.rows = self.rows.wrapping_add(1);
            self.toggle(key, value);
        }
    }

    fn toggle(&mut self, key: &[u8], value: &[u8]) {
        let mut hash = Sha256::new();
        absorb(&mut hash, key);
        absorb(&mut hash, value);
        let row: [u8; 32] = hash.finalize().into();
        for (sum, byte) in self.digest.iter_mut().zip(row) {
            *sum ^= byte;
        }
    }
}

/// Length first, so that no two lists of fields are the same bytes.
pub(crate) fn absorb(hash: &mut Sha256, field: &[u8]) {
    hash.update((field.len() as u64).to_be_bytes());
    hash.update(field);
}
