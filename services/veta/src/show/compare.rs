//! Two organizations, or one as of two times, side by side.

use rpc::progress::{CompareOrganizationsRequest, ComparedAnswer, ComparedCriterion, ComparedSide, Gate, Side, Trend};
use serde_json::{Value, json};
use tonic::transport::Channel;

use super::{answered, attribution_json, in_words, instant};
use crate::print;
use crate::trouble::Done;

/// The left side and the right side: standing, gates, and every criterion that either has an answer to or must meet.
pub async fn compare(progress: &Channel, [left, right]: [Side; 2], at_least: u64, json: bool) -> Done {
    let request = CompareOrganizationsRequest {
        left: Some(left),
        right: Some(right),
        at_least_position: at_least,
    };
    let mut client = rpc::client::progress(progress.clone());
    let found = client.compare_organizations(request).await?.into_inner();
    let (left, right) = (found.left.unwrap_or_default(), found.right.unwrap_or_default());
    if json {
        print::json(&json!({
            "left": side_json(&left),
            "right": side_json(&right),
            "criteria": found.criteria.iter().map(criterion_json).collect::<Vec<_>>(),
            "criteria_left_out": found.criteria_left_out,
        }));
        return Ok(());
    }
    let row = |what: &str, of: fn(&ComparedSide) -> String| [what.to_owned(), of(&left), of(&right)];
    let mut rows = vec![
        row("organization", name),
        row("as of position", |side| side.position.to_string()),
        row("clocks read at", |side| instant(side.evaluated_at_unix_ms)),
        row("standing", standing),
        row("decided", decided),
        row("newest answer", |side| {
            side.freshness.clone().unwrap_or_default().newest_day
        }),
    ];
    for module in 1..=4 {
        rows.push([format!("module {module}"), gate(&left, module), gate(&right, module)]);
    }
    print::table(["", "left", "right"], rows);
    print::line("");
    print::table(
        ["criterion", "left", "right", "the right one is"],
        found.criteria.iter().map(|criterion| {
            [
                slug(criterion),
                answer(criterion.left.as_ref()),
                answer(criterion.right.as_ref()),
                trend(criterion),
            ]
        }),
    );
    if 0 < found.criteria_left_out {
        print::line(format_args!("and {} more", found.criteria_left_out));
    }
    Ok(())
}

fn name(side: &ComparedSide) -> String {
    let organization = side.organization.clone().unwrap_or_default();
    format!("{} ({})", organization.name, organization.party_id)
}

fn standing(side: &ComparedSide) -> String {
    side.standing.as_ref().map_or_else(
        || "-".to_owned(),
        |standing| {
            let derived = in_words(standing.standing().as_str_name(), "STANDING_");
            format!("{derived} since {}", instant(standing.since_unix_ms))
        },
    )
}

fn decided(side: &ComparedSide) -> String {
    let decision = side.standing.as_ref().and_then(|standing| standing.decision.as_ref());
    decision.map_or_else(
        || "-".to_owned(),
        |decision| in_words(decision.standing().as_str_name(), "STANDING_"),
    )
}

fn gate(side: &ComparedSide, module: u32) -> String {
    let mut gates = side.standing.iter().flat_map(|standing| &standing.gates);
    gates
        .find(|gate| gate.module == module)
        .map_or_else(|| "-".to_owned(), words_of_gate)
}

fn words_of_gate(gate: &Gate) -> String {
    if gate.is_met {
        return "met".to_owned();
    }
    format!(
        "not met: {} mending, {} not met, {} no data",
        gate.mending,
        gate.overdue + gate.not_met,
        gate.unanswered
    )
}

fn slug(criterion: &ComparedCriterion) -> String {
    criterion
        .criterion
        .as_ref()
        .map(|criterion| criterion.slug.clone())
        .unwrap_or_default()
}

fn answer(side: Option<&ComparedAnswer>) -> String {
    answered(side.and_then(|side| side.answer.as_ref()))
}

/// What the right side is, seen from the left; nothing where the scale does not say.
fn trend(criterion: &ComparedCriterion) -> String {
    match criterion.trend() {
        Trend::Unspecified => "-".to_owned(),
        trend => in_words(trend.as_str_name(), "TREND_"),
    }
}

fn side_json(side: &ComparedSide) -> Value {
    let organization = side.organization.clone().unwrap_or_default();
    let standing = side.standing.clone();
    let gates = standing.iter().flat_map(|standing| &standing.gates);
    json!({
        "party_id": organization.party_id,
        "name": organization.name,
        "position": side.position,
        "evaluated_at": instant(side.evaluated_at_unix_ms),
        "standing": standing.as_ref().map(|standing| in_words(standing.standing().as_str_name(), "STANDING_")),
        "since": standing.as_ref().map(|standing| instant(standing.since_unix_ms)),
        "decided": standing.as_ref().and_then(|standing| standing.decision.as_ref())
            .map(|decision| in_words(decision.standing().as_str_name(), "STANDING_")),
        "modules_met": gates.filter(|gate| gate.is_met).map(|gate| gate.module).collect::<Vec<_>>(),
    })
}

fn criterion_json(criterion: &ComparedCriterion) -> Value {
    let side = |side: Option<&ComparedAnswer>| {
        side.map(|side| {
            json!({
                "answer": answered(side.answer.as_ref()),
                "catalogue_version": side.catalogue_version,
                "attribution": side.attribution.as_ref().map(attribution_json),
            })
        })
    };
    json!({
        "criterion": slug(criterion),
        "left": side(criterion.left.as_ref()),
        "right": side(criterion.right.as_ref()),
        "trend": trend(criterion),
    })
}
