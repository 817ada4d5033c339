//! How much fits into one statement, whose body is 48 KiB at most.

use event::key::Digest;
use event::statement::STATEMENT_BODY_BYTES_MAX;
use event::vocabulary::{
    Answer, AssessmentConfirmed, AssessmentContested, AssessmentKind, AssessmentSubmitted, Bar, CONSIGNMENT_LOTS_MAX,
    CRITERIA_MAX, CatalogueDigest, CataloguePublished, Country, Criterion, CustodyModel, DELEGATED_KINDS_MAX,
    DELEGATED_SITES_MAX, DelegationGranted, EVIDENCE_MAX, EventKind, Evidence, Finding, FinenessClaim, FinenessMethod,
    INDICATORS_MAX, INPUTS_MAX, Indicator, Line, LotAfter, LotExported, LotForm, LotsTransformed, MILESTONE_AFTER_MAX,
    MILESTONES_MAX, Measurement, Milestone, Module, OUTPUTS_MAX, Output, PERMIT_SITES_MAX, Period, PermitKind,
    PermitRecorded, Pillar, PlanAdopted, Reference, RegisterCheck, SHORT_TEXT_BYTES_MAX, Scale, Subject,
    TEXT_BYTES_MAX, Transformation, Unit,
};
use event::{
    AssessmentId, Date, Event, Fineness, List, LotId, Mass, PartyId, SignedStatement, SiteId, Statement, StatementId,
    Text, Timestamp, VerifyError,
};

/// The criteria of a catalogue that is derived from CRAFT.
const CRAFT_CRITERIA: usize = 56;

#[test]
fn a_catalogue_derived_from_craft_fits_with_every_text_at_full_length() {
    check(catalogue(CRAFT_CRITERIA, INDICATORS_MAX, TEXT_BYTES_MAX), true);
}

#[test]
fn the_largest_catalogue_fits_with_questions_of_a_line() {
    check(catalogue(CRITERIA_MAX, 0, 40), true);
    check(catalogue(CRITERIA_MAX, 0, TEXT_BYTES_MAX), false);
}

#[test]
fn an_assessment_of_every_criterion_and_indicator_fits_with_evidence_and_words() {
    check(assessment(CRITERIA_MAX, 4, &Answer::Words(line(48))), true);
    check(assessment(CRITERIA_MAX, 5, &Answer::Count(u64::MAX)), true);
    check(assessment(CRITERIA_MAX, 6, &Answer::Pass), false);
    check(assessment(CRITERIA_MAX, 0, &Answer::Words(line(TEXT_BYTES_MAX))), false);
}

#[test]
fn an_assessment_derived_from_craft_fits_with_all_that_may_support_it() {
    check(
        assessment(CRAFT_CRITERIA, EVIDENCE_MAX, &Answer::Words(line(TEXT_BYTES_MAX))),
        true,
    );
}

#[test]
fn plans_delegations_and_answers_fit_with_every_field_at_full_length() {
    check(plan(), true);
    check(delegation(), true);
    check(confirmation(), true);
    check(contest(), true);
}

#[test]
fn the_largest_transformation_fits_with_two_seals_and_a_stamp_on_each_bar() {
    check(transformation(2), true);
    check(transformation(4), false);
}

#[test]
fn a_full_consignment_and_a_permit_of_many_sites_fit_with_every_field_at_full_length() {
    check(consignment(), true);
    check(permit(), true);
}

/// Checks whether a statement of `event`, with numbers as long as they get, can be signed.
#[track_caller]
fn check(event: Event, fits: bool) {
    let (_, deployment, key) = crate::vectors::a_signed_statement();
    let statement = Statement {
        party: PartyId::from_bytes([0xff; 16]),
        number: u64::MAX,
        stated_at: Timestamp::MIN,
        event,
    };
    let length = event::codec::encode(&statement).len();
    let signed = SignedStatement::sign(&statement, deployment, &key);
    assert_eq!(signed.is_ok(), fits, "{length} bytes of {STATEMENT_BODY_BYTES_MAX}");
    match signed {
        Ok(signed) => assert!(signed.verify(deployment).is_ok(), "{length} bytes"),
        Err(error) => assert_eq!(error, VerifyError::TooLong),
    }
}

fn catalogue(criteria: usize, indicators: usize, question_bytes: usize) -> Event {
    let slug = |place: usize| format!("{place:0>SHORT_TEXT_BYTES_MAX$}").parse().expect("a slug");
    let criterion = |place| Criterion {
        slug: slug(place),
        scale: Scale::Level { max: u8::MAX },
        question: line(question_bytes),
        module: Some(Module::Improvement),
        pillar: Some(Pillar::Governance),
        theme: Some(slug(place)),
        replaces: Some(u16::MAX),
    };
    let indicator = |place| Indicator {
        slug: slug(place),
        unit: Unit::PartsPerMillion,
        question: line(question_bytes),
        pillar: Some(Pillar::Governance),
        replaces: Some(u16::MAX),
    };
    Event::CataloguePublished(CataloguePublished {
        slug: slug(0),
        version: text(SHORT_TEXT_BYTES_MAX),
        licence: text(SHORT_TEXT_BYTES_MAX),
        full_text: digest(),
        supersedes: Some(catalogue_digest()),
        criteria: list((0..criteria).map(criterion)),
        indicators: list((0..indicators).map(indicator)),
    })
}

/// Of so many criteria, each with so many digests and this answer; and of every indicator.
fn assessment(findings: usize, digests: usize, answer: &Answer) -> Event {
    let finding = |_| Finding {
        criterion: u16::MAX,
        answer: answer.clone(),
        evidence: evidence(digests),
    };
    let measurement = |_| Measurement {
        indicator: u16::MAX,
        value: u64::MAX,
    };
    Event::AssessmentSubmitted(AssessmentSubmitted {
        subject: Subject::Site(site()),
        kind: AssessmentKind::ThirdParty,
        period: Period {
            from: Date::from_unix_days(i32::MIN),
            to: Date::from_unix_days(i32::MAX),
        },
        catalogue: catalogue_digest(),
        findings: list((0..findings).map(finding)),
        measurements: list((0..INDICATORS_MAX).map(measurement)),
        reference: Some(number()),
    })
}

fn plan() -> Event {
    let milestone = |_| Milestone {
        criterion: u16::MAX,
        action: line(TEXT_BYTES_MAX),
        due: Date::from_unix_days(i32::MIN),
        after: list((0..MILESTONE_AFTER_MAX).map(|_| u8::MAX)),
    };
    Event::PlanAdopted(PlanAdopted {
        catalogue: catalogue_digest(),
        criteria: every_criterion(),
        milestones: list((0..MILESTONES_MAX).map(milestone)),
    })
}

fn delegation() -> Event {
    Event::DelegationGranted(DelegationGranted {
        to: PartyId::from_bytes([0xff; 16]),
        kinds: list((0..DELEGATED_KINDS_MAX).map(|_| EventKind::StandingDecided)),
        sites: list((0..DELEGATED_SITES_MAX).map(|_| site())),
        gross_mass_max: Some(Mass::from_micrograms(u64::MAX)),
        until: Date::from_unix_days(i32::MIN),
    })
}

fn confirmation() -> Event {
    Event::AssessmentConfirmed(AssessmentConfirmed {
        subject: Subject::Site(site()),
        assessment: AssessmentId::from_bytes([0xff; 16]),
        criteria: every_criterion(),
        note: Some(line(TEXT_BYTES_MAX)),
        evidence: evidence(EVIDENCE_MAX),
    })
}

fn contest() -> Event {
    Event::AssessmentContested(AssessmentContested {
        subject: Subject::Site(site()),
        assessment: AssessmentId::from_bytes([0xff; 16]),
        criteria: every_criterion(),
        reason: line(TEXT_BYTES_MAX),
        evidence: evidence(EVIDENCE_MAX),
    })
}

/// As many lots as there may be, with so many seals on each that comes out.
fn transformation(seals: usize) -> Event {
    let output = |_| Output {
        form: LotForm::Residue,
        gross_mass: Mass::from_micrograms(u64::MAX),
        fineness: FinenessClaim {
            fineness: Fineness::PURE,
            method: FinenessMethod::FireAssay,
        },
        seals: list((0..seals).map(|_| text(SHORT_TEXT_BYTES_MAX))),
        bar: Some(Bar {
            brand: text(SHORT_TEXT_BYTES_MAX),
            serial: text(SHORT_TEXT_BYTES_MAX),
            year: u16::MAX,
        }),
    };
    Event::LotsTransformed(LotsTransformed {
        how: Transformation::Cast,
        inputs: list((0..INPUTS_MAX).map(|_| lot_after())),
        outputs: list((0..OUTPUTS_MAX).map(output)),
        custody_model: CustodyModel::MassBalance,
        lost_gross_mass: Mass::from_micrograms(u64::MAX),
        lost_fine_mass: Mass::from_micrograms(u64::MAX),
        melt: Some(text(SHORT_TEXT_BYTES_MAX)),
        witness: Some(PartyId::from_bytes([0xff; 16])),
        documents: evidence(EVIDENCE_MAX),
    })
}

fn consignment() -> Event {
    Event::LotExported(LotExported {
        lots: list((0..CONSIGNMENT_LOTS_MAX).map(|_| lot_after())),
        certificate: number(),
        authority: line(TEXT_BYTES_MAX),
        issued: Date::from_unix_days(i32::MIN),
        expires: Date::from_unix_days(i32::MAX),
        certified_gross_mass: Mass::from_micrograms(u64::MAX),
        from: Country::NONE,
        to: Country::NONE,
        importer: PartyId::from_bytes([0xff; 16]),
        hs_code: text(SHORT_TEXT_BYTES_MAX),
        documents: evidence(EVIDENCE_MAX),
    })
}

fn permit() -> Event {
    Event::PermitRecorded(PermitRecorded {
        kind: PermitKind::Subsistence,
        number: number(),
        authority: line(TEXT_BYTES_MAX),
        holder: PartyId::from_bytes([0xff; 16]),
        from: Date::from_unix_days(i32::MIN),
        until: Some(Date::from_unix_days(i32::MAX)),
        sites: list((0..PERMIT_SITES_MAX).map(|_| site())),
        document: Some(digest()),
        checked: Some(RegisterCheck {
            register: line(TEXT_BYTES_MAX),
            on: Date::from_unix_days(i32::MIN),
        }),
    })
}

fn lot_after() -> LotAfter {
    LotAfter {
        lot: LotId::from_bytes([0xff; 16]),
        after: StatementId::from_bytes([0xff; 32]),
    }
}

fn number() -> Reference {
    Reference {
        source: "s".repeat(SHORT_TEXT_BYTES_MAX).parse().expect("a slug"),
        value: text(SHORT_TEXT_BYTES_MAX),
    }
}

fn every_criterion() -> List<u16, CRITERIA_MAX> {
    list((0..CRITERIA_MAX).map(|_| u16::MAX))
}

fn evidence(digests: usize) -> Evidence {
    list((0..digests).map(|_| digest()))
}

fn list<T, const MAX: usize>(elements: impl Iterator<Item = T>) -> List<T, MAX> {
    elements.collect::<Vec<_>>().try_into().expect("as many as allowed")
}

fn line(bytes: usize) -> Line {
    text(bytes)
}

fn text<const MAX: usize>(bytes: usize) -> Text<MAX> {
    Text::new(&"x".repeat(bytes)).expect("as long as allowed")
}

fn site() -> SiteId {
    SiteId::from_bytes([0xff; 16])
}

fn digest() -> Digest {
    Digest::from_bytes([0xff; 32])
}

fn catalogue_digest() -> CatalogueDigest {
    CatalogueDigest::from_bytes([0xff; 32])
}
