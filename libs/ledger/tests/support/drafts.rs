//! What can be said, with something sensible in every field; `but` changes what a case is about.

use event::codec::List;
use event::key::Digest;
use event::vocabulary::{
    AccreditationWithdrawn, Answer, AssessmentConfirmed, AssessmentContested, AssessmentKind, AssessmentSubmitted,
    AssessmentWithdrawn, AssessorAccredited, CataloguePublished, Confidence, Criterion, CustodyAccepted,
    CustodyDeclined, CustodyModel, CustodyOffered, DelegationGranted, DelegationRevoked, DeploymentFounded, Deposit,
    Event, EventKind, Finding, IncidentCategory, IncidentClosed, IncidentOutcome, IncidentReported, IncidentUpdated,
    Indicator, KeyAuthorized, KeyRevoked, LotDeclared, LotForm, LotRetired, Measurement, Milestone, MilestoneReported,
    MilestoneState, Module, OfferWithdrawn, PartyKind, PartyProfile, Period, PlanAdopted, PlanClosed, PlanExtended,
    PlanOutcome, PolicySet, QuantityBasis, Reaction, Reference, ReportPublished, RevocationReason, Scale, SealState,
    Severity, SiteRegistered, Standing, StandingDecided, Subject, Term, Unit,
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

/// The places of the criteria in the catalogue that [`gates`] drafts. Its numbers begin with 6 in a [`market`]:
/// `visits` has those before.
pub(crate) const OFFICE: u16 = 0;
pub(crate) const LICENCE: u16 = 1;
pub(crate) const TITLE_HELD: u16 = 2;
pub(crate) const TITLE_PENDING: u16 = 3;
pub(crate) const CHILDREN: u16 = 4;
pub(crate) const ARMED: u16 = 5;
pub(crate) const EMISSIONS: u16 = 6;
pub(crate) const TAXES: u16 = 7;
pub(crate) const HELMETS: u16 = 8;
pub(crate) const GATES: [(&str, Scale, Module); 9] = [
    ("office", Scale::PassFail, Module::Management),
    ("licence", Scale::PassFail, Module::Legitimacy),
    ("title-held", Scale::Scenario, Module::Legitimacy),
    ("title-pending", Scale::Scenario, Module::Legitimacy),
    ("children", Scale::PassFail, Module::Disengagement),
    ("armed", Scale::PassFail, Module::Disengagement),
    ("emissions", Scale::PassProgressFail, Module::Mitigation),
    ("taxes", Scale::PassFail, Module::Mitigation),
    ("helmets", Scale::Level { max: 4 }, Module::Improvement),
];

/// An event of one kind, whose names are looked up where it is said.
pub(crate) struct Draft<E> {
    make: Box<dyn Fn(&World) -> E>,
    wrap: fn(E) -> Event,
}

impl<E: 'static> Draft<E> {
    pub(super) fn new(wrap: fn(E) -> Event, make: impl Fn(&World) -> E + 'static) -> Self {
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

    /// What is said, without its kind.
    pub(super) fn of(&self, world: &World) -> E {
        (self.make)(world)
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
    let terms = all_terms(&[
        Term::FutureSkewMsMax(60_000),
        Term::MitigationDaysMax(180),
        Term::AssuranceDaysMax(300),
        Term::PlanDaysMax(730),
        Term::Unpermitted(Reaction::Flag),
    ]);
    Draft::new(Event::DeploymentFounded, move |_| DeploymentFounded {
        name: "a deployment".parse().unwrap(),
        scheme: profile(PartyKind::Scheme),
        policy: list(terms.clone()),
    })
}

/// Every term, as deployments are founded, but for these.
pub(crate) fn all_terms(changed: &[Term]) -> Vec<Term> {
    let same = |one: &Term, other: &Term| core::mem::discriminant(one) == core::mem::discriminant(other);
    let term = |first: &Term| *changed.iter().find(|term| same(term, first)).unwrap_or(first);
    ledger::FIRST_TERMS.iter().map(term).collect()
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
        supersedes: None,
        criteria: list(SCALES.map(|(slug, scale)| criterion(slug, scale))),
        indicators: list([indicator("workers", Unit::People)]),
    })
}

/// A catalogue that standings can hang on.
pub(crate) fn gates(version: &str) -> Draft<CataloguePublished> {
    published(version).but(|e| {
        e.slug = "gates".parse().unwrap();
        e.criteria = list(GATES.map(|(slug, scale, module)| gate(slug, scale, module)));
        e.indicators = List::empty();
    })
}

/// [`gates`] anew, each criterion the same as in the version of this name.
pub(crate) fn gates_after(before: &str, version: &str) -> Draft<CataloguePublished> {
    let (before, version) = (before.to_owned(), version.to_owned());
    Draft::new(Event::CataloguePublished, move |world| {
        let mut event = (gates(&version).make)(world);
        event.supersedes = Some(world.catalogue(&before));
        let same = |(place, mut one): (u16, Criterion)| {
            one.replaces = Some(place);
            one
        };
        event.criteria = list((0..).zip(event.criteria.iter().cloned()).map(same).collect::<Vec<_>>());
        event
    })
}

pub(crate) fn gate(slug: &str, scale: Scale, module: Module) -> Criterion {
    Criterion {
        module: Some(module),
        ..criterion(slug, scale)
    }
}

pub(crate) fn indicator(slug: &str, unit: Unit) -> Indicator {
    Indicator {
        slug: slug.parse().unwrap(),
        unit,
        question: "how much".parse().unwrap(),
        pillar: None,
        replaces: None,
    }
}

pub(crate) fn criterion(slug: &str, scale: Scale) -> Criterion {
    Criterion {
        slug: slug.parse().unwrap(),
        scale,
        question: "what is asked".parse().unwrap(),
        module: None,
        pillar: None,
        theme: None,
        replaces: None,
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
        measurements: List::empty(),
        reference: None,
    })
}

/// An assessment of a site or party under [`gates`], as a monitor makes it.
pub(crate) fn judged(subject: &str, answers: &[(u16, Answer)]) -> Draft<AssessmentSubmitted> {
    let subject = subject.to_owned();
    let findings: Vec<_> = answers
        .iter()
        .map(|(place, answer)| found(*place, answer.clone()))
        .collect();
    let visit = assessed(move |world| world.subject(&subject));
    Draft::new(visit.wrap, move |world| AssessmentSubmitted {
        catalogue: world.catalogue("gates"),
        findings: list(findings.clone()),
        ..(visit.make)(world)
    })
}

pub(crate) fn measured(indicator: u16, value: u64) -> Measurement {
    Measurement { indicator, value }
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
        miners: None,
        documents: List::empty(),
    })
}

pub(crate) fn offered(lot: &str, to: &str) -> Draft<CustodyOffered> {
    let (lot, to) = (lot.to_owned(), to.to_owned());
    Draft::new(Event::CustodyOffered, move |world| CustodyOffered {
        lot: world.lot(&lot),
        after: world.latest(&lot),
        to: world.party(&to),
        with_title: false,
        documents: List::empty(),
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

pub(crate) fn accredited(assessor: &str) -> Draft<AssessorAccredited> {
    let assessor = assessor.to_owned();
    Draft::new(Event::AssessorAccredited, move |world| AssessorAccredited {
        assessor: world.party(&assessor),
        until: days(5_000),
        basis: "its record".parse().unwrap(),
    })
}

pub(crate) fn unaccredited(assessor: &str) -> Draft<AccreditationWithdrawn> {
    let assessor = assessor.to_owned();
    Draft::new(Event::AccreditationWithdrawn, move |world| AccreditationWithdrawn {
        assessor: world.party(&assessor),
        reason: "its record".parse().unwrap(),
    })
}

/// Everywhere, for thirty days.
pub(crate) fn delegated(to: &str, kinds: &[EventKind]) -> Draft<DelegationGranted> {
    let (to, kinds) = (to.to_owned(), kinds.to_vec());
    Draft::new(Event::DelegationGranted, move |world| DelegationGranted {
        to: world.party(&to),
        kinds: list(kinds.clone()),
        sites: List::empty(),
        gross_mass_max: None,
        until: days(30),
    })
}

/// [`delegated`], at one site only.
pub(crate) fn delegated_at(site: &str, to: &str, kinds: &[EventKind]) -> Draft<DelegationGranted> {
    let (site, everywhere) = (site.to_owned(), delegated(to, kinds));
    Draft::new(Event::DelegationGranted, move |world| DelegationGranted {
        sites: list([world.site(&site)]),
        ..(everywhere.make)(world)
    })
}

pub(crate) fn undelegated(to: &str) -> Draft<DelegationRevoked> {
    let to = to.to_owned();
    Draft::new(Event::DelegationRevoked, move |world| DelegationRevoked {
        to: world.party(&to),
    })
}

/// Whom an assessment of this name is about; the mine, if there is none.
fn subject_of(world: &World, assessment: &str) -> Subject {
    let known = world.ledger.assessment(&world.assessment(assessment));
    known.map_or_else(|| world.subject("mine"), |known| known.subject)
}

pub(crate) fn confirmed(assessment: &str, criteria: &[u16]) -> Draft<AssessmentConfirmed> {
    let (assessment, criteria) = (assessment.to_owned(), criteria.to_vec());
    Draft::new(Event::AssessmentConfirmed, move |world| AssessmentConfirmed {
        subject: subject_of(world, &assessment),
        assessment: world.assessment(&assessment),
        criteria: list(criteria.clone()),
        note: None,
        evidence: List::empty(),
    })
}

pub(crate) fn contested(assessment: &str, criteria: &[u16]) -> Draft<AssessmentContested> {
    let (assessment, criteria) = (assessment.to_owned(), criteria.to_vec());
    Draft::new(Event::AssessmentContested, move |world| AssessmentContested {
        subject: subject_of(world, &assessment),
        assessment: world.assessment(&assessment),
        criteria: list(criteria.clone()),
        reason: "it is not so".parse().unwrap(),
        evidence: List::empty(),
    })
}

pub(crate) fn taken_back(assessment: &str) -> Draft<AssessmentWithdrawn> {
    let assessment = assessment.to_owned();
    Draft::new(Event::AssessmentWithdrawn, move |world| AssessmentWithdrawn {
        subject: subject_of(world, &assessment),
        assessment: world.assessment(&assessment),
        reason: "a mistake".parse().unwrap(),
    })
}

/// For these criteria of the catalogue of this name, with one milestone for the first of them, due in thirty days.
pub(crate) fn planned(catalogue: &str, criteria: &[u16]) -> Draft<PlanAdopted> {
    let (catalogue, criteria) = (catalogue.to_owned(), criteria.to_vec());
    Draft::new(Event::PlanAdopted, move |world| PlanAdopted {
        catalogue: world.catalogue(&catalogue),
        criteria: list(criteria.clone()),
        milestones: list([milestone(criteria.first().copied().unwrap_or_default())]),
    })
}

pub(crate) fn milestone(criterion: u16) -> Milestone {
    Milestone {
        criterion,
        action: "what is to be done".parse().unwrap(),
        due: days(30),
        after: List::empty(),
    }
}

/// The milestone has come so far; of a plan of the mine.
pub(crate) fn reached_milestone(plan: &str, milestone: u8) -> Draft<MilestoneReported> {
    let plan = plan.to_owned();
    Draft::new(Event::MilestoneReported, move |world| MilestoneReported {
        organization: world.party("mine"),
        plan: world.plan(&plan),
        milestone,
        state: MilestoneState::Done,
        note: None,
        evidence: List::empty(),
    })
}

pub(crate) fn extended(plan: &str, milestone: u8, due: Date) -> Draft<PlanExtended> {
    let plan = plan.to_owned();
    Draft::new(Event::PlanExtended, move |world| PlanExtended {
        plan: world.plan(&plan),
        milestone,
        due,
        reason: "the rains".parse().unwrap(),
    })
}

/// A plan of the mine.
pub(crate) fn closed(plan: &str) -> Draft<PlanClosed> {
    let plan = plan.to_owned();
    Draft::new(Event::PlanClosed, move |world| PlanClosed {
        organization: world.party("mine"),
        plan: world.plan(&plan),
        outcome: PlanOutcome::Achieved,
        note: None,
    })
}

/// An allegation.
pub(crate) fn happened(subject: &str, category: IncidentCategory) -> Draft<IncidentReported> {
    let subject = subject.to_owned();
    Draft::new(Event::IncidentReported, move |world| IncidentReported {
        subject: world.subject(&subject),
        category,
        confidence: Confidence::Allegation,
        severity: Severity::Critical,
        period: Period {
            from: days(-1),
            to: days(0),
        },
        summary: "what happened".parse().unwrap(),
        evidence: List::empty(),
        reference: None,
    })
}

/// Whom an incident of this name concerns; the mine, if there is none.
fn concerned(world: &World, incident: &str) -> Subject {
    let known = world.ledger.incident(&world.incident(incident));
    known.map_or_else(|| world.subject("mine"), |known| known.subject)
}

pub(crate) fn updated(incident: &str, confidence: Confidence) -> Draft<IncidentUpdated> {
    let incident = incident.to_owned();
    Draft::new(Event::IncidentUpdated, move |world| IncidentUpdated {
        subject: concerned(world, &incident),
        incident: world.incident(&incident),
        confidence,
        severity: Severity::Critical,
        note: "what is new".parse().unwrap(),
        evidence: List::empty(),
    })
}

pub(crate) fn settled(incident: &str) -> Draft<IncidentClosed> {
    let incident = incident.to_owned();
    Draft::new(Event::IncidentClosed, move |world| IncidentClosed {
        subject: concerned(world, &incident),
        incident: world.incident(&incident),
        outcome: IncidentOutcome::Remedied,
        note: "what was done".parse().unwrap(),
    })
}

/// On the year that ends today.
pub(crate) fn reported() -> Draft<ReportPublished> {
    Draft::new(Event::ReportPublished, |_| ReportPublished {
        period: Period {
            from: days(-364),
            to: days(0),
        },
        summary: Digest::from_bytes([8; 32]),
        full: None,
    })
}

pub(crate) fn decided(organization: &str, standing: Standing) -> Draft<StandingDecided> {
    let organization = organization.to_owned();
    Draft::new(Event::StandingDecided, move |world| StandingDecided {
        organization: world.party(&organization),
        standing,
        reason: "what the board found".parse().unwrap(),
        evidence: List::empty(),
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

/// [`market`], where the scheme asks for [`gates`] and the monitor may assess as a third party.
pub(crate) fn judged_market() -> World {
    judged_history().into_iter().fold(World::default(), World::and)
}

/// How [`judged_market`] came to be.
pub(crate) fn judged_history() -> Vec<Say> {
    let mut history = market_history();
    history.push(says("scheme", gates("1")).called("gates"));
    history.push(says("scheme", accredited("monitor")));
    history
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
