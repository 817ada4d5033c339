//! A checkpoint, alone and as a signed note: what is read is written back to the same text.
#![no_main]

use ed25519_dalek::SigningKey;
use libfuzzer_sys::fuzz_target;
use tlog::Checkpoint;
use tlog::note::{Note, NoteSigner};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(note) = Note::parse(bytes) {
        check(note.text());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        check(text);
    }
});

fn check(text: &str) {
    let Ok(checkpoint) = Checkpoint::parse(text) else {
        return;
    };
    assert_eq!(checkpoint.to_text(), text);
    let name = checkpoint.origin.key_name().clone();
    let signer = NoteSigner::new(name, SigningKey::from_bytes(&[1; 32])).expect("an honest key");
    let note = checkpoint.sign(&signer).expect("its own key signs it");
    assert_eq!(
        Checkpoint::open(note.as_bytes(), signer.vkey()).as_ref(),
        Ok(&checkpoint)
    );
}
