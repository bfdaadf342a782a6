//! The fields of the API's response that come from a certificate (API page, table 4), and the response itself.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeStruct, Serializer};
use time::OffsetDateTime;

use crate::algorithm::AlgorithmType;
pub(crate) use crate::read::certificate::format_time;
use crate::read::certificate::{Certificate, GeneralName, Name, Oid, attribute};
use crate::text;

/// The fields of a response that come from the certificate alone (API page, table 4).
///
/// All texts are as in the certificate, in its order, but control, invisible and direction-changing characters are written
/// `\u{…}`. Serialises under the reference's names; what the certificate does not have is left out, neither `null` nor `[]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateMetadata {
    /// `common_name`: the last CN of the subject.
    pub common_name: Option<String>,
    /// `san`: the dNSName entries.
    pub san: Vec<String>,
    /// `version`: 1, 2 or 3.
    pub version: Option<u32>,
    /// `organization`: every O of the subject.
    pub organization: Vec<String>,
    /// `organizational_unit`: every OU of the subject.
    pub organizational_unit: Vec<String>,
    /// `locality`: every L of the subject.
    pub locality: Vec<String>,
    /// `state`: every ST of the subject.
    pub state: Vec<String>,
    /// `country`: every C of the subject.
    pub country: Vec<String>,
    /// `not_before`, in UTC.
    pub not_before: Option<OffsetDateTime>,
    /// `not_after`, in UTC.
    pub not_after: Option<OffsetDateTime>,
    /// `serial_number`: in decimal, of any length and sign.
    pub serial_number: Option<String>,
    /// `issuer`: every O of the issuer.
    pub issuer: Vec<String>,
    /// `signature_algorithm`: as Go's `x509.SignatureAlgorithm` prints it, `SM2-SM3`, else the dotted object identifier.
    pub signature_algorithm: Option<Cow<'static, str>>,
}

impl CertificateMetadata {
    /// The metadata of a certificate. It cannot fail and judges nothing.
    ///
    /// ```no_run
    /// use certgate::certificate::{self, Role};
    /// use certgate::{CertificateMetadata, Policy};
    ///
    /// let der = std::fs::read("server.der")?;
    /// let checked = certificate::check(&der, Role::Leaf, &Policy::default());
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

    /// How many of the fields have a value.
    fn present(&self) -> usize {
        let lists = [
            &self.san,
            &self.organization,
            &self.organizational_unit,
            &self.locality,
            &self.state,
            &self.country,
            &self.issuer,
        ];
        let singles = [
            self.common_name.is_some(),
            self.version.is_some(),
            self.not_before.is_some(),
            self.not_after.is_some(),
            self.serial_number.is_some(),
            self.signature_algorithm.is_some(),
        ];
        let lists = lists.iter().filter(|list| !list.is_empty()).count();
        lists.saturating_add(singles.iter().filter(|present| **present).count())
    }

    /// Writes the fields that have a value, in the order of the reference's example.
    fn write<S: SerializeStruct>(&self, out: &mut S) -> Result<(), S::Error> {
        option(out, "common_name", self.common_name.as_ref())?;
        list(out, "san", &self.san)?;
        option(out, "version", self.version.as_ref())?;
        list(out, "organization", &self.organization)?;
        list(out, "organizational_unit", &self.organizational_unit)?;
        list(out, "locality", &self.locality)?;
        list(out, "state", &self.state)?;
        list(out, "country", &self.country)?;
        moment(out, "not_before", self.not_before)?;
        moment(out, "not_after", self.not_after)?;
        option(out, "serial_number", self.serial_number.as_ref())?;
        list(out, "issuer", &self.issuer)?;
        option(out, "signature_algorithm", self.signature_algorithm.as_ref())
    }
}

fn all(name: &Name<'_>, kind: Oid<'_>) -> Vec<String> {
    name.values(kind).map(text::escape_all).collect()
}

fn option<S: SerializeStruct, T: Serialize>(
    out: &mut S,
    key: &'static str,
    value: Option<&T>,
) -> Result<(), S::Error> {
    match value {
        Some(value) => out.serialize_field(key, value),
        None => out.skip_field(key),
    }
}

fn list<S: SerializeStruct>(out: &mut S, key: &'static str, values: &[String]) -> Result<(), S::Error> {
    option(out, key, Some(&values).filter(|values| !values.is_empty()))
}

fn moment<S: SerializeStruct>(
    out: &mut S,
    key: &'static str,
    moment: Option<OffsetDateTime>,
) -> Result<(), S::Error> {
    option(out, key, moment.map(format_time).as_ref())
}

impl Serialize for CertificateMetadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("CertificateMetadata", self.present())?;
        self.write(&mut out)?;
        out.end()
    }
}

/// The response body of the API (API page, table 4): a certificate's metadata, what the form said, and what only a server knows.
///
/// Serialises in the order of the reference's example; keys without a value are left out.
///
/// ```
/// use certgate::{CertificateMetadata, CertificateResponse};
///
/// let mut response = CertificateResponse::new(CertificateMetadata::default()).global();
/// response.name = Some("cert_demo".to_owned());
/// assert_eq!(
///     serde_json::to_string(&response)?,
///     r#"{"name":"cert_demo","type":"global","instance_id":"common"}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateResponse {
    /// `id`: the certificate's identifier at the server.
    pub id: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `type`: `global` or `instance`.
    pub r#type: Option<Cow<'static, str>>,
    /// `instance_id`: the gateway's identifier, `common` with `global`.
    pub instance_id: Option<Cow<'static, str>>,
    /// `project_id`.
    pub project_id: Option<String>,
    /// What the certificate says.
    pub certificate: CertificateMetadata,
    /// `create_time`, in UTC.
    pub create_time: Option<OffsetDateTime>,
    /// `update_time`, in UTC.
    pub update_time: Option<OffsetDateTime>,
    /// `is_has_trusted_root_ca`: whether `trusted_root_ca` was given.
    pub is_has_trusted_root_ca: Option<bool>,
    /// `algorithm_type`: of the certificate's key.
    pub algorithm_type: Option<AlgorithmType>,
}

impl CertificateResponse {
    /// A response of nothing but the certificate's metadata; the other fields are the caller's to fill.
    pub fn new(certificate: CertificateMetadata) -> Self {
        Self { certificate, ..Self::default() }
    }

    /// The same response for a global certificate: `type` is `global`, `instance_id` is `common`.
    #[must_use]
    pub fn global(mut self) -> Self {
        self.r#type = Some(Cow::Borrowed("global"));
        self.instance_id = Some(Cow::Borrowed("common"));
        self
    }

    /// The same response for the certificate of one gateway: `type` is `instance`.
    #[must_use]
    pub fn instance(mut self, instance_id: impl Into<String>) -> Self {
        self.r#type = Some(Cow::Borrowed("instance"));
        self.instance_id = Some(Cow::Owned(instance_id.into()));
        self
    }
}

impl Serialize for CertificateResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let algorithm_type = self.algorithm_type.map(AlgorithmType::as_str);
        let own = [
            self.id.is_some(),
            self.name.is_some(),
            self.r#type.is_some(),
            self.instance_id.is_some(),
            self.project_id.is_some(),
            self.create_time.is_some(),
            self.update_time.is_some(),
            self.is_has_trusted_root_ca.is_some(),
            algorithm_type.is_some(),
        ];
        let length =
            own.iter().filter(|present| **present).count().saturating_add(self.certificate.present());
        let mut out = serializer.serialize_struct("CertificateResponse", length)?;
        option(&mut out, "id", self.id.as_ref())?;
        option(&mut out, "name", self.name.as_ref())?;
        option(&mut out, "type", self.r#type.as_ref())?;
        option(&mut out, "instance_id", self.instance_id.as_ref())?;
        option(&mut out, "project_id", self.project_id.as_ref())?;
        self.certificate.write(&mut out)?;
        moment(&mut out, "create_time", self.create_time)?;
        moment(&mut out, "update_time", self.update_time)?;
        option(&mut out, "is_has_trusted_root_ca", self.is_has_trusted_root_ca.as_ref())?;
        option(&mut out, "algorithm_type", algorithm_type.as_ref())?;
        out.end()
    }
}
