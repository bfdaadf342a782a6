//! `certgate fix`: the fixed form on standard output, each edit on standard error; or both as one JSON object.

pub(crate) mod outputs;

use std::io::{self, Write};

use certgate::repair::{self, Edit};
use certgate::{CertificateForm, Field, Mend, Report, Severity};
use serde::Serialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::args::{Fix, Format};
use crate::failure::{About, Failure};
use crate::input::{self, Input};
use crate::json::line;
use crate::style::{self, GOOD, Look};
use crate::{Outcome, check, policy, repaired, text};

use outputs::Outputs;

pub(crate) fn run(command: &Fix, quiet: bool) -> Result<Outcome, Failure> {
    let outputs = Outputs::new(command)?;
    let (policy, clock) = policy::read(&command.policy)?;
    let input = input::form(&command.form)?;
    let repaired = repair::repair(&input.form, &policy, clock.at());
    let (mut report, outcome) = match repaired.result {
        Ok(accepted) => (accepted.into_report(), Outcome::Accepted),
        Err(rejected) => (rejected.into_report(), Outcome::Rejected),
    };
    check::name_files(&mut report.findings, &input, |finding| {
        let field = finding.location.field;
        field.is_some_and(|field| input.form.content(field) == repaired.form.content(field))
    });
    let text = || -> Result<Zeroizing<String>, Failure> {
        let form = match input.json.as_slice() {
            [] => json(&repaired.form, &report, &input)?,
            given => repaired::text(given, &input.form, &repaired.form).ok_or_else(unwritable)?,
        };
        if command.format == Format::Text {
            return Ok(form);
        }
        let form = RawValue::from_string(form.trim_end().to_owned()).map_err(|_| unwritable())?;
        let plan = Plan { schema: 1, form: &form, edits: &repaired.edits, report: &report };
        Ok(Zeroizing::new(line(&plan)?))
    };
    let written = outputs.write(&repaired.form, text)?;
    if !quiet && command.format == Format::Text {
        let mut explanation =
            explanation(Look::of_stderr(), &repaired.edits, &report, &input, &repaired.form);
        let is_written = !written.is_empty();
        for line in written {
            explanation.push_str(&line);
        }
        if is_written && outcome == Outcome::Rejected {
            explanation.push_str(
                "what was written is still rejected: correct the errors above, then check it again\n",
            );
        }
        let _ = io::stderr().write_all(explanation.as_bytes());
    }
    Ok(outcome)
}

/// The fixed form, how it came about, and what is left to say of it.
#[derive(Serialize)]
struct Plan<'a> {
    schema: u8,
    form: &'a RawValue,
    edits: &'a [Edit],
    report: &'a Report,
}

fn unwritable() -> Failure {
    Failure::new(About::Bug, "the fixed form could not be written as JSON: please report this as a bug")
}

/// The form, put together from files, as indented JSON.
fn json(form: &CertificateForm, report: &Report, input: &Input) -> Result<Zeroizing<String>, Failure> {
    let text = serde_json::to_string_pretty(form).map_err(|_| no_text(form, report, input))?;
    let mut text = Zeroizing::new(text);
    text.push('\n');
    Ok(text)
}

/// Reports the first field that is not text, as `check` reports it: with the command that converts it.
fn no_text(form: &CertificateForm, report: &Report, input: &Input) -> Failure {
    let is_binary = |field: &Field| form.content(*field).is_some_and(|content| content.as_text().is_none());
    let Some(field) = Field::ALL.into_iter().find(is_binary) else { return unwritable() };
    let is_der = form.content(field).is_some_and(|content| content.as_bytes().first() == Some(&0x30));
    let file = input.files.get(&field).map_or_else(String::new, |file| format!(" ({file})"));
    let start = format!("{}{file} is not text, and a JSON form can hold only text", field.as_str());
    let mut errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
    match errors.find(|finding| finding.location.field == Some(field)) {
        Some(finding) if !(is_der && finding.code() == "pem-not-pem") => {
            let hint = finding.hint.trim_end_matches('.');
            Failure::new(About::Input, format!("{start}: {}. {hint}", finding.message))
        }
        _ => Failure::new(
            About::Input,
            format!(
                "{start}: convert the file to PEM first, `openssl x509 -inform DER -in FILE -out FILE.pem` for a certificate, \
             `openssl pkey …` for a key"
            ),
        ),
    }
}

/// Each edit on one line, and what is left to say of the fixed form.
fn explanation(look: Look, edits: &[Edit], report: &Report, input: &Input, form: &CertificateForm) -> String {
    let mut out = match edits.len() {
        0 if report.is_accepted() => "nothing to fix\n".to_owned(),
        0 => "certgate cannot fix any of these errors: the form stays as it is\n".to_owned(),
        number => format!("{}\n", text::count(number, "edit")),
    };
    // After an exchange or a move a field holds what came from another file.
    let mut is_from_file = true;
    for edit in edits {
        let file = input.files.get(&edit.field).filter(|_| is_from_file);
        let file = file.map_or_else(String::new, |file| format!(" ({file})"));
        is_from_file &= !matches!(edit.kind, Mend::Exchange | Mend::Move);
        let codes =
            if edit.mends.is_empty() { String::new() } else { format!("[{}]", edit.mends.join(", ")) };
        let head = look.paint(GOOD, &format!("fixed{codes}"));
        out.push_str(&format!("{head} {}{file}: {}\n", edit.field, style::escape(&edit.text)));
    }
    out.push_str(&text::verdict(look, report));
    out.push_str(&text::form_findings(look, report, form, input));
    out
}
