//! What statements of every topic are made of: texts, names for machines, references, subjects, periods.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use crate::codec::{List, Text};
use crate::id::{PartyId, SiteId};
use crate::key::Digest;
use crate::units::Date;

/// The longest text in a statement, in bytes.
pub const TEXT_BYTES_MAX: usize = 256;
/// The longest slug, reference or seal number, in bytes.
pub const SHORT_TEXT_BYTES_MAX: usize = 64;
/// Evidence digests under one finding, report or note.
pub const EVIDENCE_MAX: usize = 16;

/// A name, a reason, the source's words.
pub type Line = Text<TEXT_BYTES_MAX>;
/// A reference number of somebody else's register, a seal number.
pub type ShortText = Text<SHORT_TEXT_BYTES_MAX>;
/// SHA-256 digests of files that support what is said; the files themselves never enter the stream.
pub type Evidence = List<Digest, EVIDENCE_MAX>;

/// A country by its two letters in ISO 3166-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// No country, or none that is known: one of the codes that ISO 3166 leaves to its users.
    pub const NONE: Self = Self(*b"ZZ");

    /// The country, where there is one.
    #[must_use]
    pub fn known(self) -> Option<Self> {
        (self != Self::NONE).then_some(self)
    }
}

impl FromStr for Country {
    type Err = CountryError;

    fn from_str(text: &str) -> Result<Self, CountryError> {
        let letters: [u8; 2] = text.as_bytes().try_into().map_err(|_| CountryError)?;
        if !letters.iter().all(u8::is_ascii_uppercase) {
            return Err(CountryError);
        }
        Ok(Self(letters))
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", char::from(self.0[0]), char::from(self.0[1]))
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct("Country", &self.to_string())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename = "Country")]
        struct Letters(ShortText);
        let Letters(text) = Letters::deserialize(deserializer)?;
        text.as_str().parse().map_err(de::Error::custom)
    }
}

/// A text that is no country code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a country: write its two capital letters, such as CD")]
pub struct CountryError;

/// A name for machines: lower-case letters, digits, `.`, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Slug(ShortText);

impl Slug {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, SlugError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b);
        if !text.bytes().all(allowed) {
            return Err(SlugError);
        }
        ShortText::new(text).map(Self).map_err(|_| SlugError)
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = ShortText::deserialize(deserializer)?;
        text.as_str().parse().map_err(de::Error::custom)
    }
}

/// A text that is no slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a slug: 1 to {SHORT_TEXT_BYTES_MAX} lower-case letters, digits, `.`, `-` or `_`")]
pub struct SlugError;

/// A number in somebody else's register: unique for ever within its source and kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Whose register, such as `ipis`.
    pub source: Slug,
    /// The number there.
    pub value: ShortText,
}

/// Whom or what an assessment is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Subject {
    /// An organization.
    Party(PartyId),
    /// A site.
    Site(SiteId),
}

/// From one day to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}
