//! Parties, keys, delegations, sites and policy.

use event::vocabulary::{
    AccreditationWithdrawn, AssessorAccredited, Cell, DelegationGranted, DelegationRevoked, DeploymentFounded,
    FinenessBand, KeyAuthorized, KeyRevoked, PartyProfile, PolicySet, RevocationReason, SiteRegistered, Term,
};
use proptest::option;
use proptest::prelude::*;

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
    fn band()(from in arb_fineness(), to in arb_fineness()) -> FinenessBand {
        FinenessBand { from, to }
    }
}

prop_compose! {
    pub(super) fn policy()(terms in arb_list(term())) -> PolicySet {
        PolicySet { terms }
    }
}

fn term() -> impl Strategy<Value = Term> {
    prop_oneof![
        any::<u16>().prop_map(Term::RuleVersion),
        any::<u64>().prop_map(Term::FutureSkewMsMax),
        any::<u32>().prop_map(Term::AcceptanceGainPpmMax),
        any::<u16>().prop_map(Term::ReportDaysMax),
        any::<u16>().prop_map(Term::MitigationDaysMax),
        any::<u16>().prop_map(Term::AssuranceDaysMax),
        any::<u16>().prop_map(Term::FreshDaysMax),
        any::<u16>().prop_map(Term::PlanDaysMax),
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
