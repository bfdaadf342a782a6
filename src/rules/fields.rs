//! What is in which field: certificates where certificates belong, one private key where a key belongs, nothing swapped.

use crate::finding::{Finding, Findings, Told, told};
use crate::location::{Field, Location};
use crate::read::block::Block;
use crate::read::pem::Reading;
use crate::read::upload::Upload;
use crate::relate::fields::{Exposed, Key, PairFields};
use crate::rule::{ApiCode, Hides, Mend, Rule, Scope, Severity, Stage};
use crate::rules::pem::KEY_EXPOSED;
use crate::text;

/// Judges a certificate field and its key field, whose texts were judged before. A field that is not given is not reported as empty.
/// `own` is the key that belongs to the server's certificate, where there are several that differ.
pub(crate) fn judge(
    fields: &PairFields<'_>,
    own: Option<&Block>,
    upload: &Upload,
    findings: &mut Findings<'_>,
) {
    check_swapped(fields, findings);
    check_combined(fields, findings);
    judge_exposed(fields.certificate_field, &fields.exposed, findings);
    check_misplaced(fields, findings);
    check_half_swapped(fields, upload, findings);
    check_absent(fields, upload, findings);
    check_key(fields, own, findings);
}

/// Judges `trusted_root_ca`, whose text was judged before.
pub(crate) fn judge_roots(
    roots: &[&Block],
    exposed: &[Exposed<'_>],
    upload: &Upload,
    findings: &mut Findings<'_>,
) {
    let field = Field::TrustedRootCa;
    judge_exposed(field, exposed, findings);
    if roots.is_empty() && exposed.is_empty() && upload.is_whole(field) {
        let message = told!("`{field}` does not hold a certificate", field = field);
        findings.add(Finding::new(&CERTIFICATE_ABSENT, Location::field(field), message));
    }
}

static FIELDS_SWAPPED: Rule = Rule {
    code: "fields-swapped",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate and the private key are swapped",
    hint: "Exchange the two fields.",
    why: "The certificate is public and is stored and shown as such; a private key in its place would be published. Everything else is \
          checked as if the fields had been exchanged.\n\n\
          Example: `cert_content` holds `-----BEGIN PRIVATE KEY-----` and `private_key` holds `-----BEGIN CERTIFICATE-----`.",
    citations: &["API page, table 3: cert_content, private_key"],
    mend: Some(Mend::Exchange),
    ..Rule::BASE
};

fn check_swapped(fields: &PairFields<'_>, findings: &mut Findings<'_>) {
    if !fields.is_swapped {
        return;
    }
    let (certificate_field, key_field) = (fields.certificate_field, fields.key_field);
    let message = told!(
        "`{certificate_field}` holds a private key and `{key_field}` a certificate: the two fields are swapped",
        certificate_field = certificate_field,
        key_field = key_field
    );
    let hint = told!(
        "Exchange `{certificate_field}` and `{key_field}`.",
        certificate_field = certificate_field,
        key_field = key_field
    );
    findings.add(
        Finding::new(&FIELDS_SWAPPED, Location::field(certificate_field), message).hint(hint).repairable(),
    );
}

static FIELDS_COMBINED: Rule = Rule {
    code: "fields-combined",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The key field holds both the certificates and the key, and the certificate field nothing",
    hint: "Put the certificates into `cert_content`, the leaf first, and leave only the key in `private_key`.",
    why: "Some servers (HAProxy) read certificate and key from one file; this API wants them in two fields. Everything else is checked as if \
          each block were in its field.\n\n\
          Example: `cat server.key fullchain.pem > server.pem`, pasted into `private_key`, with an empty `cert_content`.",
    citations: &["API page, table 3: cert_content, private_key"],
    hides: &[
        Hides { code: "certificate-absent", scope: Scope::Field },
        Hides { code: "field-missing", scope: Scope::Field },
        Hides { code: "pem-empty", scope: Scope::Field },
    ],
    mend: Some(Mend::Move),
    since: "0.2.0",
    refused_before: true,
    ..Rule::BASE
};

fn check_combined(fields: &PairFields<'_>, findings: &mut Findings<'_>) {
    if !fields.is_combined {
        return;
    }
    let (certificate_field, key_field) = (fields.certificate_field, fields.key_field);
    let message = told!(
        "`{key_field}` holds the key and {certificates}, and `{certificate_field}` holds nothing",
        key_field = key_field,
        certificates = text::count(fields.certificates.len(), "certificate"),
        certificate_field = certificate_field
    );
    let hint = told!(
        "Put the certificates into `{certificate_field}`, the leaf first, and leave only the key in `{key_field}`.",
        certificate_field = certificate_field,
        key_field = key_field
    );
    let place = Location::field(certificate_field);
    findings.add(Finding::new(&FIELDS_COMBINED, place, message).hint(hint).repairable());
}

/// A key that could not be read, and a certificate where it belongs: the fields are swapped, yet exchanging them is not enough.
fn check_half_swapped(fields: &PairFields<'_>, upload: &Upload, findings: &mut Findings<'_>) {
    let holds_only_certificates = !fields.key.is_there() && !fields.misplaced.is_empty();
    if !fields.certificates.is_empty() || !holds_only_certificates {
        return;
    }
    let unread = upload.text(fields.certificate_field).and_then(Reading::first_unread_key);
    let read = fields.exposed.first().map(|key| &key.block.location);
    let Some(place) = unread.or(read).cloned() else { return };
    let (certificate_field, key_field) = (fields.certificate_field, fields.key_field);
    let message = told!(
        "`{certificate_field}` holds a private key that cannot be read and `{key_field}` a certificate: the two fields are swapped",
        certificate_field = certificate_field,
        key_field = key_field
    );
    let hint = told!(
        "Put the certificate into `{certificate_field}` and the whole private key into `{key_field}`.",
        certificate_field = certificate_field,
        key_field = key_field
    );
    findings.add(Finding::new(&FIELDS_SWAPPED, place, message).hint(hint));
}

fn judge_exposed(field: Field, exposed: &[Exposed<'_>], findings: &mut Findings<'_>) {
    for key in exposed {
        let message = told!("`{field}` holds a PRIVATE KEY; this field is public", field = field);
        let finding = Finding::new(&KEY_EXPOSED, key.block.location.clone(), message);
        findings.add(if key.is_copy { finding.repairable() } else { finding });
    }
}

static CERTIFICATE_WITH_KEY: Rule = Rule {
    code: "certificate-with-key",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The key field holds certificates in addition to the key",
    hint: "Keep only the private key in this field.",
    why: "Some servers (HAProxy) want certificate and key in one file; this API wants them in separate fields. Certificates that `cert_content` \
          also holds can be removed without loss.\n\n\
          Example: `cat server.key server.crt > server.pem`, pasted into `private_key`.",
    citations: &["API page, table 3: private_key"],
    mend: Some(Mend::Drop),
    ..Rule::BASE
};

static CERTIFICATE_IN_KEY_FIELD: Rule = Rule {
    code: "certificate-in-key-field",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The key field holds a certificate that the certificate field does not hold",
    hint: "Move the certificate to `cert_content`, after the leaf, or remove it.",
    why: "The gateway reads certificates from the certificate field alone. A certificate that is only in the key field would silently be lost, \
          and the chain would be incomplete.\n\n\
          Example: the intermediate certificate pasted after the key.",
    citations: &["API page, table 3: private_key"],
    ..Rule::BASE
};

fn check_misplaced(fields: &PairFields<'_>, findings: &mut Findings<'_>) {
    let (certificate_field, key_field) = (fields.certificate_field, fields.key_field);
    let has_key = fields.key.is_there();
    let of =
        |is_copy: bool| fields.misplaced.iter().filter(move |certificate| certificate.is_copy == is_copy);
    if let Some(first) = of(true).next().filter(|_| has_key) {
        let message = told!(
            "`{key_field}` holds {certificates} in addition to the key; `{certificate_field}` holds the same",
            key_field = key_field,
            certificates = text::count(of(true).count(), "certificate"),
            certificate_field = certificate_field
        );
        findings.add(Finding::new(&CERTIFICATE_WITH_KEY, first.block.location.clone(), message).repairable());
    }
    if let Some(first) = of(false).next() {
        let message = told!(
            "`{key_field}` holds {certificates} that `{certificate_field}` does not hold",
            key_field = key_field,
            certificates = text::count(of(false).count(), "certificate"),
            certificate_field = certificate_field
        );
        let hint = if has_key {
            told!(
                "Move the certificate to `{certificate_field}`, after the leaf, or remove it.",
                certificate_field = certificate_field
            )
        } else {
            told!(
                "Put the private key into `{key_field}`, and the certificate into the field that it belongs to: `cert_content`, or \
                 `cert_content_sign` for the signature certificate of SM2.",
                key_field = key_field
            )
        };
        findings
            .add(Finding::new(&CERTIFICATE_IN_KEY_FIELD, first.block.location.clone(), message).hint(hint));
    }
}

static CERTIFICATE_ABSENT: Rule = Rule {
    code: "certificate-absent",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate field does not hold a certificate",
    hint: "Paste the certificate, from `-----BEGIN CERTIFICATE-----` to `-----END CERTIFICATE-----`, the leaf first.",
    why: "The field was read to its end and no certificate was among its blocks.\n\n\
          Example: `cert_content` holds only `-----BEGIN EC PARAMETERS-----`.",
    citations: &["RFC 7468, section 5", "API page, table 3: cert_content"],
    ..Rule::BASE
};

static KEY_ABSENT: Rule = Rule {
    code: "key-absent",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The key field does not hold a private key",
    hint: "Paste the private key, from `-----BEGIN PRIVATE KEY-----` to `-----END PRIVATE KEY-----`.",
    why: "The field was read to its end and no private key was among its blocks.\n\n\
          Example: the certificate pasted into both fields.",
    citations: &["RFC 7468, section 10", "API page, table 3: private_key"],
    ..Rule::BASE
};

fn check_absent(fields: &PairFields<'_>, upload: &Upload, findings: &mut Findings<'_>) {
    let (certificate_field, key_field) = (fields.certificate_field, fields.key_field);
    let is_given = |field| upload.text(field).is_some();
    if is_given(certificate_field) && fields.certificates.is_empty() && fields.is_certificates_whole {
        let message = match fields.exposed.is_empty() {
            true => told!("`{field}` does not hold a certificate", field = certificate_field),
            false => {
                told!("`{field}` does not hold a certificate, but a private key", field = certificate_field)
            }
        };
        findings.add(Finding::new(&CERTIFICATE_ABSENT, Location::field(certificate_field), message));
    }
    if is_given(key_field) && !fields.key.is_there() && fields.is_key_whole {
        let message = match fields.misplaced.is_empty() {
            true => told!("`{field}` does not hold a private key", field = key_field),
            false => told!("`{field}` does not hold a private key, but a certificate", field = key_field),
        };
        findings.add(Finding::new(&KEY_ABSENT, Location::field(key_field), message));
    }
}

static KEYS_DIFFER: Rule = Rule {
    code: "keys-differ",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The key field holds two different private keys",
    hint: "Keep the key that belongs to the certificate.",
    why: "It is not clear which of them is meant, and certgate does not guess.\n\n\
          Example: the old and the new key of a renewed certificate in one file.",
    citations: &["API page, table 3: private_key"],
    ..Rule::BASE
};

static KEY_REPEATED: Rule = Rule {
    code: "key-repeated",
    severity: Severity::Warning,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The key field holds the same private key twice",
    hint: "Keep one of the two.",
    why: "One key is expected. The same key in two forms (such as SEC1 and PKCS#8) is harmless, but often shows that files were joined by \
          mistake.\n\n\
          Example: `cat server.key server.key`",
    citations: &["API page, table 3: private_key"],
    mend: Some(Mend::Drop),
    ..Rule::BASE
};

fn check_key(fields: &PairFields<'_>, own: Option<&Block>, findings: &mut Findings<'_>) {
    let field = fields.key_field;
    match &fields.key {
        Key::One { copies, .. } => {
            let Some(second) = copies.first() else { return };
            let times = copies.len().saturating_add(1);
            let message =
                told!("`{field}` holds the same private key {times} times", field = field, times = times);
            findings.add(Finding::new(&KEY_REPEATED, second.location.clone(), message).repairable());
        }
        Key::Several(keys) => {
            let Some(second) = keys.get(1) else { return };
            let message = told!(
                "`{field}` holds {keys} different private keys; one is allowed",
                field = field,
                keys = keys.len()
            );
            let finding = Finding::new(&KEYS_DIFFER, second.location.clone(), message);
            findings.add(match own.and_then(|own| which(own, keys)) {
                Some(hint) => finding.hint(hint),
                None => finding,
            });
            findings.not_evaluated("match", format!("`{field}` holds more than one private key"));
        }
        Key::None => {}
    }
}

/// Which of several keys to keep: `block 2 (line 29) belongs to the certificate; remove block 1`.
fn which(own: &Block, keys: &[&Block]) -> Option<Told> {
    let others =
        keys.iter().filter_map(|key| key.location.block).filter(|block| Some(*block) != own.location.block);
    let others = text::list(others.map(|block| format!("block {block}")));
    Some(told!(
        "Block {block} (line {line}) belongs to the certificate; remove {others}.",
        block = own.location.block?,
        line = own.location.line?,
        others = others,
    ))
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &FIELDS_SWAPPED,
    &FIELDS_COMBINED,
    &CERTIFICATE_WITH_KEY,
    &CERTIFICATE_IN_KEY_FIELD,
    &CERTIFICATE_ABSENT,
    &KEY_ABSENT,
    &KEYS_DIFFER,
    &KEY_REPEATED,
];
