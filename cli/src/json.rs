//! The JSON that scripts read: one line, schema 1.

use certgate::Report;
use serde::Serialize;

use crate::failure::Failure;

/// A report of `batch`: the report, and the number of its line.
#[derive(Serialize)]
pub(crate) struct Numbered<'a> {
    pub(crate) line: u64,
    #[serde(flatten)]
    pub(crate) report: &'a Report,
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
