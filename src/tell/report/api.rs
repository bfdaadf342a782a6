//! What the API answers to a rejected upload.

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::location::Field;
use crate::policy::Policy;
use crate::rule::{ApiCode, Severity};

/// What the API answers to a rejected upload (API page, table 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ApiError {
    /// The HTTP status: 400, or 409 for two codes where the policy says so.
    pub status: u16,
    /// The response body.
    #[serde(flatten)]
    pub body: ErrorBody,
}

/// The body of an error response (API page, table 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorBody {
    /// The code, `APIG.2106` for example.
    pub error_code: ApiCode,
    /// The API's message for it.
    pub error_msg: String,
}

impl ApiError {
    /// The answer to these findings: that of the first error in stage order (form, name, PEM, key, match, chain, validity).
    pub(crate) fn of(findings: &[Finding], policy: &Policy) -> Option<Self> {
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let first = errors.min_by_key(|finding| finding.rule.stage)?;
        Some(Self::new(first.api_code(), first.location.field, policy))
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
