//! What was promised for each statement in the stream.

use std::collections::BTreeMap;
#[expect(
    clippy::disallowed_types,
    reason = "looked up by key and never iterated; half the memory of an ordered map"
)]
use std::collections::HashMap;

use event::{StatementId, StreamPosition, Timestamp};
use replay::{Step, Verdict};

/// The promise that a statement stands in the stream for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// Where it stands.
    pub(crate) position: StreamPosition,
    /// Which statement.
    pub(crate) statement: StatementId,
    /// When it was admitted.
    pub(crate) admitted_at: Timestamp,
}

/// Every admitted statement's receipt; about 64 bytes each.
#[derive(Debug, Default)]
pub(crate) struct Receipts {
    #[expect(clippy::disallowed_types, reason = "looked up by key and never iterated")]
    by_statement: HashMap<StatementId, (StreamPosition, Timestamp)>,
}

impl Receipts {
    pub(crate) fn find(&self, statement: &StatementId) -> Option<Receipt> {
        let (position, admitted_at) = *self.by_statement.get(statement)?;
        Some(Receipt {
            position,
            statement: *statement,
            admitted_at,
        })
    }

    /// Takes over what a record of the stream shows. A refused record was promised to nobody.
    pub(crate) fn remember(&mut self, step: &Step) {
        let (Verdict::Admitted(_), Some(statement), Some(admitted_at)) =
            (&step.verdict, &step.statement, step.admitted_at)
        else {
            return;
        };
        self.by_statement.insert(statement.id(), (step.position, admitted_at));
    }

    pub(crate) fn extend(&mut self, receipts: &BTreeMap<StatementId, Receipt>) {
        let entry = |receipt: &Receipt| (receipt.statement, (receipt.position, receipt.admitted_at));
        self.by_statement.extend(receipts.values().map(entry));
    }
}
