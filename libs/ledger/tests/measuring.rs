//! What is measured on a lot, what closes it, whose it is; how it gets old, lost, and held to be finer or less fine.

use event::key::Digest;
use event::vocabulary::{AssayPurpose, FinenessBand, FinenessMethod, SealState, Standing};
use event::{Mass, StatementId};
use ledger::Refusal;

use crate::support::{
    NOON, Say, World, accepted, amended, assayed, check, decided, declined, dug, grams, held, list, lost,
    micrograms, offered, opened, ppm, retired, sampled, says, sealed, settles, texts, titled, trade, weighed, withdrawn,
};

/// No statement has this id.
const NOTHING: StatementId = StatementId::from_bytes([9; 32]);

#[test]
fn measuring() {
    table();
}

pub(crate) fn table() {
    weighing();
    sampling();
    assaying();
    who_assays_for_what();
    whose_word_counts();
    assays_that_differ();
    replacing();
    sealing();
    title();
    losing();
    offers_expire();
    handovers();
    time_passes();
    always_lighter();
}

/// The lot `ore` at the mine.
fn at_the_mine() -> World {
    trade().and(says("mine", dug("pit")).called("ore"))
}

/// The lot `ore` at the refiner, who owns it.
fn at_the_refiner() -> World {
    at_the_mine()
        .and(says("mine", offered("ore", "refiner").but(|e| e.with_title = true)))
        .and(says("refiner", accepted("ore", grams(100)).but(|e| e.seals = SealState::None)))
}

fn later(say: Say, days: i64) -> Say {
    let at = NOON.plus_ms(days * 86_400_000);
    say.admitted_at(at).stated_at(at)
}

fn weighing() {
    let world = at_the_mine();
    let of = |who, mass| says(who, weighed("ore", mass));
    check(&world, of("mine", grams(100)), ["lot ore: 100 g of 900.0 from pit, with mine"]);
    check(&world, of("mine", micrograms(99_900_000)), ["lot ore: 99.9 g of 100 g of 900.0 from pit, with mine"]);
    check(
        &world,
        of("mine", micrograms(99_899_999)),
        ["lot ore: 99.899999 g of 100 g of 900.0 from pit, with mine", "flag weighings-differ on ore: 100001, line 100000"],
    );
    check(
        &world,
        of("mine", micrograms(100_500_000)),
        ["lot ore: 100.5 g of 100 g of 900.0 from pit, with mine", "flag weighings-differ on ore: 500000, line 100000"],
    );
    check(&world, of("mine", micrograms(100_500_001)), Refusal::MassGrew);
    check(&world, of("mine", Mass::ZERO), Refusal::MassOutOfRange);
    check(&world, says("mine", weighed("nothing", grams(1))), Refusal::UnknownLot);
    check(&world, says("mine", weighed("ore", grams(1)).but(|e| e.after = NOTHING)), Refusal::Superseded);
    check(&world, of("trader", grams(100)), Refusal::NotCustodian);
    let nobody = weighed("ore", grams(100)).but(|e| e.witness = Some(event::PartyId::from_bytes([7; 16])));
    check(&world, says("mine", nobody), Refusal::UnknownParty);
    check(&world.clone().and(says("mine", offered("ore", "trader"))), of("mine", grams(100)), Refusal::OfferOpen);
    check(&world.and(says("mine", retired("ore"))), of("mine", grams(100)), Refusal::LotRetired);
}

fn sampling() {
    let world = at_the_mine();
    let plain = "lot ore: 100 g of 900.0 from pit, with mine";
    let takes = |who, samples: &[&str]| says(who, sampled("ore", samples));
    check(&world, takes("mine", &["M-1", "M-2"]), [plain, "sample M-1: of ore", "sample M-2: of ore"]);
    check(&world, takes("mine", &[]), Refusal::NoSeals);
    check(&world, takes("mine", &["M-2", "M-1"]), Refusal::SealsNotOrdered);
    check(&world, takes("trader", &["M-1"]), Refusal::NotCustodian);
    let nobody = sampled("ore", &["M-1"]).but(|e| e.witness = Some(event::PartyId::from_bytes([7; 16])));
    check(&world, says("mine", nobody), Refusal::UnknownParty);
    let used = world.and(takes("mine", &["M-1"]));
    check(&used, takes("mine", &["M-1"]), Refusal::SealTaken);
    check(&used, says("rival", dug("creek").but(|e| e.seals = texts(&["M-1"]))), Refusal::SealTaken);
    // An assay names a sample of the lot, and no mere seal.
    let of = |sample: &'static str| assayed("ore", 900_000).but(move |e| e.sample = Some(sample.parse().unwrap()));
    check(&used, says("assayer", of("M-1")), [plain]);
    check(&used, says("assayer", of("M-2")), Refusal::UnknownSample);
    let sealed = used.and(says("mine", sealed("ore", &["S-1"])));
    check(&sealed, says("assayer", of("S-1")), Refusal::UnknownSample);
}

fn assaying() {
    let world = at_the_mine();
    check(&world, says("assayer", assayed("ore", 905_000)), ["lot ore: 100 g of 905.0 from pit, with mine"]);
    let silver = |of| assayed("ore", 900_000).but(move |e| e.silver = Some(ppm(of)));
    check(&world, says("assayer", silver(100_000)), ["lot ore: 100 g of 900.0 from pit, with mine"]);
    check(&world, says("assayer", silver(100_001)), Refusal::ContentAboveWhole);
    check(&world, says("assayer", assayed("nothing", 1)), Refusal::UnknownLot);
    check(&world, says("assayer", assayed("ore", 1).but(|e| e.after = NOTHING)), Refusal::Superseded);
    check(&world.clone().and(says("mine", retired("ore"))), says("assayer", assayed("ore", 1)), Refusal::LotRetired);
    // What is held, on offer or sealed is assayed all the same.
    let closed = world.and(says("mine", sealed("ore", &["S-1"]))).and(says("scheme", held("ore")));
    check(&closed, says("assayer", assayed("ore", 905_000)), ["lot ore: 100 g of 905.0 from pit, with mine"]);
    // Where nobody said how fine it is, the first assay says so. More gold than the declaration leaves room for is shown,
    // and not counted.
    let unknown = trade().and(says("mine", dug("pit").but(|e| e.fineness = None)).called("ore"));
    check(&unknown, says("mine", assayed("ore", 999_000)), ["lot ore: 100 g of 999.0 from pit, with mine"]);
    let mut more = at_the_mine();
    check(
        &more,
        says("assayer", assayed("ore", 920_000)),
        [
            "lot ore: 100 g of 920.0 from pit, with mine",
            "flag assays-differ on ore: 20000, line 10500",
            "flag assay-above-limit on ore: 92000000, line 91000000",
        ],
    );
    more = more.and(says("assayer", assayed("ore", 920_000)));
    assert_eq!(more.ledger.lot(&more.lot("ore")).unwrap().fine_mass(), Some(micrograms(91_000_000)));
    // Outside the band of its site.
    let band = FinenessBand { from: ppm(910_000), to: ppm(990_000) };
    let banded = at_the_mine().and(says("scheme", amended("pit").but(move |e| e.fineness_band = Some(band))));
    check(
        &banded,
        says("assayer", assayed("ore", 905_000)),
        ["lot ore: 100 g of 905.0 from pit, with mine", "flag fineness-outside-band on ore: 905000, line 910000"],
    );
    // A certificate that stands for many lots is no wonder.
    let of = |lot: &'static str| assayed(lot, 900_000).but(|e| e.documents = list([Digest::from_bytes([6; 32])]));
    let two = at_the_mine().and(says("mine", dug("pit")).called("more")).and(says("assayer", of("ore")));
    check(&two, says("assayer", of("more")), ["lot more: 100 g of 900.0 from pit, with mine"]);
}

fn who_assays_for_what() {
    use AssayPurpose::{Blind, Control, Settlement, Umpire};
    let of = |who, purpose| says(who, assayed("ore", 900_000).but(move |e| e.purpose = purpose));
    let may = |world: &World, who, purpose| {
        let mut world = world.clone();
        world.hear(&of(who, purpose)).err()
    };
    let mine = at_the_mine();
    for who in ["mine", "assayer", "umpire", "refiner", "ministry"] {
        assert_eq!(may(&mine, who, Control), None, "{who}");
        assert_eq!(may(&mine, who, Blind), None, "{who}");
    }
    for who in ["trader", "rival", "monitor", "auditor", "scheme"] {
        check(&mine, of(who, Control), Refusal::MayNotAssay);
        check(&mine, of(who, Settlement), Refusal::MayNotAssay);
    }
    // Who is to receive it assays too.
    let open = mine.clone().and(says("mine", offered("ore", "trader")));
    assert_eq!(may(&open, "trader", Settlement), None);
    check(&later_world(&open, 31), later(of("trader", Control), 31), Refusal::MayNotAssay);
    // The seller does not settle alone; the buyer who has it does, until it sells.
    check(&mine, of("mine", Settlement), Refusal::SettlementBySeller);
    assert_eq!(may(&mine, "assayer", Settlement), None);
    let refiner = at_the_refiner();
    assert_eq!(may(&refiner, "refiner", Settlement), None);
    let resold = refiner.clone().and(says("refiner", offered("ore", "buyer")));
    check(&resold, of("refiner", Settlement), Refusal::SettlementBySeller);
    check(&refiner, of("mine", Control), Refusal::MayNotAssay);
    // An umpire neither has nor gets it, and buys nothing.
    assert_eq!(may(&refiner, "umpire", Umpire), None);
    assert_eq!(may(&refiner, "ministry", Umpire), None);
    check(&refiner, of("refiner", Umpire), Refusal::UmpireNotIndependent);
    check(&mine, of("refiner", Umpire), Refusal::UmpireNotIndependent);
    check(&mine, of("mine", Umpire), Refusal::UmpireNotIndependent);
    let to_assayer = mine.and(says("mine", offered("ore", "assayer")));
    check(&to_assayer, of("assayer", Umpire), Refusal::UmpireNotIndependent);
}

/// The same world, some days later.
fn later_world(world: &World, days: i64) -> World {
    world.clone().and(later(says("scheme", amended("creek").but(|e| e.name = Some("a creek".parse().unwrap()))), days))
}

/// Umpire before settlement before control before claim; a blind assay only compares.
fn whose_word_counts() {
    let refiner = at_the_refiner();
    let at = |of: u32| match of {
        900 => "lot ore: 100 g of 900.0 from pit, with refiner",
        901 => "lot ore: 100 g of 901.0 from pit, with refiner",
        902 => "lot ore: 100 g of 902.0 from pit, with refiner",
        _ => "lot ore: 100 g of 903.0 from pit, with refiner",
    };
    let as_control = |of: u32| assayed("ore", of * 1_000);
    let differ = "flag assays-differ on ore: 1000, line 500";
    let control = refiner.and(says("assayer", as_control(901)));
    check(&control, says("ministry", as_control(902).but(|e| e.purpose = AssayPurpose::Blind)), [at(901), differ]);
    check(&control, says("ministry", as_control(902)), [at(902), differ]);
    let settled = control.and(says("refiner", settles("ore", 902_000)));
    check(&settled, says("assayer", as_control(903)), [at(902), differ]);
    check(&settled, says("refiner", settles("ore", 903_000)), [at(903), differ]);
    let ruled = settled.and(says("umpire", as_control(901).but(|e| e.purpose = AssayPurpose::Umpire)));
    check(&ruled, says("refiner", settles("ore", 902_000)), [at(901), differ]);
    check(&ruled, says("ministry", as_control(900).but(|e| e.purpose = AssayPurpose::Umpire)), [at(900)]);
}

/// Two settle: half each within the splitting limit; else the lower one, until an umpire has spoken.
fn assays_that_differ() {
    let one = at_the_refiner().and(says("refiner", settles("ore", 900_000)));
    let other = |of| says("assayer", settles("ore", of));
    check(&one, other(900_500), ["lot ore: 100 g of 900.25 from pit, with refiner"]);
    check(&one, other(899_501), ["lot ore: 100 g of 899.75 from pit, with refiner"]);
    check(
        &one,
        other(900_501),
        ["lot ore: 100 g of 900.0 from pit, with refiner", "flag assays-differ on ore: 501, line 500"],
    );
    check(
        &one,
        other(899_499),
        ["lot ore: 100 g of 899.499 from pit, with refiner", "flag assays-differ on ore: 501, line 500"],
    );
    let disputed = one.and(other(899_000));
    check(
        &disputed,
        says("umpire", assayed("ore", 899_600).but(|e| e.purpose = AssayPurpose::Umpire)),
        ["lot ore: 100 g of 899.6 from pit, with refiner"],
    );
    // Rougher methods may lie further apart: as far as both are off.
    let xrf = |of| says("assayer", settles("ore", of).but(|e| e.method = FinenessMethod::Xrf));
    let rough = at_the_refiner().and(says("refiner", settles("ore", 900_000)));
    check(&rough, xrf(905_000), ["lot ore: 100 g of 902.5 from pit, with refiner"]);
    check(
        &rough,
        xrf(889_499),
        ["lot ore: 100 g of 889.499 from pit, with refiner", "flag assays-differ on ore: 10501, line 10500"],
    );
    // Silver that drifts tells of another gold.
    let silver = |gold, of| says("assayer", assayed("ore", gold).but(move |e| e.silver = Some(ppm(of))));
    let with = at_the_refiner().and(silver(900_000, 60_000));
    check(&with, silver(900_000, 62_000), ["lot ore: 100 g of 900.0 from pit, with refiner"]);
    check(
        &with,
        silver(900_000, 62_001),
        ["lot ore: 100 g of 900.0 from pit, with refiner", "flag assays-differ on ore: 2001, line 2000"],
    );
}

fn replacing() {
    let one = at_the_refiner().and(says("assayer", settles("ore", 905_000)).called("first"));
    let again = |who, name: &'static str, of| {
        let plain = settles("ore", of);
        let first = one.said(name);
        says(who, plain.but(move |e| e.replaces = Some(first)))
    };
    check(&one, again("assayer", "first", 899_000), ["lot ore: 100 g of 899.0 from pit, with refiner"]);
    check(&one, again("refiner", "first", 899_000), Refusal::NothingToReplace);
    check(&one, again("assayer", "ore", 899_000), Refusal::NothingToReplace);
    let two = one.clone().and(again("assayer", "first", 899_000));
    check(&two, again("assayer", "first", 898_000), Refusal::NothingToReplace);
}

fn sealing() {
    let world = at_the_mine();
    let plain = "lot ore: 100 g of 900.0 from pit, with mine";
    check(&world, says("mine", sealed("ore", &["S-1", "S-2"])), [plain, "seal S-1: on ore", "seal S-2: on ore"]);
    check(&world, says("mine", sealed("ore", &[])), Refusal::NoSeals);
    check(&world, says("mine", sealed("ore", &["S-1", "S-1"])), Refusal::SealsNotOrdered);
    check(&world, says("trader", sealed("ore", &["S-1"])), Refusal::NotCustodian);
    let closed = world.clone().and(says("mine", sealed("ore", &["S-1", "S-2"])));
    check(&closed, says("mine", sealed("ore", &["S-2"])), Refusal::SealTaken);
    check(&closed, says("mine", opened("ore", &["S-2"])), [plain, "seal S-2: broken, on ore"]);
    check(&closed, says("mine", opened("ore", &[])), Refusal::NoSeals);
    check(&closed, says("mine", opened("ore", &["S-2", "S-1"])), Refusal::SealsNotOrdered);
    check(&closed, says("mine", opened("ore", &["S-3"])), Refusal::SealNotOnLot);
    check(&closed, says("trader", opened("ore", &["S-1"])), Refusal::NotCustodian);
    let open = closed.clone().and(says("mine", opened("ore", &["S-1"])));
    check(&open, says("mine", opened("ore", &["S-1"])), Refusal::SealNotOnLot);
    check(&open, says("mine", sealed("ore", &["S-1"])), Refusal::SealTaken);
    let other = closed.clone().and(says("mine", dug("pit")).called("more"));
    check(&other, says("mine", opened("more", &["S-1"])), Refusal::SealNotOnLot);
    let sampled = closed.clone().and(says("mine", sampled("ore", &["M-1"])));
    check(&sampled, says("mine", opened("ore", &["M-1"])), Refusal::SealNotOnLot);
    // On its way it stays closed.
    let on_offer = closed.and(says("mine", offered("ore", "trader")));
    check(&on_offer, says("mine", sealed("ore", &["S-9"])), Refusal::OfferOpen);
    check(&on_offer, says("mine", opened("ore", &["S-1"])), Refusal::OfferOpen);
}

fn title() {
    let world = at_the_mine();
    check(&world, says("mine", titled("ore", "buyer")), ["lot ore: 100 g of 900.0 from pit, with mine, owned by buyer"]);
    check(&world, says("mine", titled("ore", "mine")), Refusal::TitleToSelf);
    check(&world, says("mine", titled("ore", "nobody")), Refusal::UnknownReceiver);
    check(&world, says("trader", titled("ore", "trader")), Refusal::NotOwner);
    let with_title = || offered("ore", "trader").but(|e| e.with_title = true);
    let open = world.clone().and(says("mine", with_title()));
    check(&open, says("mine", titled("ore", "buyer")), Refusal::OfferOpen);
    check(
        &open,
        says("trader", accepted("ore", grams(100)).but(|e| e.seals = SealState::None)),
        ["lot ore: 100 g of 900.0 from pit, with trader"],
    );
    // Who only carries it gives no title away, and neither does who has sold it.
    let sold = world.clone().and(says("mine", titled("ore", "buyer")));
    check(&sold, says("mine", with_title()), Refusal::NotOwner);
    check(&sold, says("mine", titled("ore", "trader")), Refusal::NotOwner);
    check(&sold, says("buyer", titled("ore", "trader")), ["lot ore: 100 g of 900.0 from pit, with mine, owned by trader"]);
    let on_its_way = sold.and(says("mine", offered("ore", "trader")));
    check(
        &on_its_way,
        says("buyer", titled("ore", "refiner")),
        ["lot ore: 100 g of 900.0 from pit, with mine, owned by refiner, on offer to trader since 30"],
    );
    // A held lot is not sold either.
    check(&world.clone().and(says("scheme", held("ore"))), says("mine", titled("ore", "buyer")), Refusal::HoldOpen);
    let suspended = world.and(says("scheme", decided("mine", Standing::Suspended)));
    check(&suspended, says("mine", titled("ore", "buyer")), Refusal::LotHeld);
}

fn losing() {
    let world = at_the_mine();
    check(&world, says("mine", lost("ore")), ["lot ore: 100 g of 900.0 from pit, with mine, lost"]);
    check(
        &world,
        says("mine", lost("ore").but(|e| e.report = None)),
        ["lot ore: 100 g of 900.0 from pit, with mine, lost", "flag loss-unreported on ore"],
    );
    check(&world, says("trader", lost("ore")), Refusal::NotCustodian);
    // Whatever else was to become of it.
    let on_offer = world.clone().and(says("mine", offered("ore", "trader"))).and(says("scheme", held("ore")));
    check(&on_offer, says("mine", lost("ore")), ["lot ore: 100 g of 900.0 from pit, with mine, lost"]);
    let gone = world.and(says("mine", lost("ore")));
    for say in [says("mine", offered("ore", "trader")), says("mine", retired("ore")), says("mine", lost("ore"))] {
        check(&gone, say, Refusal::LotIsLost);
    }
}

/// Thirty days, to the millisecond.
fn offers_expire() {
    let open = at_the_mine().and(says("mine", offered("ore", "trader")));
    let last = NOON.plus_days(30);
    let at = |say: Say, ms| say.admitted_at(last.plus_ms(ms)).stated_at(last.plus_ms(ms));
    let takes = || says("trader", accepted("ore", grams(100)).but(|e| e.seals = SealState::None));
    check(&open, at(takes(), 0), ["lot ore: 100 g of 900.0 from pit, with trader, owned by mine"]);
    check(&open, at(takes(), 1), Refusal::OfferExpired);
    check(&open, at(says("mine", weighed("ore", grams(100))), 0), Refusal::OfferOpen);
    // Then the lot is free again, and declining or withdrawing still tidies up.
    let weighs = says("mine", weighed("ore", grams(100)));
    check(&open, at(weighs, 1), ["lot ore: 100 g of 900.0 from pit, with mine, on offer to trader since 29"]);
    check(&open, at(says("mine", withdrawn("ore")), 1), ["lot ore: 100 g of 900.0 from pit, with mine"]);
    check(&open, at(says("trader", declined("ore")), 1), ["lot ore: 100 g of 900.0 from pit, with mine"]);
    check(
        &open,
        at(says("mine", offered("ore", "exporter")), 1),
        ["lot ore: 100 g of 900.0 from pit, with mine, on offer to exporter since 30"],
    );
    // Where two fit.
    check(&open, at(says("exporter", accepted("ore", grams(200))), 1), Refusal::NotReceiver);
    check(&open, at(says("trader", accepted("ore", grams(200))), 1), Refusal::OfferExpired);
}

/// What is worth a second look when a lot changes hands.
fn handovers() {
    let mut has_it = "lot ore: 100 g of 900.0 from pit, with trader, owned by mine";
    let takes = |seals| says("trader", accepted("ore", grams(100)).but(move |e| e.seals = seals));
    let open = at_the_mine().and(says("mine", offered("ore", "trader")));
    let closed = at_the_mine().and(says("mine", sealed("ore", &["S-1"]))).and(says("mine", offered("ore", "trader")));
    check(&open, takes(SealState::None), [has_it]);
    check(&closed, takes(SealState::Intact), [has_it]);
    for (world, seals) in [
        (&open, SealState::Intact),
        (&open, SealState::Broken),
        (&closed, SealState::None),
        (&closed, SealState::Broken),
    ] {
        check(world, takes(seals), [has_it, "flag seals-differ on ore"]);
    }
    // Across a border, with nobody stating an export.
    let abroad = event::vocabulary::PartyKind::Trader;
    let world = at_the_mine()
        .and(says("scheme", crate::support::enrolled(abroad).but(|e| e.country = "RW".parse().unwrap())).called("kigali"))
        .and(says("scheme", crate::support::authorized("kigali", "kigali")))
        .and(says("mine", offered("ore", "kigali")));
    has_it = "lot ore: 100 g of 900.0 from pit, with kigali, owned by mine";
    let takes = says("kigali", accepted("ore", grams(100)).but(|e| e.seals = SealState::None));
    check(&world, takes, [has_it, "flag crossed-border on ore"]);
    // From who buys back to who digs.
    let back = open
        .and(says("trader", accepted("ore", grams(100)).but(|e| e.seals = SealState::None)))
        .and(says("trader", offered("ore", "rival")));
    check(
        &back,
        says("rival", accepted("ore", grams(100)).but(|e| e.seals = SealState::None)),
        ["lot ore: 100 g of 900.0 from pit, with rival, owned by mine", "flag flows-back on ore"],
    );
}

fn time_passes() {
    // Dug until today, first handed over in 31 days; what happens to it later is another matter.
    let open = |day| at_the_mine().and(later(says("mine", offered("ore", "trader")), day));
    let takes = |day| later(says("trader", accepted("ore", grams(100)).but(|e| e.seals = SealState::None)), day);
    let has_it = "lot ore: 100 g of 900.0 from pit, with trader, owned by mine";
    check(&open(20), takes(31), [has_it]);
    check(&open(20), takes(32), [has_it, "flag lot-old on ore: 32, line 31"]);
    let later_on = open(20).and(takes(30)).and(later(says("trader", offered("ore", "refiner")), 40));
    check(
        &later_on,
        later(says("refiner", accepted("ore", grams(100)).but(|e| e.seals = SealState::None)), 41),
        ["lot ore: 100 g of 900.0 from pit, with refiner, owned by mine"],
    );
    // Nobody said where it was.
    let weighs = |day| later(says("mine", weighed("ore", grams(100))), day);
    check(&at_the_mine(), weighs(60), ["lot ore: 100 g of 900.0 from pit, with mine"]);
    check(
        &at_the_mine(),
        weighs(61),
        ["lot ore: 100 g of 900.0 from pit, with mine", "flag gap on ore: 61, line 60"],
    );
    // Said long before.
    let late = later(says("mine", weighed("ore", grams(100))), 10).stated_at(NOON.plus_ms(2 * 86_400_000));
    check(&at_the_mine(), late, ["lot ore: 100 g of 900.0 from pit, with mine", "flag late on ore: 8, line 7"]);
}

/// A receiver who finds every lot lighter, by ever so little.
fn always_lighter() {
    let mut world = trade();
    for number in 0..8 {
        let name = format!("lot {number}");
        world = world.and(says("mine", dug("pit").but(move |e| e.gross_mass = micrograms(90_000_001 + number))).called(&name));
        world = world.and(says("mine", offered(&name, "trader")));
    }
    let takes = |number: u64, less: u64| {
        let mass = micrograms(90_000_001 + number - less);
        says("trader", accepted(&format!("lot {number}"), mass).but(|e| e.seals = SealState::None))
    };
    for number in 0..7 {
        world = world.and(takes(number, 1));
    }
    check(
        &world,
        takes(7, 1),
        [
            "lot lot 7: 90.000007 g of 90.000008 g of 900.0 from pit, with trader, owned by mine",
            "flag always-lighter on lot 7: 8, line 8",
        ],
    );
    check(&world, takes(7, 0), ["lot lot 7: 90.000008 g of 900.0 from pit, with trader, owned by mine"]);
}
