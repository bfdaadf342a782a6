//! The JSON that scripts read: one line, schema 1.

use certgate::fleet::Fleet;
use certgate::{Checked, Finding, NotEvaluated, Report};
use serde::Serialize;

use crate::failure::Failure;

/// A report of `batch`: the report, and the number of its line.
#[derive(Serialize)]
pub(crate) struct Numbered<'a> {
    pub(crate) line: u64,
    #[serde(flatten)]
    pub(crate) report: &'a Report,
}

/// The last line of `batch --fleet`: what the forms share.
pub(crate) fn fleet(fleet: &Fleet, checked: &Checked<()>) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct Shown<'a> {
        schema: u8,
        fleet: Counts,
        not_evaluated: &'a [NotEvaluated],
        findings: &'a [Finding],
    }
    #[derive(Serialize)]
    struct Counts {
        forms: usize,
        keys: usize,
        moduli: usize,
    }
    let counts = Counts { forms: fleet.forms(), keys: fleet.keys(), moduli: fleet.moduli() };
    let Checked { findings, not_evaluated, .. } = checked;
    line(&Shown { schema: 1, fleet: counts, not_evaluated, findings })
}

/// Why a command could not run, or could not read one of its files.
pub(crate) fn failure(failure: &Failure, file: Option<&str>) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct Failed<'a> {
        schema: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        file: Option<&'a str>,
        error: &'a Failure,
    }
    line(&Failed { schema: 1, file, error: failure })
}

/// A value on one line.
pub(crate) fn line(value: &impl Serialize) -> Result<String, Failure> {
    let mut text = serde_json::to_string(value).map_err(|_| Failure::json())?;
    text.push('\n');
    Ok(text)
}

/// Appends a value on one line.
pub(crate) fn append_line(text: &mut Vec<u8>, value: &impl Serialize) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *text, value)?;
    text.push(b'\n');
    Ok(())
}
