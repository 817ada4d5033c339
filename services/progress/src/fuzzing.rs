//! The rows as a store gives them back. Compiled for fuzz targets only, by `--cfg fuzzing`.

use event::codec::encode;
use event::vocabulary::CataloguePublished;
use event::{PartyId, StreamPosition};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::rows::{
    ANSWERS, ASSESSMENTS, Answers, AssessmentRow, CATALOGUES, LAST_STANDING, PARTIES, PARTIES_IN_ORDER, PartyRow,
    RowError, SITES, STANDINGS, SiteRow, Standing, decode,
};

/// Decodes a row, of the kind that `table` stands for, and encodes what it holds.
pub fn reencoded(table: u8, bytes: &[u8]) -> Result<Vec<u8>, RowError> {
    match table % 8 {
        0 => again::<PartyRow>(PARTIES, bytes),
        1 => again::<SiteRow>(SITES, bytes),
        2 => again::<CataloguePublished>(CATALOGUES, bytes),
        3 => again::<AssessmentRow>(ASSESSMENTS, bytes),
        4 => again::<Answers>(ANSWERS, bytes),
        5 => again::<Standing>(STANDINGS, bytes),
        6 => again::<PartyId>(PARTIES_IN_ORDER, bytes),
        _ => again::<StreamPosition>(LAST_STANDING, bytes),
    }
}

fn again<T: Serialize + DeserializeOwned>(table: &'static str, bytes: &[u8]) -> Result<Vec<u8>, RowError> {
    Ok(encode(&decode::<T>(table, bytes)?))
}
