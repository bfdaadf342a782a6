//! The outline of a certificate: its fields in order.

use ::time::OffsetDateTime;

use crate::der::{self, DerFault, Element, Path, Reader, tag};

use super::algorithm::SignatureAlgorithm;
use super::extension::Extensions;
use super::fault::{EncodingFault, FaultKind, LaxEncoding, OutlineFault, SerialFault, TimeFault, Unreadable};
use super::name::Name;
use super::oid::Oid;
use super::serial::Serial;
use super::time;
use super::walk::Walk;

/// A date of the certificate and where it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) time: Option<OffsetDateTime>,
    pub(crate) offset: usize,
}

/// The fields of a certificate.
#[derive(Clone, Debug)]
pub(crate) struct Outline<'a> {
    pub(crate) tbs: &'a [u8],
    pub(crate) version: u32,
    pub(crate) version_offset: usize,
    pub(crate) serial: Serial<'a>,
    pub(crate) signature_algorithm: SignatureAlgorithm<'a>,
    pub(crate) signature_algorithm_offset: usize,
    pub(crate) issuer: Name<'a>,
    pub(crate) not_before: Moment,
    pub(crate) not_after: Moment,
    pub(crate) subject: Name<'a>,
    pub(crate) spki: &'a [u8],
    pub(crate) spki_offset: usize,
    pub(crate) extensions: Extensions<'a>,
    pub(crate) signature: &'a [u8],
}

const CERTIFICATE: Path<'static> = Path::root("certificate");
pub(crate) const TBS: Path<'static> = Path::root("tbsCertificate");
pub(crate) const SIGNATURE_ALGORITHM: Path<'static> = Path::root("signatureAlgorithm");
const SIGNATURE_VALUE: Path<'static> = Path::root("signatureValue");

/// Reads a Certificate (RFC 5280, 4.1); `None` where its outline is broken. All faults go to the walk.
pub(super) fn read<'a>(der: &'a [u8], walk: &mut Walk<'a>) -> Option<Outline<'a>> {
    if let Some(announced) = der::announced(der).filter(|announced| *announced > der.len()) {
        walk.unreadable(0, &CERTIFICATE, Unreadable::CutShort { announced, given: der.len() });
        return None;
    }
    let mut top = Reader::new(der);
    let outer = walk.require(&mut top, tag::SEQUENCE, &CERTIFICATE)?;
    let mut parts = outer.inside();
    let tbs = walk.require(&mut parts, tag::SEQUENCE, &TBS)?;
    let mut fields = tbs.inside();

    let version_offset = fields.offset();
    let version = read_version(&mut fields, walk);
    let serial = read_serial(&mut fields, walk)?;
    let inner = walk.require(&mut fields, tag::SEQUENCE, &TBS.field("signature"))?;
    let inner_algorithm = read_algorithm(&inner, &TBS.field("signature"), walk)?;
    let issuer = walk.require(&mut fields, tag::SEQUENCE, &TBS.field("issuer"))?;
    let issuer = Name::read(&issuer, &TBS.field("issuer"), walk);
    let (not_before, not_after) = read_validity(&mut fields, walk)?;
    let subject = walk.require(&mut fields, tag::SEQUENCE, &TBS.field("subject"))?;
    let subject = match subject.raw == issuer.der() {
        // The faults of the copy are those of the first.
        true => Name::read(&subject, &TBS.field("subject"), &mut Walk::default()),
        false => Name::read(&subject, &TBS.field("subject"), walk),
    };
    let spki = walk.require(&mut fields, tag::SEQUENCE, &TBS.field("subjectPublicKeyInfo"))?;
    let unique_ids = read_unique_ids(&mut fields, walk);
    let extensions = read_extensions(&mut fields, walk);
    walk.finish_reader(&fields, &TBS);
    if let Some(version) = version {
        check_version(version, unique_ids, extensions.is_some(), version_offset, walk);
    }

    let outer_algorithm = walk.require(&mut parts, tag::SEQUENCE, &SIGNATURE_ALGORITHM)?;
    let signature_algorithm = read_outer_algorithm(&outer_algorithm, &inner, inner_algorithm, walk)?;
    let signature = walk.require(&mut parts, tag::BIT_STRING, &SIGNATURE_VALUE)?;
    walk.check_primitive(&signature, &SIGNATURE_VALUE);
    if signature.value.first().is_some_and(|unused| (1..8).contains(unused)) {
        walk.fault(signature.offset, &SIGNATURE_VALUE, DerFault::BitString);
    }
    walk.finish_reader(&parts, &CERTIFICATE);
    walk.finish_reader(&top, &CERTIFICATE);

    Some(Outline {
        tbs: tbs.raw,
        version: version.unwrap_or_default(),
        version_offset,
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

/// Reads `[0] EXPLICIT Version DEFAULT v1`: the number as people say it, from 1; 0 for another number. `None` where there is
/// no number, which is a fault.
fn read_version<'a>(fields: &mut Reader<'a>, walk: &mut Walk<'a>) -> Option<u32> {
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

fn check_version<'a>(version: u32, unique_ids: bool, extensions: bool, offset: usize, walk: &mut Walk<'a>) {
    let fits = match version {
        1 => !extensions && !unique_ids,
        2 => !extensions,
        3 => true,
        _ => false,
    };
    if !fits {
        let fault = OutlineFault::Version { version, extensions };
        walk.report(offset, &TBS.field("version"), FaultKind::Outline(fault));
    }
}

fn read_serial<'a>(fields: &mut Reader<'a>, walk: &mut Walk<'a>) -> Option<Serial<'a>> {
    let path = TBS.field("serialNumber");
    let number = walk.require(fields, tag::INTEGER, &path)?;
    walk.check_primitive(&number, &path);
    let serial = Serial::new(number.value);
    let fault = match number.value {
        [] => return Some(serial),
        _ if serial.is_negative() => SerialFault::Negative,
        _ if serial.magnitude_octets() == 0 => SerialFault::Zero,
        value if value.len() > MAX_SERIAL_OCTETS => SerialFault::TooLong { octets: value.len() },
        _ => return Some(serial),
    };
    walk.report(number.offset, &path, FaultKind::Outline(OutlineFault::SerialNumber(fault)));
    Some(serial)
}

/// Content octets of the longest serial number (RFC 5280, 4.1.2.2).
pub(crate) const MAX_SERIAL_OCTETS: usize = 20;

/// An AlgorithmIdentifier, whatever its faults.
pub(crate) fn algorithm<'a>(element: &Element<'a>) -> Option<SignatureAlgorithm<'a>> {
    let mut fields = element.inside();
    let oid = fields.next()?.ok().filter(|oid| oid.tag == tag::OID)?;
    let parameters = fields.next().and_then(Result::ok).map(|parameters| parameters.raw);
    Some(SignatureAlgorithm::new(Oid::new(oid.value), parameters))
}

fn read_algorithm<'a>(
    element: &Element<'a>,
    path: &Path<'_>,
    walk: &mut Walk<'a>,
) -> Option<SignatureAlgorithm<'a>> {
    let Some(algorithm) = algorithm(element) else {
        let fault = DerFault::Absent { expected: tag::OID };
        walk.unreadable(element.offset, path, Unreadable::Der(fault));
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
        let fault = EncodingFault::Lax(LaxEncoding::MissingNull(algorithm.clone()));
        walk.report(element.offset, path, FaultKind::Encoding(fault));
    }
    Some(algorithm)
}

/// Reads the AlgorithmIdentifier beside the signature, which must be a copy of the `inner` one.
fn read_outer_algorithm<'a>(
    outer: &Element<'a>,
    inner: &Element<'_>,
    inner_algorithm: SignatureAlgorithm<'a>,
    walk: &mut Walk<'a>,
) -> Option<SignatureAlgorithm<'a>> {
    if outer.raw == inner.raw {
        // The faults of the copy are those of the first.
        return Some(inner_algorithm);
    }
    let algorithm = read_algorithm(outer, &SIGNATURE_ALGORITHM, walk)?;
    let fault = OutlineFault::AlgorithmsDiffer { inside: inner_algorithm, beside: algorithm.clone() };
    walk.report(outer.offset, &SIGNATURE_ALGORITHM, FaultKind::Outline(fault));
    Some(algorithm)
}

fn read_validity<'a>(fields: &mut Reader<'a>, walk: &mut Walk<'a>) -> Option<(Moment, Moment)> {
    let path = TBS.field("validity");
    let validity = walk.require(fields, tag::SEQUENCE, &path)?;
    let mut inside = validity.inside();
    let mut read = |name| {
        let path = path.field(name);
        let tag =
            if inside.peek() == Some(tag::GENERALIZED_TIME) { tag::GENERALIZED_TIME } else { tag::UTC_TIME };
        let element = walk.require(&mut inside, tag, &path)?;
        Some(Moment { time: time::read(&element, &path, walk), offset: element.offset })
    };
    let not_before = read("notBefore")?;
    let not_after = read("notAfter")?;
    walk.finish_reader(&inside, &path);
    if let (Some(begin), Some(end)) = (not_before.time, not_after.time)
        && begin > end
    {
        let fault = TimeFault::Reversed { begin, end };
        walk.report(validity.offset, &path, FaultKind::Time(fault));
    }
    Some((not_before, not_after))
}

/// Passes over issuerUniqueID and subjectUniqueID; says whether one was there.
fn read_unique_ids<'a>(fields: &mut Reader<'a>, walk: &mut Walk<'a>) -> bool {
    let mut found = false;
    for (tag, name) in [(0x81, "issuerUniqueID"), (0x82, "subjectUniqueID")] {
        if fields.peek() == Some(tag) {
            found = true;
            walk.take(fields, tag, &TBS.field(name));
        }
    }
    found
}

/// Reads `[3] EXPLICIT Extensions`, where it is.
fn read_extensions<'a>(fields: &mut Reader<'a>, walk: &mut Walk<'a>) -> Option<Extensions<'a>> {
    if fields.peek() != Some(tag::CONTEXT_3) {
        return None;
    }
    let path = TBS.field("extensions");
    let explicit = walk.take(fields, tag::CONTEXT_3, &path)?;
    Some(Extensions::read(&explicit, &path, walk))
}
