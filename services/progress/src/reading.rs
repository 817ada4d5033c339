//! Rows as of a position.
//!
//! Whatever was recorded later is not there. Rows that change are kept for every position at which they changed, so
//! the past costs no more to read than the present.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::rc::Rc;

use event::codec::encode;
use event::vocabulary::{CatalogueDigest, CataloguePublished, PartyKind, Reference, Subject};
use event::{Date, PartyId, SiteId, StreamPosition};
use rpc::InvalidMessage;
use rpc::view::{PartyName, SiteName};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use views::{DeskError, Order, Row, Snapshot, StoreError};

use crate::rows::{
    ALIKE, ANSWERS, ASSESSMENTS, Answers, AssessmentRow, CATALOGUES, PARTIES, PARTIES_BY_REFERENCE, PARTIES_IN_ORDER,
    PARTIES_OF_KIND, PartyRow, Place, Present, RowError, SITES, SITES_BY_REFERENCE, SITES_IN_ORDER, SITES_OF_OPERATOR,
    STANDINGS, SiteRow, Standing, alike_key, catalogue_key, decode, place_key, position_key, reference_key,
    subject_key,
};

/// Catalogues kept at hand while one request is answered: 49 KiB each at most, so 3 MiB.
const CATALOGUES_AT_HAND_MAX: usize = 64;
/// Assessments of one subject kept at hand while one request is answered: 49 KiB each at most, so 13 MiB.
const ASSESSMENTS_AT_HAND_MAX: usize = 256;

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

/// Reads the rows as of a position that they have reached.
pub(crate) struct Reading<'a> {
    rows: &'a Snapshot<'a>,
    at: StreamPosition,
    catalogues: BTreeMap<CatalogueDigest, Rc<CataloguePublished>>,
    assessments: BTreeMap<(Subject, Place), Rc<AssessmentRow>>,
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
    pub(crate) const fn new(rows: &'a Snapshot<'a>, at: StreamPosition) -> Self {
        Self {
            rows,
            at,
            catalogues: BTreeMap::new(),
            assessments: BTreeMap::new(),
        }
    }

    /// The position the answer is true of.
    pub(crate) const fn at(&self) -> StreamPosition {
        self.at
    }

    pub(crate) fn party(&self, id: PartyId) -> Result<Option<PartyRow>, ReadError> {
        let row: Option<PartyRow> = self.get(PARTIES, id.as_bytes())?;
        Ok(row.filter(|row| row.recorded.position <= self.at))
    }

    pub(crate) fn site(&self, id: SiteId) -> Result<Option<SiteRow>, ReadError> {
        let row: Option<SiteRow> = self.get(SITES, id.as_bytes())?;
        Ok(row.filter(|row| row.recorded.position <= self.at))
    }

    /// Perhaps of later than the position: the party's own row says.
    pub(crate) fn party_of(&self, reference: &Reference) -> Result<Option<PartyId>, ReadError> {
        self.get(PARTIES_BY_REFERENCE, &reference_key(reference))
    }

    /// Perhaps of later than the position: the site's own row says.
    pub(crate) fn site_of(&self, reference: &Reference) -> Result<Option<SiteId>, ReadError> {
        self.get(SITES_BY_REFERENCE, &reference_key(reference))
    }

    /// The name of a party that another row names.
    pub(crate) fn party_name(&self, id: PartyId) -> Result<PartyName, ReadError> {
        let row = self.party(id)?.ok_or(RowError::Missing { table: PARTIES })?;
        Ok(PartyName::new(id, row.profile.name.as_str()))
    }

    /// The name of a site that another row names.
    pub(crate) fn site_name(&self, id: SiteId) -> Result<SiteName, ReadError> {
        let row = self.site(id)?.ok_or(RowError::Missing { table: SITES })?;
        Ok(SiteName::new(id, row.registered.name.as_str()))
    }

    /// What a list holds after a position, at most `limit` of it.
    pub(crate) fn list<T: Serialize + DeserializeOwned>(
        &self,
        list: List,
        after: StreamPosition,
        limit: usize,
    ) -> Result<Vec<(StreamPosition, T)>, ReadError> {
        if self.at <= after {
            return Ok(Vec::new());
        }
        let (table, prefix) = list.table();
        let from = [&prefix[..], &position_key(after.next())].concat();
        let to = [&prefix[..], &position_key(self.at)].concat();
        let rows = self
            .rows
            .range(table, from.as_slice()..=to.as_slice(), Order::Ascending, limit)?;
        let entry = |row: Row| Ok((position_of(table, &row.key)?, decode(table, &row.value)?));
        rows.into_iter().map(entry).collect()
    }

    pub(crate) fn catalogue(&mut self, digest: CatalogueDigest) -> Result<Rc<CataloguePublished>, ReadError> {
        if let Some(catalogue) = self.catalogues.get(&digest) {
            return Ok(Rc::clone(catalogue));
        }
        if self.catalogues.len() == CATALOGUES_AT_HAND_MAX {
            self.catalogues.clear();
        }
        let row = self.get(CATALOGUES, digest.as_bytes())?;
        let row = Rc::new(row.ok_or(RowError::Missing { table: CATALOGUES })?);
        self.catalogues.insert(digest, Rc::clone(&row));
        Ok(row)
    }

    /// An assessment that another row names.
    pub(crate) fn assessment(&mut self, subject: Subject, place: Place) -> Result<Rc<AssessmentRow>, ReadError> {
        if let Some(assessment) = self.assessments.get(&(subject, place)) {
            return Ok(Rc::clone(assessment));
        }
        if self.assessments.len() == ASSESSMENTS_AT_HAND_MAX {
            self.assessments.clear();
        }
        let row = self.get(ASSESSMENTS, &[&subject_key(subject)[..], &place_key(place)].concat())?;
        let row = Rc::new(row.ok_or(RowError::Missing { table: ASSESSMENTS })?);
        self.assessments.insert((subject, place), Rc::clone(&row));
        Ok(row)
    }

    /// The history of a subject from the latest place before `before` down, at most `limit` of it; with what was
    /// recorded after the position, so that a reader sees how far he has come.
    pub(crate) fn history(
        &self,
        subject: Subject,
        before: Option<[u8; 12]>,
        limit: usize,
    ) -> Result<Vec<([u8; 12], Row)>, ReadError> {
        let subject = subject_key(subject);
        let last = [&subject[..], &before.unwrap_or([u8::MAX; 12])].concat();
        let bounds = (Bound::Included(subject.as_slice()), Bound::Excluded(last.as_slice()));
        let rows = self.rows.range(ASSESSMENTS, bounds, Order::Descending, limit)?;
        let entry = |row: Row| {
            let place = row.key.last_chunk().copied().ok_or_else(|| unreadable(ASSESSMENTS))?;
            Ok((place, row))
        };
        rows.into_iter().map(entry).collect()
    }

    /// What stands for a subject, catalogue by catalogue in the order of their names.
    pub(crate) fn standing(&self, subject: Subject) -> Result<Vec<Answers>, ReadError> {
        let key = subject_key(subject);
        let standing: Option<Standing> = self.last(STANDINGS, &key, 1)?.pop().map(|(_, row)| row);
        let mut used = standing.unwrap_or_default().catalogues;
        used.sort_by(|a, b| a.slug.cmp(&b.slug));
        let answers = used.iter().map(|used| {
            let key = [&catalogue_key(subject, &used.slug)[..], &position_key(used.answers)].concat();
            self.get(ANSWERS, &key)?
                .ok_or(RowError::Missing { table: ANSWERS }.into())
        });
        answers.collect()
    }

    /// Assessments that could contradict `present`, itself among them, the latest recorded first: how many there are,
    /// and where `limit` of them are.
    pub(crate) fn alike(
        &self,
        subject: Subject,
        catalogue: &CataloguePublished,
        present: &Present,
        limit: usize,
    ) -> Result<(u64, Vec<Place>), ReadError> {
        let day: Date = present.place.day;
        let key = alike_key(subject, &catalogue.slug, present.kind, day);
        let found: Vec<(StreamPosition, u64)> = self.last(ALIKE, &key, limit)?;
        let count = found.first().map_or(0, |(_, count)| *count);
        Ok((
            count,
            found.into_iter().map(|(position, _)| Place { day, position }).collect(),
        ))
    }

    /// The last rows `key ‖ position` up to the position, the last one first.
    fn last<T: Serialize + DeserializeOwned>(
        &self,
        table: &'static str,
        key: &[u8],
        limit: usize,
    ) -> Result<Vec<(StreamPosition, T)>, ReadError> {
        let (from, to) = ([key, &[0; 8]].concat(), [key, &position_key(self.at)].concat());
        let rows = self
            .rows
            .range(table, from.as_slice()..=to.as_slice(), Order::Descending, limit)?;
        let entry = |row: Row| Ok((position_of(table, &row.key)?, decode(table, &row.value)?));
        rows.into_iter().map(entry).collect()
    }

    fn get<T: Serialize + DeserializeOwned>(&self, table: &'static str, key: &[u8]) -> Result<Option<T>, ReadError> {
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

/// The position at the end of a key.
pub(crate) fn position_of(table: &'static str, key: &[u8]) -> Result<StreamPosition, RowError> {
    let bytes = key.last_chunk().ok_or_else(|| unreadable(table))?;
    Ok(StreamPosition::new(u64::from_be_bytes(*bytes)))
}

fn unreadable(table: &'static str) -> RowError {
    RowError::Unreadable {
        table,
        why: event::DecodeError::Malformed,
    }
}
