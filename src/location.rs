//! Where in a form something is.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A field of the request body, by the reference's name (API page, table 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Field {
    /// `name`
    Name,
    /// `cert_content`
    CertContent,
    /// `private_key`
    PrivateKey,
    /// `type`
    Type,
    /// `instance_id`
    InstanceId,
    /// `trusted_root_ca`
    TrustedRootCa,
    /// `algorithm_type`
    AlgorithmType,
    /// `cert_content_sign`
    CertContentSign,
    /// `private_key_sign`
    PrivateKeySign,
}

impl Field {
    /// All fields, in the order of the reference.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::CertContent,
        Self::PrivateKey,
        Self::Type,
        Self::InstanceId,
        Self::TrustedRootCa,
        Self::AlgorithmType,
        Self::CertContentSign,
        Self::PrivateKeySign,
    ];

    /// The reference's name of the field.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::CertContent => "cert_content",
            Self::PrivateKey => "private_key",
            Self::Type => "type",
            Self::InstanceId => "instance_id",
            Self::TrustedRootCa => "trusted_root_ca",
            Self::AlgorithmType => "algorithm_type",
            Self::CertContentSign => "cert_content_sign",
            Self::PrivateKeySign => "private_key_sign",
        }
    }

    /// The certificate field of the pair that the field belongs to; other fields stand for themselves.
    pub(crate) const fn of_pair(self) -> Self {
        match self {
            Self::PrivateKey => Self::CertContent,
            Self::PrivateKeySign => Self::CertContentSign,
            other => other,
        }
    }

    /// Whether what the field holds is published: it is a field for certificates.
    pub(crate) const fn is_public(self) -> bool {
        matches!(self, Self::CertContent | Self::CertContentSign | Self::TrustedRootCa)
    }

    /// The field with that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Field {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| serde::de::Error::custom("not a field of the API"))
    }
}

/// A place in a form or file, as exact as it is known. Everything counts from 1, but the DER offset from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Location {
    /// The field of the form; written beside the location in JSON, not inside it.
    #[serde(skip)]
    pub field: Option<Field>,
    /// The file, where the caller read one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// How to get from the file to the text that block, line and column count in: `data/tls.crt` in a Secret, a name in an archive.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inside: Vec<String>,
    /// The PEM block in the field, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<usize>,
    /// The line in the field, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in the line, in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The offset in the block's DER, in bytes, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub der_offset: Option<usize>,
    /// The path of the DER element, such as `tbsCertificate.extensions[3].extnValue`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub der_path: Option<Cow<'static, str>>,
}

impl Location {
    /// Nowhere in particular.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// A whole field.
    pub(crate) fn field(field: Field) -> Self {
        Self { field: Some(field), ..Self::default() }
    }

    /// The same place, narrowed to a block.
    #[must_use]
    pub(crate) fn block(mut self, block: usize) -> Self {
        self.block = Some(block);
        self
    }

    /// The same place, narrowed to a line.
    #[must_use]
    pub(crate) fn line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    /// The same place, narrowed to a column.
    #[must_use]
    pub(crate) fn column(mut self, column: usize) -> Self {
        self.column = Some(column);
        self
    }

    /// The same place, narrowed to a DER element.
    #[must_use]
    pub(crate) fn der(mut self, offset: usize, path: impl Into<Cow<'static, str>>) -> Self {
        self.der_offset = Some(offset);
        self.der_path = Some(path.into());
        self
    }

    /// Whether nothing is known but the field.
    pub(crate) fn is_bare(&self) -> bool {
        let Self { field: _, file, inside, block, line, column, der_offset, der_path } = self;
        file.is_none()
            && inside.is_empty()
            && block.is_none()
            && line.is_none()
            && column.is_none()
            && der_offset.is_none()
            && der_path.is_none()
    }
}

impl fmt::Display for Location {
    /// `cert_content, block 2, line 21`: what is known, from the outside in; nothing where nothing is. The file is not written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.field.map(|field| field.to_string()));
        parts.extend(self.block.map(|block| format!("block {block}")));
        parts.extend(self.line.map(|line| format!("line {line}")));
        parts.extend(self.column.map(|column| format!("column {column}")));
        match (&self.der_path, self.der_offset) {
            (Some(path), Some(offset)) => parts.push(format!("{path} (DER offset {offset})")),
            (Some(path), None) => parts.push(path.to_string()),
            (None, Some(offset)) => parts.push(format!("DER offset {offset}")),
            (None, None) => {}
        }
        f.write_str(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_from_the_outside_in() {
        let offset = Location { der_offset: Some(7), ..Location::default() };
        let path = Location { der_path: Some("tbsCertificate".into()), ..Location::default() };
        let file = Location { file: Some("a.pem".to_owned()), ..Location::default() };
        for (location, want) in [
            (Location::none(), ""),
            (file.line(3), "line 3"),
            (Location::field(Field::PrivateKeySign), "private_key_sign"),
            (Location::none().block(2), "block 2"),
            (Location::none().line(3).column(4), "line 3, column 4"),
            (offset.clone(), "DER offset 7"),
            (path, "tbsCertificate"),
            (offset.line(1), "line 1, DER offset 7"),
            (
                Location::field(Field::CertContent).block(1).line(2).column(3).der(0, "certificate"),
                "cert_content, block 1, line 2, column 3, certificate (DER offset 0)",
            ),
        ] {
            assert_eq!(location.to_string(), want);
        }
    }

    #[test]
    fn a_field_is_known_by_its_reference_name() {
        for field in Field::ALL {
            assert_eq!(Field::from_name(field.as_str()), Some(field));
            assert_eq!(field.to_string(), field.as_str());
        }
        for other in ["", "Name", "cert_content ", "private-key"] {
            assert_eq!(Field::from_name(other), None);
        }
    }
}
