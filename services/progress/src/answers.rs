//! The answer to each request, from rows as of a position.

use std::collections::BTreeMap;
use std::rc::Rc;

use event::vocabulary::{self, AssessmentKind, CataloguePublished, Slug, Subject};
use event::{Date, PartyId, SiteId, StreamPosition};
use prost::Message;
use rpc::limits::{CONTRADICTIONS_MAX, PAGE_SIZE_MAX};
use rpc::progress::{
    Assessment, AssessmentsQuery, Attribution, Contradiction, Criterion, Deposit, Finding, GetOrganizationResponse,
    GetSiteResponse, ListAssessmentsResponse, ListOrganizationsResponse, ListSitesResponse, Named, Organization,
    OrganizationQuery, OrganizationsQuery, PartyKind, PresentAnswer, Site, SiteQuery, SiteRow, SiteStanding,
    SitesQuery, assessment,
};
use rpc::{InvalidMessage, Page};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::reading::{List, ReadError, Reading, position_of};
use crate::rows::{ASSESSMENTS, Answers, AssessmentRow, PartyRow, Present, RowError, decode, position_key};
use crate::rows::{PARTIES, SITES};

/// Sites that stand in the answer about their operator.
const SITES_OF_ORGANIZATION_MAX: usize = 100;
/// Assessments read to find contradictions within one standing. More than these are counted as if they contradicted:
/// nobody hides a contradiction by saying the opposite often.
const COMPARED_MAX: usize = 256;
/// Rows of a history that are looked at for one page, in reads of this many: 3 MiB at a time at most.
const HISTORY_READ_ROWS: usize = 64;
const HISTORY_READS_MAX: usize = 16;

type Result<T> = core::result::Result<T, ReadError>;

pub(crate) fn site(reading: &mut Reading<'_>, query: SiteQuery) -> Result<GetSiteResponse> {
    let name = name_of(&query.site, "site");
    let id = match query.site {
        Named::Id(id) => Some(id),
        Named::Reference(reference) => reading.site_of(&reference)?,
    };
    let standing = id.map(|id| site_standing(reading, id)).transpose()?.flatten();
    let standing = Some(standing.ok_or(ReadError::NotFound(name))?);
    Ok(GetSiteResponse {
        position: reading.at().get(),
        standing,
    })
}

pub(crate) fn sites(reading: &mut Reading<'_>, query: &SitesQuery) -> Result<ListSitesResponse> {
    let (sites, next_page_token) = list(reading, List::Sites(query.operator), &query.page, site_row)?;
    Ok(ListSitesResponse {
        position: reading.at().get(),
        sites,
        next_page_token,
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
    let (answers, latest_assessments) = standing(reading, Subject::Party(id))?;
    let mut response = GetOrganizationResponse {
        position: reading.at().get(),
        organization: Some(organization_of(id, &row)),
        answers,
        latest_assessments,
        sites: Vec::new(),
        more_sites: false,
    };
    add_sites(reading, id, &mut response)?;
    Ok(response)
}

pub(crate) fn organizations(
    reading: &mut Reading<'_>,
    query: &OrganizationsQuery,
) -> Result<ListOrganizationsResponse> {
    let (organizations, next_page_token) = list(reading, List::Parties(query.kind), &query.page, organization_row)?;
    Ok(ListOrganizationsResponse {
        position: reading.at().get(),
        organizations,
        next_page_token,
    })
}

pub(crate) fn assessments(reading: &mut Reading<'_>, query: &AssessmentsQuery) -> Result<ListAssessmentsResponse> {
    known(reading, query.subject)?;
    let after = |key: &Vec<u8>| key.as_slice().try_into().map_err(|_| InvalidMessage::PageToken);
    let mut before = query.page.after.as_ref().map(after).transpose()?;
    let mut room = query.page.room();
    let mut assessments = Vec::new();
    for _ in 0..HISTORY_READS_MAX {
        let found = reading.history(query.subject, before, HISTORY_READ_ROWS)?;
        let is_last = found.len() < HISTORY_READ_ROWS;
        for (place, row) in found {
            if position_of(ASSESSMENTS, &row.key)? <= reading.at() {
                let assessment = assessment_of(reading, &decode(ASSESSMENTS, &row.value)?)?;
                if !room.take(&assessment) {
                    return Ok(history_page(reading, assessments, before));
                }
                assessments.push(assessment);
            }
            before = Some(place);
        }
        if is_last {
            return Ok(history_page(reading, assessments, None));
        }
    }
    Ok(history_page(reading, assessments, before))
}

fn history_page(
    reading: &Reading<'_>,
    assessments: Vec<Assessment>,
    last: Option<[u8; 12]>,
) -> ListAssessmentsResponse {
    let next_page_token = last.map(|key| Page::token(reading.at(), &key)).unwrap_or_default();
    ListAssessmentsResponse {
        position: reading.at().get(),
        assessments,
        next_page_token,
    }
}

fn known(reading: &Reading<'_>, subject: Subject) -> Result<()> {
    let (is_known, name) = match subject {
        Subject::Party(id) => (reading.party(id)?.is_some(), format!("organization {id}")),
        Subject::Site(id) => (reading.site(id)?.is_some(), format!("site {id}")),
    };
    if is_known {
        Ok(())
    } else {
        Err(ReadError::NotFound(name))
    }
}

/// One page of a list, and the token of the next.
fn list<Id: Serialize + DeserializeOwned, M: Message>(
    reading: &mut Reading<'_>,
    list: List,
    page: &Page,
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
    for (position, id) in reading.list(list, passed, page.size.min(PAGE_SIZE_MAX))? {
        let message = row(reading, id)?;
        if !room.take(&message) {
            break;
        }
        messages.push(message);
        passed = position;
    }
    let has_more = !reading.list::<Id>(list, passed, 1)?.is_empty();
    let token = if has_more {
        Page::token(reading.at(), &position_key(passed))
    } else {
        String::new()
    };
    Ok((messages, token))
}

/// As many sites as fit an answer.
fn add_sites(reading: &mut Reading<'_>, operator: PartyId, response: &mut GetOrganizationResponse) -> Result<()> {
    let sites: Vec<(_, SiteId)> = reading.list(
        List::Sites(Some(operator)),
        StreamPosition::START,
        SITES_OF_ORGANIZATION_MAX + 1,
    )?;
    let mut room = Page {
        size: SITES_OF_ORGANIZATION_MAX + 1,
        after: None,
    }
    .room();
    // What is known about the organization itself has a place of its own in an answer, but not beside sites as long.
    let mut has_room = room.take(response);
    for (_, id) in sites {
        let standing = site_standing(reading, id)?.ok_or(RowError::Missing { table: SITES })?;
        has_room = has_room && room.take(&standing);
        if !has_room {
            response.more_sites = true;
            break;
        }
        response.sites.push(standing);
    }
    Ok(())
}

fn site_row(reading: &mut Reading<'_>, id: SiteId) -> Result<SiteRow> {
    let site = site_of(reading, id)?.ok_or(RowError::Missing { table: SITES })?;
    let mut latest_assessments = Vec::new();
    for answers in reading.standing(Subject::Site(id))? {
        latest_assessments.extend(latest(reading, Subject::Site(id), &answers)?);
    }
    Ok(SiteRow {
        site: Some(site),
        latest_assessments,
    })
}

fn organization_row(reading: &mut Reading<'_>, id: PartyId) -> Result<Organization> {
    let row = reading.party(id)?.ok_or(RowError::Missing { table: PARTIES })?;
    Ok(organization_of(id, &row))
}

fn site_standing(reading: &mut Reading<'_>, id: SiteId) -> Result<Option<SiteStanding>> {
    let Some(site) = site_of(reading, id)? else {
        return Ok(None);
    };
    let (answers, latest_assessments) = standing(reading, Subject::Site(id))?;
    Ok(Some(SiteStanding {
        site: Some(site),
        answers,
        latest_assessments,
    }))
}

fn standing(reading: &mut Reading<'_>, subject: Subject) -> Result<(Vec<PresentAnswer>, Vec<Assessment>)> {
    let (mut present_answers, mut assessments) = (Vec::new(), Vec::new());
    let mut may_read = COMPARED_MAX;
    for answers in reading.standing(subject)? {
        let mut rivals = BTreeMap::new();
        for present in &answers.criteria {
            present_answers.push(present_answer(reading, subject, present, &mut rivals, &mut may_read)?);
        }
        assessments.extend(latest(reading, subject, &answers)?);
    }
    Ok((present_answers, assessments))
}

fn latest(reading: &mut Reading<'_>, subject: Subject, answers: &Answers) -> Result<Option<Assessment>> {
    let Some(place) = answers.latest else {
        return Ok(None);
    };
    let row = reading.assessment(subject, place)?;
    assessment_of(reading, &row).map(Some)
}

/// Assessments of one kind and day, under one catalogue, among which there may be contradictions.
#[derive(Clone, Default)]
struct Rivals {
    /// The latest recorded first.
    read: Vec<Rc<AssessmentRow>>,
    /// Those there was no room to read.
    not_read: u64,
}

fn present_answer(
    reading: &mut Reading<'_>,
    subject: Subject,
    present: &Present,
    known: &mut BTreeMap<(AssessmentKind, Date), Rivals>,
    may_read: &mut usize,
) -> Result<PresentAnswer> {
    let row = reading.assessment(subject, present.place)?;
    let catalogue = reading.catalogue(row.submitted.catalogue)?;
    let (asked, found) = found(&catalogue, &row, &present.criterion).ok_or(RowError::Missing { table: ASSESSMENTS })?;
    let key = (present.kind, present.place.day);
    let rivals = match known.get(&key) {
        Some(rivals) => rivals.clone(),
        None => known
            .entry(key)
            .or_insert(rivals(reading, subject, &catalogue, present, may_read)?)
            .clone(),
    };
    let mut contradictions = Vec::new();
    let mut left_out = rivals.not_read;
    for rival in &rivals.read {
        let catalogue = reading.catalogue(rival.submitted.catalogue)?;
        let says = self::found(&catalogue, rival, &present.criterion).map(|(_, finding)| &finding.answer);
        let Some(answer) = says.filter(|answer| **answer != found.answer) else {
            continue;
        };
        if contradictions.len() < CONTRADICTIONS_MAX {
            let attribution = Some(attribution(reading, rival)?);
            contradictions.push(Contradiction {
                answer: Some(answer.into()),
                attribution,
            });
        } else {
            left_out += 1;
        }
    }
    Ok(PresentAnswer {
        criterion: Some(criterion(&catalogue, asked)),
        answer: Some((&found.answer).into()),
        attribution: Some(attribution(reading, &row)?),
        evidence_digests: evidence(found),
        contradictions,
        contradictions_left_out: u32::try_from(left_out).unwrap_or(u32::MAX),
    })
}

fn rivals(
    reading: &mut Reading<'_>,
    subject: Subject,
    catalogue: &CataloguePublished,
    present: &Present,
    may_read: &mut usize,
) -> Result<Rivals> {
    let (count, mut places) = reading.alike(subject, catalogue, present, (*may_read).max(1))?;
    if count <= 1 {
        return Ok(Rivals::default());
    }
    places.truncate(*may_read);
    *may_read -= places.len();
    let read: Result<Vec<_>> = places.iter().map(|place| reading.assessment(subject, *place)).collect();
    let itself = u64::from(!places.contains(&present.place));
    Ok(Rivals {
        read: read?,
        not_read: count - places.len() as u64 - itself,
    })
}

/// What an assessment found about a criterion, whatever the version of its catalogue.
fn found<'a>(
    catalogue: &'a CataloguePublished,
    row: &'a AssessmentRow,
    slug: &Slug,
) -> Option<(&'a vocabulary::Criterion, &'a vocabulary::Finding)> {
    let place = catalogue
        .criteria
        .iter()
        .position(|criterion| criterion.slug == *slug)?;
    let finding = row
        .submitted
        .findings
        .binary_search_by_key(&place, |finding| finding.criterion.into())
        .ok()?;
    Some((&catalogue.criteria[place], &row.submitted.findings[finding]))
}

fn assessment_of(reading: &mut Reading<'_>, row: &AssessmentRow) -> Result<Assessment> {
    let catalogue = reading.catalogue(row.submitted.catalogue)?;
    let subject = match row.submitted.subject {
        Subject::Site(id) => assessment::Subject::Site(reading.site_name(id)?),
        Subject::Party(id) => assessment::Subject::Party(reading.party_name(id)?),
    };
    let finding = |finding: &vocabulary::Finding| {
        let asked = catalogue.criteria.get(usize::from(finding.criterion));
        Finding {
            criterion: asked.map(|asked| criterion(&catalogue, asked)),
            answer: Some((&finding.answer).into()),
            evidence_digests: evidence(finding),
        }
    };
    Ok(Assessment {
        subject: Some(subject),
        catalogue_slug: catalogue.slug.to_string(),
        catalogue_version: catalogue.version.to_string(),
        attribution: Some(attribution(reading, row)?),
        reference: row.submitted.reference.as_ref().map(Into::into),
        findings: row.submitted.findings.iter().map(finding).collect(),
    })
}

fn attribution(reading: &Reading<'_>, row: &AssessmentRow) -> Result<Attribution> {
    Ok(Attribution {
        by: Some(reading.party_name(row.by)?),
        kind: rpc::progress::AssessmentKind::from(row.submitted.kind).into(),
        assessed_from: row.submitted.period.from.to_string(),
        assessed_to: row.submitted.period.to.to_string(),
        assessment_id: row.id.to_string(),
        statement_id: row.recorded.statement.to_string(),
        position: row.recorded.position.get(),
        admitted_at_unix_ms: row.recorded.admitted_at.unix_ms(),
    })
}

fn criterion(catalogue: &CataloguePublished, asked: &vocabulary::Criterion) -> Criterion {
    Criterion {
        catalogue_slug: catalogue.slug.to_string(),
        catalogue_version: catalogue.version.to_string(),
        slug: asked.slug.to_string(),
        question: asked.question.to_string(),
        scale: Some(asked.scale.into()),
    }
}

fn evidence(finding: &vocabulary::Finding) -> Vec<String> {
    finding.evidence.iter().map(ToString::to_string).collect()
}

fn site_of(reading: &Reading<'_>, id: SiteId) -> Result<Option<Site>> {
    let Some(row) = reading.site(id)? else {
        return Ok(None);
    };
    let registered = &row.registered;
    Ok(Some(Site {
        site_id: id.to_string(),
        name: registered.name.to_string(),
        operator: Some(reading.party_name(registered.operator)?),
        country: registered.country.to_string(),
        area: registered.area.as_ref().map(ToString::to_string).unwrap_or_default(),
        cell: registered.cell.map(Into::into),
        deposit: Deposit::from(registered.deposit).into(),
        reference: registered.reference.as_ref().map(Into::into),
        registered_position: row.recorded.position.get(),
        statement_id: row.recorded.statement.to_string(),
    }))
}

fn organization_of(id: PartyId, row: &PartyRow) -> Organization {
    Organization {
        party_id: id.to_string(),
        kind: PartyKind::from(row.profile.kind).into(),
        name: row.profile.name.to_string(),
        country: row.profile.country.to_string(),
        languages: row.profile.languages.iter().map(ToString::to_string).collect(),
        reference: row.profile.reference.as_ref().map(Into::into),
        enrolled_position: row.recorded.position.get(),
        statement_id: row.recorded.statement.to_string(),
    }
}

fn name_of<Id: ToString>(named: &Named<Id>, kind: &str) -> String {
    match named {
        Named::Id(id) => format!("{kind} {}", id.to_string()),
        Named::Reference(reference) => format!("{kind} {} of {}", reference.value, reference.source),
    }
}
