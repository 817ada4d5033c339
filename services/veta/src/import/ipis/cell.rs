//! From decimal degrees to a square of 0.1°, in whole numbers.

use core::ops::RangeInclusive;

use event::vocabulary::Cell;

const SOUTH: RangeInclusive<i16> = -900..=899;
const WEST: RangeInclusive<i16> = -1800..=1799;

/// The square that holds a point given in decimal degrees; none if that is no point of the earth.
pub(super) fn cell(longitude: &str, latitude: &str) -> Option<Cell> {
    let south = tenths(latitude).filter(|tenths| SOUTH.contains(tenths))?;
    let west = tenths(longitude).filter(|tenths| WEST.contains(tenths))?;
    Some(Cell { south, west })
}

/// Degrees in tenths, rounded down: -3.067 is -31.
fn tenths(degrees: &str) -> Option<i16> {
    let (negative, size) = degrees.strip_prefix('-').map_or((false, degrees), |size| (true, size));
    let (whole, decimals) = size.split_once('.').unwrap_or((size, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(decimals) {
        return None;
    }
    let (first, rest) = decimals.split_at(1);
    let tenths = whole
        .parse::<i16>()
        .ok()?
        .checked_mul(10)?
        .checked_add(first.parse().ok()?)?;
    if !negative {
        return Some(tenths);
    }
    let below = rest.bytes().any(|digit| digit != b'0');
    Some(-tenths - i16::from(below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(longitude: &str, latitude: &str, expected: Option<(i16, i16)>) {
        assert_eq!(
            cell(longitude, latitude),
            expected.map(|(west, south)| Cell { south, west })
        );
    }

    #[test]
    fn a_point_lies_in_the_square_to_its_south_west() {
        check("28.17670502", "-3.06711799", Some((281, -31)));
        check("29.24183", "0.595655", Some((292, 5)));
        check("0.05", "-0.05", Some((0, -1)));
        check("-0", "-0.0", Some((0, 0)));
        check("28.1", "-3.1", Some((281, -31)));
        check("28.10", "-3.10", Some((281, -31)));
        check("28.19999999999999999999", "-3.10000000000000000001", Some((281, -32)));
        check("7", "-90", Some((70, -900)));
        check("-180", "89.99", Some((-1800, 899)));
    }

    #[test]
    fn what_is_no_point_of_the_earth_has_no_square() {
        for (longitude, latitude) in [
            ("180", "0"),
            ("0", "90"),
            ("-180.01", "0"),
            ("99999", "0"),
            ("3276.7", "0"),
            ("", "1"),
            ("-", "1"),
            (".5", "1"),
            ("5.", "1"),
            ("1e1", "1"),
            ("+1", "1"),
            ("28,5", "1"),
            ("1.é", "1"),
            ("--1", "1"),
        ] {
            check(longitude, latitude, None);
        }
    }
}
