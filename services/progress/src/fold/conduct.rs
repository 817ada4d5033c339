//! Plans, incidents, reports and decisions.

use event::vocabulary::{
    Confidence, IncidentClosed, IncidentReported, IncidentUpdated, MilestoneReported, Module, PlanAdopted, PlanClosed,
    PlanExtended, ReportPublished, StandingDecided,
};
use event::{IncidentId, PartyId, PlanId};

use super::{Folding, Result, get, put};
use crate::rows::{
    DECISIONS, INCIDENT_STEPS, INCIDENTS, INCIDENTS_OF, IncidentRow, IncidentSaid, IncidentStep, OPEN_INCIDENTS_MAX,
    OPEN_PLANS_MAX, OpenIncident, OpenPlan, OrganizationRow, PLAN_STEPS, PLANS, PLANS_OF, PlanRow, PlanSaid, PlanState,
    PlanStep, REPORTS, RowError, key_at,
};

impl Folding<'_> {
    pub(super) fn plan_adopted(&mut self, event: &PlanAdopted, row: &mut OrganizationRow) {
        let plan = PlanId::derive(self.recorded.statement, 0);
        let of = self.statement.party();
        let adopted = PlanRow {
            position: self.recorded.position,
            organization: of,
            adopted: event.clone(),
        };
        put(self.rows, PLANS, plan.as_bytes(), &adopted);
        put(
            self.rows,
            PLANS_OF,
            &key_at(of.as_bytes(), self.recorded.position),
            &plan,
        );
        let due = PlanState::of(event).due();
        row.open_plans.push(OpenPlan { plan, due });
        row.sort_plans();
    }

    pub(super) fn milestone_reported(&mut self, event: &MilestoneReported, row: &mut OrganizationRow) -> Result<()> {
        let reported = Some((event.state, self.recorded.position));
        let said = PlanSaid::Milestone(event.clone());
        self.plan_step(event.plan, said, row, |state| {
            if let Some(milestone) = state.milestones.get_mut(usize::from(event.milestone)) {
                milestone.reported = reported;
            }
        })
    }

    pub(super) fn plan_extended(&mut self, event: &PlanExtended, row: &mut OrganizationRow) -> Result<()> {
        let position = self.recorded.position;
        self.plan_step(event.plan, PlanSaid::Extended(event.clone()), row, |state| {
            if let Some(milestone) = state.milestones.get_mut(usize::from(event.milestone)) {
                milestone.due = event.due;
                milestone.extensions = milestone.extensions.saturating_add(1);
                milestone.extended = Some(position);
            }
        })
    }

    pub(super) fn plan_closed(&mut self, event: &PlanClosed, row: &mut OrganizationRow) -> Result<()> {
        let position = self.recorded.position;
        self.plan_step(event.plan, PlanSaid::Closed(event.clone()), row, |state| {
            state.closed = Some(position);
        })
    }

    fn plan_step(
        &mut self,
        plan: PlanId,
        said: PlanSaid,
        row: &mut OrganizationRow,
        step: impl FnOnce(&mut PlanState),
    ) -> Result<()> {
        let last: Option<PlanStep> = self.last(PLAN_STEPS, plan.as_bytes())?;
        let mut state = if let Some(last) = last {
            last.state
        } else {
            let adopted: Option<PlanRow> = get(self.rows, PLANS, plan.as_bytes())?;
            PlanState::of(&adopted.ok_or(RowError::Missing { table: PLANS })?.adopted)
        };
        step(&mut state);
        row.open_plans.retain(|open| open.plan != plan);
        if state.closed.is_none() {
            row.open_plans.push(OpenPlan { plan, due: state.due() });
        }
        row.sort_plans();
        self.put_here(PLAN_STEPS, plan.as_bytes(), &PlanStep { said, state });
        Ok(())
    }

    pub(super) fn incident_reported(
        &mut self,
        event: &IncidentReported,
        organization: PartyId,
        row: &mut OrganizationRow,
    ) {
        let id = IncidentId::derive(self.recorded.statement, 0);
        let position = self.recorded.position;
        let incident = IncidentRow {
            id,
            position,
            organization,
            reported: event.clone(),
        };
        put(self.rows, INCIDENTS, id.as_bytes(), &incident);
        put(self.rows, INCIDENTS_OF, &key_at(organization.as_bytes(), position), &id);
        row.open_incidents_count = row.open_incidents_count.saturating_add(1);
        row.set_incident(OpenIncident {
            incident: id,
            is_grave: is_grave(event, event.confidence),
        });
    }

    pub(super) fn incident_updated(&mut self, event: &IncidentUpdated, row: &mut OrganizationRow) -> Result<()> {
        let incident: Option<IncidentRow> = get(self.rows, INCIDENTS, event.incident.as_bytes())?;
        let incident = incident.ok_or(RowError::Missing { table: INCIDENTS })?;
        row.set_incident(OpenIncident {
            incident: event.incident,
            is_grave: is_grave(&incident.reported, event.confidence),
        });
        self.incident_step(event.incident, IncidentSaid::Updated(event.clone()))
    }

    pub(super) fn incident_closed(&mut self, event: &IncidentClosed, row: &mut OrganizationRow) -> Result<()> {
        row.open_incidents_count = row.open_incidents_count.saturating_sub(1);
        row.open_incidents.retain(|open| open.incident != event.incident);
        self.incident_step(event.incident, IncidentSaid::Closed(event.clone()))
    }

    fn incident_step(&mut self, incident: IncidentId, said: IncidentSaid) -> Result<()> {
        let key = incident.as_bytes();
        let last: Option<IncidentStep> = self.last(INCIDENT_STEPS, key)?;
        let updates = last.map_or(0, |last| last.updates);
        let is_update = matches!(said, IncidentSaid::Updated(_));
        let step = IncidentStep {
            said,
            updates: updates.saturating_add(is_update.into()),
        };
        self.put_here(INCIDENT_STEPS, key, &step);
        Ok(())
    }

    pub(super) fn reported(&mut self, event: &ReportPublished) {
        let key = key_at(self.statement.party().as_bytes(), self.recorded.position);
        put(self.rows, REPORTS, &key, event);
    }

    pub(super) fn decided(&mut self, event: &StandingDecided) {
        let key = key_at(event.organization.as_bytes(), self.recorded.position);
        put(self.rows, DECISIONS, &key, event);
    }
}

impl OrganizationRow {
    /// The earliest unfinished milestone first, those without one last.
    fn sort_plans(&mut self) {
        self.open_plans.sort_by_key(|open| (open.due.is_none(), open.due));
        self.open_plans.truncate(OPEN_PLANS_MAX);
    }

    /// Grave ones first. Of those that have no room, the newest that are not grave are left out.
    fn set_incident(&mut self, open: OpenIncident) {
        match self
            .open_incidents
            .iter_mut()
            .find(|known| known.incident == open.incident)
        {
            Some(known) => *known = open,
            None => self.open_incidents.push(open),
        }
        self.open_incidents.sort_by_key(|open| !open.is_grave);
        self.open_incidents.truncate(OPEN_INCIDENTS_MAX);
    }
}

/// Whether trade must end while it is open and this sure.
pub(crate) fn is_grave(incident: &IncidentReported, confidence: Confidence) -> bool {
    incident.category.module() == Module::Disengagement && Confidence::FoundedSuspicion <= confidence
}
