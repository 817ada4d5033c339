//! What stops a lot and what became of it; and setting right what was said.

use event::vocabulary::{LotForm, Output, SealState, Standing, Transformation};
use event::{Mass, StatementId};
use ledger::{Change, HOLD_REACH_MAX, Refusal};

use crate::support::{
    World, accepted, agreed, check, corrected, decided, declined, dug, exported, grams, handed, held, lost, made,
    micrograms, offered, out, released, retired, says, titled, trade, weighed, withdrawn,
};

/// No statement has this id.
const NOTHING: StatementId = StatementId::from_bytes([9; 32]);

#[test]
fn holding() {
    table();
}

pub(crate) fn table() {
    who_holds();
    what_does_not_move();
    what_became_of_it();
    several_holds();
    as_wide_as_can_be();
    suspension_reaches_what_was_made();
    declared_less();
    handed_over_otherwise();
}

fn at_the_mine() -> World {
    trade().and(says("mine", dug("pit")).called("ore"))
}

fn who_holds() {
    let world = at_the_mine();
    let ore = "lot ore: 100 g of 900.0 from pit, with mine";
    check(&world, says("scheme", held("ore")), [ore, "hold on ore: by scheme", "ore: held"]);
    check(&world, says("ministry", held("ore")), [ore, "hold on ore: by ministry", "ore: held"]);
    check(&world, says("auditor", held("ore")), [ore, "hold on ore: by auditor", "ore: held"]);
    for who in ["mine", "rival", "trader", "monitor", "assayer"] {
        check(&world, says(who, held("ore")), Refusal::MayNotHold);
    }
    check(&world, says("scheme", held("nothing")), Refusal::UnknownLot);
    check(&world.clone().and(says("mine", retired("ore"))), says("scheme", held("ore")), Refusal::LotRetired);
    check(&world.clone().and(says("mine", lost("ore"))), says("scheme", held("ore")), Refusal::LotIsLost);
    check(&world, says("scheme", released("ore")), Refusal::NotHeld);
    check(&world, says("scheme", released("nothing")), Refusal::UnknownLot);
    let held_by_ministry = world.clone().and(says("ministry", held("ore")));
    check(&held_by_ministry, says("scheme", held("ore")), Refusal::HeldAlready);
    for who in ["auditor", "mine", "trader"] {
        check(&held_by_ministry, says(who, released("ore")), Refusal::MayNotRelease);
    }
    for who in ["scheme", "ministry"] {
        check(&held_by_ministry, says(who, released("ore")), [ore, "hold on ore: released", "ore: free"]);
    }
    check(&world, says("mine", held("nothing")), Refusal::MayNotHold);
}

fn what_does_not_move() {
    let open = at_the_mine().and(says("mine", offered("ore", "trader")));
    let world = open.clone().and(says("scheme", held("ore")));
    check(&world, says("trader", accepted("ore", grams(100))), Refusal::HoldOpen);
    let free = world.and(says("mine", withdrawn("ore")));
    let melts = made(Transformation::Melt, &["ore"], &[out(grams(100), 900_000)]);
    for say in [
        says("mine", offered("ore", "trader")),
        says("mine", retired("ore")),
        says("mine", titled("ore", "trader")),
        says("mine", exported(&["ore"], "1")),
        says("mine", melts),
    ] {
        check(&free, say, Refusal::HoldOpen);
    }
    // Weighed, assayed and ended offers move nothing.
    for say in [says("mine", weighed("ore", grams(100))), says("trader", declined("ore"))] {
        let mut world = open.clone().and(says("scheme", held("ore")));
        let is_weighing = world.hear(&say).err();
        assert!(matches!(is_weighing, None | Some(Refusal::OfferOpen)), "{is_weighing:?}");
    }
    let mut released = free.and(says("scheme", released("ore")));
    assert!(released.hear(&says("mine", offered("ore", "trader"))).is_ok());
    // Who signed before the hold looks at the lot again.
    let before = open.latest("ore");
    let late = open.and(says("scheme", held("ore"))).and(says("scheme", crate::support::released("ore")));
    let takes = accepted("ore", grams(100)).but(move |e| e.after = before);
    check(&late, says("trader", takes), Refusal::Superseded);
}

/// `ore` and `more` molten to `bar`, and that cut to `part` and `part#1`; the trader has all of it.
fn cut() -> World {
    let world = at_the_mine().and(says("mine", dug("pit")).called("more"));
    let world = handed(handed(world, "ore", "mine", "trader", grams(100)), "more", "mine", "trader", grams(100));
    let part = |mass| out(grams(mass), 900_000);
    world
        .and(says("trader", made(Transformation::Melt, &["ore", "more"], &[part(200)])).called("bar"))
        .and(says("trader", made(Transformation::Split, &["bar"], &[part(120), part(80)])).called("part"))
}

fn held_lots(world: &World, names: &[&str]) -> Vec<bool> {
    names.iter().map(|name| world.ledger.is_held(&world.lot(name))).collect()
}

fn what_became_of_it() {
    let world = cut();
    let lots = ["ore", "more", "bar", "part", "part#1"];
    let ore = world.clone().and(says("scheme", held("ore")));
    assert_eq!(held_lots(&ore, &lots), [false, false, false, true, true]);
    for part in ["part", "part#1"] {
        check(&ore, says("trader", offered(part, "refiner")), Refusal::HoldOpen);
        // The hold is on the ore, and is released there.
        check(&ore, says("scheme", released(part)), Refusal::NotHeld);
    }
    check(&ore, says("scheme", held("ore")), Refusal::HeldAlready);
    let free = ore.and(says("scheme", released("ore")));
    assert_eq!(held_lots(&free, &lots), [false; 5]);
    // What a buyer has by then is shown, not held; what is gone is gone.
    let delivered = handed(world.clone(), "part", "trader", "buyer", grams(120)).and(says("trader", retired("part#1")));
    let mut changes = delivered.clone().hear(&says("scheme", held("bar"))).unwrap();
    changes.retain(|change| matches!(change, Change::Flag(_) | Change::Reached { .. }));
    let words: Vec<_> = changes.iter().map(|change| delivered.in_words(change)).collect();
    assert_eq!(words, ["flag held-upstream on part like bar"]);
    let held_bar = delivered.and(says("scheme", held("bar")));
    assert_eq!(held_lots(&held_bar, &lots), [false; 5]);
    // Unless it is held itself.
    let itself = held_bar.and(says("scheme", held("part")));
    check(&itself, says("buyer", offered("part", "refiner")), Refusal::HoldOpen);
}

fn several_holds() {
    let world = cut().and(says("scheme", held("ore"))).and(says("ministry", held("more")));
    let one = world.and(says("scheme", released("ore")));
    check(&one, says("trader", offered("part", "refiner")), Refusal::HoldOpen);
    let mut none = one.and(says("ministry", released("more")));
    assert!(none.hear(&says("trader", offered("part", "refiner"))).is_ok());
}

/// A lot cut into more lots than one statement reaches.
fn as_wide_as_can_be() {
    let dust = |mass| Output { form: LotForm::Dust, ..out(mass, 900_000) };
    let pieces = |total: u64, count: u64| (0..count).map(|_| dust(micrograms(total / count))).collect::<Vec<_>>();
    let mut world = at_the_mine().and(says("mine", made(Transformation::Split, &["ore"], &pieces(100_000_000, 64))).called("piece"));
    let mut reach = 1 + 64;
    for place in 0..64 {
        if HOLD_REACH_MAX < reach + 64 {
            break;
        }
        let name = format!("piece#{place}");
        world = world.and(says("mine", made(Transformation::Split, &[&name], &pieces(1_562_500, 64))).called(format!("bit {place}")));
        reach += 64;
    }
    assert!(world.clone().hear(&says("scheme", held("ore"))).is_ok(), "{reach} lots are reached");
    let last = says("mine", made(Transformation::Split, &["piece#63"], &pieces(1_562_500, 64)));
    let wider = world.and(last);
    check(&wider, says("scheme", held("ore")), Refusal::HoldTooWide);
    let bit = wider.ledger.lot(&wider.lot("piece#63")).unwrap();
    assert!(bit.end.is_some());
    assert!(wider.clone().hear(&says("scheme", held("piece#63"))).is_ok());
}

/// What a suspended organization made of what it dug stays with it too.
fn suspension_reaches_what_was_made() {
    let world = at_the_mine()
        .and(says("mine", made(Transformation::Melt, &["ore"], &[out(grams(100), 900_000)])).called("bar"))
        .and(says("scheme", decided("mine", Standing::Suspended)));
    check(&world, says("mine", offered("bar", "trader")), Refusal::LotHeld);
    let mut free = world.and(says("scheme", decided("mine", Standing::Applicant)));
    assert!(free.hear(&says("mine", offered("bar", "trader"))).is_ok());
}

/// The declarer alone, to less, while it has the lot.
fn declared_less() {
    let world = at_the_mine();
    let to = |who, mass| says(who, corrected("ore", "ore", mass));
    check(&world, to("mine", grams(10)), ["lot ore: 10 g of 900.0 from pit, with mine"]);
    check(&world, to("mine", grams(101)), Refusal::CorrectionRaises);
    check(&world, to("mine", grams(100)), Refusal::NothingCorrected);
    check(&world, to("mine", Mass::ZERO), Refusal::MassOutOfRange);
    check(&world, to("trader", grams(10)), Refusal::NotCustodian);
    check(&world, says("mine", corrected("nothing", "nothing", grams(1))), Refusal::UnknownLot);
    check(&world, says("mine", corrected("ore", "ore", grams(1)).but(|e| e.after = NOTHING)), Refusal::Superseded);
    check(&world, says("mine", corrected("ore", "pit", grams(10))), Refusal::NotCorrectable);
    check(&world.clone().and(says("mine", offered("ore", "trader"))), to("mine", grams(10)), Refusal::OfferOpen);
    let sold = handed(world.clone(), "ore", "mine", "trader", grams(100));
    check(&sold, to("mine", grams(10)), Refusal::NotCustodian);
    check(&sold, to("trader", grams(10)), Refusal::NotCorrectable);
    // It comes back, and still its declaration stays what it was.
    let back = handed(sold, "ore", "trader", "mine", grams(100));
    check(&back, to("mine", grams(10)), Refusal::NotCorrectable);
    // Less gold is in it too.
    let less = world.clone().and(to("mine", grams(10)));
    assert_eq!(less.ledger.lot(&less.lot("ore")).unwrap().fine_mass_max, micrograms(9_100_000));
    // After a lighter weighing, the lower one is the most.
    let lighter = world.and(says("mine", weighed("ore", grams(99))));
    check(&lighter, to("mine", micrograms(99_500_000)), Refusal::CorrectionRaises);
}

/// By either one, and the other one confirms.
fn handed_over_otherwise() {
    let open = at_the_mine().and(says("mine", offered("ore", "trader").but(|e| e.with_title = true)));
    let takes = says("trader", accepted("ore", grams(90)).but(|e| e.seals = SealState::None)).called("handover");
    let world = open.and(takes);
    let wants = |who, mass| says(who, corrected("ore", "handover", mass)).called("proposal");
    let now = "lot ore: 90 g of 100 g of 900.0 from pit, with trader";
    check(&world, wants("trader", grams(99)), [now]);
    check(&world, wants("mine", grams(99)), [now]);
    check(&world, wants("rival", grams(99)), Refusal::NotSigner);
    check(&world, wants("trader", grams(90)), Refusal::NothingCorrected);
    check(&world, wants("trader", micrograms(100_500_001)), Refusal::MassGrew);
    let proposed = world.clone().and(wants("trader", grams(99)));
    check(
        &proposed,
        says("mine", agreed("ore")),
        ["lot ore: 99 g of 100 g of 900.0 from pit, with trader", "flag weighings-differ on ore: 1000000, line 100000"],
    );
    check(&proposed, says("trader", agreed("ore")), Refusal::NotSigner);
    check(&proposed, says("rival", agreed("ore")), Refusal::NotSigner);
    check(&world, says("mine", agreed("ore")), Refusal::UnknownProposal);
    let other = agreed("ore").but(|e| e.proposal = NOTHING);
    check(&proposed, says("mine", other), Refusal::UnknownProposal);
    // The other way round.
    let by_giver = world.clone().and(wants("mine", grams(100)));
    check(&by_giver, says("trader", agreed("ore")), ["lot ore: 100 g of 900.0 from pit, with trader"]);
    check(&by_giver, says("mine", agreed("ore")), Refusal::NotSigner);
    // Whatever is said in between takes its place, and so does a second proposal.
    let stale = proposed.latest("ore");
    let moved = proposed.clone().and(says("trader", weighed("ore", grams(90))));
    let late = agreed("ore").but(move |e| e.proposal = stale);
    check(&moved, says("mine", late), Refusal::UnknownProposal);
    let again = proposed.and(wants("trader", grams(98)));
    check(
        &again,
        says("mine", agreed("ore")),
        ["lot ore: 98 g of 100 g of 900.0 from pit, with trader", "flag weighings-differ on ore: 2000000, line 100000"],
    );
    // Only the latest handover, while the receiver has the lot.
    let passed_on = handed(world, "ore", "trader", "refiner", grams(90));
    check(&passed_on, says("mine", corrected("ore", "handover", grams(99))), Refusal::NotCorrectable);
    check(&passed_on, says("trader", corrected("ore", "handover", grams(99))), Refusal::NotCorrectable);
}
