//! Rows as of a position.
//!
//! Whatever was recorded later is not there. Every step says how its lot stands after it, so the past costs no more to
//! read than the present.

use event::vocabulary::{Line, ShortText};
use event::{LotId, PartyId, SiteId, StreamPosition};
use rpc::InvalidMessage;
use rpc::view::{PartyName, SiteName};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use views::{DeskError, Order, Row, Snapshot, StoreError};

use crate::rows::{
    Holding, LOTS, LOTS_IN_ORDER, LOTS_OF_CUSTODIAN, LOTS_OF_SITE, LotRow, PARTIES, RowError, SEALS, SITES, STEPS,
    StepRow, decode, position_key,
};

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
}

/// Which list, in the order of its rows' positions.
#[derive(Clone, Copy, Debug)]
pub(crate) enum List {
    /// Every lot.
    Lots,
    /// Lots dug at a site.
    OfSite(SiteId),
    /// Lots that a party has or had.
    OfCustodian(PartyId),
    /// The steps of a lot.
    Steps(LotId),
}

impl<'a> Reading<'a> {
    pub(crate) const fn new(rows: &'a Snapshot<'a>, at: StreamPosition) -> Self {
        Self { rows, at }
    }

    /// The position the answer is true of.
    pub(crate) const fn at(&self) -> StreamPosition {
        self.at
    }

    /// A lot and how it stood.
    pub(crate) fn lot(&self, id: LotId) -> Result<Option<(LotRow, Holding)>, ReadError> {
        let row: Option<LotRow> = self.get(LOTS, id.as_bytes())?;
        let Some(row) = row.filter(|row| row.declared_at <= self.at) else {
            return Ok(None);
        };
        let now = row.now;
        if now.since <= self.at {
            return Ok(Some((row, now)));
        }
        let (from, to) = List::Steps(id).bounds(StreamPosition::START, self.at);
        let last = self
            .rows
            .range(STEPS, from.as_slice()..=to.as_slice(), Order::Descending, 1)?
            .pop();
        let last: StepRow = decode(STEPS, &last.ok_or(RowError::Missing { table: STEPS })?.value)?;
        Ok(Some((row, last.after)))
    }

    /// Perhaps declared later than the position: the lot's own row says.
    pub(crate) fn lot_of(&self, seal: &ShortText) -> Result<Option<LotId>, ReadError> {
        self.get(SEALS, seal.as_str().as_bytes())
    }

    /// The name of a party that another row names.
    pub(crate) fn party_name(&self, id: PartyId) -> Result<PartyName, ReadError> {
        let name: Option<Line> = self.get(PARTIES, id.as_bytes())?;
        Ok(PartyName::new(
            id,
            name.ok_or(RowError::Missing { table: PARTIES })?.as_str(),
        ))
    }

    /// The name of a site that another row names.
    pub(crate) fn site_name(&self, id: SiteId) -> Result<SiteName, ReadError> {
        let name: Option<Line> = self.get(SITES, id.as_bytes())?;
        Ok(SiteName::new(
            id,
            name.ok_or(RowError::Missing { table: SITES })?.as_str(),
        ))
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
        let (from, to) = list.bounds(after.next(), self.at);
        let rows = self
            .rows
            .range(list.table(), from.as_slice()..=to.as_slice(), Order::Ascending, limit)?;
        let entry = |row: Row| {
            let unreadable = RowError::Unreadable {
                table: list.table(),
                why: event::DecodeError::Malformed,
            };
            let position = row.key.last_chunk().copied().ok_or(unreadable)?;
            Ok((
                StreamPosition::new(u64::from_be_bytes(position)),
                decode(list.table(), &row.value)?,
            ))
        };
        rows.into_iter().map(entry).collect()
    }

    fn get<T: Serialize + DeserializeOwned>(&self, table: &'static str, key: &[u8]) -> Result<Option<T>, ReadError> {
        let row = self.rows.get(table, key)?;
        Ok(row.map(|bytes| decode(table, &bytes)).transpose()?)
    }
}

impl List {
    const fn table(self) -> &'static str {
        match self {
            Self::Lots => LOTS_IN_ORDER,
            Self::OfSite(_) => LOTS_OF_SITE,
            Self::OfCustodian(_) => LOTS_OF_CUSTODIAN,
            Self::Steps(_) => STEPS,
        }
    }

    /// The keys of two positions, the later one last.
    fn bounds(self, from: StreamPosition, to: StreamPosition) -> (Vec<u8>, Vec<u8>) {
        let prefix: &[u8] = match &self {
            Self::Lots => &[],
            Self::OfSite(id) => id.as_bytes(),
            Self::OfCustodian(id) => id.as_bytes(),
            Self::Steps(id) => id.as_bytes(),
        };
        (
            [prefix, &position_key(from)].concat(),
            [prefix, &position_key(to)].concat(),
        )
    }
}
