//! Organizations: who they are, and how they and their sites are doing.

use event::PartyId;
use inquiry::Pages;
use rpc::progress::{
    FreshnessState, GetOrganizationRequest, GetOrganizationResponse, ListOrganizationsRequest, Organization,
    OrganizationSummary, PillarLevel, Standing, get_organization_request, list_assessments_request,
};
use serde_json::{Value, json};
use tonic::transport::Channel;

use super::history::{self, history, is_of_certifications};
use super::site::site_json;
use super::{
    Asked, PAGE_SIZE, PRESENT_HEADER, assessment_json, conduct, in_words, instant, others, present_json, present_row,
};
use crate::print;
use crate::trouble::{Done, Trouble};
use crate::words::country;

/// The parties that `wanted` asks for, one row each; for programs, one JSON object a line.
pub async fn list(progress: &Channel, wanted: &ListOrganizationsRequest, asked: Asked) -> Done {
    let mut rows = Vec::new();
    let mut pages = Pages::first();
    while let Some(page_token) = pages.token() {
        let request = ListOrganizationsRequest {
            as_of_position: asked.as_of,
            at_least_position: asked.at_least,
            as_of_unix_ms: asked.on_unix_ms,
            page_size: PAGE_SIZE,
            page_token,
            ..wanted.clone()
        };
        let page = rpc::client::progress(progress.clone())
            .list_organizations(request)
            .await?
            .into_inner();
        for (party, summary) in page.organizations.iter().zip(&page.summaries) {
            if asked.json {
                print::json(&listed_json(party, summary));
            } else {
                rows.push(listed_row(party, summary));
            }
        }
        pages.turn(page.next_page_token);
    }
    if !asked.json {
        print::table(
            [
                "organization",
                "kind",
                "name",
                "country",
                "standing",
                "decided",
                "modules met",
                "open incidents",
                "plans",
                "newest answer",
            ],
            rows,
        );
    }
    Ok(())
}

fn listed_row(party: &Organization, summary: &OrganizationSummary) -> [String; 10] {
    let modules: Vec<_> = summary.modules_met.iter().map(ToString::to_string).collect();
    let incidents = match summary.grave_incidents {
        0 => summary.open_incidents.to_string(),
        grave => format!("{} ({grave} grave)", summary.open_incidents),
    };
    let plans = match (summary.overdue, summary.next_due.as_str()) {
        (true, due) => format!("OVERDUE since {due}"),
        (false, due) => due_or_none(due),
    };
    let newest = match summary.freshness() {
        FreshnessState::Stale => format!("{} (stale)", summary.newest_day),
        _ => or_none(&summary.newest_day),
    };
    [
        party.party_id.clone(),
        kind(party),
        party.name.clone(),
        party.country.clone(),
        standing(summary.standing()).unwrap_or_else(|| "-".to_owned()),
        standing(summary.decided_standing()).unwrap_or_else(|| "-".to_owned()),
        or_none(&modules.join(" ")),
        incidents,
        plans,
        newest,
    ]
}

fn or_none(text: &str) -> String {
    if text.is_empty() { "-" } else { text }.to_owned()
}

fn due_or_none(due: &str) -> String {
    if due.is_empty() {
        return "-".to_owned();
    }
    format!("due {due}")
}

fn listed_json(party: &Organization, summary: &OrganizationSummary) -> Value {
    let level = |level: &PillarLevel| {
        let pillar = in_words(level.pillar().as_str_name(), "PILLAR_");
        (pillar, Value::from(level.level_min))
    };
    let mut listed = json_of(party);
    let follows = json!({
        "standing": standing(summary.standing()),
        "since": (summary.since_unix_ms != 0).then(|| instant(summary.since_unix_ms)),
        "decided": standing(summary.decided_standing()),
        "modules_met": summary.modules_met,
        "scenarios": summary.scenario_slugs,
        "levels": summary.pillar_levels.iter().map(level).collect::<serde_json::Map<_, _>>(),
        "open_incidents": summary.open_incidents,
        "grave_incidents": summary.grave_incidents,
        "overdue": summary.overdue,
        "next_due": summary.next_due,
        "freshness": in_words(summary.freshness().as_str_name(), "FRESHNESS_STATE_"),
        "newest_day": summary.newest_day,
        "sites": summary.sites,
        "changed_position": summary.changed_position,
    });
    if let (Value::Object(listed), Value::Object(follows)) = (&mut listed, follows) {
        listed.extend(follows);
    }
    listed
}

/// In words; none where there is none.
fn standing(standing: Standing) -> Option<String> {
    let words = in_words(standing.as_str_name(), "STANDING_");
    (standing != Standing::Unspecified).then_some(words)
}

/// One organization: its standing and what it does about what was found, what others saw, its own present answers and
/// history, and its sites with their answers.
pub async fn show(progress: &Channel, party: &str, asked: Asked) -> Done {
    let found = get(progress, party, asked).await?;
    let party = found.organization.clone().unwrap_or_default();
    let subject = list_assessments_request::Subject::PartyId(party.party_id.clone());
    let history = history(progress, subject, found.position).await?;
    if asked.json {
        let sites = found.sites.iter().map(|standing| {
            let present: Vec<_> = standing.answers.iter().map(present_json).collect();
            json!({"site": standing.site.as_ref().map(site_json), "present": present})
        });
        print::json(&json!({
            "organization": json_of(&party),
            "standing": conduct::standing_json(&found),
            "plans": found.plans.iter().map(conduct::plan_json).collect::<Vec<_>>(),
            "incidents": found.incidents.iter().map(conduct::incident_json).collect::<Vec<_>>(),
            "next": found.next_steps.iter().map(conduct::step_json).collect::<Vec<_>>(),
            "present": found.answers.iter().map(present_json).collect::<Vec<_>>(),
            "history": history.iter().map(assessment_json).collect::<Vec<_>>(),
            "others": found.others.iter().map(others::json).collect::<Vec<_>>(),
            "others_left_out": found.others_left_out,
            "sites": sites.collect::<Vec<_>>(),
            "more_sites": found.more_sites,
            "position": found.position,
            "evaluated_at": instant(found.evaluated_at_unix_ms),
        }));
        return Ok(());
    }
    print::line(format_args!("{} ({})", party.name, party.party_id));
    print::line(format_args!(
        "{} in {}; as of position {}, {}",
        kind(&party),
        country(&party.country),
        found.position,
        instant(found.evaluated_at_unix_ms)
    ));
    conduct::print(&found);
    // What certification schemes decided stands in the history, event by event.
    let answers = found.answers.iter().filter(|present| {
        let asked = present.criterion.as_ref();
        !asked.is_some_and(|asked| is_of_certifications(&asked.catalogue_slug))
    });
    print::table(PRESENT_HEADER, answers.map(present_row));
    let rolled = found.standing.as_ref().map(|standing| standing.criteria.as_slice());
    others::print(&found.others, found.others_left_out, rolled.unwrap_or_default());
    history::print(&history);
    for standing in &found.sites {
        let site = standing.site.clone().unwrap_or_default();
        print::line(format_args!("\nSite {} ({})", site.name, site.site_id));
        print::table(PRESENT_HEADER, standing.answers.iter().map(present_row));
    }
    if found.more_sites {
        print::line("and more sites: see `veta site list`");
    }
    Ok(())
}

/// What an organization does next.
pub async fn next_steps(progress: &Channel, party: &str, asked: Asked) -> Done {
    let found = get(progress, party, asked).await?;
    if asked.json {
        for step in &found.next_steps {
            print::json(&conduct::step_json(step));
        }
        return Ok(());
    }
    conduct::print_steps(&found);
    Ok(())
}

async fn get(progress: &Channel, party: &str, asked: Asked) -> Done<GetOrganizationResponse> {
    let party: PartyId = party.parse().map_err(Trouble::usage)?;
    let request = GetOrganizationRequest {
        organization: Some(get_organization_request::Organization::PartyId(party.to_string())),
        as_of_position: asked.as_of,
        at_least_position: asked.at_least,
        as_of_unix_ms: asked.on_unix_ms,
    };
    let mut client = rpc::client::progress(progress.clone());
    Ok(client.get_organization(request).await?.into_inner())
}

fn json_of(party: &Organization) -> Value {
    json!({
        "party_id": party.party_id,
        "kind": kind(party),
        "name": party.name,
        "country": party.country,
        "reference": party.reference.as_ref().map(|reference| format!("{}:{}", reference.source, reference.value)),
        "enrolled_position": party.enrolled_position,
        "statement_id": party.statement_id,
    })
}

fn kind(party: &Organization) -> String {
    in_words(party.kind().as_str_name(), "PARTY_KIND_")
}
