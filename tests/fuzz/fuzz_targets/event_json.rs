//! A draft in JSON: what is read can be signed, and is the same event in either form.
#![no_main]

use event::Event;
use event::codec::{decode_strict, encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    let Ok(event) = serde_json::from_slice::<Event>(json) else {
        return;
    };
    let printed = serde_json::to_string(&event).expect("every event can be written as JSON");
    assert_eq!(
        serde_json::from_str::<Event>(&printed).expect("what was written can be read"),
        event
    );
    assert_eq!(decode_strict::<Event>(&encode(&event), usize::MAX), Ok(event));
});
