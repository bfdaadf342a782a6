//! `certgate check`: one report for each form.

use std::path::PathBuf;

use certgate::targets::Profile;
use certgate::{Accepted, At, Field, Finding, Policy, Rejected, Report};

use serde::Serialize;
use zeroize::Zeroizing;

use crate::args::{Check, CheckFormat};
use crate::ci::{self, CheckedForm, Checks, Place};
use crate::failure::{About, Failure};
use crate::input::{self, Input};
use crate::style::{self, Look};
use crate::targets::Asked;
use crate::trust::Trusted;
use crate::{Outcome, assembled, held, json, policy, print, targets, text, usage};

pub(crate) fn run(command: &Check, quiet: bool) -> Result<Outcome, Failure> {
    let (policy, clock) = policy::read(&command.policy)?;
    let trusted = Trusted::read(&command.trust)?;
    let asked = Asked::read(&command.target)?;
    let targets = asked.profiles();
    let checking =
        Checking { command, trusted: &trusted, targets: &targets, policy: &policy, at: clock.at(), quiet };
    let assembled = |read| assembled::check(command, read, &trusted, &targets, &policy, clock.at(), quiet);
    match command.paths.as_slice() {
        [] => checking.forms(vec![input::parts(&command.parts)?]),
        [path] if !path.is_dir() => {
            let bytes = input::read(path, input::MOST)?;
            if !held::is_json(path, &bytes) {
                return assembled(vec![(path.clone(), bytes)]);
            }
            checking.bodies(vec![(path.clone(), bytes)])
        }
        paths => {
            let bodies = bodies(paths)?;
            match bodies.len() {
                0 | 1 => assembled(Vec::new()),
                count if count == paths.len() => checking.bodies(bodies),
                _ => {
                    let text = "several of these PATHs are JSON forms, each of which is checked by itself: give the forms alone, and the other files alone";
                    Err(Failure::new(About::Usage, text))
                }
            }
        }
    }
}

/// A file that is a JSON form, as it was read.
type Body = (PathBuf, Zeroizing<Vec<u8>>);

/// The files among the PATHs that are JSON forms.
fn bodies(paths: &[PathBuf]) -> Result<Vec<Body>, Failure> {
    let mut bodies = Vec::new();
    // A pipe can be read once only.
    for path in paths.iter().filter(|path| path.is_file()) {
        let bytes = input::read(path, input::MOST)?;
        if held::is_json(path, &bytes) {
            bodies.push((path.clone(), bytes));
        }
    }
    Ok(bodies)
}

/// What all forms of a run are checked with.
struct Checking<'a> {
    command: &'a Check,
    trusted: &'a Trusted,
    targets: &'a [&'a Profile],
    policy: &'a Policy,
    at: At,
    quiet: bool,
}

/// One of several reports, with the file of its form.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    report: &'a Report,
    file: &'a str,
}

impl Checking<'_> {
    /// Checks files that are JSON forms.
    fn bodies(&self, bodies: Vec<Body>) -> Result<Outcome, Failure> {
        if self.command.parts.is_any() {
            let text = "this PATH is a JSON form, which says its values itself: leave out the options of a form, such as --name";
            return Err(Failure::new(About::Usage, text));
        }
        let inputs = bodies.into_iter().map(|(path, bytes)| input::from_json(&path, bytes));
        self.forms(inputs.collect::<Result<_, _>>()?)
    }

    /// Checks forms, each by itself.
    fn forms(&self, inputs: Vec<Input>) -> Result<Outcome, Failure> {
        self.trusted.must_have_roots()?;
        if self.command.passphrase.is_any() {
            let text = "a passphrase opens files that are given as PATH, not a form or --cert and --key: `certgate check CERT KEY --passphrase-file F`";
            return Err(Failure::new(About::Usage, text));
        }
        let (look, count, mut outcome) = (Look::of_stdout(), inputs.len(), Outcome::Accepted);
        let mut checked = Vec::new();
        for (number, mut input) in inputs.into_iter().enumerate() {
            for word in policy::words(&self.command.policy) {
                input.arguments.push(' ');
                input.arguments.push_str(&word);
            }
            let mut report = self.trusted.report(&input.form, &[], self.policy, self.at, self.targets);
            name_files(&mut report.findings, &input, |_| true);
            if targets::outcome(&report) == Outcome::Rejected {
                outcome = Outcome::Rejected;
            }
            if self.quiet {
                continue;
            }
            let path = self.command.paths.get(number);
            let file = path.filter(|_| count > 1).map(|path| usage::name_of(path));
            print(&match self.command.format {
                CheckFormat::Text => {
                    let gap = if number > 0 { "\n" } else { "" };
                    let title = file.map(|file| format!("{gap}{}: ", style::escape(&file)));
                    format!("{}{}", title.unwrap_or_default(), text::report(look, &report, &input))
                }
                CheckFormat::Json => match &file {
                    Some(file) => json::line(&Line { report: &report, file })?,
                    None => json::line(&report)?,
                },
                // All forms are told together.
                _ => {
                    checked.push(placed(path, self.command, report, &input));
                    String::new()
                }
            })?;
        }
        if !self.quiet {
            print(&ci::text(self.command.format, &Checks { forms: checked, left_out: &[] })?)?;
        }
        Ok(outcome)
    }
}

/// The report on a form, with the place of each finding in the file of the form, or in those of its fields.
fn placed(path: Option<&PathBuf>, command: &Check, report: Report, input: &Input) -> CheckedForm {
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
