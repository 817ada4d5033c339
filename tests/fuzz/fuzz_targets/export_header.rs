//! The header of an exported log: what is read is written back to the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use replay::export::Header;

fuzz_target!(|bytes: &[u8]| {
    let Ok((header, length)) = Header::parse(bytes) else {
        return;
    };
    assert_eq!(header.encode(), bytes[..length]);
});
