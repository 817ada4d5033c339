//! Who may do what on the NATS server: one user per role, everything denied that is not listed.

use crate::settings::{ACCESS_STREAM, EVIDENCE_STREAM, LOG_BUCKET, LOG_STREAM};
use crate::{ACCESS_SUBJECT_PREFIX, EVIDENCE_SUBJECT_PREFIX, STREAM, SUBJECT_PREFIX};

/// The part a connection plays. Each role is one NATS user with its own permissions and its own inbox, so that no
/// service reads another's answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Creates the stream and the buckets, at deployment only. The only one whom the server lets change or delete them.
    Provisioner,
    /// Appends and follows: the only writer of the stream.
    Ingest,
    /// Follows.
    View,
    /// Follows, keeps and hands out evidence, and writes down who looked at it.
    Progress,
    /// Follows, and keeps the log's tree head in the bucket.
    Audit,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Provisioner, Self::Ingest, Self::View, Self::Progress, Self::Audit];

    /// Its name, as in file names and inboxes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Provisioner => "provisioner",
            Self::Ingest => "ingest",
            Self::View => "view",
            Self::Progress => "progress",
            Self::Audit => "audit",
        }
    }

    /// The subjects that it may publish to.
    ///
    /// Left out on purpose: deleting consumers (one reader could end another; they end by themselves), and direct
    /// reads (a replica may lag behind its leader).
    #[must_use]
    pub fn may_publish(self) -> Vec<String> {
        match self {
            Self::Provisioner => vec!["$JS.API.>".to_owned()],
            Self::Ingest => [vec![format!("{SUBJECT_PREFIX}>")], follow_subjects()].concat(),
            Self::View => follow_subjects(),
            Self::Progress => [follow_subjects(), evidence_subjects()].concat(),
            Self::Audit => [follow_subjects(), cell_subjects()].concat(),
        }
    }

    /// The subjects that it may subscribe to.
    #[must_use]
    pub fn may_subscribe(self) -> Vec<String> {
        vec![format!("{}.>", self.inbox_prefix())]
    }

    /// Where answers to it are sent.
    #[must_use]
    pub fn inbox_prefix(self) -> String {
        format!("_INBOX_{}", self.as_str())
    }
}

fn follow_subjects() -> Vec<String> {
    vec![
        format!("$JS.API.STREAM.INFO.{STREAM}"),
        format!("$JS.API.CONSUMER.CREATE.{STREAM}.>"),
        format!("$JS.API.CONSUMER.MSG.NEXT.{STREAM}.>"),
    ]
}

fn cell_subjects() -> Vec<String> {
    vec![
        format!("$KV.{LOG_BUCKET}.>"),
        format!("$JS.API.STREAM.INFO.{LOG_STREAM}"),
        format!("$JS.API.STREAM.MSG.GET.{LOG_STREAM}"),
    ]
}

fn evidence_subjects() -> Vec<String> {
    vec![
        format!("{EVIDENCE_SUBJECT_PREFIX}>"),
        format!("$JS.API.STREAM.INFO.{EVIDENCE_STREAM}"),
        format!("$JS.API.STREAM.MSG.GET.{EVIDENCE_STREAM}"),
        format!("{ACCESS_SUBJECT_PREFIX}*"),
        format!("$JS.API.STREAM.INFO.{ACCESS_STREAM}"),
        format!("$JS.API.STREAM.MSG.GET.{ACCESS_STREAM}"),
    ]
}
