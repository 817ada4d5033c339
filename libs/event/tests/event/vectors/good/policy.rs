//! Every term of policy.

use event::vocabulary::{PolicySet, Reaction, TERMS_MAX, Term};
use event::{Event, List, Mass};

use super::Case;

pub(super) fn events() -> Vec<Case> {
    let set = |terms: Vec<Term>| {
        Event::PolicySet(PolicySet {
            terms: terms.try_into().expect("no more terms than there are"),
        })
    };
    vec![
        ("policy-set", "one of each term", set(every_term())),
        (
            "policy-set-unpermitted-flag",
            "the other one of two reactions",
            set(vec![Term::Unpermitted(Reaction::Flag)]),
        ),
        ("policy-set-empty", "an empty list", set(Vec::new())),
    ]
}

/// What the deployment of the vectors is founded with.
pub(super) fn first_terms() -> List<Term, TERMS_MAX> {
    every_term().try_into().expect("each once")
}

fn every_term() -> Vec<Term> {
    let grams = |grams: u64| Mass::from_micrograms(grams * 1_000_000);
    vec![
        Term::RuleVersion(1),
        Term::FutureSkewMsMax(300_000),
        Term::AcceptanceGainPpmMax(5_000),
        Term::ReportDaysMax(365),
        Term::MitigationDaysMax(183),
        Term::AssuranceDaysMax(730),
        Term::FreshDaysMax(365),
        Term::PlanDaysMax(1_096),
        Term::OfferDaysMax(30),
        Term::EstimateUncertaintyPpm(100_000),
        Term::TouchstoneUncertaintyPpm(20_000),
        Term::DensityUncertaintyPpm(15_000),
        Term::XrfUncertaintyPpm(10_000),
        Term::FireAssayUncertaintyPpm(500),
        Term::SplittingLimitPpm(501),
        Term::SilverLimitPpm(2_000),
        Term::WeighingPpmAlert(1_000),
        Term::WeighingMassAlert(Mass::from_micrograms(50_000)),
        Term::SpongeLossPpmMax(100_001),
        Term::SpongeLossPpmAlert(60_000),
        Term::DoreLossPpmMax(5_001),
        Term::DoreLossPpmAlert(3_000),
        Term::FineLossPpmAlert(10_001),
        Term::RefinerLossPpmAlert(2_001),
        Term::CapacityPpmAlert(800_000),
        Term::CapacityPpmMax(1_000_000),
        Term::MinerDayMassAlert(grams(4)),
        Term::MinerYearMassAlert(grams(420)),
        Term::Unpermitted(Reaction::Refuse),
        Term::PermitCheckDaysMax(366),
        Term::PermitEndDaysAlert(60),
        Term::LotAgeDaysAlert(31),
        Term::LateDaysAlert(7),
        Term::GapDaysAlert(61),
        Term::CertificateDaysMax(90),
        Term::RawFinenessPpmAlert(985_000),
        Term::RoundMass(grams(1)),
        Term::RepeatAlert(8),
        Term::ThresholdMass(grams(1_000)),
        Term::ThresholdNearPpm(50_000),
    ]
}
