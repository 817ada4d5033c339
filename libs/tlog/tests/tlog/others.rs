//! Trees, tiles, checkpoints and notes against `tlog_tiles` and `signed_note`, code by other hands. Where this crate is stricter
//! on purpose, the test says in what.

use std::collections::BTreeMap;

use curve25519_dalek::Scalar;
use ed25519_dalek::{Signature, SigningKey, Verifier as _, VerifyingKey};
use proptest::prelude::*;
use sha2::{Digest as _, Sha512};
use signed_note::{Note as TheirNote, NoteError as TheirError, StandardVerifier, VerifierList};
use tlog::checkpoint::CheckpointError;
use tlog::note::{KeyName, NOTE_SIGNATURES_MAX, Note, NoteError, NoteSignature, NoteSigner, Vkey, VkeyError};
use tlog::tiles::{TileBuilder, TileId, TilePath};
use tlog::tree::{prove_consistency, prove_inclusion, root};
use tlog::{Checkpoint, Hash, LeafIndex, TreeSize};
use tlog_tiles::{
    Error as TheirTreeError, Hash as TheirHash, HashReader, Tile as TheirTile, TileHashReader, TileReader,
    prove_record, prove_tree, stored_hash_index, stored_hashes_for_record_hash, tree_hash,
};

use crate::support::{NaiveTree, Vector};

/// Largest tree of the property tests: some tiles and the beginning of the level above.
const SIZE_MAX: u64 = 1_200;
/// The height of tiles.
const HEIGHT: u8 = 8;

/// Their store: the hashes of a tree in the order in which they became known.
struct Stored(Vec<TheirHash>);

impl Stored {
    fn of(tree: &NaiveTree) -> Self {
        let mut stored = Self(Vec::new());
        for (index, hash) in (0..).zip(&tree.0) {
            let new = stored_hashes_for_record_hash(index, theirs(hash), &stored).unwrap();
            stored.0.extend(new);
        }
        stored
    }
}

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<TheirHash>, TheirTreeError> {
        Ok(indexes
            .iter()
            .map(|index| self.0[usize::try_from(*index).unwrap()])
            .collect())
    }
}

/// Our tiles, as a server would hand them out to their reader.
#[derive(Clone)]
struct Served(BTreeMap<TileId, Vec<u8>>);

impl Served {
    fn of(tree: &NaiveTree) -> Self {
        let mut builder = TileBuilder::new();
        tree.0.iter().for_each(|hash| builder.push(*hash));
        Self(
            builder
                .changed_tiles()
                .iter()
                .map(|tile| (tile.id, tile.to_bytes()))
                .collect(),
        )
    }
}

impl TileReader for Served {
    fn height(&self) -> u8 {
        HEIGHT
    }

    fn read_tiles(&self, tiles: &[TheirTile]) -> Result<Vec<Vec<u8>>, TheirTreeError> {
        let row = |tile: &TheirTile| {
            let id = TileId {
                level: tile.level(),
                n: tile.level_index(),
            };
            self.0[&id][..usize::try_from(tile.width()).unwrap() * 32].to_vec()
        };
        Ok(tiles.iter().map(row).collect())
    }

    fn save_tiles(&self, _: &[TheirTile], _: &[Vec<u8>]) {}
}

fn theirs(hash: &Hash) -> TheirHash {
    TheirHash(*hash.as_bytes())
}

fn ours(hashes: Vec<TheirHash>) -> Vec<Hash> {
    hashes.into_iter().map(|hash| Hash::from_bytes(hash.0)).collect()
}

/// `tile/8/0/000` there is `tile/0/000` here: their paths have the height in them.
fn our_path(theirs: &str) -> Option<String> {
    theirs.strip_prefix("tile/8/").map(|rest| format!("tile/{rest}"))
}

fn two_sizes() -> impl Strategy<Value = (u64, u64)> {
    (1..=SIZE_MAX).prop_flat_map(|new| (0..=new, Just(new)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn trees_and_their_proofs_are_the_same((old, new) in two_sizes(), pick: prop::sample::Index) {
        let tree = NaiveTree::of_size(new);
        let stored = Stored::of(&tree);
        let size = TreeSize::new(new);
        prop_assert_eq!(theirs(&root(size, &tree).unwrap()), tree_hash(new, &stored).unwrap());
        let index = pick.index(tree.0.len()) as u64;
        let inclusion = prove_inclusion(LeafIndex::new(index), size, &tree).unwrap();
        prop_assert_eq!(inclusion.hashes, ours(prove_record(new, index, &stored).unwrap()));
        if old > 0 {
            let consistency = prove_consistency(TreeSize::new(old), size, &tree).unwrap();
            prop_assert_eq!(consistency.hashes, ours(prove_tree(new, old, &stored).unwrap()));
        }
    }

    #[test]
    fn tiles_are_the_same_byte_for_byte((old, new) in two_sizes()) {
        prop_assert_eq!(our_new_tiles(old, new), their_new_tiles(old, new));
    }

    // That a reader refuses changed tiles is shown by the one in Go: this version reads some full tiles without comparing them.
    #[test]
    fn their_reader_takes_our_tiles(size in 1..=SIZE_MAX) {
        let tree = NaiveTree::of_size(size);
        let served = Served::of(&tree);
        let reader = TileHashReader::new(size, theirs(&tree.root(size)), &served);
        let indexes: Vec<u64> = (0..size).map(|index| stored_hash_index(0, index)).collect();
        prop_assert_eq!(ours(reader.read_hashes(&indexes).unwrap()), tree.0);
    }

}

proptest! {
    #[test]
    fn paths_of_tiles_are_the_same(level in 0..64_u8, n in 0..u64::MAX >> 1, width in 1..=256_u16) {
        let path = TilePath::Hashes { id: TileId { level, n }, width }.to_string();
        let their_tile = TheirTile::new(HEIGHT, level, n, width.into(), false);
        prop_assert_eq!(our_path(&their_tile.path()), Some(path));
    }

    // Levels above 63 and widths of 0 end that crate; here they are refused.
    #[test]
    fn paths_are_read_alike(rest in "([0-5]?[0-9]|6[0-3])/(x[0-9]{3}/){0,3}[0-9]{2,3}(\\.p/(0?[1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-6]))?") {
        let there = TheirTile::from_path(&format!("tile/8/{rest}")).ok();
        let here = format!("tile/{rest}").parse::<TilePath>().ok();
        prop_assert_eq!(here.map(|path| path.to_string()), there.and_then(|tile| our_path(&tile.path())), "{}", rest);
    }

    #[test]
    fn notes_are_read_and_verified_alike(note in changed_note()) {
        check_alike(&note)?;
    }

    #[test]
    fn whatever_is_a_key_here_is_one_there(vkey in "(log|a b|a)[+](cfccd00f|CFCCD00F|[0-9a-f]{8})[+]A[A-Za-z0-9+/]{43}", at: prop::sample::Index, put in "[ -~]") {
        let good = Vector::one("vkey", "good-ours").text().to_owned();
        let mut changed = good.clone();
        let at = at.index(good.len());
        changed.replace_range(at..=at, &put);
        for text in [vkey, changed, good] {
            let there = StandardVerifier::new(&text);
            match text.parse::<Vkey>() {
                Ok(_) => prop_assert!(there.is_ok(), "{}", text),
                // In upper case, or with a plus, the key id has other spellings there; and a key of small order is one.
                Err(VkeyError::WrongKeyId | VkeyError::UnusableKey) => {}
                Err(error) => prop_assert!(there.is_err(), "{}: {:?}", text, error),
            }
        }
    }

    #[test]
    fn checkpoints_are_read_alike(size in "[0-9]{1,20}|0[0-9]", root in prop::array::uniform32(any::<u8>()), origin in "[ -~]{0,8}", rest in "(|.{1,8}\n)") {
        let text = format!("{origin}\n{size}\n{}\n{rest}", Hash::from_bytes(root));
        let there = tlog_tiles::Checkpoint::from_bytes(text.as_bytes());
        match Checkpoint::parse(&text) {
            Ok(checkpoint) => {
                let there = there.unwrap();
                prop_assert_eq!(there.to_bytes(), text.as_bytes());
                prop_assert_eq!((there.origin(), there.size()), (checkpoint.origin.as_str(), checkpoint.size.get()));
            }
            // Extensions, origins that are no key names, sizes from 2^63 and false roots of the empty tree are read there.
            Err(CheckpointError::NotThreeLines | CheckpointError::BadOrigin | CheckpointError::EmptyRoot) => {}
            Err(CheckpointError::BadSize) => prop_assert!(there.is_err() || size.parse::<u64>().unwrap() >> 63 == 1),
            Err(error) => prop_assert!(there.is_err(), "{:?}", error),
        }
    }
}

fn our_new_tiles(old: u64, new: u64) -> BTreeMap<String, Vec<u8>> {
    let mut builder = TileBuilder::new();
    for (index, hash) in (0..).zip(&NaiveTree::of_size(new).0) {
        if index == old {
            builder.changed_tiles();
        }
        builder.push(*hash);
    }
    let tiles = if old == new {
        Vec::new()
    } else {
        builder.changed_tiles()
    };
    let path = |id, width: usize| {
        TilePath::Hashes {
            id,
            width: width.try_into().unwrap(),
        }
        .to_string()
    };
    tiles
        .iter()
        .map(|tile| (path(tile.id, tile.hashes.len()), tile.to_bytes()))
        .collect()
}

fn their_new_tiles(old: u64, new: u64) -> BTreeMap<String, Vec<u8>> {
    let stored = Stored::of(&NaiveTree::of_size(new));
    let tiles = TheirTile::new_tiles(HEIGHT, old, new);
    tiles
        .iter()
        .map(|tile| (our_path(&tile.path()).unwrap(), tile.read_data(&stored).unwrap()))
        .collect()
}

#[test]
fn tiles_of_three_levels_are_the_same() {
    for (old, new) in [(0, 70_000), (65_535, 65_536), (65_536, 65_537), (69_000, 70_000)] {
        assert_eq!(
            our_new_tiles(old, new),
            their_new_tiles(old, new),
            "from {old} to {new}"
        );
    }
}

/// A note by up to three keys, or one of the vectors; mostly with some of its bytes replaced.
fn changed_note() -> impl Strategy<Value = Vec<u8>> {
    let made = ("([ -~é—\n]{0,20})\n", prop::collection::vec(0..3_u8, 1..4))
        .prop_map(|(text, seeds)| made_note(&text, &seeds));
    let vectors = prop::sample::select(
        Vector::all("note")
            .into_iter()
            .map(|vector| vector.body)
            .collect::<Vec<_>>(),
    );
    let places = (
        any::<prop::sample::Index>(),
        0..3_usize,
        "[ -~\n—\t]{0,3}",
        any::<bool>(),
    );
    (prop_oneof![made, vectors], places).prop_map(|(mut note, (at, cut, put, whole))| {
        let at = at.index(note.len() + 1);
        if !whole {
            let end = note.len().min(at + cut);
            note.splice(at..end, put.bytes());
        }
        note
    })
}

/// Signed in turn, also twice by the same key: written by hand, since `Note::sign` refuses that.
fn made_note(text: &str, seeds: &[u8]) -> Vec<u8> {
    let line = |seed: &u8| {
        let mut alone = Note::new(text).unwrap();
        alone.sign(&signer(*seed)).unwrap();
        format!("{}\n", alone.signatures()[0])
    };
    format!("{text}\n{}", seeds.iter().map(line).collect::<String>()).into_bytes()
}

fn signer(seed: u8) -> NoteSigner {
    NoteSigner::new(
        KeyName::new("log.example/gold").unwrap(),
        SigningKey::from_bytes(&[seed; 32]),
    )
    .unwrap()
}

fn check_alike(note: &[u8]) -> Result<(), TestCaseError> {
    let (here, there) = (Note::parse(note), TheirNote::from_bytes(note));
    let (Ok(here), Ok(there)) = (&here, &there) else {
        // Names of more than 255 bytes and signatures of more than 8,192 are read there, and stand in no note made here.
        prop_assert!(here.is_err() && there.is_err(), "{:?} {:?}", here, there);
        return Ok(());
    };
    prop_assert_eq!(here.text().as_bytes(), there.text());
    prop_assert_eq!(there.to_bytes(), here.encode().unwrap().into_bytes());
    prop_assert!(here.signatures().len() <= NOTE_SIGNATURES_MAX);
    let vectors = Vector::one("note", "good-go-example").get::<Vkey>("vkey");
    for vkey in (0..3).map(|seed| signer(seed).vkey().clone()).chain([vectors]) {
        let known = VerifierList::new(vec![Box::new(StandardVerifier::new(&vkey.to_string()).unwrap())]);
        let alike = match (here.verify(&vkey), there.verify(&known)) {
            (Ok(()), Ok((verified, _))) => verified.len() == 1,
            // A second line by the same key is skipped there, whatever it holds.
            (Err(NoteError::NotSigned), Err(TheirError::UnverifiedNote))
            | (Err(NoteError::BadSignature), Err(TheirError::InvalidSignature { .. }))
            | (Err(NoteError::SignedTwice), _) => true,
            _ => false,
        };
        prop_assert!(alike, "{:?} by {}", note, vkey);
    }
    Ok(())
}

/// A signature whose R is the identity: S·B = R + k·A holds, so that whoever only checks that takes it, though R says nothing.
#[test]
fn a_signature_that_a_lenient_verifier_takes_is_refused() {
    let key = SigningKey::from_bytes(&[1; 32]);
    let signer = signer(1);
    let text = "a lot\n";
    let mut identity = [0; 32];
    identity[0] = 1;
    let challenge = Sha512::new()
        .chain_update(identity)
        .chain_update(signer.vkey().public_key())
        .chain_update(text);
    let challenge = Scalar::from_bytes_mod_order_wide(&challenge.finalize().into());
    let s = challenge * key.to_scalar();
    let signature = [identity, s.to_bytes()].concat();
    let lenient = VerifyingKey::from_bytes(signer.vkey().public_key()).unwrap();
    assert!(
        lenient
            .verify(text.as_bytes(), &Signature::from_slice(&signature).unwrap())
            .is_ok()
    );
    let mut note = Note::new(text).unwrap();
    note.add(NoteSignature {
        name: signer.vkey().name().clone(),
        id: signer.vkey().id(),
        signature,
    })
    .unwrap();
    assert_eq!(note.verify(signer.vkey()), Err(NoteError::BadSignature));
    let known = VerifierList::new(vec![Box::new(
        StandardVerifier::new(&signer.vkey().to_string()).unwrap(),
    )]);
    let there = TheirNote::from_bytes(note.encode().unwrap().as_bytes()).unwrap();
    assert!(
        there.verify(&known).is_ok(),
        "the other crate is lenient: otherwise this shows nothing"
    );
}
