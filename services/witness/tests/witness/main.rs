//! A witness through its door: real requests over HTTP, real files, and logs that lie.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

mod auditing;
mod plain;
mod support;
