//! What the answers of every view have in common.

use event::{PartyId, SiteId, StreamPosition, vocabulary};

use crate::invalid::{InvalidMessage, required};

pub use crate::generated::veta::view::v1::*;

impl ViewPosition {
    /// A view that holds `rows` rows at `position`, of this digest where it was asked for.
    #[must_use]
    pub fn new(position: StreamPosition, rows_digest: Option<&[u8; 32]>, rows: u64) -> Self {
        Self {
            position: position.get(),
            rows_digest: rows_digest.map(hex::encode).unwrap_or_default(),
            rows,
        }
    }
}

impl PartyName {
    /// A party and its name.
    #[must_use]
    pub fn new(id: PartyId, name: &str) -> Self {
        Self {
            party_id: id.to_string(),
            name: name.to_owned(),
        }
    }
}

impl SiteName {
    /// A site and its name.
    #[must_use]
    pub fn new(id: SiteId, name: &str) -> Self {
        Self {
            site_id: id.to_string(),
            name: name.to_owned(),
        }
    }
}

impl From<&vocabulary::Reference> for Reference {
    fn from(reference: &vocabulary::Reference) -> Self {
        Self {
            source: reference.source.to_string(),
            value: reference.value.to_string(),
        }
    }
}

impl TryFrom<&Reference> for vocabulary::Reference {
    type Error = InvalidMessage;

    fn try_from(reference: &Reference) -> Result<Self, InvalidMessage> {
        Ok(Self {
            source: required("reference.source", &reference.source)?,
            value: required("reference.value", &reference.value)?,
        })
    }
}
