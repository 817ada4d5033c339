//! Entries decided again, one after the other, and what is seen on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use bytes::Bytes;
use event::{DeploymentId, PublicKey, VerifiedStatement};
use ledger::LedgerDigest;
use replay::{Checked, Replica, Step, Verdict, check};
use service::parallel::map_all_while;
use tlog::leaf::genesis_prev;
use tlog::map::Map;
use tlog::tree::{Frontier, leaf_hash};
use tlog::{Hash, Leaf, Origin, TreeHead, TreeSize};

use super::difference::differences;
use super::finding::{Findings, Kind};
use super::tally::Tally;
use crate::trouble::{Done, Trouble};

/// From here on a key's numbers are those of a clock, as `veta` takes them, and not a count that could show what is missing: the
/// seconds since 1970 have been more since 2001.
const CLOCK_NUMBER_MIN: u64 = 1_000_000_000;

/// What is given to be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// An entry of the log.
    Leaf(Bytes),
    /// A record of the stream, which has no entry yet.
    Record(Bytes),
}

/// A replay under way. It holds the ledger, the edge of the tree, the last number of each key, and findings up to a limit; the
/// map holds itself to a limit.
#[derive(Debug)]
pub(super) struct Course {
    replica: Replica,
    /// Checked, and not decided yet.
    ahead: Vec<Entry>,
    /// The tree that the records lead to.
    derived: Frontier,
    /// The tree of what was given.
    given: Frontier,
    /// Its head where deciding stopped, once it has.
    decided: Option<TreeHead>,
    /// The hash of what was given last.
    last: Hash,
    findings: Findings,
    /// The highest number under which each key is seen in the log.
    numbers: BTreeMap<PublicKey, u64>,
    /// Whether every entry given is the one that the records lead to.
    intact: bool,
    plan: Plan,
    marks: BTreeMap<TreeSize, Mark>,
    tally: Tally,
}

/// How far is decided, and where is stopped to look.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// Up to here; entries that follow are hashed only. The end, if none is named.
    pub(super) until: Option<TreeSize>,
    /// Where the state is marked, with the ledger's digest.
    pub(super) marks: BTreeSet<TreeSize>,
    /// Where the trees are marked, without the ledger's digest: it costs a pass over the whole ledger.
    pub(super) light_marks: BTreeSet<TreeSize>,
    /// Between which places it is counted what happens.
    pub(super) between: Option<(TreeSize, TreeSize)>,
}

/// The state after as many entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The tree that the records lead to.
    pub(super) head: TreeHead,
    /// The map's root.
    pub(super) map_root: Hash,
    /// The ledger, where it was asked for.
    pub(super) ledger: Option<LedgerDigest>,
    /// Findings so far, by the names of their kinds.
    pub(super) findings: BTreeMap<String, u64>,
}

/// What a replay came to.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The state at its end.
    pub(super) end: Mark,
    /// The tree of what was given, as far as it was decided.
    pub(super) decided: TreeHead,
    /// The tree of all that was given.
    pub(super) given: TreeHead,
    /// Whether every entry decided was the one that the records lead to.
    pub(super) intact: bool,
    /// What an auditor should look at.
    pub(super) findings: Findings,
    /// The marks of its plan that it came by.
    pub(super) marks: BTreeMap<TreeSize, Mark>,
    /// What happened after the place where counting began.
    pub(super) tally: Tally,
}

/// What was given, and what its record says by itself.
#[derive(Debug)]
struct Entry {
    given: Given,
    checked: Checked,
}

impl Course {
    /// Before the first entry of the log with this name. `map` holds the verifiable map.
    #[must_use]
    pub(super) fn begin(origin: &Origin, map: Map, plan: Plan) -> Self {
        let mut course = Self {
            replica: Replica::with_log_on(origin, map),
            ahead: Vec::new(),
            derived: Frontier::new(),
            given: Frontier::new(),
            decided: None,
            last: genesis_prev(origin),
            findings: Findings::default(),
            numbers: BTreeMap::new(),
            intact: true,
            plan,
            marks: BTreeMap::new(),
            tally: Tally::default(),
        };
        course.mark_if_planned();
        course
    }

    /// How many entries were taken.
    #[must_use]
    pub(super) fn taken(&self) -> TreeSize {
        TreeSize::new(self.given.size().get() + self.ahead.len() as u64)
    }

    /// Whether all was decided that is to be.
    #[must_use]
    pub(super) fn is_done(&self) -> bool {
        self.plan.until.is_some_and(|until| until <= self.taken())
    }

    /// The trees as far as was decided.
    #[must_use]
    pub(super) fn so_far(&self) -> Mark {
        self.mark(false)
    }

    /// Takes what follows: it is checked on all cores, while what came before it is decided.
    pub(super) fn take(&mut self, mut given: Vec<Given>) -> Done {
        let rest = given.split_off(self.to_decide(given.len()));
        self.decide_all(given)?;
        if rest.is_empty() {
            return Ok(());
        }
        self.catch_up()?;
        self.decided.get_or_insert(self.given.head());
        for given in rest {
            match given {
                Given::Leaf(leaf) => self.given.push(leaf_hash(&leaf)),
                Given::Record(_) => return Err(Trouble::failed("records beyond the end were not asked for")),
            }
        }
        Ok(())
    }

    /// Adds something that the source of the entries has shown, at its present end.
    pub(super) fn find_at_end(&mut self, kind: Kind, what: &str) -> Done {
        self.catch_up()?;
        self.intact = false;
        self.findings.find(self.given.size().get(), kind, what);
        Ok(())
    }

    /// Decides what is left, and says what it came to.
    pub(super) fn end(mut self) -> Done<Outcome> {
        self.catch_up()?;
        Ok(Outcome {
            end: self.mark(true),
            decided: self.decided.unwrap_or(self.given.head()),
            given: self.given.head(),
            intact: self.intact,
            findings: self.findings,
            marks: self.marks,
            tally: self.tally,
        })
    }

    /// How many of so many more are decided.
    fn to_decide(&self, more: usize) -> usize {
        let Some(until) = self.plan.until else { return more };
        let left = until.get().saturating_sub(self.taken().get());
        usize::try_from(left).map_or(more, |left| left.min(more))
    }

    fn decide_all(&mut self, given: Vec<Given>) -> Done {
        let mut given = given.into_iter();
        // What is signed for a deployment cannot be checked before that is founded.
        while self.replica.deployment().is_none() {
            let Some(next) = given.next() else { return Ok(()) };
            self.decide(Entry::check(None, next))?;
        }
        let (deployment, before) = (self.replica.deployment(), mem::take(&mut self.ahead));
        let check_next = |given| Entry::check(deployment, given);
        let decide_before = || before.into_iter().try_for_each(|entry| self.decide(entry));
        let (ahead, decided) = map_all_while(given.collect(), check_next, decide_before);
        self.ahead = ahead;
        decided
    }

    fn catch_up(&mut self) -> Done {
        let ahead = mem::take(&mut self.ahead);
        ahead.into_iter().try_for_each(|entry| self.decide(entry))
    }

    /// Decides an entry again, and compares what the rules make of its record with what the log says.
    fn decide(&mut self, Entry { given, checked }: Entry) -> Done {
        let index = self.derived.size().get();
        let step = self.replica.step(checked);
        let leaf = step.logged().map_err(Trouble::at("the map cannot be held"))?;
        self.derived.push(leaf.hash);
        let last = match &given {
            // After a wrong entry, a right one may still not follow it.
            Given::Leaf(logged) if *logged != leaf.bytes || !self.intact => {
                self.intact = false;
                for (kind, what) in differences(logged, &leaf.bytes, &self.last) {
                    self.findings.find(index, kind, what);
                }
                leaf_hash(logged)
            }
            _ => leaf.hash,
        };
        self.given.push(last);
        self.last = last;
        self.look_at(index, &step);
        let counted = |(from, to): (TreeSize, TreeSize)| (from.get()..to.get()).contains(&index);
        if self.plan.between.is_some_and(counted) {
            self.tally.count(&step);
        }
        self.mark_if_planned();
        Ok(())
    }

    /// What the statement itself shows.
    fn look_at(&mut self, index: u64, step: &Step) {
        let by = step.statement.as_ref().map(VerifiedStatement::key);
        if let Verdict::Refused(refusal) = step.verdict {
            let by = by.map(|key| format!(" (signed by {key})")).unwrap_or_default();
            let what = format!("{} {refusal}{by}", refusal.code());
            self.findings.find(index, Kind::of(refusal), what);
        }
        let Some(statement) = &step.statement else { return };
        let (number, key) = (statement.number(), statement.key());
        let seen = self.numbers.entry(key).or_default();
        let before = mem::replace(seen, number.max(*seen));
        if step.verdict.code() != 0 {
            return;
        }
        if before.saturating_add(1) < number && number < CLOCK_NUMBER_MIN {
            let what = format!(
                "its key {key} counts and goes from number {before} to {number}: what was signed under those between, if anything, is not in the log"
            );
            self.findings.find(index, Kind::Gap, what);
        }
        let admitted_at = step.admitted_at.unwrap_or_else(|| statement.stated_at());
        let ahead_ms = statement.stated_at().unix_ms().saturating_sub(admitted_at.unix_ms());
        if 0 < ahead_ms {
            let what = format!("stated {ahead_ms} ms after it was admitted, by the clock of its signer {key}");
            self.findings.find(index, Kind::Clock, what);
        }
    }

    fn mark_if_planned(&mut self) {
        let size = self.derived.size();
        if self.plan.marks.contains(&size) {
            self.marks.insert(size, self.mark(true));
        } else if self.plan.light_marks.contains(&size) {
            self.marks.insert(size, self.mark(false));
        }
    }

    fn mark(&self, with_ledger: bool) -> Mark {
        Mark {
            head: self.derived.head(),
            map_root: self.replica.map_root().expect("this replica keeps a log"),
            ledger: with_ledger.then(|| self.replica.ledger().digest()),
            findings: self.findings.counts(),
        }
    }
}

impl Entry {
    fn check(deployment: Option<DeploymentId>, given: Given) -> Self {
        let record = match &given {
            Given::Record(record) => record.clone(),
            // What is no entry holds no record either; an empty one is refused as malformed.
            Given::Leaf(leaf) => Leaf::parse(leaf)
                .map(|read| leaf.slice_ref(read.record))
                .unwrap_or_default(),
        };
        let checked = check(deployment, record);
        Self { given, checked }
    }
}
