//! Reasons and faults in the reader's language.

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;
use diligence::{Fault, PolicyError, Value};
use fluent_bundle::{FluentArgs, FluentValue};

use super::view::Reason;
use crate::shell::{Shell, word_key};

/// A sentence in which names and words of others are kept apart from what is said about them.
#[derive(Debug, Template)]
#[template(
    source = "{% for piece in pieces %}{% if piece.is_anothers %}<bdi>{{ piece.text }}</bdi>{% else %}{{ piece.text }}{% endif %}{% endfor %}",
    ext = "html"
)]
pub(super) struct Sentence {
    pieces: Vec<Piece>,
}

#[derive(Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    is_anothers: bool,
}

impl HtmlSafe for Sentence {}

/// Stands in a text for a name until the text is cut there. No text of ours has it, and none of others becomes part of one.
const MARK: char = '\u{1}';

/// What is set into a text.
enum Set {
    /// As it is.
    Own(String),
    /// A number, which chooses the plural.
    Number(u64),
    /// The words of somebody else.
    Anothers(String),
}

/// Why, in words.
pub(super) fn sentence(s: &Shell, reason: &Reason) -> Sentence {
    let values = reason.said.values();
    let values = values.into_iter().map(|(name, value)| (name, set(s, name, value)));
    said(s, &format!("reason-{}", reason.said.name()), values.collect())
}

/// What is wrong with a policy and what to write, in words.
pub(super) fn fault(s: &Shell, error: &PolicyError) -> Sentence {
    use PolicyError as Why;
    let own = |text: &dyn ToString| Set::Own(text.to_string());
    let found = |field: &&str, found: &dyn ToString| {
        let found = Set::Anothers(found.to_string());
        vec![("field", Set::Own((*field).to_owned())), ("found", found)]
    };
    let (name, values) = match error {
        Why::TooLong => ("too-long", vec![("bytes", own(&s.number(diligence::POLICY_BYTES_MAX)))]),
        Why::Malformed(_) => ("malformed", Vec::new()),
        Why::VersionUnknown(version) => (
            "version",
            vec![("found", own(version)), ("known", own(&diligence::VERSION))],
        ),
        Why::Nameless => ("nameless", Vec::new()),
        Why::WordUnknown {
            field,
            found: word,
            known,
        } => {
            let mut values = found(field, word);
            values.push(("known", own(known)));
            ("word", values)
        }
        Why::Empty(field) => ("empty", vec![("field", own(field))]),
        Why::Repeated { field, found: twice } => ("repeated", found(field, twice)),
        Why::SlugMalformed { field, found: slug } => ("slug", found(field, slug)),
        Why::CountryMalformed { field, found: country } => ("country", found(field, country)),
        Why::CountryTwice(country) => ("country-twice", vec![("found", own(country))]),
        Why::ModuleUnknown(module) => ("module", vec![("found", own(module))]),
        Why::WithoutModules(field) => ("without-modules", vec![("field", own(field))]),
        Why::FlagTwice(flag) => ("flag-twice", vec![("found", own(flag))]),
        Why::ShareTooLarge(share) => ("share", vec![("found", own(share))]),
        Why::AsksNothing(field) => ("asks-nothing", vec![("field", own(field))]),
    };
    said(s, &format!("policy-fault-{name}"), values)
}

/// What a parser says, which speaks English.
pub(super) fn parsed(fault: &Fault) -> Option<&str> {
    match &fault.error {
        PolicyError::Malformed(said) => Some(said.trim_end()),
        _ => None,
    }
}

fn set(s: &Shell, name: &str, value: Value) -> Set {
    match value {
        Value::Text(text) => Set::Anothers(text),
        Value::Number(number) => Set::Number(number),
        Value::Ppm(ppm) => Set::Own(s.percent(ppm)),
        Value::Day(day) => Set::Own(s.date(&day.to_string())),
        Value::Words { of, words } => {
            let words = words.iter().map(|word| s.t(&word_key(&format!("{of}-{word}"))));
            Set::Own(listed(words))
        }
        Value::Slugs(slugs) => Set::Own(listed(slugs.iter().map(|slug| match name {
            "flag" => s.flag(slug.as_str()),
            "document" => s.t(&format!("document-{slug}")),
            _ => slug.to_string(),
        }))),
        Value::Countries(countries) => Set::Own(listed(countries.iter().map(ToString::to_string))),
    }
}

fn listed(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

fn said(s: &Shell, key: &str, values: Vec<(&'static str, Set)>) -> Sentence {
    let mut anothers = Vec::new();
    let mut arguments = FluentArgs::new();
    for (name, value) in values {
        let value = match value {
            Set::Own(text) => FluentValue::String(Cow::Owned(text)),
            Set::Number(number) => FluentValue::from(number),
            Set::Anothers(text) => {
                anothers.push(text);
                FluentValue::String(Cow::Owned(format!("{MARK}{}{MARK}", anothers.len() - 1)))
            }
        };
        arguments.set(name, value);
    }
    let text = s.language.say(key, &arguments);
    // Between every two marks stands the number of what belongs there.
    let cut = text.split(MARK).enumerate().map(|(place, text)| {
        let is_anothers = place % 2 == 1;
        let put = text.parse::<usize>().ok().and_then(|number| anothers.get(number));
        let text = put.filter(|_| is_anothers).map_or(text, String::as_str);
        Piece {
            text: text.to_owned(),
            is_anothers,
        }
    });
    Sentence {
        pieces: cut.filter(|piece| !piece.text.is_empty()).collect(),
    }
}
