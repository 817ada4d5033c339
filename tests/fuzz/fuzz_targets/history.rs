//! The files of the checkpoints that were published, damaged: what is whole is known in full. Otherwise the log does not start, or
//! it knows checkpoints of its own in their order, the last of them signed by its key; and starting once more changes nothing.
#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use audit::fuzzing::{Known, publish, reopen};
use ed25519_dalek::SigningKey;
use libfuzzer_sys::fuzz_target;
use tlog::cosignature::{CosignTime, Cosigner};
use tlog::note::{Note, NoteSigner};
use tlog::{Checkpoint, Hash, TreeHead, TreeSize};

/// Checkpoints in one run: enough for three that are cosigned again.
const PUBLISHED_MAX: usize = 8;

/// By how much the log grew to each checkpoint (by nothing: the last one is cosigned again), and what is done to the files:
/// which of them, where, how, and with what.
type Input<'a> = (Vec<u8>, Vec<(bool, u16, u8, &'a [u8])>);

static DIRECTORY: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("veta-fuzz-history-{}", std::process::id())));

fuzz_target!(|input: Input<'_>| {
    let (growth, damages) = input;
    let name = "log.example/gold".parse().expect("a key name");
    let signer = NoteSigner::new(name, SigningKey::from_bytes(&[1; 32])).expect("an honest key");
    let origin = signer.vkey().name().as_str().parse().expect("an origin");
    let vkeys = [signer.vkey().clone()];
    let notes = notes(&growth, &signer);
    // Nothing of the run before; there is none before the first.
    let _ = fs::remove_dir_all(&*DIRECTORY);
    publish(&DIRECTORY, &origin, &vkeys, &notes);
    let whole = reopen(&DIRECTORY, &origin, &vkeys).expect("nothing is damaged");
    assert_eq!(whole.latest.as_ref(), notes.last().map(|(_, note)| note));
    assert!(whole.sizes.iter().map(|(_, first, _)| first).eq(firsts(&notes)));
    for damage in damages {
        spoil(&DIRECTORY, damage);
    }
    let Some(known) = reopen(&DIRECTORY, &origin, &vkeys) else {
        return;
    };
    check(&known, &signer);
    assert_eq!(reopen(&DIRECTORY, &origin, &vkeys), Some(known));
});

fn notes(growth: &[u8], signer: &NoteSigner) -> Vec<(Checkpoint, String)> {
    let mut size = 0;
    let notes = growth.iter().take(PUBLISHED_MAX).zip(0..).map(|(by, time)| {
        size = (size + u64::from(*by)).max(1);
        let root = Hash::from_bytes([u8::try_from(size % 251).expect("a byte"); 32]);
        let origin = signer.vkey().name().as_str().parse().expect("an origin");
        let size = TreeSize::new(size);
        let checkpoint = Checkpoint::new(origin, TreeHead { size, root });
        let signed = checkpoint.sign(signer).expect("its own key signs it");
        let mut note = Note::parse(signed.as_bytes()).expect("it was signed just now");
        let line = witness().cosign(&note, CosignTime::new(time).expect("an early time"));
        note.add(line).expect("cosigned once");
        (checkpoint, note.encode().expect("a short note"))
    });
    notes.collect()
}

fn witness() -> Cosigner {
    let name = "witness.example/w1".parse().expect("a key name");
    Cosigner::new(name, SigningKey::from_bytes(&[2; 32])).expect("an honest key")
}

/// The first note of each size.
fn firsts(notes: &[(Checkpoint, String)]) -> impl Iterator<Item = &String> {
    let first = |at: &usize| *at == 0 || notes[at - 1].0.size < notes[*at].0.size;
    (0..notes.len()).filter(first).map(|at| &notes[at].1)
}

/// Flips bits, replaces the rest, cuts it off, adds to it, or takes the file away.
fn spoil(directory: &Path, (which, at, how, with): (bool, u16, u8, &[u8])) {
    let path = directory.join(if which { "checkpoint" } else { "checkpoints" });
    let Ok(mut file) = fs::read(&path) else { return };
    let at = usize::from(at) % file.len().max(1);
    match how % 5 {
        0 if !file.is_empty() => file[at] ^= with.first().copied().unwrap_or(1),
        1 => file.splice(at.min(file.len()).., with.iter().copied()).for_each(drop),
        2 => file.truncate(at),
        3 => file.extend_from_slice(with),
        _ => return fs::remove_file(&path).expect("it is there"),
    }
    fs::write(&path, file).expect("a file");
}

fn check(known: &Known, signer: &NoteSigner) {
    assert!(known.sizes.is_sorted_by(|(one, ..), (next, ..)| one < next));
    for (size, first, freshest) in &known.sizes {
        for note in freshest.iter().chain([first]) {
            let note = Note::parse(note.as_bytes()).expect("it was read as one");
            let checkpoint = Checkpoint::parse(note.text()).expect("it was read as one");
            assert_eq!(
                (checkpoint.size, checkpoint.origin.key_name()),
                (*size, signer.vkey().name())
            );
        }
    }
    let latest = known
        .latest
        .as_ref()
        .map(|note| Checkpoint::open(note.as_bytes(), signer.vkey()).expect("signed"));
    assert_eq!(
        latest.map(|latest| latest.size),
        known.sizes.last().map(|(size, ..)| *size)
    );
}
