//! Parties, filtered and sorted; and sites by a part of their names.

use std::borrow::Cow;
use std::cmp::Ordering;

use event::vocabulary::{Line, Module, Standing as StandingWord};
use event::{Date, PartyId, SiteId, StreamPosition};
use ledger::CriterionNumber;
use rpc::InvalidMessage;
use rpc::progress::{
    IncidentFilter, ListOrganizationsResponse, OrganizationSort, OrganizationSummary, OrganizationsFilter,
    OrganizationsQuery, Pillar, PillarLevel, Standing, page_token,
};

use super::Result;
use super::message::{organization, place_in};
use super::present::freshness;
use crate::course::{Leg, PILLARS};
use crate::heads::{Head, Kept};
use crate::names::Folded;
use crate::reading::Reading;
use crate::rows::{CatalogueRow, day_key, position_key};

/// Bytes of a name that parties are sorted by.
const NAME_BYTES_SORTED: usize = 64;

/// Where a party stands in a list: what it is sorted by, where it has that, and its enrolment.
#[derive(Clone, Copy)]
struct SortKey {
    rank: Option<Rank>,
    enrolled: StreamPosition,
}

/// What a party is sorted by, byte by byte. Holds it itself: there is one for every party that is looked at.
#[derive(Clone, Copy)]
struct Rank {
    bytes: [u8; NAME_BYTES_SORTED],
    length: usize,
}

pub(crate) fn organizations(
    reading: &mut Reading<'_>,
    kept: &Kept,
    query: &OrganizationsQuery,
) -> Result<ListOrganizationsResponse> {
    let after = query.page.after.as_deref().map(SortKey::read).transpose()?;
    let by_enrolment = query.sort == OrganizationSort::Unspecified && !query.is_descending;
    let from = match &after {
        Some(after) if by_enrolment => after.enrolled,
        _ => StreamPosition::START,
    };
    // One more than a page has room for, so that it shows whether there are more.
    let most = query.page.size.saturating_add(1);
    let is_everyone = by_enrolment && query.filter == OrganizationsFilter::default();
    let heads = kept.at(reading, is_everyone.then_some((from, most)))?;
    let gating = reading.terms().1.gating;
    let catalogue = gating.map(|digest| reading.catalogue(digest)).transpose()?;
    let mut list = Page {
        response: ListOrganizationsResponse {
            position: reading.at().get(),
            evaluated_at_unix_ms: reading.now().unix_ms(),
            ..ListOrganizationsResponse::default()
        },
        room: query.page.room(),
        last: after,
    };
    let part = query
        .filter
        .name_contains
        .as_ref()
        .map(|part| Folded::of(part.as_str()));
    let is_called_so = |head: &Head| part.as_ref().is_none_or(|part| head.name.contains(part));
    let mut found = Vec::new();
    for head in heads.after(from).filter(|head| is_called_so(head)) {
        let Some(leg) = matches(reading, head, &query.filter, catalogue.as_deref())? else {
            continue;
        };
        let key = SortKey::of(head, leg.as_deref(), query.sort);
        if by_enrolment {
            if !list.take(reading, head, leg.as_deref(), catalogue.as_deref(), key) {
                return Ok(list.end(reading, true));
            }
            continue;
        }
        let is_later = |after: &SortKey| after.compare(&key, query.is_descending) == Ordering::Less;
        if after.as_ref().is_none_or(is_later) {
            found.push((key, head));
        }
    }
    let compare = |(a, _): &(SortKey, _), (b, _): &(SortKey, _)| a.compare(b, query.is_descending);
    if most < found.len() {
        // The others need not be in order, only behind.
        found.select_nth_unstable_by(most, compare);
        found.truncate(most);
    }
    found.sort_unstable_by(compare);
    for (key, head) in found {
        let leg = head.leg(reading)?;
        if !list.take(reading, head, leg.as_deref(), catalogue.as_deref(), key) {
            return Ok(list.end(reading, true));
        }
    }
    Ok(list.end(reading, false))
}

/// Sites with this in their names after a position at which sites were registered, in that order, so many at most.
pub(crate) fn sites_called(
    reading: &mut Reading<'_>,
    kept: &Kept,
    (part, operator): (&Line, Option<PartyId>),
    (after, count): (StreamPosition, usize),
) -> Result<Vec<(StreamPosition, SiteId)>> {
    let part = Folded::of(part.as_str());
    let heads = kept.at(reading, None)?;
    let operators = heads.after(StreamPosition::START);
    let sites = operators
        .filter(|head| operator.is_none_or(|operator| operator == head.id))
        .flat_map(|head| &head.sites);
    let mut found: Vec<_> = sites
        .filter(|site| after < site.registered && site.name.contains(&part))
        .map(|site| (site.registered, site.id))
        .collect();
    found.sort_unstable();
    found.truncate(count);
    Ok(found)
}

/// A page that is being filled.
struct Page {
    response: ListOrganizationsResponse,
    room: rpc::read::PageRoom,
    last: Option<SortKey>,
}

impl Page {
    /// Whether the row had room.
    fn take(
        &mut self,
        reading: &Reading<'_>,
        head: &Head,
        leg: Option<&Leg>,
        catalogue: Option<&CatalogueRow>,
        key: SortKey,
    ) -> bool {
        let row = ListOrganizationsResponse {
            organizations: vec![organization(head.id, &head.party)],
            summaries: vec![summary(reading, head, leg, catalogue)],
            ..ListOrganizationsResponse::default()
        };
        if !self.room.take(&row) {
            return false;
        }
        self.response.organizations.extend(row.organizations);
        self.response.summaries.extend(row.summaries);
        self.last = Some(key);
        true
    }

    fn end(mut self, reading: &Reading<'_>, has_more: bool) -> ListOrganizationsResponse {
        let last = self.last.filter(|_| has_more);
        let token = last.map(|key| page_token(reading.at(), reading.now(), &key.encode()));
        self.response.next_page_token = token.unwrap_or_default();
        self.response
    }
}

/// Whether a party belongs to the list, and then what follows for it.
#[expect(
    clippy::option_option,
    reason = "a party belongs to a list, or not; and it has a standing, or not"
)]
fn matches<'h>(
    reading: &mut Reading<'_>,
    head: &'h Head,
    filter: &OrganizationsFilter,
    catalogue: Option<&CatalogueRow>,
) -> Result<Option<Option<Cow<'h, Leg>>>> {
    let (row, profile) = (&head.row, &head.party.profile);
    let decided = row.conduct.decided.map(|decided| decided.standing);
    let holds = filter.kind.is_none_or(|kind| kind == profile.kind)
        && filter.country.is_none_or(|country| country == profile.country)
        && filter.area.as_ref().is_none_or(|area| head.areas.contains(area))
        && (filter.decided.is_empty() || decided.is_some_and(|decided| filter.decided.contains(&decided)))
        && filter.incidents.is_none_or(|wanted| has_incidents(head, wanted))
        && filter
            .freshness
            .is_none_or(|wanted| freshness(reading, row.newest) == wanted)
        && filter
            .overdue
            .is_none_or(|wanted| is_overdue(head, reading.today()) == wanted);
    if !holds {
        return Ok(None);
    }
    let leg = head.leg(reading)?;
    let follows = leg.as_ref().map(|leg| &leg.outlook);
    let standing: Option<StandingWord> = follows.map(|follows| follows.standing);
    let is_met = |module: &Module| {
        let place = usize::from(module.number()) - 1;
        follows.is_some_and(|follows| follows.met.get(place) == Some(&true))
    };
    let applies = |slug: &event::vocabulary::Slug| {
        let scenarios = follows.iter().flat_map(|follows| &follows.scenarios);
        scenarios
            .into_iter()
            .any(|number| slug_of(catalogue, *number).as_ref() == Some(slug))
    };
    let reaches = |(pillar, level_min): &(event::vocabulary::Pillar, u32)| {
        let place = PILLARS.iter().position(|known| known == pillar);
        let level = place.and_then(|place| follows.and_then(|follows| follows.levels[place]));
        level.is_some_and(|level| *level_min <= u32::from(level))
    };
    let holds = (filter.standings.is_empty() || standing.is_some_and(|standing| filter.standings.contains(&standing)))
        && filter.modules_met.iter().all(is_met)
        && filter.scenario.as_ref().is_none_or(applies)
        && filter.pillar_levels.iter().all(reaches);
    Ok(holds.then_some(leg))
}

fn has_incidents(head: &Head, wanted: IncidentFilter) -> bool {
    let row = &head.row;
    match wanted {
        IncidentFilter::Unspecified => true,
        IncidentFilter::Open => 0 < row.open_incidents_count,
        IncidentFilter::Grave => 0 < row.conduct.grave,
        IncidentFilter::NoneOpen => row.open_incidents_count == 0,
    }
}

fn next_due(head: &Head) -> Option<Date> {
    head.row.open_plans.first().and_then(|open| open.due)
}

fn is_overdue(head: &Head, today: Date) -> bool {
    next_due(head).is_some_and(|due| due < today)
}

fn slug_of(catalogue: Option<&CatalogueRow>, number: CriterionNumber) -> Option<event::vocabulary::Slug> {
    let catalogue = catalogue?;
    let place = place_in(catalogue, number)?;
    Some(catalogue.published.criteria.get(place)?.slug.clone())
}

fn summary(
    reading: &Reading<'_>,
    head: &Head,
    leg: Option<&Leg>,
    catalogue: Option<&CatalogueRow>,
) -> OrganizationSummary {
    let row = &head.row;
    let follows = leg.map(|leg| &leg.outlook);
    let decided = row.conduct.decided.map(|decided| Standing::from(decided.standing));
    let met = follows.iter().flat_map(|follows| follows.met.iter().zip(1..));
    let scenarios = follows.iter().flat_map(|follows| &follows.scenarios);
    let slugs = scenarios.filter_map(|number| slug_of(catalogue, *number));
    let levels = follows.iter().flat_map(|follows| PILLARS.iter().zip(&follows.levels));
    let level = |(pillar, level): (&event::vocabulary::Pillar, &Option<u8>)| {
        Some(PillarLevel {
            pillar: Pillar::from(*pillar).into(),
            level_min: u32::from((*level)?),
        })
    };
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    OrganizationSummary {
        standing: follows
            .map_or(Standing::Unspecified, |follows| follows.standing.into())
            .into(),
        since_unix_ms: leg.map_or(0, |leg| leg.since.at.unix_ms()),
        decided_standing: decided.unwrap_or_default().into(),
        modules_met: met.filter(|(is_met, _)| **is_met).map(|(_, module)| module).collect(),
        scenario_slugs: slugs.map(|slug| slug.to_string()).collect(),
        pillar_levels: levels.filter_map(level).collect(),
        open_incidents: row.open_incidents_count,
        grave_incidents: row.conduct.grave,
        overdue: is_overdue(head, reading.today()),
        next_due: day(next_due(head)),
        freshness: freshness(reading, row.newest).into(),
        newest_day: day(row.newest),
        sites: row.sites.into(),
        changed_position: head.changed.get(),
    }
}

impl SortKey {
    fn of(head: &Head, leg: Option<&Leg>, sort: OrganizationSort) -> Self {
        let day = |day: Option<Date>| day.map(|day| Rank::of(&day_key(day)));
        let enrolled = head.party.recorded.position;
        let rank = match sort {
            OrganizationSort::Unspecified => Some(Rank::of(&position_key(enrolled))),
            OrganizationSort::Name => Some(Rank::of(head.party.profile.name.as_str().as_bytes())),
            OrganizationSort::Standing => leg.map(|leg| Rank::of(&[leg.outlook.standing as u8])),
            OrganizationSort::Since => leg.map(|leg| {
                let since = leg.since.at.unix_ms().cast_unsigned() ^ (1 << 63);
                Rank::of(&since.to_be_bytes())
            }),
            OrganizationSort::Changed => Some(Rank::of(&position_key(head.changed))),
            OrganizationSort::Freshness => day(head.row.newest),
            OrganizationSort::NextDue => day(next_due(head)),
        };
        Self { rank, enrolled }
    }

    /// Those that have nothing to be sorted by come last, and equals in the order of enrolment, whichever way round.
    fn compare(&self, other: &Self, is_descending: bool) -> Ordering {
        let by_rank = match (&self.rank, &other.rank) {
            (Some(a), Some(b)) if is_descending => b.as_bytes().cmp(a.as_bytes()),
            (Some(a), Some(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        by_rank.then(self.enrolled.cmp(&other.enrolled))
    }

    fn encode(&self) -> Vec<u8> {
        let rank = self.rank.as_ref();
        let is_ranked = u8::from(rank.is_some());
        [
            &position_key(self.enrolled)[..],
            &[is_ranked],
            rank.map_or(&[], Rank::as_bytes),
        ]
        .concat()
    }

    fn read(key: &[u8]) -> core::result::Result<Self, InvalidMessage> {
        let (enrolled, rest) = key.split_first_chunk().ok_or(InvalidMessage::PageToken)?;
        let rank = match rest {
            [0] => None,
            [1, rank @ ..] if rank.len() <= NAME_BYTES_SORTED => Some(Rank::of(rank)),
            _ => return Err(InvalidMessage::PageToken),
        };
        Ok(Self {
            rank,
            enrolled: StreamPosition::new(u64::from_be_bytes(*enrolled)),
        })
    }
}

impl Rank {
    /// The first bytes of it.
    fn of(bytes: &[u8]) -> Self {
        let length = bytes.len().min(NAME_BYTES_SORTED);
        let mut rank = Self {
            bytes: [0; NAME_BYTES_SORTED],
            length,
        };
        rank.bytes[..length].copy_from_slice(&bytes[..length]);
        rank
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}
