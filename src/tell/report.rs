//! The result of a check: one report, accepted or rejected, with all findings either way.

use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;

use super::language::Language;
use super::metadata::response::CertificateResponse;
use super::metadata::utc;
use super::trust::Trust;
use crate::finding::{Excepted, Facts, Finding, Findings, NotEvaluated};
use crate::location::{Field, Location};
use crate::policy::{At, Policy};
use crate::read::certificate::Certificate;
use crate::read::form::Unread;
use crate::relate::Proven;
use crate::rule::{ApiCode, Severity};
use crate::rules::catalogue;
use crate::rules::certificate::hosts::{self, Host};
use crate::rules::form::object::judge_unread;
use crate::target::TargetReport;
use crate::version;

/// Everything that a check of a form found out.
///
/// Serialises to the report of the command line's contract, schema 1; keys without a value are left out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The time that validity was checked at; `None` where it was not evaluated.
    #[serde(with = "utc", default)]
    pub checked_at: Option<OffsetDateTime>,
    /// What the API would answer; only where rejected.
    pub api: Option<ApiError>,
    /// The metadata of the leaf in `cert_content`, as far as it could be read.
    pub certificate: Option<CertificateResponse>,
    /// The same for `cert_content_sign`.
    pub sign_certificate: Option<CertificateResponse>,
    /// Each host of the policy, and the name of the leaf in `cert_content` that serves it.
    #[serde(default)]
    pub hosts: Vec<HostServed>,
    /// Whether the chain in `cert_content` ends at a trusted root; `None` where the caller brings no roots.
    #[serde(default)]
    pub trust: Option<Trust>,
    /// What each target that the caller asks for will do with the upload. In JSON an object by the name of the target.
    #[serde(default, deserialize_with = "by_name::read")]
    pub targets: Vec<TargetReport>,
    /// What was not evaluated, and why.
    pub not_evaluated: Vec<NotEvaluated>,
    /// All findings, in the order of the form.
    pub findings: Vec<Finding>,
}

/// A host that the policy asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HostServed {
    /// The host.
    pub host: String,
    /// The name that serves it, `DNS:*.example.com` for example; `None` where no name does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub served_by: Option<String>,
}

impl HostServed {
    /// The hosts of the policy, where there is a leaf to look at.
    pub(crate) fn all(leaf: Option<&Certificate<'_>>, policy: &Policy) -> Vec<Self> {
        let Some(leaf) = leaf else { return Vec::new() };
        let hosts = policy.hosts.iter().filter_map(|host| Host::parse(host));
        let served = hosts.map(|host| Self {
            served_by: hosts::serving(leaf, &host).map(ToString::to_string),
            host: host.to_string(),
        });
        served.collect()
    }
}

impl Report {
    /// Whether the upload is accepted: no finding is an error.
    pub fn is_accepted(&self) -> bool {
        self.api.is_none()
    }

    /// Puts the sentences of the report, which are English, into another language: those of the findings, and what was not evaluated.
    ///
    /// ```
    /// use certgate::{At, CertificateForm, Language, Policy};
    ///
    /// let unread = CertificateForm::from_json(b"").unwrap_err();
    /// let mut report = unread.reject(&Policy::default(), At::NotEvaluated).into_report();
    /// report.tell_in(Language::English);
    /// assert_eq!(report.findings[0].message, "the text is empty");
    /// # #[cfg(feature = "chinese")]
    /// # {
    /// report.tell_in(Language::Chinese);
    /// assert_eq!(report.findings[0].message, "文本为空");
    /// # }
    /// ```
    pub fn tell_in(&mut self, language: Language) {
        self.findings.iter_mut().for_each(|finding| finding.tell_in(language));
        self.not_evaluated.iter_mut().for_each(|entry| entry.tell_in(language));
    }

    /// How many findings have that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// What the JSON shows of a report.
#[derive(Serialize)]
struct Shown<'r> {
    schema: u8,
    accepted: bool,
    #[serde(with = "utc", skip_serializing_if = "Option::is_none")]
    checked_at: Option<OffsetDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api: Option<&'r ApiError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<&'r CertificateResponse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_certificate: Option<&'r CertificateResponse>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    hosts: &'r [HostServed],
    #[serde(skip_serializing_if = "Option::is_none")]
    trust: Option<&'r Trust>,
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "by_name::write")]
    targets: &'r [TargetReport],
    not_evaluated: &'r [NotEvaluated],
    findings: &'r [Finding],
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { checked_at, api, certificate, sign_certificate, hosts, trust, targets, .. } = self;
        let Self { not_evaluated, findings, .. } = self;
        Shown {
            schema: 1,
            accepted: self.is_accepted(),
            checked_at: *checked_at,
            api: api.as_ref(),
            certificate: certificate.as_ref(),
            sign_certificate: sign_certificate.as_ref(),
            hosts,
            trust: trust.as_ref(),
            targets,
            not_evaluated,
            findings,
        }
        .serialize(serializer)
    }
}

/// Targets as an object: the name of each, and what it does.
mod by_name {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::target::{TargetFinding, TargetReport, Verdict};

    #[derive(Serialize)]
    struct Shown<'r> {
        verdict: Verdict,
        known: &'r str,
        findings: &'r [TargetFinding],
    }

    #[derive(Deserialize)]
    struct Given {
        verdict: Verdict,
        known: String,
        findings: Vec<TargetFinding>,
    }

    pub(super) fn write<S: Serializer>(targets: &[TargetReport], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(targets.iter().map(|target| {
            let TargetReport { name, verdict, known, findings } = target;
            (name, Shown { verdict: *verdict, known, findings })
        }))
    }

    pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<TargetReport>, D::Error> {
        let given = BTreeMap::<String, Given>::deserialize(deserializer)?;
        let of = |(name, Given { verdict, known, findings })| TargetReport { name, verdict, known, findings };
        Ok(given.into_iter().map(of).collect())
    }
}

/// What is read back of a finding; the rule is known by its code.
#[derive(Deserialize)]
struct Given {
    code: String,
    severity: Severity,
    default_severity: Severity,
    field: Option<Field>,
    #[serde(default)]
    location: Location,
    message: String,
    hint: String,
    api_code: Option<ApiCode>,
    fixable: bool,
    error_since: Option<String>,
    exception: Option<Excepted>,
    #[serde(default)]
    facts: Facts,
}

impl<'de> Deserialize<'de> for Finding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = Given::deserialize(deserializer)?;
        let Given { code, severity, default_severity, field, location, message, hint, fixable, .. } = given;
        let rule = catalogue::find(&code).ok_or_else(|| {
            serde::de::Error::custom("a finding of a rule that this certgate does not have")
        })?;
        let error_since = given.error_since.as_deref().map(|name| {
            version::find(name)
                .ok_or_else(|| serde::de::Error::custom("a version that this certgate does not know"))
        });
        Ok(Self {
            rule,
            severity,
            default_severity,
            location: Location { field, ..location },
            facts: given.facts,
            message: message.into(),
            hint: hint.into(),
            fixable,
            error_since: error_since.transpose()?,
            exception: given.exception,
            api: given.api_code.filter(|code| *code != rule.api),
            is_raised: false,
            mend: None,
        })
    }
}

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

/// An upload that is accepted, and all that was found about it: there may be warnings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    report: Report,
}

impl Accepted {
    /// The report of a form, with the proof of its keys; given back where that is not there, where the report has an error or no certificate.
    pub(crate) fn new(report: Report, proven: Option<Proven>) -> Result<Self, Box<Report>> {
        if proven.is_some() && report.is_accepted() && report.certificate.is_some() {
            Ok(Self { report })
        } else {
            Err(Box::new(report))
        }
    }

    /// The metadata for the API's response; the caller adds what only a server knows.
    pub fn certificate(&self) -> &CertificateResponse {
        // There always is one: see `new`.
        static NONE: LazyLock<CertificateResponse> = LazyLock::new(CertificateResponse::default);
        self.report.certificate.as_ref().unwrap_or(&NONE)
    }

    /// The metadata, owned.
    pub fn into_certificate(self) -> CertificateResponse {
        self.report.certificate.unwrap_or_default()
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

/// An upload that is rejected, and everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    report: Report,
    api: ApiError,
}

impl Rejected {
    /// The rejection that a report tells; `otherwise` is the answer where no finding is an error.
    pub(crate) fn new(mut report: Report, otherwise: impl FnOnce() -> ApiError) -> Self {
        let api = report.api.get_or_insert_with(otherwise).clone();
        Self { report, api }
    }

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

impl Unread {
    /// The rejection that answers a text which holds no form.
    #[must_use]
    pub fn reject(self, policy: &Policy, at: impl Into<At>) -> Box<Rejected> {
        let at = at.into();
        let mut findings = Findings::at(policy, at).with_all_rules();
        judge_unread(self, &mut findings);
        let (findings, not_evaluated) = findings.finish();
        let report = Report {
            checked_at: at.time(),
            api: ApiError::of(&findings, policy),
            certificate: None,
            sign_certificate: None,
            hosts: Vec::new(),
            trust: None,
            targets: Vec::new(),
            not_evaluated,
            findings,
        };
        Box::new(Rejected::new(report, || ApiError::new(ApiCode::ParameterError, None, policy)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_holds_no_form_is_one_error_with_its_answer() {
        let place = |line, column| (Some(line), Some(column));
        for (unread, code, api, at) in [
            (
                Unread::Syntax { line: 1, column: 7, cause: crate::NotJson::Other },
                "form-not-json",
                "APIG.2000",
                place(1, 7),
            ),
            (Unread::Cut { line: 2, column: 3 }, "form-not-json", "APIG.2000", place(2, 3)),
            (Unread::LineBreak { line: 2, column: 1 }, "form-not-json", "APIG.2000", place(2, 1)),
            (Unread::Empty, "form-not-json", "APIG.2000", (None, None)),
            (Unread::Utf16, "form-not-json", "APIG.2000", (None, None)),
            (Unread::NotObject, "form-not-json", "APIG.2000", (None, None)),
            (Unread::TooLarge { limit: 9 }, "form-too-large", "APIG.2006", (None, None)),
        ] {
            let rejected = unread.reject(&Policy::default(), At::NotEvaluated);
            let report = rejected.report();
            let got: Vec<_> = report
                .findings
                .iter()
                .map(|finding| (finding.code(), (finding.location.line, finding.location.column)))
                .collect();
            assert_eq!(got, [(code, at)]);
            assert_eq!(rejected.api().body.error_code.as_str(), api);
            assert!(!report.is_accepted());
        }
    }
}
