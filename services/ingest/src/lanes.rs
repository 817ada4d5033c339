//! What waits for the sequencer: statements submitted alone, and those of streams, each in a queue of their own.
//!
//! Knows how a batch is put together. Knows nothing of what is in it.

use std::future::{poll_fn, ready};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use journal::APPEND_BATCH_MAX;
use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::sequencer::Submission;

/// Verified statements that may wait in each lane: two batches, so that one fills while one is on its way.
pub const QUEUE_MAX: usize = 2 * APPEND_BATCH_MAX;
/// Statements submitted alone that go before those of streams: half a batch, so that neither shuts the other out.
const ALONE_FIRST_MAX: usize = APPEND_BATCH_MAX / 2;
/// How long a batch waits for statements of streams that are being verified: it costs the stream server as much as
/// hundreds of records, and this is about as long as it is on its way.
pub const FILL_WAIT: Duration = Duration::from_millis(10);
/// With so many records a batch waits no longer where somebody waits for one statement: it is worth its cost.
const FULL_ENOUGH: usize = APPEND_BATCH_MAX / 2;

/// The sequencer's end.
#[derive(Debug)]
pub(crate) struct Lanes {
    alone: mpsc::Receiver<Submission>,
    streamed: mpsc::Receiver<Submission>,
    verifying: Verifying,
}

/// Where a statement waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    Alone,
    Streamed,
}

/// The door's end.
#[derive(Clone, Debug)]
pub(crate) struct Entries {
    /// For a statement submitted alone.
    pub(crate) alone: mpsc::Sender<Submission>,
    /// For the statements of a stream, in their order.
    pub(crate) streamed: mpsc::Sender<Submission>,
    /// Told of statements that will come by `streamed`.
    pub(crate) verifying: Verifying,
}

/// Batches of statements whose signatures are being verified: work that ends by itself, whatever their submitters do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verifying(Arc<AtomicUsize>);

/// One of them, until it is dropped.
#[derive(Debug)]
pub(crate) struct UnderWay(Arc<AtomicUsize>);

pub(crate) fn lanes() -> (Entries, Lanes) {
    let (alone, alone_end) = mpsc::channel(QUEUE_MAX);
    let (streamed, streamed_end) = mpsc::channel(QUEUE_MAX);
    let verifying = Verifying::default();
    let lanes = Lanes {
        alone: alone_end,
        streamed: streamed_end,
        verifying: verifying.clone(),
    };
    let entries = Entries {
        alone,
        streamed,
        verifying,
    };
    (entries, lanes)
}

impl Verifying {
    pub(crate) fn begin(&self) -> UnderWay {
        self.0.fetch_add(1, Ordering::Relaxed);
        UnderWay(Arc::clone(&self.0))
    }

    fn any(&self) -> bool {
        0 < self.0.load(Ordering::Relaxed)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Lanes {
    /// Waits for the first statements of the next batch, and says whence they are; nothing once there will be no more.
    /// Dropping the future loses nothing.
    pub(crate) async fn begin(&mut self, batch: &mut Vec<Submission>) -> Option<Lane> {
        let order = [(Lane::Alone, ALONE_FIRST_MAX), (Lane::Streamed, APPEND_BATCH_MAX)];
        self.take(batch, order).await
    }

    /// Fills a batch that has begun with all that is there, and waits a little for what is about to be.
    pub(crate) async fn fill(&mut self, batch: &mut Vec<Submission>, begun: Lane) {
        let mut waited = pin!(sleep(FILL_WAIT));
        let mut has_alone = begun == Lane::Alone;
        while batch.len() < APPEND_BATCH_MAX {
            let room = APPEND_BATCH_MAX - batch.len();
            let enough = if has_alone { FULL_ENOUGH } else { APPEND_BATCH_MAX };
            let waits = batch.len() < enough && self.verifying.any();
            tokio::select! {
                biased;
                taken = self.take(batch, [(Lane::Streamed, room), (Lane::Alone, room)]) => match taken {
                    Some(lane) => has_alone |= lane == Lane::Alone,
                    None => return,
                },
                () = &mut waited, if waits => return,
                () = ready(()), if !waits => return,
            }
        }
    }

    /// Waits for statements of the first lane, or else of the second, and takes at most so many.
    async fn take(&mut self, batch: &mut Vec<Submission>, order: [(Lane, usize); 2]) -> Option<Lane> {
        poll_fn(|cx| {
            let mut ended = true;
            for (lane, max) in order {
                let queue = match lane {
                    Lane::Alone => &mut self.alone,
                    Lane::Streamed => &mut self.streamed,
                };
                match queue.poll_recv_many(cx, batch, max) {
                    Poll::Ready(0) => {}
                    Poll::Ready(_) => return Poll::Ready(Some(lane)),
                    Poll::Pending => ended = false,
                }
            }
            if ended { Poll::Ready(None) } else { Poll::Pending }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use event::SignedStatement;
    use event::key::PublicKey;
    use event::statement::{Body, SignatureBytes};
    use tokio::sync::oneshot;
    use tokio::time::Instant;

    use super::*;
    use crate::sequencer::{Claim, Line};

    const ALONE: u8 = 1;
    const STREAMED: u8 = 2;

    fn submission(lane: u8) -> Submission {
        let statement = SignedStatement {
            key: PublicKey::from_bytes([lane; 32]),
            signature: SignatureBytes([0; 64]),
            body: Body(Vec::new()),
        };
        Submission {
            claim: Claim::Early(Box::new(statement)),
            line: Line::default(),
            outcome: oneshot::channel().0,
        }
    }

    fn lane(submission: &Submission) -> u8 {
        match &submission.claim {
            Claim::Early(statement) => statement.key.as_bytes()[0],
            Claim::Verified(_) => unreachable!("none of these is verified"),
        }
    }

    /// The next batch as runs of one lane, and how long it took to put together.
    async fn check(alone: usize, streamed: usize, verifying: bool, expected: &[(u8, usize)], waits: Duration) {
        let (entries, mut lanes) = lanes();
        let under_way = verifying.then(|| entries.verifying.begin());
        for _ in 0..alone {
            entries.alone.try_send(submission(ALONE)).unwrap();
        }
        for _ in 0..streamed {
            entries.streamed.try_send(submission(STREAMED)).unwrap();
        }
        let (mut batch, start) = (Vec::new(), Instant::now());
        let begun = lanes.begin(&mut batch).await.unwrap();
        lanes.fill(&mut batch, begun).await;
        let runs: Vec<_> = batch
            .chunk_by(|one, next| lane(one) == lane(next))
            .map(|run| (lane(&run[0]), run.len()))
            .collect();
        assert_eq!(runs, expected, "{alone} alone, {streamed} streamed");
        // A paused clock goes on by itself, in steps of a millisecond.
        let took = start.elapsed();
        assert!(waits <= took && took <= waits + Duration::from_millis(1), "{took:?}");
        drop(under_way);
    }

    #[tokio::test(start_paused = true)]
    async fn neither_lane_shuts_the_other_out() {
        let (half, at_once) = (APPEND_BATCH_MAX / 2, Duration::ZERO);
        check(1, 1, false, &[(ALONE, 1), (STREAMED, 1)], at_once).await;
        check(QUEUE_MAX, QUEUE_MAX, false, &[(ALONE, half), (STREAMED, half)], at_once).await;
        check(
            3,
            QUEUE_MAX,
            false,
            &[(ALONE, 3), (STREAMED, APPEND_BATCH_MAX - 3)],
            at_once,
        )
        .await;
        check(QUEUE_MAX, 0, false, &[(ALONE, APPEND_BATCH_MAX)], at_once).await;
        let last = half - 100;
        check(
            QUEUE_MAX,
            100,
            false,
            &[(ALONE, half), (STREAMED, 100), (ALONE, last)],
            at_once,
        )
        .await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_waits_for_what_is_being_verified_until_it_is_worth_its_cost() {
        let at_once = Duration::ZERO;
        check(0, 7, false, &[(STREAMED, 7)], at_once).await;
        check(0, 7, true, &[(STREAMED, 7)], FILL_WAIT).await;
        check(0, APPEND_BATCH_MAX, true, &[(STREAMED, APPEND_BATCH_MAX)], at_once).await;
        check(1, 7, false, &[(ALONE, 1), (STREAMED, 7)], at_once).await;
        check(1, 7, true, &[(ALONE, 1), (STREAMED, 7)], FILL_WAIT).await;
        check(1, FULL_ENOUGH, true, &[(ALONE, 1), (STREAMED, FULL_ENOUGH)], at_once).await;
        check(0, FULL_ENOUGH, true, &[(STREAMED, FULL_ENOUGH)], FILL_WAIT).await;
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_meanwhile_joins_the_batch() {
        let (entries, mut lanes) = lanes();
        let _under_way = entries.verifying.begin();
        for _ in 0..FULL_ENOUGH {
            entries.streamed.try_send(submission(STREAMED)).unwrap();
        }
        let mut batch = Vec::new();
        let begun = lanes.begin(&mut batch).await.unwrap();
        let coming = async {
            for (lane, entry) in [(STREAMED, &entries.streamed), (ALONE, &entries.alone)] {
                sleep(FILL_WAIT / 4).await;
                entry.send(submission(lane)).await.unwrap();
            }
        };
        let start = Instant::now();
        tokio::join!(lanes.fill(&mut batch, begun), coming);
        assert_eq!(batch.len(), FULL_ENOUGH + 2);
        assert_eq!(lane(batch.last().unwrap()), ALONE);
        assert!(start.elapsed() < FILL_WAIT, "there are enough for who is alone");
    }

    #[tokio::test]
    async fn it_ends_with_the_door() {
        let (entries, mut lanes) = lanes();
        entries.streamed.try_send(submission(STREAMED)).unwrap();
        drop(entries);
        let mut batch = Vec::new();
        assert_eq!(lanes.begin(&mut batch).await, Some(Lane::Streamed));
        lanes.fill(&mut batch, Lane::Streamed).await;
        assert_eq!(batch.len(), 1);
        assert_eq!(lanes.begin(&mut batch).await, None);
    }
}
