//! Text of units and names: what is read can be printed, and the print is read as the same value.
#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use event::units::MASS_MAX;
use event::vocabulary::{Country, Line, ShortText, Slug};
use event::{Date, Fineness, Mass, Timestamp, TroyOunces};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mass = check::<Mass>(text);
    assert!(mass.is_none_or(|mass| mass <= MASS_MAX));
    check::<Fineness>(text);
    if let Some(ounces) = check::<TroyOunces>(text) {
        assert_eq!(TroyOunces::of(ounces.mass()), ounces);
        assert!(ounces.mass() <= MASS_MAX);
    }
    check::<Date>(text);
    for verbatim in [
        check::<Line>(text).map(|line| line.to_string()),
        check::<ShortText>(text).map(|short| short.to_string()),
        check::<Slug>(text).map(|slug| slug.to_string()),
        check::<Country>(text).map(|country| country.to_string()),
    ] {
        assert!(verbatim.is_none_or(|verbatim| verbatim == text));
    }
    check_time(text);
});

fn check<T: FromStr + Display + Debug + PartialEq>(text: &str) -> Option<T> {
    let value = text.parse::<T>().ok()?;
    assert_eq!(value.to_string().parse::<T>().ok().as_ref(), Some(&value));
    Some(value)
}

/// An offset can move the first and the last hours of the calendar out of it; they are printed as a number then.
fn check_time(text: &str) {
    let Ok(time) = text.parse::<Timestamp>() else { return };
    let printed = time.to_string();
    if printed.ends_with(" ms") {
        assert_eq!(printed, format!("{} ms", time.unix_ms()));
        return;
    }
    assert_eq!(printed.parse().ok(), Some(time));
    assert!(printed.starts_with(&time.date().to_string()));
}
