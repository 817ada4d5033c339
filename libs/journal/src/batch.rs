//! One batch: messages that share an id, one with what is expected of the stream, the last with the commit mark.

use std::time::Duration;

use async_nats::Message;
use async_nats::header::{
    HeaderMap, HeaderValue, NATS_BATCH_COMMIT, NATS_BATCH_COMMIT_FINAL, NATS_BATCH_ID, NATS_BATCH_SEQUENCE,
    NATS_EXPECTED_LAST_SEQUENCE, NATS_EXPECTED_LAST_SUBJECT_SEQUENCE,
};
use event::units::StreamPosition;
use serde::Deserialize;
use tokio::time::timeout;

use crate::connection::{Connection, NoAnswer, Note, Rejection, Unmet, read_answer};
use crate::{APPEND_BATCH_MAX, Append, AppendError, PAYLOAD_BYTES_MAX, SUBJECT_PREFIX};

/// How long an append waits for its answer. A thousand records take 40 ms when all is well; a server whose disk is
/// full says nothing at all, ever.
pub(crate) const APPEND_DEADLINE: Duration = Duration::from_secs(5);

/// How long a file waits for its answer: 10 MiB over a slow line between servers.
pub(crate) const FILE_DEADLINE: Duration = Duration::from_secs(30);

/// "wrong last sequence: N", and the same while the subject is in flight.
const CONFLICTS: [u64; 2] = [10_071, 10_164];

/// The server looks before it stores: account, server or storage limits, an expectation or header it does not take,
/// too many or too large messages, too many open batches, a sealed stream, another stream.
const REFUSALS: [u64; 14] = [
    10_002, 10_023, 10_028, 10_047, 10_054, 10_060, 10_109, 10_174, 10_175, 10_177, 10_179, 10_199, 10_200, 10_210,
];

/// "store failed": a limit if it says so, else anything at all.
const STORE_FAILED: u64 = 10_077;

/// What a server answers when a message or a batch is stored.
#[derive(Deserialize)]
pub(crate) struct Ack {
    /// Of the last message.
    pub(crate) seq: u64,
}

/// What must hold of the stream for a batch to be stored.
#[derive(Clone, Copy)]
enum Expected {
    /// That this position is its last. Said by the first message.
    End(StreamPosition),
    /// That the subject of the batch's last message was last written at this sequence, 0 for never. Said by that message.
    Subject(u64),
}

/// Refuses, before anything is sent, a batch that no stream of ours takes.
pub(crate) fn check(batch: &[Append]) -> Result<(), AppendError> {
    if batch.is_empty() || APPEND_BATCH_MAX < batch.len() {
        return refused(format!(
            "a batch holds 1 to {APPEND_BATCH_MAX} records, not {}",
            batch.len()
        ));
    }
    for (i, append) in batch.iter().enumerate() {
        if PAYLOAD_BYTES_MAX < append.payload.len() {
            let length = append.payload.len();
            return refused(format!(
                "record {i} of the batch is {length} bytes long, above {PAYLOAD_BYTES_MAX}"
            ));
        }
        if !is_subject(&append.subject) {
            return refused(format!("record {i} of the batch has the subject {:?}", append.subject));
        }
    }
    Ok(())
}

/// Sends the batch and waits for its answer. The caller sees to it that no other batch is in flight.
pub(crate) async fn publish(
    connection: &Connection,
    batch: Vec<Append>,
    expected_last: StreamPosition,
) -> Result<StreamPosition, AppendError> {
    let whole = expected_last.plus(batch.len() as u64);
    let answer = answer(
        connection,
        SUBJECT_PREFIX,
        batch,
        Expected::End(expected_last),
        APPEND_DEADLINE,
    );
    stored(&answer.await?.payload, whole)
}

/// Sends a batch whose last message's subject was last written at `expected`, 0 for never, and waits for its answer.
/// Every subject begins with `about`. Several batches may be in flight, for other subjects.
pub(crate) async fn publish_at_subject(
    connection: &Connection,
    about: &str,
    batch: Vec<Append>,
    expected: u64,
    deadline: Duration,
) -> Result<(), AppendError> {
    let answer = answer(connection, about, batch, Expected::Subject(expected), deadline);
    acknowledged(&answer.await?.payload).map(drop)
}

async fn answer(
    connection: &Connection,
    about: &str,
    batch: Vec<Append>,
    expected: Expected,
    deadline: Duration,
) -> Result<Message, AppendError> {
    match timeout(deadline, send(connection, about, batch, expected, deadline)).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(NoAnswer::Noted(denied @ Note::Denied(_)))) => refused(denied.to_string()),
        Ok(Err(no_answer)) => unknown(&no_answer),
        Err(_) => unknown(&NoAnswer::TimedOut),
    }
}

/// What a rejection means for the batch. Whatever is not known to come before storing is unknown.
pub(crate) fn judge(rejection: &Rejection) -> AppendError {
    let Rejection { code, description } = rejection;
    if CONFLICTS.contains(code) {
        return AppendError::Conflict {
            last: last_sequence(description),
        };
    }
    let full = *code == STORE_FAILED && description.starts_with("maximum");
    if full || REFUSALS.contains(code) {
        return AppendError::Refused {
            why: rejection.to_string(),
        };
    }
    // Among these are 10201, a repeated message, which may be our own; and 10176, an incomplete batch. An incomplete
    // batch stores nothing. But it tells of messages lost on the way, perhaps with a connection on which an earlier
    // batch was still under way, and reading the end of the stream once more costs a millisecond.
    AppendError::Unknown {
        why: rejection.to_string(),
    }
}

async fn send(
    connection: &Connection,
    about: &str,
    mut batch: Vec<Append>,
    expected: Expected,
    deadline: Duration,
) -> Result<Message, NoAnswer> {
    if !connection.is_connected() {
        return Err(NoAnswer::NotSent("not connected".to_owned()));
    }
    let (id, count, notes) = (connection.unique_id(), batch.len(), connection.notes());
    let Some(Append { subject, payload }) = batch.pop() else {
        return Err(NoAnswer::NotSent("an empty batch".to_owned()));
    };
    for (number, append) in (1..).zip(batch) {
        let headers = headers(&id, number, count, expected);
        let sent = connection
            .client()
            .publish_with_headers(append.subject, headers, append.payload);
        sent.await.map_err(|_| NoAnswer::Noted(Note::Lost))?;
    }
    let headers = Some(headers(&id, count, count, expected));
    connection
        .request_with(notes, about, &subject, headers, payload, deadline)
        .await
}

/// Of message `number` of `count`. One record alone is whole anyway: it goes as an ordinary message, for which the
/// server syncs once, where a batch of any size takes four syncs and a directory of its own.
fn headers(id: &str, number: usize, count: usize, expected: Expected) -> HeaderMap {
    let mut headers = HeaderMap::new();
    match expected {
        Expected::End(last) if number == 1 => {
            headers.insert(NATS_EXPECTED_LAST_SEQUENCE, HeaderValue::from(last.get()));
        }
        Expected::Subject(last) if number == count => {
            headers.insert(NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, HeaderValue::from(last));
        }
        Expected::End(_) | Expected::Subject(_) => {}
    }
    if count == 1 {
        return headers;
    }
    headers.insert(NATS_BATCH_ID, id);
    headers.insert(NATS_BATCH_SEQUENCE, HeaderValue::from(number));
    if number == count {
        headers.insert(NATS_BATCH_COMMIT, NATS_BATCH_COMMIT_FINAL);
    }
    headers
}

/// Reads the answer to a batch whose last record should stand at `whole`.
pub(crate) fn stored(answer: &[u8], whole: StreamPosition) -> Result<StreamPosition, AppendError> {
    match acknowledged(answer)? {
        last if last == whole.get() => Ok(whole),
        last => unknown(&format!("the server stored up to {last}, not up to {whole}")),
    }
}

/// Reads the answer to a batch: the sequence of its last message.
fn acknowledged(answer: &[u8]) -> Result<u64, AppendError> {
    match read_answer::<Ack>(answer) {
        Ok(ack) => Ok(ack.seq),
        Err(Unmet::Rejected(rejection)) => Err(judge(&rejection)),
        Err(unmet) => unknown(&unmet),
    }
}

fn last_sequence(description: &str) -> Option<StreamPosition> {
    let (_, number) = description.rsplit_once(": ")?;
    number.parse().ok().map(StreamPosition::new)
}

fn is_subject(subject: &str) -> bool {
    let Some(rest) = subject.strip_prefix(SUBJECT_PREFIX) else {
        return false;
    };
    let token = |token: &str| !token.is_empty() && token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    rest.split('.').count() == 2 && rest.split('.').all(token)
}

fn refused<T>(why: String) -> Result<T, AppendError> {
    Err(AppendError::Refused { why })
}

fn unknown<T>(why: &impl ToString) -> Result<T, AppendError> {
    Err(AppendError::Unknown { why: why.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_code(code: u64, description: &str, expected: &str) {
        let judged = judge(&Rejection {
            code,
            description: description.to_owned(),
        });
        assert!(
            format!("{judged:?}").starts_with(expected),
            "{code} {description}: {judged:?}"
        );
    }

    #[test]
    fn codes_are_conflicts_refusals_or_else_unknown() {
        check_code(
            10_071,
            "wrong last sequence: 17",
            "Conflict { last: Some(StreamPosition(17)) }",
        );
        check_code(10_164, "wrong last sequence", "Conflict { last: None }");
        check_code(10_077, "maximum bytes exceeded", "Refused");
        check_code(10_199, "batch publish sequence exceeds server limit", "Refused");
        check_code(10_210, "too many open batches", "Refused");
        check_code(10_077, "no space left on device", "Unknown");
        check_code(10_176, "batch publish is incomplete and was abandoned", "Unknown");
        check_code(10_201, "batch publish contains duplicate message id", "Unknown");
        check_code(10_008, "JetStream system temporarily unavailable", "Unknown");
        check_code(99_999, "something new", "Unknown");
    }

    #[track_caller]
    fn check_stored(answer: &str, expected: &str) {
        let said = stored(answer.as_bytes(), StreamPosition::new(17));
        assert!(format!("{said:?}").starts_with(expected), "{answer}: {said:?}");
    }

    #[test]
    fn a_batch_is_stored_when_the_server_says_so_by_name() {
        check_stored(r#"{"stream": "VETA", "seq": 17}"#, "Ok(StreamPosition(17))");
        check_stored(r#"{"stream": "VETA", "seq": 18}"#, "Err(Unknown");
        check_stored(
            r#"{"error": {"err_code": 10071, "description": "wrong last sequence: 17"}}"#,
            "Err(Conflict",
        );
        check_stored(r#"{"error": {"err_code": 10054}, "seq": 17}"#, "Err(Refused");
        // Lists of the right values, which a reader of structures takes for them.
        check_stored("[17]", "Err(Unknown");
        check_stored(r#"{"error": [10071, "wrong last sequence: 17"]}"#, "Err(Unknown");
        check_stored(r#"{"error": null, "seq": 17}"#, "Err(Unknown");
        check_stored("17", "Err(Unknown");
        check_stored("", "Err(Unknown");
    }

    #[test]
    fn own_headers_fit_their_room() {
        // No message carries all of them.
        let mut headers = headers(&"i".repeat(22), 1, 2, Expected::End(StreamPosition::new(u64::MAX)));
        headers.insert(NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, u64::MAX.to_string().as_str());
        headers.insert(NATS_BATCH_SEQUENCE, APPEND_BATCH_MAX.to_string().as_str());
        headers.insert(NATS_BATCH_COMMIT, NATS_BATCH_COMMIT_FINAL);
        let lines: usize = headers
            .iter()
            .map(|(name, values)| name.to_string().len() + values[0].as_str().len() + 4)
            .sum();
        assert!("NATS/1.0\r\n\r\n".len() + lines <= crate::HEADER_BYTES_MAX);
    }
}
