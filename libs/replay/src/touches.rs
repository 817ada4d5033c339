//! Which keys of the verifiable map a statement touches.
//!
//! The table is total and frozen with the map's version: a log root depends on it. It looks at the statement alone,
//! so a refused statement touches what it names, and a record without a verified statement touches nothing.

use event::vocabulary::{Event, Subject};
use event::{LotId, PartyId, PublicKey, SiteId, VerifiedStatement};
use tlog::map::{MapKey, MapKind, map_key};

/// A map key with what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touched {
    /// The kind of thing.
    pub kind: MapKind,
    /// Its id, as hashed into the key.
    pub id: Vec<u8>,
}

impl Touched {
    /// The key in the map.
    #[must_use]
    pub fn key(&self) -> MapKey {
        map_key(self.kind, &self.id)
    }

    /// A lot.
    #[must_use]
    pub fn lot(id: LotId) -> Self {
        Self {
            kind: MapKind::Lot,
            id: id.as_bytes().to_vec(),
        }
    }

    /// A party's standing.
    #[must_use]
    pub fn party(id: PartyId) -> Self {
        Self {
            kind: MapKind::Party,
            id: id.as_bytes().to_vec(),
        }
    }

    /// A signer's key.
    #[must_use]
    pub fn signer(key: PublicKey) -> Self {
        Self {
            kind: MapKind::Key,
            id: key.as_bytes().to_vec(),
        }
    }

    /// A site's standing.
    #[must_use]
    pub fn site(id: SiteId) -> Self {
        Self {
            kind: MapKind::Site,
            id: id.as_bytes().to_vec(),
        }
    }

    /// A seal number.
    #[must_use]
    pub fn seal(number: &str) -> Self {
        Self {
            kind: MapKind::Seal,
            id: number.as_bytes().to_vec(),
        }
    }

    fn progress(subject: Subject) -> Self {
        let id = match subject {
            Subject::Party(id) => id.as_bytes().to_vec(),
            Subject::Site(id) => id.as_bytes().to_vec(),
        };
        Self {
            kind: MapKind::Progress,
            id,
        }
    }
}

/// The one key of everything that all are judged by: founding, policy, catalogues. Its id is empty.
#[must_use]
pub const fn policy_key() -> Touched {
    Touched {
        kind: MapKind::Policy,
        id: Vec::new(),
    }
}

/// The map keys that `statement` touches, in the order in which they are written.
#[must_use]
pub fn touches(statement: &VerifiedStatement) -> Vec<Touched> {
    let id = statement.id();
    match statement.event() {
        Event::DeploymentFounded(_) => {
            vec![
                policy_key(),
                Touched::party(PartyId::derive(id, 0)),
                Touched::signer(statement.key()),
            ]
        }
        Event::PartyEnrolled(_) => vec![Touched::party(PartyId::derive(id, 0))],
        Event::KeyAuthorized(event) => vec![Touched::signer(event.key), Touched::party(event.party)],
        Event::KeyRevoked(event) => vec![Touched::signer(event.key)],
        Event::SiteRegistered(_) => vec![Touched::site(SiteId::derive(id, 0))],
        Event::PolicySet(_) | Event::CataloguePublished(_) => vec![policy_key()],
        Event::AssessmentSubmitted(event) => vec![Touched::progress(event.subject)],
        Event::LotDeclared(event) => {
            let seals = event.seals.iter().map(|seal| Touched::seal(seal.as_str()));
            let mut touched: Vec<_> = core::iter::once(Touched::lot(LotId::derive(id, 0)))
                .chain(seals)
                .collect();
            // A refused declaration can name a seal twice; it is one record about that seal.
            touched.sort();
            touched.dedup();
            touched
        }
        Event::CustodyOffered(event) => vec![Touched::lot(event.lot)],
        Event::CustodyAccepted(event) => vec![Touched::lot(event.lot)],
        Event::CustodyDeclined(event) => vec![Touched::lot(event.lot)],
        Event::OfferWithdrawn(event) => vec![Touched::lot(event.lot)],
        Event::LotRetired(event) => vec![Touched::lot(event.lot)],
        // Of who grants it alone: whom others let speak cannot keep them from filling its history.
        Event::DelegationGranted(_) | Event::DelegationRevoked(_) => vec![Touched::party(statement.party())],
        Event::AssessorAccredited(event) => vec![Touched::party(event.assessor)],
        Event::AccreditationWithdrawn(event) => vec![Touched::party(event.assessor)],
        Event::AssessmentConfirmed(event) => vec![Touched::progress(event.subject)],
        Event::AssessmentContested(event) => vec![Touched::progress(event.subject)],
        Event::AssessmentWithdrawn(event) => vec![Touched::progress(event.subject)],
        Event::PlanAdopted(_) | Event::PlanExtended(_) | Event::ReportPublished(_) => {
            vec![Touched::progress(Subject::Party(statement.party()))]
        }
        Event::MilestoneReported(event) => vec![Touched::progress(Subject::Party(event.organization))],
        Event::PlanClosed(event) => vec![Touched::progress(Subject::Party(event.organization))],
        Event::IncidentReported(event) => vec![Touched::progress(event.subject)],
        Event::IncidentUpdated(event) => vec![Touched::progress(event.subject)],
        Event::IncidentClosed(event) => vec![Touched::progress(event.subject)],
        Event::StandingDecided(event) => vec![
            Touched::progress(Subject::Party(event.organization)),
            Touched::party(event.organization),
        ],
    }
}
