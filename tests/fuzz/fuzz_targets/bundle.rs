//! A proof bundle: nothing but the very bytes that the log's operator made is ever verified.
#![no_main]

use libfuzzer_sys::fuzz_target;
use replay::bundle::verify;
use tlog::policy::Policy;

const PROVED: [&[u8]; 4] = [
    include_bytes!("../../../libs/replay/testdata/bundle/sold-once.veta-proof"),
    include_bytes!("../../../libs/replay/testdata/bundle/made-of-others.veta-proof"),
    include_bytes!("../../../libs/replay/testdata/bundle/made-of-others-depth-1.veta-proof"),
    include_bytes!("../../../libs/replay/testdata/bundle/after-an-older-checkpoint.veta-proof"),
];
/// Who asks for every witness leaves no line of the checkpoint that could be another's.
const POLICY: &[u8] = include_bytes!("../../../libs/replay/testdata/bundle/all-witnesses.policy");

fuzz_target!(|bytes: &[u8]| {
    let policy = Policy::parse(POLICY).expect("a good policy");
    if verify(bytes, &policy).is_ok() {
        assert!(PROVED.contains(&bytes));
    }
});
