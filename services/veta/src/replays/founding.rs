//! What has to be known of the entries before one, to look at it alone: for which deployment it is signed, and what it follows.

use event::DeploymentId;
use remote::log::{LogError, Verified};
use replay::{Replica, check};
use tlog::leaf::genesis_prev;
use tlog::tree::{NodeReader, ProofError};
use tlog::{Hash, Leaf, LeafIndex, Origin};

use crate::trouble::Trouble;

/// The deployment that the first statement of a log founds, and where it stands. Nothing while a log is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Founding(Option<(LeafIndex, DeploymentId)>);

impl Founding {
    /// Decides the first entries again, until one founds a deployment; `None` if none of them does.
    pub(crate) async fn of(tree: &mut Verified) -> Result<Option<Self>, LogError> {
        let Some(batch) = tree.bundle(0).await? else {
            return Ok(Some(Self(None)));
        };
        let mut replica = Replica::new();
        for (index, leaf) in (0..).zip(&batch.leaves) {
            let Ok(read) = Leaf::parse(leaf) else { continue };
            replica.step(check(replica.deployment(), leaf.slice_ref(read.record)));
            if let Some(deployment) = replica.deployment() {
                return Ok(Some(Self(Some((LeafIndex::new(index), deployment)))));
            }
        }
        Ok(None)
    }

    /// What to do about a log that founds its deployment so late.
    pub(crate) fn late() -> Trouble {
        Trouble::failed("none of the first 256 entries founds a deployment: replay the log in full")
    }

    /// For which deployment a statement at this place is signed; none before one is founded.
    pub(crate) fn at(self, index: u64) -> Option<DeploymentId> {
        self.0
            .filter(|(at, _)| at.get() < index)
            .map(|(_, deployment)| deployment)
    }
}

/// The hash of the entry before one, or what stands in its place before the first.
pub(crate) async fn hash_before(tree: &mut Verified, origin: &Origin, index: u64) -> Result<Hash, LogError> {
    let Some(before) = index.checked_sub(1) else {
        return Ok(genesis_prev(origin));
    };
    let missing = ProofError::MissingNode {
        level: 0,
        index: before,
    };
    tree.ask(|nodes| nodes.node(0, before).ok_or(missing)).await
}
