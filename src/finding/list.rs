//! The list that all checks write into, and what the policy makes of each finding.

use std::borrow::Cow;

use time::OffsetDateTime;

use super::exception::{Exceptions, Outcome};
use super::{Checked, Finding, NotEvaluated, precedence, told};
use crate::location::Location;
use crate::policy::{At, Policy};
use crate::rule::{ApiCode, Rule, Severity, Stage};

pub(super) static TOO_MANY_FINDINGS: Rule = Rule {
    code: "too-many-findings",
    severity: Severity::Note,
    stage: Stage::Form,
    api: ApiCode::ParameterError,
    summary: "There are more findings than one report shows",
    hint: "Fix what is listed first, then check again. The other findings usually have the same cause.",
    why: "A hostile or badly damaged input can break the same rule thousands of times. The report keeps the first findings (200 unless \
          the policy says otherwise) and counts the rest; an error among the rest still rejects the upload.\n\n\
          Example: 1 MiB of lines that each hold a character outside base64.",
    citations: &["CVE-2025-61729: the cost of an error text must be bounded"],
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&TOO_MANY_FINDINGS];

/// What the checks write into: findings, and what was not evaluated, under one policy and at one time.
#[derive(Debug)]
pub(crate) struct Findings<'p> {
    policy: &'p Policy,
    at: At,
    findings: Vec<Finding>,
    not_evaluated: Vec<NotEvaluated>,
    left_out: usize,
    left_out_error: Option<Finding>,
    /// Whether the policy's `rules_as_of` counts.
    is_weakened: bool,
    exceptions: Exceptions<'p>,
}

impl<'p> Findings<'p> {
    /// For checks that need no time.
    pub(crate) fn new(policy: &'p Policy) -> Self {
        Self::at(policy, At::NotEvaluated)
    }

    /// For checks at a time.
    pub(crate) fn at(policy: &'p Policy, at: At) -> Self {
        let (findings, not_evaluated) = (Vec::new(), Vec::new());
        let exceptions = Exceptions::default();
        Self {
            policy,
            at,
            findings,
            not_evaluated,
            left_out: 0,
            left_out_error: None,
            is_weakened: true,
            exceptions,
        }
    }

    /// With the policy's exceptions for the certificates that are checked.
    #[must_use]
    pub(crate) fn with_exceptions(mut self, exceptions: Exceptions<'p>) -> Self {
        self.exceptions = exceptions;
        self
    }

    /// For an upload that no version accepts: the policy's `rules_as_of` does not count, so that its errors are told as errors.
    #[must_use]
    pub(crate) fn with_all_rules(mut self) -> Self {
        self.is_weakened = false;
        self
    }

    /// The time of the check; `None` where validity is not evaluated.
    pub(crate) fn time(&self) -> Option<OffsetDateTime> {
        self.at.time()
    }

    /// The policy of the check.
    pub(crate) fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// Adds a finding; the policy has the last word on its severity.
    pub(crate) fn add(&mut self, mut finding: Finding) {
        self.weigh(&mut finding);
        if self.findings.len() < self.policy.max_findings {
            self.findings.push(finding);
        } else {
            self.left_out = self.left_out.saturating_add(1);
            if finding.severity == Severity::Error && self.left_out_error.is_none() {
                self.left_out_error = Some(finding);
            }
        }
    }

    fn weigh(&mut self, finding: &mut Finding) {
        finding.severity = self.policy.severity_of(finding.rule, finding.default_severity);
        let since = finding.rule.error_since(finding.is_raised);
        if self.is_weakened && finding.severity == Severity::Error && self.policy.weakens(finding.rule, since)
        {
            finding.severity = Severity::Warning;
            finding.error_since = Some(since);
        }
        if self.policy.strict && finding.severity == Severity::Warning {
            finding.severity = Severity::Error;
            finding.error_since = None;
        }
        match self.exceptions.of(finding, self.at) {
            Outcome::Stays => {}
            Outcome::NoTime => self.not_evaluated(
                "exceptions",
                "no time was given, so the policy's exceptions with their last days were not applied",
            ),
            Outcome::Excepted(excepted) => {
                if !excepted.ended {
                    finding.severity = Severity::Warning;
                }
                finding.exception = Some(excepted);
            }
        }
    }

    /// Counts findings that were not made, because there are so many of their kind.
    pub(crate) fn leave_out(&mut self, count: usize) {
        self.left_out = self.left_out.saturating_add(count);
    }

    /// Says that something was not evaluated. The same is said once.
    pub(crate) fn not_evaluated(&mut self, code: &'static str, why: impl Into<Cow<'static, str>>) {
        let entry = NotEvaluated { code: code.into(), why: why.into() };
        if !self.not_evaluated.contains(&entry) {
            self.not_evaluated.push(entry);
        }
    }

    /// All findings, but those that another explains away, and all that was not evaluated, in the order they were added.
    pub(crate) fn finish(mut self) -> (Vec<Finding>, Vec<NotEvaluated>) {
        precedence::apply(&mut self.findings);
        if self.left_out > 0 {
            self.findings.extend(self.left_out_error.take());
            let verb = if self.left_out == 1 { "is" } else { "are" };
            let left_out = crate::text::count(self.left_out, "more finding");
            let message = told!("{left_out} {verb} left out of this report", count = self.left_out);
            let mut finding = Finding::new(&TOO_MANY_FINDINGS, Location::none(), message);
            self.weigh(&mut finding);
            self.findings.push(finding);
        }
        (self.findings, self.not_evaluated)
    }

    /// All findings, also those that another explains away, and all that was not evaluated, in the order they were added.
    pub(crate) fn all(self) -> (Vec<Finding>, Vec<NotEvaluated>) {
        (self.findings, self.not_evaluated)
    }

    /// The result of a check that stands by itself.
    pub(crate) fn checked<T>(self, value: Option<T>) -> Checked<T> {
        let (mut findings, not_evaluated) = self.finish();
        findings.iter_mut().for_each(|finding| finding.fixable = finding.mend.is_some());
        Checked { value, findings, not_evaluated }
    }
}
