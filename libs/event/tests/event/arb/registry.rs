//! Parties, keys, delegations, sites and policy.

use event::Mass;
use event::vocabulary::{
    AccreditationWithdrawn, AssessorAccredited, Cell, DelegationGranted, DelegationRevoked, DeploymentFounded,
    FinenessBand, KeyAuthorized, KeyRevoked, PartyProfile, PolicySet, RevocationReason, SiteRegistered, Term,
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{
    arb_country, arb_date, arb_digest, arb_fineness, arb_key, arb_list, arb_mass, arb_party, arb_position,
    arb_reference, arb_site, arb_text, arb_variant,
};

prop_compose! {
    pub(super) fn founded()(
        name in arb_text(), scheme in profile(), policy in arb_list(term()),
    ) -> DeploymentFounded {
        DeploymentFounded { name, scheme, policy }
    }
}

prop_compose! {
    pub(super) fn profile()(
        kind in arb_variant(),
        name in arb_text(),
        country in arb_country(),
        languages in arb_list(arb_text()),
        reference in option::of(arb_reference()),
    ) -> PartyProfile {
        PartyProfile { kind, name, country, languages, reference }
    }
}

prop_compose! {
    pub(super) fn key_authorized()(party in arb_party(), key in arb_key()) -> KeyAuthorized {
        KeyAuthorized { party, key }
    }
}

prop_compose! {
    pub(super) fn key_revoked()(key in arb_key(), reason in reason()) -> KeyRevoked {
        KeyRevoked { key, reason }
    }
}

fn reason() -> impl Strategy<Value = RevocationReason> {
    prop_oneof![
        Just(RevocationReason::Left),
        Just(RevocationReason::Lost),
        arb_position().prop_map(|since| RevocationReason::Compromised { since }),
    ]
}

prop_compose! {
    pub(super) fn site()(
        operator in arb_party(),
        name in arb_text(),
        country in arb_country(),
        area in option::of(arb_text()),
        cell in option::of(cell()),
        deposit in arb_variant(),
        point_commitment in option::of(arb_digest()),
        fineness_band in option::of(band()),
        reference in option::of(arb_reference()),
    ) -> SiteRegistered {
        SiteRegistered { operator, name, country, area, cell, deposit, point_commitment, fineness_band, reference }
    }
}

prop_compose! {
    fn cell()(south: i16, west: i16) -> Cell {
        Cell { south, west }
    }
}

prop_compose! {
    pub(super) fn band()(from in arb_fineness(), to in arb_fineness()) -> FinenessBand {
        FinenessBand { from, to }
    }
}

prop_compose! {
    pub(super) fn policy()(terms in arb_list(term())) -> PolicySet {
        PolicySet { terms }
    }
}

const OF_16_BITS: &[fn(u16) -> Term] = &[
    Term::RuleVersion,
    Term::ReportDaysMax,
    Term::MitigationDaysMax,
    Term::AssuranceDaysMax,
    Term::FreshDaysMax,
    Term::PlanDaysMax,
    Term::OfferDaysMax,
    Term::PermitCheckDaysMax,
    Term::PermitEndDaysAlert,
    Term::LotAgeDaysAlert,
    Term::LateDaysAlert,
    Term::GapDaysAlert,
    Term::CertificateDaysMax,
    Term::RepeatAlert,
];

const OF_32_BITS: &[fn(u32) -> Term] = &[
    Term::AcceptanceGainPpmMax,
    Term::EstimateUncertaintyPpm,
    Term::TouchstoneUncertaintyPpm,
    Term::DensityUncertaintyPpm,
    Term::XrfUncertaintyPpm,
    Term::FireAssayUncertaintyPpm,
    Term::SplittingLimitPpm,
    Term::SilverLimitPpm,
    Term::WeighingPpmAlert,
    Term::SpongeLossPpmMax,
    Term::SpongeLossPpmAlert,
    Term::DoreLossPpmMax,
    Term::DoreLossPpmAlert,
    Term::FineLossPpmAlert,
    Term::RefinerLossPpmAlert,
    Term::CapacityPpmAlert,
    Term::CapacityPpmMax,
    Term::RawFinenessPpmAlert,
    Term::ThresholdNearPpm,
];

const OF_MASS: &[fn(Mass) -> Term] = &[
    Term::WeighingMassAlert,
    Term::MinerDayMassAlert,
    Term::MinerYearMassAlert,
    Term::RoundMass,
    Term::ThresholdMass,
];

fn term() -> impl Strategy<Value = Term> {
    prop_oneof![
        3 => (select(OF_16_BITS), any::<u16>()).prop_map(|(term, value)| term(value)),
        4 => (select(OF_32_BITS), any::<u32>()).prop_map(|(term, value)| term(value)),
        2 => (select(OF_MASS), arb_mass()).prop_map(|(term, value)| term(value)),
        1 => any::<u64>().prop_map(Term::FutureSkewMsMax),
        1 => arb_variant().prop_map(Term::Unpermitted),
    ]
}

prop_compose! {
    pub(super) fn granted()(
        to in arb_party(),
        kinds in arb_list(arb_variant()),
        sites in arb_list(arb_site()),
        gross_mass_max in option::of(arb_mass()),
        until in arb_date(),
    ) -> DelegationGranted {
        DelegationGranted { to, kinds, sites, gross_mass_max, until }
    }
}

prop_compose! {
    pub(super) fn revoked()(to in arb_party()) -> DelegationRevoked {
        DelegationRevoked { to }
    }
}

prop_compose! {
    pub(super) fn accredited()(
        assessor in arb_party(), until in arb_date(), basis in arb_text(),
    ) -> AssessorAccredited {
        AssessorAccredited { assessor, until, basis }
    }
}

prop_compose! {
    pub(super) fn discredited()(assessor in arb_party(), reason in arb_text()) -> AccreditationWithdrawn {
        AccreditationWithdrawn { assessor, reason }
    }
}
