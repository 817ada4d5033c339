//! What a published date leaves open.

use core::fmt;

use event::Date;
use event::vocabulary::Period;

use crate::import::table::{FieldError, shown};

/// The period of an event without a date: 0001-01-01, a mark and no date. A period needs days, and none is known. This one
/// lies before everything that has a date, so that an undated event is never the latest, never fresh, and goes before no
/// answer that has a date. A range up to today would be true and would make it the news of the day.
pub const UNDATED: Date = Date::from_unix_days(-719_162);

/// How precise a date is, and whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// The day of the event.
    Day,
    /// The month of the event.
    Month,
    /// The year of the event.
    Year,
    /// The year of the event, as the compiler infers it.
    InferredYear,
    /// The day, month or year in which the page was published.
    Published,
    /// There is no date.
    Unknown,
}

impl Precision {
    /// Every precision.
    pub const ALL: [Self; 6] = [
        Self::Day,
        Self::Month,
        Self::Year,
        Self::InferredYear,
        Self::Published,
        Self::Unknown,
    ];

    /// What the file calls it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
            Self::InferredYear => "inferred year",
            Self::Published => "published",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn read(words: &str) -> Result<Self, FieldError> {
        let found = Self::ALL.into_iter().find(|precision| precision.word() == words);
        found.ok_or_else(|| FieldError::NotPrecision(shown(words)))
    }

    /// The days that a date of this precision leaves open, none of them after `today`.
    pub(super) fn period(self, date: &str, today: Date) -> Result<Period, FieldError> {
        if self == Self::Unknown && date.is_empty() {
            return Ok(Period {
                from: UNDATED,
                to: UNDATED,
            });
        }
        let is_of_precision = self.lengths().contains(&date.len());
        let days = if is_of_precision { days(date) } else { None };
        let Some((from, to)) = days else {
            return Err(FieldError::NotOfPrecision {
                date: shown(date),
                precision: self.word(),
                write: self.example(),
            });
        };
        if today < from {
            return Err(FieldError::InFuture(shown(date)));
        }
        // Of a month or year that is not over, what is left of it has not happened.
        Ok(Period {
            from,
            to: to.min(today),
        })
    }

    /// How many characters its dates have.
    const fn lengths(self) -> &'static [usize] {
        match self {
            Self::Day => &[DAY],
            Self::Month => &[MONTH],
            Self::Year | Self::InferredYear => &[YEAR],
            Self::Published => &[DAY, MONTH, YEAR],
            Self::Unknown => &[],
        }
    }

    const fn example(self) -> &'static str {
        match self {
            Self::Day => "2020-03-31",
            Self::Month => "2020-03",
            Self::Year | Self::InferredYear => "2020",
            Self::Published => "2020-03-31, 2020-03 or 2020",
            Self::Unknown => "nothing",
        }
    }
}

/// What is said of a date: the file's word first.
impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        f.write_str(match self {
            Self::Day | Self::Month | Self::Year => "",
            Self::InferredYear => ": inferred by the compiler, not stated by the page",
            Self::Published => ": when the page was published; the event itself may be earlier",
            Self::Unknown => ": the page gives no date",
        })
    }
}

const YEAR: usize = "2020".len();
const MONTH: usize = "2020-03".len();
const DAY: usize = "2020-03-31".len();

/// The first and the last day of a day, a month or a year.
fn days(date: &str) -> Option<(Date, Date)> {
    let day = |text: &str| text.parse::<Date>().ok();
    match date.len() {
        DAY => day(date).map(|day| (day, day)),
        MONTH => {
            let first = day(&format!("{date}-01"))?;
            // No month has more days; the last of the real ones is the last that has its name.
            let last = (28..=31).rev().find_map(|last| day(&format!("{date}-{last}")))?;
            Some((first, last))
        }
        _ => Some((day(&format!("{date}-01-01"))?, day(&format!("{date}-12-31"))?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = "2020-03-15";

    #[track_caller]
    fn check(precision: &str, date: &str, expected: &str) {
        let period = Precision::read(precision).and_then(|precision| precision.period(date, TODAY.parse().unwrap()));
        let told = match period {
            Ok(period) => format!("{} {}", period.from, period.to),
            Err(error) => error.to_string(),
        };
        assert_eq!(told, expected, "{precision} {date}");
    }

    #[test]
    fn a_period_is_what_a_date_leaves_open() {
        check("day", "2020-02-29", "2020-02-29 2020-02-29");
        check("month", "2020-02", "2020-02-01 2020-02-29");
        check("month", "2019-02", "2019-02-01 2019-02-28");
        check("month", "2018-12", "2018-12-01 2018-12-31");
        check("year", "2016", "2016-01-01 2016-12-31");
        check("inferred year", "2019", "2019-01-01 2019-12-31");
        check("published", "2015-11-11", "2015-11-11 2015-11-11");
        check("published", "2017-01", "2017-01-01 2017-01-31");
        check("published", "2017", "2017-01-01 2017-12-31");
        check("unknown", "", "0001-01-01 0001-01-01");
    }

    #[test]
    fn what_is_not_over_ends_today() {
        check("month", "2020-03", "2020-03-01 2020-03-15");
        check("year", "2020", "2020-01-01 2020-03-15");
        check("day", TODAY, "2020-03-15 2020-03-15");
        check(
            "day",
            "2020-03-16",
            "\"2020-03-16\" is still to come: import what has happened",
        );
        check(
            "month",
            "2020-04",
            "\"2020-04\" is still to come: import what has happened",
        );
    }

    #[test]
    fn a_date_is_of_its_precision_or_refused() {
        let wrong = |date: &str, precision: &str, write: &str| {
            check(
                precision,
                date,
                &format!("{date:?} is no date of the precision {precision:?}: write {write}"),
            );
        };
        wrong("2020-03", "day", "2020-03-31");
        wrong("2020-02-30", "day", "2020-03-31");
        wrong("", "day", "2020-03-31");
        wrong("2020-13", "month", "2020-03");
        wrong("2020-00", "month", "2020-03");
        wrong("2020-1 ", "month", "2020-03");
        wrong("2020", "month", "2020-03");
        wrong("20é", "year", "2020");
        wrong("+020", "year", "2020");
        wrong("2020-01", "inferred year", "2020");
        wrong("", "published", "2020-03-31, 2020-03 or 2020");
        wrong("2020", "unknown", "nothing");
        check(
            "Day",
            "2020-03-01",
            "\"Day\" is no precision: write day, month, year, inferred year, published or unknown",
        );
    }

    #[test]
    fn the_mark_for_no_date_is_what_the_catalogue_says() {
        assert_eq!(UNDATED.to_string(), "0001-01-01");
        let notes: Vec<_> = catalogue::scheme_certifications().notes().collect();
        assert!(notes.iter().any(|note| note.contains(&UNDATED.to_string())));
    }
}
