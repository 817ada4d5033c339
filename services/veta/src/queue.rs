//! Signed statements on disk, until ingest has answered for each.
//!
//! ```text
//! <queue>/<number>-<first of the statement id>.statement   waiting, in the order of their names
//! <queue>/recorded/…                                       with a receipt beside it, .json
//! <queue>/refused/…                                        with the refusal beside it, .json
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use event::statement::SIGNED_STATEMENT_BYTES_MAX;
use event::{DeploymentId, PublicKey, SignedStatement, Timestamp, VerifiedStatement};
use ledger::Refusal;
use rpc::ingest::Recorded;
use serde_json::json;
use service::durable;

use crate::files;
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
        let from_clock = u64::try_from(now.unix_ms()).unwrap_or(0).saturating_mul(1_000);
        let mut number = from_clock;
        for waiting in self.waiting()? {
            if let Ok(signed) = SignedStatement::decode(&waiting.bytes)
                && signed.key == key
            {
                number = number.max(waiting.number().saturating_add(1));
            }
        }
        Ok(number)
    }

    /// Keeps a signed statement until it is submitted.
    pub fn keep(&self, signed: &SignedStatement, number: u64, deployment: DeploymentId) -> Done<PathBuf> {
        let id = signed.id(deployment).to_string();
        let path = self.dir.join(format!("{number:020}-{}.{ENDING}", &id[..16]));
        durable::write(&path, &signed.encode())
            .map_err(Trouble::at(format_args!("cannot write {}", path.display())))?;
        Ok(path)
    }

    /// What waits, in order.
    pub fn waiting(&self) -> Done<Vec<Waiting>> {
        self.in_order(&self.dir)
    }

    /// What was signed here for a deployment, and waits or was recorded.
    pub fn stated(&self, deployment: DeploymentId) -> Done<Vec<VerifiedStatement>> {
        let kept = self
            .waiting()?
            .into_iter()
            .chain(self.in_order(&self.dir.join("recorded"))?);
        let verified = |kept: Waiting| SignedStatement::decode(&kept.bytes).ok()?.verify(deployment).ok();
        Ok(kept.filter_map(verified).collect())
    }

    fn in_order(&self, dir: &Path) -> Done<Vec<Waiting>> {
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
        paths.into_iter().map(Waiting::read).collect()
    }

    /// Moves a statement to where its outcome puts it, with the outcome beside it.
    pub fn settle(&self, waiting: &Waiting, outcome: &Result<Recorded, Refusal>) -> Done {
        let (place, told) = match outcome {
            Ok(recorded) => (
                "recorded",
                json!({"position": recorded.position, "statement_id": recorded.statement, "admitted_at": recorded.admitted_at.to_string()}),
            ),
            Err(refusal) => (
                "refused",
                json!({"code": refusal.code(), "name": refusal.name(), "reason": refusal.to_string()}),
            ),
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

    fn number(&self) -> u64 {
        let name = self.path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        name.split('-')
            .next()
            .and_then(|number| number.parse().ok())
            .unwrap_or(0)
    }
}
