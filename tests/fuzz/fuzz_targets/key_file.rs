//! A file with a private key, in either form: what is read is written and read back as the same key.
#![no_main]

use libfuzzer_sys::fuzz_target;
use veta::keys::{KEY_FILE_BYTES_MAX, parse, public, to_pem};

fuzz_target!(|text: &str| {
    let Ok(key) = parse(text) else { return };
    let pem = to_pem(&key);
    assert!(pem.len() as u64 <= KEY_FILE_BYTES_MAX);
    let again = parse(&pem).expect("what was written can be read");
    assert_eq!(again.to_bytes(), key.to_bytes());
    assert_eq!(public(&again), public(&key));
    assert_eq!(to_pem(&again), pem);
});
