//! Notes, checkpoints and proofs that this crate writes, and bytes that no one wrote.

use crate::support::{NaiveTree, Vector, leaf};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use tlog::checkpoint::CheckpointError;
use tlog::leaf::{LEAF_BYTES_MAX, LEAF_RECORD_BYTES_MAX, LeafError};
use tlog::note::{KeyName, NOTE_BYTES_MAX, Note, NoteError, NoteKeyId, NoteSignature, NoteSigner, Vkey, VkeyError};
use tlog::proof::{EXTRA_BYTES_MAX, TLOG_PROOF_BYTES_MAX, TlogProof, TlogProofError};
use tlog::tree::{InclusionProof, leaf_hash, prove_inclusion};
use tlog::{Checkpoint, Hash, Leaf, LeafIndex, Origin, TreeHead, TreeSize};

fn signer(name: &str, seed: u8) -> NoteSigner {
    NoteSigner::new(KeyName::new(name).unwrap(), SigningKey::from_bytes(&[seed; 32])).unwrap()
}

fn checkpoint(size: u64) -> Checkpoint {
    let tree = NaiveTree::of_size(size);
    let head = TreeHead {
        size: TreeSize::new(size),
        root: tree.root(size),
    };
    Checkpoint::new("log.example/gold".parse().unwrap(), head)
}

fn note_text() -> impl Strategy<Value = String> {
    "([ -~\u{a0}-\u{ff}—\n]{0,60})\n"
}

proptest! {
    #[test]
    fn what_is_signed_is_read_again(text in note_text(), seeds in prop::collection::btree_set(1_u8.., 1..5)) {
        let signers: Vec<_> = seeds.iter().map(|seed| signer("log.example/gold", *seed)).collect();
        let mut note = Note::new(text.clone()).unwrap();
        for signer in &signers {
            note.sign(signer).unwrap();
            prop_assert_eq!(note.sign(signer), Err(NoteError::SignedTwice));
        }
        let read = Note::parse(note.encode().unwrap().as_bytes()).unwrap();
        prop_assert_eq!(read.text(), text);
        prop_assert_eq!(&read, &note);
        prop_assert!(signers.iter().all(|signer| read.verify(signer.vkey()).is_ok()));
        prop_assert_eq!(read.verify(signer("log.example/gold", 0).vkey()), Err(NoteError::NotSigned));
    }

    #[test]
    fn every_changed_byte_of_a_checkpoint_is_refused(at: prop::sample::Index, bit in 0..8_u8) {
        let signer = signer("log.example/gold", 1);
        let good = checkpoint(5).sign(&signer).unwrap().into_bytes();
        let mut changed = good.clone();
        changed[at.index(good.len())] ^= 1 << bit;
        prop_assert!(Checkpoint::open(&changed, signer.vkey()).is_err());
    }

    #[test]
    fn every_changed_byte_of_a_proof_is_refused(at: prop::sample::Index, bit in 0..8_u8) {
        let signer = signer("log.example/gold", 1);
        let good = tlog_proof(&signer, 7, 3).encode().unwrap().into_bytes();
        let mut changed = good.clone();
        changed[at.index(good.len())] ^= 1 << bit;
        let verified = TlogProof::parse(&changed).and_then(|proof| proof.verify(&leaf_hash(&leaf(3)), signer.vkey()));
        prop_assert!(verified.is_err());
    }

    #[test]
    fn what_parses_is_what_would_have_been_written(pick: prop::sample::Index, at: prop::sample::Index, put in ".{0,3}", cut in 0..3_usize) {
        let vectors = ["note", "checkpoint", "tlog-proof"].map(Vector::all).into_iter().flatten().collect::<Vec<_>>();
        let mut bytes = vectors[pick.index(vectors.len())].body.clone();
        let place = at.index(bytes.len() + 1);
        let end = bytes.len().min(place + cut);
        bytes.splice(place..end, put.bytes());
        if let Ok(note) = Note::parse(&bytes) {
            prop_assert_eq!(note.encode().unwrap().into_bytes(), bytes.clone());
        }
        if let Ok(proof) = TlogProof::parse(&bytes) {
            prop_assert_eq!(proof.encode().unwrap().into_bytes(), bytes.clone());
        }
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, text in ".*") {
        let _ = (Note::parse(&bytes), TlogProof::parse(&bytes), Leaf::parse(&bytes).is_ok());
        let _ = (text.parse::<Vkey>(), text.parse::<KeyName>(), text.parse::<Hash>(), Checkpoint::parse(&text));
    }

    #[test]
    fn leaves_are_read_again(prev: [u8; 32], map_root: [u8; 32], verdict: u16, record: Vec<u8>) {
        let leaf = Leaf { prev: Hash::from_bytes(prev), map_root: Hash::from_bytes(map_root), verdict, record: &record };
        let bytes = leaf.encode().unwrap();
        prop_assert_eq!(Leaf::parse(&bytes), Ok(leaf));
        prop_assert_eq!(leaf.hash().unwrap(), leaf_hash(&bytes));
    }

    #[test]
    fn hashes_are_read_again(bytes: [u8; 32]) {
        let hash = Hash::from_bytes(bytes);
        prop_assert_eq!(hash.to_string().parse(), Ok(hash));
    }
}

fn tlog_proof(signer: &NoteSigner, size: u64, index: u64) -> TlogProof {
    let inclusion = prove_inclusion(LeafIndex::new(index), TreeSize::new(size), &NaiveTree::of_size(size)).unwrap();
    let note = checkpoint(size).sign(signer).unwrap();
    let checkpoint = Note::parse(note.as_bytes()).unwrap();
    TlogProof {
        extra: None,
        index: LeafIndex::new(index),
        inclusion,
        checkpoint,
    }
}

#[test]
fn signing_again_gives_the_same_bytes() {
    let signer = signer("log.example/gold", 1);
    assert_eq!(checkpoint(5).sign(&signer), checkpoint(5).sign(&signer));
}

#[test]
fn a_key_signs_for_its_own_origin_only() {
    assert_eq!(
        checkpoint(5).sign(&signer("log.example/silver", 1)),
        Err(CheckpointError::OtherOrigin)
    );
}

#[test]
fn what_could_not_be_opened_is_not_signed() {
    let signer = signer("log.example/gold", 1);
    let wrong_root = Checkpoint {
        size: TreeSize::EMPTY,
        ..checkpoint(5)
    };
    assert_eq!(wrong_root.sign(&signer), Err(CheckpointError::EmptyRoot));
    let too_large = Checkpoint {
        size: TreeSize::new(1 << 63),
        ..checkpoint(5)
    };
    assert_eq!(too_large.sign(&signer), Err(CheckpointError::BadSize));
}

#[test]
fn limits_of_notes() {
    let signer = signer("log.example/gold", 1);
    let mut note = Note::new("a".repeat(NOTE_BYTES_MAX) + "\n").unwrap();
    assert_eq!(note.encode(), Err(NoteError::NoSignatures));
    note.sign(&signer).unwrap();
    assert!(matches!(note.encode(), Err(NoteError::TooLong(_))));
    assert_eq!(
        Note::parse(&vec![b'a'; NOTE_BYTES_MAX + 1]),
        Err(NoteError::TooLong(NOTE_BYTES_MAX + 1))
    );
    assert_eq!(Note::new("no newline"), Err(NoteError::NoNewlineAtEnd));
    assert_eq!(Note::new("a\ttab\n"), Err(NoteError::NotText));
    let name = KeyName::new("witness.example").unwrap();
    let empty = NoteSignature {
        name,
        id: NoteKeyId::new(7),
        signature: vec![],
    };
    assert_eq!(note.add(empty), Err(NoteError::BadSignature));
}

#[test]
fn limits_of_names() {
    assert!(KeyName::new("n".repeat(255)).is_ok());
    for bad in ["", "a b", "a+b", "a\nb", "a\u{3000}b", "a\u{1}b", &"n".repeat(256)] {
        assert_eq!(KeyName::new(bad), Err(VkeyError::BadName), "{bad:?}");
        assert_eq!(Origin::new(bad), Err(VkeyError::BadName), "{bad:?}");
    }
}

#[test]
fn limits_of_proofs() {
    let signer = signer("log.example/gold", 1);
    let good = tlog_proof(&signer, 7, 3);
    let extra = TlogProof {
        extra: Some(vec![7; EXTRA_BYTES_MAX]),
        ..good.clone()
    };
    assert_eq!(TlogProof::parse(extra.encode().unwrap().as_bytes()), Ok(extra));
    let more = TlogProof {
        extra: Some(vec![7; EXTRA_BYTES_MAX + 1]),
        ..good.clone()
    };
    assert_eq!(more.encode(), Err(TlogProofError::BadExtra));
    let long = TlogProof {
        inclusion: InclusionProof {
            hashes: vec![Hash::ZERO; 64],
        },
        ..good
    };
    assert_eq!(long.encode(), Err(TlogProofError::TooManyHashes));
    let bytes = vec![b'a'; TLOG_PROOF_BYTES_MAX + 1];
    assert_eq!(TlogProof::parse(&bytes), Err(TlogProofError::TooLong(bytes.len())));
}

#[test]
fn limits_of_leaves() {
    let leaf = |record| Leaf {
        prev: Hash::ZERO,
        map_root: Hash::ZERO,
        verdict: 0,
        record,
    };
    let record = vec![7; LEAF_RECORD_BYTES_MAX + 1];
    let longest = leaf(&record[1..]).encode().unwrap();
    assert_eq!(longest.len(), LEAF_BYTES_MAX);
    assert_eq!(Leaf::parse(&longest), Ok(leaf(&record[1..])));
    assert_eq!(leaf(&record).encode(), Err(LeafError::TooLong(LEAF_BYTES_MAX + 1)));
    assert_eq!(
        Leaf::parse(&vec![1; LEAF_BYTES_MAX + 1]),
        Err(LeafError::TooLong(LEAF_BYTES_MAX + 1))
    );
}

#[test]
fn a_signer_does_not_show_its_secret() {
    let shown = format!("{:?}", signer("log.example/gold", 0x41));
    assert_eq!(
        shown,
        format!("NoteSigner({})", signer("log.example/gold", 0x41).vkey())
    );
}
