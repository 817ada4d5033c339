//! Servers and directories read as an outsider does.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod http;
mod log;
mod support;
