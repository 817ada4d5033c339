//! What a WebAssembly module exports: two rooms for what goes in, one call, and where the answer lies.
//!
//! ```text
//! veta_bundle_room(bytes) -> address    write the bundle there
//! veta_policy_room(bytes) -> address    write the policy there
//! veta_verify() -> verdict              0 verified, 1 not, 2 the policy cannot be read
//! veta_answer() -> address              of the answer, JSON in UTF-8
//! veta_answer_bytes() -> bytes          how long it is
//! ```
//!
//! A room of more than the limit of what it is for has the address 0. Addresses hold until the next call.
#![expect(unsafe_code, reason = "that a function keeps its name is all that is unsafe here")]

use replay::bundle::BUNDLE_BYTES_MAX;
use rooms::{Answer, Room};
use tlog::policy::POLICY_BYTES_MAX;

use crate::answer;

static BUNDLE: Room = Room::of(BUNDLE_BYTES_MAX);
static POLICY: Room = Room::of(POLICY_BYTES_MAX);
static ANSWER: Answer = Answer::empty();

/// Makes room for a bundle.
#[unsafe(no_mangle)]
pub extern "C" fn veta_bundle_room(bytes: usize) -> *mut u8 {
    BUNDLE.make(bytes)
}

/// Makes room for a policy.
#[unsafe(no_mangle)]
pub extern "C" fn veta_policy_room(bytes: usize) -> *mut u8 {
    POLICY.make(bytes)
}

/// Verifies the bundle by the policy.
#[unsafe(no_mangle)]
pub extern "C" fn veta_verify() -> u32 {
    let (verdict, text) = answer(&BUNDLE.read(), &POLICY.read());
    ANSWER.keep(text);
    u32::from(verdict as u8)
}

/// Where the answer lies.
#[unsafe(no_mangle)]
pub extern "C" fn veta_answer() -> *const u8 {
    ANSWER.address()
}

/// How long the answer is.
#[unsafe(no_mangle)]
pub extern "C" fn veta_answer_bytes() -> usize {
    ANSWER.bytes()
}
