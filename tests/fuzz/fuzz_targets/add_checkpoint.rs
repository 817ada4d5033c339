//! A request to a witness: what is read is written back to the same bytes. By a witness that cosigned the tree of `golden`, only
//! what continues that tree is accepted, with the lines of its trusted key alone.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tlog::note::Vkey;
use tlog::witness::{AddCheckpoint, decide};
use tlog::{Checkpoint, Origin, TreeSize};

/// The log of the golden vectors of `add-checkpoint`, and its first three leaves.
static GOLDEN: LazyLock<(Vkey, Checkpoint)> = LazyLock::new(|| {
    let vkey: Vkey = "log.example/gold+cfccd00f+Adq+IF+duxaaW0tnPIRP/O1ikXHXc7715R1eXcz9t8tN"
        .parse()
        .expect("a key");
    let root = "1Pksj7uJcg6ztVZ3x9fvrd/rENEaGoSguo8aIzN/qpU=".parse().expect("a hash");
    let origin = Origin::new(vkey.name().as_str()).expect("an origin");
    let size = TreeSize::new(3);
    (vkey, Checkpoint { origin, size, root })
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(request) = AddCheckpoint::parse(bytes) else {
        return;
    };
    assert_eq!(
        request.encode().expect("what was read can be written").as_bytes(),
        bytes
    );
    let (vkey, stored) = &*GOLDEN;
    let Ok(accepted) = decide(Some(stored), std::slice::from_ref(vkey), &request) else {
        return;
    };
    assert!(
        request
            .proof
            .verify(&stored.head(), &accepted.checkpoint.head())
            .is_ok()
    );
    assert_eq!(
        Checkpoint::from_note(&accepted.note, vkey).as_ref(),
        Ok(&accepted.checkpoint)
    );
    assert_eq!(accepted.note.signatures().len(), 1);
});
