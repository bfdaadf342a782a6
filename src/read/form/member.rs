//! A member of the object that holds a form: its key, and of its value what may be wanted. No text of the input is in an error: it may be a key.

use std::fmt;

use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::json::{form, only_form};
use super::{CertificateForm, names};
use crate::location::Field;

/// A key of the object; the text of an unknown one is not kept.
pub(super) enum Key {
    Request(Field),
    Response(&'static str),
    Issuers,
    Misnamed(Field),
    Unknown,
}

impl Key {
    /// The field that is meant by another name.
    pub(super) fn near(&self) -> Option<Field> {
        match self {
            Self::Misnamed(field) => Some(*field),
            _ => None,
        }
    }
}

/// The fields of a response that a request does not have (API page, table 4).
const RESPONSE: &[&str] = &[
    "common_name",
    "country",
    "create_time",
    "id",
    "is_has_trusted_root_ca",
    "issuer",
    "locality",
    "not_after",
    "not_before",
    "organization",
    "organizational_unit",
    "project_id",
    "san",
    "serial_number",
    "signature_algorithm",
    "state",
    "update_time",
    "version",
];

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field's name")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<Key, E> {
                let of_response = || RESPONSE.iter().find(|known| **known == name);
                Ok(match (Field::from_name(name), of_response()) {
                    (Some(field), _) => Key::Request(field),
                    (None, Some(known)) => Key::Response(known),
                    (None, None) if names::is_of_issuers(name) => Key::Issuers,
                    (None, None) => names::meant(name).map_or(Key::Unknown, Key::Misnamed),
                })
            }
        }
        deserializer.deserialize_identifier(KeyVisitor)
    }
}

/// A value of the object: text, null, a form, or something else of which only the kind is kept.
pub(super) enum Value {
    Text(String),
    Null,
    Form(Box<CertificateForm>),
    Other(&'static str),
}

/// Reads a value, and keeps of it what may be wanted.
#[derive(Clone, Copy)]
pub(super) struct ValueSeed {
    /// Whether a text is wanted. No other is kept, since it may be a key.
    pub(super) text: bool,
    /// How many objects and lists a form may be in, this value counted.
    pub(super) depth: usize,
}

impl<'de> DeserializeSeed<'de> for ValueSeed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(if self.text { Value::Text(text.to_owned()) } else { Value::Other("a text") })
    }
    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Other("a boolean"))
    }
    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Other("a number"))
    }
    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Value, E> {
        Ok(Value::Other("a number"))
    }
    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Other("a number"))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        if let Some(depth) = self.depth.checked_sub(1) {
            return Ok(match only_form(seq, depth)? {
                Some(form) => Value::Form(Box::new(form)),
                None => Value::Other("a list"),
            });
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other("a list"))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        if let Some(depth) = self.depth.checked_sub(1) {
            let form = form(map, depth)?;
            return Ok(match form.has_content() {
                true => Value::Form(Box::new(form)),
                false => Value::Other("an object"),
            });
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other("an object"))
    }
}
