//! What must hold of everything that certgate says.

use std::collections::HashMap;

use certgate::repair::Edit;
use certgate::{CertificateForm, Checked, Finding, Location, Report, Severity};

use crate::secrets::assert_untold;

/// The most characters of one message or hint. Names and lists are cut, so no input makes a long one.
const LONGEST: usize = 2000;

/// What the places of findings are in.
#[derive(Clone, Copy)]
pub(crate) enum Input<'a> {
    Bytes(&'a [u8]),
    Form(&'a CertificateForm),
}

impl<'a> Input<'a> {
    fn of(self, place: &Location) -> &'a [u8] {
        match (self, place.field) {
            (Self::Bytes(bytes), _) => bytes,
            (Self::Form(form), Some(field)) => {
                let text = form.text(field).map(str::as_bytes);
                text.or_else(|| form.content(field).map(|content| content.as_bytes())).unwrap_or_default()
            }
            (Self::Form(_), None) => &[],
        }
    }
}

/// # Panics
/// If a finding tells a secret, deceives a terminal, is overlong, points past the input, or has an unstable code.
pub(crate) fn findings(findings: &[Finding], input: Input<'_>) {
    let mut counted = HashMap::new();
    for finding in findings {
        let text = input.of(&finding.location);
        let length = text.len();
        let lines = *counted.entry(finding.location.field).or_insert_with(|| 1 + lines(text));
        for text in [finding.message.as_ref(), &finding.hint, &finding.to_string()] {
            assert_clean(text);
            assert!(text.chars().count() <= LONGEST, "{} characters: {text}", text.chars().count());
            assert!(!text.is_empty());
        }
        let place = &finding.location;
        assert!(place.line.is_none_or(|line| (1..=lines).contains(&line)), "{place:?} of {lines} lines");
        assert!(place.column.is_none_or(|column| (1..=length + 1).contains(&column)), "{place:?}");
        assert!(place.der_offset.is_none_or(|offset| offset <= length), "{place:?}");
        assert!(
            certgate::catalogue::find(finding.code()).is_some(),
            "{} is not in the catalogue",
            finding.code()
        );
        assert!(finding.severity >= finding.default_severity || finding.rule.soft);
        assert_untold(&format!("{finding:?}"), "a finding");
        assert_untold(&serde_json::to_string(finding).expect("JSON"), "a finding's JSON");
    }
}

/// # Panics
/// If an edit of a repair says nothing, deceives a terminal, is overlong, names no finding or none that there is.
pub(crate) fn edits(edits: &[Edit]) {
    for edit in edits {
        assert_clean(&edit.text);
        assert!(!edit.text.is_empty() && edit.text.chars().count() <= LONGEST, "{edit:?}");
        assert!(edit.mends.iter().all(|code| certgate::catalogue::find(code).is_some()), "{edit:?}");
    }
}

/// [`findings`], and that what is read is there where nothing is wrong.
pub(crate) fn checked<T>(checked: &Checked<T>, input: &[u8]) {
    findings(&checked.findings, Input::Bytes(input));
    for entry in &checked.not_evaluated {
        assert_clean(&entry.why);
        assert_untold(&entry.why, "why something was not evaluated");
    }
}

/// [`findings`], and that the API's answer fits them.
pub(crate) fn report(report: &Report, form: &CertificateForm, most: usize) {
    findings(&report.findings, Input::Form(form));
    let first = report.findings.iter().filter(|f| f.severity == Severity::Error).min_by_key(|f| f.rule.stage);
    assert_eq!(report.is_accepted(), first.is_none());
    assert_eq!(report.api.as_ref().map(|api| api.body.error_code), first.map(Finding::api_code));
    // The first error among those left out, and the finding that counts them, come on top.
    assert!(report.findings.len() <= most + 2, "{} findings", report.findings.len());
    let json = serde_json::to_string(report).expect("JSON");
    assert_untold(&json, "a report's JSON");
    assert_untold(&format!("{report:?}"), "a report");
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_no_null(&value);
    for part in [&report.certificate, &report.sign_certificate].into_iter().flatten() {
        let shown = serde_json::to_value(part).expect("JSON");
        each_text(&shown, &mut |text| assert_clean(text));
    }
}

/// Line ends, those that an escape stands for and those lost in a text of one line included.
fn lines(input: &[u8]) -> usize {
    let escaped = input.windows(2).filter(|pair| *pair == b"\\n" || *pair == b"\\r").count();
    let plain = input.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    plain + escaped
}

/// # Panics
/// If a terminal or a reader could be deceived by the text.
pub(crate) fn assert_clean(text: &str) {
    let bad = text.chars().find(|character| certgate::is_unprintable(*character));
    assert!(bad.is_none(), "{bad:?} in {text:?}");
}

fn assert_no_null(value: &serde_json::Value) {
    match value {
        serde_json::Value::Null => panic!("a report with null"),
        serde_json::Value::Array(items) => items.iter().for_each(assert_no_null),
        serde_json::Value::Object(items) => items.values().for_each(assert_no_null),
        _ => {}
    }
}

fn each_text(value: &serde_json::Value, visit: &mut dyn FnMut(&str)) {
    match value {
        serde_json::Value::String(text) => visit(text),
        serde_json::Value::Array(items) => items.iter().for_each(|item| each_text(item, visit)),
        serde_json::Value::Object(items) => items.values().for_each(|item| each_text(item, visit)),
        _ => {}
    }
}
