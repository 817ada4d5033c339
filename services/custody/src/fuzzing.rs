//! The rows as a store gives them back. Compiled for fuzz targets only, by `--cfg fuzzing`.

use event::codec::encode;
use event::{Mass, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::rows::{
    BALANCES, BalanceRow, Birth, CAPACITIES, CLOCKS, CapacityRow, FLAG_TALLIES, FLAGS, FlagRow, FlagTally, FlowRow,
    HOLDS, HoldRow, INPUTS, LOTS, LOTS_IN_ORDER, Listed, NAMES, NameRow, ORIGINS, OriginRow, PARTIES, PERMITS,
    PRODUCTIONS, PartyRow, PermitRow, REACHED, RECEIPTS, REVOCATIONS, ReachedRow, ReceiptRow, RevocationRow, RowError,
    SEALS, SIGNERS, SITES, STATEMENTS, STEPS, SealRow, SignerRow, SiteRow, StatementRow, StepRow, TRANSFORMATIONS,
    TransformationRow, decode,
};

/// Decodes a row, of the kind that `table` stands for, and encodes what it holds.
pub fn reencoded(table: u8, bytes: &[u8]) -> Result<Vec<u8>, RowError> {
    match table % 24 {
        0 => again::<StepRow>(STEPS, bytes),
        1 => again::<StatementRow>(STATEMENTS, bytes),
        2 => again::<Birth>(LOTS, bytes),
        3 => again::<PartyRow>(PARTIES, bytes),
        4 => again::<SiteRow>(SITES, bytes),
        5 => again::<Listed>(LOTS_IN_ORDER, bytes),
        6 => again::<FlagRow>(FLAGS, bytes),
        7 => again::<FlagTally>(FLAG_TALLIES, bytes),
        8 => again::<SealRow>(SEALS, bytes),
        9 => again::<HoldRow>(HOLDS, bytes),
        10 => again::<ReachedRow>(REACHED, bytes),
        11 => again::<NameRow>(NAMES, bytes),
        12 => again::<TransformationRow>(TRANSFORMATIONS, bytes),
        13 => again::<Vec<FlowRow>>(INPUTS, bytes),
        14 => again::<Vec<OriginRow>>(ORIGINS, bytes),
        15 => again::<Vec<SignerRow>>(SIGNERS, bytes),
        16 => again::<RevocationRow>(REVOCATIONS, bytes),
        17 => again::<PermitRow>(PERMITS, bytes),
        18 => again::<CapacityRow>(CAPACITIES, bytes),
        19 => again::<Mass>(PRODUCTIONS, bytes),
        20 => again::<BalanceRow>(BALANCES, bytes),
        21 => again::<ReceiptRow>(RECEIPTS, bytes),
        22 => again::<Timestamp>(CLOCKS, bytes),
        // Rows that say all by their keys.
        _ => again::<()>(LOTS, bytes),
    }
}

fn again<T: Serialize + DeserializeOwned>(table: &'static str, bytes: &[u8]) -> Result<Vec<u8>, RowError> {
    Ok(encode(&decode::<T>(table, bytes)?))
}
