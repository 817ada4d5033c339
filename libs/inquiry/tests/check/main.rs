//! What services answer about a lot, as the facts that a policy judges.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod facts;
mod permits;
mod support;
mod unreachable;
