//! An answer of a witness, after two bytes of status: only a line that was cosigned passes for a cosignature.
#![no_main]

use ed25519_dalek::SigningKey;
use libfuzzer_sys::fuzz_target;
use tlog::cosignature::Cosigner;
use tlog::note::{KeyName, Note};
use tlog::witness::{WitnessAnswer, cosignature_among};

fuzz_target!(|bytes: &[u8]| {
    let Some((status, body)) = bytes.split_first_chunk() else {
        return;
    };
    let Ok(WitnessAnswer::Cosigned(lines)) = WitnessAnswer::read(u16::from_be_bytes(*status), body) else {
        return;
    };
    let name = KeyName::new("witness.example/w1").expect("a name");
    let witness = Cosigner::new(name, SigningKey::from_bytes(&[1; 32])).expect("an honest key");
    let note = Note::new("log.example/gold\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n").expect("a text");
    if let Ok((line, time)) = cosignature_among(&lines, &note, witness.vkey()) {
        assert_eq!(line, witness.cosign(&note, time));
    }
});
