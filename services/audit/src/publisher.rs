//! The order of publishing: staged, read back, held, signed, cosigned, published. One task does it, for everything that waits.
//!
//! Every error on the way ends it, and starting again takes the same steps. Waiting for witnesses is no error: meanwhile more is
//! staged, and the next round asks for all of it.

use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::Arc;

use journal::cell::Cell;
use service::clock::Stopwatch;
use service::shutdown::Shutdown;
use tlog::cosignature::CosignTime;
use tlog::map::{MapHead, MapKey};
use tlog::note::Note;
use tlog::tiles::TileReader;
use tlog::{Checkpoint, Hash, TreeHead, TreeSize};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use views::Reader;

use crate::error::LogError;
use crate::head::HeldHead;
use crate::metrics::Metrics;
use crate::published::{Published, Shared};
use crate::reconcile::Known;
use crate::rows::{Pending, map_root_at, read_back, stored_tile};
use crate::seam::{Point, Seam};
use crate::signers::Signers;
use crate::witnesses::{Prover, Quorum, Round, Witnesses};
use crate::witnessing::Terms;

/// Batches that may wait for the publisher while it works: 64 batches of 1,000 leaves, each with some three map heads of 80 bytes.
pub(crate) const PENDING_MAX: usize = 64;

/// Leaves that may be staged ahead of what is published, while witnesses are waited for; then the rows wait, too. With three map
/// heads of some 100 bytes each, 80 MB.
const AHEAD_LEAVES_MAX: u64 = 1 << 18;

/// How long it takes until witnesses that did not answer at the start are asked again.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// Whoever signs. It alone holds the head, and moves what is published.
pub(crate) struct Publisher<C, S> {
    pub(crate) signers: Arc<Signers>,
    pub(crate) reader: Reader,
    pub(crate) head: HeldHead<C>,
    pub(crate) known: Known,
    pub(crate) witnesses: Witnesses,
    pub(crate) terms: Terms,
    pub(crate) shared: Arc<Shared>,
    pub(crate) metrics: Metrics,
    pub(crate) seam: S,
}

/// What is not published yet.
#[derive(Default)]
struct Ahead {
    /// Durable as rows, and read back up to `checked`.
    staged: Option<TreeHead>,
    checked: TreeSize,
    /// Up to here all tiles were read since the start.
    tiles_checked: TreeSize,
    /// Map heads that changed since the published checkpoint.
    heads: BTreeMap<MapKey, MapHead>,
    /// Held and signed: the staged head, or one before it.
    locked: Option<Locked>,
}

struct Locked {
    head: TreeHead,
    map_root: Hash,
    note: Note,
    /// Since when something is held that is not published.
    since: Stopwatch,
}

/// What a round with the witnesses leads to.
enum Turn {
    Publish(Note, Option<CosignTime>),
    Wait(Duration),
}

impl<C: Cell, S: Seam> Publisher<C, S> {
    /// Publishes what comes until shutdown, or until nothing comes any more.
    pub(crate) async fn run(
        mut self,
        mut pending: mpsc::Receiver<Pending>,
        shutdown: Shutdown,
    ) -> Result<(), LogError> {
        let mut ahead = Ahead::default();
        let starting = async {
            if !self.catch_up(&mut pending, &mut ahead).await? {
                return Ok(false);
            }
            self.ask_sizes().await?;
            Ok::<_, LogError>(true)
        };
        tokio::select! {
            biased;
            () = shutdown.wait() => return Ok(()),
            started = Box::pin(starting) => if !started? { return Ok(()) },
        }
        self.head.even(&self.seam).await?;
        let mut cosigned = Stopwatch::start();
        loop {
            while ahead.has_room(&self.shared)
                && let Ok(piece) = pending.try_recv()
            {
                ahead.stage(piece);
            }
            if shutdown.is_triggered() {
                return Ok(());
            }
            self.lock(&mut ahead).await?;
            let turn = tokio::select! {
                biased;
                () = shutdown.wait() => return Ok(()),
                turn = Box::pin(self.turn(&mut ahead, &cosigned)) => turn?,
            };
            let wait = match turn {
                Turn::Publish(note, as_of) => {
                    self.publish(&mut ahead, note, as_of).await?;
                    cosigned = Stopwatch::start();
                    continue;
                }
                Turn::Wait(wait) => wait,
            };
            tokio::select! {
                biased;
                () = shutdown.wait() => return Ok(()),
                piece = pending.recv(), if ahead.has_room(&self.shared) => match piece {
                    Some(piece) => ahead.stage(piece),
                    None => return Ok(()),
                },
                () = sleep(wait) => {}
            }
        }
    }

    /// Takes what was published before, up to what was signed before; false where the stream did not come so far.
    async fn catch_up(&self, pending: &mut mpsc::Receiver<Pending>, ahead: &mut Ahead) -> Result<bool, LogError> {
        let (resume_at, signed) = (self.known.resume_at(), self.known.largest());
        while let Some(piece) = pending.recv().await {
            let head = piece.head;
            if resume_at < head.size {
                ahead.stage(piece);
            } else {
                let heads: Vec<_> = piece.heads.into_iter().collect();
                self.shared.advance(&heads).await?;
                ahead.checked = ahead.checked.max(piece.checked);
            }
            if head.size == resume_at {
                let map_root = self.check_tiles(head).await?;
                self.shared.resume(head.size, map_root).await?;
                ahead.tiles_checked = head.size;
                // Signed before, and published to nobody.
                ahead.staged = self.shared.published().is_none().then_some(head);
            }
            if signed <= head.size {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// All stored tiles make what was published; returns the map's root that its last leaf states.
    async fn check_tiles(&self, head: TreeHead) -> Result<Hash, LogError> {
        let reader = self.reader.clone();
        let check = move || {
            let rows = reader.read()?;
            let tiles = TileReader::new(head.size, |id| stored_tile(&rows, id));
            if tiles.check_since(TreeSize::EMPTY).ok() != Some(head.root) {
                return Err(LogError::ReadBack(head.size));
            }
            map_root_at(&rows, head.size)
        };
        spawn_blocking(check).await.expect("reading tiles does not panic")
    }

    /// Nothing is signed before so many witnesses have said what they have cosigned that the others never made up a quorum.
    async fn ask_sizes(&mut self) -> Result<(), LogError> {
        if self.witnesses.is_empty() {
            return Ok(());
        }
        let (since, ours) = (Stopwatch::start(), self.known.largest());
        let empty = self.signers.sign(TreeHead::empty())?;
        self.seam.signed(&empty.encode()?);
        while !self.witnesses.sizes(&empty, ours).await?.suffice {
            if !self.terms.waits_longer(&since) {
                tracing::error!(
                    "Too few witnesses say what they have cosigned; checkpoints are signed without knowing, as configured"
                );
                return Ok(());
            }
            self.metrics.short.set(1);
            sleep(ASK_AGAIN).await;
        }
        Ok(())
    }

    /// Reads back, holds and signs what is staged.
    async fn lock(&mut self, ahead: &mut Ahead) -> Result<(), LogError> {
        let Some(head) = ahead.staged.filter(|staged| !ahead.is_locked(staged)) else {
            return Ok(());
        };
        self.seam.reach(Point::Staged)?;
        let (reader, from, tiles_from) = (self.reader.clone(), ahead.checked, ahead.tiles_checked);
        let reading = spawn_blocking(move || read_back(&reader, from, tiles_from, head)).await;
        let map_root = reading.expect("reading back does not panic")?;
        (ahead.checked, ahead.tiles_checked) = (head.size, head.size);
        self.seam.reach(Point::ReadBack)?;
        self.head.replace(head, &self.seam).await?;
        self.shared.lock(head.size);
        self.metrics.locked.set(figure(head.size.get()));
        let note = self.signers.sign(head)?;
        self.seam.signed(&note.encode()?);
        self.seam.reach(Point::Signed)?;
        let since = ahead.locked.take().map_or_else(Stopwatch::start, |before| before.since);
        ahead.locked = Some(Locked {
            head,
            map_root,
            note,
            since,
        });
        Ok(())
    }

    /// Asks the witnesses about what is locked; or about what is published, where that was cosigned long ago.
    async fn turn(&mut self, ahead: &mut Ahead, cosigned: &Stopwatch) -> Result<Turn, LogError> {
        if let Some(locked) = &mut ahead.locked {
            let round = self.cosign(&locked.note, false, locked.head.size).await?;
            if let Quorum::Stands(as_of) = round.quorum {
                return Ok(Turn::Publish(round.note, as_of));
            }
            self.metrics.short.set(1);
            if self.terms.waits_longer(&locked.since) {
                locked.note = round.note;
                return Ok(Turn::Wait(round.again));
            }
            let size = locked.head.size;
            tracing::error!(
                log.size = size.get(),
                "The checkpoint of {size} leaves is published without its quorum of witnesses, as configured"
            );
            return Ok(Turn::Publish(round.note, None));
        }
        let Some(published) = self.shared.published().filter(|_| !self.witnesses.is_empty()) else {
            return Ok(Turn::Wait(self.terms.recosign));
        };
        // What was published under another policy, or in want of witnesses, is cosigned as soon as they answer.
        let is_short = published.as_of.is_none() && self.witnesses.are_needed();
        let left = if is_short {
            Duration::ZERO
        } else {
            self.terms.recosign.saturating_sub(cosigned.elapsed())
        };
        if !left.is_zero() {
            return Ok(Turn::Wait(left));
        }
        // Signed anew: since the start, there may be another key.
        let mut note = self.signers.sign(published.checkpoint.head())?;
        let before = Note::parse(published.note.as_bytes())?;
        for line in before.signatures() {
            // Those by our own keys are there already.
            let _there = note.add(line.clone());
        }
        let round = self.cosign(&note, true, published.checkpoint.size).await?;
        if let Quorum::Stands(as_of) = round.quorum {
            return Ok(Turn::Publish(round.note, as_of));
        }
        self.metrics.short.set(1);
        Ok(Turn::Wait(round.again))
    }

    async fn cosign(&mut self, note: &Note, again: bool, size: TreeSize) -> Result<Round, LogError> {
        let reader = self.reader.clone();
        let round = self.witnesses.cosign(note, again, Prover { reader, size }).await?;
        self.seam.reach(Point::Cosigned)?;
        Ok(round)
    }

    async fn publish(&self, ahead: &mut Ahead, note: Note, as_of: Option<CosignTime>) -> Result<(), LogError> {
        let published = Published {
            checkpoint: Checkpoint::parse(note.text())?,
            note: note.encode()?,
            as_of,
        };
        self.metrics.published.set(figure(published.checkpoint.size.get()));
        if let Some(time) = as_of {
            self.metrics.cosigned.set(figure(time.get()));
            self.metrics.short.set(0);
        }
        let Some(locked) = ahead.locked.take() else {
            return self.shared.refresh(published).await;
        };
        let heads: Vec<_> = core::mem::take(&mut ahead.heads).into_iter().collect();
        ahead.staged = None;
        self.shared
            .publish(published, &heads, locked.map_root, &self.seam)
            .await
    }
}

impl Ahead {
    fn stage(&mut self, piece: Pending) {
        self.staged = Some(piece.head);
        self.checked = self.checked.max(piece.checked);
        self.heads.extend(piece.heads);
    }

    fn is_locked(&self, staged: &TreeHead) -> bool {
        self.locked.as_ref().is_some_and(|locked| locked.head == *staged)
    }

    fn has_room(&self, shared: &Shared) -> bool {
        let published = shared.published().map_or(TreeSize::EMPTY, |last| last.checkpoint.size);
        let staged = self.staged.map_or(published, |staged| staged.size);
        staged.get() - published.get() < AHEAD_LEAVES_MAX
    }
}

fn figure(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
