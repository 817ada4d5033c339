//! Asking witnesses: at once, each from the size that it has cosigned, until the policy's quorum stands.
//!
//! Knows witnesses and what they answered. Does not know what a leaf is, and publishes nothing.

use core::time::Duration;
use std::sync::Arc;

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use remote::http::{Http, HttpError, Url, UrlError};
use service::clock::Stopwatch;
use thiserror::Error;
use tlog::TreeSize;
use tlog::cosignature::{CosignTime, CosignerVkey};
use tlog::note::{Note, NoteSignature, Vkey};
use tlog::policy::{Policy, PolicyName};
use tlog::tiles::TileReader;
use tlog::tree::{ConsistencyProof, prove_consistency};
use tlog::witness::{ANSWER_BYTES_MAX, AddCheckpoint, WitnessAnswer, WitnessAnswerError, cosignature_among};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;
use views::Reader;

use crate::error::LogError;
use crate::reconcile::Disagreement;
use crate::rows::stored_tile;
use crate::signers::Signers;

/// How long a witness may take for one answer. An auditing witness that is behind refuses at once and catches up meanwhile.
pub const WITNESS_DEADLINE: Duration = Duration::from_secs(5);

/// How long those are waited for that have not answered when the quorum stands: what they add is welcome, not needed.
const LATE_WAIT: Duration = Duration::from_millis(100);

/// Questions to one witness in a round: with the size we know, with the size that it tells, and once more if somebody else asked
/// it meanwhile.
const ASKS_MAX: usize = 3;

/// How long a witness that failed is not asked: at first, and twice as long each time, up to the last.
const PAUSE_MIN: Duration = Duration::from_millis(500);
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// What a policy names and nobody can be asked by.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WitnessError {
    /// The policy is for another log.
    #[error("the policy lists no key of this log: add the line `log {0}`")]
    OtherLog(Box<Vkey>),
    /// The URL of a witness.
    #[error("the URL of the witness {name}: {error}")]
    BadUrl {
        /// Which.
        name: PolicyName,
        /// What is wrong with it.
        error: UrlError,
    },
    /// The quorum asks for witnesses that cannot be asked.
    #[error("the witnesses with a URL do not make up the quorum: add the URLs by which the others are asked")]
    NoQuorum,
    /// Nobody can be asked at all.
    #[error(transparent)]
    Http(#[from] HttpError),
}

/// All witnesses of a policy that have a URL.
pub(crate) struct Witnesses {
    policy: Policy,
    http: Http,
    all: Vec<Witness>,
    sizes: Family<Vec<(&'static str, String)>, Gauge>,
}

struct Witness {
    name: PolicyName,
    vkey: CosignerVkey,
    at: Url,
    /// The size that it has cosigned, as it said last.
    size: Option<TreeSize>,
    failures: u32,
    pausing: Option<(Stopwatch, Duration)>,
}

/// What came of asking all.
pub(crate) struct Round {
    /// The checkpoint with all cosignatures that came, and those that it had before of witnesses that did not answer.
    pub(crate) note: Note,
    /// Whether that is enough.
    pub(crate) quorum: Quorum,
    /// When it is worth while to ask again.
    pub(crate) again: Duration,
}

/// Whether as many have cosigned as the policy asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quorum {
    /// They have, as of then; at no time where the policy asks for nobody.
    Stands(Option<CosignTime>),
    /// They have not.
    Short,
}

/// How many leaves each witness has cosigned, as far as they answer.
pub(crate) struct Sizes {
    /// Whether those that did not answer cannot have made up a quorum on their own: whatever was published, one that answered saw.
    pub(crate) suffice: bool,
}

/// Proves that the tree has grown from whatever size a witness has.
#[derive(Clone)]
pub(crate) struct Prover {
    pub(crate) reader: Reader,
    pub(crate) size: TreeSize,
}

/// What one witness said.
enum Said {
    Cosigned(NoteSignature),
    /// It has cosigned more leaves than there are.
    Ahead(TreeSize),
    /// It does not know this log, and so has never cosigned it.
    Unknown,
    Failed(Failure),
}

#[derive(Debug, Error)]
enum Failure {
    #[error(transparent)]
    Http(#[from] HttpError),
    #[error(transparent)]
    Answer(#[from] WitnessAnswerError),
    #[error("it refused with {status}: {reason}")]
    Refused { status: u16, reason: String },
    #[error("it says that the tree it cosigned is not the beginning of this one (422): {0}")]
    Inconsistent(String),
    #[error("it tells one size after the other")]
    Undecided,
    #[error("a proof for it could not be made: {0}")]
    Proof(String),
}

/// A question to one witness.
struct Question {
    http: Http,
    at: Url,
    vkey: CosignerVkey,
    old: TreeSize,
    note: Arc<Note>,
    prover: Option<Prover>,
}

impl Witnesses {
    /// The witnesses of a policy, which must be about this log and name enough of them with their URLs.
    pub(crate) fn new(
        policy: Policy,
        signers: &Signers,
        sizes: Family<Vec<(&'static str, String)>, Gauge>,
    ) -> Result<Self, WitnessError> {
        let (listed, ours) = (policy.logs(), signers.vkeys());
        if !listed.iter().any(|log| ours.contains(&log.vkey)) {
            return Err(WitnessError::OtherLog(Box::new(signers.vkey().clone())));
        }
        let mut all = Vec::new();
        for witness in policy.witnesses() {
            let Some(url) = &witness.url else { continue };
            let at = url.parse::<Url>().map_err(|error| WitnessError::BadUrl {
                name: witness.name.clone(),
                error,
            })?;
            all.push(Witness {
                name: witness.name.clone(),
                vkey: witness.vkey.clone(),
                at: at.below("add-checkpoint"),
                size: None,
                failures: 0,
                pausing: None,
            });
        }
        let names: Vec<_> = all.iter().map(|witness| witness.name.clone()).collect();
        if !policy.would_hold(&names) {
            return Err(WitnessError::NoQuorum);
        }
        Ok(Self {
            policy,
            http: Http::new()?,
            all,
            sizes,
        })
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether the policy asks for any of them.
    pub(crate) fn are_needed(&self) -> bool {
        !self.policy.would_hold(&[])
    }

    /// Asks all of them how many leaves they have cosigned, with a checkpoint of no leaves, which continues nothing and
    /// contradicts nothing. One that has seen more than `ours` shows that this log was rolled back.
    pub(crate) async fn sizes(&mut self, empty: &Note, ours: TreeSize) -> Result<Sizes, Disagreement> {
        let mut asked = self.ask_all(empty, |_| true, None);
        let mut unanswered: Vec<_> = self.all.iter().map(|witness| witness.name.clone()).collect();
        while let Some(joined) = asked.join_next().await {
            let (at, said) = joined.expect("asking does not panic");
            match said {
                Said::Ahead(theirs) if ours < theirs => return Err(self.all[at].is_ahead(theirs, ours)),
                Said::Ahead(theirs) => self.told(at, theirs),
                Said::Cosigned(_) | Said::Unknown => self.told(at, TreeSize::EMPTY),
                Said::Failed(failure) => {
                    self.all[at].failed(&failure);
                    continue;
                }
            }
            unanswered.retain(|name| *name != self.all[at].name);
        }
        Ok(Sizes {
            suffice: self.all.is_empty() || !self.policy.would_hold(&unanswered),
        })
    }

    /// Asks to cosign, until the quorum stands and the late ones had their time: those who have not cosigned this note yet, and
    /// with `again` those who have, too.
    pub(crate) async fn cosign(&mut self, note: &Note, again: bool, prover: Prover) -> Result<Round, LogError> {
        let size = prover.size;
        let mut lines = Vec::new();
        let wanted = |witness: &Witness| again || !witness.has_cosigned(note);
        let mut asked = self.ask_all(&self.by_the_log(note)?, wanted, Some(&prover));
        let mut round = self.round(note, &lines)?;
        loop {
            let next = match round.quorum {
                Quorum::Stands(_) => timeout(LATE_WAIT, asked.join_next()).await.ok().flatten(),
                Quorum::Short => asked.join_next().await,
            };
            let Some(joined) = next else { break };
            let (at, said) = joined.expect("asking does not panic");
            match said {
                Said::Cosigned(line) => {
                    self.told(at, size);
                    lines.push(line);
                    round = self.round(note, &lines)?;
                }
                Said::Ahead(theirs) => return Err(self.all[at].is_ahead(theirs, size).into()),
                Said::Unknown => self.all[at].failed(&Failure::Refused {
                    status: 404,
                    reason: "it does not know this log".to_owned(),
                }),
                Said::Failed(failure) => self.all[at].failed(&failure),
            }
        }
        let missing = self.all.iter().filter(|witness| !witness.has_cosigned(&round.note));
        round.again = missing.map(Witness::wait).min().unwrap_or(PAUSE_MAX).max(PAUSE_MIN);
        Ok(round)
    }

    fn ask_all(
        &self,
        note: &Note,
        wanted: impl Fn(&Witness) -> bool,
        prover: Option<&Prover>,
    ) -> JoinSet<(usize, Said)> {
        let note = Arc::new(note.clone());
        let mut asked = JoinSet::new();
        let due = |(_, witness): &(usize, &Witness)| witness.is_due() && wanted(witness);
        for (at, witness) in self.all.iter().enumerate().filter(due) {
            let old = prover.and(witness.size).unwrap_or_default();
            let question = Question {
                http: self.http.clone(),
                at: witness.at.clone(),
                vkey: witness.vkey.clone(),
                old,
                note: Arc::clone(&note),
                prover: prover.cloned(),
            };
            asked.spawn(async move { (at, question.ask().await.unwrap_or_else(Said::Failed)) });
        }
        asked
    }

    /// The note with these lines, and with its other cosignatures.
    fn round(&self, note: &Note, lines: &[NoteSignature]) -> Result<Round, LogError> {
        let mut cosigned = self.by_the_log(note)?;
        let newer = |line: &&NoteSignature| lines.iter().any(|new| (new.id, &new.name) == (line.id, &line.name));
        let ours: Vec<_> = cosigned
            .signatures()
            .iter()
            .map(|line| (line.id, line.name.clone()))
            .collect();
        let older = note
            .signatures()
            .iter()
            .filter(|line| !newer(line) && !ours.contains(&(line.id, line.name.clone())));
        for line in lines.iter().chain(older) {
            cosigned.add(line.clone())?;
        }
        let checked = self.policy.check(&cosigned);
        Ok(Round {
            note: cosigned,
            quorum: checked.map_or(Quorum::Short, |stands| Quorum::Stands(stands.as_of)),
            again: PAUSE_MIN,
        })
    }

    /// The note without cosignatures: what witnesses are sent.
    fn by_the_log(&self, note: &Note) -> Result<Note, LogError> {
        let mut signed = Note::new(note.text())?;
        let is_witness = |line: &&NoteSignature| {
            let mut witnesses = self.policy.witnesses().iter();
            witnesses.any(|witness| (witness.vkey.id(), witness.vkey.name()) == (line.id, &line.name))
        };
        for line in note.signatures().iter().filter(|line| !is_witness(line)) {
            signed.add(line.clone())?;
        }
        Ok(signed)
    }

    fn told(&mut self, at: usize, size: TreeSize) {
        let witness = &mut self.all[at];
        (witness.size, witness.failures, witness.pausing) = (Some(size), 0, None);
        let label = vec![("witness", witness.name.to_string())];
        let size = i64::try_from(size.get()).unwrap_or(i64::MAX);
        self.sizes.get_or_create(&label).set(size);
    }
}

impl Witness {
    fn has_cosigned(&self, note: &Note) -> bool {
        let mut lines = note.signatures().iter();
        lines.any(|line| (line.id, &line.name) == (self.vkey.id(), self.vkey.name()))
    }

    fn is_due(&self) -> bool {
        self.wait() == Duration::ZERO
    }

    fn wait(&self) -> Duration {
        let left = |(since, pause): &(Stopwatch, Duration)| pause.saturating_sub(since.elapsed());
        self.pausing.as_ref().map_or(Duration::ZERO, left)
    }

    fn is_ahead(&self, theirs: TreeSize, ours: TreeSize) -> Disagreement {
        let name = self.name.to_string();
        Disagreement::WitnessAhead { name, theirs, ours }
    }

    fn failed(&mut self, failure: &Failure) {
        let pause = PAUSE_MIN.saturating_mul(1 << self.failures.min(16)).min(PAUSE_MAX);
        self.failures = self.failures.saturating_add(1);
        self.pausing = Some((Stopwatch::start(), pause));
        // What it has cosigned may be another size by now.
        self.size = None;
        let (name, failures) = (&self.name, self.failures);
        if matches!(failure, Failure::Inconsistent(_)) {
            tracing::error!(witness = %name, failures, "The witness {name} has seen another log than this one: {failure}. Compare its checkpoint with those published here; it is asked again in {pause:?}");
            return;
        }
        tracing::warn!(witness = %name, failures, "The witness {name} did not cosign: {failure}; it is asked again in {pause:?}");
    }
}

impl Question {
    async fn ask(mut self) -> Result<Said, Failure> {
        let size = self.prover.as_ref().map_or(TreeSize::EMPTY, |prover| prover.size);
        for _ in 0..ASKS_MAX {
            let body = AddCheckpoint {
                old: self.old,
                proof: self.prove().await?,
                checkpoint: self.note.as_ref().clone(),
            };
            let body = body.encode().map_err(|error| Failure::Proof(error.to_string()))?;
            let answer = self
                .http
                .post(&self.at, body.into_bytes(), ANSWER_BYTES_MAX, WITNESS_DEADLINE)
                .await?;
            match WitnessAnswer::read(answer.status, &answer.body)? {
                WitnessAnswer::Cosigned(lines) => {
                    let (line, _) = cosignature_among(&lines, &self.note, &self.vkey)?;
                    return Ok(Said::Cosigned(line));
                }
                WitnessAnswer::OtherSize(theirs) if size < theirs => return Ok(Said::Ahead(theirs)),
                WitnessAnswer::OtherSize(theirs) => self.old = theirs,
                WitnessAnswer::Refused { status: 404, .. } => return Ok(Said::Unknown),
                WitnessAnswer::Refused { status: 422, reason } => return Err(Failure::Inconsistent(reason)),
                WitnessAnswer::Refused { status, reason } => return Err(Failure::Refused { status, reason }),
            }
        }
        Err(Failure::Undecided)
    }

    async fn prove(&self) -> Result<ConsistencyProof, Failure> {
        let (old, hashes) = (self.old, Vec::new());
        match self.prover.clone() {
            Some(prover) => prover
                .from(old)
                .await
                .map_err(|error| Failure::Proof(error.to_string())),
            None => Ok(ConsistencyProof { hashes }),
        }
    }
}

impl Prover {
    /// That the tree has grown from `old` leaves.
    async fn from(self, old: TreeSize) -> Result<ConsistencyProof, LogError> {
        let prove = move || {
            let rows = self.reader.read()?;
            let tiles = TileReader::new(self.size, |id| stored_tile(&rows, id));
            Ok(prove_consistency(old, self.size, &tiles)?)
        };
        spawn_blocking(prove).await.expect("proving does not panic")
    }
}
