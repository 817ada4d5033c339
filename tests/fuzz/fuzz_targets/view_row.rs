//! What a view's store gives back, which is not trusted: a row is read only from the bytes that it would be written as, and
//! what is kept beside the rows only from the bytes that were sealed.
//!
//! The first byte chooses the service, the second its table; the others are the row.
#![no_main]

use std::sync::LazyLock;

use event::StreamPosition;
use libfuzzer_sys::fuzz_target;
use views::Identity;
use views::fuzzing::{resealed, sealed};

static OURS: LazyLock<Identity> = LazyLock::new(|| Identity {
    service: "custody",
    row_version: 1,
    incarnation: b"stream".to_vec(),
});

fuzz_target!(|input: &[u8]| {
    let Some((&[service, table], bytes)) = input.split_first_chunk() else {
        return;
    };
    match service % 4 {
        0 => {
            if let Ok(again) = custody::fuzzing::reencoded(table, bytes) {
                assert_eq!(again, bytes);
            }
        }
        1 => {
            if let Ok(again) = progress::fuzzing::reencoded(table, bytes) {
                assert_eq!(again, bytes);
            }
        }
        2 => check_identity(bytes),
        _ => check_state(table, bytes),
    }
});

/// Rows are ours only if they were kept under the very identity.
fn check_identity(identity: &[u8]) {
    let (ours, state) = sealed(&OURS);
    let read = resealed(&OURS, identity, &state);
    assert_eq!(read.is_ok(), identity == ours);
}

/// The bytes take the place of some of what was sealed: it is read only if nothing changed by that.
fn check_state(at: u8, bytes: &[u8]) {
    let (identity, state) = sealed(&OURS);
    let mut changed = state.clone();
    for (place, byte) in changed.iter_mut().skip(at.into()).zip(bytes) {
        *place = *byte;
    }
    let read = resealed(&OURS, &identity, &changed);
    assert_eq!(read.is_ok(), changed == state);
    assert!(read.is_err() || read == Ok((StreamPosition::START, state)));
    if let Ok((_, again)) = resealed(&OURS, &identity, bytes) {
        assert_eq!(again, bytes);
    }
}
