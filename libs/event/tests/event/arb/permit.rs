//! What a site may give: who works it, permits, capacity.

use event::vocabulary::{CapacityEstablished, PermitRecorded, PermitStatusChanged, RegisterCheck, SiteAmended};
use proptest::option;
use proptest::prelude::*;

use super::registry::band;
use super::{
    arb_date, arb_digest, arb_list, arb_mass, arb_party, arb_permit, arb_reference, arb_site, arb_text, arb_variant,
};

prop_compose! {
    pub(super) fn amended()(
        site in arb_site(),
        operator in option::of(arb_party()),
        name in option::of(arb_text()),
        deposit in option::of(arb_variant()),
        fineness_band in option::of(band()),
        reason in arb_text(),
    ) -> SiteAmended {
        SiteAmended { site, operator, name, deposit, fineness_band, reason }
    }
}

prop_compose! {
    pub(super) fn recorded()(
        kind in arb_variant(),
        number in arb_reference(),
        authority in arb_text(),
        holder in arb_party(),
        from in arb_date(),
        until in option::of(arb_date()),
        sites in arb_list(arb_site()),
        document in option::of(arb_digest()),
        checked in option::of(check()),
    ) -> PermitRecorded {
        PermitRecorded { kind, number, authority, holder, from, until, sites, document, checked }
    }
}

prop_compose! {
    fn check()(register in arb_text(), on in arb_date()) -> RegisterCheck {
        RegisterCheck { register, on }
    }
}

prop_compose! {
    pub(super) fn changed()(
        permit in arb_permit(),
        sites in arb_list(arb_site()),
        status in arb_variant(),
        from in arb_date(),
        checked in option::of(check()),
        reason in arb_text(),
    ) -> PermitStatusChanged {
        PermitStatusChanged { permit, sites, status, from, checked, reason }
    }
}

prop_compose! {
    pub(super) fn established()(
        site in arb_site(),
        per in arb_variant(),
        fine_mass_max in arb_mass(),
        miners_max in option::of(any::<u32>()),
        basis in arb_text(),
    ) -> CapacityEstablished {
        CapacityEstablished { site, per, fine_mass_max, miners_max, basis }
    }
}
