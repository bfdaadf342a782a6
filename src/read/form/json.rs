//! Forms from JSON and to JSON. No text of the input is in an error: it may be a key.

use std::fmt;

use serde::de::{self, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroize;

use super::member::{Key, Value, ValueSeed};
use super::{CertificateForm, CertificateType, FormRemark};
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
        deserializer.deserialize_any(FormVisitor { depth: 0 })
    }
}

/// Reads a text as a form that may be inside something, or have other names; `None` where it is not such a form.
pub(super) fn of_other_shape(text: &[u8]) -> Option<CertificateForm> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let form = (&mut deserializer).deserialize_any(FormVisitor { depth: DEPTH }).ok()?;
    deserializer.end().ok()?;
    form.other_shape().is_some().then_some(form)
}

/// Reads a form.
struct FormVisitor {
    /// How many objects and lists the form may be in. With zero, values of unknown fields are not looked at.
    depth: usize,
}

impl<'de> Visitor<'de> for FormVisitor {
    type Value = CertificateForm;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object with the fields of the request body")
    }

    // The usual errors of these quote the value.
    fn visit_str<E: de::Error>(self, text: &str) -> Result<CertificateForm, E> {
        let within = Some(text).filter(|_| self.depth > 0).and_then(within_text);
        let within = within.and_then(|form| form.taken_out_of("a JSON string"));
        within.ok_or_else(|| E::invalid_type(Unexpected::Other("a text"), &self))
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

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<CertificateForm, A::Error> {
        let invalid = || de::Error::invalid_type(Unexpected::Other("a list"), &self);
        if self.depth == 0 {
            return Err(invalid());
        }
        let only = only_form(seq, self.depth)?.and_then(|form| form.taken_out_of("a list"));
        only.ok_or_else(invalid)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CertificateForm, A::Error> {
        form(map, self.depth)
    }
}

/// How many objects and lists may be around a form.
const DEPTH: usize = 3;

/// Reads an object as a form. One that has no certificate and no key of its own, but an object that has, is around the form.
pub(super) fn form<'de, A: MapAccess<'de>>(mut map: A, depth: usize) -> Result<CertificateForm, A::Error> {
    let mut form = CertificateForm::default();
    let mut misnamed = Vec::new();
    let mut inner: Option<Box<CertificateForm>> = None;
    let mut position = 0_usize;
    while let Some(key) = map.next_key()? {
        position = position.saturating_add(1);
        let (value, near) = match key {
            Key::Request(field) => {
                let value = map.next_value_seed(ValueSeed { text: true, depth: 0 })?;
                form.give(field, value, position);
                continue;
            }
            Key::Response(name) => {
                map.next_value::<IgnoredAny>()?;
                form.remarks.push(FormRemark::Response { position, name });
                continue;
            }
            Key::Issuers => {
                map.next_value::<IgnoredAny>()?;
                form.remarks.push(FormRemark::Issuers { position });
                continue;
            }
            Key::Misnamed(_) | Key::Unknown if depth == 0 => {
                map.next_value::<IgnoredAny>()?;
                (Value::Null, key.near())
            }
            Key::Misnamed(_) | Key::Unknown => {
                let near = key.near();
                (map.next_value_seed(ValueSeed { text: near.is_some(), depth })?, near)
            }
        };
        match (value, near) {
            (Value::Form(found), _) => {
                inner.get_or_insert(found);
                form.remarks.push(FormRemark::Unknown { position, near: None });
            }
            (Value::Text(text), Some(field)) => misnamed.push((field, position, text)),
            (_, near) => form.remarks.push(FormRemark::Unknown { position, near }),
        }
    }
    // A name that is near one that is there means nothing.
    let given = Field::ALL.map(|field| (field, form.is_given(field)));
    for remark in &mut form.remarks {
        if let FormRemark::Unknown { near, .. } = remark {
            *near = near.filter(|near| given.contains(&(*near, false)));
        }
    }
    for (field, position, mut text) in misnamed {
        let is_needed = !matches!(field, Field::Type | Field::TrustedRootCa | Field::AlgorithmType);
        if is_needed && !form.is_given(field) {
            form.set(field, text);
            form.remarks.push(FormRemark::Misnamed { field, position });
        } else {
            text.zeroize();
            let near = Some(field).filter(|_| !form.is_given(field));
            form.remarks.push(FormRemark::Unknown { position, near });
        }
    }
    Ok(match inner {
        Some(inner) if !form.has_content() => form.around(*inner),
        _ => form,
    })
}

/// The form in a list that has one; `None` where it has another number of objects.
pub(super) fn only_form<'de, A: SeqAccess<'de>>(
    mut seq: A,
    depth: usize,
) -> Result<Option<CertificateForm>, A::Error> {
    let (mut only, mut number) = (None, 0_usize);
    while let Some(value) = seq.next_element_seed(ValueSeed { text: false, depth })? {
        number = number.saturating_add(1);
        only = match value {
            Value::Form(form) => Some(*form),
            _ => None,
        };
    }
    Ok(only.filter(|_| number == 1))
}

/// The form that is in a JSON string, as where it was made JSON twice.
fn within_text(text: &str) -> Option<CertificateForm> {
    let is_object = text.trim_start().starts_with('{');
    // Only an object, so that no text is looked into again.
    is_object.then(|| serde_json::from_str::<CertificateForm>(text).ok()).flatten()
}

impl CertificateForm {
    /// Takes the value of a field by its right name.
    fn give(&mut self, field: Field, value: Value, position: usize) {
        match value {
            _ if self.is_given(field) => self.remarks.push(FormRemark::Duplicate { field, position }),
            Value::Text(text) => self.set(field, text),
            Value::Null | Value::Form(_) => {}
            Value::Other(kind) => self.remarks.push(FormRemark::NotText { field, kind }),
        }
    }

    /// Whether it has a certificate or a key.
    pub(super) fn has_content(&self) -> bool {
        Field::ALL.into_iter().any(|field| self.content(field).is_some())
    }

    /// This form, which stood inside something; `None` where it holds nothing that is wanted.
    fn taken_out_of(mut self, wrapper: &'static str) -> Option<Self> {
        self.remarks.retain(|remark| !matches!(remark, FormRemark::Nested { .. }));
        self.remarks.insert(0, FormRemark::Nested { wrapper });
        self.has_content().then_some(self)
    }

    /// The form that is inside this object, with what this object says besides.
    fn around(self, inner: Self) -> Self {
        let Some(mut form) = inner.taken_out_of("another object") else { return self };
        // The `type` of the object around may be its own.
        let kind = self.r#type.filter(|kind| CertificateType::from_name(kind).is_some());
        form.name = form.name.or(self.name);
        form.r#type = form.r#type.or(kind);
        form.instance_id = form.instance_id.or(self.instance_id);
        form.algorithm_type = form.algorithm_type.or(self.algorithm_type);
        form
    }
}
