//! A lot with its path and what stands beside it.

use std::ops::Bound;

use event::vocabulary::Event;
use event::{LotId, StreamPosition};
use rpc::Page;
use rpc::custody::{
    Assay, AssayPurpose, FinenessMethod, GetLotResponse, LotMade, LotQuery, LotStep, NamedLot, SealOnLot,
    TransformationKind,
};
use rpc::limits::{ASSAYS_SHOWN_MAX, FLAGS_SHOWN_MAX, HOLDS_SHOWN_MAX, SEALS_SHOWN_MAX};

use super::{Result, message, next_page, passed_position, steps};
use crate::lineage::Source;
use crate::reading::{KnownLot, ReadError, Reading, Within};
use crate::rows::{
    ASSAYS, FLAGS, FlagRow, STEPS, StepRow, TRANSFORMATIONS, TransformationRow, decode, position_key, position_of,
    unreadable,
};

pub(crate) fn lot(reading: &mut Reading<'_>, query: &LotQuery) -> Result<GetLotResponse> {
    let (id, name) = match &query.lot {
        NamedLot::Id(id) => (Some(*id), format!("lot {id}")),
        NamedLot::Seal(seal) => (reading.lot_of(seal)?, format!("a lot with the seal {seal}")),
    };
    let known = id.map(|id| reading.lot(id)).transpose()?.flatten();
    let known = known.ok_or(ReadError::NotFound(name))?;
    let (path, next_page_token) = path(reading, known.id, &query.page)?;
    let mut response = GetLotResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        lot: Some(message::lot(reading, &known)?),
        path,
        next_page_token,
        made: made(reading, &known)?,
        ..GetLotResponse::default()
    };
    add_seals(reading, known.id, &mut response)?;
    (response.flags, response.more_flags) = flags(reading, known.id)?;
    (response.holds, response.more_holds) = message::holds(reading, known.id, HOLDS_SHOWN_MAX)?;
    (response.assays, response.more_assays) = assays(reading, known.id)?;
    Ok(response)
}

/// One page of a lot's path, and the token of the next.
fn path(reading: &mut Reading<'_>, id: LotId, page: &Page) -> Result<(Vec<LotStep>, String)> {
    let within = Within {
        table: STEPS,
        prefix: id.as_bytes(),
    };
    let mut passed = position_key(passed_position(page)?.unwrap_or_default());
    let mut room = page.room();
    let mut path = Vec::new();
    let to = position_key(reading.at());
    for (key, row) in reading.between(within, Bound::Excluded(&passed), &to, page.size)? {
        let row: StepRow = decode(STEPS, &row)?;
        let step = steps::step(reading, &row)?;
        if !room.take(&step) {
            break;
        }
        path.push(step);
        passed = key.try_into().map_err(|_| unreadable(STEPS))?;
    }
    let rest = reading.between(within, Bound::Excluded(&passed), &to, 1)?;
    Ok((path, next_page(reading, !rest.is_empty(), &passed)))
}

fn made(reading: &mut Reading<'_>, known: &KnownLot) -> Result<Option<LotMade>> {
    if !known.birth.is_made {
        return Ok(None);
    }
    let position = known.birth.position;
    let row: TransformationRow = reading.named(TRANSFORMATIONS, &position_key(position))?;
    Ok(Some(LotMade {
        position: position.get(),
        statement_id: row.statement.to_string(),
        how: TransformationKind::from(row.how).into(),
        inputs: row.inputs.into(),
        outputs: u32::try_from(row.outputs.len()).unwrap_or(u32::MAX),
        melt: row.melt.map(|melt| melt.to_string()).unwrap_or_default(),
    }))
}

fn add_seals(reading: &mut Reading<'_>, id: LotId, response: &mut GetLotResponse) -> Result<()> {
    let mut seals = message::seals(reading, id, SEALS_SHOWN_MAX + 1)?;
    response.more_seals = SEALS_SHOWN_MAX < seals.len();
    seals.truncate(SEALS_SHOWN_MAX);
    let seals = seals.into_iter().map(|(number, taken, since, state)| SealOnLot {
        number,
        r#use: state.into(),
        since_position: since.get(),
        taken_position: taken.get(),
    });
    response.seals = seals.collect();
    Ok(())
}

fn flags(reading: &Reading<'_>, id: LotId) -> Result<(Vec<rpc::custody::FlagOnLot>, bool)> {
    let within = Within {
        table: FLAGS,
        prefix: id.as_bytes(),
    };
    let mut rows = reading.newest(within, FLAGS_SHOWN_MAX + 1)?;
    let has_more = FLAGS_SHOWN_MAX < rows.len();
    rows.truncate(FLAGS_SHOWN_MAX);
    let mut flags = Vec::new();
    for (_, row) in rows {
        let row: FlagRow = decode(FLAGS, &row)?;
        flags.push(message::flag(&row));
    }
    Ok((flags, has_more))
}

/// The newest assays first. What is replaced was replaced by a newer one.
fn assays(reading: &mut Reading<'_>, id: LotId) -> Result<(Vec<Assay>, bool)> {
    let within = Within {
        table: ASSAYS,
        prefix: id.as_bytes(),
    };
    let mut rows = reading.newest(within, ASSAYS_SHOWN_MAX + 1)?;
    let has_more = ASSAYS_SHOWN_MAX < rows.len();
    rows.truncate(ASSAYS_SHOWN_MAX);
    let mut replaced = Vec::new();
    let mut assays = Vec::new();
    for (key, _) in rows {
        let position = position_of(ASSAYS, &key)?;
        let mut assay = assay(reading, position)?;
        assay.is_replaced = replaced.contains(&assay.statement_id);
        replaced.push(assay.replaces_statement_id.clone());
        assays.push(assay);
    }
    Ok((assays, has_more))
}

fn assay(reading: &mut Reading<'_>, position: StreamPosition) -> Result<Assay> {
    let statement = reading.statement(position)?;
    let Event::LotAssayed(event) = &statement.event else {
        return Err(unreadable(ASSAYS).into());
    };
    let text = |text: &Option<event::vocabulary::ShortText>| text.as_ref().map(ToString::to_string).unwrap_or_default();
    Ok(Assay {
        by: Some(reading.party_name(statement.by)?),
        method: FinenessMethod::from(event.method).into(),
        gold_ppm: event.gold.ppm(),
        silver_ppm: event.silver.map(event::Fineness::ppm),
        uncertainty_ppm: event.uncertainty_ppm,
        purpose: AssayPurpose::from(event.purpose).into(),
        sample: text(&event.sample),
        melt: text(&event.melt),
        replaces_statement_id: event.replaces.map(|id| id.to_string()).unwrap_or_default(),
        is_replaced: false,
        statement_id: statement.id.to_string(),
        position: position.get(),
        admitted_at_unix_ms: statement.admitted_at.unix_ms(),
    })
}
