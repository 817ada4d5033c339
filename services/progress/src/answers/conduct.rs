//! Plans and incidents of an organization.

use event::vocabulary::{self, Milestone as MilestoneWords, PlanAdopted, Subject};
use event::{IncidentId, PartyId, PlanId, StreamPosition};
use ledger::{Clock, CriterionNumber};
use prost::Message;
use rpc::InvalidMessage;
use rpc::limits::INCIDENT_UPDATES_MAX;
use rpc::progress::{
    ConductQuery, Confidence, Incident, IncidentCategory, IncidentEnd, IncidentOutcome, IncidentUpdate,
    ListIncidentsResponse, ListPlansResponse, Milestone, MilestoneReport, MilestoneState, Plan, PlanClock, PlanEnd,
    PlanOutcome, Severity, incident, page_token,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::message::{criterion, evidence};
use super::{Result, known};
use crate::fold::conduct::is_grave;
use crate::reading::Reading;
use crate::rows::{
    CatalogueRow, INCIDENT_STEPS, INCIDENTS, INCIDENTS_OF, IncidentRow, IncidentSaid, IncidentStep, PLAN_STEPS, PLANS,
    PLANS_OF, PlanRow, PlanSaid, PlanState, PlanStep, RowError, key_at, position_key,
};

/// Plans or incidents that are looked at for one page, where only those that are open are asked for.
const LOOKED_AT_MAX: usize = 1_000;

pub(crate) fn plans(reading: &mut Reading<'_>, query: &ConductQuery) -> Result<ListPlansResponse> {
    let (plans, next_page_token) = newest(reading, query, PLANS_OF, |reading, plan: PlanId| {
        let (row, step) = plan_rows(reading, plan)?;
        let is_open = step.as_ref().is_none_or(|step| step.state.closed.is_none());
        if query.open_only && !is_open {
            return Ok(None);
        }
        plan_message(reading, plan, &row, step.as_ref()).map(Some)
    })?;
    Ok(ListPlansResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        plans,
        next_page_token,
    })
}

pub(crate) fn incidents(reading: &mut Reading<'_>, query: &ConductQuery) -> Result<ListIncidentsResponse> {
    let (incidents, next_page_token) = newest(reading, query, INCIDENTS_OF, |reading, id: IncidentId| {
        let incident = incident_message(reading, id)?;
        Ok((!query.open_only || incident.end.is_none()).then_some(incident))
    })?;
    Ok(ListIncidentsResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        incidents,
        next_page_token,
    })
}

/// A page of what an organization has, the newest first.
fn newest<Id: Serialize + DeserializeOwned, M: Message>(
    reading: &mut Reading<'_>,
    query: &ConductQuery,
    table: &'static str,
    message: impl Fn(&mut Reading<'_>, Id) -> Result<Option<M>>,
) -> Result<(Vec<M>, String)> {
    known(reading, Subject::Party(query.organization))?;
    let mut before = match &query.page.after {
        None => reading.at().next(),
        Some(key) => {
            let key: [u8; 8] = key.as_slice().try_into().map_err(|_| InvalidMessage::PageToken)?;
            StreamPosition::new(u64::from_be_bytes(key))
        }
    };
    let mut room = query.page.room();
    let mut messages = Vec::new();
    let found = reading.last_before(table, query.organization.as_bytes(), before, LOOKED_AT_MAX)?;
    let is_last = found.len() < LOOKED_AT_MAX;
    for (position, id) in found {
        if let Some(message) = message(reading, id)? {
            if !room.take(&message) {
                let token = page_token(reading.at(), reading.now(), &position_key(before));
                return Ok((messages, token));
            }
            messages.push(message);
        }
        before = position;
    }
    let token = if is_last {
        String::new()
    } else {
        page_token(reading.at(), reading.now(), &position_key(before))
    };
    Ok((messages, token))
}

/// Ids of what an organization has, the newest first.
pub(crate) fn newest_of<Id: Serialize + DeserializeOwned>(
    reading: &Reading<'_>,
    organization: PartyId,
    table: &'static str,
    limit: usize,
) -> Result<Vec<Id>> {
    let found = reading.last(table, organization.as_bytes(), limit)?;
    Ok(found.into_iter().map(|(_, id)| id).collect())
}

/// A plan as it was adopted, and the last that was said about it.
pub(crate) fn plan_rows(reading: &Reading<'_>, plan: PlanId) -> Result<(PlanRow, Option<PlanStep>)> {
    let row: Option<PlanRow> = reading.get(PLANS, plan.as_bytes())?;
    let row = row.ok_or(RowError::Missing { table: PLANS })?;
    let step = reading.last(PLAN_STEPS, plan.as_bytes(), 1)?.pop();
    Ok((row, step.map(|(_, step)| step)))
}

pub(crate) fn plan(reading: &mut Reading<'_>, plan: PlanId) -> Result<Plan> {
    let (row, step) = plan_rows(reading, plan)?;
    plan_message(reading, plan, &row, step.as_ref())
}

fn plan_message(reading: &mut Reading<'_>, id: PlanId, row: &PlanRow, step: Option<&PlanStep>) -> Result<Plan> {
    let catalogue = reading.catalogue(row.adopted.catalogue)?;
    let state = step.map_or_else(|| PlanState::of(&row.adopted), |step| step.state.clone());
    let mut milestones = Vec::new();
    for (place, adopted) in row.adopted.milestones.iter().enumerate() {
        milestones.push(milestone(reading, id, &catalogue, &state, place, adopted)?);
    }
    let overdue = milestones.iter().filter(|milestone| milestone.is_overdue).count();
    let criteria = row.adopted.criteria.iter();
    Ok(Plan {
        plan_id: id.to_string(),
        organization: Some(reading.party_name(row.organization)?),
        source: Some(reading.source(row.position)?),
        criteria: criteria.map(|place| criterion(&catalogue, (*place).into())).collect(),
        clocks: clocks(reading, row.organization, &catalogue, &row.adopted)?,
        milestones,
        overdue: u32::try_from(overdue).unwrap_or(u32::MAX),
        end: state.closed.map(|at| plan_end(reading, id, at)).transpose()?.flatten(),
    })
}

/// The running clocks of what a plan mends.
fn clocks(
    reading: &Reading<'_>,
    organization: PartyId,
    catalogue: &CatalogueRow,
    adopted: &PlanAdopted,
) -> Result<Vec<PlanClock>> {
    let Some((_, row)) = reading.organization(organization)? else {
        return Ok(Vec::new());
    };
    let days = reading.terms().1.policy.mitigation_days_max;
    let numbers = adopted.criteria.iter().filter_map(|place| number_at(catalogue, *place));
    let running = numbers.filter_map(|number| running(&row.conduct.clocks, number));
    let message = |clock: Clock| {
        let due = clock.since.plus_days(days);
        PlanClock {
            criterion_number: clock.number.0,
            clock: Some(super::standing::clock_message(clock, due)),
            has_run_out: due < reading.now(),
        }
    };
    Ok(running.map(message).collect())
}

fn running(clocks: &[Clock], number: CriterionNumber) -> Option<Clock> {
    let place = clocks.binary_search_by_key(&number, |clock| clock.number);
    place.ok().map(|place| clocks[place])
}

fn number_at(catalogue: &CatalogueRow, place: u16) -> Option<CriterionNumber> {
    let criterion = catalogue.numbered.criteria.get(usize::from(place));
    criterion.map(|criterion| criterion.number)
}

fn milestone(
    reading: &Reading<'_>,
    plan: PlanId,
    catalogue: &CatalogueRow,
    state: &PlanState,
    place: usize,
    adopted: &MilestoneWords,
) -> Result<Milestone> {
    let now = state
        .milestones
        .get(place)
        .ok_or(RowError::Missing { table: PLAN_STEPS })?;
    let reported = now.reported.map(|(_, position)| position);
    let report = reported
        .map(|position| milestone_report(reading, plan, position))
        .transpose()?;
    let extended = now
        .extended
        .map(|position| plan_step(reading, plan, position))
        .transpose()?;
    let extension_reason = match extended.map(|step| step.said) {
        Some(PlanSaid::Extended(extended)) => extended.reason.to_string(),
        _ => String::new(),
    };
    let is_moved = now.due != adopted.due;
    let is_open = state.closed.is_none() && !now.is_finished();
    let reached = now.reported.map(|(state, _)| MilestoneState::from(state));
    Ok(Milestone {
        place: u32::try_from(place).unwrap_or(u32::MAX),
        criterion_number: number_at(catalogue, adopted.criterion).map_or(0, |number| number.0),
        action: adopted.action.to_string(),
        due: now.due.to_string(),
        due_at_first: if is_moved {
            adopted.due.to_string()
        } else {
            String::new()
        },
        extensions: now.extensions,
        extension_reason,
        after: adopted.after.iter().copied().map(Into::into).collect(),
        state: reached.unwrap_or_default().into(),
        is_overdue: is_open && now.due < reading.today(),
        report: report.flatten(),
    })
}

fn plan_step(reading: &Reading<'_>, plan: PlanId, position: StreamPosition) -> Result<PlanStep> {
    let step = reading.get(PLAN_STEPS, &key_at(plan.as_bytes(), position))?;
    Ok(step.ok_or(RowError::Missing { table: PLAN_STEPS })?)
}

fn milestone_report(reading: &Reading<'_>, plan: PlanId, at: StreamPosition) -> Result<Option<MilestoneReport>> {
    let PlanSaid::Milestone(said) = plan_step(reading, plan, at)?.said else {
        return Ok(None);
    };
    Ok(Some(MilestoneReport {
        source: Some(reading.source(at)?),
        note: said.note.as_ref().map(ToString::to_string).unwrap_or_default(),
        evidence_digests: evidence(&said.evidence),
    }))
}

fn plan_end(reading: &Reading<'_>, plan: PlanId, at: StreamPosition) -> Result<Option<PlanEnd>> {
    let PlanSaid::Closed(said) = plan_step(reading, plan, at)?.said else {
        return Ok(None);
    };
    Ok(Some(PlanEnd {
        outcome: PlanOutcome::from(said.outcome).into(),
        note: said.note.as_ref().map(ToString::to_string).unwrap_or_default(),
        source: Some(reading.source(at)?),
    }))
}

/// An incident as it was reported.
pub(crate) fn incident_row(reading: &Reading<'_>, id: IncidentId) -> Result<IncidentRow> {
    let row = reading.get(INCIDENTS, id.as_bytes())?;
    Ok(row.ok_or(RowError::Missing { table: INCIDENTS })?)
}

/// How sure and how bad an incident is by the latest word, and where that stands. Of what was said since it was reported,
/// the last so many `steps`, the latest first; an update is among them if there is one.
pub(crate) fn latest_word(
    row: &IncidentRow,
    steps: &[(StreamPosition, IncidentStep)],
) -> (vocabulary::Confidence, vocabulary::Severity, StreamPosition) {
    let update = steps.iter().find_map(|(at, step)| match &step.said {
        IncidentSaid::Updated(said) => Some((said.confidence, said.severity, *at)),
        IncidentSaid::Closed(_) => None,
    });
    update.unwrap_or((row.reported.confidence, row.reported.severity, row.position))
}

pub(crate) fn incident_message(reading: &Reading<'_>, id: IncidentId) -> Result<Incident> {
    let row = incident_row(reading, id)?;
    // One more than the updates that are shown, for the end.
    let steps: Vec<(_, IncidentStep)> = reading.last(INCIDENT_STEPS, id.as_bytes(), INCIDENT_UPDATES_MAX + 1)?;
    let count = steps.first().map_or(0, |(_, step)| step.updates);
    let mut end = None;
    let mut updates = Vec::new();
    let (confidence, severity, _) = latest_word(&row, &steps);
    let IncidentRow { position, reported, .. } = row;
    for (at, step) in steps {
        match step.said {
            IncidentSaid::Closed(said) => {
                end = Some(IncidentEnd {
                    outcome: IncidentOutcome::from(said.outcome).into(),
                    note: said.note.to_string(),
                    source: Some(reading.source(at)?),
                });
            }
            IncidentSaid::Updated(said) => {
                if updates.len() < INCIDENT_UPDATES_MAX {
                    updates.push(IncidentUpdate {
                        source: Some(reading.source(at)?),
                        confidence: Confidence::from(said.confidence).into(),
                        severity: Severity::from(said.severity).into(),
                        note: said.note.to_string(),
                        evidence_digests: evidence(&said.evidence),
                    });
                }
            }
        }
    }
    let subject = match reported.subject {
        Subject::Site(site) => incident::Subject::Site(reading.site_name(site)?),
        Subject::Party(party) => incident::Subject::Party(reading.party_name(party)?),
    };
    Ok(Incident {
        incident_id: id.to_string(),
        subject: Some(subject),
        category: IncidentCategory::from(reported.category).into(),
        module: reported.category.module().number().into(),
        confidence: Confidence::from(confidence).into(),
        severity: Severity::from(severity).into(),
        period_from: reported.period.from.to_string(),
        period_to: reported.period.to.to_string(),
        summary: reported.summary.to_string(),
        evidence_digests: evidence(&reported.evidence),
        reference: reported.reference.as_ref().map(Into::into),
        source: Some(reading.source(position)?),
        updates_left_out: count.saturating_sub(u32::try_from(updates.len()).unwrap_or(u32::MAX)),
        updates,
        is_grave: end.is_none() && is_grave(&reported, confidence),
        end,
    })
}
