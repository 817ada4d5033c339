//! Where a WebAssembly module takes what it is given and keeps what it answers, from one call to the next.
//!
//! # In scope
//! - [`Room`]: bytes that a caller writes, never more than a limit. [`Answer`]: text that it reads.
//!
//! # Out of scope
//! - The functions that a module exports, and what they mean: each module's `abi`.
//!
//! # Invariants
//! - Addresses hold until the next call, and nothing here reads through one.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes that a caller writes.
#[derive(Debug)]
pub struct Room {
    bytes: Mutex<Vec<u8>>,
    most: usize,
}

impl Room {
    /// A room that takes `most` bytes.
    #[must_use]
    pub const fn of(most: usize) -> Self {
        Self {
            bytes: Mutex::new(Vec::new()),
            most,
        }
    }

    /// Makes room for so many bytes: the address where they are to be written. The address of what is too long is 0.
    pub fn make(&self, bytes: usize) -> *mut u8 {
        if self.most < bytes {
            return core::ptr::null_mut();
        }
        let mut room = lock(&self.bytes);
        *room = vec![0; bytes];
        room.as_mut_ptr()
    }

    /// What was written.
    pub fn read(&self) -> MutexGuard<'_, Vec<u8>> {
        lock(&self.bytes)
    }
}

/// Text that a caller reads.
#[derive(Debug)]
pub struct Answer(Mutex<String>);

impl Answer {
    /// Nothing yet.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Mutex::new(String::new()))
    }

    /// Keeps it until the next one.
    pub fn keep(&self, text: String) {
        *lock(&self.0) = text;
    }

    /// Where it lies, in UTF-8.
    pub fn address(&self) -> *const u8 {
        lock(&self.0).as_ptr()
    }

    /// How long it is.
    pub fn bytes(&self) -> usize {
        lock(&self.0).len()
    }
}

/// A panic leaves nothing half written: each of these is replaced whole.
fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{Answer, Room};

    #[test]
    fn a_room_takes_no_more_than_its_limit() {
        let room = Room::of(4);
        for (bytes, fits) in [(0, true), (4, true), (5, false), (usize::MAX, false)] {
            assert_eq!(!room.make(bytes).is_null(), fits, "{bytes}");
        }
        assert_eq!(*room.read(), [0; 4]);
    }

    #[test]
    fn an_answer_stays_until_the_next() {
        let answer = Answer::empty();
        assert_eq!(answer.bytes(), 0);
        answer.keep("first".to_owned());
        answer.keep("second one".to_owned());
        assert_eq!(answer.bytes(), 10);
        assert!(!answer.address().is_null());
    }
}
