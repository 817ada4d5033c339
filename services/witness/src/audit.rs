//! The auditing witness: all records of a log replayed, and the tree that they make compared with the one that it signed.
//!
//! Every leaf that is taken is in the signed tree: a line that damages one cannot make the replay go wrong. What is replayed
//! follows from the log's own records alone, so whatever differs is the log's doing.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use remote::log::{LogError, RemoteLog};
use replay::{Checked, Replica, check};
use serde::Serialize;
use service::parallel;
use service::scratch::Scratch;
use service::shutdown::Shutdown;
use thiserror::Error;
use tlog::leaf::LEAF_HEADER_BYTES;
use tlog::map::{Map, PagesError};
use tlog::tiles::TILE_WIDTH;
use tlog::tree::Frontier;
use tlog::{Checkpoint, Leaf, LeafIndex, Origin, TreeHead, TreeSize};
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use crate::metrics::Metrics;

/// How long whoever asks waits for a replay; it goes on meanwhile, and who asks again is answered. Less than a request may take.
pub const AUDIT_WAIT: Duration = Duration::from_secs(10);

/// Checkpoints that wait to be audited.
const WAITING_MAX: usize = 16;

/// Trees that were found to differ and are remembered: nobody makes this witness replay a log twice for one of them.
const REFUSED_MAX: usize = 64;

/// Between two attempts to read a log, at the start.
const UNREAD_PAUSE: Duration = Duration::from_secs(5);

/// Audits one log, one checkpoint after the other. Clones ask the same.
#[derive(Clone, Debug)]
pub(crate) struct Auditor {
    jobs: mpsc::Sender<Job>,
    wait: Duration,
}

/// Why a tree is not that of the log's records, or not known to be.
#[derive(Clone, Debug)]
pub(crate) enum NotAudited {
    /// It is another.
    Differs(Difference),
    /// Ask again.
    NotYet(&'static str),
}

/// Where a signed tree is not the one that its records make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    /// How many leaves were replayed, the one that differs with them, unless it holds no record.
    size: u64,
    /// The root that they make.
    root: String,
    /// The first leaf that differs; none where the leaves read agree, and the tree was another before them.
    #[serde(skip_serializing_if = "Option::is_none")]
    leaf: Option<u64>,
    /// What differs.
    part: Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Part {
    Form,
    Chain,
    MapRoot,
    Verdict,
    Tree,
}

#[derive(Debug)]
struct Job {
    head: TreeHead,
    answer: oneshot::Sender<Result<(), NotAudited>>,
}

/// What the task owns.
struct Auditing {
    origin: Origin,
    remote: RemoteLog,
    /// Where the part of the map lies that is not in memory.
    scratch: PathBuf,
    metrics: Metrics,
    /// None after anything differed: what was replayed may not be what the log goes on with.
    replay: Option<Replay>,
    refused: BTreeMap<(TreeSize, String), Difference>,
}

/// All records so far, and the tree of their leaves.
struct Replay {
    replica: Replica,
    tree: Frontier,
}

#[derive(Debug, Error)]
enum Stopped {
    #[error("it differs: {0}")]
    Differs(Difference),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Map(#[from] PagesError),
    #[error("the scratch file for the map: {0}")]
    Scratch(#[from] io::Error),
}

impl Auditor {
    /// Starts the task, which ends with the process.
    pub(crate) fn start(
        origin: Origin,
        remote: RemoteLog,
        scratch: PathBuf,
        wait: Duration,
        metrics: Metrics,
        shutdown: Shutdown,
    ) -> Self {
        let (jobs, waiting) = mpsc::channel(WAITING_MAX);
        let auditing = Auditing {
            origin,
            remote,
            scratch,
            metrics,
            replay: None,
            refused: BTreeMap::new(),
        };
        tokio::spawn(async move {
            tokio::select! {
                () = shutdown.wait() => {}
                () = auditing.run(waiting) => {}
            }
        });
        Self { jobs, wait }
    }

    /// Whether the log's records make this tree, as far as that is known in time.
    pub(crate) async fn check(&self, head: TreeHead) -> Result<(), NotAudited> {
        let (answer, answered) = oneshot::channel();
        self.jobs
            .try_send(Job { head, answer })
            .map_err(|_| NotAudited::NotYet("this witness has other checkpoints to audit first"))?;
        match timeout(self.wait, answered).await {
            Ok(Ok(audited)) => audited,
            Ok(Err(_)) => Err(NotAudited::NotYet("this witness is stopping")),
            Err(_) => Err(NotAudited::NotYet("this witness is still replaying the log")),
        }
    }

    /// Replays the log as far as it was cosigned, before a first request asks for more.
    pub(crate) async fn catch_up(&self, cosigned: &Checkpoint, shutdown: &Shutdown) {
        loop {
            match self.check(cosigned.head()).await {
                Ok(()) => return,
                Err(NotAudited::Differs(difference)) => {
                    tracing::error!(log.origin = %cosigned.origin, %difference,
                        "The log {} no longer replays to what was cosigned: {difference}", cosigned.origin);
                    return;
                }
                Err(NotAudited::NotYet(why)) => {
                    tracing::info!(log.origin = %cosigned.origin, "Catching up with {}: {why}", cosigned.origin);
                }
            }
            tokio::select! {
                () = shutdown.wait() => return,
                () = sleep(UNREAD_PAUSE) => {}
            }
        }
    }
}

impl Auditing {
    async fn run(mut self, mut waiting: mpsc::Receiver<Job>) {
        while let Some(job) = waiting.recv().await {
            // Whoever asked and went away asks again.
            if job.answer.is_closed() {
                continue;
            }
            let audited = self.answer(job.head).await;
            let _gone = job.answer.send(audited);
        }
    }

    async fn answer(&mut self, head: TreeHead) -> Result<(), NotAudited> {
        let known = (head.size, head.root.to_string());
        if let Some(difference) = self.refused.get(&known) {
            return Err(NotAudited::Differs(difference.clone()));
        }
        match self.audit(head).await {
            Ok(()) => Ok(()),
            Err(Stopped::Differs(difference)) => {
                if REFUSED_MAX <= self.refused.len() {
                    self.refused.pop_first();
                }
                self.refused.insert(known, difference.clone());
                Err(NotAudited::Differs(difference))
            }
            Err(Stopped::Log(error)) => {
                tracing::warn!(%error, log.origin = %self.origin, "The log {} cannot be audited: {error}", self.origin);
                Err(NotAudited::NotYet(
                    "this witness cannot read all of the log that was signed",
                ))
            }
            Err(error @ (Stopped::Map(_) | Stopped::Scratch(_))) => {
                tracing::error!(%error, log.origin = %self.origin, "The log {} cannot be replayed: {error}", self.origin);
                Err(NotAudited::NotYet("this witness cannot replay the log"))
            }
        }
    }

    /// Takes what was replayed, and puts it back only if it still is what the log signed.
    async fn audit(&mut self, head: TreeHead) -> Result<(), Stopped> {
        let mut replay = match self.replay.take() {
            Some(replay) => replay,
            None => Replay::new(&self.origin, &self.scratch)?,
        };
        if head.size < replay.tree.size() {
            let earlier = self.earlier(&replay, head).await;
            // Where the log no longer shows the tree that was replayed, it goes on with another one.
            if !matches!(&earlier, Err(Stopped::Log(error)) if !error.is_passing()) {
                self.replay = Some(replay);
            }
            return earlier;
        }
        let mut signed = match self.remote.verified(head).await {
            Ok(signed) => signed,
            Err(error) => {
                self.replay = Some(replay);
                return Err(error.into());
            }
        };
        while replay.tree.size() < head.size {
            let next = replay.tree.size().get();
            let bundle = match signed.bundle(next / TILE_WIDTH as u64).await {
                Ok(bundle) => bundle.expect("the tree goes on"),
                Err(error) => {
                    self.replay = Some(replay);
                    return Err(error.into());
                }
            };
            let known = usize::try_from(next - bundle.first.get()).expect("below the width of a tile");
            replay = replay
                .take(bundle.leaves.get(known..).unwrap_or_default().to_vec())
                .await?;
            self.metrics.replayed(&self.origin, replay.tree.size());
        }
        if replay.tree.root() != head.root {
            return Err(Stopped::Differs(replay.difference(None, Part::Tree)));
        }
        self.replay = Some(replay);
        Ok(())
    }

    /// Of a tree smaller than what was replayed: the root that our own tree had then, by the log's tiles, every one of which is
    /// checked against our root.
    async fn earlier(&self, replay: &Replay, head: TreeHead) -> Result<(), Stopped> {
        let mut ours = self.remote.verified(replay.tree.head()).await?;
        let found = ours.head_at(head.size).await?;
        if found.root == head.root {
            return Ok(());
        }
        Err(Stopped::Differs(Difference {
            size: found.size.get(),
            root: found.root.to_string(),
            leaf: None,
            part: Part::Tree,
        }))
    }
}

impl Replay {
    fn new(origin: &Origin, scratch: &Path) -> io::Result<Self> {
        let map = Map::on(Box::new(Scratch::open(scratch)?));
        Ok(Self {
            replica: Replica::with_log_on(origin, map),
            tree: Frontier::new(),
        })
    }

    /// Takes leaves: their records are checked on all cores, then stepped in their order.
    async fn take(self, leaves: Vec<Bytes>) -> Result<Self, Stopped> {
        let deployment = self.replica.deployment();
        let records: Vec<_> = leaves.iter().map(record).collect();
        let checked = parallel::map_all_beside(records, move |record| check(deployment, record)).await;
        let stepped = spawn_blocking(move || self.step_all(checked, &leaves)).await;
        stepped.expect("a step does not panic")
    }

    fn step_all(mut self, checked: Vec<Checked>, leaves: &[Bytes]) -> Result<Self, Stopped> {
        for (record, signed) in checked.into_iter().zip(leaves) {
            if Leaf::parse(signed).is_err() {
                let at = self.tree.size().next_index();
                return Err(Stopped::Differs(self.difference(Some(at), Part::Form)));
            }
            let step = self.replica.step(record);
            let ours = step.logged()?;
            self.tree.push(ours.hash);
            if ours.bytes != *signed {
                let part = differing(&ours.bytes, signed);
                return Err(Stopped::Differs(self.difference(Some(ours.index), part)));
            }
        }
        Ok(self)
    }

    fn difference(&self, leaf: Option<LeafIndex>, part: Part) -> Difference {
        Difference {
            size: self.tree.size().get(),
            root: self.tree.root().to_string(),
            leaf: leaf.map(LeafIndex::get),
            part,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self.part {
            Part::Form => "is not in the form of a leaf",
            Part::Chain => "does not name the leaf before it",
            Part::MapRoot => "has another map root than the records make",
            Part::Verdict => "has another verdict than the rules give",
            Part::Tree => "",
        };
        match self.leaf {
            Some(leaf) => write!(f, "leaf {leaf} {part}")?,
            None => write!(f, "the records before make another tree")?,
        }
        write!(f, "; by the records, {} leaves have the root {}", self.size, self.root)
    }
}

/// What the log says that it recorded; of what is no leaf, nothing.
fn record(leaf: &Bytes) -> Bytes {
    leaf.slice(LEAF_HEADER_BYTES.min(leaf.len())..)
}

fn differing(ours: &[u8], signed: &[u8]) -> Part {
    let (Ok(ours), Ok(signed)) = (Leaf::parse(ours), Leaf::parse(signed)) else {
        return Part::Form;
    };
    if ours.prev != signed.prev {
        return Part::Chain;
    }
    // A verdict goes into the map, so it is looked at first.
    if ours.verdict != signed.verdict {
        return Part::Verdict;
    }
    if ours.map_root != signed.map_root {
        return Part::MapRoot;
    }
    Part::Form
}
