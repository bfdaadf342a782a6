//! The fields of the API's response that come from a certificate (API page, table 4).

pub(crate) mod response;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::read::certificate::{Certificate, GeneralName, Name, Oid, attribute};
use crate::text;

/// The fields of a response that come from the certificate alone (API page, table 4).
///
/// All texts are as in the certificate, in its order, but control, invisible and direction-changing characters are written
/// `\u{…}`. Serialises under the reference's names; what the certificate does not have is left out, neither `null` nor `[]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CertificateMetadata {
    /// `common_name`: the last CN of the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub common_name: Option<String>,
    /// `san`: the dNSName entries.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub san: Vec<String>,
    /// `version`: 1, 2 or 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// `organization`: every O of the subject.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub organization: Vec<String>,
    /// `organizational_unit`: every OU of the subject.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub organizational_unit: Vec<String>,
    /// `locality`: every L of the subject.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locality: Vec<String>,
    /// `state`: every ST of the subject.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub state: Vec<String>,
    /// `country`: every C of the subject.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub country: Vec<String>,
    /// `not_before`, in UTC.
    #[serde(with = "utc", skip_serializing_if = "Option::is_none")]
    pub not_before: Option<OffsetDateTime>,
    /// `not_after`, in UTC.
    #[serde(with = "utc", skip_serializing_if = "Option::is_none")]
    pub not_after: Option<OffsetDateTime>,
    /// `serial_number`: in decimal, of any length and sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// `issuer`: every O of the issuer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub issuer: Vec<String>,
    /// `signature_algorithm`: as Go's `x509.SignatureAlgorithm` prints it, `SM2-SM3`, else the dotted object identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature_algorithm: Option<Cow<'static, str>>,
}

impl CertificateMetadata {
    /// The metadata of a certificate. It cannot fail and judges nothing.
    ///
    /// ```no_run
    /// use certgate::certificate::{self, Role};
    /// use certgate::{At, CertificateMetadata, Policy};
    ///
    /// let der = std::fs::read("server.der")?;
    /// let checked = certificate::check(&der, Role::Leaf, &Policy::default(), At::NotEvaluated);
    /// if let Some(certificate) = &checked.value {
    ///     println!("{}", serde_json::to_string_pretty(&CertificateMetadata::of(certificate))?);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(certificate: &Certificate<'_>) -> Self {
        let subject = certificate.subject();
        Self {
            common_name: subject.values(attribute::COMMON_NAME).next_back().map(text::escape_all),
            san: certificate
                .san()
                .iter()
                .filter_map(|name| match name {
                    GeneralName::Dns(dns) => Some(text::escape_all(dns)),
                    _ => None,
                })
                .collect(),
            version: Some(certificate.version()).filter(|version| *version > 0),
            organization: all(subject, attribute::ORGANIZATION),
            organizational_unit: all(subject, attribute::ORGANIZATIONAL_UNIT),
            locality: all(subject, attribute::LOCALITY),
            state: all(subject, attribute::STATE),
            country: all(subject, attribute::COUNTRY),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            serial_number: certificate.serial().to_decimal(),
            issuer: all(certificate.issuer(), attribute::ORGANIZATION),
            signature_algorithm: Some(certificate.signature_algorithm().name()),
        }
    }
}

fn all(name: &Name<'_>, kind: Oid<'_>) -> Vec<String> {
    name.values(kind).map(text::escape_all).collect()
}

/// Times as the API writes them: RFC 3339 in UTC, in whole seconds.
pub(crate) mod utc {
    use serde::{Deserializer, Serialize, Serializer};
    use time::OffsetDateTime;

    #[allow(clippy::ref_option, reason = "the signature that serde asks for")]
    pub(crate) fn serialize<S: Serializer>(
        time: &Option<OffsetDateTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(crate::read::certificate::format_time).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<OffsetDateTime>, D::Error> {
        time::serde::rfc3339::option::deserialize(deserializer)
    }
}
