//! The containers of private keys: PKCS#8, PKCS#1, SEC1, and the ones that are refused by name.

use der_parser::oid;
use zeroize::Zeroizing;

use super::error::{Envelope, Foreign, KeyError, KeyFault, value};
use super::{KeyForm, PrivateKey};
use crate::crypto::ec::private::{EcNumbers, normalise_scalar};
use crate::crypto::proof::{Numbers, Secret};
use crate::crypto::rsa::bit_length;
use crate::crypto::rsa::private::RsaNumbers;
use crate::crypto::spki::{Algorithm, Curve, MAX_RSA_BITS, RsaPublicKey, UnsupportedKey};
use crate::crypto::stack;
use crate::der::{Element, Integer, Reader, Sign, tag};
use crate::location::Location;

impl PrivateKey {
    /// Reads the DER of a private key: PKCS#8 version 1 or 2, PKCS#1 or SEC1, whatever label it came under.
    ///
    /// A SEC1 key without parameters is understood without a curve; it takes the certificate's in [`prove`](super::prove). Whether
    /// the key's numbers fit together is not looked at here but in the proof. An RSA modulus above
    /// [`MAX_RSA_BITS`] is refused before any arithmetic.
    ///
    /// # Errors
    /// [`KeyError`]: not strict DER, another structure, an algorithm or curve that the API does not take, an encrypted or enveloped
    /// key, octets after the key, or a number that no such key can have.
    // For the tests and fuzz targets: `key::check` is the way of everybody else.
    #[doc(hidden)]
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        stack::clean_after_reading(|| Self::read(der))
    }

    fn read(der: &[u8]) -> Result<Self, KeyError> {
        if is_gmt_0016_blob(der) {
            return Err(KeyFault::Enveloped(Envelope::Gmt0016).at(0));
        }
        if der.first() != Some(&tag::SEQUENCE) {
            return Err(KeyFault::Foreign(Foreign::Unknown).at(0));
        }
        let mut outer = Reader::new(der);
        let sequence = outer.any()?;
        if !outer.is_empty() {
            let count = der.len().saturating_sub(outer.offset());
            return Err(KeyFault::TrailingBytes(count).at(outer.offset()));
        }
        let mut fields = sequence.inside();
        let (first, second) = (fields.any()?, fields.any()?);
        match (first.tag, second.tag) {
            (tag::INTEGER, tag::SEQUENCE) => read_pkcs8(&sequence),
            (tag::INTEGER, tag::INTEGER) => {
                read_pkcs1(&sequence).map(|rsa| Self::new(KeyForm::Pkcs1, rsa.into()))
            }
            (tag::INTEGER, tag::OCTET_STRING) => {
                read_sec1(&sequence, None).map(|ec| Self::new(KeyForm::Sec1, ec.into()))
            }
            (tag::SEQUENCE, tag::OCTET_STRING) => Err(KeyFault::Encrypted.at(0)),
            (tag::SEQUENCE, tag::BIT_STRING) => Err(KeyFault::Foreign(Foreign::PublicKey).at(0)),
            (tag::SEQUENCE, tag::SEQUENCE) => Err(name_signed_or_enveloped(&first, fields).at(0)),
            (tag::OID, _) => Err(name_pkcs7(&first).at(0)),
            _ => Err(KeyFault::Foreign(Foreign::Unknown).at(0)),
        }
    }

    fn new(form: KeyForm, numbers: Numbers) -> Self {
        Self { form, is_version_2: false, numbers, location: Location::none() }
    }
}

/// PrivateKeyInfo (RFC 5208, 5) and OneAsymmetricKey (RFC 5958, 2).
fn read_pkcs8(sequence: &Element<'_>) -> Result<PrivateKey, KeyError> {
    let mut fields = sequence.inside();
    let version = fields.expect(tag::INTEGER)?;
    let algorithm = fields.expect(tag::SEQUENCE)?;
    if version.value == [3] && algorithm.inside().any().is_ok_and(|id| is_pkcs7(id.value).is_some()) {
        return Err(KeyFault::Foreign(Foreign::Pkcs12).at(0));
    }
    if version.value != [0] && version.value != [1] {
        return Err(KeyFault::Structure("the PKCS#8 version is neither 1 nor 2").at(version.offset));
    }
    let read = match Algorithm::read(&algorithm)? {
        Algorithm::Unsupported(name) => {
            return Err(KeyFault::Algorithm(UnsupportedKey::new(name)).at(algorithm.offset));
        }
        supported => supported,
    };
    let key = fields.expect(tag::OCTET_STRING)?;
    if let Some(attributes) = fields.optional(tag::CONTEXT_0)? {
        read_attributes(&attributes)?;
    }
    let beside = fields.optional(tag::CONTEXT_1_PRIMITIVE)?;
    fields.finish()?;

    let mut inside = key.inside();
    let body = inside.expect(tag::SEQUENCE)?;
    inside.finish()?;
    let is_version_2 = version.value == [1] || beside.is_some();
    let key = match read {
        Algorithm::Ec(curve) => {
            let mut ec = read_sec1(&body, Some(curve))?;
            if let Some(bits) = beside {
                ec.points.push(Zeroizing::new(bits.bit_string()?.to_vec()));
            }
            PrivateKey::new(KeyForm::Pkcs8, ec.into())
        }
        _ => {
            let mut rsa = read_pkcs1(&body)?;
            rsa.beside = beside.as_ref().map(RsaPublicKey::from_bit_string).transpose()?;
            PrivateKey::new(KeyForm::Pkcs8, rsa.into())
        }
    };
    Ok(PrivateKey { is_version_2, ..key })
}

/// The attributes beside a PKCS#8 key: each a SEQUENCE of an OID and a SET; what they say is of no concern.
fn read_attributes(attributes: &Element<'_>) -> Result<(), KeyError> {
    let mut list = attributes.inside();
    while !list.is_empty() {
        let mut attribute = list.expect(tag::SEQUENCE)?.inside();
        attribute.expect(tag::OID)?;
        attribute.expect(tag::SET)?;
        attribute.finish()?;
    }
    Ok(())
}

/// RSAPrivateKey (RFC 8017, A.1.2).
fn read_pkcs1(sequence: &Element<'_>) -> Result<RsaNumbers, KeyError> {
    let mut fields = sequence.inside();
    let version = fields.expect(tag::INTEGER)?;
    if count_elements(sequence) == Some(6) {
        // The traditional form of OpenSSL: version, p, q, g, y, x.
        return Err(KeyFault::Algorithm(UnsupportedKey::new("DSA".into())).at(0));
    }
    match version.value {
        [0] => {}
        [1] => return Err(KeyFault::MultiPrime.at(version.offset)),
        _ => return Err(KeyFault::Structure("the RSA key's version is not 0").at(version.offset)),
    }
    let n = read_positive(&mut fields, "modulus")?;
    let bits = bit_length(n.magnitude);
    if bits > MAX_RSA_BITS {
        return Err(KeyFault::ModulusTooLarge { bits }.at(n.offset));
    }
    let e = read_positive(&mut fields, "public exponent")?;
    let public = RsaPublicKey::new(n.magnitude, e.magnitude).map_err(|kind| value(kind).at(n.offset))?;
    let mut secret = |number| -> Result<Secret, KeyError> {
        let integer = read_positive(&mut fields, number)?;
        if integer.magnitude.len() > n.magnitude.len() {
            return Err(KeyFault::Value { number, problem: "is longer than the modulus" }.at(integer.offset));
        }
        Ok(Zeroizing::new(integer.magnitude.to_vec()))
    };
    let d = secret("private exponent")?;
    let p = secret("prime p")?;
    let q = secret("prime q")?;
    let dp = secret("exponent dP")?;
    let dq = secret("exponent dQ")?;
    let qinv = secret("coefficient qInv")?;
    fields.finish()?;
    for (number, prime) in [("prime p", &p), ("prime q", &q)] {
        if prime.as_slice() == [1] {
            return Err(KeyFault::Value { number, problem: "is one" }.at(sequence.offset));
        }
    }
    Ok(RsaNumbers { public, d, p, q, dp, dq, qinv, beside: None })
}

fn read_positive<'a>(fields: &mut Reader<'a>, number: &'static str) -> Result<Integer<'a>, KeyError> {
    let integer = fields.expect(tag::INTEGER)?.integer()?;
    let problem = match integer.sign {
        Sign::Positive => return Ok(integer),
        Sign::Zero => "is zero",
        Sign::Negative => "is negative",
    };
    Err(KeyFault::Value { number, problem }.at(integer.offset))
}

/// How many elements a SEQUENCE has; `None` where one cannot be read.
fn count_elements(sequence: &Element<'_>) -> Option<usize> {
    let mut elements = sequence.inside();
    let mut count = 0usize;
    while !elements.is_empty() {
        elements.any().ok()?;
        count = count.saturating_add(1);
    }
    Some(count)
}

/// ECPrivateKey (RFC 5915, 3). `outer` is the curve that PKCS#8 names around it; without one, and without parameters, the key has
/// no curve of its own.
fn read_sec1(sequence: &Element<'_>, outer: Option<Curve>) -> Result<EcNumbers, KeyError> {
    let mut fields = sequence.inside();
    let version = fields.expect(tag::INTEGER)?;
    if version.value != [1] {
        return Err(KeyFault::Structure("the EC key's version is not 1").at(version.offset));
    }
    let scalar = fields.expect(tag::OCTET_STRING)?;
    let inner = match fields.optional(tag::CONTEXT_0)? {
        Some(wrapper) => Some(read_inner_curve(&wrapper, outer)?),
        None => None,
    };
    let points = match fields.optional(tag::CONTEXT_1)? {
        Some(wrapper) => {
            let mut inside = wrapper.inside();
            let point = inside.expect(tag::BIT_STRING)?.bit_string()?;
            inside.finish()?;
            vec![Zeroizing::new(point.to_vec())]
        }
        None => Vec::new(),
    };
    fields.finish()?;
    let curve = outer.or(inner);
    let octets = normalise_scalar(curve, scalar.value)
        .map_err(|problem| KeyFault::Value { number: "scalar", problem }.at(scalar.offset))?;
    Ok(EcNumbers { curve, scalar: octets, points })
}

/// The parameters inside ECPrivateKey: a named curve, the same as the one outside if there is one.
fn read_inner_curve(wrapper: &Element<'_>, outer: Option<Curve>) -> Result<Curve, KeyError> {
    let mut inside = wrapper.inside();
    let parameters = inside.any()?;
    inside.finish()?;
    match (Algorithm::read_curve(&parameters)?, outer) {
        (Algorithm::Ec(curve), None) => Ok(curve),
        (Algorithm::Ec(inner), Some(outer)) if inner == outer => Ok(inner),
        (Algorithm::Ec(inner), Some(outer)) => {
            Err(KeyFault::CurveContradiction { outer, inner: inner.name().to_owned() }.at(parameters.offset))
        }
        (Algorithm::Unsupported(name), Some(outer)) => {
            Err(KeyFault::CurveContradiction { outer, inner: name.into_owned() }.at(parameters.offset))
        }
        (Algorithm::Unsupported(name), None) => {
            Err(KeyFault::Algorithm(UnsupportedKey::new(name)).at(parameters.offset))
        }
        (Algorithm::Rsa { .. }, _) => Err(KeyFault::Structure("the curve is missing").at(parameters.offset)),
    }
}

/// SEQUENCE { SEQUENCE, SEQUENCE, … }: SM2EnvelopedKey (GM/T 0009, 7.4) has an algorithm, a cipher, and two BIT STRINGs;
/// what was signed has a signature.
fn name_signed_or_enveloped(first: &Element<'_>, mut rest: Reader<'_>) -> KeyFault {
    let mut next_is_bits = || rest.any().is_ok_and(|tlv| tlv.tag == tag::BIT_STRING);
    let enveloped = first.inside().peek() == Some(tag::OID) && next_is_bits() && next_is_bits();
    if enveloped { KeyFault::Enveloped(Envelope::Gmt0009) } else { KeyFault::Foreign(Foreign::Certificate) }
}

/// ContentInfo (RFC 5652, 3; GM/T 0010).
fn name_pkcs7(content_type: &Element<'_>) -> KeyFault {
    match is_pkcs7(content_type.value) {
        Some(3 | 4) => KeyFault::Enveloped(Envelope::Pkcs7),
        Some(_) => KeyFault::Foreign(Foreign::Pkcs7),
        None => KeyFault::Foreign(Foreign::Unknown),
    }
}

/// The last arc of a PKCS#7 content type: 1.2.840.113549.1.7.x, or 1.2.156.10197.6.1.4.2.x of GM/T 0010.
fn is_pkcs7(oid: &[u8]) -> Option<u8> {
    const PKCS7: &[u8] = &oid!(raw 1.2.840.113549.1.7);
    const GMT_0010: &[u8] = &oid!(raw 1.2.156.10197.6.1.4.2);
    match oid.strip_prefix(PKCS7).or_else(|| oid.strip_prefix(GMT_0010)) {
        Some([arc]) => Some(*arc),
        _ => None,
    }
}

/// ENVELOPEDKEYBLOB (GM/T 0016, 6.4.10): little-endian ULONGs version 1, cipher and 256 bits, then the encrypted key of 64 octets, the
/// public key of 132 and the SM2 cipher of at least 164.
pub(crate) fn is_gmt_0016_blob(octets: &[u8]) -> bool {
    const SHORTEST: usize = 12 + 64 + 132 + 164;
    octets.len() >= SHORTEST
        && octets.starts_with(&[1, 0, 0, 0])
        && octets.get(8..12) == Some([0, 1, 0, 0].as_slice())
}
