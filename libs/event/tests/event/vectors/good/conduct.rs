//! Plans, incidents, reports and standing.

use event::key::Digest;
use event::vocabulary::{
    Confidence, IncidentCategory, IncidentClosed, IncidentOutcome, IncidentReported, IncidentUpdated, Milestone,
    MilestoneReported, MilestoneState, PlanAdopted, PlanClosed, PlanExtended, PlanOutcome, ReportPublished, Severity,
    Standing, StandingDecided, Subject,
};
use event::{Event, List};

use super::progress::pinned;
use super::{Case, day, evidence, incident, other_party, party, period, plan, reference, site, text};

pub(super) fn events() -> Vec<Case> {
    let mut events = plan_events();
    events.extend(milestone_events());
    events.extend(incident_events());
    events.extend(later_incident_events());
    events.extend(report_events());
    events.extend(standing_events());
    events
}

fn plan_events() -> Vec<Case> {
    let milestone = |criterion, action: &str, due, after: &[u8]| Milestone {
        criterion,
        action: text(action),
        due: day(due),
        after: after.to_vec().try_into().expect("few milestones"),
    };
    let milestones = vec![
        milestone(3, "Buy two retorts", "2026-08-31", &[]),
        milestone(3, "Teach every shift to use them", "2026-10-31", &[0]),
        milestone(4, "Close the open burning place", "2026-11-30", &[0, 1]),
    ];
    let adopted = PlanAdopted {
        catalogue: pinned(),
        criteria: vec![3, 4].try_into().expect("two criteria"),
        milestones: milestones.try_into().expect("three milestones"),
    };
    let empty = PlanAdopted {
        criteria: List::empty(),
        milestones: List::empty(),
        ..adopted.clone()
    };
    let closed = |outcome, note: Option<&str>| {
        Event::PlanClosed(PlanClosed {
            plan: plan(),
            outcome,
            note: note.map(text),
        })
    };
    vec![
        (
            "plan-adopted",
            "milestones that wait for none, one and two others",
            Event::PlanAdopted(adopted),
        ),
        (
            "plan-adopted-empty",
            "empty lists; no ledger may admit it",
            Event::PlanAdopted(empty),
        ),
        (
            "plan-closed-achieved",
            "without a note",
            closed(PlanOutcome::Achieved, None),
        ),
        (
            "plan-closed-abandoned",
            "a note",
            closed(PlanOutcome::Abandoned, Some("the site is worked out")),
        ),
        (
            "plan-closed-replaced",
            "a note",
            closed(PlanOutcome::Replaced, Some("by a plan for both sites")),
        ),
    ]
}

fn milestone_events() -> Vec<Case> {
    let reported = |milestone, state, note: Option<&str>, digests: &[u8]| {
        Event::MilestoneReported(MilestoneReported {
            plan: plan(),
            milestone,
            state,
            note: note.map(text),
            evidence: evidence(digests),
        })
    };
    let extended = PlanExtended {
        plan: plan(),
        milestone: 1,
        due: day("2027-01-31"),
        reason: text("the road is flooded"),
    };
    vec![
        (
            "milestone-reported-started",
            "no field that may be left out",
            reported(0, MilestoneState::Started, None, &[]),
        ),
        (
            "milestone-reported-done",
            "every field",
            reported(
                1,
                MilestoneState::Done,
                Some("all three shifts, 41 people"),
                &[0xe4, 0xe5],
            ),
        ),
        (
            "milestone-reported-dropped",
            "the highest place that fits, in one byte",
            reported(255, MilestoneState::Dropped, Some("no burning place is left"), &[]),
        ),
        (
            "plan-extended",
            "a later day and a reason",
            Event::PlanExtended(extended),
        ),
    ]
}

fn incident_events() -> Vec<Case> {
    use IncidentCategory as Category;
    let categories = [
        ("incident-reported-child-labour", Category::ChildLabour),
        ("incident-reported-forced-labour", Category::ForcedLabour),
        ("incident-reported-torture", Category::Torture),
        ("incident-reported-gross-violation", Category::GrossViolation),
        ("incident-reported-war-crime", Category::WarCrime),
        ("incident-reported-armed-group", Category::ArmedGroup),
        ("incident-reported-security-forces", Category::SecurityForces),
        ("incident-reported-bribery", Category::Bribery),
        ("incident-reported-origin-fraud", Category::OriginFraud),
        ("incident-reported-money-laundering", Category::MoneyLaundering),
        ("incident-reported-taxes-unpaid", Category::TaxesUnpaid),
        ("incident-reported-accident", Category::Accident),
        ("incident-reported-environment", Category::Environment),
        ("incident-reported-community", Category::Community),
        ("incident-reported-theft", Category::Theft),
        ("incident-reported-other", Category::Other),
    ];
    let mut events = categories
        .map(|(name, category)| {
            let event = IncidentReported {
                category,
                ..an_incident()
            };
            (name, "every field", Event::IncidentReported(event))
        })
        .to_vec();
    events.push((
        "incident-reported-bare",
        "about an organization, no field that may be left out",
        Event::IncidentReported(IncidentReported {
            subject: Subject::Party(other_party()),
            evidence: List::empty(),
            reference: None,
            ..an_incident()
        }),
    ));
    events
}

fn an_incident() -> IncidentReported {
    IncidentReported {
        subject: Subject::Site(site()),
        category: IncidentCategory::Other,
        confidence: Confidence::Allegation,
        severity: Severity::Minor,
        period: period(),
        summary: text("Said by two traders, not yet looked into"),
        evidence: evidence(&[0xe6]),
        reference: Some(reference()),
    }
}

fn later_incident_events() -> Vec<Case> {
    let updated = |confidence, severity, note: &str, digests: &[u8]| {
        Event::IncidentUpdated(IncidentUpdated {
            incident: incident(),
            confidence,
            severity,
            note: text(note),
            evidence: evidence(digests),
        })
    };
    let closed = |outcome, note: &str| {
        Event::IncidentClosed(IncidentClosed {
            incident: incident(),
            outcome,
            note: text(note),
        })
    };
    vec![
        (
            "incident-updated-allegation",
            "the least sure and the least bad, no digest",
            updated(
                Confidence::Allegation,
                Severity::Minor,
                "nobody on site knows of it",
                &[],
            ),
        ),
        (
            "incident-updated-founded-suspicion",
            "in between",
            updated(
                Confidence::FoundedSuspicion,
                Severity::Serious,
                "two photographs",
                &[0xe7, 0xe8],
            ),
        ),
        (
            "incident-updated-known",
            "the surest and the worst",
            updated(Confidence::Known, Severity::Critical, "seen by the monitor", &[0xe9]),
        ),
        (
            "incident-closed-unfounded",
            "a note",
            closed(IncidentOutcome::Unfounded, "of another site of the same name"),
        ),
        (
            "incident-closed-remedied",
            "a note",
            closed(IncidentOutcome::Remedied, "the dam is mended"),
        ),
        (
            "incident-closed-referred",
            "a note",
            closed(IncidentOutcome::Referred, "to the labour inspectorate"),
        ),
    ]
}

fn report_events() -> Vec<Case> {
    let report = |full| {
        Event::ReportPublished(ReportPublished {
            period: period(),
            summary: Digest::from_bytes([0x5a; 32]),
            full,
        })
    };
    vec![
        (
            "report-published",
            "with a full version",
            report(Some(Digest::from_bytes([0xf0; 32]))),
        ),
        ("report-published-summary", "without a full version", report(None)),
    ]
}

fn standing_events() -> Vec<Case> {
    let standings = [
        ("standing-decided-applicant", Standing::Applicant),
        ("standing-decided-registered", Standing::Registered),
        ("standing-decided-candidate", Standing::Candidate),
        ("standing-decided-affiliate", Standing::Affiliate),
        ("standing-decided-suspended", Standing::Suspended),
        ("standing-decided-lapsed", Standing::Lapsed),
    ];
    let decided = |standing| {
        Event::StandingDecided(StandingDecided {
            organization: party(),
            standing,
            reason: text("decided by the committee on 30 May"),
            evidence: evidence(&[0xea]),
        })
    };
    standings
        .map(|(name, standing)| (name, "a reason and a digest", decided(standing)))
        .to_vec()
}
