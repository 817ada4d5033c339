//! Catalogues and assessments.

use event::vocabulary::{
    Answer, AssessmentConfirmed, AssessmentContested, AssessmentSubmitted, AssessmentWithdrawn, CataloguePublished,
    Criterion, Finding, Indicator, Measurement, Scale,
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{
    arb_assessment, arb_catalogue_digest, arb_digest, arb_list, arb_period, arb_reference, arb_slug, arb_subject,
    arb_text, arb_variant,
};

prop_compose! {
    pub(super) fn catalogue()(
        slug in arb_slug(),
        version in arb_text(),
        licence in arb_text(),
        full_text in arb_digest(),
        supersedes in option::of(arb_catalogue_digest()),
        criteria in arb_list(criterion()),
        indicators in arb_list(indicator()),
    ) -> CataloguePublished {
        CataloguePublished { slug, version, licence, full_text, supersedes, criteria, indicators }
    }
}

prop_compose! {
    fn criterion()(
        slug in arb_slug(),
        scale in scale(),
        question in arb_text(),
        module in option::of(arb_variant()),
        pillar in option::of(arb_variant()),
        theme in option::of(arb_slug()),
        replaces: Option<u16>,
    ) -> Criterion {
        Criterion { slug, scale, question, module, pillar, theme, replaces }
    }
}

prop_compose! {
    fn indicator()(
        slug in arb_slug(),
        unit in arb_variant(),
        question in arb_text(),
        pillar in option::of(arb_variant()),
        replaces: Option<u16>,
    ) -> Indicator {
        Indicator { slug, unit, question, pillar, replaces }
    }
}

fn scale() -> impl Strategy<Value = Scale> {
    prop_oneof![
        5 => select(vec![
            Scale::PassFail,
            Scale::Observation,
            Scale::Count,
            Scale::Words,
            Scale::PassProgressFail,
            Scale::Scenario,
        ]),
        1 => any::<u8>().prop_map(|max| Scale::Level { max }),
    ]
}

prop_compose! {
    pub(super) fn assessment()(
        subject in arb_subject(),
        kind in arb_variant(),
        period in arb_period(),
        catalogue in arb_catalogue_digest(),
        findings in arb_list(finding()),
        measurements in arb_list(measurement()),
        reference in option::of(arb_reference()),
    ) -> AssessmentSubmitted {
        AssessmentSubmitted { subject, kind, period, catalogue, findings, measurements, reference }
    }
}

prop_compose! {
    fn finding()(criterion: u16, answer in answer(), evidence in arb_list(arb_digest())) -> Finding {
        Finding { criterion, answer, evidence }
    }
}

prop_compose! {
    fn measurement()(indicator: u16, value: u64) -> Measurement {
        Measurement { indicator, value }
    }
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        arb_text().prop_map(Answer::NotApplicable),
        select(vec![
            Answer::Pass,
            Answer::Fail,
            Answer::Observed,
            Answer::NoneObserved,
            Answer::Progress
        ]),
        any::<u8>().prop_map(Answer::Level),
        any::<u64>().prop_map(Answer::Count),
        arb_text().prop_map(Answer::Words),
    ]
}

prop_compose! {
    pub(super) fn confirmed()(
        assessment in arb_assessment(),
        criteria in arb_list(any::<u16>()),
        note in option::of(arb_text()),
        evidence in arb_list(arb_digest()),
    ) -> AssessmentConfirmed {
        AssessmentConfirmed { assessment, criteria, note, evidence }
    }
}

prop_compose! {
    pub(super) fn contested()(
        assessment in arb_assessment(),
        criteria in arb_list(any::<u16>()),
        reason in arb_text(),
        evidence in arb_list(arb_digest()),
    ) -> AssessmentContested {
        AssessmentContested { assessment, criteria, reason, evidence }
    }
}

prop_compose! {
    pub(super) fn withdrawn()(assessment in arb_assessment(), reason in arb_text()) -> AssessmentWithdrawn {
        AssessmentWithdrawn { assessment, reason }
    }
}
