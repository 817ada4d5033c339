//! What every page can be asked: as of when; and the queries of links, which ask it again.

use std::fmt;
use std::str::FromStr;

use event::Timestamp;
use form_urlencoded::{Serializer, parse};

use crate::trouble::{Takes, Trouble};

/// The parameter that says as of when.
pub const AT: &str = "at";

/// The parameter that says where a page of a list begins.
pub const PAGE: &str = "page";

/// The parameters of a program that say where a part of a list begins, and how many it holds at most.
pub const CURSOR: &str = "cursor";
/// See [`CURSOR`].
pub const LIMIT: &str = "limit";

/// Of a list, at most so many at once; a program that does not say gets [`LIMIT_DEFAULT`]. Of organizations each is asked where it
/// digs, and a page has 25 of them.
pub const LIMIT_MAX: u32 = 100;
/// See [`LIMIT_MAX`].
pub const LIMIT_DEFAULT: u32 = 25;

/// Parameters of one address that are read; the form with the most has some 20.
const PARAMETERS_MAX: usize = 64;

/// The last millisecond of a day.
const DAY_END_MS: i64 = 24 * 60 * 60 * 1_000 - 1;

/// As of when a page is asked for: `at=2026-01-31` (the end of that day, UTC), `at=2026-01-31T12:00:00Z`, or `at=1204`, a
/// position of the stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AsOf {
    /// The present.
    #[default]
    Present,
    /// A position of the stream.
    Position(u64),
    /// An instant, in milliseconds since 1970.
    Instant(i64),
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// What the part before said where the next one begins; empty for the first.
    pub token: String,
    /// So many at most.
    pub at_most: u32,
}

impl Slice {
    /// The first so many.
    #[must_use]
    pub const fn first(at_most: u32) -> Self {
        let token = String::new();
        Self { token, at_most }
    }

    /// The part that a page of so many shows.
    #[must_use]
    pub fn of_page(query: &Query, at_most: u32) -> Self {
        Self {
            token: query.get(PAGE).unwrap_or_default().to_owned(),
            at_most,
        }
    }

    /// The part that a program asks for.
    pub fn of_program(query: &Query) -> Result<Self, Trouble> {
        let at_most = match query.get(LIMIT) {
            None => LIMIT_DEFAULT,
            Some(limit) => {
                let read = limit.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
                read.ok_or_else(|| {
                    Trouble::unmeant(LIMIT, Takes::Number, format!("is a number from 1 to {LIMIT_MAX}"))
                })?
            }
        };
        Ok(Self {
            token: query.get(CURSOR).unwrap_or_default().to_owned(),
            at_most,
        })
    }
}

/// Reads an id of a path; what is none names nothing that there is.
pub fn id<I: FromStr<Err: fmt::Display>>(text: &str) -> Result<I, Trouble> {
    text.parse()
        .map_err(|error| Trouble::NotFound(format!("this is no id: {error}")))
}

/// The parameters of an address, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl AsOf {
    /// From the text of the parameter; `None` where it means nothing.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Some(Self::Present);
        }
        if let Ok(position) = text.parse() {
            return (0 < position && position <= rpc::read::POSITION_MAX).then_some(Self::Position(position));
        }
        if let Ok(day) = format!("{text}T00:00:00Z").parse::<Timestamp>() {
            return Some(Self::Instant(day.unix_ms() + DAY_END_MS));
        }
        let instant: Timestamp = text.parse().ok()?;
        Some(Self::Instant(instant.unix_ms()))
    }

    /// For `as_of_position` of a request.
    #[must_use]
    pub const fn position(self) -> u64 {
        match self {
            Self::Position(position) => position,
            _ => 0,
        }
    }

    /// For `as_of_unix_ms` of a request.
    #[must_use]
    pub const fn unix_ms(self) -> i64 {
        match self {
            Self::Instant(unix_ms) => unix_ms,
            _ => 0,
        }
    }
}

impl Query {
    /// From the part of an address behind `?`; what is too much is left out.
    #[must_use]
    pub fn read(query: &str) -> Self {
        let pairs = parse(query.as_bytes()).filter(|(_, value)| !value.is_empty());
        Self(
            pairs
                .take(PARAMETERS_MAX)
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }

    /// The value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|pair| pair.0 == name).map(|pair| pair.1.as_str())
    }

    /// Every value of a parameter that may be there several times.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.0.iter().filter(move |pair| pair.0 == name);
        named.map(|pair| pair.1.as_str())
    }

    /// Whether a parameter has this value.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|given| given == value)
    }

    /// Every parameter but these.
    pub fn without(&self, names: &[&str]) -> impl Iterator<Item = (&str, &str)> {
        let others = self.0.iter().filter(move |pair| !names.contains(&pair.0.as_str()));
        others.map(|pair| (pair.0.as_str(), pair.1.as_str()))
    }

    /// With one parameter set to another value; without it where the value is empty.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut pairs: Vec<_> = self.0.iter().filter(|pair| pair.0 != name).cloned().collect();
        if !value.is_empty() {
            pairs.push((name.to_owned(), value.to_owned()));
        }
        Self(pairs)
    }

    /// `?…`, or nothing where there is nothing to ask.
    #[must_use]
    pub fn text(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let mut text = Serializer::new("?".to_owned());
        // The serializer sets `&` between pairs only where it has written one itself.
        text = Serializer::for_suffix(text.finish(), 1);
        text.extend_pairs(&self.0).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<AsOf>) {
        assert_eq!(AsOf::read(text), expected, "{text:?}");
    }

    #[test]
    fn as_of_is_a_day_an_instant_or_a_position() {
        check("", Some(AsOf::Present));
        check("1204", Some(AsOf::Position(1204)));
        check("2026-01-31", Some(AsOf::Instant(1_769_903_999_999)));
        check("2026-01-31T12:00:00Z", Some(AsOf::Instant(1_769_860_800_000)));
        for nonsense in [
            "0",
            "-1",
            "18446744073709551615",
            "2026-02-30",
            "yesterday",
            "2026-01-31T25:00:00Z",
            "\u{0}",
        ] {
            check(nonsense, None);
        }
    }

    #[test]
    fn a_query_is_written_as_it_is_read() {
        let query = Query::read("country=CD&q=a%26b+c&empty=&at=1204");
        assert_eq!(query.text(), "?country=CD&q=a%26b+c&at=1204");
        assert_eq!(query.get("q"), Some("a&b c"));
        let several = Query::read("standing=candidate&standing=affiliate");
        assert!(several.has("standing", "affiliate") && !several.has("standing", "lapsed"));
        assert_eq!(several.all("standing").collect::<Vec<_>>(), ["candidate", "affiliate"]);
        assert_eq!(query.with(AT, "").text(), "?country=CD&q=a%26b+c");
        assert_eq!(query.with("country", "CO").text(), "?q=a%26b+c&at=1204&country=CO");
        assert_eq!(Query::read("").text(), "");
        assert_eq!(Query::read(&"a=b&".repeat(10_000)).0.len(), PARAMETERS_MAX);
    }
}
