//! Values over time, as a line.

use event::Date;

/// Units across.
pub(crate) const WIDTH: i64 = 320;
/// Units from top to bottom.
pub(crate) const HEIGHT: i64 = 80;
/// Kept free around, so that dots are whole.
const MARGIN: i64 = 6;

/// A line through dots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// Where each value stands, the earliest first.
    pub(crate) dots: Vec<(i64, i64)>,
}

impl Line {
    /// Of values by their days, in any order; those without a day are left out.
    #[must_use]
    pub(crate) fn of(values: &[(&str, u64)]) -> Self {
        let mut days: Vec<(i64, u64)> = values
            .iter()
            .filter_map(|(day, value)| Some((i64::from(day.parse::<Date>().ok()?.unix_days()), *value)))
            .collect();
        days.sort_unstable();
        let first = days.first().map_or(0, |day| day.0);
        let span = days.last().map_or(0, |day| day.0 - first).max(1);
        let highest = days.iter().map(|day| day.1).max().unwrap_or(0).max(1);
        let dots = days.iter().map(|(day, value)| {
            let up = i128::from(*value) * i128::from(HEIGHT - 2 * MARGIN) / i128::from(highest);
            let up = i64::try_from(up).expect("it is no higher than the highest");
            let across = (day - first) * (WIDTH - 2 * MARGIN) / span;
            (MARGIN + across, HEIGHT - MARGIN - up)
        });
        Self { dots: dots.collect() }
    }

    /// Its corners, as SVG writes them.
    #[must_use]
    pub(crate) fn corners(&self) -> String {
        let corners: Vec<_> = self.dots.iter().map(|(x, y)| format!("{x},{y}")).collect();
        corners.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[(&str, u64)], expected: &[(i64, i64)]) {
        assert_eq!(Line::of(values).dots, expected, "{values:?}");
    }

    #[test]
    fn a_line_goes_from_the_first_day_to_the_last_and_up_to_the_highest() {
        check(&[], &[]);
        check(&[("2026-01-01", 5)], &[(6, 6)]);
        check(&[("2026-01-01", 0)], &[(6, 74)]);
        check(
            &[("2026-01-31", 10), ("2026-01-01", 5), ("soon", 1)],
            &[(6, 40), (314, 6)],
        );
        check(&[("0001-01-01", u64::MAX), ("9999-12-31", 0)], &[(6, 6), (314, 74)]);
    }
}
