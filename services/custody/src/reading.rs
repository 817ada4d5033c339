//! Rows as of a position, and clocks as of an instant.
//!
//! Whatever was recorded later is not there. Every step says how its lot stands after it, so the past costs no more to
//! read than the present.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use event::vocabulary::ShortText;
use event::{LotId, PartyId, PublicKey, SiteId, StreamPosition, Timestamp};
use rpc::InvalidMessage;
use rpc::progress::AsOf;
use rpc::view::{PartyName, SiteName};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use views::{DeskError, Order, Row, Snapshot, StoreError};

use crate::lineage::Source;
use crate::rows::{
    Birth, CLOCKS, HOLDS, HoldRow, LOTS, PARTIES, PartyRow, REACHED, REVOCATIONS, ReachedRow, RevocationRow, RowError,
    SEALS, SITES, STATEMENTS, STEPS, SealRow, SiteRow, Standing, StatementRow, StepRow, decode, key_at, missing,
    position_key, position_of, seal_key, unreadable,
};

/// Names kept at hand while one request is answered: 400 bytes each at most, so 1.6 MiB.
const NAMES_AT_HAND_MAX: usize = 4_096;
/// Rows read at a time where it is not known how many there are.
const ROWS_AT_A_TIME: usize = 256;

/// Why a request is not answered.
#[derive(Debug, Error)]
pub(crate) enum ReadError {
    /// There is no such thing, or was none at that position.
    #[error("{0} is not known")]
    NotFound(String),
    /// The request means nothing.
    #[error(transparent)]
    Invalid(#[from] InvalidMessage),
    /// More would have to be walked through than is for one answer.
    #[error("the lineage of lot {lot} has more than {steps_max} transformations: ask about a lot that is nearer")]
    LineageTooLong {
        /// Whose lineage.
        lot: LotId,
        /// How many there may be.
        steps_max: usize,
    },
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
    parties: BTreeMap<PartyId, PartyName>,
    sites: BTreeMap<SiteId, SiteRow>,
    /// The statement that was read last: what it made known lies together.
    said: Option<(StreamPosition, Arc<StatementRow>)>,
}

/// A lot as it stood.
#[derive(Clone, Copy)]
pub(crate) struct KnownLot {
    pub(crate) id: LotId,
    pub(crate) birth: Birth,
    pub(crate) now: Standing,
}

/// A hold that reaches a lot.
pub(crate) struct Held {
    pub(crate) source: LotId,
    pub(crate) position: StreamPosition,
    pub(crate) hold: HoldRow,
}

/// Keys of a table that begin alike, with what follows.
#[derive(Clone, Copy)]
pub(crate) struct Within<'k> {
    pub(crate) table: &'static str,
    pub(crate) prefix: &'k [u8],
}

impl Source for Reading<'_> {
    type Error = ReadError;

    fn value(&mut self, table: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.rows.get(table, key)?)
    }

    fn last_row(&mut self, table: &'static str, from: &[u8], before: &[u8]) -> Result<Option<Row>> {
        if before <= from {
            return Ok(None);
        }
        Ok(self.rows.range(table, from..before, Order::Descending, 1)?.pop())
    }
}

impl<'a> Reading<'a> {
    /// As of a position that is reached, and an instant; `wall_clock` is what the time is now.
    pub(crate) fn new(rows: &'a Snapshot<'a>, as_of: AsOf, wall_clock: Timestamp) -> Result<Self> {
        let mut reading = Self {
            rows,
            at: rows.cursor(),
            now: wall_clock,
            parties: BTreeMap::new(),
            sites: BTreeMap::new(),
            said: None,
        };
        let admitted = |at| reading.last_at(CLOCKS, &[], at);
        (reading.at, reading.now) = as_of.meant(rows.cursor(), wall_clock, admitted)?;
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

    /// A lot and how it stood.
    pub(crate) fn lot(&mut self, id: LotId) -> Result<Option<KnownLot>> {
        let birth: Option<Birth> = self.get(LOTS, id.as_bytes())?;
        let Some(birth) = birth.filter(|birth| birth.position <= self.at) else {
            return Ok(None);
        };
        let step: Option<(_, StepRow)> = self.last_at(STEPS, id.as_bytes(), self.at)?;
        let (_, step) = step.ok_or(missing(STEPS))?;
        Ok(Some(KnownLot {
            id,
            birth,
            now: step.after,
        }))
    }

    /// The lot that a request is about.
    pub(crate) fn asked_lot(&mut self, id: LotId) -> Result<KnownLot> {
        self.lot(id)?.ok_or_else(|| ReadError::NotFound(format!("lot {id}")))
    }

    /// The lot that another row names.
    pub(crate) fn named_lot(&mut self, id: LotId) -> Result<KnownLot> {
        Ok(self.lot(id)?.ok_or(missing(LOTS))?)
    }

    /// The lot that bears or bore a seal, or that a sample is of.
    pub(crate) fn lot_of(&mut self, seal: &ShortText) -> Result<Option<LotId>> {
        let row: Option<(_, SealRow)> = self.last_at(SEALS, &seal_key(seal), self.at)?;
        Ok(row.map(|(_, row)| row.lot))
    }

    /// What was said at a position.
    pub(crate) fn statement(&mut self, position: StreamPosition) -> Result<Arc<StatementRow>> {
        if let Some((last, row)) = &self.said
            && *last == position
        {
            return Ok(Arc::clone(row));
        }
        let row: StatementRow = self.named(STATEMENTS, &position_key(position))?;
        let row = Arc::new(row);
        self.said = Some((position, Arc::clone(&row)));
        Ok(row)
    }

    /// A party that was enrolled.
    pub(crate) fn party(&mut self, id: PartyId) -> Result<Option<PartyRow>> {
        let row: Option<PartyRow> = self.get(PARTIES, id.as_bytes())?;
        Ok(row.filter(|row| row.position <= self.at))
    }

    /// A site as it was.
    pub(crate) fn site(&mut self, id: SiteId) -> Result<Option<SiteRow>> {
        Ok(self.last_at(SITES, id.as_bytes(), self.at)?.map(|(_, row)| row))
    }

    /// The name of a party that another row names.
    pub(crate) fn party_name(&mut self, id: PartyId) -> Result<PartyName> {
        if let Some(name) = self.parties.get(&id) {
            return Ok(name.clone());
        }
        let row: PartyRow = self.named(PARTIES, id.as_bytes())?;
        let name = PartyName::new(id, row.name.as_str());
        if self.parties.len() == NAMES_AT_HAND_MAX {
            self.parties.clear();
        }
        self.parties.insert(id, name.clone());
        Ok(name)
    }

    /// A site that another row names.
    pub(crate) fn named_site(&mut self, id: SiteId) -> Result<SiteRow> {
        if let Some(row) = self.sites.get(&id) {
            return Ok(row.clone());
        }
        let row = self.site(id)?.ok_or(missing(SITES))?;
        if self.sites.len() == NAMES_AT_HAND_MAX {
            self.sites.clear();
        }
        self.sites.insert(id, row.clone());
        Ok(row)
    }

    /// The name of a site that another row names.
    pub(crate) fn site_name(&mut self, id: SiteId) -> Result<SiteName> {
        Ok(SiteName::new(id, self.named_site(id)?.name.as_str()))
    }

    /// Since when a key is not to be believed, where somebody has said so.
    pub(crate) fn revocation(&mut self, key: &PublicKey) -> Result<Option<RevocationRow>> {
        let row: Option<RevocationRow> = self.get(REVOCATIONS, key.as_bytes())?;
        Ok(row.filter(|row| row.position <= self.at))
    }

    /// The holds that reach a lot, at most `limit` of them.
    pub(crate) fn holds(&mut self, lot: LotId, limit: usize) -> Result<Vec<Held>> {
        let within = Within {
            table: REACHED,
            prefix: lot.as_bytes(),
        };
        let (mut found, mut after) = (Vec::new(), Vec::new());
        loop {
            let rows = self.after(within, &after, ROWS_AT_A_TIME)?;
            let Some((last, _)) = rows.last() else {
                return Ok(found);
            };
            after.clone_from(last);
            for (key, value) in &rows {
                let (source, position) = key.split_first_chunk().ok_or(unreadable(REACHED))?;
                let position = position_of(REACHED, position)?;
                let row: ReachedRow = decode(REACHED, value)?;
                if !self.stands(position, row.until) {
                    continue;
                }
                if found.len() == limit {
                    return Ok(found);
                }
                let source = LotId::from_bytes(*source);
                let hold = self.named(HOLDS, &key_at(source.as_bytes(), position))?;
                found.push(Held { source, position, hold });
            }
        }
    }

    fn stands(&self, since: StreamPosition, until: Option<StreamPosition>) -> bool {
        since <= self.at && until.is_none_or(|until| self.at < until)
    }

    /// Rows whose keys follow `after`, at most `limit` of them, by what follows the prefix in their keys.
    pub(crate) fn after(&self, within: Within<'_>, after: &[u8], limit: usize) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        self.between(within, Bound::Excluded(after), &[u8::MAX; 128], limit)
    }

    /// Rows whose keys lie between two that are given without the prefix, the later one included.
    pub(crate) fn between(
        &self,
        within: Within<'_>,
        from: Bound<&[u8]>,
        to: &[u8],
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let Within { table, prefix } = within;
        let from = from.map(|from| [prefix, from].concat());
        let to = [prefix, to].concat();
        let is_empty = match &from {
            Bound::Included(from) => &to < from,
            Bound::Excluded(from) => &to <= from,
            Bound::Unbounded => false,
        };
        if is_empty {
            return Ok(Vec::new());
        }
        let from = match &from {
            Bound::Included(from) => Bound::Included(from.as_slice()),
            Bound::Excluded(from) => Bound::Excluded(from.as_slice()),
            Bound::Unbounded => Bound::Included(prefix),
        };
        let rows = self
            .rows
            .range(table, (from, Bound::Included(to.as_slice())), Order::Ascending, limit)?;
        let rows = rows.into_iter();
        Ok(rows.map(|row| (row.key[prefix.len()..].to_vec(), row.value)).collect())
    }

    /// The newest rows of `key ‖ position …` first, up to the position, at most `limit` of them, by what follows the key.
    pub(crate) fn newest(&self, within: Within<'_>, limit: usize) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let Within { table, prefix } = within;
        let before = key_at(prefix, self.at.next());
        let rows = self
            .rows
            .range(table, prefix..before.as_slice(), Order::Descending, limit)?;
        let rows = rows.into_iter();
        Ok(rows.map(|row| (row.key[prefix.len()..].to_vec(), row.value)).collect())
    }

    /// The first group of rows `prefix ‖ group ‖ position` from a group on, or after it: what the group is, and its last
    /// row up to the position. Groups of which there was none yet are passed over.
    pub(crate) fn group<T: Serialize + DeserializeOwned>(
        &mut self,
        within: Within<'_>,
        bytes: usize,
        mut from: Bound<Vec<u8>>,
    ) -> Result<Option<(Vec<u8>, StreamPosition, T)>> {
        loop {
            let low = match &from {
                Bound::Included(group) => Bound::Included(group.clone()),
                Bound::Excluded(group) => Bound::Excluded([group.as_slice(), &[u8::MAX; 9]].concat()),
                Bound::Unbounded => Bound::Included(Vec::new()),
            };
            let low = match &low {
                Bound::Excluded(low) => Bound::Excluded(low.as_slice()),
                Bound::Included(low) => Bound::Included(low.as_slice()),
                Bound::Unbounded => Bound::Unbounded,
            };
            let Some((key, _)) = self.between(within, low, &[u8::MAX; 32], 1)?.pop() else {
                return Ok(None);
            };
            let group = key.get(..bytes).ok_or(unreadable(within.table))?.to_vec();
            let whole = [within.prefix, &group].concat();
            if let Some((position, row)) = self.last_at(within.table, &whole, self.at)? {
                return Ok(Some((group, position, row)));
            }
            from = Bound::Excluded(group);
        }
    }
}
