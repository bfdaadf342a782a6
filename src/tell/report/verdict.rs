//! The two ways in which a check ends.

use std::fmt;
use std::sync::LazyLock;

use super::{ApiError, Report};
use crate::finding::Findings;
use crate::policy::{At, Policy};
use crate::read::form::Unread;
use crate::relate::Proven;
use crate::rule::{ApiCode, Severity};
use crate::rules::form::object::judge_unread;
use crate::tell::metadata::response::CertificateResponse;

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
    use crate::read::form::{NotJson, Why};

    #[test]
    fn a_text_that_holds_no_form_is_one_error_with_its_answer() {
        let place = |line, column| (Some(line), Some(column));
        for (unread, code, api, at) in [
            (
                Why::Syntax { line: 1, column: 7, cause: NotJson::Other },
                "form-not-json",
                "APIG.2000",
                place(1, 7),
            ),
            (Why::Cut { line: 2, column: 3 }, "form-not-json", "APIG.2000", place(2, 3)),
            (Why::LineBreak { line: 2, column: 1 }, "form-not-json", "APIG.2000", place(2, 1)),
            (Why::Empty, "form-not-json", "APIG.2000", (None, None)),
            (Why::Utf16, "form-not-json", "APIG.2000", (None, None)),
            (Why::NotObject, "form-not-json", "APIG.2000", (None, None)),
            (Why::TooLarge { limit: 9 }, "form-too-large", "APIG.2006", (None, None)),
        ] {
            let rejected = Unread(unread).reject(&Policy::default(), At::NotEvaluated);
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
