//! `veta lot`, as it is typed, where there is no network.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod codes;
mod deeds;
mod handovers;
mod support;
mod verbs;
