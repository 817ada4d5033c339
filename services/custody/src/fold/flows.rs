//! How gold went from lots into others: what each transformation was made of is kept with it, so that no lineage has to be
//! walked to know where gold comes from, who spoke of it and what is flagged.

use std::collections::BTreeMap;

use event::codec::encode;
use event::vocabulary::LotsTransformed;
use event::{Event, LotId, Mass};
use ledger::Flow;
use serde::Serialize;

use super::{Folding, Result};
use crate::lineage::{Pools, Source, count, hear, own_flags, own_signers, pooled_signers, together};
use crate::rows::{
    Birth, FlowRow, INPUTS, LOTS, ORIGINS, ORIGINS_PER_ROW, SIGNERS, SIGNERS_PER_ROW, STEPS, SignerRow, StepRow,
    TRANSFORMATIONS, TransformationRow, birth_key, missing, position_key,
};

impl Folding<'_> {
    pub(super) fn flow(&mut self, flow: &Flow) -> Result<()> {
        let Event::LotsTransformed(event) = self.statement.event() else {
            return Ok(());
        };
        let mut pools = Pools::default();
        let (mut inputs, mut origins) = (Vec::new(), Vec::new());
        let (mut flags, mut signers) = (BTreeMap::new(), BTreeMap::new());
        for (lot, gold) in &flow.inputs {
            let input = self.flown(*lot, *gold)?;
            origins.push(pools.origins(self, *lot, *gold)?);
            count(&mut flags, &own_flags(self, *lot, self.position)?);
            hear(&mut signers, &own_signers(self, *lot, self.position)?);
            if input.birth.is_made {
                let row = &pools.at(self, input.birth.position)?.row;
                count(&mut flags, &row.flags);
                let rows = row.signer_rows;
                hear(&mut signers, &pooled_signers(self, input.birth.position, rows)?);
            }
            inputs.push(input);
        }
        let outputs = flow.outputs.iter().map(|(lot, gold)| self.flown(*lot, *gold));
        let outputs = outputs.collect::<Result<Vec<_>>>()?;
        let signers: Vec<SignerRow> = signers.into_values().collect();
        let row = TransformationRow {
            flags: flags.into_values().collect(),
            origin_rows: self.put_rows(ORIGINS, &together(&origins), ORIGINS_PER_ROW),
            signer_rows: self.put_rows(SIGNERS, &signers, SIGNERS_PER_ROW),
            ..self.transformation(event, flow, outputs)
        };
        self.put(TRANSFORMATIONS, &position_key(self.position), &row);
        self.put(INPUTS, &position_key(self.position), &inputs);
        Ok(())
    }

    fn transformation(&self, event: &LotsTransformed, flow: &Flow, outputs: Vec<FlowRow>) -> TransformationRow {
        TransformationRow {
            statement: self.statement.id(),
            by: self.statement.party(),
            admitted_at: self.admitted_at,
            how: event.how,
            melt: event.melt.clone(),
            inputs: u16::try_from(flow.inputs.len()).expect("a list of few"),
            fine_in: flow.inputs.iter().map(|(_, gold)| *gold).sum(),
            lost_gross: event.lost_gross_mass,
            lost_fine: flow.lost,
            outputs,
            flags: Vec::new(),
            origin_rows: 0,
            signer_rows: 0,
        }
    }

    fn flown(&mut self, lot: LotId, gold: Mass) -> Result<FlowRow> {
        let birth: Birth = self.named(LOTS, lot.as_bytes())?;
        let step: StepRow = self.last(STEPS, lot.as_bytes())?.ok_or(missing(STEPS))?;
        Ok(FlowRow {
            lot,
            birth,
            form: step.after.form,
            gross: step.after.gross_mass,
            fine: gold,
            site: step.after.site,
            by: step.after.by,
        })
    }

    /// Puts a long list into as many rows as it needs.
    fn put_rows<T: Serialize>(&mut self, table: &'static str, list: &[T], per_row: usize) -> u16 {
        let mut rows = 0;
        for some in list.chunks(per_row) {
            self.rows.put(table, &birth_key(self.position, rows), encode(&some));
            rows += 1;
        }
        rows
    }
}
