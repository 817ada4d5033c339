//! Ounces, and bars as London weighs them.

use event::troy::is_good_delivery;
use event::units::MASS_MAX;
use event::{Fineness, Mass, TroyOunces};
use proptest::prelude::*;

use crate::arb::{arb_fineness, arb_mass};

/// The most thousandths of an ounce that are a mass: 1,000 tonnes.
const THOUSANDTHS_MAX: u64 = 32_150_746_568;

fn ounces(text: &str) -> TroyOunces {
    text.parse().expect("ounces")
}

/// Of parts per thousand, as they are printed.
fn assay(text: &str) -> Fineness {
    let (thousandths, rest) = text.split_once('.').expect("a decimal point");
    let ppm: u32 = format!("{thousandths}{rest:0<3}").parse().expect("digits");
    Fineness::from_ppm(ppm).expect("a fineness")
}

proptest! {
    #[test]
    fn ounces_become_a_mass_and_come_back(thousandths in 0..=THOUSANDTHS_MAX) {
        let ounces = TroyOunces::from_thousandths(thousandths).expect("within the limit");
        prop_assert_eq!(TroyOunces::of(ounces.mass()), ounces);
        prop_assert_eq!(ounces.to_string().parse(), Ok(ounces));
        // Half a microgram at most, which is 5,000 of the 311,034,768 parts of a thousandth.
        let exact = u128::from(thousandths) * 311_034_768;
        prop_assert!((u128::from(ounces.mass().micrograms()) * 10_000).abs_diff(exact) <= 5_000);
    }

    #[test]
    fn ounces_are_never_more_than_the_mass_and_the_next_thousandth_is(mass in arb_mass()) {
        let ounces = TroyOunces::of(mass);
        prop_assert!(ounces.mass() <= mass);
        if let Some(next) = TroyOunces::from_thousandths(ounces.thousandths() + 1) {
            prop_assert!(mass < next.mass());
        }
    }

    #[test]
    fn a_bar_is_weighed_in_steps_and_never_up(mass in arb_mass()) {
        let gross = TroyOunces::gross_of_bar(mass);
        prop_assert_eq!(gross.thousandths() % 25, 0);
        prop_assert!(gross.mass() <= mass);
        prop_assert!(TroyOunces::of(mass).thousandths() < gross.thousandths() + 25);
    }

    #[test]
    fn fine_ounces_are_the_nearest_and_never_above_gross(
        thousandths in 0..=THOUSANDTHS_MAX,
        fineness in arb_fineness(),
    ) {
        let gross = TroyOunces::from_thousandths(thousandths).expect("within the limit");
        let fine = gross.fine(fineness);
        prop_assert!(fine <= gross);
        let exact = u128::from(thousandths) * u128::from(fineness.ppm());
        prop_assert!((u128::from(fine.thousandths()) * 1_000_000).abs_diff(exact) <= 500_000);
    }

    #[test]
    fn no_text_of_ounces_panics(text in "\\PC{0,40}", number in "[0-9.]{0,30} ?(oz)?") {
        for text in [text, number] {
            if let Ok(ounces) = text.parse::<TroyOunces>() {
                prop_assert_eq!(ounces.to_string().parse(), Ok(ounces));
            }
        }
    }
}

#[test]
fn fine_ounces_are_those_that_the_lbma_prints() {
    // The first is the worked figure of Annex C; the others are of the table of agreed contents.
    for (gross, fineness, fine) in [
        ("401.125", "995.8", "399.440"),
        ("100.000", "995.0", "99.500"),
        ("50.000", "999.9", "49.995"),
        ("25.000", "999.0", "24.975"),
        ("25.000", "999.9", "24.998"),
        ("10.000", "999.9", "9.999"),
        ("5.000", "995.0", "4.975"),
        ("5.000", "999.9", "5.000"),
        ("1.000", "999.9", "1.000"),
        ("3.750", "995.0", "3.731"),
        ("3.750", "999.0", "3.746"),
        ("3.750", "999.9", "3.750"),
        // Ties go up: 0.0005 and 0.0025.
        ("0.001", "500.0", "0.001"),
        ("0.005", "500.0", "0.003"),
        ("0.000", "995.0", "0.000"),
        ("401.125", "1000.0", "401.125"),
    ] {
        assert_eq!(
            ounces(gross).fine(assay(fineness)).to_string(),
            fine,
            "{gross} at {fineness}"
        );
    }
}

#[test]
fn a_thousandth_is_rounded_half_to_even_to_a_microgram() {
    for (thousandths, micrograms) in [
        (0, 0),
        (1, 31_103),
        (2, 62_207),
        (1_000, 31_103_477),
        (10_000, 311_034_768),
        (401_125, 12_476_382_131),
        (625, 19_439_673),
        (THOUSANDTHS_MAX, 999_999_999_980_468),
    ] {
        let ounces = TroyOunces::from_thousandths(thousandths).expect("ounces");
        assert_eq!(ounces.mass().micrograms(), micrograms, "{thousandths}");
    }
    assert_eq!(TroyOunces::from_thousandths(THOUSANDTHS_MAX + 1), None);
    assert_eq!(TroyOunces::from_thousandths(u64::MAX), None);
    assert_eq!(
        TroyOunces::of(Mass::from_micrograms(u64::MAX)),
        TroyOunces::of(MASS_MAX)
    );
}

#[test]
fn a_bar_is_weighed_down_to_its_step() {
    for (grams, gross) in [
        // One microgram below 401.125 ounces, exactly, and just below the next step.
        ("12476.38213", "401.100"),
        ("12476.382131", "401.125"),
        ("12477.159717", "401.125"),
        ("12477.159718", "401.150"),
        ("12500", "401.875"),
        ("0.7", "0.000"),
    ] {
        let mass: Mass = grams.parse().expect("grams");
        assert_eq!(TroyOunces::gross_of_bar(mass).to_string(), gross, "{grams} g");
    }
}

#[test]
fn good_delivery_has_its_limits() {
    for (gross, fineness, good) in [
        ("401.125", "995.8", true),
        ("401.125", "995.0", true),
        ("401.125", "994.9", false),
        ("350.000", "1000.0", true),
        ("350.000", "999.9", false),
        // 351.758 × 0.995 is 349.99921, and the next thousandth 350.000205.
        ("351.758", "995.0", false),
        ("351.759", "995.0", true),
        ("430.000", "1000.0", true),
        ("430.001", "1000.0", false),
        ("430.043", "999.9", true),
        ("430.050", "999.9", false),
    ] {
        assert_eq!(
            is_good_delivery(ounces(gross), assay(fineness)),
            good,
            "{gross} at {fineness}"
        );
    }
}

#[test]
fn ounces_are_read_with_three_decimals_at_most() {
    for (text, thousandths) in [
        ("401.125", 401_125),
        (" 1.5 oz ", 1_500),
        ("12oz", 12_000),
        ("007.", 7_000),
    ] {
        assert_eq!(
            text.parse::<TroyOunces>().map(TroyOunces::thousandths),
            Ok(thousandths),
            "{text:?}"
        );
    }
    for refused in [
        "",
        "oz",
        ".5",
        "-1",
        "1.0005",
        "1e3",
        "1,5",
        "12 g",
        "99999999999999999999",
        "32150746.569",
    ] {
        let error = refused.parse::<TroyOunces>().expect_err("no ounces");
        assert!(error.to_string().contains(refused), "{error}");
    }
}
