//! The answer to each request, from rows as of a position and an instant.

pub(crate) mod compare;
pub(crate) mod conduct;
pub(crate) mod history;
pub(crate) mod list;
mod message;
mod others;
mod present;
mod standing;
pub(crate) mod standings;
mod steps;

use std::collections::BTreeSet;

use event::vocabulary::Subject;
use event::{PartyId, SiteId, StreamPosition};
use prost::Message;
use rpc::limits::{CATALOGUES_LISTED_MAX, INCIDENTS_SHOWN_MAX, OTHERS_BYTES_MAX, PAGE_SIZE_MAX, PLANS_SHOWN_MAX};
use rpc::progress::{
    GetOrganizationResponse, GetSiteResponse, ListCataloguesResponse, ListSitesResponse, Named, OrganizationQuery,
    OtherWord, PublishedCatalogue, SiteQuery, SiteRow, SiteStanding, SitesQuery, page_token,
};
use rpc::read::PageRoom;
use rpc::{InvalidMessage, Page};

use crate::heads::Kept;
use crate::reading::{List, ReadError, Reading};
use crate::rows::{INCIDENTS_OF, PLANS_OF, RowError, SITES, position_key};
use standing::Follows;

/// Sites that stand in the answer about their operator.
const SITES_OF_ORGANIZATION_MAX: usize = 100;

type Result<T> = core::result::Result<T, ReadError>;

fn counted(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

pub(crate) fn site(reading: &mut Reading<'_>, query: SiteQuery) -> Result<GetSiteResponse> {
    let name = name_of(&query.site, "site");
    let id = match query.site {
        Named::Id(id) => Some(id),
        Named::Reference(reference) => reading.site_of(&reference)?,
    };
    let standing = id.map(|id| site_standing(reading, id)).transpose()?.flatten();
    let (mut standing, words) = standing.ok_or(ReadError::NotFound(name))?;
    (standing.others, standing.others_left_out) = others::shown(words);
    Ok(GetSiteResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        standing: Some(standing),
    })
}

pub(crate) fn sites(reading: &mut Reading<'_>, kept: &Kept, query: &SitesQuery) -> Result<ListSitesResponse> {
    let next = |reading: &mut Reading<'_>, after, count| match &query.name_contains {
        None => reading.list(List::Sites(query.operator), after, count),
        Some(part) => list::sites_called(reading, kept, (part, query.operator), (after, count)),
    };
    let (sites, next_page_token) = list(reading, &query.page, next, site_row)?;
    Ok(ListSitesResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        sites,
        next_page_token,
    })
}

pub(crate) fn catalogues(reading: &mut Reading<'_>) -> Result<ListCataloguesResponse> {
    let gating = reading.terms().1.gating;
    let mut listed = reading.catalogues(|reading, row| {
        let digest = row.published.digest();
        let message = PublishedCatalogue {
            catalogue_slug: row.published.slug.to_string(),
            catalogue_version: row.published.version.to_string(),
            catalogue_digest: digest.to_string(),
            publication: Some(reading.publication(row)?),
            criteria: counted(row.published.criteria.len()),
            indicators: counted(row.published.indicators.len()),
            is_gating: gating == Some(digest),
            is_superseded: false,
        };
        Ok((row.position, digest, row.published.supersedes, message))
    })?;
    listed.sort_by_key(|(position, ..)| *position);
    let superseded: BTreeSet<_> = listed.iter().filter_map(|(_, _, supersedes, _)| *supersedes).collect();
    let left_out = counted(listed.len().saturating_sub(CATALOGUES_LISTED_MAX));
    let listed = listed.into_iter().take(CATALOGUES_LISTED_MAX);
    let catalogues = listed.map(|(_, digest, _, message)| PublishedCatalogue {
        is_superseded: superseded.contains(&digest),
        ..message
    });
    Ok(ListCataloguesResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        catalogues: catalogues.collect(),
        catalogues_left_out: left_out,
    })
}

pub(crate) fn organization(reading: &mut Reading<'_>, query: OrganizationQuery) -> Result<GetOrganizationResponse> {
    let name = name_of(&query.organization, "organization");
    let id = match query.organization {
        Named::Id(id) => Some(id),
        Named::Reference(reference) => reading.party_of(&reference)?,
    };
    let row = id
        .map(|id| Ok::<_, ReadError>(reading.party(id)?.map(|row| (id, row))))
        .transpose()?
        .flatten();
    let (id, row) = row.ok_or(ReadError::NotFound(name))?;
    let own = present::standing(reading, Subject::Party(id))?;
    let words = own.others;
    let mut tally = own.tally;
    let mut response = GetOrganizationResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        organization: Some(message::organization(id, &row)),
        answers: own.answers,
        latest_assessments: own.latest,
        ..GetOrganizationResponse::default()
    };
    for subject in reading.subjects(id)?.into_iter().skip(1) {
        for answers in reading.answers(subject)? {
            tally.count(reading, subject, &answers)?;
        }
    }
    response.assurance = Some(tally.assurance());
    response.freshness = Some(tally.freshness(reading));
    if let Some(follows) = standing::follows(reading, id)? {
        let mut standing = follows.message(reading, id)?;
        standing.criteria = follows.criteria(reading)?;
        response.standing = Some(standing);
        response.pillars = follows.pillars(reading);
        (response.next_steps, response.next_steps_left_out) = steps::next_steps(reading, &follows)?;
        add_plans(reading, id, &follows, &mut response)?;
    }
    add_incidents(reading, id, &mut response)?;
    add_sites(reading, id, words, &mut response)?;
    add_series(reading, id, &mut response)?;
    Ok(response)
}

/// Open plans, and then the newest of the others; as many as fit an answer.
fn add_plans(
    reading: &mut Reading<'_>,
    id: PartyId,
    follows: &Follows,
    response: &mut GetOrganizationResponse,
) -> Result<()> {
    let mut plans: Vec<_> = follows.row.open_plans.iter().map(|open| open.plan).collect();
    for plan in conduct::newest_of(reading, id, PLANS_OF, PLANS_SHOWN_MAX + 1)? {
        if !plans.contains(&plan) {
            plans.push(plan);
        }
    }
    let mut room = PageRoom::beside(response);
    for plan in plans {
        let plan = conduct::plan(reading, plan)?;
        if response.plans.len() == PLANS_SHOWN_MAX || !room.take(&plan) {
            response.more_plans = true;
            break;
        }
        response.plans.push(plan);
    }
    Ok(())
}

/// Open incidents, and then the newest of the others; as many as fit an answer.
fn add_incidents(reading: &mut Reading<'_>, id: PartyId, response: &mut GetOrganizationResponse) -> Result<()> {
    let row = reading.organization(id)?.map(|(_, row)| row).unwrap_or_default();
    let mut incidents: Vec<_> = row.open_incidents.iter().map(|open| open.incident).collect();
    for incident in conduct::newest_of(reading, id, INCIDENTS_OF, INCIDENTS_SHOWN_MAX + 1)? {
        if !incidents.contains(&incident) {
            incidents.push(incident);
        }
    }
    let mut room = PageRoom::beside(response);
    for incident in incidents {
        let incident = conduct::incident_message(reading, incident)?;
        if response.incidents.len() == INCIDENTS_SHOWN_MAX || !room.take(&incident) {
            response.more_incidents = true;
            break;
        }
        response.incidents.push(incident);
    }
    Ok(())
}

/// As many sites as fit an answer; and what answers about them, and `words` about the organization itself, say about the
/// criteria that its standing follows from.
fn add_sites(
    reading: &mut Reading<'_>,
    operator: PartyId,
    mut words: Vec<OtherWord>,
    response: &mut GetOrganizationResponse,
) -> Result<()> {
    let sites: Vec<(_, SiteId)> = reading.list(
        List::Sites(Some(operator)),
        StreamPosition::START,
        SITES_OF_ORGANIZATION_MAX + 1,
    )?;
    // What is known about the organization itself has a place of its own in an answer, but not beside sites as long.
    let mut room = PageRoom::beside(response).keeping(OTHERS_BYTES_MAX);
    response.more_sites = sites.len() > SITES_OF_ORGANIZATION_MAX;
    let mut is_full = false;
    for (_, id) in sites.into_iter().take(SITES_OF_ORGANIZATION_MAX) {
        let (standing, others) = site_standing(reading, id)?.ok_or(RowError::Missing { table: SITES })?;
        // They stand beside the organization's criteria.
        words.extend(others);
        is_full |= !room.take(&standing);
        if is_full {
            response.more_sites = true;
            continue;
        }
        response.sites.push(standing);
    }
    (response.others, response.others_left_out) = others::shown(words);
    Ok(())
}

/// As many series of indicators as fit an answer.
fn add_series(reading: &mut Reading<'_>, id: PartyId, response: &mut GetOrganizationResponse) -> Result<()> {
    let mut may_read = history::SERIES_READS_MAX;
    let mut room = PageRoom::beside(response);
    for subject in reading.subjects(id)? {
        if may_read == 0 {
            response.more_measurements = true;
            break;
        }
        let (series, has_more) = history::series(reading, subject, &mut may_read)?;
        response.more_measurements |= has_more;
        for series in series {
            if !room.take(&series) {
                response.more_measurements = true;
                return Ok(());
            }
            response.indicators.push(series);
        }
    }
    Ok(())
}

/// Refuses to answer about a subject that is not known.
fn known(reading: &Reading<'_>, subject: Subject) -> Result<()> {
    let is_known = match subject {
        Subject::Party(id) => reading.party(id)?.is_some(),
        Subject::Site(id) => reading.site(id)?.is_some(),
    };
    if is_known { Ok(()) } else { Err(not_found(subject)) }
}

fn not_found(subject: Subject) -> ReadError {
    ReadError::NotFound(match subject {
        Subject::Party(id) => format!("organization {id}"),
        Subject::Site(id) => format!("site {id}"),
    })
}

/// One page of a list, of which `next` gives what comes after a position, and the token of the next page.
fn list<Id, M: Message>(
    reading: &mut Reading<'_>,
    page: &Page,
    next: impl Fn(&mut Reading<'_>, StreamPosition, usize) -> Result<Vec<(StreamPosition, Id)>>,
    row: impl Fn(&mut Reading<'_>, Id) -> Result<M>,
) -> Result<(Vec<M>, String)> {
    let mut passed = match &page.after {
        None => StreamPosition::START,
        Some(key) => {
            let key: [u8; 8] = key.as_slice().try_into().map_err(|_| InvalidMessage::PageToken)?;
            StreamPosition::new(u64::from_be_bytes(key))
        }
    };
    let mut room = page.room();
    let mut messages = Vec::new();
    for (position, id) in next(reading, passed, page.size.min(PAGE_SIZE_MAX))? {
        let message = row(reading, id)?;
        if !room.take(&message) {
            break;
        }
        messages.push(message);
        passed = position;
    }
    let has_more = !next(reading, passed, 1)?.is_empty();
    let token = if has_more {
        page_token(reading.at(), reading.now(), &position_key(passed))
    } else {
        String::new()
    };
    Ok((messages, token))
}

fn site_row(reading: &mut Reading<'_>, id: SiteId) -> Result<SiteRow> {
    let site = reading.site_message(id)?.ok_or(RowError::Missing { table: SITES })?;
    let mut latest_assessments = Vec::new();
    for answers in reading.answers(Subject::Site(id))? {
        latest_assessments.extend(present::latest(reading, Subject::Site(id), &answers)?);
    }
    Ok(SiteRow {
        site: Some(site),
        latest_assessments,
    })
}

/// A site with its answers, and what they say about the criteria that standings follow from.
fn site_standing(reading: &mut Reading<'_>, id: SiteId) -> Result<Option<(SiteStanding, Vec<OtherWord>)>> {
    let Some(site) = reading.site_message(id)? else {
        return Ok(None);
    };
    let standing = present::standing(reading, Subject::Site(id))?;
    let message = SiteStanding {
        site: Some(site),
        answers: standing.answers,
        latest_assessments: standing.latest,
        assurance: Some(standing.tally.assurance()),
        freshness: Some(standing.tally.freshness(reading)),
        ..SiteStanding::default()
    };
    Ok(Some((message, standing.others)))
}

fn name_of<Id: ToString>(named: &Named<Id>, kind: &str) -> String {
    match named {
        Named::Id(id) => format!("{kind} {}", id.to_string()),
        Named::Reference(reference) => format!("{kind} {} of {}", reference.value, reference.source),
    }
}
