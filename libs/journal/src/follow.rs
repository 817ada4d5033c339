//! A reader that knows which record comes next.
//!
//! It reads through an ephemeral consumer of its own, which it makes anew, directly behind its cursor, whenever
//! anything is odd: no heartbeat, a delivery out of turn, a status it does not know. What the server remembers about
//! a reader is therefore never relied on.

use std::time::Duration;

use async_nats::{Message, StatusCode, Subscriber};
use bytes::Bytes;
use event::units::StreamPosition;
use futures_util::{FutureExt, StreamExt};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::broadcast;
use tokio::time::{sleep, timeout};

use crate::connection::{Connection, Note, Unmet, note_about};
use crate::jetstream::stream_end;
use crate::settings::stream_info;
use crate::{Batch, Delivery, FOLLOW_BATCH_MAX, FollowError, Follower, Incarnation, JournalError, STREAM};

/// One request for records brings at most this many bytes: a follower that is slow holds no more than this.
const PULL_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A request for records that finds none ends after this and is made again.
const PULL_EXPIRES: Duration = Duration::from_secs(5);

/// The server gives a sign of life this often while there is nothing to send.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// Two heartbeats missed: the consumer, its server or the connection is gone.
const SILENCE_MAX: Duration = Duration::from_secs(2);

/// The server forgets a consumer that nobody asks: six expired requests.
const INACTIVE_MAX: Duration = Duration::from_secs(30);

/// Between two tries to reach the stream, doubling from the first to the last.
const BACK_OFF_MIN: Duration = Duration::from_millis(50);
const BACK_OFF_MAX: Duration = Duration::from_secs(2);

/// Follows the stream through one connection.
#[derive(Debug)]
pub struct JetStreamFollower {
    connection: Connection,
    /// The stream that was opened.
    incarnation: Incarnation,
    /// Handed over up to here.
    cursor: StreamPosition,
    /// What stood at the cursor, once this follower has read it.
    last_payload: Option<Bytes>,
    /// Whether the end has been reached and said.
    caught_up: bool,
    reader: Option<Reader>,
    back_off: Duration,
}

/// One consumer and what is known about it.
#[derive(Debug)]
struct Reader {
    /// Where to ask for records.
    pull_subject: String,
    inbox: String,
    messages: Subscriber,
    /// A lost connection takes the request for records with it.
    notes: broadcast::Receiver<Note>,
    /// Records asked for and not yet delivered.
    requested: usize,
    /// The position that the next delivery must have.
    expected: StreamPosition,
    /// Nothing delivered yet.
    fresh: bool,
    /// The first delivery must be this once more; it was handed over before.
    reread: Option<Bytes>,
    /// Records that were waiting when the consumer was made.
    pending: u64,
}

/// Why reading stopped.
enum Interrupted {
    /// Try again from the cursor.
    Lost(String),
    Ended(FollowError),
}

#[derive(Deserialize)]
struct ConsumerInfo {
    num_pending: u64,
}

impl JetStreamFollower {
    /// Makes sure that the stream is the one expected and reaches `after`.
    pub(crate) async fn start(
        connection: Connection,
        incarnation: Incarnation,
        after: StreamPosition,
    ) -> Result<Self, FollowError> {
        let mut follower = Self {
            connection,
            incarnation,
            cursor: after,
            last_payload: None,
            caught_up: false,
            reader: None,
            back_off: BACK_OFF_MIN,
        };
        while let Err(interrupted) = follower.attach().await {
            follower.recover(interrupted).await?;
        }
        Ok(follower)
    }

    /// Waits a little if it is worth trying again.
    async fn recover(&mut self, interrupted: Interrupted) -> Result<(), FollowError> {
        self.reader = None;
        let why = match interrupted {
            Interrupted::Lost(why) => why,
            Interrupted::Ended(error) => return Err(error),
        };
        tracing::warn!(cursor = %self.cursor, why, "Lost the stream, trying again");
        sleep(self.back_off).await;
        self.back_off = (self.back_off * 2).min(BACK_OFF_MAX);
        Ok(())
    }

    async fn read(&mut self) -> Result<Batch, Interrupted> {
        self.attach().await?;
        let reader = self.reader.as_mut().expect("attached just before");
        if reader.fresh && reader.pending == 0 && reader.reread.is_none() && !self.caught_up {
            self.caught_up = true;
            return Ok(Batch {
                records: Vec::new(),
                caught_up: true,
            });
        }
        loop {
            let batch = reader.read(&self.connection, self.cursor).await?;
            if !batch.records.is_empty() || (batch.caught_up && !self.caught_up) {
                self.hand_over(&batch);
                return Ok(batch);
            }
        }
    }

    fn hand_over(&mut self, batch: &Batch) {
        self.back_off = BACK_OFF_MIN;
        self.caught_up = batch.caught_up;
        if let Some(last) = batch.records.last() {
            self.cursor = last.position;
            self.last_payload = Some(last.payload.clone());
        }
    }

    /// Makes a consumer unless there is one. The stream is looked at *after* that: a stream replaced in between takes
    /// the consumer with it, so that what a consumer delivers is always of the stream that was looked at, or older.
    async fn attach(&mut self) -> Result<(), Interrupted> {
        if self.reader.is_some() {
            return Ok(());
        }
        let reader = self.make_consumer().await?;
        self.check_stream().await?;
        self.reader = Some(reader);
        Ok(())
    }

    async fn check_stream(&self) -> Result<(), Interrupted> {
        let lost = |e: JournalError| Interrupted::Lost(e.to_string());
        let info = stream_info(&self.connection, STREAM).await.map_err(lost)?;
        let end = stream_end(&info).map_err(lost)?;
        if end.incarnation != self.incarnation {
            let (known, found) = (self.incarnation, end.incarnation);
            return Err(Interrupted::Ended(FollowError::StreamReplaced { known, found }));
        }
        if end.last < self.cursor {
            return Err(Interrupted::Ended(FollowError::StreamRolledBack {
                cursor: self.cursor,
                last: end.last,
            }));
        }
        let (expected, found) = (self.cursor.next(), StreamPosition::new(info.state.first_seq));
        if expected < found {
            return Err(Interrupted::Ended(FollowError::Gap { expected, found }));
        }
        Ok(())
    }

    /// Starts at the cursor itself if what stood there is known: it must be there still.
    async fn make_consumer(&self) -> Result<Reader, Interrupted> {
        let lost = |why: &dyn ToString| Interrupted::Lost(why.to_string());
        let client = self.connection.client();
        let name = self.connection.unique_name();
        let inbox = client.new_inbox();
        let notes = self.connection.notes();
        let messages = client.subscribe(inbox.clone()).await.map_err(|e| lost(&e))?;
        let expected = if self.last_payload.is_some() {
            self.cursor
        } else {
            self.cursor.next()
        };
        let subject = format!("$JS.API.CONSUMER.CREATE.{STREAM}.{name}");
        let request = json!({"stream_name": STREAM, "action": "create", "config": {
            "name": name,
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": expected.get(),
            "ack_policy": "none",
            "replay_policy": "instant",
            "mem_storage": true,
            "num_replicas": 1,
            "inactive_threshold": INACTIVE_MAX.as_nanos(),
        }});
        let made: Result<ConsumerInfo, Unmet> = self.connection.api(&subject, &request).await;
        let pending = made.map_err(|e| lost(&format!("{subject}: {e}")))?.num_pending;
        let pull_subject = format!("$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{name}");
        let reread = self.last_payload.clone();
        Ok(Reader {
            pull_subject,
            inbox,
            messages,
            notes,
            requested: 0,
            expected,
            fresh: true,
            reread,
            pending,
        })
    }
}

impl Follower for JetStreamFollower {
    async fn next(&mut self) -> Result<Batch, FollowError> {
        loop {
            match self.read().await {
                Ok(batch) => return Ok(batch),
                Err(interrupted) => self.recover(interrupted).await?,
            }
        }
    }
}

impl Reader {
    /// Waits for one message, then takes what has arrived with it. Nothing is awaited once a record is taken, so that
    /// dropping the future loses none.
    async fn read(&mut self, connection: &Connection, cursor: StreamPosition) -> Result<Batch, Interrupted> {
        if self.requested == 0 {
            self.request(connection).await?;
        }
        let mut next = self.wait().await?;
        let mut batch = Batch::default();
        loop {
            let message = next.ok_or_else(|| Interrupted::Lost("the connection was closed".to_owned()))?;
            self.take(message, cursor, &mut batch)?;
            if self.requested == 0 || FOLLOW_BATCH_MAX <= batch.records.len() {
                return Ok(batch);
            }
            match self.messages.next().now_or_never() {
                Some(message) => next = message,
                None => return Ok(batch),
            }
        }
    }

    async fn wait(&mut self) -> Result<Option<Message>, Interrupted> {
        let silent = |_| Interrupted::Lost(format!("no sign of life within {SILENCE_MAX:?}"));
        tokio::select! {
            biased;
            message = timeout(SILENCE_MAX, self.messages.next()) => message.map_err(silent),
            note = note_about(&mut self.notes, &self.pull_subject) => Err(Interrupted::Lost(note.to_string())),
        }
    }

    async fn request(&mut self, connection: &Connection) -> Result<(), Interrupted> {
        let request = json!({
            "batch": FOLLOW_BATCH_MAX,
            "max_bytes": PULL_BYTES_MAX,
            "expires": PULL_EXPIRES.as_nanos(),
            "idle_heartbeat": HEARTBEAT.as_nanos(),
        });
        let (subject, inbox) = (self.pull_subject.clone(), self.inbox.clone());
        let sent = connection
            .client()
            .publish_with_reply(subject, inbox, request.to_string().into())
            .await;
        sent.map_err(|e| Interrupted::Lost(e.to_string()))?;
        self.requested = FOLLOW_BATCH_MAX;
        Ok(())
    }

    fn take(&mut self, message: Message, cursor: StreamPosition, batch: &mut Batch) -> Result<(), Interrupted> {
        if let Some(status) = message.status {
            return self.take_status(status, message.description.as_deref().unwrap_or_default());
        }
        let place = message.reply.as_deref().and_then(place);
        let Some((position, pending)) = place else {
            return Err(Interrupted::Lost(
                "a delivery that does not say its position".to_owned(),
            ));
        };
        self.expect(position)?;
        self.requested = self.requested.saturating_sub(1);
        batch.caught_up = pending == 0;
        match self.reread.take() {
            None => batch.records.push(Delivery {
                position,
                payload: message.payload,
            }),
            Some(known) if known == message.payload => {}
            Some(_) => return Err(Interrupted::Ended(FollowError::StreamRewritten { position: cursor })),
        }
        Ok(())
    }

    /// A delivery out of turn is a message lost on the way, unless it is a consumer's first: then the stream lacks it.
    fn expect(&mut self, found: StreamPosition) -> Result<(), Interrupted> {
        let expected = self.expected;
        if found == expected {
            self.expected = expected.next();
            self.fresh = false;
            return Ok(());
        }
        if self.fresh {
            return Err(Interrupted::Ended(FollowError::Gap { expected, found }));
        }
        Err(Interrupted::Lost(format!("delivered {found} instead of {expected}")))
    }

    fn take_status(&mut self, status: StatusCode, description: &str) -> Result<(), Interrupted> {
        if status == StatusCode::IDLE_HEARTBEAT {
            return Ok(());
        }
        // Batch Completed, and a next message that no longer fits into this request's bytes.
        let done = description.starts_with("Batch Completed") || description.starts_with("Message Size Exceeds");
        if status == StatusCode::TIMEOUT || (status == StatusCode::REQUEST_TERMINATED && done) {
            self.requested = 0;
            return Ok(());
        }
        Err(Interrupted::Lost(format!("{status} {description}")))
    }
}

/// Reads a delivery's position, and how many records follow it, from its reply subject (NATS ADR-15):
/// `$JS.ACK.<stream>.<consumer>.<deliveries>.<position>.<number>.<time>.<pending>`, with domain and account before the
/// stream in its second form.
pub(crate) fn place(reply: &str) -> Option<(StreamPosition, u64)> {
    let tokens: Vec<&str> = reply.strip_prefix("$JS.ACK.")?.split('.').collect();
    let rest = match tokens.len() {
        7 => &tokens[2..],
        9.. => &tokens[4..],
        _ => return None,
    };
    Some((StreamPosition::new(rest[1].parse().ok()?), rest[4].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_place(reply: &str, expected: Option<(u64, u64)>) {
        assert_eq!(
            place(reply),
            expected.map(|(position, pending)| (StreamPosition::new(position), pending))
        );
    }

    #[test]
    fn a_delivery_says_its_position_in_either_form() {
        check_place("$JS.ACK.VETA.view-x.1.17.3.1700000000000000000.4", Some((17, 4)));
        check_place("$JS.ACK._.hash.VETA.view-x.1.17.3.1700000000000000000.4", Some((17, 4)));
        check_place(
            "$JS.ACK._.hash.VETA.view-x.1.17.3.1700000000000000000.4.token",
            Some((17, 4)),
        );
        check_place("$JS.ACK.VETA.view-x.1.seventeen.3.1700000000000000000.4", None);
        check_place("$JS.ACK.VETA.view-x.1.17", None);
        check_place("_INBOX.x", None);
    }
}
