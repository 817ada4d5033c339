//! What the tests share: trees and maps in their simplest form, straight from their definitions.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tlog::Hash;
use tlog::map::{MapKey, MapProof};
use tlog::tree::{NodeReader, empty_root, leaf_hash, node_hash};

/// A key of a map with its value.
type Entry = (MapKey, Hash);

/// A tree as a list of leaf hashes.
pub(crate) struct NaiveTree(pub(crate) Vec<Hash>);

/// One vector: `name: value` lines, a blank line, and the body verbatim.
pub(crate) struct Vector {
    pub(crate) name: String,
    fields: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn leaf(index: u64) -> Vec<u8> {
    format!("leaf {index}").into_bytes()
}

/// The root by the definition of RFC 6962 §2.1.
pub(crate) fn naive_root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = hashes.split_at(hashes.len().next_power_of_two() / 2);
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

impl NaiveTree {
    pub(crate) fn of_size(size: u64) -> Self {
        Self((0..size).map(|index| leaf_hash(&leaf(index))).collect())
    }

    pub(crate) fn root(&self, size: u64) -> Hash {
        naive_root(&self.0[..usize::try_from(size).unwrap()])
    }
}

impl NodeReader for NaiveTree {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        let first = usize::try_from(index << level).ok()?;
        self.0.get(first..first + (1 << level)).map(naive_root)
    }
}

/// The root of a map by its recursive definition, over entries sorted by key.
pub(crate) fn naive_map_root(entries: &BTreeMap<MapKey, Hash>) -> Hash {
    let entries: Vec<_> = entries.iter().map(|(key, value)| (*key, *value)).collect();
    if entries.is_empty() {
        empty_root()
    } else {
        naive_map_node(&entries)
    }
}

fn naive_map_node(entries: &[Entry]) -> Hash {
    let [(key, value)] = entries else {
        let (bit, left, right) = naive_map_halves(entries);
        return sha256(&[
            naive_map_node(left).as_bytes(),
            naive_map_node(right).as_bytes(),
            &[bit],
        ]);
    };
    sha256(&[key.as_bytes(), value.as_bytes()])
}

/// The proof of what a map holds for a key, by the same definition.
pub(crate) fn naive_map_proof(entries: &BTreeMap<MapKey, Hash>, key: &MapKey) -> MapProof {
    let entries: Vec<_> = entries.iter().map(|(key, value)| (*key, *value)).collect();
    let (mut rest, mut steps) = (entries.as_slice(), vec![]);
    while 1 < rest.len() {
        let (bit, left, right) = naive_map_halves(rest);
        let (taken, other) = if key_bit(key, bit) {
            (right, left)
        } else {
            (left, right)
        };
        steps.insert(0, (bit, naive_map_node(other)));
        rest = taken;
    }
    match rest.first() {
        None => MapProof::AbsenceInEmpty,
        Some((found, _)) if found == key => MapProof::Presence { steps },
        Some(&(other, value)) => MapProof::Absence { other, value, steps },
    }
}

/// Entries sorted by key, divided at the first bit in which they are not all the same.
fn naive_map_halves(entries: &[Entry]) -> (u8, &[Entry], &[Entry]) {
    // Sorted, so the first and the last key share exactly the prefix that all share.
    let (first, last) = (entries[0].0, entries[entries.len() - 1].0);
    let bit = (0..=255)
        .find(|&bit| key_bit(&first, bit) != key_bit(&last, bit))
        .unwrap();
    let middle = entries.partition_point(|(key, _)| !key_bit(key, bit));
    (bit, &entries[..middle], &entries[middle..])
}

pub(crate) fn key_bit(key: &MapKey, bit: u8) -> bool {
    key.as_bytes()[usize::from(bit / 8)] >> (7 - bit % 8) & 1 == 1
}

pub(crate) fn sha256(parts: &[&[u8]]) -> Hash {
    use sha2::Digest as _;
    Hash::from_bytes(sha2::Sha256::digest(parts.concat()).into())
}

/// A file of vectors that others published, as text.
pub(crate) fn foreign(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/foreign")
        .join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

impl Vector {
    /// All vectors of a directory below `testdata`.
    pub(crate) fn all(directory: &str) -> Vec<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(directory);
        let mut files: Vec<_> = fs::read_dir(path).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "no vectors in {directory}");
        files.iter().map(|file| Self::read(file)).collect()
    }

    pub(crate) fn one(directory: &str, name: &str) -> Self {
        Self::all(directory)
            .into_iter()
            .find(|vector| vector.name == name)
            .unwrap()
    }

    fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap();
        let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let fields = str::from_utf8(&bytes[..end]).unwrap().lines();
        Self {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            fields: fields
                .map(|line| line.split_once(": ").unwrap())
                .map(|(k, v)| (k.into(), v.into()))
                .collect(),
            body: bytes[end + 2..].to_vec(),
        }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    pub(crate) fn get<T: std::str::FromStr<Err: std::fmt::Debug>>(&self, name: &str) -> T {
        self.field(name)
            .unwrap_or_else(|| panic!("{}: no field {name}", self.name))
            .parse()
            .unwrap()
    }

    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    /// Compares an outcome with `expect`: `ok`, or the error's debug form.
    #[track_caller]
    pub(crate) fn check<T, E: std::fmt::Debug>(&self, outcome: Result<T, E>) {
        let found = outcome.map_or_else(|error| format!("{error:?}"), |_| "ok".into());
        assert_eq!(
            found,
            self.get::<String>("expect"),
            "{}: {}",
            self.name,
            self.get::<String>("about")
        );
    }
}
