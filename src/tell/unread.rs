//! What is said where a form could not be read at all.

use crate::finding::{Finding, Findings};
use crate::location::Location;
use crate::policy::Policy;
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::tell::report::{ApiError, ErrorBody, Rejected, Report};

/// Why the text that should hold a form holds none: for a caller that reads many of them and answers each.
///
/// ```
/// use certgate::{Policy, Unread};
///
/// let rejected = Unread::NoObject.reject(&Policy::default());
/// assert_eq!(rejected.report().findings[0].code(), "form-not-json");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unread {
    /// The text is no JSON.
    Syntax {
        /// Where reading stopped, in characters from 1.
        column: usize,
    },
    /// The text begins something else than an object.
    NoObject,
    /// The text is longer than the caller reads.
    TooLarge {
        /// What the caller reads, in bytes.
        limit: usize,
    },
}

impl Unread {
    /// The rejection that stands in the place of a check.
    #[must_use]
    pub fn reject(self, policy: &Policy) -> Box<Rejected> {
        let finding = self.finding();
        let mut findings = Findings::new(policy);
        findings.not_evaluated("form", "none of its fields could be read");
        findings.add(finding.clone());
        let (findings, not_evaluated) = findings.finish();
        // Neither rule is a conflict, so the status is 400 under every policy.
        let body =
            ErrorBody { error_code: finding.rule.api, error_msg: finding.rule.api.message().to_owned() };
        let api = ApiError { status: 400, body };
        let report = Report {
            checked_at: policy.time,
            api: Some(api.clone()),
            certificate: None,
            sign_certificate: None,
            not_evaluated,
            findings,
        };
        Box::new(Rejected { report, api })
    }

    fn finding(self) -> Finding {
        match self {
            Self::Syntax { column } => Finding::new(
                &FORM_NOT_JSON,
                Location::none().column(column),
                format!("the text is no JSON: reading stopped at column {column}"),
            ),
            Self::NoObject => Finding::new(&FORM_NOT_JSON, Location::none(), "the text is no JSON object"),
            Self::TooLarge { limit } => Finding::new(
                &FORM_TOO_LARGE,
                Location::none(),
                format!("the text has more than {limit} bytes, the most that is read of one form"),
            ),
        }
    }
}

static FORM_NOT_JSON: Rule = Rule {
    code: "form-not-json",
    severity: Severity::Error,
    stage: Stage::Form,
    api: ApiCode::ParameterError,
    summary: "The form is no JSON object",
    hint: "Give one JSON object, such as `{\"name\": …, \"cert_content\": …, \"private_key\": …}`, with every line feed written `\\n`.",
    why: "The body of an upload is one JSON object; anything else has no fields to check. In a batch each line is one such object, so \
          an object that is spread over several lines becomes several broken ones. The place is told by its column: the text itself \
          is not repeated, because it may hold a key.\n\n\
          Example: a PEM text that was put into the JSON with its line feeds as they are.",
    citations: &["API page, table 3", "RFC 8259, sections 2 and 7"],
    ..Rule::BASE
};

static FORM_TOO_LARGE: Rule = Rule {
    code: "form-too-large",
    severity: Severity::Error,
    stage: Stage::Form,
    api: ApiCode::TooLong,
    summary: "The form is larger than any upload",
    hint: "Look for line feeds that are missing between two forms, or for a file that was put in by mistake.",
    why: "A batch is read in bounded memory, so a line has a limit, 4 MiB. A chain of ten certificates and its key take some 40 KiB; a \
          line that is a hundred times longer is most often a file without line feeds, or not a list of forms at all. The line is \
          passed over and the next one is read.\n\n\
          Example: a JSON array of all forms in one line, where one object a line is wanted.",
    citations: &["certgate's own limit: the API documents none"],
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&FORM_NOT_JSON, &FORM_TOO_LARGE];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_one_error_with_its_answer() {
        for (unread, code, api, column) in [
            (Unread::Syntax { column: 7 }, "form-not-json", "APIG.2000", Some(7)),
            (Unread::NoObject, "form-not-json", "APIG.2000", None),
            (Unread::TooLarge { limit: 9 }, "form-too-large", "APIG.2006", None),
        ] {
            let rejected = unread.reject(&Policy::default());
            let report = rejected.report();
            let got: Vec<_> =
                report.findings.iter().map(|finding| (finding.code(), finding.location.column)).collect();
            assert_eq!(got, [(code, column)]);
            assert_eq!(rejected.api().body.error_code.as_str(), api);
            assert!(!report.is_accepted());
        }
    }
}
