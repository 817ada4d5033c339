//! What is measured on lots, what they become, and what stops them.

use event::key::Digest;
use event::vocabulary::{
    AssayPurpose, Bar, CorrectionConfirmed, CorrectionProposed, Country, CustodyModel, FinenessClaim, FinenessMethod,
    Loss, LotAfter, LotAssayed, LotExported, LotForm, LotHeld, LotLost, LotReceived, LotReleased, LotSampled,
    LotSealed, LotWeighed, LotsTransformed, Output, SealBroken, TitleTransferred, Transformation,
};
use event::{Event, List, LotId, Mass, StatementId};

use super::{Case, after, day, evidence, fineness, incident, lot, other_party, reference, text};

pub(super) fn events() -> Vec<Case> {
    let mut events = weighed_events();
    events.extend(sampled_events());
    events.extend(assayed_events());
    events.extend(seal_events());
    events.extend(title_events());
    events.extend(transformed_events());
    events.extend(exported_events());
    events.extend(received_events());
    events.extend(hold_events());
    events.extend(lost_events());
    events.extend(correction_events());
    events
}

fn weighed_events() -> Vec<Case> {
    let full = LotWeighed {
        lot: lot(),
        after: after(),
        gross_mass: grams(12),
        scale: Some(text("OHAUS 8354123")),
        calibrated: Some(day("1969-12-31")),
        witness: Some(other_party()),
        documents: evidence(&[1]),
    };
    let bare = LotWeighed {
        scale: None,
        calibrated: None,
        witness: None,
        documents: List::empty(),
        ..full.clone()
    };
    vec![
        ("lot-weighed", "every field, a day before 1970", Event::LotWeighed(full)),
        (
            "lot-weighed-bare",
            "no field that may be left out",
            Event::LotWeighed(bare),
        ),
    ]
}

fn sampled_events() -> Vec<Case> {
    let full = LotSampled {
        lot: lot(),
        after: after(),
        samples: vec![text("S-1"), text("S-2"), text("S-3")]
            .try_into()
            .expect("three samples"),
        melt: Some(text("M-2026/77")),
        witness: Some(other_party()),
    };
    let bare = LotSampled {
        samples: List::empty(),
        melt: None,
        witness: None,
        ..full.clone()
    };
    vec![
        ("lot-sampled", "every field", Event::LotSampled(full)),
        (
            "lot-sampled-none",
            "an empty list; no ledger may admit it",
            Event::LotSampled(bare),
        ),
    ]
}

fn assayed_events() -> Vec<Case> {
    let full = LotAssayed {
        lot: lot(),
        after: after(),
        method: FinenessMethod::FireAssay,
        gold: fineness(915_500),
        silver: Some(fineness(70_000)),
        uncertainty_ppm: Some(300),
        purpose: AssayPurpose::Umpire,
        sample: Some(text("S-2")),
        melt: Some(text("M-2026/77")),
        replaces: Some(StatementId::from_bytes([0x0e; 32])),
        documents: evidence(&[1, 2]),
    };
    let with = |method, purpose| {
        Event::LotAssayed(LotAssayed {
            method,
            purpose,
            ..full.clone()
        })
    };
    let bare = LotAssayed {
        method: FinenessMethod::Estimate,
        silver: None,
        uncertainty_ppm: None,
        purpose: AssayPurpose::Control,
        sample: None,
        melt: None,
        replaces: None,
        documents: List::empty(),
        ..full.clone()
    };
    vec![
        (
            "lot-assayed-blind",
            "every field",
            with(FinenessMethod::Xrf, AssayPurpose::Blind),
        ),
        (
            "lot-assayed-control",
            "no field that may be left out",
            Event::LotAssayed(bare),
        ),
        (
            "lot-assayed-settlement",
            "every field",
            with(FinenessMethod::FireAssay, AssayPurpose::Settlement),
        ),
        (
            "lot-assayed-umpire",
            "every field",
            with(FinenessMethod::FireAssay, AssayPurpose::Umpire),
        ),
    ]
}

fn seal_events() -> Vec<Case> {
    let sealed = LotSealed {
        lot: lot(),
        after: after(),
        seals: vec![text("B-0043"), text("B-0044")].try_into().expect("two seals"),
        documents: evidence(&[3]),
    };
    let broken = SealBroken {
        lot: lot(),
        after: after(),
        seals: vec![text("B-0043")].try_into().expect("one seal"),
        reason: text("opened at the border"),
    };
    vec![
        ("lot-sealed", "two seals and a photo", Event::LotSealed(sealed)),
        ("seal-broken", "a reason in words", Event::SealBroken(broken)),
    ]
}

fn title_events() -> Vec<Case> {
    let transferred = TitleTransferred {
        lot: lot(),
        after: after(),
        to: other_party(),
        documents: evidence(&[4, 5]),
    };
    vec![(
        "title-transferred",
        "two documents",
        Event::TitleTransferred(transferred),
    )]
}

fn transformed_events() -> Vec<Case> {
    let input = |byte| LotAfter {
        lot: LotId::from_bytes([byte; 16]),
        after: StatementId::from_bytes([byte; 32]),
    };
    let bar = Bar {
        brand: text("UMOJA"),
        serial: text("000123"),
        year: u16::MAX,
    };
    let full = LotsTransformed {
        how: Transformation::Melt,
        inputs: vec![input(1), input(2)].try_into().expect("two lots"),
        outputs: vec![
            output(LotForm::Dore, 24, &["B-0051", "B-0052"], None),
            output(LotForm::Fine, 1, &[], Some(bar)),
            output(LotForm::Residue, 2, &[], None),
        ]
        .try_into()
        .expect("three lots"),
        custody_model: CustodyModel::Segregated,
        lost_gross_mass: grams(1),
        lost_fine_mass: Mass::from_micrograms(1),
        melt: Some(text("M-2026/77")),
        witness: Some(other_party()),
        documents: evidence(&[6]),
    };
    let with = |how| Event::LotsTransformed(LotsTransformed { how, ..full.clone() });
    let bare = LotsTransformed {
        how: Transformation::Split,
        inputs: List::empty(),
        outputs: List::empty(),
        lost_gross_mass: Mass::ZERO,
        lost_fine_mass: Mass::ZERO,
        melt: None,
        witness: None,
        documents: List::empty(),
        ..full.clone()
    };
    vec![
        (
            "lots-transformed-melt",
            "two lots become three, one of them a bar and one what is left",
            with(Transformation::Melt),
        ),
        ("lots-transformed-merge", "every field", with(Transformation::Merge)),
        (
            "lots-transformed-split",
            "no field that may be left out, no lots; no ledger may admit it",
            Event::LotsTransformed(bare),
        ),
        ("lots-transformed-refine", "every field", with(Transformation::Refine)),
        ("lots-transformed-cast", "every field", with(Transformation::Cast)),
    ]
}

fn output(form: LotForm, mass: u64, seals: &[&str], bar: Option<Bar>) -> Output {
    let seals: Vec<_> = seals.iter().map(|seal| text(seal)).collect();
    Output {
        form,
        gross_mass: grams(mass),
        fineness: FinenessClaim {
            fineness: fineness(920_000),
            method: FinenessMethod::Touchstone,
        },
        seals: seals.try_into().expect("few seals"),
        bar,
    }
}

fn exported_events() -> Vec<Case> {
    let exported = |to, documents| {
        Event::LotExported(LotExported {
            lots: vec![LotAfter {
                lot: lot(),
                after: after(),
            }]
            .try_into()
            .expect("one lot"),
            certificate: reference(),
            authority: text("CEEC, Bunia"),
            issued: day("2026-05-30"),
            expires: day("2026-06-29"),
            certified_gross_mass: grams(12),
            from: "CD".parse().expect("a country"),
            to,
            importer: other_party(),
            hs_code: text("7108.12"),
            documents,
        })
    };
    vec![
        (
            "lot-exported",
            "three documents",
            exported("AE".parse().expect("a country"), evidence(&[7, 8, 9])),
        ),
        (
            "lot-exported-to-none",
            "to no country that is known; no ledger may admit it",
            exported(Country::NONE, List::empty()),
        ),
    ]
}

fn received_events() -> Vec<Case> {
    let full = LotReceived {
        lot: lot(),
        after: after(),
        refinery_lot: text("R-2026-0815"),
        arrived: day("2026-05-31"),
        after_melt_mass: grams(11),
        discrepancy: Some(text("moist when it was weighed")),
        documents: evidence(&[10]),
    };
    let bare = LotReceived {
        discrepancy: None,
        documents: List::empty(),
        ..full.clone()
    };
    vec![
        ("lot-received", "every field", Event::LotReceived(full)),
        (
            "lot-received-bare",
            "no field that may be left out",
            Event::LotReceived(bare),
        ),
    ]
}

fn hold_events() -> Vec<Case> {
    let full = LotHeld {
        lot: lot(),
        reason: text("children were seen at the pit"),
        incident: Some(incident()),
        documents: evidence(&[11]),
    };
    let bare = LotHeld {
        incident: None,
        documents: List::empty(),
        ..full.clone()
    };
    let released = LotReleased {
        lot: lot(),
        reason: text("it was another pit"),
    };
    vec![
        ("lot-held", "every field", Event::LotHeld(full)),
        ("lot-held-bare", "no field that may be left out", Event::LotHeld(bare)),
        ("lot-released", "a reason in words", Event::LotReleased(released)),
    ]
}

fn lost_events() -> Vec<Case> {
    let lost = |how, report| {
        Event::LotLost(LotLost {
            lot: lot(),
            after: after(),
            how,
            reason: text("the boat sank"),
            report,
        })
    };
    vec![
        ("lot-lost", "no report", lost(Loss::Lost, None)),
        (
            "lot-lost-stolen",
            "a report",
            lost(Loss::Stolen, Some(Digest::from_bytes([12; 32]))),
        ),
    ]
}

fn correction_events() -> Vec<Case> {
    let proposed = CorrectionProposed {
        lot: lot(),
        after: after(),
        target: StatementId::from_bytes([0x7a; 32]),
        gross_mass: grams(15),
        reason: text("51 was read where it said 15"),
    };
    let confirmed = CorrectionConfirmed {
        lot: lot(),
        after: after(),
        proposal: StatementId::from_bytes([0xc0; 32]),
    };
    vec![
        (
            "correction-proposed",
            "every field",
            Event::CorrectionProposed(proposed),
        ),
        (
            "correction-confirmed",
            "every field",
            Event::CorrectionConfirmed(confirmed),
        ),
    ]
}

fn grams(grams: u64) -> Mass {
    Mass::from_micrograms(grams * 1_000_000)
}
