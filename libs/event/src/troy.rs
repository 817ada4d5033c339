//! Troy ounces, in which refined gold is traded: for printing and for import. In the stream every mass is a [`Mass`].
//!
//! London's rules are those of the LBMA's Good Delivery Rules, Annex B and C: a bar's gross weight is a multiple of 0.025
//! ounces, rounded **down**; its fine weight is gross × assay to 0.001 ounces. Of how the last digit of a fine weight is
//! found, the rules print one figure and no words: 401.125 at 995.8 is 399.440, and exactly 399.440275. The LBMA's table of
//! agreed contents of small bars shows that it is rounded to the **nearest** (25 ounces at 999.9, exactly 24.9975, are
//! 24.998; 100 grams at 999.0, 3.2118…, are 3.212). Where that is a tie, this crate rounds up, as a spreadsheet does.

use core::fmt;
use core::str::FromStr;

use crate::units::{Fineness, MASS_MAX, Mass, UnitError};

/// An ounce is 31.1034768 g exactly: so many tenths of a nanogram are a thousandth of it.
const THOUSANDTH_E10_GRAMS: u128 = 311_034_768;
/// Tenths of a nanogram in a microgram.
const MICROGRAM_E10_GRAMS: u128 = 10_000;
/// London weighs gold bars in steps of 0.025 ounces.
const BAR_STEP: u64 = 25;
/// The least fine gold in a bar of good delivery: 350 ounces.
const BAR_FINE_MIN: TroyOunces = TroyOunces(350_000);
/// The most: 430 ounces.
const BAR_FINE_MAX: TroyOunces = TroyOunces(430_000);
/// The least fineness of a bar of good delivery, in parts per million.
const BAR_FINENESS_PPM_MIN: u32 = 995_000;

/// Troy ounces, in **thousandths**; as a mass, none is above [`MASS_MAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TroyOunces(u64);

impl TroyOunces {
    /// From thousandths of an ounce; none whose mass is above [`MASS_MAX`].
    #[must_use]
    pub fn from_thousandths(thousandths: u64) -> Option<Self> {
        let is_possible = micrograms(thousandths) <= u128::from(MASS_MAX.micrograms());
        is_possible.then_some(Self(thousandths))
    }

    /// In thousandths of an ounce.
    #[must_use]
    pub const fn thousandths(self) -> u64 {
        self.0
    }

    /// The most thousandths that are not above a mass; of one above [`MASS_MAX`], of that.
    ///
    /// What [`TroyOunces::mass`] made is read back as it was.
    #[must_use]
    pub fn of(mass: Mass) -> Self {
        let mass = mass.min(MASS_MAX);
        let exact = u128::from(mass.micrograms()) * MICROGRAM_E10_GRAMS / THOUSANDTH_E10_GRAMS;
        let ounces = Self(u64::try_from(exact).expect("fewer thousandths of an ounce than micrograms"));
        // An import was rounded to a microgram, perhaps down: then the next is the one that was meant.
        let next = Self(ounces.0 + 1);
        if next.mass() <= mass { next } else { ounces }
    }

    /// Their mass, rounded half to even to a microgram.
    #[must_use]
    pub fn mass(self) -> Mass {
        let micrograms = micrograms(self.0);
        Mass::from_micrograms(u64::try_from(micrograms).expect("not above the greatest mass by more than an ounce"))
    }

    /// The gross weight of a bar of this mass, as London writes it: the most steps of 0.025 that are not above it.
    #[must_use]
    pub fn gross_of_bar(mass: Mass) -> Self {
        let ounces = Self::of(mass);
        Self(ounces.0 - ounces.0 % BAR_STEP)
    }

    /// The fine weight at an assay: gross × assay to the nearest thousandth, a tie upwards.
    #[must_use]
    pub fn fine(self, assay: Fineness) -> Self {
        let pure = u128::from(Fineness::PURE.ppm());
        let parts = u128::from(self.0) * u128::from(assay.ppm());
        Self(u64::try_from((parts + pure / 2) / pure).expect("no more than the gross weight"))
    }
}

/// A thousandth of an ounce is 31,103.4768 µg. No number of them ends in half a microgram, because 16 divides their
/// tenths of nanograms and not 5,000: to the nearest, and half to even, are the same here.
fn micrograms(thousandths: u64) -> u128 {
    let exact = u128::from(thousandths) * THOUSANDTH_E10_GRAMS;
    (exact + MICROGRAM_E10_GRAMS / 2) / MICROGRAM_E10_GRAMS
}

/// With all three decimals, as weight lists have them: `401.125`.
impl fmt::Display for TroyOunces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1_000, self.0 % 1_000)
    }
}

/// Reads ounces: `401.125`, `401.125 oz`, `12oz`. Refuses more than three decimals rather than rounding.
impl FromStr for TroyOunces {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let wrong = || UnitError::TroyOunces(text.chars().take(40).collect());
        let number = text.trim();
        let number = number.strip_suffix("oz").unwrap_or(number).trim_end();
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(decimals) || decimals.len() > 3 {
            return Err(wrong());
        }
        let ounces: u64 = whole.parse().map_err(|_| wrong())?;
        let rest: u64 = format!("{decimals:0<3}").parse().map_err(|_| wrong())?;
        let total = ounces.checked_mul(1_000).and_then(|t| t.checked_add(rest));
        total.and_then(Self::from_thousandths).ok_or_else(wrong)
    }
}

/// Whether a bar is within London's limits of fineness and weight: 995.0 fine or more, and 350 to 430 fine ounces. Marks,
/// shape, and that its refiner is on the list, no number shows.
#[must_use]
pub fn is_good_delivery(gross: TroyOunces, assay: Fineness) -> bool {
    let fine = gross.fine(assay);
    BAR_FINENESS_PPM_MIN <= assay.ppm() && BAR_FINE_MIN <= fine && fine <= BAR_FINE_MAX
}
