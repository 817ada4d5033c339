//! Who looked at files that are not public: of each party a line of looks, each naming the one before.

use std::num::NonZeroU64;

use event::key::Digest;
use event::{PartyId, PublicKey, Timestamp};
use serde::{Deserialize, Serialize};

/// Looks that are kept of one party's files: the oldest is dropped for one more. Who wants to hide a look behind others
/// asks without a pause for nine hours, as often as one party may, and every look of these tells of it.
pub const ACCESSES_OF_ONE_MAX: u64 = 65_536;

/// One look at files of one party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// When, by the clock of the service that answered.
    pub at: Timestamp,
    /// Who looked.
    pub party: PartyId,
    /// With which key.
    pub key: PublicKey,
    /// How it was asked for.
    pub way: AccessWay,
    /// At what.
    pub files: Vec<Accessed>,
}

/// A file that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accessed {
    /// Which.
    pub digest: Digest,
    /// What came of it.
    pub outcome: AccessOutcome,
}

/// How a look was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccessWay {
    /// By a signed request for this look.
    SignedRequest,
    /// In a session.
    Session,
}

/// What came of a look. It is written down before it comes: what then fails on the way was still looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccessOutcome {
    /// The file was to be handed out.
    HandedOut,
    /// It was to be said what is known of the file.
    Described,
    /// The file is not for who looked.
    Refused,
}

/// A look that is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Where: greater than that of every look before.
    pub mark: NonZeroU64,
    /// What is written there.
    pub entry: Entry,
}

/// What is written down of a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number among all looks at this party's files, from 1.
    pub number: u64,
    /// Where the look before it stands, if there was one.
    pub previous: Option<NonZeroU64>,
    /// The look.
    pub access: Access,
}

/// Which look at the files of a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The latest.
    Latest,
    /// The one at a mark.
    At(NonZeroU64),
}

/// Some looks, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accesses {
    /// The looks.
    pub noted: Vec<Noted>,
    /// Where the next older one stands, if one is kept.
    pub older: Option<NonZeroU64>,
}
