//! Writes the vocabulary as facts: a serializer that keeps the names which bytes and JSON leave out.

use event::{Date, Fineness};
use serde::ser::{
    Error, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use thiserror::Error as ThisError;

use crate::kebab;
use crate::value::{Fact, IdKind, MassOf, Value, Word};

/// Tells one value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Teller {
    /// The label that it stands under, which tells gross from fine and a share from a number.
    under: String,
}

/// A value that refused to be written.
#[derive(Debug, ThisError)]
#[error("{0}")]
pub(crate) struct Untold(String);

impl Error for Untold {
    fn custom<T: core::fmt::Display>(why: T) -> Self {
        Self(why.to_string())
    }
}

impl Teller {
    fn under(label: &str) -> Self {
        Self {
            under: label.to_owned(),
        }
    }

    fn says(&self, word: &str) -> bool {
        self.under.split('-').any(|part| part == word)
    }

    fn number(&self, number: i128) -> Value {
        match u64::try_from(number) {
            Ok(ppm) if self.says("ppm") => Value::Share { ppm },
            _ => Value::Number { number },
        }
    }

    /// A value of a type that is named; of one that is not known here, the value that it holds.
    fn named(&self, name: &str, held: Value) -> Value {
        match (name, held) {
            ("Mass", Value::Number { number }) => self.mass(number),
            ("Fineness", Value::Number { number }) => fineness(number).unwrap_or(Value::Number { number }),
            ("Timestamp", Value::Number { number }) => match i64::try_from(number) {
                Ok(unix_ms) => Value::Instant { unix_ms },
                Err(_) => Value::Number { number },
            },
            ("StreamPosition", Value::Number { number }) => match u64::try_from(number) {
                Ok(position) => Value::Position { position },
                Err(_) => Value::Number { number },
            },
            ("Date", Value::Number { number }) => match i32::try_from(number) {
                Ok(days) => Value::Date {
                    date: Date::from_unix_days(days),
                },
                Err(_) => Value::Number { number },
            },
            (name, Value::Text { text }) => written(name, text),
            (_, held) => held,
        }
    }

    fn mass(&self, number: i128) -> Value {
        let of = if self.says("fine") {
            MassOf::Fine
        } else if self.says("gross") || self.says("melt") {
            MassOf::Gross
        } else {
            MassOf::Either
        };
        match u64::try_from(number) {
            Ok(micrograms) => Value::Mass { of, micrograms },
            Err(_) => Value::Number { number },
        }
    }
}

fn fineness(number: i128) -> Option<Value> {
    let ppm = Fineness::from_ppm(u32::try_from(number).ok()?)?;
    Some(Value::Fineness { ppm })
}

/// A value of a type that people read as text.
fn written(name: &str, text: String) -> Value {
    let kind = match name {
        "PartyId" => IdKind::Party,
        "SiteId" => IdKind::Site,
        "LotId" => IdKind::Lot,
        "AssessmentId" => IdKind::Assessment,
        "PlanId" => IdKind::Plan,
        "IncidentId" => IdKind::Incident,
        "PermitId" => IdKind::Permit,
        "StatementId" => IdKind::Statement,
        "DeploymentId" => IdKind::Deployment,
        "CatalogueDigest" => IdKind::Catalogue,
        "Digest" => return Value::Digest { digest: text },
        "PublicKey" => return Value::Key { key: text },
        "Date" => return text.parse().map_or(Value::Text { text }, |date| Value::Date { date }),
        "Country" => {
            return text
                .parse()
                .map_or(Value::Text { text }, |country| Value::Country { country });
        }
        _ => return Value::Text { text },
    };
    Value::Id { kind, id: text }
}

fn word(of: &str, variant: &str, with: Option<Value>) -> Value {
    Value::Word {
        word: Word {
            of: kebab(of),
            word: kebab(variant),
        },
        with: with.map(Box::new),
    }
}

macro_rules! numbers {
    ($($method:ident: $integer:ty,)*) => {$(
        fn $method(self, number: $integer) -> Result<Value, Untold> {
            Ok(self.number(i128::from(number)))
        }
    )*};
}

impl Serializer for Teller {
    type Ok = Value;
    type Error = Untold;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Entries;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Fields;

    numbers! {
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_i128: i128,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
    }

    fn serialize_bool(self, is: bool) -> Result<Value, Untold> {
        Ok(Value::Flag { is })
    }

    fn serialize_f32(self, number: f32) -> Result<Value, Untold> {
        self.serialize_str(&number.to_string())
    }

    fn serialize_f64(self, number: f64) -> Result<Value, Untold> {
        self.serialize_str(&number.to_string())
    }

    fn serialize_char(self, character: char) -> Result<Value, Untold> {
        self.serialize_str(&character.to_string())
    }

    fn serialize_str(self, text: &str) -> Result<Value, Untold> {
        Ok(Value::Text { text: text.to_owned() })
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Value, Untold> {
        self.collect_seq(bytes)
    }

    fn serialize_none(self) -> Result<Value, Untold> {
        Ok(Value::Nothing)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Untold> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, Untold> {
        Ok(Value::Nothing)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Untold> {
        Ok(Value::Nothing)
    }

    fn serialize_unit_variant(self, of: &'static str, _: u32, variant: &'static str) -> Result<Value, Untold> {
        Ok(word(of, variant, None))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, held: &T) -> Result<Value, Untold> {
        Ok(self.named(name, held.serialize(Self::default())?))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        of: &'static str,
        _: u32,
        variant: &'static str,
        held: &T,
    ) -> Result<Value, Untold> {
        let held = held.serialize(Self::under(&kebab(variant)))?;
        Ok(word(of, variant, Some(held)))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Untold> {
        Ok(Items::under(self, None))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items, Untold> {
        Ok(Items::under(self, None))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items, Untold> {
        Ok(Items::under(self, None))
    }

    fn serialize_tuple_variant(
        self,
        of: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items, Untold> {
        Ok(Items::under(Self::under(&kebab(variant)), Some((of, variant))))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries, Untold> {
        Ok(Entries::default())
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Fields, Untold> {
        Ok(Fields {
            of: kebab(name),
            variant: None,
            facts: Vec::new(),
        })
    }

    fn serialize_struct_variant(
        self,
        of: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Fields, Untold> {
        Ok(Fields {
            of: fields_of(of, variant),
            variant: Some((of, variant)),
            facts: Vec::new(),
        })
    }
}

/// What the fields of a variant are facts of.
pub(crate) fn fields_of(of: &str, variant: &str) -> String {
    format!("{}-{}", kebab(of), kebab(variant))
}

/// Values in a row.
pub(crate) struct Items {
    teller: Teller,
    variant: Option<(&'static str, &'static str)>,
    items: Vec<Value>,
}

impl Items {
    const fn under(teller: Teller, variant: Option<(&'static str, &'static str)>) -> Self {
        Self {
            teller,
            variant,
            items: Vec::new(),
        }
    }

    fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Untold> {
        self.items.push(value.serialize(self.teller.clone())?);
        Ok(())
    }

    fn all(self) -> Value {
        let all = Value::List { items: self.items };
        match self.variant {
            Some((of, variant)) => word(of, variant, Some(all)),
            None => all,
        }
    }
}

/// Values under names.
pub(crate) struct Fields {
    of: String,
    variant: Option<(&'static str, &'static str)>,
    facts: Vec<Fact>,
}

impl Fields {
    fn add<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Untold> {
        let label = kebab(name);
        let value = value.serialize(Teller::under(&label))?;
        self.facts.push(Fact {
            of: self.of.clone(),
            label,
            value,
        });
        Ok(())
    }

    fn all(self) -> Value {
        let all = Value::Facts { facts: self.facts };
        match self.variant {
            Some((of, variant)) => word(of, variant, Some(all)),
            None => all,
        }
    }
}

/// Values by keys: a list of pairs. The vocabulary has none.
#[derive(Default)]
pub(crate) struct Entries {
    key: Option<Value>,
    pairs: Vec<Value>,
}

impl SerializeMap for Entries {
    type Ok = Value;
    type Error = Untold;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Untold> {
        self.key = Some(key.serialize(Teller::default())?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Untold> {
        let value = value.serialize(Teller::default())?;
        let items = self.key.take().into_iter().chain([value]).collect();
        self.pairs.push(Value::List { items });
        Ok(())
    }

    fn end(self) -> Result<Value, Untold> {
        Ok(Value::List { items: self.pairs })
    }
}

macro_rules! rows {
    ($($trait:ident, $method:ident;)*) => {$(
        impl $trait for Items {
            type Ok = Value;
            type Error = Untold;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Untold> {
                self.add(value)
            }

            fn end(self) -> Result<Value, Untold> {
                Ok(self.all())
            }
        }
    )*};
}

rows! {
    SerializeSeq, serialize_element;
    SerializeTuple, serialize_element;
    SerializeTupleStruct, serialize_field;
    SerializeTupleVariant, serialize_field;
}

macro_rules! structs {
    ($($trait:ident;)*) => {$(
        impl $trait for Fields {
            type Ok = Value;
            type Error = Untold;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Untold> {
                self.add(name, value)
            }

            fn end(self) -> Result<Value, Untold> {
                Ok(self.all())
            }
        }
    )*};
}

structs! {
    SerializeStruct;
    SerializeStructVariant;
}
