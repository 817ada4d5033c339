//! What is stored: tables, keys and rows. Change anything here, and [`ROW_VERSION`] with it.
//!
//! | table | key | row |
//! |---|---|---|
//! | `clocks` | position | when that record was admitted |
//! | `statements` | position | [`StatementRow`], of what is said about lots |
//! | `parties` | party | [`PartyRow`] |
//! | `sites` | site ‖ position | [`SiteRow`] from this position on |
//! | `lots` | lot | [`Birth`] |
//! | `lots-in-order` | birth | [`Listed`] |
//! | `lots-of-site` | site ‖ birth | [`Listed`] |
//! | `lots-of-custodian` | party ‖ birth | [`Listed`]: that the party has or had, since when |
//! | `lots-of-owner` | party ‖ birth | [`Listed`]: that the party owns or owned, since when |
//! | `lots-held` | birth | [`Listed`]: that was ever reached by a hold, since when |
//! | `lots-flagged` | flag ‖ birth | [`Listed`]: that bears this flag, since when |
//! | `steps` | lot ‖ position | [`StepRow`] |
//! | `flags` | lot ‖ position ‖ place | [`FlagRow`] |
//! | `flag-tallies` | lot ‖ flag ‖ position | [`FlagTally`] of the lot up to this position |
//! | `seals` | number ‖ 0 ‖ position | [`SealRow`] from this position on |
//! | `seals-of` | lot ‖ number | since which position it is taken |
//! | `assays` | lot ‖ position | nothing: the statement says it |
//! | `holds` | lot ‖ position | [`HoldRow`] |
//! | `reached` | lot ‖ held lot ‖ position | [`ReachedRow`] |
//! | `names` | kind ‖ text ‖ 0 ‖ position ‖ place | [`NameRow`] |
//! | `transformations` | position | [`TransformationRow`] |
//! | `inputs` | position | [`FlowRow`]s of what went in |
//! | `origins` | position ‖ chunk | [`OriginRow`]s of all that went in, by site and operator |
//! | `signers` | position ‖ chunk | [`SignerRow`]s of all that went in, by key |
//! | `uses-of` | lot ‖ key ‖ position | nothing: the key said something about the lot there |
//! | `uses` | key ‖ position ‖ lot | nothing: the same, by key |
//! | `revocations` | key | [`RevocationRow`], of keys that are not to be believed |
//! | `permits` | permit ‖ position | [`PermitRow`] from this position on |
//! | `permits-of` | site ‖ position | permit |
//! | `capacities` | site ‖ position | [`CapacityRow`] from this position on |
//! | `productions` | site ‖ month ‖ position | the gold declared in the month up to this position |
//! | `balances` | party ‖ month ‖ position | [`BalanceRow`] of the month up to this position |
//! | `receipts` | refiner ‖ month ‖ country ‖ position | [`ReceiptRow`] of the month up to this position |
//!
//! Positions are eight bytes, months four and places two, most significant first, so that rows lie in their order. A birth
//! is a position and a place: the lots that one statement makes come by it in the order of the statement. What changes is
//! not overwritten: the row as of a position is the last one up to it. Where a row is overwritten, it says from which
//! position on, and an earlier reader passes over that.

use event::codec::{DecodeError, decode_strict};
use event::vocabulary::{
    AssayPurpose, Bar, Country, CustodyModel, Event, FinenessMethod, Line, LotForm, PartyKind, PermitKind,
    PermitStatus, QuantityBasis, Reference, ShortText, Transformation,
};
use event::{Date, Fineness, LotId, Mass, PartyId, PublicKey, SiteId, StatementId, StreamPosition, Timestamp};
use ledger::{Flag, FlagKind};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use views::VALUE_BYTES_MAX;

/// The version of everything in this module.
pub(crate) const ROW_VERSION: u32 = 3;

pub(crate) const CLOCKS: &str = "clocks";
pub(crate) const STATEMENTS: &str = "statements";
pub(crate) const PARTIES: &str = "parties";
pub(crate) const SITES: &str = "sites";
pub(crate) const LOTS: &str = "lots";
pub(crate) const LOTS_IN_ORDER: &str = "lots-in-order";
pub(crate) const LOTS_OF_SITE: &str = "lots-of-site";
pub(crate) const LOTS_OF_CUSTODIAN: &str = "lots-of-custodian";
pub(crate) const LOTS_OF_OWNER: &str = "lots-of-owner";
pub(crate) const LOTS_HELD: &str = "lots-held";
pub(crate) const LOTS_FLAGGED: &str = "lots-flagged";
pub(crate) const STEPS: &str = "steps";
pub(crate) const FLAGS: &str = "flags";
pub(crate) const FLAG_TALLIES: &str = "flag-tallies";
pub(crate) const SEALS: &str = "seals";
pub(crate) const SEALS_OF: &str = "seals-of";
pub(crate) const ASSAYS: &str = "assays";
pub(crate) const HOLDS: &str = "holds";
pub(crate) const REACHED: &str = "reached";
pub(crate) const NAMES: &str = "names";
pub(crate) const TRANSFORMATIONS: &str = "transformations";
pub(crate) const INPUTS: &str = "inputs";
pub(crate) const ORIGINS: &str = "origins";
pub(crate) const SIGNERS: &str = "signers";
pub(crate) const USES_OF: &str = "uses-of";
pub(crate) const USES: &str = "uses";
pub(crate) const REVOCATIONS: &str = "revocations";
pub(crate) const PERMITS: &str = "permits";
pub(crate) const PERMITS_OF: &str = "permits-of";
pub(crate) const CAPACITIES: &str = "capacities";
pub(crate) const PRODUCTIONS: &str = "productions";
pub(crate) const BALANCES: &str = "balances";
pub(crate) const RECEIPTS: &str = "receipts";

/// Origins in one row: 120 bytes each at most, so 30 KiB.
pub(crate) const ORIGINS_PER_ROW: usize = 256;
/// Signers in one row: 60 bytes each at most, so 30 KiB.
pub(crate) const SIGNERS_PER_ROW: usize = 512;

/// A statement about lots, as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StatementRow {
    pub(crate) id: StatementId,
    /// In whose name.
    pub(crate) by: PartyId,
    /// Whose key signed it.
    pub(crate) signer: PartyId,
    pub(crate) key: PublicKey,
    pub(crate) stated_at: Timestamp,
    pub(crate) admitted_at: Timestamp,
    pub(crate) event: Event,
}

/// A party, as it was enrolled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PartyRow {
    pub(crate) position: StreamPosition,
    pub(crate) kind: PartyKind,
    pub(crate) name: Line,
    pub(crate) country: Country,
}

/// A site from some position on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SiteRow {
    pub(crate) name: Line,
    pub(crate) operator: PartyId,
    pub(crate) country: Country,
}

/// How a lot came to be known: by which statement, and as which of the lots that it makes known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Birth {
    pub(crate) position: StreamPosition,
    pub(crate) place: u16,
    /// Out of other lots.
    pub(crate) is_made: bool,
}

/// A lot of a list, and since which position it belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    pub(crate) lot: LotId,
    pub(crate) since: StreamPosition,
}

/// How a lot stands after one of its steps: what the ledger says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// The position of that step.
    pub(crate) since: StreamPosition,
    /// The statement of that step.
    pub(crate) latest: StatementId,
    pub(crate) site: Option<SiteId>,
    pub(crate) country: Option<Country>,
    pub(crate) by: PartyId,
    pub(crate) custodian: PartyId,
    pub(crate) owner: PartyId,
    pub(crate) form: LotForm,
    pub(crate) basis: QuantityBasis,
    pub(crate) custody_model: CustodyModel,
    pub(crate) declared_mass: Mass,
    pub(crate) gross_mass: Mass,
    pub(crate) content: Option<ContentRow>,
    pub(crate) fine_mass: Option<Mass>,
    pub(crate) fine_mass_max: Mass,
    pub(crate) seals: u16,
    pub(crate) offer: Option<OfferRow>,
    pub(crate) exported: Option<Country>,
    pub(crate) received_by: Option<PartyId>,
    pub(crate) end: Option<EndRow>,
}

/// How fine a lot is held to be, and by whose word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ContentRow {
    pub(crate) fineness: Fineness,
    pub(crate) method: FinenessMethod,
    pub(crate) silver: Option<Fineness>,
    pub(crate) purpose: Option<AssayPurpose>,
    pub(crate) by: PartyId,
    pub(crate) statement: StatementId,
}

/// An offer that nothing but time has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OfferRow {
    pub(crate) to: PartyId,
    pub(crate) position: StreamPosition,
    pub(crate) admitted_at: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) with_title: bool,
}

/// How and where a lot ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EndRow {
    pub(crate) position: StreamPosition,
    pub(crate) how: Ending,
}

/// How a lot ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ending {
    Transformed,
    Retired,
    Lost,
}

/// One statement on a lot, and how the lot stands after it. What it says is the statement's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StepRow {
    /// Who had it before; none where it was not there.
    pub(crate) from: Option<PartyId>,
    /// Whose it was before.
    pub(crate) from_owner: Option<PartyId>,
    /// To whom it was on offer before.
    pub(crate) offered: Option<PartyId>,
    pub(crate) after: Standing,
}

/// A flag, and the statement that raised it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FlagRow {
    pub(crate) flag: Flag,
    pub(crate) statement: StatementId,
    pub(crate) position: StreamPosition,
}

/// A seal or sample from some position on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SealRow {
    pub(crate) lot: LotId,
    pub(crate) state: SealState,
}

/// How a seal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SealState {
    Whole,
    Broken,
    Sample,
}

/// A hold on a lot itself: the statement at its position says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HoldRow {
    pub(crate) by: PartyId,
    /// Where it was released, if it was.
    pub(crate) until: Option<StreamPosition>,
}

/// That a hold reaches a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReachedRow {
    /// Where the hold was released, if it was.
    pub(crate) until: Option<StreamPosition>,
}

/// A lot that a number names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NameRow {
    pub(crate) lot: LotId,
    /// Who gave it the number.
    pub(crate) by: PartyId,
    pub(crate) more: NameMore,
}

/// What makes a number unique.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum NameMore {
    Nothing,
    Bar(Bar),
    Certificate(Reference),
}

/// What kind of number names a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum NameKind {
    Certificate = 1,
    Bar = 2,
    Melt = 3,
    RefineryLot = 4,
}

/// How lots became others. What went in stands in a row of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TransformationRow {
    pub(crate) statement: StatementId,
    pub(crate) by: PartyId,
    pub(crate) admitted_at: Timestamp,
    pub(crate) how: Transformation,
    pub(crate) melt: Option<ShortText>,
    pub(crate) inputs: u16,
    /// The gold that went in.
    pub(crate) fine_in: Mass,
    pub(crate) lost_gross: Mass,
    pub(crate) lost_fine: Mass,
    /// In the order of the statement.
    pub(crate) outputs: Vec<FlowRow>,
    /// Flags of all that went in, each kind once, in the order of their numbers.
    pub(crate) flags: Vec<FlagTally>,
    /// Rows of `origins`.
    pub(crate) origin_rows: u16,
    /// Rows of `signers`.
    pub(crate) signer_rows: u16,
}

/// A lot that went in or came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FlowRow {
    pub(crate) lot: LotId,
    pub(crate) birth: Birth,
    pub(crate) form: LotForm,
    pub(crate) gross: Mass,
    pub(crate) fine: Mass,
    pub(crate) site: Option<SiteId>,
    pub(crate) by: PartyId,
}

/// Flags of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FlagTally {
    pub(crate) count: u32,
    pub(crate) first: FlagRow,
}

/// A part of the gold, by the site it was dug at and who worked the site then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OriginRow {
    pub(crate) of: (SiteId, PartyId),
    pub(crate) fine: Mass,
    pub(crate) first: DeclarationRow,
    pub(crate) last: DeclarationRow,
    /// Declared lots it comes from.
    pub(crate) lots: u32,
}

/// A declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct DeclarationRow {
    pub(crate) position: StreamPosition,
    pub(crate) lot: LotId,
}

/// A key that spoke in a history, and its last word there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignerRow {
    pub(crate) key: PublicKey,
    pub(crate) last: StreamPosition,
    pub(crate) lot: LotId,
}

/// That a key is not to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RevocationRow {
    pub(crate) position: StreamPosition,
    pub(crate) statement: StatementId,
    /// Since when it is not.
    pub(crate) since: StreamPosition,
}

/// A permit from some position on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PermitRow {
    pub(crate) kind: PermitKind,
    pub(crate) number: Reference,
    pub(crate) authority: Line,
    pub(crate) holder: PartyId,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
    pub(crate) status: PermitStatus,
    pub(crate) out: Option<(Date, Option<Date>)>,
    pub(crate) checked: Option<Date>,
    pub(crate) statement: StatementId,
}

/// What a site can give, from some position on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CapacityRow {
    pub(crate) by: PartyId,
    pub(crate) months: u8,
    pub(crate) fine_mass_max: Mass,
    pub(crate) miners_max: Option<u32>,
    pub(crate) basis: Line,
    pub(crate) statement: StatementId,
}

/// What came to a party and left it in one month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BalanceRow {
    pub(crate) declared: Tally,
    pub(crate) made: Tally,
    pub(crate) received: Tally,
    pub(crate) given: Tally,
    pub(crate) used_up: Tally,
    pub(crate) retired: Tally,
    pub(crate) lost: Tally,
    pub(crate) exported: Tally,
    pub(crate) found_more: Tally,
    pub(crate) found_less: Tally,
    pub(crate) lighter: Mass,
    pub(crate) heavier: Mass,
}

/// Some lots together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub(crate) lots: u32,
    pub(crate) gross: Mass,
    /// The gold in those of which it is known.
    pub(crate) fine: Mass,
    /// The gross mass of the others.
    pub(crate) unassayed: Mass,
}

/// What a refiner took into its books in one month from one country.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReceiptRow {
    pub(crate) lots: u32,
    pub(crate) fine: Mass,
    pub(crate) unassayed: Mass,
    /// The part of the gold that is invented.
    pub(crate) illustrative: Mass,
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

pub(crate) const fn unreadable(table: &'static str) -> RowError {
    RowError::Unreadable {
        table,
        why: DecodeError::Malformed,
    }
}

pub(crate) const fn missing(table: &'static str) -> RowError {
    RowError::Missing { table }
}

pub(crate) fn position_key(position: StreamPosition) -> [u8; 8] {
    position.get().to_be_bytes()
}

/// A key of something that is kept for every position at which it changed.
pub(crate) fn key_at(key: &[u8], position: StreamPosition) -> Vec<u8> {
    [key, &position_key(position)].concat()
}

/// The position at the end of a key.
pub(crate) fn position_of(table: &'static str, key: &[u8]) -> Result<StreamPosition, RowError> {
    let bytes = key.last_chunk().ok_or_else(|| unreadable(table))?;
    Ok(StreamPosition::new(u64::from_be_bytes(*bytes)))
}

/// The bytes of a birth's key.
pub(crate) const BIRTH_BYTES: usize = 10;

/// Of what lies at a position, by its place there.
pub(crate) fn birth_key(position: StreamPosition, place: u16) -> [u8; BIRTH_BYTES] {
    let mut key = [0; BIRTH_BYTES];
    key[..8].copy_from_slice(&position_key(position));
    key[8..].copy_from_slice(&place.to_be_bytes());
    key
}

impl Birth {
    pub(crate) fn key(self) -> [u8; BIRTH_BYTES] {
        birth_key(self.position, self.place)
    }
}

/// Months before 1970 lie before those after.
pub(crate) fn month_key(month: i32) -> [u8; 4] {
    (month.cast_unsigned() ^ (1 << 31)).to_be_bytes()
}

pub(crate) fn month_of(bytes: [u8; 4]) -> i32 {
    (u32::from_be_bytes(bytes) ^ (1 << 31)).cast_signed()
}

pub(crate) fn flag_key(kind: FlagKind) -> [u8; 2] {
    (kind as u16).to_be_bytes()
}

/// A text holds no zero byte.
pub(crate) fn seal_key(number: &ShortText) -> Vec<u8> {
    [number.as_str().as_bytes(), &[0]].concat()
}

pub(crate) fn name_key(kind: NameKind, text: &ShortText) -> Vec<u8> {
    [&[kind as u8], text.as_str().as_bytes(), &[0]].concat()
}

/// Two letters.
pub(crate) fn country_key(country: Country) -> Vec<u8> {
    country.to_string().into_bytes()
}
