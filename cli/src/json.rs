//! The JSON that scripts read: one line, schema 1.

use certgate::fleet::Fleet;
use certgate::{Checked, Finding, NotEvaluated, Report};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::failure::Failure;
use crate::usage;

/// What a caller of `batch` knows a line by: `id` of its object, a number or a short text that cannot be a piece of a key.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum Id {
    Number(i64),
    Text(String),
}

impl Id {
    /// That of a line, where it has one.
    pub(crate) fn of(line: &[u8]) -> Option<Self> {
        const LONGEST: usize = 80;
        #[derive(Deserialize)]
        struct Named<'l> {
            // Not copied: a key may be there by mistake.
            #[serde(borrow)]
            id: &'l RawValue,
        }
        memchr::memmem::find(line, b"\"id\"")?;
        let Named { id } = serde_json::from_slice(line).ok()?;
        let id = Some(id.get()).filter(|text| text.len() <= LONGEST)?;
        let id: Self = serde_json::from_str(id).ok()?;
        match &id {
            Self::Text(text) if !is_uuid(text) && !usage::may_be_repeated(text) => None,
            _ => Some(id),
        }
    }
}

/// Whether a text has the form of a UUID (RFC 9562, section 4).
fn is_uuid(text: &str) -> bool {
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// A report of `batch`: the report, the number of its line, and its `id`.
#[derive(Serialize)]
pub(crate) struct Numbered<'a> {
    pub(crate) line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<Id>,
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
        weak_keys: usize,
    }
    let (forms, keys, moduli, weak_keys) = (fleet.forms(), fleet.keys(), fleet.moduli(), fleet.weak_keys());
    let counts = Counts { forms, keys, moduli, weak_keys };
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
