//! Drafts of what becomes of a lot: from hand to hand, on the scale, in the fire, across a border.

use event::vocabulary::{
    AssayPurpose, CorrectionConfirmed, CorrectionProposed, CustodyAccepted, CustodyDeclined, CustodyModel,
    CustodyOffered, Event, EventKind, FinenessClaim, FinenessMethod, Loss, LotAfter, LotAssayed, LotDeclared,
    LotExported, LotForm, LotHeld, LotLost, LotReceived, LotReleased, LotRetired, LotSampled, LotSealed, LotWeighed,
    LotsTransformed, OfferWithdrawn, Output, QuantityBasis, Reference, SealBroken, SealState, TitleTransferred,
    Transformation,
};
use event::{Fineness, List, LotId, Mass, PartyId, SiteId, StatementId, Timestamp};

use super::{list, slug, text, yesterday};

/// For how many days the export certificate of a draft is good.
const CERTIFICATE_DAYS: u16 = 30;
const LOT: LotId = LotId::from_bytes([0; 16]);
const PARTY: PartyId = PartyId::from_bytes([0; 16]);
const AFTER: StatementId = StatementId::from_bytes([0; 32]);
const GROSS_MASS: Mass = Mass::from_micrograms(25_000_000);

pub(super) fn sample(kind: EventKind, now: Timestamp) -> Event {
    match kind {
        EventKind::LotWeighed
        | EventKind::LotSampled
        | EventKind::LotAssayed
        | EventKind::LotSealed
        | EventKind::SealBroken => measured(kind),
        EventKind::LotsTransformed | EventKind::LotExported | EventKind::LotReceived => moved_on(kind, now),
        EventKind::LotHeld
        | EventKind::LotReleased
        | EventKind::LotLost
        | EventKind::LotRetired
        | EventKind::CorrectionProposed
        | EventKind::CorrectionConfirmed => stopped(kind),
        _ => handed_over(kind, now),
    }
}

fn handed_over(kind: EventKind, now: Timestamp) -> Event {
    let (lot, after, to) = (LOT, AFTER, PARTY);
    match kind {
        EventKind::CustodyOffered => Event::CustodyOffered(CustodyOffered {
            lot,
            after,
            to,
            with_title: true,
            documents: List::empty(),
        }),
        EventKind::CustodyAccepted => Event::CustodyAccepted(CustodyAccepted {
            lot,
            after,
            gross_mass: GROSS_MASS,
            seals: SealState::Intact,
        }),
        EventKind::CustodyDeclined => Event::CustodyDeclined(CustodyDeclined {
            lot,
            after,
            reason: text("WHY"),
        }),
        EventKind::OfferWithdrawn => Event::OfferWithdrawn(OfferWithdrawn { lot, after }),
        EventKind::TitleTransferred => Event::TitleTransferred(TitleTransferred {
            lot,
            after,
            to,
            documents: List::empty(),
        }),
        _ => Event::LotDeclared(LotDeclared {
            site: SiteId::from_bytes([0; 16]),
            form: LotForm::Dore,
            gross_mass: GROSS_MASS,
            basis: QuantityBasis::Weighed,
            fineness: Some(claimed()),
            extracted: yesterday(now),
            custody_model: CustodyModel::IdentityPreserved,
            seals: List::empty(),
            miners: None,
            documents: List::empty(),
        }),
    }
}

fn measured(kind: EventKind) -> Event {
    let (lot, after) = (LOT, AFTER);
    match kind {
        EventKind::LotSampled => Event::LotSampled(LotSampled {
            lot,
            after,
            samples: list(vec![text("NUMBER OF THE SAMPLE'S SEAL")]),
            melt: None,
            witness: None,
        }),
        EventKind::LotAssayed => Event::LotAssayed(LotAssayed {
            lot,
            after,
            method: FinenessMethod::FireAssay,
            gold: claimed().fineness,
            silver: None,
            uncertainty_ppm: None,
            purpose: AssayPurpose::Settlement,
            sample: None,
            melt: None,
            replaces: None,
            documents: List::empty(),
        }),
        EventKind::LotSealed => Event::LotSealed(LotSealed {
            lot,
            after,
            seals: list(vec![text("NUMBER OF THE SEAL")]),
            documents: List::empty(),
        }),
        EventKind::SealBroken => Event::SealBroken(SealBroken {
            lot,
            after,
            seals: list(vec![text("NUMBER OF THE SEAL")]),
            reason: text("WHY"),
        }),
        _ => Event::LotWeighed(LotWeighed {
            lot,
            after,
            gross_mass: GROSS_MASS,
            scale: None,
            calibrated: None,
            witness: None,
            documents: List::empty(),
        }),
    }
}

fn moved_on(kind: EventKind, now: Timestamp) -> Event {
    let (lot, after, today) = (LOT, AFTER, now.date());
    match kind {
        EventKind::LotExported => Event::LotExported(LotExported {
            lots: list(vec![LotAfter { lot, after }]),
            certificate: Reference {
                source: slug("whose-certificate"),
                value: text("NUMBER"),
            },
            authority: text("WHO ISSUED IT"),
            issued: today,
            expires: today.plus_days(CERTIFICATE_DAYS),
            certified_gross_mass: GROSS_MASS,
            from: "CD".parse().expect("two capital letters"),
            to: "CH".parse().expect("two capital letters"),
            importer: PARTY,
            hs_code: text("7108.12"),
            documents: List::empty(),
        }),
        EventKind::LotReceived => Event::LotReceived(LotReceived {
            lot,
            after,
            refinery_lot: text("YOUR NUMBER FOR IT"),
            arrived: today,
            after_melt_mass: GROSS_MASS,
            discrepancy: None,
            documents: List::empty(),
        }),
        _ => Event::LotsTransformed(LotsTransformed {
            how: Transformation::Melt,
            inputs: list(vec![LotAfter { lot, after }]),
            outputs: list(vec![Output {
                form: LotForm::Dore,
                gross_mass: GROSS_MASS,
                fineness: claimed(),
                seals: List::empty(),
                bar: None,
            }]),
            custody_model: CustodyModel::IdentityPreserved,
            lost_gross_mass: Mass::ZERO,
            lost_fine_mass: Mass::ZERO,
            melt: None,
            witness: None,
            documents: List::empty(),
        }),
    }
}

fn stopped(kind: EventKind) -> Event {
    let (lot, after, reason) = (LOT, AFTER, text("WHY"));
    match kind {
        EventKind::LotHeld => Event::LotHeld(LotHeld {
            lot,
            reason,
            incident: None,
            documents: List::empty(),
        }),
        EventKind::LotReleased => Event::LotReleased(LotReleased { lot, reason }),
        EventKind::LotLost => Event::LotLost(LotLost {
            lot,
            after,
            how: Loss::Stolen,
            reason: text("WHAT HAPPENED"),
            report: None,
        }),
        EventKind::CorrectionProposed => Event::CorrectionProposed(CorrectionProposed {
            lot,
            after,
            target: AFTER,
            gross_mass: GROSS_MASS,
            reason: text("WHAT WENT WRONG"),
        }),
        EventKind::CorrectionConfirmed => Event::CorrectionConfirmed(CorrectionConfirmed {
            lot,
            after,
            proposal: AFTER,
        }),
        _ => Event::LotRetired(LotRetired { lot, after, reason }),
    }
}

fn claimed() -> FinenessClaim {
    FinenessClaim {
        fineness: Fineness::from_ppm(900_000).expect("below a million"),
        method: FinenessMethod::Density,
    }
}
