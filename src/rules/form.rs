//! The form itself: which fields are there, what they may say, how long they may be.

use crate::algorithm::AlgorithmType;
use crate::finding::{Finding, Findings, Told, told};
use crate::location::{Field, Location};
use crate::read::form::{CertificateForm, CertificateType, FormRemark, Unread};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

/// Judges all that a form says by itself. Whether the signature fields belong there depends on the certificate: see
/// [`judge_sign_fields`].
pub(crate) fn judge(form: &CertificateForm, findings: &mut Findings<'_>) {
    check_remarks(form, findings);
    for field in [Field::Name, Field::CertContent, Field::PrivateKey] {
        check_present(form, field, findings);
    }
    for field in [Field::CertContentSign, Field::PrivateKeySign] {
        check_length(form, field, findings);
    }
    check_type(form, findings);
    check_instance_id(form, findings);
    check_algorithm(form, findings);
}

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

fn check_remarks(form: &CertificateForm, findings: &mut Findings<'_>) {
    for remark in &form.remarks {
        findings.add(match *remark {
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

static FIELD_MISSING: Rule = Rule {
    code: "field-missing",
    severity: Severity::Error,
    stage: Stage::Form,
    api: ApiCode::ParameterMissing,
    summary: "A mandatory field is missing",
    hint: "Add the field.",
    why: "`name`, `cert_content` and `private_key` are mandatory; so are `instance_id` with `type = instance`, and `cert_content_sign` and \
          `private_key_sign` with SM2, because an SM2 (TLCP) server has two certificates: one to encrypt, one to sign.\n\n\
          Example: a form with `algorithm_type` `SM2` and only one pair.",
    citations: &[
        "API page, table 3",
        "APIG.2001",
        "GB/T 38636-2020, Server Certificate message: two certificates",
    ],
    ..Rule::BASE
};

fn is_absent(form: &CertificateForm, field: Field) -> bool {
    let not_text =
        form.remarks.iter().any(|r| matches!(r, FormRemark::NotText { field: f, .. } if *f == field));
    form.text(field).is_none() && form.content(field).is_none() && !not_text
}

fn check_present(form: &CertificateForm, field: Field, findings: &mut Findings<'_>) {
    if is_absent(form, field) {
        let message = told!("`{field}` is missing; it is mandatory", field = field);
        findings.add(Finding::new(&FIELD_MISSING, Location::field(field), message));
    }
}

static SIGN_TOO_LONG: Rule = Rule {
    code: "sign-too-long",
    severity: Severity::Error,
    stage: Stage::Form,
    api: ApiCode::TooLong,
    summary: "A signature field has more than 8092 characters",
    hint: "Leave out what is not needed: text around the blocks, the root certificate, and certificates of other chains.",
    why: "`cert_content_sign` and `private_key_sign` take 8092 characters each (8092, not 8192), counted in characters, not bytes. An SM2 \
          certificate takes about 900, so a chain of eight fits.\n\nExample: a chain with `openssl x509 -text` output between the blocks.",
    citations: &["API page, table 3: cert_content_sign, private_key_sign", "APIG.2006"],
    ..Rule::BASE
};

fn check_length(form: &CertificateForm, field: Field, findings: &mut Findings<'_>) {
    let max = findings.policy().sign_max_characters;
    let Some(characters) = form.content(field).map(|content| content.characters()).filter(|&n| n > max)
    else {
        return;
    };
    let message = told!(
        "`{field}` has {characters} characters; at most {max} are allowed",
        field = field,
        characters = characters,
        max = max
    );
    findings.add(Finding::new(&SIGN_TOO_LONG, Location::field(field), message));
}

static TYPE_INVALID: Rule = Rule {
    code: "type-invalid",
    severity: Severity::Error,
    stage: Stage::Form,
    api: ApiCode::InvalidValue,
    summary: "`type` is neither `instance` nor `global`",
    hint: "Set `type` to `instance` (one gateway) or `global`, or leave it out.",
    why: "The reference knows two values, written in lower case; without the field the certificate is global.\n\nExample: `\"type\": \"Gateway\"`",
    citations: &["API page, table 3: type", "APIG.2011"],
    ..Rule::BASE
};

static INSTANCE_ID_IGNORED: Rule = Rule {
    code: "instance-id-ignored",
    severity: Severity::Note,
    stage: Stage::Form,
    api: ApiCode::ParameterError,
    summary: "`instance_id` is given for a global certificate",
    hint: "If the certificate is for that gateway alone, set `type` to `instance`.",
    why: "`instance_id` only counts with `type = instance`; the default is `global`, whose response says `instance_id = common`.\n\n\
          Example: a form with `instance_id` and no `type`.",
    citations: &["API page, table 3: instance_id"],
    ..Rule::BASE
};

static INSTANCE_ID_INVALID: Rule = Rule {
    code: "instance-id-invalid",
    severity: Severity::Error,
    stage: Stage::Form,
    api: ApiCode::InvalidValue,
    summary: "`instance_id` is not a valid identifier of a gateway",
    hint: "Copy the gateway's ID from its page in the console, or from the list of instances.",
    why: "An ID is one word of at most 64 letters, digits, `_`, `-` and `.`; the IDs that the API gives have 32 hexadecimal digits. Spaces, \
          line breaks and other characters usually mean that too much was copied, or that the value belongs in another field. The value is not \
          repeated, because it may be a key.\n\n\
          Example: an ID with a trailing line break.",
    citations: &["API page, table 3: instance_id", "APIG.2011"],
    ..Rule::BASE
};

fn check_type(form: &CertificateForm, findings: &mut Findings<'_>) {
    let Some(given) = form.r#type.as_deref().filter(|given| CertificateType::from_name(given).is_none())
    else {
        return;
    };
    let message = told!("`type` is {given}; `instance` and `global` are allowed", given = text::short(given));
    findings.add(Finding::new(&TYPE_INVALID, Location::field(Field::Type), message));
}

fn check_instance_id(form: &CertificateForm, findings: &mut Findings<'_>) {
    if form.r#type.as_deref().is_some_and(|given| CertificateType::from_name(given).is_none()) {
        return;
    }
    let id = form.instance_id.as_deref().unwrap_or_default();
    let is_given = !id.trim().is_empty();
    let place = Location::field(Field::InstanceId);
    match form.certificate_type() {
        CertificateType::Instance if !is_given => {
            let message = "`instance_id` is missing; it is mandatory with `type` `instance`";
            let hint = "Add the gateway's ID as `instance_id`, or set `type` to `global`.";
            findings.add(Finding::new(&FIELD_MISSING, place, message).hint(hint));
        }
        CertificateType::Instance if form.instance().is_none() => {
            let message = "`instance_id` is not one word of at most 64 letters, digits, `_`, `-` and `.`";
            findings.add(Finding::new(&INSTANCE_ID_INVALID, place, message));
        }
        CertificateType::Global if is_given => {
            let message = "`instance_id` is given, but the certificate is global: the ID is ignored";
            findings.add(Finding::new(&INSTANCE_ID_IGNORED, place, message));
        }
        CertificateType::Instance | CertificateType::Global => {}
    }
}

static ALGORITHM_INVALID: Rule = Rule {
    code: "algorithm-invalid",
    severity: Severity::Error,
    stage: Stage::Form,
    api: ApiCode::InvalidValue,
    summary: "`algorithm_type` is not `RSA`, `ECC` or `SM2`",
    hint: "Set `algorithm_type` to `RSA`, `ECC` or `SM2`, or leave it out: without it, the certificate's key decides.",
    why: "The reference knows three values, written in upper case.\n\nExample: `\"algorithm_type\": \"ECDSA\"`; the API calls it `ECC`.",
    citations: &["API page, table 3: algorithm_type", "APIG.2011"],
    ..Rule::BASE
};

fn check_algorithm(form: &CertificateForm, findings: &mut Findings<'_>) {
    let Some(given) = form.algorithm_type.as_deref().filter(|_| form.algorithm().is_none()) else { return };
    let message =
        told!("`algorithm_type` is {given}; `RSA`, `ECC` and `SM2` are allowed", given = text::short(given));
    findings.add(Finding::new(&ALGORITHM_INVALID, Location::field(Field::AlgorithmType), message));
}

static SIGN_UNUSED: Rule = Rule {
    code: "sign-unused",
    severity: Severity::Warning,
    stage: Stage::Form,
    api: ApiCode::ParameterError,
    summary: "A signature field is given, but the certificate is not SM2",
    hint: "Remove `cert_content_sign` and `private_key_sign`; they are for SM2 only.",
    why: "Only SM2 has a second, signing pair. With RSA and ECC the fields are ignored, and what they hold is not checked.\n\n\
          Example: an RSA certificate with its chain in `cert_content_sign`; the chain belongs in `cert_content`, after the leaf.",
    citations: &["API page, table 3: cert_content_sign, private_key_sign"],
    ..Rule::BASE
};

/// The signature fields under the algorithm that was declared, or else inferred: mandatory with SM2, unused with the others.
pub(crate) fn judge_sign_fields(
    form: &CertificateForm,
    algorithm: Option<AlgorithmType>,
    findings: &mut Findings<'_>,
) {
    let fields = [Field::CertContentSign, Field::PrivateKeySign];
    match algorithm {
        Some(AlgorithmType::Sm2) => {
            for field in fields.into_iter().filter(|&field| is_absent(form, field)) {
                let message = told!("`{field}` is missing; it is mandatory with SM2", field = field);
                let hint = "Add the signature certificate as `cert_content_sign` and its key as `private_key_sign`; \
                            `cert_content` and `private_key` hold the encryption pair.";
                findings.add(Finding::new(&FIELD_MISSING, Location::field(field), message).hint(hint));
            }
        }
        Some(algorithm @ (AlgorithmType::Rsa | AlgorithmType::Ecc)) => {
            for field in fields.into_iter().filter(|&field| form.content(field).is_some()) {
                let message = told!(
                    "`{field}` is given, but the certificate is {algorithm}: the field is ignored",
                    field = field,
                    algorithm = algorithm
                );
                findings.add(Finding::new(&SIGN_UNUSED, Location::field(field), message));
                findings.not_evaluated(field.as_str(), "the signature fields are for SM2 only");
            }
        }
        None => {
            for field in fields.into_iter().filter(|&field| form.content(field).is_some()) {
                findings.not_evaluated(field.as_str(), "the certificate's algorithm is not known");
            }
        }
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &FORM_NOT_JSON,
    &FORM_TOO_LARGE,
    &FIELD_UNKNOWN,
    &FIELD_DUPLICATE,
    &FIELD_NOT_TEXT,
    &FIELD_MISSING,
    &SIGN_TOO_LONG,
    &TYPE_INVALID,
    &INSTANCE_ID_IGNORED,
    &INSTANCE_ID_INVALID,
    &ALGORITHM_INVALID,
    &SIGN_UNUSED,
];
