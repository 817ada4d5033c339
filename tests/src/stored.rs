//! Writes into a stream, on whatever disk that is.

use event::StreamPosition;
use journal::{Append, AppendError, Journal};

/// How often a batch is sent of which nobody hears in time: a minute.
const SENT_MAX: usize = 12;

/// Appends behind a position until it is known that all of it is there: a disk can be slower than an append waits, and then the
/// ground decides. Gives where it ends.
///
/// # Panics
///
/// If it is refused, or if nobody says what came of it.
pub async fn stored(journal: &impl Journal, batch: &[Append], after: StreamPosition) -> StreamPosition {
    let end = after.plus(batch.len() as u64);
    for sent in 0..SENT_MAX {
        match journal.append(batch.to_vec(), after).await {
            Ok(last) => return last,
            Err(AppendError::Conflict { last: Some(last) }) if 0 < sent && last == end => return last,
            Err(AppendError::Unknown { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("nobody says whether it is stored");
}
