//! What a witness answers: cosignatures are read back to the same lines, and only one that holds is taken from among them; what
//! it says in words is short and has no control characters.
#![no_main]

use ed25519_dalek::SigningKey;
use libfuzzer_sys::fuzz_target;
use tlog::cosignature::{CosignTime, Cosigner};
use tlog::note::Note;
use tlog::witness::{WitnessAnswer, cosignature_among};

/// A time at which the witness cosigned indeed.
const TIME: u64 = 1_780_228_800;

/// The status, whether the witness' line stands first, and the body.
type Input<'a> = (u16, bool, &'a [u8]);

fuzz_target!(|input: Input<'_>| {
    let (status, honest, body) = input;
    let note = Note::new("log.example/gold\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n").expect("text");
    let name = "witness.example/w1".parse().expect("a key name");
    let witness = Cosigner::new(name, SigningKey::from_bytes(&[1; 32])).expect("an honest key");
    let time = CosignTime::new(TIME).expect("a time");
    let line = witness.cosign(&note, time);
    let body = if honest {
        [format!("{line}\n").as_bytes(), body].concat()
    } else {
        body.to_vec()
    };
    match WitnessAnswer::read(status, &body) {
        Ok(WitnessAnswer::Cosigned(lines)) => {
            assert_eq!(status, 200);
            let written: String = lines.iter().map(|line| format!("{line}\n")).collect();
            assert_eq!(written.as_bytes(), body);
            match cosignature_among(&lines, &note, witness.vkey()) {
                Ok(taken) => assert_eq!(taken, (line, time)),
                Err(_) => assert!(!honest || lines.len() > 1, "the one line is that of the witness"),
            }
        }
        Ok(WitnessAnswer::OtherSize(size)) => {
            assert_eq!(status, 409);
            assert_eq!(format!("{size}\n").as_bytes(), body);
        }
        Ok(WitnessAnswer::Refused { status: read, reason }) => {
            assert_eq!(read, status);
            assert!(reason.chars().count() <= 256 && !reason.contains(char::is_control));
        }
        Err(_) => assert!([200, 409].contains(&status) || body.len() > tlog::witness::ANSWER_BYTES_MAX),
    }
});
