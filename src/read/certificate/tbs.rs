//! The outline of a certificate: its fields in order, and the rules about those that are no names, times or extensions.

use time::OffsetDateTime;

use crate::der::tag;
use crate::der::{Element, DerFault, Path, Reader};
use crate::read::pem::lost;
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

use super::algorithm::SignatureAlgorithm;
use super::extension::Extensions;
use super::name::Name;
use super::oid::Oid;
use super::serial::Serial;
use super::time as times;
use super::walk::Walk;

static CERT_VERSION: Rule = Rule {
    code: "cert-version",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate's version is unknown or does not fit its fields",
    hint: "Ask the CA for a version 3 certificate.",
    why: "Versions 1, 2 and 3 exist. Extensions came with version 3, unique identifiers with version 2: a certificate that has them under \
          a lower number is refused by OpenSSL, Go and others, or its extensions are not read.\n\n\
          Example: a subject alternative name in a certificate without a version, which means version 1.",
    citations: &["RFC 5280, section 4.1.2.1"],
    ..Rule::BASE
};

static CERT_SERIAL_NUMBER: Rule = Rule {
    code: "cert-serial-number",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The serial number is not a positive number of at most 20 octets",
    hint: "Nothing to do for the upload; tell the CA, because strict clients may refuse the certificate.",
    why: "A CA must number its certificates with positive integers of at most 20 octets. Others work with most programs, but Go refuses \
          negative ones, and revocation lists may not find long ones.\n\n\
          Example: a random serial number whose first octet is 0x9C, without the zero octet that makes it positive.",
    citations: &["RFC 5280, section 4.1.2.2"],
    ..Rule::BASE
};

pub(crate) static CERT_SIGNATURE_ALGORITHMS_DIFFER: Rule = Rule {
    code: "cert-signature-algorithms-differ",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The signature algorithm inside the signed part is not the one beside the signature",
    hint: "Take the certificate from the CA again: this one was changed or wrongly made, and no client verifies it.",
    why: "The algorithm is named twice: inside what is signed, and beside the signature. Only the inner one is protected. If the two \
          could differ, an attacker could choose how the signature is read, so they must be equal octet for octet.\n\n\
          Example: sha256WithRSAEncryption inside, sha1WithRSAEncryption outside.",
    citations: &["RFC 5280, section 4.1.1.2"],
    ..Rule::BASE
};

pub(super) static CERT_VALIDITY_REVERSED: Rule = Rule {
    code: "cert-validity-reversed",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate ends before it begins",
    hint: "Ask the CA to issue the certificate again with notBefore before notAfter.",
    why: "With notBefore after notAfter there is no moment at which the certificate is valid, at no setting of any clock.\n\n\
          Example: dates of a hand-made certificate in the wrong order.",
    citations: &["RFC 5280, section 4.1.2.5"],
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] =
    &[&CERT_VERSION, &CERT_SERIAL_NUMBER, &CERT_SIGNATURE_ALGORITHMS_DIFFER, &CERT_VALIDITY_REVERSED];

/// A date of the certificate and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) time: Option<OffsetDateTime>,
    pub(super) offset: usize,
}

/// The fields of a certificate.
#[derive(Clone, Debug)]
pub(super) struct Outline<'a> {
    pub(super) tbs: &'a [u8],
    pub(super) version: u32,
    pub(super) serial: Serial<'a>,
    pub(super) signature_algorithm: SignatureAlgorithm<'a>,
    pub(super) signature_algorithm_offset: usize,
    pub(super) issuer: Name<'a>,
    pub(super) not_before: Moment,
    pub(super) not_after: Moment,
    pub(super) subject: Name<'a>,
    pub(super) spki: &'a [u8],
    pub(super) spki_offset: usize,
    pub(super) extensions: Extensions<'a>,
    pub(super) signature: &'a [u8],
}

const CERTIFICATE: Path<'static> = Path::root("certificate");
pub(super) const TBS: Path<'static> = Path::root("tbsCertificate");
pub(super) const SIGNATURE_ALGORITHM: Path<'static> = Path::root("signatureAlgorithm");
const SIGNATURE_VALUE: Path<'static> = Path::root("signatureValue");

/// Reads a Certificate (RFC 5280, 4.1); `None` where its outline is broken. All faults are told to the walk.
pub(super) fn read<'a>(der: &'a [u8], walk: &mut Walk<'_, '_>) -> Option<Outline<'a>> {
    if let Some(lost) = lost(der) {
        walk.cut_short(&CERTIFICATE, &lost);
        return None;
    }
    let mut top = Reader::new(der);
    let outer = require(&mut top, tag::SEQUENCE, &CERTIFICATE, walk)?;
    let mut parts = outer.inside();
    let tbs = require(&mut parts, tag::SEQUENCE, &TBS, walk)?;
    let mut fields = tbs.inside();

    let version_offset = fields.offset();
    let version = read_version(&mut fields, walk);
    let serial = read_serial(&mut fields, walk)?;
    let inner = require(&mut fields, tag::SEQUENCE, &TBS.field("signature"), walk)?;
    let inner_algorithm = read_algorithm(&inner, &TBS.field("signature"), walk)?;
    let issuer = require(&mut fields, tag::SEQUENCE, &TBS.field("issuer"), walk)?;
    let issuer = Name::read(&issuer, &TBS.field("issuer"), walk);
    let (not_before, not_after) = read_validity(&mut fields, walk)?;
    let subject = require(&mut fields, tag::SEQUENCE, &TBS.field("subject"), walk)?;
    let subject = Name::read(&subject, &TBS.field("subject"), walk);
    let spki = require(&mut fields, tag::SEQUENCE, &TBS.field("subjectPublicKeyInfo"), walk)?;
    let unique_ids = read_unique_ids(&mut fields, walk);
    let extensions = read_extensions(&mut fields, walk);
    walk.finish_reader(&fields, &TBS);
    if let Some(version) = version {
        judge_version(version, unique_ids, extensions.is_some(), version_offset, walk);
    }

    let outer_algorithm = require(&mut parts, tag::SEQUENCE, &SIGNATURE_ALGORITHM, walk)?;
    let signature_algorithm = read_outer_algorithm(&outer_algorithm, &inner, inner_algorithm, walk)?;
    let signature = require(&mut parts, tag::BIT_STRING, &SIGNATURE_VALUE, walk)?;
    walk.check_primitive(&signature, &SIGNATURE_VALUE);
    if signature.value.first().is_some_and(|unused| (1..8).contains(unused)) {
        walk.fault(signature.offset, &SIGNATURE_VALUE, DerFault::BitString);
    }
    walk.finish_reader(&parts, &CERTIFICATE);
    walk.finish_reader(&top, &CERTIFICATE);

    Some(Outline {
        tbs: tbs.raw,
        version: version.unwrap_or_default(),
        serial,
        signature_algorithm,
        signature_algorithm_offset: outer_algorithm.offset,
        issuer,
        not_before,
        not_after,
        subject,
        spki: spki.raw,
        spki_offset: spki.offset,
        extensions: extensions.unwrap_or(Extensions { offset: tbs.offset, ..Extensions::default() }),
        // Every signature is a whole number of octets: with unused bits it is nobody's.
        signature: signature.value.strip_prefix(&[0]).unwrap_or_default(),
    })
}

/// The next element, without which the outline is broken.
fn require<'a>(
    reader: &mut Reader<'a>,
    tag: u8,
    path: &Path<'_>,
    walk: &mut Walk<'_, '_>,
) -> Option<Element<'a>> {
    match walk.expect(reader, tag, path) {
        Ok(element) => Some(element),
        Err((offset, fault)) => {
            walk.unreadable(offset, path, fault);
            None
        }
    }
}

/// Reads `[0] EXPLICIT Version DEFAULT v1`: the number as people say it, from 1; 0 for a number that is none. `None` where there
/// is no number, which the walk is told.
fn read_version(fields: &mut Reader<'_>, walk: &mut Walk<'_, '_>) -> Option<u32> {
    let path = TBS.field("version");
    if fields.peek() != Some(tag::CONTEXT_0) {
        return Some(1);
    }
    let explicit = walk.take(fields, tag::CONTEXT_0, &path)?;
    let mut inside = explicit.inside();
    let number = walk.take(&mut inside, tag::INTEGER, &path)?;
    walk.check_primitive(&number, &path);
    walk.finish_reader(&inside, &path);
    Some(match number.value {
        [0] => {
            walk.fault(explicit.offset, &path, DerFault::DefaultEncoded);
            1
        }
        [version @ 1..=0x7F] => u32::from(*version).saturating_add(1),
        _ => 0,
    })
}

fn judge_version(version: u32, unique_ids: bool, extensions: bool, offset: usize, walk: &mut Walk<'_, '_>) {
    let message = match version {
        1 | 2 if extensions => format!("version {version} with extensions, which need version 3"),
        1 if unique_ids => "version 1 with a unique identifier, which needs version 2".to_owned(),
        1..=3 => return,
        0 => "the version is no number from 1 to 3".to_owned(),
        other => format!("version {other}; 3 is the last one"),
    };
    walk.report(&CERT_VERSION, offset, &TBS.field("version"), || message);
}

fn read_serial<'a>(fields: &mut Reader<'a>, walk: &mut Walk<'_, '_>) -> Option<Serial<'a>> {
    let path = TBS.field("serialNumber");
    let number = require(fields, tag::INTEGER, &path, walk)?;
    walk.check_primitive(&number, &path);
    let serial = Serial::new(number.value);
    let octets = serial.magnitude_octets();
    let message = match number.value {
        [] => return Some(serial),
        _ if serial.is_negative() => "the serial number is negative".to_owned(),
        _ if octets == 0 => "the serial number is zero".to_owned(),
        value if value.len() > MAX_SERIAL_OCTETS => {
            format!(
                "the serial number has {}, more than {MAX_SERIAL_OCTETS}",
                text::count(value.len(), "octet")
            )
        }
        _ => return Some(serial),
    };
    walk.report(&CERT_SERIAL_NUMBER, number.offset, &path, || message);
    Some(serial)
}

/// Content octets of the longest serial number (RFC 5280, 4.1.2.2).
const MAX_SERIAL_OCTETS: usize = 20;

/// An AlgorithmIdentifier, whatever its faults.
fn algorithm<'a>(element: &Element<'a>) -> Option<SignatureAlgorithm<'a>> {
    let mut fields = element.inside();
    let oid = fields.next()?.ok().filter(|oid| oid.tag == tag::OID)?;
    let parameters = fields.next().and_then(Result::ok).map(|parameters| parameters.raw);
    Some(SignatureAlgorithm::new(element.raw, Oid::new(oid.value), parameters))
}

fn read_algorithm<'a>(
    element: &Element<'a>,
    path: &Path<'_>,
    walk: &mut Walk<'_, '_>,
) -> Option<SignatureAlgorithm<'a>> {
    let Some(algorithm) = algorithm(element) else {
        walk.unreadable(element.offset, path, DerFault::Absent { expected: tag::OID });
        return None;
    };
    let mut fields = element.inside();
    for name in ["algorithm", "parameters"] {
        let offset = fields.offset();
        match fields.next() {
            Some(Ok(field)) => {
                walk.check(&field, &path.field(name));
            }
            Some(Err(fault)) => walk.fault(offset, &path.field(name), fault),
            None => {}
        }
    }
    walk.finish_reader(&fields, path);
    if algorithm.wants_null() && algorithm.parameters().is_none() {
        walk.lax(element.offset, path, || {
            format!("{} without the NULL that stands for its parameters", algorithm.name())
        });
    }
    Some(algorithm)
}

/// Reads the AlgorithmIdentifier beside the signature, which must be a copy of the `inner` one.
fn read_outer_algorithm<'a>(
    outer: &Element<'a>,
    inner: &Element<'_>,
    inner_algorithm: SignatureAlgorithm<'a>,
    walk: &mut Walk<'_, '_>,
) -> Option<SignatureAlgorithm<'a>> {
    if outer.raw == inner.raw {
        // The faults of the copy were told with the first.
        return Some(inner_algorithm);
    }
    let algorithm = read_algorithm(outer, &SIGNATURE_ALGORITHM, walk)?;
    walk.report(&CERT_SIGNATURE_ALGORITHMS_DIFFER, outer.offset, &SIGNATURE_ALGORITHM, || {
        let (inside, outside) = (inner_algorithm.name(), algorithm.name());
        if inside == outside {
            format!("{inside} is encoded differently inside the signed part and beside the signature")
        } else {
            format!("{inside} inside the signed part, {outside} beside the signature")
        }
    });
    Some(algorithm)
}

fn read_validity(fields: &mut Reader<'_>, walk: &mut Walk<'_, '_>) -> Option<(Moment, Moment)> {
    let path = TBS.field("validity");
    let validity = require(fields, tag::SEQUENCE, &path, walk)?;
    let mut inside = validity.inside();
    let mut read = |name| {
        let path = path.field(name);
        let utc = inside.peek() != Some(GENERALIZED_TIME);
        let element = require(&mut inside, if utc { UTC_TIME } else { GENERALIZED_TIME }, &path, walk)?;
        Some(Moment { time: times::read(&element, &path, walk), offset: element.offset })
    };
    let not_before = read("notBefore")?;
    let not_after = read("notAfter")?;
    walk.finish_reader(&inside, &path);
    if let (Some(begin), Some(end)) = (not_before.time, not_after.time)
        && begin > end
    {
        walk.report(&CERT_VALIDITY_REVERSED, validity.offset, &path, || {
            format!("notBefore {} is after notAfter {}", times::show(begin), times::show(end))
        });
    }
    Some((not_before, not_after))
}

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// Passes over issuerUniqueID and subjectUniqueID; says whether one was there.
fn read_unique_ids(fields: &mut Reader<'_>, walk: &mut Walk<'_, '_>) -> bool {
    let mut found = false;
    for (tag, name) in [(0x81, "issuerUniqueID"), (0x82, "subjectUniqueID")] {
        if fields.peek() == Some(tag) {
            found = true;
            walk.take(fields, tag, &TBS.field(name));
        }
    }
    found
}

/// Reads `[3] EXPLICIT Extensions`, where it stands.
fn read_extensions<'a>(fields: &mut Reader<'a>, walk: &mut Walk<'_, '_>) -> Option<Extensions<'a>> {
    const CONTEXT_3: u8 = 0xA3;
    if fields.peek() != Some(CONTEXT_3) {
        return None;
    }
    let path = TBS.field("extensions");
    let explicit = walk.take(fields, CONTEXT_3, &path)?;
    Some(Extensions::read(&explicit, &path, walk))
}
