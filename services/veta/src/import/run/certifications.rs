//! `veta import certifications`: from a table of compiled events to statements that are recorded.

use std::path::Path;

use event::PartyId;
use inquiry::Pages;
use rpc::progress::{ListAssessmentsRequest, list_assessments_request};
use service::clock::{Clock, SystemClock};

use super::{KeyFiles, PAGE_SIZE, Session, notes_json, number, print_notes, print_tally};
use crate::import::certifications::{EventFile, Known, OWN_NUMBER, Plan, SOURCE};
use crate::local::Deployment;
use crate::print;
use crate::trouble::{Done, Trouble};

/// Imports a table of what certification schemes decided. What is in the deployment already stays as it is.
pub async fn certifications(file: &Path, deployment: &Deployment, keys: KeyFiles<'_>, json: bool) -> Done {
    let opened = std::fs::File::open(file).map_err(Trouble::at(format_args!("cannot read {}", file.display())))?;
    let today = SystemClock.now().date();
    let events = EventFile::read(opened, today).map_err(Trouble::at(file.display()))?;
    let plan = Plan::of(&events);
    let mut session = Session::begin(deployment, keys).await?;
    let mut known = known(&session).await?;
    // Also when it is submitted after midnight.
    let until = today.plus_days(1);
    plan.state_missing(&mut known, session.assessor_key(), until, |speaker, event| {
        session.sign(speaker, event)
    })?;
    let tally = session.submit().await?;
    let report = &plan.report;
    if json {
        print::json(&serde_json::json!({
            "rows": report.rows,
            "events": report.events,
            "organizations": report.organizations,
            "notes": notes_json(&report.notes),
            "recorded": tally.recorded,
            "there_already": tally.there,
            "position": tally.position,
        }));
        return Ok(());
    }
    print::line(format_args!(
        "{} rows: {} events of {} organizations, as published pages tell them; no scheme signed any of it",
        report.rows, report.events, report.organizations
    ));
    print_notes(&report.notes, &report.columns_absent);
    print_tally(&tally);
    Ok(())
}

/// What the deployment has of it, so that what is there is not stated again.
async fn known(session: &Session<'_>) -> Done<Known> {
    let mut known = Known::default();
    for (number, party) in session.parties(SOURCE).await? {
        if number.as_str() == OWN_NUMBER {
            known.compiler = Some(party);
        } else {
            known.organizations.insert(number, party);
        }
    }
    known
        .keys
        .extend(session.assessor_is_authorized.then(|| session.assessor_key()));
    let organizations: Vec<_> = known.organizations.values().copied().collect();
    for organization in organizations {
        add_events(session, organization, &mut known).await?;
    }
    Ok(known)
}

async fn add_events(session: &Session<'_>, organization: PartyId, known: &mut Known) -> Done {
    let subject = list_assessments_request::Subject::PartyId(organization.to_string());
    let mut pages = Pages::first();
    while let Some(page_token) = pages.token() {
        let request = ListAssessmentsRequest {
            subject: Some(subject.clone()),
            page_size: PAGE_SIZE,
            page_token,
            ..Default::default()
        };
        let page = rpc::client::progress(session.progress.clone())
            .list_assessments(request)
            .await?
            .into_inner();
        for assessment in page.assessments {
            if let Some(number) = number(assessment.reference, SOURCE)? {
                let catalogue = assessment.catalogue_digest.parse();
                known
                    .catalogues
                    .insert(catalogue.map_err(Trouble::at("a catalogue's digest"))?);
                known.events.insert(number);
            }
        }
        pages.turn(page.next_page_token);
    }
    Ok(())
}
