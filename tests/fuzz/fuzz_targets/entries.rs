//! A bundle of leaves: what is read encodes to the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::tiles::{TILE_WIDTH, decode_entries, encode_entries};

fuzz_target!(|bundle: &[u8]| {
    let Ok(leaves) = decode_entries(bundle) else { return };
    assert!((1..=TILE_WIDTH).contains(&leaves.len()));
    assert_eq!(encode_entries(leaves).expect("leaves that were read fit"), bundle);
});
