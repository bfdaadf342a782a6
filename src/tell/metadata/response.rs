//! The response body of the API (API page, table 4).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{CertificateMetadata, utc};
use crate::algorithm::AlgorithmType;
use crate::policy::Policy;
use crate::read::form::{CertificateForm, CertificateType};
use crate::relate::Relations;
use crate::relate::server::ServerPair;
use crate::rules::name;

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CertificateResponse {
    /// `id`: the certificate's identifier at the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `type`: `global` or `instance`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<Cow<'static, str>>,
    /// `instance_id`: the gateway's identifier, `common` with `global`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<Cow<'static, str>>,
    /// `project_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    /// What the certificate says.
    #[serde(flatten)]
    pub certificate: CertificateMetadata,
    /// `create_time`, in UTC.
    #[serde(with = "utc", skip_serializing_if = "Option::is_none")]
    pub create_time: Option<OffsetDateTime>,
    /// `update_time`, in UTC.
    #[serde(with = "utc", skip_serializing_if = "Option::is_none")]
    pub update_time: Option<OffsetDateTime>,
    /// `is_has_trusted_root_ca`: whether `trusted_root_ca` was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_has_trusted_root_ca: Option<bool>,
    /// `algorithm_type`: of the certificate's key.
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// What the certificate of a pair and its form say; `None` where there is no certificate that could be read.
pub(crate) fn of_form(
    form: &CertificateForm,
    relations: &Relations<'_>,
    policy: &Policy,
) -> Option<CertificateResponse> {
    let mut response = of_pair(&relations.base.pair)?;
    // What is not a valid name may be a key in the wrong field: it is not repeated.
    response.name = form.name.clone().filter(|given| name::is_valid(given, policy));
    response.is_has_trusted_root_ca = Some(relations.roots.is_some());
    Some(match form.certificate_type() {
        CertificateType::Global => response.global(),
        CertificateType::Instance => match form.instance() {
            Some(id) => response.instance(id),
            None => CertificateResponse { r#type: Some("instance".into()), ..response },
        },
    })
}

/// What the certificate of a pair says.
pub(crate) fn of_pair(pair: &ServerPair<'_>) -> Option<CertificateResponse> {
    let mut response = CertificateResponse::new(CertificateMetadata::of(pair.leaf()?));
    response.algorithm_type = pair.algorithm();
    Some(response)
}
