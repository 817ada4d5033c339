//! Which keys of the verifiable map a statement touches.
//!
//! The table is total and frozen with the map's version: a log root depends on it. It looks at the statement alone,
//! so a refused statement touches what it names, and a record without a verified statement touches nothing.

use event::vocabulary::{Bar, Event, LotsTransformed, Reference, ShortText, Subject};
use event::{LotId, PartyId, PublicKey, SiteId, StatementId, VerifiedStatement};
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

    /// An export certificate.
    #[must_use]
    pub fn certificate(number: &Reference) -> Self {
        Self {
            kind: MapKind::Certificate,
            id: [number.source.as_str(), number.value.as_str()].join("\n").into_bytes(),
        }
    }

    /// A refiner's bar: its number alone is not unique.
    #[must_use]
    pub fn bar(refiner: PartyId, bar: &Bar) -> Self {
        let stamps = format!("\n{}\n{}\n{}", bar.brand.as_str(), bar.serial.as_str(), bar.year);
        Self {
            kind: MapKind::Bar,
            id: [refiner.as_bytes(), stamps.as_bytes()].concat(),
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
        Event::LotDeclared(event) => with_seals(LotId::derive(id, 0), &event.seals),
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
        Event::SiteAmended(event) => vec![Touched::site(event.site)],
        Event::PermitRecorded(event) => in_order(event.sites.iter().copied().map(Touched::site)),
        Event::PermitStatusChanged(event) => in_order(event.sites.iter().copied().map(Touched::site)),
        Event::CapacityEstablished(event) => vec![Touched::site(event.site)],
        Event::LotWeighed(event) => vec![Touched::lot(event.lot)],
        Event::LotSampled(event) => with_seals(event.lot, &event.samples),
        Event::LotAssayed(event) => vec![Touched::lot(event.lot)],
        Event::LotSealed(event) => with_seals(event.lot, &event.seals),
        Event::SealBroken(event) => with_seals(event.lot, &event.seals),
        Event::TitleTransferred(event) => vec![Touched::lot(event.lot)],
        Event::LotsTransformed(event) => transformed(statement.party(), id, event),
        Event::LotExported(event) => {
            let lots = event.lots.iter().map(|each| Touched::lot(each.lot));
            in_order(lots.chain([Touched::certificate(&event.certificate)]))
        }
        Event::LotReceived(event) => vec![Touched::lot(event.lot)],
        Event::LotHeld(event) => vec![Touched::lot(event.lot)],
        Event::LotReleased(event) => vec![Touched::lot(event.lot)],
        Event::LotLost(event) => vec![Touched::lot(event.lot)],
        Event::CorrectionProposed(event) => vec![Touched::lot(event.lot)],
        Event::CorrectionConfirmed(event) => vec![Touched::lot(event.lot)],
    }
}

fn with_seals(lot: LotId, seals: &[ShortText]) -> Vec<Touched> {
    let seals = seals.iter().map(|seal| Touched::seal(seal.as_str()));
    in_order(core::iter::once(Touched::lot(lot)).chain(seals))
}

fn transformed(signer: PartyId, id: StatementId, event: &LotsTransformed) -> Vec<Touched> {
    let inputs = event.inputs.iter().map(|input| Touched::lot(input.lot));
    let outputs = (0..).zip(&event.outputs);
    let outputs = outputs.flat_map(|(place, output)| {
        let seals = output.seals.iter().map(|seal| Touched::seal(seal.as_str()));
        let bar = output.bar.iter().map(|bar| Touched::bar(signer, bar));
        core::iter::once(Touched::lot(LotId::derive(id, place)))
            .chain(seals)
            .chain(bar)
    });
    in_order(inputs.chain(outputs))
}

/// A refused statement can name a thing twice; it is one record about that thing.
fn in_order(touched: impl Iterator<Item = Touched>) -> Vec<Touched> {
    let mut touched: Vec<_> = touched.collect();
    touched.sort_unstable();
    touched.dedup();
    touched
}
