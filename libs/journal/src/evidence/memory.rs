//! The bucket in one process, for tests: it loses answers, and files are altered and lost on request.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroU64;
use std::sync::{Arc, Mutex, MutexGuard};

use event::PartyId;
use event::key::Digest;

use super::access::{ACCESSES_OF_ONE_MAX, Entry, Noted, Which};
use super::{EvidenceError, EvidenceFile, EvidenceInfo, EvidenceStore, Found, Kept, Receiving, altered};
use crate::cell::Revision;
use crate::memory::Fault;

/// A store in memory. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct MemoryEvidence {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    objects: BTreeMap<Digest, Object>,
    /// Of each party, where each look stands.
    accesses: BTreeMap<PartyId, BTreeMap<NonZeroU64, Entry>>,
    /// How many looks were ever written down.
    noted: u64,
    faults: VecDeque<Fault>,
}

#[derive(Debug)]
struct Object {
    info: EvidenceInfo,
    revision: Revision,
    bytes: Vec<u8>,
}

impl MemoryEvidence {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next write meets this fault; several are met one after the other.
    pub fn fail_next(&self, fault: Fault) {
        self.state().faults.push_back(fault);
    }

    /// Changes the stored bytes of a file behind everyone's back.
    ///
    /// # Panics
    /// If it is not kept.
    pub fn alter(&self, digest: Digest, alter: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.state();
        let object = state
            .objects
            .get_mut(&digest)
            .expect("only what is kept can be altered");
        alter(&mut object.bytes);
    }

    /// Loses a file, as a restored backup would.
    pub fn lose(&self, digest: Digest) {
        self.state().objects.remove(&digest);
    }

    /// How many files are kept.
    #[must_use]
    pub fn count(&self) -> usize {
        self.state().objects.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    /// Changes an object if it is still at the revision expected, unless a fault comes between.
    fn change(
        &self,
        info: &EvidenceInfo,
        expected: Revision,
        bytes: impl FnOnce(Option<&Object>) -> Vec<u8>,
    ) -> Result<(), EvidenceError> {
        let mut state = self.state();
        let fault = state.faults.pop_front();
        if fault == Some(Fault::NotPersisted) {
            return Err(EvidenceError::Unknown {
                why: "no answer, and nothing stored".to_owned(),
            });
        }
        let stored = state.objects.get(&info.digest);
        let revision = stored.map_or(Revision::NONE, |object| object.revision);
        if revision != expected {
            return Err(EvidenceError::Conflict);
        }
        let object = Object {
            info: *info,
            revision: Revision::new(revision.get() + 1),
            bytes: bytes(stored),
        };
        state.objects.insert(info.digest, object);
        match fault {
            Some(_) => Err(EvidenceError::Unknown {
                why: "no answer, but stored".to_owned(),
            }),
            None => Ok(()),
        }
    }
}

impl EvidenceStore for MemoryEvidence {
    async fn look(&self, digest: Digest) -> Result<Found, EvidenceError> {
        let state = self.state();
        let Some(object) = state.objects.get(&digest) else {
            return Ok(Found {
                revision: Revision::NONE,
                kept: Err(EvidenceError::Missing),
            });
        };
        let kept = Kept {
            info: object.info,
            revision: object.revision,
            object: digest.to_string(),
        };
        Ok(Found {
            revision: object.revision,
            kept: Ok(kept),
        })
    }

    async fn read(&self, kept: &Kept) -> Result<EvidenceFile, EvidenceError> {
        let state = self.state();
        let object = state.objects.get(&kept.info.digest);
        let bytes = object.map_or(&[][..], |object| &object.bytes);
        let mut receiving = Receiving::begin(kept.info.digest, kept.info.size).map_err(altered)?;
        receiving.take(bytes).map_err(altered)?;
        receiving.finish().map_err(altered)
    }

    async fn write(&self, file: &EvidenceFile, info: &EvidenceInfo, expected: &Found) -> Result<(), EvidenceError> {
        self.change(info, expected.revision, |_| file.bytes().to_vec())
    }

    async fn describe(&self, kept: &Kept, info: &EvidenceInfo) -> Result<(), EvidenceError> {
        self.change(info, kept.revision, |stored| {
            stored.map_or_else(Vec::new, |object| object.bytes.clone())
        })
    }

    async fn noted(&self, owner: PartyId, which: Which) -> Result<Option<Noted>, EvidenceError> {
        let state = self.state();
        let Some(line) = state.accesses.get(&owner) else {
            return Ok(None);
        };
        let found = match which {
            Which::Latest => line.last_key_value(),
            Which::At(mark) => line.get_key_value(&mark),
        };
        Ok(found.map(|(mark, entry)| Noted {
            mark: *mark,
            entry: entry.clone(),
        }))
    }

    async fn note(&self, owner: PartyId, entry: &Entry) -> Result<(), EvidenceError> {
        let mut state = self.state();
        let fault = state.faults.pop_front();
        if fault == Some(Fault::NotPersisted) {
            return Err(EvidenceError::Unknown {
                why: "no answer, and nothing stored".to_owned(),
            });
        }
        let mark = NonZeroU64::MIN.saturating_add(state.noted);
        let line = state.accesses.entry(owner).or_default();
        if line.last_key_value().map(|(mark, _)| *mark) != entry.previous {
            return Err(EvidenceError::Conflict);
        }
        line.insert(mark, entry.clone());
        if ACCESSES_OF_ONE_MAX < line.len() as u64 {
            line.pop_first();
        }
        state.noted += 1;
        match fault {
            Some(_) => Err(EvidenceError::Unknown {
                why: "no answer, but stored".to_owned(),
            }),
            None => Ok(()),
        }
    }
}
