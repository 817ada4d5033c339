//! Rows as of a position, and clocks as of an instant.
//!
//! Whatever was recorded later is not there. Rows that change are kept for every position at which they changed, so
//! the past costs no more to read than the present.

mod known;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use event::codec::encode;
use event::vocabulary::{AssessmentKind, CatalogueDigest, PartyKind, Reference, Subject};
use event::{Date, PartyId, SiteId, StreamPosition, Timestamp};
use rpc::InvalidMessage;
use rpc::progress::{AsOf, Source, StatementAt};
use rpc::view::{PartyName, SiteName};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use views::{DeskError, Order, Row, Snapshot, StoreError};

use crate::course::Held;
use crate::rows::{
    ALIKE, ANSWERS, ASSESSMENTS, Answers, AssessmentRow, CATALOGUES, CHANGES, CLOCKS, CatalogueRow, ChangeRow,
    JUDGEMENTS, JudgementRow, ORGANIZATIONS, OrganizationRow, PARTIES, PARTIES_BY_REFERENCE, PARTIES_IN_ORDER,
    PARTIES_OF_KIND, PartyRow, Place, RowError, SITES, SITES_BY_REFERENCE, SITES_IN_ORDER, SITES_LEFT,
    SITES_OF_OPERATOR, Seat, SiteRow, TERMS, Terms, USED, Used, WITHDRAWALS, WithdrawalRow, catalogue_key, day_key,
    decode, judged_key, key_at, kind_key, place_of, position_key, position_of, reference_key, seat_key, subject_key,
};

/// Reads of [`CATALOGUES_AT_HAND_MAX`] catalogues for one list: some 1,000, where a deployment has a few.
const CATALOGUE_READS_MAX: usize = 16;
/// Catalogues kept at hand while one request is answered: 53 KiB each at most, so 4 MiB.
const CATALOGUES_AT_HAND_MAX: usize = 64;
/// Assessments kept at hand while one request is answered: 49 KiB each at most, so 13 MiB.
const ASSESSMENTS_AT_HAND_MAX: usize = 256;

/// Names of those who assess, kept at hand while one request is answered: 300 bytes each at most, so 80 KiB.
const NAMES_AT_HAND_MAX: usize = 256;
/// What is said for or against assessments, kept at hand while one request is answered: 2 KiB for each of
/// [`JUDGEMENTS_READ_MAX`], so 8 MiB.
const JUDGED_AT_HAND_MAX: usize = 64;
/// What is read of what is said for, and against, one assessment. More is counted as if it were about every criterion:
/// nobody hides a contest behind others.
const JUDGEMENTS_READ_MAX: usize = 64;

/// Why a request is not answered.
#[derive(Debug, Error)]
pub(crate) enum ReadError {
    /// There is no such thing, or was none at that position.
    #[error("{0} is not known")]
    NotFound(String),
    /// The request means nothing.
    #[error(transparent)]
    Invalid(#[from] InvalidMessage),
    /// Nothing was read.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The rows cannot be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A row is not what it must be.
    #[error(transparent)]
    Row(#[from] RowError),
}

type Result<T> = core::result::Result<T, ReadError>;

/// Reads the rows as of a position that they have reached, with clocks as of an instant.
pub(crate) struct Reading<'a> {
    rows: &'a Snapshot<'a>,
    at: StreamPosition,
    now: Timestamp,
    terms_at: StreamPosition,
    terms: Terms,
    catalogues: BTreeMap<CatalogueDigest, Arc<CatalogueRow>>,
    assessments: BTreeMap<Seat, Arc<AssessmentRow>>,
    judged: BTreeMap<(Seat, bool), Arc<Judged>>,
    /// Of those who assess: a few, who are named beside every answer.
    names: BTreeMap<PartyId, PartyName>,
    /// Under the catalogue that standings follow from.
    held: BTreeMap<Subject, Arc<Held>>,
}

/// What others say for, or against, an assessment.
pub(crate) struct Judged {
    /// The latest first.
    pub(crate) read: Vec<(StreamPosition, JudgementRow)>,
    /// Those there was no room to read.
    pub(crate) not_read: u32,
}

/// Which list, in the order of its rows' positions.
#[derive(Clone, Copy, Debug)]
pub(crate) enum List {
    /// Every party, or those of one kind.
    Parties(Option<PartyKind>),
    /// Every site, or those of one operator.
    Sites(Option<PartyId>),
}

impl<'a> Reading<'a> {
    /// As of a position that is reached, and an instant; `wall_clock` is what the time is now.
    pub(crate) fn new(rows: &'a Snapshot<'a>, as_of: AsOf, wall_clock: Timestamp) -> Result<Self> {
        let mut reading = Self {
            rows,
            at: rows.cursor(),
            now: wall_clock,
            terms_at: StreamPosition::START,
            terms: Terms::default(),
            catalogues: BTreeMap::new(),
            assessments: BTreeMap::new(),
            judged: BTreeMap::new(),
            names: BTreeMap::new(),
            held: BTreeMap::new(),
        };
        let admitted = |at: StreamPosition| {
            reading
                .last_before(CLOCKS, b"", at.next(), 1)
                .map(|mut rows| rows.pop())
        };
        (reading.at, reading.now) = as_of.meant(rows.cursor(), wall_clock, admitted)?;
        if let Some((position, terms)) = reading.last(TERMS, b"", 1)?.pop() {
            (reading.terms_at, reading.terms) = (position, terms);
        }
        Ok(reading)
    }

    /// The same rows as of another position and instant. Catalogues never change: those at hand stay at hand.
    pub(crate) fn again(&self, as_of: AsOf, wall_clock: Timestamp) -> Result<Self> {
        let mut reading = Self::new(self.rows, as_of, wall_clock)?;
        reading.catalogues.clone_from(&self.catalogues);
        Ok(reading)
    }

    /// The position the answer is true of.
    pub(crate) const fn at(&self) -> StreamPosition {
        self.at
    }

    /// The instant at which clocks are read.
    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) fn today(&self) -> Date {
        self.now.date()
    }

    /// What every standing follows from, and where that came into force.
    pub(crate) const fn terms(&self) -> (StreamPosition, &Terms) {
        (self.terms_at, &self.terms)
    }

    pub(crate) fn party(&self, id: PartyId) -> Result<Option<PartyRow>> {
        let row: Option<PartyRow> = self.get(PARTIES, id.as_bytes())?;
        Ok(row.filter(|row| row.recorded.position <= self.at))
    }

    pub(crate) fn site(&self, id: SiteId) -> Result<Option<SiteRow>> {
        let last = self.last(SITES, id.as_bytes(), 1)?.pop();
        Ok(last.map(|(_, row)| row))
    }

    /// Perhaps of later than the position: the party's own row says.
    pub(crate) fn party_of(&self, reference: &Reference) -> Result<Option<PartyId>> {
        self.get(PARTIES_BY_REFERENCE, &reference_key(reference))
    }

    /// Perhaps of later than the position: the site's own row says.
    pub(crate) fn site_of(&self, reference: &Reference) -> Result<Option<SiteId>> {
        self.get(SITES_BY_REFERENCE, &reference_key(reference))
    }

    /// The name of a party that another row names.
    pub(crate) fn party_name(&self, id: PartyId) -> Result<PartyName> {
        let row = self.party(id)?.ok_or(RowError::Missing { table: PARTIES })?;
        Ok(PartyName::new(id, row.profile.name.as_str()))
    }

    /// The same of one who will be named again.
    pub(crate) fn assessor_name(&mut self, id: PartyId) -> Result<PartyName> {
        if let Some(name) = self.names.get(&id) {
            return Ok(name.clone());
        }
        let name = self.party_name(id)?;
        if self.names.len() < NAMES_AT_HAND_MAX {
            self.names.insert(id, name.clone());
        }
        Ok(name)
    }

    /// The name of a site that another row names.
    pub(crate) fn site_name(&self, id: SiteId) -> Result<SiteName> {
        let row = self.site(id)?.ok_or(RowError::Missing { table: SITES })?;
        Ok(SiteName::new(id, row.registered.name.as_str()))
    }

    /// How an organization is doing, and the position of the last record that touched it.
    pub(crate) fn organization(&self, id: PartyId) -> Result<Option<(StreamPosition, OrganizationRow)>> {
        Ok(self.last(ORGANIZATIONS, id.as_bytes(), 1)?.pop())
    }

    /// What the record at a position changed, where it changed anything.
    pub(crate) fn change(&self, position: StreamPosition) -> Result<Option<ChangeRow>> {
        self.get(CHANGES, &position_key(position))
    }

    /// Changes after one position and up to another, at most `limit` of them.
    pub(crate) fn changes(
        &self,
        after: StreamPosition,
        to: StreamPosition,
        limit: usize,
    ) -> Result<Vec<(StreamPosition, ChangeRow)>> {
        self.between(CHANGES, b"", after, to, limit)
    }

    /// Positions after one and up to another at which an organization was touched, at most `limit` of them.
    pub(crate) fn touched(
        &self,
        organization: PartyId,
        after: StreamPosition,
        to: StreamPosition,
        limit: usize,
    ) -> Result<Vec<StreamPosition>> {
        let rows: Vec<(_, OrganizationRow)> = self.between(ORGANIZATIONS, organization.as_bytes(), after, to, limit)?;
        Ok(rows.into_iter().map(|(position, _)| position).collect())
    }

    /// Where and when terms came into force after a position and up to this one, in order.
    pub(crate) fn terms_after(&self, after: StreamPosition) -> Result<Vec<(StreamPosition, Timestamp)>> {
        let mut found = Vec::new();
        let mut after = after;
        loop {
            let rows: Vec<(_, Terms)> = self.between(TERMS, b"", after, self.at, views::RANGE_ROWS_MAX)?;
            let Some((last, _)) = rows.last() else {
                return Ok(found);
            };
            after = *last;
            found.extend(rows.into_iter().map(|(position, terms)| (position, terms.since)));
        }
    }

    /// Who said what stands at a position, and where it is recorded.
    pub(crate) fn source(&self, position: StreamPosition) -> Result<Source> {
        let change = self.change(position)?.ok_or(RowError::Missing { table: CHANGES })?;
        Ok(Source {
            by: Some(self.party_name(change.by)?),
            statement_id: change.statement.to_string(),
            position: position.get(),
            admitted_at_unix_ms: change.admitted_at.unix_ms(),
        })
    }

    /// The statement at a position.
    pub(crate) fn statement(&self, position: StreamPosition) -> Result<StatementAt> {
        let change = self.change(position)?.ok_or(RowError::Missing { table: CHANGES })?;
        Ok(StatementAt {
            statement_id: change.statement.to_string(),
            position: position.get(),
        })
    }

    /// What a list holds after a position, at most `limit` of it.
    pub(crate) fn list<T: Serialize + DeserializeOwned>(
        &self,
        list: List,
        after: StreamPosition,
        limit: usize,
    ) -> Result<Vec<(StreamPosition, T)>> {
        let (table, prefix) = list.table();
        match list {
            List::Sites(Some(operator)) => self.worked(operator, after, limit.min(views::RANGE_ROWS_MAX)),
            _ => self.between(table, &prefix, after, self.at, limit),
        }
    }

    /// The sites that an operator came to work after a position and works still.
    fn worked<T: Serialize + DeserializeOwned>(
        &self,
        operator: PartyId,
        mut after: StreamPosition,
        limit: usize,
    ) -> Result<Vec<(StreamPosition, T)>> {
        let operator = operator.as_bytes();
        let mut found = Vec::new();
        loop {
            let came: Vec<(StreamPosition, T)> = self.between(SITES_OF_OPERATOR, operator, after, self.at, limit)?;
            let (count, Some((last, _))) = (came.len(), came.last()) else {
                return Ok(found);
            };
            let last = *last;
            let left: Vec<(StreamPosition, StreamPosition)> =
                self.between(SITES_LEFT, operator, after, last, views::RANGE_ROWS_MAX)?;
            let left: BTreeMap<_, _> = left.into_iter().filter(|(_, at)| *at <= self.at).collect();
            found.extend(came.into_iter().filter(|(since, _)| !left.contains_key(since)));
            if count < limit || limit <= found.len() {
                found.truncate(limit);
                return Ok(found);
            }
            after = last;
        }
    }

    pub(crate) fn catalogue(&mut self, digest: CatalogueDigest) -> Result<Arc<CatalogueRow>> {
        if let Some(catalogue) = self.catalogues.get(&digest) {
            return Ok(Arc::clone(catalogue));
        }
        if self.catalogues.len() == CATALOGUES_AT_HAND_MAX {
            self.catalogues.clear();
        }
        let row = self.get(CATALOGUES, digest.as_bytes())?;
        let row = Arc::new(row.ok_or(RowError::Missing { table: CATALOGUES })?);
        self.catalogues.insert(digest, Arc::clone(&row));
        Ok(row)
    }

    /// What is made of every catalogue version that was published up to the position, in no order; of so many that they cannot
    /// all be looked at, of some.
    pub(crate) fn catalogues<T>(&self, made: impl Fn(&Self, &CatalogueRow) -> Result<T>) -> Result<Vec<T>> {
        let mut all = Vec::new();
        let mut from = Bound::Unbounded;
        for _ in 0..CATALOGUE_READS_MAX {
            let keys = (from.as_ref().map(Vec::as_slice), Bound::Unbounded);
            let rows = self
                .rows
                .range(CATALOGUES, keys, Order::Ascending, CATALOGUES_AT_HAND_MAX)?;
            let Some(last) = rows.last() else { break };
            from = Bound::Excluded(last.key.clone());
            for row in &rows {
                let row: CatalogueRow = decode(CATALOGUES, &row.value)?;
                if row.position <= self.at {
                    all.push(made(self, &row)?);
                }
            }
        }
        Ok(all)
    }

    /// An assessment that another row names.
    pub(crate) fn assessment(&mut self, seat: Seat) -> Result<Arc<AssessmentRow>> {
        if let Some(assessment) = self.assessments.get(&seat) {
            return Ok(Arc::clone(assessment));
        }
        if self.assessments.len() == ASSESSMENTS_AT_HAND_MAX {
            self.assessments.clear();
        }
        let row = self.get(ASSESSMENTS, &seat_key(seat))?;
        let row = Arc::new(row.ok_or(RowError::Missing { table: ASSESSMENTS })?);
        self.assessments.insert(seat, Arc::clone(&row));
        Ok(row)
    }

    /// Whether and why an assessment was taken back.
    pub(crate) fn withdrawal(&self, seat: Seat) -> Result<Option<WithdrawalRow>> {
        let row: Option<WithdrawalRow> = self.get(WITHDRAWALS, &seat_key(seat))?;
        Ok(row.filter(|row| row.position <= self.at))
    }

    /// What others say for or against an assessment.
    pub(crate) fn judged(&mut self, seat: Seat, is_contest: bool) -> Result<Arc<Judged>> {
        if let Some(judged) = self.judged.get(&(seat, is_contest)) {
            return Ok(Arc::clone(judged));
        }
        if self.judged.len() == JUDGED_AT_HAND_MAX {
            self.judged.clear();
        }
        let read: Vec<(_, JudgementRow)> = self.last(JUDGEMENTS, &judged_key(seat, is_contest), JUDGEMENTS_READ_MAX)?;
        let count = read.first().map_or(0, |(_, latest)| latest.count);
        let not_read = count.saturating_sub(u32::try_from(read.len()).unwrap_or(u32::MAX));
        let judged = Arc::new(Judged { read, not_read });
        self.judged.insert((seat, is_contest), Arc::clone(&judged));
        Ok(judged)
    }

    /// The history of a subject from the latest place before `before` down, at most `limit` of it; with what was
    /// recorded after the position, so that a reader sees how far he has come.
    pub(crate) fn history(&self, subject: Subject, before: Option<[u8; 12]>, limit: usize) -> Result<Vec<(Seat, Row)>> {
        let key = subject_key(subject);
        let last = [&key[..], &before.unwrap_or([u8::MAX; 12])].concat();
        let bounds = (Bound::Included(key.as_slice()), Bound::Excluded(last.as_slice()));
        let rows = self.rows.range(ASSESSMENTS, bounds, Order::Descending, limit)?;
        let entry = |row: Row| {
            let place = place_of(ASSESSMENTS, &row.key)?;
            Ok((Seat { subject, place }, row))
        };
        rows.into_iter().map(entry).collect()
    }

    /// What stands for a subject, catalogue by catalogue in the order of their names.
    pub(crate) fn answers(&self, subject: Subject) -> Result<Vec<Answers>> {
        let used: Option<(_, Used)> = self.last(USED, &subject_key(subject), 1)?.pop();
        let mut slugs = used.map(|(_, used)| used.catalogues).unwrap_or_default();
        slugs.sort();
        let answers = slugs.iter().map(|slug| self.answers_under(subject, slug));
        answers.collect()
    }

    fn answers_under(&self, subject: Subject, slug: &event::vocabulary::Slug) -> Result<Answers> {
        let last: Option<(_, Answers)> = self.last(ANSWERS, &catalogue_key(subject, slug), 1)?.pop();
        Ok(last.map(|(_, answers)| answers).unwrap_or_default())
    }

    /// Assessments that could contradict one of this kind and day, itself among them, the latest recorded first: how
    /// many there are, and where `limit` of them are.
    pub(crate) fn alike(
        &self,
        subject: Subject,
        kind: AssessmentKind,
        day: Date,
        limit: usize,
    ) -> Result<(u64, Vec<Place>)> {
        let key = [&kind_key(subject, kind)[..], &day_key(day)].concat();
        let found: Vec<(StreamPosition, u64)> = self.last(ALIKE, &key, limit)?;
        let count = found.first().map_or(0, |(_, count)| *count);
        Ok((
            count,
            found.into_iter().map(|(position, _)| Place { day, position }).collect(),
        ))
    }

    /// The last rows `key ‖ position` up to the position, the last one first.
    pub(crate) fn last<T: Serialize + DeserializeOwned>(
        &self,
        table: &'static str,
        key: &[u8],
        limit: usize,
    ) -> Result<Vec<(StreamPosition, T)>> {
        self.last_before(table, key, self.at.next(), limit)
    }

    /// The last rows `key ‖ position` before a position, and up to this reading's, the last one first.
    pub(crate) fn last_before<T: Serialize + DeserializeOwned>(
        &self,
        table: &'static str,
        key: &[u8],
        before: StreamPosition,
        limit: usize,
    ) -> Result<Vec<(StreamPosition, T)>> {
        let (from, to) = (
            key_at(key, StreamPosition::START),
            key_at(key, before.min(self.at.next())),
        );
        let rows = self
            .rows
            .range(table, from.as_slice()..to.as_slice(), Order::Descending, limit)?;
        rows.into_iter().map(|row| entry(table, &row)).collect()
    }

    /// Rows `key ‖ position` after one position and up to another, and up to this reading's, at most `limit` of them.
    fn between<T: Serialize + DeserializeOwned>(
        &self,
        table: &'static str,
        key: &[u8],
        after: StreamPosition,
        to: StreamPosition,
        limit: usize,
    ) -> Result<Vec<(StreamPosition, T)>> {
        let to = to.min(self.at);
        if to <= after {
            return Ok(Vec::new());
        }
        let (from, to) = (key_at(key, after.next()), key_at(key, to));
        let rows = self
            .rows
            .range(table, from.as_slice()..=to.as_slice(), Order::Ascending, limit)?;
        rows.into_iter().map(|row| entry(table, &row)).collect()
    }

    pub(crate) fn get<T: Serialize + DeserializeOwned>(&self, table: &'static str, key: &[u8]) -> Result<Option<T>> {
        let row = self.rows.get(table, key)?;
        Ok(row.map(|bytes| decode(table, &bytes)).transpose()?)
    }
}

impl List {
    fn table(self) -> (&'static str, Vec<u8>) {
        match self {
            Self::Parties(None) => (PARTIES_IN_ORDER, Vec::new()),
            Self::Parties(Some(kind)) => (PARTIES_OF_KIND, encode(&kind)),
            Self::Sites(None) => (SITES_IN_ORDER, Vec::new()),
            Self::Sites(Some(operator)) => (SITES_OF_OPERATOR, operator.as_bytes().to_vec()),
        }
    }
}

fn entry<T: Serialize + DeserializeOwned>(table: &'static str, row: &Row) -> Result<(StreamPosition, T)> {
    Ok((position_of(table, &row.key)?, decode(table, &row.value)?))
}
