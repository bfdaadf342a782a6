//! The form: the request body of the API, by the reference's field names.

use std::fmt;

use serde::de::{self, IgnoredAny, MapAccess, Unexpected, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::location::Field;

/// The content of a certificate or key field: PEM text from a form, or the bytes of a file.
///
/// Wiped when dropped, and never shown by `Debug`: any of the fields may hold a private key by mistake.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    bytes: Zeroizing<Vec<u8>>,
    origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Text,
    File,
}

impl Content {
    /// The content of a JSON form's field. Only PEM is accepted there.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self { bytes: Zeroizing::new(text.into().into_bytes()), origin: Origin::Text }
    }

    /// The content of a file: PEM, or DER, which is accepted with a note that the API takes PEM.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: Zeroizing::new(bytes.into()), origin: Origin::File }
    }

    /// The bytes, as given.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The content as text, where it is UTF-8.
    pub fn as_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// Whether it came from a file, so that DER is allowed.
    pub fn is_file(&self) -> bool {
        self.origin == Origin::File
    }

    /// The length in characters, as the API counts it; bytes where it is no text.
    pub fn characters(&self) -> usize {
        self.as_text().map_or(self.bytes.len(), |text| text.chars().count())
    }
}

impl Drop for Content {
    fn drop(&mut self) {
        // What is cleared is still wiped, as spare capacity: at once, where elements are wiped one by one.
        self.bytes.clear();
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({} bytes, redacted)", self.bytes.len())
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::from_text(text)
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::from_text(text)
    }
}

/// The request body of the API (API page, table 3), as it was given: nothing is checked yet.
///
/// Reading never fails on a wrong field: an unknown one, one that is given twice and one that holds no text are kept as
/// [`remarks`](Self::remarks), so that [`validate`](crate::validate) reports them beside everything else.
///
/// ```
/// use certgate::CertificateForm;
///
/// let mut form = CertificateForm::default();
/// form.name = Some("cert_demo".to_owned());
/// form.cert_content = Some("-----BEGIN CERTIFICATE-----…".into());
/// assert_eq!(format!("{:?}", form.cert_content), "Some(Content(30 bytes, redacted))");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateForm {
    /// `name`, mandatory.
    pub name: Option<String>,
    /// `cert_content`, mandatory: the certificate chain, leaf first; with SM2 that of the encryption certificate.
    pub cert_content: Option<Content>,
    /// `private_key`, mandatory: the leaf's private key; with SM2 the encryption key.
    pub private_key: Option<Content>,
    /// `type`: `instance` or `global`, the default.
    pub r#type: Option<String>,
    /// `instance_id`, mandatory with `type = instance`.
    pub instance_id: Option<String>,
    /// `trusted_root_ca`: CA certificates for mutual TLS.
    pub trusted_root_ca: Option<Content>,
    /// `algorithm_type`: `RSA`, `ECC` or `SM2`.
    pub algorithm_type: Option<String>,
    /// `cert_content_sign`, mandatory with SM2: the chain of the signature certificate.
    pub cert_content_sign: Option<Content>,
    /// `private_key_sign`, mandatory with SM2: the signature key.
    pub private_key_sign: Option<Content>,
    /// What was odd about the JSON object.
    pub remarks: Vec<FormRemark>,
}

/// Something odd about the JSON object that a form was read from. Names and values are not kept: they may be secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormRemark {
    /// The field at this position (from 1) is none of the reference's.
    Unknown {
        /// The position in the object, from 1.
        position: usize,
    },
    /// The field was given before; the first one counts.
    Duplicate {
        /// The field.
        field: Field,
        /// The position in the object, from 1.
        position: usize,
    },
    /// The field's value is no text.
    NotText {
        /// The field.
        field: Field,
        /// What it is instead, such as `a number`.
        kind: &'static str,
    },
}

impl CertificateForm {
    /// The content of a certificate or key field.
    pub fn content(&self, field: Field) -> Option<&Content> {
        match field {
            Field::CertContent => self.cert_content.as_ref(),
            Field::PrivateKey => self.private_key.as_ref(),
            Field::TrustedRootCa => self.trusted_root_ca.as_ref(),
            Field::CertContentSign => self.cert_content_sign.as_ref(),
            Field::PrivateKeySign => self.private_key_sign.as_ref(),
            Field::Name | Field::Type | Field::InstanceId | Field::AlgorithmType => None,
        }
    }

    /// The place of a certificate or key field, to put content in; `None` for the other fields.
    pub fn content_mut(&mut self, field: Field) -> Option<&mut Option<Content>> {
        match field {
            Field::CertContent => Some(&mut self.cert_content),
            Field::PrivateKey => Some(&mut self.private_key),
            Field::TrustedRootCa => Some(&mut self.trusted_root_ca),
            Field::CertContentSign => Some(&mut self.cert_content_sign),
            Field::PrivateKeySign => Some(&mut self.private_key_sign),
            Field::Name | Field::Type | Field::InstanceId | Field::AlgorithmType => None,
        }
    }

    /// The text of a field that is no content field.
    pub fn text(&self, field: Field) -> Option<&str> {
        match field {
            Field::Name => self.name.as_deref(),
            Field::Type => self.r#type.as_deref(),
            Field::InstanceId => self.instance_id.as_deref(),
            Field::AlgorithmType => self.algorithm_type.as_deref(),
            _ => None,
        }
    }

    fn is_given(&self, field: Field) -> bool {
        self.text(field).is_some() || self.content(field).is_some()
    }

    fn set(&mut self, field: Field, text: String) {
        match field {
            Field::Name => self.name = Some(text),
            Field::Type => self.r#type = Some(text),
            Field::InstanceId => self.instance_id = Some(text),
            Field::AlgorithmType => self.algorithm_type = Some(text),
            _ => {
                if let Some(slot) = self.content_mut(field) {
                    *slot = Some(Content::from_text(text));
                }
            }
        }
    }
}

/// Content is redacted, and so is a text that is no word: it may be a key in the wrong field.
impl fmt::Debug for CertificateForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            cert_content,
            private_key,
            r#type,
            instance_id,
            trusted_root_ca,
            algorithm_type,
            cert_content_sign,
            private_key_sign,
            remarks,
        } = self;
        f.debug_struct("CertificateForm")
            .field("name", &name.as_ref().map(Word))
            .field("cert_content", cert_content)
            .field("private_key", private_key)
            .field("type", &r#type.as_ref().map(Word))
            .field("instance_id", &instance_id.as_ref().map(Word))
            .field("trusted_root_ca", trusted_root_ca)
            .field("algorithm_type", &algorithm_type.as_ref().map(Word))
            .field("cert_content_sign", cert_content_sign)
            .field("private_key_sign", private_key_sign)
            .field("remarks", remarks)
            .finish()
    }
}

struct Word<'a>(&'a String);

impl fmt::Debug for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_word = self.0.len() <= 64
            && self.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
        if is_word || self.0.len() < 12 {
            fmt::Debug::fmt(self.0, f)
        } else {
            write!(f, "({} characters, redacted)", self.0.chars().count())
        }
    }
}

impl Serialize for CertificateForm {
    /// Writes the request body: the fields that are given, in the reference's order. Content that is no text cannot be
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
        while let Some(Key(field)) = map.next_key()? {
            position = position.saturating_add(1);
            let Some(field) = field else {
                map.next_value::<IgnoredAny>()?;
                form.remarks.push(FormRemark::Unknown { position });
                continue;
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
struct Key(Option<Field>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field's name")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<Key, E> {
                Ok(Key(Field::from_name(name)))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_what_is_there_and_remarks_on_the_rest() {
        let form: CertificateForm = serde_json::from_str(
            r#"{"name":"abcd","secret":{"a":[1]},"private_key":7,"cert_content":"x","name":"efgh","type":null}"#,
        )
        .unwrap();
        assert_eq!(form.name.as_deref(), Some("abcd"));
        assert_eq!(form.cert_content.as_ref().and_then(Content::as_text), Some("x"));
        assert_eq!(
            form.remarks,
            [
                FormRemark::Unknown { position: 2 },
                FormRemark::NotText { field: Field::PrivateKey, kind: "a number" },
                FormRemark::Duplicate { field: Field::Name, position: 5 },
            ]
        );
    }

    #[test]
    fn writes_the_reference_names_in_order() {
        let mut form = CertificateForm { r#type: Some("global".to_owned()), ..CertificateForm::default() };
        form.private_key = Some("k".into());
        form.name = Some("abcd".to_owned());
        assert_eq!(
            serde_json::to_string(&form).unwrap(),
            r#"{"name":"abcd","private_key":"k","type":"global"}"#
        );
        form.cert_content = Some(Content::from_bytes([0xff]));
        assert!(serde_json::to_string(&form).is_err());
    }

    #[test]
    fn an_error_quotes_no_text() {
        let number = serde_json::from_str::<CertificateForm>("123456789012").unwrap_err();
        assert!(!number.to_string().contains("123456"), "{number}");
        for json in [r#""MIIEvQIBADANBg""#, r#"["MIIEvQIBADANBg"]"#, r#"{"MIIEvQIBADANBg":MIIEvQIBADANBg}"#] {
            let error = serde_json::from_str::<CertificateForm>(json).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("MIIE"), "{error}");
        }
    }

    #[test]
    fn debug_shows_no_content() {
        let key = Some("MIIEvQIBADANBg".into());
        let form = CertificateForm { private_key: key, ..CertificateForm::default() };
        assert!(!format!("{form:?}").contains("MIIE"));
    }
}
