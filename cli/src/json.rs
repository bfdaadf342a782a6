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

/// A value on one line.
pub(crate) fn line(value: &impl Serialize) -> Result<String, Failure> {
    let bug = |_| Failure::new("the result could not be written as JSON: please report this as a bug");
    let mut text = serde_json::to_string(value).map_err(bug)?;
    text.push('\n');
    Ok(text)
}

/// Appends a value on one line.
pub(crate) fn append_line(text: &mut Vec<u8>, value: &impl Serialize) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *text, value)?;
    text.push(b'\n');
    Ok(())
}
