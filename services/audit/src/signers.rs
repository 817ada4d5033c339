//! The log's keys: one, and while it is replaced two, which sign the same text on the same origin.

use ed25519_dalek::SigningKey;
use tlog::note::{Note, NoteSigner, Vkey, VkeyError};
use tlog::{Checkpoint, Origin, TreeHead};

use crate::error::LogError;

/// The keys, the one that others are told first.
pub(crate) struct Signers {
    origin: Origin,
    first: NoteSigner,
    others: Vec<NoteSigner>,
}

impl Signers {
    pub(crate) fn new(origin: Origin, key: SigningKey, others: Vec<SigningKey>) -> Result<Self, VkeyError> {
        let name = |key| NoteSigner::new(origin.key_name().clone(), key);
        let (first, others) = (name(key)?, others.into_iter().map(name).collect::<Result<_, _>>()?);
        Ok(Self { origin, first, others })
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(crate) fn vkey(&self) -> &Vkey {
        self.first.vkey()
    }

    /// All of them, that one first.
    pub(crate) fn vkeys(&self) -> Vec<Vkey> {
        let all = core::iter::once(&self.first).chain(&self.others);
        all.map(|signer| signer.vkey().clone()).collect()
    }

    /// The checkpoint of a tree head, signed with every key. Ed25519 is deterministic: signing again gives the same bytes.
    pub(crate) fn sign(&self, head: TreeHead) -> Result<Note, LogError> {
        let signed = Checkpoint::new(self.origin.clone(), head).sign(&self.first)?;
        let mut note = Note::parse(signed.as_bytes())?;
        for signer in &self.others {
            note.sign(signer)?;
        }
        Ok(note)
    }
}
