//! Cosignatures, trust policies and the witness protocol: the vectors, and what a witness never does.

use crate::support::{NaiveTree, Vector};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use tlog::cosignature::{CosignTime, Cosigner, CosignerVkey};
use tlog::note::{KeyName, Note, NoteError, NoteSigner, Vkey, VkeyError};
use tlog::policy::{POLICY_BYTES_MAX, Policy, PolicyError, PolicyFault, PolicyName, PolicyTextError};
use tlog::tree::{ConsistencyProof, empty_root, prove_consistency};
use tlog::witness::{
    ANSWER_BYTES_MAX, AddCheckpoint, AddCheckpointError, REQUEST_BYTES_MAX, Refusal, WitnessAnswer, WitnessAnswerError,
    cosignature_among, decide,
};
use tlog::{Checkpoint, Hash, Origin, TreeHead, TreeSize};

const ORIGIN: &str = "log.example/gold";

#[test]
fn cosigner_keys() {
    for vector in Vector::all("cosigner-vkey") {
        vector.check(
            vector
                .text()
                .parse::<CosignerVkey>()
                .inspect(|vkey| assert_eq!(vkey.to_string(), vector.text())),
        );
    }
}

#[test]
fn cosignatures() {
    for vector in Vector::all("cosignature") {
        let cosigned = Note::parse(&vector.body).unwrap().cosigned(&vector.get("vkey"));
        if let Ok(time) = cosigned {
            assert_eq!(time.get(), vector.get::<u64>("time"), "{}", vector.name);
        }
        vector.check(cosigned);
    }
}

#[test]
fn policies() {
    for vector in Vector::all("policy") {
        let policy = Policy::parse(&vector.body);
        if let Ok(policy) = &policy {
            let counts = (policy.logs().len(), policy.witnesses().len());
            let expected = (vector.get("logs"), vector.get("witnesses"));
            assert_eq!(counts, expected, "{}", vector.name);
            assert_eq!(
                Policy::parse(&policy.to_bytes()).as_ref(),
                Ok(policy),
                "{}",
                vector.name
            );
        }
        let found = policy.map_or_else(|error| format!("{} {:?}", error.line, error.why), |_| "ok".into());
        let about: String = vector.get("about");
        assert_eq!(found, vector.get::<String>("expect"), "{}: {about}", vector.name);
    }
}

#[test]
fn quorums() {
    for vector in Vector::all("quorum") {
        let (policy, note) = vector.text().split_once("---\n").unwrap();
        let policy: Policy = policy.parse().unwrap();
        let cosigned = policy.check(&Note::parse(note.as_bytes()).unwrap());
        if let Ok(cosigned) = &cosigned {
            let by = cosigned.by.iter().map(|(name, time)| format!("{name}@{time}"));
            let auditors = cosigned.auditors.iter().map(PolicyName::to_string);
            let found = [
                ("by", words(by)),
                ("as-of", words(cosigned.as_of.iter().map(CosignTime::to_string))),
                ("auditors", words(auditors)),
                ("requires-auditor", policy.requires_auditor().to_string()),
            ];
            for (field, value) in found {
                assert_eq!(value, vector.get::<String>(field), "{}: {field}", vector.name);
            }
            assert!(Note::parse(note.as_bytes()).unwrap().verify(&cosigned.log).is_ok());
            let by: Vec<_> = cosigned.by.iter().map(|(name, _)| name.clone()).collect();
            assert!(
                policy.would_hold(&by),
                "{}: who cosigned makes up the quorum",
                vector.name
            );
            let holds_by_itself = cosigned.as_of.is_none();
            assert_eq!(policy.would_hold(&[]), holds_by_itself, "{}: nobody does", vector.name);
        }
        if let Err(PolicyError::NoQuorum { by, .. }) = &cosigned {
            assert!(!policy.would_hold(by), "{}: who cosigned is too few", vector.name);
        }
        vector.check(cosigned);
    }
}

fn words(words: impl Iterator<Item = String>) -> String {
    let words = words.collect::<Vec<_>>().join(" ");
    if words.is_empty() { "-".into() } else { words }
}

#[test]
fn requests_to_witnesses() {
    for vector in Vector::all("add-checkpoint") {
        let vkey: Vkey = vector.get("vkey");
        let stored = vector.field("stored-size").map(|size| Checkpoint {
            origin: Origin::new(vkey.name().as_str()).unwrap(),
            size: TreeSize::new(size.parse().unwrap()),
            root: vector.get("stored-root"),
        });
        let request = AddCheckpoint::parse(&vector.body).map_err(Refusal::from);
        let decided = request.and_then(|request| {
            assert_eq!(request.encode().unwrap().as_bytes(), vector.body, "{}", vector.name);
            decide(stored.as_ref(), std::slice::from_ref(&vkey), &request)
        });
        let status = decided.as_ref().map_or_else(Refusal::status, |_| 200);
        let about: String = vector.get("about");
        assert_eq!(
            status,
            vector.get::<u16>("expect"),
            "{}: {about}: {decided:?}",
            vector.name
        );
        match decided {
            Ok(accepted) => {
                assert_eq!(accepted.note.signatures().len(), 1, "{}", vector.name);
                assert_eq!(Checkpoint::from_note(&accepted.note, &vkey), Ok(accepted.checkpoint));
            }
            Err(refusal) if status == 409 => {
                assert_eq!(refusal.body(), vector.get::<String>("size") + "\n", "{}", vector.name);
                assert_eq!(refusal.content_type(), "text/x.tlog.size");
            }
            Err(refusal) => assert!(refusal.body().len() > 2 && refusal.content_type().starts_with("text/plain")),
        }
    }
}

#[test]
fn answers_of_witnesses() {
    use base64::Engine as _;
    for vector in Vector::all("witness-answer") {
        let text = base64::prelude::BASE64_STANDARD.decode(vector.get::<String>("text"));
        let note = Note::new(String::from_utf8(text.unwrap()).unwrap()).unwrap();
        let read = WitnessAnswer::read(vector.get("status"), &vector.body);
        vector.check(read.and_then(|answer| match answer {
            WitnessAnswer::Cosigned(lines) => {
                let (line, time) = cosignature_among(&lines, &note, &vector.get("vkey"))?;
                assert_eq!(time.get(), vector.get::<u64>("time"), "{}", vector.name);
                assert!(vector.text().contains(&line.to_string()));
                Ok(())
            }
            WitnessAnswer::OtherSize(size) => {
                assert_eq!(size.get(), vector.get::<u64>("size"), "{}", vector.name);
                Ok(())
            }
            WitnessAnswer::Refused { status, reason } => {
                assert_eq!(status, vector.get::<u16>("status"));
                assert_eq!(reason, vector.field("reason").unwrap_or_default(), "{}", vector.name);
                Ok::<_, WitnessAnswerError>(())
            }
        }));
    }
}

fn signer(seed: u8) -> NoteSigner {
    NoteSigner::new(KeyName::new(ORIGIN).unwrap(), SigningKey::from_bytes(&[seed; 32])).unwrap()
}

fn cosigner(seed: u8) -> Cosigner {
    let name = KeyName::new(format!("witness.example/w{seed}")).unwrap();
    Cosigner::new(name, SigningKey::from_bytes(&[seed; 32])).unwrap()
}

fn time(seconds: u64) -> CosignTime {
    CosignTime::new(seconds).unwrap()
}

fn checkpoint(tree: &NaiveTree, size: u64) -> Checkpoint {
    let head = TreeHead {
        size: TreeSize::new(size),
        root: tree.root(size),
    };
    Checkpoint::new(ORIGIN.parse().unwrap(), head)
}

fn request(tree: &NaiveTree, old: u64, new: u64) -> AddCheckpoint {
    let (old, size) = (TreeSize::new(old), TreeSize::new(new));
    let note = checkpoint(tree, new).sign(&signer(1)).unwrap();
    AddCheckpoint {
        old,
        proof: prove_consistency(old, size, tree).unwrap_or(ConsistencyProof { hashes: vec![] }),
        checkpoint: Note::parse(note.as_bytes()).unwrap(),
    }
}

/// A tree that shares its first `shared` leaves with the usual one.
fn fork(shared: usize, size: u64) -> NaiveTree {
    let mut tree = NaiveTree::of_size(size);
    for hash in &mut tree.0[shared..] {
        *hash = Hash::from_bytes([7; 32]);
    }
    tree
}

proptest! {
    #[test]
    fn what_is_cosigned_is_read_again(seeds in prop::collection::btree_map(2_u8.., 0..=CosignTime::MAX.get(), 1..5)) {
        let mut note = Note::parse(checkpoint(&NaiveTree::of_size(5), 5).sign(&signer(1)).unwrap().as_bytes()).unwrap();
        for (seed, seconds) in &seeds {
            let line = cosigner(*seed).cosign(&note, time(*seconds));
            prop_assert_eq!(&line, &cosigner(*seed).cosign(&note, time(*seconds)));
            note.add(line).unwrap();
        }
        let read = Note::parse(note.encode().unwrap().as_bytes()).unwrap();
        prop_assert!(Checkpoint::from_note(&read, signer(1).vkey()).is_ok());
        for (seed, seconds) in &seeds {
            prop_assert_eq!(read.cosigned(cosigner(*seed).vkey()), Ok(time(*seconds)));
        }
        prop_assert_eq!(read.cosigned(cosigner(1).vkey()), Err(NoteError::NotSigned));
    }

    #[test]
    fn every_changed_byte_of_a_cosigned_checkpoint_is_refused(at: prop::sample::Index, bit in 0..8_u8) {
        let policy: Policy = format!("log {}\nwitness w {}\nquorum w\n", signer(1).vkey(), cosigner(2).vkey()).parse().unwrap();
        let mut note = Note::parse(checkpoint(&NaiveTree::of_size(5), 5).sign(&signer(1)).unwrap().as_bytes()).unwrap();
        note.add(cosigner(2).cosign(&note, time(9))).unwrap();
        prop_assert_eq!(policy.check(&note).unwrap().as_of, Some(time(9)));
        let mut changed = note.encode().unwrap().into_bytes();
        let at = at.index(changed.len());
        changed[at] ^= 1 << bit;
        prop_assert!(Note::parse(&changed).is_err() || policy.check(&Note::parse(&changed).unwrap()).is_err());
    }

    #[test]
    fn every_changed_byte_of_a_request_is_refused(at: prop::sample::Index, bit in 0..8_u8) {
        let tree = NaiveTree::of_size(7);
        let mut changed = request(&tree, 3, 7).encode().unwrap().into_bytes();
        let at = at.index(changed.len());
        changed[at] ^= 1 << bit;
        let decided = AddCheckpoint::parse(&changed)
            .map_err(Refusal::from)
            .and_then(|request| decide(Some(&checkpoint(&tree, 3)), &[signer(1).vkey().clone()], &request));
        prop_assert!(decided.is_err());
    }

    /// Whatever order requests come in, of two logs that forked: what was cosigned is one line of growth.
    #[test]
    fn a_witness_never_cosigns_a_fork(
        shared in 0..12_usize,
        requests in prop::collection::vec((any::<bool>(), 0..12_u64, 0..12_u64), 1..40),
    ) {
        let trees = [NaiveTree::of_size(12), fork(shared, 12)];
        let (mut stored, mut cosigned) = (None::<Checkpoint>, Vec::<Checkpoint>::new());
        for (side, old, new) in requests {
            let decided = decide(stored.as_ref(), &[signer(1).vkey().clone()], &request(&trees[usize::from(side)], old, new));
            if let Ok(accepted) = decided {
                cosigned.push(accepted.checkpoint.clone());
                stored = Some(accepted.checkpoint);
            }
        }
        prop_assert!(cosigned.is_sorted_by_key(|checkpoint| checkpoint.size));
        let of_one_tree = |tree: &NaiveTree| cosigned.iter().all(|checkpoint| checkpoint.root == tree.root(checkpoint.size.get()));
        prop_assert!(trees.iter().any(of_one_tree), "{:?}", cosigned);
    }

    /// The quorum and its time by their definition: the latest time such that those who cosigned then or later make up the quorum.
    #[test]
    fn the_time_of_a_quorum(threshold in 1..5_usize, times in prop::collection::vec(prop::option::of(0..6_u64), 5)) {
        let witnesses = (2..7).map(|seed| format!("witness w{seed} {}", cosigner(seed).vkey()));
        let witnesses = witnesses.collect::<Vec<_>>().join("\n");
        let text = format!("log {}\n{witnesses}\ngroup g {threshold} w2 w3 w4 w5 w6\nquorum g\n", signer(1).vkey());
        let policy: Policy = text.parse().unwrap();
        let mut note = Note::parse(checkpoint(&NaiveTree::of_size(5), 5).sign(&signer(1)).unwrap().as_bytes()).unwrap();
        for (seed, seconds) in (2..).zip(&times) {
            if let Some(seconds) = seconds {
                note.add(cosigner(seed).cosign(&note, time(*seconds))).unwrap();
            }
        }
        let expected = (0..6).rev().find(|from| times.iter().flatten().filter(|time| *time >= from).count() >= threshold);
        let checked = policy.check(&note);
        prop_assert_eq!(checked.as_ref().ok().and_then(|cosigned| cosigned.as_of), expected.map(time));
        prop_assert_eq!(matches!(checked, Err(PolicyError::NoQuorum { .. })), expected.is_none());
    }

    #[test]
    fn what_parses_is_written_as_it_was(pick: prop::sample::Index, at: prop::sample::Index, put in ".{0,3}", cut in 0..3_usize) {
        let vectors = ["policy", "add-checkpoint", "witness-answer"].map(Vector::all).into_iter().flatten().collect::<Vec<_>>();
        let mut bytes = vectors[pick.index(vectors.len())].body.clone();
        let place = at.index(bytes.len() + 1);
        let end = bytes.len().min(place + cut);
        bytes.splice(place..end, put.bytes());
        if let Ok(request) = AddCheckpoint::parse(&bytes) {
            prop_assert_eq!(request.encode().unwrap().into_bytes(), bytes.clone());
        }
        if let Ok(policy) = Policy::parse(&bytes) {
            prop_assert_eq!(Policy::parse(&policy.to_bytes()), Ok(policy));
        }
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, text in ".*", status: u16) {
        let _ = (Policy::parse(&bytes), AddCheckpoint::parse(&bytes), WitnessAnswer::read(status, &bytes));
        let _ = (text.parse::<Policy>(), text.parse::<CosignerVkey>(), AddCheckpoint::parse(text.as_bytes()));
    }
}

#[test]
fn both_keys_of_a_log_sign_while_one_replaces_the_other() {
    let [old, new, other] = [1, 2, 3].map(signer);
    let checkpoint = checkpoint(&NaiveTree::of_size(5), 5);
    let note = checkpoint.sign_all([&old, &new]).unwrap();
    let open = |vkeys: &[&NoteSigner]| {
        let vkeys: Vec<_> = vkeys.iter().map(|signer| signer.vkey().clone()).collect();
        Checkpoint::open_any(note.as_bytes(), &vkeys)
    };
    for vkeys in [vec![&old], vec![&new], vec![&other, &new], vec![&new, &old]] {
        assert_eq!(open(&vkeys).as_ref(), Ok(&checkpoint));
    }
    assert_eq!(open(&[&other]), Err(NoteError::NotSigned.into()));
    assert_eq!(open(&[]), Err(NoteError::NotSigned.into()));
    assert_eq!(checkpoint.sign_all([&old, &old]), Err(NoteError::SignedTwice.into()));
    assert_eq!(checkpoint.sign_all([]), Err(NoteError::NoSignatures.into()));
}

/// A line that somebody else wrote under a witness' name is never kept: a witness that kept one could not read its own note again.
#[test]
fn what_is_stored_has_the_lines_of_trusted_keys_alone() {
    let tree = NaiveTree::of_size(5);
    let mut request = request(&tree, 0, 5);
    let mut junk = cosigner(2).cosign(&request.checkpoint, time(9));
    junk.signature[20] ^= 1;
    request.checkpoint.add(junk).unwrap();
    request.checkpoint.sign(&signer(3)).unwrap();
    let accepted = decide(None, &[signer(1).vkey().clone(), signer(2).vkey().clone()], &request).unwrap();
    assert_eq!(
        accepted.note.encode().unwrap(),
        checkpoint(&tree, 5).sign(&signer(1)).unwrap()
    );
}

#[test]
fn a_witness_trusts_a_key_for_its_own_origin_only() {
    let request = request(&NaiveTree::of_size(5), 0, 5);
    let silver = NoteSigner::new(
        KeyName::new("log.example/silver").unwrap(),
        SigningKey::from_bytes(&[1; 32]),
    )
    .unwrap();
    assert_eq!(
        decide(None, &[silver.vkey().clone()], &request),
        Err(Refusal::UnknownOrigin)
    );
    assert_eq!(decide(None, &[], &request), Err(Refusal::UnknownOrigin));
}

#[test]
fn limits_of_cosigning() {
    assert_eq!(CosignTime::new(1 << 63), None);
    assert_eq!(CosignTime::new((1 << 63) - 1), Some(CosignTime::MAX));
    let small_order = [1_u8]
        .into_iter()
        .chain([0; 31])
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    let name = KeyName::new("witness.example").unwrap();
    assert_eq!(CosignerVkey::new(name, &small_order), Err(VkeyError::UnusableKey));
    let long = vec![b'a'; REQUEST_BYTES_MAX + 1];
    assert_eq!(
        AddCheckpoint::parse(&long),
        Err(AddCheckpointError::TooLong(long.len()))
    );
    let long = vec![b'a'; ANSWER_BYTES_MAX + 1];
    assert_eq!(
        WitnessAnswer::read(200, &long),
        Err(WitnessAnswerError::TooLong(long.len()))
    );
    let mut long = request(&NaiveTree::of_size(5), 0, 5);
    long.proof.hashes = vec![empty_root(); 64];
    assert_eq!(long.encode(), Err(AddCheckpointError::TooManyHashes));
}

#[test]
fn limits_of_policies() {
    let fault = |text: String| Policy::parse(text.as_bytes()).unwrap_err();
    let long = fault("#".repeat(POLICY_BYTES_MAX + 1));
    assert_eq!(long.why, PolicyFault::TooLong(POLICY_BYTES_MAX + 1));
    assert!(Policy::parse(format!("quorum none\n{}", "#\n".repeat(9_000)).as_bytes()).is_ok());
    let many = |line: fn(u8) -> String| (1..=65).map(line).collect::<String>() + "quorum none\n";
    let logs = |seed| format!("log {}\n", signer(seed).vkey());
    let witnesses = |seed| format!("witness w{seed} {}\n", cosigner(seed).vkey());
    let groups = |seed| {
        format!(
            "group g{seed} any {}\n",
            if seed == 1 {
                "w1".into()
            } else {
                format!("g{}", seed - 1)
            }
        )
    };
    let too_many = |line, kind| PolicyTextError {
        line,
        why: PolicyFault::TooMany(kind, 64),
    };
    assert_eq!(fault(many(logs)), too_many(65, "logs"));
    assert_eq!(fault(many(witnesses)), too_many(65, "witnesses"));
    assert_eq!(fault(witnesses(1) + &many(groups)), too_many(66, "groups"));
    assert_eq!(
        too_many(65, "logs").to_string(),
        "line 65 of the policy: a policy has at most 64 logs"
    );
}

#[test]
fn one_log_is_trusted_without_witnesses() {
    let policy = Policy::trusting(signer(1).vkey().clone());
    assert_eq!(policy.to_string(), format!("log {}\nquorum none\n", signer(1).vkey()));
    assert_eq!(policy.to_string().parse(), Ok(policy.clone()));
    let note = checkpoint(&NaiveTree::of_size(5), 5).sign(&signer(1)).unwrap();
    let cosigned = policy.check(&Note::parse(note.as_bytes()).unwrap()).unwrap();
    assert_eq!((cosigned.as_of, &cosigned.log), (None, signer(1).vkey()));
}

#[test]
fn a_cosigner_does_not_show_its_secret() {
    let shown = format!("{:?}", cosigner(0x41));
    assert_eq!(shown, format!("Cosigner({})", cosigner(0x41).vkey()));
}
