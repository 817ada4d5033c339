//! How much fits into one statement, whose body is 48 KiB at most.

use event::key::Digest;
use event::statement::STATEMENT_BODY_BYTES_MAX;
use event::vocabulary::{
    Answer, AssessmentConfirmed, AssessmentContested, AssessmentKind, AssessmentSubmitted, CRITERIA_MAX,
    CatalogueDigest, CataloguePublished, Criterion, DELEGATED_KINDS_MAX, DELEGATED_SITES_MAX, DelegationGranted,
    EVIDENCE_MAX, EventKind, Evidence, Finding, INDICATORS_MAX, Indicator, Line, MILESTONE_AFTER_MAX, MILESTONES_MAX,
    Measurement, Milestone, Module, Period, Pillar, PlanAdopted, Reference, SHORT_TEXT_BYTES_MAX, Scale, Subject,
    TEXT_BYTES_MAX, Unit,
};
use event::{
    AssessmentId, Date, Event, List, Mass, PartyId, SignedStatement, SiteId, Statement, Text, Timestamp, VerifyError,
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
        reference: Some(Reference {
            source: "s".repeat(SHORT_TEXT_BYTES_MAX).parse().expect("a slug"),
            value: text(SHORT_TEXT_BYTES_MAX),
        }),
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
        assessment: AssessmentId::from_bytes([0xff; 16]),
        criteria: every_criterion(),
        note: Some(line(TEXT_BYTES_MAX)),
        evidence: evidence(EVIDENCE_MAX),
    })
}

fn contest() -> Event {
    Event::AssessmentContested(AssessmentContested {
        assessment: AssessmentId::from_bytes([0xff; 16]),
        criteria: every_criterion(),
        reason: line(TEXT_BYTES_MAX),
        evidence: evidence(EVIDENCE_MAX),
    })
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
