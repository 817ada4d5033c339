//! The reader's language: which one, what is said in it, and how it writes numbers, masses and dates.
//!
//! Texts are Fluent files, a directory for each language and a file for each room of the portal; numbers and dates follow CLDR.
//! A key that a language lacks is shown as the key: `tests/texts.rs` is what makes sure that there is none.

use std::borrow::Cow;
use std::sync::LazyLock;

use event::Timestamp;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::{YM, YMD, YMDT};
use icu_datetime::input::{Date, DateTime, Time};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::Locale;
use rust_embed::RustEmbed;
use serde::Serialize;

use crate::accepted::weighed;

/// A language in which every page is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Portuguese.
    Pt,
}

#[derive(RustEmbed)]
#[folder = "locales/"]
struct Files;

struct Texts {
    bundle: FluentBundle<FluentResource>,
    decimals: DecimalFormatter,
    months: DateTimeFormatter<YM>,
    days: DateTimeFormatter<YMD>,
    minutes: DateTimeFormatter<YMDT>,
}

static TEXTS: LazyLock<[Texts; 4]> = LazyLock::new(|| Language::ALL.map(Texts::of));

impl Language {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::En, Self::Es, Self::Fr, Self::Pt];

    /// Its code of ISO 639-1, which is the first segment of a page's path.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::Pt => "pt",
        }
    }

    /// Its name in itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Es => "Español",
            Self::Fr => "Français",
            Self::Pt => "Português",
        }
    }

    /// The one of this code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The one that the reader wants most, by an `Accept-Language` header (RFC 9110, section 12.5.4); English where it names none
    /// of ours.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let ranges = weighed(header).filter_map(|(tag, weight)| Some((Self::of(tag.split('-').next()?)?, weight)));
        // Of equals the first one.
        let most = ranges.reduce(|most, next| if most.1 < next.1 { next } else { most });
        most.filter(|(_, weight)| 0 < *weight)
            .map_or(Self::En, |(language, _)| language)
    }

    /// The text of this key.
    #[must_use]
    pub fn t(self, key: &str) -> String {
        self.texts().said(key, None)
    }

    /// The text of this key, with values in it.
    #[must_use]
    pub fn say(self, key: &str, values: &FluentArgs<'_>) -> String {
        self.texts().said(key, Some(values))
    }

    /// The text of this key with the names of its values in braces, for a script that fills them in.
    #[must_use]
    pub fn with_names(self, key: &str) -> String {
        let names = [
            "count",
            "created",
            "field",
            "found",
            "fraction",
            "have",
            "key",
            "kinds",
            "left",
            "line",
            "lot",
            "most",
            "number",
            "party",
            "place",
            "refused",
            "thousands",
            "total",
            "typed",
            "why",
        ];
        let values = names.map(|name| (name, FluentValue::from(format!("{{{name}}}"))));
        self.say(key, &FluentArgs::from_iter(values))
    }

    /// Whether there is a text of this key.
    #[must_use]
    pub fn has(self, key: &str) -> bool {
        self.texts().bundle.has_message(key)
    }

    /// A whole number.
    #[must_use]
    pub fn number(self, number: u64) -> String {
        self.texts().decimals.format(&Decimal::from(number)).to_string()
    }

    /// A number of `10^-places`, without trailing zeros: `decimal(12_500, 3)` is 12.5 in English and 12,5 in French.
    #[must_use]
    pub fn decimal(self, number: i64, places: i16) -> String {
        let mut decimal = Decimal::from(number);
        decimal.absolute.multiply_pow10(-places);
        decimal.absolute.trim_end();
        self.texts().decimals.format(&decimal).to_string()
    }

    /// The day of an instant, in UTC.
    #[must_use]
    pub fn day(self, instant: Timestamp) -> String {
        let text = instant.to_string();
        self.date(text.split('T').next().unwrap_or_default())
    }

    /// A day that is written `2026-01-31`; what is written otherwise stays as it is.
    #[must_use]
    pub fn date(self, day: &str) -> String {
        let date = read_day(day).and_then(|(year, month, day)| Date::try_new_iso(year, month, day).ok());
        date.map_or_else(|| day.to_owned(), |date| self.texts().days.format(&date).to_string())
    }

    /// A month that is written `2026-01`; what is written otherwise stays as it is.
    #[must_use]
    pub fn month(self, month: &str) -> String {
        let first = read_day(&format!("{month}-01"));
        let date = first.and_then(|(year, month, day)| Date::try_new_iso(year, month, day).ok());
        date.map_or_else(
            || month.to_owned(),
            |date| self.texts().months.format(&date).to_string(),
        )
    }

    /// An instant to the minute, in UTC.
    #[must_use]
    pub fn instant(self, instant: Timestamp) -> String {
        let text = instant.to_string();
        let read = |from: usize| text.get(from..from + 2)?.parse().ok();
        let time = read("2026-01-31T".len())
            .zip(read("2026-01-31T00:".len()))
            .and_then(|(hour, minute)| Time::try_new(hour, minute, 0, 0).ok());
        let date = text.get(..10).and_then(read_day);
        let date = date.and_then(|(year, month, day)| Date::try_new_iso(year, month, day).ok());
        match date.zip(time) {
            Some((date, time)) => format!("{} UTC", self.texts().minutes.format(&DateTime { date, time })),
            None => text,
        }
    }

    fn texts(self) -> &'static Texts {
        &TEXTS[self as usize]
    }
}

impl Texts {
    fn of(language: Language) -> Self {
        let code = language.code();
        let id = code.parse().expect("a code of two letters");
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Pages isolate names themselves, with <bdi>.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(number.as_string().into_owned()),
            _ => None,
        }));
        for file in Files::iter().filter(|file| file.split('/').next() == Some(code)) {
            let text = Files::get(&file).expect("it was listed").data;
            let text = String::from_utf8(text.into_owned()).expect("texts are UTF-8");
            // What cannot be read or is there twice is found by `tests/texts.rs`; the rest is said all the same.
            let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, _)| resource);
            let _there_twice = bundle.add_resource(resource);
        }
        let locale: Locale = code.parse().expect("a code of two letters");
        let decimals = DecimalFormatter::try_new(
            (&locale).into(),
            icu_decimal::options::DecimalFormatterOptions::default(),
        );
        Self {
            bundle,
            decimals: decimals.expect("its data is compiled in"),
            months: DateTimeFormatter::try_new((&locale).into(), YM::medium()).expect("its data is compiled in"),
            days: DateTimeFormatter::try_new((&locale).into(), YMD::medium()).expect("its data is compiled in"),
            minutes: DateTimeFormatter::try_new((&locale).into(), YMD::medium().with_time_hm())
                .expect("its data is compiled in"),
        }
    }

    fn said(&self, key: &str, values: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let said: Cow<'_, str> = self.bundle.format_pattern(pattern, values, &mut errors);
        said.into_owned()
    }
}

fn read_day(day: &str) -> Option<(i32, u8, u8)> {
    let mut parts = day.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_written_as_the_language_does() {
        let instant: Timestamp = "2026-01-31T16:09:35Z".parse().unwrap();
        let written = Language::ALL.map(|language| {
            [
                language.number(1_234_567),
                language.decimal(12_345_500, 3),
                language.day(instant),
                language.instant(instant),
                language.month("2026-01"),
                language.month("2026"),
            ]
        });
        let expected = [
            [
                "1,234,567",
                "12,345.5",
                "Jan 31, 2026",
                "Jan 31, 2026, 4:09\u{202f}PM UTC",
                "Jan 2026",
                "2026",
            ],
            [
                "1.234.567",
                "12.345,5",
                "31 ene 2026",
                "31 ene 2026, 16:09 UTC",
                "ene 2026",
                "2026",
            ],
            [
                "1\u{202f}234\u{202f}567",
                "12\u{202f}345,5",
                "31 janv. 2026",
                "31 janv. 2026, 16:09 UTC",
                "janv. 2026",
                "2026",
            ],
            [
                "1.234.567",
                "12.345,5",
                "31 de jan. de 2026",
                "31 de jan. de 2026, 16:09 UTC",
                "jan. de 2026",
                "2026",
            ],
        ];
        assert_eq!(written, expected);
    }

    #[track_caller]
    fn check(header: &str, expected: Language) {
        assert_eq!(Language::accepted(header), expected, "{header:?}");
    }

    #[test]
    fn the_first_language_that_the_reader_accepts_is_taken() {
        check("", Language::En);
        check("sw, fr-CD;q=0.8, en;q=0.5", Language::Fr);
        check("en;q=0.2, pt-BR;q=0.9", Language::Pt);
        check("de", Language::En);
        check("es-419,es;q=0.9", Language::Es);
        check("fr;q=0, es;q=0.001", Language::Es);
        check("fr;q=0", Language::En);
        check(&"x".repeat(100_000), Language::En);
        check("\u{e9};;;q=,", Language::En);
    }
}
