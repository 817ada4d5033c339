//! A signed note: what is read is written back to the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::note::Note;

fuzz_target!(|bytes: &[u8]| {
    let Ok(note) = Note::parse(bytes) else { return };
    let written = note.encode().expect("what was read can be written");
    assert_eq!(written.as_bytes(), bytes);
});
