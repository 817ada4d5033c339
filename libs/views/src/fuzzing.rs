//! What is kept about rows, as a store gives it back. Compiled for fuzz targets only, by `--cfg fuzzing`.

use event::StreamPosition;

use crate::identity::{Identity, Kept, Why};

/// Reads what is kept beside the rows of `ours`, whose they are and then as of what, and seals what it holds.
pub fn resealed(ours: &Identity, identity: &[u8], state: &[u8]) -> Result<(StreamPosition, Vec<u8>), Why> {
    ours.check(identity)?;
    let kept = Kept::unseal(state, identity).ok_or(Why::Unsealed)?;
    Ok((kept.cursor, kept.seal(identity).to_vec()))
}

/// The identity as it is kept, and a sealed state without rows.
#[must_use]
pub fn sealed(ours: &Identity) -> (Vec<u8>, Vec<u8>) {
    let identity = ours.encode();
    let state = Kept::ZERO.seal(&identity).to_vec();
    (identity, state)
}
