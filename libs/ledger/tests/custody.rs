//! Lots and who holds them.

use event::units::MASS_MAX;
use event::vocabulary::{Answer, Confidence, IncidentCategory, Period, Standing, Term};
use event::{Mass, StatementId};
use ledger::Refusal;

use crate::support::{
    CHILDREN, Say, World, accepted, check, days, decided, declared, declined, grams, happened, judged, judged_market,
    market, offered, policy, retired, says, settled, texts, withdrawn,
};

/// No statement has this id.
const NOTHING: StatementId = StatementId::from_bytes([9; 32]);
const HALF_PERCENT_MORE: Mass = Mass::from_micrograms(100_500_000);

#[test]
fn custody() {
    table();
}

pub(crate) fn table() {
    declarations();
    seals();
    offers();
    acceptances();
    growth_over_many_hands();
    refusing_and_withdrawing();
    retirement();
    double_sale();
    suspended();
}

/// The lot `dust` on offer by the mine to the trader.
fn on_offer() -> World {
    market().and(says("mine", offered("dust", "trader")))
}

fn declarations() {
    let market = market();
    let mass = |mass| says("mine", declared("pit").but(move |e| e.gross_mass = mass));
    let dug = |from, to| declared("pit").but(move |e| e.extracted = Period { from, to });
    check(&market, says("mine", declared("pit")).called("nugget"), ["lot nugget: 100 g from pit, with mine"]);
    check(&market, mass(Mass::from_micrograms(1)), ["lot new: 0.000001 g from pit, with mine"]);
    check(&market, mass(MASS_MAX), ["lot new: 1000000000 g from pit, with mine"]);
    check(&market, says("mine", dug(days(0), days(0))), ["lot new: 100 g from pit, with mine"]);
    check(&market, mass(Mass::ZERO), Refusal::MassOutOfRange);
    check(&market, mass(Mass::from_micrograms(MASS_MAX.micrograms() + 1)), Refusal::MassOutOfRange);
    check(&market, mass(Mass::from_micrograms(u64::MAX)), Refusal::MassOutOfRange);
    check(&market, says("mine", dug(days(0), days(-1))), Refusal::ExtractionReversed);
    check(&market, says("mine", dug(days(0), days(1))), Refusal::ExtractionInFuture);
    check(&market, says("mine", declared("nowhere")), Refusal::UnknownSite);
    for who in ["rival", "thief", "scheme", "monitor"] {
        check(&market, says(who, declared("pit")), Refusal::NotOperator);
    }
    // Where two fit.
    let reversed = || dug(days(5), days(4)).but(|e| e.gross_mass = Mass::ZERO);
    check(&market, says("thief", reversed()), Refusal::MassOutOfRange);
    check(&market, says("thief", reversed().but(|e| e.gross_mass = grams(1))), Refusal::ExtractionReversed);
    let unsorted = || dug(days(1), days(1)).but(|e| e.seals = texts(&["B", "A"]));
    check(&market, says("thief", unsorted()), Refusal::ExtractionInFuture);
}

fn seals() {
    let market = market();
    let sealed = |site, seals: &'static [&str]| declared(site).but(move |e| e.seals = texts(seals));
    check(
        &market,
        says("mine", sealed("pit", &["S-3", "S-4"])),
        ["lot new: 100 g from pit, with mine", "seal S-3: on new", "seal S-4: on new"],
    );
    check(&market, says("mine", sealed("pit", &["B", "A"])), Refusal::SealsNotOrdered);
    check(&market, says("mine", sealed("pit", &["A", "A"])), Refusal::SealsNotOrdered);
    check(&market, says("mine", sealed("pit", &["S-2"])), Refusal::SealTaken);
    check(&market, says("rival", sealed("creek", &["A", "S-1"])), Refusal::SealTaken);
    // For ever: also when the lot has left the system.
    let gone = market.clone().and(says("mine", retired("dust")));
    check(&gone, says("mine", sealed("pit", &["S-1"])), Refusal::SealTaken);
    // Where two fit.
    check(&market, says("thief", sealed("nowhere", &["S-2", "S-1"])), Refusal::SealsNotOrdered);
    check(&market, says("thief", sealed("nowhere", &["S-1"])), Refusal::UnknownSite);
    check(&market, says("thief", sealed("pit", &["S-1"])), Refusal::NotOperator);
}

fn offers() {
    let (market, open) = (market(), on_offer());
    let stale = |who, to| says(who, offered("dust", to).but(|e| e.after = NOTHING));
    check(
        &market,
        says("mine", offered("dust", "trader")),
        ["lot dust: 100 g from pit, with mine, on offer to trader since 22"],
    );
    check(&market, says("mine", offered("nothing", "trader")), Refusal::UnknownLot);
    check(&market, stale("mine", "trader"), Refusal::Superseded);
    check(&market, says("thief", offered("dust", "thief")), Refusal::NotCustodian);
    check(&market, says("scheme", offered("dust", "trader")), Refusal::NotCustodian);
    check(&open, says("mine", offered("dust", "thief")), Refusal::OfferOpen);
    check(&open, says("mine", offered("dust", "trader")), Refusal::OfferOpen);
    check(&market, says("mine", offered("dust", "mine")), Refusal::OfferToSelf);
    check(&market, says("mine", offered("dust", "nobody")), Refusal::UnknownReceiver);
    for who in ["monitor", "ministry", "scheme", "auditor"] {
        check(&market, says("mine", offered("dust", who)), Refusal::ReceiverHoldsNoGold);
    }
    // Where two fit.
    check(&market.clone().and(says("mine", retired("dust"))), stale("thief", "nobody"), Refusal::LotRetired);
    check(&open, stale("thief", "nobody"), Refusal::Superseded);
    check(&open, says("thief", offered("dust", "nobody")), Refusal::NotCustodian);
    check(&open, says("mine", offered("dust", "mine")), Refusal::OfferOpen);
    check(&market, says("thief", offered("dust", "nobody")), Refusal::NotCustodian);
}

fn acceptances() {
    let open = on_offer();
    let takes = |who, mass| says(who, accepted("dust", mass));
    let ton = Mass::from_micrograms(MASS_MAX.micrograms() + 1);
    let stale = || accepted("dust", grams(100)).but(|e| e.after = NOTHING);
    check(&open, takes("trader", grams(100)), ["lot dust: 100 g from pit, with trader, owned by mine"]);
    check(&open, takes("trader", grams(99)), ["lot dust: 99 g of 100 g from pit, with trader, owned by mine", "flag weighings-differ on dust: 1000000, line 100000"]);
    check(&open, takes("trader", HALF_PERCENT_MORE), ["lot dust: 100.5 g of 100 g from pit, with trader, owned by mine", "flag weighings-differ on dust: 500000, line 100000"]);
    let grown = Mass::from_micrograms(HALF_PERCENT_MORE.micrograms() + 1);
    check(&open, takes("trader", grown), Refusal::MassGrew);
    check(&open, takes("trader", Mass::ZERO), Refusal::MassOutOfRange);
    check(&open, takes("trader", ton), Refusal::MassOutOfRange);
    check(&open, says("trader", accepted("nothing", grams(1))), Refusal::UnknownLot);
    check(&open, says("trader", stale()), Refusal::Superseded);
    check(&market(), takes("trader", grams(100)), Refusal::NoOpenOffer);
    for who in ["thief", "mine", "scheme"] {
        check(&open, takes(who, grams(100)), Refusal::NotReceiver);
    }
    // The heaviest lot there can be does not overflow.
    let heavy = market()
        .and(says("mine", declared("pit").but(|e| e.gross_mass = MASS_MAX)).called("hoard"))
        .and(says("mine", offered("hoard", "trader")));
    check(&heavy, says("trader", accepted("hoard", MASS_MAX)), ["lot hoard: 1000000000 g from pit, with trader, owned by mine", "flag seals-differ on hoard"]);
    check(&heavy, says("trader", accepted("hoard", ton)), Refusal::MassOutOfRange);
    // Where two fit.
    check(&open, says("thief", accepted("nothing", Mass::ZERO)), Refusal::MassOutOfRange);
    check(&market().and(says("mine", retired("dust"))), says("trader", stale()), Refusal::LotRetired);
    check(&open, says("thief", stale()), Refusal::Superseded);
    check(&market(), takes("thief", grown), Refusal::NoOpenOffer);
    check(&open, takes("thief", grown), Refusal::NotReceiver);
}

/// The tolerance is for scales, not for gold that joins the lot on the way.
fn growth_over_many_hands() {
    let passed = |world: World, from: &str, to: &str, mass| {
        world.and(says(from, offered("dust", to))).and(says(to, accepted("dust", mass)))
    };
    let heavier = passed(market(), "mine", "trader", HALF_PERCENT_MORE).and(says("trader", offered("dust", "refiner")));
    let more = Mass::from_micrograms(HALF_PERCENT_MORE.micrograms() + 1);
    check(&heavier, says("refiner", accepted("dust", more)), Refusal::MassGrew);
    check(
        &heavier,
        says("refiner", accepted("dust", HALF_PERCENT_MORE)),
        ["lot dust: 100.5 g of 100 g from pit, with refiner, owned by mine"],
    );
    let lighter = passed(market(), "mine", "trader", grams(80)).and(says("trader", offered("dust", "refiner")));
    check(&lighter, says("refiner", accepted("dust", grams(81))), Refusal::MassGrew);
    check(&lighter, says("refiner", accepted("dust", grams(80))), ["lot dust: 80 g of 100 g from pit, with refiner, owned by mine"]);
    let exact = market().and(says("scheme", policy([Term::AcceptanceGainPpmMax(0)])));
    let exact = exact.and(says("mine", offered("dust", "trader")));
    check(&exact, says("trader", accepted("dust", Mass::from_micrograms(100_000_001))), Refusal::MassGrew);
    check(&exact, says("trader", accepted("dust", grams(100))), ["lot dust: 100 g from pit, with trader, owned by mine"]);
}

fn refusing_and_withdrawing() {
    let (market, open) = (market(), on_offer());
    let unknown = || (declined("nothing"), withdrawn("nothing"));
    let stale = || (declined("dust").but(|e| e.after = NOTHING), withdrawn("dust").but(|e| e.after = NOTHING));
    let gone = market.clone().and(says("mine", retired("dust")));
    check(&open, says("trader", declined("dust")), ["lot dust: 100 g from pit, with mine"]);
    check(&open, says("mine", withdrawn("dust")), ["lot dust: 100 g from pit, with mine"]);
    check(&open, says("trader", unknown().0), Refusal::UnknownLot);
    check(&open, says("mine", unknown().1), Refusal::UnknownLot);
    check(&open, says("trader", stale().0), Refusal::Superseded);
    check(&open, says("mine", stale().1), Refusal::Superseded);
    check(&gone, says("trader", stale().0), Refusal::LotRetired);
    check(&gone, says("mine", stale().1), Refusal::LotRetired);
    check(&market, says("trader", declined("dust")), Refusal::NoOpenOffer);
    check(&market, says("mine", withdrawn("dust")), Refusal::NoOpenOffer);
    check(&open, says("mine", declined("dust")), Refusal::NotReceiver);
    check(&open, says("thief", declined("dust")), Refusal::NotReceiver);
    check(&open, says("trader", withdrawn("dust")), Refusal::NotCustodian);
    check(&market, says("thief", withdrawn("dust")), Refusal::NotCustodian);
    // What was declined or withdrawn is not taken after all, and may be offered anew.
    let free = [open.clone().and(says("trader", declined("dust"))), open.and(says("mine", withdrawn("dust")))];
    for world in free {
        check(&world, says("trader", accepted("dust", grams(100))), Refusal::NoOpenOffer);
        check(
            &world,
            says("mine", offered("dust", "refiner")),
            ["lot dust: 100 g from pit, with mine, on offer to refiner since 24"],
        );
    }
}

fn retirement() {
    let (market, open) = (market(), on_offer());
    let gone = market.clone().and(says("mine", retired("dust")));
    check(&market, says("mine", retired("dust")), ["lot dust: 100 g from pit, with mine, retired"]);
    check(&market, says("mine", retired("nothing")), Refusal::UnknownLot);
    check(&market, says("mine", retired("dust").but(|e| e.after = NOTHING)), Refusal::Superseded);
    check(&market, says("thief", retired("dust")), Refusal::NotCustodian);
    check(&open, says("mine", retired("dust")), Refusal::OfferOpen);
    check(&open, says("trader", retired("dust")), Refusal::NotCustodian);
    for say in [
        says("mine", retired("dust")),
        says("mine", offered("dust", "trader")),
        says("trader", accepted("dust", grams(100))),
        says("trader", declined("dust")),
        says("mine", withdrawn("dust")),
        says("thief", retired("dust").but(|e| e.after = NOTHING)),
    ] {
        check(&gone, say, Refusal::LotRetired);
    }
}

/// The trader has the lot; the mine, which sold it, sells it again.
fn double_sale() {
    let first = market().latest("dust");
    let sold = on_offer().and(says("trader", accepted("dust", grams(100))));
    let again = move |to| offered("dust", to).but(move |e| e.after = first);
    check(&on_offer(), says("mine", again("thief")), Refusal::Superseded);
    check(&sold, says("mine", again("thief")), Refusal::Superseded);
    check(&sold, says("mine", offered("dust", "thief")), Refusal::NotCustodian);
    check(&sold, says("thief", accepted("dust", grams(100))), Refusal::NoOpenOffer);
    check(&sold, says("mine", retired("dust")), Refusal::NotCustodian);
    check(
        &sold,
        says("trader", offered("dust", "refiner")),
        ["lot dust: 100 g from pit, with trader, owned by mine, on offer to refiner since 24"],
    );
}

/// While the mine is suspended, it declares nothing and what it dug and has stays where it is; what left its hands is
/// not reached, and what it took from others is not either.
fn suspended() {
    use Standing::{Affiliate, Applicant, Candidate, Lapsed, Registered};
    let before = judged_market()
        .and(says("mine", declared("pit")).called("sold"))
        .and(says("mine", offered("sold", "trader")))
        .and(says("trader", accepted("sold", grams(100))))
        .and(says("rival", declared("creek")).called("bought"))
        .and(says("rival", offered("bought", "mine")))
        .and(says("mine", accepted("bought", grams(100))))
        .and(says("mine", declared("pit")).called("promised"))
        .and(says("mine", offered("promised", "trader")));
    let armed = happened("pit", IncidentCategory::ArmedGroup).but(|e| e.confidence = Confidence::Known);
    // For each reason: how it comes, and how it goes.
    let reasons: [(Say, Say); 3] = [
        (says("scheme", decided("mine", Standing::Suspended)), says("scheme", decided("mine", Standing::Applicant))),
        (says("monitor", armed).called("it"), says("auditor", settled("it"))),
        (
            says("monitor", judged("pit", &[(CHILDREN, Answer::Fail)])),
            says("monitor", judged("pit", &[(CHILDREN, Answer::Pass)])),
        ),
    ];
    for (comes, goes) in reasons {
        let held = before.clone().and(comes);
        check(&held, says("mine", declared("pit")), Refusal::OperatorSuspended);
        check(&held, says("mine", offered("dust", "refiner")), Refusal::LotHeld);
        check(&held, says("mine", retired("dust")), Refusal::LotHeld);
        check(&held, says("trader", accepted("promised", grams(100))), Refusal::LotHeld);
        // An open offer can still be ended; that moves nothing.
        assert!(held.clone().hear(&says("trader", declined("promised"))).is_ok());
        let free = held.clone().and(says("mine", withdrawn("promised")));
        check(&free, says("mine", offered("promised", "trader")), Refusal::LotHeld);
        let moves = [
            says("trader", offered("sold", "refiner")),
            says("trader", retired("sold")),
            says("mine", offered("bought", "trader")),
            says("mine", retired("bought")),
            says("rival", declared("creek")),
        ];
        for say in moves {
            let mut world = held.clone();
            assert!(world.hear(&say).is_ok());
        }
        let released = held.and(goes);
        let moves = [
            says("mine", declared("pit")),
            says("mine", offered("dust", "refiner")),
            says("trader", accepted("promised", grams(100))),
        ];
        for say in moves {
            let mut world = released.clone();
            assert!(world.hear(&say).is_ok());
        }
    }
    // Any other word of the scheme holds nothing.
    for standing in [Applicant, Registered, Candidate, Affiliate, Lapsed] {
        let world = before.clone().and(says("scheme", decided("mine", standing)));
        check(&world, says("mine", declared("pit")), ["lot new: 100 g from pit, with mine"]);
    }
    // Where two fit.
    let held = before.and(says("scheme", decided("mine", Standing::Suspended)));
    check(&held, says("rival", declared("pit")), Refusal::NotOperator);
    check(&held, says("mine", declared("pit").but(|e| e.seals = texts(&["S-1"]))), Refusal::OperatorSuspended);
    check(&held, says("thief", offered("dust", "nobody")), Refusal::NotCustodian);
    check(&held, says("mine", offered("promised", "refiner")), Refusal::OfferOpen);
    check(&held, says("mine", offered("dust", "nobody")), Refusal::LotHeld);
    check(&held, says("thief", accepted("promised", grams(100))), Refusal::NotReceiver);
    check(&held, says("trader", accepted("promised", grams(900))), Refusal::LotHeld);
    check(&held, says("mine", retired("promised")), Refusal::OfferOpen);
}
