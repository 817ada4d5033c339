//! A transparency proof: what is read is written back to the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::proof::TlogProof;

fuzz_target!(|bytes: &[u8]| {
    let Ok(proof) = TlogProof::parse(bytes) else { return };
    let written = proof.encode().expect("what was read can be written");
    assert_eq!(written.as_bytes(), bytes);
});
