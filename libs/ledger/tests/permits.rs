//! What a site may give: permits, capacity, amendments; and what a declaration says that is hard to believe.

use event::key::Digest;
use event::vocabulary::{
    CapacityPeriod, Deposit, FinenessBand, FinenessClaim, FinenessMethod, LotForm, Period, PermitStatus, Reaction, Term,
};
use event::{Date, Mass, Timestamp};
use ledger::{MINERS_MAX, PERMITS_OF_SITE_MAX, Refusal};

use crate::support::{
    NOON, Say, World, amended, authorized, capacity, check, days, declared, dug, enrolled, grams, list,
    looked_up, micrograms, operated_by, permit_is, permitted, policy, ppm, reference, registered, says, texts, trade,
};

#[test]
fn permits() {
    table();
}

pub(crate) fn table() {
    recording();
    as_many_permits_as_can_be();
    status();
    covering();
    flags_of_permits();
    establishing();
    capacity_is_used_up();
    months();
    amending();
    unlikely();
    again_and_again();
}

/// Where a lot without permit is refused.
fn strict() -> World {
    trade().and(says("scheme", policy([Term::Unpermitted(Reaction::Refuse)])))
}

fn recording() {
    let trade = trade();
    let records = |who, change: fn(&mut event::vocabulary::PermitRecorded)| {
        says(who, permitted("9", "mine", &["pit"]).but(change))
    };
    for who in ["ministry", "scheme", "monitor", "auditor", "mine"] {
        check(
            &trade,
            records(who, |_| ()).called("new"),
            ["permit new: InForce, of mine, for pit", "reference taken"],
        );
    }
    for who in ["rival", "trader"] {
        check(&trade, records(who, |_| ()), Refusal::MayNotRecordPermit);
    }
    check(&trade, records("ministry", |e| e.until = Some(days(-366))), Refusal::PermitReversed);
    check(
        &trade,
        records("ministry", |e| e.until = Some(days(-365))).called("new"),
        ["permit new: InForce, of mine, for pit", "reference taken"],
    );
    check(&trade, records("ministry", |e| e.sites = list([])), Refusal::PermitSitesNotOrdered);
    check(&trade, records("ministry", |e| e.sites = list([e.sites[0], e.sites[0]])), Refusal::PermitSitesNotOrdered);
    check(&trade, records("ministry", |e| e.checked = Some(looked_up(1))), Refusal::CheckInFuture);
    check(&trade, says("ministry", permitted("9", "nobody", &["pit"])), Refusal::UnknownParty);
    check(&trade, says("ministry", permitted("9", "mine", &["nowhere"])), Refusal::UnknownSite);
    check(&trade, says("ministry", permitted("1", "rival", &["creek"])), Refusal::ReferenceTaken);
    // A number of another kind of register is another number.
    let enrols = enrolled(event::vocabulary::PartyKind::Trader).but(|e| e.reference = Some(reference("cadastre/9")));
    let both = trade.clone().and(says("scheme", enrols));
    check(
        &both,
        records("ministry", |_| ()).called("new"),
        ["permit new: InForce, of mine, for pit", "reference taken"],
    );
    // Where two fit.
    check(&trade, says("rival", permitted("1", "nobody", &["nowhere"])), Refusal::MayNotRecordPermit);
    check(&trade, says("ministry", permitted("1", "nobody", &["nowhere"])), Refusal::UnknownParty);
    check(&trade, says("ministry", permitted("1", "mine", &["nowhere"])), Refusal::UnknownSite);
}

fn as_many_permits_as_can_be() {
    let mut world = trade();
    for number in 1..PERMITS_OF_SITE_MAX {
        world = world.and(says("ministry", permitted(&format!("more {number}"), "mine", &["pit"])));
    }
    check(&world, says("ministry", permitted("1", "mine", &["creek", "pit"])), Refusal::TooManyPermits);
    check(&world, says("ministry", permitted("1", "mine", &["creek"])), Refusal::ReferenceTaken);
}

fn status() {
    use PermitStatus::{InForce, Suspended, Withdrawn};
    let trade = trade();
    let is = |who, status| says(who, permit_is("permit of pit", status, &["pit"]));
    check(&trade, is("ministry", Suspended), ["permit permit of pit: Suspended, of mine, for pit"]);
    check(&trade, is("monitor", InForce), ["permit permit of pit: InForce, of mine, for pit"]);
    for who in ["mine", "rival", "trader"] {
        check(&trade, is(who, InForce), Refusal::MayNotJudgePermit);
    }
    check(&trade, says("ministry", permit_is("nothing", InForce, &["pit"])), Refusal::UnknownPermit);
    check(&trade, says("ministry", permit_is("permit of pit", InForce, &["creek"])), Refusal::PermitSitesDiffer);
    let ahead = permit_is("permit of pit", InForce, &["pit"]).but(|e| e.checked = Some(looked_up(1)));
    check(&trade, says("ministry", ahead), Refusal::CheckInFuture);
    // Who holds a permit does not say how it stands, whatever it is.
    let own = trade.clone().and(says("ministry", permitted("9", "ministry", &["pit"])).called("own"));
    check(&own, says("ministry", permit_is("own", Suspended, &["pit"])), Refusal::MayNotJudgePermit);
    // Suspended can be lifted, withdrawn cannot.
    let suspended = trade.clone().and(is("ministry", Suspended));
    check(&suspended, is("ministry", InForce), ["permit permit of pit: InForce, of mine, for pit"]);
    let gone = trade.and(is("ministry", Withdrawn));
    check(&gone, is("ministry", InForce), Refusal::PermitWithdrawn);
}

/// The permit covers the days of digging and the day of the declaration.
fn covering() {
    let strict = strict();
    let dug_from = |from, to| says("mine", dug("pit").but(move |e| e.extracted = Period { from: days(from), to: days(to) }));
    let later = |say: Say, day: i32| {
        let at = NOON.plus_ms(i64::from(day) * 86_400_000);
        say.admitted_at(at).stated_at(at)
    };
    let admitted = ["lot new: 100 g of 900.0 from pit, with mine"];
    check(&strict, dug_from(-3, 0), admitted);
    check(&strict, dug_from(-365, -365), admitted);
    check(&strict, dug_from(-366, -360), Refusal::NoPermit);
    check(&strict, later(dug_from(0, 365), 365), [
        "lot new: 100 g of 900.0 from pit, with mine",
        "flag permit-unchecked on new: 375, line 365",
        "flag permit-ending on new: 0, line 60",
    ]);
    check(&strict, later(dug_from(0, 365), 366), Refusal::NoPermit);
    let nothing = strict.clone().and(says("scheme", registered("mine")).called("shaft"));
    check(&nothing, says("mine", dug("shaft")), Refusal::NoPermit);
    // What stood still stood still, and what was dug before or after is covered.
    let stopped = |from| permit_is("permit of pit", PermitStatus::Suspended, &["pit"]).but(move |e| e.from = days(from));
    let again = |from| permit_is("permit of pit", PermitStatus::InForce, &["pit"]).but(move |e| e.from = days(from));
    let stops = strict.clone().and(says("ministry", stopped(-20)));
    check(&stops, dug_from(-30, -25), Refusal::NoPermit);
    let resumed = stops.and(says("ministry", again(-10)));
    check(&resumed, dug_from(-30, -21), admitted);
    check(&resumed, dug_from(-30, -20), Refusal::NoPermit);
    check(&resumed, dug_from(-15, -12), Refusal::NoPermit);
    check(&resumed, dug_from(-25, -5), Refusal::NoPermit);
    check(&resumed, dug_from(-11, -5), Refusal::NoPermit);
    check(&resumed, dug_from(-10, -5), admitted);
    let ahead = strict.clone().and(says("ministry", stopped(1)));
    check(&ahead, dug_from(-3, 0), admitted);
    // Where two fit.
    check(&nothing, says("rival", dug("shaft")), Refusal::NotOperator);
    let small = nothing.and(says("monitor", capacity("shaft", grams(1), None)));
    check(&small, says("mine", dug("shaft")), Refusal::NoPermit);
}

fn flags_of_permits() {
    let strict = strict();
    let with = |permit: Say| strict.clone().and(says("scheme", registered("mine")).called("shaft")).and(permit);
    let check_shaft = |permit, flags: Vec<&'static str>| {
        let mut world = with(permit);
        let changes = world.hear(&says("mine", dug("shaft"))).unwrap();
        let found: Vec<_> = changes
            .iter()
            .filter(|change| matches!(change, ledger::Change::Flag(_)))
            .map(|change| world.in_words(change))
            .collect();
        assert_eq!(found, flags);
    };
    let plain = || permitted("9", "mine", &["shaft"]);
    check_shaft(says("ministry", plain()), vec![]);
    check_shaft(says("ministry", permitted("9", "rival", &["shaft"])), vec!["flag permit-of-another on new"]);
    let unchecked = vec!["flag permit-unchecked on new: 4294967295, line 365"];
    check_shaft(says("mine", plain().but(|e| e.checked = None)), unchecked);
    let long_ago = vec!["flag permit-unchecked on new: 366, line 365"];
    check_shaft(says("ministry", plain().but(|e| e.checked = Some(looked_up(-366)))), long_ago);
    check_shaft(says("ministry", plain().but(|e| e.checked = Some(looked_up(-365)))), vec![]);
    check_shaft(says("ministry", plain().but(|e| e.until = Some(days(59)))), vec!["flag permit-ending on new: 59, line 60"]);
    check_shaft(says("ministry", plain().but(|e| e.until = Some(days(60)))), vec![]);
    check_shaft(says("ministry", plain().but(|e| e.until = None)), vec![]);
    // Where nobody insists, it is shown.
    let world = trade().and(says("scheme", registered("mine")).called("shaft"));
    let changes = world.clone().hear(&says("mine", dug("shaft"))).unwrap();
    let words: Vec<_> = changes.iter().filter(|change| matches!(change, ledger::Change::Flag(_))).collect();
    assert_eq!(words.len(), 1);
    assert_eq!(world.in_words(words[0]), "flag no-permit on nobody");
}

fn establishing() {
    let trade = trade();
    check(
        &trade,
        says("monitor", capacity("pit", grams(500), Some(40))),
        ["capacity of pit: 500 g in 12 months, says monitor"],
    );
    let per_month = capacity("pit", grams(500), None).but(|e| e.per = CapacityPeriod::Month);
    check(&trade, says("ministry", per_month), ["capacity of pit: 500 g in 1 months, says ministry"]);
    for who in ["mine", "rival", "trader", "refiner"] {
        check(&trade, says(who, capacity("pit", grams(500), None)), Refusal::MayNotEstablishCapacity);
    }
    check(&trade, says("monitor", capacity("pit", Mass::ZERO, None)), Refusal::CapacityOutOfRange);
    let most = event::units::MASS_MAX.micrograms();
    check(&trade, says("monitor", capacity("pit", micrograms(most + 1), None)), Refusal::CapacityOutOfRange);
    for miners in [0, MINERS_MAX + 1] {
        check(&trade, says("monitor", capacity("pit", grams(1), Some(miners))), Refusal::CapacityOutOfRange);
    }
    check(&trade, says("monitor", capacity("nowhere", grams(1), None)), Refusal::UnknownSite);
    // Where two fit.
    check(&trade, says("mine", capacity("nowhere", Mass::ZERO, None)), Refusal::MayNotEstablishCapacity);
    check(&trade, says("monitor", capacity("nowhere", Mass::ZERO, None)), Refusal::CapacityOutOfRange);
}

/// 90 g of gold in a lot, where a site gives 200 g a year.
fn capacity_is_used_up() {
    let open = trade().and(says("monitor", capacity("pit", grams(200), Some(1))));
    check(&open, says("mine", dug("pit")), ["lot new: 100 g of 900.0 from pit, with mine"]);
    let one = open.and(says("mine", dug("pit")));
    check(
        &one,
        says("mine", dug("pit")),
        ["lot new: 100 g of 900.0 from pit, with mine", "flag near-capacity on new: 900000, line 800000"],
    );
    let exactly = dug("pit").but(|e| e.gross_mass = micrograms(122_222_223));
    check(
        &one,
        says("mine", exactly),
        ["lot new: 122.222223 g of 900.0 from pit, with mine", "flag near-capacity on new: 1000000, line 800000"],
    );
    let more = dug("pit").but(|e| e.gross_mass = micrograms(122_222_225));
    check(&one, says("mine", more), Refusal::CapacityExceeded);
    // How fine it is is not known: it may be gold through and through.
    let unknown = |mass| says("mine", dug("pit").but(move |e| (e.gross_mass, e.fineness) = (grams(mass), None)));
    check(&one, unknown(111), Refusal::CapacityExceeded);
    check(
        &one,
        unknown(110),
        ["lot new: 110 g from pit, with mine", "flag near-capacity on new: 1000000, line 800000"],
    );
    // The scheme may let a site give more, and it may be measured anew; another site is another one.
    let lenient = one.clone().and(says("scheme", policy([Term::CapacityPpmMax(1_500_000)])));
    check(
        &lenient,
        unknown(111),
        ["lot new: 111 g from pit, with mine", "flag near-capacity on new: 1005000, line 800000"],
    );
    let larger = one.clone().and(says("monitor", capacity("pit", grams(2_000), Some(1))));
    check(&larger, unknown(111), ["lot new: 111 g from pit, with mine"]);
    check(&one, says("rival", dug("creek")), ["lot new: 100 g of 900.0 from creek, with rival"]);
    // More per miner and year than is believed.
    let few = trade().and(says("monitor", capacity("pit", grams(2_000), Some(2))));
    let large = |mass| says("mine", dug("pit").but(move |e| (e.gross_mass, e.fineness) = (grams(mass), None)));
    check(&few, large(840), ["lot new: 840 g from pit, with mine"]);
    check(
        &few,
        large(842),
        ["lot new: 842 g from pit, with mine", "flag above-miner-year on new: 421000000, line 420000000"],
    );
    // Where two fit.
    let sealed = |seal: &'static str| dug("pit").but(move |e| (e.gross_mass, e.seals) = (grams(300), texts(&[seal])));
    let taken = one.and(says("rival", dug("creek").but(|e| e.seals = texts(&["S-1"]))));
    check(&taken, says("mine", sealed("S-1")), Refusal::CapacityExceeded);
}

/// Capacity is counted by the month in which a lot is declared, whatever it says about the days of digging.
fn months() {
    let at = |say: Say, date: &str| {
        let at: Timestamp = date.parse::<Date>().unwrap().start();
        say.admitted_at(at).stated_at(at)
    };
    let lot = || says("mine", dug("pit").but(|e| e.gross_mass = grams(100)));
    let per = |per| capacity("pit", grams(100), None).but(move |e| e.per = per);
    let given = |period, date| at(says("monitor", per(period)), date);
    let cases = [
        (CapacityPeriod::Month, "2026-01-31", "2026-02-01"),
        (CapacityPeriod::Quarter, "2026-03-31", "2026-04-01"),
        (CapacityPeriod::Year, "2026-12-31", "2027-01-01"),
    ];
    for (period, last, first) in cases {
        let world = trade().and(given(period, "2026-01-01").admitted_at(NOON).stated_at(NOON)).and(lot());
        let flagged = |date: &str| at(lot(), date);
        check(&world, flagged(last), Refusal::CapacityExceeded);
        let mut world = world;
        assert!(world.hear(&flagged(first)).is_ok(), "{period:?}");
    }
}

fn amending() {
    let trade = trade();
    let to = |who: &'static str, draft| says(who, draft);
    let named = || amended("pit").but(|e| e.name = Some("Kamituga".parse().unwrap()));
    check(&trade, to("scheme", named()), ["site pit: of mine"]);
    check(&trade, to("scheme", amended("pit").but(|e| e.deposit = Some(Deposit::Tailings))), ["site pit: of mine"]);
    check(&trade, to("scheme", amended("pit")), Refusal::NothingAmended);
    for who in ["mine", "ministry", "monitor"] {
        check(&trade, to(who, named()), Refusal::SchemeOnly);
    }
    let band = |from, to| amended("pit").but(move |e| e.fineness_band = Some(FinenessBand { from: ppm(from), to: ppm(to) }));
    check(&trade, to("scheme", band(2, 1)), Refusal::BandReversed);
    check(&trade, to("scheme", amended("nowhere").but(|e| e.deposit = Some(Deposit::Tailings))), Refusal::UnknownSite);
    check(&trade, to("scheme", operated_by("pit", "nobody")), Refusal::UnknownParty);
    check(&trade, to("scheme", operated_by("pit", "trader")), Refusal::OperatorDoesNotProduce);
    check(&trade, to("scheme", operated_by("pit", "mine")), ["site pit: of mine"]);
    check(
        &trade,
        to("scheme", operated_by("pit", "rival")),
        ["site pit: of rival", "sites of mine: ", "sites of rival: creek, pit"],
    );
    // From then on the new operator declares, and the old one does not.
    let moved = trade.and(to("scheme", operated_by("pit", "rival")));
    check(&moved, says("mine", dug("pit")), Refusal::NotOperator);
    check(
        &moved,
        says("rival", dug("pit")),
        ["lot new: 100 g of 900.0 from pit, with rival", "flag permit-of-another on new"],
    );
    let mut full = moved;
    for number in 0..ledger::SITES_OF_OPERATOR_MAX {
        full = full.and(says("scheme", registered("mine")).called(format!("site {number}")));
    }
    check(&full, to("scheme", operated_by("creek", "mine")), Refusal::TooManySites);
}

/// What a declaration says that is hard to believe.
fn unlikely() {
    let trade = trade();
    let plain = "lot new: 100 g of 900.0 from pit, with mine";
    let by = |miners| says("mine", dug("pit").but(move |e| e.miners = Some(miners)));
    // 90 g of gold in four days.
    check(&trade, by(6), [plain]);
    check(&trade, by(5), [plain, "flag above-miner-day on new: 4500000, line 4000000"]);
    for miners in [0, MINERS_MAX + 1] {
        check(&trade, by(miners), Refusal::MinersOutOfRange);
    }
    for form in [LotForm::Fine, LotForm::Residue] {
        check(&trade, says("mine", dug("pit").but(move |e| e.form = form)), Refusal::FormNotDug);
    }
    let of = |ppm_of, method| {
        says("mine", dug("pit").but(move |e| e.fineness = Some(FinenessClaim { fineness: ppm(ppm_of), method })))
    };
    check(&trade, of(985_000, FinenessMethod::Xrf), ["lot new: 100 g of 985.0 from pit, with mine"]);
    check(
        &trade,
        of(985_001, FinenessMethod::Xrf),
        ["lot new: 100 g of 985.001 from pit, with mine", "flag too-fine-for-dug on new: 985001, line 985000"],
    );
    // From the first day there is to the last, as a foreign record may say.
    let end = Timestamp::from_unix_ms(i64::MAX);
    let (first, last) = (Date::from_unix_days(i32::MIN), end.date());
    let for_ever = dug("pit").but(move |e| (e.extracted, e.miners) = (Period { from: first, to: last }, Some(1)));
    check(&trade, says("mine", for_ever).admitted_at(end).stated_at(end), [plain]);
    // Outside the band of the site, as far as the method tells.
    let band = FinenessBand { from: ppm(800_000), to: ppm(880_000) };
    let banded = trade.clone().and(says("scheme", amended("pit").but(move |e| e.fineness_band = Some(band))));
    check(&banded, of(890_000, FinenessMethod::Xrf), ["lot new: 100 g of 890.0 from pit, with mine"]);
    check(
        &banded,
        of(890_001, FinenessMethod::Xrf),
        ["lot new: 100 g of 890.001 from pit, with mine", "flag fineness-outside-band on new: 890001, line 880000"],
    );
    check(&banded, of(900_000, FinenessMethod::Touchstone), [plain]);
    check(
        &banded,
        of(789_999, FinenessMethod::Xrf),
        ["lot new: 100 g of 789.999 from pit, with mine", "flag fineness-outside-band on new: 789999, line 800000"],
    );
    // The same slip twice.
    let slip = || dug("pit").but(|e| e.documents = list([Digest::from_bytes([5; 32])]));
    let one = trade.clone().and(says("mine", slip()).called("one"));
    check(&one, says("mine", slip()), [plain, "flag document-reused on new like one"]);
    // Said long ago.
    let days_ago = |days: i64| says("mine", dug("pit")).stated_at(NOON.plus_ms(-days * 86_400_000));
    check(&trade, days_ago(7), [plain]);
    check(&trade, days_ago(8), [plain, "flag late on new: 8, line 7"]);
    // Where two fit.
    let both = dug("pit").but(|e| (e.miners, e.form) = (Some(0), LotForm::Fine));
    check(&trade, says("mine", both), Refusal::MinersOutOfRange);
    check(&trade, says("mine", declared("nowhere").but(|e| e.form = LotForm::Fine)), Refusal::FormNotDug);
}

/// Seven times is chance, eight times is none.
fn again_and_again() {
    let of = |mass: u64| says("mine", dug("pit").but(move |e| e.gross_mass = micrograms(mass)));
    let after = |masses: &[u64]| masses.iter().fold(trade(), |world, mass| world.and(of(*mass)));
    let rounds: Vec<_> = (1..8).map(|grams| grams * 1_000_000).collect();
    check(&after(&rounds[1..]), of(50_000_000), ["lot new: 50 g of 900.0 from pit, with mine"]);
    check(
        &after(&rounds),
        of(50_000_000),
        ["lot new: 50 g of 900.0 from pit, with mine", "flag round-masses on new: 8, line 8"],
    );
    check(&after(&rounds), of(50_000_001), ["lot new: 50.000001 g of 900.0 from pit, with mine"]);
    let same = [12_345_678; 7];
    check(&after(&same[1..]), of(12_345_678), ["lot new: 12.345678 g of 900.0 from pit, with mine"]);
    check(
        &after(&same),
        of(12_345_678),
        ["lot new: 12.345678 g of 900.0 from pit, with mine", "flag repeated-masses on new: 8, line 8"],
    );
    // A kilogram of gold is the threshold: 950 g and more is near, a kilogram is not.
    let near: Vec<_> = (0..7).map(|more| 1_055_555_556 + more).collect();
    check(
        &after(&near),
        of(1_111_111_100),
        ["lot new: 1111.1111 g of 900.0 from pit, with mine", "flag near-threshold on new: 8, line 8"],
    );
    check(&after(&near), of(1_111_111_112), ["lot new: 1111.111112 g of 900.0 from pit, with mine"]);
    check(&after(&near), of(1_055_555_554), ["lot new: 1055.555554 g of 900.0 from pit, with mine"]);
    // Each party has its own habits.
    let world = after(&same).and(says("scheme", authorized("rival", "rival/2")));
    let rival = says("rival", dug("creek").but(|e| e.gross_mass = micrograms(12_345_678)));
    check(&world, rival, ["lot new: 12.345678 g of 900.0 from creek, with rival"]);
}
