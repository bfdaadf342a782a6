//! The form itself: which fields are there, what they may say, how long they may be. What is wrong with it as a JSON object is in [`object`].

pub(crate) mod object;

use crate::algorithm::AlgorithmType;
use crate::finding::{Finding, Findings, told};
use crate::location::{Field, Location};
use crate::read::form::{CertificateForm, CertificateType, FormRemark};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

/// Judges all that a form says by itself. Whether the signature fields belong there depends on the certificate: see
/// [`judge_sign_fields`].
/// `is_sm2`: whether the signature fields are mandatory.
pub(crate) fn judge(form: &CertificateForm, is_sm2: bool, findings: &mut Findings<'_>) {
    object::check_remarks(form, findings);
    for field in [Field::Name, Field::CertContent, Field::PrivateKey] {
        check_present(form, field, findings);
    }
    for field in [Field::CertContentSign, Field::PrivateKeySign] {
        check_length(form, field, findings);
    }
    note_blank(form, is_sm2, findings);
    check_type(form, findings);
    check_instance_id(form, findings);
    check_algorithm(form, findings);
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
    (form.text(field).is_none() && form.content(field).is_none() && !not_text) || form.is_blank(field)
}

fn check_present(form: &CertificateForm, field: Field, findings: &mut Findings<'_>) {
    if is_absent(form, field) {
        let finding = |message| Finding::new(&FIELD_MISSING, Location::field(field), message);
        findings.add(if form.is_blank(field) {
            finding(told!("`{field}` is empty; it is mandatory", field = field))
                .hint("Give the field its value. Often a variable was empty, or a file was not found.")
        } else {
            finding(told!("`{field}` is missing; it is mandatory", field = field))
        });
    }
}

static FIELD_EMPTY: Rule = Rule {
    code: "field-empty",
    severity: Severity::Note,
    stage: Stage::Form,
    api: ApiCode::ParameterError,
    summary: "An optional field is empty",
    hint: "You do not need to do anything. certgate reads the form as if the field were absent.",
    why: "Many programs send every field that they know, and an empty string for those without a value. An optional field that holds nothing, \
          or only spaces and line ends, says the same as an absent one. A mandatory field has to hold something.\n\n\
          Example: `\"trusted_root_ca\": \"\"`",
    citations: &["API page, table 3"],
    since: "0.2.0",
    ..Rule::BASE
};

/// All fields that are empty and may be, in one finding.
fn note_blank(form: &CertificateForm, is_sm2: bool, findings: &mut Findings<'_>) {
    let is_optional = |field: &Field| match field {
        Field::InstanceId => {
            unknown_type(form).is_none() && form.certificate_type() == CertificateType::Global
        }
        Field::CertContentSign | Field::PrivateKeySign => !is_sm2,
        _ => true,
    };
    let fields = [
        Field::Type,
        Field::InstanceId,
        Field::TrustedRootCa,
        Field::AlgorithmType,
        Field::CertContentSign,
        Field::PrivateKeySign,
    ];
    let blank: Vec<_> =
        fields.into_iter().filter(is_optional).filter(|field| form.is_blank(*field)).collect();
    let Some(first) = blank.first() else { return };
    let names = || blank.iter().map(|field| format!("`{field}`"));
    let message = match blank.len() {
        1 => told!("{field} is empty: it counts as absent", field = text::list(names())),
        _ => told!("{fields} are empty: they count as absent", fields = text::list(names())),
    };
    findings.add(Finding::new(&FIELD_EMPTY, Location::field(*first), message));
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
    let content = form.content(field).filter(|_| !form.is_blank(field));
    let Some(characters) = content.map(|content| content.characters()).filter(|&n| n > max) else { return };
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

/// A `type` that is given and that the reference does not know.
fn unknown_type(form: &CertificateForm) -> Option<&str> {
    let given = form.r#type.as_deref().filter(|_| !form.is_blank(Field::Type))?;
    CertificateType::from_name(given).is_none().then_some(given)
}

fn check_type(form: &CertificateForm, findings: &mut Findings<'_>) {
    let Some(given) = unknown_type(form) else { return };
    let message = told!("`type` is {given}; `instance` and `global` are allowed", given = text::short(given));
    findings.add(Finding::new(&TYPE_INVALID, Location::field(Field::Type), message));
}

fn check_instance_id(form: &CertificateForm, findings: &mut Findings<'_>) {
    if unknown_type(form).is_some() {
        return;
    }
    let is_given = form.instance_id.is_some() && !form.is_blank(Field::InstanceId);
    let place = Location::field(Field::InstanceId);
    match form.certificate_type() {
        CertificateType::Instance if !is_given => {
            let message = match form.is_blank(Field::InstanceId) {
                true => "`instance_id` is empty; it is mandatory with `type` `instance`",
                false => "`instance_id` is missing; it is mandatory with `type` `instance`",
            };
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
        CertificateType::Global | CertificateType::Instance => {}
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
    let is_unknown = form.algorithm().is_none() && !form.is_blank(Field::AlgorithmType);
    let Some(given) = form.algorithm_type.as_deref().filter(|_| is_unknown) else { return };
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
    let is_given = |field: &Field| form.content(*field).is_some() && !form.is_blank(*field);
    match algorithm {
        Some(AlgorithmType::Sm2) => {
            for field in fields.into_iter().filter(|&field| is_absent(form, field)) {
                let message = match form.is_blank(field) {
                    true => told!("`{field}` is empty; it is mandatory with SM2", field = field),
                    false => told!("`{field}` is missing; it is mandatory with SM2", field = field),
                };
                let hint = "Add the signature certificate as `cert_content_sign` and its key as `private_key_sign`; \
                            `cert_content` and `private_key` hold the encryption pair.";
                findings.add(Finding::new(&FIELD_MISSING, Location::field(field), message).hint(hint));
            }
        }
        Some(algorithm @ (AlgorithmType::Rsa | AlgorithmType::Ecc)) => {
            for field in fields.into_iter().filter(is_given) {
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
            for field in fields.into_iter().filter(is_given) {
                findings.not_evaluated(field.as_str(), "the certificate's algorithm is not known");
            }
        }
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &FIELD_MISSING,
    &FIELD_EMPTY,
    &SIGN_TOO_LONG,
    &TYPE_INVALID,
    &INSTANCE_ID_IGNORED,
    &INSTANCE_ID_INVALID,
    &ALGORITHM_INVALID,
    &SIGN_UNUSED,
];
