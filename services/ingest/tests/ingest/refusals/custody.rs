//! Lots and who holds them.

use event::vocabulary::{Period, Standing};
use event::{Mass, StatementId};
use ledger::Refusal;

use super::Given;
use crate::cast::{accepted, days, decided, declared, declined, grams, offered, retired, says, texts, withdrawn};

/// No statement has this id.
const NOTHING: StatementId = StatementId::from_bytes([9; 32]);

pub(super) fn table() -> Vec<Given> {
    vec![declarations(), moves(), offers_and_ends(), suspended()]
}

fn declarations() -> Given {
    let sealed = |seals: &'static [&str]| says("mine", declared("pit").but(move |e| e.seals = texts(seals)));
    let dug = |from, to| says("mine", declared("pit").but(move |e| e.extracted = Period { from, to }));
    Given::market([])
        .refuses(Refusal::UnknownSite, says("mine", declared("nowhere")))
        .refuses(Refusal::NotOperator, says("rival", declared("pit")))
        .refuses(
            Refusal::MassOutOfRange,
            says("mine", declared("pit").but(|e| e.gross_mass = Mass::ZERO)),
        )
        .refuses(Refusal::ExtractionReversed, dug(days(0), days(-1)))
        .refuses(Refusal::ExtractionInFuture, dug(days(0), days(1)))
        .refuses(Refusal::SealsNotOrdered, sealed(&["B", "A"]))
        .refuses(Refusal::SealTaken, sealed(&["S-2"]))
}

fn moves() -> Given {
    Given::market([])
        .refuses(Refusal::UnknownLot, says("mine", offered("nothing", "trader")))
        .refuses(
            Refusal::Superseded,
            says("mine", offered("dust", "trader").but(|e| e.after = NOTHING)),
        )
        .refuses(Refusal::NotCustodian, says("thief", offered("dust", "thief")))
        .refuses(Refusal::OfferToSelf, says("mine", offered("dust", "mine")))
        .refuses(Refusal::UnknownReceiver, says("mine", offered("dust", "nobody")))
        .refuses(Refusal::ReceiverHoldsNoGold, says("mine", offered("dust", "monitor")))
        .refuses(Refusal::NoOpenOffer, says("trader", accepted("dust", grams(100))))
        .refuses(Refusal::NoOpenOffer, says("trader", declined("dust")))
        .refuses(Refusal::NoOpenOffer, says("mine", withdrawn("dust")))
}

fn offers_and_ends() -> Given {
    let gone = says("mine", declared("pit")).called("gone");
    let open = says("mine", offered("dust", "trader"));
    Given::market([gone, says("mine", retired("gone")), open])
        .refuses(Refusal::LotRetired, says("mine", offered("gone", "trader")))
        .refuses(Refusal::OfferOpen, says("mine", offered("dust", "thief")))
        .refuses(Refusal::OfferOpen, says("mine", retired("dust")))
        .refuses(Refusal::NotReceiver, says("thief", accepted("dust", grams(100))))
        .refuses(Refusal::NotReceiver, says("thief", declined("dust")))
        .refuses(Refusal::NotCustodian, says("trader", withdrawn("dust")))
        .refuses(Refusal::MassGrew, says("trader", accepted("dust", grams(101))))
}

/// The mine is suspended with one lot in its hands and another on offer.
fn suspended() -> Given {
    let promised = says("mine", declared("pit")).called("promised");
    let open = says("mine", offered("promised", "trader"));
    let ends = says("scheme", decided("mine", Standing::Suspended));
    Given::market([promised, open, ends])
        .refuses(Refusal::OperatorSuspended, says("mine", declared("pit")))
        .refuses(Refusal::LotHeld, says("mine", offered("dust", "trader")))
        .refuses(Refusal::LotHeld, says("mine", retired("dust")))
        .refuses(Refusal::LotHeld, says("trader", accepted("promised", grams(100))))
}
