//! The vectors of `testdata`, made by other programs: notes, trees and tiles by golang.org/x/mod, maps by rsc.io/tmp/mpt.

use std::collections::BTreeMap;

use crate::support::{NaiveTree, Vector, leaf, naive_map_proof, naive_map_root, sha256};
use tlog::map::{MapHead, MapKey, MapKind, MapProof, leaf_core_hash, map_key};
use tlog::note::{Note, Vkey};
use tlog::proof::TlogProof;
use tlog::tiles::{Tile, TileBuilder, TilePath};
use tlog::tree::{ConsistencyProof, Frontier, InclusionProof, leaf_hash};
use tlog::{Checkpoint, Hash, Leaf, LeafIndex, Origin, TreeHead, TreeSize};

#[test]
fn notes() {
    for vector in Vector::all("note") {
        let vkey: Vkey = vector.get("vkey");
        vector.check(Note::parse(&vector.body).and_then(|note| {
            assert_eq!(note.encode().unwrap().as_bytes(), vector.body, "{}", vector.name);
            note.verify(&vkey)
        }));
    }
}

#[test]
fn verifying_keys() {
    for vector in Vector::all("vkey") {
        vector.check(
            vector
                .text()
                .parse::<Vkey>()
                .inspect(|vkey| assert_eq!(vkey.to_string(), vector.text())),
        );
    }
}

#[test]
fn checkpoints() {
    for vector in Vector::all("checkpoint") {
        let vkey: Vkey = vector.get("vkey");
        vector.check(Checkpoint::open(&vector.body, &vkey).inspect(|checkpoint| {
            assert_eq!(checkpoint.to_text(), Note::parse(&vector.body).unwrap().text());
        }));
    }
}

#[test]
fn tlog_proofs() {
    for vector in Vector::all("tlog-proof") {
        vector.check(TlogProof::parse(&vector.body).and_then(|proof| {
            assert_eq!(proof.encode().unwrap().as_bytes(), vector.body, "{}", vector.name);
            proof.verify(&vector.get("leaf-hash"), &vector.get("vkey"))
        }));
    }
}

#[test]
fn roots() {
    for vector in Vector::all("root") {
        let mut frontier = Frontier::new();
        for line in vector.text().lines() {
            frontier.push(leaf_hash(&hex::decode(line).unwrap()));
        }
        assert_eq!(frontier.root(), vector.get("root"), "{}", vector.name);
    }
}

#[test]
fn inclusion_proofs() {
    for vector in Vector::all("inclusion") {
        let head = TreeHead {
            size: TreeSize::new(vector.get("size")),
            root: vector.get("root"),
        };
        let proof = InclusionProof {
            hashes: hashes(&vector),
        };
        vector.check(proof.verify(&vector.get("leaf-hash"), LeafIndex::new(vector.get("index")), &head));
    }
}

#[test]
fn consistency_proofs() {
    for vector in Vector::all("consistency") {
        let head = |size, root| TreeHead {
            size: TreeSize::new(vector.get(size)),
            root: vector.get(root),
        };
        let proof = ConsistencyProof {
            hashes: hashes(&vector),
        };
        vector.check(proof.verify(&head("old-size", "old-root"), &head("new-size", "new-root")));
    }
}

#[test]
fn tiles() {
    for vector in Vector::all("tiles") {
        let (old, new): (u64, u64) = (vector.get("old-size"), vector.get("new-size"));
        let tree = NaiveTree::of_size(new);
        let mut builder = TileBuilder::new();
        for (index, hash) in (0..).zip(&tree.0) {
            if index == old {
                builder.changed_tiles();
            }
            builder.push(*hash);
        }
        let found: Vec<_> = builder.changed_tiles().iter().map(tile_line).collect();
        assert_eq!(found, vector.text().lines().collect::<Vec<_>>());
        assert_eq!(tree.root(new), vector.get("new-root"));
    }
}

fn tile_line(tile: &Tile) -> String {
    let path = TilePath::Hashes {
        id: tile.id,
        width: tile.hashes.len().try_into().unwrap(),
    };
    format!("{path} {}", hex::encode(sha256(&[&tile.to_bytes()]).as_bytes()))
}

#[test]
fn leaves() {
    for vector in Vector::all("leaf") {
        if vector.name == "genesis" {
            let origin: Origin = vector.get("origin");
            assert_eq!(tlog::leaf::genesis_prev(&origin), vector.get("prev"));
            continue;
        }
        let bytes = hex::decode(vector.text().trim_end()).unwrap();
        vector.check(Leaf::parse(&bytes).inspect(|leaf| check_leaf(&vector, &bytes, leaf)));
    }
}

fn check_leaf(vector: &Vector, bytes: &[u8], leaf: &Leaf<'_>) {
    let record = hex::decode(vector.get::<String>("record")).unwrap();
    let expected = Leaf {
        prev: vector.get("prev"),
        map_root: vector.get("map-root"),
        verdict: vector.get("verdict"),
        record: &record,
    };
    assert_eq!(*leaf, expected, "{}", vector.name);
    assert_eq!(leaf.encode().unwrap(), bytes, "{}", vector.name);
    assert_eq!(leaf.hash().unwrap(), vector.get("leaf-hash"), "{}", vector.name);
    assert_eq!(
        leaf_core_hash(leaf.verdict, leaf.record),
        vector.get("core-hash"),
        "{}",
        vector.name
    );
}

#[test]
fn map_keys() {
    let found: Vec<_> = MapKind::ALL
        .iter()
        .map(|kind| format!("{kind} {}", map_key(*kind, b"some id")))
        .collect();
    assert_eq!(found, Vector::one("map", "keys").text().lines().collect::<Vec<_>>());
}

#[test]
fn map_heads() {
    let mut head = MapHead::EMPTY;
    for (count, line) in (1..).zip(Vector::one("map", "heads").text().lines()) {
        let [index, core, chain, value] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
        head = head.next(LeafIndex::new(index.parse().unwrap()), &core.parse().unwrap());
        assert_eq!(head.count, count);
        assert_eq!(
            (head.chain.to_string(), head.value().to_string()),
            (chain.to_owned(), value.to_owned())
        );
    }
}

#[test]
fn map_proofs() {
    for vector in Vector::all("map")
        .iter()
        .filter(|vector| vector.field("root").is_some())
    {
        let key = map_key_field(vector, "key");
        let value = vector.field("value").map(|value| value.parse::<Hash>().unwrap());
        let root: Hash = vector.get("root");
        let proof = map_proof(vector);
        vector.check(proof.verify(&root, &key, value.as_ref()));
        if vector.get::<String>("expect") == "ok" {
            let map = map_of(vector.get("keys"));
            assert_eq!(
                (
                    naive_map_root(&map),
                    map.get(&key).copied(),
                    naive_map_proof(&map, &key)
                ),
                (root, value, proof),
                "{}",
                vector.name
            );
        }
    }
}

fn map_of(keys: usize) -> BTreeMap<MapKey, Hash> {
    let hash = |what: &str, at| sha256(&[format!("{what} {at}").as_bytes()]);
    let entry = |at| (MapKey::from_bytes(*hash("key", at).as_bytes()), hash("value", at));
    (0..keys).map(entry).collect()
}

fn map_proof(vector: &Vector) -> MapProof {
    let steps = || {
        let lines = vector.text().lines().map(|line| line.split_once(' ').unwrap());
        lines
            .map(|(bit, hash)| (bit.parse().unwrap(), hash.parse().unwrap()))
            .collect()
    };
    if vector.field("value").is_some() {
        return MapProof::Presence { steps: steps() };
    }
    if vector.field("other-key").is_none() {
        return MapProof::AbsenceInEmpty;
    }
    let (other, value) = (map_key_field(vector, "other-key"), vector.get("other-value"));
    MapProof::Absence {
        other,
        value,
        steps: steps(),
    }
}

fn map_key_field(vector: &Vector, name: &str) -> MapKey {
    MapKey::from_bytes(hex::decode(vector.get::<String>(name)).unwrap().try_into().unwrap())
}

fn hashes(vector: &Vector) -> Vec<Hash> {
    vector.text().lines().map(|line| line.parse().unwrap()).collect()
}

#[test]
fn naive_tree_is_that_of_the_vectors() {
    let vector = Vector::one("inclusion", "good-513-of-1000");
    let tree = NaiveTree::of_size(1_000);
    assert_eq!(tree.root(1_000), vector.get("root"));
    assert_eq!(leaf_hash(&leaf(513)), vector.get("leaf-hash"));
}
