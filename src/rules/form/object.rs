//! The form as a JSON object: whether it is one, and which fields it has that it should not.

use crate::finding::{Finding, Findings, Told, told};
use crate::location::Location;
use crate::read::form::{CertificateForm, FormRemark, Unread};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::rules::label::join;
use crate::text;

static FORM_NOT_JSON: Rule = Rule {
    code: "form-not-json",
    severity: Severity::Error,
    stage: Stage::Form,
    api: ApiCode::ParameterError,
    summary: "The form is not a JSON object",
    hint: "Give one JSON object, such as `{\"name\": …, \"cert_content\": …, \"private_key\": …}`, with every line feed written `\\n`.",
    why: "The body of an upload is one JSON object; anything else has no fields to check. In a batch each line is one such object, so \
          an object that is spread over several lines becomes several broken ones. The report names the place; the text itself \
          is not repeated, because it may hold a key.\n\n\
          Example: a PEM text that was put into the JSON with its line feeds as they are.",
    citations: &["API page, table 3", "RFC 8259, sections 2 and 7"],
    ..Rule::BASE
};

static FORM_TOO_LARGE: Rule = Rule {
    code: "form-too-large",
    severity: Severity::Error,
    stage: Stage::Form,
    api: ApiCode::TooLong,
    summary: "The form is too large",
    hint: "Check whether a line feed is missing between two forms, or whether the input is another file.",
    why: "A batch is read in limited memory, so a line may have at most 4 MiB. A chain of ten certificates and its key take some 40 KiB; a line \
          that is a hundred times longer is most often a file without line feeds, or not a list of forms at all. certgate skips the line and \
          reads the next one.\n\n\
          Example: a JSON array of all forms in one line, instead of one object on each line.",
    citations: &["certgate's own limit: the API documents none"],
    ..Rule::BASE
};

/// Judges a text that holds no form.
pub(crate) fn judge_unread(unread: Unread, findings: &mut Findings<'_>) {
    findings.not_evaluated("form", "none of its fields could be read");
    let not_json = |message: Told| Finding::new(&FORM_NOT_JSON, Location::none(), message);
    let not_json_at = |line: usize, column: usize, what: &'static str| {
        let message = told!(
            "the text is not JSON: {what} (line {line}, column {column})",
            what = what,
            line = line,
            column = column
        );
        Finding::new(&FORM_NOT_JSON, Location::none().line(line).column(column), message)
    };
    findings.add(match unread {
        Unread::Empty => not_json("the text is empty".into()).hint("Give the body of the upload as JSON."),
        Unread::Utf16 => not_json("the text is UTF-16, and JSON is UTF-8".into())
            .hint("Convert it: `iconv -f UTF-16 -t UTF-8 FORM.json > utf8.json`"),
        Unread::Cut { line, column } => not_json_at(line, column, "it ends too early")
            .hint("Give the whole text, up to the `}` that ends the object."),
        Unread::LineBreak { line, column } => {
            not_json_at(line, column, "a line break or another control character is inside a string")
                .hint("Write each line break inside a string as `\\n`.")
        }
        Unread::Syntax { line, column } => not_json_at(line, column, "its syntax is wrong"),
        Unread::NotObject => not_json("the text is JSON, but not an object".into()),
        Unread::TooLarge { limit } => {
            let message =
                told!("the text has more than {limit} bytes, which is the limit for one form", limit = limit);
            Finding::new(&FORM_TOO_LARGE, Location::none(), message)
        }
    });
}

static FIELD_UNKNOWN: Rule = Rule {
    code: "field-unknown",
    severity: Severity::Warning,
    stage: Stage::Form,
    api: ApiCode::ParameterError,
    summary: "The form has a field that the API does not know",
    hint: "Remove the field, or correct its spelling.",
    why: "The API ignores fields it does not know, so a misspelt `trusted_root_ca` has no effect. The report \
          names the field by its position; its name and value are not repeated, because they may hold a key.\n\n\
          Example: `\"private_key_pem\"` instead of `\"private_key\"`.",
    citations: &["API page, table 3"],
    ..Rule::BASE
};

static FIELD_DUPLICATE: Rule = Rule {
    code: "field-duplicate",
    severity: Severity::Error,
    stage: Stage::Form,
    api: ApiCode::ParameterError,
    summary: "The form gives a field twice",
    hint: "Keep one of the two.",
    why: "JSON parsers disagree about which of two equal names counts, so the gateway may store another value than the one that was \
          checked.\n\nExample: `{\"name\": \"cert_a\", \"name\": \"cert_b\"}`",
    citations: &["RFC 8259, section 4"],
    ..Rule::BASE
};

static FIELD_NOT_TEXT: Rule = Rule {
    code: "field-not-text",
    severity: Severity::Error,
    stage: Stage::Form,
    api: ApiCode::InvalidValue,
    summary: "A field holds something that is not text",
    hint: "Give the value as a JSON string in double quotes.",
    why: "All fields of the request are strings.\n\nExample: `\"name\": 1234` is a number; `\"name\": \"cert_1234\"` is a string.",
    citations: &["API page, table 3"],
    ..Rule::BASE
};

static FIELD_OF_RESPONSE: Rule = Rule {
    code: "field-of-response",
    severity: Severity::Note,
    stage: Stage::Form,
    api: ApiCode::ParameterError,
    summary: "The form has fields of the API's response",
    hint: "You do not need to do anything. The API ignores these fields in an upload.",
    why: "The API answers with the certificate's data: its `id`, names and times. Programs that read a certificate, change it and send it back \
          often send these fields too. An upload does not have them.\n\n\
          Example: `\"create_time\": \"2026-06-01T00:00:00Z\"` in the body of an update.",
    citations: &["API page, table 3", "API page, table 4"],
    since: "0.2.0",
    ..Rule::BASE
};

fn check_response_fields(form: &CertificateForm, findings: &mut Findings<'_>) {
    let names = form.remarks.iter().filter_map(|remark| match remark {
        FormRemark::Response { name, .. } => Some(format!("`{name}`")),
        _ => None,
    });
    let names: Vec<String> = names.collect();
    if names.is_empty() {
        return;
    }
    let message = told!(
        "the form has {number} of the API's response: {names}",
        number = text::count(names.len(), "field"),
        names = join(&names, names.len())
    );
    findings.add(Finding::new(&FIELD_OF_RESPONSE, Location::none(), message));
}

pub(super) fn check_remarks(form: &CertificateForm, findings: &mut Findings<'_>) {
    check_response_fields(form, findings);
    for remark in &form.remarks {
        findings.add(match *remark {
            // All of these are one finding.
            FormRemark::Response { .. } => continue,
            FormRemark::Unknown { position } => {
                let message =
                    told!("field {position} of the form is not a field of the API", position = position);
                Finding::new(&FIELD_UNKNOWN, Location::none(), message)
            }
            FormRemark::Duplicate { field, position } => {
                let message = told!(
                    "`{field}` is given again as field {position} of the form",
                    field = field,
                    position = position
                );
                Finding::new(&FIELD_DUPLICATE, Location::field(field), message)
            }
            FormRemark::NotText { field, kind } => {
                let message =
                    told!("`{field}` holds {kind}; it must be a string", field = field, kind = kind);
                Finding::new(&FIELD_NOT_TEXT, Location::field(field), message)
            }
        });
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] =
    &[&FORM_NOT_JSON, &FORM_TOO_LARGE, &FIELD_UNKNOWN, &FIELD_OF_RESPONSE, &FIELD_DUPLICATE, &FIELD_NOT_TEXT];
