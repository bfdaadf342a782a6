//! What a target will do with an upload.

use serde::{Deserialize, Serialize};

use super::facts::UploadFacts;
use super::profile::Profile;
use crate::location::Location;

/// What a target does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Verdict {
    /// It loads the upload.
    Loads,
    /// It loads the upload, but clients will refuse it, or certgate cannot say everything.
    Warns,
    /// It refuses the upload.
    Refuses,
}

impl Verdict {
    /// `loads`, `warns` or `refuses`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Loads => "loads",
            Self::Warns => "warns",
            Self::Refuses => "refuses",
        }
    }
}

/// What a target will do with an upload, and why.
///
/// Serialises to an entry of `targets` in the report: `name`, `verdict`, `known`, `findings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TargetReport {
    /// The target.
    pub name: String,
    /// What it will do: the heaviest of its findings.
    pub verdict: Verdict,
    /// How that is known: `tried: nginx 1.22.1`, or `from documents, not tried: …`.
    pub known: String,
    /// Why: what makes it refuse, or what it warns of. Empty where it loads.
    pub findings: Vec<TargetFinding>,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TargetFinding {
    /// The rule of the profile.
    pub rule: String,
    /// What it makes the target do.
    pub verdict: Verdict,
    /// Where in the form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<crate::location::Field>,
    /// The place in that field.
    #[serde(skip_serializing_if = "Location::is_bare", default)]
    pub location: Location,
    /// What the target does.
    pub message: String,
    /// Where that is known from.
    pub source: String,
}

/// What the target of `profile` will do with the upload of `facts`. A rule that holds in several places is told once, with the first place.
pub(crate) fn judge(profile: &Profile, facts: &UploadFacts) -> TargetReport {
    let mut findings: Vec<TargetFinding> = Vec::new();
    for rule in profile.rules() {
        let subjects = facts.iter().filter(|subject| rule.subjects().contains(&subject.kind));
        let Some(first) = subjects.into_iter().find(|subject| rule.holds(&subject.facts)) else { continue };
        findings.push(TargetFinding {
            rule: rule.name().to_owned(),
            verdict: rule.verdict(),
            field: first.place.field,
            location: first.place.clone(),
            message: rule.says().to_owned(),
            source: rule.source().map_or_else(|| profile.known(), str::to_owned),
        });
    }
    let verdict = findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Loads);
    // What would happen once it is loaded does not happen where it is refused.
    findings.retain(|finding| finding.verdict == verdict);
    TargetReport { name: profile.name().to_owned(), verdict, known: profile.known(), findings }
}
