//! What a WebAssembly module exports: rooms for a question and for a picture, one call, and where the answer lies.
//!
//! ```text
//! veta_question_room(bytes) -> address    write the question there, JSON in UTF-8
//! veta_picture_room(bytes) -> address     write the picture there that the question is about, a byte of grey for each pixel
//! veta_ask()                              answers it, and forgets the picture
//! veta_answer() -> address                of the answer, JSON in UTF-8
//! veta_answer_bytes() -> bytes            how long it is
//! ```
//!
//! What can be asked, and what is answered: [`crate::asks`]. A room of more than [`QUESTION_BYTES_MAX`] or [`PIXELS_MAX`] has the
//! address 0. Addresses hold until the next call.
#![expect(unsafe_code, reason = "that a function keeps its name is all that is unsafe here")]

use rooms::{Answer, Room};

use crate::asks::{QUESTION_BYTES_MAX, answer_of};
use crate::scan::PIXELS_MAX;

static QUESTION: Room = Room::of(QUESTION_BYTES_MAX);
static PICTURE: Room = Room::of(PIXELS_MAX);
static ANSWER: Answer = Answer::empty();

/// Makes room for a question.
#[unsafe(no_mangle)]
pub extern "C" fn veta_question_room(bytes: usize) -> *mut u8 {
    QUESTION.make(bytes)
}

/// Makes room for a picture.
#[unsafe(no_mangle)]
pub extern "C" fn veta_picture_room(bytes: usize) -> *mut u8 {
    PICTURE.make(bytes)
}

/// Answers the question.
#[unsafe(no_mangle)]
pub extern "C" fn veta_ask() {
    let answer = answer_of(&QUESTION.read(), &PICTURE.read());
    ANSWER.keep(answer);
    let _forgotten = PICTURE.make(0);
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
