//! Stopped between any two effects of publishing, and started again: no two checkpoints that were ever signed disagree.

use std::fs::{self, OpenOptions};
use std::time::Duration;

use audit::{HeadError, LogError, Point, Stopped, Terms, Witnessing};
use event::StreamPosition;
use journal::memory::Fault;
use tlog::TreeSize;
use tokio::time::timeout;

use crate::support::{Ended, Place, Stop, Tree, head_of, leaves, lot};
use crate::witness::{Witness, policy};

/// How many histories. `VETA_SEED` runs the one of a seed alone.
const RUNS: u64 = 1_000;

/// One takes a fraction of a second, and this is a busy machine.
const HISTORY_WAIT: Duration = Duration::from_secs(60);

/// How many of them at a time.
const BESIDE: u64 = 8;

/// Every point that there is, in the order in which they are passed.
const POINTS: [Point; 11] = [
    Point::Started,
    Point::Staging,
    Point::Staged,
    Point::ReadBack,
    Point::HeldInFile,
    Point::Held,
    Point::Signed,
    Point::Cosigned,
    Point::InHistory,
    Point::Kept,
    Point::Published,
];

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn one_in(&mut self, bound: u64) -> bool {
        self.below(bound) == 0
    }
}

fn push(place: &Place, random: &mut Random) {
    for _ in 0..=random.below(12) {
        let n = place.journal.records().len();
        place.journal.push(format!("no record {n}"));
    }
}

/// What a crash leaves of a file that was being written.
fn tear_history(place: &Place, whole: u64, random: &mut Random) {
    let path = place.dir.path().join("checkpoints");
    let length = fs::metadata(&path).unwrap().len();
    let torn = whole + random.below(length - whole + 1);
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(torn).unwrap();
}

fn history_length(place: &Place) -> u64 {
    fs::metadata(place.dir.path().join("checkpoints")).map_or(0, |file| file.len())
}

/// One history: some records, and a stop anywhere, also while recovering from the stop before; and at the end all is well.
async fn history(seed: u64, witnesses: &[Witness]) {
    let mut random = Random(seed);
    let mut place = Place::named(&format!("veta.test/log-{seed}"));
    let (_, statements, _) = lot();
    place.push(&statements);
    if random.one_in(4) {
        place.witnessing = Some(Witnessing {
            policy: policy(&[place.vkey()], witnesses, 2),
            terms: Terms::default(),
        });
    }
    for _ in 0..=random.below(3) {
        push(&place, &mut random);
        place.onlooker.stop(Stop::After(1 + random.below(24)));
        if random.one_in(8) {
            place.cell.fail_next(if random.one_in(2) {
                Fault::NotPersisted
            } else {
                Fault::PersistedButUnanswered
            });
        }
        let whole = history_length(&place);
        match place.until_published(place.journal.records().len() as u64).await {
            Ended::Failed(LogError::Stopped(Stopped(Point::InHistory))) if random.one_in(2) => {
                tear_history(&place, whole, &mut random);
            }
            Ended::Published | Ended::Failed(LogError::Stopped(_) | LogError::Head(HeadError::Cell(_))) => {}
            ended => panic!("seed {seed}: {ended:?}"),
        }
        if random.one_in(6) {
            lose_rows(&place);
        }
        if random.one_in(4) {
            rewrite(seed, &place, &mut random).await;
        }
    }
    push(&place, &mut random);
    place.onlooker.stop(Stop::Never);
    let size = place.journal.records().len() as u64;
    loop {
        match place.until_published(size).await {
            Ended::Published => break,
            // Faults of the cell that were not met before.
            Ended::Failed(LogError::Head(HeadError::Cell(_))) => {}
            ended => panic!("seed {seed}: {ended:?}"),
        }
    }
    check(seed, &place);
}

fn lose_rows(place: &Place) {
    drop(fs::remove_dir_all(place.dir.path().join("rows")));
}

/// The stream loses its newest records, and others come in their place. What was signed is not signed over: either the log says
/// so, and goes on when the records are back, or nothing of it was signed.
async fn rewrite(seed: u64, place: &Place, random: &mut Random) {
    let records = place.journal.records();
    let (founded, before) = (5, records.len() as u64);
    let kept = founded + random.below(before - founded + 1);
    let sizes: Vec<_> = place
        .onlooker
        .signed()
        .iter()
        .map(|note| head_of(note).size.get())
        .collect();
    let signed = sizes.iter().copied().max().unwrap_or(0);
    place.onlooker.stop(Stop::Never);
    place.journal.roll_back(StreamPosition::new(kept));
    for n in kept..kept + random.below(16) {
        place.journal.push(format!("another record {n}, as of {before}"));
    }
    let came_to = place.journal.records().len() as u64;
    loop {
        match place.until_published_or_read_only(came_to).await {
            Ended::Published => {
                assert!(
                    signed <= kept,
                    "seed {seed}: {signed} leaves were signed, and {kept} of them kept"
                );
                return;
            }
            Ended::ReadOnly => break,
            // The rows are of the records that were lost, and nothing of those was signed.
            Ended::Failed(LogError::OtherLeaf(_)) => lose_rows(place),
            Ended::Failed(LogError::Head(HeadError::Cell(_))) => {}
            Ended::Failed(error) => panic!("seed {seed}: {error}"),
        }
    }
    let new = place.onlooker.signed().split_off(sizes.len());
    let signed_now = new.iter().filter(|note| TreeSize::EMPTY < head_of(note).size);
    assert_eq!(signed_now.count(), 0, "seed {seed}: something was signed all the same");
    place.journal.roll_back(StreamPosition::new(kept));
    for record in records.into_iter().skip(usize::try_from(kept).unwrap()) {
        place.journal.push(record);
    }
    lose_rows(place);
}

/// All that was signed is of the one history that the stream makes, and that was published to its end.
#[track_caller]
fn check(seed: u64, place: &Place) {
    let leaves = leaves(place);
    let signed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| place.check_signed(&leaves)));
    assert!(signed.is_ok(), "seed {seed}");
    let published = fs::read_to_string(place.dir.path().join("checkpoint")).unwrap();
    assert_eq!(head_of(&published), Tree::of(&leaves).head, "seed {seed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_two_checkpoints_disagree_wherever_the_process_stops() {
    let witnesses = Witness::several(3).await;
    if let Some(seed) = std::env::var("VETA_SEED").ok().and_then(|seed| seed.parse().ok()) {
        return history(seed, &witnesses).await;
    }
    let mut running = tokio::task::JoinSet::new();
    for first in 0..BESIDE {
        let witnesses = witnesses.clone();
        running.spawn(async move {
            for seed in (first..RUNS).step_by(usize::try_from(BESIDE).unwrap()) {
                let ended = timeout(HISTORY_WAIT, history(seed, &witnesses)).await;
                assert!(ended.is_ok(), "seed {seed} does not come to its end");
            }
        });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
}

/// Each point once by its name, so that none is left out by chance.
#[tokio::test(flavor = "multi_thread")]
async fn every_point_is_passed_and_recovered_from() {
    let witnesses = Witness::several(3).await;
    for (seed, point) in (0..).zip(POINTS) {
        let mut place = Place::named(&format!("veta.test/point-{seed}"));
        let (_, statements, _) = lot();
        place.push(&statements);
        place.witnessing = Some(Witnessing {
            policy: policy(&[place.vkey()], &witnesses, 2),
            terms: Terms::default(),
        });
        for _ in 0..2 {
            place.onlooker.stop(Stop::At(point));
            let ended = place.until_published(5).await;
            assert!(
                matches!(ended, Ended::Failed(LogError::Stopped(Stopped(at))) if at == point),
                "{point}: {ended:?}"
            );
            place.journal.push("no record".to_owned());
        }
        place.onlooker.stop(Stop::Never);
        let size = place.journal.records().len() as u64;
        assert!(matches!(place.until_published(size).await, Ended::Published));
        check(seed, &place);
    }
}
