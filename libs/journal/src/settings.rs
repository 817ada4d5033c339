//! What the streams must be: one table that [`provision`](crate::jetstream::provision) writes and that opening checks.
//!
//! `sync_interval` is missing from it: it decides whether an acknowledged record survives a power cut, but it is the
//! server's own setting, which no request shows. [`crate::server`] always writes `always`, and so must the
//! configuration of every other deployment.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::connection::{Connection, Rejection, Unmet, object};
use crate::evidence::{ACCESSES_OF_ONE_MAX, EVIDENCE_CHUNK_BYTES};
use crate::{
    ACCESS_SUBJECT_PREFIX, EVIDENCE_SUBJECT_PREFIX, HEADER_BYTES_MAX, JournalError, MESSAGE_BYTES_MAX, STREAM,
    SUBJECT_PREFIX,
};

/// The key-value bucket of the log's tree head.
pub(crate) const LOG_BUCKET: &str = "VETA_LOG";

/// The stream behind [`LOG_BUCKET`].
pub(crate) const LOG_STREAM: &str = "KV_VETA_LOG";

/// The object store's bucket of evidence.
pub(crate) const EVIDENCE_BUCKET: &str = "VETA_EVIDENCE";

/// The stream behind [`EVIDENCE_BUCKET`].
pub(crate) const EVIDENCE_STREAM: &str = "OBJ_VETA_EVIDENCE";

/// The stream of looks at files of evidence that are not public.
pub(crate) const ACCESS_STREAM: &str = "VETA_ACCESSES";

/// What that stream takes as one message, in bytes: sixteen digests with their outcomes (112 each) and 400 bytes beside them
/// take 2,200, headers 256.
pub(crate) const ACCESS_MESSAGE_BYTES_MAX: usize = 4 * 1024;

/// What the stream of evidence takes as one message, headers and payload together, in bytes.
pub(crate) const EVIDENCE_MESSAGE_BYTES_MAX: usize = EVIDENCE_CHUNK_BYTES + HEADER_BYTES_MAX;

/// Old values that the bucket keeps: what a key-value bucket may keep at most.
const LOG_HISTORY: u64 = 64;

/// The server's code for a stream that does not exist.
const STREAM_NOT_FOUND: u64 = 10_059;

/// What a stream's settings must be.
pub(crate) struct Settings {
    stream: &'static str,
    rules: Vec<(&'static str, Rule)>,
}

enum Rule {
    Is(Value),
    /// Any of these; created with the first.
    OneOf(Vec<Value>),
    AtLeast(u64),
}

/// The part of a stream's information that is used here.
#[derive(Deserialize)]
pub(crate) struct StreamInfo {
    /// RFC 3339, to the nanosecond.
    pub(crate) created: String,
    pub(crate) config: Value,
    #[serde(deserialize_with = "object")]
    pub(crate) state: StreamState,
}

#[derive(Deserialize)]
pub(crate) struct StreamState {
    pub(crate) first_seq: u64,
    pub(crate) last_seq: u64,
}

impl Settings {
    /// Of the stream of statements.
    pub(crate) fn statements(replicas: usize) -> Self {
        let mut rules = vec![
            ("subjects", Rule::Is(json!([format!("{SUBJECT_PREFIX}>")]))),
            ("allow_atomic", Rule::Is(json!(true))),
            ("allow_batched", Rule::Is(json!(false))),
            // More than this would not fit a leaf of the log.
            ("max_msg_size", Rule::Is(json!(MESSAGE_BYTES_MAX))),
            ("max_msgs_per_subject", Rule::Is(json!(-1))),
            // Position 1 is the first record.
            ("first_seq", Rule::OneOf(vec![Value::Null, json!(0), json!(1)])),
        ];
        rules.extend(durable(replicas));
        Self { stream: STREAM, rules }
    }

    /// Of the bucket for the log's tree head.
    pub(crate) fn log_bucket(replicas: usize) -> Self {
        let mut rules = vec![
            ("subjects", Rule::Is(json!([format!("$KV.{LOG_BUCKET}.>")]))),
            ("max_msgs_per_subject", Rule::AtLeast(LOG_HISTORY)),
        ];
        rules.extend(durable(replicas));
        Self {
            stream: LOG_STREAM,
            rules,
        }
    }

    /// Of the bucket of evidence: laid out as every object store, and stricter. An operator may bound it with `max_bytes`,
    /// apart from the stream of statements: at the limit files are refused, and none is dropped.
    pub(crate) fn evidence(replicas: usize) -> Self {
        let subjects = ["C", "M"].map(|part| format!("{EVIDENCE_SUBJECT_PREFIX}{part}.>"));
        let mut rules = vec![
            ("subjects", Rule::Is(json!(subjects))),
            // Chunks and description of a file are stored together or not at all.
            ("allow_atomic", Rule::Is(json!(true))),
            ("max_msg_size", Rule::Is(json!(EVIDENCE_MESSAGE_BYTES_MAX))),
            ("max_msgs_per_subject", Rule::Is(json!(-1))),
        ];
        rules.extend(durable(replicas).into_iter().filter(|(name, _)| *name != "max_bytes"));
        Self {
            stream: EVIDENCE_STREAM,
            rules,
        }
    }

    /// Of the stream of looks at evidence: what is written down stays, until so many newer ones are there of the same party.
    /// An operator may set `max_age`, where the law wants looks forgotten sooner.
    pub(crate) fn accesses(replicas: usize) -> Self {
        let mut rules = vec![
            ("subjects", Rule::Is(json!([format!("{ACCESS_SUBJECT_PREFIX}*")]))),
            ("max_msg_size", Rule::Is(json!(ACCESS_MESSAGE_BYTES_MAX))),
            ("max_msgs_per_subject", Rule::Is(json!(ACCESSES_OF_ONE_MAX))),
            // The oldest of the party's.
            ("discard", Rule::Is(json!("old"))),
        ];
        let others = |(name, _): &(&str, Rule)| !matches!(*name, "discard" | "max_age");
        rules.extend(durable(replicas).into_iter().filter(others));
        Self {
            stream: ACCESS_STREAM,
            rules,
        }
    }

    /// Reads the stream's settings and refuses the first that is not what it must be.
    pub(crate) async fn open(&self, connection: &Connection) -> Result<StreamInfo, JournalError> {
        let info = stream_info(connection, self.stream).await?;
        self.check(&info.config)?;
        Ok(info)
    }

    /// Creates the stream unless it exists; either way its settings are then checked, never changed.
    pub(crate) async fn provision(&self, connection: &Connection) -> Result<(), JournalError> {
        match self.open(connection).await {
            Err(JournalError::NoStream { .. }) => {}
            opened => return opened.map(drop),
        }
        let subject = format!("$JS.API.STREAM.CREATE.{}", self.stream);
        let created: Result<Value, _> = connection.api(&subject, &self.to_config()).await;
        created.map_err(|unmet| unmet.into_error(subject))?;
        self.open(connection).await.map(drop)
    }

    pub(crate) fn check(&self, config: &Value) -> Result<(), JournalError> {
        let wrong = self
            .rules
            .iter()
            .find(|(name, rule)| !rule.holds(config.get(name).unwrap_or(&Value::Null)));
        let Some((name, rule)) = wrong else { return Ok(()) };
        Err(JournalError::Setting {
            stream: self.stream,
            name,
            found: config.get(name).map_or_else(|| "absent".to_owned(), Value::to_string),
            wanted: rule.to_text(),
        })
    }

    /// Leaves out what is off: a server that does not know a switch yet refuses its name.
    pub(crate) fn to_config(&self) -> Value {
        let rules = self
            .rules
            .iter()
            .map(|(name, rule)| ((*name).to_owned(), rule.to_value()));
        let mut config: Map<String, Value> = rules.filter(|(_, value)| !is_off(value)).collect();
        config.insert("name".to_owned(), json!(self.stream));
        Value::Object(config)
    }
}

impl Rule {
    fn holds(&self, found: &Value) -> bool {
        match self {
            Self::Is(wanted) => found == wanted || (is_off(found) && is_off(wanted)),
            Self::OneOf(wanted) => wanted.contains(found),
            Self::AtLeast(least) => found.as_u64().is_some_and(|found| *least <= found),
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Is(wanted) => wanted.clone(),
            Self::OneOf(wanted) => wanted.first().cloned().unwrap_or_default(),
            Self::AtLeast(least) => json!(least),
        }
    }

    fn to_text(&self) -> String {
        match self {
            Self::Is(wanted) if is_off(wanted) => "off".to_owned(),
            Self::Is(wanted) => wanted.to_string(),
            Self::OneOf(wanted) => wanted.iter().map(Value::to_string).collect::<Vec<_>>().join(" or "),
            Self::AtLeast(least) => format!("{least} or more"),
        }
    }
}

/// Reads a stream's information from its leader.
pub(crate) async fn stream_info(connection: &Connection, stream: &'static str) -> Result<StreamInfo, JournalError> {
    let subject = format!("$JS.API.STREAM.INFO.{stream}");
    let info = connection.api(&subject, &json!({})).await;
    info.map_err(|unmet| match unmet {
        Unmet::Rejected(Rejection {
            code: STREAM_NOT_FOUND, ..
        }) => JournalError::NoStream { stream },
        unmet => unmet.into_error(subject),
    })
}

/// What keeps acknowledged messages: on disk, written through, none dropped, none taken back, none from elsewhere.
fn durable(replicas: usize) -> Vec<(&'static str, Rule)> {
    let is = |name, value| (name, Rule::Is(value));
    vec![
        is("storage", json!("file")),
        is("retention", json!("limits")),
        is("discard", json!("new")),
        is("discard_new_per_subject", json!(false)),
        is("max_age", json!(0)),
        is("max_bytes", json!(-1)),
        is("max_msgs", json!(-1)),
        is("deny_delete", json!(true)),
        is("deny_purge", json!(true)),
        is("allow_rollup_hdrs", json!(false)),
        is("allow_msg_ttl", json!(false)),
        is("allow_msg_counter", json!(false)),
        is("allow_msg_schedules", json!(false)),
        is("subject_delete_marker_ttl", Value::Null),
        ("persist_mode", Rule::OneOf(vec![Value::Null, json!("default")])),
        is("no_ack", json!(false)),
        is("sealed", json!(false)),
        is("mirror", Value::Null),
        is("sources", Value::Null),
        is("subject_transform", Value::Null),
        is("republish", Value::Null),
        ("num_replicas", Rule::AtLeast(replicas as u64)),
    ]
}

/// A server may leave out what is off.
fn is_off(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Bool(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_named_when_it_alone_is_wrong() {
        for settings in [
            Settings::statements(3),
            Settings::log_bucket(3),
            Settings::evidence(3),
            Settings::accesses(3),
        ] {
            let right = settings.to_config();
            settings.check(&right).unwrap();
            for (name, _) in &settings.rules {
                let mut wrong = right.clone();
                wrong[*name] = json!("something else");
                let error = settings.check(&wrong).unwrap_err();
                assert!(
                    matches!(error, JournalError::Setting { name: named, .. } if named == *name),
                    "{name}: {error}"
                );
            }
        }
    }

    #[test]
    fn a_setting_that_must_be_on_may_not_be_absent() {
        let settings = Settings::statements(1);
        for (name, value) in settings.to_config().as_object().unwrap() {
            let mut config = settings.to_config();
            config.as_object_mut().unwrap().remove(name);
            assert_eq!(settings.check(&config).is_err(), name != "name", "{name}: {value}");
        }
    }
}
