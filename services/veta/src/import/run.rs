//! `veta import …`: from a file to statements that are recorded.

mod certifications;
mod ipis;

pub use certifications::certifications;
pub use ipis::ipis;

use std::collections::BTreeMap;
use std::path::Path;

use ed25519_dalek::SigningKey;
use event::vocabulary::ShortText;
use event::{Event, PartyId, PublicKey, SignedStatement, Statement, StatementId, Timestamp};
use inquiry::Pages;
use ledger::Refusal;
use rpc::ingest::{Denial, GetDeploymentRequest};
use rpc::progress::{GetPositionRequest, ListOrganizationsRequest};
use rpc::view::Reference;
use serde_json::{Value, json};
use service::clock::{Clock, SystemClock};
use tonic::transport::Channel;

use super::{Note, Noted, Speaker};
use crate::keys;
use crate::local::Deployment;
use crate::print;
use crate::submit::{bar, next_number, refused, submit_all};
use crate::trouble::{Done, Trouble};

/// Rows asked for at a time.
const PAGE_SIZE: u32 = 1_000;

/// The private keys that an import signs with.
#[derive(Clone, Copy, Debug)]
pub struct KeyFiles<'a> {
    /// The scheme's.
    pub scheme: &'a Path,
    /// That of the party which the import speaks for; made where there is none.
    pub assessor: &'a Path,
}

/// What an import came to.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    recorded: usize,
    there: usize,
    position: u64,
}

/// One run of an import: who signs, under which numbers, and what was signed.
struct Session<'a> {
    deployment: &'a Deployment,
    ingest: Channel,
    progress: Channel,
    scheme: SigningKey,
    assessor: SigningKey,
    scheme_number: u64,
    assessor_number: u64,
    assessor_is_authorized: bool,
    stated_at: Timestamp,
    statements: Vec<Vec<u8>>,
}

impl<'a> Session<'a> {
    /// Reads the keys, and waits until everything that is recorded can be seen: what an import that was cut has recorded is not to
    /// be stated again.
    async fn begin(deployment: &'a Deployment, files: KeyFiles<'_>) -> Done<Self> {
        let (scheme, assessor) = (keys::read(files.scheme)?, keys::read_or_generate(files.assessor)?);
        let ingest = deployment.reach(|e| &e.ingest).await?;
        let progress = deployment.reach(|e| &e.progress).await?;
        let stated_at = SystemClock.now();
        let least = u64::try_from(stated_at.unix_ms()).unwrap_or(0).saturating_mul(1_000);
        let known = next_number(&ingest, keys::public(&scheme), least).await?;
        let (_, scheme_number) =
            known.ok_or_else(|| Trouble::failed("the scheme's key is not authorized in this deployment"))?;
        let known = next_number(&ingest, keys::public(&assessor), least).await?;
        until_seen(&progress, recorded(&ingest).await?).await?;
        Ok(Self {
            deployment,
            ingest,
            progress,
            scheme,
            assessor,
            scheme_number,
            assessor_number: known.as_ref().map_or(least, |(_, number)| *number),
            assessor_is_authorized: known.is_some(),
            stated_at,
            statements: Vec::new(),
        })
    }

    fn assessor_key(&self) -> PublicKey {
        keys::public(&self.assessor)
    }

    /// Signs a statement and keeps it.
    fn sign(&mut self, speaker: Speaker, event: Event) -> Done<StatementId> {
        let (party, key, number) = match speaker {
            Speaker::Scheme => (self.deployment.scheme, &self.scheme, &mut self.scheme_number),
            Speaker::Assessor(party) => (party, &self.assessor, &mut self.assessor_number),
        };
        let statement = Statement {
            party,
            number: *number,
            stated_at: self.stated_at,
            event,
        };
        *number += 1;
        let deployment = self.deployment.deployment;
        let signed = SignedStatement::sign(&statement, deployment, key).map_err(Trouble::failed)?;
        self.statements.push(signed.encode());
        Ok(signed.id(deployment))
    }

    /// Sends what was signed, and waits until what was recorded can be seen.
    async fn submit(&self) -> Done<Tally> {
        let mut tally = Tally::default();
        let bar = bar(self.statements.len(), "importing");
        submit_all(&self.ingest, &self.statements, |place, outcome| {
            bar.inc(1);
            match outcome {
                Ok(recorded) => {
                    tally.recorded += 1;
                    tally.position = recorded.position.get();
                }
                Err(Denial {
                    refusal: Refusal::ReferenceTaken | Refusal::CatalogueKnown,
                    ..
                }) => tally.there += 1,
                Err(denial) => {
                    let why = refused(&denial);
                    return Err(Trouble::failed(format_args!("statement {place} is {why}")));
                }
            }
            Ok(())
        })
        .await?;
        bar.finish_and_clear();
        until_seen(&self.progress, tally.position).await?;
        Ok(tally)
    }

    /// The parties that the deployment has, by their numbers in a register.
    async fn parties(&self, source: &str) -> Done<BTreeMap<ShortText, PartyId>> {
        let mut found = BTreeMap::new();
        let mut pages = Pages::first();
        while let Some(page_token) = pages.token() {
            let request = ListOrganizationsRequest {
                page_size: PAGE_SIZE,
                page_token,
                ..Default::default()
            };
            let page = rpc::client::progress(self.progress.clone())
                .list_organizations(request)
                .await?
                .into_inner();
            for party in page.organizations {
                if let Some(number) = number(party.reference, source)? {
                    let id = party.party_id.parse().map_err(Trouble::at("an organization's id"))?;
                    found.insert(number, id);
                }
            }
            pages.turn(page.next_page_token);
        }
        Ok(found)
    }
}

/// The position up to which everything is recorded.
async fn recorded(ingest: &Channel) -> Done<u64> {
    let mut client = rpc::client::ingest(ingest.clone());
    let answer = client.get_deployment(GetDeploymentRequest::default()).await?;
    Ok(answer.into_inner().position)
}

/// Waits until what is recorded up to a position can be seen.
async fn until_seen(progress: &Channel, at_least_position: u64) -> Done {
    let request = GetPositionRequest {
        at_least_position,
        with_digest: false,
    };
    rpc::client::progress(progress.clone()).get_position(request).await?;
    Ok(())
}

/// The number that a reference gives in a register; none where it is of another one.
fn number(reference: Option<Reference>, source: &str) -> Done<Option<ShortText>> {
    let reference = reference.filter(|reference| reference.source == source);
    let number = reference.map(|reference| reference.value.parse());
    number.transpose().map_err(Trouble::at("a reference"))
}

/// What was passed over, left out or changed, and what an edition lacks, for people.
fn print_notes(notes: &BTreeMap<Note, Noted>, columns_absent: &[String]) {
    for (note, noted) in notes {
        let places: Vec<_> = noted.places.iter().map(ToString::to_string).collect();
        print::line(format_args!("  {} {note}: {}", noted.count, places.join("; ")));
    }
    if !columns_absent.is_empty() {
        let columns = columns_absent.join(", ");
        print::line(format_args!("  columns that this edition does not have: {columns}"));
    }
}

/// What was passed over, left out or changed, for programs.
fn notes_json(notes: &BTreeMap<Note, Noted>) -> Vec<Value> {
    let json = |(note, noted): (&Note, &Noted)| {
        let places = noted
            .places
            .iter()
            .map(|place| json!({"row": place.row, "column": place.column}));
        json!({"note": note.to_string(), "count": noted.count, "first": places.collect::<Vec<_>>()})
    };
    notes.iter().map(json).collect()
}

fn print_tally(tally: &Tally) {
    print::line(format_args!(
        "{} statements recorded, {} were there already",
        tally.recorded, tally.there
    ));
}
