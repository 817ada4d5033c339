//! Ingest from outside: statements go in at the gRPC door, and what the stream holds afterwards is looked at.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod conflicts;
mod faults;
mod founding;
mod late;
mod malformed;
mod refusals;
mod repeats;
mod slow;
mod stopping;
mod support;
mod two;

/// Everyone and everything by name, as the ledger's own tables say it.
#[path = "../../../../libs/ledger/tests/support/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    clippy::needless_pass_by_value,
    reason = "written for the ledger's tables; these use a part of it"
)]
mod cast;
