//! From steps to rows. Pure: the same steps make the same rows, whatever batches they come in.

use event::codec::encode;
use event::vocabulary::{Event, Line, LotDeclared};
use event::{LotId, PartyId, SiteId, StreamPosition, Timestamp, VerifiedStatement};
use ledger::{Change, Lot};
use replay::{Step, Verdict};
use serde::Serialize;
use views::{Rows, View};

use crate::rows::{
    Holding, LOTS, LOTS_IN_ORDER, LOTS_OF_CUSTODIAN, LOTS_OF_SITE, LotRow, OfferRow, PARTIES, ROW_VERSION, RowError,
    SEALS, SITES, STEPS, StepRow, What, decode, position_key, step_key,
};

/// Lots and what happened to them, as rows. A refused record changes none of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustodyView;

impl View for CustodyView {
    type Error = RowError;

    const SERVICE: &'static str = "custody";
    const ROW_VERSION: u32 = ROW_VERSION;

    fn fold(&mut self, step: &Step, rows: &mut Rows) -> Result<(), RowError> {
        let (Verdict::Admitted(changes), Some(statement), Some(admitted_at)) =
            (&step.verdict, &step.statement, step.admitted_at)
        else {
            return Ok(());
        };
        name(rows, statement);
        for change in changes {
            match change {
                Change::Lot(id, lot) => moved(
                    rows,
                    *id,
                    lot,
                    &Said {
                        statement,
                        position: step.position,
                        admitted_at,
                    },
                )?,
                Change::Seal(seal, lot) => put(rows, SEALS, seal.as_str().as_bytes(), lot),
                _ => {}
            }
        }
        Ok(())
    }
}

/// An admitted statement and where it stands.
struct Said<'a> {
    statement: &'a VerifiedStatement,
    position: StreamPosition,
    admitted_at: Timestamp,
}

fn name(rows: &mut Rows, statement: &VerifiedStatement) {
    let party = |rows: &mut Rows, name: &Line| put(rows, PARTIES, PartyId::derive(statement.id(), 0).as_bytes(), name);
    match statement.event() {
        Event::DeploymentFounded(event) => party(rows, &event.scheme.name),
        Event::PartyEnrolled(profile) => party(rows, &profile.name),
        Event::SiteRegistered(event) => put(rows, SITES, SiteId::derive(statement.id(), 0).as_bytes(), &event.name),
        _ => {}
    }
}

/// The ledger says how the lot stands; the statement says what happened.
fn moved(rows: &mut Rows, id: LotId, lot: &Lot, said: &Said<'_>) -> Result<(), RowError> {
    let known = rows
        .get(LOTS, id.as_bytes())
        .map(|bytes| decode::<LotRow>(LOTS, &bytes))
        .transpose()?;
    let before = known.as_ref().map(|row| row.now);
    let now = Holding {
        since: said.position,
        latest: lot.latest,
        custodian: lot.custodian,
        gross_mass: lot.gross_mass,
        offer: lot.offer.map(|offer| offer_row(offer, before, said)),
        retired: lot.retired,
    };
    let row = match (known, said.statement.event()) {
        (Some(row), _) => LotRow { now, ..row },
        (None, Event::LotDeclared(event)) => declared(rows, id, event, now),
        (None, _) => return Err(RowError::Missing { table: LOTS }),
    };
    if before.is_none_or(|before| before.custodian != now.custodian) {
        put(
            rows,
            LOTS_OF_CUSTODIAN,
            &step_key(now.custodian.as_bytes(), row.declared_at),
            &id,
        );
    }
    put(rows, LOTS, id.as_bytes(), &row);
    put(
        rows,
        STEPS,
        &step_key(id.as_bytes(), said.position),
        &step_row(said, before, now),
    );
    Ok(())
}

fn declared(rows: &mut Rows, id: LotId, event: &LotDeclared, now: Holding) -> LotRow {
    put(rows, LOTS_IN_ORDER, &position_key(now.since), &id);
    put(rows, LOTS_OF_SITE, &step_key(event.site.as_bytes(), now.since), &id);
    LotRow {
        declared_at: now.since,
        declared_by: now.custodian,
        declared: event.clone(),
        now,
    }
}

/// An offer that was open before was made before.
fn offer_row(offer: ledger::Offer, before: Option<Holding>, said: &Said<'_>) -> OfferRow {
    let open = before
        .and_then(|before| before.offer)
        .filter(|open| open.position == offer.position);
    open.unwrap_or(OfferRow {
        to: offer.to,
        position: offer.position,
        admitted_at: said.admitted_at,
    })
}

fn step_row(said: &Said<'_>, before: Option<Holding>, after: Holding) -> StepRow {
    StepRow {
        event: said.statement.event().kind().name().to_owned(),
        key: said.statement.key(),
        stated_at: said.statement.stated_at(),
        admitted_at: said.admitted_at,
        what: what(said.statement, before),
        after,
    }
}

fn what(statement: &VerifiedStatement, before: Option<Holding>) -> What {
    let from = before.map(|before| before.custodian);
    let signer = Some(statement.party());
    match statement.event() {
        Event::LotDeclared(event) => What {
            to: signer,
            gross_mass: Some(event.gross_mass),
            ..What::default()
        },
        Event::CustodyOffered(event) => What {
            from,
            to: Some(event.to),
            ..What::default()
        },
        Event::CustodyAccepted(event) => What {
            from,
            to: signer,
            gross_mass: Some(event.gross_mass),
            seals: Some(event.seals),
            reason: None,
        },
        Event::CustodyDeclined(event) => What {
            from,
            to: signer,
            reason: Some(event.reason.clone()),
            ..What::default()
        },
        Event::OfferWithdrawn(_) => {
            let offer = before.and_then(|before| before.offer);
            What {
                from,
                to: offer.map(|offer| offer.to),
                ..What::default()
            }
        }
        Event::LotRetired(event) => What {
            from,
            reason: Some(event.reason.clone()),
            ..What::default()
        },
        // No other event moves a lot.
        _ => What::default(),
    }
}

fn put(rows: &mut Rows, table: &'static str, key: &[u8], row: &impl Serialize) {
    rows.put(table, key, encode(row));
}
