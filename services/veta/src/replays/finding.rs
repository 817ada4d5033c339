//! What an auditor should look at.

use std::collections::BTreeMap;

use ledger::Refusal;
use serde_json::{Value, json};

/// Findings of one kind that are shown; the rest are counted.
const SHOWN_MAX: usize = 100;

/// What kind of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The log is not what its records lead to: its chain, its map, its verdicts, or its bytes.
    Fork,
    /// The log has as admitted what the rules refuse.
    OutOfRule,
    /// An earlier replay of the same entries came to another end.
    Earlier,
    /// No record, or no statement of anyone.
    Malformed,
    /// Time goes back, or a statement is of a later time than its admission.
    Clock,
    /// A statement that the rules refuse, and the log says so: somebody wrote it into the stream past `ingest`.
    Refused,
    /// Numbers of a key that are not in the log: what was signed under them, if anything, was never recorded.
    Gap,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// The entry that it is about.
    pub(super) index: u64,
    /// Its kind.
    pub(super) kind: Kind,
    /// In words.
    pub(super) what: String,
}

/// All of them, of which not more are kept than are shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    shown: BTreeMap<Kind, Vec<Finding>>,
    counts: BTreeMap<Kind, u64>,
}

impl Kind {
    /// Its name, for people and programs.
    #[must_use]
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Fork => "fork",
            Self::OutOfRule => "out-of-rule",
            Self::Earlier => "earlier",
            Self::Malformed => "malformed",
            Self::Clock => "clock",
            Self::Refused => "refused",
            Self::Gap => "gap",
        }
    }

    /// Under which kind a refusal falls.
    #[must_use]
    pub(super) const fn of(refusal: Refusal) -> Self {
        match refusal {
            Refusal::ClockWentBack | Refusal::StatedInFuture => Self::Clock,
            _ if refusal.code() < 100 => Self::Malformed,
            _ => Self::Refused,
        }
    }
}

impl Findings {
    /// Adds one.
    pub(super) fn find(&mut self, index: u64, kind: Kind, what: impl Into<String>) {
        *self.counts.entry(kind).or_default() += 1;
        let shown = self.shown.entry(kind).or_default();
        if shown.len() < SHOWN_MAX {
            let what = what.into();
            shown.push(Finding { index, kind, what });
        }
    }

    /// How many there are.
    #[must_use]
    pub(super) fn count(&self) -> u64 {
        self.counts.values().sum()
    }

    /// How many there are of each kind, by name.
    #[must_use]
    pub(super) fn counts(&self) -> BTreeMap<String, u64> {
        self.counts
            .iter()
            .map(|(kind, count)| (kind.name().to_owned(), *count))
            .collect()
    }

    /// Those that are shown, in the order of their entries.
    #[must_use]
    pub(super) fn shown(&self) -> Vec<&Finding> {
        let mut shown: Vec<_> = self.shown.values().flatten().collect();
        shown.sort_by_key(|finding| (finding.index, finding.kind));
        shown
    }

    /// Those that are shown, for programs.
    #[must_use]
    pub(super) fn to_json(&self) -> Value {
        self.shown()
            .into_iter()
            .map(|finding| json!({"index": finding.index, "kind": finding.kind.name(), "what": finding.what}))
            .collect()
    }
}
