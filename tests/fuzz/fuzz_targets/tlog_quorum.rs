//! A trust policy: written anew, it asks for the same; whoever cosigns besides cannot undo what holds, and no quorum stands of
//! those who did not cosign. In the input, `@0` and `@1` stand for keys of the log, `@2` to `@5` for those of witnesses.
#![no_main]

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use libfuzzer_sys::fuzz_target;
use tlog::Checkpoint;
use tlog::cosignature::{CosignTime, Cosigner};
use tlog::note::{Note, NoteSigner};
use tlog::policy::{Cosigned, Policy};

const LOGS: u8 = 2;
const WITNESSES: u8 = 4;

/// Who signs, one bit for each key; when the witnesses do; and the policy.
type Input<'a> = (u8, [u8; WITNESSES as usize], &'a str);

fuzz_target!(|input: Input<'_>| {
    let (signing, times, text) = input;
    let text = (0..LOGS + WITNESSES).fold(text.to_owned(), |text, key| {
        text.replace(&format!("@{key}"), &vkey(key))
    });
    let Ok(policy) = text.parse::<Policy>() else { return };
    let again = Policy::parse(&policy.to_bytes()).expect("what was written is read");
    assert_eq!(again, policy);
    assert_eq!(again.to_bytes(), policy.to_bytes());
    let checked = policy.check(&note(signing, times));
    if let Ok(cosigned) = &checked {
        check(&policy, cosigned, signing, times);
        // Every other key signs too, the witnesses later than all.
        let more = policy
            .check(&note(0xff, times.map(|time| time | 0x80)))
            .expect("more have cosigned");
        assert!(more.as_of >= cosigned.as_of);
    }
    if policy.check(&note(0xff, times)).is_err() {
        assert!(checked.is_err(), "the quorum stands of fewer, and not of all");
    }
});

fn check(policy: &Policy, cosigned: &Cosigned, signing: u8, times: [u8; WITNESSES as usize]) {
    assert!((0..LOGS).any(|key| signs(signing, key) && cosigned.log == *log_signer(key).vkey()));
    assert!(policy.logs().iter().any(|log| log.vkey == cosigned.log));
    let keys: BTreeMap<_, _> = policy
        .witnesses()
        .iter()
        .map(|witness| (&witness.name, &witness.vkey))
        .collect();
    for (name, time) in &cosigned.by {
        let known = (LOGS..LOGS + WITNESSES).find(|key| witness(*key).vkey() == keys[name]);
        let key = known.expect("nobody else has signed");
        assert!(signs(signing, key));
        assert_eq!(*time, time_of(key, times));
    }
    assert!(
        cosigned
            .auditors
            .iter()
            .all(|name| cosigned.by.iter().any(|(by, _)| by == name))
    );
    assert!(!policy.requires_auditor() || !cosigned.auditors.is_empty());
    if let Some(as_of) = cosigned.as_of {
        assert!(cosigned.by.iter().any(|(_, time)| *time == as_of));
    }
}

/// A checkpoint signed by whom the bits say, by the first key of the log in any case.
fn note(signing: u8, times: [u8; WITNESSES as usize]) -> Note {
    let origin = log_signer(0).vkey().name().as_str().parse().expect("an origin");
    let checkpoint = Checkpoint::new(origin, tlog::TreeHead::empty());
    let mut note = Note::new(checkpoint.to_text()).expect("text");
    for key in (0..LOGS).filter(|key| signs(signing, *key)) {
        note.sign(&log_signer(key)).expect("signed once");
    }
    for key in (LOGS..LOGS + WITNESSES).filter(|key| signs(signing, *key)) {
        let line = witness(key).cosign(&note, time_of(key, times));
        note.add(line).expect("cosigned once");
    }
    note
}

/// The first key signs always: a note without signatures is none.
fn signs(signing: u8, key: u8) -> bool {
    key == 0 || signing >> key & 1 == 1
}

fn time_of(key: u8, times: [u8; WITNESSES as usize]) -> CosignTime {
    CosignTime::new(times[usize::from(key - LOGS)].into()).expect("early times")
}

fn vkey(key: u8) -> String {
    if key < LOGS {
        log_signer(key).vkey().to_string()
    } else {
        witness(key).vkey().to_string()
    }
}

fn log_signer(key: u8) -> NoteSigner {
    let name = "log.example/gold".parse().expect("a key name");
    NoteSigner::new(name, SigningKey::from_bytes(&[key; 32])).expect("an honest key")
}

fn witness(key: u8) -> Cosigner {
    let name = format!("witness.example/w{key}").parse().expect("a key name");
    Cosigner::new(name, SigningKey::from_bytes(&[key; 32])).expect("an honest key")
}
