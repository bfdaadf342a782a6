//! The result of a check: one report, accepted or rejected, with all findings either way.

mod api;
mod json;
mod verdict;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::language::Language;
use super::metadata::response::CertificateResponse;
use super::metadata::utc;
use super::trust::Trust;
use crate::finding::{Finding, NotEvaluated};
use crate::policy::Policy;
use crate::read::certificate::Certificate;
use crate::rule::Severity;
use crate::rules::certificate::hosts::{self, Host};
use crate::target::TargetReport;

pub use api::{ApiError, ErrorBody};
pub use verdict::{Accepted, Rejected};

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
    #[serde(default, deserialize_with = "json::by_name::read")]
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
