//! Facts, and the values that they can have.

use core::fmt;

use event::vocabulary::Country;
use event::{Date, Fineness};
use serde::{Serialize, Serializer};

/// One thing that is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is a fact of, such as `lot-declared` or `period`: one label can need other words there.
    pub of: String,
    /// Its name, such as `gross-mass`.
    pub label: String,
    /// What is said.
    pub value: Value,
}

/// What a fact can be. As JSON, integers that can be longer than 53 bits are text, so that no reader rounds them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Value {
    /// Nothing is said.
    Nothing,
    /// Somebody's words.
    Text {
        /// As they were written: never trusted where they are shown.
        text: String,
    },
    /// Yes or no.
    Flag {
        /// Which.
        is: bool,
    },
    /// A word of the vocabulary, and what is said with it.
    Word {
        /// Which.
        #[serde(flatten)]
        word: Word,
        /// What is said with it, such as the site where the word is `site`.
        with: Option<Box<Value>>,
    },
    /// An id.
    Id {
        /// Of what.
        kind: IdKind,
        /// Its text form.
        id: String,
    },
    /// A mass.
    Mass {
        /// What is weighed.
        of: MassOf,
        /// How much, in micrograms.
        #[serde(serialize_with = "as_text")]
        micrograms: u64,
    },
    /// A gold or silver content.
    Fineness {
        /// In parts per million.
        ppm: Fineness,
    },
    /// A share.
    Share {
        /// In parts per million.
        #[serde(serialize_with = "as_text")]
        ppm: u64,
    },
    /// A calendar day.
    Date {
        /// Which.
        date: Date,
    },
    /// An instant.
    Instant {
        /// In milliseconds since 1970-01-01T00:00:00Z.
        #[serde(serialize_with = "as_text")]
        unix_ms: i64,
    },
    /// A position of the stream.
    Position {
        /// Which, counted from 1.
        #[serde(serialize_with = "as_text")]
        position: u64,
    },
    /// A number of things, or a place among them.
    Number {
        /// Which.
        #[serde(serialize_with = "as_text")]
        number: i128,
    },
    /// The SHA-256 digest of a file.
    Digest {
        /// In hexadecimal.
        digest: String,
    },
    /// A public key.
    Key {
        /// In hexadecimal.
        key: String,
    },
    /// A country.
    Country {
        /// Its two letters.
        country: Country,
    },
    /// Several, in their order.
    List {
        /// They.
        items: Vec<Value>,
    },
    /// Facts that belong together.
    Facts {
        /// They.
        facts: Vec<Fact>,
    },
}

/// A word of the vocabulary: a variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Word {
    /// Of which enum, such as `lot-form`.
    pub of: String,
    /// Which variant, such as `dore`.
    pub word: String,
}

/// `lot-form-dore`: what the same word is called in the interfaces, where they have it.
impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.of, self.word)
    }
}

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdKind {
    /// A party.
    Party,
    /// A site.
    Site,
    /// A lot.
    Lot,
    /// An assessment.
    Assessment,
    /// A plan.
    Plan,
    /// An incident.
    Incident,
    /// A permit.
    Permit,
    /// A statement.
    Statement,
    /// A deployment.
    Deployment,
    /// A version of a catalogue.
    Catalogue,
}

/// What a mass is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MassOf {
    /// Everything on the scale.
    Gross,
    /// The gold in it.
    Fine,
    /// What its label says.
    Either,
}

fn as_text<S: Serializer>(number: &(impl fmt::Display + ?Sized), serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}
