//! Lots and who holds them.

use event::vocabulary::{
    CustodyAccepted, CustodyDeclined, CustodyOffered, FinenessClaim, LotDeclared, LotRetired, OfferWithdrawn,
};
use proptest::option;
use proptest::prelude::*;

use super::{
    arb_after, arb_digest, arb_fineness, arb_list, arb_lot, arb_mass, arb_party, arb_period, arb_site, arb_text,
    arb_variant,
};

prop_compose! {
    pub(super) fn lot()(
        site in arb_site(),
        form in arb_variant(),
        gross_mass in arb_mass(),
        basis in arb_variant(),
        fineness in option::of(claim()),
        extracted in arb_period(),
        custody_model in arb_variant(),
        seals in arb_list(arb_text()),
        miners in option::of(any::<u32>()),
        documents in arb_list(arb_digest()),
    ) -> LotDeclared {
        LotDeclared {
            site, form, gross_mass, basis, fineness, extracted, custody_model, seals, miners, documents,
        }
    }
}

prop_compose! {
    pub(super) fn claim()(fineness in arb_fineness(), method in arb_variant()) -> FinenessClaim {
        FinenessClaim { fineness, method }
    }
}

prop_compose! {
    pub(super) fn offered()(
        lot in arb_lot(),
        after in arb_after(),
        to in arb_party(),
        with_title: bool,
        documents in arb_list(arb_digest()),
    ) -> CustodyOffered {
        CustodyOffered { lot, after, to, with_title, documents }
    }
}

prop_compose! {
    pub(super) fn accepted()(
        lot in arb_lot(), after in arb_after(), gross_mass in arb_mass(), seals in arb_variant(),
    ) -> CustodyAccepted {
        CustodyAccepted { lot, after, gross_mass, seals }
    }
}

prop_compose! {
    pub(super) fn declined()(lot in arb_lot(), after in arb_after(), reason in arb_text()) -> CustodyDeclined {
        CustodyDeclined { lot, after, reason }
    }
}

prop_compose! {
    pub(super) fn withdrawn()(lot in arb_lot(), after in arb_after()) -> OfferWithdrawn {
        OfferWithdrawn { lot, after }
    }
}

prop_compose! {
    pub(super) fn retired()(lot in arb_lot(), after in arb_after(), reason in arb_text()) -> LotRetired {
        LotRetired { lot, after, reason }
    }
}
