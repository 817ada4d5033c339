//! Verifying a bundle with nothing but the reader's own policy.

use event::LotId;
use ledger::Refusal;
use thiserror::Error;
use tlog::map::MapMultiProofError;
use tlog::multiproof::MultiProofError;
use tlog::note::NoteError;
use tlog::policy::{Policy, PolicyError};
use tlog::tree::ProofError;
use tlog::{LeafIndex, TreeSize};

use super::decided::Decided;
use super::proved::Proved;
use super::report::Report;
use super::wire::Wire;

/// The first reason why a bundle proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BundleError {
    /// Not a bundle, or not in canonical form, or too long.
    #[error("not a proof bundle in canonical form")]
    Malformed,
    /// The checkpoint cannot be read.
    #[error("the checkpoint cannot be read: {0}")]
    Note(#[from] NoteError),
    /// The checkpoint does not hold by the reader's policy.
    #[error("the checkpoint does not hold by your policy: {0}")]
    Policy(#[from] PolicyError),
    /// An older checkpoint cannot be read, or no log of the reader's policy signed it.
    #[error("of an older checkpoint: {0}")]
    Older(Box<BundleError>),
    /// An older checkpoint is of another log.
    #[error("an older checkpoint is of another log")]
    OlderOfAnotherLog,
    /// Older checkpoints of one size apart, out of order, or not older.
    #[error("the older checkpoints are not in strictly increasing order of their sizes, or are not of smaller trees")]
    OlderNotOrdered,
    /// Two older checkpoints that should be one, cosigned twice.
    #[error("an older checkpoint of {0} entries stands beside another checkpoint than its own")]
    OlderDiffer(TreeSize),
    /// An older checkpoint of which nothing follows.
    #[error(
        "an older checkpoint of {0} entries tells nothing about the times of the lot's records that the others do not"
    )]
    OlderNotNeeded(TreeSize),
    /// The log did not grow from an older checkpoint.
    #[error("the log did not grow from an older checkpoint: {0}")]
    NotGrown(ProofError),
    /// The leaves are not in the tree.
    #[error("the records are not in the log: {0}")]
    Tree(#[from] MultiProofError),
    /// The last leaf is missing, so the map's root is unknown.
    #[error("the last leaf under the checkpoint is missing")]
    LastLeafMissing,
    /// A leaf that is none.
    #[error("leaf {0} is malformed")]
    BadLeaf(LeafIndex),
    /// A leaf that is not chained to the one before it.
    #[error("leaf {0} is not chained to what comes before it")]
    BrokenChain(LeafIndex),
    /// A leaf that belongs to nothing in the bundle.
    #[error("leaf {0} belongs to nothing in the bundle")]
    StrayLeaf(LeafIndex),
    /// Map keys twice or out of order.
    #[error("the map keys are not in strictly increasing order")]
    KeysNotOrdered,
    /// Leaves under a key twice, out of order, or not there.
    #[error("the leaves listed under a {kind} are not leaves of the bundle in strictly increasing order")]
    PlacesNotOrdered {
        /// The kind of key.
        kind: &'static str,
    },
    /// A record under a key was left out, added or changed, or the map proof is of another map.
    #[error("that these are all records about the lot and what it rests on is not proved: {0}")]
    Map(#[from] MapMultiProofError),
    /// A listed leaf without a statement that anyone signed.
    #[error("leaf {index} holds no statement that anyone signed: {why}")]
    NoStatement {
        /// Which leaf.
        index: LeafIndex,
        /// Why not.
        why: Refusal,
    },
    /// A leaf under a key that its statement does not name, or not under one that it does.
    #[error("leaf {0} is not listed under just those keys that the statement in it names")]
    WronglyListed(LeafIndex),
    /// Something that the lot rests on is not in the bundle.
    #[error("the bundle lacks a {kind} that the lot rests on")]
    KeyMissing {
        /// The kind of key.
        kind: &'static str,
    },
    /// Something that the lot does not rest on is in the bundle.
    #[error("the bundle has a {kind} that the lot does not rest on")]
    KeyNotNeeded {
        /// The kind of key.
        kind: &'static str,
    },
    /// A depth is stated, and everything that the lot was made of is there.
    #[error("the bundle states a depth and leaves nothing out")]
    DepthNotReached,
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

/// What each reason is called, once.
macro_rules! names {
    ($($reason:pat => $name:literal,)*) => {
        /// Every name, for whoever says them in words.
        pub const NAMES: &[&str] = &[$($name),*];

        /// Its name, for programs.
        #[must_use]
        pub const fn name(&self) -> &'static str {
            match self {
                $($reason => $name,)*
            }
        }
    };
}

impl BundleError {
    names! {
        Self::Malformed => "malformed",
        Self::Note(_) => "note",
        Self::Policy(_) => "policy",
        Self::Older(_) => "older",
        Self::OlderOfAnotherLog => "older-of-another-log",
        Self::OlderNotOrdered => "older-not-ordered",
        Self::OlderDiffer(_) => "older-differ",
        Self::OlderNotNeeded(_) => "older-not-needed",
        Self::NotGrown(_) => "not-grown",
        Self::Tree(_) => "tree",
        Self::LastLeafMissing => "last-leaf-missing",
        Self::BadLeaf(_) => "bad-leaf",
        Self::BrokenChain(_) => "broken-chain",
        Self::StrayLeaf(_) => "stray-leaf",
        Self::KeysNotOrdered => "keys-not-ordered",
        Self::PlacesNotOrdered { .. } => "places-not-ordered",
        Self::Map(_) => "map",
        Self::NoStatement { .. } => "no-statement",
        Self::WronglyListed(_) => "wrongly-listed",
        Self::KeyMissing { .. } => "key-missing",
        Self::KeyNotNeeded { .. } => "key-not-needed",
        Self::DepthNotReached => "depth-not-reached",
        Self::WrongVerdict { .. } => "wrong-verdict",
        Self::NoSuchLot => "no-such-lot",
    }

    /// Whether the reason is one of the trade's: a verifier that knows hashes and signatures and cannot read statements does not
    /// find it.
    #[must_use]
    pub const fn is_of_the_trade(&self) -> bool {
        matches!(
            self,
            Self::NoStatement {
                why: Refusal::MalformedBody | Refusal::NotCanonical,
                ..
            } | Self::WronglyListed(_)
                | Self::KeyMissing { .. }
                | Self::KeyNotNeeded { .. }
                | Self::DepthNotReached
                | Self::WrongVerdict { .. }
                | Self::NoSuchLot
        )
    }
}

/// Verifies a bundle against the reader's own policy.
pub fn verify(bundle: &[u8], policy: &Policy) -> Result<Report, BundleError> {
    let wire = Wire::parse(bundle).ok_or(BundleError::Malformed)?;
    let lot: LotId = wire.lot;
    let proved = Proved::new(&wire, policy)?;
    let decided = Decided::new(&proved, lot, wire.depth)?;
    Report::new(lot, wire.depth, proved, decided)
}
