//! A log to read.

use std::time::Duration;

use remote::log::Patience;
use tlog::Hash;
use tlog::tiles::{TileId, TilePath};
use tlog::tree::leaf_hash;

/// Waits hardly at all before it asks again. Every server here answers, at the latest when the machine has time for it.
pub(crate) const HURRIED: Patience = Patience {
    deadline: Duration::from_secs(60),
    attempts: 3,
    wait: Duration::from_millis(1),
};

/// The leaves of a log: all different, of different lengths.
pub(crate) fn leaves(count: u64) -> Vec<Vec<u8>> {
    let leaf = |index: u64| format!("leaf {index}").repeat(1 + usize::try_from(index % 3).unwrap());
    (0..count).map(|index| leaf(index).into_bytes()).collect()
}

pub(crate) fn tile(level: u8, n: u64, width: u16) -> TilePath {
    TilePath::Hashes {
        id: TileId { level, n },
        width,
    }
}

pub(crate) fn bundle(n: u64, width: u16) -> TilePath {
    TilePath::Entries { n, width }
}

/// The hash of a leaf of [`leaves`].
pub(crate) fn hash_of(leaves: &[Vec<u8>], index: usize) -> Hash {
    leaf_hash(&leaves[index])
}
