//! A buyer's verdict from outside: facts and the text of a policy go in, reasons come out.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod judging;
mod policies;
mod properties;
mod support;
