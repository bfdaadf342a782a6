//! Reports in the formats of the places where people work: SARIF, JUnit, annotations of GitHub, code quality of GitLab. All of them say what the
//! library's findings say, at the line of the person's own file where that is known.

mod github;
mod gitlab;
mod junit;
mod place;
mod sarif;
mod uri;

use certgate::containers::Unready;
use certgate::targets::{TargetReport, Verdict};
use certgate::{Finding, NotEvaluated, Report, Severity};

use crate::args::CheckFormat;
use crate::failure::Failure;
use crate::held::Left;

pub(crate) use place::Place;
pub(crate) use uri::path_of;

/// All that a run of `check` found out.
pub(crate) struct Checks<'a> {
    pub(crate) forms: Vec<CheckedForm>,
    pub(crate) left_out: &'a [Left],
}

/// A form, and where each of its findings is.
pub(crate) struct CheckedForm {
    /// The file that the form came from: what is told where a finding has no file of its own.
    pub(crate) source: String,
    pub(crate) report: Report,
    /// One place for each finding, in their order.
    pub(crate) places: Vec<Place>,
    /// The files of an accepted form that are not ready as they are.
    pub(crate) unready: Vec<Unready>,
    /// The command that writes the form.
    pub(crate) write_with: String,
}

impl CheckedForm {
    fn findings(&self) -> impl Iterator<Item = (&Finding, &Place)> {
        self.report.findings.iter().zip(&self.places)
    }
}

/// What is said of a form besides its findings.
struct Told {
    /// `target nginx`, `not ready: cert_content`.
    title: String,
    file: String,
    severity: Severity,
    text: String,
}

impl CheckedForm {
    /// What the targets do, and which files are not ready as they are.
    fn told(&self) -> impl Iterator<Item = Told> {
        self.targets().chain(self.unready())
    }

    fn unready(&self) -> impl Iterator<Item = Told> {
        self.unready.iter().map(|one| Told {
            title: format!("not ready: {}", one.field),
            file: one.files.first().unwrap_or(&self.source).clone(),
            severity: if one.findings.is_empty() { Severity::Note } else { Severity::Warning },
            text: format!("{one}. Write what was accepted with `{}`.", self.write_with),
        })
    }

    /// What each target does that was asked for and does more than load the form.
    fn targets(&self) -> impl Iterator<Item = Told> {
        self.report.targets.iter().filter_map(|target| {
            let severity = match target.verdict {
                Verdict::Loads => return None,
                Verdict::Refuses => Severity::Error,
                _ => Severity::Warning,
            };
            let TargetReport { name, verdict, known, findings, .. } = target;
            let reasons: Vec<_> = findings.iter().map(|finding| finding.message.as_str()).collect();
            let text = format!("{name} {}: {} ({known})", verdict.as_str(), reasons.join(" "));
            Some(Told { title: format!("target {name}"), file: self.source.clone(), severity, text })
        })
    }
}

/// The whole output in one of these formats; the others have writers of their own.
pub(crate) fn text(format: CheckFormat, checks: &Checks<'_>) -> Result<String, Failure> {
    match format {
        CheckFormat::Sarif => sarif::text(checks),
        CheckFormat::Junit => junit::text(checks),
        CheckFormat::Github => Ok(github::text(checks)),
        CheckFormat::Gitlab => gitlab::text(checks),
        CheckFormat::Text | CheckFormat::Json => Ok(String::new()),
    }
}

/// What a finding says, in one text: where in the file, what, and what to do.
fn words(finding: &Finding) -> String {
    let inside = match finding.location.inside.as_slice() {
        [] | [_] => String::new(),
        inside => format!(" ({})", inside.join(", ")),
    };
    let place = format!("{}{inside}", finding.location);
    let place = place.trim_start();
    let gap = if place.is_empty() { "" } else { ": " };
    let hint = if finding.hint.is_empty() { String::new() } else { format!("\n{}", finding.hint) };
    format!("{place}{gap}{}{hint}", finding.message)
}

/// What was not evaluated, once each.
fn not_evaluated<'a>(checks: &'a Checks<'_>) -> Vec<&'a NotEvaluated> {
    let mut all: Vec<&NotEvaluated> = Vec::new();
    for one in checks.forms.iter().flat_map(|form| &form.report.not_evaluated) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}
