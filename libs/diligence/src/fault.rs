//! What is wrong with a policy file, all of it, and in which line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::PolicyError;

/// Faults of one file that are told. Whoever mends so many has others to look for.
const FAULTS_MAX: usize = 32;

type Result<T> = core::result::Result<T, PolicyError>;

/// Something that is wrong with a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In which line, counted from 1; `None` where it is not about a line.
    pub line: Option<usize>,
    /// What, and what to write instead.
    pub error: PolicyError,
}

/// Faults while a file is read: reading goes on behind each.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<PolicyError>);

impl Faults {
    /// Keeps what is wrong, and goes on as if nothing stood there.
    pub(crate) fn kept<T: Default>(&mut self, read: Result<T>) -> T {
        self.kept_or(read, T::default())
    }

    /// Keeps what is wrong, and goes on with something else.
    pub(crate) fn kept_or<T>(&mut self, read: Result<T>, otherwise: T) -> T {
        read.unwrap_or_else(|error| {
            self.0.push(error);
            otherwise
        })
    }

    /// What was wrong in this text, in the order in which it was found.
    pub(crate) fn placed(self, text: &str) -> Vec<Fault> {
        let (root, _) = DeTable::parse_recoverable(text);
        let root = root.into_inner();
        let placed = |error: PolicyError| Fault {
            line: error.place().and_then(|place| place.line(text, &root)),
            error,
        };
        self.0.into_iter().take(FAULTS_MAX).map(placed).collect()
    }
}

/// What is wrong with the form of a text: everything that is not TOML, or else the first key that means nothing.
pub(crate) fn of_form(text: &str, error: &toml::de::Error) -> Vec<Fault> {
    let fault = |error: &toml::de::Error| Fault {
        line: error.span().map(|span| line(text, span.start)),
        error: PolicyError::Malformed(error.to_string()),
    };
    let (_, mut errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return vec![fault(error)];
    }
    errors.truncate(FAULTS_MAX);
    for error in &mut errors {
        error.set_input(Some(text));
    }
    errors.iter().map(fault).collect()
}

/// Where in a file something is wrong.
struct Place {
    /// Under which key.
    field: &'static str,
    /// What stands there, where that is what is wrong.
    found: Option<String>,
    /// Whether it is wrong where it stands for the last time, and not for the first.
    is_last: bool,
}

impl PolicyError {
    fn place(&self) -> Option<Place> {
        let (field, found, is_last) = match self {
            Self::TooLong | Self::Malformed(_) => return None,
            Self::VersionUnknown(_) => ("version", None, false),
            Self::Nameless => ("name", None, false),
            Self::ShareTooLarge(_) => ("ignore_below_ppm", None, false),
            Self::WordUnknown { field, found, .. }
            | Self::SlugMalformed { field, found }
            | Self::CountryMalformed { field, found } => (*field, Some(found.clone()), false),
            Self::Repeated { field, found } => (*field, Some(found.clone()), true),
            Self::Empty(field) | Self::WithoutModules(field) | Self::AsksNothing(field) => (*field, None, false),
            Self::CountryTwice(country) => ("countries", Some(country.to_string()), true),
            Self::ModuleUnknown(number) => ("modules.met", Some(number.to_string()), false),
            Self::FlagTwice(name) => ("flags", Some(name.clone()), true),
        };
        Some(Place { field, found, is_last })
    }
}

impl Place {
    fn line(&self, text: &str, root: &DeTable<'_>) -> Option<usize> {
        let mut path = self.field.split('.');
        let first = root.get(path.next()?)?;
        let rest: Vec<_> = path.collect();
        let mut under = Vec::new();
        beneath(first, &rest, &mut under);
        let meant = self.found.as_deref().and_then(|found| {
            let mut starts = Vec::new();
            for value in &under {
                places_of(value, found, &mut starts);
            }
            starts.sort_unstable();
            if self.is_last {
                starts.pop()
            } else {
                starts.first().copied()
            }
        });
        let start = meant.or_else(|| Some(under.first()?.span().start));
        Some(line(text, start.unwrap_or(first.span().start)))
    }
}

/// What stands under a key, in every table where several have it.
fn beneath<'a>(value: &'a Spanned<DeValue<'a>>, path: &[&str], into: &mut Vec<&'a Spanned<DeValue<'a>>>) {
    let Some((first, rest)) = path.split_first() else {
        into.push(value);
        return;
    };
    match value.get_ref() {
        DeValue::Table(table) => {
            if let Some(value) = table.get(*first) {
                beneath(value, rest, into);
            }
        }
        DeValue::Array(tables) => {
            for table in tables {
                beneath(table, path, into);
            }
        }
        _ => {}
    }
}

/// Where a word or a number stands in a value, however deep.
fn places_of(value: &Spanned<DeValue<'_>>, found: &str, into: &mut Vec<usize>) {
    match value.get_ref() {
        DeValue::Table(table) => table.iter().for_each(|(_, value)| places_of(value, found, into)),
        DeValue::Array(values) => values.iter().for_each(|value| places_of(value, found, into)),
        DeValue::String(text) if text == found => into.push(value.span().start),
        DeValue::Integer(number) if number.as_str() == found => into.push(value.span().start),
        _ => {}
    }
}

fn line(text: &str, start: usize) -> usize {
    1 + text.bytes().take(start).filter(|byte| *byte == b'\n').count()
}
