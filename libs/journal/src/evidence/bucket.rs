//! The bucket `VETA_EVIDENCE` of a NATS object store.

use std::num::NonZeroU64;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use bytes::Bytes;
use event::key::Digest;
use event::request::Visibility;
use event::{PartyId, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use super::access::{Entry, Noted, Which};
use super::{EvidenceError, EvidenceFile, EvidenceInfo, EvidenceStore, Found, Kept, MediaType, Receiving, altered};
use crate::batch::{APPEND_DEADLINE, FILE_DEADLINE, publish_at_subject};
use crate::cell::Revision;
use crate::connection::Unmet;
use crate::settings::{ACCESS_STREAM, EVIDENCE_BUCKET, EVIDENCE_MESSAGE_BYTES_MAX, EVIDENCE_STREAM, Settings};
use crate::stored::{Stored, last_message, next_message};
use crate::{ACCESS_SUBJECT_PREFIX, Append, Connection, EVIDENCE_SUBJECT_PREFIX, JournalError};

/// Bytes of a file in one message: with its headers it fits twice what a record needs, which is what servers are set to
/// take. The largest file is then 160 messages, a sixth of what an atomic batch may have.
pub const EVIDENCE_CHUNK_BYTES: usize = 64 * 1024;

/// Files that are stored at one time through one handle; others wait. A server holds 50 open batches of one stream.
const WRITES_MAX: usize = 8;

/// What a digest's text begins with in the description of an object.
const DIGEST_PREFIX: &str = "SHA-256=";

/// A handle on the bucket. Clones share one connection.
#[derive(Clone, Debug)]
pub struct JetStreamEvidence {
    connection: Connection,
    writes: Arc<Semaphore>,
}

impl JetStreamEvidence {
    /// Opens the bucket on a connection, and the stream of looks at it. Refuses one that is not set as it must be, naming
    /// the setting; creates none.
    pub async fn open(connection: Connection, replicas: usize) -> Result<Self, JournalError> {
        Settings::evidence(replicas).open(&connection).await?;
        Settings::accesses(replicas).open(&connection).await?;
        let max_payload = connection.client().server_info().max_payload;
        if max_payload < EVIDENCE_MESSAGE_BYTES_MAX {
            return Err(JournalError::Server {
                name: "max_payload",
                found: max_payload.to_string(),
                wanted: format!("{EVIDENCE_MESSAGE_BYTES_MAX} or more"),
            });
        }
        Ok(Self {
            connection,
            writes: Arc::new(Semaphore::new(WRITES_MAX)),
        })
    }

    async fn store(&self, messages: Vec<Append>, expected: Revision) -> Result<(), EvidenceError> {
        let _turn = self
            .writes
            .acquire()
            .await
            .map_err(|e| EvidenceError::Unavailable { why: e.to_string() })?;
        let about = EVIDENCE_SUBJECT_PREFIX;
        publish_at_subject(&self.connection, about, messages, expected.get(), FILE_DEADLINE).await?;
        Ok(())
    }
}

impl EvidenceStore for JetStreamEvidence {
    async fn look(&self, digest: Digest) -> Result<Found, EvidenceError> {
        let subject = description_subject(digest);
        found(digest, last_message(&self.connection, EVIDENCE_STREAM, &subject).await)
    }

    async fn read(&self, kept: &Kept) -> Result<EvidenceFile, EvidenceError> {
        let subject = chunk_subject(&kept.object);
        let mut receiving = Receiving::begin(kept.info.digest, kept.info.size).map_err(altered)?;
        let mut from = 1;
        while receiving.left() != 0 {
            let chunk = next_message(&self.connection, EVIDENCE_STREAM, &subject, from).await;
            let Some(chunk) = chunk.map_err(|unmet| unavailable(&unmet))? else {
                break;
            };
            receiving.take(&chunk.data().map_err(altered)?).map_err(altered)?;
            from = chunk.seq + 1;
        }
        receiving.finish().map_err(altered)
    }

    async fn write(&self, file: &EvidenceFile, info: &EvidenceInfo, expected: &Found) -> Result<(), EvidenceError> {
        let object = self.connection.unique_id();
        let subject = chunk_subject(&object);
        let chunk = |payload: Bytes| Append {
            subject: subject.clone(),
            payload,
        };
        let mut messages: Vec<Append> = chunks(file.bytes()).map(chunk).collect();
        messages.push(description(info, &object));
        self.store(messages, expected.revision).await
    }

    async fn describe(&self, kept: &Kept, info: &EvidenceInfo) -> Result<(), EvidenceError> {
        self.store(vec![description(info, &kept.object)], kept.revision).await
    }

    async fn noted(&self, owner: PartyId, which: Which) -> Result<Option<Noted>, EvidenceError> {
        let subject = access_subject(owner);
        let stored = match which {
            Which::Latest => last_message(&self.connection, ACCESS_STREAM, &subject).await,
            Which::At(mark) => next_message(&self.connection, ACCESS_STREAM, &subject, mark.get()).await,
        };
        // Behind a mark whose look was dropped stands a newer one.
        let is_it = |noted: &Noted| !matches!(which, Which::At(mark) if mark != noted.mark);
        Ok(noted(stored)?.filter(is_it))
    }

    async fn note(&self, owner: PartyId, entry: &Entry) -> Result<(), EvidenceError> {
        let message = Append {
            subject: access_subject(owner),
            payload: serde_json::to_vec(entry)
                .expect("texts and numbers have a JSON form")
                .into(),
        };
        let previous = entry.previous.map_or(0, NonZeroU64::get);
        let about = ACCESS_SUBJECT_PREFIX;
        publish_at_subject(&self.connection, about, vec![message], previous, APPEND_DEADLINE).await?;
        Ok(())
    }
}

fn access_subject(owner: PartyId) -> String {
    format!("{ACCESS_SUBJECT_PREFIX}{owner}")
}

/// What the answer to looking for a look says, which anyone who may publish could have written.
pub(super) fn noted(stored: Result<Option<Stored>, Unmet>) -> Result<Option<Noted>, EvidenceError> {
    let Some(stored) = stored.map_err(|unmet| unavailable(&unmet))? else {
        return Ok(None);
    };
    let unreadable = |why: &dyn std::fmt::Display| EvidenceError::Unavailable {
        why: format!("a look that was written down cannot be read: {why}"),
    };
    let data = stored.data().map_err(|why| unreadable(&why))?;
    let entry = serde_json::from_slice(&data).map_err(|why| unreadable(&why))?;
    let mark = NonZeroU64::new(stored.seq).ok_or_else(|| unreadable(&"it has no place"))?;
    Ok(Some(Noted { mark, entry }))
}

fn chunks(file: &Bytes) -> impl Iterator<Item = Bytes> {
    let starts = (0..file.len()).step_by(EVIDENCE_CHUNK_BYTES);
    starts.map(|start| file.slice(start..file.len().min(start + EVIDENCE_CHUNK_BYTES)))
}

/// What object stores keep about an object, in their names and order.
#[derive(Serialize, Deserialize)]
struct Description {
    name: String,
    metadata: Labels,
    #[serde(default)]
    options: Options,
    bucket: String,
    nuid: String,
    size: u64,
    mtime: String,
    chunks: u64,
    digest: String,
    #[serde(default, skip_serializing_if = "is_not")]
    deleted: bool,
}

/// What other clients leave of an object that they delete: without a digest, and without our labels.
#[derive(Deserialize)]
struct Mark {
    #[serde(default)]
    deleted: bool,
}

#[derive(Default, Serialize, Deserialize)]
struct Options {
    max_chunk_size: u64,
}

/// Ours.
#[derive(Default, Serialize, Deserialize)]
struct Labels {
    media_type: String,
    owner: String,
    visibility: String,
    uploaded_at: String,
}

fn description(info: &EvidenceInfo, object: &str) -> Append {
    let description = Description {
        name: info.digest.to_string(),
        metadata: Labels {
            media_type: info.media_type.to_string(),
            owner: info.owner.to_string(),
            visibility: info.visibility.to_string(),
            uploaded_at: info.uploaded_at.to_string(),
        },
        options: Options {
            max_chunk_size: EVIDENCE_CHUNK_BYTES as u64,
        },
        bucket: EVIDENCE_BUCKET.to_owned(),
        nuid: object.to_owned(),
        size: info.size,
        mtime: info.uploaded_at.to_string(),
        chunks: info.size.div_ceil(EVIDENCE_CHUNK_BYTES as u64),
        digest: digest_text(info.digest),
        deleted: false,
    };
    let payload = serde_json::to_vec(&description).expect("texts and numbers have a JSON form");
    Append {
        subject: description_subject(info.digest),
        payload: payload.into(),
    }
}

/// What the answer to looking for a file says.
pub(super) fn found(digest: Digest, stored: Result<Option<Stored>, Unmet>) -> Result<Found, EvidenceError> {
    let Some(stored) = stored.map_err(|unmet| unavailable(&unmet))? else {
        return Ok(Found {
            revision: Revision::NONE,
            kept: Err(EvidenceError::Missing),
        });
    };
    Ok(Found {
        revision: Revision::new(stored.seq),
        kept: kept(digest, &stored),
    })
}

/// Reads a description that anyone who may publish could have written.
fn kept(digest: Digest, stored: &Stored) -> Result<Kept, EvidenceError> {
    let data = stored.data().map_err(altered)?;
    let unreadable = |e: serde_json::Error| altered(format_args!("its description cannot be read: {e}"));
    if serde_json::from_slice::<Mark>(&data).map_err(unreadable)?.deleted {
        return Err(EvidenceError::Missing);
    }
    let description: Description = serde_json::from_slice(&data).map_err(unreadable)?;
    let is_of_this = description.name == digest.to_string() && description.digest == digest_text(digest);
    let is_token = !description.nuid.is_empty() && description.nuid.bytes().all(|b| b.is_ascii_alphanumeric());
    if !is_of_this || !is_token {
        return Err(altered("its description is of another file"));
    }
    let labels = &description.metadata;
    let info = || {
        Some(EvidenceInfo {
            digest,
            size: description.size,
            media_type: MediaType::named(&labels.media_type)?,
            owner: labels.owner.parse::<PartyId>().ok()?,
            visibility: Visibility::named(&labels.visibility)?,
            uploaded_at: labels.uploaded_at.parse::<Timestamp>().ok()?,
        })
    };
    Ok(Kept {
        info: info().ok_or_else(|| altered("its description does not say whose it is and who may see it"))?,
        revision: Revision::new(stored.seq),
        object: description.nuid,
    })
}

fn description_subject(digest: Digest) -> String {
    format!("{EVIDENCE_SUBJECT_PREFIX}M.{}", URL_SAFE.encode(digest.to_string()))
}

fn chunk_subject(object: &str) -> String {
    format!("{EVIDENCE_SUBJECT_PREFIX}C.{object}")
}

fn digest_text(digest: Digest) -> String {
    format!("{DIGEST_PREFIX}{}", URL_SAFE.encode(digest.as_bytes()))
}

fn unavailable(unmet: &Unmet) -> EvidenceError {
    EvidenceError::Unavailable { why: unmet.to_string() }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_not(is: &bool) -> bool {
    !is
}
