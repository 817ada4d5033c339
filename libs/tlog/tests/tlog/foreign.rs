//! Vectors that others published: `testdata/foreign` says whose they are, and what of them says nothing about this crate.
//!
//! Each test counts its cases, so that none is lost unseen. Where this crate decides otherwise on purpose, the case says why.

mod witnesses;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tlog::note::{KeyName, Note, NoteSigner, Vkey, VkeyError};
use tlog::proof::{TlogProof, TlogProofError};
use tlog::tiles::{Tile, TileBuilder, TilePath, TileReader, decode_entries, encode_entries};
use tlog::tree::{ConsistencyProof, Frontier, InclusionProof, NodeReader, ProofError, empty_root, leaf_hash, root};
use tlog::{Checkpoint, Hash, LeafIndex, TreeHead, TreeSize};

use crate::support::{NaiveTree, foreign, sha256};

/// What its publishers expect of a case, and why this crate decides otherwise, where it does.
#[derive(Deserialize)]
struct Expected {
    #[serde(default)]
    source: String,
    case: String,
    theirs: bool,
    differs: Option<String>,
}

/// How many cases were decided as their publishers decide them, and how many otherwise on purpose.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    alike: usize,
    otherwise: usize,
}

impl Tally {
    #[track_caller]
    fn check<T: std::fmt::Debug, E: std::fmt::Debug>(&mut self, expected: &Expected, ours: &Result<T, E>) {
        let as_theirs = ours.is_ok() == expected.theirs;
        let Expected {
            source, case, differs, ..
        } = expected;
        assert_eq!(
            as_theirs,
            differs.is_none(),
            "{source}: {case}: {ours:?}, where {differs:?}"
        );
        match differs {
            None => self.alike += 1,
            Some(_) => self.otherwise += 1,
        }
    }
}

/// The cases of a file, one a line.
fn cases<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let lines = foreign(file);
    let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{file}: {error}: {line}"));
    lines.lines().map(read).collect()
}

/// A key from the text in which golang.org/x/mod writes secret ones: `PRIVATE+KEY+<name>+<key id>+<base64(type ‖ seed)>`.
fn secret(text: &str) -> (KeyName, SigningKey) {
    let text = text.strip_prefix("PRIVATE+KEY+").unwrap();
    let [name, id, key] = text.splitn(3, '+').collect::<Vec<_>>().try_into().unwrap();
    let key = STANDARD.decode(key).unwrap();
    let key = SigningKey::from_bytes(key.strip_prefix(&[1]).unwrap().try_into().unwrap());
    let name = KeyName::new(name).unwrap();
    let signer = NoteSigner::new(name.clone(), key.clone()).unwrap();
    assert_eq!(signer.vkey().id().to_string(), id);
    (name, key)
}

fn signer(text: &str) -> NoteSigner {
    let (name, key) = secret(text);
    NoteSigner::new(name, key).unwrap()
}

/// A published value that should be a hash. An empty one is none. Another of a wrong length would be refused where it is read,
/// which hides what the case is about: its SHA-256 stands for it, so that equal values stay equal.
fn hash_or_stand_in(text: Option<&str>) -> Option<Hash> {
    let bytes = STANDARD.decode(text.unwrap_or_default()).unwrap();
    if bytes.is_empty() {
        return None;
    }
    Some(Hash::from_slice(&bytes).unwrap_or_else(|| sha256(&[&bytes])))
}

fn hashes_or_stand_ins(texts: Option<&Vec<String>>) -> Option<Vec<Hash>> {
    texts
        .into_iter()
        .flatten()
        .map(|text| hash_or_stand_in(Some(text)))
        .collect()
}

/// How many cases hold, are refused, and cannot even be written here, since a hash is missing.
#[derive(Debug, Default, PartialEq, Eq)]
struct Proofs {
    holding: usize,
    refused: usize,
    unwritten: usize,
}

impl Proofs {
    #[track_caller]
    fn check(&mut self, case: &str, wants_error: bool, ours: Option<Result<(), ProofError>>) {
        let holds = matches!(ours, Some(Ok(())));
        assert_eq!(holds, !wants_error, "{case}: {ours:?}");
        match ours {
            Some(Ok(())) => self.holding += 1,
            Some(Err(_)) => self.refused += 1,
            None => self.unwritten += 1,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InclusionCase {
    case: String,
    leaf_idx: u64,
    tree_size: u64,
    root: Option<String>,
    leaf_hash: Option<String>,
    proof: Option<Vec<String>>,
    want_err: bool,
}

impl InclusionCase {
    /// `None` if a hash is missing.
    fn verify(&self) -> Option<Result<(), ProofError>> {
        let head = TreeHead {
            size: TreeSize::new(self.tree_size),
            root: hash_or_stand_in(self.root.as_deref())?,
        };
        let hashes = hashes_or_stand_ins(self.proof.as_ref())?;
        let leaf = hash_or_stand_in(self.leaf_hash.as_deref())?;
        Some(InclusionProof { hashes }.verify(&leaf, LeafIndex::new(self.leaf_idx), &head))
    }
}

#[test]
fn inclusion_proofs_of_transparency_dev_merkle() {
    let mut proofs = Proofs::default();
    for case in cases::<InclusionCase>("merkle/inclusion.jsonl") {
        proofs.check(&case.case, case.want_err, case.verify());
    }
    let expected = Proofs {
        holding: 6,
        refused: 71,
        unwritten: 21,
    };
    assert_eq!(proofs, expected);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConsistencyCase {
    case: String,
    size1: u64,
    size2: u64,
    root1: Option<String>,
    root2: Option<String>,
    proof: Option<Vec<String>>,
    want_err: bool,
}

impl ConsistencyCase {
    /// `None` if a hash is missing.
    fn verify(&self) -> Option<Result<(), ProofError>> {
        let head = |size, root: &Option<String>| {
            Some(TreeHead {
                size: TreeSize::new(size),
                root: hash_or_stand_in(root.as_deref())?,
            })
        };
        let hashes = hashes_or_stand_ins(self.proof.as_ref())?;
        let (old, new) = (head(self.size1, &self.root1)?, head(self.size2, &self.root2)?);
        Some(ConsistencyProof { hashes }.verify(&old, &new))
    }
}

#[test]
fn consistency_proofs_of_transparency_dev_merkle() {
    let mut proofs = Proofs::default();
    for case in cases::<ConsistencyCase>("merkle/consistency.jsonl") {
        // They prove nothing from the empty tree; here the empty proof does, as tlog-witness has it.
        let from_empty = case.case == "additional/size1-is-zero-and-size2-is-not-zero";
        proofs.check(&case.case, case.want_err && !from_empty, case.verify());
    }
    let expected = Proofs {
        holding: 7,
        refused: 83,
        unwritten: 8,
    };
    assert_eq!(proofs, expected);
}

#[derive(Deserialize)]
struct MerkleTree {
    leaves: Vec<String>,
    nodes: Vec<Vec<String>>,
    roots: Vec<String>,
    hasher: Hasher,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Hasher {
    empty: String,
    empty_leaf: String,
    leaf: [String; 2],
}

#[test]
fn the_tree_of_transparency_dev_merkle() {
    let published: MerkleTree = serde_json::from_str(&foreign("merkle/tree.json")).unwrap();
    let bytes = |text: &String| hex::decode(text).unwrap();
    let hash = |text: &String| Hash::from_slice(&bytes(text)).unwrap();
    let tree = NaiveTree(published.leaves.iter().map(|leaf| leaf_hash(&bytes(leaf))).collect());
    let mut nodes = 0;
    for (level, row) in (0..).zip(&published.nodes) {
        for (index, node) in (0..).zip(row) {
            assert_eq!(
                tree.node(level, index),
                Some(hash(node)),
                "node {index} of level {level}"
            );
            nodes += 1;
        }
    }
    let mut frontier = Frontier::new();
    for (size, expected) in (0..).zip(&published.roots) {
        assert_eq!(root(TreeSize::new(size), &tree), Ok(hash(expected)), "root of {size}");
        assert_eq!(frontier.root(), hash(expected), "root of {size}");
        tree.0
            .get(usize::try_from(size).unwrap())
            .into_iter()
            .for_each(|leaf| frontier.push(*leaf));
    }
    assert_eq!((nodes, published.roots.len()), (15, 9));
    let Hasher {
        empty,
        empty_leaf,
        leaf: [leaf, hashed],
    } = &published.hasher;
    assert_eq!(
        [empty_root(), leaf_hash(&[]), leaf_hash(&bytes(leaf))],
        [hash(empty), hash(empty_leaf), hash(hashed)]
    );
}

#[derive(Deserialize)]
struct Argon2020 {
    sth: SignedTreeHead,
    entries: Entries,
    proof: RecordProof,
    consistency: TreeProof,
}

#[derive(Deserialize)]
struct SignedTreeHead {
    tree_size: u64,
    sha256_root_hash: Hash64,
}

#[derive(Deserialize)]
struct Entries {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    leaf_input: String,
}

#[derive(Deserialize)]
struct RecordProof {
    leaf_index: u64,
    audit_path: Vec<Hash64>,
}

#[derive(Deserialize)]
struct TreeProof {
    consistency: Vec<Hash64>,
}

/// A hash in base64.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Hash64(Hash);

impl TryFrom<String> for Hash64 {
    type Error = tlog::hash::HashTextError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

/// What a log of 962 million certificates answered, and the root that it had when it was smaller; from golang.org/x/mod.
#[test]
fn answers_of_a_certificate_log() {
    let argon: Argon2020 = serde_json::from_str(&foreign("sumdb/argon2020.json")).unwrap();
    let head = TreeHead {
        size: TreeSize::new(argon.sth.tree_size),
        root: argon.sth.sha256_root_hash.0,
    };
    let hashes = |hashes: Vec<Hash64>| hashes.into_iter().map(|hash| hash.0).collect();
    let leaf = leaf_hash(&STANDARD.decode(&argon.entries.entries[0].leaf_input).unwrap());
    let inclusion = InclusionProof {
        hashes: hashes(argon.proof.audit_path),
    };
    assert_eq!(
        inclusion.verify(&leaf, LeafIndex::new(argon.proof.leaf_index), &head),
        Ok(())
    );
    let root = "AuIZ5V6sDUj1vn3Y1K85oOaQ7y+FJJKtyRTl1edIKBQ=".parse().unwrap();
    let old = TreeHead {
        size: TreeSize::new(3_654_490),
        root,
    };
    let consistency = ConsistencyProof {
        hashes: hashes(argon.consistency.consistency),
    };
    assert_eq!(consistency.verify(&old, &head), Ok(()));
}

#[derive(Deserialize)]
struct NoteCase {
    #[serde(flatten)]
    expected: Expected,
    vkey: Vkey64,
    note: String,
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Vkey64(Vkey);

impl TryFrom<String> for Vkey64 {
    type Error = VkeyError;

    fn try_from(text: String) -> Result<Self, VkeyError> {
        text.parse().map(Self)
    }
}

#[test]
fn notes_of_x_mod() {
    let mut tally = Tally::default();
    for case in cases::<NoteCase>("sumdb/notes.jsonl") {
        let verified = Note::parse(case.note.as_bytes()).and_then(|note| note.verify(&case.vkey.0));
        tally.check(&case.expected, &verified);
    }
    assert_eq!(
        tally,
        Tally {
            alike: 15,
            otherwise: 1
        }
    );
}

/// Golden output of `note.Sign`, and of its example that adds a signature.
#[test]
fn what_x_mod_signs_is_signed_here_byte_for_byte() {
    let notes: BTreeMap<String, String> = cases::<NoteCase>("sumdb/notes.jsonl")
        .into_iter()
        .map(|case| (case.expected.case, case.note))
        .collect();
    let (alone, both) = (&notes["example of opening"], &notes["one verified, one not"]);
    let mut note = Note::new(Note::parse(alone.as_bytes()).unwrap().text()).unwrap();
    note.sign(&signer(
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
    ))
    .unwrap();
    assert_eq!(&note.encode().unwrap(), alone);
    // Its example makes the second key of zeros.
    let zeros = SigningKey::from_bytes(&[0; 32]);
    note.sign(&NoteSigner::new(KeyName::new("EnochRoot").unwrap(), zeros).unwrap())
        .unwrap();
    assert_eq!(&note.encode().unwrap(), both);
}

#[derive(Deserialize)]
struct VkeyCase {
    #[serde(flatten)]
    expected: Expected,
    vkey: String,
}

#[test]
fn verifying_keys() {
    let mut tally = Tally::default();
    for case in cases::<VkeyCase>("vkeys.jsonl") {
        let parsed = case.vkey.parse::<Vkey>();
        if let Ok(vkey) = &parsed {
            assert_eq!(vkey.to_string(), case.vkey);
        }
        tally.check(&case.expected, &parsed);
    }
    assert_eq!(
        tally,
        Tally {
            alike: 27,
            otherwise: 8
        }
    );
}

/// As golang.org/x/mod mangles its key: every part of it, and every byte one higher.
#[test]
fn mangled_verifying_keys() {
    let vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let mut refused = 0;
    let mut refuse = |mangled: &str| {
        assert!(mangled.parse::<Vkey>().is_err(), "{mangled}");
        refused += 1;
    };
    for begin in 0..vkey.len() {
        (begin + 1..=vkey.len())
            .map(|end| &vkey[begin..end])
            .filter(|part| *part != vkey)
            .for_each(&mut refuse);
    }
    for at in 0..vkey.len() {
        let mut higher = vkey.as_bytes().to_vec();
        higher[at] += 1;
        refuse(str::from_utf8(&higher).unwrap());
    }
    assert_eq!(refused, 2_276);
}

#[derive(Deserialize)]
struct CheckpointCase {
    #[serde(flatten)]
    expected: Expected,
    text: String,
}

#[test]
fn texts_of_checkpoints() {
    let mut tally = Tally::default();
    for case in cases::<CheckpointCase>("checkpoints.jsonl") {
        let parsed = Checkpoint::parse(&case.text);
        if let Ok(checkpoint) = &parsed {
            assert_eq!(checkpoint.to_text(), case.text);
        }
        tally.check(&case.expected, &parsed);
    }
    assert_eq!(
        tally,
        Tally {
            alike: 18,
            otherwise: 10
        }
    );
}

#[derive(Deserialize)]
struct ProofCase {
    #[serde(flatten)]
    expected: Expected,
    proof: String,
}

#[test]
fn texts_of_proofs() {
    let mut tally = Tally::default();
    for case in cases::<ProofCase>("proofs.jsonl") {
        let parsed = TlogProof::parse(case.proof.as_bytes());
        if let Ok(proof) = &parsed {
            assert_eq!(proof.encode().unwrap(), case.proof);
        }
        tally.check(&case.expected, &parsed);
    }
    let line = format!("c2sp.org/tlog-proof@v1\nindex 0\n{}\n", "a".repeat(65 * 1024));
    assert_eq!(TlogProof::parse(line.as_bytes()), Err(TlogProofError::NoCheckpoint));
    assert_eq!(
        tally,
        Tally {
            alike: 20,
            otherwise: 0
        }
    );
}

/// One file of the log that tessera keeps as its golden one.
#[derive(Deserialize)]
struct LogFile {
    path: String,
    text: Option<String>,
    hex: Option<String>,
}

/// A log that tessera wrote leaf by leaf: built here anew, it has the same 47 files to the byte, its signatures included.
#[test]
fn the_golden_log_of_tessera() {
    let signer = signer("PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg");
    let files: BTreeMap<String, Vec<u8>> = cases::<LogFile>("tessera/log.jsonl")
        .into_iter()
        .map(bytes_of)
        .collect();
    let leaves = decode_entries(&files["tile/entries/000.p/15"]).unwrap();
    let mut built = BTreeMap::new();
    let mut builder = TileBuilder::new();
    sign_into(&mut built, "checkpoint.0", TreeHead::empty(), &signer);
    for (size, leaf) in (1..).zip(&leaves) {
        builder.push(leaf_hash(leaf));
        let tiles = builder.changed_tiles();
        built.extend(tiles.iter().map(|tile| (path_of(tile), tile.to_bytes())));
        let bundle = encode_entries(leaves[..usize::from(size)].iter().copied()).unwrap();
        built.insert(TilePath::Entries { n: 0, width: size }.to_string(), bundle);
        let reader = TileReader::new(builder.size(), |_| Some(tiles[0].to_bytes()));
        let head = TreeHead {
            size: builder.size(),
            root: root(builder.size(), &reader).unwrap(),
        };
        sign_into(&mut built, &format!("checkpoint.{size}"), head, &signer);
        sign_into(&mut built, "checkpoint", head, &signer);
    }
    assert_eq!(built.keys().collect::<Vec<_>>(), files.keys().collect::<Vec<_>>());
    assert_eq!(built, files);
    assert_eq!(files.len(), 47);
}

fn bytes_of(file: LogFile) -> (String, Vec<u8>) {
    let bytes = file
        .text
        .map(String::into_bytes)
        .or_else(|| hex::decode(file.hex?).ok());
    (file.path, bytes.unwrap())
}

fn path_of(tile: &Tile) -> String {
    let width = tile.hashes.len().try_into().unwrap();
    TilePath::Hashes { id: tile.id, width }.to_string()
}

fn sign_into(files: &mut BTreeMap<String, Vec<u8>>, path: &str, head: TreeHead, signer: &NoteSigner) {
    let origin = signer.vkey().name().as_str().parse().unwrap();
    let note = Checkpoint::new(origin, head).sign(signer).unwrap();
    assert_eq!(Checkpoint::open(note.as_bytes(), signer.vkey()).unwrap().head(), head);
    files.insert(path.to_owned(), note.into_bytes());
}

/// Every combination of edge cases in the points of a key and a signature. What `verify_strict` takes is what has no edge but a
/// component of small order, whose equation it checks exactly; and no key of small order is a verifying key.
#[test]
fn edge_cases_of_ed25519() {
    let mut counts = (0, 0, 0);
    for line in foreign("ed25519/edge-cases.txt").lines() {
        let [key, r, s, flags, message] = line.splitn(5, ' ').collect::<Vec<_>>().try_into().unwrap();
        let key: [u8; 32] = hex::decode(key).unwrap().try_into().unwrap();
        let signature = Signature::from_slice(&hex::decode(format!("{r}{s}")).unwrap()).unwrap();
        let accepted =
            VerifyingKey::from_bytes(&key).is_ok_and(|key| key.verify_strict(message.as_bytes(), &signature).is_ok());
        let harmless = ["-", "LowOrderComponentA", "LowOrderComponentR"];
        assert_eq!(
            accepted,
            flags.split(',').all(|flag| harmless.contains(&flag)),
            "{line}"
        );
        let named = Vkey::new(KeyName::new("log.example/gold").unwrap(), &key);
        let weak = flags.split(',').any(|flag| flag == "LowOrderA");
        assert_eq!(named.is_err(), weak, "{line}");
        counts = (
            counts.0 + 1,
            counts.1 + usize::from(accepted),
            counts.2 + usize::from(weak),
        );
    }
    assert_eq!(counts, (768, 43, 468));
}
