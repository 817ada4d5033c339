//! The log, as outsiders check it: `veta.audit.v1`.

use event::{LotId, StatementId, StreamPosition};
use tlog::tree::{CONSISTENCY_HASHES_MAX, ConsistencyProof, INCLUSION_HASHES_MAX, InclusionProof};
use tlog::{Hash, LeafIndex, TreeSize};

use crate::invalid::{FieldError, InvalidMessage, required};
use crate::limits::{CHECKPOINTS_MAX, ENTRIES_BYTES_MAX, ENTRIES_MAX, LOT_PROOF_CHUNK_BYTES};
use crate::read::{POSITION_MAX, position, reachable};

pub use crate::generated::veta::audit::v1::*;

/// A [`GetInclusionProofRequest`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InclusionQuery {
    /// Which leaf.
    pub leaf: LeafIndex,
    /// In the tree of which size; `None` for that of the latest checkpoint.
    pub size: Option<TreeSize>,
    /// Wait until a checkpoint covers this position.
    pub at_least: StreamPosition,
}

/// A [`GetConsistencyProofRequest`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsistencyQuery {
    /// The smaller tree.
    pub old: TreeSize,
    /// The larger tree; `None` for that of the latest checkpoint.
    pub new: Option<TreeSize>,
    /// Wait until a checkpoint covers this position.
    pub at_least: StreamPosition,
}

/// A [`ListEntriesRequest`] or [`StreamEntriesRequest`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntriesQuery {
    /// The first leaf.
    pub start: LeafIndex,
    /// How many in one message: 1 to [`ENTRIES_MAX`].
    pub count_max: usize,
    /// Wait until a checkpoint covers this position.
    pub at_least: StreamPosition,
}

/// A [`ListLotEntriesRequest`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LotEntriesQuery {
    /// Which lot.
    pub lot: LotId,
    /// From this leaf on, and how many are looked at.
    pub entries: EntriesQuery,
    /// Only those that were refused.
    pub only_refused: bool,
}

/// A [`FindStatementRequest`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementQuery {
    /// Which statement.
    pub statement: StatementId,
    /// Wait until a checkpoint covers this position.
    pub at_least: StreamPosition,
}

/// A [`GetLotProofRequest`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LotProofQuery {
    /// Which lot.
    pub lot: LotId,
    /// How many transformations back; all, where there is none.
    pub depth: Option<u16>,
    /// Whether with the times of every statement about the lot.
    pub times: bool,
    /// Wait until a checkpoint covers this position.
    pub at_least: StreamPosition,
}

/// A [`GetEntryProofRequest`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryProofQuery {
    /// Which leaf.
    pub leaf: LeafIndex,
    /// Wait until a checkpoint covers this position.
    pub at_least: StreamPosition,
}

/// A [`GetTimeBracketRequest`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeBracketQuery {
    /// Which leaf.
    pub leaf: LeafIndex,
    /// Wait until a checkpoint covers this position.
    pub at_least: StreamPosition,
}

/// A [`ListCheckpointsRequest`] in words of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckpointsQuery {
    /// From this size on.
    pub start: TreeSize,
    /// How many in one message: 1 to [`CHECKPOINTS_MAX`].
    pub count_max: usize,
}

/// What is left of a message of leaves while it is filled.
#[derive(Debug)]
pub struct EntriesRoom {
    leaves: usize,
    bytes: usize,
}

impl EntriesQuery {
    /// An empty message.
    #[must_use]
    pub const fn room(&self) -> EntriesRoom {
        EntriesRoom {
            leaves: self.count_max,
            bytes: ENTRIES_BYTES_MAX,
        }
    }
}

impl EntriesRoom {
    /// Takes the room that `leaf` needs, or leaves it to the next message. A first leaf always fits.
    pub fn take(&mut self, leaf: &[u8]) -> bool {
        if self.leaves == 0 || self.bytes < leaf.len() {
            return false;
        }
        self.leaves -= 1;
        self.bytes -= leaf.len();
        true
    }
}

/// The messages that carry a proof bundle, in order.
pub fn lot_proof_messages(bundle: &[u8]) -> impl Iterator<Item = GetLotProofResponse> {
    bundle
        .chunks(LOT_PROOF_CHUNK_BYTES)
        .map(|chunk| GetLotProofResponse { chunk: chunk.to_vec() })
}

/// Hashes as they are sent.
#[must_use]
pub fn hashes_to_wire(hashes: &[Hash]) -> Vec<Vec<u8>> {
    hashes.iter().map(|hash| hash.as_bytes().to_vec()).collect()
}

impl TryFrom<GetInclusionProofRequest> for InclusionQuery {
    type Error = InvalidMessage;

    fn try_from(request: GetInclusionProofRequest) -> Result<Self, InvalidMessage> {
        Ok(Self {
            leaf: leaf("leaf_index", request.leaf_index)?,
            size: size("tree_size", request.tree_size)?,
            at_least: position(request.at_least_position)?,
        })
    }
}

impl TryFrom<GetConsistencyProofRequest> for ConsistencyQuery {
    type Error = InvalidMessage;

    fn try_from(request: GetConsistencyProofRequest) -> Result<Self, InvalidMessage> {
        let old = size("old_tree_size", request.old_tree_size)?.unwrap_or(TreeSize::EMPTY);
        let new = size("new_tree_size", request.new_tree_size)?;
        if let Some(new) = new.filter(|new| *new < old) {
            return Err(InvalidMessage::TreesReversed {
                old: old.get(),
                new: new.get(),
            });
        }
        Ok(Self {
            old,
            new,
            at_least: position(request.at_least_position)?,
        })
    }
}

impl TryFrom<ListEntriesRequest> for EntriesQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListEntriesRequest) -> Result<Self, InvalidMessage> {
        let count_max = count(request.max_count, ENTRIES_MAX)?;
        let start = leaf("start_index", request.start_index)?;
        Ok(Self {
            start,
            count_max,
            at_least: position(request.at_least_position)?,
        })
    }
}

impl TryFrom<ListLotEntriesRequest> for LotEntriesQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListLotEntriesRequest) -> Result<Self, InvalidMessage> {
        let entries = ListEntriesRequest {
            start_index: request.start_index,
            max_count: request.max_count,
            at_least_position: request.at_least_position,
        };
        Ok(Self {
            lot: required("lot_id", &request.lot_id)?,
            entries: entries.try_into()?,
            only_refused: request.only_refused,
        })
    }
}

impl TryFrom<FindStatementRequest> for StatementQuery {
    type Error = InvalidMessage;

    fn try_from(request: FindStatementRequest) -> Result<Self, InvalidMessage> {
        Ok(Self {
            statement: required("statement_id", &request.statement_id)?,
            at_least: position(request.at_least_position)?,
        })
    }
}

impl TryFrom<StreamEntriesRequest> for EntriesQuery {
    type Error = InvalidMessage;

    fn try_from(request: StreamEntriesRequest) -> Result<Self, InvalidMessage> {
        let start = leaf("start_index", request.start_index)?;
        Ok(Self {
            start,
            count_max: ENTRIES_MAX,
            at_least: position(request.at_least_position)?,
        })
    }
}

impl TryFrom<GetLotProofRequest> for LotProofQuery {
    type Error = InvalidMessage;

    fn try_from(request: GetLotProofRequest) -> Result<Self, InvalidMessage> {
        Ok(Self {
            lot: required("lot_id", &request.lot_id)?,
            // No lineage is as long as that: what is deeper is all of it.
            depth: request.depth.map(|depth| u16::try_from(depth).unwrap_or(u16::MAX)),
            times: request.times,
            at_least: position(request.at_least_position)?,
        })
    }
}

impl TryFrom<GetEntryProofRequest> for EntryProofQuery {
    type Error = InvalidMessage;

    fn try_from(request: GetEntryProofRequest) -> Result<Self, InvalidMessage> {
        Ok(Self {
            leaf: leaf("leaf_index", request.leaf_index)?,
            at_least: position(request.at_least_position)?,
        })
    }
}

impl TryFrom<GetTimeBracketRequest> for TimeBracketQuery {
    type Error = InvalidMessage;

    fn try_from(request: GetTimeBracketRequest) -> Result<Self, InvalidMessage> {
        Ok(Self {
            leaf: leaf("leaf_index", request.leaf_index)?,
            at_least: position(request.at_least_position)?,
        })
    }
}

impl TryFrom<ListCheckpointsRequest> for CheckpointsQuery {
    type Error = InvalidMessage;

    fn try_from(request: ListCheckpointsRequest) -> Result<Self, InvalidMessage> {
        Ok(Self {
            start: size("start_tree_size", request.start_tree_size)?.unwrap_or(TreeSize::EMPTY),
            count_max: count(request.max_count, CHECKPOINTS_MAX)?,
        })
    }
}

impl TryFrom<&GetInclusionProofResponse> for InclusionProof {
    type Error = InvalidMessage;

    fn try_from(response: &GetInclusionProofResponse) -> Result<Self, InvalidMessage> {
        Ok(Self {
            hashes: hashes_from_wire(&response.hashes, INCLUSION_HASHES_MAX)?,
        })
    }
}

impl TryFrom<&GetConsistencyProofResponse> for ConsistencyProof {
    type Error = InvalidMessage;

    fn try_from(response: &GetConsistencyProofResponse) -> Result<Self, InvalidMessage> {
        Ok(Self {
            hashes: hashes_from_wire(&response.hashes, CONSISTENCY_HASHES_MAX)?,
        })
    }
}

fn hashes_from_wire(hashes: &[Vec<u8>], max: usize) -> Result<Vec<Hash>, InvalidMessage> {
    if max < hashes.len() {
        return Err(InvalidMessage::at("hashes")(FieldError::TooMany { max }));
    }
    let hash = |bytes: &Vec<u8>| Hash::from_slice(bytes).ok_or_else(|| InvalidMessage::at("hashes")(FieldError::Hash));
    hashes.iter().map(hash).collect()
}

/// How many are asked for, up to `max`; 0 asks for as many.
fn count(asked: u32, max: usize) -> Result<usize, InvalidMessage> {
    match usize::try_from(asked) {
        Ok(0) => Ok(max),
        Ok(count) if count <= max => Ok(count),
        _ => Err(InvalidMessage::at("max_count")(FieldError::TooMany { max })),
    }
}

/// A leaf of the largest tree, at most.
fn leaf(field: &'static str, index: u64) -> Result<LeafIndex, InvalidMessage> {
    if POSITION_MAX <= index {
        return Err(InvalidMessage::BeyondAnyStream { field, asked: index });
    }
    Ok(LeafIndex::new(index))
}

fn size(field: &'static str, leaves: u64) -> Result<Option<TreeSize>, InvalidMessage> {
    let leaves = reachable(field, leaves)?;
    Ok((leaves != 0).then_some(TreeSize::new(leaves)))
}
