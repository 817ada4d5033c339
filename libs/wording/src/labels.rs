//! Every name that can occur, as the vocabulary's own decoders ask for it.

use std::collections::{BTreeMap, BTreeSet};

use event::Event;
use event::vocabulary::EventKind;
use serde::de::value::Error;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, SeqAccess, VariantAccess,
    Visitor,
};

use crate::kebab;
use crate::teller::fields_of;
use crate::value::Word;
use crate::{Told, told};

/// Every name that can occur in what is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Every label, after what it is a label of: `("lot-declared", "gross-mass")`.
    pub facts: BTreeSet<(String, String)>,
    /// Every word; those of `event-kind` are the kinds of statements.
    pub words: BTreeSet<Word>,
}

/// Every name that can occur.
#[must_use]
pub fn labels() -> Labels {
    traced(drop)
}

/// Every kind of statement, in forms that together have every field and every variant, each text and list with something in
/// it. They mean nothing: whoever shows statements shows with them that he can show all.
#[must_use]
pub fn forms() -> Vec<Told> {
    let mut forms = Vec::new();
    traced(|event| forms.push(told(&event)));
    forms
}

/// Reads every kind of event in every form; `see` is shown each.
fn traced(mut see: impl FnMut(Event)) -> Labels {
    let mut trace = Trace::default();
    for kind in EventKind::ALL {
        trace.word("EventKind", kind.name());
    }
    for (variant, _) in (0..).zip(EventKind::ALL) {
        trace.event = variant;
        loop {
            trace.is_new = false;
            let read = Event::deserialize(&mut trace);
            see(read.expect("the decoders of the vocabulary take what is made for them"));
            if !trace.is_new {
                break;
            }
        }
    }
    trace.labels
}

/// Hands a decoder whatever it asks for, and writes down the names it asks by. Of an enum it is another variant each time,
/// until each was read once.
#[derive(Default)]
struct Trace {
    labels: Labels,
    /// Which event is read.
    event: u32,
    /// How many variants of each other enum were read.
    read: BTreeMap<&'static str, u32>,
    /// Whether this time a variant was read that was not before.
    is_new: bool,
    /// The type that asks next, where it has a name.
    name: &'static str,
}

impl Trace {
    fn word(&mut self, of: &str, variant: &str) {
        let (of, word) = (kebab(of), kebab(variant));
        self.labels.words.insert(Word { of, word });
    }

    fn fields(&mut self, of: &str, fields: &[&str]) {
        let named = fields.iter().map(|field| (of.to_owned(), kebab(field)));
        self.labels.facts.extend(named);
    }

    /// Which variant is read.
    fn variant(&mut self, of: &'static str, variants: &[&str]) -> u32 {
        if of == "Event" {
            return self.event;
        }
        let read = self.read.entry(of).or_default();
        if usize::try_from(*read).is_ok_and(|read| read < variants.len()) {
            *read += 1;
            self.is_new = true;
            return *read - 1;
        }
        0
    }
}

macro_rules! zeros {
    ($($method:ident, $visit:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(0)
        }
    )*};
}

impl<'de> Deserializer<'de> for &mut Trace {
    type Error = Error;

    zeros! {
        deserialize_i8, visit_i8;
        deserialize_i16, visit_i16;
        deserialize_i32, visit_i32;
        deserialize_i64, visit_i64;
        deserialize_u8, visit_u8;
        deserialize_u16, visit_u16;
        deserialize_u32, visit_u32;
        deserialize_u64, visit_u64;
    }

    serde::forward_to_deserialize_any! {
        f32 f64 char bytes byte_buf unit unit_struct map identifier ignored_any i128 u128
    }

    /// What the vocabulary does not have.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let expected: &dyn serde::de::Expected = &visitor;
        Err(Error::custom(format_args!(
            "{expected} is nothing that a statement says"
        )))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(false)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(if self.name == "Country" { "CD" } else { "cd" })
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.name = name;
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_tuple(1, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, rest: usize, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Items { trace: self, rest })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        rest: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_tuple(rest, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.fields(&kebab(name), fields);
        self.deserialize_tuple(fields.len(), visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        of: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if of != "Event" {
            for variant in variants {
                self.word(of, variant);
            }
        }
        let place = self.variant(of, variants);
        let name = usize::try_from(place).ok().and_then(|place| variants.get(place));
        let name = name.copied().unwrap_or_default();
        visitor.visit_enum(Variant {
            trace: self,
            of,
            place,
            name,
        })
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// So many values in a row.
struct Items<'a> {
    trace: &'a mut Trace,
    rest: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(rest) = self.rest.checked_sub(1) else {
            return Ok(None);
        };
        self.rest = rest;
        self.trace.name = "";
        seed.deserialize(&mut *self.trace).map(Some)
    }
}

/// One variant of an enum.
struct Variant<'a> {
    trace: &'a mut Trace,
    of: &'static str,
    place: u32,
    name: &'static str,
}

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = Error;
    type Variant = Variant<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Variant<'a>), Error> {
        let place: serde::de::value::U32Deserializer<Error> = self.place.into_deserializer();
        Ok((seed.deserialize(place)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        self.trace.name = "";
        seed.deserialize(self.trace)
    }

    fn tuple_variant<V: Visitor<'de>>(self, rest: usize, visitor: V) -> Result<V::Value, Error> {
        self.trace.deserialize_tuple(rest, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.trace.fields(&fields_of(self.of, self.name), fields);
        self.trace.deserialize_tuple(fields.len(), visitor)
    }
}
