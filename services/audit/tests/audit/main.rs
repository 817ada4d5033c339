//! The log through its doors: nothing is signed that is not durable, read back, and an extension of what was signed.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

mod answers;
mod crash;
mod past;
mod support;
mod tiles;
mod witness;
mod witnesses;
