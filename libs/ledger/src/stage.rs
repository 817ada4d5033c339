//! A batch tried on top of the ledger: kept or forgotten as a whole.

use core::ops::Deref;

use event::{Timestamp, VerifiedStatement};

use crate::Refusal;
use crate::rules::Admitted;
use crate::state::{Change, Head, Ledger};

/// A ledger with statements on top that are forgotten unless [`Staged::commit`] keeps them.
#[derive(Debug)]
pub struct Staged<'a> {
    ledger: &'a mut Ledger,
    before: Head,
}

impl Ledger {
    /// Begins a batch. Its cost grows with the batch, not with the ledger.
    pub fn stage(&mut self) -> Staged<'_> {
        // A copy of a staged ledger carries the batch it was taken with: that is its own by now.
        self.keep_staged();
        self.staging = true;
        Staged {
            before: self.head,
            ledger: self,
        }
    }
}

impl Staged<'_> {
    /// See [`Ledger::admit`].
    pub fn admit(&self, statement: &VerifiedStatement, admitted_at: Timestamp) -> Result<Admitted, Refusal> {
        self.ledger.admit(statement, admitted_at)
    }

    /// See [`Ledger::apply`].
    pub fn apply(&mut self, admitted: Admitted) -> Vec<Change> {
        self.ledger.apply(admitted)
    }

    /// Keeps the batch: the staged ledger becomes the ledger.
    pub fn commit(mut self) {
        self.ledger.keep_staged();
        self.before = self.ledger.head;
    }
}

impl Deref for Staged<'_> {
    type Target = Ledger;

    fn deref(&self) -> &Ledger {
        self.ledger
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        self.ledger.forget_staged();
        self.ledger.head = self.before;
        self.ledger.staging = false;
    }
}
