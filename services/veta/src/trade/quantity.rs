//! Masses as people write them, and how two of them differ.

use event::{Mass, TroyOunces};

/// Parts per million in one percent.
const PPM_PER_PERCENT: u64 = 10_000;

/// Reads grams, `12.5`, or troy ounces, `0.4 oz`, which are rounded half to even to a microgram. Nothing weighs nothing.
pub fn mass(text: &str) -> Result<Mass, String> {
    let mass = if text.trim_end().ends_with("oz") {
        text.parse::<TroyOunces>().map(TroyOunces::mass)
    } else {
        text.parse::<Mass>()
    };
    match mass {
        Ok(Mass::ZERO) => Err("a lot weighs something: write its gross mass in grams, such as 12.5".to_owned()),
        Ok(mass) => Ok(mass),
        Err(error) => Err(error.to_string()),
    }
}

/// What is gone: a mass, nothing at all, or the rest that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// So much.
    Mass(Mass),
    /// Whatever is neither among what came out nor stated otherwise.
    Rest,
}

/// Reads a mass, `0`, or `rest`.
pub fn lost(text: &str) -> Result<Lost, String> {
    if text == "rest" {
        return Ok(Lost::Rest);
    }
    if text.parse() == Ok(Mass::ZERO) {
        return Ok(Lost::Mass(Mass::ZERO));
    }
    mass(text).map(Lost::Mass)
}

/// How what was measured differs from what was known, for whoever is about to sign it:
/// `0.3 g (2.4 %) less than the 12.5 g known`.
#[must_use]
pub fn difference(known: Mass, measured: Mass) -> String {
    let (less, more) = (known.micrograms(), measured.micrograms());
    let differs = Mass::from_micrograms(less.abs_diff(more));
    let percent = percent(parts(differs, known));
    match less.cmp(&more) {
        core::cmp::Ordering::Equal => format!("as much as was known, {known}"),
        core::cmp::Ordering::Greater => format!("{differs} ({percent}) less than the {known} known"),
        core::cmp::Ordering::Less => format!("{differs} ({percent}) MORE than the {known} known"),
    }
}

/// A part in parts per million of the whole, to the nearest; saturates.
#[must_use]
pub fn parts(part: Mass, whole: Mass) -> u64 {
    let whole = u128::from(whole.micrograms()).max(1);
    let ppm = (u128::from(part.micrograms()) * 1_000_000 + whole / 2) / whole;
    u64::try_from(ppm).unwrap_or(u64::MAX)
}

/// Parts per million as percent: `2.4 %`.
#[must_use]
pub fn percent(ppm: u64) -> String {
    let decimals = format!("{:04}", ppm % PPM_PER_PERCENT);
    match decimals.trim_end_matches('0') {
        "" => format!("{} %", ppm / PPM_PER_PERCENT),
        some => format!("{}.{some} %", ppm / PPM_PER_PERCENT),
    }
}

#[cfg(test)]
mod tests {
    use super::{difference, mass};

    #[test]
    fn masses_are_grams_or_ounces_and_never_nothing() {
        for (text, micrograms) in [
            ("12.5", 12_500_000),
            ("12.5 g", 12_500_000),
            ("1 oz", 31_103_477),
            ("0.4oz", 12_441_391),
        ] {
            assert_eq!(mass(text).map(event::Mass::micrograms), Ok(micrograms), "{text}");
        }
        for (text, words) in [
            ("0", "weighs something"),
            ("0.000 oz", "weighs something"),
            ("-1", "six decimals"),
            ("12 kg", "six decimals"),
            ("0.0001 oz", "three decimals"),
            ("1000000001", "six decimals"),
        ] {
            let error = mass(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn a_difference_is_told_in_grams_and_percent() {
        for (known, measured, told) in [
            ("12.5", "12.5", "as much as was known, 12.5 g"),
            ("12.5", "12.2", "0.3 g (2.4 %) less than the 12.5 g known"),
            ("12.5", "12.500001", "0.000001 g (0 %) MORE than the 12.5 g known"),
            (
                "0.000001",
                "1000",
                "999.999999 g (99999999900 %) MORE than the 0.000001 g known",
            ),
            ("3", "2", "1 g (33.3333 %) less than the 3 g known"),
            ("3", "1", "2 g (66.6667 %) less than the 3 g known"),
        ] {
            assert_eq!(difference(mass(known).unwrap(), mass(measured).unwrap()), told);
        }
    }
}
