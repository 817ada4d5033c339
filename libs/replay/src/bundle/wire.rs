//! The bytes of a bundle.

use core::fmt;
use core::marker::PhantomData;
use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use event::LotId;
use serde::de::{self, DeserializeOwned, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use tlog::Hash;
use tlog::hash::HASH_BYTES;
use tlog::map::MapKind;

use super::{BUNDLE_BYTES_MAX, BUNDLE_KEYS_MAX, BUNDLE_LEAVES_MAX, BUNDLE_OLDER_MAX};
use crate::touches::Touched;

pub(super) const FORMAT: &str = "veta-proof/v1";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wire {
    pub(super) format: String,
    pub(super) lot: LotId,
    /// How many steps back what the lot was made of is in the bundle; nothing where all of it is.
    pub(super) depth: Option<u16>,
    /// The signed note, verbatim.
    pub(super) checkpoint: String,
    #[serde(deserialize_with = "at_most::<BUNDLE_OLDER_MAX, _, _>")]
    pub(super) older: Vec<WireOlder>,
    #[serde(deserialize_with = "at_most::<LEAVES, _, _>")]
    pub(super) leaves: Vec<WireLeaf>,
    /// The hashes of the multiproof of the leaves, one after the other.
    pub(super) tree: String,
    #[serde(deserialize_with = "at_most::<BUNDLE_KEYS_MAX, _, _>")]
    pub(super) keys: Vec<WireKey>,
    /// The multiproof of what the map holds for the keys.
    pub(super) map: String,
}

/// Beside those that belong to a key, the last leaf of the tree.
const LEAVES: usize = BUNDLE_LEAVES_MAX + 1;

/// The checkpoint of an older size, and that the tree grew from it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireOlder {
    /// The signed note, verbatim; or the one that was published first, and the one that was cosigned last.
    #[serde(deserialize_with = "at_most::<2, _, _>")]
    pub(super) checkpoints: Vec<String>,
    /// The hashes of the consistency proof, one after the other.
    pub(super) consistency: String,
}

/// Index and bytes of a leaf.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireLeaf(pub(super) u64, pub(super) String);

/// Kind and id of a map key, and the places of all leaves under it in the bundle's list of leaves.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireKey(String, String, pub(super) Vec<u32>);

impl Wire {
    /// Canonical bytes in, or nothing.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        if BUNDLE_BYTES_MAX < bytes.len() {
            return None;
        }
        let wire: Self = serde_json::from_slice(bytes).ok()?;
        let mut same = Same { rest: bytes };
        let is_same = serde_json::to_writer(&mut same, &wire).is_ok() && same.rest.is_empty();
        (is_same && wire.format == FORMAT).then_some(wire)
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings and numbers always have a JSON form")
    }
}

impl WireKey {
    pub(super) fn new(touched: &Touched, leaves: Vec<u32>) -> Self {
        Self(touched.kind.as_str().to_owned(), text(&touched.id), leaves)
    }

    pub(super) fn touched(&self) -> Option<Touched> {
        let Self(kind, id, _) = self;
        let kind = MapKind::ALL.into_iter().find(|known| known.as_str() == kind)?;
        let id = bytes(id)?;
        Some(Touched { kind, id })
    }
}

/// In base64.
pub(super) fn text(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Hashes one after the other, in base64.
pub(super) fn text_of(hashes: &[Hash]) -> String {
    let bytes: Vec<u8> = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
    text(&bytes)
}

/// From the one base64 of some bytes.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// From what [`text_of`] writes.
pub(super) fn hashes(text: &str) -> Option<Vec<Hash>> {
    let bytes = bytes(text)?;
    let (hashes, rest) = bytes.as_chunks::<HASH_BYTES>();
    rest.is_empty()
        .then(|| hashes.iter().map(|hash| Hash::from_bytes(*hash)).collect())
}

/// A list that is not read beyond so many elements.
fn at_most<'de, const MAX: usize, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    struct AtMost<T, const MAX: usize>(PhantomData<T>);

    impl<'de, T: DeserializeOwned, const MAX: usize> Visitor<'de> for AtMost<T, MAX> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "at most {MAX} elements")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
            let mut list = Vec::new();
            while let Some(element) = seq.next_element()? {
                if list.len() == MAX {
                    return Err(de::Error::invalid_length(MAX + 1, &self));
                }
                list.push(element);
            }
            Ok(list)
        }
    }
    deserializer.deserialize_seq(AtMost::<T, MAX>(PhantomData))
}

/// Where an encoding goes that is only compared: nothing is kept of it.
struct Same<'a> {
    /// What is still to come.
    rest: &'a [u8],
}

impl io::Write for Same<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest = self.rest.strip_prefix(bytes).ok_or(io::ErrorKind::InvalidData)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
