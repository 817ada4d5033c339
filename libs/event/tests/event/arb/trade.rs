//! What is measured on lots, what they become, and what stops them.

use event::vocabulary::{
    Bar, CorrectionConfirmed, CorrectionProposed, LotAfter, LotAssayed, LotExported, LotHeld, LotLost, LotReceived,
    LotReleased, LotSampled, LotSealed, LotWeighed, LotsTransformed, Output, SealBroken, TitleTransferred,
};
use proptest::option;
use proptest::prelude::*;

use super::custody::claim;
use super::{
    arb_after, arb_country, arb_date, arb_digest, arb_fineness, arb_incident, arb_list, arb_lot, arb_mass, arb_party,
    arb_reference, arb_text, arb_variant,
};

prop_compose! {
    pub(super) fn weighed()(
        lot in arb_lot(),
        after in arb_after(),
        gross_mass in arb_mass(),
        scale in option::of(arb_text()),
        calibrated in option::of(arb_date()),
        witness in option::of(arb_party()),
        documents in arb_list(arb_digest()),
    ) -> LotWeighed {
        LotWeighed { lot, after, gross_mass, scale, calibrated, witness, documents }
    }
}

prop_compose! {
    pub(super) fn sampled()(
        lot in arb_lot(),
        after in arb_after(),
        samples in arb_list(arb_text()),
        melt in option::of(arb_text()),
        witness in option::of(arb_party()),
    ) -> LotSampled {
        LotSampled { lot, after, samples, melt, witness }
    }
}

prop_compose! {
    pub(super) fn assayed()(
        lot in arb_lot(),
        after in arb_after(),
        method in arb_variant(),
        (gold, silver) in (arb_fineness(), option::of(arb_fineness())),
        uncertainty_ppm in option::of(any::<u32>()),
        purpose in arb_variant(),
        sample in option::of(arb_text()),
        melt in option::of(arb_text()),
        replaces in option::of(arb_after()),
        documents in arb_list(arb_digest()),
    ) -> LotAssayed {
        LotAssayed {
            lot, after, method, gold, silver, uncertainty_ppm, purpose, sample, melt, replaces, documents,
        }
    }
}

prop_compose! {
    pub(super) fn sealed()(
        lot in arb_lot(), after in arb_after(), seals in arb_list(arb_text()), documents in arb_list(arb_digest()),
    ) -> LotSealed {
        LotSealed { lot, after, seals, documents }
    }
}

prop_compose! {
    pub(super) fn broken()(
        lot in arb_lot(), after in arb_after(), seals in arb_list(arb_text()), reason in arb_text(),
    ) -> SealBroken {
        SealBroken { lot, after, seals, reason }
    }
}

prop_compose! {
    pub(super) fn title()(
        lot in arb_lot(), after in arb_after(), to in arb_party(), documents in arb_list(arb_digest()),
    ) -> TitleTransferred {
        TitleTransferred { lot, after, to, documents }
    }
}

prop_compose! {
    pub(super) fn transformed()(
        how in arb_variant(),
        inputs in arb_list(lot_after()),
        outputs in arb_list(output()),
        custody_model in arb_variant(),
        lost_gross_mass in arb_mass(),
        lost_fine_mass in arb_mass(),
        melt in option::of(arb_text()),
        witness in option::of(arb_party()),
        documents in arb_list(arb_digest()),
    ) -> LotsTransformed {
        LotsTransformed {
            how, inputs, outputs, custody_model, lost_gross_mass, lost_fine_mass, melt, witness, documents,
        }
    }
}

prop_compose! {
    fn lot_after()(lot in arb_lot(), after in arb_after()) -> LotAfter {
        LotAfter { lot, after }
    }
}

prop_compose! {
    fn output()(
        form in arb_variant(),
        gross_mass in arb_mass(),
        fineness in claim(),
        seals in arb_list(arb_text()),
        bar in option::of(bar()),
    ) -> Output {
        Output { form, gross_mass, fineness, seals, bar }
    }
}

prop_compose! {
    fn bar()(brand in arb_text(), serial in arb_text(), year: u16) -> Bar {
        Bar { brand, serial, year }
    }
}

prop_compose! {
    pub(super) fn exported()(
        lots in arb_list(lot_after()),
        certificate in arb_reference(),
        authority in arb_text(),
        (issued, expires) in (arb_date(), arb_date()),
        certified_gross_mass in arb_mass(),
        (from, to) in (arb_country(), arb_country()),
        importer in arb_party(),
        hs_code in arb_text(),
        documents in arb_list(arb_digest()),
    ) -> LotExported {
        LotExported {
            lots, certificate, authority, issued, expires, certified_gross_mass, from, to, importer, hs_code, documents,
        }
    }
}

prop_compose! {
    pub(super) fn received()(
        lot in arb_lot(),
        after in arb_after(),
        refinery_lot in arb_text(),
        arrived in arb_date(),
        after_melt_mass in arb_mass(),
        discrepancy in option::of(arb_text()),
        documents in arb_list(arb_digest()),
    ) -> LotReceived {
        LotReceived { lot, after, refinery_lot, arrived, after_melt_mass, discrepancy, documents }
    }
}

prop_compose! {
    pub(super) fn held()(
        lot in arb_lot(),
        reason in arb_text(),
        incident in option::of(arb_incident()),
        documents in arb_list(arb_digest()),
    ) -> LotHeld {
        LotHeld { lot, reason, incident, documents }
    }
}

prop_compose! {
    pub(super) fn released()(lot in arb_lot(), reason in arb_text()) -> LotReleased {
        LotReleased { lot, reason }
    }
}

prop_compose! {
    pub(super) fn lost()(
        lot in arb_lot(),
        after in arb_after(),
        how in arb_variant(),
        reason in arb_text(),
        report in option::of(arb_digest()),
    ) -> LotLost {
        LotLost { lot, after, how, reason, report }
    }
}

prop_compose! {
    pub(super) fn proposed()(
        lot in arb_lot(),
        after in arb_after(),
        target in arb_after(),
        gross_mass in arb_mass(),
        reason in arb_text(),
    ) -> CorrectionProposed {
        CorrectionProposed { lot, after, target, gross_mass, reason }
    }
}

prop_compose! {
    pub(super) fn confirmed()(
        lot in arb_lot(), after in arb_after(), proposal in arb_after(),
    ) -> CorrectionConfirmed {
        CorrectionConfirmed { lot, after, proposal }
    }
}
