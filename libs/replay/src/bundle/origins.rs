//! Where the gold in the bundle's lots comes from, by what the ledger says of each transformation.

use std::collections::{BTreeMap, BTreeSet};

use event::{LotId, Mass, PartyId, SiteId};
use ledger::origin::{Part, divided, of_output, pooled};
use ledger::{Change, Flow};

/// Where gold comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ComesFrom {
    /// Dug at a site by its operator, or by whom it lets dig there.
    Dug {
        /// Where.
        site: SiteId,
        /// By whom it was declared.
        by: PartyId,
    },
    /// From what a lot was made of that lies below the bundle's depth.
    Below {
        /// The lot that was made of it.
        made: LotId,
    },
}

/// How each lot came to be.
#[derive(Default)]
pub(super) struct Origins {
    births: BTreeMap<LotId, Birth>,
    pools: Vec<Pool>,
}

#[derive(Clone, Copy)]
enum Birth {
    Of(ComesFrom),
    /// As an output, at a place, of what was pooled.
    Made {
        pool: usize,
        place: usize,
    },
}

struct Pool {
    inputs: Vec<LotId>,
    parts: Vec<Part<ComesFrom>>,
    golds: Vec<Mass>,
}

impl Origins {
    /// Takes up what an admitted statement changed.
    pub(super) fn fold(&mut self, changes: &[Change]) {
        for change in changes {
            if let Change::Flow(flow) = change {
                self.flow(flow);
            }
        }
        for change in changes {
            if let Change::Lot(lot, state) = change
                && let Some(site) = state.site
            {
                let dug = ComesFrom::Dug { site, by: state.by };
                self.births.entry(*lot).or_insert(Birth::Of(dug));
            }
        }
    }

    /// Takes up lots that were made of others which are not known.
    pub(super) fn take(&mut self, changes: &[Change]) {
        for change in changes {
            if let Change::Lot(made, _) = change {
                self.births.insert(*made, Birth::Of(ComesFrom::Below { made: *made }));
            }
        }
    }

    /// Where so much gold in a lot comes from, in the order of the origins.
    pub(super) fn of(&self, lot: LotId, gold: Mass) -> Vec<Part<ComesFrom>> {
        match self.births.get(&lot) {
            None => Vec::new(),
            Some(Birth::Of(origin)) => vec![Part {
                of: *origin,
                fine: gold,
            }],
            Some(Birth::Made { pool, place }) => {
                let pool = &self.pools[*pool];
                of_output(&pool.parts, &pool.golds, *place, gold)
            }
        }
    }

    /// A lot and what it was made of, as far as that is known.
    pub(super) fn lineage(&self, lot: LotId) -> BTreeSet<LotId> {
        let mut lineage = BTreeSet::from([lot]);
        let mut open = vec![lot];
        while let Some(lot) = open.pop() {
            let Some(Birth::Made { pool, .. }) = self.births.get(&lot) else {
                continue;
            };
            let inputs = self.pools[*pool].inputs.iter().copied();
            open.extend(inputs.filter(|input| lineage.insert(*input)));
        }
        lineage
    }

    fn flow(&mut self, flow: &Flow) {
        let inputs = flow.inputs.iter().map(|(lot, gold)| self.of(*lot, *gold));
        let parts = pooled(inputs);
        let went_in = flow.inputs.iter().map(|(_, gold)| *gold).sum();
        let outputs = flow.outputs.iter().map(|(_, gold)| *gold);
        for (place, (lot, _)) in flow.outputs.iter().enumerate() {
            let pool = self.pools.len();
            self.births.insert(*lot, Birth::Made { pool, place });
        }
        self.pools.push(Pool {
            inputs: flow.inputs.iter().map(|(lot, _)| *lot).collect(),
            parts,
            golds: divided(went_in, outputs, flow.lost),
        });
    }
}
