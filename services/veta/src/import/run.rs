//! `veta import ipis`: from a file of visits to statements that are recorded.

use std::collections::BTreeMap;
use std::path::Path;

use ed25519_dalek::SigningKey;
use event::vocabulary::ShortText;
use event::{Event, PartyId, SignedStatement, SiteId, Statement, StatementId};
use ledger::Refusal;
use rpc::progress::{ListOrganizationsRequest, ListSitesRequest};
use service::clock::{Clock, SystemClock};
use tonic::transport::Channel;

use super::ipis::{Known, OWN_NUMBER, Plan, Speaker, VisitFile};
use crate::keys;
use crate::local::Deployment;
use crate::pages::pages;
use crate::print;
use crate::submit::{bar, next_number, submit_all};
use crate::trouble::{Done, Trouble};

/// The source under which IPIS's numbers are kept as references.
const SOURCE: &str = "ipis";
/// Rows asked for at a time.
const PAGE_SIZE: u32 = 1_000;

/// What an import came to.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    recorded: usize,
    there: usize,
    position: u64,
}

/// Imports a file of visits. What is in the deployment already stays as it is.
pub async fn ipis(file: &Path, deployment: &Deployment, scheme: &Path, monitor: &Path, json: bool) -> Done {
    let opened = std::fs::File::open(file).map_err(Trouble::at(format_args!("cannot read {}", file.display())))?;
    let visits = VisitFile::read(opened).map_err(Trouble::at(file.display()))?;
    let plan = Plan::of(&visits);
    let (scheme, monitor) = (keys::read(scheme)?, keys::read_or_generate(monitor)?);
    let (ingest, progress) = (
        deployment.reach(|e| &e.ingest).await?,
        deployment.reach(|e| &e.progress).await?,
    );
    let mut known = known(&progress).await?;
    let mut numbers = Numbers::begin(&ingest, &scheme, &monitor).await?;
    if numbers.monitor_is_authorized {
        known.keys.insert(keys::public(&monitor));
    }
    let statements = numbers.state(&plan, &mut known, deployment, &scheme, &monitor)?;
    let tally = submit(&ingest, &statements).await?;
    reach(&progress, tally.position).await?;
    if json {
        print::json(
            &serde_json::json!({"rows": plan.report.rows, "visits": plan.report.visits, "recorded": tally.recorded, "there_already": tally.there, "position": tally.position}),
        );
        return Ok(());
    }
    let report = &plan.report;
    print::line(format_args!(
        "{} rows: {} visits, {} statuses",
        report.rows, report.visits, report.qualifications
    ));
    for (reason, count) in &report.skipped {
        print::line(format_args!("  {count} passed over: {reason}"));
    }
    for (note, noted) in &report.notes {
        let places: Vec<_> = noted.places.iter().map(ToString::to_string).collect();
        print::line(format_args!("  {} {note}: {}", noted.count, places.join("; ")));
    }
    if !report.columns_absent.is_empty() {
        print::line(format_args!(
            "  columns that this edition does not have: {}",
            report.columns_absent.join(", ")
        ));
    }
    print::line(format_args!(
        "{} statements recorded, {} were there already",
        tally.recorded, tally.there
    ));
    Ok(())
}

/// What the deployment has, by IPIS's numbers. Catalogues and assessments are not asked for: the ledger refuses what it has.
async fn known(progress: &Channel) -> Done<Known> {
    let mut known = Known::default();
    let parties: BTreeMap<ShortText, PartyId> = parties(progress).await?;
    for (number, party) in parties {
        if number.as_str() == OWN_NUMBER {
            known.monitor = Some(party);
        } else {
            known.groups.insert(number, party);
        }
    }
    known.sites = sites(progress).await?;
    Ok(known)
}

async fn parties(progress: &Channel) -> Done<BTreeMap<ShortText, PartyId>> {
    let mut found = BTreeMap::new();
    pages(async |page_token| {
        let request = ListOrganizationsRequest {
            page_size: PAGE_SIZE,
            page_token,
            ..Default::default()
        };
        let page = rpc::client::progress(progress.clone())
            .list_organizations(request)
            .await?
            .into_inner();
        for party in page.organizations {
            if let Some(reference) = party.reference.filter(|reference| reference.source == SOURCE) {
                let number = reference.value.parse().map_err(Trouble::at("a reference"))?;
                found.insert(
                    number,
                    party.party_id.parse().map_err(Trouble::at("an organization's id"))?,
                );
            }
        }
        Ok(page.next_page_token)
    })
    .await?;
    Ok(found)
}

async fn sites(progress: &Channel) -> Done<BTreeMap<ShortText, SiteId>> {
    let mut found = BTreeMap::new();
    pages(async |page_token| {
        let request = ListSitesRequest {
            page_size: PAGE_SIZE,
            page_token,
            ..Default::default()
        };
        let page = rpc::client::progress(progress.clone())
            .list_sites(request)
            .await?
            .into_inner();
        for site in page.sites.into_iter().filter_map(|row| row.site) {
            if let Some(reference) = site.reference.filter(|reference| reference.source == SOURCE) {
                let number = reference.value.parse().map_err(Trouble::at("a reference"))?;
                found.insert(number, site.site_id.parse().map_err(Trouble::at("a site's id"))?);
            }
        }
        Ok(page.next_page_token)
    })
    .await?;
    Ok(found)
}

/// The numbers that the two keys sign under next.
struct Numbers {
    scheme: u64,
    monitor: u64,
    monitor_is_authorized: bool,
}

impl Numbers {
    async fn begin(ingest: &Channel, scheme: &SigningKey, monitor: &SigningKey) -> Done<Self> {
        let least = u64::try_from(SystemClock.now().unix_ms())
            .unwrap_or(0)
            .saturating_mul(1_000);
        let scheme = next_number(ingest, keys::public(scheme), least).await?;
        let (_, scheme) =
            scheme.ok_or_else(|| Trouble::failed("the scheme's key is not authorized in this deployment"))?;
        let monitor = next_number(ingest, keys::public(monitor), least).await?;
        let monitor_is_authorized = monitor.is_some();
        Ok(Self {
            scheme,
            monitor: monitor.map_or(least, |(_, number)| number),
            monitor_is_authorized,
        })
    }

    fn state(
        &mut self,
        plan: &Plan,
        known: &mut Known,
        deployment: &Deployment,
        scheme: &SigningKey,
        monitor: &SigningKey,
    ) -> Done<Vec<Vec<u8>>> {
        let mut statements = Vec::new();
        let stated_at = SystemClock.now();
        plan.state_missing(
            known,
            keys::public(monitor),
            |speaker, event: Event| -> Done<StatementId> {
                let (party, key, number) = match speaker {
                    Speaker::Scheme => (deployment.scheme, scheme, &mut self.scheme),
                    Speaker::Monitor(party) => (party, monitor, &mut self.monitor),
                };
                let statement = Statement {
                    party,
                    number: *number,
                    stated_at,
                    event,
                };
                *number += 1;
                let signed = SignedStatement::sign(&statement, deployment.deployment, key).map_err(Trouble::failed)?;
                statements.push(signed.encode());
                Ok(signed.id(deployment.deployment))
            },
        )?;
        Ok(statements)
    }
}

async fn submit(ingest: &Channel, statements: &[Vec<u8>]) -> Done<Tally> {
    let mut tally = Tally::default();
    let bar = bar(statements.len(), "importing");
    submit_all(ingest, statements, |place, outcome| {
        bar.inc(1);
        match outcome {
            Ok(recorded) => {
                tally.recorded += 1;
                tally.position = recorded.position.get();
            }
            Err(Refusal::ReferenceTaken | Refusal::CatalogueKnown) => tally.there += 1,
            Err(refusal) => {
                let (code, name) = (refusal.code(), refusal.name());
                return Err(Trouble::failed(format_args!(
                    "statement {place} is refused ({code}, {name}): {refusal}"
                )));
            }
        }
        Ok(())
    })
    .await?;
    bar.finish_and_clear();
    Ok(tally)
}

/// Waits until what was recorded can be seen.
async fn reach(progress: &Channel, position: u64) -> Done {
    let request = rpc::progress::GetPositionRequest {
        at_least_position: position,
    };
    rpc::client::progress(progress.clone()).get_position(request).await?;
    Ok(())
}
