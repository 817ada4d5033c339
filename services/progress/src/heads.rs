//! How every party is doing at one position, in memory: what lists are filtered and sorted by.
//!
//! Nothing here is stored: it is read from the rows, and brought up to date from the changes among them. A list as of the
//! present, or of a position that was asked for lately, costs one look at each party's one or two kilobytes: below 100
//! nanoseconds each, and a page is sorted without sorting the others. As of another position in the past, all of it is
//! read from the rows once, some tens of microseconds each, and kept for the pages to come; only a list of everyone in
//! the order of enrolment needs no more than its page.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use event::vocabulary::Line;
use event::{PartyId, SiteId, StreamPosition};
use views::RANGE_ROWS_MAX;

use crate::course::Leg;
use crate::names::Folded;
use crate::reading::{List, ReadError, Reading};
use crate::rows::{OrganizationRow, PARTIES, PartyRow, RowError, SITES, Touched};

/// Positions whose heads are kept beside the latest: one that was the latest holds 8 bytes for each party, and those
/// parties that changed since; one that was read as of the past holds all of them. Of 10,000 parties, some 15 MiB each.
const KEPT_MAX: usize = 8;
/// Changes after which everything is read anew rather than what changed.
const CHANGES_MAX: usize = 65_536;

type Result<T> = core::result::Result<T, ReadError>;

/// The latest heads, and some of before. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Kept(Arc<Mutex<Positions>>);

#[derive(Default)]
struct Positions {
    latest: Option<Arc<Heads>>,
    /// The one that was made or replaced last at the front.
    before: VecDeque<Arc<Heads>>,
}

/// Every party, as of a position.
#[derive(Clone)]
pub(crate) struct Heads {
    at: StreamPosition,
    terms: StreamPosition,
    /// In the order of their enrolment.
    parties: BTreeMap<StreamPosition, Arc<Head>>,
}

/// How one party is doing.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) id: PartyId,
    pub(crate) party: PartyRow,
    /// What it is called.
    pub(crate) name: Folded,
    /// The sites it works: all of them, the ledger allows it no more than are read at once.
    pub(crate) sites: Vec<SiteHead>,
    /// Where they are, in the sources' words.
    pub(crate) areas: BTreeSet<Line>,
    /// The last record that touched it.
    pub(crate) changed: StreamPosition,
    /// Its course is that under the terms in force.
    pub(crate) row: OrganizationRow,
}

/// What a list of sites is filtered by.
#[derive(Clone)]
pub(crate) struct SiteHead {
    pub(crate) id: SiteId,
    pub(crate) registered: StreamPosition,
    pub(crate) name: Folded,
}

impl Kept {
    /// The heads at the position of a reading. Where only the first so many after an enrolment are `needed`, there may be
    /// no others.
    pub(crate) fn at(&self, reading: &mut Reading<'_>, needed: Option<(StreamPosition, usize)>) -> Result<Arc<Heads>> {
        if let Some(heads) = self.lock().present(reading)? {
            return Ok(heads);
        }
        // Others are not kept waiting while the past is read: at worst two read the same.
        if let Some((after, count)) = needed {
            return Ok(Arc::new(Heads::read(reading, after, count)?));
        }
        let heads = Arc::new(Heads::read(reading, StreamPosition::START, usize::MAX)?);
        self.lock().keep(Arc::clone(&heads));
        Ok(heads)
    }

    fn lock(&self) -> MutexGuard<'_, Positions> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Positions {
    /// The heads at the position of a reading, where they are kept or later than all that are kept.
    fn present(&mut self, reading: &mut Reading<'_>) -> Result<Option<Arc<Heads>>> {
        let at = reading.at();
        let mut kept = self.latest.iter().chain(&self.before);
        if let Some(heads) = kept.find(|heads| heads.at == at) {
            return Ok(Some(Arc::clone(heads)));
        }
        let heads = match &self.latest {
            Some(latest) if at < latest.at => return Ok(None),
            Some(latest) => latest.up_to_date(reading)?,
            None => Heads::read(reading, StreamPosition::START, usize::MAX)?,
        };
        let heads = Arc::new(heads);
        if let Some(latest) = self.latest.replace(Arc::clone(&heads)) {
            self.keep(latest);
        }
        Ok(Some(heads))
    }

    fn keep(&mut self, heads: Arc<Heads>) {
        self.before.push_front(heads);
        self.before.truncate(KEPT_MAX);
    }
}

impl Heads {
    /// Those enrolled after a position, in order.
    pub(crate) fn after(&self, enrolled: StreamPosition) -> impl Iterator<Item = &Arc<Head>> {
        self.parties.range(enrolled.next()..).map(|(_, head)| head)
    }

    /// The first `count` parties that are enrolled after a position.
    fn read(reading: &mut Reading<'_>, mut after: StreamPosition, count: usize) -> Result<Self> {
        let mut heads = Self {
            at: reading.at(),
            terms: reading.terms().0,
            parties: BTreeMap::new(),
        };
        while heads.parties.len() < count {
            let limit = (count - heads.parties.len()).min(RANGE_ROWS_MAX);
            let parties: Vec<(_, PartyId)> = reading.list(List::Parties(None), after, limit)?;
            let Some((last, _)) = parties.last() else {
                break;
            };
            after = *last;
            for (_, id) in parties {
                heads.take(reading, id)?;
            }
        }
        Ok(heads)
    }

    /// As of the later position of a reading.
    fn up_to_date(&self, reading: &mut Reading<'_>) -> Result<Self> {
        let mut touched = BTreeSet::new();
        let mut after = self.at;
        let mut count = 0;
        loop {
            let changes = reading.changes(after, reading.at(), RANGE_ROWS_MAX)?;
            let Some((last, _)) = changes.last() else {
                break;
            };
            after = *last;
            count += changes.len();
            if CHANGES_MAX < count {
                return Self::read(reading, StreamPosition::START, usize::MAX);
            }
            touched.extend(changes.iter().flat_map(|(_, change)| match change.touched {
                Touched::One { organization, .. } => vec![organization],
                Touched::Moved { from, to, .. } => vec![from.organization, to.organization],
                Touched::Nobody | Touched::Everyone => Vec::new(),
            }));
        }
        let mut heads = Self {
            at: reading.at(),
            terms: reading.terms().0,
            parties: self.parties.clone(),
        };
        if heads.terms != self.terms {
            touched.extend(self.parties.values().map(|head| head.id));
        }
        for id in touched {
            heads.take(reading, id)?;
        }
        Ok(heads)
    }

    fn take(&mut self, reading: &mut Reading<'_>, id: PartyId) -> Result<()> {
        let head = Head::read(reading, id)?;
        self.parties.insert(head.party.recorded.position, Arc::new(head));
        Ok(())
    }
}

impl Head {
    fn read(reading: &mut Reading<'_>, id: PartyId) -> Result<Self> {
        let party = reading.party(id)?.ok_or(RowError::Missing { table: PARTIES })?;
        let (changed, mut row) = reading.organization(id)?.unwrap_or_default();
        row.course = reading.course(id, &row)?;
        let (mut sites, mut areas) = (Vec::new(), BTreeSet::new());
        if 0 < row.sites {
            let worked = reading.list(List::Sites(Some(id)), StreamPosition::START, RANGE_ROWS_MAX)?;
            for (_, id) in worked {
                let site = reading.site(id)?.ok_or(RowError::Missing { table: SITES })?;
                sites.push(SiteHead {
                    id,
                    registered: site.recorded.position,
                    name: Folded::of(site.registered.name.as_str()),
                });
                areas.extend(site.registered.area);
            }
        }
        Ok(Self {
            id,
            name: Folded::of(party.profile.name.as_str()),
            party,
            sites,
            areas,
            changed,
            row,
        })
    }

    /// What follows for it at the instant of a reading of its position; none for a party that has no standing.
    pub(crate) fn leg(&self, reading: &mut Reading<'_>) -> Result<Option<Cow<'_, Leg>>> {
        let course = &self.row.course;
        course.leg(reading.now(), || reading.known(self.id, &self.row.conduct))
    }
}
