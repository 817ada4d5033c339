//! Parties with seeded keys who say things: short words for long statements.

use ed25519_dalek::SigningKey;
use event::key::Digest;
use event::vocabulary::{
    Answer, AssessmentKind, AssessmentSubmitted, CatalogueDigest, CataloguePublished, Country, Criterion,
    CustodyAccepted, CustodyModel, CustodyOffered, DeploymentFounded, Deposit, Finding, KeyAuthorized, Line,
    LotDeclared, LotForm, PartyKind, PartyProfile, Period, QuantityBasis, Reaction, Scale, SealState, ShortText,
    SiteRegistered, Slug, Subject, TERMS_MAX, Term,
};
use event::{
    Date, DeploymentId, Event, List, LotId, Mass, PartyId, Record, SignedStatement, SiteId, Statement, StatementId,
    Timestamp,
};

/// 2026-01-01T00:00:00Z: when every world begins.
pub const BEGIN: Timestamp = Timestamp::from_unix_ms(1_767_225_600_000);

/// A party with one key.
#[derive(Clone, Debug)]
pub struct Signer {
    /// Its key.
    pub key: SigningKey,
    /// In whose name it signs.
    pub party: PartyId,
    /// The number of its latest statement.
    pub number: u64,
}

impl Signer {
    /// Signs the next statement.
    pub fn say(&mut self, deployment: DeploymentId, event: Event) -> SignedStatement {
        self.number += 1;
        let statement = Statement {
            party: self.party,
            number: self.number,
            stated_at: BEGIN,
            event,
        };
        SignedStatement::sign(&statement, deployment, &self.key).expect("tests say short things")
    }
}

/// A founded deployment and its scheme.
#[derive(Clone, Debug)]
pub struct World {
    /// The deployment.
    pub deployment: DeploymentId,
    /// Who runs it.
    pub scheme: Signer,
    seed: u64,
}

impl World {
    /// Founds a deployment; the statement that does so comes with it.
    #[must_use]
    pub fn found(seed: u64) -> (Self, SignedStatement) {
        let scheme = Signer {
            key: key(seed),
            party: PartyId::FOUNDER,
            number: 0,
        };
        let mut world = Self {
            deployment: DeploymentId::FOUNDING,
            scheme,
            seed,
        };
        let founded = Event::DeploymentFounded(DeploymentFounded {
            name: line("Test deployment"),
            scheme: profile(PartyKind::Scheme, "Test scheme"),
            policy: first_terms(&[
                Term::MitigationDaysMax(180),
                Term::AssuranceDaysMax(365),
                Term::PlanDaysMax(730),
            ]),
        });
        let statement = world.scheme.say(DeploymentId::FOUNDING, founded);
        let id = statement.id(DeploymentId::FOUNDING);
        world.deployment = DeploymentId::from_bytes(*id.as_bytes());
        world.scheme.party = PartyId::derive(id, 0);
        (world, statement)
    }

    /// A key no one else in this world has.
    pub fn new_key(&mut self) -> SigningKey {
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        key(self.seed)
    }

    /// Enrols a party and authorizes its key.
    pub fn enrol(&mut self, kind: PartyKind, name: &str) -> (Signer, [SignedStatement; 2]) {
        let key = self.new_key();
        let enrolled = self
            .scheme
            .say(self.deployment, Event::PartyEnrolled(profile(kind, name)));
        let party = PartyId::derive(self.id(&enrolled), 0);
        let authorized = KeyAuthorized {
            party,
            key: key.verifying_key().into(),
        };
        let authorized = self.scheme.say(self.deployment, Event::KeyAuthorized(authorized));
        (Signer { key, party, number: 0 }, [enrolled, authorized])
    }

    /// Registers a site of `operator`.
    pub fn site(&mut self, operator: &Signer, name: &str) -> (SiteId, SignedStatement) {
        let registered = self
            .scheme
            .say(self.deployment, Event::SiteRegistered(site(operator.party, name)));
        (SiteId::derive(self.id(&registered), 0), registered)
    }

    /// Publishes a catalogue of one question, answered by seeing or not seeing.
    pub fn catalogue(&mut self) -> (CatalogueDigest, SignedStatement) {
        let catalogue = catalogue();
        let digest = catalogue.digest();
        (
            digest,
            self.scheme.say(self.deployment, Event::CataloguePublished(catalogue)),
        )
    }

    /// The id of a statement in this deployment.
    #[must_use]
    pub fn id(&self, statement: &SignedStatement) -> StatementId {
        statement.id(self.deployment)
    }

    /// Declares a lot.
    pub fn declare(&self, by: &mut Signer, site: SiteId, grams: u64) -> (LotId, SignedStatement) {
        let statement = by.say(self.deployment, Event::LotDeclared(lot(site, grams)));
        (LotId::derive(self.id(&statement), 0), statement)
    }

    /// Offers a lot.
    pub fn offer(&self, by: &mut Signer, lot: LotId, after: StatementId, to: &Signer) -> SignedStatement {
        by.say(
            self.deployment,
            Event::CustodyOffered(CustodyOffered {
                lot,
                after,
                to: to.party,
                with_title: false,
                documents: List::empty(),
            }),
        )
    }

    /// Accepts a lot as weighed.
    pub fn accept(&self, by: &mut Signer, lot: LotId, after: StatementId, grams: u64) -> SignedStatement {
        let gross_mass = Mass::from_micrograms(grams * 1_000_000);
        by.say(
            self.deployment,
            Event::CustodyAccepted(CustodyAccepted {
                lot,
                after,
                gross_mass,
                seals: SealState::None,
            }),
        )
    }

    /// Assesses a site under [`World::catalogue`].
    pub fn assess(&self, by: &mut Signer, site: SiteId, catalogue: CatalogueDigest, seen: bool) -> SignedStatement {
        by.say(
            self.deployment,
            Event::AssessmentSubmitted(assessment(site, catalogue, seen)),
        )
    }
}

/// A stream record of a statement, admitted when every world begins.
#[must_use]
pub fn record(statement: &SignedStatement) -> Vec<u8> {
    Record::new(BEGIN, statement.clone()).encode()
}

/// The terms that a deployment is founded with, some of them otherwise. In a world without permits, none is asked for.
#[must_use]
pub fn first_terms(otherwise: &[Term]) -> List<Term, TERMS_MAX> {
    let otherwise = [&[Term::Unpermitted(Reaction::Flag)], otherwise].concat();
    let last = |first: &Term| {
        let same = |term: &&Term| core::mem::discriminant(*term) == core::mem::discriminant(first);
        *otherwise.iter().rev().find(same).unwrap_or(first)
    };
    list(ledger::FIRST_TERMS.iter().map(last).collect())
}

/// A signing key from a number.
#[must_use]
pub fn key(seed: u64) -> SigningKey {
    let mut bytes = [0x5a; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    SigningKey::from_bytes(&bytes)
}

/// Who a party is.
#[must_use]
pub fn profile(kind: PartyKind, name: &str) -> PartyProfile {
    PartyProfile {
        kind,
        name: line(name),
        country: country("CD"),
        languages: List::empty(),
        reference: None,
    }
}

/// A site without much known about it.
#[must_use]
pub fn site(operator: PartyId, name: &str) -> SiteRegistered {
    SiteRegistered {
        operator,
        name: line(name),
        country: country("CD"),
        area: None,
        cell: None,
        deposit: Deposit::Alluvial,
        point_commitment: None,
        fineness_band: None,
        reference: None,
    }
}

/// A catalogue of one question.
#[must_use]
pub fn catalogue() -> CataloguePublished {
    CataloguePublished {
        slug: slug("test"),
        version: short("1"),
        licence: short("CC-BY-SA-4.0"),
        full_text: Digest::from_bytes([7; 32]),
        supersedes: None,
        criteria: list(vec![question("mercury", Scale::Observation, "Mercury?")]),
        indicators: List::empty(),
    }
}

/// A question of no module.
#[must_use]
pub fn question(name: &str, scale: Scale, words: &str) -> Criterion {
    Criterion {
        slug: slug(name),
        scale,
        question: line(words),
        module: None,
        pillar: None,
        theme: None,
        replaces: None,
    }
}

/// An assessment of a site by a monitor.
#[must_use]
pub fn assessment(site: SiteId, catalogue: CatalogueDigest, seen: bool) -> AssessmentSubmitted {
    let answer = if seen { Answer::Observed } else { Answer::NoneObserved };
    AssessmentSubmitted {
        subject: Subject::Site(site),
        kind: AssessmentKind::Monitor,
        period: day(),
        catalogue,
        findings: list(vec![Finding {
            criterion: 0,
            answer,
            evidence: List::empty(),
        }]),
        measurements: List::empty(),
        reference: None,
    }
}

/// A lot of illustrative mass.
#[must_use]
pub fn lot(site: SiteId, grams: u64) -> LotDeclared {
    LotDeclared {
        site,
        form: LotForm::Dore,
        gross_mass: Mass::from_micrograms(grams * 1_000_000),
        basis: QuantityBasis::Illustrative,
        fineness: None,
        extracted: day(),
        custody_model: CustodyModel::IdentityPreserved,
        seals: List::empty(),
        miners: None,
        documents: List::empty(),
    }
}

/// The day before every world begins.
#[must_use]
pub fn day() -> Period {
    let day = Date::from_unix_days(BEGIN.date().unix_days() - 1);
    Period { from: day, to: day }
}

/// A line of text.
#[must_use]
pub fn line(text: &str) -> Line {
    Line::new(text).expect("a good line")
}

/// A short text.
#[must_use]
pub fn short(text: &str) -> ShortText {
    ShortText::new(text).expect("a good text")
}

/// A slug.
#[must_use]
pub fn slug(text: &str) -> Slug {
    text.parse().expect("a good slug")
}

/// A list within its limit.
#[must_use]
pub fn list<T: core::fmt::Debug, const MAX: usize>(elements: Vec<T>) -> List<T, MAX> {
    elements.try_into().expect("a short list")
}

fn country(text: &str) -> Country {
    text.parse().expect("a country")
}
