//! Public keys: SubjectPublicKeyInfo in, the key's numbers or the exact fault out (RFC 5280, 4.1.2.7).

use std::borrow::Cow;

use crate::algorithm::AlgorithmType;
use crate::crypto::algorithm::{self, EC_PUBLIC_KEY, RSA_ENCRYPTION};
use crate::crypto::ec;
use crate::der::oid::dotted_of;
use crate::der::{self, Element, Reader, tag};

mod error;
#[cfg(test)]
mod tests;

pub(crate) use crate::crypto::ec::{Curve, EcPublicKey};
pub(crate) use crate::crypto::rsa::{MAX_RSA_BITS, RsaPublicKey};
pub(crate) use error::{SpkiError, SpkiErrorKind};

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

/// The name of a key algorithm that the API does not take.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnsupportedKey {
    name: Cow<'static, str>,
}

impl PublicKey {
    /// Reads a DER SubjectPublicKeyInfo (RFC 5280, 4.1; RFC 3279; RFC 5480; GM/T 0006 for SM2).
    ///
    /// A key of an algorithm or curve that the API does not take is not an error: it is [`PublicKey::Unsupported`].
    ///
    /// # Errors
    /// [`SpkiError`]: not DER, explicit curve parameters, a point off its curve, an RSA modulus or exponent that no RSA key has, or
    /// a modulus above [`MAX_RSA_BITS`].
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

    /// Reads a DER RSAPublicKey (RFC 8017, A.1.1), as of a block `RSA PUBLIC KEY`.
    ///
    /// # Errors
    /// As [`from_spki_der`](Self::from_spki_der); offsets are those of the key inside its SubjectPublicKeyInfo.
    pub(crate) fn from_pkcs1_der(der: &[u8]) -> Result<Self, SpkiError> {
        Self::from_spki_der(&spki(der.len(), rsa_algorithm, |out| out.extend_from_slice(der)))
    }

    /// What the key is called: `RSA`, a curve's name, or the name or dotted identifier of an unsupported algorithm.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Ec(key) => key.curve().name(),
            Self::Rsa(_) => "RSA",
            Self::Unsupported(key) => key.name(),
        }
    }

    /// The API's `algorithm_type`; `None` for an unsupported key.
    #[must_use]
    pub fn algorithm_type(&self) -> Option<AlgorithmType> {
        match self {
            Self::Ec(key) if key.curve() == Curve::Sm2 => Some(AlgorithmType::Sm2),
            Self::Ec(_) => Some(AlgorithmType::Ecc),
            Self::Rsa(_) => Some(AlgorithmType::Rsa),
            Self::Unsupported(_) => None,
        }
    }

    /// Bits of the modulus or of the curve's field; `None` for an unsupported key.
    #[must_use]
    pub fn bits(&self) -> Option<usize> {
        match self {
            Self::Ec(key) => Some(key.curve().bits()),
            Self::Rsa(key) => Some(key.bits()),
            Self::Unsupported(_) => None,
        }
    }

    /// The canonical DER SubjectPublicKeyInfo: NULL parameters for RSA, a named curve and an uncompressed point for the others,
    /// id-ecPublicKey for SM2. Equal keys give equal octets, so a hash over them is a fingerprint. `None` for an unsupported key.
    #[must_use]
    pub fn to_spki_der(&self) -> Option<Vec<u8>> {
        let oid =
            |out: &mut Vec<u8>, oid: &[u8]| der::append(out, tag::OID, |out| out.extend_from_slice(oid));
        match self {
            Self::Ec(key) => Some(spki(
                key.point().len(),
                |out| {
                    oid(out, EC_PUBLIC_KEY);
                    oid(out, key.curve().oid());
                },
                |out| out.extend_from_slice(key.point()),
            )),
            Self::Rsa(key) => {
                Some(spki(key.modulus().len().saturating_add(key.exponent().len()), rsa_algorithm, |out| {
                    der::append(out, tag::SEQUENCE, |out| {
                        der::append_integer(out, key.modulus());
                        der::append_integer(out, key.exponent());
                    });
                }))
            }
            Self::Unsupported(_) => None,
        }
    }
}

/// Appends the content of the AlgorithmIdentifier of RSA keys.
fn rsa_algorithm(out: &mut Vec<u8>) {
    der::append(out, tag::OID, |out| out.extend_from_slice(RSA_ENCRYPTION));
    der::append(out, tag::NULL, |_| ());
}

/// A SubjectPublicKeyInfo: what `algorithm` and `key` append is the content of its AlgorithmIdentifier and the octets of its key, whose numbers
/// have `octets`.
fn spki(octets: usize, algorithm: impl FnOnce(&mut Vec<u8>), key: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    /// All that is around the numbers: headers, identifiers, signs.
    const AROUND: usize = 12 * der::MAX_HEADER;
    let mut out = Vec::with_capacity(octets.saturating_add(AROUND));
    der::append(&mut out, tag::SEQUENCE, |out| {
        der::append(out, tag::SEQUENCE, algorithm);
        der::append(out, tag::BIT_STRING, |out| {
            out.push(0);
            key(out);
        });
    });
    out
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

    /// Whether its algorithm has no name here. That of X.509 for RSA, 2.5.8.1.1, does not count: OpenSSL knows it.
    pub(crate) fn is_unknown(&self) -> bool {
        self.name.starts_with(|first: char| first.is_ascii_digit()) && self.name != "2.5.8.1.1"
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
    pub(crate) fn read(algorithm: &Element<'_>) -> Result<Self, SpkiError> {
        let mut fields = algorithm.inside();
        let identifier = fields.expect(tag::OID)?;
        let parameters = match fields.is_empty() {
            true => None,
            false => Some(fields.any()?),
        };
        fields.finish()?;
        let wrong = |tlv: &Element<'_>| at(tlv, SpkiErrorKind::Parameters);
        match (identifier.value, parameters) {
            (RSA_ENCRYPTION, None) => Ok(Self::Rsa { missing_null: true }),
            (RSA_ENCRYPTION, Some(null)) if null.is_null() => Ok(Self::Rsa { missing_null: false }),
            (RSA_ENCRYPTION, Some(other)) => Err(wrong(&other)),
            (EC_PUBLIC_KEY, Some(parameters)) => Self::read_curve(&parameters),
            (EC_PUBLIC_KEY, None) => Err(wrong(algorithm)),
            (ec::SM2, None) => Ok(Self::Ec(Curve::Sm2)),
            (ec::SM2, Some(null)) if null.is_null() => Ok(Self::Ec(Curve::Sm2)),
            (ec::SM2, Some(parameters)) => match Self::read_curve(&parameters)? {
                Self::Ec(Curve::Sm2) => Ok(Self::Ec(Curve::Sm2)),
                _ => Err(wrong(&parameters)),
            },
            _ => Ok(Self::Unsupported(match algorithm::name(identifier.value) {
                Some(name) => Cow::Borrowed(name),
                None => Cow::Owned(dotted_of(&identifier)?),
            })),
        }
    }

    /// Reads ECParameters (RFC 5480, 2.1.1), of which only the named curve is allowed.
    pub(crate) fn read_curve(parameters: &Element<'_>) -> Result<Self, SpkiError> {
        match parameters.tag {
            tag::OID => {
                if let Some(curve) = Curve::from_oid(parameters.value) {
                    return Ok(Self::Ec(curve));
                }
                Ok(Self::Unsupported(match ec::name_of_other(parameters.value) {
                    Some(name) => Cow::Borrowed(name),
                    None => Cow::Owned(format!("EC curve {}", dotted_of(parameters)?)),
                }))
            }
            tag::SEQUENCE => Err(at(parameters, SpkiErrorKind::ExplicitCurve)),
            _ => Err(at(parameters, SpkiErrorKind::Parameters)),
        }
    }
}

fn at(tlv: &Element<'_>, kind: SpkiErrorKind) -> SpkiError {
    SpkiError { kind, offset: tlv.offset }
}
