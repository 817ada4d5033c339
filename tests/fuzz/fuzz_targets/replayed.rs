//! What `veta replay --resume` noted of how far it was, in which anything may lie: only what was noted is read, of its own log,
//! and written down it is the same.
#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fuzz::directory::{head, leaves};
use fuzz::{in_place, log_origin};
use libfuzzer_sys::fuzz_target;
use tlog::{Hash, Origin};
use veta::replays::fuzzing::{noted, noted_again};

/// Fewer bytes than stand between two fields of a note and its digest: nobody puts another note in place of one with them.
const CHANGED_MAX: usize = 100;

/// Where in a note of ours bytes take the place of others, and these bytes.
type Input<'a> = (u16, &'a [u8]);

static ORIGIN: LazyLock<Origin> = LazyLock::new(log_origin);
static NOTED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let findings = BTreeMap::from([("gap".to_owned(), 3), ("refused".to_owned(), 1)]);
    noted(&ORIGIN, head(&leaves(7)), Hash::from_bytes([7; 32]), findings)
});

fuzz_target!(|input: Input<'_>| {
    let (at, bytes) = input;
    let file = in_place(&NOTED, at, bytes);
    let Some(again) = noted_again(&file, &ORIGIN) else {
        assert_ne!(file, *NOTED);
        return;
    };
    assert_eq!(noted_again(&again, &ORIGIN).as_ref(), Some(&again));
    if usize::from(at) <= NOTED.len() && bytes.len() <= CHANGED_MAX {
        assert_eq!(again, *NOTED);
    }
    let other = "log.example/silver".parse().expect("an origin");
    assert_eq!(noted_again(&file, &other), None);
});
