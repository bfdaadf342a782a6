//! `certgate fix`: the mended form on standard output, what was mended on standard error.

use std::io::{self, IsTerminal, Write};

use certgate::{CertificateForm, Field, Finding, Report, Severity, repair};
use zeroize::Zeroizing;

use crate::args::Fix;
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::style::{GOOD, Look};
use crate::{Outcome, check, mended, policy, print, text};

pub(crate) fn run(command: &Fix) -> Result<Outcome, Failure> {
    if io::stdout().is_terminal() && !command.show_secrets {
        return Err(Failure::new(
            "the mended form holds the private key and would be shown on this terminal: \
             write it to a file with `> fixed.json`, or add --show-secrets",
        ));
    }
    let policy = policy::read(&command.policy)?;
    let input = input::form(&command.form)?;
    let mut repaired = repair::repair(&input.form, &policy);
    // After an exchange a field holds what came from another file.
    let given = check::validated(&input.form, &policy).findings;
    check::name_files(&mut repaired.mended, &input, |mended| {
        given.iter().any(|given| given.code() == mended.code() && given.location == mended.location)
    });
    let (mut report, outcome) = match repaired.result {
        Ok(accepted) => (accepted.into_report(), Outcome::Accepted),
        Err(rejected) => (rejected.into_report(), Outcome::Rejected),
    };
    check::name_files(&mut report.findings, &input, |finding| {
        let field = finding.location.field;
        field.is_some_and(|field| input.form.content(field) == repaired.form.content(field))
    });
    print(&match input.json.as_slice() {
        [] => json(&repaired.form, &report, &input)?,
        given => mended::text(given, &input.form, &repaired.form).ok_or_else(unwritable)?,
    })?;
    let told = told(Look::of_stderr(), &repaired.mended, &report, &repaired.form);
    let _ = io::stderr().write_all(told.as_bytes());
    Ok(outcome)
}

fn unwritable() -> Failure {
    Failure::new("the mended form could not be written as JSON: please report this as a bug")
}

/// The form, put together from files, as indented JSON.
fn json(form: &CertificateForm, report: &Report, input: &Input) -> Result<Zeroizing<String>, Failure> {
    let text = serde_json::to_string_pretty(form).map_err(|_| no_text(form, report, input))?;
    let mut text = Zeroizing::new(text);
    text.push('\n');
    Ok(text)
}

/// Says of the first field that is no text what `check` says of it, which names the command that converts it.
fn no_text(form: &CertificateForm, report: &Report, input: &Input) -> Failure {
    let is_binary = |field: &Field| form.content(*field).is_some_and(|content| content.as_text().is_none());
    let Some(field) = Field::ALL.into_iter().find(is_binary) else { return unwritable() };
    let is_der = form.content(field).is_some_and(|content| content.as_bytes().first() == Some(&0x30));
    let file = input.files.get(&field).map_or_else(String::new, |file| format!(" ({file})"));
    let start = format!("{}{file} is no text, which a JSON form cannot hold", field.as_str());
    let mut errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
    match errors.find(|finding| finding.location.field == Some(field)) {
        Some(finding) if !(is_der && finding.code() == "pem-not-pem") => {
            let hint = finding.hint.trim_end_matches('.');
            Failure::new(format!("{start}: {}. {hint}", finding.message))
        }
        _ => Failure::new(format!(
            "{start}: convert the file to PEM first, `openssl x509 -inform DER -in FILE -out FILE.pem` for a certificate, \
             `openssl pkey …` for a key"
        )),
    }
}

/// What was mended, and what is left to say of the mended form.
fn told(look: Look, mended: &[Finding], report: &Report, form: &CertificateForm) -> String {
    let mut out = match mended.len() {
        0 => "nothing to mend\n".to_owned(),
        number => format!("mended {}\n", text::count(number, "finding")),
    };
    for finding in mended {
        let head = look.paint(GOOD, &format!("mended[{}]", finding.code()));
        out.push_str(&text::one_line(look, &head, finding));
    }
    out.push_str(&text::verdict(look, report));
    out.push_str(&text::form_findings(look, report, form));
    out
}
