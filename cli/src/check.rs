//! `certgate check`: one form, one report.

use certgate::{Accepted, At, CertificateForm, Finding, Policy, Rejected, Report, validate};

use crate::args::{Check, Format};
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::style::Look;
use crate::{Outcome, json, policy, print, text};

pub(crate) fn run(command: &Check, quiet: bool) -> Result<Outcome, Failure> {
    let (policy, clock) = policy::read(&command.policy)?;
    let mut input = input::form(&command.form)?;
    for word in policy::words(&command.policy) {
        input.arguments.push(' ');
        input.arguments.push_str(&word);
    }
    let report = report(&input, &policy, clock.at());
    if !quiet {
        print(&match command.format {
            Format::Text => text::report(Look::of_stdout(), &report, &input),
            Format::Json => json::line(&report)?,
        })?;
    }
    Ok(outcome(&report))
}

/// Checks a form; findings in a field that has a file of its own name it.
pub(crate) fn report(input: &Input, policy: &Policy, at: At) -> Report {
    let mut report = validated(&input.form, policy, at);
    name_files(&mut report.findings, input, |_| true);
    report
}

/// The report on a form, accepted or not.
pub(crate) fn validated(form: &CertificateForm, policy: &Policy, at: At) -> Report {
    report_of(validate(form, policy, at))
}

/// The report of a check.
pub(crate) fn report_of(checked: Result<Accepted, Box<Rejected>>) -> Report {
    match checked {
        Ok(accepted) => accepted.into_report(),
        Err(rejected) => rejected.into_report(),
    }
}

/// Puts the file into the location of each finding whose field was read from one and still is what the file holds.
pub(crate) fn name_files(findings: &mut [Finding], input: &Input, holds: impl Fn(&Finding) -> bool) {
    for finding in findings {
        let file = finding.location.field.and_then(|field| input.files.get(&field));
        if let Some(file) = file.filter(|_| holds(finding)) {
            finding.location.file = Some(file.clone());
        }
    }
}

pub(crate) fn outcome(report: &Report) -> Outcome {
    if report.is_accepted() { Outcome::Accepted } else { Outcome::Rejected }
}
