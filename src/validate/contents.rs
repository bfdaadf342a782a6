//! What stands in which field: certificates where certificates belong, one private key where a key belongs, nothing swapped.

use std::collections::BTreeSet;

use crate::finding::{Finding, Findings, Mend};
use crate::location::{Field, Location};
use crate::policy::Policy;
use crate::read::form::CertificateForm;
use crate::read::key::{Known, PrivateKey};
use crate::read::pem::{self, Block, BlockKind};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::rules::pem::{Expected, KEY_EXPOSED, judge};
use crate::text;

/// The blocks of one pair of fields, sorted by what they are. A block's location says where it really stands, which differs from
/// its place here where the two fields were swapped.
#[derive(Debug, Default)]
pub(crate) struct PairBlocks {
    /// The certificates, in order.
    pub(crate) certificates: Vec<Block>,
    /// The private key; `None` where there is none, or several that differ.
    pub(crate) key: Option<Block>,
    /// Whether the text that holds the certificates was understood to its end.
    pub(crate) is_certificates_whole: bool,
    /// Whether the text that holds the private key was understood to its end.
    pub(crate) is_key_whole: bool,
}

/// Reads a certificate field and its key field.
pub(crate) fn read_pair(
    form: &CertificateForm,
    certificate_field: Field,
    key_field: Field,
    findings: &mut Findings<'_>,
) -> PairBlocks {
    let (mut certificates, mut is_certificates_whole) =
        read_field(form, certificate_field, Expected::Certificates, findings);
    let (mut keys, mut is_key_whole) = read_field(form, key_field, Expected::PrivateKey, findings);
    let swapped = is_only(&certificates, is_key) && is_only(&keys, is_certificate);
    if swapped {
        report_swap(certificate_field, key_field, findings);
        std::mem::swap(&mut certificates, &mut keys);
        std::mem::swap(&mut is_certificates_whole, &mut is_key_whole);
    }
    report_exposed(form, certificate_field, &certificates, is_certificates_whole, findings);
    let is_exposed = certificates.iter().any(is_key);
    let certificates = take(&mut certificates, is_certificate);
    let misplaced = take(&mut keys, is_certificate);
    let keys = take(&mut keys, is_key);

    let before = findings.mark();
    report_misplaced(&misplaced, key_field, certificate_field, &certificates, !keys.is_empty(), findings);
    if !is_key_whole {
        findings.keep_text_since(before);
    }
    if certificates.is_empty() && keys.is_empty() && !misplaced.is_empty() {
        hint_at_swap(certificate_field, key_field, findings);
    }
    if form.content(certificate_field).is_some() && certificates.is_empty() && is_certificates_whole {
        let found = if is_exposed { ", but a private key" } else { "" };
        report_absent(&CERTIFICATE_ABSENT, certificate_field, found, findings);
    }
    if form.content(key_field).is_some() && keys.is_empty() && is_key_whole {
        let found = if misplaced.is_empty() { "" } else { ", but a certificate" };
        report_absent(&KEY_ABSENT, key_field, found, findings);
    }
    let before = findings.mark();
    let key = only_key(keys, key_field, findings);
    if !is_key_whole {
        findings.keep_text_since(before);
    }
    PairBlocks { certificates, key, is_certificates_whole, is_key_whole }
}

/// Reads `trusted_root_ca`: its certificates, and whether its text was understood to its end.
pub(crate) fn read_roots(form: &CertificateForm, findings: &mut Findings<'_>) -> (Vec<Block>, bool) {
    let field = Field::TrustedRootCa;
    let (mut blocks, is_whole) = read_field(form, field, Expected::Certificates, findings);
    report_exposed(form, field, &blocks, is_whole, findings);
    let is_exposed = blocks.iter().any(is_key);
    let roots = take(&mut blocks, is_certificate);
    if form.content(field).is_some() && roots.is_empty() && is_whole && !is_exposed {
        report_absent(&CERTIFICATE_ABSENT, field, "", findings);
    }
    (roots, is_whole)
}

/// The blocks of a field, and whether its text was understood to its end: nothing damaged beyond mending, nothing encrypted or foreign.
pub(crate) fn read_field(
    form: &CertificateForm,
    field: Field,
    expected: Expected,
    findings: &mut Findings<'_>,
) -> (Vec<Block>, bool) {
    let Some(content) = form.content(field) else { return (Vec::new(), true) };
    let place = Location::field(field);
    let before = findings.mark();
    let reading = pem::read(content, &place, findings.policy().content_max_bytes);
    judge(&reading, expected, &place, findings);
    let is_whole = reading.is_whole();
    if !is_whole {
        // Writing the field anew would lose what could not be read.
        findings.keep_text_since(before);
    }
    (reading.blocks, is_whole)
}

/// The label that the body of a certificate or of an understood private key wants.
pub(crate) fn right_label(block: &Block) -> Option<&'static str> {
    match block.kind {
        BlockKind::Certificate => Some("CERTIFICATE"),
        BlockKind::PrivateKey => PrivateKey::from_der(&block.der).ok().map(|key| key.form().label()),
        _ => None,
    }
}

pub(crate) fn is_key(block: &Block) -> bool {
    matches!(block.kind, BlockKind::PrivateKey | BlockKind::EncryptedKey)
}

pub(crate) fn is_certificate(block: &Block) -> bool {
    block.kind == BlockKind::Certificate
}

/// Whether some block is wanted and every other is at most EC parameters.
fn is_only(blocks: &[Block], wanted: fn(&Block) -> bool) -> bool {
    blocks.iter().any(wanted)
        && blocks.iter().all(|block| wanted(block) || block.kind == BlockKind::EcParameters)
}

fn take(blocks: &mut Vec<Block>, wanted: fn(&Block) -> bool) -> Vec<Block> {
    blocks.extract_if(.., |block| wanted(block)).collect()
}

static FIELDS_SWAPPED: Rule = Rule {
    code: "fields-swapped",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate and the private key stand in each other's field",
    hint: "Exchange the two fields.",
    why: "The certificate is public and is stored and shown as such; a private key in its place would be published. Everything else is \
          checked as if the fields had been exchanged.\n\n\
          Example: `cert_content` holds `-----BEGIN PRIVATE KEY-----` and `private_key` holds `-----BEGIN CERTIFICATE-----`.",
    citations: &["API page, table 3: cert_content, private_key"],
    ..Rule::BASE
};

fn report_swap(certificate_field: Field, key_field: Field, findings: &mut Findings<'_>) {
    let message = format!(
        "`{certificate_field}` holds a private key and `{key_field}` a certificate: the two fields are swapped"
    );
    let hint = format!("Exchange `{certificate_field}` and `{key_field}`.");
    let mend = Mend::Exchange(match certificate_field {
        Field::CertContentSign => &[(Field::CertContentSign, Field::PrivateKeySign)],
        _ => &[(Field::CertContent, Field::PrivateKey)],
    });
    findings.add(
        Finding::new(&FIELDS_SWAPPED, Location::field(certificate_field), message).hint(hint).mend(mend),
    );
}

/// The keys of a key field, where one is expected, that those of another field are compared with at most: it bounds the cost.
pub(crate) const COMPARED: usize = 4;

/// Tells of the private keys among `blocks`, those of a field for certificates.
fn report_exposed(
    form: &CertificateForm,
    field: Field,
    blocks: &[Block],
    is_whole: bool,
    findings: &mut Findings<'_>,
) {
    let copies = if is_whole { key_copies(form, blocks, findings.policy()) } else { BTreeSet::new() };
    for (index, block) in blocks.iter().enumerate().filter(|(_, block)| is_key(block)) {
        let message = format!("`{field}` holds a PRIVATE KEY; this field is public, so the key is exposed");
        let finding = Finding::new(&KEY_EXPOSED, block.location.clone(), message);
        findings.add(if copies.contains(&index) { finding.fixable() } else { finding });
    }
}

/// A key that could not be read, and a certificate where it belongs: the fields are swapped, yet exchanging them is not enough.
fn hint_at_swap(certificate_field: Field, key_field: Field, findings: &mut Findings<'_>) {
    let is_exposed = |finding: &Finding| {
        finding.code() == KEY_EXPOSED.code && finding.location.field == Some(certificate_field)
    };
    let Some(key) = findings.as_slice().iter().find(|finding| is_exposed(finding)) else { return };
    let message = format!(
        "`{certificate_field}` holds a private key that cannot be read and `{key_field}` a certificate: the two fields are swapped"
    );
    let hint = format!(
        "Put the certificate into `{certificate_field}` and the whole private key into `{key_field}`."
    );
    let finding = Finding::new(&FIELDS_SWAPPED, key.location.clone(), message).hint(hint);
    findings.add(finding);
}

/// The positions of the private keys among `blocks`, those of a field for certificates, that a key field of the form holds too, so
/// that nothing is lost without them. None where nothing else would be left of the field.
pub(crate) fn key_copies(form: &CertificateForm, blocks: &[Block], policy: &Policy) -> BTreeSet<usize> {
    if !blocks.iter().any(is_key) {
        return BTreeSet::new();
    }
    let mut findings = Findings::new(policy);
    let fields = [Field::PrivateKey, Field::PrivateKeySign];
    let keys = fields.map(|field| {
        let (mut blocks, _) = read_field(form, field, Expected::PrivateKey, &mut findings);
        blocks.retain(is_key);
        blocks.truncate(COMPARED);
        blocks
    });
    let known: Vec<_> = keys.iter().flatten().map(Known::of).collect();
    let is_copy = |block: &Block| is_key(block) && known.iter().any(|key| key.is_in(block));
    let copies: BTreeSet<usize> =
        blocks.iter().enumerate().filter(|(_, block)| is_copy(block)).map(|(index, _)| index).collect();
    if copies.len() < blocks.len() { copies } else { BTreeSet::new() }
}

static CERTIFICATE_WITH_KEY: Rule = Rule {
    code: "certificate-with-key",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The key field holds certificates beside the key",
    hint: "Keep only the private key in this field.",
    why: "Some servers (HAProxy) want certificate and key in one file; this API wants them apart. Certificates that `cert_content` holds \
          too can be dropped without loss.\n\n\
          Example: `cat server.key server.crt > server.pem`, pasted into `private_key`.",
    citations: &["API page, table 3: private_key"],
    ..Rule::BASE
};

static CERTIFICATE_IN_KEY_FIELD: Rule = Rule {
    code: "certificate-in-key-field",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The key field holds a certificate that the certificate field lacks",
    hint: "Move the certificate to `cert_content`, behind the leaf, or remove it.",
    why: "The gateway reads certificates from the certificate field alone. A certificate that stands only beside the key would be lost in \
          silence, and the chain with it.\n\n\
          Example: the intermediate certificate pasted behind the key.",
    citations: &["API page, table 3: private_key"],
    ..Rule::BASE
};

fn report_misplaced(
    misplaced: &[Block],
    key_field: Field,
    certificate_field: Field,
    certificates: &[Block],
    has_key: bool,
    findings: &mut Findings<'_>,
) {
    if misplaced.is_empty() {
        return;
    }
    let known: BTreeSet<&[u8]> = certificates.iter().map(|certificate| certificate.der.as_slice()).collect();
    let known = |block: &&Block| known.contains(block.der.as_slice());
    let (twice, lost): (Vec<_>, Vec<_>) = misplaced.iter().partition(known);
    if let Some(first) = twice.first().filter(|_| has_key) {
        let message = format!(
            "`{key_field}` holds {} beside the key; `{certificate_field}` has the same",
            text::count(twice.len(), "certificate")
        );
        findings.add(Finding::new(&CERTIFICATE_WITH_KEY, first.location.clone(), message).fixable());
    }
    if let Some(first) = lost.first() {
        let message = format!(
            "`{key_field}` holds {} that `{certificate_field}` lacks",
            text::count(lost.len(), "certificate")
        );
        let hint = if has_key {
            format!("Move the certificate to `{certificate_field}`, behind the leaf, or remove it.")
        } else {
            format!(
                "Put the private key into `{key_field}`, and the certificate into the field that it belongs to: `cert_content`, or \
                 `cert_content_sign` for the signature certificate of SM2."
            )
        };
        findings.add(Finding::new(&CERTIFICATE_IN_KEY_FIELD, first.location.clone(), message).hint(hint));
    }
}

static CERTIFICATE_ABSENT: Rule = Rule {
    code: "certificate-absent",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate field holds no certificate",
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
    summary: "The key field holds no private key",
    hint: "Paste the private key, from `-----BEGIN PRIVATE KEY-----` to `-----END PRIVATE KEY-----`.",
    why: "The field was read to its end and no private key was among its blocks.\n\n\
          Example: the certificate pasted into both fields.",
    citations: &["RFC 7468, section 10", "API page, table 3: private_key"],
    ..Rule::BASE
};

fn report_absent(rule: &'static Rule, field: Field, found: &str, findings: &mut Findings<'_>) {
    let what = if *rule == KEY_ABSENT { "private key" } else { "certificate" };
    findings.add(Finding::new(rule, Location::field(field), format!("`{field}` holds no {what}{found}")));
}

static KEYS_DIFFER: Rule = Rule {
    code: "keys-differ",
    severity: Severity::Error,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "The key field holds two different private keys",
    hint: "Keep the key that belongs to the certificate; `certgate inspect` shows the `key SHA-256` of each.",
    why: "Which of them would be used is a matter of chance. None is guessed.\n\n\
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
    why: "One key is expected. The same key in two containers (SEC1 and PKCS#8, say) is harmless but a sign of a file put together by \
          mistake.\n\nExample: `cat server.key server.key`",
    citations: &["API page, table 3: private_key"],
    ..Rule::BASE
};

/// The private key of a key field: the first, where all are the same.
pub(crate) fn only_key(keys: Vec<Block>, field: Field, findings: &mut Findings<'_>) -> Option<Block> {
    let mut keys = keys.into_iter();
    let first = keys.next()?;
    let others: Vec<_> = keys.collect();
    let Some(second) = others.first() else { return Some(first) };
    let known = Known::of(&first);
    if others.iter().all(|other| known.is_in(other)) {
        let message =
            format!("`{field}` holds the same private key {} times", others.len().saturating_add(1));
        findings.add(Finding::new(&KEY_REPEATED, second.location.clone(), message).fixable());
        return Some(first);
    }
    let message = format!(
        "`{field}` holds {} private keys that differ; one is allowed",
        others.len().saturating_add(1)
    );
    findings.add(Finding::new(&KEYS_DIFFER, second.location.clone(), message));
    findings.not_evaluated("match", format!("`{field}` holds more than one private key"));
    None
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &FIELDS_SWAPPED,
    &CERTIFICATE_WITH_KEY,
    &CERTIFICATE_IN_KEY_FIELD,
    &CERTIFICATE_ABSENT,
    &KEY_ABSENT,
    &KEYS_DIFFER,
    &KEY_REPEATED,
];
