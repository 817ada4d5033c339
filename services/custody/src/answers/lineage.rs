//! What a lot was made of, and what became of it.
//!
//! A transformation lies behind all it was made of and before all that became of it, so whoever walks in the order of the
//! stream meets each once, by the shortest way last: nothing needs to be remembered but what is still open.

use std::collections::BTreeMap;

use event::{LotId, StreamPosition};
use rpc::custody::{Direction, GetLineageResponse, LineageLot, LineageQuery, LineageStep, LotForm, TransformationKind};

use super::{Result, message, next_page, passed_position};
use crate::lineage::Source;
use crate::reading::{ReadError, Reading};
use crate::rows::{
    Ending, FlowRow, INPUTS, STEPS, Standing, StepRow, TRANSFORMATIONS, TransformationRow, missing, position_key,
};

/// Transformations that are still to be looked at, with their depth.
struct Walk {
    direction: Direction,
    open: BTreeMap<StreamPosition, u32>,
}

impl Walk {
    fn open(&mut self, position: StreamPosition, depth: u32) {
        let known = self.open.entry(position).or_insert(depth);
        *known = depth.min(*known);
    }

    fn next(&mut self) -> Option<(StreamPosition, u32)> {
        match self.direction {
            Direction::Up => self.open.pop_last(),
            Direction::Down => self.open.pop_first(),
        }
    }

    /// Opens what lies behind a transformation.
    fn on(&mut self, reading: &mut Reading<'_>, position: StreamPosition, depth: u32) -> Result<()> {
        match self.direction {
            Direction::Up => {
                let made = inputs(reading, position)?.into_iter().map(|input| input.birth);
                made.filter(|birth| birth.is_made)
                    .for_each(|birth| self.open(birth.position, depth));
            }
            Direction::Down => {
                for output in transformation(reading, position)?.outputs {
                    self.became(&standing(reading, output.lot)?, depth);
                }
            }
        }
        Ok(())
    }

    fn became(&mut self, lot: &Standing, depth: u32) {
        if let Some(end) = lot.end.filter(|end| end.how == Ending::Transformed) {
            self.open(end.position, depth);
        }
    }

    /// Whether a position lies on this page or a later one.
    fn is_behind(&self, position: StreamPosition, passed: Option<StreamPosition>) -> bool {
        passed.is_none_or(|passed| match self.direction {
            Direction::Up => position < passed,
            Direction::Down => passed < position,
        })
    }
}

pub(crate) fn lineage(reading: &mut Reading<'_>, query: &LineageQuery, steps_max: usize) -> Result<GetLineageResponse> {
    let known = reading.asked_lot(query.lot)?;
    let mut walk = Walk {
        direction: query.direction,
        open: BTreeMap::new(),
    };
    match query.direction {
        Direction::Up if known.birth.is_made => walk.open(known.birth.position, 1),
        Direction::Down => walk.became(&known.now, 1),
        Direction::Up => {}
    }
    let mut passed = passed_position(&query.page)?;
    let (mut room, mut steps, mut walked, mut has_more) = (query.page.room(), Vec::new(), 0, false);
    while let Some((position, depth)) = walk.next() {
        walked += 1;
        if steps_max < walked {
            return Err(ReadError::LineageTooLong {
                lot: query.lot,
                steps_max,
            });
        }
        walk.on(reading, position, depth + 1)?;
        if walk.is_behind(position, passed) {
            let step = step(reading, position, depth)?;
            if !room.take(&step) {
                has_more = true;
                break;
            }
            steps.push(step);
            passed = Some(position);
        }
    }
    let key = position_key(passed.unwrap_or_default());
    Ok(GetLineageResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        lot: Some(message::lot(reading, &known)?),
        steps,
        next_page_token: next_page(reading, has_more, &key),
    })
}

fn transformation(reading: &mut Reading<'_>, position: StreamPosition) -> Result<TransformationRow> {
    reading.named(TRANSFORMATIONS, &position_key(position))
}

fn inputs(reading: &mut Reading<'_>, position: StreamPosition) -> Result<Vec<FlowRow>> {
    reading.named(INPUTS, &position_key(position))
}

fn standing(reading: &mut Reading<'_>, lot: LotId) -> Result<Standing> {
    let step: Option<(_, StepRow)> = reading.last_at(STEPS, lot.as_bytes(), reading.at())?;
    let (_, step) = step.ok_or(missing(STEPS))?;
    Ok(step.after)
}

fn step(reading: &mut Reading<'_>, position: StreamPosition, depth: u32) -> Result<LineageStep> {
    let (row, inputs) = (transformation(reading, position)?, inputs(reading, position)?);
    Ok(LineageStep {
        position: position.get(),
        statement_id: row.statement.to_string(),
        how: TransformationKind::from(row.how).into(),
        by: Some(reading.party_name(row.by)?),
        admitted_at_unix_ms: row.admitted_at.unix_ms(),
        depth,
        melt: row.melt.as_ref().map(ToString::to_string).unwrap_or_default(),
        inputs: inputs.iter().map(flown).collect(),
        outputs: row.outputs.iter().map(flown).collect(),
        lost_gross_mass_micrograms: row.lost_gross.micrograms(),
        lost_fine_mass_micrograms: row.lost_fine.micrograms(),
    })
}

fn flown(row: &FlowRow) -> LineageLot {
    LineageLot {
        lot_id: row.lot.to_string(),
        form: LotForm::from(row.form).into(),
        gross_mass_micrograms: row.gross.micrograms(),
        fine_mass_micrograms: row.fine.micrograms(),
        site_id: row.site.map(|site| site.to_string()).unwrap_or_default(),
        by_id: row.by.to_string(),
        known_position: row.birth.position.get(),
        is_made: row.birth.is_made,
    }
}
