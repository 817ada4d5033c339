//! Following a stream into rows.

use std::convert::Infallible;
use std::sync::Arc;

use event::StreamPosition;
use journal::memory::MemoryJournal;
use replay::Step;
use service::shutdown::Shutdown;
use tokio::sync::watch;
use views::{BATCH_ROWS_MAX, Following, Identity, Metrics, Rows, Store, View};

/// Rows that the view below makes of each record: those of four hundred are too many for one commit.
const ROWS_PER_RECORD: u32 = 300;

/// Writes many rows for each record, and one at the end of each commit.
struct Wide;

impl View for Wide {
    type Error = Infallible;

    const SERVICE: &'static str = "wide";
    const ROW_VERSION: u32 = 1;

    fn fold(&mut self, step: &Step, rows: &mut Rows) -> Result<(), Infallible> {
        for number in 0..ROWS_PER_RECORD {
            let key = [&step.position.get().to_be_bytes()[..], &number.to_be_bytes()].concat();
            rows.put("rows", &key, "a row");
        }
        Ok(())
    }

    fn finish(&mut self, rows: &mut Rows) -> Result<(), Infallible> {
        rows.put("ends", &rows.len().to_be_bytes(), "an end");
        Ok(())
    }
}

/// One batch of the journal makes more rows than one commit may have, and is committed in parts.
#[tokio::test]
async fn a_batch_of_many_rows_is_committed_in_parts() {
    let records = 400;
    assert!(BATCH_ROWS_MAX < usize::try_from(records * ROWS_PER_RECORD).unwrap());
    let journal = MemoryJournal::new();
    for _ in 0..records {
        journal.push(b"no record of anyone".to_vec());
    }
    let dir = tempfile::tempdir().unwrap();
    let identity = Identity {
        service: Wide::SERVICE,
        row_version: Wide::ROW_VERSION,
        incarnation: Vec::new(),
    };
    let store = Store::open(dir.path().join("rows"), &identity).unwrap().store;
    let reader = store.reader();
    let (position, shutdown) = (watch::Sender::new(StreamPosition::START), Shutdown::new());
    let mut reached = position.subscribe();
    let following = Following {
        journal,
        store,
        view: Wide,
        replica: Arc::default(),
        position,
        metrics: Metrics::default(),
    };
    let running = tokio::spawn(following.run(shutdown.clone()));
    let end = StreamPosition::new(records.into());
    // Fails where the view ends before it has come so far.
    reached.wait_for(|reached| *reached == end).await.unwrap();
    let (cursor, rows) = {
        let rows = reader.read().unwrap();
        (rows.cursor(), rows.count())
    };
    assert_eq!(cursor, end);
    let folded = u64::from(records * ROWS_PER_RECORD);
    assert!(folded + 1 < rows, "more than one commit has an end, of {rows} rows");
    shutdown.trigger();
    running.await.unwrap().unwrap();
}
