//! Public keys: SubjectPublicKeyInfo in, the key's numbers or the exact fault out (RFC 5280, 4.1.2.7).

use std::borrow::Cow;

use crate::algorithm::AlgorithmType;
use crate::der::tlv::{self, Reader, Sign, Tlv, tag};

mod curve;
mod error;
pub(crate) mod oid;
#[cfg(test)]
mod tests;

pub use crate::der::tlv::DerFault;
pub use curve::Curve;
pub(crate) use curve::PointFault;
pub use error::{SpkiError, SpkiErrorKind};

/// Bits of the largest RSA modulus that certgate computes with. Larger ones are refused before any arithmetic.
pub const MAX_RSA_BITS: usize = 8192;

/// The public key of a certificate or a private key.
///
/// Two keys are equal if their numbers are, however they were encoded.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PublicKey {
    /// On P-256, P-384, P-521 or the curve of SM2.
    Ec(EcPublicKey),
    /// RSA.
    Rsa(RsaPublicKey),
    /// Anything else, known by name only; its key bits were not looked at.
    Unsupported(UnsupportedKey),
}

/// An RSA public key (RFC 8017, 3.1): the modulus is odd, the exponent odd and at least 3.
#[derive(Clone, Debug)]
pub struct RsaPublicKey {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
    missing_null: bool,
}

/// A point on a curve, other than infinity.
#[derive(Clone, Debug)]
pub struct EcPublicKey {
    curve: Curve,
    point: Vec<u8>,
    compressed: bool,
}

/// The name of a key algorithm that the API does not take.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnsupportedKey {
    name: Cow<'static, str>,
}

impl PublicKey {
    /// Reads a DER SubjectPublicKeyInfo (RFC 5280, 4.1; RFC 3279; RFC 5480; GM/T 0006 for SM2).
    ///
    /// A key of an algorithm or curve that the API does not take is no error but [`PublicKey::Unsupported`].
    ///
    /// # Errors
    /// [`SpkiError`]: not DER, explicit curve parameters, a point off its curve, an RSA modulus or exponent that no RSA key has, or
    /// a modulus above [`MAX_RSA_BITS`].
    ///
    /// ```
    /// use certgate::spki::{PublicKey, SpkiErrorKind, DerFault};
    /// let error = PublicKey::from_spki_der(&[0x30, 0x80]).unwrap_err();
    /// assert_eq!(error.kind, SpkiErrorKind::Der(DerFault::IndefiniteLength));
    /// assert_eq!(error.offset, 0);
    /// ```
    pub fn from_spki_der(der: &[u8]) -> Result<Self, SpkiError> {
        let mut outer = Reader::new(der);
        let mut spki = outer.expect(tag::SEQUENCE)?.inside();
        outer.finish()?;
        let algorithm = Algorithm::read(&spki.expect(tag::SEQUENCE)?)?;
        let bits = spki.expect(tag::BIT_STRING)?;
        spki.finish()?;
        match algorithm {
            Algorithm::Rsa { missing_null } => {
                let mut key = RsaPublicKey::from_bit_string(&bits)?;
                key.missing_null = missing_null;
                Ok(Self::Rsa(key))
            }
            Algorithm::Ec(curve) => {
                let point = bits.bit_string()?;
                EcPublicKey::decode(curve, point).map(Self::Ec).map_err(|fault| at(&bits, fault))
            }
            Algorithm::Unsupported(name) => Ok(Self::Unsupported(UnsupportedKey { name })),
        }
    }

    /// What the key is called: `RSA`, a curve's name, or the name or dotted identifier of an unsupported algorithm.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Ec(key) => key.curve.name(),
            Self::Rsa(_) => "RSA",
            Self::Unsupported(key) => key.name(),
        }
    }

    /// The API's `algorithm_type`; `None` for an unsupported key.
    #[must_use]
    pub fn algorithm_type(&self) -> Option<AlgorithmType> {
        match self {
            Self::Ec(key) if key.curve == Curve::Sm2 => Some(AlgorithmType::Sm2),
            Self::Ec(_) => Some(AlgorithmType::Ecc),
            Self::Rsa(_) => Some(AlgorithmType::Rsa),
            Self::Unsupported(_) => None,
        }
    }

    /// Bits of the modulus or of the curve's field; `None` for an unsupported key.
    #[must_use]
    pub fn bits(&self) -> Option<usize> {
        match self {
            Self::Ec(key) => Some(key.curve.bits()),
            Self::Rsa(key) => Some(key.bits()),
            Self::Unsupported(_) => None,
        }
    }

    /// The canonical DER SubjectPublicKeyInfo: NULL parameters for RSA, a named curve and an uncompressed point for the others,
    /// id-ecPublicKey for SM2. Equal keys give equal octets, so a hash over them is a fingerprint. `None` for an unsupported key.
    #[must_use]
    pub fn to_spki_der(&self) -> Option<Vec<u8>> {
        let (algorithm, bits) = match self {
            Self::Ec(key) => {
                let mut algorithm = tlv::encode(tag::OID, oid::EC_PUBLIC_KEY);
                algorithm.extend(tlv::encode(tag::OID, key.curve.oid()));
                (algorithm, key.point.clone())
            }
            Self::Rsa(key) => {
                let mut algorithm = tlv::encode(tag::OID, oid::RSA_ENCRYPTION);
                algorithm.extend(tlv::encode(tag::NULL, &[]));
                let mut numbers = tlv::encode_integer(&key.modulus);
                numbers.extend(tlv::encode_integer(&key.exponent));
                (algorithm, tlv::encode(tag::SEQUENCE, &numbers))
            }
            Self::Unsupported(_) => return None,
        };
        let mut bit_string = vec![0];
        bit_string.extend(bits);
        let mut body = tlv::encode(tag::SEQUENCE, &algorithm);
        body.extend(tlv::encode(tag::BIT_STRING, &bit_string));
        Some(tlv::encode(tag::SEQUENCE, &body))
    }
}

impl RsaPublicKey {
    /// Reads an RSAPublicKey (RFC 8017, A.1.1) from a BIT STRING.
    pub(crate) fn from_bit_string(bits: &Tlv<'_>) -> Result<Self, SpkiError> {
        let mut outer = Reader::at(bits.bit_string()?, bits.value_offset.saturating_add(1));
        let mut numbers = outer.expect(tag::SEQUENCE)?.inside();
        outer.finish()?;
        let modulus = numbers.expect(tag::INTEGER)?.integer()?;
        let exponent = numbers.expect(tag::INTEGER)?.integer()?;
        numbers.finish()?;
        let fail = |offset| move |kind| SpkiError { kind, offset };
        match modulus.sign {
            Sign::Negative => Err(SpkiErrorKind::ModulusNegative),
            Sign::Zero => Err(SpkiErrorKind::ModulusZero),
            Sign::Positive => Ok(()),
        }
        .map_err(fail(modulus.offset))?;
        match exponent.sign {
            Sign::Negative => Err(SpkiErrorKind::ExponentNegative),
            Sign::Zero => Err(SpkiErrorKind::ExponentTrivial(0)),
            Sign::Positive => Ok(()),
        }
        .map_err(fail(exponent.offset))?;
        Self::new(modulus.magnitude, exponent.magnitude).map_err(|kind| {
            let offset = match kind {
                SpkiErrorKind::ModulusEven | SpkiErrorKind::ModulusTooLarge { .. } => modulus.offset,
                _ => exponent.offset,
            };
            SpkiError { kind, offset }
        })
    }

    /// The key of a modulus and an exponent, big-endian without leading zeros.
    pub(crate) fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, SpkiErrorKind> {
        let bits = bit_length(modulus);
        if bits > MAX_RSA_BITS {
            return Err(SpkiErrorKind::ModulusTooLarge { bits });
        }
        if !is_odd(modulus) {
            return Err(SpkiErrorKind::ModulusEven);
        }
        if !is_odd(exponent) {
            return Err(SpkiErrorKind::ExponentEven);
        }
        if exponent == [1] {
            return Err(SpkiErrorKind::ExponentTrivial(1));
        }
        if (exponent.len(), exponent) >= (modulus.len(), modulus) {
            return Err(SpkiErrorKind::ExponentTooLarge);
        }
        Ok(Self { modulus: modulus.to_vec(), exponent: exponent.to_vec(), missing_null: false })
    }

    /// The modulus n, big-endian without leading zeros.
    #[must_use]
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// The exponent e, big-endian without leading zeros.
    #[must_use]
    pub fn exponent(&self) -> &[u8] {
        &self.exponent
    }

    /// Bits of the modulus.
    #[must_use]
    pub fn bits(&self) -> usize {
        bit_length(&self.modulus)
    }

    /// Whether the NULL that rsaEncryption has for parameters (RFC 3279, 2.3.1) was left out.
    #[must_use]
    pub fn is_missing_null(&self) -> bool {
        self.missing_null
    }
}

impl Eq for RsaPublicKey {}

impl PartialEq for RsaPublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.modulus == other.modulus && self.exponent == other.exponent
    }
}

impl EcPublicKey {
    /// The key of an encoded point (SEC 1, 2.3.4).
    pub(crate) fn decode(curve: Curve, point: &[u8]) -> Result<Self, SpkiErrorKind> {
        match curve.decode_point(point) {
            Ok(decoded) => Ok(Self { curve, point: decoded.uncompressed, compressed: decoded.compressed }),
            Err(PointFault::Encoding) => Err(SpkiErrorKind::PointEncoding(curve)),
            Err(PointFault::Infinity) => Err(SpkiErrorKind::PointAtInfinity),
            Err(PointFault::OffCurve) => Err(SpkiErrorKind::PointOffCurve(curve)),
        }
    }

    /// The curve.
    #[must_use]
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// The point, uncompressed (SEC 1, 2.3.3): 04, x, y.
    #[must_use]
    pub fn point(&self) -> &[u8] {
        &self.point
    }

    /// Whether the point was encoded compressed.
    #[must_use]
    pub fn was_compressed(&self) -> bool {
        self.compressed
    }
}

impl Eq for EcPublicKey {}

impl PartialEq for EcPublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.curve == other.curve && self.point == other.point
    }
}

impl UnsupportedKey {
    pub(crate) fn new(name: Cow<'static, str>) -> Self {
        Self { name }
    }

    /// The algorithm's or curve's usual name, such as `Ed25519` or `EC secp256k1`; its dotted identifier if certgate knows none.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is a key that makes no signatures (RFC 8410, section 3).
    pub(crate) fn is_for_agreement(&self) -> bool {
        matches!(self.name(), "X25519" | "X448")
    }
}

/// A key's AlgorithmIdentifier (RFC 5280, 4.1.1.2).
pub(crate) enum Algorithm {
    Ec(Curve),
    Rsa { missing_null: bool },
    Unsupported(Cow<'static, str>),
}

impl Algorithm {
    /// Reads the AlgorithmIdentifier of a public key or of a PKCS#8 private key; both have the same identifiers and parameters.
    pub(crate) fn read(algorithm: &Tlv<'_>) -> Result<Self, SpkiError> {
        let mut fields = algorithm.inside();
        let identifier = fields.expect(tag::OID)?;
        let parameters = match fields.is_empty() {
            true => None,
            false => Some(fields.any()?),
        };
        fields.finish()?;
        let wrong = |tlv: &Tlv<'_>| at(tlv, SpkiErrorKind::Parameters);
        match (identifier.value, parameters) {
            (oid::RSA_ENCRYPTION, None) => Ok(Self::Rsa { missing_null: true }),
            (oid::RSA_ENCRYPTION, Some(null)) if null.is_null() => Ok(Self::Rsa { missing_null: false }),
            (oid::RSA_ENCRYPTION, Some(other)) => Err(wrong(&other)),
            (oid::EC_PUBLIC_KEY, Some(parameters)) => Self::read_curve(&parameters),
            (oid::EC_PUBLIC_KEY, None) => Err(wrong(algorithm)),
            (oid::SM2, None) => Ok(Self::Ec(Curve::Sm2)),
            (oid::SM2, Some(null)) if null.is_null() => Ok(Self::Ec(Curve::Sm2)),
            (oid::SM2, Some(parameters)) => match Self::read_curve(&parameters)? {
                Self::Ec(Curve::Sm2) => Ok(Self::Ec(Curve::Sm2)),
                _ => Err(wrong(&parameters)),
            },
            _ => {
                let dotted = oid::dotted_of(&identifier)?;
                Ok(Self::Unsupported(oid::algorithm_name(&dotted).map_or(Cow::Owned(dotted), Cow::Borrowed)))
            }
        }
    }

    /// Reads ECParameters (RFC 5480, 2.1.1), of which only the named curve is allowed.
    pub(crate) fn read_curve(parameters: &Tlv<'_>) -> Result<Self, SpkiError> {
        match parameters.tag {
            tag::OID => {
                if let Some(curve) = Curve::from_oid(parameters.value) {
                    return Ok(Self::Ec(curve));
                }
                let dotted = oid::dotted_of(parameters)?;
                Ok(Self::Unsupported(match oid::curve_name(&dotted) {
                    Some(name) => Cow::Borrowed(name),
                    None => Cow::Owned(format!("EC curve {dotted}")),
                }))
            }
            tag::SEQUENCE => Err(at(parameters, SpkiErrorKind::ExplicitCurve)),
            _ => Err(at(parameters, SpkiErrorKind::Parameters)),
        }
    }
}

fn at(tlv: &Tlv<'_>, kind: SpkiErrorKind) -> SpkiError {
    SpkiError { kind, offset: tlv.offset }
}

/// Bits of a big-endian number.
pub(crate) fn bit_length(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    match number.get(zeros..) {
        Some([first, rest @ ..]) => {
            let top = 8usize.saturating_sub(usize::try_from(first.leading_zeros()).unwrap_or(0));
            rest.len().saturating_mul(8).saturating_add(top)
        }
        _ => 0,
    }
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|last| last & 1 == 1)
}
