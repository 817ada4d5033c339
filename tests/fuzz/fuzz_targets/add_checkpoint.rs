//! A request to a witness: what is read is written back to the same bytes; and whatever it says, a witness cosigns what a key
//! that it trusts signed, from the size that it had, and never another root of a size. One of the states that it may have is that
//! of the golden vectors, whose log the seeds continue.
#![no_main]

use std::sync::LazyLock;

use ed25519_dalek::SigningKey;
use libfuzzer_sys::fuzz_target;
use tlog::note::{Note, NoteSigner, Vkey};
use tlog::tree::empty_root;
use tlog::witness::{Accepted, AddCheckpoint, Refusal, decide};
use tlog::{Checkpoint, Hash, Origin, TreeHead, TreeSize};

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
    let written = request.encode().expect("what was read can be written");
    assert_eq!(written.as_bytes(), bytes);
    let Ok(claimed) = request.claimed() else { return };
    let (vkey, stored) = &*GOLDEN;
    check(Some(stored), vkey, &request);
    let name = claimed.origin.key_name().clone();
    let signer = NoteSigner::new(name, SigningKey::from_bytes(&[1; 32])).expect("an honest key");
    let mut checkpoint = Note::new(claimed.to_text()).expect("a checkpoint's text");
    checkpoint.sign(&signer).expect("signed once");
    let signed = AddCheckpoint {
        checkpoint,
        ..request.clone()
    };
    assert!(matches!(decide(None, &[], &signed), Err(Refusal::UnknownOrigin)));
    let same = claimed.clone();
    let other = Checkpoint {
        root: Hash::ZERO,
        ..claimed.clone()
    };
    let old = Checkpoint::new(
        claimed.origin.clone(),
        TreeHead {
            size: request.old,
            root: empty_root(),
        },
    );
    for stored in [None, Some(&same), Some(&other), Some(&old)] {
        // Nobody trusted signed the request as it came: the key is made up here.
        assert!(decide(stored, &[signer.vkey().clone()], &request).is_err());
        check(stored, signer.vkey(), &signed);
    }
});

fn check(stored: Option<&Checkpoint>, vkey: &Vkey, request: &AddCheckpoint) {
    let claimed = request.claimed().expect("read before");
    let had = stored.map_or_else(TreeHead::empty, Checkpoint::head);
    match decide(stored, std::slice::from_ref(vkey), request) {
        Ok(Accepted { checkpoint, note }) => {
            assert_eq!(checkpoint, claimed);
            assert_eq!(note.signatures().len(), 1);
            assert_eq!(Checkpoint::from_note(&note, vkey).as_ref(), Ok(&checkpoint));
            assert_eq!(request.old, had.size);
            assert!(had.size <= checkpoint.size);
            assert!(had.size != checkpoint.size || had.root == checkpoint.root);
            assert!(checkpoint.size != TreeSize::EMPTY || checkpoint.root == empty_root());
            assert_eq!(request.proof.verify(&had, &checkpoint.head()), Ok(()));
        }
        Err(refusal) => {
            assert!([400, 403, 404, 409, 422].contains(&refusal.status()));
            assert!(refusal.body().ends_with('\n'));
            if let Refusal::OtherSize(size) = refusal {
                assert_eq!(size, had.size);
                assert_ne!(size, request.old);
            }
        }
    }
}
