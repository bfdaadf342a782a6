//! The result of a check: one report, accepted or rejected, with all findings either way.

use std::fmt;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use time::OffsetDateTime;

use crate::finding::{Finding, NotEvaluated};
use crate::location::Field;
use crate::policy::Policy;
use crate::rule::{ApiCode, Severity};
use crate::tell::metadata::CertificateResponse;

/// Everything that a check of a form found out.
///
/// Serialises to the report of the command line's contract, schema 1; keys without a value are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The time that validity was checked at; `None` where the policy carried none.
    pub checked_at: Option<OffsetDateTime>,
    /// What the API would answer; only where rejected.
    pub api: Option<ApiError>,
    /// The metadata of the leaf in `cert_content`, as far as it could be read.
    pub certificate: Option<CertificateResponse>,
    /// The same for `cert_content_sign`.
    pub sign_certificate: Option<CertificateResponse>,
    /// What was not evaluated, and why.
    pub not_evaluated: Vec<NotEvaluated>,
    /// All findings, in the order of the form.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether the upload may pass: no finding is an error.
    pub fn is_accepted(&self) -> bool {
        self.api.is_none()
    }

    /// How many findings have that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let checked_at = self.checked_at.map(crate::tell::metadata::format_time);
        let optional_keys = [
            self.checked_at.is_some(),
            self.api.is_some(),
            self.certificate.is_some(),
            self.sign_certificate.is_some(),
        ];
        let length = optional_keys.into_iter().filter(|is_there| *is_there).count().saturating_add(4);
        let mut out = serializer.serialize_struct("Report", length)?;
        out.serialize_field("schema", &1_u8)?;
        out.serialize_field("accepted", &self.is_accepted())?;
        match checked_at {
            Some(time) => out.serialize_field("checked_at", &time)?,
            None => out.skip_field("checked_at")?,
        }
        optional(&mut out, "api", self.api.as_ref())?;
        optional(&mut out, "certificate", self.certificate.as_ref())?;
        optional(&mut out, "sign_certificate", self.sign_certificate.as_ref())?;
        out.serialize_field("not_evaluated", &self.not_evaluated)?;
        out.serialize_field("findings", &self.findings)?;
        out.end()
    }
}

fn optional<S: SerializeStruct>(
    out: &mut S,
    key: &'static str,
    value: Option<&impl Serialize>,
) -> Result<(), S::Error> {
    match value {
        Some(value) => out.serialize_field(key, value),
        None => out.skip_field(key),
    }
}

/// What the API answers to a rejected upload (API page, table 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ApiError {
    /// The HTTP status: 400, or 409 for two codes where the policy says so.
    pub status: u16,
    /// The response body.
    #[serde(flatten)]
    pub body: ErrorBody,
}

/// The body of an error response (API page, table 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ErrorBody {
    /// The code, `APIG.2106` for example.
    pub error_code: ApiCode,
    /// The API's message for it.
    pub error_msg: String,
}

impl ApiError {
    /// The answer to these findings: that of the first error in stage order (form, name, PEM, key, match, chain, validity).
    pub fn of(findings: &[Finding], policy: &Policy) -> Option<Self> {
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let first = errors.min_by_key(|finding| finding.rule.stage)?;
        Some(Self::new(first.rule.api, first.location.field, policy))
    }

    pub(crate) fn new(code: ApiCode, field: Option<Field>, policy: &Policy) -> Self {
        let error_msg = match (code, field) {
            (ApiCode::InvalidValue, Some(field)) => {
                format!(
                    "Invalid parameter value,parameterName:{field}. Please refer to the support documentation"
                )
            }
            _ => code.message().to_owned(),
        };
        let status = if policy.conflict_is_409 && code.is_conflict() { 409 } else { 400 };
        Self { status, body: ErrorBody { error_code: code, error_msg } }
    }
}

/// An upload that may pass, and all that was found about it: warnings survive success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub(crate) report: Report,
    pub(crate) certificate: CertificateResponse,
}

impl Accepted {
    /// The metadata for the API's response; the caller adds what only a server knows.
    pub fn certificate(&self) -> &CertificateResponse {
        &self.certificate
    }

    /// All findings, and the metadata.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The report, owned.
    pub fn into_report(self) -> Report {
        self.report
    }
}

/// An upload that must not pass, and everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    pub(crate) report: Report,
    pub(crate) api: ApiError,
}

impl Rejected {
    /// What the API answers.
    pub fn api(&self) -> &ApiError {
        &self.api
    }

    /// All findings.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The report, owned.
    pub fn into_report(self) -> Report {
        self.report
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = crate::text::count(self.report.count(Severity::Error), "error");
        write!(f, "the upload is rejected with {errors}, {} first", self.api.body.error_code)
    }
}

impl std::error::Error for Rejected {}
