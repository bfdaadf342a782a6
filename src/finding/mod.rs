//! One rule broken at one place.

pub(crate) mod exception;
mod facts;
mod list;
mod precedence;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use crate::location::{Field, Location};
use crate::rule::{ApiCode, Mend, Rule, Severity};

pub use exception::Excepted;
pub use facts::{Fact, Facts};
pub(crate) use facts::{Told, told};
pub(crate) use list::{Findings, RULES};

/// One rule broken at one place.
///
/// Serialises to an object of the report: `code`, `severity`, `default_severity`, `field`, `location`, `message`, `hint`,
/// `api_code`, `fixable`, `error_since`, `exception`, `facts`; keys without a value are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// What it weighs here, under the policy.
    pub severity: Severity,
    /// What it weighs here where the policy says nothing.
    pub default_severity: Severity,
    /// Where.
    pub location: Location,
    /// What message and hint are made of: actual and allowed values, names, other places.
    pub facts: Facts,
    /// What is wrong. Text from the input is escaped and cut; key material never appears.
    pub message: Cow<'static, str>,
    /// What to do next.
    pub hint: Cow<'static, str>,
    /// Whether an edit of the [repair](crate::repair) fixes it.
    pub fixable: bool,
    /// The version since which it is an error, where the policy's `rules_as_of` makes a warning of it; else `None`.
    pub error_since: Option<&'static str>,
    /// The policy's exception for it, in force or ended; else `None`.
    pub exception: Option<Excepted>,
    /// What the API answers, where that is not what it answers for the rule.
    pub(crate) api: Option<ApiCode>,
    /// Whether it is one of the cases that the rule's `raised` names.
    pub(crate) is_raised: bool,
    /// What kind of edit can fix this case.
    pub(crate) mend: Option<Mend>,
}

impl Finding {
    /// `rule` is broken at `location`; `message` says what is wrong. The rest comes from the rule.
    pub(crate) fn new(rule: &'static Rule, location: Location, message: impl Into<Told>) -> Self {
        let Told { text, facts } = message.into();
        Self {
            rule,
            severity: rule.severity,
            default_severity: rule.severity,
            location,
            facts,
            message: text,
            hint: Cow::Borrowed(rule.hint),
            fixable: false,
            error_since: None,
            exception: None,
            api: None,
            is_raised: false,
            mend: None,
        }
    }

    /// The same finding with a hint that knows this case.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<Told>) -> Self {
        let Told { text, facts } = hint.into();
        self.hint = text;
        self.facts.extend(facts);
        self
    }

    /// The same finding, weighing `severity` at most unless the policy says more: for certificates that a site cannot re-encode.
    #[must_use]
    pub(crate) fn at_most(mut self, severity: Severity) -> Self {
        self.default_severity = self.default_severity.min(severity);
        self.severity = self.severity.min(severity);
        self
    }

    /// The same finding, as one of the cases that are errors only since the version that the rule's `raised` names.
    #[must_use]
    pub(crate) fn raised(mut self) -> Self {
        self.is_raised = true;
        self
    }

    /// The same finding, which the API answers with another code than the rule's.
    #[must_use]
    pub(crate) fn answered_with(mut self, code: ApiCode) -> Self {
        self.api = Some(code);
        self
    }

    /// The same finding, which an edit of the rule's kind can fix.
    #[must_use]
    pub(crate) fn repairable(mut self) -> Self {
        self.mend = self.rule.mend;
        self
    }

    /// Whether an edit of the repair fixes it.
    pub fn is_fixable(&self) -> bool {
        self.fixable
    }

    /// The rule's stable code.
    pub fn code(&self) -> &'static str {
        self.rule.code
    }

    /// What the API answers: the rule's code, but for an issuer that cannot be read.
    pub fn api_code(&self) -> ApiCode {
        self.api.unwrap_or(self.rule.api)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.severity, self.rule.code)?;
        let location = self.location.to_string();
        if !location.is_empty() {
            write!(f, " {location}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// What the JSON of a report shows of a finding.
#[derive(Serialize)]
struct Shown<'f> {
    code: &'static str,
    severity: Severity,
    default_severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<Field>,
    #[serde(skip_serializing_if = "Location::is_bare")]
    location: &'f Location,
    message: &'f str,
    hint: &'f str,
    api_code: ApiCode,
    fixable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_since: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<&'f Excepted>,
    #[serde(skip_serializing_if = "Facts::is_empty")]
    facts: &'f Facts,
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { rule, severity, default_severity, location, facts, message, hint, fixable, .. } = self;
        Shown {
            code: rule.code,
            severity: *severity,
            default_severity: *default_severity,
            field: location.field,
            location,
            message,
            hint,
            api_code: self.api_code(),
            fixable: *fixable,
            error_since: self.error_since,
            exception: self.exception.as_ref(),
            facts,
        }
        .serialize(serializer)
    }
}

/// Something that was not evaluated, and why. It is never the same as "ok".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NotEvaluated {
    /// What was not evaluated: a stable word such as `validity` or `link`.
    pub code: Cow<'static, str>,
    /// Why not.
    pub why: Cow<'static, str>,
}

/// The result of one check that stands by itself: what was understood, and everything found on the way.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checked<T> {
    /// What was understood; `None` where an error leaves nothing to hand on.
    pub value: Option<T>,
    /// The findings, in the order of the input.
    pub findings: Vec<Finding>,
    /// What was not evaluated, and why.
    pub not_evaluated: Vec<NotEvaluated>,
}

impl<T> Checked<T> {
    /// Whether no finding is an error.
    pub fn is_ok(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity < Severity::Error)
    }

    /// The value where no finding is an error, else the findings.
    ///
    /// # Errors
    /// All findings, when one of them is an error.
    pub fn into_result(self) -> Result<T, Vec<Finding>> {
        match self.value {
            Some(value) if self.findings.iter().all(|finding| finding.severity < Severity::Error) => {
                Ok(value)
            }
            _ => Err(self.findings),
        }
    }
}
