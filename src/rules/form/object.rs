//! The form as a JSON object: whether it is one, and which fields it has that it should not.

use crate::finding::{Finding, Findings, Told, told};
use crate::location::{Field, Location};
use crate::read::form::{CertificateForm, FormRemark, NotJson, Unread, Why};
use crate::rule::{ApiCode, Mend, Rule, Severity, Stage};
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
    findings.add(match unread.0 {
        Why::Empty => not_json("the text is empty".into()).hint("Give the body of the upload as JSON."),
        Why::Utf16 => not_json("the text is UTF-16, and JSON is UTF-8".into())
            .hint("Convert it: `iconv -f UTF-16 -t UTF-8 FORM.json > utf8.json`"),
        Why::Cut { line, column } => not_json_at(line, column, "it ends too early")
            .hint("Give the whole text, up to the `}` that ends the object."),
        Why::LineBreak { line, column } => {
            not_json_at(line, column, "a line break or another control character is inside a string")
                .hint("Write each line break inside a string as `\\n`.")
        }
        Why::Syntax { line, column, cause } => {
            let (what, hint) = cause_and_cure(cause);
            let finding = match cause {
                NotJson::CurlyQuote { quote } => {
                    let message = told!(
                        "the text is not JSON: {what} (U+{code_point}, line {line}, column {column})",
                        what = what,
                        code_point = format!("{:04X}", u32::from(quote)),
                        line = line,
                        column = column
                    );
                    Finding::new(&FORM_NOT_JSON, Location::none().line(line).column(column), message)
                }
                _ => not_json_at(line, column, what),
            };
            match hint {
                Some(hint) => finding.hint(hint),
                None => finding,
            }
        }
        Why::NotObject => not_json("the text is JSON, but not an object".into()),
        Why::TooLarge { limit } => {
            let message =
                told!("the text has more than {limit} bytes, which is the limit for one form", limit = limit);
            Finding::new(&FORM_TOO_LARGE, Location::none(), message)
        }
    });
}

/// What is wrong with a text that is not JSON, and what to do.
fn cause_and_cure(cause: NotJson) -> (&'static str, Option<&'static str>) {
    let (what, hint) = match cause {
        NotJson::SingleQuotes => (
            "a quote is `'`, as where a program prints an object",
            "JSON has double quotes. Let a library write it: `json.dumps(form)` in Python, `JSON.stringify(form)` in JavaScript.",
        ),
        NotJson::CurlyQuote { .. } => (
            "a quote is a curly one, which a text program put in the place of `\"`",
            "Write plain double quotes, `\"`, in an editor for code, or let a JSON library write the form.",
        ),
        NotJson::Backtick => ("a quote is a backtick", "Write plain double quotes, `\"`."),
        NotJson::DoubleComma => ("there are two commas where one belongs", "Remove one of them."),
        NotJson::EqualsSign => ("a name is followed by `=`", "Write a colon, `:`, after each name."),
        NotJson::StrangeSpace => (
            "a space or an invisible character of Unicode is between the fields",
            "Put a plain space there, or nothing. Such characters come from web pages and text programs.",
        ),
        NotJson::NoBrace => (
            "the `{` at the start is missing",
            "Write `{` before the first name, and `}` after the last value.",
        ),
        NotJson::TextBefore => (
            "something is before the object, such as a command or program code",
            "Give only the object, from the first `{` to the last `}`.",
        ),
        NotJson::FileName => (
            "it is the name of a file",
            "Give the content of the file. (With curl, `--data-binary @FILE` sends the content of a file.)",
        ),
        NotJson::Compressed => {
            ("it is a compressed file (zip or gzip)", "Unpack it, and give the JSON that is inside.")
        }
        NotJson::NotUtf8 => ("it is not UTF-8", "Save the text as UTF-8."),
        NotJson::TrailingComma => ("a comma stands before the closing bracket", "Remove that comma."),
        NotJson::MissingComma => {
            ("a comma is missing between two fields", "Write a comma before this place.")
        }
        NotJson::QuoteInText => (
            "a quote inside a text ends the text",
            "Write `\\\"` for a quote inside a text. If the text ends there, write a comma after it.",
        ),
        NotJson::Escape => (
            "a backslash is followed by a character that it may not be followed by",
            "Write `\\\\` for a backslash, and `\\n` for a line break.",
        ),
        NotJson::BareWord => (
            "a word has no quotes",
            "Put names and texts into double quotes. Without quotes JSON knows only numbers, `true`, `false` and `null`, so not `None`, `True`, \
             `NaN` or `undefined`.",
        ),
        NotJson::Comment => ("it has a comment", "Remove the comment: JSON has none."),
        NotJson::MoreAfterEnd => {
            ("something follows the end of the object", "Give one object and nothing after it.")
        }
        NotJson::Yaml => (
            "it is YAML",
            "Write it as JSON: `{\"name\": …, \"cert_content\": …, \"private_key\": …}`, with every line break of a text written `\\n`.",
        ),
        NotJson::WebForm => (
            "it is a list of names and values with `=`",
            "Write it as JSON: `{\"name\": …, \"cert_content\": …, \"private_key\": …}`, and send it with `Content-Type: application/json`.",
        ),
        NotJson::Multipart => (
            "it is a body of several parts, as of an upload of files",
            "Put the texts of the files into one JSON object: `{\"name\": …, \"cert_content\": …, \"private_key\": …}`.",
        ),
        NotJson::Markup => (
            "it is HTML or XML",
            "Perhaps a page was saved in the place of the form: look at the file. The form is `{\"name\": …, \"cert_content\": …, \"private_key\": …}`.",
        ),
        NotJson::Pem => (
            "it is PEM",
            "Put the PEM text into a field of the form: `{\"name\": …, \"cert_content\": …, \"private_key\": …}`, with every line break \
             written `\\n`.",
        ),
        NotJson::Other => return ("its syntax is wrong", None),
    };
    (what, Some(hint))
}

static FORM_OTHER_SHAPE: Rule = Rule {
    code: "form-other-shape",
    severity: Severity::Error,
    stage: Stage::Form,
    api: ApiCode::ParameterError,
    summary: "The form is inside something, or its fields have other names",
    hint: "Write the fields at the top of one object, under the API's names: `{\"name\": …, \"cert_content\": …, \"private_key\": …}`.",
    why: "The API looks for its fields by their names at the top of the object, and ignores everything else. So a form that is inside another \
          object, a list or a JSON string counts as empty, and a certificate under the name that another product gives it counts as missing. \
          certgate reads such a form, checks what it holds, and `fix` writes it as the API wants it.\n\n\
          Example: `{\"cert\": …, \"key\": …}`, and `{\"certificate\": {\"name\": …, \"cert_content\": …}}`.",
    citations: &["API page, table 3"],
    mend: Some(Mend::Rename),
    since: "0.2.0",
    ..Rule::BASE
};

/// One finding for the whole shape, at the first field that it concerns.
fn check_shape(form: &CertificateForm, findings: &mut Findings<'_>) {
    let wrapper = form.remarks.iter().find_map(|remark| match remark {
        FormRemark::Nested { wrapper } => Some(*wrapper),
        _ => None,
    });
    let misnamed: Vec<(Field, usize)> = form
        .remarks
        .iter()
        .filter_map(|remark| match remark {
            FormRemark::Misnamed { field, position } => Some((*field, *position)),
            _ => None,
        })
        .collect();
    let names: Vec<String> =
        misnamed.iter().map(|(field, position)| format!("field {position} must be `{field}`")).collect();
    let names = join(&names, names.len());
    let Some(field) = form.other_shape() else { return };
    let message = match (wrapper, misnamed.is_empty()) {
        (None, true) => return,
        (Some(wrapper), true) => told!("the form is inside {wrapper}", wrapper = wrapper),
        (None, false) => told!("the API has other names for its fields: {names}", names = names),
        (Some(wrapper), false) => told!(
            "the form is inside {wrapper}, and the API has other names for its fields: {names}",
            wrapper = wrapper,
            names = names
        ),
    };
    findings.add(Finding::new(&FORM_OTHER_SHAPE, Location::field(field), message).repairable());
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
    check_shape(form, findings);
    for remark in &form.remarks {
        findings.add(match *remark {
            // All of these are one finding.
            FormRemark::Response { .. } | FormRemark::Misnamed { .. } | FormRemark::Nested { .. } => continue,
            FormRemark::Unknown { position, near } => {
                let message =
                    told!("field {position} of the form is not a field of the API", position = position);
                let finding = Finding::new(&FIELD_UNKNOWN, Location::none(), message);
                match near {
                    Some(field) => finding.hint(format!("If `{field}` is meant, write exactly that.")),
                    None => finding,
                }
            }
            FormRemark::Issuers { position } => {
                let message = told!(
                    "field {position} of the form is not a field of the API; by its name it holds issuers",
                    position = position
                );
                Finding::new(&FIELD_UNKNOWN, Location::none(), message)
                    .hint("Put its certificates after the server's in `cert_content`, and remove the field.")
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
pub(crate) static RULES: &[&Rule] = &[
    &FORM_NOT_JSON,
    &FORM_TOO_LARGE,
    &FORM_OTHER_SHAPE,
    &FIELD_UNKNOWN,
    &FIELD_OF_RESPONSE,
    &FIELD_DUPLICATE,
    &FIELD_NOT_TEXT,
];
