//! A witness' cosignature: it holds for the text and the time that were cosigned, and whatever else its line may hold is refused.
#![no_main]

use ed25519_dalek::SigningKey;
use libfuzzer_sys::fuzz_target;
use tlog::cosignature::{CosignTime, Cosigner, CosignerVkey};
use tlog::note::{KeyName, Note, NoteError, NoteSignature};

/// A time, a text, what is changed in the line (a place and a pattern), and a made-up line.
type Input<'a> = (u64, &'a str, (u16, u8), &'a [u8]);

fuzz_target!(|input: Input<'_>| {
    let (seconds, text, change, made_up) = input;
    if let Ok(vkey) = text.parse::<CosignerVkey>() {
        assert_eq!(vkey.to_string(), text);
    }
    let Ok(note) = Note::new(format!("{text}\n")) else {
        return;
    };
    let name = KeyName::new("witness.example/w1").expect("a key name");
    let cosigner = Cosigner::new(name, SigningKey::from_bytes(&[1; 32])).expect("an honest key");
    let Some(time) = CosignTime::new(seconds) else {
        assert!(seconds > CosignTime::MAX.get());
        return;
    };
    let line = cosigner.cosign(&note, time);
    check(&note, &line, cosigner.vkey(), Ok(time));
    let changed = changed(&line, change);
    if changed != line {
        let refused = with(&note, &changed).and_then(|note| note.cosigned(cosigner.vkey()));
        assert!(refused.is_err());
    }
    let made_up = NoteSignature {
        signature: made_up.to_vec(),
        ..line.clone()
    };
    if made_up != line {
        let refused = with(&note, &made_up).and_then(|note| note.cosigned(cosigner.vkey()));
        assert!(refused.is_err());
    }
});

/// What is added to a note is read back with it, and says the same.
fn check(note: &Note, line: &NoteSignature, vkey: &CosignerVkey, expected: Result<CosignTime, NoteError>) {
    let cosigned = with(note, line).expect("a line of a cosigner fits a note");
    assert_eq!(cosigned.cosigned(vkey), expected);
    let written = cosigned.encode().expect("a short note");
    let read = Note::parse(written.as_bytes()).expect("what was written");
    assert_eq!(read, cosigned);
    assert_eq!(read.cosigned(vkey), expected);
}

fn with(note: &Note, line: &NoteSignature) -> Result<Note, NoteError> {
    let mut note = note.clone();
    note.add(line.clone())?;
    Ok(note)
}

fn changed(line: &NoteSignature, (at, pattern): (u16, u8)) -> NoteSignature {
    let mut changed = line.clone();
    let at = usize::from(at) % changed.signature.len();
    changed.signature[at] ^= pattern;
    changed
}
