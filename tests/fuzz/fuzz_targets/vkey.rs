//! The text of a verifying key: what is read is printed as the same text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::note::Vkey;

fuzz_target!(|text: &str| {
    let Ok(vkey) = text.parse::<Vkey>() else { return };
    assert_eq!(vkey.to_string(), text);
});
