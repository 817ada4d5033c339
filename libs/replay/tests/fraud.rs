//! The patterns of fraud that only a log can meet, under their numbers in the documentation of `ledger::flag`.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use bytes::Bytes;
use event::SignedStatement;
use event::vocabulary::PartyKind;
use replay::{Replica, check};
use tests::world::{World, record};
use tlog::tree::{Frontier, NodeReader, TreeHead, leaf_hash, node_hash, prove_consistency};
use tlog::{Hash, Origin, TreeSize};

/// Leaves of a log, in memory.
#[derive(Clone)]
struct Leaves(Vec<Vec<u8>>);

impl Leaves {
    fn of(statements: &[SignedStatement]) -> Self {
        let mut replica = Replica::with_log(&Origin::new("veta.test/log").unwrap());
        let leaf = |statement: &SignedStatement| {
            let checked = check(replica.deployment(), Bytes::from(record(statement)));
            let step = replica.step(checked);
            assert_eq!(step.verdict.code(), 0);
            step.leaf.unwrap().unwrap().bytes
        };
        Self(statements.iter().map(leaf).collect())
    }

    fn head(&self, size: usize) -> TreeHead {
        let mut tree = Frontier::new();
        for leaf in &self.0[..size] {
            tree.push(leaf_hash(leaf));
        }
        tree.head()
    }

    /// Whether this log can prove that `old` was its head.
    fn continues(&self, old: &TreeHead) -> bool {
        let new = self.head(self.0.len());
        let proof = prove_consistency(old.size, TreeSize::new(self.0.len() as u64), self).unwrap();
        proof.verify(old, &new).is_ok()
    }
}

impl NodeReader for Leaves {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        if level == 0 {
            return self.0.get(usize::try_from(index).ok()?).map(|leaf| leaf_hash(leaf));
        }
        let (left, right) = (self.node(level - 1, 2 * index)?, self.node(level - 1, 2 * index + 1)?);
        Some(node_hash(&left, &right))
    }
}

/// Miners who declare lots and sell the last of them; the sale is the last statement but one.
fn history() -> Vec<SignedStatement> {
    let (mut world, founded) = World::found(1);
    let (mut miner, enrolled) = world.enrol(PartyKind::MinersOrganization, "Miners");
    let (trader, also) = world.enrol(PartyKind::Trader, "Trader");
    let (site, registered) = world.site(&miner, "Hill");
    let mut history = vec![founded];
    history.extend(enrolled);
    history.extend(also);
    history.push(registered);
    let lots: Vec<_> = (0..9)
        .map(|grams| world.declare(&mut miner, site, 20 + grams))
        .collect();
    let (lot, declared) = lots.last().unwrap().clone();
    history.extend(lots.into_iter().map(|(_, statement)| statement));
    history.push(world.offer(&mut miner, lot, world.id(&declared), &trader));
    history.push(world.declare(&mut miner, site, 50).1);
    history
}

/// Whoever keeps a head that the log once signed sees that history was changed behind it, whichever leaf it was.
#[test]
fn fraud_22_the_operator_edits_history() {
    let honest = Leaves::of(&history());
    let seen = honest.head(honest.0.len() - 1);
    assert!(honest.continues(&seen));
    for place in 0..honest.0.len() - 1 {
        let mut edited = honest.clone();
        *edited.0[place].last_mut().unwrap() ^= 1;
        assert!(!edited.continues(&seen), "leaf {place}");
    }
    // Leaving the sale out, and everything after it as an operator would write it anew.
    let mut without = history();
    without.remove(without.len() - 2);
    let hidden = Leaves::of(&without);
    assert!(!hidden.continues(&seen));
}

/// Two buyers who compare what they were shown see that it is not one history.
#[test]
fn fraud_23_two_histories_for_two_buyers() {
    let shown_to_one = history();
    let mut shown_to_other = history();
    shown_to_other.swap_remove(shown_to_one.len() - 2);
    let (one, other) = (Leaves::of(&shown_to_one), Leaves::of(&shown_to_other));
    let common = other.0.len() - 1;
    assert!(one.continues(&other.head(common)), "up to there it is the same");
    assert!(!one.continues(&other.head(other.0.len())));
    assert_ne!(one.head(other.0.len()), other.head(other.0.len()));
}
