//! What is stored: tables, keys and rows. Change anything here, and [`ROW_VERSION`] with it.
//!
//! | table | key | row |
//! |---|---|---|
//! | `parties` | party | [`PartyRow`] |
//! | `parties-in-order` | position | party |
//! | `parties-of-kind` | kind ‖ position | party |
//! | `parties-by-reference` | source ‖ 0 ‖ value | party |
//! | `sites` | site | [`SiteRow`] |
//! | `sites-in-order` | position | site |
//! | `sites-of-operator` | party ‖ position | site |
//! | `sites-by-reference` | source ‖ 0 ‖ value | site |
//! | `catalogues` | digest | [`CataloguePublished`](event::vocabulary::CataloguePublished) |
//! | `assessments` | subject ‖ day ‖ position | [`AssessmentRow`] |
//! | `assessments-alike` | subject ‖ catalogue ‖ 0 ‖ kind ‖ day ‖ position | how many there are up to this one |
//! | `answers` | subject ‖ catalogue ‖ 0 ‖ position | [`Answers`] from this position on |
//! | `standings` | subject ‖ position | [`Standing`] from this position on |
//! | `last-alike`, `last-answers`, `last-standing` | as above without the position | the last position there, or count |
//!
//! Positions are eight bytes and days four, most significant first, so that rows lie in their order. What changes is
//! not overwritten: the row as of a position is the last one up to it.

use event::codec::{DecodeError, decode_strict, encode};
use event::vocabulary::{AssessmentKind, AssessmentSubmitted, PartyProfile, Reference, SiteRegistered, Slug, Subject};
use event::{AssessmentId, Date, PartyId, StatementId, StreamPosition, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use views::VALUE_BYTES_MAX;

/// The version of everything in this module.
pub(crate) const ROW_VERSION: u32 = 1;

pub(crate) const PARTIES: &str = "parties";
pub(crate) const PARTIES_IN_ORDER: &str = "parties-in-order";
pub(crate) const PARTIES_OF_KIND: &str = "parties-of-kind";
pub(crate) const PARTIES_BY_REFERENCE: &str = "parties-by-reference";
pub(crate) const SITES: &str = "sites";
pub(crate) const SITES_IN_ORDER: &str = "sites-in-order";
pub(crate) const SITES_OF_OPERATOR: &str = "sites-of-operator";
pub(crate) const SITES_BY_REFERENCE: &str = "sites-by-reference";
pub(crate) const CATALOGUES: &str = "catalogues";
pub(crate) const ASSESSMENTS: &str = "assessments";
pub(crate) const ALIKE: &str = "assessments-alike";
pub(crate) const ANSWERS: &str = "answers";
pub(crate) const STANDINGS: &str = "standings";
pub(crate) const LAST_ALIKE: &str = "last-alike";
pub(crate) const LAST_ANSWERS: &str = "last-answers";
pub(crate) const LAST_STANDING: &str = "last-standing";

/// Where something is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Recorded {
    pub(crate) position: StreamPosition,
    pub(crate) statement: StatementId,
    pub(crate) admitted_at: Timestamp,
}

/// A party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PartyRow {
    pub(crate) recorded: Recorded,
    pub(crate) profile: PartyProfile,
}

/// A site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SiteRow {
    pub(crate) recorded: Recorded,
    pub(crate) registered: SiteRegistered,
}

/// An assessment; longer than its statement by less than 100 bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AssessmentRow {
    pub(crate) recorded: Recorded,
    pub(crate) id: AssessmentId,
    pub(crate) by: PartyId,
    pub(crate) submitted: AssessmentSubmitted,
}

/// Where an assessment lies in the history of its subject; a later one is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The last day it speaks about.
    pub(crate) day: Date,
    pub(crate) position: StreamPosition,
}

/// What stands for a subject under one catalogue, all its versions together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answers {
    /// The latest assessment; none only before the first.
    pub(crate) latest: Option<Place>,
    /// One for each criterion that was ever asked, in the order of the version used last; at most
    /// [`CRITERIA_MAX`](event::vocabulary::CRITERIA_MAX), so at most 22 KiB: slug 65, kind 1, day 5, position 10 bytes.
    pub(crate) criteria: Vec<Present>,
}

/// Which assessment holds the present answer to a criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Present {
    pub(crate) criterion: Slug,
    pub(crate) kind: AssessmentKind,
    pub(crate) place: Place,
}

/// Under which catalogues a subject was assessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// The catalogue used last first; at most [`CATALOGUES_MAX`](rpc::limits::CATALOGUES_MAX).
    pub(crate) catalogues: Vec<Used>,
}

/// A catalogue and which row of `answers` stands under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Used {
    pub(crate) slug: Slug,
    pub(crate) answers: StreamPosition,
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

/// Reads what [`encode`] wrote.
pub(crate) fn decode<T: Serialize + DeserializeOwned>(table: &'static str, bytes: &[u8]) -> Result<T, RowError> {
    decode_strict(bytes, VALUE_BYTES_MAX).map_err(|why| RowError::Unreadable { table, why })
}

pub(crate) fn position_key(position: StreamPosition) -> [u8; 8] {
    position.get().to_be_bytes()
}

/// Days before 1970 lie before those after.
pub(crate) fn day_key(day: Date) -> [u8; 4] {
    (day.unix_days().cast_unsigned() ^ (1 << 31)).to_be_bytes()
}

pub(crate) fn place_key(place: Place) -> [u8; 12] {
    let mut key = [0; 12];
    key[..4].copy_from_slice(&day_key(place.day));
    key[4..].copy_from_slice(&position_key(place.position));
    key
}

pub(crate) fn subject_key(subject: Subject) -> [u8; 17] {
    let (kind, id) = match &subject {
        Subject::Party(party) => (0, party.as_bytes()),
        Subject::Site(site) => (1, site.as_bytes()),
    };
    let mut key = [kind; 17];
    key[1..].copy_from_slice(id);
    key
}

/// Of one subject under one catalogue. A slug holds no zero byte.
pub(crate) fn catalogue_key(subject: Subject, catalogue: &Slug) -> Vec<u8> {
    [&subject_key(subject)[..], catalogue.as_str().as_bytes(), &[0]].concat()
}

/// Of one subject under one catalogue, looked at in one way, about one day.
pub(crate) fn alike_key(subject: Subject, catalogue: &Slug, kind: AssessmentKind, day: Date) -> Vec<u8> {
    [&catalogue_key(subject, catalogue)[..], &encode(&kind), &day_key(day)].concat()
}

pub(crate) fn reference_key(reference: &Reference) -> Vec<u8> {
    [
        reference.source.as_str().as_bytes(),
        &[0],
        reference.value.as_str().as_bytes(),
    ]
    .concat()
}
