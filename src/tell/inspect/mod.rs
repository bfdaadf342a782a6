//! What a file holds: the facts of its certificates and keys, without a form.

mod facts;
#[cfg(test)]
mod tests;

pub use facts::{CertificateFacts, Inspection, KeyFacts, LinkSignature, OtherFacts, PrivateKeyFacts};

use time::OffsetDateTime;

use crate::algorithm::AlgorithmType;
use crate::crypto::ec::public::PreparedKeys;
use crate::crypto::hash::Hash;
use crate::crypto::signature::{self, Outcome};
use crate::crypto::spki::PublicKey;
use crate::finding::{Checked, Findings};
use crate::location::Location;
use crate::policy::{At, Policy};
use crate::read::block::{Block, BlockKind};
use crate::read::certificate::Certificate;
use crate::read::certificate::request::Request;
use crate::read::form::Content;
use crate::read::key;
use crate::read::pem::{self};
use crate::rules::certificate::{self, Role};
use crate::rules::pem::{Expected, judge};
use crate::rules::{self, matching};
use crate::tell::metadata::CertificateMetadata;
use crate::text::{self, hex};

/// Looks into the bytes of a file, PEM or DER. Days left and validity are reported for the time `at`.
///
/// Each certificate is judged by itself, as a server's or as an issuer's by what it says of itself.
///
/// ```
/// use certgate::{At, Policy};
///
/// let found = certgate::inspect::inspect(b"no certificate", &Policy::default(), At::NotEvaluated);
/// assert!(!found.is_ok());
/// ```
pub fn inspect(bytes: &[u8], policy: &Policy, at: impl Into<At>) -> Inspection {
    let at = at.into();
    let mut findings = Findings::at(policy, at);
    let content = Content::from_bytes(bytes);
    let blocks = read_blocks(&content, policy, &mut findings);
    told(&blocks, policy, at, findings)
}

/// [`inspect`] for blocks that were read already.
#[cfg_attr(not(feature = "containers"), allow(dead_code))]
pub(crate) fn inspect_blocks(blocks: &[Block], policy: &Policy, at: At) -> Inspection {
    told(blocks, policy, at, Findings::at(policy, at))
}

fn told(blocks: &[Block], policy: &Policy, at: At, mut findings: Findings<'_>) -> Inspection {
    let certificates = read_certificates(blocks, &mut findings);
    let facts: Vec<_> = certificates
        .iter()
        .map(|certificate| {
            let mut facts = certificate_facts(certificate, at.time());
            let issuer = issuer_of(certificate, &certificates, policy);
            (facts.issued_by, facts.issuer_signature) = issuer.unzip();
            facts
        })
        .collect();
    let mut inspection = Inspection::default();
    for block in blocks {
        match block.kind {
            BlockKind::PrivateKey | BlockKind::EncryptedKey => {
                inspection.keys.push(private_key_facts(block, &mut findings));
            }
            kind => inspection.others.extend(other_facts(kind, block)),
        }
    }
    let mut facts = facts.into_iter();
    inspection.certificate = facts.next().map(Box::new);
    inspection.chain = facts.collect();
    let Checked { findings, not_evaluated, .. } = findings.checked(Some(()));
    (inspection.findings, inspection.not_evaluated) = (findings, not_evaluated);
    inspection
}

fn read_blocks(content: &Content, policy: &Policy, findings: &mut Findings<'_>) -> Vec<Block> {
    let place = Location::none();
    let reading = pem::read(content, &place, policy.content_max_bytes);
    judge(&reading, Expected::Anything, &[], &place, findings);
    reading.blocks
}

fn read_certificates<'b>(blocks: &'b [Block], findings: &mut Findings<'_>) -> Vec<Certificate<'b>> {
    let of_kind = blocks.iter().filter(|block| block.kind == BlockKind::Certificate);
    of_kind
        .filter_map(|block| {
            let reading = Certificate::read(&block.der, &block.location);
            let role = match &reading {
                Ok(certificate) if certificate.is_ca() && certificate.is_self_issued() => Role::Root,
                Ok(certificate) if certificate.is_ca() => Role::Issuer,
                _ => Role::Leaf,
            };
            certificate::judge(reading.as_ref().map_err(Box::as_ref), role, findings);
            reading.ok()
        })
        .collect()
}

fn certificate_facts(certificate: &Certificate<'_>, time: Option<OffsetDateTime>) -> CertificateFacts {
    let is_sm2 = certificate.public_key().and_then(PublicKey::algorithm_type) == Some(AlgorithmType::Sm2);
    let days_left = certificate.not_after().zip(time).map(|(end, now)| {
        let seconds = end.unix_timestamp().saturating_sub(now.unix_timestamp());
        seconds.div_euclid(86_400)
    });
    CertificateFacts {
        block: certificate.location().block,
        line: certificate.location().line,
        metadata: CertificateMetadata::of(certificate),
        algorithm_type: certificate.public_key().and_then(PublicKey::algorithm_type),
        subject: certificate.subject().to_string(),
        issuer_name: certificate.issuer().to_string(),
        issued_by: None,
        issuer_signature: None,
        days_left,
        subject_alternative_names: certificate.san().iter().map(ToString::to_string).collect(),
        key: certificate_key_facts(certificate),
        key_usage: certificate.key_usage().map(|usage| usage.names().collect()).unwrap_or_default(),
        ext_key_usage: certificate.ext_key_usage().map(|usage| usage.names().collect()).unwrap_or_default(),
        is_ca: certificate.is_ca(),
        path_len: certificate.basic_constraints().and_then(|constraints| constraints.path_len),
        serial_number_hex: hex(certificate.serial().as_bytes()),
        subject_key_id: certificate.subject_key_id().map(hex),
        authority_key_id: certificate.authority_key_id().and_then(|id| id.key_id).map(hex),
        ca_issuers: certificate.ca_issuers_urls().iter().map(|url| text::escape_all(url)).collect(),
        fingerprint_sha256: fingerprint(Hash::Sha256, certificate.der()),
        fingerprint_sm3: is_sm2.then(|| fingerprint(Hash::Sm3, certificate.der())),
    }
}

/// The block of a certificate's issuer, where it is in the file, and whether its key made the signature.
///
/// The name must fit, and the key identifiers where both are there. Of several the one whose key signed is taken, else the first.
fn issuer_of(
    certificate: &Certificate<'_>,
    all: &[Certificate<'_>],
    policy: &Policy,
) -> Option<(usize, LinkSignature)> {
    /// Certificates of one subject beyond this number are not tried: the cost of a hostile file stays bounded.
    const TRIED: usize = 4;
    let fits = |issuer: &&Certificate<'_>| {
        let authority = certificate.authority_key_id().and_then(|id| id.key_id);
        let ids = authority.zip(issuer.subject_key_id());
        certificate.issuer() == issuer.subject() && ids.is_none_or(|(wanted, given)| wanted == given)
    };
    let itself = certificate.is_self_issued().then_some(certificate);
    let candidates = itself.into_iter().chain(all).filter(fits).take(TRIED);
    let mut first = None;
    for issuer in candidates {
        let Some(block) = issuer.location().block else { continue };
        let signature = signature_of(certificate, issuer, policy);
        if signature == LinkSignature::Verified {
            return Some((block, signature));
        }
        first = first.or(Some((block, signature)));
    }
    first
}

fn signature_of(certificate: &Certificate<'_>, issuer: &Certificate<'_>, policy: &Policy) -> LinkSignature {
    let Some(signer) = issuer.signer() else { return LinkSignature::NotVerified };
    match signature::verify(certificate.signed(), signer, &policy.sm2_ids, &PreparedKeys::default()) {
        Outcome::Fits | Outcome::FitsEmptyId => LinkSignature::Verified,
        Outcome::DoesNotFit => LinkSignature::Wrong,
        Outcome::UnknownId | Outcome::NotSupported(_) => LinkSignature::NotVerified,
    }
}

fn private_key_facts(block: &Block, findings: &mut Findings<'_>) -> PrivateKeyFacts {
    let place = &block.location;
    let mut facts = PrivateKeyFacts { block: place.block, line: place.line, ..PrivateKeyFacts::default() };
    if block.kind == BlockKind::EncryptedKey {
        facts.form = Some("encrypted");
    }
    let read = key::read(block);
    rules::key::judge(block, &read, None, findings);
    let Ok(private) = read else { return facts };
    facts.form = Some(private.form().name());
    facts.key =
        KeyFacts { kind: Some(private.name().to_owned()), bits: private.bits(), ..KeyFacts::default() };
    match private.public_key() {
        Ok(public) => facts.key = public_key_facts(&public),
        Err(key::Mismatch::NoCurve) => {
            findings
                .not_evaluated("public-key", "the key names no curve, so that its public half is not known");
        }
        Err(mismatch) => matching::report_contradiction(&private, &mismatch, findings),
    }
    facts
}

fn other_facts(kind: BlockKind, block: &Block) -> Option<OtherFacts> {
    let mut facts =
        OtherFacts { block: block.location.block, line: block.location.line, ..OtherFacts::default() };
    facts.kind = match kind {
        BlockKind::Request => "certificate request",
        BlockKind::PublicKey => "public key",
        BlockKind::Crl => "certificate revocation list",
        BlockKind::Pkcs7 => "PKCS#7",
        BlockKind::Pkcs12 => "PKCS#12",
        _ => return None,
    };
    let request = (kind == BlockKind::Request).then(|| Request::read(&block.der)).flatten();
    let mut key = (kind == BlockKind::PublicKey).then(|| PublicKey::from_spki_der(&block.der).ok()).flatten();
    if let Some(request) = request {
        facts.subject = Some(request.subject.to_string());
        facts.subject_alternative_names = request.san.iter().map(ToString::to_string).collect();
        key = request.public_key;
    }
    facts.key = key.as_ref().map(public_key_facts);
    Some(facts)
}

fn public_key_facts(key: &PublicKey) -> KeyFacts {
    let spki = key.to_spki_der().and_then(|der| Hash::Sha256.digest(&der));
    KeyFacts {
        kind: Some(key.name().to_owned()),
        bits: key.bits(),
        spki_sha256: spki.as_deref().map(hex),
        pin_sha256: spki.as_deref().map(base64),
        tlsa: spki.as_deref().map(tlsa),
    }
}

/// The pin and the record are of the octets that the certificate has, whatever the canonical ones are.
fn certificate_key_facts(certificate: &Certificate<'_>) -> KeyFacts {
    let spki = Hash::Sha256.digest(certificate.spki_der());
    KeyFacts {
        pin_sha256: spki.as_deref().map(base64),
        tlsa: spki.as_deref().map(tlsa),
        ..certificate.public_key().map(public_key_facts).unwrap_or_default()
    }
}

/// The server's own key, by the SHA-256 of its SubjectPublicKeyInfo (RFC 6698, section 2.1).
fn tlsa(spki: &[u8]) -> String {
    format!("3 1 1 {}", hex(spki))
}

fn base64(octets: &[u8]) -> String {
    let mut out = String::new();
    octets.chunks(3).for_each(|octets| text::push_base64(&mut out, octets));
    out
}

fn fingerprint(hash: Hash, bytes: &[u8]) -> String {
    hash.digest(bytes).as_deref().map(hex).unwrap_or_default()
}
