//! Presence and absence in the map.

use thiserror::Error;

use super::head::MapKey;
use crate::hash::Hash;
use crate::tree::empty_root;

/// What the map holds for a key, provable against the map's root.
///
/// `steps` lead from the leaf to the root: the bit of each inner node and the hash of the child not taken, with strictly
/// decreasing bits, so at most 256 of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MapProof {
    /// The key is there. Its value is the claim, not part of the proof.
    Presence {
        /// From the key's leaf to the root.
        steps: Vec<(u8, Hash)>,
    },
    /// The key is not there: where it would be stands another.
    Absence {
        /// The key found where the wanted one would be.
        other: MapKey,
        /// Its value.
        value: Hash,
        /// From the other key's leaf to the root.
        steps: Vec<(u8, Hash)>,
    },
    /// Nothing is there: the map is empty.
    AbsenceInEmpty,
}

/// Why a map proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MapProofError {
    /// A proof of presence for a claim of absence, or the reverse.
    #[error("the proof shows the contrary of what is claimed")]
    OtherClaim,
    /// The bits do not strictly decrease towards the root.
    #[error("the bits of the proof do not decrease from leaf to root")]
    BitsNotDecreasing,
    /// The other key is the wanted one, or stands where the wanted key would not be.
    #[error("the key found does not stand where the wanted key would be")]
    WrongPlace,
    /// The hashes lead to another root: the claim is false.
    #[error("the proof leads to another root")]
    RootMismatch,
}

impl MapProof {
    /// Holds if the map with this root has `value` for `key`, or, for `None`, does not have the key.
    pub fn verify(&self, root: &Hash, key: &MapKey, value: Option<&Hash>) -> Result<(), MapProofError> {
        match (self, value) {
            (Self::Presence { steps }, Some(value)) => verify_path(root, key, value, steps),
            (Self::Absence { other, value, steps }, None) => {
                stands_in_place_of(other, key, steps)?;
                verify_path(root, other, value, steps)
            }
            (Self::AbsenceInEmpty, None) => same_root(&empty_root(), root),
            (Self::Presence { .. }, None) | (Self::Absence { .. } | Self::AbsenceInEmpty, Some(_)) => {
                Err(MapProofError::OtherClaim)
            }
        }
    }
}

pub(super) fn leaf_hash(key: &MapKey, value: &Hash) -> Hash {
    Hash::of(&[key.as_bytes(), value.as_bytes()])
}

pub(super) fn inner_hash(left: &Hash, right: &Hash, bit: u8) -> Hash {
    Hash::of(&[left.as_bytes(), right.as_bytes(), &[bit]])
}

/// A walk for `wanted` ends at `other` if both agree in every bit at which the path divides.
fn stands_in_place_of(other: &MapKey, wanted: &MapKey, steps: &[(u8, Hash)]) -> Result<(), MapProofError> {
    let same_path = steps.iter().all(|&(bit, _)| other.bit(bit) == wanted.bit(bit));
    if other == wanted || !same_path {
        return Err(MapProofError::WrongPlace);
    }
    Ok(())
}

fn verify_path(root: &Hash, key: &MapKey, value: &Hash, steps: &[(u8, Hash)]) -> Result<(), MapProofError> {
    if !steps.iter().is_sorted_by(|(lower, _), (upper, _)| lower > upper) {
        return Err(MapProofError::BitsNotDecreasing);
    }
    let mut hash = leaf_hash(key, value);
    for (bit, sibling) in steps {
        hash = if key.bit(*bit) {
            inner_hash(sibling, &hash, *bit)
        } else {
            inner_hash(&hash, sibling, *bit)
        };
    }
    same_root(&hash, root)
}

fn same_root(computed: &Hash, claimed: &Hash) -> Result<(), MapProofError> {
    if computed != claimed {
        return Err(MapProofError::RootMismatch);
    }
    Ok(())
}
