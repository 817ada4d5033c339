//! What a statement says, as a tree of named, typed facts, in no language: whoever shows it has the words for the names, and
//! whoever is about to sign it sees all that he signs.
//!
//! # In scope
//! - [`told`]: an event as facts. Every field of it is one of them, under its own name; none is left out or summed up.
//! - [`labels()`]: every name that can occur, so that a translation can be checked for gaps.
//!
//! # Out of scope
//! - The words of a language, and how it writes numbers and dates: whoever shows the facts.
//! - What a name of somebody else's means: names of parties, questions of catalogues, files behind digests.
//!
//! # Invariants
//! - A kind, a field or a variant that is added to the vocabulary is told, and named among the labels, without a change here:
//!   both follow what `event` writes and reads.
//! - Integers stay integers with their unit; nothing is rounded.

mod labels;
mod teller;
mod value;

pub use labels::{Labels, forms, labels};
pub use value::{Fact, IdKind, MassOf, Value, Word};

use event::Event;
use serde::Serialize;

/// What a statement says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Its kind, such as `lot-declared`: a word of `event-kind`.
    pub kind: String,
    /// All that it says, in the order of the vocabulary.
    pub facts: Vec<Fact>,
}

/// All that an event says.
#[must_use]
pub fn told(event: &Event) -> Told {
    let value = event
        .serialize(teller::Teller::default())
        .expect("nothing in the vocabulary fails to be written");
    let facts = match value {
        Value::Word { with: Some(body), .. } => match *body {
            Value::Facts { facts } => facts,
            _ => unreachable!("what an event holds has fields"),
        },
        _ => unreachable!("an event is a variant that holds something"),
    };
    Told {
        kind: kebab(event.kind().name()),
        facts,
    }
}

/// `LotDeclared` and `gross_mass` as `lot-declared` and `gross-mass`.
fn kebab(name: &str) -> String {
    let mut kebab = String::with_capacity(name.len() + 4);
    for (place, character) in name.chars().enumerate() {
        if character == '_' {
            kebab.push('-');
            continue;
        }
        if character.is_ascii_uppercase() && 0 < place {
            kebab.push('-');
        }
        kebab.push(character.to_ascii_lowercase());
    }
    kebab
}
