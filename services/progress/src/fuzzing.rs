//! The rows as a store gives them back. Compiled for fuzz targets only, by `--cfg fuzzing`.

use event::codec::encode;
use event::{PartyId, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::rows::{
    ALIKE, ANSWERS, ASSESSMENTS, ASSESSMENTS_BY_ID, Answers, AssessmentRow, CATALOGUES, CHANGES, CLOCKS, CatalogueRow,
    ChangeRow, GATES, GatesRow, INCIDENT_STEPS, INCIDENTS, IncidentRow, IncidentStep, JUDGEMENTS, JudgementRow,
    ORGANIZATIONS, OrganizationRow, PARTIES, PARTIES_IN_ORDER, PLAN_STEPS, PLANS, PartyRow, PlanRow, PlanStep,
    RowError, SITES, Seat, SiteRow, TERMS, Terms, USED, Used, WITHDRAWALS, WithdrawalRow, decode,
};

/// Decodes a row, of the kind that `table` stands for, and encodes what it holds.
pub fn reencoded(table: u8, bytes: &[u8]) -> Result<Vec<u8>, RowError> {
    match table % 20 {
        0 => again::<PartyRow>(PARTIES, bytes),
        1 => again::<SiteRow>(SITES, bytes),
        2 => again::<CatalogueRow>(CATALOGUES, bytes),
        3 => again::<AssessmentRow>(ASSESSMENTS, bytes),
        4 => again::<Answers>(ANSWERS, bytes),
        5 => again::<Used>(USED, bytes),
        6 => again::<PartyId>(PARTIES_IN_ORDER, bytes),
        7 => again::<u64>(ALIKE, bytes),
        8 => again::<Timestamp>(CLOCKS, bytes),
        9 => again::<ChangeRow>(CHANGES, bytes),
        10 => again::<Terms>(TERMS, bytes),
        11 => again::<OrganizationRow>(ORGANIZATIONS, bytes),
        12 => again::<Seat>(ASSESSMENTS_BY_ID, bytes),
        13 => again::<WithdrawalRow>(WITHDRAWALS, bytes),
        14 => again::<JudgementRow>(JUDGEMENTS, bytes),
        15 => again::<GatesRow>(GATES, bytes),
        16 => again::<PlanRow>(PLANS, bytes),
        17 => again::<PlanStep>(PLAN_STEPS, bytes),
        18 => again::<IncidentRow>(INCIDENTS, bytes),
        _ => again::<IncidentStep>(INCIDENT_STEPS, bytes),
    }
}

fn again<T: Serialize + DeserializeOwned>(table: &'static str, bytes: &[u8]) -> Result<Vec<u8>, RowError> {
    Ok(encode(&decode::<T>(table, bytes)?))
}
