//! The view from outside: records go in as the stream has them, answers come out at the gRPC door.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod amended;
mod compare;
mod conduct;
mod evidence;
mod gates;
mod lists;
mod organizations;
mod others;
mod past;
mod refusals;
mod replay;
mod run;
mod standing;
mod standings;
mod support;
mod versions;
mod watch;
