//! In what an entry of the log is not what the records lead to.

use ledger::Refusal;
use tlog::{Hash, Leaf};

use super::finding::Kind;

/// What is wrong with an entry as it was given, seen beside the one that the records up to it lead to. `before` is the hash of the
/// entry that was given before it: one wrong entry makes the chain differ for ever, and is told once.
pub(super) fn differences(given: &[u8], derived: &[u8], before: &Hash) -> Vec<(Kind, String)> {
    let Ok(given) = Leaf::parse(given) else {
        return vec![(Kind::Fork, "no entry of this log's version, or cut off".to_owned())];
    };
    let derived = Leaf::parse(derived).expect("it was written by the same crate");
    let mut found = Vec::new();
    if given.prev != *before {
        let what = "it does not follow the entry before it: the chain is broken";
        found.push((Kind::Fork, what.to_owned()));
    }
    match (given.verdict, derived.verdict) {
        (logged, decided) if logged == decided => {}
        (0, decided) => {
            let what = format!("logged as admitted, and the rules refuse it: {}", in_words(decided));
            found.push((Kind::OutOfRule, what));
        }
        (logged, 0) => {
            let what = format!("logged as refused, and the rules admit it: {}", in_words(logged));
            found.push((Kind::Fork, what));
        }
        (logged, decided) => {
            let what = format!("logged as refused by {logged}, and the rules say {}", in_words(decided));
            found.push((Kind::Fork, what));
        }
    }
    if given.map_root != derived.map_root {
        let what = "its map is not the one that the statements up to it lead to";
        found.push((Kind::Fork, what.to_owned()));
    }
    if given.record != derived.record {
        found.push((
            Kind::Fork,
            "its record is longer than the one that is hashed".to_owned(),
        ));
    }
    found
}

/// A refusal's number, and what it means.
fn in_words(code: u16) -> String {
    match Refusal::from_code(code) {
        Some(refusal) => format!("{code} {refusal}"),
        None => format!("{code}, which no refusal of this version has"),
    }
}
