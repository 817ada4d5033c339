//! Text and arithmetic of the units.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use event::units::MASS_MAX;
use event::{Date, Fineness, Mass, Timestamp};
use proptest::prelude::*;

use crate::arb::{arb_fineness, arb_mass};

const DAY_MS: i64 = 86_400_000;
/// 0000-01-01 and 9999-12-31 in days since 1970-01-01: the days that have a text.
const DAYS: std::ops::RangeInclusive<i32> = -719_528..=2_932_896;

proptest! {
    #[test]
    fn mass_text_round_trips(micrograms in 0..=MASS_MAX.micrograms()) {
        round_trip(&Mass::from_micrograms(micrograms));
    }

    #[test]
    fn time_text_round_trips(days in DAYS, ms in 0..DAY_MS) {
        round_trip(&Timestamp::from_unix_ms(i64::from(days) * DAY_MS + ms));
    }

    #[test]
    fn fineness_text_round_trips(fineness in arb_fineness()) {
        round_trip(&fineness);
    }

    #[test]
    fn date_text_round_trips(days in DAYS) {
        round_trip(&Date::from_unix_days(days));
    }

    #[test]
    fn every_value_has_a_text(mass: u64, ms: i64, days: i32) {
        prop_assert!(!Mass::from_micrograms(mass).to_string().is_empty());
        prop_assert!(!Timestamp::from_unix_ms(ms).to_string().is_empty());
        prop_assert!(!Date::from_unix_days(days).to_string().is_empty());
    }

    #[test]
    fn a_time_falls_on_the_day_its_text_starts_with(days in DAYS, ms in 0..DAY_MS) {
        let instant = Timestamp::from_unix_ms(i64::from(days) * DAY_MS + ms);
        prop_assert_eq!(instant.date(), Date::from_unix_days(days));
        prop_assert!(instant.to_string().starts_with(&instant.date().to_string()));
    }

    #[test]
    fn fine_mass_never_exceeds_gross(gross in arb_mass(), fineness in arb_fineness()) {
        let fine = gross.fine(fineness);
        prop_assert!(fine <= gross);
        // Rounded down: the next microgram would be too much.
        let parts = |mass: u64| u128::from(mass) * u128::from(Fineness::PURE.ppm());
        let exact = u128::from(gross.micrograms()) * u128::from(fineness.ppm());
        prop_assert!(parts(fine.micrograms()) <= exact && exact < parts(fine.micrograms()) + 1_000_000);
    }

    #[test]
    fn parts_of_a_lot_hold_no_more_gold_than_the_lot(a: u32, b: u32, fineness in arb_fineness()) {
        let (a, b) = (u64::from(a), u64::from(b));
        let fine = |micrograms| Mass::from_micrograms(micrograms).fine(fineness).micrograms();
        prop_assert!(fine(a) + fine(b) <= fine(a + b));
    }

    #[test]
    fn plus_ppm_never_takes_away_and_never_wraps(mass in arb_mass(), ppm: u32) {
        let more = mass.plus_ppm(ppm);
        prop_assert!(mass <= more && more <= mass.plus_ppm(ppm.saturating_add(1)));
    }

    #[test]
    fn parts_per_million_are_rounded_down(mass in arb_mass(), ppm: u32) {
        let exact = u128::from(mass.micrograms()) * u128::from(ppm);
        let part = u128::from(mass.ppm(ppm).micrograms());
        if part < u128::from(u64::MAX) {
            prop_assert!(part * 1_000_000 <= exact && exact < (part + 1) * 1_000_000);
        } else {
            prop_assert!(u128::from(u64::MAX) * 1_000_000 <= exact);
        }
        prop_assert_eq!(mass.plus(mass.ppm(ppm)), mass.plus_ppm(ppm));
    }

    #[test]
    fn masses_add_up(a in arb_mass(), b in arb_mass()) {
        let (more, less) = (a.max(b), a.min(b));
        let both = a.micrograms().checked_add(b.micrograms());
        prop_assert_eq!(a.plus(b), Mass::from_micrograms(both.unwrap_or(u64::MAX)));
        prop_assert_eq!(less.plus(more.minus(less)), more);
        prop_assert_eq!(less.minus(more), Mass::ZERO);
        prop_assert_eq!((a.apart(b), b.apart(a)), (more.minus(less), more.minus(less)));
        prop_assert_eq!([a, b].into_iter().sum::<Mass>(), a.plus(b));
    }

    #[test]
    fn a_month_is_the_one_that_is_printed(days in DAYS) {
        month_as_printed(days);
    }

    #[test]
    fn days_lie_apart_as_they_are_counted(from: i32, days: u16) {
        let earlier = Date::from_unix_days(from);
        let later = earlier.plus_days(days);
        let apart = i64::from(later.unix_days()) - i64::from(from);
        prop_assert_eq!(i64::from(later.days_since(earlier)), apart);
        prop_assert_eq!(earlier.days_since(later), 0);
        // A month never goes back, and no day is too far away for it.
        prop_assert!(earlier.month() <= later.month());
        prop_assert!(later.month() - earlier.month() <= i32::from(days) / 28 + 1);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}", number in "[0-9.]{0,30} ?g{0,2}", day in "[+-]?[0-9]{1,5}-[0-9]{2}-[0-9]{2}") {
        for text in [text, number, day] {
            if let Ok(mass) = text.parse::<Mass>() {
                round_trip(&mass);
            }
            if let Ok(date) = text.parse::<Date>() {
                round_trip(&date);
            }
        }
    }
}

/// Checks that the month of a day is that of its text.
#[track_caller]
fn month_as_printed(days: i32) {
    let date = Date::from_unix_days(days);
    let text = date.to_string();
    let (year, month): (i32, i32) = (text[..4].parse().expect("a year"), text[5..7].parse().expect("a month"));
    assert_eq!(date.month(), (year - 1_970) * 12 + month - 1, "{text}");
}

#[test]
fn every_month_begins_and_ends_where_it_is_printed() {
    // Every day of four centuries before and after the count begins, leap years of all kinds among them.
    for days in -146_097..=146_097 {
        month_as_printed(days);
    }
    for days in [*DAYS.start(), *DAYS.end()] {
        month_as_printed(days);
    }
    for (date, month) in [
        ("1970-01-01", 0),
        ("1969-12-31", -1),
        ("1970-01-31", 0),
        ("1970-02-01", 1),
        ("2000-02-29", 361),
        ("2000-03-01", 362),
        ("2100-02-28", 1_561),
        ("2100-03-01", 1_562),
        ("0000-02-29", -23_639),
        ("0000-01-01", -23_640),
    ] {
        let date: Date = date.parse().expect("a day");
        assert_eq!(date.month(), month, "{date}");
    }
    // Days beyond any calendar have a month too.
    let (first, last) = (Date::from_unix_days(i32::MIN), Date::from_unix_days(i32::MAX));
    assert!(first.month() < -70_000_000 && 70_000_000 < last.month());
    assert_eq!(last.days_since(first), u32::MAX);
    assert_eq!(first.days_since(last), 0);
}

#[test]
fn nothing_weighs_less_than_nothing_or_more_than_everything() {
    let (none, all) = (Mass::ZERO, Mass::from_micrograms(u64::MAX));
    let one = Mass::from_micrograms(1);
    assert_eq!(all.plus(one), all);
    assert_eq!(none.minus(one), none);
    assert_eq!((all.apart(none), none.apart(all)), (all, all));
    assert_eq!([all, one, all].into_iter().sum::<Mass>(), all);
    assert_eq!([].into_iter().sum::<Mass>(), none);
    for (mass, ppm, part) in [
        (1_000_000, 1, 1),
        (999_999, 1, 0),
        (12_500_000, 1_000_000, 12_500_000),
        (12_500_000, 2_000_000, 25_000_000),
        (12_500_000, 0, 0),
        (u64::MAX, 1_000_000, u64::MAX),
        (u64::MAX, 1_000_001, u64::MAX),
        (u64::MAX, 500_000, u64::MAX / 2),
    ] {
        assert_eq!(
            Mass::from_micrograms(mass).ppm(ppm),
            Mass::from_micrograms(part),
            "{ppm} ppm of {mass}"
        );
    }
}

#[test]
fn masses_are_read_in_grams() {
    let reads = |text: &str, micrograms| check(text, Some(Mass::from_micrograms(micrograms)));
    reads("12.5", 12_500_000);
    reads("12.5 g", 12_500_000);
    reads(" 12.5g ", 12_500_000);
    reads("0.000001g", 1);
    reads("007", 7_000_000);
    reads("12.", 12_000_000);
    reads("1000000000", MASS_MAX.micrograms());
    for refused in [
        "",
        "g",
        ".5",
        "-1",
        "+1",
        "1e3",
        "1,5",
        "1 000",
        "1.0000001",
        "12.5 kg",
        "12.5 gg",
        "1.2.3",
        "١٢",
    ] {
        check::<Mass>(refused, None);
    }
    for above in [
        "1000000000.000001",
        "18446744073709.551616",
        "99999999999999999999999999",
    ] {
        check::<Mass>(above, None);
    }
}

#[test]
fn times_are_read_as_rfc_3339() {
    let reads = |text: &str, ms| check(text, Some(Timestamp::from_unix_ms(ms)));
    reads("1970-01-01T00:00:00Z", 0);
    reads("1970-01-01T01:00:00.001+01:00", 1);
    reads("1969-12-31T23:59:59.9999Z", -1);
    reads("2026-05-31T12:00:00.250Z", 1_780_228_800_250);
    for refused in [
        "",
        "2026-05-31",
        "2026-05-31T12:00",
        "2026-05-31T12:00:00",
        "2026-02-30T12:00:00Z",
        "0 ms",
    ] {
        check::<Timestamp>(refused, None);
    }
}

#[test]
fn dates_are_read_as_calendar_days() {
    let reads = |text: &str, days| check(text, Some(Date::from_unix_days(days)));
    reads("1970-01-01", 0);
    reads("1969-12-31", -1);
    reads("2024-02-29", 19_782);
    reads("0000-01-01", *DAYS.start());
    reads("9999-12-31", *DAYS.end());
    let refused = [
        "",
        "2023-02-29",
        "2023-5-31",
        "31.05.2023",
        "2023-05-31 ",
        "+2023-05-31",
        "-0001-05-31",
        "day 5",
    ];
    for refused in refused {
        check::<Date>(refused, None);
    }
}

#[test]
fn fineness_is_printed_in_parts_per_thousand() {
    for (ppm, text) in [
        (0, "0.0"),
        (1, "0.001"),
        (995_800, "995.8"),
        (999_999, "999.999"),
        (1_000_000, "1000.0"),
    ] {
        assert_eq!(Fineness::from_ppm(ppm).expect("a fineness").to_string(), text);
    }
    assert_eq!(Fineness::from_ppm(1_000_001), None);
}

#[test]
fn fineness_is_read_in_parts_per_thousand_and_in_karats() {
    let reads = |text: &str, ppm| check(text, Fineness::from_ppm(ppm));
    reads("900", 900_000);
    reads("995.8", 995_800);
    reads(" 0.001 ", 1);
    reads("1000", 1_000_000);
    reads("0", 0);
    reads("24k", 1_000_000);
    reads("22k", 916_666);
    reads("18 K", 750_000);
    reads("21.6k", 900_000);
    reads("1k", 41_666);
    for refused in [
        "",
        "k",
        ".9",
        "-1",
        "1e3",
        "995,8",
        "1000.001",
        "1001",
        "24.001k",
        "25k",
        "90 %",
        "995.8001",
        "99999999999",
    ] {
        check::<Fineness>(refused, None);
    }
}

/// Checks what a text is read as; `None` for a refusal that repeats the text.
#[track_caller]
fn check<T: FromStr<Err: Display> + PartialEq + Debug>(text: &str, expected: Option<T>) {
    match (text.parse::<T>(), expected) {
        (Ok(value), Some(expected)) => assert_eq!(value, expected, "{text:?}"),
        (Err(error), None) => assert!(
            error.to_string().contains(&text[..text.len().min(20)]),
            "{text:?}: {error}"
        ),
        (read, expected) => panic!("{text:?}: {:?} where {expected:?} was expected", read.ok()),
    }
}

fn round_trip<T: FromStr<Err: Debug> + PartialEq + Debug + Display>(value: &T) {
    assert_eq!(
        value
            .to_string()
            .parse::<T>()
            .as_ref()
            .expect("what is printed can be read"),
        value
    );
}
