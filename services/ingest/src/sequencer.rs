//! The one task that owns the state statements are admitted on.
//!
//! Knows the replica, the receipts and our end of the stream. Knows no network and no proto.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use event::{
    DeploymentId, PublicKey, Record, SignedStatement, StatementId, StreamPosition, Timestamp, VerifiedStatement,
};
use journal::{APPEND_BATCH_MAX, Append, AppendError, Batch, FollowError, Follower, Journal};
use ledger::{Key, Refusal};
use replay::{Checked, Replica, check};
use rpc::ingest::Denial;
use service::clock::Clock;
use service::parallel;
use service::shutdown::Shutdown;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{MissedTickBehavior, interval};

use crate::lanes::Lanes;
use crate::metrics::Metrics;
use crate::receipts::{Receipt, Receipts};

/// Questions about the state that may wait.
pub(crate) const INQUIRIES_MAX: usize = 256;
/// How often a batch is decided again because another writer was first; then its submitters are told to try again.
const CONFLICTS_MAX: u32 = 8;

/// A statement and who waits for its outcome.
#[derive(Debug)]
pub(crate) struct Submission {
    pub(crate) claim: Claim,
    pub(crate) line: Line,
    pub(crate) outcome: oneshot::Sender<Outcome>,
}

/// What is submitted.
#[derive(Debug)]
pub(crate) enum Claim {
    /// Its signature holds.
    Verified(Box<VerifiedStatement>),
    /// Its signature does not hold before the founding: verified in its turn, when the founding may be known.
    Early(Box<SignedStatement>),
}

/// The statements of one call, in their order.
///
/// Once the outcome of one is unknown, none behind it is sequenced: it would use up the numbers of those before it,
/// and their resubmission would be refused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line(Arc<AtomicBool>);

impl Line {
    fn cut(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_cut(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a submitter is told.
pub(crate) type Outcome = Result<Receipt, NotRecorded>;

/// Why there is no receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotRecorded {
    /// The rules refuse it at this point of the stream.
    Refused(Denial),
    /// It may or may not be in the stream; the same bytes may be submitted again.
    Unknown,
}

/// What is known of a signer's key, and as of which position?
#[derive(Debug)]
pub(crate) struct Inquiry {
    pub(crate) key: PublicKey,
    pub(crate) reply: oneshot::Sender<(StreamPosition, Option<Key>)>,
}

/// Which deployment this is, and where its stream ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Present {
    pub(crate) deployment: Option<DeploymentId>,
    pub(crate) position: StreamPosition,
    pub(crate) clock: Timestamp,
    /// Whether the stream was read to its end once: until then it may go on behind this position, whoever wrote it.
    pub(crate) is_whole: bool,
}

impl Present {
    const fn of(replica: &Replica, is_whole: bool) -> Self {
        Self {
            deployment: replica.deployment(),
            position: replica.position(),
            clock: replica.ledger().clock(),
            is_whole,
        }
    }
}

/// Why the sequencer stopped: the stream is not the one it knows.
#[derive(Debug, Error)]
pub enum SequencerError {
    /// Rolled back, replaced or with a gap.
    #[error(
        "ingest stops, because its state no longer follows from the stream: {0}; find out what happened to the stream, then start ingest again"
    )]
    Stream(#[from] FollowError),
}

pub(crate) struct Sequencer<J, C> {
    journal: J,
    clock: C,
    replica: Replica,
    /// As in [`Present`].
    is_whole: bool,
    receipts: Receipts,
    present: watch::Sender<Present>,
    metrics: Metrics,
}

/// A batch whose records are on their way, with who waits for what.
#[derive(Default)]
struct Pending {
    appends: Vec<Append>,
    /// By statement, its receipt if the batch is stored.
    receipts: BTreeMap<StatementId, Receipt>,
    answers: Vec<Answered>,
    refusals: u64,
}

/// A submission that was decided.
struct Answered {
    claim: Claim,
    line: Line,
    outcome: oneshot::Sender<Outcome>,
    answer: Answer,
}

/// What a submitter is told once the batch is stored.
#[derive(Clone, Copy)]
enum Answer {
    Receipt(Receipt),
    Refusal(Denial),
}

enum Sequenced {
    /// Everyone has an answer.
    Answered,
    /// Another writer was first: decide again.
    Again(Vec<Submission>),
}

impl<J: Journal, C: Clock> Sequencer<J, C> {
    pub(crate) fn new(journal: J, clock: C, metrics: Metrics) -> Self {
        let replica = Replica::new();
        let present = watch::Sender::new(Present::of(&replica, false));
        Self {
            journal,
            clock,
            replica,
            is_whole: false,
            receipts: Receipts::default(),
            present,
            metrics,
        }
    }

    /// Where the state stands, after every batch.
    pub(crate) fn present(&self) -> watch::Receiver<Present> {
        self.present.subscribe()
    }

    /// Reads the stream from where the replica stands to its end. All cores check a batch while the one before it is
    /// stepped through.
    pub(crate) async fn catch_up(&mut self) -> Result<(), SequencerError> {
        let mut follower = self.journal.follow(self.replica.position()).await?;
        let mut ahead = None;
        loop {
            let deployment = self.replica.deployment();
            let (checking, caught_up) = match ahead.take() {
                Some(checking) => checking,
                None => check_all(deployment, follower.next().await?),
            };
            let checked = checking.await;
            // What is signed for a deployment cannot be checked before that is founded.
            if !caught_up && deployment.is_some() {
                ahead = Some(check_all(deployment, follower.next().await?));
            }
            for record in checked {
                let step = self.replica.step(record);
                self.receipts.remember(&step);
            }
            self.is_whole |= caught_up;
            self.show();
            if caught_up {
                return Ok(());
            }
        }
    }

    /// Sequences what comes until shutdown or until every submitter is gone, and while nothing comes reads what others wrote.
    pub(crate) async fn run(
        mut self,
        mut lanes: Lanes,
        mut inquiries: mpsc::Receiver<Inquiry>,
        look_interval: Duration,
        shutdown: Shutdown,
    ) -> Result<(), SequencerError> {
        let mut batch = Vec::with_capacity(APPEND_BATCH_MAX);
        let mut looks = interval(look_interval);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first one comes at once, and the stream has just been read.
        looks.reset();
        loop {
            tokio::select! {
                biased;
                () = shutdown.wait() => return Ok(()),
                Some(inquiry) = inquiries.recv() => self.answer(inquiry),
                begun = lanes.begin(&mut batch) => {
                    let Some(begun) = begun else { return Ok(()) };
                    lanes.fill(&mut batch, begun).await;
                    self.sequence(core::mem::take(&mut batch)).await?;
                    looks.reset();
                }
                _ = looks.tick() => self.read_on().await?,
            }
        }
    }

    /// Reads what another writer has written. A stream that cannot be asked is asked again later: whoever appends is told.
    async fn read_on(&mut self) -> Result<(), SequencerError> {
        match self.journal.end().await {
            Ok(end) if self.replica.position() < end.last => self.catch_up().await,
            _ => Ok(()),
        }
    }

    fn answer(&self, Inquiry { key, reply }: Inquiry) {
        // Whoever asked may have gone; then nobody misses the answer.
        let _ = reply.send((self.replica.position(), self.replica.ledger().key(&key).copied()));
    }

    /// Lets everyone see where the state stands.
    fn show(&self) {
        self.metrics.position(self.replica.position());
        self.present.send_replace(Present::of(&self.replica, self.is_whole));
    }

    async fn sequence(&mut self, mut batch: Vec<Submission>) -> Result<(), SequencerError> {
        for cut in batch.extract_if(.., |submission| submission.line.is_cut()) {
            self.tell_unknown(&cut.line, cut.outcome);
        }
        for _ in 0..CONFLICTS_MAX {
            match self.attempt(batch).await? {
                Sequenced::Answered => return Ok(()),
                Sequenced::Again(rest) => batch = rest,
            }
        }
        for submission in batch {
            self.tell_unknown(&submission.line, submission.outcome);
        }
        Ok(())
    }

    /// Admits the batch on a staged ledger and appends what is admitted; answers only once that is durable.
    async fn attempt(&mut self, batch: Vec<Submission>) -> Result<Sequenced, SequencerError> {
        let admitted_at = self.clock.now().max(self.replica.ledger().clock());
        let position = self.replica.position();
        let mut staged = self.replica.stage();
        let mut pending = Pending::default();
        for submission in batch {
            pending.decide(&mut staged, &self.receipts, submission, admitted_at);
        }
        let appends = core::mem::take(&mut pending.appends);
        let appended = if !appends.is_empty() {
            self.metrics.batch(appends.len());
            self.journal.append(appends, position).await
        } else if 0 < pending.refusals {
            // Nothing tells us that our state is still the stream's: ask, before anything is refused on it.
            ends_at(&self.journal, position).await
        } else {
            Ok(position)
        };
        match appended {
            Ok(_) => {
                staged.commit();
                self.receipts.extend(&pending.receipts);
                self.metrics.answered(pending.receipts.len(), pending.refusals);
                self.show();
                pending.tell();
                Ok(Sequenced::Answered)
            }
            Err(AppendError::Conflict { .. }) => {
                drop(staged);
                tracing::info!(
                    stream.position = position.get(),
                    "Another writer was first; reading on and deciding again"
                );
                self.metrics.conflict();
                self.catch_up().await?;
                Ok(Sequenced::Again(pending.again()))
            }
            Err(error @ (AppendError::Unknown { .. } | AppendError::Refused { .. })) => {
                drop(staged);
                tracing::error!(
                    stream.position = position.get(),
                    %error,
                    "A batch was not acknowledged; reading the stream again, promising nothing"
                );
                self.metrics.unknown();
                self.catch_up().await?;
                self.tell_what_stands(pending);
                Ok(Sequenced::Answered)
            }
        }
    }

    /// After an unknown outcome: those that stand in the stream have their receipts; the others may try again.
    fn tell_what_stands(&self, pending: Pending) {
        for Answered {
            claim, line, outcome, ..
        } in pending.answers
        {
            match claim.id().and_then(|id| self.receipts.find(&id)) {
                Some(receipt) => {
                    let _ = outcome.send(Ok(receipt));
                }
                None => self.tell_unknown(&line, outcome),
            }
        }
    }

    fn tell_unknown(&self, line: &Line, outcome: oneshot::Sender<Outcome>) {
        line.cut();
        self.metrics.unanswered();
        let _ = outcome.send(Err(NotRecorded::Unknown));
    }
}

impl Claim {
    /// Its id, once it is verified.
    fn id(&self) -> Option<StatementId> {
        match self {
            Self::Verified(statement) => Some(statement.id()),
            Self::Early(_) => None,
        }
    }

    /// Verified by what is founded now, if it holds.
    fn in_turn(self, deployment: Option<DeploymentId>) -> Result<Box<VerifiedStatement>, (Self, Refusal)> {
        match self {
            Self::Verified(statement) => Ok(statement),
            Self::Early(statement) => {
                let verified = statement
                    .as_ref()
                    .clone()
                    .verify(deployment.unwrap_or(DeploymentId::FOUNDING));
                verified
                    .map(Box::new)
                    .map_err(|error| (Self::Early(statement), error.into()))
            }
        }
    }
}

impl Pending {
    fn decide(
        &mut self,
        staged: &mut ledger::Staged<'_>,
        known: &Receipts,
        Submission { claim, line, outcome }: Submission,
        admitted_at: Timestamp,
    ) {
        let (claim, answer) = match claim.in_turn(staged.deployment()) {
            Ok(statement) => {
                let answer = self.answer(staged, known, &statement, admitted_at);
                (Claim::Verified(statement), answer)
            }
            Err((claim, refusal)) => (claim, Answer::Refusal(refusal.into())),
        };
        if let Answer::Refusal(_) = answer {
            self.refusals += 1;
        }
        self.answers.push(Answered {
            claim,
            line,
            outcome,
            answer,
        });
    }

    fn answer(
        &mut self,
        staged: &mut ledger::Staged<'_>,
        known: &Receipts,
        statement: &VerifiedStatement,
        admitted_at: Timestamp,
    ) -> Answer {
        let id = statement.id();
        // The same bytes again, now or earlier: the same receipt.
        if let Some(receipt) = known.find(&id).or_else(|| self.receipts.get(&id).copied()) {
            return Answer::Receipt(receipt);
        }
        match staged.admit(statement, admitted_at) {
            Ok(admitted) => {
                staged.apply(admitted);
                let receipt = Receipt {
                    position: staged.position(),
                    statement: id,
                    admitted_at,
                };
                self.receipts.insert(id, receipt);
                self.appends.push(record(statement, admitted_at));
                Answer::Receipt(receipt)
            }
            Err(refusal) => Answer::Refusal(Denial {
                refusal,
                latest: staged.unseen(statement.event()),
            }),
        }
    }

    /// Everyone, to be decided anew.
    fn again(self) -> Vec<Submission> {
        let submission = |Answered {
                              claim, line, outcome, ..
                          }| Submission { claim, line, outcome };
        self.answers.into_iter().map(submission).collect()
    }

    fn tell(self) {
        for Answered { outcome, answer, .. } in self.answers {
            // A submitter that went away asks again, and gets the same receipt.
            let _ = outcome.send(match answer {
                Answer::Receipt(receipt) => Ok(receipt),
                Answer::Refusal(refusal) => Err(NotRecorded::Refused(refusal)),
            });
        }
    }
}

/// Begins to check a batch on all cores; and says whether it reaches the stream's end.
fn check_all(deployment: Option<DeploymentId>, batch: Batch) -> (impl Future<Output = Vec<Checked>> + Send, bool) {
    let checking = parallel::map_all_beside(batch.records, move |delivery| check(deployment, delivery.payload));
    (checking, batch.caught_up)
}

/// Whether the stream ends where we think: then it answers as an append of nothing would.
async fn ends_at(journal: &impl Journal, position: StreamPosition) -> Result<StreamPosition, AppendError> {
    match journal.end().await {
        Ok(end) if end.last == position => Ok(position),
        Ok(end) => Err(AppendError::Conflict { last: Some(end.last) }),
        Err(error) => Err(AppendError::Unknown { why: error.to_string() }),
    }
}

fn record(statement: &VerifiedStatement, admitted_at: Timestamp) -> Append {
    let subject = statement.event().kind().topic().subject(statement.party());
    let payload = Record::encode_of(admitted_at, statement.signed());
    Append {
        subject,
        payload: payload.into(),
    }
}
