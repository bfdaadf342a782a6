//! The form: the request body of the API, by the reference's field names.

mod content;
mod json;
mod member;
mod names;
mod plain;
mod syntax;
#[cfg(test)]
mod tests;
mod unread;

use std::fmt;

use crate::algorithm::AlgorithmType;
use crate::location::Field;

pub use content::Content;
pub(crate) use syntax::NotJson;
pub use unread::Unread;
pub(crate) use unread::Why;

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
    /// What was unusual about the JSON object.
    pub remarks: Vec<FormRemark>,
}

/// Something unusual about the JSON object that a form was read from. Names and values are not kept: they may be secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormRemark {
    /// The field at this position (from 1) is none of the reference's.
    Unknown {
        /// The position in the object, from 1.
        position: usize,
        /// The field that its name is near, where the form does not have that one.
        near: Option<Field>,
    },
    /// The field at this position is for the issuers, in the body of another product. It was not read.
    Issuers {
        /// The position in the object, from 1.
        position: usize,
    },
    /// The field at this position has a name of other programs, and was read as this field.
    Misnamed {
        /// The field that is meant.
        field: Field,
        /// The position in the object, from 1.
        position: usize,
    },
    /// The form was inside something. Positions are those of the object that holds the certificates and keys.
    Nested {
        /// What it was in, such as `another object`.
        wrapper: &'static str,
    },
    /// The field is one of the API's response, which an upload does not have.
    Response {
        /// The position in the object, from 1.
        position: usize,
        /// Its name in the reference (API page, table 4).
        name: &'static str,
    },
    /// The field was given before; the first one counts.
    Duplicate {
        /// The field.
        field: Field,
        /// The position in the object, from 1.
        position: usize,
    },
    /// The field's value is not text.
    NotText {
        /// The field.
        field: Field,
        /// What it is instead, such as `a number`.
        kind: &'static str,
    },
}

impl FormRemark {
    /// Whether it says that the form was inside something, or that a field had another name.
    pub(crate) fn is_of_shape(&self) -> bool {
        matches!(self, Self::Nested { .. } | Self::Misnamed { .. })
    }
}

/// `type`: where the certificate is to be used (API page, table 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum CertificateType {
    /// `global`, the default.
    #[default]
    Global,
    /// `instance`: one gateway.
    Instance,
}

impl CertificateType {
    /// The type that the reference calls so.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "global" => Some(Self::Global),
            "instance" => Some(Self::Instance),
            _ => None,
        }
    }
}

impl CertificateForm {
    /// What `type` says; global where it is absent or says something else.
    pub(crate) fn certificate_type(&self) -> CertificateType {
        self.r#type.as_deref().and_then(CertificateType::from_name).unwrap_or_default()
    }

    /// What `algorithm_type` says; `None` where it is absent or says something else.
    pub(crate) fn algorithm(&self) -> Option<AlgorithmType> {
        AlgorithmType::from_name(self.algorithm_type.as_deref()?)
    }

    /// `instance_id`, where it can be an identifier: 1 to 64 letters, digits, `_`, `-` and `.`, as the API's own are. Anything else may
    /// be a line of a key's base64, and is not repeated.
    pub(crate) fn instance(&self) -> Option<&str> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
        self.instance_id.as_deref().filter(|id| (1..=64).contains(&id.len()) && id.bytes().all(is_plain))
    }

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

    /// The text of a field that is not a content field.
    pub fn text(&self, field: Field) -> Option<&str> {
        match field {
            Field::Name => self.name.as_deref(),
            Field::Type => self.r#type.as_deref(),
            Field::InstanceId => self.instance_id.as_deref(),
            Field::AlgorithmType => self.algorithm_type.as_deref(),
            _ => None,
        }
    }

    /// Whether a field is given but holds nothing, or only space: it counts as absent. In `cert_content` and `private_key` space is a text
    /// that holds nothing, because they have to hold something.
    pub(crate) fn is_blank(&self, field: Field) -> bool {
        let Some(bytes) =
            self.text(field).map(str::as_bytes).or_else(|| self.content(field).map(Content::as_bytes))
        else {
            return false;
        };
        match bytes.trim_ascii_start().first() {
            _ if bytes.is_empty() => true,
            _ if matches!(field, Field::CertContent | Field::PrivateKey) => false,
            None => true,
            Some(0x80..) => std::str::from_utf8(bytes).is_ok_and(|text| text.trim().is_empty()),
            Some(_) => false,
        }
    }

    /// Where the form was inside something or a field had another name: the first such field, or else that of the certificate.
    pub(crate) fn other_shape(&self) -> Option<Field> {
        let misnamed = self.remarks.iter().find_map(|remark| match remark {
            FormRemark::Misnamed { field, .. } => Some(*field),
            _ => None,
        });
        let is_nested = self.remarks.iter().any(FormRemark::is_of_shape);
        misnamed.or(is_nested.then_some(Field::CertContent))
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

/// Content is redacted, and so is a text that is not a word: it may be a key in the wrong field.
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
