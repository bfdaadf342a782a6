//! What a rule is.
//!
//! A rule is one `static` directly above the function that checks it. Everything said about it elsewhere
//! (`certgate explain`, `docs/rules.md`, the JSON) is derived from that one place.

mod api_code;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::version::Raised;
pub use api_code::ApiCode;

/// How much a finding weighs. An error rejects the upload; a warning and a note do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Accepted, but likely to hurt later or elsewhere.
    Warning,
    /// The upload is rejected.
    Error,
}

impl Severity {
    /// The word used in text and JSON: `note`, `warning` or `error`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The stage a rule belongs to. A rejection answers with the first error in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Stage {
    /// The form itself: which fields are there, their types and lengths.
    Form,
    /// The certificate's name.
    Name,
    /// PEM text, and the DER structure of certificates.
    Pem,
    /// The private key by itself.
    Key,
    /// The private key against its certificate, and SM2 pairs against each other.
    Match,
    /// Order, links and constraints of the chain; the trusted roots.
    Chain,
    /// The certificate at the time of the check, and what clients will say of it.
    Validity,
}

impl Stage {
    /// The word used in text and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Name => "name",
            Self::Pem => "pem",
            Self::Key => "key",
            Self::Match => "match",
            Self::Chain => "chain",
            Self::Validity => "validity",
        }
    }
}

/// Whether a rule is still checked. A retired rule keeps its code, so that no code ever changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Checked.
    Active,
    /// No longer checked; the code stays reserved.
    Retired,
}

/// One rule: what is checked, how much it weighs, why it exists, and what to do when it is broken.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The stable code, in lower case with hyphens: `key-encrypted`.
    pub code: &'static str,
    /// The severity where the policy says nothing else. Issuers and roots may be judged milder.
    pub severity: Severity,
    /// Whether a policy may lower the severity. Raising it is always allowed.
    pub soft: bool,
    /// The stage that checks it.
    pub stage: Stage,
    /// What the API would answer.
    pub api: ApiCode,
    /// One line: what is wrong when this rule is broken.
    pub summary: &'static str,
    /// One thing to do next; a finding may carry a more exact one.
    pub hint: &'static str,
    /// Why the rule exists, with an example. Markdown, paragraphs separated by blank lines.
    pub why: &'static str,
    /// Where it is written: RFC and section, X.690, GB/T, GM/T, CA/Browser BR, API page.
    pub citations: &'static [&'static str],
    /// The rules that this one explains away: where both are broken, only this one is reported.
    pub hides: &'static [Hides],
    /// What kind of edit can fix it without inventing anything. Whether one does is for the plan of the repair to say.
    pub(crate) mend: Option<Mend>,
    /// The version of certgate that first had it.
    pub since: &'static str,
    /// The version that made errors of what was less before; `None` where the rule weighs what it always did.
    pub raised: Option<Raised>,
    /// Whether versions before `since` refused the same uploads under other rules. A policy's `rules_as_of` does not weaken such a rule.
    pub refused_before: bool,
    /// Whether it is still checked.
    pub status: Status,
}

/// A rule that another one explains away, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Hides {
    /// The code of the rule that is then not reported.
    pub code: &'static str,
    /// How near the two have to be.
    pub scope: Scope,
}

/// How near two findings have to be, so that one explains the other away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Scope {
    /// The same field, block and line.
    Place,
    /// The same field and block.
    Block,
    /// The same field.
    Field,
    /// A certificate field and the key field that belongs to it.
    Pair,
    /// Anywhere in the form.
    Form,
}

impl Scope {
    pub(crate) const ALL: [Self; 5] = [Self::Place, Self::Block, Self::Field, Self::Pair, Self::Form];
}

/// A kind of edit that fixes a form without inventing anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Mend {
    /// Write the text of the field again, as plain PEM.
    Rewrite,
    /// Write a block under the label that its body wants.
    Relabel,
    /// Put the blocks of the field in the right order.
    Reorder,
    /// Write a private key in the encoding that all programs load: the same key, and its proven public half.
    Recode,
    /// Leave a block out that is not needed, or is elsewhere too.
    Drop,
    /// Exchange the contents of fields.
    Exchange,
    /// Put blocks into the field that they belong in.
    Move,
    /// Write the fields at the top of the form, under the API's names.
    Rename,
}

impl Rule {
    /// What most rules have in common.
    pub(crate) const BASE: Self = Self {
        code: "",
        severity: Severity::Error,
        soft: false,
        stage: Stage::Form,
        api: ApiCode::ParameterError,
        summary: "",
        hint: "",
        why: "",
        citations: &[],
        hides: &[],
        mend: None,
        since: "0.1.0",
        raised: None,
        refused_before: false,
        status: Status::Active,
    };

    /// The version since which a finding of this rule is an error. `is_raised`: the finding is one of the cases of [`raised`](Self::raised).
    pub(crate) fn error_since(&self, is_raised: bool) -> &'static str {
        match self.raised {
            Some(raised) if is_raised || raised.cases.is_none() => raised.since,
            _ => self.since,
        }
    }

    /// Whether a policy may give this rule that severity: raising always, lowering only where it is soft.
    pub fn admits(&self, severity: Severity) -> bool {
        self.soft || severity >= self.severity
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn words_are_those_of_the_json() {
        use Stage::*;
        for (stage, word) in [
            (Form, "form"),
            (Name, "name"),
            (Pem, "pem"),
            (Key, "key"),
            (Match, "match"),
            (Chain, "chain"),
            (Validity, "validity"),
        ] {
            assert_eq!(stage.as_str(), word);
            assert_eq!(serde_json::to_string(&stage).unwrap(), format!("\"{word}\""));
        }
        for (severity, word) in
            [(Severity::Note, "note"), (Severity::Warning, "warning"), (Severity::Error, "error")]
        {
            assert_eq!((severity.as_str(), severity.to_string().as_str()), (word, word));
            assert_eq!(serde_json::to_string(&severity).unwrap(), format!("\"{word}\""));
        }
    }
}
