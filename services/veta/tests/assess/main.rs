//! Assessments from answers: interviews, filled sheets, forms and their exports, up to what waits in the queue.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod exports;
mod interviews;
mod sheets;
mod support;
mod templates;
