//! A log in memory that signs whatever it is told to, also two histories.

use tlog::note::{Note, NoteSigner};
use tlog::tree::{ConsistencyProof, NodeReader, prove_consistency, root};
use tlog::witness::AddCheckpoint;
use tlog::{Checkpoint, Hash, Origin, TreeHead, TreeSize};

use crate::served::{head, log_signer};

/// A log of some leaves, with a key.
#[derive(Clone, Debug)]
pub struct Log {
    /// Its name.
    pub origin: Origin,
    /// All of them, of which it may show the first few.
    pub leaves: Vec<Vec<u8>>,
    /// Its key.
    pub signer: NoteSigner,
}

impl Log {
    /// Of these leaves.
    ///
    /// # Panics
    /// If the origin is none.
    #[must_use]
    pub fn new(origin: &str, leaves: Vec<Vec<u8>>) -> Self {
        let origin: Origin = origin.parse().expect("a good origin");
        let signer = log_signer(&origin, 1);
        Self { origin, leaves, signer }
    }

    /// Of so many short leaves.
    #[must_use]
    pub fn of_size(size: u64) -> Self {
        let leaves = (0..size).map(|index| format!("leaf {index}").into_bytes());
        Self::new("log.example/gold", leaves.collect())
    }

    /// The same log, but for the leaves from this one on.
    #[must_use]
    pub fn fork(&self, from: usize) -> Self {
        let mut fork = self.clone();
        for leaf in fork.leaves.iter_mut().skip(from) {
            leaf.push(b'!');
        }
        fork
    }

    /// With another key, which has the same name.
    #[must_use]
    pub fn with_key(mut self, seed: u64) -> Self {
        self.signer = log_signer(&self.origin, seed);
        self
    }

    /// The head of the tree of the first so many leaves.
    ///
    /// # Panics
    /// If there are fewer.
    #[must_use]
    pub fn head(&self, size: u64) -> TreeHead {
        let size = TreeSize::new(size);
        let root = root(size, self).expect("it has so many leaves");
        TreeHead { size, root }
    }

    /// That it has only grown; empty where it has shrunk.
    #[must_use]
    pub fn proof(&self, old: u64, new: u64) -> ConsistencyProof {
        let (old, new) = (TreeSize::new(old), TreeSize::new(new));
        prove_consistency(old, new, self).unwrap_or(ConsistencyProof { hashes: vec![] })
    }

    /// The signed checkpoint of the first so many leaves.
    ///
    /// # Panics
    /// If there are fewer.
    #[must_use]
    pub fn note(&self, size: u64) -> Note {
        let checkpoint = Checkpoint::new(self.origin.clone(), self.head(size));
        let note = checkpoint.sign(&self.signer).expect("the key is the origin's");
        Note::parse(note.as_bytes()).expect("it was just written")
    }

    /// What it asks a witness.
    #[must_use]
    pub fn request(&self, old: u64, new: u64) -> AddCheckpoint {
        AddCheckpoint {
            old: TreeSize::new(old),
            proof: self.proof(old, new),
            checkpoint: self.note(new),
        }
    }
}

impl NodeReader for Log {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        let at = |index: u64| usize::try_from(index << level).ok();
        let below = self.leaves.get(at(index)?..at(index + 1)?)?;
        Some(head(below).root)
    }
}
