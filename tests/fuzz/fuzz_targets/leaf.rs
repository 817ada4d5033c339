//! A log leaf: what is read encodes to the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::Leaf;

fuzz_target!(|bytes: &[u8]| {
    let Ok(leaf) = Leaf::parse(bytes) else { return };
    assert_eq!(leaf.encode().as_deref(), Ok(bytes));
    assert_eq!(leaf.hash(), Ok(tlog::tree::leaf_hash(bytes)));
});
