//! What is stored: tables, keys and rows. Change anything here, and [`ROW_VERSION`] with it.
//!
//! | table | key | row |
//! |---|---|---|
//! | `parties` | party | its name |
//! | `sites` | site | its name |
//! | `lots` | lot | [`LotRow`] |
//! | `lots-in-order` | position of the declaration | lot |
//! | `lots-of-site` | site ‖ position of the declaration | lot |
//! | `lots-of-custodian` | party ‖ position of the declaration | lot that the party has or had |
//! | `seals` | number | lot |
//! | `steps` | lot ‖ position | [`StepRow`] |
//!
//! Positions are eight bytes, most significant first, so that rows lie in their order.

use event::codec::{DecodeError, decode_strict};
use event::vocabulary::{Line, LotDeclared, SealState};
use event::{Mass, PartyId, PublicKey, StatementId, StreamPosition, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use views::VALUE_BYTES_MAX;

/// The version of everything in this module.
pub(crate) const ROW_VERSION: u32 = 1;

pub(crate) const PARTIES: &str = "parties";
pub(crate) const SITES: &str = "sites";
pub(crate) const LOTS: &str = "lots";
pub(crate) const LOTS_IN_ORDER: &str = "lots-in-order";
pub(crate) const LOTS_OF_SITE: &str = "lots-of-site";
pub(crate) const LOTS_OF_CUSTODIAN: &str = "lots-of-custodian";
pub(crate) const SEALS: &str = "seals";
pub(crate) const STEPS: &str = "steps";

/// A lot: what was declared, which never changes, and how it stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LotRow {
    pub(crate) declared_at: StreamPosition,
    pub(crate) declared_by: PartyId,
    pub(crate) declared: LotDeclared,
    pub(crate) now: Holding,
}

/// How a lot stands after one of its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holding {
    /// The position of that step.
    pub(crate) since: StreamPosition,
    /// The statement of that step.
    pub(crate) latest: StatementId,
    /// Who has it, or had it when it was retired.
    pub(crate) custodian: PartyId,
    /// As last weighed.
    pub(crate) gross_mass: Mass,
    pub(crate) offer: Option<OfferRow>,
    pub(crate) retired: bool,
}

/// An open offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OfferRow {
    pub(crate) to: PartyId,
    pub(crate) position: StreamPosition,
    pub(crate) admitted_at: Timestamp,
}

/// One statement on a lot, and how the lot stands after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StepRow {
    /// The name of the event.
    pub(crate) event: String,
    pub(crate) key: PublicKey,
    pub(crate) stated_at: Timestamp,
    pub(crate) admitted_at: Timestamp,
    pub(crate) what: What,
    pub(crate) after: Holding,
}

/// What a step says, by the roles of those in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct What {
    /// Who had the lot before.
    pub(crate) from: Option<PartyId>,
    /// Who declared it, was offered it, took it, declined it or lost the offer.
    pub(crate) to: Option<PartyId>,
    pub(crate) gross_mass: Option<Mass>,
    pub(crate) seals: Option<SealState>,
    pub(crate) reason: Option<Line>,
}

/// A stored row is not what this code stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RowError {
    /// It cannot be read.
    #[error("a row of table {table} cannot be read: {why}; remove the rows of this service, they are rebuilt")]
    Unreadable {
        /// Where it is stored.
        table: &'static str,
        /// What is wrong with it.
        why: DecodeError,
    },
    /// Another row names it, and it is not there.
    #[error("table {table} lacks a row that another one names; remove the rows of this service, they are rebuilt")]
    Missing {
        /// Where it should be stored.
        table: &'static str,
    },
}

/// Reads what [`event::codec::encode`] wrote.
pub(crate) fn decode<T: Serialize + DeserializeOwned>(table: &'static str, bytes: &[u8]) -> Result<T, RowError> {
    decode_strict(bytes, VALUE_BYTES_MAX).map_err(|why| RowError::Unreadable { table, why })
}

pub(crate) fn position_key(position: StreamPosition) -> [u8; 8] {
    position.get().to_be_bytes()
}

/// Of something that an id names, at a position.
pub(crate) fn step_key(id: &[u8; 16], position: StreamPosition) -> [u8; 24] {
    let mut key = [0; 24];
    key[..16].copy_from_slice(id);
    key[16..].copy_from_slice(&position_key(position));
    key
}
