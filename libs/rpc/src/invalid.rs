//! Why a message means nothing: it names the field.

use core::str::FromStr;

use event::codec::TextError;
use event::id::IdError;
use event::key::HexError;
use event::request::RequestError;
use event::units::UnitError;
use event::vocabulary::{CountryError, SlugError};
use thiserror::Error;

use crate::limits::PAGE_SIZE_MAX;

/// A message of the right form whose content means nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidMessage {
    /// A field that must be set is not.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A field holds something else than it should.
    #[error("`{field}`: {why}")]
    Field {
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        why: FieldError,
    },
    /// A page of more rows than a page may have.
    #[error("`page_size` is {asked}, and a page has {PAGE_SIZE_MAX} rows at most: ask for fewer, and for more pages")]
    PageSize {
        /// How many were asked for.
        asked: u32,
    },
    /// Not a token that an answer gave.
    #[error("`page_token` is not the `next_page_token` of an answer: send it back unchanged, or leave it empty")]
    PageToken,
    /// A token of a list that is true of another position than the one asked for.
    #[error(
        "`page_token` continues a list as of position {token}, and `as_of_position` is {asked}: leave everything but the token as it was"
    )]
    OtherPosition {
        /// The token's position.
        token: u64,
        /// The request's.
        asked: u64,
    },
    /// A position or index that no stream reaches.
    #[error("`{field}` is {asked}, which no stream reaches: the highest is 9223372036854775807")]
    BeyondAnyStream {
        /// Which field.
        field: &'static str,
        /// What it was.
        asked: u64,
    },
    /// Trees shrink.
    #[error("`old_tree_size` is {old} and `new_tree_size` {new}: the old tree is the smaller one")]
    TreesReversed {
        /// The old size.
        old: u64,
        /// The new size.
        new: u64,
    },
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FieldError {
    /// Not an id of its kind.
    #[error(transparent)]
    Id(#[from] IdError),
    /// Not 32 bytes in hexadecimal.
    #[error(transparent)]
    Hex(#[from] HexError),
    /// Not a text a statement could hold.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Not a name for machines.
    #[error(transparent)]
    Slug(#[from] SlugError),
    /// Not a country code.
    #[error(transparent)]
    Country(#[from] CountryError),
    /// Not in its unit.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// Unspecified, or of a later version of this software.
    #[error("not a value this software knows: update, or leave it to its default")]
    Unknown,
    /// Not a signed request.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// Not a hash.
    #[error("a hash has 32 bytes")]
    Hash,
    /// More of them than there can be.
    #[error("more than the {max} there can be")]
    TooMany {
        /// How many there can be.
        max: usize,
    },
}

impl InvalidMessage {
    /// The field at fault.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Missing(field) | Self::Field { field, .. } | Self::BeyondAnyStream { field, .. } => field,
            Self::PageSize { .. } => "page_size",
            Self::PageToken | Self::OtherPosition { .. } => "page_token",
            Self::TreesReversed { .. } => "old_tree_size",
        }
    }

    /// `field` is wrong in this way.
    pub(crate) fn at(field: &'static str) -> impl Fn(FieldError) -> Self {
        move |why| Self::Field { field, why }
    }
}

/// Reads a field that must be set.
pub(crate) fn required<T>(field: &'static str, text: &str) -> Result<T, InvalidMessage>
where
    T: FromStr,
    FieldError: From<T::Err>,
{
    optional(field, text)?.ok_or(InvalidMessage::Missing(field))
}

/// Reads a field that may be empty.
pub(crate) fn optional<T>(field: &'static str, text: &str) -> Result<Option<T>, InvalidMessage>
where
    T: FromStr,
    FieldError: From<T::Err>,
{
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|error| InvalidMessage::at(field)(FieldError::from(error)))
}

/// Maps an enum of the vocabulary to its twin on the wire, variant by variant, and back.
macro_rules! twins {
    ($($domain:ty => $wire:ident, $field:literal { $($variant:ident)* })*) => {$(
        impl From<$domain> for $wire {
            fn from(value: $domain) -> Self {
                match value {
                    $(<$domain>::$variant => Self::$variant,)*
                }
            }
        }

        impl TryFrom<$wire> for $domain {
            type Error = $crate::invalid::InvalidMessage;

            fn try_from(value: $wire) -> Result<Self, Self::Error> {
                match value {
                    $wire::Unspecified => Err($crate::invalid::InvalidMessage::Missing($field)),
                    $($wire::$variant => Ok(Self::$variant),)*
                }
            }
        }
    )*};
}
pub(crate) use twins;
