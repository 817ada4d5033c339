//! Writes into the stream past ingest, with its own credentials, as whoever has these could.

use bytes::Bytes;
use event::StreamPosition;
use journal::jetstream::JetStreamJournal;
use journal::{Append, JournalConfig};
use tests::stored::stored;

/// Writes records where the stream ends, and says where it ends then.
pub(crate) async fn written(config: &JournalConfig, payloads: Vec<Vec<u8>>, last: StreamPosition) -> StreamPosition {
    let append = |payload| Append {
        subject: "veta.statements.custody.foreign".to_owned(),
        payload: Bytes::from(payload),
    };
    let batch: Vec<_> = payloads.into_iter().map(append).collect();
    let journal = JetStreamJournal::connect(config).await.expect("the stream is there");
    stored(&journal, &batch, last).await
}
