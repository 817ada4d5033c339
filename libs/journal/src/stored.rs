//! Reading one message of a stream from its leader: a replica may lag behind.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::connection::{Connection, Rejection, Unmet, object};

/// The server's code for a subject without a message.
const NO_MESSAGE_FOUND: u64 = 10_037;

/// A message as the server stored it; headers and data in base64, left out when empty.
#[derive(Deserialize)]
pub(crate) struct Stored {
    pub(crate) seq: u64,
    #[serde(default)]
    hdrs: String,
    #[serde(default)]
    data: String,
}

/// The answer to reading a message.
#[derive(Deserialize)]
pub(crate) struct Found {
    #[serde(deserialize_with = "object")]
    message: Stored,
}

impl Stored {
    pub(crate) fn headers(&self) -> Result<Vec<u8>, String> {
        STANDARD.decode(&self.hdrs).map_err(|e| e.to_string())
    }

    pub(crate) fn data(&self) -> Result<Vec<u8>, String> {
        STANDARD.decode(&self.data).map_err(|e| e.to_string())
    }
}

/// The last message of a subject.
pub(crate) async fn last_message(
    connection: &Connection,
    stream: &str,
    subject: &str,
) -> Result<Option<Stored>, Unmet> {
    message(connection, stream, &json!({"last_by_subj": subject})).await
}

/// The first message of a subject at or behind a sequence.
pub(crate) async fn next_message(
    connection: &Connection,
    stream: &str,
    subject: &str,
    from: u64,
) -> Result<Option<Stored>, Unmet> {
    message(connection, stream, &json!({"seq": from, "next_by_subj": subject})).await
}

async fn message(connection: &Connection, stream: &str, which: &Value) -> Result<Option<Stored>, Unmet> {
    let subject = format!("$JS.API.STREAM.MSG.GET.{stream}");
    stored(connection.api(&subject, which).await)
}

/// What the answer to reading a message says.
pub(crate) fn stored(found: Result<Found, Unmet>) -> Result<Option<Stored>, Unmet> {
    match found {
        Ok(found) => Ok(Some(found.message)),
        Err(Unmet::Rejected(Rejection {
            code: NO_MESSAGE_FOUND, ..
        })) => Ok(None),
        Err(unmet) => Err(unmet),
    }
}
