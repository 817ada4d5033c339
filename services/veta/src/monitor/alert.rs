//! What is told of a log that is watched.

use std::path::PathBuf;

use event::vocabulary::EventKind;
use event::{PublicKey, Timestamp};
use ledger::Refusal;
use serde_json::{Value, json};
use tlog::tree::{TreeHead, TreeSize};

/// One thing that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alert {
    /// Two histories, both signed by the log.
    Fork {
        /// What was seen before.
        known: TreeHead,
        /// What is offered now.
        offered: TreeHead,
        /// Where both notes are kept.
        evidence: PathBuf,
    },
    /// Fewer entries than were seen before.
    Shrunk {
        /// What was seen before.
        known: TreeHead,
        /// What is offered now.
        offered: TreeHead,
        /// Whether the one is known to be a beginning of the other.
        consistent: bool,
        /// Where both notes are kept.
        evidence: PathBuf,
    },
    /// No signature of the log, or one that does not hold.
    Unsigned(String),
    /// The log's signature holds; too few witnesses have cosigned.
    NotCosigned(String),
    /// The newest quorum of cosignatures is old, or without witnesses: the checkpoint has not changed for long.
    Stale {
        /// Since when.
        since: Timestamp,
        /// For how long, in seconds.
        seconds: i64,
    },
    /// A quorum of cosignatures lies ahead of this machine's clock.
    Ahead {
        /// Of when it is.
        as_of: Timestamp,
    },
    /// What is served is not what was signed.
    Damaged(String),
    /// It answers, and does not have what it signed for.
    Withheld(String),
    /// It does not answer.
    Unanswered(String),
    /// An entry that does not follow the one before it, or is none.
    Broken {
        /// Which.
        index: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A statement by a key that is watched.
    Spoken(Spoken),
}

/// A statement by a key that is watched: where it stands and of which kind it is, and nothing that it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The entry.
    pub index: u64,
    /// The key.
    pub key: PublicKey,
    /// Under which number, and of which kind; nothing where its signature does not hold: then somebody else used the key's name.
    pub said: Option<(u64, EventKind)>,
    /// When it says it was admitted.
    pub admitted_at: Timestamp,
    /// The log's verdict: 0, or the number of the refusal.
    pub verdict: u16,
}

impl Alert {
    /// Its name, for programs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Fork { .. } => "fork",
            Self::Shrunk { .. } => "shrunk",
            Self::Unsigned(_) => "unsigned",
            Self::NotCosigned(_) => "not-cosigned",
            Self::Stale { .. } => "stale",
            Self::Ahead { .. } => "ahead",
            Self::Damaged(_) => "damaged",
            Self::Withheld(_) => "withheld",
            Self::Unanswered(_) => "unanswered",
            Self::Broken { .. } => "broken",
            Self::Spoken(_) => "key-used",
        }
    }

    /// Whether it is about the log as it stands, and stays until that changes. Any other is about one entry.
    #[must_use]
    pub const fn stays(&self) -> bool {
        !matches!(self, Self::Broken { .. } | Self::Spoken(_))
    }

    /// In words.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Fork {
                known,
                offered,
                evidence,
            } => format!(
                "the log has signed two histories: {} entries were {}, and {} entries are {} now; both notes are in {}: show them to others who watch this log",
                known.size,
                known.root,
                offered.size,
                offered.root,
                evidence.display()
            ),
            Self::Shrunk {
                known,
                offered,
                consistent: true,
                ..
            } => format!(
                "the log shows {} entries, and has shown {}: it was rolled back, or an old copy is served",
                offered.size, known.size
            ),
            Self::Shrunk {
                known,
                offered,
                evidence,
                ..
            } => format!(
                "the log shows {} entries, and has shown {}; what it serves does not show whether the one began as the other; both notes are in {}",
                offered.size,
                known.size,
                evidence.display()
            ),
            Self::Unsigned(why) => format!("the checkpoint does not hold: {why}"),
            Self::NotCosigned(why) => format!("the checkpoint is signed, and not cosigned as the policy asks: {why}"),
            Self::Stale { since, seconds } => {
                format!("nothing newer than {since} is shown, {seconds} seconds ago: what came since may be held back")
            }
            Self::Ahead { as_of } => format!(
                "the cosignatures are of {as_of}, which lies ahead: this machine's clock is wrong, or those of the witnesses"
            ),
            Self::Damaged(why) | Self::Withheld(why) | Self::Unanswered(why) => why.clone(),
            Self::Broken { index, what } => format!("entry {index}: {what}"),
            Self::Spoken(spoken) => spoken.in_words(),
        }
    }

    /// For programs.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let head = |head: &TreeHead| json!({"size": TreeSize::get(head.size), "root": head.root.to_string()});
        let more = match self {
            Self::Fork {
                known,
                offered,
                evidence,
            } => {
                json!({"known": head(known), "offered": head(offered), "evidence": evidence})
            }
            Self::Shrunk {
                known,
                offered,
                consistent,
                evidence,
            } => {
                json!({"known": head(known), "offered": head(offered), "consistent": consistent, "evidence": evidence})
            }
            Self::Stale { since, seconds } => json!({"since": since.to_string(), "seconds": seconds}),
            Self::Ahead { as_of } => json!({"as_of": as_of.to_string()}),
            Self::Broken { index, .. } => json!({"index": index}),
            Self::Spoken(spoken) => spoken.to_json(),
            Self::Unsigned(_) | Self::NotCosigned(_) | Self::Damaged(_) | Self::Withheld(_) | Self::Unanswered(_) => {
                json!({})
            }
        };
        let mut told = json!({"alert": self.name(), "what": self.in_words()});
        if let (Value::Object(told), Value::Object(more)) = (&mut told, more) {
            told.extend(more);
        }
        told
    }
}

impl Spoken {
    fn in_words(&self) -> String {
        let Self {
            index,
            key,
            admitted_at,
            ..
        } = self;
        let verdict = match Refusal::from_code(self.verdict) {
            _ if self.verdict == 0 => "admitted".to_owned(),
            Some(refusal) => format!("refused ({}, {})", refusal.code(), refusal.name()),
            None => format!("refused ({})", self.verdict),
        };
        match self.said {
            Some((number, kind)) => format!(
                "key {key} stated {} under number {number}: entry {index}, {verdict}, {admitted_at}",
                kind.name()
            ),
            None => format!(
                "somebody stated something in the name of key {key}, whose signature does not hold: entry {index}, {verdict}, {admitted_at}"
            ),
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "index": self.index,
            "key": self.key,
            "event": self.said.map(|(_, kind)| kind.name()),
            "number": self.said.map(|(number, _)| number),
            "admitted": self.verdict == 0,
            "refused": Refusal::from_code(self.verdict).map(Refusal::name),
            "verdict": self.verdict,
            "admitted_at": self.admitted_at.to_string(),
        })
    }
}
