//! What outsiders do with a log: they mirror it, decide it again, look at a sample, watch it.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod mirror;
mod monitor;
mod replays;
mod samples;
mod support;
mod tls;
