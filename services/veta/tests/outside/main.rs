//! What outsiders do with a log: they mirror it.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod mirror;
mod support;
