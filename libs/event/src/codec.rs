//! Strict postcard: one byte string per value, and every length bounded before anything is allocated.

use core::fmt;
use core::marker::PhantomData;

use postcard::ser_flavors::Flavor;
use serde::de::{self, DeserializeOwned, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// Why bytes are not one value in canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// Longer than the limit for its kind.
    #[error("longer than the {max} bytes allowed")]
    TooLong {
        /// The limit in bytes.
        max: usize,
    },
    /// Cut short, of an unknown kind, or with a field outside its limits.
    #[error("cut short, of an unknown kind, or with a field outside its limits")]
    Malformed,
    /// Another byte string means the same: bytes left over, or a number written longer than needed.
    #[error("not in canonical form")]
    NotCanonical,
}

/// Decodes one value that fills `bytes` and encodes back to the very same bytes.
///
/// `postcard` alone accepts trailing bytes and overlong numbers.
pub fn decode_strict<T: Serialize + DeserializeOwned>(bytes: &[u8], max: usize) -> Result<T, DecodeError> {
    if bytes.len() > max {
        return Err(DecodeError::TooLong { max });
    }
    let (value, rest) = postcard::take_from_bytes::<T>(bytes).map_err(|_| DecodeError::Malformed)?;
    let is_same = postcard::serialize_with_flavor(&value, Same { rest: bytes }) == Ok(true);
    if !rest.is_empty() || !is_same {
        return Err(DecodeError::NotCanonical);
    }
    Ok(value)
}

/// The canonical bytes of `value`.
#[must_use]
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).expect("wire types have no maps, no unknown lengths and no failing fields")
}

/// [`encode`] for a value that takes at most `bytes`, or not much more.
pub(crate) fn encode_within<T: Serialize>(value: &T, bytes: usize) -> Vec<u8> {
    let room = Room(Vec::with_capacity(bytes));
    postcard::serialize_with_flavor(value, room).expect("as for `encode`")
}

/// Where an encoding goes whose length is known beforehand.
struct Room(Vec<u8>);

impl Flavor for Room {
    type Output = Vec<u8>;

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<Vec<u8>> {
        Ok(self.0)
    }
}

/// Where an encoding goes that is only compared: nothing is kept of it.
struct Same<'a> {
    /// What is still to come.
    rest: &'a [u8],
}

impl Flavor for Same<'_> {
    type Output = bool;

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.rest = self
            .rest
            .strip_prefix(bytes)
            .ok_or(postcard::Error::SerializeBufferFull)?;
        Ok(())
    }

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                Ok(())
            }
            _ => Err(postcard::Error::SerializeBufferFull),
        }
    }

    fn finalize(self) -> postcard::Result<bool> {
        Ok(self.rest.is_empty())
    }
}

/// A list of at most `MAX` elements. The limit holds while it is decoded: a length is never believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> List<T, MAX> {
    /// No elements.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MAX: usize> core::ops::Deref for List<T, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'a, T, const MAX: usize> IntoIterator for &'a List<T, MAX> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T, const MAX: usize> TryFrom<Vec<T>> for List<T, MAX> {
    type Error = TooMany;

    fn try_from(elements: Vec<T>) -> Result<Self, TooMany> {
        if elements.len() > MAX {
            return Err(TooMany {
                count: elements.len(),
                max: MAX,
            });
        }
        Ok(Self(elements))
    }
}

impl<T: Serialize, const MAX: usize> Serialize for List<T, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for List<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements<T, const MAX: usize>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for Elements<T, MAX> {
            type Value = List<T, MAX>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "at most {MAX} elements")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                if seq.size_hint().is_some_and(|count| count > MAX) {
                    return Err(de::Error::custom(TooMany {
                        count: seq.size_hint().unwrap_or(MAX),
                        max: MAX,
                    }));
                }
                let mut elements = Vec::new();
                while let Some(element) = seq.next_element()? {
                    if elements.len() == MAX {
                        return Err(de::Error::custom(TooMany {
                            count: MAX + 1,
                            max: MAX,
                        }));
                    }
                    elements.push(element);
                }
                Ok(List(elements))
            }
        }
        deserializer.deserialize_seq(Elements::<T, MAX>(PhantomData))
    }
}

/// More elements than a list may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{count} elements where {max} are allowed")]
pub struct TooMany {
    /// How many there were.
    pub count: usize,
    /// How many there may be.
    pub max: usize,
}

/// Text of 1 to `MAX` bytes, without control characters and without white space at either end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// Checks `text` and keeps it.
    pub fn new(text: &str) -> Result<Self, TextError> {
        if text.len() > MAX {
            return Err(TextError::TooLong { max: MAX });
        }
        if text.is_empty() || text.trim() != text {
            return Err(TextError::Blank);
        }
        if text.chars().any(char::is_control) {
            return Err(TextError::Control);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> core::str::FromStr for Text<MAX> {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        Self::new(text)
    }
}

impl<const MAX: usize> Serialize for Text<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Checked<const MAX: usize>;
        impl<const MAX: usize> Visitor<'_> for Checked<MAX> {
            type Value = Text<MAX>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "text of 1 to {MAX} bytes")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Text::new(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Checked::<MAX>)
    }
}

/// Why a text is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Longer than its field.
    #[error("longer than the {max} bytes allowed")]
    TooLong {
        /// The limit in bytes.
        max: usize,
    },
    /// Empty, or with white space at an end.
    #[error("empty, or with white space at an end")]
    Blank,
    /// A control character, such as a line break.
    #[error("holds a control character, such as a line break")]
    Control,
}
