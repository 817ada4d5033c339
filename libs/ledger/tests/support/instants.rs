//! Standings change by time alone at the instants that the ledger names, and at no others.

use event::{PartyId, Timestamp};
use ledger::Ledger;
use ledger::standing::{Basis, Derived};

/// Instants between two neighbours that are looked at, beside their ends.
const BETWEEN: i64 = 3;

/// From the ledger's own time on, walks from one named instant to the next: what follows just before each is what
/// followed from the one before it on, and after the last nothing changes any more. Gives the instants.
#[track_caller]
pub(crate) fn next_changes_are_exact(ledger: &Ledger, organization: PartyId) -> Vec<Timestamp> {
    let basis = ledger.basis(organization);
    let mut from = ledger.clock();
    let mut instants = Vec::new();
    while let Some(next) = basis.next_change(from) {
        assert!(from < next, "time goes forward");
        is_the_same(&basis, from, next.plus_ms(-1));
        instants.push(next);
        from = next;
    }
    is_the_same(&basis, from, from.plus_days(u16::MAX));
    instants
}

#[track_caller]
fn is_the_same(basis: &Basis<'_>, from: Timestamp, until: Timestamp) {
    let before: Derived = basis.derive(from);
    let step = (until.unix_ms() - from.unix_ms()) / (BETWEEN + 1);
    let between = (1..=BETWEEN).map(|place| from.plus_ms(place * step));
    for at in between.chain([until]) {
        assert_eq!(basis.derive(at), before, "between {from} and {until}, at {at}");
    }
}
