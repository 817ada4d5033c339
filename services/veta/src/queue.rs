//! Signed statements on disk, until ingest has answered for each.
//!
//! ```text
//! <queue>/<place>-<first of the statement id>.statement   waiting, in the order of their places
//! <queue>/recorded/…                                      with a receipt beside it, .json
//! <queue>/refused/…                                       with the refusal beside it, .json
//! ```
//!
//! Whatever comes, signed here or handed over by others, gets a place behind everything that waits. So what is handed over
//! stands before what is signed in answer to it, and everything is submitted in the order in which it can be admitted.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use event::codec::decode_strict;
use event::statement::{SIGNED_STATEMENT_BYTES_MAX, STATEMENT_BODY_BYTES_MAX};
use event::{DeploymentId, PublicKey, SignedStatement, Statement, Timestamp, VerifiedStatement};
use rpc::ingest::{Denial, Recorded};
use serde_json::json;
use service::durable;
use signer::numbers::{self, thousand_a_millisecond};

use crate::files;
use crate::submit::refused_json;
use crate::trouble::{Done, Trouble};

/// Statements that may wait in one queue: more are a mistake, or belong into an import.
pub const QUEUE_STATEMENTS_MAX: usize = 100_000;
/// What a file name ends in.
const ENDING: &str = "statement";

/// A directory of waiting statements.
#[derive(Clone, Debug)]
pub struct Queue {
    dir: PathBuf,
}

/// One waiting statement.
#[derive(Clone, Debug)]
pub struct Waiting {
    path: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Queue {
    /// The queue in a directory, which is made if need be.
    pub fn open(dir: &Path) -> Done<Self> {
        for dir in [dir.to_owned(), dir.join("recorded"), dir.join("refused")] {
            fs::create_dir_all(&dir).map_err(Trouble::at(format_args!("cannot make {}", dir.display())))?;
        }
        Ok(Self { dir: dir.to_owned() })
    }

    /// A number for the next statement of `key`: after every one waiting here, and after every one signed before now
    /// wherever that was. A millisecond has room for a thousand.
    pub fn next_number(&self, key: PublicKey, now: Timestamp) -> Done<u64> {
        let mut numbers = Vec::new();
        for waiting in self.waiting()? {
            if let Ok(signed) = SignedStatement::decode(&waiting.bytes)
                && signed.key == key
                && let Ok(said) = decode_strict::<Statement>(&signed.body.0, STATEMENT_BODY_BYTES_MAX)
            {
                numbers.push(said.number);
            }
        }
        Ok(numbers::next(now, numbers))
    }

    /// The first place that is behind everything that waits here, and not before `least`.
    pub fn next_place(&self, least: u64) -> Done<u64> {
        let behind = self
            .paths(&self.dir)?
            .last()
            .map_or(0, |last| place(last).saturating_add(1));
        Ok(least.max(behind))
    }

    /// Keeps a signed statement at a place until it is submitted.
    pub fn keep(&self, signed: &SignedStatement, place: u64, deployment: DeploymentId) -> Done<PathBuf> {
        let id = signed.id(deployment).to_string();
        let path = self.dir.join(format!("{place:020}-{}.{ENDING}", &id[..16]));
        durable::write(&path, &signed.encode())
            .map_err(Trouble::at(format_args!("cannot write {}", path.display())))?;
        Ok(path)
    }

    /// Keeps what others signed and handed over, in its order, behind everything that waits; what waits already or was
    /// recorded stays where it is. Returns what is new.
    pub fn take_in<'a>(
        &self,
        handed: &'a [VerifiedStatement],
        deployment: DeploymentId,
        now: Timestamp,
    ) -> Done<Vec<&'a VerifiedStatement>> {
        let known: BTreeSet<_> = self.stated(deployment)?.iter().map(VerifiedStatement::id).collect();
        let new: Vec<_> = handed.iter().filter(|said| !known.contains(&said.id())).collect();
        let first = self.next_place(thousand_a_millisecond(now))?;
        for (place, said) in (first..).zip(&new) {
            self.keep(said.signed(), place, deployment)?;
        }
        Ok(new)
    }

    /// What waits, in order.
    pub fn waiting(&self) -> Done<Vec<Waiting>> {
        self.in_order(&self.dir)
    }

    /// What was signed here or handed over for a deployment and waits, in order.
    pub fn pending(&self, deployment: DeploymentId) -> Done<Vec<VerifiedStatement>> {
        Ok(verified(self.waiting()?, deployment))
    }

    /// What was signed here or handed over for a deployment and was recorded, in the order in which it had waited.
    pub fn recorded(&self, deployment: DeploymentId) -> Done<Vec<VerifiedStatement>> {
        Ok(verified(self.in_order(&self.dir.join("recorded"))?, deployment))
    }

    /// What was signed here or handed over for a deployment: what was recorded, and then what waits.
    pub fn stated(&self, deployment: DeploymentId) -> Done<Vec<VerifiedStatement>> {
        let mut stated = self.recorded(deployment)?;
        stated.extend(self.pending(deployment)?);
        Ok(stated)
    }

    fn in_order(&self, dir: &Path) -> Done<Vec<Waiting>> {
        self.paths(dir)?.into_iter().map(Waiting::read).collect()
    }

    /// The statements' files in a directory, in the order of their places.
    fn paths(&self, dir: &Path) -> Done<Vec<PathBuf>> {
        let cannot = |error| Trouble::failed(format_args!("cannot read the queue {}: {error}", self.dir.display()));
        let mut paths = Vec::new();
        for entry in fs::read_dir(dir).map_err(cannot)? {
            let path = entry.map_err(cannot)?.path();
            if path.extension().is_some_and(|ending| ending == ENDING) {
                paths.push(path);
            }
            if QUEUE_STATEMENTS_MAX < paths.len() {
                return Err(Trouble::failed(format_args!(
                    "more than {QUEUE_STATEMENTS_MAX} statements wait in the queue"
                )));
            }
        }
        paths.sort();
        Ok(paths)
    }

    /// Moves a statement to where its outcome puts it, with the outcome beside it.
    pub fn settle(&self, waiting: &Waiting, outcome: &Result<Recorded, Denial>) -> Done {
        let (place, told) = match outcome {
            Ok(recorded) => (
                "recorded",
                json!({"position": recorded.position, "statement_id": recorded.statement, "admitted_at": recorded.admitted_at.to_string()}),
            ),
            Err(denial) => ("refused", refused_json(denial)),
        };
        let name = waiting.path.file_name().expect("a file in the queue has a name");
        let to = self.dir.join(place).join(name);
        let settled =
            fs::write(to.with_extension("json"), format!("{told}\n")).and_then(|()| fs::rename(&waiting.path, &to));
        settled.map_err(Trouble::at(format_args!("cannot move {}", waiting.path.display())))
    }
}

impl Waiting {
    fn read(path: PathBuf) -> Done<Self> {
        let bytes = files::read(&path, "a statement", SIGNED_STATEMENT_BYTES_MAX as u64 * 2)?;
        Ok(Self { path, bytes })
    }
}

/// Where a file stands in the queue.
fn place(path: &Path) -> u64 {
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    let place = name.split('-').next().and_then(|place| place.parse().ok());
    place.unwrap_or(0)
}

/// Those whose signature holds for a deployment.
fn verified(kept: Vec<Waiting>, deployment: DeploymentId) -> Vec<VerifiedStatement> {
    let verified = |kept: Waiting| SignedStatement::decode(&kept.bytes).ok()?.verify(deployment).ok();
    kept.into_iter().filter_map(verified).collect()
}
