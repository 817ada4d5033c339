//! What the rules remember: the least that later decisions need.

use event::key::Digest;
use event::vocabulary::{CatalogueDigest, PartyKind, RevocationReason, Scale, ShortText, Slug};
use event::{
    AssessmentId, DeploymentId, LotId, Mass, PartyId, PublicKey, SiteId, StatementId, StreamPosition, Timestamp,
};
use serde::Serialize;

use crate::table::Table;

/// State folded from a prefix of the stream.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub(crate) staging: bool,
    pub(crate) head: Head,
    pub(crate) parties: Table<PartyId, Party>,
    pub(crate) keys: Table<PublicKey, Key>,
    pub(crate) sites: Table<SiteId, Site>,
    pub(crate) catalogues: Table<CatalogueDigest, Catalogue>,
    pub(crate) versions: Table<(Slug, ShortText), CatalogueDigest>,
    pub(crate) references: Table<Digest, ()>,
    pub(crate) lots: Table<LotId, Lot>,
    pub(crate) seals: Table<ShortText, LotId>,
}

/// The single values beside the tables.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Head {
    pub(crate) position: StreamPosition,
    pub(crate) clock: Timestamp,
    pub(crate) deployment: Option<DeploymentId>,
    pub(crate) policy: Policy,
    /// Keys of schemes that are not revoked.
    pub(crate) scheme_keys: u32,
}

impl Default for Head {
    fn default() -> Self {
        Self {
            position: StreamPosition::START,
            clock: Timestamp::MIN,
            deployment: None,
            policy: Policy::default(),
            scheme_keys: 0,
        }
    }
}

impl Ledger {
    /// Before the first record.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many records it has seen.
    #[must_use]
    pub const fn position(&self) -> StreamPosition {
        self.head.position
    }

    /// When the latest admitted record was admitted.
    #[must_use]
    pub const fn clock(&self) -> Timestamp {
        self.head.clock
    }

    /// The deployment, once founded.
    #[must_use]
    pub const fn deployment(&self) -> Option<DeploymentId> {
        self.head.deployment
    }

    /// The terms in force.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.head.policy
    }

    /// A party.
    #[must_use]
    pub fn party(&self, id: &PartyId) -> Option<&Party> {
        self.parties.get(id)
    }

    /// A key that was ever authorized.
    #[must_use]
    pub fn key(&self, key: &PublicKey) -> Option<&Key> {
        self.keys.get(key)
    }

    /// A site.
    #[must_use]
    pub fn site(&self, id: &SiteId) -> Option<&Site> {
        self.sites.get(id)
    }

    /// A catalogue version.
    #[must_use]
    pub fn catalogue(&self, digest: &CatalogueDigest) -> Option<&Catalogue> {
        self.catalogues.get(digest)
    }

    /// A lot.
    #[must_use]
    pub fn lot(&self, id: &LotId) -> Option<&Lot> {
        self.lots.get(id)
    }

    /// Passes over records that change nothing, to `position`.
    ///
    /// # Panics
    /// If `position` lies behind: a prefix does not shrink.
    pub fn skip_to(&mut self, position: StreamPosition) {
        assert!(
            self.head.position <= position,
            "a ledger does not go back from {} to {position}",
            self.head.position
        );
        self.head.position = position;
    }

    pub(crate) fn change(&mut self, change: &Change) {
        let staging = self.staging;
        match change {
            Change::Founded(deployment) => self.head.deployment = Some(*deployment),
            Change::Policy(policy) => self.head.policy = *policy,
            Change::SchemeKeys(count) => self.head.scheme_keys = *count,
            Change::Party(id, party) => self.parties.insert(staging, *id, *party),
            Change::Key(id, key) => self.keys.insert(staging, *id, *key),
            Change::Site(id, site) => self.sites.insert(staging, *id, *site),
            Change::Catalogue(digest, catalogue) => {
                self.versions
                    .insert(staging, (catalogue.slug.clone(), catalogue.version.clone()), *digest);
                self.catalogues.insert(staging, *digest, catalogue.clone());
            }
            Change::Reference(digest) => self.references.insert(staging, *digest, ()),
            Change::Assessment(_) => {}
            Change::Lot(id, lot) => self.lots.insert(staging, *id, *lot),
            Change::Seal(seal, lot) => self.seals.insert(staging, seal.clone(), *lot),
        }
    }
}

/// One effect of an admitted statement: the new value of what it touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The deployment has its id.
    Founded(DeploymentId),
    /// The terms in force.
    Policy(Policy),
    /// Keys of schemes that are not revoked.
    SchemeKeys(u32),
    /// A party.
    Party(PartyId, Party),
    /// A key.
    Key(PublicKey, Key),
    /// A site.
    Site(SiteId, Site),
    /// A catalogue version.
    Catalogue(CatalogueDigest, Catalogue),
    /// A reference that is taken from here on; a digest of kind, source and value.
    Reference(Digest),
    /// An assessment was submitted under this id.
    Assessment(AssessmentId),
    /// A lot.
    Lot(LotId, Lot),
    /// A seal that is taken from here on.
    Seal(ShortText, LotId),
}

/// The terms of policy in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// The version of the rules.
    pub rule_version: u16,
    /// How far a statement's own time may lie ahead of its admission, in milliseconds.
    pub future_skew_ms_max: u64,
    /// How much heavier a receiver may find a lot than its declaration and its last weighing, in parts per million.
    pub acceptance_gain_ppm_max: u32,
}

impl Policy {
    /// The last instant that is not in the future for a statement admitted at `admitted_at`.
    pub(crate) fn latest_allowed(&self, admitted_at: Timestamp) -> Timestamp {
        admitted_at.plus_ms(i64::try_from(self.future_skew_ms_max).expect("bounded when it was set"))
    }
}

/// A party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Party {
    /// What it does.
    pub kind: PartyKind,
}

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Key {
    /// For whom it speaks.
    pub party: PartyId,
    /// The number of its latest admitted statement; 0 before the first.
    pub number: u64,
    /// Whether and when it was revoked.
    pub revoked: Option<Revocation>,
}

/// The end of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Revocation {
    /// At which position.
    pub position: StreamPosition,
    /// Why.
    pub reason: RevocationReason,
}

/// A site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Site {
    /// Who works it.
    pub operator: PartyId,
}

/// A catalogue version: what answers must look like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Catalogue {
    /// Which catalogue.
    pub slug: Slug,
    /// Which version.
    pub version: ShortText,
    /// The scale of each criterion, in the catalogue's order.
    pub scales: Vec<Scale>,
}

/// A lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Lot {
    /// Where it was dug.
    pub site: SiteId,
    /// Who has it, or had it when it was retired.
    pub custodian: PartyId,
    /// As weighed when it was declared.
    pub declared_mass: Mass,
    /// As last weighed.
    pub gross_mass: Mass,
    /// The latest statement on it: what the next one names as `after`.
    pub latest: StatementId,
    /// The offer that is open, if any.
    pub offer: Option<Offer>,
    /// Whether it has left the system.
    pub retired: bool,
}

/// An open offer of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// To whom.
    pub to: PartyId,
    /// At which position it was made.
    pub position: StreamPosition,
}
