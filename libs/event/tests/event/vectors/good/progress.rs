//! Catalogues and what is said under them.

use event::key::Digest;
use event::vocabulary::{
    Answer, AssessmentConfirmed, AssessmentContested, AssessmentKind, AssessmentSubmitted, AssessmentWithdrawn,
    CatalogueDigest, CataloguePublished, Criterion, Finding, Indicator, Measurement, Module, Pillar, Scale, Subject,
    Unit,
};
use event::{Event, List};

use super::{Case, assessment, evidence, party, reference, site, text};

pub(super) fn events() -> Vec<Case> {
    let mut events = catalogue_events();
    events.extend(assessment_events());
    events.extend(answer_events());
    events
}

fn catalogue_events() -> Vec<Case> {
    vec![
        (
            "catalogue-published",
            "a criterion of each scale, module and pillar, an indicator of each unit",
            Event::CataloguePublished(catalogue()),
        ),
        (
            "catalogue-published-next",
            "the version after, in which the first criterion and indicator are new and the others are the same",
            Event::CataloguePublished(next()),
        ),
        (
            "catalogue-published-empty",
            "empty lists",
            Event::CataloguePublished(CataloguePublished {
                criteria: List::empty(),
                indicators: List::empty(),
                ..catalogue()
            }),
        ),
    ]
}

/// Under which the findings and plans of the vectors are.
pub(super) fn pinned() -> CatalogueDigest {
    catalogue().digest()
}

fn catalogue() -> CataloguePublished {
    let criteria = [
        criterion(
            Scale::PassFail,
            Some(Module::Management),
            Some(Pillar::Organizational),
            Some("people"),
        ),
        criterion(
            Scale::Scenario,
            Some(Module::Legitimacy),
            Some(Pillar::Governance),
            None,
        ),
        criterion(
            Scale::PassFail,
            Some(Module::Disengagement),
            Some(Pillar::Social),
            Some("people"),
        ),
        criterion(
            Scale::PassProgressFail,
            Some(Module::Mitigation),
            Some(Pillar::Environmental),
            Some("mercury"),
        ),
        criterion(
            Scale::Level { max: 5 },
            Some(Module::Improvement),
            None,
            Some("mercury"),
        ),
        criterion(Scale::Observation, None, Some(Pillar::Social), None),
        criterion(Scale::Count, None, None, None),
        criterion(Scale::Words, None, None, None),
    ];
    let units = [
        Unit::People,
        Unit::Items,
        Unit::Occurrences,
        Unit::Days,
        Unit::Hours,
        Unit::Milligrams,
        Unit::Millilitres,
        Unit::SquareMetres,
        Unit::WattHours,
        Unit::PartsPerMillion,
    ];
    let criteria = (0..).zip(criteria).map(|(place, criterion)| Criterion {
        slug: format!("criterion-{place}").parse().expect("a slug"),
        ..criterion
    });
    let indicators = (0..).zip(units).map(|(place, unit)| indicator(place, unit));
    CataloguePublished {
        indicators: indicators.collect::<Vec<_>>().try_into().expect("ten indicators"),
        ..catalogue_of(criteria.collect())
    }
}

/// A later version of the same catalogue: something new comes first, and the rest is as it was.
fn next() -> CataloguePublished {
    let catalogue = catalogue();
    let mut criteria = vec![criterion(Scale::Count, None, None, None)];
    criteria.extend((0..).zip(&catalogue.criteria).map(|(place, earlier)| Criterion {
        replaces: Some(place),
        ..earlier.clone()
    }));
    let mut indicators = vec![Indicator {
        slug: "indicator".parse().expect("a slug"),
        ..indicator(0, Unit::Hours)
    }];
    indicators.extend((0..).zip(&catalogue.indicators).map(|(place, earlier)| Indicator {
        replaces: Some(place),
        ..earlier.clone()
    }));
    CataloguePublished {
        version: text("1.1"),
        supersedes: Some(catalogue.digest()),
        criteria: criteria.try_into().expect("one more than before"),
        indicators: indicators.try_into().expect("one more than before"),
        ..catalogue
    }
}

fn criterion(scale: Scale, module: Option<Module>, pillar: Option<Pillar>, theme: Option<&str>) -> Criterion {
    Criterion {
        slug: "criterion".parse().expect("a slug"),
        scale,
        question: text("Is mercury used here?"),
        module,
        pillar,
        theme: theme.map(|theme| theme.parse().expect("a slug")),
        replaces: None,
    }
}

fn indicator(place: usize, unit: Unit) -> Indicator {
    Indicator {
        slug: format!("indicator-{place}").parse().expect("a slug"),
        unit,
        question: text("How much of it was there?"),
        pillar: (unit == Unit::People).then_some(Pillar::Social),
        replaces: None,
    }
}

fn catalogue_of(criteria: Vec<Criterion>) -> CataloguePublished {
    CataloguePublished {
        slug: "golden".parse().expect("a slug"),
        version: text("1.0"),
        licence: text("CC-BY-SA-4.0"),
        full_text: Digest::from_bytes([0xfe; 32]),
        supersedes: None,
        criteria: criteria.try_into().expect("no more than a catalogue may have"),
        indicators: List::empty(),
    }
}

/// A catalogue with questions of these lengths.
pub(super) fn questions(lengths: &[usize]) -> Event {
    let asked = lengths.iter().enumerate().map(|(place, length)| Criterion {
        slug: format!("criterion-{place:03}").parse().expect("a slug"),
        question: text(&"?".repeat(*length)),
        ..criterion(Scale::PassFail, None, None, None)
    });
    Event::CataloguePublished(catalogue_of(asked.collect()))
}

fn assessment_events() -> Vec<Case> {
    use AssessmentKind as Kind;
    let (organization, pit) = (Subject::Party(party()), Subject::Site(site()));
    let plain = vec![Answer::Pass, Answer::Fail, Answer::Progress];
    let observations = vec![
        Answer::NotApplicable(text("no processing here")),
        Answer::Observed,
        Answer::NoneObserved,
    ];
    let measured = vec![
        Answer::Level(5),
        Answer::Count(u64::MAX),
        Answer::Words(text("Chef de carrière présent")),
    ];
    vec![
        (
            "assessment-submitted-self-reported",
            "about an organization, without a finding",
            submitted(Kind::SelfReported, organization, Vec::new(), &[]),
        ),
        (
            "assessment-submitted-implementer",
            "answers without a field, a measurement",
            submitted(Kind::Implementer, pit, plain, &[(0, 41)]),
        ),
        (
            "assessment-submitted-monitor",
            "observations, one not applicable",
            submitted(Kind::Monitor, pit, observations, &[]),
        ),
        (
            "assessment-submitted-third-party",
            "answers with a field, measurements at their edges",
            submitted(Kind::ThirdParty, pit, measured, &[(5, 0), (9, u64::MAX)]),
        ),
    ]
}

/// The answers stand under the first criteria of the pinned catalogue that they fit, and under its last where none is left.
fn submitted(kind: AssessmentKind, subject: Subject, answers: Vec<Answer>, measured: &[(u16, u64)]) -> Event {
    let scales: Vec<Scale> = catalogue().criteria.iter().map(|criterion| criterion.scale).collect();
    let mut from = 0;
    let findings = answers.into_iter().map(|answer| {
        let place = (from..scales.len()).find(|place| answer.fits(scales[*place]));
        let place = place.unwrap_or(scales.len() - 1);
        from = place + 1;
        Finding {
            criterion: u16::try_from(place).expect("a short catalogue"),
            answer,
            evidence: evidence(&[0xe0]),
        }
    });
    let findings: Vec<Finding> = findings.collect();
    let measurements = measured
        .iter()
        .map(|(indicator, value)| Measurement {
            indicator: *indicator,
            value: *value,
        })
        .collect::<Vec<_>>();
    Event::AssessmentSubmitted(AssessmentSubmitted {
        subject,
        kind,
        period: super::period(),
        catalogue: pinned(),
        findings: findings.try_into().expect("few findings"),
        measurements: measurements.try_into().expect("few measurements"),
        reference: (kind == AssessmentKind::Monitor).then(reference),
    })
}

/// What others, or who submitted it, say to an assessment.
fn answer_events() -> Vec<Case> {
    let confirmed = AssessmentConfirmed {
        assessment: assessment(),
        criteria: vec![0, 127, 128, 65_535].try_into().expect("four criteria"),
        note: Some(text("counted again in the afternoon")),
        evidence: evidence(&[0xe1, 0xe2]),
    };
    let bare = AssessmentConfirmed {
        note: None,
        evidence: List::empty(),
        ..confirmed.clone()
    };
    let contested = AssessmentContested {
        assessment: assessment(),
        criteria: vec![3].try_into().expect("one criterion"),
        reason: text("the retort was borrowed for the visit"),
        evidence: evidence(&[0xe3]),
    };
    let withdrawn = AssessmentWithdrawn {
        assessment: assessment(),
        reason: text("of another site"),
    };
    vec![
        (
            "assessment-confirmed",
            "criteria of one, two and three bytes",
            Event::AssessmentConfirmed(confirmed),
        ),
        (
            "assessment-confirmed-bare",
            "no field that may be left out",
            Event::AssessmentConfirmed(bare),
        ),
        (
            "assessment-contested",
            "a reason in words",
            Event::AssessmentContested(contested),
        ),
        (
            "assessment-withdrawn",
            "a reason in words",
            Event::AssessmentWithdrawn(withdrawn),
        ),
    ]
}
