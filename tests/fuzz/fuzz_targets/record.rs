//! A message of the stream: what is read encodes to the same bytes.
#![no_main]

use event::Record;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|payload: &[u8]| {
    let Ok(record) = Record::decode(payload) else { return };
    assert_eq!(record.encode(), payload);
    assert_eq!(Record::new(record.admitted_at(), record.statement().clone()), record);
});
