//! Older checkpoints of the log, and between which times they say that a record came.

use tlog::cosignature::CosignTime;
use tlog::note::Note;
use tlog::policy::{Cosigned, Policy, PolicyError};
use tlog::tree::ConsistencyProof;
use tlog::{Checkpoint, LeafIndex, TreeSize};

use super::BundleError;
use super::wire::{WireOlder, hashes};

/// Between which times a record came into the log, by the clocks of witnesses that the reader trusts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bracket {
    /// Then the record was not in the log yet. Nothing where no checkpoint without it has a time.
    pub not_before: Option<CosignTime>,
    /// Then it was. Nothing where no checkpoint with it has a time.
    pub not_after: Option<CosignTime>,
}

impl Bracket {
    /// As narrow as these checkpoints of one log make it.
    pub(super) fn of<'a>(record: LeafIndex, checkpoints: impl IntoIterator<Item = &'a Cosigned>) -> Self {
        let mut bracket = Self {
            not_before: None,
            not_after: None,
        };
        for Cosigned { checkpoint, as_of, .. } in checkpoints {
            let Some(time) = *as_of else { continue };
            if checkpoint.size.get() <= record.get() {
                bracket.not_before = bracket.not_before.max(Some(time));
            } else {
                bracket.not_after = Some(bracket.not_after.map_or(time, |earlier| earlier.min(time)));
            }
        }
        bracket
    }
}

/// The older checkpoints of a bundle, from each of which the log grew to its checkpoint.
pub(super) struct Older {
    /// Which sizes, in strictly increasing order, and how many notes of each there are.
    sizes: Vec<(TreeSize, usize)>,
    /// In the same order those that hold by the reader's policy: where fewer had cosigned than it asks for, nobody says when.
    pub(super) cosigned: Vec<Cosigned>,
}

impl Older {
    pub(super) fn read(all: &[WireOlder], now: &Cosigned, policy: &Policy) -> Result<Self, BundleError> {
        let mut older = Self {
            sizes: Vec::with_capacity(all.len()),
            cosigned: Vec::new(),
        };
        for of_size in all {
            older.add(of_size, &now.checkpoint, policy)?;
        }
        Ok(older)
    }

    fn add(&mut self, of_size: &WireOlder, now: &Checkpoint, policy: &Policy) -> Result<(), BundleError> {
        let (first, again) = match of_size.checkpoints.as_slice() {
            [first] => (first, None),
            [first, again] => (first, Some(again)),
            _ => return Err(BundleError::Malformed),
        };
        let checkpoint = self.open(first, policy)?;
        let size = checkpoint.size;
        if checkpoint.origin != now.origin {
            return Err(BundleError::OlderOfAnotherLog);
        }
        if now.size <= size || self.sizes.last().is_some_and(|(last, _)| size <= *last) {
            return Err(BundleError::OlderNotOrdered);
        }
        let hashes = hashes(&of_size.consistency).ok_or(BundleError::Malformed)?;
        let proof = ConsistencyProof { hashes };
        proof
            .verify(&checkpoint.head(), &now.head())
            .map_err(BundleError::NotGrown)?;
        if let Some(again) = again {
            if self.open(again, policy)? != checkpoint {
                return Err(BundleError::OlderDiffer(size));
            }
            if again == first {
                return Err(BundleError::OlderNotNeeded(size));
            }
        }
        self.sizes.push((size, of_size.checkpoints.len()));
        Ok(())
    }

    /// Reads a note that a log of the policy signed.
    fn open(&mut self, note: &str, policy: &Policy) -> Result<Checkpoint, BundleError> {
        let of_older = |why: BundleError| BundleError::Older(Box::new(why));
        let note = Note::parse(note.as_bytes()).map_err(|why| of_older(why.into()))?;
        match policy.check(&note) {
            Ok(cosigned) => {
                let checkpoint = cosigned.checkpoint.clone();
                self.cosigned.push(cosigned);
                Ok(checkpoint)
            }
            // What the log signed is known to be a checkpoint of it before its cosignatures are counted.
            Err(PolicyError::NoQuorum { .. }) => {
                Checkpoint::parse(note.text()).map_err(|why| of_older(PolicyError::from(why).into()))
            }
            Err(why) => Err(of_older(why.into())),
        }
    }

    /// Each of them tells something of the records about the lot, whoever cosigned: it is the first with one of them, or the last
    /// without one. Of two notes of one size, which can differ in their cosignatures only, the first is there for the one and the
    /// second for the other.
    pub(super) fn needed(&self, records: &[LeafIndex]) -> Result<(), BundleError> {
        let below = |size: TreeSize| records.partition_point(|record| record.get() < size.get());
        for (place, (size, notes)) in self.sizes.iter().enumerate() {
            let (before, after) = (place.checked_sub(1), place + 1);
            let is_first_with = before.map_or(0, |place| below(self.sizes[place].0)) < below(*size);
            let next = self.sizes.get(after).map_or(records.len(), |(next, _)| below(*next));
            let is_last_without = below(*size) < next;
            if usize::from(is_first_with) + usize::from(is_last_without) < *notes {
                return Err(BundleError::OlderNotNeeded(*size));
            }
        }
        Ok(())
    }
}
