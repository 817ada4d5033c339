//! A statement on a lot as a step of its path.

use event::key::Digest;
use event::vocabulary::{Event, FinenessClaim, SealState as SealWord, ShortText};
use event::{Mass, PartyId, StatementId};
use rpc::custody::{LotStep, SealState};
use rpc::view::PartyName;

use super::Result;
use crate::reading::Reading;
use crate::rows::{StatementRow, StepRow};

/// What a step says, by the roles of those in it.
#[derive(Default)]
struct Said {
    from: Option<PartyId>,
    to: Option<PartyId>,
    gross_mass: Option<Mass>,
    fineness: Option<FinenessClaim>,
    seal_state: Option<SealWord>,
    seals: Vec<String>,
    documents: Vec<String>,
    witness: Option<PartyId>,
    melt: Option<ShortText>,
    reason: String,
    number: String,
    authority: String,
    from_country: String,
    to_country: String,
    with_title: bool,
    incident: String,
    target: Option<StatementId>,
}

pub(super) fn step(reading: &mut Reading<'_>, row: &StepRow) -> Result<LotStep> {
    let statement = reading.statement(row.after.since)?;
    let said = said(&statement, row);
    let named = |reading: &mut Reading<'_>, party: Option<PartyId>| -> Result<Option<PartyName>> {
        party.map(|party| reading.party_name(party)).transpose()
    };
    Ok(LotStep {
        event: statement.event.kind().name().to_owned(),
        from: named(reading, said.from)?,
        to: named(reading, said.to)?,
        gross_mass_micrograms: said.gross_mass.map(Mass::micrograms),
        seal_state: said.seal_state.map_or(SealState::Unspecified, SealState::from).into(),
        reason: said.reason,
        statement_id: statement.id.to_string(),
        key: statement.key.to_string(),
        position: row.after.since.get(),
        stated_at_unix_ms: statement.stated_at.unix_ms(),
        admitted_at_unix_ms: statement.admitted_at.unix_ms(),
        by: Some(reading.party_name(statement.by)?),
        gross_mass_after_micrograms: row.after.gross_mass.micrograms(),
        fine_mass_after_micrograms: row.after.fine_mass.map(Mass::micrograms),
        fineness: said.fineness.map(Into::into),
        seals: said.seals,
        document_digests: said.documents,
        witness: named(reading, said.witness)?,
        melt: said.melt.map(|melt| melt.to_string()).unwrap_or_default(),
        number: said.number,
        authority: said.authority,
        from_country: said.from_country,
        to_country: said.to_country,
        with_title: said.with_title,
        incident_id: said.incident,
        target_statement_id: said.target.map(|target| target.to_string()).unwrap_or_default(),
        owner_after: Some(reading.party_name(row.after.owner)?),
        signer: Some(reading.party_name(statement.signer)?),
    })
}

fn said(statement: &StatementRow, row: &StepRow) -> Said {
    handed(statement, row)
        .or_else(|| measured(statement))
        .or_else(|| became(statement, row))
        .unwrap_or_else(|| stopped(statement))
}

/// Declaring, handing over, title, and how a lot ends.
fn handed(statement: &StatementRow, row: &StepRow) -> Option<Said> {
    let (from, signer) = (row.from, Some(statement.by));
    Some(match &statement.event {
        Event::LotDeclared(event) => Said {
            to: signer,
            gross_mass: Some(event.gross_mass),
            fineness: event.fineness,
            seals: texts(&event.seals),
            documents: digests(&event.documents),
            ..Said::default()
        },
        Event::CustodyOffered(event) => Said {
            from,
            to: Some(event.to),
            with_title: event.with_title,
            documents: digests(&event.documents),
            ..Said::default()
        },
        Event::CustodyAccepted(event) => Said {
            from,
            to: signer,
            gross_mass: Some(event.gross_mass),
            seal_state: Some(event.seals),
            ..Said::default()
        },
        Event::CustodyDeclined(event) => Said {
            from,
            to: signer,
            reason: event.reason.to_string(),
            ..Said::default()
        },
        Event::OfferWithdrawn(_) => Said {
            from,
            to: row.offered,
            ..Said::default()
        },
        Event::TitleTransferred(event) => Said {
            from: row.from_owner,
            to: Some(event.to),
            documents: digests(&event.documents),
            ..Said::default()
        },
        Event::LotRetired(event) => Said {
            from,
            reason: event.reason.to_string(),
            ..Said::default()
        },
        Event::LotLost(event) => Said {
            from,
            reason: event.reason.to_string(),
            documents: event.report.iter().map(ToString::to_string).collect(),
            ..Said::default()
        },
        _ => return None,
    })
}

/// Weighing, samples, assays, seals.
fn measured(statement: &StatementRow) -> Option<Said> {
    Some(match &statement.event {
        Event::LotWeighed(event) => Said {
            gross_mass: Some(event.gross_mass),
            witness: event.witness,
            documents: digests(&event.documents),
            ..Said::default()
        },
        Event::LotSampled(event) => Said {
            seals: texts(&event.samples),
            melt: event.melt.clone(),
            witness: event.witness,
            ..Said::default()
        },
        Event::LotAssayed(event) => Said {
            fineness: Some(FinenessClaim {
                fineness: event.gold,
                method: event.method,
            }),
            seals: event.sample.iter().map(ToString::to_string).collect(),
            melt: event.melt.clone(),
            target: event.replaces,
            documents: digests(&event.documents),
            ..Said::default()
        },
        Event::LotSealed(event) => Said {
            seals: texts(&event.seals),
            documents: digests(&event.documents),
            ..Said::default()
        },
        Event::SealBroken(event) => Said {
            seals: texts(&event.seals),
            reason: event.reason.to_string(),
            ..Said::default()
        },
        _ => return None,
    })
}

/// What lots become, and what takes them across a border and into a refinery.
fn became(statement: &StatementRow, row: &StepRow) -> Option<Said> {
    let (from, signer) = (row.from, Some(statement.by));
    Some(match &statement.event {
        Event::LotsTransformed(event) => Said {
            from,
            to: if from.is_none() { signer } else { None },
            // What came out was weighed; what went in was not weighed again.
            gross_mass: from.is_none().then_some(row.after.gross_mass),
            melt: event.melt.clone(),
            witness: event.witness,
            documents: digests(&event.documents),
            ..Said::default()
        },
        Event::LotExported(event) => Said {
            from,
            to: Some(event.importer),
            number: event.certificate.value.to_string(),
            authority: event.authority.to_string(),
            from_country: event.from.to_string(),
            to_country: event.to.to_string(),
            documents: digests(&event.documents),
            ..Said::default()
        },
        Event::LotReceived(event) => Said {
            to: signer,
            gross_mass: Some(event.after_melt_mass),
            number: event.refinery_lot.to_string(),
            reason: event.discrepancy.as_ref().map(ToString::to_string).unwrap_or_default(),
            documents: digests(&event.documents),
            ..Said::default()
        },
        _ => return None,
    })
}

/// What stops a lot, and what sets right what was said.
fn stopped(statement: &StatementRow) -> Said {
    match &statement.event {
        Event::LotHeld(event) => Said {
            reason: event.reason.to_string(),
            incident: event.incident.map(|incident| incident.to_string()).unwrap_or_default(),
            documents: digests(&event.documents),
            ..Said::default()
        },
        Event::LotReleased(event) => Said {
            reason: event.reason.to_string(),
            ..Said::default()
        },
        Event::CorrectionProposed(event) => Said {
            gross_mass: Some(event.gross_mass),
            reason: event.reason.to_string(),
            target: Some(event.target),
            ..Said::default()
        },
        Event::CorrectionConfirmed(event) => Said {
            target: Some(event.proposal),
            ..Said::default()
        },
        // No other event is about a lot.
        _ => Said::default(),
    }
}

fn texts(texts: &[ShortText]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn digests(digests: &[Digest]) -> Vec<String> {
    digests.iter().map(ToString::to_string).collect()
}
