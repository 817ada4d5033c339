//! 32 bytes for a whole ledger.

use core::fmt;

use event::codec::encode;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::state::Ledger;
use crate::table::Table;

/// The canonical hash of a ledger.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct LedgerDigest([u8; 32]);

impl LedgerDigest {
    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for LedgerDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for LedgerDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Ledger {
    /// SHA-256 over `"veta/ledger/v1\n"`, the single values, and every table in key order, each with its length in
    /// front; all in postcard. Reads the whole ledger. While a batch is staged, it is the digest with the batch.
    #[must_use]
    pub fn digest(&self) -> LedgerDigest {
        let mut hash = Sha256::new()
            .chain_update("veta/ledger/v1\n")
            .chain_update(encode(&self.head));
        self.absorb_tables(&mut hash);
        LedgerDigest(hash.finalize().into())
    }
}

pub(crate) fn absorb<K: Ord + Serialize, V: Serialize>(hash: &mut Sha256, table: &Table<K, V>) {
    hash.update(
        u64::try_from(table.rows().count())
            .expect("memory holds fewer")
            .to_be_bytes(),
    );
    for row in table.rows() {
        hash.update(encode(&row));
    }
}
