//! Mass, fineness, time and place in the stream. Integers only: no floating point stands near gold.

use core::fmt;
use core::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;
use time::format_description::well_known::Rfc3339;
use time::{Month, OffsetDateTime};

/// Mass in **micrograms**.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Mass(u64);

/// A lot above this is a typing error: 1,000 tonnes, a third of a year's mined gold of the whole world.
pub const MASS_MAX: Mass = Mass(1_000_000_000_000_000);

impl Mass {
    /// No mass.
    pub const ZERO: Self = Self(0);

    /// From micrograms.
    #[must_use]
    pub const fn from_micrograms(micrograms: u64) -> Self {
        Self(micrograms)
    }

    /// In micrograms.
    #[must_use]
    pub const fn micrograms(self) -> u64 {
        self.0
    }

    /// The gold in it at `fineness`: gross × ppm / 10⁶, rounded down to a microgram.
    #[must_use]
    pub fn fine(self, fineness: Fineness) -> Self {
        let fine = u128::from(self.0) * u128::from(fineness.0) / u128::from(Fineness::PURE.0);
        Self(u64::try_from(fine).expect("a part of a u64 fits a u64"))
    }

    /// `ppm` parts per million of it, rounded down; saturates.
    #[must_use]
    pub fn ppm(self, ppm: u32) -> Self {
        let part = u128::from(self.0) * u128::from(ppm) / 1_000_000;
        Self(u64::try_from(part).unwrap_or(u64::MAX))
    }

    /// This mass plus `ppm` parts per million of it, rounded down; saturates.
    #[must_use]
    pub fn plus_ppm(self, ppm: u32) -> Self {
        self.plus(self.ppm(ppm))
    }

    /// Both together; saturates.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left of it without the other; none where the other is more.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// How far apart both are.
    #[must_use]
    pub const fn apart(self, other: Self) -> Self {
        Self(self.0.abs_diff(other.0))
    }
}

/// All together; saturates.
impl core::iter::Sum for Mass {
    fn sum<I: Iterator<Item = Self>>(masses: I) -> Self {
        masses.fold(Self::ZERO, Self::plus)
    }
}

/// In grams with six decimals at most: `12.5 g`.
impl fmt::Display for Mass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (grams, rest) = (self.0 / 1_000_000, self.0 % 1_000_000);
        if rest == 0 {
            return write!(f, "{grams} g");
        }
        let decimals = format!("{rest:06}");
        write!(f, "{grams}.{} g", decimals.trim_end_matches('0'))
    }
}

/// Reads grams: `12.5`, `12.5 g`, `0.000001g`. Refuses more than six decimals rather than rounding.
impl FromStr for Mass {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let wrong = || UnitError::Mass(text.chars().take(40).collect());
        let number = text.trim();
        let number = number.strip_suffix('g').unwrap_or(number).trim_end();
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(decimals) || decimals.len() > 6 {
            return Err(wrong());
        }
        let grams: u64 = whole.parse().map_err(|_| wrong())?;
        let micro: u64 = format!("{decimals:0<6}").parse().map_err(|_| wrong())?;
        let total = grams.checked_mul(1_000_000).and_then(|m| m.checked_add(micro));
        total.map(Self).filter(|mass| *mass <= MASS_MAX).ok_or_else(wrong)
    }
}

/// Gold content in **parts per million**, 0 to 1,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32")]
pub struct Fineness(u32);

impl Fineness {
    /// Nothing but gold.
    pub const PURE: Self = Self(1_000_000);

    /// From parts per million; none above 1,000,000.
    #[must_use]
    pub const fn from_ppm(ppm: u32) -> Option<Self> {
        if ppm <= Self::PURE.0 { Some(Self(ppm)) } else { None }
    }

    /// In parts per million.
    #[must_use]
    pub const fn ppm(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Fineness {
    type Error = UnitError;

    fn try_from(ppm: u32) -> Result<Self, UnitError> {
        Self::from_ppm(ppm).ok_or(UnitError::Fineness(ppm))
    }
}

impl From<Fineness> for u32 {
    fn from(fineness: Fineness) -> Self {
        fineness.0
    }
}

/// Of how many karats pure gold is.
const KARATS: u64 = 24;

/// Reads parts per thousand, `900` or `995.8`, and karats, `22k`, of which a part of a millionth is dropped. Refuses more
/// than three decimals rather than rounding.
impl FromStr for Fineness {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let wrong = || UnitError::FinenessText(text.chars().take(40).collect());
        let number = text.trim();
        let karats = number.strip_suffix('k').or_else(|| number.strip_suffix('K'));
        let number = karats.unwrap_or(number).trim_end();
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || 4 < whole.len() || !digits(whole) || !digits(decimals) || 3 < decimals.len() {
            return Err(wrong());
        }
        let thousandths: u64 = format!("{whole}{decimals:0<3}").parse().map_err(|_| wrong())?;
        let ppm = match karats {
            Some(_) => thousandths * 1_000 / KARATS,
            None => thousandths,
        };
        u32::try_from(ppm).ok().and_then(Self::from_ppm).ok_or_else(wrong)
    }
}

/// In parts per thousand, as the trade prints it: `995.8`.
impl fmt::Display for Fineness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (thousandths, rest) = (self.0 / 1_000, self.0 % 1_000);
        let decimals = format!("{rest:03}");
        match decimals.trim_end_matches('0') {
            "" => write!(f, "{thousandths}.0"),
            some => write!(f, "{thousandths}.{some}"),
        }
    }
}

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// An instant, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Before every instant that can be written.
    pub const MIN: Self = Self(i64::MIN);

    /// From milliseconds since the Unix epoch.
    #[must_use]
    pub const fn from_unix_ms(unix_ms: i64) -> Self {
        Self(unix_ms)
    }

    /// In milliseconds since the Unix epoch.
    #[must_use]
    pub const fn unix_ms(self) -> i64 {
        self.0
    }

    /// Later by `ms` milliseconds; saturates.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Later by `days` days of 24 hours; saturates.
    #[must_use]
    pub fn plus_days(self, days: u16) -> Self {
        self.plus_ms(i64::from(days) * DAY_MS)
    }

    /// The UTC day it falls on; saturates at the ends of [`Date`].
    #[must_use]
    pub fn date(self) -> Date {
        let days = self.0.div_euclid(DAY_MS);
        let bound = i64::from(i32::MAX);
        Date(i32::try_from(days.clamp(-bound, bound)).expect("clamped"))
    }
}

/// RFC 3339 in UTC, to the millisecond; an instant outside the years 0 to 9999 prints as its number of milliseconds.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let instant = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000);
        match instant.map(|t| t.format(&Rfc3339)) {
            Ok(Ok(text)) => f.write_str(&text),
            _ => write!(f, "{} ms", self.0),
        }
    }
}

/// Reads RFC 3339; what is finer than a millisecond is dropped.
impl FromStr for Timestamp {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let instant = OffsetDateTime::parse(text, &Rfc3339);
        let instant = instant.map_err(|_| UnitError::Time(text.chars().take(40).collect()))?;
        let ms = instant.unix_timestamp_nanos().div_euclid(1_000_000);
        Ok(Self(i64::try_from(ms).expect("a year of four digits fits")))
    }
}

/// A calendar day in UTC, in days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// `2023-05-31` for people where that day has such a name; its number of days otherwise and on the wire.
impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            let text = self.to_string();
            if text.parse() == Ok(*self) {
                return serializer.serialize_newtype_struct("Date", &text);
            }
        }
        serializer.serialize_newtype_struct("Date", &self.0)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return i32::deserialize(deserializer).map(Self);
        }
        deserializer.deserialize_any(DayOrNumber)
    }
}

/// Reads what people write for a day.
struct DayOrNumber;

impl Visitor<'_> for DayOrNumber {
    type Value = Date;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date, such as \"2023-05-31\", or a number of days since 1970-01-01")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Date, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, days: i64) -> Result<Date, E> {
        i32::try_from(days)
            .map(Date)
            .map_err(|_| E::invalid_value(de::Unexpected::Signed(days), &self))
    }

    fn visit_u64<E: de::Error>(self, days: u64) -> Result<Date, E> {
        i32::try_from(days)
            .map(Date)
            .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(days), &self))
    }
}

impl Date {
    /// From days since the Unix epoch.
    #[must_use]
    pub const fn from_unix_days(days: i32) -> Self {
        Self(days)
    }

    /// In days since the Unix epoch.
    #[must_use]
    pub const fn unix_days(self) -> i32 {
        self.0
    }

    /// Later by `days`; saturates.
    #[must_use]
    pub fn plus_days(self, days: u16) -> Self {
        Self(self.0.saturating_add(i32::from(days)))
    }

    /// How many days it lies after an earlier day; none where that is the later one.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> u32 {
        let days = i64::from(self.0) - i64::from(earlier.0);
        u32::try_from(days.max(0)).expect("two of 32 bits lie no further apart")
    }

    /// The month it lies in, in months since January 1970.
    #[must_use]
    pub fn month(self) -> i32 {
        // Days as if every year began in March, so that a leap day is its last one: 400 years have 146,097 days, and the
        // days before a month follow from its number alone (Hinnant, "chrono-compatible low-level date algorithms").
        let days = i64::from(self.0) + 719_468;
        let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let months = (era * 400 + year) * 12 + (5 * day + 2) / 153 + 2;
        i32::try_from(months - 1_970 * 12).expect("fewer months than days")
    }

    /// The instant at which it begins.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp(i64::from(self.0) * DAY_MS)
    }
}

/// `2023-05-31`; a day outside the years 0 to 9999 prints as its number of days.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let julian = time::Date::from_calendar_date(1970, Month::January, 1).expect("a day of the calendar");
        let day = julian.checked_add(time::Duration::days(i64::from(self.0)));
        match day {
            Some(d) if (0..=9999).contains(&d.year()) => {
                write!(f, "{:04}-{:02}-{:02}", d.year(), u8::from(d.month()), d.day())
            }
            _ => write!(f, "day {}", self.0),
        }
    }
}

/// Reads `2023-05-31`.
impl FromStr for Date {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let wrong = || UnitError::Date(text.chars().take(40).collect());
        // The parser takes a sign before the year, which would give a day a second spelling.
        if !text.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(wrong());
        }
        let format = time::macros::format_description!("[year]-[month]-[day]");
        let day = time::Date::parse(text, format).map_err(|_| wrong())?;
        let epoch = time::Date::from_calendar_date(1970, Month::January, 1).expect("a day of the calendar");
        Ok(Self(
            i32::try_from((day - epoch).whole_days()).expect("a year of four digits fits"),
        ))
    }
}

/// A 1-based place in the stream. Position 0 stands before the first record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StreamPosition(u64);

impl StreamPosition {
    /// Before the first record.
    pub const START: Self = Self(0);

    /// From the stream's own sequence number.
    #[must_use]
    pub const fn new(position: u64) -> Self {
        Self(position)
    }

    /// As a number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The one after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Further by `count` records.
    #[must_use]
    pub const fn plus(self, count: u64) -> Self {
        Self(self.0 + count)
    }
}

impl fmt::Display for StreamPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A value that is not of its unit.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UnitError {
    /// Not grams with at most six decimals, or above [`MASS_MAX`].
    #[error("{0:?} is not a mass: write grams with at most six decimals, such as 12.5")]
    Mass(String),
    /// Not troy ounces with at most three decimals, or above [`MASS_MAX`].
    #[error("{0:?} are no troy ounces: write them with at most three decimals, such as 401.125")]
    TroyOunces(String),
    /// Above a million parts per million.
    #[error("{0} ppm is not a fineness: it is 1,000,000 at most")]
    Fineness(u32),
    /// Neither parts per thousand nor karats, or above pure gold.
    #[error("{0:?} is not a fineness: write parts per thousand, such as 995.8, or karats, such as 22k")]
    FinenessText(String),
    /// Not RFC 3339.
    #[error("{0:?} is not a time: write 2026-05-31T12:00:00Z")]
    Time(String),
    /// Not a calendar day.
    #[error("{0:?} is not a date: write 2026-05-31")]
    Date(String),
}
