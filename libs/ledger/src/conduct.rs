//! Rules about what an organization does about what was found: plans, incidents, reports, the scheme's decision.

use event::vocabulary::{
    Confidence, IncidentClosed, IncidentReported, IncidentUpdated, Milestone, MilestoneReported, Module, PartyKind,
    PlanAdopted, PlanClosed, PlanExtended, ReportPublished, StandingDecided, Subject,
};
use event::{Date, IncidentId, PartyId, PlanId};

use crate::Refusal;
use crate::assessment::{increasing, past_period};
use crate::registry::scheme_only;
use crate::rules::{Said, is_increasing};
use crate::state::{Catalogue, Change, Clock, Conduct, Decided, Incident, Ledger, Plan, Reported};

pub(crate) fn plan_adopted(ledger: &Ledger, said: &Said<'_>, event: &PlanAdopted) -> Result<Vec<Change>, Refusal> {
    organization(said.kind)?;
    increasing(&event.criteria)?;
    if event.milestones.is_empty() {
        return Err(Refusal::PlanEmpty);
    }
    for (place, milestone) in event.milestones.iter().enumerate() {
        in_plan(ledger, said, event, place, milestone)?;
    }
    let catalogue = ledger.catalogue(&event.catalogue).ok_or(Refusal::UnknownCatalogue)?;
    let last = event.criteria.last().map(|last| usize::from(*last));
    if last.is_some_and(|last| catalogue.criteria.len() <= last) {
        return Err(Refusal::UnknownCriterion);
    }
    let plan = Plan {
        of: said.party,
        due: event.milestones.iter().map(|milestone| milestone.due).collect(),
        closed: false,
    };
    let mut changes = vec![Change::Plan(PlanId::derive(said.statement.id(), 0), plan)];
    let before = ledger.conduct_of(said.party);
    let after = ledger.with_clocks(said, &before, event, catalogue);
    changes.extend((after != before).then_some(Change::Conduct(said.party, after)));
    Ok(changes)
}

pub(crate) fn milestone_reported(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &MilestoneReported,
) -> Result<Vec<Change>, Refusal> {
    let plan = plan_of(ledger, event.organization, event.plan)?;
    if plan.of != said.party && !said.kind.assesses() {
        return Err(Refusal::MayNotReportMilestone);
    }
    due(plan, event.milestone)?;
    Ok(Vec::new())
}

pub(crate) fn plan_extended(ledger: &Ledger, said: &Said<'_>, event: &PlanExtended) -> Result<Vec<Change>, Refusal> {
    in_reach(ledger, said, event.due)?;
    let plan = plan_of(ledger, said.party, event.plan)?;
    if event.due <= due(plan, event.milestone)? {
        return Err(Refusal::ExtensionNotLater);
    }
    let mut plan = plan.clone();
    plan.due[usize::from(event.milestone)] = event.due;
    Ok(vec![Change::Plan(event.plan, plan)])
}

pub(crate) fn plan_closed(ledger: &Ledger, said: &Said<'_>, event: &PlanClosed) -> Result<Vec<Change>, Refusal> {
    let plan = plan_of(ledger, event.organization, event.plan)?;
    if plan.of != said.party && said.kind != PartyKind::Scheme {
        return Err(Refusal::NotOwnPlan);
    }
    let plan = Plan {
        closed: true,
        ..plan.clone()
    };
    Ok(vec![Change::Plan(event.plan, plan)])
}

pub(crate) fn incident_reported(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &IncidentReported,
) -> Result<Vec<Change>, Refusal> {
    past_period(ledger, said, event.period)?;
    let owner = ledger.owner(&event.subject).ok_or(Refusal::UnknownSubject)?;
    sure_enough(said, owner, event.confidence)?;
    let reference = ledger.take_reference("incident", event.reference.as_ref())?;
    let incident = Incident {
        subject: event.subject,
        owner,
        by: said.party,
        category: event.category,
        confidence: event.confidence,
        closed: false,
    };
    let mut changes = ledger.with_incident(said, IncidentId::derive(said.statement.id(), 0), None, incident);
    changes.extend(reference);
    Ok(changes)
}

pub(crate) fn incident_updated(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &IncidentUpdated,
) -> Result<Vec<Change>, Refusal> {
    let before = open_incident(ledger, event.subject, event.incident)?;
    may_follow_up(said, before)?;
    sure_enough(said, before.owner, event.confidence)?;
    let incident = Incident {
        confidence: event.confidence,
        ..*before
    };
    Ok(ledger.with_incident(said, event.incident, Some(before), incident))
}

pub(crate) fn incident_closed(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &IncidentClosed,
) -> Result<Vec<Change>, Refusal> {
    let before = open_incident(ledger, event.subject, event.incident)?;
    may_follow_up(said, before)?;
    let incident = Incident {
        closed: true,
        ..*before
    };
    Ok(ledger.with_incident(said, event.incident, Some(before), incident))
}

pub(crate) fn report_published(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &ReportPublished,
) -> Result<Vec<Change>, Refusal> {
    organization(said.kind)?;
    past_period(ledger, said, event.period)?;
    if event.period.to.plus_days(ledger.policy().report_days_max) < said.admitted_at.date() {
        return Err(Refusal::ReportOutdated);
    }
    let before = ledger.conduct_of(said.party);
    let to = event.period.to;
    // The same days again, in better words perhaps, are no newer report.
    if before.reported.is_some_and(|reported| to <= reported.to) {
        return Ok(Vec::new());
    }
    let reported = Some(Reported {
        position: said.position,
        at: said.admitted_at,
        to,
    });
    let conduct = Conduct { reported, ..before };
    Ok(vec![Change::Conduct(said.party, conduct)])
}

pub(crate) fn standing_decided(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &StandingDecided,
) -> Result<Vec<Change>, Refusal> {
    scheme_only(said)?;
    let party = ledger.party(&event.organization).ok_or(Refusal::UnknownParty)?;
    organization(party.kind)?;
    let decided = Some(Decided {
        position: said.position,
        at: said.admitted_at,
        standing: event.standing,
    });
    let conduct = Conduct {
        decided,
        ..ledger.conduct_of(event.organization)
    };
    Ok(vec![Change::Conduct(event.organization, conduct)])
}

fn organization(kind: PartyKind) -> Result<(), Refusal> {
    if !kind.produces() {
        return Err(Refusal::NotAnOrganization);
    }
    Ok(())
}

fn in_plan(
    ledger: &Ledger,
    said: &Said<'_>,
    plan: &PlanAdopted,
    place: usize,
    milestone: &Milestone,
) -> Result<(), Refusal> {
    if plan.criteria.binary_search(&milestone.criterion).is_err() {
        return Err(Refusal::MilestoneOfOtherCriterion);
    }
    let is_ordered = is_increasing(&milestone.after, |place| place);
    if !is_ordered || milestone.after.last().is_some_and(|last| place <= usize::from(*last)) {
        return Err(Refusal::MilestonesCyclic);
    }
    in_reach(ledger, said, milestone.due)
}

fn in_reach(ledger: &Ledger, said: &Said<'_>, due: Date) -> Result<(), Refusal> {
    let today = said.admitted_at.date();
    if due < today || today.plus_days(ledger.policy().plan_days_max) < due {
        return Err(Refusal::MilestoneDueOutOfRange);
    }
    Ok(())
}

fn plan_of(ledger: &Ledger, organization: PartyId, id: PlanId) -> Result<&Plan, Refusal> {
    let plan = ledger.plan(&id).ok_or(Refusal::UnknownPlan)?;
    if plan.of != organization {
        return Err(Refusal::SubjectDiffers);
    }
    if plan.closed {
        return Err(Refusal::PlanClosed);
    }
    Ok(plan)
}

fn due(plan: &Plan, milestone: u8) -> Result<Date, Refusal> {
    plan.due
        .get(usize::from(milestone))
        .copied()
        .ok_or(Refusal::UnknownMilestone)
}

fn open_incident(ledger: &Ledger, subject: Subject, id: IncidentId) -> Result<&Incident, Refusal> {
    let incident = ledger.incident(&id).ok_or(Refusal::UnknownIncident)?;
    if incident.subject != subject {
        return Err(Refusal::SubjectDiffers);
    }
    if incident.closed {
        return Err(Refusal::IncidentClosed);
    }
    Ok(incident)
}

/// Anyone alleges; more than that is for who looks into such things, and for whom it concerns.
fn sure_enough(said: &Said<'_>, owner: PartyId, confidence: Confidence) -> Result<(), Refusal> {
    if Confidence::Allegation < confidence && owner != said.party && !said.kind.assesses() {
        return Err(Refusal::ConfidenceNotAllowed);
    }
    Ok(())
}

/// Who reported it, while it is an allegation; and who looks into such things, unless it is their own.
fn may_follow_up(said: &Said<'_>, incident: &Incident) -> Result<(), Refusal> {
    let own_allegation = incident.by == said.party && incident.confidence == Confidence::Allegation;
    let looks_into_it = said.kind.assesses() && incident.owner != said.party;
    if !own_allegation && !looks_into_it {
        return Err(Refusal::MayNotUpdateIncident);
    }
    Ok(())
}

impl Ledger {
    pub(crate) fn conduct_of(&self, organization: PartyId) -> Conduct {
        self.conduct(&organization).cloned().unwrap_or_default()
    }

    /// Starts the clock of what a plan mends for the first time since it was last met.
    fn with_clocks(&self, said: &Said<'_>, before: &Conduct, plan: &PlanAdopted, catalogue: &Catalogue) -> Conduct {
        let mut conduct = before.clone();
        if !self.has_gates(catalogue) {
            return conduct;
        }
        let met = self.basis(said.party).met(said.admitted_at);
        for place in &plan.criteria {
            let criterion = catalogue.criteria[usize::from(*place)];
            if criterion.module != Some(Module::Mitigation) || met.contains(&criterion.number) {
                continue;
            }
            conduct.start(Clock {
                number: criterion.number,
                since: said.admitted_at,
                position: said.position,
            });
        }
        conduct
    }

    /// The incident, and how many grave ones its owner now has.
    fn with_incident(
        &self,
        said: &Said<'_>,
        id: IncidentId,
        before: Option<&Incident>,
        incident: Incident,
    ) -> Vec<Change> {
        let mut changes = vec![Change::Incident(id, incident)];
        let was_grave = before.is_some_and(Incident::is_grave);
        if was_grave == incident.is_grave() {
            return changes;
        }
        let mut conduct = self.conduct_of(incident.owner);
        if was_grave {
            conduct.grave = conduct.grave.saturating_sub(1);
        } else {
            conduct.grave = conduct.grave.saturating_add(1);
        }
        conduct.grave_since = match conduct.grave {
            0 => None,
            _ => conduct.grave_since.or(Some(said.position)),
        };
        changes.push(Change::Conduct(incident.owner, conduct));
        changes
    }
}
