//! The bytes of a bundle.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use event::LotId;
use serde::{Deserialize, Serialize};
use tlog::map::{MapHead, MapKey, MapKind, MapProof};
use tlog::{Hash, LeafIndex};

use super::BUNDLE_BYTES_MAX;
use crate::touches::Touched;

pub(super) const FORMAT: &str = "veta-proof/v1";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wire {
    pub(super) format: String,
    pub(super) lot: LotId,
    /// The signed note, verbatim.
    pub(super) checkpoint: String,
    pub(super) map: Vec<WireKey>,
    pub(super) leaves: Vec<WireLeaf>,
    /// The multiproof of the leaves.
    pub(super) tree: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireKey {
    kind: String,
    /// Base64 of the id's bytes.
    id: String,
    /// What the map holds; absent where it holds nothing.
    head: Option<WireHead>,
    /// The key and value found in the wanted key's place, where it is absent and the map is not empty.
    other: Option<(String, String)>,
    steps: Vec<(u8, String)>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireHead {
    count: u64,
    last: u64,
    chain: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireLeaf {
    pub(super) index: u64,
    leaf: String,
}

impl Wire {
    /// Canonical bytes in, or nothing.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        if BUNDLE_BYTES_MAX < bytes.len() {
            return None;
        }
        let wire: Self = serde_json::from_slice(bytes).ok()?;
        (wire.format == FORMAT && wire.encode() == bytes).then_some(wire)
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings and numbers always have a JSON form")
    }
}

impl WireKey {
    pub(super) fn new(touched: &Touched, head: Option<MapHead>, proof: &MapProof) -> Self {
        let (other, steps) = match proof {
            MapProof::Presence { steps } => (None, steps.as_slice()),
            MapProof::Absence { other, value, steps } => {
                (Some((STANDARD.encode(other.as_bytes()), text(value))), steps.as_slice())
            }
            MapProof::AbsenceInEmpty => (None, [].as_slice()),
        };
        Self {
            kind: touched.kind.as_str().to_owned(),
            id: STANDARD.encode(&touched.id),
            head: head.map(|head| WireHead {
                count: head.count,
                last: head.last.get(),
                chain: text(&head.chain),
            }),
            other,
            steps: steps.iter().map(|(bit, hash)| (*bit, text(hash))).collect(),
        }
    }

    pub(super) fn read(&self) -> Option<(Touched, Option<MapHead>, MapProof)> {
        let kind = MapKind::ALL.into_iter().find(|kind| kind.as_str() == self.kind)?;
        let touched = Touched {
            kind,
            id: STANDARD.decode(&self.id).ok()?,
        };
        let steps = self
            .steps
            .iter()
            .map(|(bit, text)| Some((*bit, hash(text)?)))
            .collect::<Option<Vec<_>>>()?;
        let head = match &self.head {
            None => None,
            Some(head) => Some(MapHead {
                count: head.count,
                last: LeafIndex::new(head.last),
                chain: hash(&head.chain)?,
            }),
        };
        let proof = match (&self.other, head) {
            (None, Some(_)) => MapProof::Presence { steps },
            (Some((other, value)), None) => MapProof::Absence {
                other: MapKey::from_bytes(*hash(other)?.as_bytes()),
                value: hash(value)?,
                steps,
            },
            (None, None) if steps.is_empty() => MapProof::AbsenceInEmpty,
            _ => return None,
        };
        Some((touched, head, proof))
    }
}

impl WireLeaf {
    pub(super) fn new(index: LeafIndex, leaf: &[u8]) -> Self {
        Self {
            index: index.get(),
            leaf: STANDARD.encode(leaf),
        }
    }

    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        STANDARD.decode(&self.leaf).ok()
    }
}

pub(super) fn text(hash: &Hash) -> String {
    STANDARD.encode(hash.as_bytes())
}

pub(super) fn hash(text: &str) -> Option<Hash> {
    Hash::from_slice(&STANDARD.decode(text).ok()?)
}
