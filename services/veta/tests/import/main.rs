//! Other people's records, read into statements: real rows, other editions, broken files, and the ledger's word on the
//! result.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod certifications;
mod cut;
mod deployment;
mod ipis;
