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
