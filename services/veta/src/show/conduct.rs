//! An organization's standing, and what it does about what was found.

use rpc::progress::{Criterion, GetOrganizationResponse, Incident, NextStep, NextStepKind, OrganizationStanding, Plan};
use serde_json::{Value, json};

use super::{in_words, instant};
use crate::print;

/// Standing, gates, plans, incidents and what comes next, for people.
pub(super) fn print(found: &GetOrganizationResponse) {
    if let Some(standing) = &found.standing {
        print_standing(standing);
    }
    let open = found.plans.iter().filter(|plan| plan.end.is_none());
    for plan in open {
        print::line(format_args!(
            "plan {}: {} milestones, {} overdue",
            plan.plan_id,
            plan.milestones.len(),
            plan.overdue
        ));
    }
    for incident in found.incidents.iter().filter(|incident| incident.end.is_none()) {
        print::line(format_args!(
            "open incident {}: {} ({}, {}): {}",
            incident.incident_id,
            in_words(incident.category().as_str_name(), "INCIDENT_CATEGORY_"),
            in_words(incident.confidence().as_str_name(), "CONFIDENCE_"),
            in_words(incident.severity().as_str_name(), "SEVERITY_"),
            incident.summary
        ));
    }
    print_steps(found);
    print::line("");
}

/// What comes next, the gravest consequence first.
pub(super) fn print_steps(found: &GetOrganizationResponse) {
    if found.next_steps.is_empty() {
        print::line("nothing to do next");
        return;
    }
    print::table(
        ["next", "for", "by", "otherwise"],
        found.next_steps.iter().map(step_row),
    );
    if 0 < found.next_steps_left_out {
        print::line(format_args!("and {} more", found.next_steps_left_out));
    }
}

fn print_standing(standing: &OrganizationStanding) {
    let derived = in_words(standing.standing().as_str_name(), "STANDING_");
    print::line(format_args!(
        "standing {derived} since {}",
        instant(standing.since_unix_ms)
    ));
    for cause in &standing.causes {
        print::line(format_args!(
            "  because of {} {}",
            in_words(cause.kind().as_str_name(), "CAUSE_KIND_"),
            slug(cause.criterion.as_ref())
        ));
    }
    if let Some(decision) = &standing.decision {
        print::line(format_args!(
            "the scheme decided: {} ({})",
            in_words(decision.standing().as_str_name(), "STANDING_"),
            decision.reason
        ));
    }
    let gates = standing.gates.iter().map(|gate| {
        let met = if gate.is_met {
            "met"
        } else if gate.is_silent() {
            "no data"
        } else {
            "not met"
        };
        [
            gate.module.to_string(),
            met.to_owned(),
            gate.met.to_string(),
            gate.mending.to_string(),
            (gate.overdue + gate.not_met).to_string(),
            gate.unanswered.to_string(),
        ]
    });
    print::table(["module", "", "met", "mending", "not met", "no data"], gates);
}

fn step_row(step: &NextStep) -> [String; 4] {
    let due = if step.due_unix_ms == 0 {
        "-".to_owned()
    } else {
        instant(step.due_unix_ms)
    };
    [
        in_words(step.kind().as_str_name(), "NEXT_STEP_KIND_"),
        about(step),
        due,
        in_words(step.consequence().as_str_name(), "CONSEQUENCE_"),
    ]
}

/// What a step is about: a criterion, a milestone, an assessment or an incident.
fn about(step: &NextStep) -> String {
    if step.kind() == NextStepKind::ReachMilestone {
        return format!("milestone {} of {}", step.milestone, step.plan_id);
    }
    let named = [
        slug(step.criterion.as_ref()),
        step.assessment_id.clone(),
        step.incident_id.clone(),
    ];
    let site = step.site.as_ref().map(|site| format!("at {}", site.name));
    let words: Vec<_> = named.into_iter().chain(site).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn slug(criterion: Option<&Criterion>) -> String {
    criterion.map(|criterion| criterion.slug.clone()).unwrap_or_default()
}

/// For programs.
pub(super) fn standing_json(found: &GetOrganizationResponse) -> Value {
    let standing = found.standing.clone().unwrap_or_default();
    let gate = |gate: &rpc::progress::Gate| {
        json!({
            "module": gate.module,
            "is_met": gate.is_met,
            "met": gate.met,
            "mending": gate.mending,
            "overdue": gate.overdue,
            "not_met": gate.not_met,
            "unanswered": gate.unanswered,
        })
    };
    json!({
        "standing": in_words(standing.standing().as_str_name(), "STANDING_"),
        "since": instant(standing.since_unix_ms),
        "decided": standing.decision.as_ref().map(|decision| in_words(decision.standing().as_str_name(), "STANDING_")),
        "gates": standing.gates.iter().map(gate).collect::<Vec<_>>(),
        "scenarios": standing.scenarios.iter().map(|scenario| scenario.slug.clone()).collect::<Vec<_>>(),
    })
}

/// For programs.
pub(super) fn plan_json(plan: &Plan) -> Value {
    json!({
        "plan_id": plan.plan_id,
        "milestones": plan.milestones.iter().map(|milestone| json!({
            "action": milestone.action,
            "due": milestone.due,
            "state": in_words(milestone.state().as_str_name(), "MILESTONE_STATE_"),
            "is_overdue": milestone.is_overdue,
        })).collect::<Vec<_>>(),
        "overdue": plan.overdue,
        "ended": plan.end.as_ref().map(|end| in_words(end.outcome().as_str_name(), "PLAN_OUTCOME_")),
    })
}

/// For programs.
pub(super) fn incident_json(incident: &Incident) -> Value {
    json!({
        "incident_id": incident.incident_id,
        "category": in_words(incident.category().as_str_name(), "INCIDENT_CATEGORY_"),
        "confidence": in_words(incident.confidence().as_str_name(), "CONFIDENCE_"),
        "severity": in_words(incident.severity().as_str_name(), "SEVERITY_"),
        "summary": incident.summary,
        "ended": incident.end.as_ref().map(|end| in_words(end.outcome().as_str_name(), "INCIDENT_OUTCOME_")),
    })
}

/// For programs.
pub(super) fn step_json(step: &NextStep) -> Value {
    json!({
        "step": in_words(step.kind().as_str_name(), "NEXT_STEP_KIND_"),
        "about": about(step),
        "due": (step.due_unix_ms != 0).then(|| instant(step.due_unix_ms)),
        "consequence": in_words(step.consequence().as_str_name(), "CONSEQUENCE_"),
    })
}
