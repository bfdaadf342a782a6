//! The facts of an upload that the rules of targets speak of.

use std::collections::BTreeSet;

use super::subject::Subject;
use super::words;
use crate::crypto::proof::Numbers;
use crate::crypto::rsa::bit_length;
use crate::crypto::spki::{EcPublicKey, PublicKey};
use crate::der::{self, Reader, tag};
use crate::finding::{Fact, Facts, Finding, NotEvaluated};
use crate::location::{Field, Location};
use crate::read::block::{Block, BlockKind};
use crate::read::certificate::Certificate;
use crate::read::form::CertificateForm;
use crate::read::key::{self, Mismatch, PrivateKey};
use crate::read::upload::Upload;
use crate::relate::Relations;
use crate::relate::fields::{is_certificate, is_key};
use crate::relate::pair::proof;
use crate::rule::Severity;

/// The facts of each certificate, of the key, and of the two files, in the order of the form.
pub(crate) type UploadFacts = Vec<SubjectFacts>;

/// The facts of one of them.
pub(crate) struct SubjectFacts {
    pub(super) kind: Subject,
    pub(super) place: Location,
    pub(super) facts: Facts,
}

/// Collects the facts. `findings` are all that certgate has to say, whatever the policy makes of them, and none left out.
pub(crate) fn collect(
    form: &CertificateForm,
    upload: &Upload,
    relations: &Relations<'_>,
    findings: &[Finding],
    not_evaluated: &[NotEvaluated],
) -> UploadFacts {
    let gate_refuses = findings.iter().any(|finding| finding.default_severity == Severity::Error);
    let not_evaluated: BTreeSet<&str> = not_evaluated.iter().map(|entry| entry.code.as_ref()).collect();
    let (fields, pair) = (&relations.base.fields, &relations.base.pair);
    let is_double_set = form.cert_content_sign.is_some() && form.private_key_sign.is_some();
    let mut all = UploadFacts::new();
    for (kind, field) in
        [(Subject::CertificateFile, fields.certificate_field), (Subject::KeyFile, fields.key_field)]
    {
        let place = Location::field(field);
        let here = findings.iter().filter(|finding| finding.location.field == Some(field));
        let mut facts = Facts::none();
        facts.add("finding", codes(here, None));
        facts.add("gate_refuses", gate_refuses);
        facts.add("double_set", is_double_set);
        facts.add("not_evaluated", list(not_evaluated.iter().copied()));
        file(form, upload, field, &mut facts);
        all.push(SubjectFacts { kind, place, facts });
    }
    let mut first = None;
    for (index, block) in fields.certificates.iter().enumerate() {
        let kind = if index == 0 { Subject::Leaf } else { Subject::Issuer };
        let read = pair.certificates.iter().find(|one| is_at(one.location(), &block.location));
        if index == 0 {
            first = read;
        }
        let here = findings.iter().filter(|finding| is_at(&finding.location, &block.location));
        let mut facts = Facts::none();
        facts.add("finding", codes(here, read));
        facts.add("number", index.saturating_add(1));
        facts.add("double_set", is_double_set);
        facts.add("readable", read.is_some());
        let faults = pair.unreadable.iter().find(|(_, one)| is_at(one.location(), &block.location));
        let faults = read.map(Certificate::faults).or(faults.map(|(_, one)| one.faults()));
        let end = der::announced(&block.der);
        let faults: BTreeSet<&str> =
            faults.into_iter().flat_map(|all| all.iter()).flat_map(|fault| words::of(fault, end)).collect();
        facts.add("fault", list(faults));
        if let Some(certificate) = read {
            self::certificate(certificate, &mut facts);
        }
        all.push(SubjectFacts { kind, place: block.location.clone(), facts });
    }
    if let Some(block) = upload.blocks(fields.key_text()).iter().find(|block| is_key(block)) {
        let here = findings.iter().filter(|finding| is_at(&finding.location, &block.location));
        let mut facts = Facts::none();
        facts.add("finding", codes(here, None));
        key(block, first, &mut facts);
        all.push(SubjectFacts { kind: Subject::Key, place: block.location.clone(), facts });
    }
    all
}

/// Whether a place is in the block at `block`.
fn is_at(place: &Location, block: &Location) -> bool {
    (place.field, place.block) == (block.field, block.block)
}

fn list<'t>(texts: impl IntoIterator<Item = &'t str>) -> Fact {
    Fact::List(texts.into_iter().map(str::to_owned).collect())
}

/// The codes of findings, each also with its element and with its facts.
fn codes<'f>(findings: impl Iterator<Item = &'f Finding>, certificate: Option<&Certificate<'_>>) -> Fact {
    let mut words = BTreeSet::new();
    for finding in findings {
        let code = finding.code();
        words.insert(code.to_owned());
        if let Some(path) = &finding.location.der_path {
            words.insert(format!("{code} at {}", element(path, certificate)));
        }
        for (name, fact) in finding.facts.iter() {
            match fact {
                Fact::Text(text) => _ = words.insert(format!("{code} {name}={text}")),
                Fact::List(texts) => words.extend(texts.iter().map(|text| format!("{code} {name}={text}"))),
                Fact::Flag(_) | Fact::Number(_) => {}
            }
        }
    }
    Fact::List(words.into_iter().collect())
}

/// The name of the element with that path: the field of the certificate or the extension, and the last name after it.
fn element(path: &str, certificate: Option<&Certificate<'_>>) -> String {
    let inner = path.strip_prefix("tbsCertificate.").unwrap_or(path);
    let (first, rest) = inner.split_once('.').unwrap_or((inner, ""));
    let (name, index) = first.split_once('[').unwrap_or((first, ""));
    let index: Option<usize> = index.split(']').next().and_then(|digits| digits.parse().ok());
    let extension = index.filter(|_| name == "extensions").and_then(|index| {
        let list = certificate?.extension_list();
        list.iter().find(|extension| extension.index == index)
    });
    let name = extension.map_or_else(|| name.to_owned(), |extension| extension.shown());
    let last = rest.rsplit('.').next().unwrap_or_default();
    let last = last.split('[').next().unwrap_or_default();
    if last.is_empty() || last == "extnValue" { name } else { format!("{name}.{last}") }
}

/// A text: how it ends, and which blocks are in it.
fn file(form: &CertificateForm, upload: &Upload, field: Field, facts: &mut Facts) {
    let bytes = form.content(field).map(|content| content.as_bytes()).unwrap_or_default();
    facts.add("ends_with_newline", bytes.ends_with(b"\n") || bytes.ends_with(b"\r"));
    facts.add("ends_with_nul", bytes.ends_with(b"\0"));
    facts.add("octets", bytes.len());
    let blocks = upload.blocks(field);
    facts.add("blocks", blocks.len());
    facts.add("certificates", blocks.iter().filter(|block| is_certificate(block)).count());
    let octets = blocks.iter().filter(|block| is_certificate(block)).map(|block| block.der.len());
    facts.add("certificate_octets", octets.fold(0, usize::saturating_add));
    if let Some(first) = blocks.first() {
        facts.add("first_label", first.label.as_str());
    }
    let labels: BTreeSet<&str> = blocks.iter().map(|block| block.label.as_str()).collect();
    facts.add("labels", list(labels));
    let kinds: BTreeSet<&str> = blocks.iter().map(|block| kind(block)).collect();
    facts.add("holds", list(if kinds.is_empty() { BTreeSet::from(["nothing"]) } else { kinds }));
}

const fn kind(block: &Block) -> &'static str {
    match block.kind {
        BlockKind::Certificate => "certificate",
        BlockKind::PrivateKey => "key",
        BlockKind::EncryptedKey => "encrypted-key",
        BlockKind::EcParameters | BlockKind::DhParameters => "parameters",
        _ => "other",
    }
}

fn certificate(certificate: &Certificate<'_>, facts: &mut Facts) {
    if let Some(key) = certificate.public_key() {
        facts.add("algorithm", key.name());
        match key {
            PublicKey::Rsa(rsa) => {
                facts.add("bits", rsa.bits());
                facts.add("exponent_bits", bit_length(rsa.exponent()));
            }
            PublicKey::Ec(point) => facts.add("point_compressed", point.was_compressed()),
            PublicKey::Unsupported(_) => {}
        }
    }
    let signature = certificate.signature_algorithm();
    facts.add("signature", signature.name());
    if let Some(hash) = signature.hash() {
        facts.add("hash", hash.name());
    }
    facts.add("signature_known", signature.scheme().is_some() || signature.hash().is_some());
    facts.add("octets", certificate.der().len());
    facts.add("version", usize::try_from(certificate.version()).unwrap_or(usize::MAX));
    facts.add("ca", certificate.is_ca());
    facts.add("self_issued", certificate.is_self_issued());
    facts.add("subject_empty", certificate.subject().is_empty());
    facts.add("issuer_empty", certificate.issuer().is_empty());
    facts.add("has_san", certificate.has_san());
    facts.add("names", certificate.san().len());
    let extensions = certificate.extension_list();
    let named = |only_critical: bool| {
        let of = extensions.iter().filter(move |extension| extension.critical || !only_critical);
        Fact::List(of.map(|extension| extension.shown()).collect())
    };
    facts.add("extension", named(false));
    facts.add("critical", named(true));
    if let Some(usage) = certificate.key_usage() {
        facts.add("key_usage", list(usage.names()));
    }
    if let Some(purposes) = certificate.ext_key_usage() {
        facts.add("ext_key_usage", Fact::List(purposes.names().collect()));
    }
}

fn key(block: &Block, certificate: Option<&Certificate<'_>>, facts: &mut Facts) {
    facts.add("label", block.label.as_str());
    if let Some(key) = certificate.and_then(Certificate::public_key) {
        facts.add("certificate", key.name());
    }
    if let Some(version) = pkcs8_version(&block.der) {
        facts.add("pkcs8_version", version);
    }
    let read = key::read(block).ok();
    facts.add("match", belongs(certificate, read.as_ref()));
    let Some(key) = read else { return };
    facts.add("form", key.form().name());
    facts.add("algorithm", key.name());
    facts.add("public_numbers", public_numbers(certificate, &key));
    match key.numbers() {
        Numbers::Rsa(rsa) => facts.add("bits", rsa.public.bits()),
        Numbers::Ec(ec) => {
            facts.add("names_curve", ec.curve.is_some());
            facts.add(
                "point",
                match ec.points.first().and_then(|point| point.first()) {
                    None => "none",
                    Some(2 | 3) => "compressed",
                    Some(_) => "uncompressed",
                },
            );
        }
    }
}

/// The version of a PKCS#8 key as people say it, 1 or 2, also where certgate does not read the key.
fn pkcs8_version(der: &[u8]) -> Option<usize> {
    let mut fields = Reader::new(der).any().ok()?.inside();
    let (version, algorithm) = (fields.any().ok()?, fields.any().ok()?);
    match (version.tag, version.value, algorithm.tag) {
        (tag::INTEGER, [0], tag::SEQUENCE) => Some(1),
        (tag::INTEGER, [1], tag::SEQUENCE) => Some(2),
        _ => None,
    }
}

/// Whether the public numbers that a key file carries are those of the certificate: all that most programs compare.
fn public_numbers(certificate: Option<&Certificate<'_>>, key: &PrivateKey) -> &'static str {
    let is_same = match (key.numbers(), certificate.and_then(Certificate::public_key)) {
        (Numbers::Ec(ec), _) if ec.points.is_empty() => return "none",
        (Numbers::Ec(ec), Some(PublicKey::Ec(own))) => ec.points.iter().all(|point| {
            EcPublicKey::decode(own.curve(), point).is_ok_and(|point| point.point() == own.point())
        }),
        (Numbers::Rsa(rsa), Some(PublicKey::Rsa(own))) => rsa.public == *own,
        _ => false,
    };
    if is_same { "same" } else { "other" }
}

/// Whether the key belongs to the certificate; if not, why.
fn belongs(certificate: Option<&Certificate<'_>>, key: Option<&PrivateKey>) -> &'static str {
    match proof(certificate, key) {
        None => "not-read",
        Some(Ok(())) => "yes",
        Some(Err(Mismatch::OtherType { .. })) => "other-type",
        Some(Err(Mismatch::OtherCurve { .. })) => "other-curve",
        Some(Err(Mismatch::OtherKey | Mismatch::NoCurve | Mismatch::ScalarOutOfRange { .. })) => "other-key",
        Some(Err(Mismatch::SameModulusOtherExponent)) => "other-exponent",
        Some(Err(Mismatch::SelfContradiction(_))) => "contradicts",
    }
}
