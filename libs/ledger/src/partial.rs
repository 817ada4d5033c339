//! What whoever sees only a part of a history takes over on the word of who sees the whole. No service does: it has the whole.
//!
//! A proof of a lot may end at a stated depth: what the lot was made of is known, and what that was made of is not.

use event::vocabulary::Event;
use event::{LotId, PartyId, Timestamp, VerifiedStatement};

use crate::lot::Lot;
use crate::rules::Said;
use crate::state::{Change, Key, Ledger};
use crate::transform;

impl Ledger {
    /// Takes over what came out of a transformation that was admitted and whose inputs are not known here, or not all about them:
    /// where it was dug and whether it left a country before are not known then, how much gold it can hold at most is not
    /// limited by what went in, and its owner is supposed to be who made it, where none of them is known.
    ///
    /// Nothing, where the statement is no transformation of anything or is signed by nobody who is known here.
    pub fn take_transformed(&mut self, statement: &VerifiedStatement, admitted_at: Timestamp) -> Vec<Change> {
        let Event::LotsTransformed(event) = statement.event() else {
            return Vec::new();
        };
        if event.inputs.is_empty() {
            return Vec::new();
        }
        let (Some(key), Some(party)) = (self.key(&statement.key()).copied(), self.party(&statement.party())) else {
            return Vec::new();
        };
        let said = Said::new(self, statement, (&key, party), admitted_at);
        let numbered = Key {
            number: statement.number(),
            ..key
        };
        let mut changes = vec![Change::Key(statement.key(), numbered)];
        changes.extend(transform::transformed_unseen(self, &said, event));
        for change in &changes {
            self.change(change);
        }
        self.head.position = said.position;
        self.head.clock = admitted_at;
        changes
    }

    /// Takes over whose a lot is that was taken over itself. Nothing, where there is no such lot.
    pub fn take_owner(&mut self, lot: LotId, owner: PartyId) {
        if let Some(known) = self.lot(&lot).copied() {
            self.change(&Change::Lot(lot, Box::new(Lot { owner, ..known })));
        }
    }
}
