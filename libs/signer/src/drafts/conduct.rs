//! Drafts of what follows an assessment: judgements, plans, incidents, reports, standing.

use event::key::Digest;
use event::vocabulary::{
    AssessmentConfirmed, AssessmentContested, AssessmentWithdrawn, CatalogueDigest, Confidence, Event, EventKind,
    IncidentCategory, IncidentClosed, IncidentOutcome, IncidentReported, IncidentUpdated, Milestone, MilestoneReported,
    MilestoneState, PlanAdopted, PlanClosed, PlanExtended, PlanOutcome, ReportPublished, Severity, Standing,
    StandingDecided, Subject,
};
use event::{AssessmentId, IncidentId, List, PartyId, PlanId, Timestamp};

use super::{list, text, yesterday};

/// In how many days the milestone of a draft is due.
const MILESTONE_DAYS: u16 = 90;

pub(super) fn sample(kind: EventKind, now: Timestamp) -> Event {
    match kind {
        EventKind::AssessmentConfirmed | EventKind::AssessmentContested | EventKind::AssessmentWithdrawn => {
            judgement(kind)
        }
        EventKind::IncidentReported | EventKind::IncidentUpdated | EventKind::IncidentClosed => incident(kind, now),
        EventKind::ReportPublished => Event::ReportPublished(ReportPublished {
            period: yesterday(now),
            summary: Digest::from_bytes([0; 32]),
            full: None,
        }),
        EventKind::StandingDecided => Event::StandingDecided(StandingDecided {
            organization: PartyId::from_bytes([0; 16]),
            standing: Standing::Suspended,
            reason: text("WHY"),
            evidence: List::empty(),
        }),
        _ => plan(kind, now),
    }
}

fn judgement(kind: EventKind) -> Event {
    let (subject, assessment) = (
        Subject::Party(PartyId::from_bytes([0; 16])),
        AssessmentId::from_bytes([0; 16]),
    );
    let (criteria, evidence) = (list(vec![0]), List::empty());
    match kind {
        EventKind::AssessmentConfirmed => Event::AssessmentConfirmed(AssessmentConfirmed {
            subject,
            assessment,
            criteria,
            note: None,
            evidence,
        }),
        EventKind::AssessmentContested => Event::AssessmentContested(AssessmentContested {
            subject,
            assessment,
            criteria,
            reason: text("WHAT IS NOT SO"),
            evidence,
        }),
        _ => Event::AssessmentWithdrawn(AssessmentWithdrawn {
            subject,
            assessment,
            reason: text("WHY"),
        }),
    }
}

fn plan(kind: EventKind, now: Timestamp) -> Event {
    let (organization, plan) = (PartyId::from_bytes([0; 16]), PlanId::from_bytes([0; 16]));
    let due = now.date().plus_days(MILESTONE_DAYS);
    match kind {
        EventKind::MilestoneReported => Event::MilestoneReported(MilestoneReported {
            organization,
            plan,
            milestone: 0,
            state: MilestoneState::Done,
            note: None,
            evidence: List::empty(),
        }),
        EventKind::PlanExtended => Event::PlanExtended(PlanExtended {
            plan,
            milestone: 0,
            due,
            reason: text("WHY"),
        }),
        EventKind::PlanClosed => Event::PlanClosed(PlanClosed {
            organization,
            plan,
            outcome: PlanOutcome::Achieved,
            note: None,
        }),
        _ => Event::PlanAdopted(PlanAdopted {
            catalogue: CatalogueDigest::from_bytes([0; 32]),
            criteria: list(vec![0]),
            milestones: list(vec![Milestone {
                criterion: 0,
                action: text("WHAT WILL BE DONE"),
                due,
                after: List::empty(),
            }]),
        }),
    }
}

fn incident(kind: EventKind, now: Timestamp) -> Event {
    let (subject, incident) = (
        Subject::Party(PartyId::from_bytes([0; 16])),
        IncidentId::from_bytes([0; 16]),
    );
    match kind {
        EventKind::IncidentUpdated => Event::IncidentUpdated(IncidentUpdated {
            subject,
            incident,
            confidence: Confidence::FoundedSuspicion,
            severity: Severity::Serious,
            note: text("WHAT IS NEW"),
            evidence: List::empty(),
        }),
        EventKind::IncidentClosed => Event::IncidentClosed(IncidentClosed {
            subject,
            incident,
            outcome: IncidentOutcome::Remedied,
            note: text("HOW IT ENDED"),
        }),
        _ => Event::IncidentReported(IncidentReported {
            subject,
            category: IncidentCategory::Accident,
            confidence: Confidence::Allegation,
            severity: Severity::Serious,
            period: yesterday(now),
            summary: text("WHAT HAPPENED, WITHOUT NAMES OF PERSONS"),
            evidence: List::empty(),
            reference: None,
        }),
    }
}
