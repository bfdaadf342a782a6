//! `certgate check`: one form, one report.

use certgate::targets::Profile;
use certgate::{Accepted, At, Field, Finding, Policy, Rejected, Report};

use crate::args::{Check, CheckFormat};
use crate::ci::{self, CheckedForm, Checks, Place};
use crate::failure::{About, Failure};
use crate::input::{self, Input};
use crate::style::Look;
use crate::targets::Asked;
use crate::trust::Trusted;
use crate::{Outcome, assembled, held, json, policy, print, targets, text, usage};

pub(crate) fn run(command: &Check, quiet: bool) -> Result<Outcome, Failure> {
    let (policy, clock) = policy::read(&command.policy)?;
    let trusted = Trusted::read(&command.trust)?;
    let asked = Asked::read(&command.target)?;
    let targets = asked.profiles();
    let [path] = command.paths.as_slice() else {
        if command.paths.is_empty() {
            return form(
                command,
                input::parts(&command.parts)?,
                &trusted,
                &targets,
                &policy,
                clock.at(),
                quiet,
            );
        }
        return assembled::check(command, Vec::new(), &trusted, &targets, &policy, clock.at(), quiet);
    };
    if path.is_dir() {
        return assembled::check(command, Vec::new(), &trusted, &targets, &policy, clock.at(), quiet);
    }
    let bytes = input::read(path, input::MOST)?;
    if !held::is_json(path, &bytes) {
        let read = vec![(path.clone(), bytes)];
        return assembled::check(command, read, &trusted, &targets, &policy, clock.at(), quiet);
    }
    if command.parts.is_any() {
        let text = "this PATH is a JSON form, which says its values itself: leave out the options of a form, such as --name";
        return Err(Failure::new(About::Usage, text));
    }
    form(command, input::from_json(path, bytes)?, &trusted, &targets, &policy, clock.at(), quiet)
}

fn form(
    command: &Check,
    mut input: Input,
    trusted: &Trusted,
    targets: &[&Profile],
    policy: &Policy,
    at: At,
    quiet: bool,
) -> Result<Outcome, Failure> {
    trusted.must_have_roots()?;
    if command.passphrase.is_any() {
        let text = "a passphrase opens files that are given as PATH, not a form or --cert and --key: `certgate check CERT KEY --passphrase-file F`";
        return Err(Failure::new(About::Usage, text));
    }
    for word in policy::words(&command.policy) {
        input.arguments.push(' ');
        input.arguments.push_str(&word);
    }
    let mut report = trusted.report(&input.form, &[], policy, at, targets);
    name_files(&mut report.findings, &input, |_| true);
    let outcome = targets::outcome(&report);
    if !quiet {
        print(&match command.format {
            CheckFormat::Text => text::report(Look::of_stdout(), &report, &input),
            CheckFormat::Json => json::line(&report)?,
            format => {
                ci::text(format, &Checks { forms: vec![placed(command, report, &input)], left_out: &[] })?
            }
        })?;
    }
    Ok(outcome)
}

/// The report on a form, with the place of each finding in the file of the form, or in those of its fields.
fn placed(command: &Check, report: Report, input: &Input) -> CheckedForm {
    let path = command.paths.first();
    let places = match path.filter(|path| !input::is_stdin(path)) {
        Some(path) => Place::in_form(&report.findings, path, input),
        None => report.findings.iter().map(Place::in_file).collect(),
    };
    let source = path.or(command.parts.cert.first()).map(|path| usage::name_of(path)).unwrap_or_default();
    CheckedForm { source, report, places, unready: Vec::new(), write_with: String::new() }
}

/// The report of a check.
pub(crate) fn report_of(checked: Result<Accepted, Box<Rejected>>) -> Report {
    match checked {
        Ok(accepted) => accepted.into_report(),
        Err(rejected) => rejected.into_report(),
    }
}

/// The file of a field with several files that a finding is in, by its line.
fn name_piece(finding: &mut Finding, input: &Input) {
    let Some(line) = finding.location.line else { return };
    let Some(piece) = input.pieces.iter().rev().find(|piece| piece.first_line <= line) else { return };
    finding.location.file = Some(piece.file.clone());
    let own = line.saturating_sub(piece.first_line).saturating_add(1);
    finding.location.line = Some(own);
}

/// Puts the file into the location of each finding whose field was read from one and still is what the file holds.
pub(crate) fn name_files(findings: &mut [Finding], input: &Input, holds: impl Fn(&Finding) -> bool) {
    for finding in findings {
        if finding.location.field == Some(Field::CertContent) && !input.pieces.is_empty() && holds(finding) {
            name_piece(finding, input);
        }
        let file = finding.location.field.and_then(|field| input.files.get(&field));
        if let Some(file) = file.filter(|_| holds(finding)) {
            finding.location.file = Some(file.clone());
        }
    }
}
