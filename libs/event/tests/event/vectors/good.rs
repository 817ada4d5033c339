//! The vectors that hold: every event, and every value that a field of one can take a kind of.

mod conduct;
mod permits;
mod policy;
mod progress;
mod trade;

use ed25519_dalek::{Signer, SigningKey};
use event::codec::encode;
use event::key::Digest;
use event::statement::{Body, STATEMENT_BODY_BYTES_MAX, SignatureBytes};
use event::vocabulary::{
    AccreditationWithdrawn, Answer, AssayPurpose, AssessmentKind, AssessorAccredited, CapacityPeriod, Cell, Confidence,
    CustodyAccepted, CustodyDeclined, CustodyModel, CustodyOffered, DelegationGranted, DelegationRevoked,
    DeploymentFounded, Deposit, EventKind, Evidence, FinenessBand, FinenessClaim, FinenessMethod, IncidentCategory,
    IncidentOutcome, KeyAuthorized, KeyRevoked, Loss, LotDeclared, LotForm, LotRetired, MilestoneState, Module,
    OfferWithdrawn, PartyKind, PartyProfile, Period, PermitKind, PermitStatus, Pillar, PlanOutcome, QuantityBasis,
    Reaction, Reference, RevocationReason, Scale, SealState, Severity, SiteRegistered, Standing, Subject,
    TEXT_BYTES_MAX, Term, Transformation, Unit,
};
use event::{
    AssessmentId, Date, DeploymentId, Event, Fineness, IncidentId, List, LotId, Mass, PartyId, PermitId, PlanId,
    PublicKey, Record, SignedStatement, SiteId, Statement, StatementId, StreamPosition, Text, Timestamp,
};

use super::{Vector, created, hex};
use crate::adversary::{KnownPoint, search};
use crate::variants::names;

/// The day on which everything in the vectors happens: 2026-05-31T12:00:00.250Z.
pub(super) const NOON: Timestamp = Timestamp::from_unix_ms(1_780_228_800_250);

/// Every good vector.
pub(super) fn vectors() -> Vec<Vector> {
    let mut vectors = vec![founding_vector()];
    vectors.extend(
        events()
            .into_iter()
            .map(|(name, comment, event)| event_vector(name, comment, event)),
    );
    vectors.extend(envelope_vectors());
    vectors.extend(record_vectors());
    vectors.extend(id_vectors());
    vectors.extend(key_vectors());
    vectors
}

/// Where the values of every enum stand in JSON, and the names of its variants as the decoder itself knows them.
pub(super) fn every_enum() -> Vec<(&'static str, Vec<String>)> {
    vec![
        ("event", names::<Event>()),
        ("kinds", names::<EventKind>()),
        ("kind", names::<PartyKind>()),
        ("reason", names::<RevocationReason>()),
        ("deposit", names::<Deposit>()),
        ("terms", names::<Term>()),
        ("scale", names::<Scale>()),
        ("module", names::<Module>()),
        ("pillar", names::<Pillar>()),
        ("unit", names::<Unit>()),
        ("subject", names::<Subject>()),
        ("kind", names::<AssessmentKind>()),
        ("answer", names::<Answer>()),
        ("state", names::<MilestoneState>()),
        ("outcome", names::<PlanOutcome>()),
        ("category", names::<IncidentCategory>()),
        ("confidence", names::<Confidence>()),
        ("severity", names::<Severity>()),
        ("outcome", names::<IncidentOutcome>()),
        ("standing", names::<Standing>()),
        ("form", names::<LotForm>()),
        ("basis", names::<QuantityBasis>()),
        ("method", names::<FinenessMethod>()),
        ("custody_model", names::<CustodyModel>()),
        ("seals", names::<SealState>()),
        ("kind", names::<PermitKind>()),
        ("status", names::<PermitStatus>()),
        ("per", names::<CapacityPeriod>()),
        ("purpose", names::<AssayPurpose>()),
        ("how", names::<Transformation>()),
        ("how", names::<Loss>()),
        ("Unpermitted", names::<Reaction>()),
    ]
}

/// The founder's key.
pub(super) fn founder() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

/// The deployment that all the other statements are signed for.
pub(super) fn deployment() -> DeploymentId {
    let id = signed_founding().id(DeploymentId::FOUNDING);
    DeploymentId::from_bytes(*id.as_bytes())
}

/// A statement of the founder's party.
pub(super) fn statement(number: u64, event: Event) -> Statement {
    Statement {
        party: party(),
        number,
        stated_at: NOON,
        event,
    }
}

/// Signed by the founder.
pub(super) fn sign(statement: &Statement, deployment: DeploymentId) -> SignedStatement {
    SignedStatement::sign(statement, deployment, &founder()).expect("a short statement")
}

/// A short event for cases that are about something else.
pub(super) fn withdrawal() -> Event {
    Event::OfferWithdrawn(OfferWithdrawn {
        lot: lot(),
        after: after(),
    })
}

/// The party that states everything.
pub(super) fn party() -> PartyId {
    PartyId::from_bytes(*b"a golden party..")
}

/// Somebody else.
pub(super) fn other_party() -> PartyId {
    PartyId::from_bytes(*b"another party...")
}

/// The assessment that others speak about.
pub(super) fn assessment() -> AssessmentId {
    AssessmentId::from_bytes(*b"an assessment...")
}

/// The plan that is followed.
pub(super) fn plan() -> PlanId {
    PlanId::from_bytes(*b"a golden plan...")
}

/// The permit that is looked up.
pub(super) fn permit() -> PermitId {
    PermitId::from_bytes(*b"a golden permit.")
}

/// The incident that is dealt with.
pub(super) fn incident() -> IncidentId {
    IncidentId::from_bytes(*b"a bad incident..")
}

/// The lot that is handed on.
pub(super) fn lot() -> LotId {
    LotId::from_bytes(*b"a golden lot....")
}

/// The site where it was dug.
pub(super) fn site() -> SiteId {
    SiteId::from_bytes(*b"a golden site...")
}

/// The statement that came before.
pub(super) fn after() -> StatementId {
    StatementId::from_bytes([0xaf; 32])
}

/// A vector of a statement that verifies.
pub(super) fn verified(name: &str, comment: &str, signed: &SignedStatement, deployment: DeploymentId) -> Vector {
    let verified = signed
        .clone()
        .verify(deployment)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    Vector::new("statement", name, "verified", comment)
        .with("deployment", deployment)
        .with("signed", hex(&signed.encode()))
        .with("id", verified.id())
        .with("creates", created(&verified))
        .with("key-usable", verified.key().is_usable())
        .with("topic", verified.event().kind().topic().subject(verified.party()))
        .with(
            "json",
            serde_json::to_string(verified.statement()).expect("a statement can be written as JSON"),
        )
}

fn event_vector(name: &str, comment: &str, event: Event) -> Vector {
    verified(name, comment, &sign(&statement(2, event), deployment()), deployment())
}

fn founding_vector() -> Vector {
    let comment = "its id is the deployment that every other vector is signed for";
    verified(
        "deployment-founded",
        comment,
        &signed_founding(),
        DeploymentId::FOUNDING,
    )
}

fn signed_founding() -> SignedStatement {
    let founding = Statement {
        party: PartyId::FOUNDER,
        ..statement(1, founding())
    };
    sign(&founding, DeploymentId::FOUNDING)
}

fn founding() -> Event {
    Event::DeploymentFounded(DeploymentFounded {
        name: text("Golden vectors"),
        scheme: profile(PartyKind::Scheme),
        policy: policy::first_terms(),
    })
}

/// The name of a vector, what it is for, and what is stated in it.
type Case = (&'static str, &'static str, Event);

fn events() -> Vec<Case> {
    let mut events = party_events();
    events.extend(key_events());
    events.extend(delegation_events());
    events.extend(site_events());
    events.extend(policy::events());
    events.extend(permits::events());
    events.extend(progress::events());
    events.extend(conduct::events());
    events.extend(lot_events());
    events.extend(custody_events());
    events.extend(trade::events());
    events
}

fn party_events() -> Vec<Case> {
    let kinds = [
        ("party-enrolled-miners-organization", PartyKind::MinersOrganization),
        ("party-enrolled-informal-miners-group", PartyKind::InformalMinersGroup),
        ("party-enrolled-processor", PartyKind::Processor),
        ("party-enrolled-trader", PartyKind::Trader),
        ("party-enrolled-exporter", PartyKind::Exporter),
        ("party-enrolled-carrier", PartyKind::Carrier),
        ("party-enrolled-assayer", PartyKind::Assayer),
        ("party-enrolled-refiner", PartyKind::Refiner),
        ("party-enrolled-buyer", PartyKind::Buyer),
        ("party-enrolled-assessor", PartyKind::Assessor),
        ("party-enrolled-authority", PartyKind::Authority),
        ("party-enrolled-scheme", PartyKind::Scheme),
        ("party-enrolled-auditor", PartyKind::Auditor),
    ];
    kinds
        .map(|(name, kind)| (name, "a profile with every field", Event::PartyEnrolled(profile(kind))))
        .to_vec()
}

fn key_events() -> Vec<Case> {
    let key = PublicKey::from(SigningKey::from_bytes(&[2; 32]).verifying_key());
    let revoked = |reason| Event::KeyRevoked(KeyRevoked { key, reason });
    let since = StreamPosition::new(70_000);
    vec![
        (
            "key-authorized",
            "a second key",
            Event::KeyAuthorized(KeyAuthorized { party: party(), key }),
        ),
        (
            "key-revoked-left",
            "a reason without a field",
            revoked(RevocationReason::Left),
        ),
        (
            "key-revoked-lost",
            "a reason without a field",
            revoked(RevocationReason::Lost),
        ),
        (
            "key-revoked-compromised",
            "a reason with a position",
            revoked(RevocationReason::Compromised { since }),
        ),
    ]
}

fn delegation_events() -> Vec<Case> {
    let granted = |kinds: Vec<EventKind>, sites: Vec<SiteId>, gross_mass_max| {
        Event::DelegationGranted(DelegationGranted {
            to: other_party(),
            kinds: kinds.try_into().expect("fewer kinds than one delegation may cover"),
            sites: sites.try_into().expect("few sites"),
            gross_mass_max,
            until: day("2027-05-31"),
        })
    };
    let delegable = EventKind::ALL.iter().copied().filter(|kind| kind.is_delegable());
    let accredited = AssessorAccredited {
        assessor: other_party(),
        until: day("2028-02-29"),
        basis: text("ISO/IEC 17020, seen by the scheme"),
    };
    let discredited = AccreditationWithdrawn {
        assessor: other_party(),
        reason: text("assessed an organization of its own"),
    };
    vec![
        (
            "delegation-granted",
            "every kind that can be delegated, at two sites, up to a mass",
            granted(
                delegable.collect(),
                vec![site(), SiteId::from_bytes([0xff; 16])],
                Some(Mass::from_micrograms(250_000_000)),
            ),
        ),
        (
            "delegation-granted-every-kind",
            "every kind there is, everywhere, without a limit; no ledger may admit it",
            granted(EventKind::ALL.to_vec(), Vec::new(), None),
        ),
        (
            "delegation-revoked",
            "whose it is stands in the statement",
            Event::DelegationRevoked(DelegationRevoked { to: other_party() }),
        ),
        (
            "assessor-accredited",
            "until a leap day",
            Event::AssessorAccredited(accredited),
        ),
        (
            "accreditation-withdrawn",
            "a reason in words",
            Event::AccreditationWithdrawn(discredited),
        ),
    ]
}

fn site_events() -> Vec<Case> {
    let full = SiteRegistered {
        operator: party(),
        name: text("Kalimva-2 “grande carrière”"),
        country: "CD".parse().expect("a country"),
        area: Some(text("Ituri, Mambasa")),
        cell: Some(Cell { south: -12, west: 291 }),
        deposit: Deposit::Alluvial,
        point_commitment: Some(Digest::from_bytes([0xc0; 32])),
        fineness_band: Some(FinenessBand {
            from: fineness(850_000),
            to: fineness(1_000_000),
        }),
        reference: Some(reference()),
    };
    let bare = SiteRegistered {
        area: None,
        cell: None,
        deposit: Deposit::Unknown,
        point_commitment: None,
        fineness_band: None,
        reference: None,
        ..full.clone()
    };
    let with = |deposit| {
        Event::SiteRegistered(SiteRegistered {
            deposit,
            ..full.clone()
        })
    };
    vec![
        (
            "site-registered-alluvial",
            "every field, text beyond ASCII, a negative number",
            with(Deposit::Alluvial),
        ),
        ("site-registered-eluvial", "every field", with(Deposit::Eluvial)),
        ("site-registered-primary", "every field", with(Deposit::Primary)),
        ("site-registered-tailings", "every field", with(Deposit::Tailings)),
        (
            "site-registered-unknown",
            "no field that may be left out",
            Event::SiteRegistered(bare),
        ),
    ]
}

fn lot_events() -> Vec<Case> {
    use {CustodyModel as Model, FinenessMethod as Method, LotForm as Form};
    let lots = [
        (
            "lot-declared-concentrate",
            Form::Concentrate,
            None,
            Model::IdentityPreserved,
        ),
        (
            "lot-declared-amalgam",
            Form::Amalgam,
            Some(Method::Estimate),
            Model::IdentityPreserved,
        ),
        (
            "lot-declared-sponge",
            Form::Sponge,
            Some(Method::Touchstone),
            Model::Segregated,
        ),
        (
            "lot-declared-dust",
            Form::Dust,
            Some(Method::Density),
            Model::Segregated,
        ),
        ("lot-declared-dore", Form::Dore, Some(Method::Xrf), Model::MassBalance),
        (
            "lot-declared-fine",
            Form::Fine,
            Some(Method::FireAssay),
            Model::MassBalance,
        ),
        ("lot-declared-residue", Form::Residue, None, Model::MassBalance),
    ];
    let declared = lots.map(|(name, form, method, custody_model)| {
        let basis = if method.is_some() {
            QuantityBasis::Weighed
        } else {
            QuantityBasis::Illustrative
        };
        let fineness = method.map(|method| FinenessClaim {
            fineness: fineness(915_500),
            method,
        });
        let event = LotDeclared {
            form,
            basis,
            fineness,
            custody_model,
            ..some_lot()
        };
        (name, "two seals", Event::LotDeclared(event))
    });
    let documented = LotDeclared {
        miners: Some(12),
        documents: evidence(&[1, 2]),
        ..some_lot()
    };
    let mut declared = declared.to_vec();
    declared.push((
        "lot-declared-documented",
        "how many dug it, and two documents",
        Event::LotDeclared(documented),
    ));
    declared
}

fn some_lot() -> LotDeclared {
    LotDeclared {
        site: site(),
        form: LotForm::Dust,
        gross_mass: Mass::from_micrograms(12_500_000),
        basis: QuantityBasis::Weighed,
        fineness: None,
        extracted: period(),
        custody_model: CustodyModel::Segregated,
        seals: vec![text("B-0041"), text("B-0042")].try_into().expect("two seals"),
        miners: None,
        documents: List::empty(),
    }
}

fn custody_events() -> Vec<Case> {
    let (lot, after, to) = (lot(), after(), party());
    let offered = |with_title, documents: &[u8]| {
        Event::CustodyOffered(CustodyOffered {
            lot,
            after,
            to,
            with_title,
            documents: evidence(documents),
        })
    };
    let accepted = |micrograms, seals| {
        let gross_mass = Mass::from_micrograms(micrograms);
        Event::CustodyAccepted(CustodyAccepted {
            lot,
            after,
            gross_mass,
            seals,
        })
    };
    let declined = CustodyDeclined {
        lot,
        after,
        reason: text("seal B-0042 is broken"),
    };
    let retired = LotRetired {
        lot,
        after,
        reason: text("lost in the river"),
    };
    vec![
        ("custody-offered", "the founder offers to itself", offered(false, &[])),
        (
            "custody-offered-with-title",
            "and two documents",
            offered(true, &[1, 2]),
        ),
        (
            "custody-accepted-none",
            "the heaviest mass that fits",
            accepted(u64::MAX, SealState::None),
        ),
        (
            "custody-accepted-intact",
            "a mass of four bytes",
            accepted(12_499_000, SealState::Intact),
        ),
        ("custody-accepted-broken", "no mass", accepted(0, SealState::Broken)),
        (
            "custody-declined",
            "a reason in words",
            Event::CustodyDeclined(declined),
        ),
        ("offer-withdrawn", "the shortest event", withdrawal()),
        ("lot-retired", "a reason in words", Event::LotRetired(retired)),
    ]
}

/// What the envelope allows at its edges.
fn envelope_vectors() -> Vec<Vector> {
    let edge = Statement {
        party: PartyId::from_bytes([0xff; 16]),
        number: u64::MAX,
        stated_at: Timestamp::MIN,
        event: withdrawal(),
    };
    let body = encode(&statement(2, withdrawal()));
    let mixed = search(&KnownPoint::mixed(1, 1), 0, true, deployment(), &body);
    vec![
        verified(
            "extreme-numbers",
            "every number as far out as it goes",
            &sign(&edge, deployment()),
            deployment(),
        ),
        verified(
            "longest",
            "a body of 49,152 bytes, the longest allowed",
            &longest(0),
            deployment(),
        ),
        verified(
            "mixed-order-key",
            "a key of order 8ℓ whose signature happens to hold exactly; no ledger may authorize such a key",
            &mixed,
            deployment(),
        ),
    ]
}

/// A catalogue whose body is 49,152 bytes long, and `more`.
pub(super) fn longest(more: usize) -> SignedStatement {
    let wanted = STATEMENT_BODY_BYTES_MAX + more;
    let body = |lengths: &[usize]| encode(&statement(2, progress::questions(lengths)));
    // A criterion with a question of 200 bytes takes 221; what is left after 222 of them is spread over the questions.
    let mut lengths = [200; 222];
    let mut missing = wanted - body(&lengths).len();
    for length in &mut lengths {
        let added = missing.min(TEXT_BYTES_MAX - *length);
        *length += added;
        missing -= added;
    }
    assert_eq!(
        body(&lengths).len(),
        wanted,
        "the questions can be made as long as needed"
    );
    sign_body(&body(&lengths))
}

/// Signed by the founder, whatever the bytes are: `SignedStatement::sign` signs statements only.
pub(super) fn sign_body(body: &[u8]) -> SignedStatement {
    let signed_bytes = [b"veta/statement/v1\n".as_slice(), deployment().as_bytes(), body].concat();
    SignedStatement {
        key: founder().verifying_key().into(),
        signature: SignatureBytes(founder().sign(&signed_bytes).to_bytes()),
        body: Body(body.to_vec()),
    }
}

fn record_vectors() -> Vec<Vector> {
    let signed = sign(&statement(2, withdrawal()), deployment());
    let record = |name, comment, admitted_at: Timestamp| {
        Vector::new("record", name, "decoded", comment)
            .with("payload", hex(&Record::new(admitted_at, signed.clone()).encode()))
            .with("admitted-at", admitted_at.unix_ms())
            .with("signed", hex(&signed.encode()))
    };
    vec![
        record("admitted", "as the stream holds it", NOON.plus_ms(73)),
        record("admitted-before-1970", "a negative time", Timestamp::from_unix_ms(-1)),
    ]
}

fn id_vectors() -> Vec<Vector> {
    let bytes = *lot().as_bytes();
    let canonical = lot().to_string();
    let id = |name, prefix, comment, text: &str, bytes: [u8; 16], canonical: &str| {
        Vector::new("id", name, "id", comment)
            .with("prefix", prefix)
            .with("text", text)
            .with("bytes", hex(&bytes))
            .with("canonical", canonical)
    };
    let own = |name, prefix, text: String, bytes| id(name, prefix, "as it is written", &text, bytes, &text);
    let ones = LotId::from_bytes((0..12).fold(0_u128, |sum, _| (sum << 10) | 1).to_be_bytes());
    let aliased = ones
        .to_string()
        .replace('0', "o")
        .replacen('1', "i", 4)
        .replace('1', "L");
    vec![
        own("org", "org", party().to_string(), *party().as_bytes()),
        own("site", "site", site().to_string(), *site().as_bytes()),
        own("lot", "lot", canonical.clone(), bytes),
        own(
            "assessment",
            "assessment",
            AssessmentId::from_bytes(bytes).to_string(),
            bytes,
        ),
        own("plan", "plan", plan().to_string(), *plan().as_bytes()),
        own("incident", "incident", incident().to_string(), *incident().as_bytes()),
        own("permit", "permit", permit().to_string(), *permit().as_bytes()),
        own("lot-lowest", "lot", LotId::from_bytes([0; 16]).to_string(), [0; 16]),
        own(
            "lot-highest",
            "lot",
            LotId::from_bytes([0xff; 16]).to_string(),
            [0xff; 16],
        ),
        id(
            "upper-case",
            "lot",
            "case says nothing",
            &canonical.to_uppercase(),
            bytes,
            &canonical,
        ),
        id(
            "aliases",
            "lot",
            "i and l are read as 1, o as 0",
            &aliased,
            *ones.as_bytes(),
            &ones.to_string(),
        ),
    ]
}

fn key_vectors() -> Vec<Vector> {
    let key = |name, comment, bytes: [u8; 32]| {
        Vector::new("key", name, "usable", comment).with("key", PublicKey::from_bytes(bytes))
    };
    vec![
        key("honest", "the founder's", founder().verifying_key().to_bytes()),
        key(
            "prime-order",
            "a point of the prime-order group",
            KnownPoint::mixed(1, 0).bytes(),
        ),
    ]
}

fn profile(kind: PartyKind) -> PartyProfile {
    PartyProfile {
        kind,
        name: text("Coopérative minière «Umoja»"),
        country: "CD".parse().expect("a country"),
        languages: vec![text("sw"), text("fr-CD")].try_into().expect("two languages"),
        reference: Some(reference()),
    }
}

fn reference() -> Reference {
    Reference {
        source: "ipis.visits_2-x".parse().expect("a slug"),
        value: text("codmine00123"),
    }
}

fn period() -> Period {
    Period {
        from: day("1969-12-25"),
        to: day("2026-05-31"),
    }
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// Some digests of files.
fn evidence(bytes: &[u8]) -> Evidence {
    let digests: Vec<Digest> = bytes.iter().map(|byte| Digest::from_bytes([*byte; 32])).collect();
    digests.try_into().expect("few digests")
}

fn fineness(ppm: u32) -> Fineness {
    Fineness::from_ppm(ppm).expect("not above a million")
}

fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    Text::new(text).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}
