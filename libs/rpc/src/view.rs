//! What the answers of every view have in common.

use event::{PartyId, SiteId, StreamPosition, vocabulary};

use crate::invalid::{InvalidMessage, required};

pub use crate::generated::veta::view::v1::*;

impl ViewPosition {
    /// A view that holds `rows` rows of this digest at `position`.
    #[must_use]
    pub fn new(position: StreamPosition, rows_digest: &[u8; 32], rows: u64) -> Self {
        Self {
            position: position.get(),
            rows_digest: hex::encode(rows_digest),
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
