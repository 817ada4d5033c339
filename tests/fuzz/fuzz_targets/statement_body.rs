//! The body of a statement: what is read encodes to the same bytes, and can be written as JSON and read back.
#![no_main]

use event::Statement;
use event::codec::{decode_strict, encode};
use event::statement::STATEMENT_BODY_BYTES_MAX;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(statement) = decode_strict::<Statement>(bytes, STATEMENT_BODY_BYTES_MAX) else {
        return;
    };
    assert_eq!(encode(&statement), bytes);
    let json = serde_json::to_string(&statement).expect("every statement can be written as JSON");
    assert_eq!(
        serde_json::from_str::<Statement>(&json).expect("what was written can be read"),
        statement
    );
});
