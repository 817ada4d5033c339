//! A proof bundle: nothing but the very bytes that the log's operator made is ever verified.
#![no_main]

use libfuzzer_sys::fuzz_target;
use replay::bundle::verify;

const PROVED: [&[u8]; 2] = [
    include_bytes!("../../../libs/replay/testdata/bundle/sold-once.veta-proof"),
    include_bytes!("../../../libs/replay/testdata/bundle/made-of-others.veta-proof"),
];
const VKEY: &str = include_str!("../../../libs/replay/testdata/bundle/log.vkey");

fuzz_target!(|bytes: &[u8]| {
    let vkey = VKEY.trim_end().parse().expect("a good key");
    if verify(bytes, &vkey).is_ok() {
        assert!(PROVED.contains(&bytes));
    }
});
