//! Verifying a bundle with nothing but the log's key.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use event::vocabulary::Event;
use event::{DeploymentId, LotId, PartyId, StreamPosition, Timestamp, VerifiedStatement};
use ledger::{Ledger, Lot, Refusal};
use thiserror::Error;
use tlog::checkpoint::CheckpointError;
use tlog::map::{MapHead, MapProofError, leaf_core_hash};
use tlog::multiproof::{MultiProof, MultiProofError};
use tlog::note::Vkey;
use tlog::tree::leaf_hash;
use tlog::{Checkpoint, Hash, Leaf, LeafIndex, TreeHead};

use super::wire::{Wire, WireLeaf, hash};
use super::{BUNDLE_KEYS_MAX, BUNDLE_LEAVES_MAX, rests_on};
use crate::checked::check;
use crate::replica::Verdict;
use crate::touches::{Touched, policy_key, touches};

/// What a bundle proves.
#[derive(Clone, Debug)]
pub struct Report {
    /// The log that was checked, and how far it reached: complete as of this checkpoint.
    pub checkpoint: Checkpoint,
    /// The deployment.
    pub deployment: DeploymentId,
    /// What the deployment is called.
    pub deployment_name: String,
    /// The lot.
    pub lot_id: LotId,
    /// Its state at the checkpoint, decided anew from the records.
    pub lot: Lot,
    /// Whether it, or a lot that it was made of, is held at the checkpoint.
    pub is_held: bool,
    /// Every record that names the lot, oldest first, refused ones too.
    pub history: Vec<Entry>,
    /// The names of the parties involved.
    pub names: BTreeMap<PartyId, String>,
    /// Records whose refusal depends on records outside the bundle: here the log's word stands.
    pub rests_on_log: Vec<LeafIndex>,
}

/// One record of a bundle.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the log.
    pub index: LeafIndex,
    /// When it was admitted, or claims to have been.
    pub admitted_at: Timestamp,
    /// What it says.
    pub statement: VerifiedStatement,
    /// Why it changed nothing, if it was refused.
    pub refused: Option<Refusal>,
}

/// The first reason why a bundle proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BundleError {
    /// Not a bundle, or not in canonical form, or too long.
    #[error("not a proof bundle in canonical form")]
    Malformed,
    /// The checkpoint is not signed by the log that the reader trusts.
    #[error("the checkpoint does not hold: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The leaves are not in the tree.
    #[error("the records are not in the log: {0}")]
    Tree(#[from] MultiProofError),
    /// The last leaf is missing, so the map's root is unknown.
    #[error("the last leaf under the checkpoint is missing")]
    LastLeafMissing,
    /// A leaf that is none.
    #[error("leaf {0} is malformed")]
    BadLeaf(LeafIndex),
    /// Two neighbours that are not chained.
    #[error("leaf {0} is not chained to the leaf before it")]
    BrokenChain(LeafIndex),
    /// A leaf that belongs to nothing in the bundle.
    #[error("leaf {0} belongs to nothing in the bundle")]
    StrayLeaf(LeafIndex),
    /// Map keys twice or out of order.
    #[error("the map keys are not in strictly increasing order")]
    KeysNotOrdered,
    /// A map proof that does not hold.
    #[error("what the map holds for a {kind} is not proved: {error}")]
    Map {
        /// The kind of key.
        kind: &'static str,
        /// Why not.
        error: MapProofError,
    },
    /// A record under a key was left out, added or changed.
    #[error("the records about a {kind} are not complete")]
    Incomplete {
        /// The kind of key.
        kind: &'static str,
    },
    /// Something that the lot rests on is not in the bundle.
    #[error("the bundle lacks a {kind} that the lot rests on")]
    KeyMissing {
        /// The kind of key.
        kind: &'static str,
    },
    /// The rules decide otherwise than the log says.
    #[error("leaf {index} has verdict {logged}, but the rules decide {decided}")]
    WrongVerdict {
        /// Which leaf.
        index: LeafIndex,
        /// What the log says.
        logged: u16,
        /// What the rules say.
        decided: u16,
    },
    /// The lot was never admitted.
    #[error("no admitted record declares this lot")]
    NoSuchLot,
}

/// Verifies a bundle against the reader's own key of the log.
pub fn verify(bundle: &[u8], vkey: &Vkey) -> Result<Report, BundleError> {
    let wire = Wire::parse(bundle).ok_or(BundleError::Malformed)?;
    if BUNDLE_LEAVES_MAX + 1 < wire.leaves.len() || BUNDLE_KEYS_MAX < wire.map.len() {
        return Err(BundleError::Malformed);
    }
    let checkpoint = Checkpoint::open(wire.checkpoint.as_bytes(), vkey)?;
    let leaves = leaves_in_tree(&wire, &checkpoint.head())?;
    let (last_index, last_leaf) = leaves.last().expect("the tree proof refuses an empty list");
    if Some(*last_index) != checkpoint.size.last_index() {
        return Err(BundleError::LastLeafMissing);
    }
    let keys = map_keys(&wire, &parse(*last_index, last_leaf)?.map_root)?;
    let replayed = Replayed::new(&leaves, &keys)?;
    replayed.complete(wire.lot, &keys)?;
    replayed.report(wire.lot, checkpoint)
}

type Leaves = Vec<(LeafIndex, Vec<u8>)>;
type Heads = BTreeMap<Touched, MapHead>;

fn leaves_in_tree(wire: &Wire, head: &TreeHead) -> Result<Leaves, BundleError> {
    let bytes = |leaf: &WireLeaf| Some((LeafIndex::new(leaf.index), leaf.bytes()?));
    let leaves: Leaves = wire
        .leaves
        .iter()
        .map(bytes)
        .collect::<Option<_>>()
        .ok_or(BundleError::Malformed)?;
    let hashes: Option<Vec<Hash>> = wire.tree.iter().map(|text| hash(text)).collect();
    let proof = MultiProof {
        hashes: hashes.ok_or(BundleError::Malformed)?,
    };
    let claims: Vec<_> = leaves.iter().map(|(index, leaf)| (*index, leaf_hash(leaf))).collect();
    proof.verify(&claims, head)?;
    Ok(leaves)
}

/// What the map holds for each key of the bundle, proved.
fn map_keys(wire: &Wire, map_root: &Hash) -> Result<Heads, BundleError> {
    let mut keys = Heads::new();
    for key in &wire.map {
        let (touched, head, proof) = key.read().ok_or(BundleError::Malformed)?;
        if keys.last_key_value().is_some_and(|(last, _)| touched <= *last) {
            return Err(BundleError::KeysNotOrdered);
        }
        let value = head.map(|head| head.value());
        let kind = touched.kind.as_str();
        proof
            .verify(map_root, &touched.key(), value.as_ref())
            .map_err(|error| BundleError::Map { kind, error })?;
        keys.insert(touched, head.unwrap_or(MapHead::EMPTY));
    }
    Ok(keys)
}

fn parse(index: LeafIndex, leaf: &[u8]) -> Result<Leaf<'_>, BundleError> {
    Leaf::parse(leaf).map_err(|_| BundleError::BadLeaf(index))
}

/// The bundle's leaves, decided again in their order.
#[derive(Default)]
struct Replayed {
    ledger: Ledger,
    entries: Vec<Decided>,
    rests_on_log: Vec<LeafIndex>,
    /// What the leaves make of each key of the bundle.
    heads: Heads,
    /// The keys that the leaves rest on.
    wanted: BTreeSet<Touched>,
}

/// A leaf that belongs to a key of the bundle.
struct Decided {
    index: LeafIndex,
    touched: Vec<Touched>,
    admitted_at: Timestamp,
    statement: VerifiedStatement,
    verdict: u16,
}

impl Replayed {
    fn new(leaves: &Leaves, keys: &Heads) -> Result<Self, BundleError> {
        let heads = keys.keys().map(|key| (key.clone(), MapHead::EMPTY)).collect();
        let mut replayed = Self {
            heads,
            ..Self::default()
        };
        let mut before: Option<(LeafIndex, Hash)> = None;
        let last = leaves.last().map(|(index, _)| *index);
        for (index, bytes) in leaves {
            let leaf = parse(*index, bytes)?;
            let follows = before.is_some_and(|(last, _)| last.get() + 1 == index.get());
            if follows && before.is_some_and(|(_, hash)| hash != leaf.prev) {
                return Err(BundleError::BrokenChain(*index));
            }
            before = Some((*index, leaf_hash(bytes)));
            let belongs = replayed.step(*index, &leaf)?;
            // The last leaf stands there for its map root alone, if for nothing else.
            if !belongs && Some(*index) != last {
                return Err(BundleError::StrayLeaf(*index));
            }
        }
        Ok(replayed)
    }

    /// Takes a leaf into the heads of its keys and decides it anew, if it belongs to any.
    fn step(&mut self, index: LeafIndex, leaf: &Leaf<'_>) -> Result<bool, BundleError> {
        let read = check(self.ledger.deployment(), Bytes::copy_from_slice(leaf.record)).read;
        let Ok((admitted_at, statement)) = read else {
            return Ok(false);
        };
        let touched = touches(&statement);
        let core = leaf_core_hash(leaf.verdict, leaf.record);
        let mut belongs = false;
        for key in &touched {
            let Some(head) = self.heads.get_mut(key) else { continue };
            *head = head.next(index, &core);
            belongs = true;
        }
        if !belongs {
            return Ok(false);
        }
        // The record before it is the last that the ledger has passed, seen or not.
        self.ledger.skip_to(StreamPosition::new(index.get()));
        let decided = self.decide(&statement, admitted_at, leaf.verdict).code();
        if decided != leaf.verdict {
            if !depends_on_others(leaf.verdict) {
                return Err(BundleError::WrongVerdict {
                    index,
                    logged: leaf.verdict,
                    decided,
                });
            }
            self.rests_on_log.push(index);
        }
        self.wanted.extend(rests_on(&statement));
        self.entries.push(Decided {
            index,
            touched,
            admitted_at,
            statement,
            verdict: leaf.verdict,
        });
        Ok(true)
    }

    /// Decides anew; takes effect only where the log admitted it too.
    fn decide(&mut self, statement: &VerifiedStatement, admitted_at: Timestamp, logged: u16) -> Verdict {
        match self.ledger.admit(statement, admitted_at) {
            Ok(admitted) if logged == 0 => Verdict::Admitted(self.ledger.apply(admitted)),
            Ok(_) => Verdict::Admitted(Vec::new()),
            Err(refusal) => Verdict::Refused(refusal),
        }
    }

    /// Nothing under any key was left out, and every key that matters is there.
    fn complete(&self, lot: LotId, keys: &Heads) -> Result<(), BundleError> {
        if let Some((key, _)) = self.heads.iter().find(|(key, head)| keys[*key] != **head) {
            return Err(BundleError::Incomplete {
                kind: key.kind.as_str(),
            });
        }
        let always = [policy_key(), Touched::lot(lot)];
        match always.iter().chain(&self.wanted).find(|key| !keys.contains_key(key)) {
            Some(missing) => Err(BundleError::KeyMissing {
                kind: missing.kind.as_str(),
            }),
            None => Ok(()),
        }
    }

    fn report(self, lot_id: LotId, checkpoint: Checkpoint) -> Result<Report, BundleError> {
        let lot = *self.ledger.lot(&lot_id).ok_or(BundleError::NoSuchLot)?;
        let is_held = self.ledger.is_held(&lot_id);
        let deployment = self.ledger.deployment().ok_or(BundleError::NoSuchLot)?;
        let mut names = BTreeMap::new();
        let mut history = Vec::new();
        let mut deployment_name = String::new();
        let key = Touched::lot(lot_id);
        for entry in self.entries {
            if entry.verdict == 0 {
                name(&entry.statement, &mut names, &mut deployment_name);
            }
            if entry.touched.contains(&key) {
                let Decided {
                    index,
                    admitted_at,
                    statement,
                    ..
                } = entry;
                history.push(Entry {
                    index,
                    admitted_at,
                    statement,
                    refused: Refusal::from_code(entry.verdict),
                });
            }
        }
        let rests_on_log = self.rests_on_log;
        Ok(Report {
            checkpoint,
            deployment,
            deployment_name,
            lot_id,
            lot,
            is_held,
            history,
            names,
            rests_on_log,
        })
    }
}

/// Whether a refusal can rest on records that have nothing to do with the lot: those that a key merely signed,
/// references and keys of others, other lots and sites of the same party, and what was found about it.
fn depends_on_others(verdict: u16) -> bool {
    let refusal = Refusal::from_code(verdict);
    matches!(
        refusal,
        Some(
            Refusal::ClockWentBack
                | Refusal::NumberNotIncreasing
                | Refusal::ReferenceTaken
                | Refusal::LastSchemeKey
                | Refusal::TooManySites
                | Refusal::DelegatedMass
                | Refusal::OperatorSuspended
                | Refusal::LotHeld
                | Refusal::CapacityExceeded
                | Refusal::RefineryLotTaken
                | Refusal::HoldTooWide
        )
    )
}

fn name(statement: &VerifiedStatement, names: &mut BTreeMap<PartyId, String>, deployment: &mut String) {
    let party = PartyId::derive(statement.id(), 0);
    match statement.event() {
        Event::DeploymentFounded(event) => {
            event.name.as_str().clone_into(deployment);
            names.insert(party, event.scheme.name.to_string());
        }
        Event::PartyEnrolled(event) => {
            names.insert(party, event.name.to_string());
        }
        _ => {}
    }
}
