//! Files that support what is said, named by their SHA-256 digests: photos, documents, tables.
//!
//! The stream holds digests only. The files lie beside it, in a bucket of a NATS object store, and whoever has the digest
//! checks what comes out. What is kept is never replaced and never removed: a file with another content has another name.
//! Only its description changes, when its owner lets others see it, or others no longer.
//!
//! Beside the files stands who looked at those that are not public, in a stream of its own: of each party a line of looks
//! that grows at its end, and whose oldest are dropped when there are [`ACCESSES_OF_ONE_MAX`].
//!
//! The bucket is laid out as every NATS object store, so other clients can read it. It is stricter than their default: its
//! stream denies deletes, purges and rollups, so no client can replace or remove an object. That is why [`EvidenceStore::put`]
//! stores chunks and description as one atomic batch: a cut upload leaves nothing behind, since nothing could take it away.

mod access;
mod bucket;
mod file;
mod media;
mod memory;

use core::fmt;
use std::num::NonZeroU64;

use event::key::Digest;
use event::request::Visibility;
use event::{PartyId, Timestamp};
use thiserror::Error;

use crate::AppendError;
use crate::cell::Revision;

pub use access::{ACCESSES_OF_ONE_MAX, Access, AccessOutcome, AccessWay, Accessed, Accesses, Entry, Noted, Which};
pub use bucket::{EVIDENCE_CHUNK_BYTES, JetStreamEvidence};
pub use file::{EvidenceFile, FileError, Receiving};
pub use media::MediaType;
pub use memory::MemoryEvidence;

/// How often a look is tried to be written down while others write theirs down.
const NOTE_ATTEMPTS_MAX: usize = 16;

/// What is known of a file that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvidenceInfo {
    /// Its name.
    pub digest: Digest,
    /// Its length in bytes.
    pub size: u64,
    /// What kind of file it is, by its content.
    pub media_type: MediaType,
    /// Whose it is: who had it kept first.
    pub owner: PartyId,
    /// Who may see it.
    pub visibility: Visibility,
    /// When it came, by the clock of the service that took it.
    pub uploaded_at: Timestamp,
}

impl EvidenceInfo {
    /// Whose it is, and since when.
    #[must_use]
    pub const fn claim(&self) -> Claim {
        Claim {
            owner: self.owner,
            visibility: self.visibility,
            uploaded_at: self.uploaded_at,
        }
    }
}

/// A file that is kept, by its description; whether its bytes are whole shows when they are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What is known of it.
    pub info: EvidenceInfo,
    revision: Revision,
    /// Under which name its chunks are stored.
    object: String,
}

/// What is stored under a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    revision: Revision,
    /// [`EvidenceError::Missing`] or [`EvidenceError::Altered`] if it is not to be had.
    kept: Result<Kept, EvidenceError>,
}

/// Whose file it is, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Whose.
    pub owner: PartyId,
    /// Who may see it.
    pub visibility: Visibility,
    /// When it came.
    pub uploaded_at: Timestamp,
}

/// What became of a file that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is kept from here on.
    Stored(EvidenceInfo),
    /// It was kept already, whole; nothing was changed.
    AlreadyKept(EvidenceInfo),
    /// It was kept, but altered; it is whole again.
    Mended(EvidenceInfo),
}

impl Put {
    /// What is known of it now.
    #[must_use]
    pub const fn info(&self) -> &EvidenceInfo {
        match self {
            Self::Stored(info) | Self::AlreadyKept(info) | Self::Mended(info) => info,
        }
    }
}

/// Keeps files. Clones share what is kept.
pub trait EvidenceStore: Clone + Send + Sync + 'static {
    /// What is stored under a digest, by its description.
    fn look(&self, digest: Digest) -> impl Future<Output = Result<Found, EvidenceError>> + Send;

    /// The whole file. Nothing of it is handed out before all of it was read and is what its digest says.
    fn read(&self, kept: &Kept) -> impl Future<Output = Result<EvidenceFile, EvidenceError>> + Send;

    /// Stores a file and its description, both or nothing, where `expected` was found.
    fn write(
        &self,
        file: &EvidenceFile,
        info: &EvidenceInfo,
        expected: &Found,
    ) -> impl Future<Output = Result<(), EvidenceError>> + Send;

    /// Stores another description of a file that is kept.
    fn describe(&self, kept: &Kept, info: &EvidenceInfo) -> impl Future<Output = Result<(), EvidenceError>> + Send;

    /// A look at the files of a party that is written down; none where there is none, or where it was dropped.
    fn noted(&self, owner: PartyId, which: Which) -> impl Future<Output = Result<Option<Noted>, EvidenceError>> + Send;

    /// Writes down a look at the files of a party, for good, if `entry.previous` still is the latest.
    fn note(&self, owner: PartyId, entry: &Entry) -> impl Future<Output = Result<(), EvidenceError>> + Send;

    /// Writes down a look at the files of `owner`. Once this is done, it stays written down.
    fn write_down(&self, owner: PartyId, access: &Access) -> impl Future<Output = Result<(), EvidenceError>> + Send {
        async move {
            let mut unknown = None;
            for _ in 0..NOTE_ATTEMPTS_MAX {
                let latest = self.noted(owner, Which::Latest).await?;
                // The answer was lost, and it had been written down.
                if latest.as_ref().is_some_and(|noted| noted.entry.access == *access) {
                    return Ok(());
                }
                if let Some(error) = unknown {
                    return Err(error);
                }
                let entry = Entry {
                    number: latest.as_ref().map_or(0, |noted| noted.entry.number) + 1,
                    previous: latest.map(|noted| noted.mark),
                    access: access.clone(),
                };
                match self.note(owner, &entry).await {
                    Err(EvidenceError::Conflict) => {}
                    Err(error @ EvidenceError::Unknown { .. }) => unknown = Some(error),
                    noted => return noted,
                }
            }
            Err(EvidenceError::Conflict)
        }
    }

    /// Who looked at the files of `owner`: the newest first, at most so many, from the latest on or from a mark.
    fn accesses(
        &self,
        owner: PartyId,
        from: Option<NonZeroU64>,
        at_most: usize,
    ) -> impl Future<Output = Result<Accesses, EvidenceError>> + Send {
        async move {
            let mut accesses = Accesses::default();
            let mut next = self.noted(owner, from.map_or(Which::Latest, Which::At)).await?;
            while let Some(noted) = next {
                if accesses.noted.len() == at_most {
                    accesses.older = Some(noted.mark);
                    break;
                }
                next = match noted.entry.previous {
                    Some(previous) => self.noted(owner, Which::At(previous)).await?,
                    None => None,
                };
                accesses.noted.push(noted);
            }
            Ok(accesses)
        }
    }

    /// The file of this digest, by its description.
    fn find(&self, digest: Digest) -> impl Future<Output = Result<Kept, EvidenceError>> + Send {
        async move { self.look(digest).await?.kept }
    }

    /// Reads the file of this digest to its end and says what is known of it.
    fn check(&self, digest: Digest) -> impl Future<Output = Result<EvidenceInfo, EvidenceError>> + Send {
        async move {
            let kept = self.find(digest).await?;
            self.read(&kept).await?;
            Ok(kept.info)
        }
    }

    /// Keeps a file. Twice is as good as once: who had it kept first owns it and says who may see it. One that was
    /// altered in the store is mended, and keeps its owner.
    fn put(&self, file: &EvidenceFile, claim: Claim) -> impl Future<Output = Result<Put, EvidenceError>> + Send {
        async move {
            let put = put_once(self, file, claim).await;
            match put {
                // Another one was first, or the answer was lost: what is there now says which.
                Err(EvidenceError::Conflict | EvidenceError::Unknown { .. }) => {
                    let kept = self.check(file.digest()).await;
                    kept.map(Put::AlreadyKept).or(put)
                }
                put => put,
            }
        }
    }

    /// Lets others see a file, or others no longer.
    fn set_visibility(
        &self,
        kept: &Kept,
        visibility: Visibility,
    ) -> impl Future<Output = Result<EvidenceInfo, EvidenceError>> + Send {
        async move {
            let info = EvidenceInfo {
                visibility,
                ..kept.info
            };
            if info != kept.info {
                self.describe(kept, &info).await?;
            }
            Ok(info)
        }
    }
}

async fn put_once<S: EvidenceStore>(store: &S, file: &EvidenceFile, claim: Claim) -> Result<Put, EvidenceError> {
    let found = store.look(file.digest()).await?;
    let whole = match &found.kept {
        Ok(kept) => store.read(kept).await.map(|_| kept.info),
        Err(error) => Err(error.clone()),
    };
    let is_altered = match whole {
        Ok(info) => return Ok(Put::AlreadyKept(info)),
        Err(EvidenceError::Missing) => false,
        Err(EvidenceError::Altered { .. }) => true,
        Err(error) => return Err(error),
    };
    let claim = found.kept.as_ref().map_or(claim, |kept| kept.info.claim());
    let info = EvidenceInfo {
        digest: file.digest(),
        size: file.size(),
        media_type: file.media_type().ok_or(EvidenceError::MediaType)?,
        owner: claim.owner,
        visibility: claim.visibility,
        uploaded_at: claim.uploaded_at,
    };
    store.write(file, &info, &found).await?;
    Ok(if is_altered {
        Put::Mended(info)
    } else {
        Put::Stored(info)
    })
}

/// Why a file is not handed out, or not, or perhaps not, kept.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EvidenceError {
    /// There is none of this digest.
    #[error("no such file is kept: ask whoever names its digest for it")]
    Missing,
    /// What is stored is not what was put there. Putting the file again mends it.
    #[error("the file was altered where it is stored, and is not handed out: {why}")]
    Altered {
        /// What is wrong with it.
        why: String,
    },
    /// Not a kind of file that is kept.
    #[error(
        "only photos and pictures (JPEG, PNG, WebP), PDF, spreadsheets without macros (XLSX, ODS), and tables and text in UTF-8 are kept"
    )]
    MediaType,
    /// Nothing was stored: another change came first. Look again.
    #[error("another change came first: look again and decide anew")]
    Conflict,
    /// Stored or not; it may even be stored later. Doing the same again is harmless.
    #[error("whether it was stored is unknown: {why}; do the same again")]
    Unknown {
        /// What was seen instead of an answer.
        why: String,
    },
    /// Nothing was stored, and the same will not be.
    #[error("it is refused and not stored: {why}")]
    Refused {
        /// What is wrong, and with what.
        why: String,
    },
    /// The store cannot be asked.
    #[error("the store of evidence cannot be asked: {why}")]
    Unavailable {
        /// What was seen instead of an answer.
        why: String,
    },
}

impl From<AppendError> for EvidenceError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Conflict { .. } => Self::Conflict,
            AppendError::Unknown { why } => Self::Unknown { why },
            AppendError::Refused { why } => Self::Refused { why },
        }
    }
}

fn altered(why: impl fmt::Display) -> EvidenceError {
    EvidenceError::Altered { why: why.to_string() }
}

/// What the answer to looking for a file says.
#[cfg(fuzzing)]
pub(crate) fn described(
    digest: Digest,
    stored: Result<Option<crate::stored::Stored>, crate::connection::Unmet>,
) -> Result<EvidenceInfo, EvidenceError> {
    bucket::found(digest, stored)?.kept.map(|kept| kept.info)
}

/// What the answer to looking for a look says.
#[cfg(fuzzing)]
pub(crate) fn noted(
    stored: Result<Option<crate::stored::Stored>, crate::connection::Unmet>,
) -> Result<Option<Noted>, EvidenceError> {
    bucket::noted(stored)
}
