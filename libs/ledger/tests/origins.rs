//! Parts of gold: exact to the microgram, whatever they are scaled to and however they are parted.

use event::Mass;
use ledger::origin::{Part, parted, pooled, scaled, total};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{grams, micrograms};

fn parts(masses: &[u64]) -> Vec<Part<usize>> {
    let part = |(of, mass): (usize, &u64)| Part {
        of,
        fine: micrograms(*mass),
    };
    masses.iter().enumerate().map(part).collect()
}

#[track_caller]
fn check(found: &[Part<usize>], expected: &[(usize, u64)]) {
    let found: Vec<_> = found.iter().map(|part| (part.of, part.fine.micrograms())).collect();
    assert_eq!(found, expected);
}

#[test]
fn rounding_is_as_it_is_stated() {
    check(
        &scaled(&parts(&[1, 1, 1]), micrograms(100)),
        &[(0, 34), (1, 33), (2, 33)],
    );
    check(&scaled(&parts(&[1, 1, 1]), micrograms(2)), &[(0, 1), (1, 1)]);
    check(&scaled(&parts(&[5, 3, 2]), micrograms(5)), &[(0, 3), (1, 1), (2, 1)]);
    check(&scaled(&parts(&[7, 0, 3]), micrograms(10)), &[(0, 7), (2, 3)]);
    check(&scaled(&parts(&[0, 0]), micrograms(10)), &[(0, 10)]);
    check(&scaled(&parts(&[0, 4]), micrograms(10)), &[(1, 10)]);
    check(&scaled(&parts(&[3, 4]), Mass::ZERO), &[]);
    check(&scaled(&parts(&[]), Mass::ZERO), &[]);
    let halves = [micrograms(5), micrograms(5)];
    check(&parted(&parts(&[3, 7]), &halves, 0), &[(0, 2), (1, 3)]);
    check(&parted(&parts(&[3, 7]), &halves, 1), &[(0, 1), (1, 4)]);
    let one = Part {
        of: 'b',
        fine: grams(1),
    };
    let other = Part {
        of: 'a',
        fine: grams(2),
    };
    let pool = pooled([vec![one], vec![other, one]]);
    let expected = [
        other,
        Part {
            of: 'b',
            fine: grams(2),
        },
    ];
    assert_eq!(pool, expected);
}

/// As large as a tonne of gold, as small as nothing.
fn masses() -> impl Strategy<Value = Vec<u64>> {
    vec(prop_oneof![0..5_u64, 0..1_000_000_u64, 0..1_000_000_000_000_u64], 1..40)
}

/// `found / whole_found` is `given / whole_given` within one microgram of `whole_found`, for each step of rounding.
fn is_near(given: u64, whole_given: u64, found: u64, whole_found: u64, steps: u64) -> bool {
    let (exact, whole) = (u128::from(given) * u128::from(whole_found), u128::from(whole_given));
    let found = u128::from(found) * whole;
    exact.abs_diff(found) <= u128::from(steps) * whole
}

proptest! {
    #[test]
    fn scaled_parts_sum_to_the_whole(masses in masses(), gold in prop_oneof![0..50_u64, 0..2_000_000_000_000_u64]) {
        let before = parts(&masses);
        let after = scaled(&before, micrograms(gold));
        prop_assert_eq!(total(&after), micrograms(gold));
        let whole = total(&before).micrograms();
        for part in &after {
            prop_assert!(part.fine != Mass::ZERO);
            prop_assert!(whole == 0 || is_near(masses[part.of], whole, part.fine.micrograms(), gold, 1));
        }
        prop_assert_eq!(scaled(&after, micrograms(gold)), after);
    }

    #[test]
    fn parted_parts_sum_both_ways(masses in masses(), cuts in vec(0..1_000_000_u64, 0..12)) {
        let pool = parts(&masses);
        let whole = total(&pool).micrograms();
        let mut left = whole;
        let mut golds: Vec<_> = cuts.iter().map(|cut| {
            let gold = u64::try_from(u128::from(left) * u128::from(*cut) / 1_000_000).unwrap();
            left -= gold;
            micrograms(gold)
        }).collect();
        golds.push(micrograms(left));
        let outputs: Vec<_> = (0..golds.len()).map(|place| parted(&pool, &golds, place)).collect();
        for (output, gold) in outputs.iter().zip(&golds) {
            prop_assert_eq!(total(output), *gold);
            for part in output {
                let steps = u64::try_from(golds.len()).unwrap() + 1;
                let near = is_near(masses[part.of], whole, part.fine.micrograms(), gold.micrograms(), steps);
                prop_assert!(whole == 0 || near);
            }
        }
        prop_assert_eq!(pooled(outputs), scaled(&pool, micrograms(whole)));
    }
}
