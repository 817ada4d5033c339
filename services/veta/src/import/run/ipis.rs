//! `veta import ipis`: from a file of visits to statements that are recorded.

use std::collections::BTreeMap;
use std::path::Path;

use event::SiteId;
use event::vocabulary::ShortText;
use inquiry::Pages;
use rpc::progress::ListSitesRequest;

use super::{KeyFiles, PAGE_SIZE, Session, notes_json, number, print_notes, print_tally};
use crate::import::ipis::{Known, OWN_NUMBER, Plan, VisitFile};
use crate::local::Deployment;
use crate::print;
use crate::trouble::{Done, Trouble};

/// The source under which IPIS's numbers are kept as references.
const SOURCE: &str = "ipis";

/// Imports a file of visits. What is in the deployment already stays as it is.
pub async fn ipis(file: &Path, deployment: &Deployment, keys: KeyFiles<'_>, json: bool) -> Done {
    let opened = std::fs::File::open(file).map_err(Trouble::at(format_args!("cannot read {}", file.display())))?;
    let visits = VisitFile::read(opened).map_err(Trouble::at(file.display()))?;
    let plan = Plan::of(&visits);
    let mut session = Session::begin(deployment, keys).await?;
    let mut known = known(&session).await?;
    plan.state_missing(&mut known, session.assessor_key(), |speaker, event| {
        session.sign(speaker, event)
    })?;
    let tally = session.submit().await?;
    let report = &plan.report;
    if json {
        print::json(&serde_json::json!({
            "rows": report.rows,
            "visits": report.visits,
            "notes": notes_json(&report.notes),
            "recorded": tally.recorded,
            "there_already": tally.there,
            "position": tally.position,
        }));
        return Ok(());
    }
    print::line(format_args!(
        "{} rows: {} visits, {} statuses",
        report.rows, report.visits, report.qualifications
    ));
    for (reason, count) in &report.skipped {
        print::line(format_args!("  {count} passed over: {reason}"));
    }
    print_notes(&report.notes, &report.columns_absent);
    print_tally(&tally);
    Ok(())
}

/// What the deployment has, by IPIS's numbers. Catalogues and assessments are not asked for: the ledger refuses what it has.
async fn known(session: &Session<'_>) -> Done<Known> {
    let mut known = Known::default();
    for (number, party) in session.parties(SOURCE).await? {
        if number.as_str() == OWN_NUMBER {
            known.monitor = Some(party);
        } else {
            known.groups.insert(number, party);
        }
    }
    known.sites = sites(session).await?;
    known
        .keys
        .extend(session.assessor_is_authorized.then(|| session.assessor_key()));
    Ok(known)
}

async fn sites(session: &Session<'_>) -> Done<BTreeMap<ShortText, SiteId>> {
    let mut found = BTreeMap::new();
    let mut pages = Pages::first();
    while let Some(page_token) = pages.token() {
        let request = ListSitesRequest {
            page_size: PAGE_SIZE,
            page_token,
            ..Default::default()
        };
        let page = rpc::client::progress(session.progress.clone())
            .list_sites(request)
            .await?
            .into_inner();
        for site in page.sites.into_iter().filter_map(|row| row.site) {
            if let Some(number) = number(site.reference, SOURCE)? {
                found.insert(number, site.site_id.parse().map_err(Trouble::at("a site's id"))?);
            }
        }
        pages.turn(page.next_page_token);
    }
    Ok(found)
}
