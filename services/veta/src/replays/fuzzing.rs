//! What a replay noted, and the entries of a log, in which anything may lie. Compiled for fuzz targets only, by `--cfg fuzzing`.

use std::collections::BTreeMap;

use bytes::Bytes;
use tlog::map::Map;
use tlog::{Hash, Origin, TreeHead};

use super::course::{Course, Given, Mark, Plan};
use super::kept::Earlier;

/// What a replay of entries came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The tree that the records lead to.
    pub derived: TreeHead,
    /// The tree of what was given.
    pub given: TreeHead,
    /// Whether the entries given are those that the records lead to.
    pub intact: bool,
    /// How many findings there are, by the names of their kinds.
    pub findings: BTreeMap<String, u64>,
}

/// A note that a replay of the log with this name is at this tree, as it is written down.
#[must_use]
pub fn noted(origin: &Origin, head: TreeHead, map_root: Hash, findings: BTreeMap<String, u64>) -> Vec<u8> {
    let mark = Mark {
        head,
        map_root,
        ledger: None,
        findings,
    };
    Earlier::of(origin, &mark).to_bytes()
}

/// A note that was read, as it would be written down; none where it is passed over.
#[must_use]
pub fn noted_again(text: &[u8], origin: &Origin) -> Option<Vec<u8>> {
    Earlier::parse(text, origin).map(|earlier| earlier.to_bytes())
}

/// Decides entries again.
///
/// # Panics
/// If a replay in memory does not come to its end, whatever the entries are.
#[must_use]
pub fn decided(origin: &Origin, leaves: &[Vec<u8>]) -> Decided {
    let mut course = Course::begin(origin, Map::in_memory(), Plan::default());
    let given = leaves.iter().map(|leaf| Given::Leaf(Bytes::copy_from_slice(leaf)));
    course.take(given.collect()).expect("memory does not fail");
    let outcome = course.end().expect("memory does not fail");
    Decided {
        derived: outcome.end.head,
        given: outcome.given,
        intact: outcome.intact,
        findings: outcome.end.findings,
    }
}
