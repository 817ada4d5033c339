//! Records in a stream.

use event::{Record, SignedStatement, Timestamp};
use journal::Append;

/// A record of a statement.
pub(crate) fn append(at: Timestamp, statement: &SignedStatement) -> Append {
    Append {
        subject: "veta.statements.bench.org-bench".to_owned(),
        payload: Record::new(at, statement.clone()).encode().into(),
    }
}
