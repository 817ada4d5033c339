//! What can be said, with something sensible in every field; `but` changes what a case is about.

use event::codec::List;
use event::key::Digest;
use event::vocabulary::{
    Answer, AssessmentKind, AssessmentSubmitted, CataloguePublished, Criterion, CustodyAccepted, CustodyDeclined,
    CustodyModel, CustodyOffered, DeploymentFounded, Deposit, Event, Finding, KeyAuthorized, KeyRevoked, LotDeclared,
    LotForm, LotRetired, OfferWithdrawn, PartyKind, PartyProfile, Period, PolicySet, QuantityBasis, Reference,
    RevocationReason, Scale, SealState, SiteRegistered, Subject, Term,
};
use event::{Date, Mass};

use super::world::{Say, TODAY, World, key, says};

/// The places of the criteria in the catalogue that [`published`] drafts.
pub(crate) const MERCURY: u16 = 0;
pub(crate) const WORKERS: u16 = 1;
pub(crate) const TITLE: u16 = 2;
pub(crate) const SAFETY: u16 = 3;
pub(crate) const REMARKS: u16 = 4;
const SCALES: [(&str, Scale); 5] = [
    ("mercury", Scale::Observation),
    ("workers", Scale::Count),
    ("title", Scale::PassFail),
    ("safety", Scale::Level { max: 4 }),
    ("remarks", Scale::Words),
];

/// An event of one kind, whose names are looked up where it is said.
pub(crate) struct Draft<E> {
    make: Box<dyn Fn(&World) -> E>,
    wrap: fn(E) -> Event,
}

impl<E: 'static> Draft<E> {
    fn new(wrap: fn(E) -> Event, make: impl Fn(&World) -> E + 'static) -> Self {
        Self {
            make: Box::new(make),
            wrap,
        }
    }

    /// The same, but for what `change` changes.
    pub(crate) fn but(self, change: impl Fn(&mut E) + 'static) -> Self {
        let make = move |world: &World| {
            let mut event = (self.make)(world);
            change(&mut event);
            event
        };
        Self::new(self.wrap, make)
    }

    pub(crate) fn event(&self, world: &World) -> Event {
        (self.wrap)((self.make)(world))
    }
}

pub(crate) fn grams(grams: u64) -> Mass {
    Mass::from_micrograms(grams * 1_000_000)
}

pub(crate) fn days(from_today: i32) -> Date {
    Date::from_unix_days(TODAY.unix_days() + from_today)
}

pub(crate) fn list<T: core::fmt::Debug, const MAX: usize>(elements: impl Into<Vec<T>>) -> List<T, MAX> {
    elements.into().try_into().unwrap()
}

pub(crate) fn texts<const MAX: usize, const LONG: usize>(texts: &[&str]) -> List<event::Text<LONG>, MAX> {
    list(texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<_>>())
}

/// `register/number`.
pub(crate) fn reference(text: &str) -> Reference {
    let (source, value) = text.split_once('/').unwrap();
    Reference {
        source: source.parse().unwrap(),
        value: value.parse().unwrap(),
    }
}

fn profile(kind: PartyKind) -> PartyProfile {
    PartyProfile {
        kind,
        name: "a party".parse().unwrap(),
        country: "CD".parse().unwrap(),
        languages: texts(&["fr", "sw"]),
        reference: None,
    }
}

pub(crate) fn founded() -> Draft<DeploymentFounded> {
    let terms = [
        Term::RuleVersion(1),
        Term::FutureSkewMsMax(60_000),
        Term::AcceptanceGainPpmMax(5_000),
    ];
    Draft::new(Event::DeploymentFounded, move |_| DeploymentFounded {
        name: "a deployment".parse().unwrap(),
        scheme: profile(PartyKind::Scheme),
        policy: list(terms),
    })
}

pub(crate) fn enrolled(kind: PartyKind) -> Draft<PartyProfile> {
    Draft::new(Event::PartyEnrolled, move |_| profile(kind))
}

pub(crate) fn authorized(party: &str, name: &str) -> Draft<KeyAuthorized> {
    let (party, key) = (party.to_owned(), key(name));
    Draft::new(Event::KeyAuthorized, move |world| KeyAuthorized {
        party: world.party(&party),
        key,
    })
}

pub(crate) fn revoked(name: &str) -> Draft<KeyRevoked> {
    let key = key(name);
    Draft::new(Event::KeyRevoked, move |_| KeyRevoked {
        key,
        reason: RevocationReason::Lost,
    })
}

pub(crate) fn registered(operator: &str) -> Draft<SiteRegistered> {
    let operator = operator.to_owned();
    Draft::new(Event::SiteRegistered, move |world| SiteRegistered {
        operator: world.party(&operator),
        name: "a site".parse().unwrap(),
        country: "CD".parse().unwrap(),
        area: None,
        cell: None,
        deposit: Deposit::Alluvial,
        point_commitment: None,
        fineness_band: None,
        reference: None,
    })
}

pub(crate) fn policy<const N: usize>(terms: [Term; N]) -> Draft<PolicySet> {
    Draft::new(Event::PolicySet, move |_| PolicySet { terms: list(terms) })
}

pub(crate) fn published(version: &str) -> Draft<CataloguePublished> {
    let version = version.to_owned();
    Draft::new(Event::CataloguePublished, move |_| CataloguePublished {
        slug: "visits".parse().unwrap(),
        version: version.parse().unwrap(),
        licence: "CC-BY-SA-4.0".parse().unwrap(),
        full_text: Digest::from_bytes([7; 32]),
        criteria: list(SCALES.map(|(slug, scale)| criterion(slug, scale))),
    })
}

pub(crate) fn criterion(slug: &str, scale: Scale) -> Criterion {
    Criterion {
        slug: slug.parse().unwrap(),
        scale,
        question: "what is asked".parse().unwrap(),
    }
}

/// An assessment of a site, as a monitor makes it.
pub(crate) fn visited(site: &str) -> Draft<AssessmentSubmitted> {
    let site = site.to_owned();
    assessed(move |world| Subject::Site(world.site(&site)))
}

/// An assessment of an organization, as a monitor makes it.
pub(crate) fn examined(party: &str) -> Draft<AssessmentSubmitted> {
    let party = party.to_owned();
    assessed(move |world| Subject::Party(world.party(&party)))
}

fn assessed(subject: impl Fn(&World) -> Subject + 'static) -> Draft<AssessmentSubmitted> {
    Draft::new(Event::AssessmentSubmitted, move |world| AssessmentSubmitted {
        subject: subject(world),
        kind: AssessmentKind::Monitor,
        period: Period {
            from: days(-1),
            to: days(0),
        },
        catalogue: world.catalogue("visits"),
        findings: list([found(MERCURY, Answer::Observed), found(WORKERS, Answer::Count(40))]),
        reference: None,
    })
}

pub(crate) fn found(criterion: u16, answer: Answer) -> Finding {
    Finding {
        criterion,
        answer,
        evidence: List::empty(),
    }
}

/// 100 grams of dust.
pub(crate) fn declared(site: &str) -> Draft<LotDeclared> {
    let site = site.to_owned();
    Draft::new(Event::LotDeclared, move |world| LotDeclared {
        site: world.site(&site),
        form: LotForm::Dust,
        gross_mass: grams(100),
        basis: QuantityBasis::Illustrative,
        fineness: None,
        extracted: Period {
            from: days(-30),
            to: days(0),
        },
        custody_model: CustodyModel::IdentityPreserved,
        seals: List::empty(),
    })
}

pub(crate) fn offered(lot: &str, to: &str) -> Draft<CustodyOffered> {
    let (lot, to) = (lot.to_owned(), to.to_owned());
    Draft::new(Event::CustodyOffered, move |world| CustodyOffered {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        to: world.party(&to),
    })
}

pub(crate) fn accepted(lot: &str, gross_mass: Mass) -> Draft<CustodyAccepted> {
    let lot = lot.to_owned();
    Draft::new(Event::CustodyAccepted, move |world| CustodyAccepted {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        gross_mass,
        seals: SealState::Intact,
    })
}

pub(crate) fn declined(lot: &str) -> Draft<CustodyDeclined> {
    let lot = lot.to_owned();
    Draft::new(Event::CustodyDeclined, move |world| CustodyDeclined {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        reason: "not today".parse().unwrap(),
    })
}

pub(crate) fn withdrawn(lot: &str) -> Draft<OfferWithdrawn> {
    let lot = lot.to_owned();
    Draft::new(Event::OfferWithdrawn, move |world| OfferWithdrawn {
        lot: world.lot(&lot),
        after: world.latest(&lot),
    })
}

pub(crate) fn retired(lot: &str) -> Draft<LotRetired> {
    let lot = lot.to_owned();
    Draft::new(Event::LotRetired, move |world| LotRetired {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        reason: "made into jewellery".parse().unwrap(),
    })
}

/// A deployment with nobody in it but its scheme.
pub(crate) fn beginning() -> World {
    World::default().and(says("scheme", founded()).called("scheme"))
}

/// Everyone with a key, a site each for `mine` and `rival`, a catalogue, and the lot `dust` at the mine.
pub(crate) fn market() -> World {
    market_history().into_iter().fold(World::default(), World::and)
}

/// How [`market`] came to be.
pub(crate) fn market_history() -> Vec<Say> {
    const PARTIES: [(&str, PartyKind); 8] = [
        ("mine", PartyKind::MinersOrganization),
        ("rival", PartyKind::InformalMinersGroup),
        ("trader", PartyKind::Trader),
        ("refiner", PartyKind::Refiner),
        ("thief", PartyKind::Trader),
        ("monitor", PartyKind::Assessor),
        ("auditor", PartyKind::Auditor),
        ("ministry", PartyKind::Authority),
    ];
    let founding = says("scheme", founded()).called("scheme");
    let entries = PARTIES.into_iter().flat_map(|(name, kind)| {
        [
            says("scheme", enrolled(kind)).called(name),
            says("scheme", authorized(name, name)),
        ]
    });
    let things = [
        says("scheme", registered("mine")).called("pit"),
        says("scheme", registered("rival")).called("creek"),
        says("monitor", published("1")).called("visits"),
        says("mine", declared("pit").but(|lot| lot.seals = texts(&["S-1", "S-2"]))).called("dust"),
    ];
    core::iter::once(founding).chain(entries).chain(things).collect()
}
