//! Reports from given answers: the same bytes each time, in both forms, whatever the names are.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod escaping;
mod golden;
mod support;
mod words;
