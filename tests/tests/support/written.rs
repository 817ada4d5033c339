//! Writes into the stream past ingest, with its own credentials, as whoever has these could.

use bytes::Bytes;
use event::StreamPosition;
use journal::jetstream::JetStreamJournal;
use journal::{Append, AppendError, Journal, JournalConfig};

/// How often records are written of which nobody hears in time: a minute.
const WRITES_MAX: usize = 12;

/// Writes records where the stream ends, and says where it ends then. A disk can be slower than an append waits; then they are
/// written again, unless they stand there.
pub(crate) async fn written(config: &JournalConfig, payloads: Vec<Vec<u8>>, last: StreamPosition) -> StreamPosition {
    let append = |payload| Append {
        subject: "veta.statements.custody.foreign".to_owned(),
        payload: Bytes::from(payload),
    };
    let batch: Vec<_> = payloads.into_iter().map(append).collect();
    let end = last.plus(batch.len() as u64);
    let journal = JetStreamJournal::connect(config).await.expect("the stream is there");
    for written in 0..WRITES_MAX {
        match journal.append(batch.clone(), last).await {
            Ok(end) => return end,
            Err(AppendError::Conflict { last: Some(found) }) if 0 < written && found == end => return end,
            Err(AppendError::Unknown { .. }) => {}
            Err(error) => panic!("something was recorded meanwhile: {error}"),
        }
    }
    panic!("nobody says whether it is written");
}
