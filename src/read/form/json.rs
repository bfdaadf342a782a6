//! Forms from JSON and to JSON. No text of the input is in an error: it may be a key.

use std::fmt;

use serde::de::{self, IgnoredAny, MapAccess, Unexpected, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{CertificateForm, FormRemark};
use crate::location::Field;

impl Serialize for CertificateForm {
    /// Writes the request body: the fields that are given, in the reference's order. Content that is not text cannot be
    /// written: it is an error.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for field in Field::ALL {
            if let Some(text) = self.text(field) {
                map.serialize_entry(&field, text)?;
            } else if let Some(content) = self.content(field) {
                let text = content.as_text().ok_or_else(|| {
                    serde::ser::Error::custom(format_args!("{field} holds bytes that are no text"))
                })?;
                map.serialize_entry(&field, text)?;
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for CertificateForm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not `deserialize_map`: the error of a deserializer that meets a text where a map should be quotes the text.
        deserializer.deserialize_any(FormVisitor)
    }
}

struct FormVisitor;

impl<'de> Visitor<'de> for FormVisitor {
    type Value = CertificateForm;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object with the fields of the request body")
    }

    // The usual errors of these quote the value.
    fn visit_str<E: de::Error>(self, _: &str) -> Result<CertificateForm, E> {
        Err(E::invalid_type(Unexpected::Other("a text"), &self))
    }

    fn visit_bytes<E: de::Error>(self, _: &[u8]) -> Result<CertificateForm, E> {
        Err(E::invalid_type(Unexpected::Other("bytes"), &self))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<CertificateForm, E> {
        Err(E::invalid_type(Unexpected::Other("a number"), &self))
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<CertificateForm, E> {
        Err(E::invalid_type(Unexpected::Other("a number"), &self))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<CertificateForm, E> {
        Err(E::invalid_type(Unexpected::Other("a number"), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CertificateForm, A::Error> {
        let mut form = CertificateForm::default();
        let mut position = 0_usize;
        while let Some(key) = map.next_key()? {
            position = position.saturating_add(1);
            let field = match key {
                Key::Request(field) => field,
                Key::Response(_) | Key::Unknown => {
                    map.next_value::<IgnoredAny>()?;
                    form.remarks.push(match key {
                        Key::Response(name) => FormRemark::Response { position, name },
                        _ => FormRemark::Unknown { position },
                    });
                    continue;
                }
            };
            match map.next_value::<Value>()? {
                _ if form.is_given(field) => form.remarks.push(FormRemark::Duplicate { field, position }),
                Value::Text(text) => form.set(field, text),
                Value::Null => {}
                Value::Other(kind) => form.remarks.push(FormRemark::NotText { field, kind }),
            }
        }
        Ok(form)
    }
}

/// A key of the object; the text of an unknown one is not kept.
enum Key {
    Request(Field),
    Response(&'static str),
    Unknown,
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
                Ok(match Field::from_name(name) {
                    Some(field) => Key::Request(field),
                    None => of_response().map_or(Key::Unknown, |known| Key::Response(known)),
                })
            }
        }
        deserializer.deserialize_identifier(KeyVisitor)
    }
}

/// A value of the object: text, null, or something else of which only the kind is kept.
enum Value {
    Text(String),
    Null,
    Other(&'static str),
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ValueVisitor;
        impl<'de> Visitor<'de> for ValueVisitor {
            type Value = Value;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(text.to_owned()))
            }
            fn visit_string<E: de::Error>(self, text: String) -> Result<Value, E> {
                Ok(Value::Text(text))
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
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Value::Other("a list"))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Value::Other("an object"))
            }
        }
        deserializer.deserialize_any(ValueVisitor)
    }
}
