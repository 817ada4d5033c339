//! `veta monitor`: a log watched from outside, by whoever relies on it and by whoever speaks in it.
//!
//! It asks for the checkpoint, compares it with the one it saw before, and looks at every new entry, each checked against the
//! signed tree. It decides nothing again: whether the rules were kept, a replay says. What a statement says it tells nobody.

mod alert;
#[cfg(fuzzing)]
pub mod fuzzing;
mod memory;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use event::vocabulary::EventKind;
use event::{DeploymentId, PublicKey, Record};
use remote::log::{Address, Batch, LogError, RemoteLog, Verified};
use serde_json::{Value, json};
use service::clock::{Clock, SystemClock};
use tlog::note::Note;
use tlog::policy::Policy;
use tlog::tiles::TILE_WIDTH;
use tlog::tree::leaf_hash;
use tlog::{Checkpoint, Hash, Leaf, LeafIndex, TreeHead, TreeSize};
use tokio::time::sleep;

use self::memory::{Memory, Seen};
use crate::print;
use crate::replays::founding::{Founding, hash_before};
use crate::trouble::{Done, Trouble};
use crate::trust::{self, Opened, instant};

pub use self::alert::{Alert, Spoken};

/// Bundles looked at between two notes of how far it is, whose hashes are fetched together.
const BUNDLES_NOTED: u64 = 16;

/// How old the cosignatures of a quorum may be, where nothing else is said: an hour, in which they are made anew many times.
const STALE_AFTER_SECONDS: i64 = 3_600;

/// How far clocks may go apart: five minutes.
const CLOCKS_APART_MS: i64 = 300_000;

/// What is watched for.
#[derive(Debug)]
pub struct Watched {
    /// Keys whose every statement is told.
    pub keys: BTreeSet<PublicKey>,
    /// How many seconds old what is shown may be; an hour, if there are witnesses, where it is not said.
    pub stale_after: Option<i64>,
    /// Whether entries that were there before the first look are passed over.
    pub from_now: bool,
    /// For programs.
    pub json: bool,
}

/// A log under watch.
#[derive(Debug)]
pub struct Monitor {
    log: RemoteLog,
    policy: Policy,
    watched: Watched,
    memory: Memory,
    founding: Option<Founding>,
    /// What was told already, and still stands.
    standing: BTreeSet<String>,
}

/// What one look came to.
#[derive(Debug, Default)]
struct Look {
    alerts: u64,
    /// What stands now.
    standing: BTreeSet<String>,
    unanswered: Option<String>,
}

/// Why a look came to no end.
enum Halted {
    /// Something of the log cannot be read, or is not what was signed: that is told, and the next look may come further.
    Unread(LogError),
    /// Nothing further can be done.
    Failed(Trouble),
}

impl From<LogError> for Halted {
    fn from(error: LogError) -> Self {
        Self::Unread(error)
    }
}

impl From<Trouble> for Halted {
    fn from(trouble: Trouble) -> Self {
        Self::Failed(trouble)
    }
}

impl Monitor {
    /// Asks nobody yet. `memory` is the directory in which it keeps what it saw.
    pub fn new(source: &Address, policy: Policy, watched: Watched, memory: &Path) -> Done<Self> {
        Ok(Self {
            log: RemoteLog::new(source)?,
            policy,
            watched,
            memory: Memory::open(memory)?,
            founding: None,
            standing: BTreeSet::new(),
        })
    }

    /// Looks once. An error, if there is anything to be told.
    pub async fn once(&mut self) -> Done {
        let look = self.look().await?;
        if let Some(why) = look.unanswered {
            return Err(Trouble::unavailable(why));
        }
        if 0 < look.alerts {
            return Err(Trouble::failed(format_args!("{} alerts", look.alerts)));
        }
        if let (false, Some(seen)) = (self.watched.json, self.memory.last()) {
            print::line(format_args!("nothing to be told of; {} entries are seen", seen.read));
        }
        Ok(())
    }

    /// Looks again and again, until it is interrupted. What was told is told again when it has changed.
    pub async fn follow(&mut self, interval: Duration) -> Done {
        loop {
            self.standing = self.look().await?.standing;
            sleep(interval).await;
        }
    }

    async fn look(&mut self) -> Done<Look> {
        let mut look = Look::default();
        let note = match self.log.checkpoint().await {
            Ok(note) => note,
            Err(error) => {
                self.unread(&error, &mut look);
                return Ok(look);
            }
        };
        match self.open(&note) {
            Ok(opened) => {
                match self.go_on(&note, &opened.checkpoint, &mut look).await {
                    Ok(()) => {}
                    Err(Halted::Unread(error)) => self.unread(&error, &mut look),
                    Err(Halted::Failed(trouble)) => return Err(trouble),
                }
                self.age(&opened, &mut look);
            }
            Err(alert) => self.tell(&alert, &mut look),
        }
        Ok(look)
    }

    fn open(&self, note: &[u8]) -> Result<Opened, Alert> {
        let note = Note::parse(note).map_err(|error| Alert::Unsigned(error.to_string()))?;
        trust::open(&note, &self.policy).map_err(|error| Alert::Unsigned(error.to_string()))
    }

    /// Compares with what was seen before, and looks at what is new.
    async fn go_on(&mut self, note: &[u8], opened: &Checkpoint, look: &mut Look) -> Result<(), Halted> {
        let offered = opened.head();
        let known = self.memory.seen(&opened.origin)?.map(|(_, head)| head);
        let known = known.unwrap_or(TreeHead::empty());
        if offered.size < known.size {
            return Ok(self.shrunk(note, known, offered, look).await?);
        }
        // Two roots of one size need no tile to contradict each other.
        if offered.size == known.size && offered.root != known.root {
            return Ok(self.fork(note, known, offered, look)?);
        }
        let mut tree = self.log.verified(offered).await?;
        if tree.head_at(known.size).await? != known {
            return Ok(self.fork(note, known, offered, look)?);
        }
        self.accept(note, opened)?;
        self.read(&mut tree, opened, look).await
    }

    fn fork(&mut self, note: &[u8], known: TreeHead, offered: TreeHead, look: &mut Look) -> Done {
        let evidence = self.memory.keep(note)?;
        let alert = Alert::Fork {
            known,
            offered,
            evidence,
        };
        self.tell(&alert, look);
        Ok(())
    }

    /// A checkpoint of fewer entries: a beginning of what was seen, or another history.
    async fn shrunk(&mut self, note: &[u8], known: TreeHead, offered: TreeHead, look: &mut Look) -> Done {
        let began = match self.log.verified(known).await {
            Ok(mut tree) => tree.head_at(offered.size).await.ok(),
            Err(_) => None,
        };
        if began.is_some_and(|began| began != offered) {
            return self.fork(note, known, offered, look);
        }
        let alert = Alert::Shrunk {
            known,
            offered,
            consistent: began.is_some(),
            evidence: self.memory.keep(note)?,
        };
        self.tell(&alert, look);
        Ok(())
    }

    /// Notes the checkpoint. It comes before the entries are looked at: they are noted one after the other.
    fn accept(&mut self, note: &[u8], offered: &Checkpoint) -> Done {
        let now = SystemClock.now().unix_ms();
        let note = String::from_utf8(note.to_vec()).expect("a note is text");
        let seen = match self.memory.last() {
            Some(seen) if seen.note == note => return Ok(()),
            // Signed again at the same size, it has not changed, whoever cosigned it since.
            Some(seen) if seen.checkpoint().head() == offered.head() => Seen { note, ..seen.clone() },
            Some(seen) => Seen {
                note,
                read: seen.read,
                changed_at_unix_ms: now,
            },
            None => Seen {
                note,
                read: if self.watched.from_now { offered.size.get() } else { 0 },
                changed_at_unix_ms: now,
            },
        };
        self.memory.note(seen)
    }

    /// Looks at the entries that nobody has looked at.
    async fn read(&mut self, tree: &mut Verified, offered: &Checkpoint, look: &mut Look) -> Result<(), Halted> {
        let from = self.memory.last().map_or(0, |seen| seen.read);
        if offered.size.get() <= from {
            return Ok(());
        }
        let founding = self.founding(tree).await?;
        let mut before = hash_before(tree, &offered.origin, from).await?;
        let mut entries = self.log.entries(LeafIndex::new(from), offered.size);
        while let Some(batch) = entries.next().await? {
            let n = batch.first.get() / TILE_WIDTH as u64;
            let due = n.is_multiple_of(BUNDLES_NOTED);
            if due {
                self.memory.read_to(TreeSize::new(batch.first.get()))?;
            }
            if due || batch.first.get() == from {
                tree.prepare(n..(n / BUNDLES_NOTED + 1) * BUNDLES_NOTED).await?;
            }
            tree.check(&batch).await?;
            self.look_at(&batch, &mut before, founding, look);
        }
        Ok(self.memory.read_to(offered.size)?)
    }

    /// For which deployment statements are signed, where that has to be known.
    async fn founding(&mut self, tree: &mut Verified) -> Result<Founding, Halted> {
        match self.founding {
            _ if self.watched.keys.is_empty() => Ok(Founding::default()),
            Some(founding) => Ok(founding),
            None => Ok(*self
                .founding
                .insert(Founding::of(tree).await?.ok_or_else(Founding::late)?)),
        }
    }

    fn look_at(&mut self, batch: &Batch, before: &mut Hash, founding: Founding, look: &mut Look) {
        for (index, leaf) in (batch.first.get()..).zip(&batch.leaves) {
            match Leaf::parse(leaf) {
                Err(_) => {
                    let what = "it is no entry of this log's version, or cut off";
                    self.tell(&Alert::Broken { index, what }, look);
                }
                Ok(read) => {
                    if read.prev != *before {
                        let what = "it does not follow the entry before it: the chain is broken";
                        self.tell(&Alert::Broken { index, what }, look);
                    }
                    if let Some(spoken) = self.spoken(index, &read, founding.at(index)) {
                        self.tell(&Alert::Spoken(spoken), look);
                    }
                }
            }
            *before = leaf_hash(leaf);
        }
    }

    /// A statement by one of the keys that are watched, or in its name.
    fn spoken(&self, index: u64, leaf: &Leaf<'_>, deployment: Option<DeploymentId>) -> Option<Spoken> {
        if self.watched.keys.is_empty() {
            return None;
        }
        let record = Record::decode(leaf.record).ok()?;
        let key = record.statement().key;
        if !self.watched.keys.contains(&key) {
            return None;
        }
        let admitted_at = record.admitted_at();
        let checked = replay::check(deployment, Bytes::copy_from_slice(leaf.record));
        let said = checked.read().ok();
        let said = said.map(|(_, statement)| -> (u64, EventKind) { (statement.number(), statement.event().kind()) });
        Some(Spoken {
            index,
            key,
            said,
            admitted_at,
            verdict: leaf.verdict,
        })
    }

    /// How old what is shown is, and who stands behind it.
    fn age(&mut self, opened: &Opened, look: &mut Look) {
        let now = SystemClock.now();
        let cosigned = match &opened.cosigned {
            Ok(cosigned) => cosigned,
            Err(lacking) => return self.tell(&Alert::NotCosigned(lacking.clone()), look),
        };
        let as_of = cosigned.as_of.map(instant);
        if let Some(as_of) = as_of.filter(|as_of| now.unix_ms() + CLOCKS_APART_MS < as_of.unix_ms()) {
            self.tell(&Alert::Ahead { as_of }, look);
        }
        let stale_after = self.watched.stale_after.or(as_of.map(|_| STALE_AFTER_SECONDS));
        let since = as_of.or(self.memory.last().map(Seen::changed_at));
        let (Some(stale_after), Some(since)) = (stale_after, since) else {
            return;
        };
        let seconds = now.unix_ms().saturating_sub(since.unix_ms()) / 1_000;
        if stale_after < seconds {
            self.tell(&Alert::Stale { since, seconds }, look);
        }
    }

    /// Tells what it means that something cannot be read.
    fn unread(&mut self, error: &LogError, look: &mut Look) {
        let why = error.to_string();
        let alert = match error {
            LogError::Missing { .. } => Alert::Withheld(why),
            error if error.is_forgery() => Alert::Damaged(why),
            _ => {
                look.unanswered = Some(why.clone());
                Alert::Unanswered(why)
            }
        };
        self.tell(&alert, look);
    }

    /// Tells it, unless it was told and still stands.
    fn tell(&mut self, alert: &Alert, look: &mut Look) {
        look.alerts += 1;
        if alert.stays() {
            let told = standing(alert);
            let known = self.standing.contains(&told);
            look.standing.insert(told);
            if known {
                return;
            }
        }
        let (name, what) = (alert.name(), alert.in_words());
        tracing::warn!(alert = name, "{what}");
        if self.watched.json {
            let mut told = alert.to_json();
            if let Value::Object(told) = &mut told {
                told.insert("told_at".to_owned(), json!(SystemClock.now().to_string()));
            }
            print::json(&told);
        }
    }
}

/// What makes an alert the same as one told before: all of it, but for how long it has lasted.
fn standing(alert: &Alert) -> String {
    match alert {
        Alert::Stale { .. } => alert.name().to_owned(),
        alert => alert.in_words(),
    }
}
