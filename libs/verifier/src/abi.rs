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

use std::sync::{Mutex, PoisonError};

use replay::bundle::BUNDLE_BYTES_MAX;
use tlog::policy::POLICY_BYTES_MAX;

use crate::answer;

static BUNDLE: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static POLICY: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static ANSWER: Mutex<String> = Mutex::new(String::new());

/// Makes room for a bundle.
#[unsafe(no_mangle)]
pub extern "C" fn veta_bundle_room(bytes: usize) -> *mut u8 {
    room(&BUNDLE, bytes, BUNDLE_BYTES_MAX)
}

/// Makes room for a policy.
#[unsafe(no_mangle)]
pub extern "C" fn veta_policy_room(bytes: usize) -> *mut u8 {
    room(&POLICY, bytes, POLICY_BYTES_MAX)
}

/// Verifies the bundle by the policy.
#[unsafe(no_mangle)]
pub extern "C" fn veta_verify() -> u32 {
    let (verdict, text) = answer(&lock(&BUNDLE), &lock(&POLICY));
    *lock(&ANSWER) = text;
    u32::from(verdict as u8)
}

/// Where the answer lies.
#[unsafe(no_mangle)]
pub extern "C" fn veta_answer() -> *const u8 {
    lock(&ANSWER).as_ptr()
}

/// How long the answer is.
#[unsafe(no_mangle)]
pub extern "C" fn veta_answer_bytes() -> usize {
    lock(&ANSWER).len()
}

fn room(of: &Mutex<Vec<u8>>, bytes: usize, most: usize) -> *mut u8 {
    if most < bytes {
        return core::ptr::null_mut();
    }
    let mut room = lock(of);
    *room = vec![0; bytes];
    room.as_mut_ptr()
}

/// A panic leaves nothing half written: each of these is replaced whole.
fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
