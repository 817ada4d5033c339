//! Ids of 16 bytes, derived from the statement that created them, and their text with a check character.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::statement::StatementId;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 128 bits in Crockford base32.
const DIGITS: usize = 26;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $prefix:literal, $seed:literal, $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// What the text form starts with.
            pub const PREFIX: &'static str = $prefix;

            const FORM: Form = Form { prefix: $prefix, seed: $seed };

            /// The `index`-th id of this kind that `statement` creates:
            #[doc = concat!("the first 16 bytes of `SHA-256(\"veta/", $kind, "-id/v1\\n\" || statement id || u32be index)`.")]
            #[must_use]
            pub fn derive(statement: StatementId, index: u32) -> Self {
                Self(derive(concat!("veta/", $kind, "-id/v1\n"), statement, index))
            }

            /// From its bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// Its bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&text(Self::FORM, self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse(Self::FORM, text).map(Self)
            }
        }

        /// Text for people, 16 bytes on the wire; under its name, which no byte tells.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    return serializer.serialize_newtype_struct(stringify!($name), &self.to_string());
                }
                serializer.serialize_newtype_struct(stringify!($name), &self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                    return text.parse().map_err(de::Error::custom);
                }
                <[u8; 16]>::deserialize(deserializer).map(Self)
            }
        }
    )*};
}

/// How the text of one kind of id is made.
#[derive(Clone, Copy)]
struct Form {
    prefix: &'static str,
    /// Where the check character starts from, 1 to 31 and another for each kind: a site's digits are no lot's.
    seed: u8,
}

ids! {
    /// An enrolled party.
    PartyId, "org", 1, "party";
    /// A registered site.
    SiteId, "site", 2, "site";
    /// A lot.
    LotId, "lot", 3, "lot";
    /// A submitted assessment.
    AssessmentId, "assessment", 4, "assessment";
    /// An adopted plan.
    PlanId, "plan", 5, "plan";
    /// A reported incident.
    IncidentId, "incident", 6, "incident";
    /// A recorded permit.
    PermitId, "permit", 7, "permit";
}

impl PartyId {
    /// In whose name the founding statement speaks: the party it founds has no id before it.
    pub const FOUNDER: Self = Self([0; 16]);
}

fn derive(domain: &str, statement: StatementId, index: u32) -> [u8; 16] {
    let digest = Sha256::new()
        .chain_update(domain)
        .chain_update(statement.as_bytes())
        .chain_update(index.to_be_bytes())
        .finalize();
    digest[..16].try_into().expect("16 of 32 bytes")
}

/// `<prefix>-<26 digits><check character>`.
fn text(form: Form, bytes: [u8; 16]) -> String {
    let digits = digits(u128::from_be_bytes(bytes));
    let mut text = String::with_capacity(form.prefix.len() + DIGITS + 2);
    text.push_str(form.prefix);
    text.push('-');
    text.extend(digits.iter().map(|d| char::from(ALPHABET[usize::from(*d)])));
    text.push(char::from(ALPHABET[usize::from(check(form.seed, &digits))]));
    text
}

fn digits(mut value: u128) -> [u8; DIGITS] {
    let mut digits = [0; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = u8::try_from(value & 31).expect("five bits");
        value >>= 5;
    }
    digits
}

/// The check digit over GF(32): Σ αⁱ·dᵢ with α primitive, so that every single wrong digit and every
/// exchange of two digits, the check digit included, changes it.
fn check(seed: u8, digits: &[u8; DIGITS]) -> u8 {
    digits.iter().fold(seed, |sum, digit| times_alpha(sum ^ digit))
}

/// Multiplies by α in GF(2)[x] / (x⁵ + x² + 1).
fn times_alpha(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 32 == 0 {
        shifted
    } else {
        shifted ^ 0b10_0101
    }
}

/// Reads what [`text`] writes, in either case, and `i l o` for `1 1 0` as Crockford's base32 does.
fn parse(form: Form, text: &str) -> Result<[u8; 16], IdError> {
    let prefix = form.prefix;
    let (found, rest) = text.split_once('-').ok_or(IdError::Prefix { expected: prefix })?;
    if !found.eq_ignore_ascii_case(prefix) {
        return Err(IdError::Prefix { expected: prefix });
    }
    if rest.len() != DIGITS + 1 || !rest.is_ascii() {
        return Err(IdError::Length { prefix });
    }
    let mut values = [0; DIGITS + 1];
    for (value, byte) in values.iter_mut().zip(rest.bytes()) {
        *value = digit(byte).ok_or(IdError::Character(char::from(byte)))?;
    }
    let (digits, last) = values.split_at(DIGITS);
    let digits: [u8; DIGITS] = digits.try_into().expect("split there");
    if digits[0] > 7 || check(form.seed, &digits) != last[0] {
        return Err(IdError::Check { prefix });
    }
    let value = digits.iter().fold(0_u128, |sum, d| (sum << 5) | u128::from(*d));
    Ok(value.to_be_bytes())
}

fn digit(byte: u8) -> Option<u8> {
    let byte = match byte.to_ascii_lowercase() {
        b'o' => b'0',
        b'i' | b'l' => b'1',
        other => other,
    };
    let place = ALPHABET.iter().position(|a| *a == byte)?;
    u8::try_from(place).ok()
}

/// A text that is no id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum IdError {
    /// Another kind of id, or none.
    #[error("not an id of this kind: it starts with `{expected}-`")]
    Prefix {
        /// What it should start with.
        expected: &'static str,
    },
    /// Not 27 characters after the prefix.
    #[error("a {prefix} id has {} characters after `{prefix}-`", DIGITS + 1)]
    Length {
        /// The kind's prefix.
        prefix: &'static str,
    },
    /// Not in Crockford's alphabet.
    #[error("{0:?} does not stand in an id")]
    Character(char),
    /// The check character is another: the id was mistyped.
    #[error("mistyped {prefix} id: its check character does not fit")]
    Check {
        /// The kind's prefix.
        prefix: &'static str,
    },
}
