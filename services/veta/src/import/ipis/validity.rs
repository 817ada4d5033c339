//! How long a status from the ministry of mines holds.
//!
//! By IPIS's own explanations of the four statuses, which its map shows beside them: Vert is valid for one year; Jaune gives
//! six months to correct; Rouge stops production and export for three months, after which the site is assessed again; Bleu,
//! by decree 677 of 2021-11-12, is valid for three years and then turns Rouge.

use event::Date;

/// Until when a status holds, and what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The last day.
    pub until: Date,
    status: Status,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Vert,
    Jaune,
    Rouge,
    Bleu,
}

impl Validity {
    /// Of a status given on a day, in the source's words; none where they name no status that runs out.
    #[must_use]
    pub fn of(words: &str, given: Date) -> Option<Self> {
        let status = Status::ALL
            .into_iter()
            .find(|status| words.trim().eq_ignore_ascii_case(status.name()))?;
        let until = months_later(given, status.months())?;
        Some(Self { until, status })
    }

    /// Whether the status does not hold any more.
    #[must_use]
    pub fn is_over(self, today: Date) -> bool {
        self.until < today
    }

    /// What there is to know of it, for people.
    #[must_use]
    pub fn told(self, today: Date) -> String {
        let (name, until) = (self.status.name(), self.until);
        let rule = "by IPIS's explanation of the status; nothing follows from it here";
        if self.is_over(today) {
            return format!(
                "The status {name} is past its time since {until}: {} ({rule}).",
                self.status.rule()
            );
        }
        format!(
            "The status {name} holds until {until}: {} ({rule}).",
            self.status.rule()
        )
    }
}

impl Status {
    const ALL: [Self; 4] = [Self::Vert, Self::Jaune, Self::Rouge, Self::Bleu];

    const fn name(self) -> &'static str {
        match self {
            Self::Vert => "Vert",
            Self::Jaune => "Jaune",
            Self::Rouge => "Rouge",
            Self::Bleu => "Bleu",
        }
    }

    const fn months(self) -> u16 {
        match self {
            Self::Vert => 12,
            Self::Jaune => 6,
            Self::Rouge => 3,
            Self::Bleu => 36,
        }
    }

    const fn rule(self) -> &'static str {
        match self {
            Self::Vert => "it is valid for one year",
            Self::Jaune => "it gives six months to correct",
            Self::Rouge => "it stops production and export for three months, and then the site is assessed again",
            Self::Bleu => "it is valid for three years, and then turns Rouge (decree 677 of 2021-11-12)",
        }
    }
}

/// The same day of a later month, or the month's last day where it has no such day.
fn months_later(day: Date, months: u16) -> Option<Date> {
    let text = day.to_string();
    let mut parts = text.split('-').map(str::parse::<u16>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) = (parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    let later = year.checked_mul(12)?.checked_add(month - 1)?.checked_add(months)?;
    let (year, month) = (later / 12, later % 12 + 1);
    (28..=day.max(28)).rev().find_map(|last| {
        let day = day.min(last);
        format!("{year:04}-{month:02}-{day:02}").parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &str, given: &str, until: Option<&str>) {
        let validity = Validity::of(words, given.parse().unwrap());
        assert_eq!(
            validity.map(|validity| validity.until.to_string()).as_deref(),
            until,
            "{words} {given}"
        );
        let Some(validity) = validity else { return };
        assert!(!validity.is_over(validity.until) && validity.is_over(validity.until.plus_days(1)));
        assert!(validity.told(validity.until).contains("holds until"));
        assert!(validity.told(validity.until.plus_days(1)).contains("past its time"));
    }

    #[test]
    fn a_status_holds_as_long_as_its_colour_says() {
        check("Vert", "2017-05-01", Some("2018-05-01"));
        check(" vert ", "2016-02-29", Some("2017-02-28"));
        check("Jaune", "2011-06-20", Some("2011-12-20"));
        check("Jaune", "2020-08-31", Some("2021-02-28"));
        check("Rouge", "2014-02-21", Some("2014-05-21"));
        check("Rouge", "2021-11-30", Some("2022-02-28"));
        check("Rouge", "2022-12-31", Some("2023-03-31"));
        check("Bleu", "2023-03-15", Some("2026-03-15"));
        check("Not class", "2023-03-15", None);
        check("", "2023-03-15", None);
        check("Vert", "9999-12-31", None);
    }
}
