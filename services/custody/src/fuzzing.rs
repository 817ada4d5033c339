//! The rows as a store gives them back. Compiled for fuzz targets only, by `--cfg fuzzing`.

use event::LotId;
use event::codec::encode;
use event::vocabulary::Line;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::rows::{LOTS, LOTS_IN_ORDER, LotRow, PARTIES, RowError, STEPS, StepRow, decode};

/// Decodes a row, of the kind that `table` stands for, and encodes what it holds.
pub fn reencoded(table: u8, bytes: &[u8]) -> Result<Vec<u8>, RowError> {
    match table % 4 {
        0 => again::<LotRow>(LOTS, bytes),
        1 => again::<StepRow>(STEPS, bytes),
        2 => again::<LotId>(LOTS_IN_ORDER, bytes),
        _ => again::<Line>(PARTIES, bytes),
    }
}

fn again<T: Serialize + DeserializeOwned>(table: &'static str, bytes: &[u8]) -> Result<Vec<u8>, RowError> {
    Ok(encode(&decode::<T>(table, bytes)?))
}
