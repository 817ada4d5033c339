//! What is stored: tables, keys and rows. Change anything here, and [`ROW_VERSION`] with it.
//!
//! | table | key | row |
//! |---|---|---|
//! | `clocks` | position | when that record was admitted |
//! | `changes` | position | [`ChangeRow`] |
//! | `terms` | position | [`Terms`] from this position on |
//! | `parties` | party | [`PartyRow`] |
//! | `parties-in-order` | position | party |
//! | `parties-of-kind` | kind ‖ position | party |
//! | `parties-by-reference` | source ‖ 0 ‖ value | party |
//! | `sites` | site ‖ position | [`SiteRow`] from this position on |
//! | `sites-in-order` | position | site |
//! | `sites-of-operator` | party ‖ position | the site that it works from this position on |
//! | `sites-left` | party ‖ position | the position from which on it no longer works the site that it worked from this one on |
//! | `sites-by-reference` | source ‖ 0 ‖ value | site |
//! | `organizations` | party ‖ position | [`OrganizationRow`] from this position on |
//! | `catalogues` | digest | [`CatalogueRow`] |
//! | `assessments` | subject ‖ day ‖ position | [`AssessmentRow`] |
//! | `assessments-by-id` | assessment | [`Seat`] |
//! | `assessments-alike` | subject ‖ kind ‖ day ‖ position | how many there are of that day up to this one |
//! | `standing-assessments` | subject ‖ kind ‖ day ‖ position | the catalogue's digest; gone once it is withdrawn |
//! | `withdrawals` | subject ‖ day ‖ position | [`WithdrawalRow`] |
//! | `judgements` | subject ‖ day ‖ position ‖ 0 or 1 ‖ position | [`JudgementRow`]; 1 where it contests |
//! | `gates` | subject ‖ block ‖ position | the ledger's [`Gates`], packed, on criteria of these numbers, from this position on |
//! | `answers` | subject ‖ catalogue ‖ 0 ‖ position | [`Answers`] from this position on |
//! | `used` | subject ‖ position | [`Used`] from this position on |
//! | `plans` | plan | [`PlanRow`] |
//! | `plans-of` | party ‖ position | plan |
//! | `plan-steps` | plan ‖ position | [`PlanStep`] |
//! | `incidents` | incident | [`IncidentRow`] |
//! | `incidents-of` | party ‖ position | incident |
//! | `incident-steps` | incident ‖ position | [`IncidentStep`] |
//! | `reports` | party ‖ position | the report |
//! | `decisions` | party ‖ position | the decision |
//! | `operated` | party | the sites it works now |
//!
//! Positions are eight bytes and days four, most significant first, so that rows lie in their order. What changes is
//! not overwritten: the row as of a position is the last one up to it. Criteria and indicators stand in rows by the
//! ledger's numbers, which are the same in every version that keeps them.

use event::codec::{DecodeError, List, decode_strict, encode};
use event::vocabulary::{
    AssessmentKind, AssessmentSubmitted, CRITERIA_MAX, CatalogueDigest, CataloguePublished, EventKind, Evidence,
    IncidentClosed, IncidentReported, IncidentUpdated, Line, MilestoneReported, MilestoneState, PartyProfile,
    PlanAdopted, PlanClosed, PlanExtended, Reference, Scale, SiteRegistered, Slug, Standing, Subject,
};
use event::{AssessmentId, Date, IncidentId, PartyId, PlanId, SiteId, StatementId, StreamPosition, Timestamp};
use ledger::{Catalogue, Conduct, CriterionNumber, Policy};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use views::VALUE_BYTES_MAX;

use crate::course::Course;
use crate::packed::{PackedAnswers, PackedGates};

pub(crate) use ledger::standing::Answers as Gates;

/// The version of everything in this module.
pub(crate) const ROW_VERSION: u32 = 4;

pub(crate) const CLOCKS: &str = "clocks";
pub(crate) const CHANGES: &str = "changes";
pub(crate) const TERMS: &str = "terms";
pub(crate) const PARTIES: &str = "parties";
pub(crate) const PARTIES_IN_ORDER: &str = "parties-in-order";
pub(crate) const PARTIES_OF_KIND: &str = "parties-of-kind";
pub(crate) const PARTIES_BY_REFERENCE: &str = "parties-by-reference";
pub(crate) const SITES: &str = "sites";
pub(crate) const SITES_IN_ORDER: &str = "sites-in-order";
pub(crate) const SITES_OF_OPERATOR: &str = "sites-of-operator";
pub(crate) const SITES_LEFT: &str = "sites-left";
pub(crate) const SITES_BY_REFERENCE: &str = "sites-by-reference";
pub(crate) const ORGANIZATIONS: &str = "organizations";
pub(crate) const CATALOGUES: &str = "catalogues";
pub(crate) const ASSESSMENTS: &str = "assessments";
pub(crate) const ASSESSMENTS_BY_ID: &str = "assessments-by-id";
pub(crate) const ALIKE: &str = "assessments-alike";
pub(crate) const STANDING_ASSESSMENTS: &str = "standing-assessments";
pub(crate) const WITHDRAWALS: &str = "withdrawals";
pub(crate) const JUDGEMENTS: &str = "judgements";
pub(crate) const GATES: &str = "gates";
pub(crate) const ANSWERS: &str = "answers";
pub(crate) const USED: &str = "used";
pub(crate) const PLANS: &str = "plans";
pub(crate) const PLANS_OF: &str = "plans-of";
pub(crate) const PLAN_STEPS: &str = "plan-steps";
pub(crate) const INCIDENTS: &str = "incidents";
pub(crate) const INCIDENTS_OF: &str = "incidents-of";
pub(crate) const INCIDENT_STEPS: &str = "incident-steps";
pub(crate) const REPORTS: &str = "reports";
pub(crate) const DECISIONS: &str = "decisions";
pub(crate) const OPERATED: &str = "operated";

/// Open plans that an organization's row names: those with the earliest unfinished milestones, so that none that is
/// overdue is hidden behind others.
pub(crate) const OPEN_PLANS_MAX: usize = 64;
/// Open incidents that an organization's row names: grave ones before others, older ones before newer ones.
pub(crate) const OPEN_INCIDENTS_MAX: usize = 64;

/// Where something is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Recorded {
    pub(crate) position: StreamPosition,
    pub(crate) statement: StatementId,
    pub(crate) admitted_at: Timestamp,
}

/// What a record that matters here changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChangeRow {
    pub(crate) kind: EventKind,
    pub(crate) statement: StatementId,
    pub(crate) by: PartyId,
    pub(crate) admitted_at: Timestamp,
    pub(crate) touched: Touched,
}

/// Whom a record concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Touched {
    /// Nobody in particular.
    Nobody,
    /// Every organization: what standings follow from is otherwise.
    Everyone,
    /// An organization, perhaps at one of its sites.
    One {
        organization: PartyId,
        site: Option<SiteId>,
        /// Right before and right after; none for a party that neither digs nor processes.
        before: Option<Standing>,
        after: Option<Standing>,
    },
    /// A site went from one organization to another.
    Moved { site: SiteId, from: Turn, to: Turn },
}

/// What a record changed for one of two organizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Turn {
    pub(crate) organization: PartyId,
    /// Right before and right after.
    pub(crate) before: Option<Standing>,
    pub(crate) after: Option<Standing>,
}

/// What every standing follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Terms {
    pub(crate) policy: Policy,
    /// The catalogue with the gates.
    pub(crate) gating: Option<CatalogueDigest>,
    /// When these came into force.
    pub(crate) since: Timestamp,
    /// The position of those before.
    pub(crate) before: StreamPosition,
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
    /// Where it is registered.
    pub(crate) recorded: Recorded,
    /// As it was registered, and amended since.
    pub(crate) registered: SiteRegistered,
    /// Since which position its operator works it.
    pub(crate) since: StreamPosition,
}

/// How an organization is doing, as far as a list must know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrganizationRow {
    /// What it did; as the ledger has it.
    pub(crate) conduct: Conduct,
    /// What follows from now on, as long as nothing is said; empty for a party that neither digs nor processes.
    pub(crate) course: Course,
    /// Under which terms that is so.
    pub(crate) terms: StreamPosition,
    /// The last day of the newest assessment of it or a site; quotations aside.
    pub(crate) newest: Option<Date>,
    /// How many sites it works.
    pub(crate) sites: u16,
    /// The earliest unfinished milestone first, those without one last.
    pub(crate) open_plans: Vec<OpenPlan>,
    /// Every one that is open, also of those that `open_incidents` has no room for.
    pub(crate) open_incidents_count: u32,
    /// Grave ones first, and then in the order they were reported.
    pub(crate) open_incidents: Vec<OpenIncident>,
}

/// A plan that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OpenPlan {
    pub(crate) plan: PlanId,
    /// When the first milestone is due that is neither done nor dropped.
    pub(crate) due: Option<Date>,
}

/// An incident that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OpenIncident {
    pub(crate) incident: IncidentId,
    pub(crate) is_grave: bool,
}

/// A catalogue version: 48 KiB of statement, and 8 bytes for each criterion and indicator, and for its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CatalogueRow {
    /// Where it is recorded.
    pub(crate) position: StreamPosition,
    pub(crate) published: CataloguePublished,
    /// The numbers, as the ledger gave them.
    pub(crate) numbered: Catalogue,
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

/// Where an assessment lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Seat {
    pub(crate) subject: Subject,
    pub(crate) place: Place,
}

/// An assessment was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WithdrawalRow {
    pub(crate) position: StreamPosition,
    pub(crate) reason: Line,
}

/// What somebody else says about an assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct JudgementRow {
    /// How many of its kind there are about this assessment, up to this one.
    pub(crate) count: u32,
    pub(crate) criteria: List<u16, CRITERIA_MAX>,
    pub(crate) text: Option<Line>,
    pub(crate) evidence: Evidence,
}

/// What stands for a subject on gates of one block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "PackedGates")]
pub(crate) struct GatesRow(pub(crate) Gates);

/// What stands for a subject under one catalogue, all its versions together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "PackedAnswers")]
pub(crate) struct Answers {
    /// The latest assessment; none where all were withdrawn.
    pub(crate) latest: Option<Place>,
    /// One for each criterion that was ever asked, in the order of the version used last; at most [`CRITERIA_MAX`], so
    /// at most 22 KiB: number 5 and 1, and for each of four kinds the place's number 2, the place 15, what it says 2 bytes.
    pub(crate) criteria: Vec<Present>,
}

/// The newest answers to one criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Present {
    pub(crate) number: CriterionNumber,
    /// By who looked, the one that gives least assurance first.
    pub(crate) by_kind: [Option<Newest>; AssessmentKind::ALL.len()],
}

/// The newest answer of one kind to one criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Newest {
    pub(crate) place: Place,
    pub(crate) says: Says,
}

/// What must be known of an answer wherever it is compared with others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Says {
    /// Nothing of the following.
    #[default]
    Other,
    /// A level.
    Level(u8),
    /// That something is not met.
    Unmet,
}

/// Under which catalogues a subject was assessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Used {
    /// The catalogue used last first; at most [`CATALOGUES_MAX`](rpc::limits::CATALOGUES_MAX).
    pub(crate) catalogues: Vec<Slug>,
}

/// A plan as it was adopted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlanRow {
    pub(crate) position: StreamPosition,
    pub(crate) organization: PartyId,
    pub(crate) adopted: PlanAdopted,
}

/// What was said about a plan, and how it stands since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlanStep {
    pub(crate) said: PlanSaid,
    pub(crate) state: PlanState,
}

/// What can be said about a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PlanSaid {
    Milestone(MilestoneReported),
    Extended(PlanExtended),
    Closed(PlanClosed),
}

/// How a plan stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlanState {
    pub(crate) milestones: Vec<MilestoneNow>,
    /// Where it was closed.
    pub(crate) closed: Option<StreamPosition>,
}

/// How a milestone stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MilestoneNow {
    pub(crate) due: Date,
    /// How far it has come, and where that was reported.
    pub(crate) reported: Option<(MilestoneState, StreamPosition)>,
    pub(crate) extensions: u32,
    /// Where it was extended last.
    pub(crate) extended: Option<StreamPosition>,
}

/// An incident as it was reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IncidentRow {
    pub(crate) id: IncidentId,
    pub(crate) position: StreamPosition,
    /// Who answers for it: who worked the site when it was reported, whoever works it since.
    pub(crate) organization: PartyId,
    pub(crate) reported: IncidentReported,
}

/// What was said about an incident since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IncidentStep {
    pub(crate) said: IncidentSaid,
    /// How many updates there were up to this one.
    pub(crate) updates: u32,
}

/// What can be said about an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum IncidentSaid {
    Updated(IncidentUpdated),
    Closed(IncidentClosed),
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

/// None, as before the founding.
impl Default for Terms {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            gating: None,
            since: Timestamp::MIN,
            before: StreamPosition::START,
        }
    }
}

impl PlanState {
    /// As it was adopted.
    pub(crate) fn of(adopted: &PlanAdopted) -> Self {
        let now = |milestone: &event::vocabulary::Milestone| MilestoneNow {
            due: milestone.due,
            reported: None,
            extensions: 0,
            extended: None,
        };
        Self {
            milestones: adopted.milestones.iter().map(now).collect(),
            closed: None,
        }
    }

    /// When the first milestone is due that is neither done nor dropped.
    pub(crate) fn due(&self) -> Option<Date> {
        let unfinished = self.milestones.iter().filter(|milestone| !milestone.is_finished());
        unfinished.map(|milestone| milestone.due).min()
    }
}

impl MilestoneNow {
    /// Whether nothing is left to be done about it.
    pub(crate) fn is_finished(&self) -> bool {
        let state = self.reported.map(|(state, _)| state);
        matches!(state, Some(MilestoneState::Done | MilestoneState::Dropped))
    }
}

impl CatalogueRow {
    /// Whether all that can be answered under it is somebody's words: what was quoted is neither good nor bad, fresh nor
    /// stale, and whoever quotes gives no assurance of it.
    pub(crate) fn is_quoted(&self) -> bool {
        let words = |criterion: &ledger::Criterion| criterion.scale == Scale::Words;
        self.numbered.indicators.is_empty() && self.numbered.criteria.iter().all(words)
    }
}

/// Reads what [`encode`] wrote.
pub(crate) fn decode<T: Serialize + DeserializeOwned>(table: &'static str, bytes: &[u8]) -> Result<T, RowError> {
    decode_strict(bytes, VALUE_BYTES_MAX).map_err(|why| RowError::Unreadable { table, why })
}

pub(crate) fn position_key(position: StreamPosition) -> [u8; 8] {
    position.get().to_be_bytes()
}

/// A key of something that is kept for every position at which it changed.
pub(crate) fn key_at(key: &[u8], position: StreamPosition) -> Vec<u8> {
    [key, &position_key(position)].concat()
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

/// The place at the end of a key.
pub(crate) fn place_of(table: &'static str, key: &[u8]) -> Result<Place, RowError> {
    let bytes: &[u8; 12] = key.last_chunk().ok_or_else(|| unreadable(table))?;
    let (day, position) = bytes.split_first_chunk::<4>().ok_or_else(|| unreadable(table))?;
    let day = (u32::from_be_bytes(*day) ^ (1 << 31)).cast_signed();
    Ok(Place {
        day: Date::from_unix_days(day),
        position: position_of(table, position)?,
    })
}

/// The position at the end of a key.
pub(crate) fn position_of(table: &'static str, key: &[u8]) -> Result<StreamPosition, RowError> {
    let bytes = key.last_chunk().ok_or_else(|| unreadable(table))?;
    Ok(StreamPosition::new(u64::from_be_bytes(*bytes)))
}

const fn unreadable(table: &'static str) -> RowError {
    RowError::Unreadable {
        table,
        why: DecodeError::Malformed,
    }
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

pub(crate) fn seat_key(seat: Seat) -> Vec<u8> {
    [&subject_key(seat.subject)[..], &place_key(seat.place)].concat()
}

/// Of one subject under one catalogue. A slug holds no zero byte.
pub(crate) fn catalogue_key(subject: Subject, catalogue: &Slug) -> Vec<u8> {
    [&subject_key(subject)[..], catalogue.as_str().as_bytes(), &[0]].concat()
}

/// Criteria are numbered as catalogues come, and their gates are kept in blocks, so that no row grows without bound: a
/// block of 128 criteria, in four kinds of 18 bytes each with its place, stays below 12 KiB.
const GATES_BLOCK: u32 = 128;

/// The block that the gate of a criterion is kept in.
pub(crate) const fn gates_block(number: CriterionNumber) -> u32 {
    number.0 / GATES_BLOCK
}

/// Of one subject, gates of one block.
pub(crate) fn gates_key(subject: Subject, block: u32) -> Vec<u8> {
    [&subject_key(subject)[..], &block.to_be_bytes()].concat()
}

/// Of one subject, looked at in one way.
pub(crate) fn kind_key(subject: Subject, kind: AssessmentKind) -> Vec<u8> {
    [&subject_key(subject)[..], &encode(&kind)].concat()
}

/// Of one assessment, what others say for or against it.
pub(crate) fn judged_key(seat: Seat, is_contest: bool) -> Vec<u8> {
    [seat_key(seat), vec![u8::from(is_contest)]].concat()
}

pub(crate) fn reference_key(reference: &Reference) -> Vec<u8> {
    [
        reference.source.as_str().as_bytes(),
        &[0],
        reference.value.as_str().as_bytes(),
    ]
    .concat()
}
