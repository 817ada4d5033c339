//! Who may read at a desk, and what keeps him from it.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use common::{Model, all_rows, commit_next, model_at, open};
use event::units::StreamPosition;
use service::reach::Unreached;
use tempfile::{TempDir, tempdir};
use thiserror::Error;
use tokio::sync::watch;
use views::{Counted, Desk, DeskError, Reader, Store, StoreError};

/// Nobody here moves a position later: whoever has to wait has waited long enough.
const WAIT_MAX: Duration = Duration::ZERO;

#[derive(Debug, Error)]
enum ReadError {
    #[error(transparent)]
    Desk(#[from] DeskError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A desk at which one reads at a time, not open yet, and the rows of a position.
struct Office {
    desk: Desk,
    position: watch::Sender<StreamPosition>,
    store: Store,
    _dir: TempDir,
}

impl Office {
    fn at(position: u64) -> Self {
        let dir = tempdir().expect("a directory");
        let mut store = open(&dir.path().join("rows")).store;
        for _ in 0..position {
            commit_next(&mut store).expect("a batch that fits");
        }
        let position = watch::Sender::new(store.cursor());
        let desk = Desk::new(position.subscribe(), WAIT_MAX, 1);
        Self {
            desk,
            position,
            store,
            _dir: dir,
        }
    }
}

async fn read(desk: &Desk, at_least: u64) -> Result<Model, ReadError> {
    read_as_of(desk, None, at_least).await
}

async fn read_as_of(desk: &Desk, as_of: Option<u64>, at_least: u64) -> Result<Model, ReadError> {
    let (as_of, at_least) = (as_of.map(StreamPosition::new), StreamPosition::new(at_least));
    desk.read(as_of, at_least, |rows| Ok(all_rows(rows)?)).await
}

async fn count(desk: &Desk, at_least: u64) -> Result<Counted, ReadError> {
    desk.count(StreamPosition::new(at_least), true).await
}

/// Checks why neither a read nor a count has an answer.
async fn check(desk: &Desk, at_least: u64, expected: DeskError) {
    for result in [
        read(desk, at_least).await.map(drop),
        count(desk, at_least).await.map(drop),
    ] {
        let Err(ReadError::Desk(found)) = result else {
            panic!("{result:?} at {at_least}, expected {expected:?}");
        };
        assert_eq!(found, expected, "at {at_least}");
    }
}

fn late(wanted: u64, reached: u64) -> DeskError {
    let (wanted, reached) = (StreamPosition::new(wanted), StreamPosition::new(reached));
    Unreached::Late { wanted, reached }.into()
}

#[tokio::test]
async fn rows_are_read_once_there_are_any_and_they_are_far_enough() {
    let office = Office::at(3);
    check(&office.desk, 0, DeskError::NotOpen).await;
    office.desk.clone().open(office.store.reader());
    check(&office.desk, 4, late(4, 3)).await;
    assert_eq!(read(&office.desk, 3).await.unwrap(), model_at(StreamPosition::new(3)));

    office.position.send_replace(StreamPosition::new(4));
    assert!(read(&office.desk, 4).await.is_ok());
}

/// Rows that are behind their stream say what was, and how far they are, and not what is.
#[tokio::test]
async fn rows_are_the_present_only_from_where_the_stream_was_known_to_end() {
    let office = Office::at(3);
    office.desk.open_behind(office.store.reader(), StreamPosition::new(5));
    for (as_of, at_least, wanted) in [
        (None, 0, Some(5)),
        (None, 3, Some(5)),
        (None, 6, Some(6)),
        (Some(2), 0, None),
        (Some(3), 0, None),
        (Some(4), 0, Some(4)),
        (Some(2), 4, Some(4)),
    ] {
        let found = read_as_of(&office.desk, as_of, at_least).await;
        match (found, wanted) {
            (Ok(_), None) => {}
            (Err(ReadError::Desk(found)), Some(wanted)) => assert_eq!(found, late(wanted, 3)),
            (found, _) => panic!("{found:?} as of {as_of:?} and at least {at_least}, expected {wanted:?}"),
        }
    }
    assert_eq!(count(&office.desk, 0).await.unwrap().position, StreamPosition::new(3));

    office.position.send_replace(StreamPosition::new(5));
    assert!(read(&office.desk, 0).await.is_ok());
}

#[tokio::test]
async fn rows_that_nobody_moves_any_more_are_read_as_far_as_they_are() {
    let office = Office::at(3);
    office.desk.open(office.store.reader());
    drop(office.position);
    check(&office.desk, 4, Unreached::Stopping.into()).await;
    assert!(read(&office.desk, 3).await.is_ok());
}

#[tokio::test]
async fn a_count_is_that_of_the_rows_as_they_are() {
    let mut office = Office::at(0);
    office.desk.open(office.store.reader());
    for _ in 0..3 {
        commit_next(&mut office.store).unwrap();
        let reader = office.store.reader();
        let expected = {
            let rows = reader.read().unwrap();
            let (position, digest) = (rows.cursor(), Some(rows.digest().unwrap()));
            let rows = rows.count();
            Counted { position, digest, rows }
        };
        let (desk, digest) = (office.desk.clone(), None);
        let plain: Result<_, ReadError> = desk.count(StreamPosition::START, false).await;
        assert_eq!(plain.unwrap(), Counted { digest, ..expected });
        // The second one is told what the first one read.
        for _ in 0..2 {
            assert_eq!(count(&office.desk, 0).await.unwrap(), expected);
        }
    }
}

#[tokio::test]
async fn as_many_read_at_one_time_as_there_are_turns() {
    let office = Office::at(1);
    office.desk.open(office.store.reader());
    let readers = Arc::new(AtomicUsize::new(0));
    let reads: Vec<_> = (0..200)
        .map(|_| {
            let (desk, readers) = (office.desk.clone(), Arc::clone(&readers));
            let work = move |_: &Reader| {
                let others = readers.fetch_add(1, Ordering::SeqCst);
                // Gives others every chance to come in.
                (0..100).for_each(|_| thread::yield_now());
                readers.fetch_sub(1, Ordering::SeqCst);
                Ok::<_, ReadError>(others)
            };
            tokio::spawn(async move { desk.beside(work).await })
        })
        .collect();
    for read in reads {
        assert_eq!(read.await.unwrap().unwrap(), 0, "others who read meanwhile");
    }
}

#[tokio::test]
async fn a_read_that_panics_gives_its_turn_back() {
    let office = Office::at(1);
    office.desk.open(office.store.reader());
    let broken: Result<(), ReadError> = office.desk.beside(|_| panic!("a defect")).await;
    assert!(matches!(broken, Err(ReadError::Desk(DeskError::BrokenOff))));
    assert!(read(&office.desk, 1).await.is_ok());
}
