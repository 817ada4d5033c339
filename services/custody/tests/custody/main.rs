//! The view from outside: records go in as the stream has them, answers come out at the gRPC door.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod beside;
mod lists;
mod months;
mod numbers;
mod origins;
mod paths;
mod refusals;
mod replay;
mod run;
mod support;
mod trust;
